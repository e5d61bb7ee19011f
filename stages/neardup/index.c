/* index.c - buckets of one line, newest posting last. A full one is put aside and bound to the line
 * it leaves empty, so that each leads to older ones only: what is forgotten is a tail, and is cut
 * off when somebody comes by. One line is split for every few postings, so that no step grows with
 * the index. */
#include "index.h"

enum {
    FIRST_BITS = 16,    /* lines at first; fewer would want longer tags */
    FIRST_BITS_IN = 13, /* in a space: of a run of 32 bits 29 are compared, and few are in one */
    LOAD = 8, /* postings a line: with 6 an article takes 125 bytes more, with 10 lines are put
                 aside */
    LONGEST = 2 * INDEX_WALK / INDEX_LINE + 1, /* lines put aside of one: more are not looked at */
    ALL = (LONGEST + 1) * INDEX_LINE,
    TAG_BITS = 16,
    ARTICLE_BITS = 24,
    /* Of 24 bits half are for those that are there (memory.c), half tell what is forgotten;
     * with so many lines swept for each article none is met later than that: 8 million articles
     * have 96 / LOAD lines each. */
    THERE = 1 << (ARTICLE_BITS - 1),
    SWEPT = SKETCH_SHINGLES / LOAD
};

_Static_assert(sizeof(struct line) == RING_ALIGN, "a line is one of the cache");

/* Bloom's (1970), of a line's postings and those of the lines put aside: of what it does not have a
 * thousandth passes it. */
struct filter {
    uint64_t bits[2];
};

static uint64_t line_count(const struct index *index)
{
    return ((uint64_t)1 << index->bits) + index->split;
}

static uint64_t add_line(struct index *index)
{
    if (index->lines.space != NULL)
        ring_add(&index->filters);
    ring_add(&index->lines);
    return index->lines.end - 1;
}

static void begin(struct index *index, uint32_t first, unsigned bits)
{
    index->bits = index->first_bits = bits;
    index->first = first;
    ring_init(&index->filters, sizeof(struct filter), 0);
    while (index->lines.end < line_count(index))
        add_line(index);
}

void index_init(struct index *index, uint32_t first)
{
    *index = (struct index){.free = 0};
    ring_init(&index->lines, sizeof(struct line), 0);
    ring_init(&index->full, sizeof(struct line), 1);
    begin(index, first, FIRST_BITS);
}

void index_init_in(struct index *index, uint32_t first, struct space *space)
{
    *index = (struct index){.free = 0};
    ring_init_in(&index->lines, sizeof(struct line), 0, space);
    ring_init_in(&index->full, sizeof(struct line), 1, space);
    begin(index, first, FIRST_BITS_IN);
}

void index_done(struct index *index)
{
    ring_done(&index->lines);
    ring_done(&index->full);
    ring_done(&index->filters);
}

static bool shrink(struct ring *ring)
{
    if (ring->first == ring->end)
        return false;
    ring_forget(ring, ring->first + ((uint64_t)1 << ring->bits));
    return true;
}

bool index_shrink(struct index *index)
{
    if (shrink(&index->lines) || shrink(&index->full) || shrink(&index->filters))
        return true;
    index_done(index);
    return false;
}

static uint64_t line_number(const struct index *index, uint32_t key)
{
    uint64_t line = key & (((uint64_t)1 << index->bits) - 1);

    if (line < index->split)
        line = key & (((uint64_t)2 << index->bits) - 1);
    return line;
}

static struct line *line_of(const struct index *index, uint32_t key)
{
    return ring_at(&index->lines, line_number(index, key));
}

static struct line *full_at(const struct index *index, uint32_t number)
{
    return ring_at(&index->full, number);
}

static uint16_t tag_of(const struct index *index, uint32_t key)
{
    return (uint16_t)(key >> index->first_bits);
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

/* ---- filters ------------------------------------------------------------------ */

static struct filter filter_for(uint16_t tag)
{
    uint64_t hash = tag * 0x9e3779b97f4a7c15ULL; /* Knuth's multiplicative hash */
    struct filter ret = {{0}};

    for (int i = 1; i <= 4; i++) {
        unsigned bit = (unsigned)(hash >> (64 - 7 * i)) & 127U;

        ret.bits[bit / 64] |= (uint64_t)1 << bit % 64;
    }
    return ret;
}

static void filter_add(struct index *index, uint64_t line, uint16_t tag)
{
    struct filter add, *filter;

    if (index->lines.space == NULL)
        return;
    add = filter_for(tag);
    filter = ring_at(&index->filters, line);
    filter->bits[0] |= add.bits[0];
    filter->bits[1] |= add.bits[1];
}

static bool may_have(const struct index *index, uint64_t line, uint16_t tag)
{
    const struct filter *filter;
    struct filter of;

    if (index->lines.space == NULL)
        return true;
    of = filter_for(tag);
    filter = ring_at(&index->filters, line);
    return (filter->bits[0] & of.bits[0]) == of.bits[0] &&
           (filter->bits[1] & of.bits[1]) == of.bits[1];
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

/* The posting before of a run that is a phrase: only the newest is asked for (index_find). */
static bool replaces(struct line *line, uint16_t tag, uint32_t says)
{
    size_t end = 0, i;

    while (end < INDEX_LINE && line->says[end] != 0)
        end++;
    for (i = end; i > 0 && line->tags[i - 1] != tag; i--)
        continue;
    if (i == 0 || (line->says[i - 1] & UINT8_MAX) < INDEX_COMMON)
        return false;
    memmove(line->tags + i - 1, line->tags + i, (end - i) * sizeof(line->tags[0]));
    memmove(line->says + i - 1, line->says + i, (end - i) * sizeof(line->says[0]));
    line->tags[end - 1] = tag;
    line->says[end - 1] = says;
    return true;
}

static void append(struct index *index, uint64_t number, uint16_t tag, uint32_t says)
{
    struct line *line = ring_at(&index->lines, number);
    size_t i = 0;

    if ((says & UINT8_MAX) >= INDEX_COMMON && replaces(line, tag, says))
        return;
    if (line->says[INDEX_LINE - 1] != 0)
        clean(index, line);
    if (line->says[INDEX_LINE - 1] != 0)
        put_aside(index, line);
    while (line->says[i] != 0)
        i++;
    line->tags[i] = tag;
    line->says[i] = says;
    filter_add(index, number, tag);
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
    uint64_t low = index->split, high = add_line(index);
    struct line all[LONGEST + 1];
    size_t count = take_all(index, ring_at(&index->lines, low), all);

    if (index->lines.space != NULL)
        *(struct filter *)ring_at(&index->filters, low) = (struct filter){{0}};
    while (count-- > 0)
        for (size_t i = 0; i < INDEX_LINE && all[count].says[i] != 0; i++) {
            uint16_t tag = all[count].tags[i];
            bool is_high = (tag >> (index->bits - index->first_bits) & 1) != 0;

            if (is_there(index, all[count].says[i]))
                append(index, is_high ? high : low, tag, all[count].says[i]);
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

    append(index, line_number(index, key), tag_of(index, key), article << 8 | groups);
    index->count++;
    if (index->count > LOAD * line_count(index) && index->bits < index->first_bits + TAG_BITS - 1)
        split_one(index);
}

/* ---- finding ------------------------------------------------------------------ */

/* Four tags a word (Mycroft's test for a zero among them): nearly all lines have no such one. */
static bool may_hold(const struct line *line, uint16_t tag)
{
    const uint64_t ones = 0x0001000100010001ULL, highs = ones << 15;
    uint64_t words[3] = {0}, found = 0;

    memcpy(words, line->tags, sizeof(line->tags));
    for (int i = 0; i < 3; i++) {
        uint64_t differs = words[i] ^ tag * ones;

        found |= (differs - ones) & ~differs & highs;
    }
    return found != 0;
}

static size_t find_in(const struct index *index, const struct line *line, uint16_t tag,
    struct index_hit *ret_hits, size_t most)
{
    size_t count = 0;

    for (size_t i = may_hold(line, tag) ? INDEX_LINE : 0; i-- > 0 && count < most;)
        if (line->tags[i] == tag && line->says[i] != 0 && is_there(index, line->says[i]))
            ret_hits[count++] = (struct index_hit){
                index->first + distance(index, line->says[i]), (uint8_t)line->says[i]};
    return count;
}

static bool is_common(const struct index_hit *hits, size_t count)
{
    return count > 0 && hits[0].groups >= INDEX_COMMON;
}

size_t index_find(
    const struct index *index, uint64_t shingle, struct index_hit ret_hits[INDEX_WALK])
{
    uint64_t number = line_number(index, (uint32_t)shingle);
    uint16_t tag = tag_of(index, (uint32_t)shingle);
    const struct line *line;
    size_t count;

    if (index->lines.first > 0 || !may_have(index, number, tag)) /* it withers */
        return 0;
    line = ring_at(&index->lines, number);
    count = find_in(index, line, tag, ret_hits, INDEX_WALK);
    while (line->older != 0 && count < INDEX_WALK && !is_common(ret_hits, count)) {
        line = full_at(index, line->older);
        count += find_in(index, line, tag, ret_hits + count, INDEX_WALK - count);
    }
    return count;
}

void index_expect(const struct index *index, const uint64_t *shingles, size_t count)
{
    if (index->lines.first > 0)
        return;
    if (index->lines.space != NULL) {
        for (size_t i = 0; i < count; i++)
            __builtin_prefetch(ring_at(&index->filters, line_number(index, (uint32_t)shingles[i])));
        return;
    }
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
    return ring_memory(&index->lines) + ring_memory(&index->full) + ring_memory(&index->filters);
}

size_t index_mapped(const struct index *index)
{
    return index->lines.space == NULL ? 0 : ring_memory(&index->lines) + ring_memory(&index->full);
}
