/* cadence.c - counts by hour of the week, the expectation they give, and the tail of the gaps. */
#include "poll/cadence.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"

enum {
    VERSION = 1,
    HOUR = 3600, /* seconds */
    DAY_HOURS = 24,
    WEEK = 604800,
    RHYTHM_WEEKS = 12,
    CELL_MOST = 255,
    GAPS_MOST = 60000,
    GAP_MOST = 20,           /* expected events */
    APART_MOST = 30 * 86400, /* seconds between two polls of which something is learned */
    MONDAY = 3 * 24,         /* 1970 began on a Thursday */
    USUAL_MOST = 60 * 86400,
    LEVEL_UNIT = 2048,
    SHARE_UNIT = 65535,
};

/* What is known of few weeks is drawn towards what is known of more: in days for an hour of the
 * day, in events for a day of the week, in weeks for a cell. */
static const double hour_prior = 2, day_prior = 2, cell_prior = 2;

/* Silence is judged after so many gaps and so much time. */
enum { GAPS_LEAST = 8, SECONDS_LEAST = 10 * 86400 };

/* Alarms a feed and day that chance alone may raise; and so much of a gap a day more, since of a
 * feed with a gap a week there are few, and a month is long to wait. */
static const double false_alarms = 0.00015, seldom_gaps = 0.5;

/* Spreads events without a time over the hours of their intervals, by what is expected there: their
 * likeliest hour alone would take from its neighbours all they have. */
static const double golden = 0.6180339887498949;

static const double pace_power = 0.75;

static const double usual_share = 0.01; /* of the gaps that are longer than usual */
enum { USUAL_GAPS = 3 };                /* of which silence is at most as long */

/* Gaps: those of MEMORY_DAYS count, but not fewer than MEMORY_LEAST; priors are how many a Poisson
 * feed's stand in for. */
static const double gaps_prior = 6, level_memory = 16;

/* The mean of sixteen gaps is off by a quarter, so that it is believed by so much: all of it made
 * the alarm late by chance more often than it kept a holiday from being one. */
static const double level_weight = 0.3;
enum { MEMORY_DAYS = 14, MEMORY_LEAST = 50 };
static const double high_gap = 1.5, high_prior = 10, scale_least = 0.15;

/* ---- Rates */

static unsigned cell_at(uint32_t seconds)
{
    return (seconds / HOUR + MONDAY) % CADENCE_CELLS;
}

/* How often each cell was passed: all of them `whole` times, the `extra` ones from `first` on once
 * more. */
struct passed {
    unsigned whole, first, extra;
};

static struct passed passed_of(const struct cadence *c)
{
    uint32_t seconds = c->as_of - c->since;

    return (struct passed){.whole = seconds / WEEK,
        .first = cell_at(c->since),
        .extra = (seconds % WEEK + HOUR / 2) / HOUR};
}

static unsigned times(const struct passed *p, unsigned cell)
{
    return p->whole + ((cell + CADENCE_CELLS - p->first) % CADENCE_CELLS < p->extra ? 1 : 0);
}

/* Expected events in an hour of this cell. */
static double cell_rate(const struct cadence *c, const struct passed *p, unsigned cell)
{
    double hours = (double)(p->whole * CADENCE_CELLS + p->extra);
    double overall = ((double)c->total + 0.5) / (hours + 1);
    unsigned day = cell / DAY_HOURS;
    unsigned in_hour = 0, hour_times = 0, in_day = 0, day_times = 0;
    double by_hour, by_day;

    for (unsigned i = cell % DAY_HOURS; i < CADENCE_CELLS; i += DAY_HOURS) {
        in_hour += c->cells[i];
        hour_times += times(p, i);
    }
    for (unsigned i = day * DAY_HOURS; i < (day + 1) * DAY_HOURS; i++) {
        in_day += c->cells[i];
        day_times += times(p, i);
    }
    by_hour = (in_hour + hour_prior * overall) / (hour_times + hour_prior);
    by_day = (in_day + day_prior) / (overall * day_times + day_prior);
    return (c->cells[cell] + cell_prior * by_hour * by_day) / (times(p, cell) + cell_prior);
}

/* Expected events between two times. */
static double expected(const struct cadence *c, uint32_t from, uint32_t to)
{
    struct passed p = passed_of(c);
    double sum = 0;

    if (to > from && to - from > WEEK) {
        unsigned weeks = (to - from) / WEEK;

        for (unsigned cell = 0; cell < CADENCE_CELLS; cell++)
            sum += cell_rate(c, &p, cell);
        sum *= weeks;
        from += weeks * WEEK;
    }
    while (from < to) {
        uint32_t end = (from / HOUR + 1) * HOUR;

        end = end < to ? end : to;
        sum += cell_rate(c, &p, cell_at(from)) * (double)(end - from) / HOUR;
        from = end;
    }
    return sum;
}

/* The time at which so many events are expected since `from`; `to` when they are more. */
static uint32_t reach(const struct cadence *c, uint32_t from, uint32_t to, double events)
{
    struct passed p = passed_of(c);

    while (from < to) {
        uint32_t end = (from / HOUR + 1) * HOUR;
        double rate = cell_rate(c, &p, cell_at(from)) / HOUR;

        end = end < to ? end : to;
        if (rate * (end - from) >= events)
            return from + (uint32_t)(events / rate);
        events -= rate * (end - from);
        from = end;
    }
    return to;
}

static void age(struct cadence *c)
{
    c->total = 0;
    for (unsigned i = 0; i < CADENCE_CELLS; i++) {
        c->cells[i] = (uint8_t)((c->cells[i] + (i & 1)) / 2); /* odd ones up, even ones down */
        c->total = (uint16_t)(c->total + c->cells[i]);
    }
    c->since += (c->as_of - c->since) / 2;
}

static void count(struct cadence *c, uint32_t seconds)
{
    unsigned cell = cell_at(seconds);

    if (c->cells[cell] == CELL_MOST || c->as_of - c->since > RHYTHM_WEEKS * WEEK)
        age(c);
    c->cells[cell]++;
    c->total++;
}

/* ---- Gaps */

static double least(double a, double b)
{
    return a < b ? a : b;
}

static double most(double a, double b)
{
    return a > b ? a : b;
}

static double level_of(const struct cadence *c)
{
    return most(1, 1 + level_weight * ((double)c->level / LEVEL_UNIT - 1));
}

static double gaps_a_day(const struct cadence *c)
{
    double days = (double)(c->as_of - c->since) / (DAY_HOURS * HOUR);

    return (c->total + 1.0) / most(days, 1);
}

/* Gaps on which the tail rests. */
static double gaps_seen(const struct cadence *c)
{
    return least(c->gaps, most(MEMORY_LEAST, MEMORY_DAYS * gaps_a_day(c)));
}

static void draw(float *mean, double value, double part)
{
    *mean += (float)((value - *mean) * part);
}

static void draw_short(uint16_t *mean, double unit, double value, double part)
{
    *mean = (uint16_t)(*mean + (value * unit - *mean) * part + 0.5);
}

static void learn_gap(struct cadence *c, double gap)
{
    double scaled = least(gap / level_of(c), GAP_MOST);
    double seen = gaps_seen(c);

    draw_short(&c->level, LEVEL_UNIT, least(gap, GAP_MOST), 1.0 / level_memory);
    draw_short(&c->over, SHARE_UNIT, scaled > 1, 1 / (seen + gaps_prior));
    draw(&c->excess, most(scaled - 1, 0), 1 / (seen + gaps_prior));
    draw(&c->high_over, scaled > high_gap, 1 / (seen + 1));
    draw(&c->high_excess, most(scaled - high_gap, 0), 1 / (seen + 1));
    if (c->gaps < GAPS_MOST)
        c->gaps++;
}

/* What a share of the gaps exceeds by more, of those that exceed something at all: an exponential
 * tail, widened by how little is known. */
static double tail(double scale, double over, double share, double known)
{
    return share >= over ? 0 : scale * known * (pow(over / share, 1 / known) - 1);
}

/* The gap that a share of the gaps is longer than. Few gaps are longer than high_gap, and of a
 * regular feed they are of another kind (what was left out): they speak for themselves as far as
 * there are any. */
static double quantile(const struct cadence *c, double share)
{
    double seen = gaps_seen(c) + 1;
    double over = most((double)c->over / SHARE_UNIT, 0.002);
    double scale = most(c->excess / over, scale_least);
    double at_high = over * exp((1 - high_gap) / scale);
    double high_over = (c->high_over * seen + high_prior * at_high) / (seen + high_prior);
    double high_scale =
        (c->high_excess * seen + high_prior * scale) / (c->high_over * seen + high_prior);

    return most(
        1 + tail(scale, over, share, seen), high_gap + tail(high_scale, high_over, share, seen));
}

/* ---- */

void cadence_init(struct cadence *c, int64_t wall)
{
    *c = (struct cadence){.since = (uint32_t)(wall / SECOND),
        .as_of = (uint32_t)(wall / SECOND),
        .level = LEVEL_UNIT,
        .over = (uint16_t)(SHARE_UNIT / 2.718), /* Poisson */
        .excess = 1 / 2.718F};
}

static bool is_amount(float value)
{
    return value >= 0 && value <= 1e6F;
}

static bool is_sane(const struct cadence *c)
{
    unsigned total = 0;

    for (unsigned i = 0; i < CADENCE_CELLS; i++)
        total += c->cells[i];
    return c->since <= c->as_of && total == c->total && is_amount(c->waited) &&
           is_amount(c->excess) && is_amount(c->high_over) && is_amount(c->high_excess);
}

void cadence_encode(const struct cadence *c, char ret_stored[CADENCE_STORED])
{
    ret_stored[0] = VERSION;
    memcpy(ret_stored + 1, c, sizeof(*c));
}

bool cadence_decode(struct bytes stored, struct cadence *ret_cadence)
{
    struct cadence cadence;

    if (stored.len != CADENCE_STORED || stored.ptr[0] != VERSION)
        return false;
    memcpy(&cadence, stored.ptr + 1, sizeof(cadence));
    if (!is_sane(&cadence))
        return false;
    *ret_cadence = cadence;
    return true;
}

void cadence_learn(struct cadence *c, int64_t wall, bool news, int64_t published)
{
    uint32_t now = (uint32_t)(wall / SECOND);
    uint32_t at = (uint32_t)(published / SECOND);
    double passed, before;

    if (now < c->as_of) { /* the clock was set back: go on from there */
        c->as_of = now;
        c->since = c->since < now ? c->since : now;
    }
    if (now - c->as_of > APART_MOST)
        cadence_skip(c, wall);
    passed = expected(c, c->as_of, now);
    if (!news) {
        c->waited += (float)passed;
        c->as_of = now;
        return;
    }
    if (published > 0 && at > c->as_of && at <= now) {
        before = expected(c, c->as_of, at);
    } else {
        at = reach(c, c->as_of, now, passed * fmod(c->total * golden, 1));
        before = passed / 2;
    }
    learn_gap(c, c->waited + before);
    c->waited = (float)(passed - before);
    c->as_of = now;
    count(c, at);
}

void cadence_skip(struct cadence *c, int64_t wall)
{
    uint32_t now = (uint32_t)(wall / SECOND);

    if (now <= c->as_of)
        return;
    c->since += now - c->as_of;
    c->as_of = now;
}

static bool is_known(const struct cadence *c)
{
    return c->gaps >= GAPS_LEAST && c->as_of - c->since >= SECONDS_LEAST;
}

double cadence_quiet(const struct cadence *c)
{
    return c->waited / level_of(c);
}

double cadence_usual(const struct cadence *c)
{
    return quantile(c, usual_share);
}

double cadence_limit(const struct cadence *c)
{
    double gaps = gaps_a_day(c);
    double share = false_alarms / gaps * (1 + seldom_gaps / gaps);

    return least(quantile(c, share), USUAL_GAPS * cadence_usual(c));
}

bool cadence_is_silent(const struct cadence *c)
{
    return cadence_quiet(c) > 1 && is_known(c) && cadence_quiet(c) > cadence_limit(c);
}

double cadence_rate(const struct cadence *c, int64_t wall)
{
    struct passed p = passed_of(c);

    return cell_rate(c, &p, cell_at((uint32_t)(wall / SECOND)));
}

int64_t cadence_stretch(const struct cadence *c, int64_t interval, int64_t most_delay)
{
    const struct passed p = passed_of(c);
    double overall = (double)c->total / ((double)(c->as_of - c->since) / HOUR + 1);
    double left = (double)interval / SECOND;
    double limit = (double)most_delay / SECOND;
    double delay = 0;
    uint32_t at = c->as_of;

    if (c->as_of - c->since < WEEK || c->total == 0)
        return interval;
    while (delay < limit) {
        uint32_t end = (at / HOUR + 1) * HOUR;
        double pace = pow(cell_rate(c, &p, cell_at(at)) / overall, pace_power);

        if (pace * (end - at) >= left)
            return (int64_t)(least(delay + left / pace, limit) * SECOND);
        left -= pace * (end - at);
        delay += end - at;
        at = end;
    }
    return most_delay;
}

int64_t cadence_until_silent(const struct cadence *c, int64_t most_delay)
{
    uint32_t to = c->as_of + (uint32_t)(most_delay / SECOND);
    double left;

    if (!is_known(c) || c->waited + expected(c, c->as_of, to) <= level_of(c))
        return most_delay; /* no limit is below one */
    left = (cadence_limit(c) - cadence_quiet(c)) * level_of(c);
    if (left <= 0)
        return most_delay;
    to = reach(c, c->as_of, to, left * 1.001) + 1;
    return (to - c->as_of) * (int64_t)SECOND < most_delay ? (to - c->as_of) * (int64_t)SECOND
                                                          : most_delay;
}

/* The time in which so many events are expected from `wall` on. */
static int64_t time_for(const struct cadence *c, int64_t wall, double events)
{
    uint32_t from = (uint32_t)(wall / SECOND);

    return is_known(c) ? (reach(c, from, from + USUAL_MOST, events) - from) * (int64_t)SECOND : 0;
}

int64_t cadence_mean_gap(const struct cadence *c, int64_t wall)
{
    return time_for(c, wall, level_of(c));
}

int64_t cadence_usual_gap(const struct cadence *c, int64_t wall)
{
    return time_for(c, wall, cadence_usual(c) * level_of(c));
}
