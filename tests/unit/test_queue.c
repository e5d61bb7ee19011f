/* test_queue.c - what is quick waits neither for what is slow nor for all that another feed brings;
 * what is slow waits for a time, not for ever. */
#include "unit/own_clock.h"
#include "unit/test.h"

#include "pool/private.h"

enum { MS = 1000, JOBS = 1000 };

static struct queue queue;
static struct job jobs[JOBS];
static size_t made;

static int setup(void **state)
{
    (void)state;
    memset(jobs, 0, sizeof(jobs));
    queue = (struct queue){0};
    made = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    while (queue_take(&queue, true) != NULL)
        continue;
    assert_int_equal(queue.lines.count, 0);
    queue_done(&queue);
    return 0;
}

static struct job *add(int64_t feed, int kind, size_t bytes)
{
    struct job *job = &jobs[made++];

    job->ask.feed = feed;
    job->ask.kind = kind;
    job->frame.len = bytes;
    pass_time(1);
    queue_add(&queue, job);
    return job;
}

static struct job *take(void)
{
    return queue_take(&queue, true);
}

static void a_feed_s_jobs_stay_in_order(void **state)
{
    struct job *first = add(1, JOB_RECORD, 1 << 20);
    struct job *second = add(1, JOB_RECORD, 10);
    struct job *third = add(1, JOB_RECORD, 100);

    (void)state;
    assert_ptr_equal(take(), first);
    queue_put_back(&queue, first); /* its worker died */
    assert_ptr_equal(take(), first);
    assert_ptr_equal(take(), second);
    queue_charge(&queue, second, SECOND);
    assert_ptr_equal(take(), third);
    queue_charge(&queue, third, SECOND); /* nothing of it waits */
    assert_null(take());
}

static void one_that_brings_much_does_not_hold_up_others(void **state)
{
    struct job *other;

    (void)state;
    for (int i = 0; i < 100; i++)
        add(1, JOB_RECORD, 10000);
    assert_int_equal(take()->ask.feed, 1);
    pass_time(100 * MS);
    other = add(2, JOB_RECORD, 10000);
    assert_ptr_equal(take(), other);
    pass_time(SECOND);
    add(2, JOB_RECORD, 10000);
    assert_int_equal(take()->ask.feed, 1); /* which has waited for long enough */
}

/* The bytes say nothing of it: a few kilobytes unfold into millions. */
static void pages_that_take_long_are_charged(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        add(1, JOB_RECORD, 1000);
    for (int i = 0; i < 2; i++) {
        struct job *slow = take();

        assert_int_equal(slow->ask.feed, 1);
        for (int k = 0; k < 50; k++)
            add(2 + k, JOB_RECORD, 1000);
        pass_time(700 * MS);
        queue_charge(&queue, slow, 700 * MS);
        for (int k = 0; k < 50; k++)
            assert_int_equal(take()->ask.feed, 2 + k);
    }
}

static void many_large_documents_let_a_small_one_pass(void **state)
{
    (void)state;
    for (int i = 0; i < 250; i++)
        add(1000 + i, JOB_FEED, 8 << 20);
    for (int i = 0; i < 5; i++) {
        struct job *small;

        assert_int_equal(take()->ask.feed, 1000 + i);
        pass_time(300 * MS);
        small = add(i, JOB_FEED, 10000);
        assert_ptr_equal(take(), small);
    }
}

static void what_is_slow_does_not_wait_for_ever(void **state)
{
    struct job *large = add(1, JOB_FEED, 8 << 20);
    struct job *taken;
    int64_t waited = 0;

    (void)state;
    do {
        add(2 + (int64_t)made, JOB_FEED, 10000); /* as many as there is time for */
        taken = take();
        pass_time(SECOND);
        waited += SECOND;
    } while (taken != large && made < JOBS);
    assert_ptr_equal(taken, large);
    assert_in_range(waited, 100 * SECOND, 300 * SECOND);
}

static void documents_are_left_out_while_there_is_no_room(void **state)
{
    struct job *document = add(1, JOB_FEED, 100);
    struct job *record = add(1, JOB_RECORD, 100000);

    (void)state;
    assert_ptr_equal(queue_take(&queue, false), record);
    assert_null(queue_take(&queue, false));
    assert_ptr_equal(take(), document);
}

static void count(void *ctx, struct job *job)
{
    (void)job;
    ++*(int *)ctx;
}

static void each_that_waits_is_seen(void **state)
{
    int seen = 0;

    (void)state;
    add(1, JOB_FEED, 100);
    add(1, JOB_RECORD, 100);
    add(1, JOB_RECORD, 100);
    add(2, JOB_RECORD, 100);
    queue_each(&queue, count, &seen);
    assert_int_equal(seen, 4);
}

#define QUEUE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(a_feed_s_jobs_stay_in_order),
        QUEUE_TEST(one_that_brings_much_does_not_hold_up_others),
        QUEUE_TEST(pages_that_take_long_are_charged),
        QUEUE_TEST(many_large_documents_let_a_small_one_pass),
        QUEUE_TEST(what_is_slow_does_not_wait_for_ever),
        QUEUE_TEST(documents_are_left_out_while_there_is_no_room),
        QUEUE_TEST(each_that_waits_is_seen),
    };

    return cmocka_run_group_tests(tests, own_the_clock, NULL);
}
