/* feeds.c - `wireroom feeds`: its verbs, and those of them that ask the daemon one thing a feed. */
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

enum { OPT_STATE };

static const struct cli_option many_options[] = {
    {"state", "STATE", CLI_TAKES_FEED_STATES, "all feeds in this state, besides those named"},
    CLIENT_OPTIONS,
};

/* {"feed": as it was named, what was done: true, ...} */
static void print_done(const char *word, const char *did, const struct json *line)
{
    struct buf text = {0};
    struct json_writer w = {.out = &text};

    json_begin_object(&w, NULL);
    json_cstr(&w, "feed", word);
    json_bool(&w, did, true);
    client_write_members(&w, line);
    json_end_object(&w);
    printf("%s\n", buf_cstr(&text));
    buf_done(&text);
}

int feeds_each_word(const struct cli_args *args, const char *command, const char *did,
    void (*print)(const char *word, const struct json *line))
{
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);

    if (client == NULL)
        return result;
    for (size_t i = 0; i < args->words_count && result != EXIT_NO_DAEMON; i++) {
        struct arena *arena = arena_new(LINE_ARENA);
        struct error err = {0};
        struct json *line = NULL;

        json_cstr(client_begin(client, command), "feed", args->words[i]);
        if (client_ask(client, arena, &line, &err) != OK)
            result = client_trouble(&err);
        else if (cli_option(args, "json") == NULL)
            print(args->words[i], line);
        else if (did != NULL)
            print_done(args->words[i], did, line);
        else
            client_print_json(json_get(line, "feed"));
        arena_free(arena);
    }
    client_close(client);
    return result;
}

/* Names of feeds, gathered before the first is dealt with: that changes which feeds there are. */
struct gathered {
    struct arena *arena;
    char **words;
    size_t count, cap;
};

static void gather(void *ctx, const struct json *feed)
{
    struct gathered *g = ctx;

    if (g->count == g->cap)
        g->words = arena_grow(g->arena, g->words, &g->cap, sizeof(*g->words));
    g->words[g->count++] = bytes_cstr(g->arena, json_get_text(feed, "id"));
}

static int gather_state(const struct cli_args *args, struct gathered *g)
{
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);
    struct error err = {0};

    if (client != NULL && feeds_each(client, cli_value(args, OPT_STATE), gather, g, &err) < 0)
        result = client_trouble(&err);
    client_close(client);
    return result;
}

/* The feeds named, and those of --state. */
static int each_wanted(const struct cli_args *args, const char *command, const char *did,
    void (*print)(const char *word, const struct json *line))
{
    struct gathered g = {.words = NULL};
    struct cli_args wanted = *args;
    int result;

    if (!cli_given(args, OPT_STATE))
        return args->words_count == 0
                   ? cli_usage(args, "too few words; expected %s or --state", args->verb->words)
                   : feeds_each_word(args, command, did, print);
    g.arena = arena_new(LINE_ARENA * 16);
    result = gather_state(args, &g);
    for (size_t i = 0; i < args->words_count; i++) {
        if (g.count == g.cap)
            g.words = arena_grow(g.arena, g.words, &g.cap, sizeof(*g.words));
        g.words[g.count++] = args->words[i];
    }
    wanted.words = g.words;
    wanted.words_count = g.count;
    if (result == EXIT_OK && g.count == 0)
        cli_note("no feed is %s", cli_value(args, OPT_STATE));
    if (result == EXIT_OK && g.count > 0)
        result = feeds_each_word(&wanted, command, did, print);
    arena_free(g.arena);
    return result;
}

static void print_removed(const char *word, const struct json *line)
{
    struct bytes list = json_get_text(line, "list");

    printf("removed %s\n", word);
    if (list.len > 0) {
        fflush(stdout);
        cli_note("%.*s names it: it returns when that is read again, unless its line is taken out; "
                 "`wireroom feeds pause` leaves a feed alone for good",
            FMT(list));
    }
}

static void print_paused(const char *word, const struct json *line)
{
    printf(json_get_bool(line, "changed", false) ? "paused %s\n" : "%s is paused already\n", word);
}

static void print_resumed(const char *word, const struct json *line)
{
    printf(
        json_get_bool(line, "changed", false) ? "%s is asked again\n" : "%s is not paused\n", word);
}

static void print_polled(const char *word, const struct json *line)
{
    (void)line;
    printf("%s is asked next\n", word);
}

static int run_rm(const struct cli_args *args)
{
    return each_wanted(args, "feeds.remove", "removed", print_removed);
}

static int run_pause(const struct cli_args *args)
{
    return each_wanted(args, "feeds.pause", "paused", print_paused);
}

static int run_resume(const struct cli_args *args)
{
    return each_wanted(args, "feeds.resume", "resumed", print_resumed);
}

static int run_poll(const struct cli_args *args)
{
    return each_wanted(args, "poll-now", "due", print_polled);
}

static const struct cli_verb rm_verb = {
    .name = "rm",
    .words = "FEED ...",
    .summary = "Follow a feed no longer. Its articles stay in the log.",
    .examples = "wireroom feeds rm f0000012 https://www.example.org/feed.xml\n"
                "wireroom feeds rm --state gone\n",
    .options = many_options,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FEEDS,
    .run = run_rm,
};

static const struct cli_verb pause_verb = {
    .name = "pause",
    .words = "FEED ...",
    .summary = "Leave a feed alone: it is not asked until it is resumed.",
    .text = "Its history and its place in the lists stay. Its state is `parked`.",
    .examples = "wireroom feeds pause f0000012\n",
    .options = many_options,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FEEDS,
    .run = run_pause,
};

static const struct cli_verb resume_verb = {
    .name = "resume",
    .words = "FEED ...",
    .summary = "Ask a feed again that was paused, at once.",
    .examples = "wireroom feeds resume f0000012\nwireroom feeds resume --state parked\n",
    .options = many_options,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FEEDS,
    .run = run_resume,
};

static const struct cli_verb poll_verb = {
    .name = "poll",
    .words = "FEED ...",
    .summary = "Ask a feed now, whenever it is due.",
    .examples = "wireroom feeds poll f0000012\n",
    .options = many_options,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FEEDS,
    .run = run_poll,
};

static const struct cli_verb *const verbs[] = {&cli_feeds_add_verb, &cli_feeds_list_verb,
    &cli_feeds_show_verb, &cli_feeds_history_verb, &cli_feeds_test_verb, &cli_feeds_discover_verb,
    &rm_verb, &pause_verb, &resume_verb, &poll_verb, &cli_feeds_import_verb, &cli_feeds_export_verb,
    NULL};

const struct cli_verb cli_feeds_verb = {
    .name = "feeds",
    .summary = "Find, test, add, list, show, pause and remove feeds; import and export OPML.",
    .examples =
        "wireroom feeds add https://www.example.org/\nwireroom feeds import subscriptions.opml\n",
    .verbs = verbs,
};
