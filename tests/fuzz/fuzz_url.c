/* fuzz_url.c - any two lines as a base and a reference: canonical forms are their own canonical
 * form. */
#include "text/url.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(16 << 20);
    struct bytes ref = {(const char *)data, size};
    struct bytes base = bytes_cut(&ref, '\n');
    struct bytes url = url_resolve(arena, base, ref);
    struct bytes canonical = url_canonical(arena, url);

    if (canonical.len > 0) {
        assert(url_is_http(canonical) && url_is_safe(canonical));
        assert(bytes_equal(canonical, url_canonical(arena, canonical)));
    }
    url_host(arena, url);
    url_is_safe(url);
    arena_free(arena);
    return 0;
}
