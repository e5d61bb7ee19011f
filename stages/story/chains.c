/* chains.c - one chain becomes two, each in the order in which it was. */
#include "chains.h"

enum { FIRST_BITS = 10 /* a block of the ring */ };

void chains_init(struct chains *chains)
{
    *chains = (struct chains){.bits = FIRST_BITS};
    ring_init(&chains->heads, sizeof(uint32_t), 0);
    for (size_t i = 0; i < (size_t)1 << FIRST_BITS; i++)
        ring_add(&chains->heads);
}

void chains_done(struct chains *chains)
{
    ring_done(&chains->heads);
}

/* What is not kept ends the chain, and so does what belongs to another: numbers go round, and an
 * item may have the number of one that is long forgotten. */
static void split(struct chains *chains, chains_item *item, void *owner)
{
    uint64_t bit = (uint64_t)1 << chains->bits, from = chains->split, hash;
    uint32_t *head = ring_at(&chains->heads, from), *older;
    uint32_t *ends[2] = {head, ring_add(&chains->heads)};

    for (uint32_t link = *head; link != 0; link = *older) {
        int half;

        older = item(owner, link, &hash);
        if (older == NULL || (hash & (bit - 1)) != from)
            break;
        half = (hash & bit) != 0;
        *ends[half] = link;
        ends[half] = older;
    }
    *ends[0] = *ends[1] = 0;
    if (++chains->split == bit) {
        chains->bits++;
        chains->split = 0;
    }
}

void chains_reach(struct chains *chains, size_t items, chains_item *item, void *owner)
{
    if (chains->heads.end < items)
        split(chains, item, owner);
}

size_t chains_memory(const struct chains *chains)
{
    return ring_memory(&chains->heads);
}
