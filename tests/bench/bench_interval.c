/* bench_interval.c - how soon news is found when the interval follows the feed's hours of the week,
 * beside the rule that knows no hours, at as many polls.
 *
 *     bench_interval [FEEDS_OF_A_KIND [SEED]]
 *
 * Simulated publishers, two months each, measured from the 21st day on: from an event (entries that
 * follow within minutes not counted) to the poll that finds it. The rule without hours gets its
 * intervals scaled until it asks the feeds of a kind as often. In the last line, which is JSON,
 * delays are geometric means over the kinds. */
#include <stdio.h>
#include <string.h>

#include "../unit/publishers.h"
#include "base/clock.h"
#include "poll/cadence.h"
#include "poll/rule.h"

enum { DAYS = 60, FROM_DAY = 20, DELAYS = 1 << 24 };

static const int64_t epoch = 1767571200; /* a Monday, 0 h UTC */
static const struct rule rule = {
    .min = 30 * (int64_t)SECOND, .max = 6 * 3600 * (int64_t)SECOND, .first = 300 * (int64_t)SECOND};

struct found {
    double *delays;
    size_t count;
    double polls;
};

static int64_t delay_of(
    const struct cadence *c, bool by_hours, int64_t interval, double scale, uint64_t chance)
{
    int64_t delay =
        by_hours ? cadence_stretch(c, interval, rule.max) : (int64_t)((double)interval * scale);

    return rule_delay(&rule, delay, 0, -1, chance) / SECOND;
}

static void follow(struct found *found, const struct publisher_events *e, bool by_hours,
    double scale, uint64_t seed)
{
    const int64_t from = FROM_DAY * (int64_t)PUBLISHER_DAY;
    struct cadence cadence;
    int64_t interval = rule.first;
    size_t next = 0;

    cadence_init(&cadence, epoch * SECOND);
    for (int64_t now = 0; now < DAYS * (int64_t)PUBLISHER_DAY;) {
        bool news = false;

        now += delay_of(&cadence, by_hours, interval, scale, publisher_random(&seed));
        for (; next < e->count && e->items[next].at <= now; next++) {
            news = true;
            if (e->items[next].at >= from && !e->items[next].follows && found->count < DELAYS)
                found->delays[found->count++] = (double)(now - e->items[next].at);
        }
        found->polls += now >= from;
        cadence_learn(&cadence, (epoch + now) * SECOND, news, 0);
        interval = rule_interval(&rule, interval, news);
    }
}

static void follow_kind(struct found *found, const struct publisher_kind *kind, int feeds,
    uint64_t seed, bool by_hours, double scale)
{
    for (int i = 0; i < feeds; i++) {
        uint64_t own = (seed << 32) + (uint64_t)(kind - publisher_kinds) * 100003 + (uint64_t)i;
        struct publisher p = publisher_new(kind, own, DAYS);
        struct publisher_events e = publisher_publish(&p);

        follow(found, &e, by_hours, scale, own);
        free(e.items);
        publisher_done(&p);
    }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double median(struct found *f)
{
    qsort(f->delays, f->count, sizeof(*f->delays), compare);
    return f->count == 0 ? 0 : f->delays[f->count / 2];
}

static double mean(const struct found *f)
{
    double sum = 0;

    for (size_t i = 0; i < f->count; i++)
        sum += f->delays[i];
    return f->count == 0 ? 0 : sum / (double)f->count;
}

static double polls_of(const struct publisher_kind *kind, int feeds, uint64_t seed, double scale)
{
    struct found found = {.delays = malloc(DELAYS * sizeof(double))};

    follow_kind(&found, kind, feeds, seed, false, scale);
    free(found.delays);
    return found.polls;
}

/* The scale at which the rule without hours asks feeds of this kind so often. */
static double equal_scale(const struct publisher_kind *kind, int feeds, uint64_t seed, double polls)
{
    double scale = 1;

    for (int i = 0; i < 6; i++)
        scale *= polls_of(kind, feeds, seed, scale) / polls;
    return scale;
}

int main(int argc, char **argv)
{
    int feeds = argc > 1 ? atoi(argv[1]) : 10;
    uint64_t seed = argc > 2 ? (uint64_t)atol(argv[2]) : 1;
    double feed_days = (double)feeds * (DAYS - FROM_DAY);
    double polls[2] = {0}, medians[2] = {0}, means[2] = {0};

    printf("%-20s  polls a feed and day   median delay, s      mean delay, s\n"
           "kind                     hours  without     hours  without     hours  without\n",
        "");
    for (int i = 0; i < PUBLISHER_KINDS; i++) {
        double row[3][2];
        double scale = 1;

        for (int rules = 0; rules < 2; rules++) {
            struct found found = {.delays = malloc(DELAYS * sizeof(double))};

            follow_kind(&found, &publisher_kinds[i], feeds, seed, rules == 0, scale);
            if (rules == 0)
                scale = equal_scale(&publisher_kinds[i], feeds, seed, found.polls);
            polls[rules] += row[0][rules] = found.polls / feed_days;
            row[1][rules] = median(&found);
            row[2][rules] = mean(&found);
            medians[rules] += log(row[1][rules] + 1) / PUBLISHER_KINDS;
            means[rules] += log(row[2][rules] + 1) / PUBLISHER_KINDS;
            free(found.delays);
        }
        printf("%-20s %9.1f %8.1f %9.0f %8.0f %9.0f %8.0f\n", publisher_kinds[i].name, row[0][0],
            row[0][1], row[1][0], row[1][1], row[2][0], row[2][1]);
    }
    printf("{\"feeds\": %d, \"seed\": %llu, \"polls\": %.1f, \"polls_without\": %.1f, "
           "\"median_seconds\": %.0f, \"median_seconds_without\": %.0f, \"mean_seconds\": %.0f, "
           "\"mean_seconds_without\": %.0f}\n",
        feeds * PUBLISHER_KINDS, (unsigned long long)seed, polls[0] / PUBLISHER_KINDS,
        polls[1] / PUBLISHER_KINDS, exp(medians[0]), exp(medians[1]), exp(means[0]), exp(means[1]));
    return 0;
}
