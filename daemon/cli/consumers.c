/* consumers.c - `wireroom consumers`: who reads the log under a name, and how far they are. */
#include "base/clock.h"
#include "cli/client.h"
#include "cli/format.h"
#include "cli/verbs.h"

enum { ANSWER_ARENA = 16 << 20, NAME_WIDTH = 20 };

static const struct cli_option plain_options[] = {CLIENT_OPTIONS};

#define FROM_OPTION                                                                                \
    {                                                                                              \
        "from", "SEQ|TIME", CLI_TAKES_OTHER,                                                       \
            "the first event it gets: now (the default), first, last, a sequence, or a time"       \
    }

static const struct cli_option add_options[] = {
    FROM_OPTION,
    {"filter", "TOPICS", CLI_TAKES_FILTERS,
        "only events of topics that begin with one of these, spaces between them"},
    {"hold", NULL, CLI_TAKES_NOTHING,
        "keep what it has not read beyond store.keep, as long as store.max has room"},
    CLIENT_OPTIONS,
};

static const struct cli_option reset_options[] = {FROM_OPTION, CLIENT_OPTIONS};

static void print_head(void)
{
    printf("%s%-*s  %12s  %10s  %-11s  %s%s\n", cli_colour(stdout, CLI_DIM), NAME_WIDTH, "NAME",
        "ACKNOWLEDGED", "LAG", "HEARD", "FILTER", cli_colour(stdout, CLI_PLAIN));
}

static void print_consumer(const struct json *consumer)
{
    int64_t trimmed = json_get_int(consumer, "trimmed", 0);
    char lag[FORMAT_TEXT], heard[FORMAT_TEXT];

    cli_print(stdout, json_get_text(consumer, "name"), NAME_WIDTH, true);
    printf("  %12lld  %10s  %-11s  ", (long long)json_get_int(consumer, "acknowledged", 0),
        format_count(json_get_int(consumer, "lag", 0), lag),
        json_get_bool(consumer, "connected", false)
            ? "now"
            : format_ago_text(json_get_text(consumer, "heard"), clock_wall(), heard));
    cli_print(stdout, json_get_text(consumer, "filter"), 60, false);
    if (json_get_bool(consumer, "hold", false))
        printf(" (holds the log)");
    if (trimmed > 0)
        printf(" %s%lld no longer in the log%s", cli_colour(stdout, CLI_RED), (long long)trimmed,
            cli_colour(stdout, CLI_PLAIN));
    putchar('\n');
}

/* Send the command that was begun and print the consumers of its answer. */
static int print_answer(
    struct client *client, const struct cli_args *args, bool head, struct error *err)
{
    struct arena *arena = arena_new(ANSWER_ARENA);
    bool json = cli_option(args, "json") != NULL;
    struct json *line = NULL;
    size_t count = 0;
    int code = client_send(client, err);

    while (code >= 0) {
        const struct json *consumer;

        arena_reset(arena);
        code = client_next(client, arena, &line, err);
        if (code != 1)
            break;
        consumer = json_get(line, "consumer");
        if (!json && head && count++ == 0)
            print_head();
        if (json)
            client_print_json(consumer);
        else
            print_consumer(consumer);
    }
    if (code == 0 && head && count == 0 && !json)
        fputs("nobody reads the log under a name\n", stderr);
    arena_free(arena);
    return code;
}

static int run_list(const struct cli_args *args)
{
    struct error err = {0};
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);

    if (client == NULL)
        return result;
    client_begin(client, "consumers.list");
    if (print_answer(client, args, true, &err) < 0)
        result = client_trouble(&err);
    client_close(client);
    return result;
}

/* One command with the name, and with what else the options say. */
static int change(const struct cli_args *args, const char *command)
{
    static const char *const members[] = {"from", "filter"};
    struct error err = {0};
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);
    struct json_writer *w;

    if (client == NULL)
        return result;
    w = client_begin(client, command);
    json_cstr(w, "name", args->words[0]);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (cli_option(args, members[i]) != NULL)
            json_cstr(w, members[i], cli_option(args, members[i]));
    if (cli_option(args, "hold") != NULL)
        json_bool(w, "hold", true);
    if (print_answer(client, args, false, &err) < 0)
        result = client_trouble(&err);
    client_close(client);
    return result;
}

static int run_show(const struct cli_args *args)
{
    return change(args, "consumers.show");
}

static int run_add(const struct cli_args *args)
{
    return change(args, "consumers.add");
}

static int run_reset(const struct cli_args *args)
{
    return change(args, "consumers.reset");
}

static int run_rm(const struct cli_args *args)
{
    int result = change(args, "consumers.remove");
    struct buf text = {0};
    struct json_writer w = {.out = &text};

    if (result != EXIT_OK || cli_option(args, "json") == NULL)
        return result;
    json_begin_object(&w, NULL);
    json_cstr(&w, "name", args->words[0]);
    json_bool(&w, "removed", true);
    json_end_object(&w);
    puts(buf_cstr(&text));
    buf_done(&text);
    return EXIT_OK;
}

static const struct cli_verb list_verb = {
    .name = "list",
    .summary = "List the consumers: how far each has acknowledged the log, and how many events "
               "are behind that.",
    .examples = "wireroom consumers list\nwireroom consumers list --json | jq 'select(.lag > "
                "1000) | .name'\n",
    .options = plain_options,
    .run = run_list,
};

static const struct cli_verb show_verb = {
    .name = "show",
    .words = "NAME",
    .summary = "Show one consumer.",
    .examples = "wireroom consumers show newsdesk --json\n",
    .options = plain_options,
    .least = 1,
    .most = 1,
    .takes = CLI_TAKES_CONSUMERS,
    .run = run_show,
};

static const struct cli_verb add_verb = {
    .name = "add",
    .words = "NAME",
    .summary = "Make a consumer before it connects, so that it misses nothing from now on.",
    .text = "A client that says HELLO with a new name makes one, too.",
    .examples = "wireroom consumers add newsdesk --filter all/article.new/\n"
                "wireroom consumers add archive --from first --hold\n",
    .options = add_options,
    .least = 1,
    .most = 1,
    .takes = CLI_TAKES_OTHER,
    .run = run_add,
};

static const struct cli_verb reset_verb = {
    .name = "reset",
    .words = "NAME",
    .summary = "Have a consumer begin again at another place of the log.",
    .text = "A client that reads under its name is told so, and connects anew.",
    .examples = "wireroom consumers reset archive --from 2026-11-29T00:00:00Z\n",
    .options = reset_options,
    .least = 1,
    .most = 1,
    .takes = CLI_TAKES_CONSUMERS,
    .run = run_reset,
};

static const struct cli_verb rm_verb = {
    .name = "rm",
    .words = "NAME",
    .summary = "Forget a consumer.",
    .examples = "wireroom consumers rm archive\n",
    .options = plain_options,
    .least = 1,
    .most = 1,
    .takes = CLI_TAKES_CONSUMERS,
    .run = run_rm,
};

static const struct cli_verb *const verbs[] = {
    &list_verb, &show_verb, &add_verb, &reset_verb, &rm_verb, NULL};

const struct cli_verb cli_consumers_verb = {
    .name = "consumers",
    .summary = "Look at who reads the log under a name, and change where they are.",
    .examples = "wireroom consumers list\nwireroom consumers add newsdesk\n",
    .verbs = verbs,
};
