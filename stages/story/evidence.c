/* evidence.c - first each story by itself, then all of them beside each other. */
#include "evidence.h"

#include <math.h>
#include <stdlib.h>

#define KIND_NAMES(of)                                                                             \
    of ".body", of ".title", of ".head", of ".top", of ".name", of ".leadname", of ".number"
#define MASS_NAMES(of) of ".body", of ".name", of ".leadname"

const char *const feature_names[FEATURES] = {
    KIND_NAMES("most"),
    KIND_NAMES("mean"),
    MASS_NAMES("shared"),
    MASS_NAMES("part"),
    MASS_NAMES("meanshared"),
    MASS_NAMES("meanpart"),
    "second.body",
    "second.top",
    "second.name",
    "centre.body",
    "centre.name",
    "centre.top",
    "since.last",
    "since.first",
    "since.nearest",
    "size",
    "words",
    "headed",
    "crowd5",
    "crowd20",
    "cohesion",
    "covered.names",
    "covered.leadnames",
    "all",
    "other.body",
    "other.top",
    "other.all",
    "ahead.body",
    "ahead.top",
    "ahead.name",
    "ahead.all",
};

/* A feature that makes no sense for a story of one member. */
static const float absent = -1;

enum { CROWD = MOST_CANDIDATES * STORY_COMPARED };

/* All likenesses there were, and what they were made with. */
struct crowd {
    struct probe probe; /* of the article */
    float likeness[CROWD];
    size_t count;
};

/* What is collected member by member. */
struct walk {
    struct candidate *candidate;
    float *most_top, *second_top;
    uint64_t names[2]; /* of the article that any member has */
    float best;        /* "all" of the nearest so far */
    const struct article *nearest;
};

static void raise(float *most, float *second, float value)
{
    if (value > *most) {
        if (second != NULL)
            *second = *most;
        *most = value;
    } else if (second != NULL && value > *second)
        *second = value;
}

static float all_of(const struct likeness *like)
{
    return like->kind[BY_BODY] + like->kind[BY_TOP] + 0.5F * like->kind[BY_NAME];
}

static void add_member(struct walk *walk, const struct article *member, const struct likeness *like)
{
    float *f = walk->candidate->features;
    float all = all_of(like);

    raise(&f[MOST_KIND + BY_BODY], &f[SECOND_BODY], like->kind[BY_BODY]);
    raise(&f[MOST_KIND + BY_TOP], &f[SECOND_TOP], like->kind[BY_TOP]);
    raise(&f[MOST_KIND + BY_NAME], &f[SECOND_NAME], like->kind[BY_NAME]);
    for (int kind = 0; kind < KINDS; kind++) {
        raise(&f[MOST_KIND + kind], NULL, like->kind[kind]);
        f[MEAN_KIND + kind] += like->kind[kind];
    }
    for (int m = 0; m < 3; m++) {
        raise(&f[MOST_SHARED + m], NULL, like->shared[m]);
        raise(&f[MOST_PART + m], NULL, like->part[m]);
        f[MEAN_SHARED + m] += like->shared[m];
        f[MEAN_PART + m] += like->part[m];
    }
    walk->names[0] |= like->names[0];
    walk->names[1] |= like->names[1];
    if (walk->nearest == NULL || all > walk->best) {
        walk->nearest = member;
        walk->best = all;
    }
}

static float hours(int64_t a, int64_t b)
{
    return fabsf((float)(a - b)) / 3600;
}

/* Which part of the article's names the members have. */
static void cover(const struct sketch *sketch, const uint64_t names[2], float *features)
{
    float all = 0, lead = 0, had = 0, lead_had = 0;

    for (size_t i = 0; i < sketch->count; i++) {
        float weight = info_weight(sketch->info[i]);
        bool has = (names[i / 64] >> (i % 64) & 1) != 0;

        if (!info_counts(sketch->info[i], BY_NAME))
            continue;
        all += weight;
        had += has ? weight : 0;
        if (info_counts(sketch->info[i], BY_LEAD_NAME)) {
            lead += weight;
            lead_had += has ? weight : 0;
        }
    }
    features[COVERED_NAMES] = all > 0 ? had / all : absent;
    features[COVERED_IN_LEAD] = lead > 0 ? lead_had / lead : absent;
}

static void add_story(
    const struct story *story, const struct draft *draft, struct candidate *candidate)
{
    static const enum sketch_kind kinds[CENTRES] = {BY_BODY, BY_NAME, BY_TOP};
    float *f = candidate->features;
    float n = (float)(story->originals - (draft->but == NULL ? 0 : 1));
    float sum[CENTRES];

    for (int c = 0; c < CENTRES; c++) {
        candidate->mean[c] = f[MEAN_KIND + kinds[c]];
        sum[c] = story->sum[c] - (draft->but == NULL ? 0 : 1 + 2 * candidate->mean[c] * n);
        f[CENTRE_OF + c] = sum[c] > 0 ? candidate->mean[c] * n / sqrtf(sum[c]) : 0;
    }
    f[COHESION] = n > 1 ? (sum[CENTRE_BODY] - n) / (n * (n - 1)) : absent;
    f[SINCE_LAST] = hours(draft->time, story->last);
    f[SINCE_FIRST] = hours(draft->time, story->first);
    f[SIZE] = logf(n);
    f[WORDS] = logf(1 + (float)draft->sketch->words);
    f[HEADED] = draft->sketch->headed;
}

/* The members that the article is compared with. */
static size_t members_but(const struct archive *archive, uint32_t story, const struct article *but,
    const struct article *ret_members[STORY_COMPARED])
{
    size_t count = archive_members(archive, story, ret_members), kept = 0;

    for (size_t i = 0; i < count; i++)
        if (ret_members[i] != but)
            ret_members[kept++] = ret_members[i];
    return kept;
}

static void fill_one(struct archive *archive, const struct draft *draft,
    struct candidate *candidate, struct crowd *crowd)
{
    const struct article *members[STORY_COMPARED];
    size_t count = members_but(archive, candidate->story, draft->but, members);
    struct walk walk = {.candidate = candidate};
    float *f = candidate->features;
    struct likeness like;

    memset(f, 0, sizeof(candidate->features));
    f[SECOND_BODY] = f[SECOND_TOP] = f[SECOND_NAME] = count > 1 ? 0 : absent;
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(members[i]->sketch.keys);
    for (size_t i = 0; i < count; i++) {
        sketch_compare(draft->sketch, &crowd->probe, &members[i]->sketch, &like);
        add_member(&walk, members[i], &like);
        crowd->likeness[crowd->count++] = like.kind[BY_TOP] + like.kind[BY_BODY];
    }
    for (int i = MEAN_KIND; i < MOST_SHARED; i++)
        f[i] /= (float)count;
    for (int i = MEAN_SHARED; i < SECOND_BODY; i++)
        f[i] /= (float)count;
    cover(draft->sketch, walk.names, f);
    f[ALL] = walk.best;
    f[SINCE_NEAREST] = hours(draft->time, walk.nearest->time);
    add_story(archive_story(archive, candidate->story), draft, candidate);
}

static int falling(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x < y) - (x > y);
}

/* The best of the others stands against each. */
static void set_ahead(
    struct candidate *candidates, size_t count, enum feature of, int other, enum feature ahead)
{
    float first = -1, second = -1;

    for (size_t i = 0; i < count; i++)
        raise(&first, &second, candidates[i].features[of]);
    for (size_t i = 0; i < count; i++) {
        float *f = candidates[i].features;
        float best = count < 2 ? 0 : f[of] >= first ? second : first;

        if (other >= 0)
            f[other] = best;
        f[ahead] = f[of] - best;
    }
}

void evidence_fill(
    struct archive *archive, const struct draft *draft, struct candidate *candidates, size_t count)
{
    struct crowd crowd;

    crowd.count = 0;
    probe_set(&crowd.probe, draft->sketch->keys, draft->sketch->count);
    for (size_t i = 0; i < count; i++)
        fill_one(archive, draft, &candidates[i], &crowd);
    qsort(crowd.likeness, crowd.count, sizeof(float), falling);
    for (size_t i = 0; i < count; i++) {
        candidates[i].features[CROWD_5] = crowd.count > 5 ? crowd.likeness[5] : 0;
        candidates[i].features[CROWD_20] = crowd.count > 20 ? crowd.likeness[20] : 0;
    }
    set_ahead(candidates, count, MOST_KIND + BY_BODY, OTHER_BODY, AHEAD_BODY);
    set_ahead(candidates, count, MOST_KIND + BY_TOP, OTHER_TOP, AHEAD_TOP);
    set_ahead(candidates, count, MOST_KIND + BY_NAME, -1, AHEAD_NAME);
    set_ahead(candidates, count, ALL, OTHER_ALL, AHEAD_ALL);
}

bool evidence_suffices(const float *features)
{
    /* Of 956 pairs of the training stream that belong together 9 share less, of the others 9,270 of
     * 13,000. */
    static const float least_body = 0.1F, least_names = 0.05F;

    return features[MOST_KIND + BY_BODY] >= least_body ||
           features[MOST_KIND + BY_NAME] >= least_names;
}
