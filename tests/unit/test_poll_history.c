/* test_poll_history.c - how a feed's last polls went is told, and seldom written. */
#include "unit/poll_fixture.h"

static size_t last(struct fixture *f, struct store_polled polls[STORE_HISTORY])
{
    struct error err = {0};
    size_t count = 0;

    assert_int_equal(poll_history(f->poll, 1, polls, &count, &err), OK);
    return count;
}

static void each_poll_is_remembered_with_what_it_brought(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", "ETag: \"1\"\r\n"), KEEP},
        {"/feed", "HTTP/1.1 304 Same\r\n\r\n", KEEP},
        {"/feed", "HTTP/1.1 503 Slow\r\nContent-Length: 0\r\n\r\n", KEEP}, {"/feed", "", RESET},
        {0}};
    struct store_polled polls[STORE_HISTORY];
    struct fixture f;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/feed");
    f.outcome.entries = 12;
    f.outcome.fresh = 3;
    open_poll(&f);
    wait_for_polls(&f, 1);
    poll_again(&f, 1);
    poll_again(&f, 1);
    poll_again(&f, 1);
    assert_int_equal(last(&f, polls), 4);
    assert_int_equal(polls[0].status, 200);
    assert_int_equal(polls[0].bytes, 5);
    assert_int_equal(polls[0].entries, 12);
    assert_int_equal(polls[0].fresh, 3);
    assert_true(polls[0].millis < 5000);
    assert_int_equal(polls[1].status, 304);
    assert_int_equal(polls[1].entries, 0);
    assert_true(polls[1].at > polls[0].at);
    assert_int_equal(polls[2].status, 503);
    assert_int_equal(polls[3].status, E_NETWORK);
    finish(&f);
}

static void polls_are_written_eight_at_a_time_and_at_the_end(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", ""), KEEP}, {0}};
    struct store_polled polls[STORE_HISTORY];
    struct fixture f;

    (void)state;
    begin_polled(&f, answers);
    for (int i = 1; i < 20; i++)
        poll_again(&f, 1);
    assert_int_equal(store.history_writes, 3); /* the first ones early: not all feeds in step */
    assert_int_equal(last(&f, polls), 20);
    for (int i = 1; i < 20; i++)
        assert_true(polls[i].at > polls[i - 1].at);
    close_poll(&f);
    assert_int_equal(store.history_writes, 4);
    assert_int_equal(store.history_count, 20);
    finish(&f);
}

static void feeds_with_something_wrong_in_them_are_counted(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", ""), KEEP},
        {"/feed", TEXT("<rs2>", ""), KEEP}, {"/feed", TEXT("<rs3>", ""), KEEP}, {0}};
    struct poll_counters counters;
    struct fixture f;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/feed")->diagnosed = true;
    open_poll(&f);
    poll_counters(f.poll, &counters);
    assert_int_equal(counters.diagnosed, 1); /* as it was stored */
    wait_for_polls(&f, 1);
    poll_counters(f.poll, &counters);
    assert_int_equal(counters.diagnosed, 0);
    f.outcome.diagnosed = true;
    poll_again(&f, 1);
    poll_again(&f, 1);
    poll_counters(f.poll, &counters);
    assert_int_equal(counters.diagnosed, 1);
    assert_true(look(&f, 1).diagnosed);
    poll_remove(f.poll, 1);
    poll_counters(f.poll, &counters);
    assert_int_equal(counters.diagnosed, 0);
    finish(&f);
}

static int setup(void **state)
{
    (void)state;
    own_the_clock(NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_poll_is_remembered_with_what_it_brought),
        cmocka_unit_test(polls_are_written_eight_at_a_time_and_at_the_end),
        cmocka_unit_test(feeds_with_something_wrong_in_them_are_counted),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
