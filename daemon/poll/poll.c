/* poll.c - which feed is due: one heap, one timer, and no more asked at a time than can be taken
 * in. */
#include "poll/poll.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "poll/private.h"

/* Feeds handed to fetch at a time, over all hosts and of one host: what waits there costs memory,
 * and one large host may not keep all others waiting. */
enum { ASKING_LIMIT = 8192, HOST_LIMIT = 200 };

/* Answers being read by workers: beyond this no request begins, so that the bodies that wait are no
 * more than these and what is in flight. */
enum { READING_LIMIT = 64 };

/* Milliseconds in which feeds come due are asked together: answers then come in batches too, at
 * half of the cost of one by one. */
enum { TOGETHER = 200 };

/* Microseconds until a feed is looked at again of which too many records wait */
enum { PAUSE = 5 * SECOND };

/* Microseconds a waiting request of a full host is thought to take, without its spacing */
enum { POSTPONED = 50000 };

const char poll_accept[] =
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5";

void poll_schedule(struct poll *poll, struct feed *feed, int64_t delay)
{
    feed->due_at = clock_mono() + delay;
    if (feed->state == FEED_PARKED)
        return;
    heap_put(&poll->due.heap, &feed->due, feed->due_at);
    due_arm(&poll->due);
}

static bool is_open(const struct poll *poll)
{
    return !poll->closing && poll->asking < ASKING_LIMIT && poll->reading < READING_LIMIT &&
           (poll->hooks.may_poll == NULL || poll->hooks.may_poll(poll->hooks.ctx));
}

void poll_reads(struct poll *poll, int by)
{
    poll->reading += by;
    fetcher_hold(poll->fetcher, poll->reading >= READING_LIMIT);
}

static void ask(struct poll *poll, struct feed *feed)
{
    static const char *const delta[] = {
        "A-IM: feed", NULL}; /* RFC 3229: only what is new, from those who can */
    const char *etag = feed_text(feed, FEED_ETAG);
    const char *modified = feed_text(feed, FEED_MODIFIED);
    bool stale = feed->unsure || rule_is_stale(feed->id, feed->last_success, clock_steady()) ||
                 poll_move_wants_body(poll, feed);
    struct fetch_request request = {.url = feed_text(feed, FEED_URL),
        .etag = stale || etag[0] == '\0' ? NULL : etag,
        .last_modified = stale || modified[0] == '\0' ? NULL : modified,
        .validated = feed_text(feed, FEED_VALIDATED),
        .accept = poll_accept,
        .patient = true,
        .was_well = feed->last_success != 0 && feed->failures == 0};
    struct asking *asking = new_zeroed(sizeof(*asking));

    if (request.etag != NULL)
        request.headers = delta;
    *asking = (struct asking){.poll = poll, .feed = feed, .max_age = -1, .retry_after = -1};
    feed->asking = asking;
    poll->asking++;
    histogram_add(&poll->counters.lateness, clock_mono() - feed->due_at);
    asking->ticket = fetch_start(poll->fetcher, &request, poll_on_result, asking);
    if (asking->ticket == 0) { /* fetch is closing */
        feed->asking = NULL;
        poll->asking--;
        asking_free(asking);
    }
}

/* The time after which a host with so many requests waiting may have room again. */
static int64_t until_room(struct poll *poll, size_t waiting, int64_t spacing)
{
    int64_t half = (spacing + POSTPONED) * (int64_t)waiting / 2;

    return half + (int64_t)(poll_chance(poll) % (uint64_t)(2 * half));
}

static void on_time(void *ctx)
{
    struct poll *poll = ctx;
    int64_t now = clock_mono();
    struct heap_node *node;

    while ((node = due_first(&poll->due, now)) != NULL && is_open(poll)) {
        struct feed *feed = HEAP_ITEM(node, struct feed, due);
        int64_t spacing;
        size_t waiting;

        if (poll->hooks.may_ask != NULL && !poll->hooks.may_ask(poll->hooks.ctx, feed->id)) {
            heap_put(&poll->due.heap, node, now + PAUSE);
            continue;
        }
        waiting = fetch_host_waiting(poll->fetcher, feed_text(feed, FEED_URL), &spacing);
        if (waiting >= HOST_LIMIT) {
            heap_put(&poll->due.heap, node, now + until_room(poll, waiting, spacing));
            continue;
        }
        heap_remove(&poll->due.heap, node);
        ask(poll, feed);
    }
    if (node == NULL)
        due_arm(&poll->due); /* else a result or poll_resume() goes on */
}

void poll_wake(struct poll *poll)
{
    due_arm(&poll->due);
}

void poll_resume(struct poll *poll)
{
    poll_wake(poll);
}

/* ---- Feeds coming and going */

static bool was_polled(const struct store_feed *from)
{
    return from->last_success != 0 || from->failures != 0 || from->http_status != 0;
}

/* What a start knows of the feeds that are stored. */
struct loading {
    struct poll *poll;
    int64_t now;  /* the clock's time, or the latest that was written when it is behind that */
    int64_t down; /* how late the latest feed is */
};

/* How long after now a stored feed is due. What became due while the daemon was down keeps its
 * order and its distances: all of it moves by the time the daemon was down, but by no more than an
 * interval. Nothing waits longer than the longest interval, except for its server's wish. */
static int64_t first_delay(
    const struct loading *loading, const struct store_feed *from, int64_t interval)
{
    struct poll *poll = loading->poll;
    int64_t delay = from->next_poll - loading->now;

    if (!was_polled(from))
        return 0;
    if (from->state == FEED_GONE)
        return delay < 0 ? (int64_t)(poll_chance(poll) % (uint64_t)poll->rule.max) : delay;
    if (delay < 0 && loading->down < interval)
        return delay + loading->down;
    if (delay < 0)
        return (int64_t)(poll_chance(poll) % (uint64_t)interval);
    return rule_stored(&poll->rule, delay, from->not_before - loading->now);
}

static struct feed *take(struct poll *poll, const struct store_feed *from)
{
    struct feed *feed = feed_table_add(&poll->feeds, from);

    if (feed->interval <= 0)
        feed->interval = poll->rule.first;
    if (feed->interval < poll->rule.min)
        feed->interval = poll->rule.min;
    if (feed->interval > poll->rule.max)
        feed->interval = poll->rule.max;
    if (feed->state >= sizeof(poll->counters.by_state) / sizeof(poll->counters.by_state[0]))
        feed->state = FEED_OK;
    poll->counters.feeds++;
    poll->counters.by_state[feed->state]++;
    return feed;
}

/* Nothing was written after now: a clock that says so was wrong then, or is now. */
static int on_written(void *ctx, const struct store_feed *from)
{
    struct loading *loading = ctx;
    int64_t latest =
        from->last_success > from->state_since ? from->last_success : from->state_since;

    if (latest > loading->now)
        loading->now = latest;
    return 0;
}

static int on_down(void *ctx, const struct store_feed *from)
{
    struct loading *loading = ctx;
    int64_t late = loading->now - from->next_poll;

    if (was_polled(from) && from->state != FEED_GONE && from->state != FEED_PARKED &&
        late > loading->down)
        loading->down = late;
    return 0;
}

static int on_stored(void *ctx, const struct store_feed *from)
{
    struct loading *loading = ctx;
    struct feed *feed = take(loading->poll, from);

    poll_trouble_expect(loading->poll, feed);
    poll_schedule(loading->poll, feed, first_delay(loading, from, feed->interval));
    return 0;
}

static int load_feeds(struct poll *poll, struct error *err)
{
    struct loading loading = {.poll = poll, .now = clock_steady()};
    int64_t behind;
    int code = store_feeds(poll->store, on_written, &loading, err);

    if (code == OK)
        code = store_feeds(poll->store, on_down, &loading, err);
    if (code == OK)
        code = store_feeds(poll->store, on_stored, &loading, err);
    behind = loading.now - clock_steady();
    if (code != OK || behind <= CLOCK_STEP * (int64_t)SECOND) {
        poll_watch_clock(poll);
        return code;
    }
    poll->trouble.behind = loading.now;
    log_warning("the clock is %lld s behind what the store was written at: feeds are asked as "
                "if no time had passed",
        (long long)(behind / SECOND));
    return code;
}

static void on_diagnosed(void *ctx, int64_t id)
{
    struct poll *poll = ctx;
    struct feed *feed = feed_table_get(&poll->feeds, id);

    if (feed != NULL && !feed->diagnosed) {
        feed->diagnosed = true;
        poll->counters.diagnosed++;
    }
}

static struct poll *poll_new(uv_loop_t *loop, const struct conf *conf)
{
    struct poll *poll = new_zeroed(sizeof(*poll));

    poll->loop = loop;
    poll->conf = conf;
    poll->rule = rule_of(conf);
    poll->opened = clock_steady();
    if (getrandom(&poll->chance, sizeof(poll->chance), GRND_NONBLOCK) < 0 || poll->chance == 0)
        poll->chance = (uint64_t)clock_wall();
    due_open(&poll->due, loop, TOGETHER, on_time, poll);
    uv_timer_init(loop, &poll->writing);
    poll->writing.data = poll;
    poll->handles = (struct closing){.on_last = free, .owner = poll};
    return poll;
}

int poll_open(uv_loop_t *loop, const struct conf *conf, struct fetcher *fetcher,
    struct store *store, const struct poll_hooks *hooks, struct poll **ret_poll, struct error *err)
{
    struct poll *poll = poll_new(loop, conf);
    int code;

    poll->fetcher = fetcher;
    poll->store = store;
    poll->hooks = *hooks;
    fetcher_on_limit(fetcher, poll_trouble_limit, poll);
    code = load_feeds(poll, err);
    if (code == OK)
        code = store_cadences(store, poll_cadence_load, poll, err);
    if (code == OK)
        code = store_movings(store, poll_move_load, poll, err);
    if (code == OK)
        code = store_diagnosed(store, on_diagnosed, poll, err);
    if (code != OK) {
        poll_close(poll);
        return code;
    }
    poll_move_tidy(poll);
    *ret_poll = poll;
    return OK;
}

void poll_add(struct poll *poll, const struct store_feed *from)
{
    struct feed *feed = feed_table_get(&poll->feeds, from->id);

    if (feed != NULL) {
        feed_set_texts(&poll->feeds, feed,
            (const char *const[FEED_TEXTS]){[FEED_TITLE] = from->title,
                [FEED_TAGS] = from->tags,
                [FEED_ORIGIN] = from->origin,
                [FEED_LINK] = from->link});
        return;
    }
    feed = take(poll, from);
    if (feed->state_since == 0)
        feed->state_since = clock_steady();
    poll_schedule(poll, feed,
        first_delay(&(struct loading){.poll = poll, .now = clock_steady()}, from, feed->interval));
}

static void stop_asking(struct poll *poll, struct feed *feed)
{
    if (feed->asking == NULL)
        return;
    if (feed->asking->ticket != 0)
        fetch_cancel(poll->fetcher, feed->asking->ticket);
    else
        poll_reads(poll, -1);
    asking_free(feed->asking);
    feed->asking = NULL;
    poll->asking--;
}

void poll_remove(struct poll *poll, int64_t id)
{
    struct feed *feed = feed_table_get(&poll->feeds, id);

    if (feed == NULL)
        return;
    stop_asking(poll, feed);
    heap_remove(&poll->due.heap, &feed->due);
    poll_forget(poll, feed);
    poll_move_drop(poll, feed);
    poll->counters.feeds--;
    poll->counters.diagnosed -= feed->diagnosed;
    poll->counters.by_state[feed->state]--;
    feed_table_remove(&poll->feeds, feed);
}

void poll_now(struct poll *poll, int64_t id)
{
    struct feed *feed = feed_table_get(&poll->feeds, id);

    if (feed != NULL && feed->asking == NULL)
        poll_schedule(poll, feed, 0);
}

bool poll_pause(struct poll *poll, int64_t id, bool paused)
{
    struct feed *feed = feed_table_get(&poll->feeds, id);

    if (feed == NULL || (feed->state == FEED_PARKED) == paused)
        return false;
    if (paused) {
        stop_asking(poll, feed);
        heap_remove(&poll->due.heap, &feed->due);
    }
    poll_set_paused(poll, feed, paused);
    feed->failures = paused ? feed->failures : 0;
    poll_note(poll, feed);
    if (!paused)
        poll_schedule(poll, feed, 0);
    poll_wake(poll);
    return true;
}

void poll_reload(struct poll *poll, const struct conf *conf)
{
    int64_t latest;

    poll->conf = conf;
    poll->rule = rule_of(conf);
    latest = clock_mono() + poll->rule.max;
    for (size_t i = 0; i < poll->feeds.count; i++) {
        struct feed *feed = poll->feeds.items[i];

        if (feed->due.place != 0 && feed->due_at > latest && feed->failures == 0 &&
            feed->not_before < clock_steady())
            poll_schedule(poll, feed, (int64_t)(poll_chance(poll) % (uint64_t)poll->rule.max));
    }
    poll_wake(poll);
}

/* ---- Looking */

int poll_get(struct poll *poll, int64_t id,
    int (*on_feed)(void *ctx, const struct store_feed *feed), void *ctx)
{
    const struct feed *feed = feed_table_get(&poll->feeds, id);
    struct store_feed view;

    if (feed == NULL)
        return E_NOT_FOUND;
    view = feed_view(feed);
    poll_cadence_show(feed, &view);
    return on_feed(ctx, &view);
}

bool poll_has(const struct poll *poll, int64_t id)
{
    return feed_table_get(&poll->feeds, id) != NULL;
}

int64_t poll_find(struct poll *poll, const char *url)
{
    const struct feed *feed = feed_table_find(&poll->feeds, url);

    return feed == NULL ? 0 : feed->id;
}

int poll_each(
    struct poll *poll, int (*on_feed)(void *ctx, const struct store_feed *feed), void *ctx)
{
    int stopped = 0;

    for (size_t i = 0; i < poll->feeds.count && stopped == 0; i++) {
        const struct store_feed view = feed_view(poll->feeds.items[i]);

        stopped = on_feed(ctx, &view);
    }
    return stopped;
}

void poll_counters(const struct poll *poll, struct poll_counters *ret_counters)
{
    *ret_counters = poll->counters;
    ret_counters->due_next_minute =
        heap_count_until(&poll->due.heap, clock_mono() + 60 * (int64_t)SECOND);
}

void poll_count_fresh(const struct poll *poll, uint64_t *ret_new, uint64_t *ret_failed)
{
    *ret_new = *ret_failed = 0;
    for (size_t i = 0; i < poll->feeds.count; i++) {
        const struct feed *feed = poll->feeds.items[i];

        *ret_new += feed->state == FEED_OK && feed->last_success == 0;
        *ret_failed += feed->state == FEED_OK && feed->failures > 0;
    }
}

void poll_close(struct poll *poll)
{
    poll->closing = true;
    due_stop(&poll->due);
    for (size_t i = 0; i < poll->feeds.count; i++)
        stop_asking(poll, poll->feeds.items[i]);
    poll_write_all(poll);
    for (size_t i = 0; i < poll->feeds.count; i++)
        poll_move_drop(poll, poll->feeds.items[i]);
    table_done(&poll->moves);
    poll_history_close(poll);
    poll_cadence_close(poll);
    poll_trouble_close(poll);
    feed_table_done(&poll->feeds);
    due_done(&poll->due);
    closing_handle(&poll->handles, (uv_handle_t *)&poll->due.timer);
    closing_handle(&poll->handles, (uv_handle_t *)&poll->writing);
}
