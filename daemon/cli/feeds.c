/* feeds.c - `wireroom feeds` list, show, rm, poll: what is followed, and how it goes. */
#include "cli/feeds.h"

#include "base/clock.h"
#include "cli/format.h"
#include "cli/verbs.h"

enum { LINE_ARENA = 4 << 20 };

int feeds_each(
    struct client *client, const char *state, feeds_on_feed *on_feed, void *ctx, struct error *err)
{
    struct arena *arena = arena_new(LINE_ARENA);
    int64_t after = 0;
    bool more = true;
    int code = OK;

    while (more && code >= 0) {
        struct json_writer *w = client_begin(client, "feeds.list");
        struct json *line = NULL;

        json_int(w, "after", after);
        if (state != NULL)
            json_cstr(w, "state", state);
        code = client_send(client, err);
        while (code >= 0) {
            arena_reset(arena);
            code = client_next(client, arena, &line, err);
            if (code != 1)
                break;
            bytes_to_int(bytes_from(json_get_text(json_get(line, "feed"), "id"), 1), &after);
            on_feed(ctx, json_get(line, "feed"));
        }
        more = code == 0 && json_get_bool(line, "more", false);
    }
    arena_free(arena);
    return code;
}

struct list {
    bool json;
    struct bytes tag;
    int64_t now;
    size_t count;
};

static bool has_tag(struct bytes tags, struct bytes tag)
{
    while (tags.len > 0)
        if (bytes_equal(bytes_trim(bytes_cut(&tags, ',')), tag))
            return true;
    return false;
}

static enum cli_colour state_colour(struct bytes state)
{
    if (bytes_is(state, "ok"))
        return CLI_GREEN;
    return bytes_is(state, "slow") || bytes_is(state, "silent") || bytes_is(state, "moved")
               ? CLI_YELLOW
               : CLI_RED;
}

static void list_feed(void *ctx, const struct json *feed)
{
    struct bytes title = json_get_text(feed, "title");
    struct bytes state = json_get_text(feed, "state");
    struct bytes error = client_feed_error(feed);
    struct list *list = ctx;
    char text[FORMAT_TEXT];

    if (list->tag.len > 0 && !has_tag(json_get_text(feed, "tags"), list->tag))
        return;
    list->count++;
    if (list->json) {
        client_print_json(feed);
        return;
    }
    cli_print(stdout, json_get_text(feed, "id"), 9, true);
    printf(" %s", cli_colour(stdout, state_colour(state)));
    cli_print(stdout, state, 10, true);
    printf("%s %-12s ", cli_colour(stdout, CLI_PLAIN),
        format_ago_text(json_get_text(feed, "last_new"), list->now, text));
    cli_print(stdout, title.len > 0 ? title : LIT("-"), 30, true);
    putchar(' ');
    cli_print(stdout, json_get_text(feed, "url"), 300, false);
    if (error.len > 0) {
        printf("  %s", cli_colour(stdout, CLI_DIM));
        cli_print(stdout, error, 120, false);
        printf("%s", cli_colour(stdout, CLI_PLAIN));
    }
    putchar('\n');
}

enum { LIST_STATE, LIST_TAG };

static const struct cli_option list_options[] = {
    {"state", "STATE", CLI_TAKES_OTHER,
        "only these: ok slow silent failing blocked moved gone parked unparsable"},
    {"tag", "TAG", CLI_TAKES_OTHER, "only those with this tag"},
    CLIENT_OPTIONS,
};

static int run_list(const struct cli_args *args)
{
    struct list list = {.json = cli_option(args, "json") != NULL,
        .tag = bytes_of(cli_value(args, LIST_TAG)),
        .now = clock_wall()};
    struct client *client = client_open(args);
    struct error err = {0};
    int result = EXIT_OK;

    if (client == NULL)
        return EXIT_NO_DAEMON;
    if (feeds_each(client, cli_value(args, LIST_STATE), list_feed, &list, &err) < 0)
        result = client_trouble(&err);
    else if (list.count == 0 && !list.json)
        fputs("no feeds; add one with: wireroom feeds add URL\n", stderr);
    client_close(client);
    return result;
}

static void show_line(const char *name, struct bytes value)
{
    if (value.len == 0)
        return;
    printf("%-13s ", name);
    cli_print(stdout, value, 2000, false);
    putchar('\n');
}

void feeds_print_diagnosis(const struct json *diagnosis, struct bytes since)
{
    char text[FORMAT_TEXT];

    if (diagnosis == NULL || diagnosis->first == NULL)
        return;
    printf("wrong in it");
    if (since.len > 0)
        printf("   (%s)", format_ago_text(since, clock_wall(), text));
    putchar('\n');
    for (const struct json *d = diagnosis->first; d != NULL; d = d->next) {
        int64_t line = json_get_int(d, "line", 0);

        printf(line > 0 ? "  line %lld, column %lld: " : "  ", (long long)line,
            (long long)json_get_int(d, "column", 0));
        cli_print(stdout, json_get_text(d, "text"), 2000, false);
        putchar('\n');
    }
}

static void show_feed(const struct json *feed)
{
    static const char *const times[][2] = {{"since", "state_since"},
        {"last answer", "last_success"}, {"last entry", "last_new"}, {"next poll", "next_poll"}};
    int64_t now = clock_wall();
    char text[FORMAT_TEXT];
    int64_t wall;

    show_line("id", json_get_text(feed, "id"));
    show_line("address", json_get_text(feed, "url"));
    show_line("title", json_get_text(feed, "title"));
    show_line("tags", json_get_text(feed, "tags"));
    show_line("from", json_get_text(feed, "origin"));
    show_line("state", json_get_text(feed, "state"));
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        if (!clock_parse(json_get_text(feed, times[i][1]), &wall))
            continue;
        printf("%-13s %s", times[i][0], format_date(wall, text));
        if (wall > now)
            printf("  (in %s)\n", format_span(wall - now, text));
        else
            printf("  (%s)\n", format_ago(wall, now, text));
    }
    printf("%-13s %s\n", "asked every", format_span(client_seconds(feed, "interval"), text));
    if (json_get_int(feed, "http_status", 0) > 0)
        show_line("HTTP status", json_get_text(feed, "http_status"));
    if (json_get_int(feed, "failures", 0) > 0)
        show_line("failures", json_get_text(feed, "failures"));
    show_line("error", client_feed_error(feed));
    show_line("ETag", json_get_text(feed, "etag"));
    show_line("Last-Modified", json_get_text(feed, "last_modified"));
    feeds_print_diagnosis(json_get(feed, "diagnosis"), json_get_text(feed, "diagnosed_since"));
}

static const struct cli_option plain_options[] = {CLIENT_OPTIONS};

/* command for each word; what comes back is printed by print, or as JSON. */
static int each_feed(const struct cli_args *args, const char *command,
    void (*print)(const char *word, const struct json *line))
{
    struct client *client = client_open(args);
    int result = EXIT_OK;

    if (client == NULL)
        return EXIT_NO_DAEMON;
    for (size_t i = 0; i < args->words_count && result != EXIT_NO_DAEMON; i++) {
        struct arena *arena = arena_new(LINE_ARENA);
        struct error err = {0};
        struct json *line = NULL;

        json_cstr(client_begin(client, command), "feed", args->words[i]);
        if (client_ask(client, arena, &line, &err) != OK)
            result = client_trouble(&err);
        else if (cli_option(args, "json") != NULL)
            client_print_json(json_get(line, "feed") == NULL ? line : json_get(line, "feed"));
        else
            print(args->words[i], line);
        arena_free(arena);
    }
    client_close(client);
    return result;
}

static void print_shown(const char *word, const struct json *line)
{
    (void)word;
    show_feed(json_get(line, "feed"));
}

static void print_removed(const char *word, const struct json *line)
{
    (void)line;
    printf("removed %s\n", word);
}

static void print_polled(const char *word, const struct json *line)
{
    (void)line;
    printf("%s is asked next\n", word);
}

static int run_show(const struct cli_args *args)
{
    return each_feed(args, "feeds.show", print_shown);
}

static int run_rm(const struct cli_args *args)
{
    return each_feed(args, "feeds.remove", print_removed);
}

static int run_poll(const struct cli_args *args)
{
    return each_feed(args, "poll-now", print_polled);
}

static const struct cli_verb list_verb = {
    .name = "list",
    .summary = "List the feeds: id, state, last new entry, title, address, what is wrong.",
    .examples = "wireroom feeds list --state failing\nwireroom feeds list --json | jq -r .url\n",
    .options = list_options,
    .run = run_list,
};

static const struct cli_verb show_verb = {
    .name = "show",
    .words = "FEED ...",
    .summary = "Show all that is known about a feed, by id or address.",
    .examples = "wireroom feeds show f0000012\n",
    .options = plain_options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_OTHER,
    .run = run_show,
};

static const struct cli_verb rm_verb = {
    .name = "rm",
    .words = "FEED ...",
    .summary = "Follow a feed no longer. Its articles stay in the log.",
    .examples = "wireroom feeds rm f0000012 https://www.example.org/feed.xml\n",
    .options = plain_options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_OTHER,
    .run = run_rm,
};

static const struct cli_verb poll_verb = {
    .name = "poll",
    .words = "FEED ...",
    .summary = "Ask a feed now, whenever it is due.",
    .examples = "wireroom feeds poll f0000012\n",
    .options = plain_options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_OTHER,
    .run = run_poll,
};

static const struct cli_verb *const verbs[] = {&cli_feeds_add_verb, &list_verb, &show_verb,
    &rm_verb, &poll_verb, &cli_feeds_import_verb, &cli_feeds_export_verb, NULL};

const struct cli_verb cli_feeds_verb = {
    .name = "feeds",
    .summary = "Add, list, show and remove feeds; import and export OPML.",
    .examples =
        "wireroom feeds add https://www.example.org/\nwireroom feeds import subscriptions.opml\n",
    .verbs = verbs,
};
