/* frequency.h - in how many articles a term occurs, and so how much it tells. */
#ifndef NEARDUP_FREQUENCY_H
#define NEARDUP_FREQUENCY_H

#include "sketch.h"

struct frequency {
    uint32_t articles;
    uint32_t at[SKETCH_TERMS];
};

enum {
    FREQUENCY_ARTICLES = 1 << 20 /* then all counts are halved: what was long ago fades */
};

void frequency_add(struct frequency *frequency, const struct sketch_set *set);

/* ln((1 + articles) / (1 + articles with it)): Robertson and Sparck Jones' weight, simplified. */
float frequency_rarity(const struct frequency *frequency, uint16_t term);

/* The most rarest terms of set, in no order; returns how many there are. */
size_t frequency_rarest(const struct frequency *frequency, const struct sketch_set *set,
    size_t most, uint16_t *ret_terms);

#endif
