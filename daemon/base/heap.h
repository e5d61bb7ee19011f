/* heap.h - what is due first, over items that carry their own node. */
#ifndef WIREROOM_BASE_HEAP_H
#define WIREROOM_BASE_HEAP_H

#include <stddef.h>
#include <stdint.h>

/* Embedded in the item; zeroed: in no heap. */
struct heap_node {
    uint32_t place; /* 1 and up while it is in the heap */
};

struct heap_cell {
    int64_t key;
    struct heap_node *node;
};

/* Four children a cell, the smallest key at cells[0]; a node's children are cells[4 * i + 1 ... 4 *
 * i + 4]. Zeroed memory is a valid empty heap. */
struct heap {
    struct heap_cell *cells;
    size_t count;
    size_t cap;
};

void heap_put(
    struct heap *heap, struct heap_node *node, int64_t key); /* or move it to another key */
void heap_remove(struct heap *heap, struct heap_node *node); /* nothing when it is in none */
void heap_done(struct heap *heap);

/* How many keys are at most limit; looks at these and their children only. */
size_t heap_count_until(const struct heap *heap, int64_t limit);

/* The item of that type whose member node is. */
#define HEAP_ITEM(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

/* The analyzer does not see that a node is taken out before it is freed. */
static inline struct heap_node *heap_first(const struct heap *heap)
{
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
    return heap->count == 0 ? NULL : heap->cells[0].node;
}

/* Of the first node; INT64_MAX when the heap is empty. */
static inline int64_t heap_first_key(const struct heap *heap)
{
    return heap->count == 0 ? INT64_MAX : heap->cells[0].key;
}

/* Of a node that is in the heap. */
static inline int64_t heap_key(const struct heap *heap, const struct heap_node *node)
{
    return heap->cells[node->place - 1].key;
}

#endif
