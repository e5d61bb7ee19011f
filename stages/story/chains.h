/* chains.h - where the chains of items with equal rests of hashes begin: there is one more for each
 * item, by splitting one (linear hashing; Litwin 1980), so that no step grows with their number. */
#ifndef STORY_CHAINS_H
#define STORY_CHAINS_H

#include "base/ring.h"

/* Items are numbered in the order in which they come, and linked from the newest to the oldest. A
 * link is the number of an item + 1, or 0. */
struct chains {
    struct ring heads; /* the newest of each */
    unsigned bits;     /* of a hash, that tell which chain it belongs to */
    uint64_t split;    /* chains before this one are split by the next bit */
};

void chains_init(struct chains *chains);
void chains_done(struct chains *chains);

static inline uint32_t *chains_of(const struct chains *chains, uint64_t hash)
{
    uint64_t number = hash & (((uint64_t)1 << chains->bits) - 1);

    if (number < chains->split)
        number = hash & (((uint64_t)2 << chains->bits) - 1);
    return ring_at(&chains->heads, number);
}

/* The next older link of an item, and the item's hash; NULL when it is no longer kept. */
typedef uint32_t *chains_item(void *owner, uint32_t link, uint64_t *ret_hash);

/* There are to be as many chains as items: at most one more than there were. */
void chains_reach(struct chains *chains, size_t items, chains_item *item, void *owner);

size_t chains_memory(const struct chains *chains);

#endif
