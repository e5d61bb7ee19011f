/* html.h - tags of HTML one by one, and HTML made safe to show. */
#ifndef WIREROOM_FEED_HTML_H
#define WIREROOM_FEED_HTML_H

#include "base/arena.h"
#include "base/str.h"

enum { HTML_ATTRIBUTES = 32 };

struct html_attribute {
    struct bytes name, value; /* as they stand: references not decoded */
};

struct html_tag {
    struct bytes name;
    bool end;
    struct html_attribute attributes[HTML_ATTRIBUTES]; /* more are passed over */
    size_t attribute_count;
};

/* The tag at the start of html ("<a ...>" or "</a>"): the bytes it takes, or 0 when there is none.
 */
size_t html_read_tag(struct bytes html, struct html_tag *ret_tag);

/* The bytes of a comment, declaration or processing instruction at the start of html, or 0. */
size_t html_skip_declaration(struct bytes html);

/* Bytes up to behind the end tag of name ("script"); 0 when there is none. */
size_t html_skip_element(struct bytes html, struct bytes name);

/* An attribute's value, decoded and trimmed; empty when it is absent. */
struct bytes html_get(struct arena *arena, const struct html_tag *tag, const char *name);

/* A tag of an element is in text that HTML knows, or that is closed: "<gorilla>" and "a < b" are
 * none. */
bool html_has_tag(struct bytes text);

/* html with nothing active in it: only elements and attributes of an allow-list, each closed in its
 * order, addresses absolute against base and safe (url_is_safe()). The text of scripts and styles
 * is gone. */
struct bytes html_sanitize(struct arena *arena, struct bytes html, struct bytes base);

/* text as HTML. */
struct bytes html_escape(struct arena *arena, struct bytes text);

#endif
