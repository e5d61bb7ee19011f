/* index.h - which article has which run of words: postings in the order of arrival, chained by
 * hash. */
#ifndef NEARDUP_INDEX_H
#define NEARDUP_INDEX_H

#include <stdbool.h>

#include "ring.h"
#include "sketch.h"

enum {
    INDEX_WALK = 64 /* postings of one run looked at, newest first */
};

/* One run of one article. 32 bits of its hash are compared; at 200 million postings a chance hit in
 * 20 probes, and two make a candidate. */
struct posting {
    uint32_t key;
    uint32_t back; /* to the next older of its chain; 0: none */
};

struct index {
    struct ring postings;
    struct ring heads;  /* uint32_t: number of a chain's newest posting, its low half */
    struct ring owners; /* uint32_t: article of each OWNER_STEP-th posting */
    struct ring groups; /* uint8_t of each posting: groups that had the run when it came */
    uint64_t split;     /* linear hashing (Litwin 1980): chains below split are split */
    unsigned bits;
};

void index_init(struct index *index);
void index_done(struct index *index);
void index_forget(struct index *index, uint64_t first_posting);

void index_add(struct index *index, uint64_t shingle, uint32_t article);
/* Numbers of the postings of shingle, newest first, at most INDEX_WALK; returns how many. */
size_t index_find(const struct index *index, uint64_t shingle, uint64_t ret_postings[INDEX_WALK]);

/* The newest posting of shingle, 0 of none. */
uint64_t index_newest(const struct index *index, uint64_t shingle);

/* The memory where the run will be looked for is asked for, in two steps. */
void index_prefetch_head(const struct index *index, uint64_t shingle);
void index_prefetch_posting(const struct index *index, uint64_t shingle);

/* An article at or before the one that has posting. */
uint32_t index_owner(const struct index *index, uint64_t posting);

/* Of a posting: what is compared of its run, and groups that had the run when it was added. */
static inline const uint32_t *index_key(const struct index *index, uint64_t posting)
{
    return &((const struct posting *)ring_at(&index->postings, posting))->key;
}

static inline uint8_t *index_groups(const struct index *index, uint64_t posting)
{
    return ring_at(&index->groups, posting);
}

#endif
