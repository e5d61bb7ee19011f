/* memory.h - the articles of the window: which of them resemble a new one, and how. */
#ifndef NEARDUP_MEMORY_H
#define NEARDUP_MEMORY_H

#include "identity.h"
#include "pair.h"

enum {
    MEMORY_CANDIDATES = 12 /* of an article, the heaviest by what they share */
};

/* A new article. */
struct arrival {
    struct bytes id;
    uint32_t page; /* hash of the page's address; 0: none */
    uint32_t seen; /* seconds since 1970; what came a window before it is forgotten */
    const struct sketch *sketch;
};

/* An article that resembles it. */
struct candidate {
    uint32_t article;
    uint32_t words;
    bool equal; /* word for word */
    struct pair pair;
};

struct memory;
struct space;

struct memory_options {
    size_t articles;     /* most */
    uint32_t window;     /* seconds that an article is remembered, */
    uint32_t whole;      /* and of these in which it is known by all its runs, in memory; then by a
                            sample of them, in space */
    struct space *space; /* NULL: on the heap */
};

struct memory *memory_new(const struct memory_options *options);
void memory_free(struct memory *memory);

/* Those that share at least two runs of words with it; other versions of itself and entries of the
 * same page are none. */
size_t memory_compare(struct memory *memory, const struct arrival *arrival,
    struct candidate ret_candidates[MEMORY_CANDIDATES]);

/* The one that is equal, else the likeliest to be repeated (the older of two), NULL of none;
 * ret_probability is that it is. */
const struct candidate *candidate_best(
    const struct candidate *candidates, size_t count, double *ret_probability);

/* Keep it, which was compared last: as a copy of article of, or as one of its own (of 0). */
void memory_add(struct memory *memory, const struct arrival *arrival, uint32_t of);

/* The first of the articles that repeat one another as article does, as far as it is still there,
 * else article itself. */
uint32_t memory_origin(const struct memory *memory, uint32_t article);
const struct identity *memory_identity(const struct memory *memory, uint32_t article);

size_t memory_count(const struct memory *memory);
size_t memory_bytes(const struct memory *memory);
size_t memory_mapped(const struct memory *memory); /* of these, bytes that lie in space */

/* What came since the last save, as bytes of this machine, added to out (nothing when nothing did).
 * memory_load() takes such parts back, in their order: -1, and empty, when one is none or does not
 * follow the last. memory_parts(): how many of the last ones make up what is known now. */
void memory_save(struct memory *memory, struct buf *out);
int memory_load(struct memory *memory, struct bytes saved);
size_t memory_parts(struct memory *memory);

#endif
