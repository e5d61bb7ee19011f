/* shorten.c - the large members of an event's data are left out without reading what is in them. */
#include "deliver/shorten.h"

#include "base/json.h"

/* Offset behind the string that begins at `at`; SIZE_MAX when it does not end. */
static size_t skip_string(struct bytes text, size_t at)
{
    for (size_t i = at + 1; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            i++;
        else if (text.ptr[i] == '"')
            return i + 1;
    }
    return SIZE_MAX;
}

/* Offset behind the value that begins at `at`: of the comma or bracket that follows it. */
static size_t skip_value(struct bytes text, size_t at)
{
    size_t depth = 0;

    while (at < text.len) {
        char c = text.ptr[at];

        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return at;
        if (c == '"') {
            at = skip_string(text, at);
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        at++;
    }
    return SIZE_MAX;
}

struct member {
    struct bytes name, value;
};

/* The member at *at, and *at behind it and its comma. */
static bool next_member(struct bytes text, size_t *at, struct member *ret_member)
{
    size_t colon = *at < text.len && text.ptr[*at] == '"' ? skip_string(text, *at) : SIZE_MAX;
    size_t end =
        colon < text.len && text.ptr[colon] == ':' ? skip_value(text, colon + 1) : SIZE_MAX;

    if (end >= text.len)
        return false;
    ret_member->name = bytes_slice(text, *at + 1, colon - *at - 2);
    ret_member->value = bytes_slice(text, colon + 1, end - colon - 1);
    *at = end + (text.ptr[end] == ',');
    return true;
}

static void add_member(struct buf *out, const struct member *member)
{
    buf_add_byte(out, '"');
    buf_add(out, member->name);
    buf_add(out, LIT("\":"));
    buf_add(out, member->value);
    buf_add_byte(out, ',');
}

/* Room is kept for what is left out, the closing brackets and the members of the envelope. */
static bool fits(const struct buf *out, const struct member *member)
{
    return member->value.len <= MEMBER_MOST &&
           out->len + member->name.len + member->value.len < PUSH_MOST - 2 * MEMBER_MOST;
}

bool shorten(struct bytes event, struct buf *out)
{
    size_t at = bytes_find(event, LIT("\"data\":{"));
    struct buf left = {.limit = MEMBER_MOST};
    struct json_writer w = {.out = &left};
    struct member member;
    bool whole = at != SIZE_MAX;

    if (!whole)
        return false;
    at += sizeof("\"data\":{") - 1;
    buf_add(out, bytes_slice(event, 0, at));
    json_begin_object(&w, NULL);
    json_int(&w, "bytes", (int64_t)event.len);
    json_begin_array(&w, "members");
    while (whole && at < event.len && event.ptr[at] != '}') {
        whole = next_member(event, &at, &member);
        if (whole && fits(out, &member))
            add_member(out, &member);
        else if (whole) /* as it is written: names of ours have nothing to escape */
            json_string(&w, NULL, member.name);
    }
    json_end_array(&w);
    json_end_object(&w);
    buf_add(out, LIT("\"shortened\":"));
    buf_add(out, buf_bytes(&left));
    buf_add(out, bytes_from(event, at));
    whole = whole && at < event.len && !left.over && !out->over && out->len <= PUSH_MOST;
    buf_done(&left);
    return whole;
}
