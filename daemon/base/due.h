/* due.h - what is due when: a heap of times, and one timer of the loop for the first of them.
 *
 * Put and remove in heap at will, then due_arm(): on_time is called once the first time has come,
 * takes what due_first() gives it, one after the other, and arms again. Times are clock_mono()'s;
 * under a test's clock the timer looks every CLOCK_TEST_TICK whether it was moved. */
#ifndef WIREROOM_BASE_DUE_H
#define WIREROOM_BASE_DUE_H

#include <stdbool.h>
#include <uv.h>

#include "base/heap.h"

struct due {
    struct heap heap;
    uv_timer_t timer; /* its data is the owner's, who closes it, too */
    int64_t wake_at;  /* what the timer is set for; INT64_MAX when it is not */
    int64_t least;    /* milliseconds */
    void (*on_time)(void *ctx);
    void *ctx;
    bool stopped;
};

/* least: milliseconds the timer sleeps at least, so that what is due at nearly the same time is
 * done together; 1 or more. */
void due_open(
    struct due *due, uv_loop_t *loop, int64_t least, void (*on_time)(void *ctx), void *ctx);

/* Have on_time called when the first node is due; never when there is none. A timer that is set for
 * an earlier time stays. */
void due_arm(struct due *due);
/* The same, and at the latest at at. */
void due_arm_by(struct due *due, int64_t at);

/* on_time is not called any more, the heap stays as it is. */
void due_stop(struct due *due);

/* Stop, and give the heap back; timer remains to be closed. */
void due_done(struct due *due);

/* The first node, if its time has come; else NULL. */
static inline struct heap_node *due_first(const struct due *due, int64_t now)
{
    return heap_first_key(&due->heap) <= now ? heap_first(&due->heap) : NULL;
}

#endif
