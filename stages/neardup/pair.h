/* pair.h - how alike two articles are, in numbers, and what a trained model makes of them. */
#ifndef NEARDUP_PAIR_H
#define NEARDUP_PAIR_H

#include "sketch.h"

/* Every feature is a share, 0 to 1, unless it says otherwise. */
#define PAIR_FEATURES(F)                                                                           \
    F(weighted) /* runs shared, of the shorter one, each by 1 / groups that have it */             \
    F(shared)   /* runs shared, of the shorter one */                                              \
    F(jaccard)  /* runs shared, of all */                                                          \
    F(longer)   /* runs shared, of the longer one, weighted */                                     \
    F(names)    /* names shared, each by its rarity */                                             \
    F(numbers)  /* numbers shared, of the one with fewer */                                        \
    F(words)    /* rare words shared, each by its rarity */                                        \
    F(title)    /* words of the headline shared, of the shorter one */                             \
    F(headline) /* words of the headline shared, of the longer one */                              \
    F(length)   /* natural logarithm of the shorter one's words, of ten */                         \
    F(balance)  /* the shorter one's words, of the longer one's */                                 \
    F(runs)     /* logarithm of runs shared, of five */                                            \
    F(figures)  /* 1: both headlines have numbers, and none in common */                           \
    F(known)    /* the one with fewer has so few numbers that they say nothing: 1 / (1 + n) */

enum pair_feature {
#define FEATURE(name) PAIR_##name,
    PAIR_FEATURES(FEATURE)
#undef FEATURE
        PAIR_FEATURE_COUNT
};

struct pair {
    float at[PAIR_FEATURE_COUNT];
};

extern const char *const pair_names[PAIR_FEATURE_COUNT];

/* From this probability on an article is taken for a copy: under folds .5 has more of the copies
 * (recall .989 for .987) and .6 fewer mistakes. */
#define PAIR_ACCEPT .6

/* Probability that one repeats the other. */
double pair_probability(const struct pair *pair);

/* The same of what the model alone says, in the light of what its sums cannot: that reports of a
 * series are no copies, and that one that is contained in the other is likelier one. */
double pair_judge(const struct pair *pair, double probability);

#endif
