/* feeds_test.c - `wireroom feeds test`: an address or a file tried as a feed, and all that is odd
 * about it. */
#include <unistd.h>

#include "base/clock.h"
#include "cli/feeds.h"
#include "cli/format.h"
#include "cli/offline.h"

enum { TEST_ARENA = 256 << 20 };

enum { TEST_URL };

static const struct cli_option options[] = {
    {"url", "URL", CLI_TAKES_OTHER, "where a file came from, for relative addresses"},
    CLIENT_OPTIONS,
};

__attribute__((format(printf, 2, 3))) static void say(const char *name, const char *format, ...)
{
    char text[3000];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    printf("%-13s ", name);
    cli_print(stdout, bytes_of(text), sizeof(text), false);
    putchar('\n');
}

static void print_http(const struct json *http)
{
    struct bytes coding = json_get_text(http, "coding");
    struct bytes etag = json_get_text(http, "etag");
    struct bytes modified = json_get_text(http, "lastModified");
    int64_t redirects = json_get_int(http, "redirects", 0);
    char text[2][FORMAT_TEXT];

    if (http == NULL)
        return;
    say("answered from", "%.*s%s", FMT(json_get_text(http, "final")),
        redirects == 0                            ? ""
        : json_get_bool(http, "permanent", false) ? "  (moved for good)"
                                                  : "  (redirected for now)");
    say("status", "%.*s in %s, %s%s%.*s from %.*s", FMT(json_get_text(http, "status")),
        format_span(client_seconds(http, "seconds"), text[0]),
        format_size(json_get_int(http, "bytes", 0), text[1]), coding.len > 0 ? ", " : "",
        FMT(coding), FMT(json_get_text(http, "address")));
    say("type", "%.*s",
        FMT(json_get_text(http, "type").len > 0 ? json_get_text(http, "type") : LIT("none")));
    if (etag.len > 0)
        say("ETag", "%.*s", FMT(etag));
    if (modified.len > 0)
        say("Last-Modified", "%.*s", FMT(modified));
    if (json_get_text(http, "cacheControl").len > 0)
        say("Cache-Control", "%.*s", FMT(json_get_text(http, "cacheControl")));
    if (json_get(http, "retryAfter") != NULL)
        say("Retry-After", "%s",
            format_span(json_get_int(http, "retryAfter", 0) * SECOND, text[0]));
}

static void add_list(struct buf *out, const char *name, const struct json *list)
{
    if (list == NULL || list->first == NULL)
        return;
    buf_printf(out, "%s%s", out->len > 0 ? "; " : "", name);
    for (const struct json *v = list->first; v != NULL; v = v->next)
        buf_printf(out, " %.*s", FMT(json_text(v)));
}

/* What the document asks of whoever polls it. */
static void print_hints(const struct json *feed)
{
    struct bytes ttl = json_get_text(feed, "ttl");
    struct bytes period = json_get_text(feed, "update_period");
    struct bytes frequency = json_get_text(feed, "update_frequency");
    struct buf hints = {.limit = 2000};

    if (ttl.len > 0)
        buf_printf(&hints, "ttl %.*s minutes", FMT(ttl));
    if (period.len > 0)
        buf_printf(&hints, "%s%.*s times %.*s", hints.len > 0 ? "; " : "",
            FMT(frequency.len > 0 ? frequency : LIT("1")), FMT(period));
    add_list(&hints, "skip hours", json_get(feed, "skip_hours"));
    add_list(&hints, "skip days", json_get(feed, "skip_days"));
    if (hints.len > 0)
        say("asks for", "%s", buf_cstr(&hints));
    buf_done(&hints);
}

static void print_entries(const struct json *report)
{
    const struct json *first = json_get(report, "first");
    int64_t now = clock_wall();
    char text[3][FORMAT_TEXT];

    printf("%-13s %s", "entries", format_count(json_get_int(report, "entries", 0), text[0]));
    if (json_get(report, "newest") != NULL)
        printf(", the newest %s, the oldest %s",
            format_ago_text(json_get_text(report, "newest"), now, text[1]),
            format_ago_text(json_get_text(report, "oldest"), now, text[2]));
    putchar('\n');
    for (const struct json *e = first == NULL ? NULL : first->first; e != NULL; e = e->next) {
        struct bytes date = json_get_text(e, "published");
        struct bytes title = json_get_text(e, "title");
        struct bytes id = json_get_text(e, "id");

        printf("  ");
        cli_print(stdout, date.len > 0 ? date : LIT("no date"), 20, true);
        putchar(' ');
        cli_print(stdout, title.len > 0 ? title : LIT("-"), 48, true);
        putchar(' ');
        cli_print(stdout, id.len > 0 ? id : json_get_text(e, "url"), 200, false);
        putchar('\n');
    }
}

static void print_report(const struct json *report)
{
    const struct json *feed = json_get(report, "feed");
    struct bytes language = json_get_text(feed, "language");

    if (report == NULL)
        return;
    say("format", "%.*s%s", FMT(json_get_text(feed, "format")),
        json_get_bool(feed, "recovered", false) ? ", read in spite of its errors" : "");
    say("encoding", "%.*s, by %.*s", FMT(json_get_text(report, "encoding")),
        FMT(json_get_text(report, "encodingFrom")));
    say("title", "%.*s%s%.*s", FMT(json_get_text(report, "title")), language.len > 0 ? "  in " : "",
        FMT(language));
    print_hints(feed);
    print_entries(report);
}

static void print_poll(const struct json *poll)
{
    static const struct {
        const char *by, *text;
    } causes[] = {{"max-age", "by its max-age"}, {"document", "as the document asks"},
        {"default", "by poll.default_interval"}};
    const char *cause = "";
    char text[3][FORMAT_TEXT];

    if (poll == NULL)
        return;
    for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
        if (bytes_is(json_get_text(poll, "becauseOf"), causes[i].by))
            cause = causes[i].text;
    say("polls", "every %s at first, %s; later by its own news, from %s to %s%s",
        format_span(client_seconds(poll, "every"), text[0]), cause,
        format_span(client_seconds(poll, "least"), text[1]),
        format_span(client_seconds(poll, "most"), text[2]),
        json_get_bool(poll, "skips", false) ? ", not in the hours and days it skips" : "");
}

static void print_oddities(const struct json *list)
{
    for (const struct json *o = list == NULL ? NULL : list->first; o != NULL; o = o->next) {
        printf("  ");
        cli_print(stdout, json_text(o), 2000, false);
        putchar('\n');
    }
}

static bool has_any(const struct json *list)
{
    return list != NULL && list->first != NULL;
}

static void print_test(const char *word, const struct json *test)
{
    const struct json *report = json_get(test, "report");
    const struct json *diagnosis = json_get(test, "diagnosis");
    const struct json *hubs = json_get(test, "hubs");

    if (diagnosis == NULL)
        diagnosis = json_get(json_get(report, "feed"), "diagnoses");
    say("asked", "%s%s%.*s", word, json_get(test, "followed") != NULL ? "  followed as " : "",
        FMT(json_get_text(test, "followed")));
    print_http(json_get(test, "http"));
    print_report(report);
    for (const struct json *h = hubs == NULL ? NULL : hubs->first; h != NULL; h = h->next)
        say("hub", "%.*s", FMT(json_text(h)));
    print_poll(json_get(test, "poll"));
    if (json_get(test, "unread") != NULL)
        say("not read", "%.*s", FMT(json_get_text(test, "unread")));
    if (has_any(json_get(test, "oddities")) || has_any(json_get(report, "oddities")))
        puts("odd");
    print_oddities(json_get(test, "oddities"));
    print_oddities(json_get(report, "oddities"));
    feeds_print_diagnosis(diagnosis, (struct bytes){NULL, 0});
}

static void print_answer(const struct cli_args *args, const char *word, const struct json *test)
{
    if (cli_option(args, "json") != NULL)
        client_print_json(test);
    else
        print_test(word, test);
}

/* 1 for what cannot be read, or of which nothing is taken. */
static int judge(const struct json *report)
{
    return report != NULL && json_get_bool(json_get(report, "feed"), "complete", true)
               ? EXIT_OK
               : EXIT_TROUBLE;
}

static int test_file(const struct cli_args *args, const char *path)
{
    const char *url = cli_value(args, TEST_URL);
    struct arena *arena = arena_new(TEST_ARENA);
    struct json *test = NULL;
    struct buf report = {0};
    struct buf text = {0};
    struct json_writer w = {.out = &text};
    struct error err = {0};
    int result = parse_report(path, url == NULL ? "" : url, &report);

    if (result == EXIT_OK) {
        json_begin_object(&w, NULL);
        json_cstr(&w, "file", path);
        json_raw(&w, "report", bytes_trim(buf_bytes(&report)));
        json_end_object(&w);
        if (json_parse(arena, buf_bytes(&text), &test, &err) == OK)
            print_answer(args, path, test);
        else
            result = cli_trouble("%s", err.text);
        result = result == EXIT_OK ? judge(json_get(test, "report")) : result;
    }
    buf_done(&report);
    buf_done(&text);
    arena_free(arena);
    return result;
}

static int test_url(const struct cli_args *args, struct client *client, const char *url)
{
    struct arena *arena = arena_new(TEST_ARENA);
    struct json *line = NULL;
    struct error err = {0};
    int result = EXIT_OK;

    json_cstr(client_begin(client, "feeds.test"), "url", url);
    if (client_ask(client, arena, &line, &err) != OK) {
        result = client_trouble(&err);
    } else {
        const struct json *test = json_get(line, "test");

        print_answer(args, url, test);
        result = judge(json_get(test, "report"));
    }
    arena_free(arena);
    return result;
}

static int run(const struct cli_args *args)
{
    struct client *client = NULL;
    int result = EXIT_OK;

    for (size_t i = 0; i < args->words_count && result != EXIT_NO_DAEMON; i++) {
        const char *word = args->words[i];
        char room[FEEDS_URL];
        int one = EXIT_OK;

        if (i > 0 && cli_option(args, "json") == NULL)
            putchar('\n');
        if (strcmp(word, "-") == 0 ||
            (strstr(word, "://") == NULL &&
                (strchr("/.", word[0]) != NULL || access(word, F_OK) == 0 ||
                    feeds_is_file_name(word)))) {
            one = test_file(args, word);
        } else {
            client = client == NULL ? client_open(args, &one) : client;
            if (client == NULL)
                return one;
            one = test_url(args, client, feeds_whole_url(word, room));
            if (one != EXIT_OK && strstr(word, "://") == NULL)
                cli_note("%s is no file here, and was asked by https: http://%s where a server has "
                         "no TLS",
                    word, word);
        }
        result = one != EXIT_OK ? one : result;
    }
    client_close(client);
    return result;
}

const struct cli_verb cli_feeds_test_verb = {
    .name = "test",
    .words = "ADDRESS|FILE ...",
    .summary = "Try an address or a file as a feed: what would be read, and all that is odd.",
    .text = "An address is asked by the daemon, twice: the second time with the validators of the "
            "first\nanswer. Nothing is followed and nothing kept. A file needs no daemon.",
    .examples = "wireroom feeds test https://www.example.org/feed.xml\n"
                "wireroom feeds test --url https://www.example.org/ feed.xml\n",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FILE,
    .run = run,
};
