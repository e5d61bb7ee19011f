/* publishers.h - simulated publishers of many kinds, for what learns from their feeds: when each of
 * them has news, from nothing but a kind and a seed. Times are seconds; 0 is a Monday, 0 h UTC. */
#ifndef WIREROOM_TEST_PUBLISHERS_H
#define WIREROOM_TEST_PUBLISHERS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { PUBLISHER_HOUR = 3600, PUBLISHER_DAY = 86400, PUBLISHER_WEEK = 604800 };

/* Weights by hour of the local day and by day of the week are digits. Of a kind with slots the
 * hours are those of its slots, and each is kept to within `jitter` seconds. */
struct publisher_kind {
    const char *name;
    bool held_out;   /* not looked at when the model was tuned */
    double per_week; /* events; each feed has its own, around this */
    const char *hours, *days;
    double shape;      /* of the gaps in working time: 1 Poisson, more: regular, less: in clumps */
    double restless;   /* sigma of a day's level, lognormal */
    double follow_ups; /* mean number of further events soon after one */
    double holiday;    /* level in the holiday season */
    int jitter;        /* 0: no slots */
    double skipped;    /* share of slots */
};

static const struct publisher_kind publisher_kinds[] = {
    {"newspaper", false, 220, "100002588998778887765432", "9999845", 1, 0.25, 0.3, 0.5, 0, 0},
    {"newspaper, hourly", false, 100, "000001599999999999996310", "9999967", 3, 0.15, 0, 0.7, 0, 0},
    {"section", false, 28, "000000388987777777654210", "9999935", 1, 0.4, 0.3, 0.5, 0, 0},
    {"wire service", false, 2400, "433334578999999888876655", "9999966", 1, 0.15, 0.2, 0.7, 0, 0},
    {"ministry", false, 12, "000000037999788840000000", "9999800", 1, 0.4, 0.2, 0.3, 0, 0},
    {"blog, weekly", false, 1.2, "111111135677777788876432", "7777779", 2, 0, 0, 0.5, 0, 0},
    {"blog, busy", false, 6, "111111136777777788888532", "8888855", 1, 0.3, 0.3, 0.5, 0, 0},
    {"daily digest", false, 7, "000000010000000000000000", "1111111", 1, 0, 0, 1, 300, 0.01},
    {"weekday letter", false, 5, "000000100000000000000000", "1111100", 1, 0, 0, 0.7, 900, 0.02},
    {"podcast, weekly", false, 1, "000010000000000000000000", "0010000", 1, 0, 0, 0.7, 1800, 0.04},
    {"hourly bulletin", false, 168, "111111111111111111111111", "1111111", 1, 0, 0, 1, 120, 0.01},
    {"magazine", true, 3, "000000001111111110000000", "3399910", 0.8, 0.3, 2, 0.5, 0, 0},
    {"sports", true, 60, "000000012334444567899973", "5455899", 0.7, 0.3, 0.6, 0.6, 0, 0},
    {"tabloid", true, 600, "221112478998888888888765", "9999988", 0.8, 0.2, 0.4, 0.8, 0, 0},
    {"local paper", true, 45, "000000389977555444332100", "9999920", 1.2, 0.35, 0.4, 0.4, 0, 0},
    {"twice a day", true, 14, "000000100000000001000000", "1111111", 1, 0, 0, 0.8, 600, 0.03},
    {"weather office", true, 56, "100100100100100100100100", "1111111", 1, 0, 0, 1, 400, 0.02},
    {"scholar", true, 20, "900000000000000000000000", "1111100", 1, 0.2, 4, 0.5, 0, 0},
    {"night desk", true, 80, "999887653211111112345789", "8888899", 1.5, 0.2, 0, 0.8, 0, 0},
    {"erratic blog", true, 4, "222222244444444444444444", "1111111", 0.5, 0.6, 0.3, 0.4, 0, 0},
};

enum { PUBLISHER_KINDS = sizeof(publisher_kinds) / sizeof(publisher_kinds[0]) };

struct publisher {
    const struct publisher_kind *kind;
    uint64_t chance;
    int zone;   /* hours */
    int summer; /* day at which the clocks change by an hour */
    double per_week;
    int season, season_days; /* first day of the holidays; a year has one season */
    double *level;           /* of each day */
    int days;
};

struct publisher_event {
    int64_t at;
    bool follows; /* soon after another, of the same */
};

struct publisher_events {
    struct publisher_event *items;
    size_t count, cap;
};

static uint64_t publisher_random(uint64_t *chance)
{
    uint64_t z = (*chance += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static double publisher_uniform(uint64_t *chance)
{
    return ((double)(publisher_random(chance) >> 11) + 0.5) / 9007199254740992.0;
}

static double publisher_normal(uint64_t *chance)
{
    double radius = sqrt(-2 * log(publisher_uniform(chance)));

    return radius * cos(6.283185307179586 * publisher_uniform(chance));
}

/* Gamma of mean 1, as Marsaglia and Tsang draw it (ACM TOMS 26(3), 2000). */
static double publisher_gamma(uint64_t *chance, double shape)
{
    double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
    double lift = shape < 1 ? pow(publisher_uniform(chance), 1 / shape) : 1;

    for (;;) {
        double x = publisher_normal(chance);
        double v = 1 + x / sqrt(9 * d);

        if (v > 0 &&
            log(publisher_uniform(chance)) < 0.5 * x * x + d - d * v * v * v + d * log(v * v * v))
            return d * v * v * v * lift / shape;
    }
}

static bool publisher_is_off(const struct publisher *p, int day)
{
    int of_year = ((day - p->season) % 365 + 365) % 365;

    return of_year < p->season_days;
}

/* Level of each day: restless, low in the season, and eight single holidays a year on which a
 * weekday is a Sunday at half the level. */
static void publisher_levels(struct publisher *p)
{
    for (int day = 0; day < p->days; day++) {
        double sigma = p->kind->restless;

        p->level[day] = exp(sigma * publisher_normal(&p->chance) - sigma * sigma / 2);
        if (publisher_is_off(p, day))
            p->level[day] *= p->kind->holiday;
        if (publisher_uniform(&p->chance) < 8.0 / 365)
            p->level[day] *= -0.5;
    }
}

static struct publisher publisher_new(const struct publisher_kind *kind, uint64_t seed, int days)
{
    struct publisher p = {
        .kind = kind, .chance = seed * UINT64_C(0xd1342543de82ef95), .days = days};

    p.zone = (int)(publisher_random(&p.chance) % 18) - 8;
    p.summer = (int)(publisher_random(&p.chance) % 365);
    p.per_week = kind->per_week * exp(0.4 * publisher_normal(&p.chance));
    p.season = (int)(publisher_random(&p.chance) % 365);
    p.season_days = 5 + (int)(publisher_random(&p.chance) % 10);
    p.level = malloc((size_t)days * sizeof(double));
    publisher_levels(&p);
    return p;
}

static void publisher_done(struct publisher *p)
{
    free(p->level);
}

static int64_t publisher_local(const struct publisher *p, int64_t at)
{
    return at + (p->zone + (at / PUBLISHER_DAY % 365 >= p->summer ? 1 : 0)) * PUBLISHER_HOUR +
           PUBLISHER_WEEK;
}

/* Expected events in the hour that begins at `at`. */
static double publisher_rate(const struct publisher *p, int64_t at)
{
    const struct publisher_kind *kind = p->kind;
    int64_t local = publisher_local(p, at);
    double level = p->level[at / PUBLISHER_DAY];
    int day = (int)(local / PUBLISHER_DAY % 7);
    double hours = 0;
    double days = 0;

    if (level < 0) {
        day = 6;
        level = -level;
    }
    for (int i = 0; i < 24; i++)
        hours += kind->hours[i] - '0';
    for (int i = 0; i < 7; i++)
        days += kind->days[i] - '0';
    return p->per_week / (1 + kind->follow_ups) * level *
           (kind->hours[local / PUBLISHER_HOUR % 24] - '0') / hours * (kind->days[day] - '0') /
           days;
}

static void publisher_add(struct publisher_events *events, int64_t at, bool follows)
{
    if (events->count == events->cap) {
        events->cap = events->cap == 0 ? 256 : events->cap * 2;
        events->items = realloc(events->items, events->cap * sizeof(*events->items));
    }
    events->items[events->count++] = (struct publisher_event){at, follows};
}

static void publisher_slots(struct publisher *p, struct publisher_events *events)
{
    const struct publisher_kind *kind = p->kind;

    for (int64_t hour = 0; hour < p->days * 24LL; hour++) {
        int64_t local = publisher_local(p, hour * PUBLISHER_HOUR);
        double off = publisher_is_off(p, (int)(hour / 24)) ? 1 - kind->holiday : 0;

        if (kind->hours[local / PUBLISHER_HOUR % 24] == '0' ||
            kind->days[local / PUBLISHER_DAY % 7] == '0' ||
            publisher_uniform(&p->chance) < kind->skipped + off)
            continue;
        publisher_add(events,
            hour * PUBLISHER_HOUR + 1800 + (int64_t)(publisher_uniform(&p->chance) * kind->jitter),
            false);
    }
}

static int publisher_compare(const void *a, const void *b)
{
    int64_t x = ((const struct publisher_event *)a)->at;
    int64_t y = ((const struct publisher_event *)b)->at;

    return x < y ? -1 : x > y;
}

static void publisher_renewals(struct publisher *p, struct publisher_events *events)
{
    double next = publisher_uniform(&p->chance);
    double passed = 0;

    for (int64_t at = 0; at < (int64_t)p->days * PUBLISHER_DAY; at += PUBLISHER_HOUR) {
        double rate = publisher_rate(p, at);

        while (next < passed + rate) {
            int64_t event = at + (int64_t)((next - passed) / rate * PUBLISHER_HOUR);

            publisher_add(events, event, false);
            while (
                publisher_uniform(&p->chance) < p->kind->follow_ups / (1 + p->kind->follow_ups)) {
                event += 60 + (int64_t)(publisher_uniform(&p->chance) * 1500);
                publisher_add(events, event, true);
            }
            next += publisher_gamma(&p->chance, p->kind->shape);
        }
        passed += rate;
    }
    qsort(events->items, events->count, sizeof(*events->items), publisher_compare);
}

/* All events of its days, in order; items are the caller's to free. */
static struct publisher_events publisher_publish(struct publisher *p)
{
    struct publisher_events events = {0};

    if (p->kind->jitter > 0)
        publisher_slots(p, &events);
    else
        publisher_renewals(p, &events);
    return events;
}

#endif
