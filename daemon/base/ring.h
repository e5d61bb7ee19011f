/* ring.h - items numbered without end, of which the oldest go: in blocks, so that none ever moves
 * and neither growing nor forgetting takes longer than one block's work. */
#ifndef WIREROOM_BASE_RING_H
#define WIREROOM_BASE_RING_H

#include <stddef.h>
#include <stdint.h>

struct space;

/* Numbers may go round where they are kept in 32 bits: ring_at() wants their last bits only. */
struct ring {
    size_t size;         /* bytes of an item */
    unsigned bits;       /* of a block's items */
    uint64_t first, end; /* those that are there: first <= number < end */
    char **blocks;       /* by number of block, modulo room */
    size_t room;         /* a power of two, or 0 */
    struct space *space; /* where the blocks lie, NULL: on the heap */
};

enum {
    RING_BLOCK = 1024, /* items in a block */
    RING_ALIGN = 64    /* bytes: blocks begin with a line of the cache */
};

/* An empty ring whose first item has number first. */
void ring_init(struct ring *ring, size_t size, uint64_t first);
/* Likewise, in blocks of space, which outlives it; NULL: as ring_init(). */
void ring_init_in(struct ring *ring, size_t size, uint64_t first, struct space *space);
void ring_done(struct ring *ring);

/* Blocks for the next item. */
void ring_grow(struct ring *ring);

/* All items before number first go (as far as there are any). */
void ring_forget(struct ring *ring, uint64_t first);

static inline void *ring_at(const struct ring *ring, uint64_t number)
{
    return ring->blocks[number >> ring->bits & (ring->room - 1)] +
           (number & (((uint64_t)1 << ring->bits) - 1)) * ring->size;
}

/* One more item, zeroed, at number end - 1; it stays where it is until it is forgotten. */
static inline void *ring_add(struct ring *ring)
{
    if ((ring->end & (((uint64_t)1 << ring->bits) - 1)) == 0 || ring->room == 0)
        ring_grow(ring);
    return ring_at(ring, ring->end++);
}

/* count more, one behind the other; they fit into a block. Where they do not fit into what is left
 * of one, that stays empty; ring_forget_run() of the oldest ones passes by it, too. */
void *ring_add_run(struct ring *ring, size_t count);
void ring_forget_run(struct ring *ring, size_t count);
/* Behind the run that was added when number was the end. */
uint64_t ring_after_run(const struct ring *ring, uint64_t number, size_t count);

/* Blocks that end among the items from `from` to `to` will not be asked for soon. */
void ring_rest(const struct ring *ring, uint64_t from, uint64_t to);

/* Bytes it takes. */
size_t ring_memory(const struct ring *ring);

#endif
