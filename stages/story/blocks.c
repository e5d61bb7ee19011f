/* blocks.c - a ring of pointers to blocks: only these are copied when the row grows. */
#include "blocks.h"

#include <stdlib.h>

#include "base/arena.h"

enum { FIRST = 8, NUMBERS = 32 - BLOCK_BITS };

static void grow(struct blocks *blocks, uint32_t first)
{
    uint32_t cap = blocks->cap == 0 ? FIRST : blocks->cap * 2;
    char **at = new_zeroed(cap * sizeof(*at));

    for (uint32_t i = 0; i < blocks->cap; i++) {
        uint32_t block = (first >> BLOCK_BITS) + i;

        at[block & (cap - 1)] = blocks->at[block & (blocks->cap - 1)];
    }
    free(blocks->at);
    blocks->at = at;
    blocks->cap = cap;
}

void blocks_add(struct blocks *blocks, uint32_t first, uint32_t number)
{
    uint32_t used = ((number >> BLOCK_BITS) - (first >> BLOCK_BITS)) & ((1U << NUMBERS) - 1);
    char **block;

    if (used >= blocks->cap)
        grow(blocks, first);
    block = &blocks->at[number >> BLOCK_BITS & (blocks->cap - 1)];
    if (*block != NULL)
        return;
    *block = new_zeroed(BLOCK * blocks->item);
    blocks->bytes += BLOCK * blocks->item;
}

void blocks_drop(struct blocks *blocks, uint32_t number)
{
    char **block = &blocks->at[number >> BLOCK_BITS & (blocks->cap - 1)];

    if ((number & (BLOCK - 1)) != BLOCK - 1)
        return;
    free(*block);
    *block = NULL;
    blocks->bytes -= BLOCK * blocks->item;
}

void blocks_done(struct blocks *blocks)
{
    for (uint32_t i = 0; i < blocks->cap; i++)
        free(blocks->at[i]);
    free(blocks->at);
    *blocks = (struct blocks){.item = blocks->item};
}
