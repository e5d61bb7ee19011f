/* ring.c - a directory of blocks that doubles; the blocks stay. */
#include "ring.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { FIRST_ROOM = 16 /* blocks */ };

void ring_init(struct ring *ring, size_t size, uint64_t first)
{
    *ring = (struct ring){.size = size, .first = first, .end = first};
}

void ring_done(struct ring *ring)
{
    for (size_t i = 0; i < ring->room; i++)
        free(ring->blocks[i]);
    free(ring->blocks);
    ring_init(ring, ring->size, ring->first);
}

/* Pointers only: 8 bytes for RING_BLOCK items. */
static void grow(struct ring *ring)
{
    size_t room = ring->room == 0 ? FIRST_ROOM : ring->room * 2;
    char **blocks = new_zeroed(room * sizeof(*blocks));

    for (uint64_t i = ring->first / RING_BLOCK; ring->room > 0 && i <= ring->end / RING_BLOCK; i++)
        if (i * RING_BLOCK < ring->end)
            blocks[i & (room - 1)] = ring->blocks[i & (ring->room - 1)];
    free(ring->blocks);
    ring->blocks = blocks;
    ring->room = room;
}

static char *new_block(const struct ring *ring)
{
    size_t size = RING_BLOCK * ring->size;
    char *block = aligned_alloc(RING_ALIGN, size);

    if (block == NULL)
        arena_out_of_memory(size);
    return memset(block, 0, size);
}

void ring_grow(struct ring *ring)
{
    uint64_t block = ring->end / RING_BLOCK;

    if (ring->room == 0 || block - ring->first / RING_BLOCK >= ring->room)
        grow(ring);
    if (ring->blocks[block & (ring->room - 1)] == NULL)
        ring->blocks[block & (ring->room - 1)] = new_block(ring);
}

void ring_forget(struct ring *ring, uint64_t first)
{
    uint64_t from = ring->first / RING_BLOCK;

    if (first > ring->end)
        first = ring->end;
    if (first <= ring->first)
        return;
    for (; from < first / RING_BLOCK; from++) {
        free(ring->blocks[from & (ring->room - 1)]);
        ring->blocks[from & (ring->room - 1)] = NULL;
    }
    ring->first = first;
}

size_t ring_memory(const struct ring *ring)
{
    size_t blocks = 0;

    for (size_t i = 0; i < ring->room; i++)
        blocks += ring->blocks[i] != NULL;
    return blocks * RING_BLOCK * ring->size + ring->room * sizeof(*ring->blocks);
}
