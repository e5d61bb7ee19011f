/* test_recheck.c - when an article is looked at again, how often, and how many are remembered. */

#include "recheck/recheck.h"

#include "own_clock.h"
#include "store_fixture.h"

enum { LOOKS = 64, MINUTE = 60, TURNS = 4 };

struct watch {
    struct fixture *f;
    struct recheck *recheck;
    bool closed;  /* nobody may look now */
    size_t count; /* looks that were begun */
    int64_t subjects[LOOKS];
    int64_t at[LOOKS]; /* seconds since the watch began */
    int64_t began;
};

static bool on_due(void *ctx, const struct store_recheck *row)
{
    struct watch *w = ctx;

    if (w->closed)
        return false;
    assert_true(w->count < LOOKS);
    w->subjects[w->count] = row->subject;
    w->at[w->count++] = (clock_mono() - w->began) / SECOND;
    return true;
}

/* What a test that failed left open, or its loop would not end. */
static struct recheck *opened;

static void close_recheck(struct watch *w)
{
    opened = NULL;
    recheck_stop(w->recheck);
    recheck_free(w->recheck);
    uv_run(&w->f->loop, UV_RUN_NOWAIT);
}

static int teardown(void **state)
{
    struct watch w = {.f = *state, .recheck = opened};

    if (opened != NULL)
        close_recheck(&w);
    return fixture_teardown(state);
}

static void open_recheck(struct watch *w)
{
    const struct recheck_hooks hooks = {on_due, w};

    assert_int_equal(recheck_open(&w->f->loop, w->f->store, &hooks, &w->recheck, &w->f->err), OK);
    opened = w->recheck;
}

static struct watch watch(void **state)
{
    return (struct watch){.f = *state, .began = clock_mono()};
}

/* Let the timer, which never sleeps longer than a tick of a test's clock, come round. */
static void turn(struct watch *w)
{
    for (int i = 0; i < TURNS; i++) {
        uv_sleep(CLOCK_TEST_TICK);
        uv_run(&w->f->loop, UV_RUN_NOWAIT);
    }
}

static void pass(struct watch *w, int64_t seconds)
{
    pass_time(seconds * SECOND);
    turn(w);
}

static struct store_recheck row_of(
    int64_t subject, int64_t feed, enum page_fault fault, int64_t retry_after)
{
    struct store_recheck row = {.subject = subject, .feed = feed, .host = subject, .bytes = 100};

    assert_true(recheck_first(fault, retry_after, &row));
    return row;
}

static void add(struct watch *w, int64_t subject, int64_t feed, enum page_fault fault)
{
    struct store_recheck row = row_of(subject, feed, fault, -1);

    recheck_add(w->recheck, &row);
}

static size_t waiting(const struct watch *w)
{
    struct recheck_counters counters;

    recheck_counters(w->recheck, &counters);
    return counters.waiting;
}

static void looks_after_minutes_and_then_hours_and_gives_up(void **state)
{
    static const int64_t gaps[] = {MINUTE, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 720 * MINUTE};
    struct watch w = watch(state);

    open_recheck(&w);
    add(&w, 1, 1, PAGE_PASSING);
    for (size_t i = 0; i < 5; i++) {
        pass(&w, gaps[i] / 2);
        assert_int_equal(w.count, i);
        pass(&w, gaps[i] / 2 + 1);
        assert_int_equal(w.count, i + 1);
        recheck_failed(w.recheck, 1, PAGE_PASSING, -1);
    }
    assert_int_equal(waiting(&w), 0);
    close_recheck(&w);
}

static void waits_as_long_as_the_host_says(void **state)
{
    struct watch w = watch(state);
    struct store_recheck row = row_of(1, 1, PAGE_PASSING, 600LL * SECOND);

    open_recheck(&w);
    recheck_add(w.recheck, &row);
    pass(&w, 500);
    assert_int_equal(w.count, 0);
    pass(&w, 101);
    assert_int_equal(w.count, 1);
    recheck_failed(w.recheck, 1, PAGE_PASSING, 3600LL * SECOND);
    pass(&w, 3500);
    assert_int_equal(w.count, 1);
    pass(&w, 101);
    assert_int_equal(w.count, 2);
    close_recheck(&w);
}

static void never_looks_where_a_day_is_asked_for(void **state)
{
    struct store_recheck row = {0};

    (void)state;
    assert_false(recheck_first(PAGE_NONE, -1, &row));
    assert_false(recheck_first(PAGE_PASSING, 2LL * RECHECK_DAY * SECOND, &row));
}

static void what_was_not_asked_is_no_try_but_ends_within_a_day(void **state)
{
    struct watch w = watch(state);
    size_t hours = 0;

    open_recheck(&w);
    add(&w, 1, 1, PAGE_HELD);
    pass(&w, MINUTE + 1);
    while (waiting(&w) > 0 && hours++ < 48) {
        recheck_failed(w.recheck, 1, PAGE_HELD, 3600LL * SECOND);
        pass(&w, 3601);
    }
    assert_int_equal(hours, 25);
    close_recheck(&w);
}

static void a_denied_page_is_asked_for_once_more(void **state)
{
    struct watch w = watch(state);

    open_recheck(&w);
    add(&w, 1, 1, PAGE_DENIED);
    pass(&w, 100 * MINUTE);
    assert_int_equal(w.count, 0);
    pass(&w, 21 * MINUTE);
    assert_int_equal(w.count, 1);
    recheck_failed(w.recheck, 1, PAGE_PASSING, -1);
    assert_int_equal(waiting(&w), 0);
    close_recheck(&w);
}

static void one_of_a_host_and_none_while_it_rests(void **state)
{
    struct watch w = watch(state);

    open_recheck(&w);
    for (int64_t i = 1; i <= 3; i++) {
        struct store_recheck row = row_of(i, 1, PAGE_PASSING, -1);

        row.host = 5;
        recheck_add(w.recheck, &row);
    }
    add(&w, 9, 1, PAGE_PASSING);
    pass(&w, MINUTE + 1);
    assert_int_equal(w.count, 2); /* one of host 5, and that of the other */
    recheck_failed(w.recheck, w.subjects[0] == 9 ? w.subjects[1] : w.subjects[0], PAGE_PASSING, -1);
    pass(&w, 8);
    assert_int_equal(w.count, 2);
    pass(&w, 8);
    assert_int_equal(w.count, 3);
    recheck_failed(w.recheck, w.subjects[2], PAGE_PASSING, -1); /* not that page alone */
    pass(&w, MINUTE / 2);
    assert_int_equal(w.count, 3);
    pass(&w, MINUTE / 2 + 1);
    assert_int_equal(w.count, 4);
    close_recheck(&w);
}

static void a_host_that_answers_rests_no_longer_than_one_page_makes_it(void **state)
{
    struct watch w = watch(state);

    open_recheck(&w);
    for (int64_t i = 1; i <= 6; i++) {
        struct store_recheck row = row_of(i, 1, PAGE_PASSING, -1);

        row.host = 5;
        recheck_add(w.recheck, &row);
    }
    pass(&w, MINUTE + 1);
    for (size_t i = 0; i < 6; i++) { /* in turn: fails, is there or is none */
        enum page_fault fault = i % 2 == 0 ? PAGE_PASSING : PAGE_UNSURE;

        assert_int_equal(w.count, i + 1);
        if (i == 1)
            recheck_settled(w.recheck, w.subjects[i]);
        else
            recheck_failed(w.recheck, w.subjects[i], fault, -1);
        pass(&w, 16);
    }
    close_recheck(&w);
}

static void a_doubted_page_is_asked_for_twice_more(void **state)
{
    struct watch w = watch(state);

    open_recheck(&w);
    add(&w, 1, 1, PAGE_UNSURE);
    pass(&w, MINUTE + 1);
    assert_int_equal(w.count, 1);
    recheck_failed(w.recheck, 1, PAGE_UNSURE, -1);
    pass(&w, 4 * MINUTE);
    assert_int_equal(w.count, 1);
    pass(&w, MINUTE + 1);
    assert_int_equal(w.count, 2);
    recheck_failed(w.recheck, 1, PAGE_UNSURE, -1);
    assert_int_equal(waiting(&w), 0);
    close_recheck(&w);
}

static void looks_when_somebody_may(void **state)
{
    struct watch w = watch(state);

    open_recheck(&w);
    w.closed = true;
    add(&w, 1, 1, PAGE_PASSING);
    pass(&w, 3 * MINUTE);
    assert_int_equal(w.count, 0);
    w.closed = false;
    pass(&w, 10);
    assert_int_equal(w.count, 1);
    close_recheck(&w);
}

/* An article in the store, with its row. */
static int64_t publish(struct watch *w)
{
    struct fixture *f = w->f;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .time = clock_wall(),
        .data = LIT("{}")};

    fixture_admit(f, feed, fixture_three, 1, true);
    event.subject = record_get_cstr(f->records[0], WR_ID);
    event.pending = f->pending[0];
    event.recheck = row_of((int64_t)hash64(bytes_of(event.subject)), feed, PAGE_PASSING, -1);
    store_commit(f->store, &event, fixture_on_committed, f);
    fixture_wait(f, f->committed_count + 1);
    return event.recheck.subject;
}

static void a_start_takes_up_what_the_store_has(void **state)
{
    struct watch w = watch(state);
    int64_t subject = publish(&w);

    fixture_reopen(w.f);
    open_recheck(&w);
    assert_true(recheck_has(w.recheck, subject));
    pass(&w, MINUTE + 1);
    assert_int_equal(w.count, 1);
    recheck_failed(w.recheck, subject, PAGE_PASSING, -1);
    close_recheck(&w);
    assert_int_equal(store_sync(w.f->store, &w.f->err), OK);
    fixture_reopen(w.f);
    open_recheck(&w);
    pass(&w, 2 * MINUTE);
    assert_int_equal(w.count, 1);
    pass(&w, 4 * MINUTE);
    assert_int_equal(w.count, 2);
    recheck_failed(w.recheck, subject, PAGE_NONE, -1);
    close_recheck(&w);
    assert_int_equal(store_sync(w.f->store, &w.f->err), OK);
    open_recheck(&w);
    assert_int_equal(waiting(&w), 0);
    close_recheck(&w);
}

static void a_feed_crowds_out_its_own_oldest(void **state)
{
    struct watch w = watch(state);

    open_recheck(&w);
    add(&w, 100000, 7, PAGE_PASSING);
    for (int64_t i = 1; i <= RECHECK_FEED + 1; i++) {
        pass_time(1000);
        add(&w, i, 8, PAGE_PASSING);
    }
    assert_int_equal(waiting(&w), RECHECK_FEED + 1);
    assert_true(recheck_has(w.recheck, 100000));
    assert_false(recheck_has(w.recheck, 1));
    assert_true(recheck_has(w.recheck, 2));
    recheck_forget_feed(w.recheck, 8);
    assert_int_equal(waiting(&w), 1);
    close_recheck(&w);
}

static void remembers_no_more_than_its_bounds(void **state)
{
    struct watch w = watch(state);
    struct store_recheck row;

    open_recheck(&w);
    for (int64_t i = 1; i <= RECHECK_MOST + 10; i++) {
        pass_time(1000);
        add(&w, i, i, PAGE_PASSING);
    }
    assert_int_equal(waiting(&w), RECHECK_MOST);
    assert_false(recheck_has(w.recheck, 10));
    assert_true(recheck_has(w.recheck, 11));
    row = row_of(50000, 50000, PAGE_PASSING, -1);
    row.bytes = RECHECK_BYTES - 1000;
    recheck_add(w.recheck, &row);
    assert_int_equal(waiting(&w), 11);
    close_recheck(&w);
}

#define RECHECK_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECHECK_TEST(looks_after_minutes_and_then_hours_and_gives_up),
        RECHECK_TEST(waits_as_long_as_the_host_says),
        RECHECK_TEST(never_looks_where_a_day_is_asked_for),
        RECHECK_TEST(what_was_not_asked_is_no_try_but_ends_within_a_day),
        RECHECK_TEST(a_denied_page_is_asked_for_once_more),
        RECHECK_TEST(one_of_a_host_and_none_while_it_rests),
        RECHECK_TEST(a_host_that_answers_rests_no_longer_than_one_page_makes_it),
        RECHECK_TEST(a_doubted_page_is_asked_for_twice_more),
        RECHECK_TEST(looks_when_somebody_may),
        RECHECK_TEST(a_start_takes_up_what_the_store_has),
        RECHECK_TEST(a_feed_crowds_out_its_own_oldest),
        RECHECK_TEST(remembers_no_more_than_its_bounds),
    };

    return cmocka_run_group_tests(tests, own_the_clock, NULL);
}
