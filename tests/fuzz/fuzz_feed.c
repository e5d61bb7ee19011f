/* fuzz_feed.c - any document as a feed: an answer or an error in words, entries with valid UTF-8.
 */
#include "feed/feed.h"
#include "text/text.h"

#include <assert.h>

enum { ARENA = 512 << 20 };

static int on_entry(void *ctx, const struct entry *entry)
{
    struct arena *arena = arena_new(ARENA);
    struct wr_record *record = record_new(arena);

    assert(text_is_utf8(entry->title) && text_is_utf8(entry->content.text));
    entry_to_record(entry, ctx, record);
    arena_free(arena);
    return OK;
}

/* Each has a whole place or none, and says something. */
static void check_diagnoses(const struct feed *feed)
{
    for (size_t i = 0; i < feed->diagnosis_count; i++) {
        const struct feed_diagnosis *d = &feed->diagnoses[i];

        assert(d->text.len > 0 && text_is_utf8(d->text));
        assert(bytes_find_byte(d->text, '\n') == SIZE_MAX);
        assert((d->line == 0) == (d->column == 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(ARENA);
    struct feed_source source = {.url = LIT("http://example.org/feed")};
    struct feed_sink sink = {.on_entry = on_entry, .ctx = &source};
    struct buf out = {0};
    struct error err = {0};
    struct feed feed;

    if (feed_parse(arena, (struct bytes){(const char *)data, size}, &source, &sink, &feed, &err) !=
        OK)
        assert(err.text[0] != '\0');
    else
        check_diagnoses(&feed);
    feed_parse_json(arena, (struct bytes){(const char *)data, size}, &source, &out, &err);
    assert(out.len > 0);
    buf_done(&out);
    arena_free(arena);
    return 0;
}
