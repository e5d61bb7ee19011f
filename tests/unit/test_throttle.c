/* test_throttle.c - when an answer is taken for its host's word, and at what pace one that grants
 * only so much is asked. */
#include "fetch/throttle.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const int64_t HOUR = 3600 * (int64_t)SECOND;

static int64_t held(const struct throttle *t, int64_t now)
{
    return t->held_until > now ? (t->held_until - now) / SECOND : 0;
}

static void believes_three_for_minutes_and_six_for_an_hour(void **state)
{
    struct throttle t = {0};
    int64_t now = SECOND;

    (void)state;
    assert_false(throttle_refused(&t, 1, false, HOUR, now));
    assert_false(throttle_refused(&t, 1, false, HOUR, now)); /* one is one */
    assert_false(throttle_refused(&t, 2, false, HOUR / 2, now));
    assert_true(throttle_refused(&t, 3, false, HOUR, now));
    assert_int_equal(held(&t, now), HOLD_FEW);
    now = t.held_until;
    assert_true(throttle_refused(&t, 2, false, HOUR / 2, now)); /* the one that tries again */
    assert_int_equal(held(&t, now), HOLD_FEW);
    for (uint64_t i = 4; i <= 6; i++)
        assert_true(throttle_refused(&t, i, false, HOUR, now));
    assert_int_equal(held(&t, now), HOUR / 2 / SECOND); /* the shortest that was said */
}

static void a_good_answer_between_makes_it_the_address_own(void **state)
{
    struct throttle t = {0};

    (void)state;
    for (int i = 0; i < 20; i++) {
        assert_false(throttle_refused(&t, 1, false, HOUR, i));
        assert_false(throttle_refused(&t, 2, false, HOUR, i));
        assert_true(throttle_is_doubtful(&t));
        throttle_answered(&t, 0, i);
        assert_false(throttle_is_doubtful(&t));
    }
    assert_false(t.limited);
}

static void pages_hold_pages_for_minutes_however_many(void **state)
{
    struct throttle t = {.pages = true};

    (void)state;
    for (uint64_t i = 0; i < 50; i++)
        throttle_refused(&t, i, false, HOUR, 0);
    assert_int_equal(held(&t, 0), HOLD_FEW);
}

static void neighbours_of_one_that_is_always_refused_keep_their_pace(void **state)
{
    struct throttle t = {0};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        if (i % 5 == 0) /* three addresses of one tenant, in turn */
            throttle_refused(&t, (uint64_t)(i / 5 % 3), false, HOUR, i * (int64_t)SECOND);
        else
            throttle_answered(&t, SECOND, i * (int64_t)SECOND);
        assert_false(t.limited);
        assert_int_equal(t.pace, 0);
        assert_int_equal(held(&t, i * (int64_t)SECOND), 0);
    }
}

struct limiter {
    int64_t every, last, window, begun; /* one each so often, or `most` in each window */
    int most, in_window;
};

static bool grants(struct limiter *limiter, int64_t now)
{
    if (limiter->most > 0) {
        if (now - limiter->begun >= limiter->window) {
            limiter->begun = now - now % limiter->window;
            limiter->in_window = 0;
        }
        return limiter->in_window++ < limiter->most;
    }
    if (now - limiter->last < limiter->every)
        return false;
    limiter->last = now;
    return true;
}

enum { FEEDS = 20 };

struct outcome {
    int good, refused, least, most;
};

/* Feeds that all want to be asked, in turn, as fast as the host is thought to bear it. */
static struct outcome run(struct limiter limiter, int64_t spacing, bool says_when, int64_t time)
{
    struct throttle t = {0};
    struct outcome outcome = {.least = 1 << 30};
    int answers[FEEDS] = {0};
    int64_t now = SECOND * (int64_t)1000;
    int64_t end = now + time;

    limiter.last = 0;
    for (uint64_t next = 0; now < end; next++) {
        uint64_t feed = next % FEEDS;

        if (grants(&limiter, now)) {
            throttle_answered(&t, spacing, now);
            outcome.good++;
            answers[feed]++;
        } else {
            int64_t left = limiter.most > 0 ? limiter.begun + limiter.window - now
                                            : limiter.last + limiter.every - now;

            throttle_refused(&t, feed, answers[feed] > 0, says_when ? left : -1, now);
            outcome.refused++;
        }
        now += t.pace > spacing ? t.pace : spacing;
        now = t.wait_until > now ? t.wait_until : now;
        now = t.held_until > now ? t.held_until : now;
    }
    for (int i = 0; i < FEEDS; i++) {
        outcome.least = answers[i] < outcome.least ? answers[i] : outcome.least;
        outcome.most = answers[i] > outcome.most ? answers[i] : outcome.most;
    }
    return outcome;
}

static void asks_as_often_as_the_host_grants_and_everybody_in_turn(void **state)
{
    static const struct {
        struct limiter limiter;
        int64_t spacing;
        int possible; /* in an hour */
    } cases[] = {
        {{.every = 2 * SECOND}, SECOND / 10, 1800},
        {{.every = 20 * (int64_t)SECOND}, SECOND, 180},
        {{.window = 60 * (int64_t)SECOND, .most = 10}, SECOND, 600},
        {{.window = 300 * (int64_t)SECOND, .most = 100}, SECOND, 1200},
    };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        struct outcome o = run(cases[i / 2].limiter, cases[i / 2].spacing, i % 2 == 0, HOUR);

        assert_true(o.good > cases[i / 2].possible * 6 / 10);
        assert_true(o.refused < o.good / 3);
        assert_true(o.least > 0);
        assert_true(o.most <= 2 * o.least);
    }
}

static void asks_again_as_before_once_the_limit_is_gone(void **state)
{
    struct throttle t = {0};
    int64_t now = 0;

    (void)state;
    for (uint64_t i = 1; i <= 5; i++)
        throttle_refused(&t, i, true, 10 * (int64_t)SECOND, now);
    assert_true(t.limited);
    for (int i = 0; i < 400; i++)
        throttle_answered(&t, SECOND, now += 10 * (int64_t)SECOND);
    assert_false(t.limited);
    assert_int_equal(t.pace, 0);
}

enum { TIMEOUT = 30 };

/* Asked for at now, and not answered in time. */
static bool hangs(struct throttle *t, uint64_t address, int64_t *now)
{
    int64_t begun = *now;

    *now += TIMEOUT * (int64_t)SECOND;
    return throttle_hung(t, address, begun, *now);
}

static void tries_a_host_that_hangs_now_and_then(void **state)
{
    struct throttle t = {.pages = true};
    int64_t now = SECOND;

    (void)state;
    assert_false(hangs(&t, 1, &now));
    assert_false(hangs(&t, 2, &now));
    throttle_answered(&t, 0, now++);
    assert_false(hangs(&t, 3, &now));
    assert_false(hangs(&t, 4, &now));
    assert_true(hangs(&t, 5, &now));
    assert_int_equal(held(&t, now), HANG_FIRST);
    assert_true(throttle_is_doubtful(&t));
    now = t.held_until;
    assert_true(hangs(&t, 5, &now)); /* whoever tries */
    assert_int_equal(held(&t, now), 2 * HANG_FIRST);
    for (int i = 0; i < 100; i++)
        hangs(&t, 5, &now);
    assert_int_equal(held(&t, now), HANG_MOST);
    throttle_answered(&t, 0, now);
    assert_false(throttle_is_doubtful(&t));
    assert_int_equal(held(&t, now), 0);
}

static void what_hangs_at_once_counts_as_one(void **state)
{
    struct throttle t = {.pages = true};
    int64_t begun = SECOND, now = begun + TIMEOUT * (int64_t)SECOND;

    (void)state;
    for (uint64_t i = 0; i < 20; i++)
        assert_int_equal(throttle_hung(&t, i, begun, now), i == HANG_ROW - 1);
    assert_int_equal(held(&t, now), HANG_FIRST);
}

static void a_slow_page_is_its_own(void **state)
{
    struct throttle t = {.pages = true};
    int64_t now = SECOND;

    (void)state;
    for (int i = 0; i < 20; i++) {
        assert_false(hangs(&t, 1, &now));
        assert_false(hangs(&t, 2, &now)); /* and a second one */
    }
    assert_false(throttle_is_doubtful(&t));
}

static void what_is_slow_beside_answers_is_its_own(void **state)
{
    struct throttle t = {.pages = true};
    int64_t begun = SECOND, now = begun + TIMEOUT * (int64_t)SECOND;

    (void)state;
    throttle_answered(&t, 0, begun + SECOND);
    for (uint64_t i = 0; i < 20; i++)
        assert_false(throttle_hung(&t, i, begun, now));
    throttle_refused(&t, 30, false, -1, now + SECOND); /* which is an answer, too */
    for (uint64_t i = 0; i < 20; i++)
        assert_false(throttle_hung(&t, i, now, now + TIMEOUT * (int64_t)SECOND));
}

/* Every 25th request hangs, one after the other, in no order. */
static void a_few_that_hang_in_no_order_are_their_own(void **state)
{
    struct throttle t = {.pages = true};
    uint64_t random = 1;
    int64_t now = SECOND;

    (void)state;
    for (uint64_t i = 0; i < 5000; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        if ((random >> 33) % 25 == 0)
            hangs(&t, i, &now);
        else
            throttle_answered(&t, 0, now += SECOND);
        assert_int_equal(held(&t, now), 0);
    }
}

static void a_host_that_comes_and_goes_is_asked_when_it_is_there(void **state)
{
    struct throttle t = {.pages = true};
    int64_t now = SECOND;

    (void)state;
    for (uint64_t i = 0; i < 10; i++) {
        assert_false(hangs(&t, 3 * i, &now));
        assert_false(hangs(&t, 3 * i + 1, &now));
        assert_true(hangs(&t, 3 * i + 2, &now));
        assert_int_equal(held(&t, now), HANG_FIRST); /* each time anew */
        now = t.held_until;
        throttle_answered(&t, 0, now++);
        assert_int_equal(held(&t, now), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(believes_three_for_minutes_and_six_for_an_hour),
        cmocka_unit_test(a_good_answer_between_makes_it_the_address_own),
        cmocka_unit_test(pages_hold_pages_for_minutes_however_many),
        cmocka_unit_test(neighbours_of_one_that_is_always_refused_keep_their_pace),
        cmocka_unit_test(asks_as_often_as_the_host_grants_and_everybody_in_turn),
        cmocka_unit_test(asks_again_as_before_once_the_limit_is_gone),
        cmocka_unit_test(tries_a_host_that_hangs_now_and_then),
        cmocka_unit_test(what_hangs_at_once_counts_as_one),
        cmocka_unit_test(a_slow_page_is_its_own),
        cmocka_unit_test(what_is_slow_beside_answers_is_its_own),
        cmocka_unit_test(a_few_that_hang_in_no_order_are_their_own),
        cmocka_unit_test(a_host_that_comes_and_goes_is_asked_when_it_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
