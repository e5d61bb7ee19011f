/* fuzz_discover.c - any bytes as a page: the feeds found are http, and its HTML can be made safe.
 */
#include "feed/discover.h"
#include "feed/html.h"
#include "text/url.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(512 << 20);
    struct bytes page = {(const char *)data, size};
    struct feed_source source = {.url = LIT("http://example.org/")};
    struct discovered *list = arena_alloc_array(arena, DISCOVER_LIMIT, sizeof(*list));
    size_t count = discover_feeds(arena, page, &source, list);
    struct bytes safe;

    for (size_t i = 0; i < count; i++)
        assert(url_is_http(list[i].url));
    safe = html_sanitize(arena, page, source.url);
    assert(bytes_find_nocase(safe, LIT("<script")) == SIZE_MAX);
    arena_free(arena);
    return 0;
}
