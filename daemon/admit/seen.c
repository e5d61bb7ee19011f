/* seen.c - what a feed was seen to hold, as stored, and when it is forgotten. */
#include <stdlib.h>

#include "admit/admit.h"
#include "base/clock.h"

/* An entry is forgotten when it was in none of so many documents and for so long: by documents
 * alone a feed polled each minute would forget in two hours, by the clock alone one that was away
 * for days. Chosen by hand; what_is_forgotten_and_what_is_not of test_admit_edits holds the first
 * (half and twice fail) and that the second is days and not months. */
enum { EXPIRE_DOCUMENTS = 100, EXPIRE_MINUTES = 3 * 24 * 60 };

/* Memory of a feed whose entries come and go fast, an item being 56 bytes. */
enum {
    ABSENT_LEAST = 256, /* absent items kept however small the document: 14 KiB; half fails one of
                           test_admit_edits, twice another */
    MARKED_MOST = 2048, /* those that were there before the first fetch: 112 KiB, by hand */
    KEPT_PART = 4,      /* all but one of so many are kept, so that the sort is rare */
    ROOM = 16,          /* items a row grows by: one of the same length is overwritten in place, 50
                           us a poll instead of 65 (bench_store) */
};

int seen_decode(struct arena *arena, size_t count, struct bytes stored, struct seen *ret_seen,
    struct error *err)
{
    if (stored.len % SEEN_ITEM_SIZE != 0 || stored.len / SEEN_ITEM_SIZE < count)
        return fail(err, E_FORMAT, "%zu seen items in %zu bytes", count, stored.len);
    *ret_seen = (struct seen){.arena = arena, .count = count, .cap = count + ROOM};
    ret_seen->items = arena_alloc_array(arena, ret_seen->cap, SEEN_ITEM_SIZE);
    if (count > 0)
        memcpy(ret_seen->items, stored.ptr, count * SEEN_ITEM_SIZE);
    return OK;
}

struct bytes seen_encode(struct seen *seen)
{
    size_t padded = (seen->count + ROOM - 1) / ROOM * ROOM;

    while (seen->cap < padded)
        seen->items = arena_grow(seen->arena, seen->items, &seen->cap, SEEN_ITEM_SIZE);
    memset(seen->items + seen->count, 0, (padded - seen->count) * SEEN_ITEM_SIZE);
    return (struct bytes){(const char *)seen->items, padded * SEEN_ITEM_SIZE};
}

static bool is_expired(const struct seen_item *item, uint32_t minute)
{
    return item->article != 0 && item->absent >= EXPIRE_DOCUMENTS && minute > item->seen &&
           minute - item->seen >= EXPIRE_MINUTES;
}

static int by_absence(const void *a, const void *b)
{
    uint16_t x = *(const uint16_t *)a;
    uint16_t y = *(const uint16_t *)b;

    return x < y ? -1 : x > y;
}

/* Drop the longest absent of one kind until most are left. */
static void keep_most(struct seen *seen, bool marked, size_t most)
{
    uint16_t *absences = arena_alloc_array(seen->arena, seen->count + 1, sizeof(*absences));
    size_t absent = 0;
    size_t kept = 0;
    size_t ties;
    uint16_t limit;

    for (size_t i = 0; i < seen->count; i++)
        if (seen->items[i].absent > 0 && (seen->items[i].article == 0) == marked)
            absences[absent++] = seen->items[i].absent;
    if (absent <= most)
        return;
    most -= most / KEPT_PART;
    qsort(absences, absent, sizeof(*absences), by_absence);
    limit = absences[most];
    for (ties = 0; ties < most && absences[most - 1 - ties] == limit;)
        ties++;
    for (size_t i = 0; i < seen->count; i++) {
        const struct seen_item *item = &seen->items[i];
        bool counts = item->absent > 0 && (item->article == 0) == marked;

        if (counts && item->absent == limit && ties > 0)
            ties--;
        else if (counts && item->absent >= limit)
            continue;
        seen->items[kept++] = *item;
    }
    seen->count = kept;
}

void seen_expire(struct seen *seen, size_t document, int64_t now)
{
    uint32_t minute = (uint32_t)(now / SECOND / 60);
    size_t kept = 0;

    for (size_t i = 0; i < seen->count; i++)
        if (!is_expired(&seen->items[i], minute))
            seen->items[kept++] = seen->items[i];
    seen->count = kept;
    keep_most(seen, false, document > ABSENT_LEAST ? document : ABSENT_LEAST);
    keep_most(seen, true, MARKED_MOST);
}
