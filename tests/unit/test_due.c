/* test_due.c - what is called when, by a clock of the test's. */
#include "unit/test.h"

#include "base/due.h"
#include "unit/own_clock.h"

enum { THINGS = 3 };

struct thing {
    int64_t number;
    struct heap_node node;
};

struct world {
    uv_loop_t loop;
    struct due due;
    struct thing things[THINGS];
    int64_t done[16]; /* numbers, in the order in which they were due */
    size_t count;
    int calls;
    int64_t again; /* microseconds after which what was done is due once more, 0 for never */
};

static void on_time(void *ctx)
{
    struct world *w = ctx;
    int64_t now = clock_mono();
    struct heap_node *node;

    w->calls++;
    while ((node = due_first(&w->due, now)) != NULL) {
        w->done[w->count++] = HEAP_ITEM(node, struct thing, node)->number;
        if (w->again != 0)
            heap_put(&w->due.heap, node, now + w->again);
        else
            heap_remove(&w->due.heap, node);
    }
    due_arm(&w->due);
}

static int start(void **state, int64_t least)
{
    struct world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    for (int i = 0; i < THINGS; i++)
        w->things[i].number = i;
    uv_loop_init(&w->loop);
    due_open(&w->due, &w->loop, least, on_time, w);
    *state = w;
    return 0;
}

static int setup(void **state)
{
    return start(state, 1);
}

static int setup_together(void **state)
{
    return start(state, 200);
}

static int teardown(void **state)
{
    struct world *w = *state;

    due_done(&w->due);
    uv_close((uv_handle_t *)&w->due.timer, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&w->loop), 0);
    free(w);
    return 0;
}

static void put(struct world *w, int thing, int64_t seconds)
{
    heap_put(&w->due.heap, &w->things[thing].node, clock_mono() + seconds * SECOND);
    due_arm(&w->due);
}

static void run_until_called(struct world *w, int calls)
{
    while (w->calls < calls)
        assert_int_not_equal(uv_run(&w->loop, UV_RUN_ONCE), 0);
}

static void calls_when_the_clock_of_the_test_says_so(void **state)
{
    struct world *w = *state;

    put(w, 0, 7200);
    put(w, 1, 3600);
    run_until_called(w, 2);
    assert_int_equal(w->count, 0);
    pass_time(3600 * (int64_t)SECOND);
    while (w->count == 0)
        assert_int_not_equal(uv_run(&w->loop, UV_RUN_ONCE), 0);
    assert_int_equal(w->done[0], 1);
    pass_time(3600 * (int64_t)SECOND);
    assert_int_equal(uv_run(&w->loop, UV_RUN_DEFAULT), 0); /* nothing is due any more: it ends */
    assert_int_equal(w->count, 2);
    assert_int_equal(w->done[1], 0);
}

static void gives_all_that_are_due_in_their_order(void **state)
{
    struct world *w = *state;

    put(w, 0, 30);
    put(w, 1, 10);
    put(w, 2, 20);
    pass_time(60 * (int64_t)SECOND);
    assert_int_equal(uv_run(&w->loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(w->count, 3);
    assert_int_equal(w->done[0], 1);
    assert_int_equal(w->done[1], 2);
    assert_int_equal(w->done[2], 0);
}

static void is_set_for_the_first_only(void **state)
{
    struct world *w = *state;
    int64_t at;

    put(w, 0, 100);
    at = w->due.wake_at;
    put(w, 1, 200);
    assert_int_equal(w->due.wake_at, at);
    put(w, 2, 50);
    assert_true(w->due.wake_at < at);
    due_arm_by(&w->due, clock_mono() + 20 * (int64_t)SECOND);
    assert_true(w->due.wake_at < at - 70 * (int64_t)SECOND);
}

static void is_called_without_a_node_where_that_was_asked_for(void **state)
{
    struct world *w = *state;

    due_arm_by(&w->due, clock_mono() + SECOND);
    pass_time(SECOND);
    assert_int_equal(uv_run(&w->loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(w->calls, 1);
}

static void sleeps_when_nothing_is_due(void **state)
{
    struct world *w = *state;

    put(w, 0, 100);
    heap_remove(&w->due.heap, &w->things[0].node);
    due_arm(&w->due);
    assert_false(uv_is_active((uv_handle_t *)&w->due.timer));
    assert_int_equal(uv_run(&w->loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(w->calls, 0);
}

static void may_put_back_what_was_due(void **state)
{
    struct world *w = *state;

    w->again = 5 * (int64_t)SECOND;
    put(w, 0, 0);
    for (size_t i = 1; i <= 3; i++) {
        while (w->count < i)
            assert_int_not_equal(uv_run(&w->loop, UV_RUN_ONCE), 0);
        pass_time(5 * (int64_t)SECOND);
    }
    assert_int_equal(w->count, 3);
}

static void calls_nobody_once_it_is_stopped(void **state)
{
    struct world *w = *state;

    put(w, 0, 1);
    due_stop(&w->due);
    put(w, 1, 1);
    pass_time(10 * (int64_t)SECOND);
    assert_int_equal(uv_run(&w->loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(w->calls, 0);
    assert_int_equal(w->due.heap.count, 2);
}

/* A test's clock shortens the sleep, so this one stands before it is opened. */
static void sleeps_no_shorter_than_its_least(void **state)
{
    struct world *w = *state;

    uv_update_time(&w->loop);
    put(w, 0, 0);
    assert_true(uv_timer_get_due_in(&w->due.timer) > 100);
    due_stop(&w->due);
    assert_int_equal(clock_sleep(200), 200);
    own_the_clock(NULL);
    assert_int_equal(clock_sleep(200), CLOCK_TEST_TICK);
    assert_int_equal(clock_sleep(3), 3);
}

int main(void)
{
    const struct CMUnitTest first[] = {
        cmocka_unit_test_setup_teardown(sleeps_no_shorter_than_its_least, setup_together, teardown),
    };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(calls_when_the_clock_of_the_test_says_so, setup, teardown),
        cmocka_unit_test_setup_teardown(gives_all_that_are_due_in_their_order, setup, teardown),
        cmocka_unit_test_setup_teardown(is_set_for_the_first_only, setup, teardown),
        cmocka_unit_test_setup_teardown(
            is_called_without_a_node_where_that_was_asked_for, setup, teardown),
        cmocka_unit_test_setup_teardown(sleeps_when_nothing_is_due, setup, teardown),
        cmocka_unit_test_setup_teardown(may_put_back_what_was_due, setup, teardown),
        cmocka_unit_test_setup_teardown(calls_nobody_once_it_is_stopped, setup, teardown),
    };
    int failed = cmocka_run_group_tests(first, NULL, NULL);

    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
