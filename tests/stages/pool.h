/* pool.h - a pool of real workers for a test program: its loop, its configuration, and waiting for
 * what it does. */
#ifndef WIREROOM_TEST_POOL_H
#define WIREROOM_TEST_POOL_H

#include "unit/test.h"

#include "base/clock.h"
#include "pool/pool.h"

enum { PATIENCE = 60000, LOOK_EVERY = 10 }; /* milliseconds */

static struct arena *arena;
static uv_loop_t loop;
static struct conf conf;
static struct pool *pool;
static struct error err;
static bool closed;
static const char *const bad_stages[] = {TEST_BAD_STAGES, NULL};

/* One worker with a sandbox; nothing is started yet. */
static void pool_setup(void)
{
    arena = arena_new(64 << 20);
    assert_int_equal(uv_loop_init(&loop), 0);
    err = (struct error){0};
    conf = (struct conf){0};
    conf.workers.count = 1;
    conf.workers.memory = 256 << 20;
    conf.workers.deadline = 20 * (int64_t)SECOND;
    conf.workers.max_decoded = 16 << 20;
    conf.workers.sandbox = true;
    conf.poll.max_entries = 1000;
    conf.stages.dirs = bad_stages;
    pool = NULL;
    closed = false;
}

static void on_closed(void *ctx)
{
    (void)ctx;
    closed = true;
}

/* End the workers; all handles must be closed then. */
static void pool_teardown(void)
{
    if (pool != NULL)
        pool_close(pool, on_closed, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_true(pool == NULL || closed);
    arena_free(arena);
}

static void open_pool(const char *const *names, bool ordered)
{
    const struct pool_options options = {
        .program = TEST_BIN "/wireroomd", .conf = &conf, .ordered = ordered};

    conf.stages.names = names;
    if (pool_open(&loop, &options, &pool, &err) != OK)
        fail_msg("%s", err.text);
}

static void on_look(uv_timer_t *timer)
{
    if (++*(int *)timer->data > PATIENCE / LOOK_EVERY)
        fail_msg("waited for %d s", PATIENCE / 1000);
}

/* Run the loop until is_so(), or fail after a minute. */
static void wait_until(bool (*is_so)(void))
{
    int looks = 0;
    uv_timer_t timer = {.data = &looks};

    uv_timer_init(&loop, &timer);
    uv_timer_start(&timer, on_look, LOOK_EVERY, LOOK_EVERY);
    while (!is_so())
        uv_run(&loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&loop, UV_RUN_NOWAIT);
}

#endif
