/* main.c - options, configuration, start and stop: in which order the parts of the daemon come up
 * and go down. */
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf_certs.h"
#include "conf/conf_table.h"
#include "control/control.h"
#include "deliver/accept.h"
#include "deliver/deliver.h"
#include "flow/flow.h"
#include "flow/look.h"
#include "lists/lists.h"
#include "lists/subscriptions.h"
#include "notify.h"
#include "page/robots.h"
#include "pool/pool.h"
#include "store/disk.h"
#include "websub/websub.h"
#include "worker/module.h"
#include "worker/worker.h"

enum { EXIT_TROUBLE = 1, EXIT_USAGE = 2, STATUS_MS = 5000, LISTS_ARENA = 1 << 30 };

struct options {
    const char *config;
    const char *dir;
    const char *test_clock;
    int log_level;
    bool run_inline;
    bool check;
};

/* The running daemon and what only start and stop need of it. */
struct process {
    struct daemon daemon;
    struct options options;
    struct notify *notify;
    uv_signal_t signals[3];
    uv_timer_t status;
    struct disk_told told;
    bool stopping;
    struct conf *pooled; /* the workers run with it; older than daemon.conf, or the same */
    struct conf *started_with;
};

static const char usage_text[] =
    "usage: wireroomd [options]\n"
    "Polls news feeds, runs their articles through the stages, publishes the records.\n\n"
    "  -c, --config FILE     configuration (default " WIREROOM_SYSCONF_DIR "/wireroom.yaml)\n"
    "  -d, --dir DIR         state and sockets below DIR instead of the configured places\n"
    "      --check-config    read the configuration, say what is wrong with it, and end\n"
    "      --inline          run the stages in this process, without workers (for debugging)\n"
    "      --log-level WORD  error, warning, info (default) or debug\n"
    "      --test-clock FILE take the time's offset from FILE (for tests)\n"
    "      --version, --help\n\n"
    "exit status: 0 ended as asked, 1 trouble, 2 usage\n";

static int parse_level(const char *word)
{
    static const struct {
        const char *word;
        int level;
    } levels[] = {{"error", LOG_LEVEL_ERROR}, {"warning", LOG_LEVEL_WARNING},
        {"info", LOG_LEVEL_INFO}, {"debug", LOG_LEVEL_DEBUG}};

    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (strcmp(word, levels[i].word) == 0)
            return levels[i].level;
    return -1;
}

/* -1 to go on, or the exit status. */
static int parse_options(int argc, char **argv, struct options *o)
{
    static const struct option longs[] = {{"config", 1, NULL, 'c'}, {"dir", 1, NULL, 'd'},
        {"check-config", 0, NULL, 'k'}, {"inline", 0, NULL, 'i'}, {"log-level", 1, NULL, 'l'},
        {"test-clock", 1, NULL, 't'}, {"version", 0, NULL, 'V'}, {"help", 0, NULL, 'h'}, {0}};
    int c;

    while ((c = getopt_long(argc, argv, "c:d:h", longs, NULL)) != -1) {
        if (c == 'c')
            o->config = optarg;
        else if (c == 'd')
            o->dir = optarg;
        else if (c == 'k')
            o->check = true;
        else if (c == 'i')
            o->run_inline = true;
        else if (c == 't')
            o->test_clock = optarg;
        else if (c == 'l' && (o->log_level = parse_level(optarg)) >= 0)
            continue;
        else if (c == 'V' || c == 'h') {
            fputs(c == 'h' ? usage_text
                           : "wireroomd " WIREROOM_VERSION " (pages: " WIREROOM_HTML ")\n",
                stdout);
            return EXIT_SUCCESS;
        } else {
            fputs("wireroomd: try --help\n", stderr);
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "wireroomd: %s: not expected here; try --help\n", argv[optind]);
        return EXIT_USAGE;
    }
    return -1;
}

/* ---- going down ------------------------------------------------------------- */

static void on_pool_closed(void *ctx)
{
    struct process *p = ctx;
    struct daemon *d = &p->daemon;
    struct error err = {0};

    subscriptions_free(d->subscriptions);
    if (store_close(d->store, &err) != OK)
        log_warning("the store's log stays beside it, nothing is lost: file=%s-wal %s",
            d->conf->store.path, err.text);
    recheck_free(d->recheck);
    robots_free(d->robots);
    deliver_close(d->deliver);
    flow_free(d->flow);
    notify_close(p->notify);
    uv_close((uv_handle_t *)&p->status, NULL);
    for (size_t i = 0; i < 3; i++)
        uv_close((uv_handle_t *)&p->signals[i], NULL);
}

static void on_fetcher_closed(void *ctx)
{
    struct process *p = ctx;

    pool_close(p->daemon.pool, on_pool_closed, p);
}

void daemon_stop(struct daemon *daemon)
{
    struct process *p = (struct process *)daemon;

    if (p->stopping)
        return;
    p->stopping = true;
    log_info("stopping");
    notify_stopping();
    flow_stop(daemon->flow);
    recheck_stop(daemon->recheck);
    control_close(daemon->control);
    subscriptions_close(daemon->subscriptions);
    websub_close(daemon->websub);
    poll_close(daemon->poll);
    robots_stop(daemon->robots);
    fetcher_close(daemon->fetcher, on_fetcher_closed, p);
}

/* ---- while it runs ---------------------------------------------------------- */

static void on_signal(uv_signal_t *handle, int number)
{
    struct process *p = handle->data;
    struct error err = {0};
    struct lists_sync sync = {0};
    struct buf summary = {0};

    if (number != SIGHUP) {
        daemon_stop(&p->daemon);
        return;
    }
    if (daemon_reload(&p->daemon, &sync, &summary, &err) != OK)
        log_error("%s: %s",
            summary.len > 0 ? "the new configuration holds, the feed lists are not taken over"
                            : "configuration not reloaded, the old one stays",
            err.text);
    buf_done(&summary);
    buf_done(&sync.warnings);
}

static void on_status(uv_timer_t *timer)
{
    struct process *p = timer->data;
    struct store_trouble trouble = store_trouble(p->daemon.store);
    struct poll_counters polls;
    struct flow_counters flow;
    char since[CLOCK_TEXT];

    poll_counters(p->daemon.poll, &polls);
    flow_counters(p->daemon.flow, &flow);
    if (trouble.err.code != OK)
        notify_status("STORE %s since %s, nothing is polled",
            trouble.err.code == E_LIMIT     ? "FULL"
            : trouble.err.code == E_TIMEOUT ? "LOCKED"
                                            : "LOST",
            clock_format(trouble.since, since));
    else
        notify_status("%llu feeds, %llu ok; %llu records published, %llu on their way",
            (unsigned long long)polls.feeds, (unsigned long long)polls.by_state[FEED_OK],
            (unsigned long long)flow.published + flow.updated, (unsigned long long)flow.in_flight);
    poll_watch_clock(p->daemon.poll);
    store_trim(p->daemon.store);
    disk_watch(p->daemon.store, p->daemon.conf->store.path, &p->told);
    /* What a burst of records took is given back once it is over. */
    if (flow.in_flight == 0)
        malloc_trim(0);
}

static void on_trouble(void *ctx, const struct error *err)
{
    struct process *p = ctx;
    static int64_t last;

    if (!store_may_pass(err->code)) {
        log_error("store cannot be written, ending: %s", err->text);
        _exit(EXIT_TROUBLE);
    }
    if (clock_mono() - last > 60 * (int64_t)SECOND || last == 0)
        log_error(err->code == E_LIMIT ? "store is full, nothing is polled until there is room: %s"
                  : err->code == E_TIMEOUT
                      ? "store is locked, nothing is polled until that program lets go: %s"
                      : "store is lost, nothing is polled until its file is back: %s",
            err->text);
    last = clock_mono();
    if (p->daemon.flow != NULL)
        flow_hold(p->daemon.flow);
}

/* ---- reload ----------------------------------------------------------------- */

static bool same_stages(const struct conf *a, const struct conf *b)
{
    size_t i = 0;

    if (a->workers.count != b->workers.count || a->workers.memory != b->workers.memory ||
        a->workers.deadline != b->workers.deadline ||
        a->workers.max_decoded != b->workers.max_decoded ||
        a->workers.sandbox != b->workers.sandbox || a->poll.max_entries != b->poll.max_entries ||
        a->poll.sitemap_age != b->poll.sitemap_age)
        return false;
    while (a->stages.names[i] != NULL && b->stages.names[i] != NULL &&
           strcmp(a->stages.names[i], b->stages.names[i]) == 0)
        i++;
    if (a->stages.names[i] != b->stages.names[i] ||
        a->stages.options_count != b->stages.options_count ||
        strcmp(a->stages.dir, b->stages.dir) != 0)
        return false;
    for (i = 0; i < a->stages.options_count; i++) {
        const struct conf_option *x = &a->stages.options[i];
        const struct conf_option *y = &b->stages.options[i];

        if (strcmp(x->stage, y->stage) != 0 || strcmp(x->name, y->name) != 0 ||
            strcmp(x->value, y->value) != 0 || x->state != y->state)
            return false;
    }
    return true;
}

/* The workers now run with conf; of old and the one they had, what nobody uses is freed. */
static void keep_for_pool(struct process *p, struct conf *old, struct conf *conf)
{
    struct conf *before = p->pooled;

    p->pooled = conf;
    if (before != conf && before != old && before != p->started_with)
        conf_free(before);
    if (old != conf && old != p->started_with)
        conf_free(old);
}

static void look_at_certificates(const struct conf *conf)
{
    if (!conf_certs_any(conf->http.ca_path))
        log_warning(CONF_CERTS_NONE, conf->http.ca_path);
}

/* All that reads options takes the new ones, or none does. */
static int take_conf(struct process *p, struct conf *conf, bool stages, struct error *err)
{
    struct daemon *daemon = &p->daemon;
    struct conf *old = daemon->conf;
    int code = fetcher_reload(daemon->fetcher, conf, err);

    if (code == OK)
        code = websub_reload(daemon->websub, conf, err);
    if (stages && code == OK)
        code = pool_reload(daemon->pool, conf, err);
    if (code != OK) {
        fetcher_reload(daemon->fetcher, old, NULL);
        websub_reload(daemon->websub, old, NULL);
        return code;
    }
    look_at_certificates(conf);
    daemon->conf = conf;
    daemon->budget.limit = (size_t)conf->poll.max_bytes;
    poll_reload(daemon->poll, conf);
    robots_reload(daemon->robots, conf);
    store_reload(daemon->store, conf);
    subscriptions_reload(daemon->subscriptions);
    return OK;
}

int daemon_reload(
    struct daemon *daemon, struct lists_sync *sync, struct buf *ret_summary, struct error *err)
{
    struct process *p = (struct process *)daemon;
    const struct options *o = &p->options;
    struct conf *conf = NULL;
    struct conf *old = daemon->conf;
    struct buf later = {0};
    const char *changed = pool_changed(daemon->pool);
    char module[MODULE_NAME + 1]; /* that was exchanged; changed is gone after a reload */
    bool stages;
    int code;

    snprintf(module, sizeof(module), "%s", changed == NULL ? "" : changed);
    notify_reloading();
    code = conf_load(o->config, o->dir, &conf, err);
    stages = code == OK && (module[0] != '\0' || !same_stages(old, conf));
    if (code == OK)
        code = take_conf(p, conf, stages, err);
    if (code != OK) {
        conf_free(conf);
        notify_ready();
        return code;
    }
    conf_list_restart(p->started_with, conf, &later);
    keep_for_pool(p, old, stages ? conf : p->pooled);
    if (sync->force)
        subscriptions_force(daemon->subscriptions);
    code = daemon_sync_feeds(daemon, sync, err);
    buf_printf(ret_summary, "+%zu -%zu feeds, stages %s%s", sync->added, sync->removed,
        !stages             ? "unchanged"
        : module[0] == '\0' ? "changed"
                            : "opened again: a new module of ",
        stages ? module : "");
    if (later.len > 0)
        buf_printf(ret_summary, "; from the next start on: %.*s", FMT(buf_bytes(&later)));
    buf_done(&later);
    log_info("configuration reloaded: %.*s", FMT(buf_bytes(ret_summary)));
    notify_ready();
    return code;
}

/* ---- coming up -------------------------------------------------------------- */

static int open_parts(struct process *p, const char *program, struct error *err)
{
    struct daemon *d = &p->daemon;
    struct poll_hooks hooks;
    struct recheck_hooks looks;
    int code = store_open(d->loop, d->conf, &d->store, err);

    if (code != OK)
        return code;
    store_set_trouble(d->store, on_trouble, p);
    d->budget.limit = (size_t)d->conf->poll.max_bytes;
    code = fetcher_open(d->loop, d->conf, &d->fetcher, err);
    if (code == OK)
        fetcher_share(d->fetcher, &d->budget);
    if (code == OK)
        code = pool_open(d->loop,
            &(struct pool_options){program, d->conf, p->options.run_inline, true, &d->budget},
            &d->pool, err);
    if (code == OK)
        code = deliver_open(d->loop, d->conf, d->store, &d->deliver, err);
    if (code != OK)
        return code;
    d->robots = robots_open(d->loop, d->conf, d->fetcher, d->pool);
    d->flow = flow_new(d);
    hooks = flow_hooks(d->flow);
    looks = look_hooks(d->flow);
    code = recheck_open(d->loop, d->store, &looks, &d->recheck, err);
    if (code == OK)
        code = poll_open(d->loop, d->conf, d->fetcher, d->store, &hooks, &d->poll, err);
    if (code == OK)
        code = websub_open(d, &d->websub, err);
    if (code == OK)
        d->subscriptions = subscriptions_open(d);
    return code == OK ? control_open(d, &d->control, err) : code;
}

/* Connections kept open are descriptors: as many as the system lets us have. */
static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log_debug("descriptor limit stays: %s", strerror(errno));
    accept_guard();
}

static void watch_signal(struct process *p, size_t place, int number)
{
    uv_signal_init(p->daemon.loop, &p->signals[place]);
    p->signals[place].data = p;
    uv_signal_start(&p->signals[place], on_signal, number);
}

static void watch_signals(struct process *p)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit of file sizes is a disk that is full */
    watch_signal(p, 1, SIGTERM);
    watch_signal(p, 2, SIGINT);
    uv_timer_init(p->daemon.loop, &p->status);
    p->status.data = p;
    uv_timer_start(&p->status, on_status, STATUS_MS, STATUS_MS);
}

/* dir and what is missing above it, for this user and group only. */
static int make_dir(const char *dir, struct error *err)
{
    char path[4096];

    if (snprintf(path, sizeof(path), "%s", dir) >= (int)sizeof(path))
        return fail(err, E_USAGE, "--dir: longer than %zu bytes", sizeof(path));
    for (char *p = path + 1; *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(path, 0750) != 0 && errno != EEXIST)
            break;
        *p = '/';
    }
    if (mkdir(path, 0750) != 0 && errno != EEXIST)
        return fail(err, E_SYSTEM, "make directory %s: %s", path, strerror(errno));
    return OK;
}

static int own_path(char *ret_path, size_t size, struct error *err)
{
    if (uv_exepath(ret_path, &size) != 0)
        return fail(err, E_SYSTEM, "cannot tell where this program lies");
    return OK;
}

/* The configuration is read by now: modules and their options are what is left to try. */
static int check(struct process *p, struct error *err)
{
    char program[4096];
    struct arena *arena = arena_new(LISTS_ARENA);
    struct feed_list list = {0};
    int code = own_path(program, sizeof(program), err);

    lists_read(arena, p->daemon.conf->feeds, &list);
    lists_log(&list.warnings);
    buf_done(&list.warnings);
    arena_free(arena);
    return code == OK ? pool_check(program, p->daemon.conf, err) : code;
}

static int run(struct process *p, struct error *err)
{
    char program[4096];
    struct lists_sync sync = {0};
    int code = own_path(program, sizeof(program), err);

    if (code != OK)
        return code;
    p->daemon.loop = uv_default_loop();
    watch_signal(
        p, 0, SIGHUP); /* one that comes while the parts open is obeyed once the loop runs */
    p->daemon.started = clock_wall();
    code = p->options.dir == NULL ? OK : make_dir(p->options.dir, err);
    if (code == OK)
        code = open_parts(p, program, err);
    if (code != OK)
        return code;
    watch_signals(p);
    p->notify = notify_open(p->daemon.loop);
    flow_start(p->daemon.flow);
    if (daemon_sync_feeds(&p->daemon, &sync, err) != OK)
        log_error("feed lists not taken over: %s", err->text);
    buf_done(&sync.warnings);
    log_info("started: version=%s pub=%s control=%s store=%s", WIREROOM_VERSION,
        p->daemon.conf->listen.pub, p->daemon.conf->listen.control, p->daemon.conf->store.path);
    notify_ready();
    uv_run(p->daemon.loop, UV_RUN_DEFAULT);
    uv_loop_close(p->daemon.loop);
    return OK;
}

int main(int argc, char **argv)
{
    static struct process process = {.options = {.log_level = LOG_LEVEL_INFO}};
    struct process *p = &process;
    struct error err = {0};
    int status;

    if (argc > 1 && strcmp(argv[1], "--worker") == 0)
        worker_main(argc, argv);
    status = parse_options(argc, argv, &p->options);
    if (status >= 0)
        return status;
    log_set_level(p->options.log_level);
    if (p->options.config == NULL && p->options.dir == NULL)
        p->options.config = WIREROOM_SYSCONF_DIR "/wireroom.yaml";
    if (p->options.test_clock != NULL && clock_open_test(p->options.test_clock, &err) != OK) {
        fprintf(stderr, "wireroomd: %s\n", err.text);
        return EXIT_USAGE;
    }
    umask(0007);
    signal(SIGHUP, SIG_IGN); /* before the configuration is read it is no order, and none to end */
    /* What is larger goes back to the system when it is freed: left to itself malloc would keep
     * bodies of up to 32 MiB among the small things. An arena's block is below it. */
    mallopt(M_MMAP_THRESHOLD, 2 << 20);
    mallopt(M_ARENA_MAX, 1); /* one thread does nearly all, each further arena keeps its own peak */
    if (conf_load(p->options.config, p->options.dir, &p->daemon.conf, &err) != OK) {
        fprintf(stderr, "wireroomd: %s\n", err.text);
        return p->options.check ? EXIT_TROUBLE : EXIT_USAGE;
    }
    p->pooled = p->started_with = p->daemon.conf;
    raise_descriptors();
    look_at_certificates(p->daemon.conf);
    if ((p->options.check ? check(p, &err) : run(p, &err)) != OK) {
        log_error("%s", err.text);
        return EXIT_TROUBLE;
    }
    if (p->started_with != p->daemon.conf && p->started_with != p->pooled)
        conf_free(p->started_with);
    if (p->pooled != p->daemon.conf)
        conf_free(p->pooled);
    conf_free(p->daemon.conf);
    buf_done(&p->daemon.list_warnings);
    return EXIT_SUCCESS;
}
