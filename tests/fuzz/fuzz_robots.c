/* fuzz_robots.c - a robots.txt, and the address of the page in its first line. */
#include <assert.h>

#include "text/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(64 << 20);
    struct bytes body = {(const char *)data, size};
    struct bytes url = bytes_cut(&body, '\n');
    struct robots_rules rules;
    struct bytes rest;
    size_t before = SIZE_MAX;

    robots_parse(arena, body, LIT("wireroom"), &rules);
    assert(rules.lines.len <= ROBOTS_RULES);
    assert(rules.crawl_delay >= 0 && rules.crawl_delay <= ROBOTS_DELAY * INT64_C(1000000));
    for (rest = rules.lines; rest.len > 0;) {
        struct bytes line = bytes_cut(&rest, '\n');

        assert(line.len > 1 && line.len <= before);
        assert(line.ptr[0] == '+' || line.ptr[0] == '-');
        before = line.len;
    }
    url.len = url.len > 8192 ? 8192 : url.len;
    robots_allow(rules.lines, url);
    arena_free(arena);
    return 0;
}
