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

static void meet(uint16_t a, uint16_t b, size_t at, struct likeness *like)
{
    for (int kind = 0; kind < KINDS; kind++) {
        float product;

        if (!info_counts(a, kind) || !info_counts(b, kind))
            continue;
        product = weight_for(a, kind) * weight_for(b, kind);
        like->kind[kind] += product;
        for (int m = 0; m < 3; m++)
            if (massive[m] == (enum sketch_kind)kind)
                like->shared[m] += sqrtf(product);
    }
    if ((info_places(a) & info_places(b) & IN_NAME) != 0)
        like->names[at / 64] |= (uint64_t)1 << (at % 64);
}

static float least_of(float a, float b)
{
    return a < b ? a : b;
}

void probe_set(struct probe *probe, const struct sketch *sketch)
{
    probe->sketch = sketch;
    memset(probe->first, 0, sizeof(probe->first));
    for (size_t i = 0; i < sketch->count; i++) {
        uint8_t *first = &probe->first[sketch->keys[i] % PROBE];

        probe->next[i] = *first;
        *first = (uint8_t)(i + 1);
    }
}

static void meet_all(const struct probe *probe, const struct sketch *b, struct likeness *like)
{
    const struct sketch *a = probe->sketch;

    for (size_t k = 0; k < b->count; k++)
        for (uint8_t at = probe->first[b->keys[k] % PROBE]; at != 0; at = probe->next[at - 1])
            if (a->keys[at - 1] == b->keys[k])
                meet(a->info[at - 1], b->info[k], at - 1U, like);
}

void sketch_compare(const struct probe *probe, const struct sketch *b, struct likeness *ret)
{
    const struct sketch *a = probe->sketch;

    *ret = (struct likeness){0};
    meet_all(probe, b, ret);
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
