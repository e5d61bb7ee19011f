/* replay.c - `wireroom replay`: what the log holds between two points. */
#include <inttypes.h>

#include "cli/client.h"
#include "cli/tail.h"
#include "cli/verbs.h"
#include "cli/when.h"

enum { ANSWER_ARENA = 256 << 20 };

enum { OPT_FROM, OPT_TO, OPT_FILTER };

static const struct cli_option options[] = {
    {"from", "SEQ|TIME", CLI_TAKES_OTHER,
        "the first event: a sequence, a time (10m, 06:00, 2026-11-29), or first (the default)"},
    {"to", "SEQ|TIME", CLI_TAKES_OTHER, "the last one: a sequence, or all before a time"},
    {"filter", "TOPICS", CLI_TAKES_FILTERS,
        "only events of topics that begin with one of these, spaces between them"},
    CLIENT_OPTIONS,
};

struct replay {
    const struct cli_args *args;
    struct tail_names *names;
    bool json;
    uint64_t trimmed;
};

static void take_line(struct replay *r, const struct json *line)
{
    const struct json *trimmed = json_get(line, "trimmed");

    if (trimmed != NULL) {
        int64_t from = json_get_int(trimmed, "from", 0);
        int64_t to = json_get_int(trimmed, "to", 0);

        r->trimmed += (uint64_t)(to - from + 1);
        fflush(stdout);
        cli_trouble("events %" PRId64 " to %" PRId64 " are no longer in the log", from, to);
    } else if (r->json) {
        client_print_json(json_get(line, "event"));
    } else {
        tail_print(stdout, json_get(line, "event"), r->names);
    }
}

static void begin(struct client *client, const struct cli_args *args, int64_t since)
{
    char from_room[WHEN_TEXT], to_room[WHEN_TEXT];
    const char *from = cli_value(args, OPT_FROM);
    const char *to = cli_value(args, OPT_TO);
    const char *filter = cli_value(args, OPT_FILTER);
    struct json_writer *w = client_begin(client, "replay");

    if (since >= 0)
        json_int(w, "since", since);
    json_cstr(w, "from", from == NULL ? "first" : when_for_daemon(from, from_room));
    if (to != NULL)
        json_cstr(w, "to", when_for_daemon(to, to_room));
    if (filter != NULL)
        json_cstr(w, "filter", filter);
}

static int read_all(struct client *client, struct replay *r, struct error *err)
{
    struct arena *arena = arena_new(ANSWER_ARENA);
    int64_t since = -1;
    bool more = true;
    int code = OK;

    while (code >= 0 && more) {
        struct json *line = NULL;

        begin(client, r->args, since);
        code = client_send(client, err);
        while (code >= 0) {
            arena_reset(arena);
            code = client_next(client, arena, &line, err);
            if (code != 1)
                break;
            take_line(r, line);
        }
        more = code == 0 && json_get_bool(line, "more", false) && fflush(stdout) == 0;
        since = code == 0 ? json_get_int(line, "next", 0) : since;
    }
    arena_free(arena);
    return code;
}

static int run(const struct cli_args *args)
{
    struct replay r = {.args = args, .json = cli_option(args, "json") != NULL};
    struct error err = {0};
    int result;
    struct client *client = client_open(args, &result);
    int code;

    if (client == NULL)
        return result;
    r.names = tail_names_new();
    code = read_all(client, &r, &err);
    tail_names_free(r.names);
    client_close(client);
    if (code < 0)
        return client_trouble(&err);
    return r.trimmed > 0 ? EXIT_NOT_KEPT : EXIT_OK;
}

const struct cli_verb cli_replay_verb = {
    .name = "replay",
    .summary = "Print what the log holds from one point to another.",
    .text = "Events that are wanted and no longer kept are told on standard error, and the exit "
            "code is 4 then.",
    .examples = "wireroom replay --from 2026-11-29T06:00:00Z --to 2026-11-29T07:00:00Z\n"
                "wireroom replay --from 4711 --filter all/story. --json > stories.jsonl\n",
    .options = options,
    .run = run,
};
