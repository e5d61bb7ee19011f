/* fuzz_opml.c - any document as a list of feeds: every address in it may be one of a feed. */
#include "feed/opml.h"
#include "text/url.h"

#include <assert.h>

static int on_feed(void *ctx, const struct opml_feed *feed)
{
    (void)ctx;
    assert(url_may_be_feed(feed->feed_url));
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(256 << 20);
    struct opml_sink sink = {.on_feed = on_feed};
    struct error err = {0};
    struct opml_summary summary;

    if (opml_read(arena, (struct bytes){(const char *)data, size}, &sink, &summary, &err) != OK)
        assert(err.text[0] != '\0');
    arena_free(arena);
    return 0;
}
