/* recheck.c - which article's page is asked for again: a heap of what is due, beside the store's
 * rows. */
#include "recheck/recheck.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/closing.h"
#include "base/due.h"
#include "base/table.h"

/* Seconds until each look. Most failures are over within minutes (a restart, a burst); the last two
 * outlast a deployment and a night's maintenance. */
static const int64_t steps[] = {60, 300, 1800, 7200, 43200};
enum { STEPS = sizeof(steps) / sizeof(steps[0]), STEP_DENIED = 3, TRIES_DOUBTED = 2 };

enum {
    REST_ONE = 10, /* seconds that a host is left alone after a look at it failed, */
    REST = 60,     /* and after another one in a row */
    RESTS = 256,   /* hosts known to rest; two of one place forget each other */
    NOT_NOW = 5,   /* seconds until the next attempt when nobody may look, or the host is busy */
};

struct row {
    struct heap_node due; /* unless it is looked at */
    struct store_recheck at;
    int64_t begun; /* mono, of since */
};

struct rest {
    int64_t host;
    int64_t until; /* mono */
    bool again;    /* the look before failed, too */
};

struct recheck {
    struct store *store;
    struct recheck_hooks hooks;
    struct due due;
    struct table rows; /* by subject */
    struct row *looking[RECHECK_AT_ONCE];
    struct rest rests[RESTS];
    int64_t bytes;
    struct closing closing;
    bool running;
    struct recheck_counters counters;
};

static int64_t seconds(int64_t count)
{
    return count * SECOND;
}

/* ---- rows --------------------------------------------------------------------- */

static bool is_of_subject(const void *item, const void *key)
{
    return ((const struct row *)item)->at.subject == *(const int64_t *)key;
}

static struct row *find(const struct recheck *recheck, int64_t subject)
{
    return table_find(&recheck->rows, (uint64_t)subject, is_of_subject, &subject);
}

static struct row *row_of(struct heap_node *node)
{
    return HEAP_ITEM(node, struct row, due);
}

static struct row **place_of(struct recheck *recheck, const struct row *row)
{
    for (size_t i = 0; i < RECHECK_AT_ONCE; i++)
        if (recheck->looking[i] == row)
            return &recheck->looking[i];
    return NULL;
}

static void forget(struct recheck *recheck, struct row *row)
{
    struct row **place = place_of(recheck, row);

    if (place != NULL)
        *place = NULL;
    heap_remove(&recheck->due.heap, &row->due);
    table_remove(&recheck->rows, (uint64_t)row->at.subject, row);
    recheck->bytes -= row->at.bytes;
    free(row);
}

/* Who goes when there are too many: the oldest of those that nobody looks at, of feed or of all. */
static struct row *oldest(const struct recheck *recheck, int64_t feed, size_t *ret_count)
{
    struct row *oldest = NULL;

    *ret_count = 0;
    for (size_t i = 0; i < recheck->due.heap.count; i++) {
        struct row *row = row_of(recheck->due.heap.cells[i].node);

        if (feed != 0 && row->at.feed != feed)
            continue;
        ++*ret_count;
        if (oldest == NULL || row->begun < oldest->begun)
            oldest = row;
    }
    return oldest;
}

static void crowd_out(struct recheck *recheck, struct row *row)
{
    recheck->counters.crowded_out++;
    store_recheck_remove(recheck->store, row->at.subject);
    forget(recheck, row);
}

static void keep_bounds(struct recheck *recheck, int64_t feed)
{
    size_t count;
    struct row *row = oldest(recheck, feed, &count);

    if (count > RECHECK_FEED)
        crowd_out(recheck, row);
    while ((recheck->rows.count > RECHECK_MOST || recheck->bytes > RECHECK_BYTES) &&
           (row = oldest(recheck, 0, &count)) != NULL)
        crowd_out(recheck, row);
}

/* ---- looks -------------------------------------------------------------------- */

static struct rest *rest_of(struct recheck *recheck, int64_t host)
{
    return &recheck->rests[(uint64_t)host % RESTS];
}

/* When the host may be looked at. */
static int64_t free_at(struct recheck *recheck, int64_t host, int64_t now)
{
    const struct rest *rest = rest_of(recheck, host);

    for (size_t i = 0; i < RECHECK_AT_ONCE; i++)
        if (recheck->looking[i] != NULL && recheck->looking[i]->at.host == host)
            return now + seconds(NOT_NOW);
    return rest->host == host && rest->until > now ? rest->until : now;
}

static void plan(struct store_recheck *row, int64_t delay)
{
    row->due = clock_wall() + delay;
}

static int64_t step_after(int32_t tries)
{
    return seconds(steps[tries < STEPS ? tries : STEPS - 1]);
}

static void look(struct recheck *recheck, struct row *row, int64_t now)
{
    struct row **place = place_of(recheck, NULL);
    struct store_recheck before = row->at;
    struct store_recheck next = row->at;

    next.tries++;
    plan(&next, step_after(next.tries));
    row->at = next;
    *place = row;
    heap_remove(&recheck->due.heap, &row->due);
    if (recheck->hooks.on_due(recheck->hooks.ctx, &next)) {
        recheck->counters.looks++; /* and the row may be gone */
        return;
    }
    row->at = before;
    *place = NULL;
    heap_put(&recheck->due.heap, &row->due, now + seconds(NOT_NOW));
}

static void run(struct recheck *recheck)
{
    int64_t now = clock_mono();
    struct heap_node *node;

    if (recheck->running)
        return;
    recheck->running = true;
    while (!recheck->due.stopped && place_of(recheck, NULL) != NULL &&
           (node = due_first(&recheck->due, now)) != NULL) {
        struct row *row = row_of(node);
        int64_t at = free_at(recheck, row->at.host, now);

        if (at > now)
            heap_put(&recheck->due.heap, &row->due, at);
        else
            look(recheck, row, now);
    }
    recheck->running = false;
    if (place_of(recheck, NULL) != NULL) /* else the end of a look goes on */
        due_arm(&recheck->due);
}

static void on_time(void *ctx)
{
    run(ctx);
}

static void put_back(struct recheck *recheck, struct row *row)
{
    struct row **place = place_of(recheck, row);
    int64_t delay = row->at.due - clock_wall();

    if (place != NULL)
        *place = NULL;
    heap_put(&recheck->due.heap, &row->due, clock_mono() + (delay < 0 ? 0 : delay));
    run(recheck);
}

/* ---- what the rest of the daemon says ------------------------------------------ */

bool recheck_first(enum page_fault fault, int64_t retry_after, struct store_recheck *ret_row)
{
    int64_t delay = step_after(0);

    if (fault == PAGE_NONE || retry_after > seconds(RECHECK_DAY))
        return false;
    ret_row->since = clock_wall();
    ret_row->tries = fault == PAGE_DENIED ? STEPS - 1 : 0;
    if (fault == PAGE_DENIED)
        delay = step_after(STEP_DENIED);
    plan(ret_row, retry_after > delay ? retry_after : delay);
    return true;
}

/* Wall times of a stored row may be of another clock than today's. */
static int64_t within(int64_t span, int64_t most)
{
    return span < 0 ? 0 : span > most ? most : span;
}

static struct row *add(struct recheck *recheck, const struct store_recheck *from)
{
    struct row *row = new_zeroed(sizeof(*row));
    int64_t day = seconds(RECHECK_DAY);
    int64_t now = clock_mono();
    int64_t wall = clock_wall();

    row->at = *from;
    row->begun = now - within(wall - from->since, day);
    recheck->bytes += from->bytes;
    table_add(&recheck->rows, (uint64_t)from->subject, row);
    heap_put(&recheck->due.heap, &row->due, now + within(from->due - wall, day));
    return row;
}

void recheck_add(struct recheck *recheck, const struct store_recheck *row)
{
    recheck_gone(recheck, row->subject);
    add(recheck, row);
    keep_bounds(recheck, row->feed);
    run(recheck);
}

bool recheck_has(const struct recheck *recheck, int64_t subject)
{
    return find(recheck, subject) != NULL;
}

size_t recheck_count(const struct recheck *recheck)
{
    return recheck->rows.count;
}

void recheck_gone(struct recheck *recheck, int64_t subject)
{
    struct row *row = find(recheck, subject);

    if (row != NULL)
        forget(recheck, row);
}

/* A failure may be the page's own, until the next one's look fails as well. */
static void rest(struct recheck *recheck, int64_t host, int64_t span)
{
    struct rest *rest = rest_of(recheck, host);
    int64_t least = seconds(rest->host == host && rest->again ? REST : REST_ONE);

    *rest = (struct rest){host, clock_mono() + (span > least ? span : least), true};
}

static void has_answered(struct recheck *recheck, int64_t host)
{
    struct rest *rest = rest_of(recheck, host);

    rest->again = rest->again && rest->host != host;
}

/* After so many tries, and since so long. */
static bool is_over(const struct row *row, enum page_fault fault, int64_t retry_after)
{
    int tries = fault == PAGE_UNSURE ? TRIES_DOUBTED : STEPS;

    return fault == PAGE_NONE || fault == PAGE_DENIED || row->at.tries >= tries ||
           clock_mono() - row->begun > seconds(RECHECK_DAY) || retry_after > seconds(RECHECK_DAY);
}

void recheck_failed(
    struct recheck *recheck, int64_t subject, enum page_fault fault, int64_t retry_after)
{
    struct row *row = find(recheck, subject);

    if (row == NULL)
        return;
    if (fault == PAGE_HELD)
        row->at.tries--;
    if (fault == PAGE_PASSING || fault == PAGE_HELD)
        rest(recheck, row->at.host, retry_after);
    else
        has_answered(recheck, row->at.host);
    if (is_over(row, fault, retry_after)) {
        recheck->counters.given_up++;
        store_recheck_remove(recheck->store, subject);
        forget(recheck, row);
        run(recheck);
        return;
    }
    if (row->at.due < clock_wall() + retry_after)
        plan(&row->at, retry_after);
    store_recheck_later(recheck->store, &row->at);
    put_back(recheck, row);
}

void recheck_settled(struct recheck *recheck, int64_t subject)
{
    struct row *row = find(recheck, subject);

    if (row == NULL)
        return;
    has_answered(recheck, row->at.host);
    put_back(recheck, row);
}

void recheck_forget_feed(struct recheck *recheck, int64_t feed)
{
    struct row *row;
    size_t count;

    for (size_t i = 0; i < RECHECK_AT_ONCE; i++)
        if (recheck->looking[i] != NULL && recheck->looking[i]->at.feed == feed)
            forget(recheck, recheck->looking[i]);
    while ((row = oldest(recheck, feed, &count)) != NULL)
        forget(recheck, row);
}

void recheck_counters(const struct recheck *recheck, struct recheck_counters *ret_counters)
{
    *ret_counters = recheck->counters;
    ret_counters->waiting = recheck->rows.count;
}

/* ---- start and stop ------------------------------------------------------------- */

static void on_stored(void *ctx, const struct store_recheck *row)
{
    add(ctx, row);
}

int recheck_open(uv_loop_t *loop, struct store *store, const struct recheck_hooks *hooks,
    struct recheck **ret_recheck, struct error *err)
{
    struct recheck *recheck = new_zeroed(sizeof(*recheck));
    int code;

    recheck->store = store;
    recheck->hooks = *hooks;
    due_open(&recheck->due, loop, 1, on_time, recheck);
    recheck->closing = (struct closing){.on_last = free, .owner = recheck};
    code = store_rechecks(store, on_stored, recheck, err);
    if (code != OK) {
        recheck_free(recheck);
        return code;
    }
    due_arm(&recheck->due);
    *ret_recheck = recheck;
    return OK;
}

void recheck_stop(struct recheck *recheck)
{
    due_stop(&recheck->due);
}

void recheck_free(struct recheck *recheck)
{
    struct heap_node *node;

    if (recheck == NULL)
        return;
    for (size_t i = 0; i < RECHECK_AT_ONCE; i++)
        if (recheck->looking[i] != NULL)
            forget(recheck, recheck->looking[i]);
    while ((node = heap_first(&recheck->due.heap)) != NULL)
        forget(recheck, row_of(node));
    due_done(&recheck->due);
    table_done(&recheck->rows);
    closing_handle(&recheck->closing, (uv_handle_t *)&recheck->due.timer);
}
