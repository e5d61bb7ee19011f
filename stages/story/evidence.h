/* evidence.h - an article beside a story: the numbers the model judges by. */
#ifndef STORY_EVIDENCE_H
#define STORY_EVIDENCE_H

#include "archive.h"

/* most: of the member most alike; mean: of all members that are compared; second: of the member
 * second in likeness; centre: to the story as a whole; other: of the story that is best but this
 * one; ahead: what this one is better by. */
enum feature {
    MOST_KIND, /* KINDS of them, as the next */
    MEAN_KIND = MOST_KIND + KINDS,
    MOST_SHARED = MEAN_KIND + KINDS, /* body, names, lead names */
    MOST_PART = MOST_SHARED + 3,
    MEAN_SHARED = MOST_PART + 3,
    MEAN_PART = MEAN_SHARED + 3,
    SECOND_BODY = MEAN_PART + 3,
    SECOND_TOP,
    SECOND_NAME,
    CENTRE_OF,                        /* CENTRES of them */
    SINCE_LAST = CENTRE_OF + CENTRES, /* hours */
    SINCE_FIRST,
    SINCE_NEAREST, /* member */
    SIZE,          /* ln of the originals */
    WORDS,         /* ln of the article's */
    HEADED,
    CROWD_5, /* the fifth best likeness to any article that was compared, and the twentieth */
    CROWD_20,
    COHESION,        /* mean likeness of the members among themselves */
    COVERED_NAMES,   /* part of the article's names that a member has */
    COVERED_IN_LEAD, /* and of those in its lead or headline */
    ALL,             /* of the member most alike: body + top + half of the names */
    OTHER_BODY,
    OTHER_TOP,
    OTHER_ALL,
    AHEAD_BODY,
    AHEAD_TOP,
    AHEAD_NAME,
    AHEAD_ALL,
    FEATURES
};

extern const char *const feature_names[FEATURES];

enum { MOST_CANDIDATES = 10 };

struct candidate {
    uint32_t story;
    float features[FEATURES];
    float mean[CENTRES]; /* likeness to the members, for the story's sums */
    float score;
};

/* The article, as it will be kept, and the time it tells. but: itself when it is a member of the
 * stories it is compared with, or NULL. */
struct draft {
    const struct sketch *sketch;
    int64_t time;
    const struct article *but;
};

/* Whether the article shares more than a headline with a member: series have one headline for all
 * they tell. */
bool evidence_suffices(const float *features);

/* Fill the features of count candidates, whose stories are set. */
void evidence_fill(
    struct archive *archive, const struct draft *draft, struct candidate *candidates, size_t count);

#endif
