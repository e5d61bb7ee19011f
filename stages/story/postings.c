/* postings.c - a row in the order of arrival, with chains of equal rests of terms through it. */
#include "postings.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/ring.h"
#include "chains.h"

enum { STEPS = 2 * POSTINGS_READ };

struct posting {
    uint32_t term, story;
    uint32_t older; /* in its chain: number + 1, or 0 */
};

struct postings {
    struct ring row;
    struct chains chains; /* terms are hashes already */
};

struct postings *postings_new(void)
{
    struct postings *p = new_zeroed(sizeof(*p));

    ring_init(&p->row, sizeof(struct posting), 0);
    chains_init(&p->chains);
    return p;
}

void postings_free(struct postings *p)
{
    if (p == NULL)
        return;
    ring_done(&p->row);
    chains_done(&p->chains);
    free(p);
}

uint32_t postings_next(const struct postings *p)
{
    return (uint32_t)p->row.end;
}

static size_t count_of(const struct postings *p)
{
    return p->row.end - p->row.first;
}

size_t postings_bytes(const struct postings *p)
{
    return ring_memory(&p->row) + chains_memory(&p->chains);
}

static struct posting *at(const struct postings *p, uint32_t number)
{
    return ring_at(&p->row, number);
}

static bool is_kept(const struct postings *p, uint32_t link)
{
    return link != 0 && link - 1 - (uint32_t)p->row.first < count_of(p);
}

static uint32_t *item_of(void *owner, uint32_t link, uint64_t *ret_hash)
{
    struct postings *p = owner;

    if (!is_kept(p, link))
        return NULL;
    *ret_hash = at(p, link - 1)->term;
    return &at(p, link - 1)->older;
}

void postings_start(struct postings *p, uint32_t number)
{
    if (count_of(p) > 0)
        return;
    ring_done(&p->row);
    ring_init(&p->row, sizeof(struct posting), number);
}

void postings_put(struct postings *p, uint32_t term, uint32_t story)
{
    uint32_t number = postings_next(p), *chain;

    chains_reach(&p->chains, count_of(p) + 1, item_of, p);
    chain = chains_of(&p->chains, term);
    *(struct posting *)ring_add(&p->row) =
        (struct posting){.term = term, .story = story, .older = *chain};
    *chain = number + 1;
}

/* Number + 1 of the newest posting of the term, or 0. */
static uint32_t find_newest(const struct postings *p, uint32_t term)
{
    uint32_t link = *chains_of(&p->chains, term);

    for (int steps = 0; is_kept(p, link) && at(p, link - 1)->term != term; steps++) {
        if (steps == STEPS)
            return 0;
        link = at(p, link - 1)->older;
    }
    return is_kept(p, link) ? link : 0;
}

bool postings_add(struct postings *p, uint32_t term, uint32_t story, uint32_t born)
{
    uint32_t newest = find_newest(p, term);

    if (newest != 0 && at(p, newest - 1)->story == story && !posting_is_before(newest - 1, born))
        return false;
    postings_put(p, term, story);
    return true;
}

void postings_forget(struct postings *p, size_t count)
{
    ring_forget(&p->row, p->row.first + count);
}

void postings_expect(const struct postings *p, const uint32_t *terms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(chains_of(&p->chains, terms[i]));
    for (size_t i = 0; i < count; i++) {
        uint32_t link = *chains_of(&p->chains, terms[i]);

        if (is_kept(p, link))
            __builtin_prefetch(at(p, link - 1));
    }
}

size_t postings_find(
    const struct postings *p, uint32_t term, struct posting_hit ret_hits[POSTINGS_READ])
{
    size_t count = 0, steps = 0;

    for (uint32_t link = *chains_of(&p->chains, term);
         is_kept(p, link) && count < POSTINGS_READ && steps < STEPS;
         link = at(p, link - 1)->older) {
        steps++;
        if (at(p, link - 1)->term == term)
            ret_hits[count++] = (struct posting_hit){at(p, link - 1)->story, link - 1};
    }
    return count;
}
