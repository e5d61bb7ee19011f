/* cold.h - which article of the weeks before has which run: a sample of its runs, in parts that
 * lie in a mapped file and end as a whole. */
#ifndef NEARDUP_COLD_H
#define NEARDUP_COLD_H

#include "index.h"

enum {
    /* The sample: of an article's runs one in four. Were all articles compared by so few, it would
     * cost .006 of F1; of those older than three days, of which few are repeated, it costs nothing
     * that three draws of the stream bench show (F1 .989, .981, .983 without, .990, .981, .983
     * with). */
    COLD_LEVELS = 2,
    COLD_PARTS = 4 /* of a window: each run is asked of each, and one goes as a whole */
};

struct cold {
    struct cold_part {
        struct index index;
        uint32_t number;     /* of the part: its articles' by the part's size */
    } parts[COLD_PARTS + 3]; /* a window begins and ends within parts, and one is being ended */
    size_t count;
    uint32_t size; /* articles of a part */
    struct space *space;
};

/* Of a window of so many articles. */
void cold_init(struct cold *cold, size_t articles, struct space *space);
void cold_done(struct cold *cold);

/* groups: that had the run; those that too many have are left out. Articles come in their order. */
void cold_add(
    struct cold *cold, uint32_t article, const uint32_t *keys, const uint8_t *groups, size_t count);

/* Articles before first are gone; what they took goes a block at a time. */
void cold_forget(struct cold *cold, uint32_t first);

void cold_expect(const struct cold *cold, const uint64_t *shingles, size_t count);

/* Postings of shingle, of the newest part that has it first. */
size_t cold_find(const struct cold *cold, uint64_t shingle, struct index_hit ret_hits[INDEX_WALK]);

size_t cold_memory(const struct cold *cold);
size_t cold_mapped(const struct cold *cold);

static inline unsigned cold_level(unsigned level)
{
    return level + COLD_LEVELS < SKETCH_LEVELS ? level + COLD_LEVELS : SKETCH_LEVELS - 1;
}

#endif
