/* fuzz_hint.c - what a document asks of whoever polls it, one hint a line. */
#include <assert.h>

#include "base/clock.h"
#include "poll/hint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int64_t day = 86400 * (int64_t)SECOND;
    struct arena *arena = arena_new(64 << 20);
    struct wr_record *feed = record_new(arena);
    struct bytes rest = {(const char *)data, size};
    struct hints hints;

    while (rest.len > 0)
        record_add(feed, REC_FEED_HINT, bytes_cut(&rest, '\n'));
    hints_read(feed, &hints);
    assert(hints.interval >= 0 && hints.interval <= 3660 * day);
    assert(hints.skip >> (HINT_HOURS + HINT_DAYS) == 0);
    for (int64_t wall = 0; wall < 8 * day; wall += day / 24) {
        int64_t wait = hints_wait(hints.skip, wall);

        assert(wait >= 0 && wait <= day);
    }
    arena_free(arena);
    return 0;
}
