/* items.c - knows as much of XML as it takes to find where an element of a well-formed text ends
 * (XML 1.0 sections 2.4 to 2.7 and 3.1). */
#include "feed/items.h"

#include "base/hash.h"

enum markup { START_TAG, END_TAG, EMPTY_TAG, NO_TAG, LOST };

/* Behind the first end at or after at, or SIZE_MAX. */
static size_t behind(struct bytes text, size_t at, struct bytes end)
{
    size_t found = bytes_find(bytes_from(text, at), end);

    return found == SIZE_MAX ? SIZE_MAX : at + found + end.len;
}

/* Behind the tag at at: a value in quotes may hold ">". */
static size_t behind_tag(struct bytes text, size_t at)
{
    char quote = '\0';

    for (; at < text.len; at++) {
        char c = text.ptr[at];

        if (quote != '\0')
            quote = (char)(c == quote ? '\0' : quote);
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return at + 1;
    }
    return SIZE_MAX;
}

static size_t behind_end_tag(struct bytes text, size_t at)
{
    size_t found = bytes_find_byte(bytes_from(text, at), '>');

    return found == SIZE_MAX ? SIZE_MAX : at + found + 1;
}

/* Move behind the markup that begins at start. */
static enum markup pass(struct items *s, size_t start)
{
    char next = (char)(start + 1 < s->text.len ? s->text.ptr[start + 1] : '\0');
    enum markup kind = NO_TAG;
    size_t end;

    if (next == '/') {
        kind = END_TAG;
        end = behind_end_tag(s->text, start);
    } else if (next == '?') {
        end = behind(s->text, start + 2, LIT("?>"));
    } else if (next == '!' && bytes_starts(bytes_from(s->text, start), LIT("<![CDATA["))) {
        end = behind(s->text, start + 9, LIT("]]>"));
    } else if (next == '!' && bytes_starts(bytes_from(s->text, start), LIT("<!--"))) {
        end = behind(s->text, start + 4, LIT("-->"));
    } else {
        end = behind_tag(s->text, start);
        if (end != SIZE_MAX)
            kind = s->text.ptr[end - 2] == '/' ? EMPTY_TAG : START_TAG;
    }
    s->at = end == SIZE_MAX ? s->text.len : end;
    return end == SIZE_MAX ? LOST : kind;
}

static bool is_item(struct bytes tag)
{
    static const char *const names[] = {"item", "entry", "url", "sitemap"};
    size_t start = 1;
    size_t end = 1;
    struct bytes name;

    for (; end < tag.len && !is_space(tag.ptr[end]) && tag.ptr[end] != '>'; end++)
        if (tag.ptr[end] == ':')
            start = end + 1;
    name = bytes_slice(tag, start, end - start);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (bytes_is(name, names[i]))
            return true;
    return false;
}

bool items_next(struct items *s, struct xml_item *ret_item)
{
    size_t begun = SIZE_MAX; /* the item, once it is open */
    int depth = 0;           /* of it */

    while (s->at < s->text.len) {
        size_t start = bytes_find_byte(bytes_from(s->text, s->at), '<');
        enum markup kind = NO_TAG;

        start = start == SIZE_MAX ? s->text.len : s->at + start;
        s->at = start;
        if (start < s->text.len)
            kind = pass(s, start);
        if (kind == LOST || (kind == END_TAG && s->depth == 0))
            s->at = s->text.len;
        else if (kind == END_TAG && --s->depth == depth && begun != SIZE_MAX) {
            *ret_item = (struct xml_item){
                bytes_slice(s->text, begun, s->at - begun), depth, s->around[depth]};
            return true;
        } else if (kind == START_TAG) {
            struct bytes tag = bytes_slice(s->text, start, s->at - start);
            bool shallow = begun == SIZE_MAX && s->depth < ITEMS_DEPTH;

            if (shallow && s->depth > 0 && is_item(tag)) {
                begun = start;
                depth = s->depth;
            } else if (shallow) {
                s->around[s->depth + 1] = hash64_add(s->around[s->depth], tag);
            }
            s->depth++;
        }
    }
    return false;
}
