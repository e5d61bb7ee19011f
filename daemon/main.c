/* main.c - options, configuration, signals. */
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
#include "commit.h"
#include "conf/conf_certs.h"
#include "daemon.h"
#include "deliver/accept.h"
#include "journal.h"
#include "lists/lists.h"
#include "pool/pool.h"
#include "worker/worker.h"

enum { EXIT_TROUBLE = 1, EXIT_USAGE = 2, LISTS_ARENA = 1 << 30 };

struct options {
    const char *config;
    const char *dir;
    const char *test_clock;
    int log_level;
    bool run_inline;
    bool check;
};

struct process {
    struct daemon daemon;
    struct options options;
    uv_loop_t loop;
    uv_signal_t signals[3];
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

    while ((c = getopt_long(argc, argv, "c:d:hV", longs, NULL)) != -1) {
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
        else if (c == 'l') {
            fprintf(stderr, "wireroomd: --log-level %s: there are error, warning, info and debug\n",
                optarg);
            return EXIT_USAGE;
        } else if (c == 'V' || c == 'h') {
            if (c == 'h')
                fputs(usage_text, stdout);
            else
                printf("wireroomd %s (%s%spages: %s)\n", WIREROOM_VERSION, WIREROOM_COMMIT,
                    WIREROOM_COMMIT[0] == '\0' ? "" : ", ", WIREROOM_HTML);
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
        log_about(LOG_LEVEL_ERROR, &(struct log_about){.message = MESSAGE_NOT_RELOADED}, "%s: %s",
            summary.len > 0 ? "the new configuration holds, the feed lists are not taken over"
                            : "configuration not reloaded, the old one stays",
            err.text);
    buf_done(&summary);
    buf_done(&sync.warnings);
}

/* ---- coming up -------------------------------------------------------------- */

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

/* libuv and libzmq abort where the system refuses what they cannot do without, libuv without a
 * word; errno still holds it. systemd's watchdog sends the same signal to what hangs, which then
 * has to end by it. What was told of is on the disk: a start goes on from there. */
static void on_abort(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_code == SI_USER)
        log_error("aborted by process %d, as a watchdog does to what hangs; nothing is lost",
            (int)info->si_pid);
    else
        log_error("aborted, by a library that cannot go on or a fault of ours; nothing is lost: %s",
            strerror(errno));
    signal(number, SIG_DFL);
    raise(number);
}

static int watch_signal(
    struct process *p, uv_loop_t *loop, size_t place, int number, struct error *err)
{
    int code = uv_signal_init(loop, &p->signals[place]);

    p->signals[place].data = p;
    if (code == 0)
        code = uv_signal_start(&p->signals[place], on_signal, number);
    return code == 0 ? OK : fail(err, E_SYSTEM, "signals: %s", uv_strerror(code));
}

static void on_stopped(void *ctx)
{
    struct process *p = ctx;

    for (size_t i = 0; i < 3; i++)
        uv_close((uv_handle_t *)&p->signals[i], NULL);
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
static int check(const char *program, const struct conf *conf, struct error *err)
{
    struct arena *arena = arena_new(LISTS_ARENA);
    struct feed_list list = {0};

    if (!conf_certs_any(conf->http.ca_path))
        log_warning(CONF_CERTS_NONE, conf->http.ca_path);
    lists_read(arena, conf->feeds, &list);
    lists_log(&list.warnings);
    buf_done(&list.warnings);
    again_clear(&list.unread);
    arena_free(arena);
    return pool_check(program, conf, err);
}

/* All that is wrong in the configuration at once: the exit status. */
static int check_all(const struct options *o)
{
    struct conf *conf = NULL;
    struct buf problems = {0};
    struct error err = {0};
    char program[4096];
    int status;

    conf_load_all(o->config, o->dir, &conf, &problems);
    if (own_path(program, sizeof(program), &err) != OK || check(program, conf, &err) != OK)
        buf_printf(&problems, "%s\n", err.text);
    for (struct bytes rest = buf_bytes(&problems); rest.len > 0;) {
        struct bytes line = bytes_cut(&rest, '\n');

        fprintf(stderr, "wireroomd: %.*s\n", FMT(line));
    }
    status = problems.len > 0 ? EXIT_TROUBLE : EXIT_SUCCESS;
    buf_done(&problems);
    conf_free(conf);
    return status;
}

static int run(struct process *p, const char *program, struct conf *conf, struct error *err)
{
    const struct daemon_options options = {.program = program,
        .config = p->options.config,
        .dir = p->options.dir,
        .run_inline = p->options.run_inline,
        .on_stopped = on_stopped,
        .ctx = p};
    uv_loop_t *loop = &p->loop;
    int code = p->options.dir == NULL ? OK : make_dir(p->options.dir, err);
    int opened = code == OK ? uv_loop_init(loop) : 0;

    if (opened != 0)
        code = fail(err, E_SYSTEM, "the event loop does not open: %s", uv_strerror(opened));
    if (code == OK) /* while the parts open: obeyed once the loop runs */
        code = watch_signal(p, loop, 0, SIGHUP, err);
    if (code == OK)
        code = daemon_open(&p->daemon, loop, conf, &options, err);
    if (code != OK)
        return code;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit of file sizes is a disk that is full */
    code = watch_signal(p, loop, 1, SIGTERM, err);
    if (code == OK)
        code = watch_signal(p, loop, 2, SIGINT, err);
    if (code != OK)
        return code;
    /* What ends us before this goes by standard error: the journal asks whose a line is after it
     * came, when a process that ended at once is gone. */
    journal_open();
    daemon_start(&p->daemon);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_loop_close(loop);
    daemon_done(&p->daemon);
    return OK;
}

/* One process does nearly all in one thread, and its memory is that of the busiest moment unless
 * malloc is told so. */
static void set_up_memory(void)
{
    /* What is larger goes back to the system when it is freed: left to itself malloc would keep
     * bodies of up to 32 MiB among the small things. An arena's block is below it. */
    mallopt(M_MMAP_THRESHOLD, 2 << 20);
    mallopt(M_ARENA_MAX, 1); /* each further arena keeps its own peak */
}

static int work(struct process *p, struct conf *conf, struct error *err)
{
    char program[4096];

    raise_descriptors();
    if (own_path(program, sizeof(program), err) != OK)
        return err->code;
    return run(p, program, conf, err);
}

int main(int argc, char **argv)
{
    static struct process process = {.options = {.log_level = LOG_LEVEL_INFO}};
    struct process *p = &process;
    struct conf *conf = NULL;
    struct error err = {0};
    int status;

    if (argc > 1 && strcmp(argv[1], "--worker") == 0)
        worker_main(argc, argv);
    status = parse_options(argc, argv, &p->options);
    if (status >= 0)
        return status;
    log_set_level(p->options.log_level);
    log_set_times(true);
    if (p->options.config == NULL && p->options.dir == NULL)
        p->options.config = WIREROOM_SYSCONF_DIR "/wireroom.yaml";
    if (p->options.test_clock != NULL && clock_open_test(p->options.test_clock, &err) != OK) {
        fprintf(stderr, "wireroomd: %s\n", err.text);
        return EXIT_USAGE;
    }
    sigaction(SIGABRT, &(struct sigaction){.sa_sigaction = on_abort, .sa_flags = SA_SIGINFO}, NULL);
    umask(0077);             /* sockets are for our group, and say so themselves (endpoint.c) */
    signal(SIGHUP, SIG_IGN); /* before the configuration is read it is no order, and none to end */
    set_up_memory();
    if (p->options.check)
        return check_all(&p->options);
    if (conf_load(p->options.config, p->options.dir, &conf, &err) != OK) {
        fprintf(stderr, "wireroomd: %s\n", err.text);
        return EXIT_USAGE;
    }
    if (work(p, conf, &err) != OK) {
        log_error("%s", err.text);
        return EXIT_TROUBLE;
    }
    return EXIT_SUCCESS;
}
