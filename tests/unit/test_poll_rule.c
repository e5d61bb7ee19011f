/* test_poll_rule.c - how the next poll follows from the last ones. */
#include "poll/rule.h"

#include "base/clock.h"
#include "store/store.h"

#include <setjmp.h>

#include <cmocka.h>

static const int64_t MINUTE = 60 * (int64_t)SECOND;
static const int64_t HOUR = 3600 * (int64_t)SECOND;
static const int64_t DAY = 86400 * (int64_t)SECOND;
static const struct rule rule = {
    .min = 30 * (int64_t)SECOND, .max = 6 * 3600 * (int64_t)SECOND, .first = 300 * (int64_t)SECOND};

static void assert_between(int64_t value, int64_t least, int64_t most)
{
    if (value < least || value > most)
        fail_msg("%lld s is not from %lld to %lld s", (long long)value / SECOND,
            (long long)least / SECOND, (long long)most / SECOND);
}

static void asks_more_often_after_news_and_less_often_without(void **state)
{
    int64_t interval = rule.first;

    (void)state;
    assert_true(rule_interval(&rule, interval, true) < interval);
    assert_true(rule_interval(&rule, interval, false) > interval);
    for (int i = 0; i < 100; i++)
        interval = rule_interval(&rule, interval, true);
    assert_true(interval == rule.min);
    for (int i = 0; i < 100; i++)
        interval = rule_interval(&rule, interval, false);
    assert_true(interval == rule.max);
}

/* A feed with an entry each `gap`: the interval found after a simulated fortnight. */
static int64_t settle(int64_t gap)
{
    int64_t interval = rule.first;
    int64_t last = 0;
    double sum = 0;
    int count = 0;

    for (int64_t now = 0; now < 14 * DAY; now += interval) {
        interval = rule_interval(&rule, interval, now / gap != last / gap);
        last = now;
        sum += (double)interval;
        count++;
    }
    return (int64_t)(sum / count);
}

static void settles_at_a_fraction_of_the_gap_between_entries(void **state)
{
    (void)state;
    assert_between(settle(HOUR), HOUR / 8, HOUR / 2);
    assert_between(settle(10 * MINUTE), MINUTE, 5 * MINUTE);
    assert_between(settle(DAY), 2 * HOUR, 6 * HOUR);
}

static void spreads_polls_by_a_tenth(void **state)
{
    int64_t least = INT64_MAX;
    int64_t most = 0;

    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        int64_t delay = rule_delay(&rule, HOUR, 0, -1, i * UINT64_C(0x9e3779b97f4a7c15));

        assert_between(delay, HOUR * 9 / 10, HOUR * 11 / 10);
        least = delay < least ? delay : least;
        most = delay > most ? delay : most;
    }
    assert_true(most - least > HOUR / 6);
}

static void never_asks_before_it_was_told_to(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t chance = i * UINT64_C(0x9e3779b97f4a7c15);

        assert_between(rule_delay(&rule, MINUTE, HOUR, -1, chance), HOUR, HOUR * 11 / 10);
        assert_between(
            rule_delay(&rule, MINUTE, 0, 2 * HOUR, chance), 2 * HOUR, 2 * HOUR * 11 / 10);
        assert_between(
            rule_delay(&rule, HOUR, HOUR * 95 / 100, -1, chance), HOUR * 95 / 100, HOUR * 11 / 10);
        assert_between(rule_back_off(&rule, MINUTE, 1, DAY, chance), DAY, DAY * 11 / 10);
    }
}

static void believes_no_hint_beyond_its_limit(void **state)
{
    const int64_t endless = 10 * 365 * DAY;

    (void)state;
    assert_between(rule_delay(&rule, MINUTE, endless, -1, 7), rule.max, rule.max * 11 / 10);
    assert_between(rule_delay(&rule, MINUTE, 0, endless, 7), RULE_RETRY_DAYS * DAY,
        RULE_RETRY_DAYS * DAY * 11 / 10);
    assert_between(rule_back_off(&rule, MINUTE, 1, endless, 7), RULE_RETRY_DAYS * DAY,
        RULE_RETRY_DAYS * DAY * 11 / 10);
}

static void doubles_its_patience_with_each_failure(void **state)
{
    (void)state;
    assert_between(
        rule_back_off(&rule, 10 * MINUTE, 1, -1, 3), 10 * MINUTE * 3 / 4, 10 * MINUTE * 5 / 4);
    assert_between(
        rule_back_off(&rule, 10 * MINUTE, 3, -1, 3), 40 * MINUTE * 3 / 4, 40 * MINUTE * 5 / 4);
    assert_between(rule_back_off(&rule, 10 * MINUTE, 50, -1, 3), rule.max * 3 / 4, rule.max);
    assert_between(rule_back_off(&rule, 10 * MINUTE, INT32_MAX, -1, 3), rule.max * 3 / 4, rule.max);
}

static void names_the_state_after_a_failure(void **state)
{
    (void)state;
    assert_int_equal(rule_state(FEED_OK, 500, false, 2, DAY), FEED_OK);
    assert_int_equal(rule_state(FEED_OK, 500, false, 3, DAY), FEED_FAILING);
    assert_int_equal(rule_state(FEED_OK, 0, false, 3, DAY), FEED_FAILING);
    assert_int_equal(rule_state(FEED_OK, 200, true, 2, DAY), FEED_OK);
    assert_int_equal(rule_state(FEED_OK, 200, true, 3, DAY), FEED_UNPARSABLE);
    assert_int_equal(rule_state(FEED_OK, 410, false, 1, DAY), FEED_GONE);
    assert_int_equal(rule_state(FEED_GONE, 500, false, 9, DAY), FEED_GONE);
    assert_int_equal(rule_state(FEED_OK, 403, false, 1, DAY), FEED_BLOCKED);
    assert_int_equal(rule_state(FEED_OK, 401, false, 1, DAY), FEED_BLOCKED);
    assert_int_equal(rule_state(FEED_OK, 451, false, 1, DAY), FEED_BLOCKED);
    assert_int_equal(rule_state(FEED_FAILING, 404, false, 20, 13 * DAY), FEED_FAILING);
    assert_int_equal(rule_state(FEED_FAILING, 404, false, 20, 15 * DAY), FEED_GONE);
    assert_int_equal(rule_state(FEED_OK, 404, false, 4, 15 * DAY), FEED_FAILING);
}

static void asks_each_feed_once_a_week_without_validators(void **state)
{
    const int64_t start = 20000 * DAY;

    (void)state;
    for (int64_t id = 1; id < 50; id++) {
        int64_t last = start;
        int stale = 0;

        for (int64_t now = start; now < start + 70 * DAY; now += HOUR) {
            if (rule_is_stale(id, last, now))
                stale++;
            last = now;
        }
        assert_int_equal(stale, 10);
        assert_true(rule_is_stale(id, start, start + 7 * DAY));
        assert_false(rule_is_stale(id, start, start));
    }
}

static void is_slow_after_several_slow_answers_until_they_are_quick_again(void **state)
{
    const struct rule slow = {.slow = 5000};
    uint16_t mean = rule_pace(0, 8 * (int64_t)SECOND);
    int answers = 1;

    (void)state;
    for (; !rule_is_slow(&slow, false, mean) && answers < 100; answers++)
        mean = rule_pace(mean, 8 * (int64_t)SECOND);
    assert_between(answers * (int64_t)SECOND, 3 * (int64_t)SECOND, 5 * (int64_t)SECOND);
    mean = rule_pace(mean, 4 * (int64_t)SECOND);
    assert_true(rule_is_slow(&slow, true, mean));
    for (answers = 0; rule_is_slow(&slow, true, mean) && answers < 100; answers++)
        mean = rule_pace(mean, SECOND / 10);
    assert_true(answers >= 2 && answers <= 6);
    assert_true(rule_pace(UINT16_MAX, INT64_MAX) == UINT16_MAX);
    assert_true(rule_pace(0, -1) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_more_often_after_news_and_less_often_without),
        cmocka_unit_test(settles_at_a_fraction_of_the_gap_between_entries),
        cmocka_unit_test(spreads_polls_by_a_tenth),
        cmocka_unit_test(never_asks_before_it_was_told_to),
        cmocka_unit_test(believes_no_hint_beyond_its_limit),
        cmocka_unit_test(doubles_its_patience_with_each_failure),
        cmocka_unit_test(names_the_state_after_a_failure),
        cmocka_unit_test(asks_each_feed_once_a_week_without_validators),
        cmocka_unit_test(is_slow_after_several_slow_answers_until_they_are_quick_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
