/* guard_libxml2.c - copies a page without what is dangerous or slow to read. */
#include "html/guard_libxml2.h"

#include <stdio.h>
#include <stdlib.h>

#include "html/fill.h"

enum { TAG_BYTES = 32768, KEPT_BYTES = 2 << 20, MARK_BYTES = 32 };

#define MARK "data-wireroom-script"

/* Where the copying stands. */
struct copier {
    struct guard *guard;
    const char *at, *end; /* of the page */
};

static void put(struct guard *guard, const char *from, size_t len)
{
    memcpy(guard->copy + guard->len, from, len);
    guard->len += len;
}

/* An attribute's value up to its quote, and that; false when the tag is over its limit. */
static bool copy_quoted(struct copier *c, char quote, size_t start)
{
    const char *stop = memchr(c->at, quote, (size_t)(c->end - c->at));
    size_t len = (size_t)((stop == NULL ? c->end : stop) - c->at);
    bool fits = c->guard->len - start + len < TAG_BYTES;

    if (fits)
        put(c->guard, c->at, len);
    c->at = stop == NULL ? c->end : stop + 1;
    if (stop != NULL)
        put(c->guard, &quote, 1);
    return fits;
}

/* The rest of an open tag. */
static void copy_tag(struct copier *c)
{
    struct guard *guard = c->guard;
    size_t start = guard->len;
    int attrs = 0;
    bool over = false;

    while (c->at < c->end) {
        char this = *c->at;
        char before = c->at[-1];

        c->at++;
        if (this == '>') {
            put(guard, ">", 1);
            return;
        }
        attrs += is_space(this) && !is_space(before);
        over |= attrs > FILL_ATTRS || guard->len + 1 - start > TAG_BYTES;
        if (!over)
            guard->copy[guard->len++] = this;
        if ((this != '"' && this != '\'') || before != '=')
            continue;
        if (!over) {
            over = !copy_quoted(c, this, start);
        } else {
            const char *stop = memchr(c->at, this, (size_t)(c->end - c->at));

            c->at = stop == NULL ? c->end : stop + 1;
        }
    }
}

static bool is_called(struct bytes tag, struct bytes name)
{
    char behind = (char)(tag.len > name.len ? tag.ptr[name.len] : ' ');

    return bytes_starts_nocase(tag, name) && (is_space(behind) || behind == '>' || behind == '/');
}

/* The text of a script or style element whose open tag was copied; the copy gets none of it. */
static struct bytes skip_text(struct copier *c, struct bytes end_tag)
{
    struct bytes rest = {c->at, (size_t)(c->end - c->at)};
    size_t end = bytes_find_nocase(rest, end_tag);

    if (end == SIZE_MAX)
        end = rest.len;
    c->at += end;
    return (struct bytes){rest.ptr, end};
}

static void copy_script(struct copier *c)
{
    struct guard *guard = c->guard;
    int number = guard->script_count;
    char mark[MARK_BYTES];
    struct bytes text;

    put(guard, c->at, 7); /* "<script" */
    c->at += 7;
    if (number < GUARD_SCRIPTS)
        put(guard, mark, (size_t)snprintf(mark, sizeof(mark), " " MARK "=%d ", number));
    copy_tag(c);
    if (c->at[-1] != '>' || c->at[-2] == '/')
        return;
    text = skip_text(c, LIT("</script"));
    if (number < GUARD_SCRIPTS)
        guard->scripts[guard->script_count++] = text;
}

static void copy_element(struct copier *c, bool lean)
{
    struct bytes tag = {c->at + 1, (size_t)(c->end - c->at - 1)};
    bool style = lean && is_called(tag, LIT("style"));

    if (lean && is_called(tag, LIT("script"))) {
        copy_script(c);
        return;
    }
    put(c->guard, c->at++, 1);
    copy_tag(c);
    if (style && c->at[-1] == '>' && c->at[-2] != '/')
        skip_text(c, LIT("</style"));
}

/* Behind a comment, or at the end of the page. */
static const char *comment_end(struct bytes comment)
{
    size_t end;

    if (bytes_starts(comment, LIT("<!-->")))
        return comment.ptr + 5;
    if (bytes_starts(comment, LIT("<!--->")))
        return comment.ptr + 6;
    end = bytes_find(bytes_from(comment, 4), LIT("-->"));
    return comment.ptr + (end == SIZE_MAX ? comment.len : end + 7);
}

/* Up to the next tag. */
static void copy_text(struct copier *c)
{
    const char *next = memchr(c->at, '<', (size_t)(c->end - c->at));
    size_t len = (size_t)((next == NULL ? c->end : next) - c->at);

    put(c->guard, c->at, len);
    c->at += len;
}

static void copy_page(struct guard *guard, struct bytes html, bool lean)
{
    struct copier c = {guard, html.ptr, html.ptr + html.len};

    while (c.at < c.end) {
        struct bytes rest = {c.at, (size_t)(c.end - c.at)};

        if (rest.ptr[0] != '<') {
            copy_text(&c);
        } else if (rest.len > 1 && is_alpha(rest.ptr[1])) {
            copy_element(&c, lean);
        } else if (lean && bytes_starts(rest, LIT("<!--"))) {
            c.at = comment_end(rest);
        } else {
            put(guard, "<", 1);
            c.at++;
        }
    }
    guard->copy[guard->len] = '\0';
}

/* Take NUL bytes out of the copy. */
static void drop_nuls(struct guard *guard)
{
    char *to = memchr(guard->copy, '\0', guard->len);
    const char *end = guard->copy + guard->len;

    if (to == NULL)
        return;
    for (const char *from = to; from < end; from++)
        if (*from != '\0')
            *to++ = *from;
    *to = '\0';
    guard->len = (size_t)(to - guard->copy);
}

const char *guard_page(struct guard *guard, struct bytes html, bool lean)
{
    size_t size = html.len + (size_t)GUARD_SCRIPTS * MARK_BYTES + 1;

    if (guard->size < size || guard->size > KEPT_BYTES) {
        free(guard->copy);
        guard->size = size;
        guard->copy = malloc(size);
    }
    guard->len = 0;
    guard->script_count = 0;
    if (guard->copy == NULL) {
        guard->size = 0;
        return NULL;
    }
    copy_page(guard, html, lean);
    drop_nuls(guard);
    return guard->copy;
}

bool guard_script(
    const struct guard *guard, struct bytes name, struct bytes value, struct bytes *ret_text)
{
    int64_t number;

    if (!bytes_equal(name, LIT(MARK)) || !bytes_to_int(value, &number) || number < 0 ||
        number >= guard->script_count)
        return false;
    *ret_text = guard->scripts[number];
    return true;
}

void guard_done(struct guard *guard)
{
    free(guard->copy);
}
