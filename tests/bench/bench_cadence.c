/* bench_cadence.c - silence judged by a feed's own cadence, over simulated publishers of many
 * kinds.
 *
 *     bench_cadence [FEEDS_OF_A_KIND [SEED]]
 *
 * Each feed is followed from its first poll on as the daemon follows it. Living feeds are judged
 * through two months; each alarm while the publisher lives is a false one, holidays or not. Dead
 * ones end at a random time of the second month: how long from the last entry until the alarm, in
 * the feed's usual gaps at that time of the week? What is usual comes from a further year and a
 * half of the same publisher, which the model never sees: hours are counted by the rate of their
 * hour of the week, and the usual gap is the one that 99 of 100 stay below. The same in usual gaps
 * as the model knows them and in mean gaps stands beside it, and the simplest rule: three times the
 * mean gap. Kinds marked with * were not looked at when the model was tuned. The last line is JSON.
 */
#include <stdio.h>
#include <string.h>

#include "../unit/publishers.h"
#include "base/clock.h"
#include "poll/cadence.h"
#include "poll/rule.h"
#include "target.h"

enum { MONTH = 30, TRUTH_WEEKS = 78, LIFE_DAYS = 60, AFTER_DAYS = 120 };

static const int64_t epoch = 1767571200; /* a Monday, 0 h UTC */
static const struct rule rule = {
    .min = 30 * (int64_t)SECOND, .max = 6 * 3600 * (int64_t)SECOND, .first = 300 * (int64_t)SECOND};

/* ---- the truth of a publisher */

struct truth {
    double hourly[CADENCE_CELLS]; /* events */
    double usual;                 /* gap, in expected events */
};

static double working_time(const struct truth *t, int64_t from, int64_t to)
{
    double sum = 0;

    while (from < to) {
        int64_t end = (from / PUBLISHER_HOUR + 1) * PUBLISHER_HOUR;

        end = end < to ? end : to;
        sum += t->hourly[from / PUBLISHER_HOUR % CADENCE_CELLS] * (double)(end - from) /
               PUBLISHER_HOUR;
        from = end;
    }
    return sum;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double part_of(double *values, size_t count, double part)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof(*values), compare);
    return values[(size_t)(part * (double)(count - 1))];
}

/* Of the events that follow no other. */
static struct truth truth_of(const struct publisher_events *e, int64_t from, int64_t to)
{
    struct truth t = {0};
    double *gaps = malloc((e->count + 1) * sizeof(*gaps));
    double weeks = (double)(to - from) / PUBLISHER_WEEK;
    size_t count = 0;
    int64_t last = 0;

    for (size_t i = 0; i < e->count; i++)
        if (e->items[i].at >= from && !e->items[i].follows)
            t.hourly[e->items[i].at / PUBLISHER_HOUR % CADENCE_CELLS] += 1 / weeks;
    for (size_t i = 0; i < e->count; i++) {
        if (e->items[i].at < from || e->items[i].follows)
            continue;
        if (last != 0)
            gaps[count++] = working_time(&t, last, e->items[i].at);
        last = e->items[i].at;
    }
    t.usual = part_of(gaps, count, 0.99);
    free(gaps);
    return t;
}

/* ---- following a feed */

struct peer { /* three times the mean gap */
    double gap;
    int gaps;
    int64_t last;
};

struct followed {
    struct cadence cadence;
    struct peer peer;
    bool silent, peer_silent;
    int alarms[2], peer_alarms[2]; /* by month */
    int64_t alarm, peer_alarm;     /* first after the death, 0 for none */
    double own;                    /* delay in usual gaps as the model knows them */
    bool judged;                   /* the model knew enough at the death */
    int64_t polls;
};

static void peer_learn(struct peer *peer, int64_t now, bool news)
{
    if (!news)
        return;
    if (peer->last != 0) {
        peer->gaps++;
        peer->gap += ((double)(now - peer->last) - peer->gap) / (peer->gaps < 50 ? peer->gaps : 50);
    }
    peer->last = now;
}

static bool peer_is_silent(const struct peer *peer, int64_t now)
{
    return peer->gaps >= 8 && (double)(now - peer->last) > 3 * peer->gap;
}

static void note(bool was, bool is, int64_t now, int64_t death, int alarms[2], int64_t *alarm)
{
    if (is && !was && now < death && now < LIFE_DAYS * PUBLISHER_DAY)
        alarms[now >= MONTH * PUBLISHER_DAY]++;
    if (is && now >= death && *alarm == 0)
        *alarm = now;
}

/* Seconds, as the daemon has it. */
static int64_t next_delay(const struct cadence *c, int64_t interval, uint64_t chance)
{
    int64_t delay = cadence_until_silent(c, cadence_stretch(c, interval, rule.max));

    return rule_delay(&rule, delay, 0, -1, chance) / SECOND;
}

static void follow(struct followed *f, const struct publisher_events *e, int64_t begin,
    int64_t death, uint64_t seed)
{
    int64_t end = death < INT64_MAX ? death + AFTER_DAYS * (int64_t)PUBLISHER_DAY
                                    : LIFE_DAYS * (int64_t)PUBLISHER_DAY;
    int64_t interval = rule.first;
    int64_t now = begin;
    int64_t last = 0;
    size_t next = 0;

    cadence_init(&f->cadence, (epoch + now) * SECOND);
    while (next < e->count && e->items[next].at <= now)
        next++;
    while (now < end && (f->alarm == 0 || f->peer_alarm == 0)) {
        bool news = false;
        bool silent, peer_silent;

        now += next_delay(&f->cadence, interval, publisher_random(&seed));
        while (next < e->count && e->items[next].at <= now && e->items[next].at < death) {
            news = true;
            last = e->items[next++].at;
        }
        f->polls++;
        cadence_learn(
            &f->cadence, (epoch + now) * SECOND, news, seed & 1 ? (epoch + last) * SECOND : 0);
        peer_learn(&f->peer, now, news);
        silent = cadence_is_silent(&f->cadence);
        peer_silent = peer_is_silent(&f->peer, now);
        if (silent && now >= death && f->alarm == 0)
            f->own = cadence_quiet(&f->cadence) / cadence_usual(&f->cadence);
        note(f->silent, silent, now, death, f->alarms, &f->alarm);
        note(f->peer_silent, peer_silent, now, death, f->peer_alarms, &f->peer_alarm);
        if (now >= death && !f->judged)
            f->judged = cadence_usual_gap(&f->cadence, (epoch + now) * SECOND) > 0;
        f->silent = silent;
        f->peer_silent = peer_silent;
        interval = rule_interval(&rule, interval, news);
    }
}

/* ---- a kind */

struct result {
    double days[2];
    int alarms[2], peer_alarms[2];
    double *delay, *own_delay, *peer_delay, *mean_delay; /* usual gaps; the last in mean gaps */
    size_t dead, missed, peer_missed, unjudged;
};

static void follow_living(struct result *r, const struct publisher_events *e, uint64_t seed)
{
    struct followed f = {0};

    follow(&f, e, (int64_t)(seed % 7) * 40000, INT64_MAX, seed);
    for (int i = 0; i < 2; i++) {
        r->days[i] += MONTH;
        r->alarms[i] += f.alarms[i];
        r->peer_alarms[i] += f.peer_alarms[i];
    }
}

static void follow_dying(
    struct result *r, const struct publisher_events *e, const struct truth *t, uint64_t seed)
{
    int64_t death =
        (MONTH + (int64_t)(seed % MONTH)) * PUBLISHER_DAY + (int64_t)(seed % PUBLISHER_DAY);
    struct followed f = {0};
    int64_t last = 0;

    follow(&f, e, 0, death, seed);
    for (size_t i = 0; i < e->count && e->items[i].at < death; i++)
        last = e->items[i].at;
    if (!f.judged) {
        r->unjudged++;
        return;
    }
    r->missed += f.alarm == 0;
    r->peer_missed += f.peer_alarm == 0;
    if (f.alarm != 0) {
        r->delay[r->dead] = working_time(t, last, f.alarm) / t->usual;
        r->own_delay[r->dead] = f.own;
        r->mean_delay[r->dead] = working_time(t, last, f.alarm);
    }
    if (f.alarm != 0 && f.peer_alarm != 0)
        r->peer_delay[r->dead] = working_time(t, last, f.peer_alarm) / t->usual;
    r->dead += f.alarm != 0;
}

static void simulate(struct result *r, const struct publisher_kind *kind, int feeds, uint64_t seed)
{
    const int days = LIFE_DAYS + AFTER_DAYS + TRUTH_WEEKS * 7;

    for (int i = 0; i < feeds; i++) {
        uint64_t own = (seed << 32) + (uint64_t)(kind - publisher_kinds) * 100003 + (uint64_t)i;
        struct publisher p = publisher_new(kind, own, days);
        struct publisher_events e = publisher_publish(&p);
        struct truth t = truth_of(
            &e, (LIFE_DAYS + AFTER_DAYS) * (int64_t)PUBLISHER_DAY, days * (int64_t)PUBLISHER_DAY);

        follow_living(r, &e, publisher_random(&p.chance));
        follow_dying(r, &e, &t, publisher_random(&p.chance));
        free(e.items);
        publisher_done(&p);
    }
}

static double daily(const int *alarms, const double *days, int from)
{
    int sum = 0;
    double all = 0;

    for (int i = from; i < 2; i++) {
        sum += alarms[i];
        all += days[i];
    }
    return all == 0 ? 0 : sum / all * 1000;
}

static void print_result(const char *name, struct result *r)
{
    size_t n = r->dead;

    printf(
        "%-20s %6.2f %6.2f  %5.2f %5.2f %6.2f  %5.2f %5.2f  %6.2f %6zu %6zu  %8.2f %5.2f %5.2f\n",
        name, daily(r->alarms, r->days, 0), daily(r->alarms, r->days, 1), part_of(r->delay, n, 0.5),
        part_of(r->delay, n, 0.9), part_of(r->delay, n, 1), part_of(r->own_delay, n, 0.5),
        part_of(r->own_delay, n, 1), part_of(r->mean_delay, n, 0.5), r->missed, r->unjudged,
        daily(r->peer_alarms, r->days, 0), part_of(r->peer_delay, n, 0.5),
        part_of(r->peer_delay, n, 0.9));
}

static struct result result_new(size_t most)
{
    return (struct result){.delay = calloc(most, sizeof(double)),
        .own_delay = calloc(most, sizeof(double)),
        .peer_delay = calloc(most, sizeof(double)),
        .mean_delay = calloc(most, sizeof(double))};
}

static void result_done(struct result *r)
{
    free(r->delay);
    free(r->own_delay);
    free(r->peer_delay);
    free(r->mean_delay);
}

static void add_up(struct result *sum, const struct result *r)
{
    for (int i = 0; i < 2; i++) {
        sum->days[i] += r->days[i];
        sum->alarms[i] += r->alarms[i];
        sum->peer_alarms[i] += r->peer_alarms[i];
    }
    memcpy(sum->delay + sum->dead, r->delay, r->dead * sizeof(double));
    memcpy(sum->own_delay + sum->dead, r->own_delay, r->dead * sizeof(double));
    memcpy(sum->peer_delay + sum->dead, r->peer_delay, r->dead * sizeof(double));
    memcpy(sum->mean_delay + sum->dead, r->mean_delay, r->dead * sizeof(double));
    sum->dead += r->dead;
    sum->missed += r->missed;
    sum->peer_missed += r->peer_missed;
    sum->unjudged += r->unjudged;
}

static void print_json(int feeds, uint64_t seed, struct result sums[3])
{
    struct result *all = &sums[2];

    printf(
        "{\"feeds\": %d, \"seed\": %llu, \"false_alarms\": %.3f, \"false_alarms_held_out\": %.3f, "
        "\"false_alarms_3_means\": %.3f, \"delay_p50\": %.2f, \"delay_p90\": %.2f, "
        "\"delay_max\": %.2f, \"own_delay_p50\": %.2f, \"own_delay_max\": %.2f, \"not_heard\": "
        "%zu}\n",
        feeds * PUBLISHER_KINDS, (unsigned long long)seed, daily(all->alarms, all->days, 0),
        daily(sums[1].alarms, sums[1].days, 0), daily(all->peer_alarms, all->days, 0),
        part_of(all->delay, all->dead, 0.5), part_of(all->delay, all->dead, 0.9),
        part_of(all->delay, all->dead, 1), part_of(all->own_delay, all->dead, 0.5),
        part_of(all->own_delay, all->dead, 1), all->missed);
}

int main(int argc, char **argv)
{
    int feeds = argc > 1 ? atoi(argv[1]) : 50;
    uint64_t seed = argc > 2 ? (uint64_t)atol(argv[2]) : 1;
    struct result sums[3];

    for (int i = 0; i < 3; i++)
        sums[i] = result_new((size_t)feeds * PUBLISHER_KINDS);
    printf("%-20s false alarms   delay: usual gaps   own usual     mean    not   not    three mean "
           "gaps\n"
           "%-20s    all 2nd m.    p50   p90    max    p50   max     p50  heard  known   alarms   "
           "p50   p90\n",
        "", "kind");
    for (int i = 0; i < PUBLISHER_KINDS; i++) {
        const struct publisher_kind *kind = &publisher_kinds[i];
        struct result r = result_new((size_t)feeds);
        char name[40];

        simulate(&r, kind, feeds, seed);
        snprintf(name, sizeof(name), "%s%s", kind->name, kind->held_out ? " *" : "");
        print_result(name, &r);
        add_up(&sums[kind->held_out], &r);
        add_up(&sums[2], &r);
        result_done(&r);
    }
    print_result("tuned on", &sums[0]);
    print_result("held out *", &sums[1]);
    print_result("all", &sums[2]);
    print_json(feeds, seed, sums);
    target("false alarms of 1,000 feeds a day", daily(sums[2].alarms, sums[2].days, 0), true, 1);
    target("median delay in usual gaps", part_of(sums[2].delay, sums[2].dead, 0.5), true, 3);
    for (int i = 0; i < 3; i++)
        result_done(&sums[i]);
    return targets_missed == 0 ? 0 : 1;
}
