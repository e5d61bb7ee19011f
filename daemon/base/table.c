/* table.c - linear probing, and removal that closes the gap instead of leaving a mark. */
#include "base/table.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"

enum { FIRST_CAP = 16 };

struct table_cell {
    uint64_t hash;
    void *item; /* NULL: empty */
};

static size_t home(const struct table *table, uint64_t hash)
{
    return (size_t)(hash ^ (hash >> 32)) & (table->cap - 1);
}

void *table_find(const struct table *table, uint64_t hash, table_is *is, const void *key)
{
    if (table->cap == 0)
        return NULL;
    for (size_t i = home(table, hash);; i = (i + 1) & (table->cap - 1)) {
        const struct table_cell *cell = &table->cells[i];

        if (cell->item == NULL)
            return NULL;
        if (cell->hash == hash && is(cell->item, key))
            return cell->item;
    }
}

static void insert(struct table *table, struct table_cell new)
{
    size_t i = home(table, new.hash);

    while (table->cells[i].item != NULL)
        i = (i + 1) & (table->cap - 1);
    table->cells[i] = new;
}

static void grow(struct table *table)
{
    struct table old = *table;

    table->cap = old.cap == 0 ? FIRST_CAP : old.cap * 2;
    table->cells = calloc(table->cap, sizeof(*table->cells));
    if (table->cells == NULL)
        arena_out_of_memory(table->cap * sizeof(*table->cells));
    for (size_t i = 0; i < old.cap; i++)
        if (old.cells[i].item != NULL)
            insert(table, old.cells[i]);
    free(old.cells);
}

void table_add(struct table *table, uint64_t hash, void *item)
{
    assert(item != NULL);
    if (table->count + 1 > table->cap / 4 * 3)
        grow(table);
    insert(table, (struct table_cell){hash, item});
    table->count++;
}

/* Whether the cell at i may move into the gap: its home lies not between both, in the order of
 * probing. */
static bool may_move(const struct table *table, size_t gap, size_t i)
{
    size_t from = home(table, table->cells[i].hash);
    size_t mask = table->cap - 1;

    return ((i - from) & mask) >= ((i - gap) & mask);
}

void table_remove(struct table *table, uint64_t hash, const void *item)
{
    size_t mask = table->cap - 1;
    size_t gap = home(table, hash);

    while (table->cells[gap].item != item) {
        assert(table->cells[gap].item != NULL);
        gap = (gap + 1) & mask;
    }
    for (size_t i = (gap + 1) & mask; table->cells[i].item != NULL; i = (i + 1) & mask) {
        if (may_move(table, gap, i)) {
            table->cells[gap] = table->cells[i];
            gap = i;
        }
    }
    table->cells[gap] = (struct table_cell){0};
    table->count--;
}

void table_done(struct table *table)
{
    free(table->cells);
    *table = (struct table){0};
}
