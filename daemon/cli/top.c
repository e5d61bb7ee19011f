/* top.c - `wireroom top`: the daemon once a second, for as long as one looks at it. */
#include "cli/top.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/client.h"
#include "cli/verbs.h"

enum { EACH_MS = 1000, ANSWER_SECONDS = 5, ANSWER_LIMIT = 64 << 20 };

enum { OPT_TIMES };

static const struct cli_option options[] = {
    {"times", "N", CLI_TAKES_OTHER, "end after so many looks (-n)"},
    CLIENT_OPTIONS,
};

static volatile sig_atomic_t asked_to_end;

static void on_signal(int number)
{
    (void)number;
    asked_to_end = 1;
}

/* ---- the terminal ------------------------------------------------------------------ */

struct screen {
    bool on;
    struct termios before;
};

/* The keyboard gives each key at once; the screen is one of its own, and comes back as it was. */
static void screen_take(struct screen *screen)
{
    const struct sigaction action = {.sa_handler = on_signal}; /* poll() ends at a signal */
    struct termios now;

    if (!isatty(STDOUT_FILENO))
        return;
    screen->on = true;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (tcgetattr(STDIN_FILENO, &screen->before) == 0) {
        now = screen->before;
        now.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &now);
    }
    fputs("\033[?1049h\033[?25l", stdout);
}

static void screen_give_back(const struct screen *screen)
{
    if (!screen->on)
        return;
    fputs("\033[?25h\033[?1049l", stdout);
    fflush(stdout);
    tcsetattr(STDIN_FILENO, TCSANOW, &screen->before);
}

/* Until it is time for the next look; false: it is the last one. */
static bool wait_for_next(const struct screen *screen, int64_t began)
{
    struct pollfd keys = {.fd = screen->on ? STDIN_FILENO : -1, .events = POLLIN};
    int left;

    while (!asked_to_end && (left = EACH_MS - (int)((clock_mono() - began) / 1000)) > 0) {
        int ready = poll(&keys, 1, left);
        char key = 0;

        if (ready < 0 && errno != EINTR)
            return false;
        if (ready <= 0)
            continue;
        if (read(STDIN_FILENO, &key, 1) <= 0)
            keys.fd = -1; /* nobody will type */
        if (key == 'q' || key == 'Q')
            return false;
    }
    return !asked_to_end;
}

/* ---- one look after the other -------------------------------------------------------- */

/* One command without members; its line on arena. */
static int ask(struct client *client, const char *command, struct arena *arena,
    struct json **ret_line, struct error *err)
{
    client_begin(client, command);
    return client_ask(client, arena, ret_line, err);
}

static int look(
    struct client *client, struct arena *arena, struct top_look *ret_look, struct error *err)
{
    struct json *status = NULL;
    struct json *stages = NULL;
    int code = ask(client, "status", arena, &status, err);

    if (code == OK)
        code = ask(client, "stages", arena, &stages, err);
    *ret_look = (struct top_look){.at = clock_wall(),
        .mono = clock_mono(),
        .status = json_get(status, "status"),
        .stages = json_get(stages, "stages")};
    return code;
}

static void show(const struct top_look *now, const struct top_look *before, bool json, bool screen)
{
    if (json)
        top_json(now, before);
    else if (screen)
        top_screen(now, before);
    else
        top_line(now, before);
    fflush(stdout);
}

static int watch(struct client *client, const struct cli_args *args, int64_t times)
{
    struct arena *arenas[2] = {arena_new(ANSWER_LIMIT), arena_new(ANSWER_LIMIT)};
    bool json = cli_option(args, "json") != NULL;
    struct top_look looks[2] = {{0}, {0}};
    struct screen screen = {0};
    struct error err = {0};
    int64_t seen = 0;

    if (!json)
        screen_take(&screen);
    do {
        struct top_look *now = &looks[seen % 2];

        arena_reset(arenas[seen % 2]);
        if (look(client, arenas[seen % 2], now, &err) != OK)
            break;
        show(now, seen == 0 ? now : &looks[(seen + 1) % 2], json, screen.on);
        seen++;
    } while (
        seen != times && !ferror(stdout) && wait_for_next(&screen, looks[(seen + 1) % 2].mono));
    screen_give_back(&screen);
    arena_free(arenas[0]);
    arena_free(arenas[1]);
    return err.code == OK ? EXIT_OK : client_trouble(&err);
}

static int run(const struct cli_args *args)
{
    int result = EXIT_OK;
    struct client *client;
    int64_t times;

    if (!cli_number(args, OPT_TIMES, 1, INT64_MAX, 0, &times))
        return EXIT_USAGE;
    client = client_open(args, &result);
    if (client == NULL)
        return result;
    client_patience(client, ANSWER_SECONDS);
    result = watch(client, args, times);
    client_close(client);
    return result;
}

const struct cli_verb cli_top_verb = {
    .name = "top",
    .summary = "Show feeds, polls, latency, workers, stages and outputs, once a second.",
    .text = "On a terminal it fills the screen until q is typed; elsewhere each look is a line.",
    .examples = "wireroom top\nwireroom top --json -n 10\n",
    .options = options,
    .run = run,
};
