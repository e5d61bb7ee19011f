/* heap.c - a heap of four children a cell, keys kept in the cells so that sifting reads no item. */
#include "base/heap.h"

#include <stdlib.h>

#include "base/arena.h"

enum { CHILDREN = 4 };

static void place(struct heap *heap, size_t at, struct heap_cell cell)
{
    heap->cells[at] = cell;
    cell.node->place = (uint32_t)at + 1;
}

static size_t sift_up(struct heap *heap, size_t at, struct heap_cell cell)
{
    while (at > 0) {
        size_t parent = (at - 1) / CHILDREN;

        if (heap->cells[parent].key <= cell.key)
            break;
        place(heap, at, heap->cells[parent]);
        at = parent;
    }
    return at;
}

static size_t least_child(const struct heap *heap, size_t at)
{
    size_t first = at * CHILDREN + 1;
    size_t least = first;

    for (size_t i = first + 1; i < first + CHILDREN && i < heap->count; i++)
        if (heap->cells[i].key < heap->cells[least].key)
            least = i;
    return least;
}

static size_t sift_down(struct heap *heap, size_t at, struct heap_cell cell)
{
    for (;;) {
        size_t child = least_child(heap, at);

        if (child >= heap->count || heap->cells[child].key >= cell.key)
            return at;
        place(heap, at, heap->cells[child]);
        at = child;
    }
}

static void settle(struct heap *heap, size_t at, struct heap_cell cell)
{
    at = sift_up(heap, at, cell);
    place(heap, sift_down(heap, at, cell), cell);
}

void heap_put(struct heap *heap, struct heap_node *node, int64_t key)
{
    struct heap_cell cell = {key, node};

    if (node->place != 0) {
        settle(heap, node->place - 1, cell);
        return;
    }
    if (heap->count == heap->cap) {
        heap->cap = heap->cap == 0 ? 64 : heap->cap * 2;
        heap->cells = realloc(heap->cells, heap->cap * sizeof(*heap->cells));
        if (heap->cells == NULL)
            arena_out_of_memory(heap->cap * sizeof(*heap->cells));
    }
    heap->count++;
    settle(heap, heap->count - 1, cell);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    size_t at = node->place;
    struct heap_cell last;

    if (at == 0)
        return;
    node->place = 0;
    last = heap->cells[--heap->count];
    if (last.node != node)
        settle(heap, at - 1, last);
}

/* As deep as the heap: 16 for 2^32 nodes. NOLINTNEXTLINE(misc-no-recursion) */
static size_t count_from(const struct heap *heap, size_t at, int64_t limit)
{
    size_t count = 0;

    if (at >= heap->count || heap->cells[at].key > limit)
        return 0;
    for (size_t i = 1; i <= CHILDREN; i++)
        count += count_from(heap, at * CHILDREN + i, limit);
    return count + 1;
}

size_t heap_count_until(const struct heap *heap, int64_t limit)
{
    return count_from(heap, 0, limit);
}

void heap_done(struct heap *heap)
{
    free(heap->cells);
    *heap = (struct heap){0};
}
