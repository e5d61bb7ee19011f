/* memory.c - a ring of articles beside the index of their runs, and how often words occur. */
#include "memory.h"

#include <stdlib.h>

#include "private.h"

enum {
    UNIT = 16,            /* bytes by which pieces are measured */
    WHOLE_MOST = 8000000, /* articles known by all their runs: index.c tells so many apart */
    FORGOTTEN_MOST = 64   /* articles for each that comes */
};

struct memory *memory_new(const struct memory_options *options)
{
    struct memory *memory = new_zeroed(sizeof(*memory));

    memory->most = options->articles;
    memory->window = options->window;
    memory->whole = options->whole;
    memory->space = options->space;
    memory_clear(memory, 1);
    return memory;
}

static bool is_there(const struct memory *memory, uint32_t number)
{
    return number >= memory->articles.first && number < memory->articles.end;
}

static size_t units_for(const struct article *article, size_t id)
{
    size_t size = sample_count(article) * (sizeof(uint32_t) + 1) +
                  term_count(article) * sizeof(uint16_t) + id;

    return size / UNIT + 1;
}

/* Of its piece. */
static size_t units_of(const struct article *article)
{
    return units_for(article, article->id.is_other ? strlen(article->id.other) + 1 : 0);
}

struct article *memory_keep(struct memory *memory, const struct article *article, struct bytes id)
{
    struct article *kept = ring_add(&memory->articles);
    size_t units = units_for(article, identity_room(id));
    uint32_t *piece = ring_add_run(&memory->pieces, units);

    *kept = *article;
    kept->terms = (uint16_t *)(piece + sample_count(article));
    memcpy(kept->terms, article->terms, term_count(article) * sizeof(*kept->terms));
    identity_set(&kept->id, id, (char *)sample_groups(kept) + sample_count(kept));
    return kept;
}

/* The oldest article whose runs are all known: they no longer are. */
static void leave_index(struct memory *memory)
{
    uint32_t number = memory->index.first;
    const struct article *article = article_at(memory, number);
    uint64_t next = ring_after_run(&memory->pieces, memory->cooled, units_of(article));

    index_forget(&memory->index, article->runs);
    ring_rest(&memory->articles, number, number + 1U);
    ring_rest(&memory->pieces, memory->cooled, next);
    memory->cooled = next;
}

/* From now on it is known by the sample of its runs. */
static void cool(struct memory *memory)
{
    const struct article *article = article_at(memory, memory->index.first);

    cold_add(&memory->cold, memory->index.first, sample_keys(article), sample_groups(article),
        sample_count(article));
    leave_index(memory);
}

static void forget_first(struct memory *memory)
{
    uint32_t first = (uint32_t)memory->articles.first;

    if (memory->saved == first)
        saved_forget(memory);
    if (!is_cold(memory, first))
        leave_index(memory);
    ring_forget_run(&memory->pieces, units_of(article_at(memory, first)));
    ring_forget(&memory->articles, first + 1U);
}

static void forget_all(struct memory *memory)
{
    ring_done(&memory->articles);
    ring_done(&memory->pieces);
    ring_done(&memory->runs);
    index_done(&memory->index);
    cold_done(&memory->cold);
}

void memory_clear(struct memory *memory, uint64_t first)
{
    forget_all(memory);
    ring_init_in(&memory->articles, sizeof(struct article), first, memory->space);
    ring_init_in(&memory->pieces, UNIT, 0, memory->space);
    ring_init(&memory->runs, sizeof(struct run), 0);
    index_init(&memory->index, (uint32_t)first);
    cold_init(&memory->cold, memory->most, memory->space);
    memory->cooled = 0;
    memset(&memory->words, 0, sizeof(memory->words));
    memset(&memory->names, 0, sizeof(memory->names));
    buf_clear(&memory->counts);
    memory->listed = 0;
    memory->now = 0;
    memory->saved = first;
    memory->part_count = 0;
    memory->anew = false;
}

void memory_free(struct memory *memory)
{
    if (memory == NULL)
        return;
    forget_all(memory);
    buf_done(&memory->counts);
    free(memory->parts);
    free(memory);
}

static bool is_older(const struct memory *memory, uint64_t number, uint32_t age)
{
    return number < memory->articles.end &&
           article_at(memory, (uint32_t)number)->seen + (uint64_t)age < memory->now;
}

void memory_forget(struct memory *memory, uint32_t now)
{
    memory->now = now > memory->now ? now : memory->now;
    for (int i = 0; i < FORGOTTEN_MOST && is_older(memory, memory->index.first, memory->whole); i++)
        cool(memory);
    for (int i = 0; i < FORGOTTEN_MOST && is_older(memory, memory->articles.first, memory->window);
         i++)
        forget_first(memory);
    while (memory->articles.end - memory->index.first >= WHOLE_MOST)
        cool(memory);
    while (memory_count(memory) >= memory->most)
        forget_first(memory);
    cold_forget(&memory->cold, (uint32_t)memory->articles.first);
}

/* ---- runs shared -------------------------------------------------------------- */

static void mark(struct scratch *s, uint32_t article, float weight)
{
    size_t place = article * 2654435761U % MARKS; /* Knuth's multiplicative hash */

    while (s->marks[place].article != 0 && s->marks[place].article != article)
        place = (place + 1) % MARKS;
    if (s->marks[place].article == 0) {
        if (s->marked == MARKED)
            return;
        s->places[s->marked++] = (uint32_t)place;
        s->marks[place].article = article;
    }
    s->marks[place].runs++;
    s->marks[place].weight += weight;
}

static void mark_all(
    struct memory *memory, const struct index_hit *hits, size_t count, float weight)
{
    for (size_t i = 0; i < count; i++)
        if ((i == 0 || hits[i].article != hits[i - 1].article) && is_there(memory, hits[i].article))
            mark(&memory->new, hits[i].article, weight);
}

/* How many groups have the run is told by its newest posting. */
static void find_run(struct memory *memory, uint64_t shingle, size_t run, bool sampled)
{
    struct scratch *s = &memory->new;
    struct index_hit hits[INDEX_WALK], cold[INDEX_WALK];
    size_t count = index_find(&memory->index, shingle, hits);
    size_t cold_count = sampled ? cold_find(&memory->cold, shingle, cold) : 0;

    s->groups[run] = count > 0 ? hits[0].groups : cold_count > 0 ? cold[0].groups : 0;
    s->weights[run] = 1.0F / (s->groups[run] > 1 ? (float)s->groups[run] : 1.0F);
    if (s->groups[run] >= INDEX_COMMON)
        return;
    mark_all(memory, hits, count, s->weights[run]);
    mark_all(memory, cold, cold_count, s->weights[run]);
}

static void find_runs(struct memory *memory, const struct sketch *sketch)
{
    struct scratch *s = &memory->new;
    unsigned least = cold_level(sketch->level);
    size_t sampled = 0;

    memset(s->at_level, 0, sizeof(s->at_level));
    index_expect(&memory->index, sketch->shingles, sketch->shingle_count);
    while (sampled < sketch->shingle_count && sketch_level_of(sketch->shingles[sampled]) >= least)
        sampled++;
    cold_expect(&memory->cold, sketch->shingles, sampled);
    for (size_t i = 0; i < sketch->shingle_count; i++) {
        find_run(memory, sketch->shingles[i], i, i < sampled);
        for (unsigned level = 0; level <= sketch_level_of(sketch->shingles[i]); level++) {
            s->at_level[level] += s->weights[i];
            s->article.at_level[level]++;
        }
    }
}

/* ---- the candidates ----------------------------------------------------------- */

static bool is_candidate(
    const struct memory *memory, const struct arrival *arrival, const struct mark *mark)
{
    const struct article *old = article_at(memory, mark->article);

    return mark->runs >= SHARED_LEAST && old->seen + (uint64_t)memory->window >= memory->now &&
           (arrival->page == 0 || arrival->page != old->page) &&
           !identity_is(&old->id, arrival->id);
}

/* Keep the heaviest, heaviest first; of equals the older. */
static size_t insert(
    const struct mark *best[MEMORY_CANDIDATES], size_t count, const struct mark *mark)
{
    size_t place = count;

    while (place > 0 && (best[place - 1]->weight < mark->weight ||
                            (best[place - 1]->weight == mark->weight &&
                                best[place - 1]->article > mark->article)))
        place--;
    if (place == MEMORY_CANDIDATES)
        return count;
    if (count < MEMORY_CANDIDATES)
        count++;
    memmove(best + place + 1, best + place, (count - place - 1) * sizeof(const struct mark *));
    best[place] = mark;
    return count;
}

static void unmark(struct scratch *s)
{
    for (size_t i = 0; i < s->marked; i++)
        s->marks[s->places[i]] = (struct mark){0};
    s->marked = 0;
}

size_t memory_compare(struct memory *memory, const struct arrival *arrival,
    struct candidate ret_candidates[MEMORY_CANDIDATES])
{
    struct scratch *s = &memory->new;
    const struct mark *best[MEMORY_CANDIDATES];
    size_t count = 0;

    memory_forget(memory, arrival->seen);
    unmark(s);
    describe(memory, arrival);
    find_runs(memory, arrival->sketch);
    for (size_t i = 0; i < s->marked; i++)
        if (is_candidate(memory, arrival, &s->marks[s->places[i]]))
            count = insert(best, count, &s->marks[s->places[i]]);
    if (count > 0)
        describe_sums(memory);
    for (size_t i = 0; i < count; i++)
        compare(memory, best[i], &ret_candidates[i]);
    return count;
}

/* Its runs into the index; how much they weigh is told by their groups, this one among them. */
static void add_runs(
    struct memory *memory, const struct sketch *sketch, uint32_t number, bool is_copy)
{
    const struct scratch *s = &memory->new;
    struct article *article = article_at(memory, number);
    double weights[SKETCH_LEVELS] = {0};

    for (size_t i = 0; i < sketch->shingle_count; i++) {
        uint8_t groups = s->groups[i];

        if (groups == 0 || (!is_copy && groups < UINT8_MAX))
            groups++;
        index_add(&memory->index, sketch->shingles[i], number, groups);
        saved_run(memory, (uint32_t)sketch->shingles[i], groups);
        sample_run(article, i, (uint32_t)sketch->shingles[i], groups);
        for (unsigned level = 0; level <= sketch_level_of(sketch->shingles[i]); level++)
            weights[level] += 1.0 / groups;
    }
    for (unsigned level = 0; level < SKETCH_LEVELS; level++)
        article->weight_at[level] = (float)weights[level];
}

void memory_add(struct memory *memory, const struct arrival *arrival, uint32_t of)
{
    uint32_t number = (uint32_t)memory->articles.end;
    struct article *article = memory_keep(memory, &memory->new.article, arrival->id);

    article->origin = of != 0 && is_there(memory, of) ? article_at(memory, of)->origin : number;
    add_runs(memory, arrival->sketch, number, of != 0);
    if (of != 0)
        return;
    frequency_add(&memory->words, &arrival->sketch->distinct);
    frequency_add(&memory->names, &arrival->sketch->names);
    saved_count(memory, arrival->sketch);
}

uint32_t memory_origin(const struct memory *memory, uint32_t article)
{
    uint32_t origin = article_at(memory, article)->origin;

    return is_there(memory, origin) ? origin : article;
}

const struct identity *memory_identity(const struct memory *memory, uint32_t article)
{
    return &article_at(memory, article)->id;
}

size_t memory_count(const struct memory *memory)
{
    return memory->articles.end - memory->articles.first;
}

size_t memory_bytes(const struct memory *memory)
{
    return sizeof(*memory) + ring_memory(&memory->articles) + ring_memory(&memory->pieces) +
           ring_memory(&memory->runs) + index_memory(&memory->index) + cold_memory(&memory->cold);
}

size_t memory_mapped(const struct memory *memory)
{
    if (memory->space == NULL)
        return 0;
    return ring_memory(&memory->articles) + ring_memory(&memory->pieces) +
           cold_mapped(&memory->cold);
}
