/* index.c - chains that run backwards through the ring: what is forgotten ends them by itself, and
 * one chain is split for every few postings, so that no step grows with the index. */
#include "index.h"

enum {
    FIRST_BITS = 12, /* chains at first */
    LOAD = 2,        /* live postings a chain */
    OWNER_STEP = 64  /* postings for which one owner is kept */
};

static uint64_t chain_count(const struct index *index)
{
    return ((uint64_t)1 << index->bits) + index->split;
}

void index_init(struct index *index)
{
    *index = (struct index){.bits = FIRST_BITS};
    ring_init(&index->postings, sizeof(struct posting), 1);
    ring_init(&index->groups, 1, 1);
    ring_init(&index->heads, sizeof(uint32_t), 0);
    ring_init(&index->owners, sizeof(uint32_t), 0);
    ring_add(&index->owners);
    while (index->heads.end < chain_count(index))
        ring_add(&index->heads);
}

void index_done(struct index *index)
{
    ring_done(&index->postings);
    ring_done(&index->groups);
    ring_done(&index->heads);
    ring_done(&index->owners);
}

void index_forget(struct index *index, uint64_t first_posting)
{
    ring_forget(&index->postings, first_posting);
    ring_forget(&index->groups, first_posting);
    ring_forget(&index->owners, index->postings.first / OWNER_STEP);
}

static uint32_t *head_of(const struct index *index, uint32_t key)
{
    uint64_t chain = key & (((uint64_t)1 << index->bits) - 1);

    if (chain < index->split)
        chain = key & (((uint64_t)2 << index->bits) - 1);
    return ring_at(&index->heads, chain);
}

static struct posting *posting_at(const struct index *index, uint64_t number)
{
    return ring_at(&index->postings, number);
}

/* What lies distance before number; 0 when it is forgotten. */
static uint64_t older(const struct index *index, uint64_t number, uint32_t distance)
{
    return distance == 0 || number - index->postings.first < distance ? 0 : number - distance;
}

static uint64_t newest(const struct index *index, const uint32_t *head)
{
    uint32_t distance = (uint32_t)index->postings.end - *head;

    return *head == 0 ? 0 : older(index, index->postings.end, distance);
}

/* A chain's tail while it is made anew. */
struct tail {
    uint32_t *head;
    uint64_t last; /* 0: none yet */
};

static void append(struct index *index, struct tail *tail, uint64_t number)
{
    if (tail->last == 0)
        *tail->head = (uint32_t)number;
    else
        posting_at(index, tail->last)->back = (uint32_t)(tail->last - number);
    tail->last = number;
}

static void finish(struct index *index, const struct tail *tail)
{
    if (tail->last == 0)
        *tail->head = 0;
    else
        posting_at(index, tail->last)->back = 0;
}

static void split_one(struct index *index)
{
    struct tail low = {.head = ring_at(&index->heads, index->split)};
    struct tail high = {.head = ring_add(&index->heads)};
    uint64_t number = newest(index, low.head);

    while (number != 0) {
        const struct posting *posting = posting_at(index, number);
        uint64_t next = older(index, number, posting->back);

        append(index, (posting->key >> index->bits & 1) != 0 ? &high : &low, number);
        number = next;
    }
    finish(index, &low);
    finish(index, &high);
    if (++index->split == (uint64_t)1 << index->bits) {
        index->split = 0;
        index->bits++;
    }
}

void index_add(struct index *index, uint64_t shingle, uint32_t article)
{
    struct posting *posting = ring_add(&index->postings);
    uint64_t number = index->postings.end - 1;
    uint64_t before;
    uint32_t *head;

    ring_add(&index->groups);
    if (number % OWNER_STEP == 0)
        *(uint32_t *)ring_add(&index->owners) = article;
    posting->key = (uint32_t)shingle;
    head = head_of(index, posting->key);
    before = *head == 0 ? 0 : older(index, number, (uint32_t)number - *head);
    posting->back = before == 0 ? 0 : (uint32_t)(number - before);
    *head = (uint32_t)number;
    if (index->postings.end - index->postings.first > LOAD * chain_count(index))
        split_one(index);
}

/* At most most postings of shingle. */
static size_t find(const struct index *index, uint64_t shingle, uint64_t *ret_postings, size_t most)
{
    uint64_t number = newest(index, head_of(index, (uint32_t)shingle));
    size_t count = 0;

    for (size_t steps = 0; number != 0 && count < most && steps < (size_t)2 * INDEX_WALK; steps++) {
        const struct posting *posting = posting_at(index, number);

        if (posting->key == (uint32_t)shingle)
            ret_postings[count++] = number;
        number = older(index, number, posting->back);
    }
    return count;
}

size_t index_find(const struct index *index, uint64_t shingle, uint64_t ret_postings[INDEX_WALK])
{
    return find(index, shingle, ret_postings, INDEX_WALK);
}

uint64_t index_newest(const struct index *index, uint64_t shingle)
{
    uint64_t number = 0;

    find(index, shingle, &number, 1);
    return number;
}

void index_prefetch_head(const struct index *index, uint64_t shingle)
{
    __builtin_prefetch(head_of(index, (uint32_t)shingle));
}

void index_prefetch_posting(const struct index *index, uint64_t shingle)
{
    uint64_t number = newest(index, head_of(index, (uint32_t)shingle));

    if (number == 0)
        return;
    __builtin_prefetch(posting_at(index, number));
    __builtin_prefetch(index_groups(index, number));
}

uint32_t index_owner(const struct index *index, uint64_t posting)
{
    return *(uint32_t *)ring_at(&index->owners, posting / OWNER_STEP);
}
