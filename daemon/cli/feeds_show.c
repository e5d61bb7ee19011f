/* feeds_show.c - `wireroom feeds` show and history: one feed looked at closely. */
#include "base/clock.h"
#include "cli/feeds.h"
#include "cli/format.h"
#include "cli/line.h"

enum { LINE_ARENA = 4 << 20 };

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

/* A point in time and how far it is, when there is one. */
static void show_time(const char *name, struct bytes at, int64_t now)
{
    char text[FORMAT_TEXT];
    int64_t wall;

    if (!clock_parse(at, &wall))
        return;
    printf("%-13s %s", name, format_date(wall, text));
    if (wall > now)
        printf("  (in %s)\n", format_span(wall - now, text));
    else
        printf("  (%s)\n", format_ago(wall, now, text));
}

/* What is agreed with the feed's hub. */
static void show_push(const struct json *push, int64_t now)
{
    if (push == NULL)
        return;
    show_line("hub", json_get_text(push, "hub"));
    show_line("pushed",
        json_get_bool(push, "reliedOn", false)              ? LIT("yes, so it is asked seldom")
        : bytes_is(json_get_text(push, "state"), "live")    ? LIT("from the next push on")
        : bytes_is(json_get_text(push, "state"), "asking")  ? LIT("no, the hub is being asked")
        : bytes_is(json_get_text(push, "state"), "pending") ? LIT("no, the hub is to verify")
                                                            : LIT("no"));
    show_time("lease until", json_get_text(push, "leaseUntil"), now);
    show_time("last push", json_get_text(push, "lastPush"), now);
    show_time("hub asked", json_get_text(push, "nextRequest"), now);
    show_line("hub's error", json_get_text(push, "error"));
}

static void show_feed(const struct json *feed)
{
    static const char *const times[][2] = {{"since", "stateSince"}, {"last answer", "lastSuccess"},
        {"last entry", "lastNew"}, {"next poll", "nextPoll"}};
    int64_t now = clock_wall();
    char text[FORMAT_TEXT];
    char usual[FORMAT_TEXT];

    show_line("id", json_get_text(feed, "id"));
    show_line("address", json_get_text(feed, "url"));
    show_line("title", json_get_text(feed, "title"));
    show_line("site", json_get_text(feed, "link"));
    show_line("tags", json_get_text(feed, "tags"));
    show_line("from", json_get_text(feed, "origin"));
    show_line("state", json_get_text(feed, "state"));
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        show_time(times[i][0], json_get_text(feed, times[i][1]), now);
    printf("%-13s %s\n", "asked every", format_span(client_seconds(feed, "interval"), text));
    if (client_seconds(feed, "usualGap") > 0)
        printf("%-13s %s on average, seldom more than %s\n", "gaps",
            format_span(client_seconds(feed, "meanGap"), text),
            format_span(client_seconds(feed, "usualGap"), usual));
    if (json_get_int(feed, "httpStatus", 0) > 0)
        show_line("HTTP status", json_get_text(feed, "httpStatus"));
    if (json_get_int(feed, "failures", 0) > 0)
        show_line("failures", json_get_text(feed, "failures"));
    show_line("error", client_feed_error(feed));
    show_line("ETag", json_get_text(feed, "etag"));
    show_line("Last-Modified", json_get_text(feed, "lastModified"));
    show_push(json_get(feed, "push"), now);
    feeds_print_diagnosis(json_get(feed, "diagnosis"), json_get_text(feed, "diagnosedSince"));
}

static void print_shown(const char *word, const struct json *line)
{
    (void)word;
    show_feed(json_get(line, "feed"));
}

static int run_show(const struct cli_args *args)
{
    return feeds_each_word(args, "feeds.show", NULL, print_shown);
}

static void print_poll(const struct json *poll)
{
    int64_t status = json_get_int(poll, "status", 0);
    char text[FORMAT_TEXT];
    int64_t at = 0;

    clock_parse(json_get_text(poll, "at"), &at);
    printf("%-27s  ", format_date(at, text));
    if (status > 0)
        printf("%-9lld", (long long)status);
    else
        cli_print(stdout, json_get_text(poll, "trouble"), 9, true);
    printf(" %8lld ms", (long long)(client_seconds(poll, "seconds") / 1000));
    printf(" %10s", format_size(json_get_int(poll, "bytes", 0), text));
    if (json_get_int(poll, "entries", 0) > 0)
        printf("  %s entries, %lld new", format_count(json_get_int(poll, "entries", 0), text),
            (long long)json_get_int(poll, "new", 0));
    putchar('\n');
}

static int run_history(const struct cli_args *args)
{
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);
    struct arena *arena;
    struct json *line = NULL;
    struct error err = {0};
    bool any = false;
    int code;

    if (client == NULL)
        return result;
    arena = arena_new(LINE_ARENA);
    json_cstr(client_begin(client, "feeds.history"), "feed", args->words[0]);
    code = client_send(client, &err);
    while (code >= 0 && (code = client_next(client, arena, &line, &err)) == 1) {
        if (!any && cli_option(args, "json") == NULL)
            line_head(stdout, "WHEN                         STATUS           TIME       SIZE");
        any = true;
        if (cli_option(args, "json") != NULL)
            client_print_json(json_get(line, "poll"));
        else
            print_poll(json_get(line, "poll"));
        arena_reset(arena);
    }
    if (code == OK && !any && cli_option(args, "json") == NULL)
        fputs("not polled yet\n", stderr);
    arena_free(arena);
    client_close(client);
    return code < 0 ? client_trouble(&err) : EXIT_OK;
}

static const struct cli_option plain_options[] = {CLIENT_OPTIONS};

const struct cli_verb cli_feeds_show_verb = {
    .name = "show",
    .words = "FEED ...",
    .summary = "Show all that is known about a feed, by id or address, and what is wrong in it.",
    .examples = "wireroom feeds show f0000012\n",
    .options = plain_options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FEEDS,
    .run = run_show,
};

const struct cli_verb cli_feeds_history_verb = {
    .name = "history",
    .words = "FEED",
    .summary = "Show how the last 50 polls of a feed went: when, status, time, size, new entries.",
    .examples = "wireroom feeds history f0000012\n",
    .options = plain_options,
    .least = 1,
    .most = 1,
    .takes = CLI_TAKES_FEEDS,
    .run = run_history,
};
