/* xml.h - elements and text out of XML, from two readers with the same events: libxml2 for what is
 * well-formed, our own for what is not. */
#ifndef WIREROOM_FEED_XML_H
#define WIREROOM_FEED_XML_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "feed/names.h"

enum { XML_DEPTH = 250, XML_ATTRIBUTES = 200, XML_PROBLEMS = 16 };

struct xml_attribute {
    enum feed_ns ns; /* NS_CORE without a prefix */
    struct bytes prefix, name, value;
};

struct xml_element {
    enum feed_ns ns;
    enum feed_tag tag;
    struct bytes prefix, name;
    const struct xml_attribute *attributes;
    size_t attribute_count;
};

/* An element that may be an entry, as it stands in the text. */
struct xml_item {
    struct bytes text; /* from its start tag to its end tag */
    int depth;         /* elements around it */
    uint64_t around;   /* hash of their start tags */
};

/* Asks a reader that is within on_start where the tag begins in the text. It fills this before its
 * first event and answers while it reads. */
struct xml_where {
    const char *(*tag)(const void *reader);
    const void *reader;
};

/* Strings are lent for the call. Starts and ends always balance. cut is true for the ends of what
 * was still open when the document stopped. A value other than OK stops the reading. on_item may be
 * NULL; xml_read_strict() asks it before an item, when all events of what stands before it have
 * come: true passes the item over. With NULL it is told that an item is over. */
struct xml_handler {
    int (*on_start)(void *ctx, const struct xml_element *element);
    int (*on_end)(void *ctx, bool cut);
    void (*on_text)(void *ctx, struct bytes text);
    void *ctx;
    bool (*on_item)(void *ctx, const struct xml_item *item);
    struct xml_where *where; /* NULL for who does not want to know */
};

struct xml_problem {
    size_t offset; /* into the text, or SIZE_MAX when line tells */
    size_t line, column;
    char text[200];
};

struct xml_report {
    bool complete; /* the root element was closed */
    struct xml_problem problems[XML_PROBLEMS];
    size_t problem_count;
};

void xml_problem(struct xml_report *report, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* sax.c: E_FORMAT, and a problem with its line, when text is not well-formed or holds what libxml2
 * cannot be trusted with (a DTD, thousands of attributes, text over its limits). */
int xml_read_strict(
    struct bytes text, const struct xml_handler *handler, struct xml_report *ret_report);

/* xml.c: reads anything that has tags. Elements are closed by their ancestors' end tags, "&" and
 * "<" may be text, HTML's entities are known, those of a DTD are expanded up to 64 KiB in all.
 * Linear in the text. */
int xml_read_tolerant(
    struct bytes text, const struct xml_handler *handler, struct xml_report *ret_report);

/* The value of an attribute; empty when it is absent. */
struct bytes xml_get(const struct xml_element *element, enum feed_ns ns, const char *name);

#endif
