/* top.c - `wireroom top`: the daemon once a second, for as long as one looks at it. */
#include "cli/top.h"

#include <stdlib.h>

#include "base/clock.h"
#include "cli/client.h"
#include "cli/screen.h"
#include "cli/verbs.h"

enum { ANSWER_SECONDS = 5, ANSWER_LIMIT = 64 << 20 };

static const int64_t each = SECOND;

enum { OPT_TIMES };

static const struct cli_option options[] = {
    {"times", "N", CLI_TAKES_OTHER, "end after so many looks (-n)"},
    CLIENT_OPTIONS,
};

/* Looks go to one arena and the other in turn. */
struct watch {
    struct client *client; /* NULL while there is no daemon */
    char *path;
    struct screen screen;
    struct arena *arenas[2];
    struct top_look looks[2];
    int now;       /* which is the last one */
    int64_t count; /* of looks */
    bool json;
    bool is_first;       /* before it there is nothing to reckon rates from */
    const char *trouble; /* why there is no newer look, NULL when all is well */
};

static void show(const struct watch *w)
{
    const struct top_look *now = &w->looks[w->now];
    const struct top_look *before = w->is_first ? now : &w->looks[1 - w->now];

    if (w->json)
        top_json(now, before);
    else if (w->screen.on)
        top_screen(now, before, w->trouble);
    else
        top_line(now, before);
    fflush(stdout);
}

/* As screen_wait(), which is asked again after the screen was drawn anew. */
static enum screen_event wait_for(struct watch *w, int fd, int64_t until)
{
    enum screen_event event;

    while ((event = screen_wait(&w->screen, fd, until)) == SCREEN_REDRAW)
        show(w);
    return event;
}

/* While somebody looks at a screen, keys count and a daemon may take its time. False: they want no
 * answer any more. */
static bool await(struct watch *w)
{
    int64_t patience = clock_mono() + ANSWER_SECONDS * (int64_t)SECOND;
    enum screen_event event;

    if (!w->screen.on)
        return true;
    event = wait_for(w, client_fd(w->client), patience);
    if (event == SCREEN_TIME) {
        w->trouble = "no answer";
        show(w);
        event = wait_for(w, client_fd(w->client), INT64_MAX);
    }
    return event == SCREEN_READY;
}

/* One command without members; its line on arena. 0 when nobody wants it any more. */
static int ask(struct watch *w, const char *command, struct arena *arena, struct json **ret_line,
    struct error *err)
{
    int code;

    client_begin(w->client, command);
    code = client_send(w->client, err);
    if (code == OK && !await(w))
        return 0;
    if (code == OK)
        code = client_next(w->client, arena, ret_line, err);
    return code < 0 ? code : 1;
}

/* 1: there is a new look; 0: nobody wants it any more; or a negative code. */
static int look(struct watch *w, struct error *err)
{
    int next = 1 - w->now;
    struct arena *arena = w->arenas[next];
    struct json *status = NULL;
    struct json *stages = NULL;
    int code;

    arena_reset(arena);
    code = ask(w, "status", arena, &status, err);
    if (code == 1)
        code = ask(w, "stages", arena, &stages, err);
    if (code != 1)
        return code;
    w->looks[next] = (struct top_look){.at = clock_wall(),
        .mono = clock_mono(),
        .status = json_get(status, "status"),
        .stages = json_get(stages, "stages")};
    w->now = next;
    w->is_first = w->count == 0 || w->trouble != NULL;
    w->trouble = NULL;
    w->count++;
    return 1;
}

/* What is on the screen stays there while the daemon is looked for. */
static int look_again(struct watch *w, struct error *err)
{
    int code = E_STOPPED;

    if (w->client == NULL) {
        w->client = client_open_path(w->path);
        if (w->client != NULL)
            client_patience(w->client, ANSWER_SECONDS);
    }
    if (w->client != NULL)
        code = look(w, err);
    if ((code != E_STOPPED && code != E_TIMEOUT) || !w->screen.on || w->count == 0)
        return code;
    client_close(w->client);
    w->client = NULL;
    w->trouble = code == E_STOPPED ? "no daemon" : "no answer";
    return 1;
}

static int watch(struct watch *w, int64_t times, struct error *err)
{
    int64_t due;
    int code;

    do {
        due = clock_mono() + each;
        code = look_again(w, err);
        if (code == 1)
            show(w);
    } while (
        code == 1 && w->count != times && !ferror(stdout) && wait_for(w, -1, due) == SCREEN_TIME);
    return code < 0 ? code : OK;
}

static int run(const struct cli_args *args)
{
    struct watch w = {.json = cli_option(args, "json") != NULL};
    struct error err = {0};
    int result = EXIT_OK;
    int64_t times;

    if (!cli_number(args, OPT_TIMES, 1, INT64_MAX, 0, &times))
        return EXIT_USAGE;
    w.client = client_open(args, &result);
    if (w.client == NULL)
        return result;
    client_patience(w.client, ANSWER_SECONDS);
    w.path = new_text(client_path(w.client));
    w.arenas[0] = arena_new(ANSWER_LIMIT);
    w.arenas[1] = arena_new(ANSWER_LIMIT);
    if (!w.json)
        screen_take(&w.screen);
    if (watch(&w, times, &err) != OK)
        result = EXIT_TROUBLE;
    screen_give_back(&w.screen);
    if (result != EXIT_OK)
        result = client_trouble(&err);
    client_close(w.client);
    arena_free(w.arenas[0]);
    arena_free(w.arenas[1]);
    free(w.path);
    return result;
}

const struct cli_verb cli_top_verb = {
    .name = "top",
    .summary = "Show feeds, polls, latency, workers, stages and outputs, once a second.",
    .text = "On a terminal it fills the screen until q is typed, also while the daemon is started "
            "again;\nelsewhere each look is a line, and it ends with the daemon.",
    .examples = "wireroom top\nwireroom top --json -n 10\n",
    .options = options,
    .run = run,
};
