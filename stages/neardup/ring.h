/* ring.h - items numbered without end, of which the oldest go: in blocks, so that none ever moves
 * and neither growing nor forgetting takes longer than one item's work. */
#ifndef NEARDUP_RING_H
#define NEARDUP_RING_H

#include <stddef.h>
#include <stdint.h>

struct ring {
    size_t size;         /* bytes of an item */
    uint64_t first, end; /* those that are there: first <= number < end */
    char **blocks;       /* by number of block, modulo room */
    size_t room;         /* a power of two, or 0 */
};

enum {
    RING_BLOCK = 1024, /* items in a block */
    RING_ALIGN = 64    /* bytes: blocks begin with a line of the cache */
};

/* An empty ring whose first item has number first. */
void ring_init(struct ring *ring, size_t size, uint64_t first);
void ring_done(struct ring *ring);

/* Blocks for the next item. */
void ring_grow(struct ring *ring);

/* All items before number first go (as far as there are any). */
void ring_forget(struct ring *ring, uint64_t first);

static inline void *ring_at(const struct ring *ring, uint64_t number)
{
    return ring->blocks[number / RING_BLOCK & (ring->room - 1)] + number % RING_BLOCK * ring->size;
}

/* One more item, zeroed, at number end - 1; it stays where it is until it is forgotten. */
static inline void *ring_add(struct ring *ring)
{
    if (ring->end % RING_BLOCK == 0 || ring->room == 0)
        ring_grow(ring);
    return ring_at(ring, ring->end++);
}

/* Bytes it takes. */
size_t ring_memory(const struct ring *ring);

#endif
