/* index.c - buckets of one line, newest posting last. A full one is put aside and bound to the line
 * it leaves empty, so that each leads to older ones only: what is forgotten is a tail, and is cut
 * off when somebody comes by. One line is split for every few postings, so that no step grows with
 * the index. */
#include "index.h"

enum {
    FIRST_BITS = 16, /* lines at first; fewer would want longer tags */
    LOAD = 6, /* postings a line: with fewer memory is empty, with more lines are put aside */
    LONGEST = 2 * INDEX_WALK / INDEX_LINE + 1, /* lines put aside of one: more are not looked at */
    ALL = (LONGEST + 1) * INDEX_LINE,
    ARTICLE_BITS = 24,
    /* Of 24 bits half are for those that are there, more than TEXTS, half tell what is forgotten;
     * with so many lines swept for each article none is met later than that: 8 million articles
     * have 96 / LOAD lines each. */
    THERE = 1 << (ARTICLE_BITS - 1),
    SWEPT = SKETCH_SHINGLES / LOAD
};

_Static_assert(sizeof(struct line) == RING_ALIGN, "a line is one of the cache");

static uint64_t line_count(const struct index *index)
{
    return ((uint64_t)1 << index->bits) + index->split;
}

void index_init(struct index *index, uint32_t first)
{
    *index = (struct index){.bits = FIRST_BITS, .first = first};
    ring_init(&index->lines, sizeof(struct line), 0);
    ring_init(&index->full, sizeof(struct line), 1);
    while (index->lines.end < line_count(index))
        ring_add(&index->lines);
}

void index_done(struct index *index)
{
    ring_done(&index->lines);
    ring_done(&index->full);
}

static struct line *line_of(const struct index *index, uint32_t key)
{
    uint64_t line = key & (((uint64_t)1 << index->bits) - 1);

    if (line < index->split)
        line = key & (((uint64_t)2 << index->bits) - 1);
    return ring_at(&index->lines, line);
}

static struct line *full_at(const struct index *index, uint32_t number)
{
    return ring_at(&index->full, number);
}

static uint16_t tag_of(uint32_t key)
{
    return (uint16_t)(key >> FIRST_BITS);
}

/* Articles behind the first one that is there. */
static uint32_t distance(const struct index *index, uint32_t says)
{
    return ((says >> 8) - index->first) & ((1U << ARTICLE_BITS) - 1);
}

static bool is_there(const struct index *index, uint32_t says)
{
    return distance(index, says) < THERE;
}

/* ---- lines that were put aside ------------------------------------------------ */

static uint32_t take_line(struct index *index)
{
    uint32_t number = index->free;

    if (number == 0) {
        ring_add(&index->full);
        return (uint32_t)(index->full.end - 1);
    }
    index->free = full_at(index, number)->older;
    return number;
}

static void cut_off(struct index *index, uint32_t *link)
{
    while (*link != 0) {
        uint32_t number = *link;
        struct line *line = full_at(index, number);

        *link = line->older;
        line->older = index->free;
        index->free = number;
    }
}

static void put_aside(struct index *index, struct line *line)
{
    uint32_t number = take_line(index);
    uint32_t *link = &line->older;

    for (int i = 1; i < LONGEST && *link != 0; i++)
        link = &full_at(index, *link)->older;
    cut_off(index, link);
    *full_at(index, number) = *line;
    *line = (struct line){.older = number};
}

/* What is forgotten goes. */
static void clean(struct index *index, struct line *line)
{
    uint32_t *link = &line->older;
    size_t gone = 0;

    while (gone < INDEX_LINE && line->says[gone] != 0 && !is_there(index, line->says[gone]))
        gone++;
    while (gone == 0 && *link != 0 && is_there(index, full_at(index, *link)->says[INDEX_LINE - 1]))
        link = &full_at(index, *link)->older;
    cut_off(index, link);
    if (gone == 0)
        return;
    for (size_t i = 0; i < INDEX_LINE; i++) {
        line->tags[i] = i + gone < INDEX_LINE ? line->tags[i + gone] : 0;
        line->says[i] = i + gone < INDEX_LINE ? line->says[i + gone] : 0;
    }
}

void index_forget(struct index *index, size_t postings)
{
    index->first++;
    index->count -= postings;
    for (int i = 0; i < SWEPT; i++) {
        clean(index, ring_at(&index->lines, index->hand));
        index->hand = (index->hand + 1) % index->lines.end;
    }
}

/* ---- adding ------------------------------------------------------------------- */

static void append(struct index *index, struct line *line, uint16_t tag, uint32_t says)
{
    size_t i = 0;

    if (line->says[INDEX_LINE - 1] != 0)
        clean(index, line);
    if (line->says[INDEX_LINE - 1] != 0)
        put_aside(index, line);
    while (line->says[i] != 0)
        i++;
    line->tags[i] = tag;
    line->says[i] = says;
}

/* Its postings and those of the lines put aside, the oldest last: how many lines. */
static size_t take_all(struct index *index, struct line *line, struct line ret[LONGEST + 1])
{
    size_t count = 1;

    ret[0] = *line;
    for (uint32_t at = line->older; at != 0; at = full_at(index, at)->older)
        ret[count++] = *full_at(index, at);
    cut_off(index, &line->older);
    *line = (struct line){.older = 0};
    return count;
}

static void split_one(struct index *index)
{
    struct line *low = ring_at(&index->lines, index->split), *high = ring_add(&index->lines);
    struct line all[LONGEST + 1];
    size_t count = take_all(index, low, all);

    while (count-- > 0)
        for (size_t i = 0; i < INDEX_LINE && all[count].says[i] != 0; i++) {
            uint16_t tag = all[count].tags[i];

            if (is_there(index, all[count].says[i]))
                append(index, (tag >> (index->bits - FIRST_BITS) & 1) != 0 ? high : low, tag,
                    all[count].says[i]);
        }
    if (++index->split == (uint64_t)1 << index->bits) {
        index->split = 0;
        index->bits++;
    }
    __builtin_prefetch(ring_at(&index->lines, index->split), 1);
}

void index_add(struct index *index, uint64_t shingle, uint32_t article, uint8_t groups)
{
    uint32_t key = (uint32_t)shingle;

    append(index, line_of(index, key), tag_of(key), article << 8 | groups);
    index->count++;
    if (index->count > LOAD * line_count(index) && index->bits < 2 * FIRST_BITS - 1)
        split_one(index);
}

/* ---- finding ------------------------------------------------------------------ */

static size_t find_in(const struct index *index, const struct line *line, uint16_t tag,
    struct index_hit *ret_hits, size_t most)
{
    size_t count = 0;

    for (size_t i = INDEX_LINE; i-- > 0 && count < most;)
        if (line->tags[i] == tag && line->says[i] != 0 && is_there(index, line->says[i]))
            ret_hits[count++] = (struct index_hit){
                index->first + distance(index, line->says[i]), (uint8_t)line->says[i]};
    return count;
}

size_t index_find(
    const struct index *index, uint64_t shingle, struct index_hit ret_hits[INDEX_WALK])
{
    const struct line *line = line_of(index, (uint32_t)shingle);
    uint16_t tag = tag_of((uint32_t)shingle);
    size_t count = find_in(index, line, tag, ret_hits, INDEX_WALK);

    while (line->older != 0 && count < INDEX_WALK) {
        line = full_at(index, line->older);
        count += find_in(index, line, tag, ret_hits + count, INDEX_WALK - count);
    }
    return count;
}

void index_expect(const struct index *index, const uint64_t *shingles, size_t count)
{
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(line_of(index, (uint32_t)shingles[i]), 1);
    for (size_t i = 0; i < count; i++) {
        uint32_t older = line_of(index, (uint32_t)shingles[i])->older;

        if (older != 0)
            __builtin_prefetch(full_at(index, older));
    }
}

size_t index_memory(const struct index *index)
{
    return ring_memory(&index->lines) + ring_memory(&index->full);
}
