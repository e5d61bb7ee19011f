/* demo.c - `wireroom demo`: a news world on loopback, a daemon that follows it, and its records as
 * they come. */
#include "cli/demo.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/demo_process.h"
#include "cli/demo_server.h"

enum { OPT_JSON, OPT_DURATION, OPT_SERVE_ONLY, OPT_PORT, OPT_INTERVAL, OPT_SEED, OPT_VERBOSE };
enum { START_STEPS = 500, START_STEP = 10 }; /* milliseconds */

static const struct cli_option options[] = {
    {"json", NULL, CLI_TAKES_NOTHING,
        "print each event as it is published, one JSON object a line"},
    {"duration", "SECONDS", CLI_TAKES_OTHER, "end by itself after so long"},
    {"serve-only", NULL, CLI_TAKES_NOTHING,
        "only the news world: print its address, start no daemon"},
    {"port", "PORT", CLI_TAKES_OTHER,
        "port of the news world on 127.0.0.1; any free one by default"},
    {"interval", "MILLISECONDS", CLI_TAKES_OTHER, "time between two articles (default: 2000)"},
    {"seed", "NUMBER", CLI_TAKES_OTHER, "another number, another world (default: 1)"},
    {"verbose", NULL, CLI_TAKES_NOTHING, "show what the daemon logs"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

struct demo {
    struct demo_server *server;
    char dir[256];
    pid_t daemon;
    pid_t tail;
    bool json;
    bool verbose;
    int64_t until; /* clock_mono(), 0: until it is ended */
};

static int write_file(
    const struct demo *demo, const char *name, struct buf *text, struct error *err)
{
    char path[300];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", demo->dir, name);
    file = fopen(path, "w");
    if (file == NULL)
        return fail(err, E_SYSTEM, "write %s: %s", path, strerror(errno));
    fwrite(text->ptr, 1, text->len, file);
    if (fclose(file) != 0)
        return fail(err, E_SYSTEM, "write %s: %s", path, strerror(errno));
    return OK;
}

static int write_config(const struct demo *demo, struct error *err)
{
    struct buf text = {0};
    int code;

    buf_printf(&text,
        "instance: demo\n"
        "feeds: [feeds.opml]\n"
        "http: { allow: [127.0.0.0/8, \"::1\"], spacing: 0s, per_host: 8 }\n"
        "poll: { min_interval: 1s, max_interval: 3s, default_interval: 1s, first_fetch: "
        "publish-all }\n"
        "listen: { pub: \"ipc://%s/pub.sock\", control: \"%s/control.sock\" }\n",
        demo->dir, demo->dir);
    code = write_file(demo, "wireroom.yaml", &text, err);
    buf_clear(&text);
    if (code == OK) {
        demo_server_write_opml(demo->server, &text);
        code = write_file(demo, "feeds.opml", &text, err);
    }
    buf_done(&text);
    return code;
}

/* Wait until the daemon takes commands; false when it ended or does not get there. */
static bool wait_for_daemon(struct demo *demo)
{
    const struct timespec step = {.tv_nsec = START_STEP * 1000000L};
    char path[300];
    struct stat st;

    snprintf(path, sizeof(path), "%s/control.sock", demo->dir);
    for (int i = 0; i < START_STEPS; i++) {
        if (stat(path, &st) == 0)
            return true;
        if (waitpid(demo->daemon, NULL, WNOHANG) == demo->daemon) {
            demo->daemon = 0;
            return false;
        }
        nanosleep(&step, NULL);
    }
    return false;
}

static void show_log(const char *path)
{
    char line[1024];
    FILE *file = fopen(path, "r");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        fputs(line, stderr);
    if (file != NULL)
        fclose(file);
}

static int start_programs(struct demo *demo, struct error *err)
{
    char program[4096], self[4096] = "", config[300], log[300];
    const char *const daemon_argv[] = {program, "--config", config, "--dir", demo->dir, NULL};
    const char *const tail_argv[] = {
        self, "tail", "--since", "0", "--dir", demo->dir, demo->json ? "--json" : NULL, NULL};
    int code;

    if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
        return fail(err, E_SYSTEM, "cannot find this program");
    cli_daemon_program(program);
    snprintf(config, sizeof(config), "%s/wireroom.yaml", demo->dir);
    snprintf(log, sizeof(log), "%s/log", demo->dir);
    code = demo_spawn(daemon_argv, demo->verbose ? NULL : log, true, &demo->daemon, err);
    if (code != OK)
        return code;
    if (!wait_for_daemon(demo)) {
        if (!demo->verbose)
            show_log(log);
        return fail(err, E_STOPPED, "%s did not start", program);
    }
    return demo_spawn(tail_argv, NULL, false, &demo->tail, err);
}

/* Wait for the end: a signal, the time, or a program that ended by itself. Returns the exit code.
 */
static int wait_for_end(struct demo *demo, const sigset_t *signals)
{
    for (;;) {
        int64_t left = demo->until == 0 ? 3600LL * SECOND : demo->until - clock_mono();
        struct timespec wait = {.tv_sec = left / SECOND, .tv_nsec = left % SECOND * 1000};
        int signal = left <= 0 ? 0 : sigtimedwait(signals, NULL, &wait);
        pid_t gone;

        if (signal == SIGINT || signal == SIGTERM ||
            (demo->until != 0 && demo->until <= clock_mono()))
            return EXIT_OK;
        while ((gone = waitpid(-1, NULL, WNOHANG)) > 0) {
            if (gone == demo->tail) {
                demo->tail = 0;
                return EXIT_OK; /* its reader has gone */
            }
            if (gone == demo->daemon) {
                demo->daemon = 0;
                return cli_trouble("the daemon ended");
            }
        }
    }
}

static void block_signals(sigset_t *ret_signals)
{
    sigemptyset(ret_signals);
    sigaddset(ret_signals, SIGINT);
    sigaddset(ret_signals, SIGTERM);
    sigaddset(ret_signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, ret_signals, NULL);
}

static int follow(struct demo *demo, const sigset_t *signals)
{
    struct error err = {0};
    int code = demo_make_dir(demo->dir, &err);

    if (code != OK)
        return cli_trouble("%s", err.text);
    code = write_config(demo, &err);
    if (code == OK) {
        fprintf(stderr,
            "An invented news world on 127.0.0.1:%d; Ctrl-C ends it. Elsewhere: wireroom status "
            "--dir %s\nSubscribe: ipc://%s/pub.sock\n",
            demo_server_port(demo->server), demo->dir, demo->dir);
        code = start_programs(demo, &err);
    }
    code = code == OK ? wait_for_end(demo, signals) : cli_trouble("%s", err.text);
    demo_end(demo->tail);
    demo_end(demo->daemon);
    demo_remove_dir(demo->dir);
    return code;
}

static int run(const struct cli_args *args)
{
    struct demo demo = {.json = cli_given(args, OPT_JSON), .verbose = cli_given(args, OPT_VERBOSE)};
    int64_t duration, port, interval, seed;
    struct error err = {0};
    sigset_t signals;
    int code = EXIT_OK;

    if (!cli_number(args, OPT_DURATION, 1, 1000000, 0, &duration) ||
        !cli_number(args, OPT_PORT, 0, 65535, 0, &port) ||
        !cli_number(args, OPT_INTERVAL, 10, 1000000, 2000, &interval) ||
        !cli_number(args, OPT_SEED, 0, INT64_MAX, 1, &seed))
        return EXIT_USAGE;
    block_signals(&signals);
    if (demo_server_start((int)port, (uint64_t)seed, interval * 1000, &demo.server, &err) != OK)
        return cli_trouble("%s", err.text);
    demo.until = duration == 0 ? 0 : clock_mono() + duration * SECOND;
    if (cli_given(args, OPT_SERVE_ONLY)) {
        printf("http://127.0.0.1:%d/feeds.opml\n", demo_server_port(demo.server));
        fflush(stdout);
        wait_for_end(&demo, &signals);
    } else {
        code = follow(&demo, &signals);
    }
    demo_server_stop(demo.server);
    return code;
}

const struct cli_verb cli_demo_verb = {
    .name = "demo",
    .summary = "Follow an invented news world on this machine; needs no network.",
    .text =
        "Fourteen feeds of ten outlets in all formats tell running stories, print each other's "
        "copy, change what\n"
        "they wrote and die. The state is in a temporary directory, which is removed at the end.",
    .examples =
        "wireroom demo --json --duration 10\tten seconds of events\n"
        "wireroom demo --serve-only --port 8080\tthe world alone, for a daemon of your own\n",
    .options = options,
    .run = run,
};

int verb_demo(int argc, char **argv)
{
    struct cli_args args;
    int code;

    return cli_parse(&cli_demo_verb, "wireroom demo", argc, argv, &args, &code) ? run(&args) : code;
}
