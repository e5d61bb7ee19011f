/* index.h - which article has which run of words: one line of the cache for each few postings. */
#ifndef NEARDUP_INDEX_H
#define NEARDUP_INDEX_H

#include <stdbool.h>

#include "base/ring.h"
#include "sketch.h"

enum {
    INDEX_WALK = 64,   /* postings of one run looked at, newest first */
    INDEX_COMMON = 16, /* groups that have a run: it is a phrase, and makes no candidates */
    INDEX_LINE = 10    /* postings of a line: 64 bytes, with what binds it to older ones */
};

/* Of a run 32 bits are compared: 16 here, and 16 that all of a line have in common; at 200 million
 * postings a chance hit in 20 probes, and two make a candidate. */
struct line {
    uint32_t older; /* number of the line that was full before this one, 0: none */
    uint16_t tags[INDEX_LINE];
    uint32_t says[INDEX_LINE]; /* last 24 bits of an article's number, then 8 of groups; 0: free */
};

struct index {
    struct ring lines;   /* by the last bits of a run */
    struct ring full;    /* what they hold no more; an article's first posting lies in its line */
    struct ring filters; /* of lines that lie in a file: which runs one has, lest it be read */
    uint32_t free;       /* number of one of these that is free, and leads to the next; 0: none */
    uint64_t split;      /* linear hashing (Litwin 1980): lines below split are split */
    unsigned bits, first_bits;
    uint32_t first; /* article; those before it are forgotten */
    uint64_t count; /* postings of the others */
    uint64_t hand;  /* line that is swept next */
};

/* first: number of the first article. */
void index_init(struct index *index, uint32_t first);
void index_done(struct index *index);

/* One whose lines lie in space, and of which no article is forgotten but all together. */
void index_init_in(struct index *index, uint32_t first, struct space *space);
/* All of them, a block at a time: false when there is none left, and it is done with. */
bool index_shrink(struct index *index);

/* The oldest article, which had so many postings, goes. */
void index_forget(struct index *index, size_t postings);

/* groups, 1 to 255: that have the run. */
void index_add(struct index *index, uint64_t shingle, uint32_t article, uint8_t groups);

struct index_hit {
    uint32_t article;
    uint8_t groups; /* that had the run when this one was added */
};

/* Postings of shingle, newest first; returns how many. Of a phrase the newest is enough. */
size_t index_find(
    const struct index *index, uint64_t shingle, struct index_hit ret_hits[INDEX_WALK]);

/* They will be asked for: the memory of all is fetched together. */
void index_expect(const struct index *index, const uint64_t *shingles, size_t count);

size_t index_memory(const struct index *index);
size_t index_mapped(const struct index *index); /* bytes of it that lie in a space */

#endif
