/* blocks.h - a row of items that grows at one end and is forgotten at the other, without copies. */
#ifndef STORY_BLOCKS_H
#define STORY_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

enum { BLOCK_BITS = 10, BLOCK = 1 << BLOCK_BITS };

/* Items are numbered; numbers go round. Zeroed memory with an item's size is a valid empty row. */
struct blocks {
    char **at;
    uint32_t cap; /* a power of two, or 0 */
    size_t item;  /* bytes of one */
    size_t bytes; /* of all blocks */
};

static inline void *blocks_at(const struct blocks *blocks, uint32_t number)
{
    return blocks->at[number >> BLOCK_BITS & (blocks->cap - 1)] +
           (size_t)(number & (BLOCK - 1)) * blocks->item;
}

/* Make room for the item behind the last one; first: the oldest that is kept. */
void blocks_add(struct blocks *blocks, uint32_t first, uint32_t number);
void blocks_drop(struct blocks *blocks, uint32_t number); /* the oldest */
void blocks_done(struct blocks *blocks);                  /* empty again */

#endif
