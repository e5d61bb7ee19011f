/* tail_verb.c - `wireroom tail`. */
#include "cli/client.h"
#include "cli/tail.h"
#include "cli/verbs.h"

enum { STEP_MS = 1000 };

enum { OPT_SINCE, OPT_COUNT, OPT_NO_FOLLOW };

static const struct cli_option options[] = {
    {"since", "SEQ", CLI_TAKES_OTHER,
        "print the log from after this sequence, or the event with this id, first (0: all of it)"},
    {"count", "N", CLI_TAKES_OTHER, "end after so many records"},
    {"no-follow", NULL, CLI_TAKES_NOTHING, "end where the log ends"},
    CLIENT_OPTIONS,
};

/* "200", "00000000000000000200" or an event's id, EPOCH-SEQUENCE. */
static bool read_since(const struct cli_args *args, struct tail_options *wanted)
{
    const char *text = cli_value(args, OPT_SINCE);
    struct bytes number = bytes_of(text == NULL ? "" : text);
    const char *dash = text == NULL ? NULL : strrchr(text, '-');

    wanted->since = -1;
    if (text == NULL)
        return true;
    if (dash != NULL && dash != text)
        wanted->epoch = bytes_cut(&number, '-');
    if (bytes_to_int(number, &wanted->since) && wanted->since >= 0)
        return true;
    cli_usage(args, "--since: '%s' is neither a sequence nor an event's id", text);
    return false;
}

static int run(const struct cli_args *args)
{
    struct tail_options wanted = {
        .json = cli_option(args, "json") != NULL, .no_follow = cli_given(args, OPT_NO_FOLLOW)};
    struct client *client;
    struct tail *tail = NULL;
    struct error err = {0};
    uint64_t lost = 0;
    int result;
    int code;

    if (!read_since(args, &wanted) || !cli_number(args, OPT_COUNT, 1, INT64_MAX, 0, &wanted.count))
        return EXIT_USAGE;
    client = client_open(args, &result);
    if (client == NULL)
        return result;
    code = tail_open(client, &wanted, &tail, &err);
    while (code >= 0) {
        code = tail_step(tail, STEP_MS, &err);
        if (code != 1)
            break;
    }
    if (tail != NULL)
        lost = tail_lost(tail);
    tail_close(tail);
    if (code == E_NOT_FOUND) {
        cli_trouble("%s", err.text);
        return EXIT_NOT_KEPT;
    }
    if (code < 0)
        return client_trouble(&err);
    return lost > 0 ? EXIT_NOT_KEPT : EXIT_OK;
}

const struct cli_verb cli_tail_verb = {
    .name = "tail",
    .summary = "Print records as they arrive, one line each.",
    .text =
        "A line is: local time, time since publication, new, edit, copy, story or feed, source, "
        "headline, language,\n"
        "words, of whom it is a copy, and articles/publishers/independent reports of its story.\n"
        "What was missed is read from the log, so that nothing is left out.",
    .examples = "wireroom tail\n"
                "wireroom tail --json | jq -r .data.headline\n"
                "wireroom tail --since 0 --no-follow --json > all.jsonl\tall of the log\n",
    .options = options,
    .run = run,
};
