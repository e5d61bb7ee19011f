/* table.h - items found again by a 64 bit hash of what names them. */
#ifndef WIREROOM_BASE_TABLE_H
#define WIREROOM_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Open addressing, at most three quarters full, 16 bytes a cell. Zeroed memory is a valid empty
 * table. The table owns no item; two items with one hash are told apart by is(). */
struct table {
    struct table_cell *cells;
    size_t cap; /* a power of two, or 0 */
    size_t count;
};

typedef bool table_is(const void *item, const void *key);

void *table_find(const struct table *table, uint64_t hash, table_is *is, const void *key);
void table_add(struct table *table, uint64_t hash, void *item);
void table_remove(struct table *table, uint64_t hash, const void *item); /* item is in the table */
void table_done(struct table *table);

#endif
