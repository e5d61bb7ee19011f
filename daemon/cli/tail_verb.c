/* tail_verb.c - `wireroom tail`. */
#include "base/clock.h"
#include "cli/client.h"
#include "cli/tail.h"
#include "cli/verbs.h"
#include "cli/when.h"

enum { STEP_MS = 1000, NAMES_ARENA = 64 << 20 };

enum {
    OPT_SINCE,
    OPT_LAST,
    OPT_FOLLOW,
    OPT_TYPE,
    OPT_LANGUAGE,
    OPT_FEED,
    OPT_STORY,
    OPT_COUNT,
    OPT_NO_FOLLOW
};

static const struct cli_option options[] = {
    {"since", "TIME|SEQ|ID", CLI_TAKES_OTHER,
        "print the log first, from a time (10m, 06:00) or after a sequence (0: all)"},
    {"last", "N", CLI_TAKES_OTHER, "-n N: of the log the newest N that are wanted"},
    {"follow", NULL, CLI_TAKES_NOTHING, "-f: print what comes from now on, which is the default"},
    {"type", "TYPE,TYPE", CLI_TAKES_TYPES,
        "only these: new, edit, copy, story, feed, site, self, article.new ..."},
    {"language", "LANG,LANG", CLI_TAKES_OTHER, "only what is written in these: en,de"},
    {"feed", "FEED,FEED", CLI_TAKES_FEEDS, "only of these feeds: ids or addresses"},
    {"story", "ID,ID", CLI_TAKES_STORIES, "only of these stories"},
    {"count", "N", CLI_TAKES_OTHER, "end after so many records"},
    {"no-follow", NULL, CLI_TAKES_NOTHING, "end where the log ends"},
    CLIENT_OPTIONS,
};

/* "200", "00000000000000000200", an event's id (EPOCH-SEQUENCE), or a time. */
static bool read_since(const struct cli_args *args, struct tail_options *wanted)
{
    const char *text = cli_value(args, OPT_SINCE);
    struct bytes number = bytes_of(text == NULL ? "" : text);
    const char *dash = text == NULL ? NULL : strrchr(text, '-');
    int64_t now = clock_wall();

    wanted->since = -1;
    if (text == NULL || (bytes_to_int(number, &wanted->since) && wanted->since >= 0))
        return true;
    if (when_parse(number, now, &wanted->since_time)) {
        if (wanted->since_time <= now)
            return true;
        cli_usage(args, "--since: '%s' is still to come", text);
        return false;
    }
    if (dash != NULL && dash != text)
        wanted->epoch = bytes_cut(&number, '-');
    if (bytes_to_int(number, &wanted->since) && wanted->since >= 0)
        return true;
    cli_usage(args,
        "--since: '%s' is neither a time (10m, 06:00, 2026-11-29T06:00:00Z) nor a sequence or an "
        "event's id",
        text);
    return false;
}

static bool read_wanted(const struct cli_args *args, struct tail_options *wanted)
{
    struct bytes bad;

    wanted->wanted = (struct tail_wanted){.types = cli_value(args, OPT_TYPE),
        .languages = cli_value(args, OPT_LANGUAGE),
        .feeds = cli_value(args, OPT_FEED),
        .stories = cli_value(args, OPT_STORY)};
    bad = tail_wanted_bad_type(&wanted->wanted);
    if (bad.len > 0) {
        cli_usage(args, "--type: no type '%.*s'; there are new edit copy story feed site self %s",
            FMT(bytes_slice(bad, 0, 60)), tail_types);
        return false;
    }
    if (cli_given(args, OPT_FOLLOW) && wanted->no_follow) {
        cli_usage(args, "either --follow or --no-follow");
        return false;
    }
    return read_since(args, wanted) &&
           cli_number(args, OPT_LAST, 0, TAIL_LAST_MOST, 0, &wanted->last) &&
           cli_number(args, OPT_COUNT, 1, INT64_MAX, 0, &wanted->count);
}

static int follow(struct client *client, const struct tail_options *wanted)
{
    struct tail *tail = NULL;
    struct error err = {0};
    uint64_t lost = 0;
    int code = tail_open(client, wanted, &tail, &err);

    while (code >= 0) {
        code = tail_step(tail, STEP_MS, &err);
        if (code != 1)
            break;
    }
    if (tail != NULL)
        lost = tail_lost(tail);
    tail_close(tail);
    if (code == E_NOT_FOUND) {
        cli_fail(code_name(err.code), "%s", err.text);
        return EXIT_NOT_KEPT;
    }
    if (code < 0)
        return client_trouble(&err);
    return lost > 0 ? EXIT_NOT_KEPT : EXIT_OK;
}

static int run(const struct cli_args *args)
{
    struct tail_options wanted = {
        .json = cli_option(args, "json") != NULL, .no_follow = cli_given(args, OPT_NO_FOLLOW)};
    struct arena *arena;
    struct client *client;
    struct error err = {0};
    int result;

    if (!read_wanted(args, &wanted))
        return EXIT_USAGE;
    client = client_open(args, &result);
    if (client == NULL)
        return result;
    arena = arena_new(NAMES_ARENA);
    if (tail_wanted_resolve(client, arena, &wanted.wanted, &err) == OK) {
        result = follow(client, &wanted);
    } else {
        result = client_trouble(&err);
        client_close(client);
    }
    arena_free(arena);
    return result;
}

const struct cli_verb cli_tail_verb = {
    .name = "tail",
    .summary = "Print records as they arrive, one line each.",
    .text =
        "A line is: local time, time since publication, new, edit, copy, story or feed, source, "
        "headline, language,\n"
        "words, of whom it is a copy, and articles/publishers/independent reports of its story.\n"
        "A date stands alone where another day begins.\n"
        "What was missed is read from the log, so that nothing is left out.",
    .examples = "wireroom tail\n"
                "wireroom tail -n 20 --type story\ttwenty events of stories, and those to "
                "come\n"
                "wireroom tail --since 10m --language en,de --no-follow\n"
                "wireroom tail --json | jq -r .data.headline\n"
                "wireroom tail --since 0 --no-follow --json > all.jsonl\tall of the log\n",
    .options = options,
    .run = run,
};
