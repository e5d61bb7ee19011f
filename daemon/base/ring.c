/* ring.c - a directory of blocks that doubles; the blocks stay. */
#include "base/ring.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/space.h"

enum { FIRST_ROOM = 16 /* blocks */ };

void ring_init(struct ring *ring, size_t size, uint64_t first)
{
    unsigned bits = (unsigned)__builtin_ctz(RING_BLOCK);

    *ring = (struct ring){.size = size, .bits = bits, .first = first, .end = first};
}

void ring_init_in(struct ring *ring, size_t size, uint64_t first, struct space *space)
{
    ring_init(ring, size, first);
    ring->space = space;
    if (space != NULL)
        ring->bits = 31U - (unsigned)__builtin_clz((unsigned)(SPACE_BLOCK / size));
}

static size_t block_size(const struct ring *ring)
{
    return ring->size << ring->bits;
}

static char *new_block(const struct ring *ring)
{
    size_t size = block_size(ring);
    char *block;

    if (ring->space != NULL)
        return space_take(ring->space);
    size = (size + RING_ALIGN - 1) / RING_ALIGN * RING_ALIGN;
    block = aligned_alloc(RING_ALIGN, size);
    if (block == NULL)
        arena_out_of_memory(size);
    return memset(block, 0, size);
}

static void free_block(const struct ring *ring, char **block)
{
    if (*block == NULL)
        return;
    if (ring->space != NULL)
        space_give(ring->space, *block);
    else
        free(*block);
    *block = NULL;
}

void ring_done(struct ring *ring)
{
    for (size_t i = 0; i < ring->room; i++)
        free_block(ring, &ring->blocks[i]);
    free(ring->blocks);
    *ring = (struct ring){.size = ring->size,
        .bits = ring->bits,
        .first = ring->first,
        .end = ring->first,
        .space = ring->space};
}

/* Pointers only: 8 bytes for a block. */
static void grow(struct ring *ring)
{
    size_t room = ring->room == 0 ? FIRST_ROOM : ring->room * 2;
    char **blocks = new_zeroed(room * sizeof(*blocks));

    for (uint64_t i = ring->first >> ring->bits; ring->room > 0 && i << ring->bits < ring->end; i++)
        blocks[i & (room - 1)] = ring->blocks[i & (ring->room - 1)];
    free(ring->blocks);
    ring->blocks = blocks;
    ring->room = room;
}

void ring_grow(struct ring *ring)
{
    uint64_t block = ring->end >> ring->bits;

    if (ring->room == 0 || block - (ring->first >> ring->bits) >= ring->room)
        grow(ring);
    if (ring->blocks[block & (ring->room - 1)] == NULL)
        ring->blocks[block & (ring->room - 1)] = new_block(ring);
}

void ring_forget(struct ring *ring, uint64_t first)
{
    uint64_t from = ring->first >> ring->bits;

    if (first > ring->end)
        first = ring->end;
    if (first <= ring->first)
        return;
    for (; from < first >> ring->bits; from++)
        free_block(ring, &ring->blocks[from & (ring->room - 1)]);
    ring->first = first;
}

/* The number from which on so many lie in one block. */
static uint64_t fit(const struct ring *ring, uint64_t number, size_t count)
{
    uint64_t block = (uint64_t)1 << ring->bits, used = number & (block - 1);

    return used + count > block ? number + block - used : number;
}

void *ring_add_run(struct ring *ring, size_t count)
{
    uint64_t number = fit(ring, ring->end, count);

    ring->end = number;
    if (ring->room == 0 || (number & (((uint64_t)1 << ring->bits) - 1)) == 0)
        ring_grow(ring);
    ring->end += count;
    return ring_at(ring, number);
}

uint64_t ring_after_run(const struct ring *ring, uint64_t number, size_t count)
{
    return fit(ring, number, count) + count;
}

void ring_forget_run(struct ring *ring, size_t count)
{
    ring_forget(ring, ring_after_run(ring, ring->first, count));
}

void ring_rest(const struct ring *ring, uint64_t from, uint64_t to)
{
    if (ring->space == NULL)
        return;
    for (uint64_t i = from >> ring->bits; i < to >> ring->bits; i++)
        space_rest(ring->space, ring->blocks[i & (ring->room - 1)]);
}

size_t ring_memory(const struct ring *ring)
{
    size_t blocks = 0;

    for (size_t i = 0; i < ring->room; i++)
        blocks += ring->blocks[i] != NULL;
    return blocks * block_size(ring) + ring->room * sizeof(*ring->blocks);
}
