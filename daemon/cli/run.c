/* run.c - `wireroom run`: a daemon in the foreground, and its records as they arrive. */
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/client.h"
#include "cli/demo.h"
#include "cli/demo_process.h"
#include "cli/format.h"
#include "cli/tail.h"
#include "cli/verbs.h"
#include "conf/conf.h"

enum { OPT_DIR, OPT_CONFIG, OPT_JSON, OPT_DEMO, OPT_NO_DEMO, OPT_VERBOSE };
enum { START_MS = 20000, STEP_MS = 20, TAIL_MS = 200, LOG_LINES = 20, PATH_ROOM = 4200, TOLD = 10 };
static const int64_t patience = 20 * (int64_t)SECOND; /* for a first feed that answers */

static const struct cli_option options[] = {
    {"dir", "DIR", CLI_TAKES_DIR, "state of the daemon (default: ./var)"},
    {"config", "FILE", CLI_TAKES_FILE,
        "configuration (default: none, all options at their defaults)"},
    {"json", NULL, CLI_TAKES_NOTHING, "print whole events, one JSON object a line"},
    {"demo", NULL, CLI_TAKES_NOTHING,
        "run the demo when no server of any feed answers and none was added by hand"},
    {"no-demo", NULL, CLI_TAKES_NOTHING, "never the demo, which is so without --demo"},
    {"verbose", NULL, CLI_TAKES_NOTHING,
        "show the daemon's log too (otherwise it is in DIR/wireroomd.log)"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

struct run {
    const struct cli_args *args;
    struct conf *conf;
    const char *dir;
    char log[PATH_ROOM];
    bool is_new; /* there was no store before */
    pid_t daemon;
    struct client *asking;
    struct tail *tail;
    int64_t started, asked;
    bool reached, told_empty;
    int64_t told[TOLD]; /* numbers of feeds whose error was shown */
    size_t told_count;
};

enum verdict { GO_ON, END, NOTHING_REACHED };

static bool wants_demo(const struct cli_args *args)
{
    return cli_given(args, OPT_DEMO) && !cli_given(args, OPT_NO_DEMO);
}

static int make_dir(const char *path)
{
    char part[PATH_ROOM];

    snprintf(part, sizeof(part), "%s", path);
    for (char *c = part + 1; *c != '\0'; c++) {
        if (*c != '/')
            continue;
        *c = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return -1;
        *c = '/';
    }
    return mkdir(part, 0750) == 0 || errno == EEXIST ? 0 : -1;
}

static void show_log(const char *path)
{
    char lines[LOG_LINES][500];
    FILE *file = fopen(path, "re");
    size_t count = 0;

    while (file != NULL && fgets(lines[count % LOG_LINES], sizeof(lines[0]), file) != NULL)
        count++;
    for (size_t i = count > LOG_LINES ? count - LOG_LINES : 0; i < count; i++)
        fputs(lines[i % LOG_LINES], stderr);
    if (file != NULL)
        fclose(file);
}

static int start_daemon(struct run *run, struct error *err)
{
    const char *config = cli_value(run->args, OPT_CONFIG);
    char program[4096];
    const char *argv[] = {cli_daemon_program(program), "--dir", run->dir,
        config == NULL ? NULL : "--config", config, NULL};

    if (!cli_given(run->args, OPT_VERBOSE) && truncate(run->log, 0) != 0 && errno != ENOENT)
        return fail(err, E_SYSTEM, "%s: %s", run->log, strerror(errno));
    return demo_spawn(
        argv, cli_given(run->args, OPT_VERBOSE) ? NULL : run->log, true, &run->daemon, err);
}

/* Wait until the daemon takes commands, or has ended. */
static int wait_for_daemon(struct run *run, const sigset_t *signals, struct error *err)
{
    const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};

    for (int waited = 0; waited < START_MS; waited += STEP_MS) {
        int signal = sigtimedwait(signals, NULL, &step);

        run->asking = client_open_path(run->conf->listen.control);
        if (run->asking != NULL)
            return OK;
        if (waitpid(run->daemon, NULL, WNOHANG) == run->daemon) {
            run->daemon = 0;
            if (!cli_given(run->args, OPT_VERBOSE))
                show_log(run->log);
            return fail(err, E_STOPPED, "the daemon did not start");
        }
        if (signal == SIGINT || signal == SIGTERM)
            return fail(err, E_STOPPED, "ended");
    }
    return fail(err, E_TIMEOUT, "the daemon does not answer");
}

static void greet(const struct json *feeds, const char *dir)
{
    char text[FORMAT_TEXT];

    fprintf(stderr,
        "Following %s feed%s; the state is in %s; Ctrl-C ends it. Elsewhere: wireroom status --dir "
        "%s\n",
        format_count(json_get_int(feeds, "total", 0), text),
        json_get_int(feeds, "total", 0) == 1 ? "" : "s", dir, dir);
}

static bool was_told(const struct run *run, int64_t feed)
{
    for (size_t i = 0; i < run->told_count; i++)
        if (run->told[i] == feed)
            return true;
    return false;
}

static void tell_feed(struct run *run, const struct json *feed)
{
    struct bytes id = json_get_text(feed, "id"), error = client_feed_error(feed);
    int64_t number = 0;

    if (error.len == 0 || run->told_count > TOLD || !bytes_to_int(bytes_from(id, 1), &number) ||
        was_told(run, number))
        return;
    if (run->told_count++ == TOLD) {
        fprintf(stderr, "and others: wireroom feeds list --dir %s --sort errors\n", run->dir);
        return;
    }
    run->told[run->told_count - 1] = number;
    cli_say(json_get_text(feed, "url"));
    fputs(": ", stderr);
    cli_say(error);
    fputc('\n', stderr);
}

/* Show which feeds fail, each once. Whether they are all out of reach, and none is the user's own:
 * a server that answers, with whatever, is within reach. */
static bool are_out_of_reach(struct run *run)
{
    struct arena *arena = arena_new(64 << 20);
    struct json *line = NULL;
    struct error err = {0};
    bool out = true;
    int code;

    client_begin(run->asking, "feeds.list");
    code = client_send(run->asking, &err);
    while (code == OK && client_next(run->asking, arena, &line, &err) > 0) {
        const struct json *feed = json_get(line, "feed");

        tell_feed(run, feed);
        out = out && json_get_int(feed, "httpStatus", 0) == 0 &&
              !bytes_is(json_get_text(feed, "origin"), "cli");
    }
    arena_free(arena);
    return out && err.code == OK;
}

static bool is_late(const struct run *run)
{
    return clock_mono() - run->started > patience;
}

/* Does any feed answer, and which fail? Asked each second until one does and all had time to. */
static enum verdict look_at_feeds(struct run *run)
{
    struct arena *arena = arena_new(16 << 20);
    enum verdict verdict = GO_ON;
    struct json *line = NULL;
    struct error err = {0};

    run->asked = clock_mono();
    client_begin(run->asking, "status");
    if (client_ask(run->asking, arena, &line, &err) == OK) {
        const struct json *status = json_get(line, "status");
        const struct json *polls = json_get(status, "polls");
        int64_t failed = json_get_int(polls, "failed", 0);
        int64_t total = json_get_int(json_get(status, "feeds"), "total", 0);

        run->reached = json_get_int(polls, "changed", 0) + json_get_int(polls, "unchanged", 0) > 0;
        if (total == 0 && !run->told_empty)
            fprintf(stderr, "No feeds yet: wireroom feeds add --dir %s URL\n", run->dir);
        run->told_empty = run->told_empty || total == 0;
        if (are_out_of_reach(run) && !run->reached && failed > 0 &&
            (failed >= total || is_late(run)) && wants_demo(run->args)) {
            verdict = NOTHING_REACHED;
            fprintf(stderr,
                "No server of the %lld feeds answers: this is the demo (wireroom demo).\n",
                (long long)total);
        }
    }
    arena_free(arena);
    return verdict;
}

/* Print records until a signal, the end of the daemon or of our reader. */
static enum verdict follow(struct run *run, const sigset_t *signals, struct error *err)
{
    const struct timespec now = {0};
    enum verdict verdict = GO_ON;

    while (verdict == GO_ON) {
        int signal = sigtimedwait(signals, NULL, &now);
        int code = tail_step(run->tail, TAIL_MS, err);

        if (waitpid(run->daemon, NULL, WNOHANG) == run->daemon) {
            run->daemon = 0;
            if (!cli_given(run->args, OPT_VERBOSE))
                show_log(run->log);
            fail(err, E_STOPPED, "the daemon ended");
            return END;
        }
        if (code <= 0 || signal == SIGINT || signal == SIGTERM)
            return END;
        if ((!run->reached || !is_late(run)) && clock_mono() - run->asked > SECOND)
            verdict = look_at_feeds(run);
    }
    return verdict;
}

static int join(struct run *run, struct error *err)
{
    const struct tail_options wanted = {
        .since = run->is_new ? 0 : -1, .json = cli_given(run->args, OPT_JSON)};
    struct arena *arena = arena_new(16 << 20);
    struct json *line = NULL;
    struct client *client = NULL;
    int code;

    client_begin(run->asking, "status");
    code = client_ask(run->asking, arena, &line, err);
    if (code == OK) {
        greet(json_get(json_get(line, "status"), "feeds"), run->dir);
        client = client_open_path(run->conf->listen.control);
        code = client == NULL ? fail(err, E_STOPPED, "the daemon went away")
                              : tail_open(client, &wanted, &run->tail, err);
    }
    arena_free(arena);
    return code;
}

static enum verdict start_and_follow(struct run *run, struct error *err)
{
    enum verdict verdict = END;
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    run->started = clock_mono();
    if (start_daemon(run, err) == OK && wait_for_daemon(run, &signals, err) == OK &&
        join(run, err) == OK)
        verdict = follow(run, &signals, err);
    tail_close(run->tail);
    client_close(run->asking);
    demo_end(run->daemon);
    return verdict;
}

static int prepare(struct run *run, struct error *err)
{
    struct client *other;
    int code;

    run->dir = cli_given(run->args, OPT_DIR) ? cli_value(run->args, OPT_DIR) : "./var";
    if (make_dir(run->dir) != 0) {
        fail(err, E_SYSTEM, "%s: %s", run->dir, strerror(errno));
        return E_SYSTEM;
    }
    code = conf_load(cli_value(run->args, OPT_CONFIG), run->dir, &run->conf, err);
    if (code != OK)
        return code;
    snprintf(run->log, sizeof(run->log), "%s/wireroomd.log", run->dir);
    run->is_new = access(run->conf->store.path, F_OK) != 0;
    other = client_open_path(run->conf->listen.control);
    if (other == NULL)
        return OK;
    client_close(other);
    return fail(err, E_REFUSED, "a daemon runs there already: %s", run->conf->listen.control);
}

static int run_verb(const struct cli_args *args)
{
    char *demo[] = {(char *)"demo", NULL};
    struct run run = {.args = args};
    enum verdict verdict = END;
    struct error err = {0};

    if (wants_demo(args) && cli_given(args, OPT_JSON))
        return cli_usage(args, "--demo does not go with --json: programs read no invented news");
    if (prepare(&run, &err) == OK)
        verdict = start_and_follow(&run, &err);
    conf_free(run.conf);
    if (verdict == NOTHING_REACHED)
        return verb_demo(1, demo);
    return err.code == OK || strcmp(err.text, "ended") == 0 ? EXIT_OK : cli_trouble("%s", err.text);
}

const struct cli_verb cli_run_verb = {
    .name = "run",
    .summary = "Start a daemon in the foreground and print its records as they arrive.",
    .text = "Needs no root and no configuration: feeds are those of DIR/feeds/*.opml and *.list, "
            "or of the\n"
            "configuration, and those added with `wireroom feeds add --dir DIR`. What fails is "
            "told on\n"
            "standard error.",
    .examples = "wireroom run --dir ./news\n"
                "wireroom run --dir ./news --config wireroom.yaml --json\n",
    .options = options,
    .run = run_verb,
};
