/* daemon.c - the parts of the daemon: in which order they come up and go down, what each is given
 * of the others, and that a reload reaches all of them or none. */
#include "daemon.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf_certs.h"
#include "conf/conf_table.h"
#include "deliver/deliver.h"
#include "fetch/fetch.h"
#include "flow/document.h"
#include "flow/look.h"
#include "lists/lists.h"
#include "lists/subscriptions.h"
#include "notify.h"
#include "page/robots.h"
#include "pool/pool.h"
#include "recheck/recheck.h"
#include "websub/websub.h"
#include "worker/module.h"

enum { EXIT_TROUBLE = 1, STATUS_MS = 5000 };

/* ---- going down -------------------------------------------------------------- */

static void on_pool_closed(void *ctx)
{
    struct daemon *d = ctx;
    struct error err = {0};

    subscriptions_free(d->view.subscriptions);
    if (store_close(d->view.store, &err) != OK)
        log_warning("the store's log stays beside it, nothing is lost: file=%s-wal %s",
            d->conf->store.path, err.text);
    recheck_free(d->view.recheck);
    robots_free(d->robots);
    deliver_close(d->view.deliver);
    flow_free(d->view.flow);
    notify_close(d->notify);
    uv_close((uv_handle_t *)&d->status, NULL);
    if (d->options.on_stopped != NULL)
        d->options.on_stopped(d->options.ctx);
}

static void on_fetcher_closed(void *ctx)
{
    struct daemon *d = ctx;

    pool_close(d->view.pool, on_pool_closed, d);
}

void daemon_stop(struct daemon *d)
{
    if (d->stopping)
        return;
    d->stopping = true;
    log_about(LOG_LEVEL_INFO, &(struct log_about){.message = MESSAGE_STOPPING}, "stopping");
    notify_stopping();
    uv_timer_stop(&d->status); /* it looks at parts that go before the workers have ended */
    flow_stop(d->view.flow);
    recheck_stop(d->view.recheck);
    control_close(d->control);
    api_close(d->api);
    subscriptions_close(d->view.subscriptions);
    websub_close(d->view.websub);
    poll_close(d->view.poll);
    robots_stop(d->robots);
    fetcher_close(d->view.fetcher, on_fetcher_closed, d);
}

void daemon_done(struct daemon *d)
{
    if (d->started_with != d->conf && d->started_with != d->pooled)
        conf_free(d->started_with);
    if (d->pooled != d->conf)
        conf_free(d->pooled);
    conf_free(d->conf);
    buf_done(&d->list_warnings);
    again_clear(&d->unread);
}

/* ---- while it runs ------------------------------------------------------------ */

static void tell_status(const struct daemon *d, const struct flow_counters *flow)
{
    struct store_trouble trouble = store_trouble(d->view.store);
    struct poll_counters polls;
    char since[CLOCK_TEXT];

    poll_counters(d->view.poll, &polls);
    if (trouble.err.code != OK)
        notify_status("STORE %s since %s, nothing is polled",
            trouble.err.code == E_LIMIT     ? "FULL"
            : trouble.err.code == E_TIMEOUT ? "LOCKED"
                                            : "LOST",
            clock_format(trouble.since, since));
    else
        notify_status("%llu feeds, %llu ok; %llu records published, %llu on their way",
            (unsigned long long)polls.feeds, (unsigned long long)polls.by_state[FEED_OK],
            (unsigned long long)flow->published + flow->updated,
            (unsigned long long)flow->in_flight);
}

static int take_lists(struct daemon *d, struct lists_sync *sync, struct error *err)
{
    int code = lists_take_over(&d->feeds, sync, err);

    /* Who looks again every few seconds says it once. */
    if (sync->only == NULL ||
        !bytes_equal(buf_bytes(&d->list_warnings), buf_bytes(&sync->warnings)))
        lists_log(&sync->warnings);
    buf_clear(&d->list_warnings);
    buf_add(&d->list_warnings, buf_bytes(&sync->warnings));
    again_clear(&d->unread);
    d->unread = sync->unread;
    sync->unread = (struct again){0};
    d->lists_failed = code != OK;
    return code;
}

/* What could not be read is read once it can be; what the store did not take over, with all lists.
 */
static void read_lists_again(struct daemon *d)
{
    struct lists_sync sync = {.only = &d->unread};
    struct error err = {0};

    if (d->lists_failed)
        sync.only = NULL;
    else if (!again_is_due(&d->unread))
        return;
    if (take_lists(d, &sync, &err) != OK)
        log_debug("feed lists not taken over: %s", err.text);
    if (sync.added + sync.removed > 0)
        log_info("feed lists can be read again: +%zu -%zu feeds", sync.added, sync.removed);
    buf_done(&sync.warnings);
}

static void on_status(uv_timer_t *timer)
{
    struct daemon *d = timer->data;
    struct flow_counters flow;

    flow_counters(d->view.flow, &flow);
    tell_status(d, &flow);
    poll_watch_clock(d->view.poll);
    store_trim(d->view.store);
    disk_watch(d->view.store, d->conf->store.path, &d->told);
    read_lists_again(d);
    /* What a burst of records took is given back once it is over. */
    if (flow.in_flight == 0)
        malloc_trim(0);
}

static void on_trouble(void *ctx, const struct error *err)
{
    struct daemon *d = ctx;
    static int64_t last;

    if (!store_may_pass(err->code)) {
        log_about(LOG_LEVEL_ERROR, &(struct log_about){.message = MESSAGE_STORE_TROUBLE},
            "store cannot be written, ending: %s", err->text);
        _exit(EXIT_TROUBLE);
    }
    if (clock_mono() - last > 60 * (int64_t)SECOND || last == 0)
        log_about(LOG_LEVEL_ERROR, &(struct log_about){.message = MESSAGE_STORE_TROUBLE},
            err->code == E_LIMIT ? "store is full, nothing is polled until there is room: %s"
            : err->code == E_TIMEOUT
                ? "store is locked, nothing is polled until that program lets go: %s"
                : "store is lost, nothing is polled until its file is back: %s",
            err->text);
    last = clock_mono();
    if (d->view.flow != NULL)
        flow_hold(d->view.flow);
}

/* ---- what poll tells: the flow reads, hubs are asked, feeds go ------------------- */

static void on_read(void *ctx, const struct document_outcome *outcome)
{
    struct daemon *d = ctx;
    bool news = outcome->read.fresh > 0 || outcome->read.also > 0;

    poll_parsed(d->view.poll, outcome->feed, &outcome->read);
    if (outcome->read.code == OK && poll_has(d->view.poll, outcome->feed)) /* not merged */
        websub_polled(d->view.websub, outcome->feed, outcome->links, news);
}

static void on_body(void *ctx, const struct poll_answer *answer)
{
    struct daemon *d = ctx;

    document_read(d->view.flow, answer, on_read, d);
}

static void on_unchanged(void *ctx, int64_t feed, const struct fetch_result *result)
{
    struct daemon *d = ctx;

    websub_unchanged(d->view.websub, feed, bytes_of(result->url), result->headers);
}

static void on_state(void *ctx, const struct store_feed *feed, int previous)
{
    struct daemon *d = ctx;

    flow_state(d->view.flow, feed, previous);
}

static void on_many(void *ctx, const struct poll_trouble *trouble)
{
    struct daemon *d = ctx;

    flow_trouble(d->view.flow, trouble);
}

static bool may_poll(void *ctx)
{
    const struct daemon *d = ctx;

    return flow_may_poll(d->view.flow);
}

static bool may_ask(void *ctx, int64_t feed)
{
    const struct daemon *d = ctx;

    return flow_may_ask(d->view.flow, feed);
}

static void on_merged(void *ctx, int64_t feed)
{
    struct daemon *d = ctx;

    flow_merged(d->view.flow, feed);
    websub_forget(d->view.websub, feed);
}

static void on_removed(void *ctx, int64_t feed)
{
    struct daemon *d = ctx;

    websub_forget(d->view.websub, feed);
}

static struct poll_hooks hooks_of(struct daemon *d)
{
    return (struct poll_hooks){.on_body = on_body,
        .on_state = on_state,
        .may_poll = may_poll,
        .may_ask = may_ask,
        .ctx = d,
        .on_merged = on_merged,
        .on_unchanged = on_unchanged,
        .on_trouble = on_many};
}

/* ---- reload ------------------------------------------------------------------- */

/* The workers now run with conf; of old and the one they had, what nobody uses is freed. */
static void keep_pooled(struct daemon *d, struct conf *old, struct conf *conf)
{
    struct conf *before = d->pooled;

    d->pooled = conf;
    if (before != conf && before != old && before != d->started_with)
        conf_free(before);
    if (old != conf && old != d->started_with)
        conf_free(old);
}

static void look_at_certificates(const struct conf *conf)
{
    if (!conf_certs_any(conf->http.ca_path))
        log_warning(CONF_CERTS_NONE, conf->http.ca_path);
}

/* All that reads options takes the new ones, or none does. */
static int take_conf(struct daemon *d, struct conf *conf, bool workers, struct error *err)
{
    struct conf *old = d->conf;
    int code = fetcher_reload(d->view.fetcher, conf, err);

    if (code == OK)
        code = websub_reload(d->view.websub, conf, err);
    if (workers && code == OK)
        code = pool_reload(d->view.pool, conf, err);
    if (code != OK) {
        fetcher_reload(d->view.fetcher, old, NULL);
        websub_reload(d->view.websub, old, NULL);
        return code;
    }
    look_at_certificates(conf);
    d->conf = conf;
    d->view.conf = d->feeds.conf = conf;
    d->budget.limit = (size_t)conf->poll.max_bytes;
    poll_reload(d->view.poll, conf);
    robots_reload(d->robots, conf);
    store_reload(d->view.store, conf);
    deliver_reload(d->view.deliver, conf);
    api_reload(d->api);
    flow_reload(d->view.flow, conf);
    subscriptions_reload(d->view.subscriptions, conf);
    return OK;
}

static bool workers_change(const struct conf *old, const struct conf *conf)
{
    struct buf changed = {0};
    bool any;

    conf_list_changed(old, conf, CONF_IN_WORKERS, &changed);
    any = changed.len > 0;
    buf_done(&changed);
    return any;
}

/* What a reload did, for people. */
static void sum_up(const struct daemon *d, const struct lists_sync *sync, bool workers,
    const char *module, const struct buf *taken, struct buf *out)
{
    struct buf later = {0};

    conf_list_changed(d->started_with, d->conf, CONF_AT_START, &later);
    buf_printf(out, "+%zu -%zu feeds, stages %s%s", sync->added, sync->removed,
        !workers            ? "unchanged"
        : module[0] == '\0' ? "changed"
                            : "opened again: a new module of ",
        workers ? module : "");
    if (taken->len > 0)
        buf_printf(out, "; changed: %.*s", FMT(buf_bytes(taken)));
    if (later.len > 0)
        buf_printf(out, "; from the next start on: %.*s", FMT(buf_bytes(&later)));
    buf_done(&later);
}

static int reload(
    struct daemon *d, struct lists_sync *sync, struct buf *ret_summary, struct error *err)
{
    struct conf *conf = NULL;
    struct conf *old = d->conf;
    const char *changed = pool_changed(d->view.pool);
    char module[MODULE_NAME + 1]; /* that was exchanged; changed is gone after a reload */
    struct buf taken = {0};
    bool workers;
    int code;

    snprintf(module, sizeof(module), "%s", changed == NULL ? "" : changed);
    code = conf_load(d->options.config, d->options.dir, &conf, err);
    workers = code == OK && (module[0] != '\0' || workers_change(old, conf));
    if (code == OK)
        code = take_conf(d, conf, workers, err);
    if (code != OK) {
        conf_free(conf);
        return code;
    }
    conf_list_changed(old, conf, CONF_AT_ONCE, &taken);
    conf_list_changed(old, conf, CONF_IN_WORKERS, &taken);
    keep_pooled(d, old, workers ? conf : d->pooled);
    if (sync->force)
        subscriptions_force(d->view.subscriptions);
    code = take_lists(d, sync, err);
    sum_up(d, sync, workers, module, &taken, ret_summary);
    buf_done(&taken);
    log_about(LOG_LEVEL_INFO, &(struct log_about){.message = MESSAGE_RELOADED},
        "configuration reloaded: %.*s", FMT(buf_bytes(ret_summary)));
    return code;
}

int daemon_reload(
    struct daemon *d, struct lists_sync *sync, struct buf *ret_summary, struct error *err)
{
    int code;

    notify_reloading();
    code = reload(d, sync, ret_summary, err);
    notify_ready();
    return code;
}

static int on_reload(void *ctx, struct lists_sync *sync, struct buf *ret_summary, struct error *err)
{
    return daemon_reload(ctx, sync, ret_summary, err);
}

static void on_stop(void *ctx)
{
    daemon_stop(ctx);
}

/* ---- coming up ----------------------------------------------------------------- */

/* Stages that hold much leave it in files without a name beside the store (base/space.h). */
static void tell_where(const char *store)
{
    const char *slash = strrchr(store, '/');
    struct buf dir = {0};

    buf_add(&dir, slash == NULL ? LIT(".") : (struct bytes){store, (size_t)(slash - store) + 1});
    buf_add_byte(&dir, '\0');
    setenv("WIREROOM_STATE", dir.ptr, 1);
    buf_done(&dir);
}

/* What takes part in the life of a record, up to the log and behind it. */
static int open_flow(struct daemon *d, struct error *err)
{
    struct view *v = &d->view;
    const struct pool_options options = {
        d->options.program, d->conf, d->options.run_inline, true, &d->budget};
    int code = store_open(d->loop, d->conf, &v->store, err);

    if (code != OK)
        return code;
    store_set_trouble(v->store, on_trouble, d);
    tell_where(d->conf->store.path);
    code = fetcher_open(d->loop, d->conf, &v->fetcher, err);
    if (code == OK)
        fetcher_share(v->fetcher, &d->budget);
    if (code == OK)
        code = pool_open(d->loop, &options, &v->pool, err);
    if (code == OK)
        code = deliver_open(d->loop, d->conf, v->store, &v->deliver, err);
    if (code != OK)
        return code;
    d->robots = robots_open(d->loop, d->conf, v->fetcher, v->pool);
    v->flow = flow_new(&(struct flow_parts){.loop = d->loop,
        .conf = d->conf,
        .store = v->store,
        .fetcher = v->fetcher,
        .pool = v->pool,
        .robots = d->robots,
        .budget = &d->budget});
    return OK;
}

/* What has records come: polls, looks, hubs, lists; and who may ask for them. */
static int open_sources(struct daemon *d, struct error *err)
{
    struct view *v = &d->view;
    const struct poll_hooks hooks = hooks_of(d);
    const struct recheck_hooks looks = look_hooks(v->flow);
    int code = recheck_open(d->loop, v->store, &looks, &v->recheck, err);

    if (code == OK)
        code = poll_open(d->loop, d->conf, v->fetcher, v->store, &hooks, &v->poll, err);
    if (code != OK)
        return code;
    flow_connect(v->flow, v->poll, v->recheck);
    d->feeds = (struct feeds){.conf = d->conf,
        .store = v->store,
        .poll = v->poll,
        .flow = v->flow,
        .on_removed = on_removed,
        .ctx = d};
    code = websub_open(&(struct websub_parts){.loop = d->loop,
                           .fetcher = v->fetcher,
                           .store = v->store,
                           .poll = v->poll,
                           .flow = v->flow},
        d->conf, &v->websub, err);
    if (code != OK)
        return code;
    v->subscriptions = subscriptions_open(
        &(struct subscriptions_parts){
            .loop = d->loop, .fetcher = v->fetcher, .pool = v->pool, .feeds = &d->feeds},
        d->conf);
    code = api_open(d->loop, v, &d->api, err);
    if (code != OK)
        return code;
    return control_open(d->loop, v, &d->feeds,
        &(struct control_hooks){.reload = on_reload, .stop = on_stop, .ctx = d}, &d->control, err);
}

void daemon_start(struct daemon *d)
{
    struct lists_sync sync = {0};
    struct error err = {0};

    uv_timer_init(d->loop, &d->status);
    d->status.data = d;
    uv_timer_start(&d->status, on_status, STATUS_MS, STATUS_MS);
    d->notify = notify_open(d->loop);
    flow_start(d->view.flow);
    if (take_lists(d, &sync, &err) != OK)
        log_error("feed lists not taken over: %s", err.text);
    buf_done(&sync.warnings);
    log_about(LOG_LEVEL_INFO, &(struct log_about){.message = MESSAGE_STARTED},
        "started: version=%s pub=%s control=%s store=%s", WIREROOM_VERSION, d->conf->listen.pub,
        d->conf->listen.control, d->conf->store.path);
    notify_ready();
}

int daemon_open(struct daemon *d, uv_loop_t *loop, struct conf *conf,
    const struct daemon_options *options, struct error *err)
{
    int code;

    *d = (struct daemon){.options = *options,
        .loop = loop,
        .conf = conf,
        .started_with = conf,
        .pooled = conf,
        .budget = {.limit = (size_t)conf->poll.max_bytes},
        .view = {.conf = conf, .started = clock_wall(), .list_warnings = &d->list_warnings}};
    look_at_certificates(conf);
    code = open_flow(d, err);
    return code == OK ? open_sources(d, err) : code;
}
