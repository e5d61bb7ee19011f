/* story.c - `wireroom story`: list, show, watch. */
#include "cli/line.h"
#include "cli/stories.h"
#include "cli/story_show.h"
#include "cli/tail.h"
#include "cli/verbs.h"

enum { STEP_MS = 1000 };

/* ---- list -------------------------------------------------------------------- */

enum { OPT_STATE, OPT_ALL };

static const struct cli_option list_options[] = {
    {"state", "STATE", CLI_TAKES_STORY_STATES,
        "only those: new, developing, peaking, fading, closed"},
    {"all", NULL, CLI_TAKES_NOTHING, "those that are closed or merged into another, too"},
    CLIENT_OPTIONS,
};

struct listing {
    const char *state;
    bool all, json;
    size_t count;
};

static int list_one(void *ctx, const struct json *event)
{
    struct listing *listing = ctx;
    const struct json *data = json_get(event, "data");
    struct bytes state = json_get_text(data, "state");
    bool is_gone = json_get_text(data, "mergedInto").len > 0;

    if (listing->state != NULL ? is_gone || !bytes_is(state, listing->state)
                               : !listing->all && (is_gone || bytes_is(state, "closed")))
        return 0;
    if (listing->count++ == 0 && !listing->json)
        line_head(
            stdout, "ID        STATE       ARTICLES/PUBLISHERS/INDEPENDENT, REPORTS, HEADLINE");
    if (listing->json)
        client_print_json(event);
    else
        stories_print(event);
    return 0;
}

static bool is_state(const char *state)
{
    for (int i = 0; stories_states[i] != NULL; i++)
        if (strcmp(state, stories_states[i]) == 0)
            return true;
    return false;
}

static int run_list(const struct cli_args *args)
{
    struct listing listing = {.state = cli_value(args, OPT_STATE),
        .all = cli_given(args, OPT_ALL),
        .json = cli_option(args, "json") != NULL};
    struct error err = {0};
    struct client *client;
    int result;
    int code;

    if (listing.state != NULL && !is_state(listing.state))
        return cli_usage(args,
            "--state: no state '%s'; there are new developing peaking fading closed",
            listing.state);
    client = client_open(args, &result);
    if (client == NULL)
        return result;
    code = stories_each(client, list_one, &listing, &err);
    client_close(client);
    return code == OK ? EXIT_OK : client_trouble(&err);
}

static const struct cli_verb list_verb = {
    .name = "list",
    .summary = "List the stories, the one with the newest event first.",
    .text = "A line is: id, state, articles/publishers/independent reports, when the first report "
            "came,\nhow long ago the last one did, headline.",
    .examples = "wireroom story list\n"
                "wireroom story list --state peaking\n",
    .options = list_options,
    .run = run_list,
};

/* ---- show -------------------------------------------------------------------- */

static const struct cli_option show_options[] = {CLIENT_OPTIONS};

static int run_show(const struct cli_args *args)
{
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);

    if (client == NULL)
        return result;
    for (size_t i = 0; i < args->words_count && result != EXIT_NO_DAEMON; i++) {
        char uri[STORIES_URI];
        struct error err = {0};
        int code = stories_find(client, args->words[i], false, uri, &err);

        if (code == OK)
            code = story_show(client, uri, cli_option(args, "json") != NULL, &err);
        if (code != OK)
            result = client_trouble(&err);
    }
    client_close(client);
    return result;
}

static const struct cli_verb show_verb = {
    .name = "show",
    .words = "ID ...",
    .summary = "Show a story as a timeline.",
    .text = "Who had it first, who reported, who carries whom, what was new in each report, what "
            "was corrected,\nand where a story that is no more went.\nAn id is that of the list, "
            "or more digits of it. With --json, the "
            "story's events, the oldest first.",
    .examples = "wireroom story show 0d6f2b52\n",
    .options = show_options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_STORIES,
    .run = run_show,
};

/* ---- watch ------------------------------------------------------------------- */

enum { OPT_COUNT };

static const struct cli_option watch_options[] = {
    {"count", "N", CLI_TAKES_OTHER, "end after so many events"},
    CLIENT_OPTIONS,
};

static int run_watch(const struct cli_args *args)
{
    struct tail_options wanted = {
        .since = -1, .topic = "all/story.", .json = cli_option(args, "json") != NULL};
    struct client *client;
    struct tail *tail = NULL;
    struct error err = {0};
    int result;
    int code;

    if (!cli_number(args, OPT_COUNT, 1, INT64_MAX, 0, &wanted.count))
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
    tail_close(tail);
    return code < 0 ? client_trouble(&err) : EXIT_OK;
}

static const struct cli_verb watch_verb = {
    .name = "watch",
    .summary = "Print what is told of stories as it comes, one line each.",
    .examples = "wireroom story watch\n",
    .options = watch_options,
    .run = run_watch,
};

static const struct cli_verb *const verbs[] = {&list_verb, &show_verb, &watch_verb, NULL};

const struct cli_verb cli_story_verb = {
    .name = "story",
    .summary = "Look at developing stories.",
    .text = "They are known when the stage story is in the chain: wireroom-story(7).",
    .examples = "wireroom story list\n"
                "wireroom story watch\n",
    .verbs = verbs,
};
