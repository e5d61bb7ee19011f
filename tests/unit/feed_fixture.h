/* feed_fixture.h - one document parsed at a time, and what came of it. */
#ifndef WIREROOM_TESTS_FEED_FIXTURE_H
#define WIREROOM_TESTS_FEED_FIXTURE_H

#include "feed/feed.h"
#include "feed/xml.h"
#include "text/encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static struct arena *arena;
static struct feed feed;
static struct error err;
static char seen[4096]; /* the titles of the entries, each with "|" behind it */
static size_t seen_len, entries;

static inline int setup(void **state)
{
    (void)state;
    arena = arena_new(256 << 20);
    encoding_warm_up();
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static inline int on_entry(void *ctx, const struct entry *entry)
{
    (void)ctx;
    entries++;
    if (seen_len + entry->title.len + 2 < sizeof(seen))
        seen_len +=
            (size_t)snprintf(seen + seen_len, sizeof(seen) - seen_len, "%.*s|", FMT(entry->title));
    return OK;
}

static inline int parse(struct bytes document)
{
    struct feed_source source = {.url = LIT("http://example.org/news/feed")};
    struct feed_sink sink = {.on_entry = on_entry, .ctx = NULL};

    seen_len = entries = 0;
    seen[0] = '\0';
    err = (struct error){0};
    return feed_parse(arena, document, &source, &sink, &feed, &err);
}

/* The whole answer as JSON. */
static inline const char *json_of(struct bytes document)
{
    struct feed_source source = {.url = LIT("http://example.org/news/feed")};
    static struct buf out;

    buf_clear(&out);
    feed_parse_json(arena, document, &source, &out, NULL);
    return buf_cstr(&out);
}

#define HAS(json, part) assert_non_null(strstr(json, part))
#define ITEM(inside)                                                                               \
    LIT("<rss version='2.0'><channel><title>t</title><item>" inside "</item></channel></rss>")

#endif
