/* fuzz_json_feed.c - any text behind "{" as JSON Feed. */
#include "feed/feed.h"

#include <assert.h>

enum { ARENA = 256 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(ARENA);
    struct bytes document = bytes_format(arena, "{%.*s", (int)size, (const char *)data);
    struct feed_source source = {.url = LIT("http://example.org/feed.json")};
    struct error err = {0};
    struct feed feed;

    if (feed_parse(arena, document, &source, NULL, &feed, &err) != OK)
        assert(err.text[0] != '\0');
    arena_free(arena);
    return 0;
}
