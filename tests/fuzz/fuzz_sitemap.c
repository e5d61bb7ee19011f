/* fuzz_sitemap.c - any bytes inside a urlset and inside a sitemapindex: nothing older than the
 * floor comes out, and lastmod is no date of publication. */
#include "base/clock.h"
#include "feed/feed.h"
#include "feed/report.h"
#include "text/text.h"

#include <assert.h>

enum { ARENA = 512 << 20 };

static const int64_t new_floor = 1773480000 * (int64_t)SECOND;

static int on_entry(void *ctx, const struct entry *entry)
{
    struct arena *arena = arena_new(ARENA);
    struct wr_record *record = record_new(arena);
    const struct feed_source *source = ctx;

    if (entry->listed) {
        assert(!entry->updated.known || entry->updated.date.instant >= source->floor ||
               (entry->published.known && entry->published.date.instant >= source->floor));
        entry_to_record(entry, source, record);
        assert(entry->published.known || record_get(record, WR_PUBLISHED).len == 0);
    }
    arena_free(arena);
    return OK;
}

static void read_inside(const char *root, struct bytes data)
{
    struct arena *arena = arena_new(ARENA);
    struct feed_source source = {.url = LIT("http://example.org/sitemap.xml"), .floor = new_floor};
    const struct feed_sink sink = {.on_entry = on_entry, .ctx = &source};
    struct bytes document = bytes_format(arena,
        "<%s xmlns:news='http://www.google.com/schemas/"
        "sitemap-news/0.9'>%.*s</%s>",
        root, FMT(data), root);
    struct error err = {0};
    struct buf out = {0};
    struct feed feed;

    if (feed_parse(arena, document, &source, &sink, &feed, &err) != OK)
        assert(err.text[0] != '\0');
    if (feed_report(arena, document, &source, &out, NULL, &err) == OK)
        assert(out.len > 0 && text_is_utf8(buf_bytes(&out)));
    else
        assert(out.len == 0);
    buf_done(&out);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes bytes = {(const char *)data, size};

    read_inside("urlset", bytes);
    read_inside("sitemapindex", bytes);
    return 0;
}
