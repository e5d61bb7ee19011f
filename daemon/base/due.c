/* due.c - when the timer is set, and for how long. */
#include "base/due.h"

#include "base/clock.h"

static void on_timer(uv_timer_t *timer)
{
    struct due *due = HEAP_ITEM(timer, struct due, timer);

    due->wake_at = INT64_MAX;
    due->on_time(due->ctx);
}

void due_open(
    struct due *due, uv_loop_t *loop, int64_t least, void (*on_time)(void *ctx), void *ctx)
{
    *due = (struct due){.wake_at = INT64_MAX, .least = least, .on_time = on_time, .ctx = ctx};
    uv_timer_init(loop, &due->timer);
}

static void unset(struct due *due)
{
    due->wake_at = INT64_MAX;
    uv_timer_stop(&due->timer);
}

void due_arm_by(struct due *due, int64_t at)
{
    int64_t first = heap_first_key(&due->heap);
    int64_t wait;

    at = first < at ? first : at;
    if (due->stopped)
        return;
    if (at == INT64_MAX) {
        unset(due);
        return;
    }
    if (at >= due->wake_at)
        return;
    wait = (at - clock_mono()) / 1000 + 1;
    due->wake_at = at;
    uv_timer_start(
        &due->timer, on_timer, clock_sleep((uint64_t)(wait < due->least ? due->least : wait)), 0);
}

void due_arm(struct due *due)
{
    due_arm_by(due, INT64_MAX);
}

void due_stop(struct due *due)
{
    due->stopped = true;
    unset(due);
}

void due_done(struct due *due)
{
    due_stop(due);
    heap_done(&due->heap);
}
