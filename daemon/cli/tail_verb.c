/* tail_verb.c - `wireroom tail`. */
#include "cli/client.h"
#include "cli/tail.h"
#include "cli/verbs.h"

enum { STEP_MS = 1000 };

enum { OPT_SINCE, OPT_COUNT, OPT_NO_FOLLOW };

static const struct cli_option options[] = {
    {"since", "SEQ", CLI_TAKES_OTHER,
        "print the log from after this sequence first (0: all of it)"},
    {"count", "N", CLI_TAKES_OTHER, "end after so many records"},
    {"no-follow", NULL, CLI_TAKES_NOTHING, "end where the log ends"},
    CLIENT_OPTIONS,
};

static int run(const struct cli_args *args)
{
    struct tail_options wanted = {
        .json = cli_option(args, "json") != NULL, .no_follow = cli_given(args, OPT_NO_FOLLOW)};
    struct client *client;
    struct tail *tail = NULL;
    struct error err = {0};
    int code;

    if (!cli_number(args, OPT_SINCE, 0, INT64_MAX, -1, &wanted.since) ||
        !cli_number(args, OPT_COUNT, 1, INT64_MAX, 0, &wanted.count))
        return EXIT_USAGE;
    client = client_open(args);
    if (client == NULL)
        return EXIT_NO_DAEMON;
    code = tail_open(client, &wanted, &tail, &err);
    while (code >= 0) {
        code = tail_step(tail, STEP_MS, &err);
        if (code != 1)
            break;
    }
    tail_close(tail);
    if (code < 0)
        return client_trouble(&err);
    return ferror(stdout) ? EXIT_TROUBLE : EXIT_OK;
}

const struct cli_verb cli_tail_verb = {
    .name = "tail",
    .summary = "Print records as they arrive, one line each.",
    .text = "A line is: local time, time since publication, new, edit, copy or feed, source, "
            "headline, language,\n"
            "words, and of whom it is a copy. What was missed is read from the log, so that "
            "nothing is left out.",
    .examples = "wireroom tail\n"
                "wireroom tail --json | jq -r .data.headline\n"
                "wireroom tail --since 0 --no-follow --json > all.jsonl\tall of the log\n",
    .options = options,
    .run = run,
};
