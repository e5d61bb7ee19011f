/* test_turns.c - whose turn it is: how places are shared by feeds and hosts. */
#include "flow/turns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { PLACES = 1000, ROWS = 100000, BYTES = 16 << 20 };

static struct turns turns;

static int setup(void **state)
{
    (void)state;
    turns_init(&turns);
    turns.places = PLACES;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    turns_done(&turns);
    return 0;
}

/* So many rows of a line, small ones. */
static void wait_many(int64_t feed, int64_t host, int64_t row, size_t count)
{
    for (size_t i = 0; i < count; i++)
        turns_wait(&turns, feed, host, row++, 1);
}

static bool may_bring(int64_t feed)
{
    return turns_may_bring(&turns, feed, ROWS, BYTES);
}

/* Records of feed, each of its own host, on their way until no more may go. */
static size_t fill(int64_t feed, int64_t first_host)
{
    size_t count = 0;

    while (turns_may_take(&turns, feed, first_host + (int64_t)count))
        turns_take(&turns, feed, first_host + (int64_t)count++);
    return count;
}

static void empty(int64_t feed, int64_t first_host, size_t count)
{
    while (count-- > 0)
        turns_give(&turns, feed, first_host + (int64_t)count);
}

static void gives_one_feed_an_eighth(void **state)
{
    size_t count = fill(1, 1000);

    (void)state;
    assert_int_equal(count, PLACES / 8);
    empty(1, 1000, count);
    assert_int_equal(turns.feeds.count + turns.hosts.count, 0);
}

static void gives_one_host_an_eighth_whoever_names_it(void **state)
{
    int64_t feeds = 0;

    (void)state;
    while (turns_may_take(&turns, feeds + 1, 7))
        turns_take(&turns, ++feeds, 7);
    assert_int_equal(feeds, PLACES / 8);
    assert_true(turns_may_take(&turns, 1, 8));
    while (feeds > 0)
        turns_give(&turns, feeds--, 7);
}

static void leaves_room_beside_many_that_take_all_they_get(void **state)
{
    size_t counts[40];

    (void)state;
    for (int64_t i = 0; i < 40; i++) {
        counts[i] = fill(i + 1, i * 1000 + 1);
        assert_true(counts[i] > 0);
    }
    assert_true(turns_may_take(&turns, 99, 99000));
    for (int64_t i = 0; i < 40; i++)
        empty(i + 1, i * 1000 + 1, counts[i]);
}

static void counts_no_host_where_none_is_asked(void **state)
{
    (void)state;
    for (int64_t feed = 1; feed <= 200; feed++)
        turns_take(&turns, feed, 0);
    assert_true(turns_may_take(&turns, 201, 0));
    for (int64_t feed = 1; feed <= 200; feed++)
        turns_give(&turns, feed, 0);
    assert_int_equal(turns.taken, 0);
}

static void takes_turns_feed_by_feed(void **state)
{
    (void)state;
    for (int64_t host = 1; host <= 500; host++) /* many lines are no more turns */
        wait_many(1, host, host * 20, 20);
    wait_many(2, 3, 90000, 2);
    for (int i = 0; i < 4; i++) {
        struct line *line = turns_next(&turns);

        assert_int_equal(line->feed, i % 2 + 1);
        turns_step(&turns, line);
    }
    assert_int_equal(turns.waiting, 10000 + 2 - 4);
}

static void passes_over_a_feed_at_its_share_and_a_host_at_its_own(void **state)
{
    size_t count = fill(1, 1000);
    struct line *line;

    (void)state;
    wait_many(1, 5, 1, 10);
    for (int i = 0; i < 200; i++)
        turns_take(&turns, 50 + i, 6);
    wait_many(2, 6, 20, 10);
    turns_wait(&turns, 2, 8, 30, 10);
    line = turns_next(&turns);
    assert_int_equal(line->feed, 2);
    assert_int_equal(line->host, 8);
    turns_step(&turns, line); /* its only row */
    assert_null(turns_next(&turns));
    for (int i = 0; i < 200; i++)
        turns_give(&turns, 50 + i, 6);
    assert_int_equal(turns_next(&turns)->host, 6);
    empty(1, 1000, count);
}

/* A look is bounded: what it does not come to, one after it does. */
static void finds_the_one_that_may_go_among_many_that_may_not(void **state)
{
    struct line *line = NULL;
    int looks = 0;

    (void)state;
    for (int i = 0; i < PLACES / 4; i++)
        turns_take(&turns, 1, 6);
    for (int64_t feed = 1; feed <= 20000; feed++)
        turns_wait(&turns, feed, 6, feed, 1);
    turns_wait(&turns, 20001, 7, 20001, 1);
    while (line == NULL && looks++ < 1000)
        line = turns_next(&turns);
    assert_non_null(line);
    assert_int_equal(line->feed, 20001);
    for (int i = 0; i < PLACES / 4; i++)
        turns_give(&turns, 1, 6);
}

static void keeps_a_record_behind_those_of_its_line(void **state)
{
    struct line *line;

    (void)state;
    wait_many(1, 6, 10, 2);
    assert_false(turns_may_take(&turns, 1, 6));
    assert_true(turns_may_take(&turns, 1, 7));
    line = turns_next(&turns);
    assert_int_equal(turns_first(line), 10);
    turns_step(&turns, line);
    assert_int_equal(turns_first(line), 11);
    turns_wait(&turns, 1, 6, 10, 1); /* that one comes back */
    turns_wait(&turns, 1, 6, 10, 1); /* and is there */
    turns_wait(&turns, 1, 6, 9, 1);
    assert_int_equal(turns.waiting, 3);
    for (int64_t row = 9; row <= 11; row++) {
        line = turns_next(&turns);
        assert_int_equal(turns_first(line), row);
        turns_step(&turns, line);
    }
    assert_int_equal(turns.waiting, 0);
    assert_int_equal(turns.bytes, 0);
    assert_true(turns_may_take(&turns, 1, 6));
}

/* However many come and go. */
static void a_line_is_in_order(void **state)
{
    int64_t row = 0;
    int64_t gone = 0;

    (void)state;
    for (int round = 0; round < 200; round++) {
        wait_many(1, 6, row + 1, 50);
        row += 50;
        for (int i = 0; i < 45; i++) {
            struct line *line = turns_next(&turns);

            assert_int_equal(turns_first(line), ++gone);
            turns_step(&turns, line);
        }
        turns_wait(&turns, 1, 6, gone--, 1);
    }
    assert_int_equal(turns.waiting, row - gone);
    assert_int_equal(turns.bytes, row - gone);
}

static void pauses_only_the_feed_with_the_backlog(void **state)
{
    (void)state;
    wait_many(1, 6, 1, 9000);
    wait_many(2, 6, 1, 100);
    assert_true(may_bring(1));
    wait_many(1, 6, 9001, 9000);
    assert_false(may_bring(1));
    assert_true(may_bring(2));
    wait_many(1, 6, 18001, 90000);
    assert_false(may_bring(2));
    assert_true(may_bring(3)); /* nothing of it waits */
}

/* Few rows, of which each is large: as much by bytes. */
static void pauses_the_feed_whose_entries_are_large(void **state)
{
    (void)state;
    turns_wait(&turns, 1, 6, 1, BYTES / 16);
    turns_wait(&turns, 2, 6, 2, BYTES / 100);
    assert_true(may_bring(1));
    turns_wait(&turns, 1, 7, 3, BYTES / 16);
    assert_false(may_bring(1));
    assert_true(may_bring(2));
    assert_true(may_bring(3));
    turns_step(&turns, turns_next(&turns));
    assert_true(may_bring(1));
}

/* The row stays until the record has ended, wherever that is under way. */
static void counts_what_is_on_its_way(void **state)
{
    (void)state;
    turns_hold(&turns, 1, BYTES / 4);
    assert_false(may_bring(1));
    assert_true(may_bring(2));
    turns_take(&turns, 1, 6);
    turns_give(&turns, 1, 6);
    assert_false(may_bring(1));
    turns_release(&turns, 1, BYTES / 4);
    assert_true(may_bring(1));
    assert_int_equal(turns.bytes, 0);
}

static void one_entry_over_the_share_goes_through_alone(void **state)
{
    (void)state;
    assert_true(may_bring(1));
    turns_wait(&turns, 1, 6, 1, BYTES * 3 / 2);
    assert_false(may_bring(1));
    assert_true(may_bring(2));
    turns_step(&turns, turns_next(&turns));
    turns_hold(&turns, 1, BYTES * 3 / 2);
    assert_false(may_bring(1));
    turns_release(&turns, 1, BYTES * 3 / 2);
    assert_true(may_bring(1));
}

/* Each is far below an eighth. */
static void many_feeds_wait_in_proportion(void **state)
{
    (void)state;
    for (int64_t feed = 1; feed <= 90; feed++)
        turns_wait(&turns, feed, feed, feed, BYTES / 100);
    for (int64_t feed = 91; feed <= 130; feed++)
        turns_wait(&turns, feed, feed, feed, BYTES / 1000);
    assert_false(may_bring(1));
    assert_false(may_bring(90));
    assert_true(may_bring(100));
    assert_true(may_bring(200));
    for (int64_t feed = 201; feed <= 300; feed++)
        turns_wait(&turns, feed, feed, feed, BYTES / 100);
    assert_false(may_bring(100));
    assert_true(may_bring(400)); /* nothing of it is there yet */
    for (int64_t feed = 201; feed <= 210; feed++)
        turns_wait(&turns, feed, feed, 1000 + feed, BYTES / 100);
    assert_false(may_bring(400)); /* but there is no room for anybody */
}

#define TURNS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TURNS_TEST(gives_one_feed_an_eighth),
        TURNS_TEST(gives_one_host_an_eighth_whoever_names_it),
        TURNS_TEST(leaves_room_beside_many_that_take_all_they_get),
        TURNS_TEST(counts_no_host_where_none_is_asked),
        TURNS_TEST(takes_turns_feed_by_feed),
        TURNS_TEST(passes_over_a_feed_at_its_share_and_a_host_at_its_own),
        TURNS_TEST(finds_the_one_that_may_go_among_many_that_may_not),
        TURNS_TEST(keeps_a_record_behind_those_of_its_line),
        TURNS_TEST(a_line_is_in_order),
        TURNS_TEST(pauses_only_the_feed_with_the_backlog),
        TURNS_TEST(pauses_the_feed_whose_entries_are_large),
        TURNS_TEST(counts_what_is_on_its_way),
        TURNS_TEST(one_entry_over_the_share_goes_through_alone),
        TURNS_TEST(many_feeds_wait_in_proportion),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
