/* poll_fixture.h - feeds that are polled from a real server, by a clock of our own, with a store
 * that only remembers. */
#ifndef WIREROOM_TESTS_POLL_FIXTURE_H
#define WIREROOM_TESTS_POLL_FIXTURE_H

#include "poll/poll.h"

#include "unit/http_server.h"
#include "unit/own_clock.h"

#include <setjmp.h>

#include <cmocka.h>

static const int64_t MINUTE = 60 * (int64_t)SECOND;
static const int64_t HOUR = 3600 * (int64_t)SECOND;
static const int64_t DAY = 86400 * (int64_t)SECOND;

#ifndef POLL_FEEDS
#define POLL_FEEDS 300
#endif
enum { FEEDS = POLL_FEEDS + 1 }; /* ids begin with 1 */

struct fixture {
    uv_loop_t loop;
    struct conf conf;
    struct fetcher *fetcher;
    struct server *server;
    struct poll *poll;
    struct poll_outcome outcome; /* of each body */
    int bodies, states, last_state, last_previous, merged;
    int troubles, last_trouble;
    bool trouble_over;
    int64_t last_moving;
    char new_url[200];
    int64_t paused;                            /* feed, 0 for none */
    bool closed_gate, last_first, keep_bodies; /* keep: the test calls poll_parsed() */
    char last_body[100], last_etag[100];
};

/* ---- a store that only remembers */

struct store {
    struct store_feed feeds[FEEDS];
    size_t count;
    int writes;
    struct store_feed written[FEEDS]; /* numbers only */
    char etag[100];
    struct store_polled history[STORE_HISTORY]; /* of all feeds */
    size_t history_count;
    int history_writes;
    int cadence_writes;
    int64_t cadence_feed;
    char cadence[300]; /* the one kept */
    size_t cadence_len;
    struct store_moving moving; /* the one kept */
    int moves, moving_writes;
    char moving_url[200], moved_from[200], moved_to[200], tags[100];
};

static struct store store;

int store_feeds(struct store *from, int (*on_feed)(void *ctx, const struct store_feed *feed),
    void *ctx, struct error *err)
{
    (void)err;
    for (size_t i = 0; i < from->count; i++)
        on_feed(ctx, &from->feeds[i]);
    return OK;
}

void store_feed_poll(struct store *to, const struct store_feed *feed)
{
    to->writes++;
    to->written[feed->id] = *feed;
    snprintf(to->etag, sizeof(to->etag), "%s", feed->etag == NULL ? "" : feed->etag);
}

void store_cadence_put(struct store *to, int64_t feed, struct bytes model)
{
    to->cadence_writes++;
    to->cadence_feed = feed;
    memcpy(to->cadence, model.ptr, model.len);
    to->cadence_len = model.len;
}

int store_cadences(struct store *from,
    void (*on_cadence)(void *ctx, int64_t feed, struct bytes model), void *ctx, struct error *err)
{
    (void)err;
    if (from->cadence_len > 0)
        on_cadence(ctx, from->cadence_feed, (struct bytes){from->cadence, from->cadence_len});
    return OK;
}

int store_diagnosed(
    struct store *from, void (*on_feed)(void *ctx, int64_t feed), void *ctx, struct error *err)
{
    (void)err;
    for (size_t i = 0; i < from->count; i++)
        if (from->feeds[i].diagnosed)
            on_feed(ctx, from->feeds[i].id);
    return OK;
}

void store_history_add(
    struct store *to, int64_t feed, const struct store_polled *more, size_t count)
{
    (void)feed;
    to->history_writes++;
    for (size_t i = 0; i < count && to->history_count < STORE_HISTORY; i++)
        to->history[to->history_count++] = more[i];
}

int store_history(struct store *from, int64_t feed, struct store_polled ret_polls[STORE_HISTORY],
    size_t *ret_count, struct error *err)
{
    (void)feed;
    (void)err;
    memcpy(ret_polls, from->history, sizeof(from->history));
    *ret_count = from->history_count;
    return OK;
}

int store_sync(struct store *unused, struct error *err)
{
    (void)unused;
    (void)err;
    return OK;
}

void store_moving_put(struct store *to, const struct store_moving *moving)
{
    to->moving_writes++;
    to->moving = *moving;
    snprintf(to->moving_url, sizeof(to->moving_url), "%s", moving->url == NULL ? "" : moving->url);
    to->moving.url = moving->url == NULL ? NULL : to->moving_url;
}

int store_movings(struct store *from,
    void (*on_moving)(void *ctx, const struct store_moving *moving), void *ctx, struct error *err)
{
    (void)err;
    if (from->moving.url != NULL)
        on_moving(ctx, &from->moving);
    return OK;
}

void store_feed_move(struct store *to, const struct store_feed *feed, const char *url)
{
    to->moves++;
    snprintf(to->moved_from, sizeof(to->moved_from), "%s", feed->url);
    snprintf(to->moved_to, sizeof(to->moved_to), "%s", url);
}

int store_feed_put(
    struct store *to, struct store_feed *feed, int64_t *ret_id, bool *ret_added, struct error *err)
{
    (void)err;
    snprintf(to->tags, sizeof(to->tags), "%s", feed->tags);
    *ret_id = feed->id;
    *ret_added = false;
    return OK;
}

/* ---- the fixture */

static inline void on_body(void *ctx, const struct poll_answer *answer)
{
    struct fixture *f = ctx;

    f->bodies++;
    f->last_first = answer->first;
    f->last_moving = answer->feed->moving;
    snprintf(f->last_body, sizeof(f->last_body), "%.*s", FMT(answer->result->body));
    snprintf(f->last_etag, sizeof(f->last_etag), "%s",
        answer->feed->etag == NULL ? "" : answer->feed->etag);
    if (!f->keep_bodies)
        poll_parsed(f->poll, answer->feed->id, &f->outcome);
}

static inline void on_state(void *ctx, const struct store_feed *feed, int previous)
{
    struct fixture *f = ctx;

    f->states++;
    snprintf(f->new_url, sizeof(f->new_url), "%s", feed->new_url == NULL ? "" : feed->new_url);
    f->last_state = feed->state;
    f->last_previous = previous;
}

static inline void on_merged(void *ctx, int64_t feed)
{
    ((struct fixture *)ctx)->merged = (int)feed;
}

static inline bool may_poll(void *ctx)
{
    return !((struct fixture *)ctx)->closed_gate;
}

static inline bool may_ask(void *ctx, int64_t feed)
{
    return feed != ((struct fixture *)ctx)->paused;
}

static inline void on_trouble(void *ctx, const struct poll_trouble *trouble)
{
    struct fixture *f = ctx;

    f->troubles++;
    f->last_trouble = trouble->kind;
    f->trouble_over = trouble->over;
}

static inline void open_poll(struct fixture *f)
{
    const struct poll_hooks hooks = {
        on_body, on_state, may_poll, f, on_merged, NULL, may_ask, on_trouble};
    struct error err = {0};

    assert_int_equal(poll_open(&f->loop, &f->conf, f->fetcher, &store, &hooks, &f->poll, &err), OK);
}

static inline void begin(struct fixture *f, const struct answer *answers)
{
    static const char *const allow[] = {"127.0.0.0/8", NULL};
    struct error err = {0};

    memset(&store, 0, sizeof(store));
    *f = (struct fixture){.conf = {.http = {.per_host = 2,
                                       .timeout = 5 * SECOND,
                                       .max_body = 100000,
                                       .max_in_flight = 50,
                                       .ca_path = "/etc/ssl/certs",
                                       .allow = allow},
                              .poll = {.min_interval = 30 * (int64_t)SECOND,
                                  .max_interval = 6 * HOUR,
                                  .default_interval = 5 * MINUTE}}};
    uv_loop_init(&f->loop);
    assert_int_equal(fetcher_open(&f->loop, &f->conf, &f->fetcher, &err), OK);
    f->server = server_start(answers);
}

static inline struct store_feed *store_add(struct fixture *f, const char *path)
{
    struct store_feed *feed = &store.feeds[store.count++];
    char url[200];

    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", f->server->port, path);
    *feed = (struct store_feed){
        .id = (int64_t)store.count, .url = strdup(url), .title = "", .tags = "", .origin = "cli"};
    return feed;
}

static inline void close_poll(struct fixture *f)
{
    poll_close(f->poll);
    f->poll = NULL;
}

static inline void finish(struct fixture *f)
{
    if (f->poll != NULL)
        close_poll(f);
    fetcher_close(f->fetcher, NULL, NULL);
    uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    server_stop(f->server);
    for (size_t i = 0; i < store.count; i++)
        free((void *)store.feeds[i].url);
}

static inline uint64_t polls(struct fixture *f)
{
    struct poll_counters counters;

    poll_counters(f->poll, &counters);
    return counters.polls;
}

static inline void wait_for_polls(struct fixture *f, uint64_t count)
{
    while (polls(f) < count)
        uv_run(&f->loop, UV_RUN_ONCE); /* timers of ours tick while feeds are scheduled */
}

/* One feed, asked once. */
static inline void begin_polled(struct fixture *f, const struct answer *answers)
{
    begin(f, answers);
    store_add(f, "/feed");
    open_poll(f);
    wait_for_polls(f, 1);
}

static inline int copy_feed(void *ctx, const struct store_feed *feed)
{
    *(struct store_feed *)ctx = *feed;
    return 0;
}

static inline struct store_feed look(struct fixture *f, int64_t id)
{
    struct store_feed feed;

    assert_int_equal(poll_get(f->poll, id, copy_feed, &feed), OK);
    return feed;
}

static inline int64_t seconds_to_next(struct fixture *f, int64_t id)
{
    return (look(f, id).next_poll - clock_steady()) / SECOND;
}

/* Let the time of the feed's next poll come and wait for it. */
static inline void poll_again(struct fixture *f, int64_t id)
{
    uint64_t before = polls(f);

    pass_time(look(f, id).next_poll - clock_steady() + 1000);
    wait_for_polls(f, before + 1);
}

static inline void assert_between(int64_t value, int64_t least, int64_t most)
{
    if (value < least || value > most)
        fail_msg(
            "%lld is not from %lld to %lld", (long long)value, (long long)least, (long long)most);
}

#define TEXT(body, headers) "HTTP/1.1 200 OK\r\n" headers "Content-Length: 5\r\n\r\n" body

#endif
