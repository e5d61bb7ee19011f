/* likeness.c - one walk through the terms of two sketches answers all questions at once. */
#include <math.h>

#include "sketch.h"

static const float class_factor[4] = {1.0F, 1.69F, 2.2F, 3.0F};

float info_weight(uint16_t info)
{
    return (float)(info >> 8) * 0.05F;
}

float info_body_weight(uint16_t info)
{
    return info_weight(info) * class_factor[info >> 6 & 3];
}

/* By places alone: */
static const uint8_t wanted[KINDS] = {
    [BY_BODY] = IN_BODY,
    [BY_TITLE] = IN_TITLE,
    [BY_HEAD] = IN_TITLE | IN_ADDRESS,
    [BY_TOP] = IN_TITLE | IN_ADDRESS | IN_LEAD,
    [BY_NAME] = IN_NAME,
    [BY_LEAD_NAME] = IN_NAME,
    [BY_NUMBER] = IN_NUMBER,
};

bool info_counts(uint16_t info, enum sketch_kind kind)
{
    unsigned places = info_places(info);

    return (places & wanted[kind]) != 0 && (kind != BY_LEAD_NAME || (places & wanted[BY_TOP]) != 0);
}

static float weight_for(uint16_t info, enum sketch_kind kind)
{
    return kind == BY_BODY || kind == BY_NAME ? info_body_weight(info) : info_weight(info);
}

/* The kinds whose weights are also counted as masses. */
static const enum sketch_kind massive[3] = {BY_BODY, BY_NAME, BY_LEAD_NAME};

void sketch_measure(struct sketch *sketch)
{
    float squares[KINDS] = {0};

    memset(sketch->mass, 0, sizeof(sketch->mass));
    for (size_t i = 0; i < sketch->count; i++) {
        for (int kind = 0; kind < KINDS; kind++) {
            float weight;

            if (!info_counts(sketch->info[i], kind))
                continue;
            weight = weight_for(sketch->info[i], kind);
            squares[kind] += weight * weight;
            for (int m = 0; m < 3; m++)
                sketch->mass[m] += massive[m] == (enum sketch_kind)kind ? weight : 0;
        }
    }
    for (int kind = 0; kind < KINDS; kind++)
        sketch->norm[kind] = sqrtf(squares[kind]);
}

/* The kinds for which both count, one by one: most of an article's time is spent here. */
static void meet(uint16_t a, uint16_t b, size_t at, struct likeness *like)
{
    float once = info_weight(a) * info_weight(b);
    float often = info_body_weight(a) * info_body_weight(b);
    unsigned either = info_places(a), other = info_places(b), both = either & other;
    bool on_top = (either & wanted[BY_TOP]) != 0 && (other & wanted[BY_TOP]) != 0;

    if ((both & wanted[BY_BODY]) != 0) {
        like->kind[BY_BODY] += often;
        like->shared[0] += sqrtf(often);
    }
    like->kind[BY_TITLE] += (both & wanted[BY_TITLE]) != 0 ? once : 0;
    like->kind[BY_HEAD] +=
        (either & wanted[BY_HEAD]) != 0 && (other & wanted[BY_HEAD]) != 0 ? once : 0;
    like->kind[BY_TOP] += on_top ? once : 0;
    like->kind[BY_NUMBER] += (both & wanted[BY_NUMBER]) != 0 ? once : 0;
    if ((both & wanted[BY_NAME]) == 0)
        return;
    like->names[at / 64] |= (uint64_t)1 << (at % 64);
    like->kind[BY_NAME] += often;
    like->shared[1] += sqrtf(often);
    like->kind[BY_LEAD_NAME] += on_top ? once : 0;
    like->shared[2] += on_top ? sqrtf(once) : 0;
}

static float least_of(float a, float b)
{
    return a < b ? a : b;
}

void probe_set(struct probe *probe, const uint32_t *keys, size_t count)
{
    probe->keys = keys;
    memset(probe->first, 0, sizeof(probe->first));
    for (size_t i = 0; i < count; i++) {
        uint8_t *first = &probe->first[keys[i] % PROBE];

        probe->next[i] = *first;
        *first = (uint8_t)(i + 1);
    }
}

void sketch_compare(
    const struct sketch *a, const struct probe *probe, const struct sketch *b, struct likeness *ret)
{
    *ret = (struct likeness){0};
    for (size_t k = 0; k < b->count; k++) {
        size_t at = probe_find(probe, b->keys[k]);

        if (at != SIZE_MAX)
            meet(a->info[at], b->info[k], at, ret);
    }
    for (int kind = 0; kind < KINDS; kind++) {
        float norms = a->norm[kind] * b->norm[kind];

        ret->kind[kind] = norms > 0 ? ret->kind[kind] / norms : 0;
    }
    for (int m = 0; m < 3; m++) {
        float mass = least_of(a->mass[m], b->mass[m]);

        ret->part[m] = mass > 0 ? ret->shared[m] / mass : 0;
        ret->shared[m] = logf(1 + ret->shared[m]);
    }
}
