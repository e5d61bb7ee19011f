/* sketch.c - one pass over the words; sets are told by a bit for each term, not by searching. */
#include "sketch.h"

#include <stdlib.h>

#include "base/hash.h"

/* Terms met in this text. All sets together are 40 KiB: they stay in the cache, and are cleared
 * for each text faster than they would be missed. */
struct met {
    uint64_t bits[SKETCH_TERMS / 64];
};

/* What it is for; INSIDE: capitals within sentences. */
enum set_kind { DISTINCT, NAMES, NUMBERS, TITLES, INSIDE, SET_KINDS };

struct sketcher {
    struct words words;
    struct words title;
    struct met met[SET_KINDS];
    uint16_t terms[SKETCH_DISTINCT], names_kept[SKETCH_NAMES], numbers_kept[SKETCH_NUMBERS],
        title_kept[SKETCH_TITLE];
    uint64_t *runs; /* hashes at the level so far */
    size_t run_count;
    struct sketch sketch;
};

enum {
    PLACES = 256,
    SORTED_MOST = 512, /* a text has up to 3 * SKETCH_SHINGLES */
    RUNS = 2 * SKETCH_READ,
    TITLE_READ = 64 /* words of a headline */
};

struct sketcher *sketcher_new(void)
{
    struct sketcher *s = new_zeroed(sizeof(*s));

    s->words.at = new_zeroed((SKETCH_READ + 1) * sizeof(*s->words.at));
    s->title.at = new_zeroed((TITLE_READ + 1) * sizeof(*s->title.at));
    s->runs = new_zeroed(RUNS * sizeof(*s->runs));
    return s;
}

void sketcher_free(struct sketcher *s)
{
    if (s == NULL)
        return;
    free(s->words.at);
    free(s->title.at);
    free(s->runs);
    free(s);
}

/* The finisher of MurmurHash3 (Appleby): every bit of the sum reaches every bit of the hash. */
static uint64_t mix(uint64_t h)
{
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdULL;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ULL;
    return h ^ h >> 33;
}

/* A sign is about half a word: runs of signs have twice as many. */
static size_t run_at(const struct words *words, size_t i, uint64_t *ret_hash)
{
    uint64_t hash = 0;
    size_t halves = 0;
    size_t n = i;

    while (n < words->count && halves < (size_t)2 * SKETCH_SHINGLE) {
        halves += words->at[n].kind == WORD_SIGN ? 1 : 2;
        hash = hash * 0x9e3779b97f4a7c15ULL + words->at[n++].hash;
    }
    *ret_hash = mix(hash);
    return halves >= (size_t)2 * SKETCH_SHINGLE ? n - i : 0;
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* Hashes lie evenly: each goes to its place among 256 (Isaac and Singleton 1956), where one or two
 * are out of order. More than a text of usual length has may be made to meet in one place. */
static void sort_runs(struct sketcher *s, unsigned level)
{
    uint16_t ends[PLACES + 1] = {0};
    uint64_t sorted[SORTED_MOST];

    if (s->run_count > SORTED_MOST) {
        qsort(s->runs, s->run_count, sizeof(*s->runs), compare_hashes);
        return;
    }
    for (size_t i = 0; i < s->run_count; i++)
        ends[(s->runs[i] << level >> 56) + 1]++;
    for (size_t i = 1; i < PLACES; i++)
        ends[i] += ends[i - 1];
    for (size_t i = 0; i < s->run_count; i++)
        sorted[ends[s->runs[i] << level >> 56]++] = s->runs[i];
    for (size_t i = 0; i < s->run_count; i++) {
        size_t at = i;

        for (; at > 0 && s->runs[at - 1] > sorted[i]; at--)
            s->runs[at] = s->runs[at - 1];
        s->runs[at] = sorted[i];
    }
}

static void drop_repeats(struct sketcher *s, unsigned level)
{
    size_t kept = 0;

    sort_runs(s, level);
    for (size_t i = 0; i < s->run_count; i++)
        if (kept == 0 || s->runs[kept - 1] != s->runs[i])
            s->runs[kept++] = s->runs[i];
    s->run_count = kept;
}

/* The lowest level at which what is left fits. */
static void sample(struct sketcher *s)
{
    struct sketch *sketch = &s->sketch;
    size_t kept = s->run_count;
    unsigned level = 0;

    while (kept > SKETCH_SHINGLES) {
        level++;
        while (kept > 0 && s->runs[kept - 1] >> (64 - level) != 0)
            kept--;
    }
    sketch->level = level < SKETCH_LEVELS ? level : SKETCH_LEVELS - 1;
    sketch->shingle_count = kept;
    memcpy(sketch->shingles, s->runs, kept * sizeof(*s->runs));
}

/* Sorting what cannot be kept is not worth it: first a guess of the level from the length. */
static void read_runs(struct sketcher *s)
{
    size_t expect = s->words.count;
    unsigned level = 0;
    uint64_t hash;

    while (expect > (size_t)3 * SKETCH_SHINGLES) {
        expect /= 2;
        level++;
    }
    s->run_count = 0;
    for (size_t i = 0; i < s->words.count && run_at(&s->words, i, &hash) > 0; i++)
        if (level == 0 || hash >> (64 - level) == 0)
            s->runs[s->run_count++] = hash;
    drop_repeats(s, level);
    sample(s);
    if (s->sketch.level < level)
        s->sketch.level = level;
}

static uint64_t term_of(const struct word *word, uint64_t hash)
{
    return (hash & ~(uint64_t)1) | (word->kind == WORD_NUMBER);
}

/* False: it was met before in this text. */
static bool is_first(struct sketcher *s, enum set_kind kind, uint64_t hash)
{
    uint64_t *bits = &s->met[kind].bits[(uint16_t)hash / 64];
    uint64_t bit = (uint64_t)1 << hash % 64;
    bool first = (*bits & bit) == 0;

    *bits |= bit;
    return first;
}

static void set_add(
    struct sketcher *s, struct sketch_set *set, size_t most, enum set_kind kind, uint64_t hash)
{
    if (set->count < most && is_first(s, kind, hash))
        set->at[set->count++] = (uint16_t)hash;
}

static bool is_name(const struct sketcher *s, const struct word *word)
{
    return word->capital &&
           (!word->opens ||
               (s->met[INSIDE].bits[(uint16_t)word->hash / 64] >> word->hash % 64 & 1) != 0);
}

static void read_sets(struct sketcher *s)
{
    struct sketch *k = &s->sketch;

    for (size_t i = 0; i < s->words.count; i++)
        if (s->words.at[i].capital && !s->words.at[i].opens)
            is_first(s, INSIDE, s->words.at[i].hash);
    for (size_t i = 0; i < s->words.count; i++) {
        const struct word *word = &s->words.at[i];

        set_add(s, &k->distinct, SKETCH_DISTINCT, DISTINCT, term_of(word, word->stem));
        if (word->kind == WORD_NUMBER)
            set_add(s, &k->numbers, SKETCH_NUMBERS, NUMBERS, term_of(word, word->hash));
        else if (is_name(s, word))
            set_add(s, &k->names, SKETCH_NAMES, NAMES, word->hash);
    }
    for (size_t i = 0; i < s->title.count; i++)
        set_add(s, &k->title, SKETCH_TITLE, TITLES, term_of(&s->title.at[i], s->title.at[i].stem));
}

const struct sketch *sketch_read(struct sketcher *s, struct bytes title, struct bytes text)
{
    struct sketch *k = &s->sketch;

    words_read_into(text, SKETCH_READ, &s->words);
    words_read_into(title, TITLE_READ, &s->title);
    memset(s->met, 0, sizeof(s->met));
    *k = (struct sketch){.words = s->words.count,
        .distinct = {s->terms, 0},
        .names = {s->names_kept, 0},
        .numbers = {s->numbers_kept, 0},
        .title = {s->title_kept, 0}};
    for (size_t i = 0; i < s->words.count; i++) {
        k->whole = k->whole * 0x9e3779b97f4a7c15ULL + s->words.at[i].hash;
        k->letters += s->words.at[i].len;
    }
    k->whole = mix(k->whole);
    read_runs(s);
    read_sets(s);
    return k;
}

const struct sketch *sketch_last(const struct sketcher *s)
{
    return &s->sketch;
}
