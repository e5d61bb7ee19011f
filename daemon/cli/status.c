/* status.c - `wireroom status` and the small verbs that ask the daemon one thing: reload, stop. */
#include "base/clock.h"
#include "cli/client.h"
#include "cli/format.h"
#include "cli/line.h"
#include "cli/verbs.h"

/* A daemon that is well answers within milliseconds; balancers and people ask no longer. */
enum { ANSWER_LIMIT = 256 << 20, ANSWER_SECONDS = 5 };

static const struct cli_option options[] = {CLIENT_OPTIONS};

/* What is wrong comes first, in so many lines; the rest is counted. */
enum { WRONG_MOST = 10 };

struct wrong {
    size_t shown, more;
};

/* Whether there is a line for one more. */
static bool is_shown(struct wrong *wrong)
{
    if (wrong->shown == WRONG_MOST)
        wrong->more++;
    else
        wrong->shown++;
    return wrong->more == 0;
}

/* Counts stand side by side, and go on in a further line where the terminal ends. */
enum { INDENT = 10 };

static struct line begin_counts(const char *title)
{
    struct line line = line_begin(stdout);

    line_put(&line, CLI_BOLD, bytes_of(title), INDENT, true);
    return line;
}

static void put_count(struct line *line, enum cli_colour colour, int64_t count, struct bytes name)
{
    char number[FORMAT_TEXT];
    char text[FORMAT_TEXT * 2];
    bool is_first = line->columns - line->left == INDENT;

    snprintf(text, sizeof(text), "%s %.*s", format_count(count, number), FMT(name));
    if (!is_first && cli_width(bytes_of(text)) + 3 > line->left) {
        putchar('\n');
        *line = line_begin(stdout);
        line_put(line, CLI_PLAIN, LIT(""), INDENT, true);
    } else if (!is_first) {
        line_text(line, "   ");
    }
    line_put(line, colour, bytes_of(text), SIZE_MAX, false);
}

/* "  61 slow" for each count that is not 0, with a colour for trouble. */
static void print_states(const struct json *feeds)
{
    static const char *const quiet[] = {"total", "dueNextMinute", "diagnosed", "failedLast", "ok"};
    struct line line = begin_counts("feeds");

    put_count(&line, CLI_PLAIN, json_get_int(feeds, "ok", 0), LIT("ok"));
    for (const struct json *m = feeds == NULL ? NULL : feeds->first; m != NULL; m = m->next) {
        bool skip = bytes_is(json_text(m), "0");
        int64_t count = 0;

        for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
            skip = skip || bytes_is(m->key, quiet[i]);
        if (skip || !bytes_to_int(json_text(m), &count))
            continue;
        put_count(&line, CLI_YELLOW, count, m->key);
    }
    if (json_get_int(feeds, "failedLast", 0) > 0)
        put_count(&line, CLI_PLAIN, json_get_int(feeds, "failedLast", 0),
            LIT("with an error at the last poll"));
    if (json_get_int(feeds, "diagnosed", 0) > 0)
        put_count(&line, CLI_PLAIN, json_get_int(feeds, "diagnosed", 0),
            LIT("with errors in their document"));
    put_count(
        &line, CLI_PLAIN, json_get_int(feeds, "dueNextMinute", 0), LIT("due in the next minute"));
    putchar('\n');
}

struct column {
    const char *member, *name;
};

/* "records   3 on their way   1,200 published ..." */
static void print_counts(const char *title, const struct json *values, const struct column *columns)
{
    struct line line = begin_counts(title);

    for (size_t i = 0; columns[i].member != NULL; i++)
        put_count(&line, CLI_PLAIN, json_get_int(values, columns[i].member, 0),
            bytes_of(columns[i].name));
    putchar('\n');
}

/* What is wrong for many feeds at once, before anything else. */
static void print_troubles(const struct json *troubles, struct wrong *wrong)
{
    char since[FORMAT_TEXT];

    for (const struct json *t = troubles == NULL ? NULL : troubles->first; t != NULL; t = t->next) {
        bool host = bytes_is(json_get_text(t, "part"), "host");

        if (!is_shown(wrong))
            continue;
        printf("%strouble%s   ", cli_colour(stdout, host ? CLI_YELLOW : CLI_RED),
            cli_colour(stdout, CLI_PLAIN));
        cli_print(stdout, json_get_text(t, "text"), 300, false);
        printf("   %s\n", format_ago_text(json_get_text(t, "since"), clock_wall(), since));
    }
}

static void print_head(const struct json *status)
{
    char text[FORMAT_TEXT];
    int64_t loaded = 0;

    printf("%swireroomd%s %.*s   up %s   pid %lld   %.*s\n", cli_colour(stdout, CLI_BOLD),
        cli_colour(stdout, CLI_PLAIN), FMT(json_get_text(status, "version")),
        format_span(client_seconds(status, "uptime"), text),
        (long long)json_get_int(status, "pid", 0), FMT(json_get_text(status, "instance")));
    printf("config    %.*s",
        FMT(json_get_text(status, "config").len > 0 ? json_get_text(status, "config")
                                                    : LIT("the defaults")));
    if (clock_parse(json_get_text(status, "configLoaded"), &loaded))
        printf("   read %s", format_ago(loaded, clock_wall(), text));
    putchar('\n');
}

/* Above all else: nothing is polled while nothing can be kept. */
static void print_trouble(const struct json *store, struct wrong *wrong)
{
    bool full = json_get_bool(store, "full", false);
    char text[FORMAT_TEXT];
    int64_t since = 0;

    if (!clock_parse(json_get_text(store, "since"), &since) || !is_shown(wrong))
        return;
    printf("%sSTORE %s since %s, nothing is polled: ", cli_colour(stdout, CLI_RED),
        full                                    ? "FULL"
        : json_get_bool(store, "locked", false) ? "LOCKED"
        : json_get_bool(store, "lost", false)   ? "LOST"
                                                : "BROKEN",
        format_since(since, clock_wall(), text));
    cli_print(stdout, json_get_text(store, "error"), 400, false);
    printf("%s\n", cli_colour(stdout, CLI_PLAIN));
}

static void print_push(const struct json *push)
{
    static const struct column pushes[] = {{"subscriptions", "subscriptions at hubs"},
        {"live", "live"}, {"reliedOn", "relied on"}, {"taken", "taken"}, {"unsigned", "unsigned"},
        {"forged", "forged"}, {NULL, NULL}};

    if (json_get_bool(push, "listening", false))
        print_counts("pushes", push, pushes);
}

/* "entries   1,200 seen   30 new": what there is none of is left out. */
static void print_some(const char *title, const struct json *values, const char *const *members)
{
    struct line line = begin_counts(title);

    for (; *members != NULL; members++)
        if (json_get_int(values, *members, 0) != 0)
            put_count(&line, CLI_PLAIN, json_get_int(values, *members, 0), bytes_of(*members));
    putchar('\n');
}

/* Every entry that was ever seen, as it was found and by its end. */
static void print_entries(const struct json *entries)
{
    static const char *const seen[] = {
        "seen", "new", "changed", "known", "duplicate", "marked", "old", "rechecked", NULL};
    static const char *const ends[] = {"published", "dropped", "quarantined", "pending", NULL};

    if (json_get_int(entries, "seen", 0) == 0)
        return;
    print_some("entries", entries, seen);
    print_some("ended", entries, ends);
}

/* Where there is a stage that finds them. */
static void print_stories(const struct json *stories)
{
    static const char *const states[] = {"new", "developing", "peaking", "fading", "closed", NULL};

    for (size_t i = 0; states[i] != NULL; i++)
        if (json_get_int(stories, states[i], 0) > 0) {
            print_some("stories", stories, states);
            return;
        }
}

/* Only when there is something to tell. */
static void print_pages(const struct json *pages)
{
    static const struct column columns[] = {{"asked", "asked for"}, {"failed", "failed"},
        {"waiting", "waited for"}, {"late", "came late"}, {"toRecheck", "to be asked for again"},
        {"rechecked", "came after their article"}, {"givenUp", "given up"}, {NULL, NULL}};

    if (json_get_int(pages, "failed", 0) > 0 || json_get_int(pages, "toRecheck", 0) > 0)
        print_counts("pages", pages, columns);
}

static void print_percent(const char *name, const struct json *rate)
{
    printf("%s %lld %%, usually %lld %%", name,
        (long long)(client_seconds(rate, "now") * 100 / SECOND),
        (long long)(client_seconds(rate, "usual") * 100 / SECOND));
}

/* A site on which less is found than was. */
static void print_degraded(const struct json *site)
{
    const struct json *text = json_get(site, "textLength");
    char now[FORMAT_TEXT];
    char usual[FORMAT_TEXT];
    const char *between = "   ";

    printf("%sdegraded%s  ", cli_colour(stdout, CLI_RED), cli_colour(stdout, CLI_PLAIN));
    cli_print(stdout, json_get_text(site, "domain"), 60, false);
    for (const struct json *reason = json_get(site, "reasons")->first; reason != NULL;
         reason = reason->next, between = "; ") {
        fputs(between, stdout);
        if (bytes_is(json_text(reason), "text"))
            printf("text %s bytes, usually %s", format_count(json_get_int(text, "now", 0), now),
                format_count(json_get_int(text, "usual", 0), usual));
        else if (bytes_is(json_text(reason), "date"))
            print_percent("dates", json_get(site, "dateRate"));
        else
            print_percent("bylines", json_get(site, "bylineRate"));
    }
    putchar('\n');
}

static void print_sites(const struct json *sites, struct wrong *wrong)
{
    const struct json *degraded = json_get(sites, "degraded");

    for (const struct json *site = degraded == NULL ? NULL : degraded->first; site != NULL;
         site = site->next)
        if (is_shown(wrong))
            print_degraded(site);
}

/* Stages that killed workers, and whose records go on without them. */
static void print_resting(const struct json *resting, struct wrong *wrong)
{
    for (const struct json *r = resting == NULL ? NULL : resting->first; r != NULL; r = r->next) {
        struct bytes site = json_get_text(r, "site");
        char span[FORMAT_TEXT];
        int64_t until = 0;

        if (!is_shown(wrong))
            continue;
        clock_parse(json_get_text(r, "until"), &until);
        printf("%sresting%s   stage ", cli_colour(stdout, site.len > 0 ? CLI_YELLOW : CLI_RED),
            cli_colour(stdout, CLI_PLAIN));
        cli_print(stdout, json_get_text(r, "stage"), 60, false);
        fputs("   on records of ", stdout);
        cli_print(stdout, site.len > 0 ? site : LIT("all sites"), 100, false);
        printf("   for %s\n", format_span(until > clock_wall() ? until - clock_wall() : 0, span));
    }
}

/* Lists elsewhere: those that cannot be read, or the others. */
static void print_lists(const struct json *lists, struct wrong *wrong)
{
    char text[FORMAT_TEXT];

    for (const struct json *l = lists == NULL ? NULL : lists->first; l != NULL; l = l->next) {
        struct bytes error = json_get_text(l, "error");

        if ((wrong != NULL) != (error.len > 0) || (wrong != NULL && !is_shown(wrong)))
            continue;
        printf("list      ");
        cli_print(stdout, json_get_text(l, "url"), 200, false);
        printf("   %s feeds", format_count(json_get_int(l, "feeds", 0), text));
        if (error.len > 0) {
            printf("   %s", cli_colour(stdout, CLI_YELLOW));
            cli_print(stdout, error, 200, false);
            printf("%s", cli_colour(stdout, CLI_PLAIN));
        }
        putchar('\n');
    }
}

/* What was wrong in the lists of files when they were last read. */
static void print_list_warnings(const struct json *warnings, struct wrong *wrong)
{
    for (const struct json *w = warnings == NULL ? NULL : warnings->first; w != NULL; w = w->next) {
        if (!is_shown(wrong))
            continue;
        printf("list      %s", cli_colour(stdout, CLI_YELLOW));
        cli_print(stdout, json_text(w), 400, false);
        printf("%s\n", cli_colour(stdout, CLI_PLAIN));
    }
}

/* What the store takes on the disk, and who keeps its log from being emptied. */
static void print_store(const struct json *store)
{
    struct bytes since = json_get_text(store, "heldSince");
    struct bytes error = json_get_text(store, "walError");
    char text[FORMAT_TEXT];

    printf("store     %s", format_size(json_get_int(store, "file", 0), text));
    printf(" of %s", format_size(json_get_int(store, "max", 0), text));
    printf("   write-ahead log %s", format_size(json_get_int(store, "wal", 0), text));
    if (json_get_int(store, "free", -1) >= 0)
        printf("   %s free on the disk", format_size(json_get_int(store, "free", 0), text));
    if (since.len > 0)
        printf("   %sheld by a program that reads it since %.*s%s", cli_colour(stdout, CLI_YELLOW),
            FMT(since), cli_colour(stdout, CLI_PLAIN));
    if (error.len > 0)
        printf(
            "   %s%.*s%s", cli_colour(stdout, CLI_RED), FMT(error), cli_colour(stdout, CLI_PLAIN));
    putchar('\n');
}

/* All that is wrong, the worst first. */
static void print_wrong(const struct json *status)
{
    int64_t unaccounted = json_get_int(json_get(status, "entries"), "unaccounted", 0);
    int64_t aside = json_get_int(status, "quarantine", 0);
    struct wrong wrong = {0};
    char text[FORMAT_TEXT];

    print_trouble(json_get(status, "store"), &wrong);
    print_troubles(json_get(status, "troubles"), &wrong);
    if (unaccounted != 0 && is_shown(&wrong))
        printf("%sentries   %lld unaccounted for: a bug of wireroom%s\n",
            cli_colour(stdout, CLI_RED), (long long)unaccounted, cli_colour(stdout, CLI_PLAIN));
    print_resting(json_get(status, "resting"), &wrong);
    print_sites(json_get(status, "sites"), &wrong);
    if (aside > 0 && is_shown(&wrong))
        printf("put aside %s%s records: wireroom quarantine list%s\n",
            cli_colour(stdout, CLI_YELLOW), format_count(aside, text),
            cli_colour(stdout, CLI_PLAIN));
    print_lists(json_get(status, "subscriptions"), &wrong);
    print_list_warnings(json_get(status, "listWarnings"), &wrong);
    if (wrong.more > 0)
        printf("and %zu more: wireroom doctor\n", wrong.more);
}

static void print_status(const struct json *status)
{
    static const struct column polls[] = {{"total", "made"}, {"unchanged", "unchanged"},
        {"changed", "changed"}, {"failed", "failed"}, {NULL, NULL}};
    static const struct column records[] = {{"inFlight", "on their way"}, {"waiting", "waiting"},
        {"published", "published"}, {"updated", "updated"}, {"dropped", "dropped"},
        {"quarantined", "quarantined"}, {NULL, NULL}};
    const struct json *log = json_get(status, "log");
    const struct json *store = json_get(status, "store");
    const struct json *pub = json_get(status, "pub");
    const struct json *pull = json_get(status, "pull");
    const struct json *flow = json_get(status, "records");
    char text[FORMAT_TEXT];
    char more[FORMAT_TEXT];

    print_wrong(status);
    print_head(status);
    print_states(json_get(status, "feeds"));
    print_lists(json_get(status, "subscriptions"), NULL);
    print_counts("polls", json_get(status, "polls"), polls);
    print_push(json_get(status, "push"));
    print_counts("records", flow, records);
    print_entries(json_get(status, "entries"));
    print_stories(json_get(status, "stories"));
    print_pages(json_get(status, "pages"));
    printf("latency   seen to published  p50 %s",
        format_span(client_seconds(flow, "latencyP50"), text));
    printf("   p95 %s\n", format_span(client_seconds(flow, "latencyP95"), text));
    printf("log       events %s to %s   %.*s\n", format_count(json_get_int(log, "first", 0), text),
        format_count(json_get_int(log, "head", 0), more), FMT(json_get_text(store, "path")));
    print_store(store);
    printf("outputs   %.*s   %s sent", FMT(json_get_text(status, "endpoint")),
        format_count(json_get_int(pub, "sent", 0), text));
    printf("   %s subscriptions", format_count(json_get_int(pub, "subscriptions", 0), text));
    if (json_get_int(pull, "consumers", 0) > 0)
        printf("   %s consumers, %s connected",
            format_count(json_get_int(pull, "consumers", 0), text),
            format_count(json_get_int(pull, "clients", 0), more));
    putchar('\n');
    printf("memory    %s\n", format_size(json_get_int(status, "resident", 0), text));
}

/* For scripts that look at the exit status: 1 while the store cannot be written. */
static int judge_status(const struct json *status)
{
    return json_get_text(json_get(status, "store"), "since").len > 0 ? EXIT_TROUBLE : EXIT_OK;
}

/* One command without members and its one line: printed as JSON, or by print; judge (may be NULL)
 * has the exit code. */
static int ask_one(const struct cli_args *args, const char *command, const char *member,
    void (*print)(const struct json *value), int (*judge)(const struct json *value))
{
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);
    struct arena *arena = arena_new(ANSWER_LIMIT);
    struct json *line = NULL;
    struct error err = {0};

    if (client != NULL) {
        client_patience(client, ANSWER_SECONDS);
        client_begin(client, command);
        if (client_ask(client, arena, &line, &err) != OK)
            result = client_trouble(&err);
        else if (cli_option(args, "json") == NULL)
            print(json_get(line, member));
        else if (strcmp(member, "done") == 0)
            puts("{\"stopping\":true}");
        else
            client_print_json(json_get(line, member));
        if (result == EXIT_OK && judge != NULL)
            result = judge(json_get(line, member));
    }
    client_close(client);
    arena_free(arena);
    return result;
}

static int run_status(const struct cli_args *args)
{
    return ask_one(args, "status", "status", print_status, judge_status);
}

enum { OPT_FORCE };

static const struct cli_option reload_options[] = {
    {"force", NULL, CLI_TAKES_NOTHING, "remove what no list names, however much that is"},
    CLIENT_OPTIONS,
};

static int run_reload(const struct cli_args *args)
{
    int code = EXIT_OK;
    struct client *client = client_open(args, &code);
    const struct json *warnings;
    struct json *line = NULL;
    struct error err = {0};
    struct arena *arena;

    if (client == NULL)
        return code;
    arena = arena_new(16 << 20);
    json_bool(client_begin(client, "reload"), "force", cli_given(args, OPT_FORCE));
    if (client_ask(client, arena, &line, &err) != OK) {
        code = client_trouble(&err);
    } else if (cli_option(args, "json") != NULL) {
        client_print_json(line);
    } else {
        printf("%.*s\n", FMT(json_get_text(line, "reloaded")));
        warnings = json_get(line, "warnings");
        for (const struct json *w = warnings == NULL ? NULL : warnings->first; w != NULL;
             w = w->next) {
            fputs("warning: ", stderr);
            cli_say(json_text(w));
            fputc('\n', stderr);
        }
    }
    client_close(client);
    arena_free(arena);
    return code;
}

static void print_stopping(const struct json *done)
{
    (void)done;
    puts("stopping");
}

static int run_stop(const struct cli_args *args)
{
    return ask_one(args, "stop", "done", print_stopping, NULL);
}

const struct cli_verb cli_status_verb = {
    .name = "status",
    .summary = "Print how the daemon is: feeds, records, delays, memory.",
    .text = "The first line and the exit status tell when the store cannot be written: 1.",
    .examples = "wireroom status\nwireroom status --json | jq .feeds.failing\n",
    .options = options,
    .run = run_status,
};

const struct cli_verb cli_reload_verb = {
    .name = "reload",
    .summary = "Have the daemon read its configuration and feed lists again.",
    .text =
        "A configuration with an error changes nothing; the error is printed. So is what is wrong "
        "in a list of\n"
        "feeds: a line that is no address costs that line. Feeds stay whose list is named but "
        "absent, empty or\n"
        "cut, and when over half of all would go at once, until --force is said.",
    .examples = "wireroom reload\n",
    .options = reload_options,
    .run = run_reload,
};

const struct cli_verb cli_stop_verb = {
    .name = "stop",
    .summary = "End the daemon in order.",
    .examples = "wireroom stop --dir ./var\n",
    .options = options,
    .run = run_stop,
};
