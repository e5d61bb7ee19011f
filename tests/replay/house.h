/* house.h - a whole daemon in this thread: started, killed, and run until it has come to rest, by a
 * clock that stands still between the commands of a script.
 *
 * At rest means: what is under way waits for a server that does not answer, and nothing changed
 * while each timer had its turn. No timer of the daemon's that goes by the clock sleeps longer than
 * CLOCK_TEST_TICK, and libuv runs timers in order, so a timer of ours that is a little longer ends
 * after all of them. What the store was asked for is waited for. */
#ifndef WIREROOM_TESTS_REPLAY_HOUSE_H
#define WIREROOM_TESTS_REPLAY_HOUSE_H

#include "base/log.h"
#include "daemon.h"
#include "fetch/fetch.h"
#include "flow/flow.h"
#include "lists/sync.h"
#include "poll/poll.h"
#include "pool/pool.h"
#include "replay/web.h"
#include "unit/own_clock.h"

#include <fcntl.h>
#include <time.h>

enum {
    HOUSE_OPTIONS = 64,
    HOUSE_FEEDS = 32,
    HOUSE_PATH = 300,
    ROUND_MS = CLOCK_TEST_TICK + 2,
    LOOK_MS = 22,      /* a look at the lines that wait (flow/item.c) sleeps for 20 */
    TURNS = 8,         /* a job, its commit, the event's, and as many again */
    REST_SECONDS = 60, /* of the machine's time; it takes hundredths of one */
};

struct option_line {
    char section[32], text[300]; /* "poll", "min_interval: 1m" */
};

struct house {
    struct web *web;
    uv_loop_t loop;
    struct daemon daemon;
    bool up, workers;
    char dir[100], address[32]; /* of what hubs call */
    char config[HOUSE_PATH];
    struct option_line options[HOUSE_OPTIONS];
    size_t option_count;
    char feeds[HOUSE_FEEDS][WEB_NAME];
    size_t feed_count;
};

/* What changes whenever something happens. */
struct activity {
    int requests, held;
    size_t fetching, queued, jobs;
    struct flow_counters flow;
    struct poll_counters polls;
    struct store_log log;
};

static inline int64_t machine_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* ---- its configuration ------------------------------------------------------------- */

static inline void house_set(struct house *h, const char *section, const char *text)
{
    size_t name = strcspn(text, ":");
    size_t at = 0;

    while (at < h->option_count && (strcmp(h->options[at].section, section) != 0 ||
                                       strncmp(h->options[at].text, text, name + 1) != 0))
        at++;
    if (at == HOUSE_OPTIONS)
        abort();
    if (at == h->option_count)
        h->option_count++;
    snprintf(h->options[at].section, sizeof(h->options[at].section), "%s", section);
    snprintf(h->options[at].text, sizeof(h->options[at].text), "%s", text);
}

static inline void write_file(const char *path, struct buf *text)
{
    FILE *file = fopen(path, "we");

    if (file == NULL || fputs(buf_cstr(text), file) < 0 || fclose(file) != 0)
        abort();
}

static inline bool is_first_of_section(const struct house *h, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(h->options[i].section, h->options[at].section) == 0)
            return false;
    return true;
}

static inline void house_configure(struct house *h)
{
    struct buf text = {0};
    struct buf list = {0};
    char path[HOUSE_PATH];

    snprintf(path, sizeof(path), "%s/test.list", h->dir);
    buf_printf(&text, "instance: test\nfeeds: [%s]\n", path);
    for (size_t i = 0; i < h->option_count; i++) {
        if (!is_first_of_section(h, i))
            continue;
        buf_printf(&text, "%s:\n", h->options[i].section);
        for (size_t j = i; j < h->option_count; j++)
            if (strcmp(h->options[j].section, h->options[i].section) == 0)
                buf_printf(&text, "  %s\n", h->options[j].text);
    }
    for (size_t i = 0; i < h->feed_count; i++) {
        web_url(h->web, h->feeds[i], &list);
        buf_add_cstr(&list, "\n");
    }
    write_file(path, &list);
    write_file(h->config, &text);
    buf_done(&text);
    buf_done(&list);
}

/* One request at a time and host, so that articles come in order; feeds are asked when a script
 * says so. Made articles are all alike: they would be one story, whose events nobody expects. */
static inline void house_init(struct house *h, struct web *web, const char *dir)
{
    static const struct option_line lines[] = {{"http", "allow: [127.0.0.0/8]"},
        {"http", "spacing: 0s"}, {"http", "per_host: 1"}, {"http", "timeout: 1h"},
        {"poll", "min_interval: 1m"}, {"poll", "default_interval: 1h"},
        {"poll", "first_fetch: publish-all"}, {"workers", "count: 1"},
        {"stages", "dir: " TEST_STAGES},
        {"stages", "chain: [extract, headline, language, origin, lead, names, quotes, neardup]"},
        {"listen", "pub: ipc://pub.sock"}};
    unsigned id = (unsigned)getpid();
    char text[200];

    h->web = web;
    snprintf(h->dir, sizeof(h->dir), "%s", dir);
    snprintf(h->config, sizeof(h->config), "%s/wireroom.yaml", dir);
    /* an address of this process alone: no other one takes its port */
    snprintf(h->address, sizeof(h->address), "127.%u.%u.%u", 64 + (id >> 16) % 64, id >> 8 & 255,
        id & 255);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        house_set(h, lines[i].section, lines[i].text);
    snprintf(text, sizeof(text), "listen: %s:5580", h->address);
    house_set(h, "websub", text);
    snprintf(text, sizeof(text), "public_url: http://%s:5580/push", h->address);
    house_set(h, "websub", text);
}

/* ---- it comes to rest ---------------------------------------------------------------- */

static inline void activity(const struct house *h, struct activity *ret_activity)
{
    const struct view *v = &h->daemon.view;

    memset(ret_activity, 0, sizeof(*ret_activity)); /* they are compared as bytes */
    pthread_mutex_lock(&h->web->lock);
    ret_activity->requests = h->web->requests;
    ret_activity->held = web_held(h->web);
    pthread_mutex_unlock(&h->web->lock);
    ret_activity->fetching = fetch_in_flight(v->fetcher);
    ret_activity->queued = fetch_waiting(v->fetcher);
    ret_activity->jobs = pool_waiting(v->pool);
    flow_counters(v->flow, &ret_activity->flow);
    poll_counters(v->poll, &ret_activity->polls);
    ret_activity->log = store_log_state(v->store);
}

static inline void on_round(uv_timer_t *timer)
{
    *(bool *)timer->data = true;
}

static inline void on_gone(uv_handle_t *handle)
{
    *(bool *)handle->data = false;
}

/* Each timer that goes by the clock has its turn. What then goes on without a server or a worker,
 * from a job in this thread to the store and back, takes some turns of the loop at most. */
static inline void house_round(struct house *h, uint64_t millis)
{
    uv_timer_t timer;
    bool over = false;

    uv_update_time(&h->loop); /* or the timer is over before it begins */
    uv_timer_init(&h->loop, &timer);
    timer.data = &over;
    uv_timer_start(&timer, on_round, millis, 0);
    while (!over)
        uv_run(&h->loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&timer, on_gone);
    for (int i = 0; i < TURNS || over; i++) {
        store_sync(h->daemon.view.store, NULL);
        uv_run(&h->loop, UV_RUN_NOWAIT);
    }
}

/* False: it never does. */
static inline bool house_rest(struct house *h)
{
    int64_t until = machine_seconds() + REST_SECONDS;
    struct activity before;
    struct activity now;

    activity(h, &now);
    do {
        if (machine_seconds() > until)
            return false;
        before = now;
        house_round(h, now.flow.waiting > 0 ? LOOK_MS : ROUND_MS);
        activity(h, &now);
    } while (now.jobs > 0 || now.fetching != (size_t)now.held ||
             memcmp(&before, &now, sizeof(now)) != 0);
    return true;
}

/* ---- up and down --------------------------------------------------------------------- */

static inline int house_start(struct house *h, struct error *err)
{
    const struct daemon_options options = {.program = TEST_BIN "/wireroomd",
        .config = h->config,
        .dir = h->dir,
        .run_inline = !h->workers};
    struct conf *conf = NULL;
    int code;

    house_configure(h);
    code = conf_load(h->config, h->dir, &conf, err);
    if (code != OK)
        return code;
    uv_loop_init(&h->loop);
    code = daemon_open(&h->daemon, &h->loop, conf, &options, err);
    if (code != OK)
        return code;
    daemon_start(&h->daemon);
    h->up = true;
    return OK;
}

static inline int house_reload(struct house *h, struct error *err)
{
    struct lists_sync sync = {.force = true}; /* of few feeds one is many */
    struct buf summary = {0};
    int code;

    house_configure(h);
    code = daemon_reload(&h->daemon, &sync, &summary, err);
    buf_done(&summary);
    buf_done(&sync.warnings);
    return code;
}

static inline void house_stop(struct house *h)
{
    daemon_stop(&h->daemon);
    uv_run(&h->loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&h->loop) != 0)
        abort();
    daemon_done(&h->daemon);
    h->up = false;
}

static inline void copy_file(const char *from, const char *to)
{
    char block[65536];
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t len;

    while ((len = read(in, block, sizeof(block))) > 0)
        if (write(out, block, (size_t)len) != len)
            abort();
    if (in < 0 || out < 0 || len < 0)
        abort();
    close(in);
    close(out);
}

/* The files as a kill at this moment leaves them; what the daemon does as it goes is undone. */
static inline void house_kill(struct house *h)
{
    static const char *const ends[] = {"", "-wal"};
    char kept[HOUSE_PATH];
    char path[HOUSE_PATH];

    store_sync(h->daemon.view.store, NULL);
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%s/wireroom.db%s", h->dir, ends[i]);
        snprintf(kept, sizeof(kept), "%s/killed%s", h->dir, ends[i]);
        copy_file(path, kept);
    }
    house_stop(h);
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%s/wireroom.db%s", h->dir, ends[i]);
        snprintf(kept, sizeof(kept), "%s/killed%s", h->dir, ends[i]);
        copy_file(kept, path);
    }
}

#endif
