/* memory.c - a ring of articles beside the index of their runs, and how often words occur. */
#include "memory.h"

#include <stdlib.h>

#include "private.h"

struct memory *memory_new(size_t articles, uint32_t window)
{
    struct memory *memory = new_zeroed(sizeof(*memory));

    memory->most = articles;
    memory->window = window;
    memory_clear(memory, 1);
    return memory;
}

static bool is_there(const struct memory *memory, uint32_t number)
{
    return number >= memory->articles.first && number < memory->articles.end;
}

struct article *memory_keep(struct memory *memory, const struct article *article)
{
    struct article *kept = ring_add(&memory->articles);
    size_t count = term_count(article);

    *kept = *article;
    kept->terms = new_zeroed((count + 1) * sizeof(*kept->terms));
    memcpy(kept->terms, article->terms, count * sizeof(*kept->terms));
    memory->terms += count;
    return kept;
}

static void article_done(struct memory *memory, struct article *article)
{
    memory->terms -= term_count(article);
    free(article->terms);
    identity_done(&article->id);
}

static void forget_first(struct memory *memory)
{
    uint32_t first = (uint32_t)memory->articles.first;

    if (memory->saved == first)
        saved_forget(memory);
    article_done(memory, article_at(memory, first));
    index_forget(&memory->index, article_at(memory, first)->runs);
    ring_forget(&memory->articles, first + 1);
}

static void forget_all(struct memory *memory)
{
    for (uint64_t i = memory->articles.first; i < memory->articles.end; i++)
        article_done(memory, article_at(memory, (uint32_t)i));
    ring_done(&memory->articles);
    ring_done(&memory->runs);
    index_done(&memory->index);
}

void memory_clear(struct memory *memory, uint64_t first)
{
    forget_all(memory);
    ring_init(&memory->articles, sizeof(struct article), first);
    ring_init(&memory->runs, sizeof(struct run), 0);
    index_init(&memory->index, (uint32_t)first);
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

void memory_forget(struct memory *memory, uint32_t now)
{
    memory->now = now > memory->now ? now : memory->now;
    while (memory->articles.first < memory->articles.end &&
           article_at(memory, (uint32_t)memory->articles.first)->seen + (uint64_t)memory->window <
               memory->now)
        forget_first(memory);
    while (memory_count(memory) >= memory->most)
        forget_first(memory);
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

/* How many groups have the run is told by its newest posting. */
static void find_run(struct memory *memory, uint64_t shingle, size_t run)
{
    struct scratch *s = &memory->new;
    struct index_hit hits[INDEX_WALK];
    size_t count = index_find(&memory->index, shingle, hits);

    s->groups[run] = count == 0 ? 0 : hits[0].groups;
    s->weights[run] = 1.0F / (s->groups[run] > 1 ? (float)s->groups[run] : 1.0F);
    if (s->groups[run] >= COMMON)
        return;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || hits[i].article != hits[i - 1].article)
            mark(s, hits[i].article, s->weights[run]);
}

static void find_runs(struct memory *memory, const struct sketch *sketch)
{
    struct scratch *s = &memory->new;

    memset(s->at_level, 0, sizeof(s->at_level));
    index_expect(&memory->index, sketch->shingles, sketch->shingle_count);
    for (size_t i = 0; i < sketch->shingle_count; i++) {
        find_run(memory, sketch->shingles[i], i);
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

    return mark->runs >= SHARED_LEAST && (arrival->page == 0 || arrival->page != old->page) &&
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
    double weights[SKETCH_LEVELS] = {0};

    for (size_t i = 0; i < sketch->shingle_count; i++) {
        uint8_t groups = s->groups[i];

        if (groups == 0 || (!is_copy && groups < UINT8_MAX))
            groups++;
        index_add(&memory->index, sketch->shingles[i], number, groups);
        saved_run(memory, (uint32_t)sketch->shingles[i], groups);
        for (unsigned level = 0; level <= sketch_level_of(sketch->shingles[i]); level++)
            weights[level] += 1.0 / groups;
    }
    for (unsigned level = 0; level < SKETCH_LEVELS; level++)
        article_at(memory, number)->weight_at[level] = (float)weights[level];
}

void memory_add(struct memory *memory, const struct arrival *arrival, uint32_t of)
{
    uint32_t number = (uint32_t)memory->articles.end;
    struct article *article = memory_keep(memory, &memory->new.article);

    identity_set(&article->id, arrival->id);
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
    /* The heap keeps a word with each piece and gives whole pairs of words. */
    return sizeof(*memory) + ring_memory(&memory->articles) + ring_memory(&memory->runs) +
           index_memory(&memory->index) + memory->terms * sizeof(uint16_t) +
           memory_count(memory) * 2 * sizeof(size_t);
}
