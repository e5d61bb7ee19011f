/* test_cadence.c - a feed's rhythm is learned from its polls, and silence is told from a night. */
#include "poll/cadence.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "poll/rule.h"
#include "unit/publishers.h"

#include "unit/test.h"

static const int64_t MINUTE = 60 * (int64_t)SECOND;
static const int64_t HOUR = 3600 * (int64_t)SECOND;
static const int64_t DAY = 86400 * (int64_t)SECOND;
static const int64_t WEEK = 604800 * (int64_t)SECOND;
static const int64_t MONDAY = 1767571200 * (int64_t)SECOND; /* 5 January 2026, 0 h UTC */

/* Polls every ten minutes from `from` to `to`; an event each half hour between the hours given, on
 * weekdays. */
static void follow_office(struct cadence *c, int64_t from, int64_t to, int open, int close)
{
    for (int64_t at = from + 10 * MINUTE; at <= to; at += 10 * MINUTE) {
        int hour = (int)((at - MONDAY) / HOUR % 24);
        bool works = hour >= open && hour < close && (at - MONDAY) / DAY % 7 < 5;

        cadence_learn(c, at, works && (at - MONDAY) / MINUTE % 30 == 0, 0);
    }
}

static struct cadence office(int64_t until)
{
    struct cadence c;

    cadence_init(&c, MONDAY);
    follow_office(&c, MONDAY, until, 8, 18);
    return c;
}

static void wait(struct cadence *c, int64_t from, int64_t to)
{
    for (int64_t at = from + 10 * MINUTE; at <= to; at += 10 * MINUTE)
        cadence_learn(c, at, false, 0);
}

static void learns_the_hours_of_the_week(void **state)
{
    const struct cadence c = office(MONDAY + 4 * WEEK);

    (void)state;
    assert_true(fabs(cadence_rate(&c, MONDAY + 2 * DAY + 10 * HOUR) - 2) < 0.3);
    assert_true(cadence_rate(&c, MONDAY + 2 * DAY + 3 * HOUR) < 0.1);
    assert_true(cadence_rate(&c, MONDAY + 6 * DAY + 10 * HOUR) < 0.4);
}

static void takes_no_night_and_no_weekend_for_silence(void **state)
{
    struct cadence c = office(MONDAY + 8 * WEEK + 4 * DAY + 18 * HOUR); /* Friday evening */

    (void)state;
    wait(&c, MONDAY + 8 * WEEK + 4 * DAY + 18 * HOUR, MONDAY + 9 * WEEK + 8 * HOUR);
    assert_false(cadence_is_silent(&c));
    wait(&c, MONDAY + 9 * WEEK + 8 * HOUR, MONDAY + 9 * WEEK + 12 * HOUR);
    assert_true(cadence_is_silent(&c));
}

static void hears_silence_within_three_usual_gaps(void **state)
{
    const int64_t noon = MONDAY + 8 * WEEK + 2 * DAY + 9 * HOUR;
    struct cadence c = office(noon);
    int64_t usual = cadence_usual_gap(&c, noon);
    int64_t at = noon;

    (void)state;
    assert_true(usual >= 30 * MINUTE && usual < 2 * HOUR);
    assert_true(cadence_mean_gap(&c, noon) >= 25 * MINUTE);
    assert_true(cadence_mean_gap(&c, noon) < 40 * MINUTE);
    while (!cadence_is_silent(&c) && at < noon + DAY)
        cadence_learn(&c, at += MINUTE, false, 0);
    assert_true(at - noon > usual);
    assert_true(at - noon < 7 * HOUR);
    assert_true(cadence_quiet(&c) < 3.1 * cadence_usual(&c));
}

static void tells_when_silence_would_begin(void **state)
{
    const int64_t noon = MONDAY + 8 * WEEK + 2 * DAY + 9 * HOUR;
    struct cadence c = office(noon);
    int64_t until = cadence_until_silent(&c, DAY);

    (void)state;
    assert_true(until < 6 * HOUR);
    assert_int_equal(cadence_until_silent(&c, MINUTE), MINUTE);
    cadence_learn(&c, noon + until - 5 * MINUTE, false, 0);
    assert_false(cadence_is_silent(&c));
    cadence_learn(&c, noon + until + 5 * MINUTE, false, 0);
    assert_true(cadence_is_silent(&c));
    assert_int_equal(cadence_until_silent(&c, DAY), DAY);
}

static void asks_more_often_in_the_hours_that_bring_news(void **state)
{
    const int64_t quarter = 15 * MINUTE;
    struct cadence c = office(MONDAY + 8 * WEEK + 2 * DAY + 9 * HOUR);
    int64_t by_day = cadence_stretch(&c, quarter, 6 * HOUR);
    int64_t by_night;

    (void)state;
    assert_true(by_day < 10 * MINUTE);
    c = office(MONDAY + 8 * WEEK + 2 * DAY + 20 * HOUR);
    by_night = cadence_stretch(&c, quarter, 6 * HOUR);
    assert_true(by_night > HOUR);
    assert_int_equal(cadence_stretch(&c, quarter, HOUR), HOUR);
    c = office(MONDAY + 8 * WEEK + 3 * DAY + 7 * HOUR + HOUR / 2); /* soon they begin */
    assert_true(cadence_stretch(&c, quarter, 6 * HOUR) < by_night);
    c = office(MONDAY + 5 * DAY);
    assert_int_equal(cadence_stretch(&c, quarter, 6 * HOUR), quarter);
}

static void one_event_ends_silence(void **state)
{
    const int64_t noon = MONDAY + 8 * WEEK + 2 * DAY + 9 * HOUR;
    struct cadence c = office(noon);

    (void)state;
    wait(&c, noon, noon + 9 * HOUR);
    assert_true(cadence_is_silent(&c));
    cadence_learn(&c, noon + 9 * HOUR + MINUTE, true, 0);
    assert_false(cadence_is_silent(&c));
}

static void judges_nothing_it_does_not_know(void **state)
{
    struct cadence c = office(MONDAY + 9 * DAY);

    (void)state;
    assert_int_equal(cadence_usual_gap(&c, MONDAY + 9 * DAY), 0);
    assert_false(cadence_is_silent(&c));
    cadence_init(&c, MONDAY);
    for (int week = 0; week < 7; week++)
        cadence_learn(&c, MONDAY + week * WEEK, true, 0);
    wait(&c, MONDAY + 6 * WEEK, MONDAY + 40 * WEEK);
    assert_false(cadence_is_silent(&c));
}

static void time_without_an_answer_is_not_quiet(void **state)
{
    const int64_t noon = MONDAY + 8 * WEEK + 2 * DAY + 9 * HOUR;
    struct cadence c = office(noon);
    double quiet = cadence_quiet(&c);

    (void)state;
    cadence_skip(&c, noon + 8 * HOUR);
    assert_true(cadence_quiet(&c) == quiet);
    cadence_learn(&c, noon + 8 * HOUR + MINUTE, false, 0);
    assert_false(cadence_is_silent(&c));
    cadence_learn(&c, noon, false, 0); /* the clock was set back */
    assert_true(c.as_of == noon / SECOND);
    assert_false(cadence_is_silent(&c));
    cadence_learn(&c, noon + 5000 * DAY, false, 0);
    assert_false(cadence_is_silent(&c));
}

/* A digest at 7:30, asked every six hours: its polls say little of the hour, its dates all. */
static struct cadence digest(bool dated)
{
    struct cadence c;

    cadence_init(&c, MONDAY);
    for (int64_t at = MONDAY + 6 * HOUR; at < MONDAY + 9 * WEEK; at += 6 * HOUR)
        cadence_learn(
            &c, at, (at - MONDAY) / HOUR % 24 == 12, dated ? at - 4 * HOUR - HOUR / 2 : 0);
    return c;
}

static void believes_dates_between_two_polls(void **state)
{
    const int64_t day = MONDAY + 9 * WEEK + 2 * DAY;
    struct cadence dated = digest(true);
    struct cadence undated = digest(false);
    struct cadence lying;

    (void)state;
    assert_true(cadence_rate(&dated, day + 7 * HOUR) > 0.8);
    assert_true(cadence_rate(&dated, day + 10 * HOUR) < 0.1);
    assert_true(cadence_rate(&undated, day + 7 * HOUR) < 0.8);
    assert_true(cadence_usual_gap(&dated, day) < 3 * DAY);
    cadence_init(&lying, MONDAY);
    for (int64_t at = MONDAY + 6 * HOUR; at < MONDAY + 9 * WEEK; at += 6 * HOUR)
        cadence_learn(&lying, at, (at - MONDAY) / HOUR % 24 == 12, at - 20 * HOUR);
    assert_memory_equal(&lying, &undated, sizeof(lying));
}

static void forgets_the_hours_a_feed_once_kept(void **state)
{
    struct cadence c = office(MONDAY + 10 * WEEK);

    (void)state;
    follow_office(&c, MONDAY + 10 * WEEK, MONDAY + 40 * WEEK, 14, 23);
    assert_true(cadence_rate(&c, MONDAY + 40 * WEEK + 9 * HOUR) < 0.4);
    assert_true(cadence_rate(&c, MONDAY + 40 * WEEK + 20 * HOUR) > 1.6);
}

static void counts_as_many_events_as_come(void **state)
{
    struct cadence c;

    (void)state;
    cadence_init(&c, MONDAY);
    for (int64_t at = MONDAY; at < MONDAY + 6 * WEEK; at += 30 * (int64_t)SECOND)
        cadence_learn(&c, at, true, 0);
    assert_true(fabs(cadence_rate(&c, MONDAY + 6 * WEEK) - 120) < 12);
    assert_true(cadence_usual_gap(&c, MONDAY + 6 * WEEK) < 5 * MINUTE);
}

/* ---- a month of many publishers, in small: bench_cadence has it at large */

struct month {
    int alarms, polls;
    int64_t silent_at; /* after the death */
    double own_gaps;   /* usual ones, at that time */
};

static struct month live(
    const struct publisher_kind *kind, uint64_t seed, int64_t days, int64_t death)
{
    const struct rule rule = {.min = 30 * (int64_t)SECOND, .max = 6 * HOUR, .first = 5 * MINUTE};
    struct publisher p = publisher_new(kind, seed, (int)days);
    struct publisher_events e = publisher_publish(&p);
    struct month month = {0};
    struct cadence c;
    int64_t interval = rule.first;
    size_t next = 0;
    bool silent = false;

    cadence_init(&c, MONDAY);
    for (int64_t now = 0; now < days * 86400 && month.silent_at == 0; month.polls++) {
        bool news = false;

        now += rule_delay(&rule, cadence_until_silent(&c, cadence_stretch(&c, interval, rule.max)),
                   0, -1, seed * (uint64_t)now) /
               SECOND;
        for (; next < e.count && e.items[next].at <= now; next++)
            news = news || e.items[next].at < death;
        cadence_learn(&c, MONDAY + now * SECOND, news, 0);
        month.alarms += cadence_is_silent(&c) && !silent && now < death;
        silent = cadence_is_silent(&c);
        if (silent && now >= death) {
            month.silent_at = now;
            month.own_gaps = cadence_quiet(&c) / cadence_usual(&c);
        }
        interval = rule_interval(&rule, interval, news);
    }
    free(e.items);
    publisher_done(&p);
    return month;
}

static void raises_under_one_false_alarm_a_day_in_1000_feeds(void **state)
{
    int alarms = 0;
    int feeds = 0;

    (void)state;
    for (int kind = 0; kind < PUBLISHER_KINDS; kind++)
        for (uint64_t seed = 1; seed <= 20; seed++, feeds++)
            alarms +=
                live(&publisher_kinds[kind], seed * 977 + (uint64_t)kind, 30, 30 * 86400).alarms;
    assert_true(feeds == 400);
    assert_true(alarms <= 12); /* in 12,000 days of feeds */
}

/* A letter each Friday: how many weeks after the last one it is missed. */
static double weeks_until_missed(int letters)
{
    const int64_t last = MONDAY + (letters - 1) * WEEK + 4 * DAY;
    struct cadence c;
    int64_t at = MONDAY;

    cadence_init(&c, MONDAY);
    while (at < last + 20 * WEEK && !(at > last && cadence_is_silent(&c))) {
        at += HOUR;
        cadence_learn(&c, at, at <= last && (at - MONDAY) % WEEK == 4 * DAY, 0);
    }
    return (double)(at - last) / (double)WEEK;
}

static void misses_a_weekly_letter_within_weeks(void **state)
{
    (void)state;
    assert_true(weeks_until_missed(10) < 5.5);
    assert_true(weeks_until_missed(20) < 4.5);
    assert_true(weeks_until_missed(40) < 2.5);
    assert_true(weeks_until_missed(40) > 1.5); /* one may be left out */
}

static void finds_out_that_a_publisher_died(void **state)
{
    int found = 0;

    (void)state;
    for (int kind = 0; kind < PUBLISHER_KINDS; kind++) {
        if (publisher_kinds[kind].per_week < 5)
            continue; /* not known after five weeks */
        for (uint64_t seed = 1; seed <= 3; seed++, found++) {
            struct month month = live(&publisher_kinds[kind], seed + 50, 120, 36 * 86400 + 5000);

            if (month.silent_at == 0)
                fail_msg("%s, %d: never", publisher_kinds[kind].name, (int)seed);
            assert_true(month.own_gaps <= 3.1);
        }
    }
    assert_true(found > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_the_hours_of_the_week),
        cmocka_unit_test(takes_no_night_and_no_weekend_for_silence),
        cmocka_unit_test(hears_silence_within_three_usual_gaps),
        cmocka_unit_test(tells_when_silence_would_begin),
        cmocka_unit_test(asks_more_often_in_the_hours_that_bring_news),
        cmocka_unit_test(one_event_ends_silence),
        cmocka_unit_test(judges_nothing_it_does_not_know),
        cmocka_unit_test(time_without_an_answer_is_not_quiet),
        cmocka_unit_test(believes_dates_between_two_polls),
        cmocka_unit_test(forgets_the_hours_a_feed_once_kept),
        cmocka_unit_test(counts_as_many_events_as_come),
        cmocka_unit_test(raises_under_one_false_alarm_a_day_in_1000_feeds),
        cmocka_unit_test(misses_a_weekly_letter_within_weeks),
        cmocka_unit_test(finds_out_that_a_publisher_died),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
