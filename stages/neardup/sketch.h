/* sketch.h - what is compared of one article: a sample of its word runs, and its rarest words,
 * names, numbers and headline words. */
#ifndef NEARDUP_SKETCH_H
#define NEARDUP_SKETCH_H

#include "text/words.h"

enum {
    SKETCH_SHINGLE = 4,   /* words of a run: of 3, 4 and 5 the best on the stream bench */
    SKETCH_SHINGLES = 96, /* kept of an article: 64 cost .003 of F1, 192 gain .001 */
    SKETCH_LEVELS = 8,    /* of the sample: one in 1, 2, 4, ... 128 and less */
    SKETCH_TERMS = 1 << 16,
    SKETCH_WORDS = 96, /* rarest words kept */
    SKETCH_NAMES = 24,
    SKETCH_NUMBERS = 16,
    SKETCH_TITLE = 12,
    SKETCH_DISTINCT = 4096, /* different words looked at */
    SKETCH_READ = 20000,    /* words of a text that are read; a book is told by its beginning */
};

/* A set of terms; a term is 15 bits of a word's hash, and a last one that is set for numbers. */
struct sketch_set {
    uint16_t *at;
    size_t count;
};

/* Of runs (hash) those are kept whose upper bits are zero, as many bits (the level) as it takes
 * for SKETCH_SHINGLES: two samples are compared at the higher of their levels, whatever the
 * lengths of the articles. */
struct sketch {
    uint64_t whole;                     /* of all words in their order */
    size_t words, letters;              /* letters: bytes of all words */
    uint64_t shingles[SKETCH_SHINGLES]; /* ascending, each once */
    size_t shingle_count;
    unsigned level;
    struct sketch_set distinct, names, numbers, title; /* distinct: all words, in their order */
};

/* Reads texts, one after the other, into memory of its own. */
struct sketcher;
struct sketcher *sketcher_new(void);
void sketcher_free(struct sketcher *sketcher);

/* The sketch lives until the next call. */
const struct sketch *sketch_read(struct sketcher *sketcher, struct bytes title, struct bytes text);

/* The one read last. */
const struct sketch *sketch_last(const struct sketcher *sketcher);

static inline bool sketch_is_number(uint16_t term)
{
    return (term & 1) != 0;
}

static inline unsigned sketch_level_of(uint64_t shingle)
{
    unsigned level = shingle == 0 ? 64U : (unsigned)__builtin_clzll(shingle);

    return level < SKETCH_LEVELS ? level : SKETCH_LEVELS - 1;
}

#endif
