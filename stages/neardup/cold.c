/* cold.c - a row of indexes, the oldest first, each of articles that follow one another. */
#include "cold.h"

#include <string.h>

#include "private.h"

enum {
    LEAST = 4096 /* articles of a part: fewer are not worth the part's own size */
};

void cold_init(struct cold *cold, size_t articles, struct space *space)
{
    size_t size = articles / COLD_PARTS + 1;

    *cold = (struct cold){.size = (uint32_t)(size < LEAST ? LEAST : size), .space = space};
}

void cold_done(struct cold *cold)
{
    while (cold->count > 0)
        index_done(&cold->parts[--cold->count].index);
}

static struct cold_part *part_for(struct cold *cold, uint32_t article)
{
    uint32_t number = article / cold->size;
    struct cold_part *part = &cold->parts[cold->count];

    if (cold->count > 0 && part[-1].number == number)
        return &part[-1];
    if (cold->count == sizeof(cold->parts) / sizeof(cold->parts[0]))
        return NULL;
    part->number = number;
    index_init_in(&part->index, number * cold->size, cold->space);
    cold->count++;
    return part;
}

void cold_add(
    struct cold *cold, uint32_t article, const uint32_t *keys, const uint8_t *groups, size_t count)
{
    struct cold_part *part = part_for(cold, article);

    for (size_t i = 0; i < count && part != NULL; i++)
        if (groups[i] < INDEX_COMMON)
            index_add(&part->index, keys[i], article, groups[i]);
}

void cold_forget(struct cold *cold, uint32_t first)
{
    if (cold->count == 0 || cold->parts[0].number >= first / cold->size ||
        index_shrink(&cold->parts[0].index))
        return;
    cold->count--;
    memmove(cold->parts, cold->parts + 1, cold->count * sizeof(cold->parts[0]));
}

void cold_expect(const struct cold *cold, const uint64_t *shingles, size_t count)
{
    for (size_t i = 0; i < cold->count; i++)
        index_expect(&cold->parts[i].index, shingles, count);
}

size_t cold_find(const struct cold *cold, uint64_t shingle, struct index_hit ret_hits[INDEX_WALK])
{
    struct index_hit hits[INDEX_WALK];
    size_t found = 0;

    for (size_t i = cold->count; i-- > 0 && found < INDEX_WALK;) {
        size_t count = index_find(&cold->parts[i].index, shingle, hits);

        count = count < INDEX_WALK - found ? count : INDEX_WALK - found;
        memcpy(ret_hits + found, hits, count * sizeof(hits[0]));
        found += count;
    }
    return found;
}

size_t cold_memory(const struct cold *cold)
{
    size_t sum = 0;

    for (size_t i = 0; i < cold->count; i++)
        sum += index_memory(&cold->parts[i].index);
    return sum;
}

size_t cold_mapped(const struct cold *cold)
{
    size_t sum = 0;

    for (size_t i = 0; i < cold->count; i++)
        sum += index_mapped(&cold->parts[i].index);
    return sum;
}
