/* values.c - knows where the values of each kind are asked for: tables, modules, the daemon. */
#include "cli/values.h"

#include "cli/feeds.h"
#include "cli/stages.h"
#include "cli/stories.h"
#include "cli/tail_wanted.h"
#include "conf/conf.h"
#include "poll/state.h"
#include "pool/pool.h"

/* Patience: whoever pressed a key looks at the screen. Stories: no list on a screen is longer. */
enum { PATIENCE = 2, STORIES_MOST = 200, LIST_ARENA = 64 << 20, TEXT = 60 };

static void print(struct bytes value, struct bytes text)
{
    cli_print(stdout, value, 200, false);
    if (text.len > 0) {
        putchar('\t');
        cli_print(stdout, text, TEXT, false);
    }
    putchar('\n');
}

static void print_words(const char *words, const char *before, const char *after)
{
    struct bytes rest = bytes_of(words);

    while (rest.len > 0) {
        struct bytes word = bytes_cut(&rest, ' ');

        printf("%s%.*s%s\n", before, FMT(word), after);
    }
}

/* ---- from tables --------------------------------------------------------------- */

static void feed_states(struct client *client)
{
    (void)client;
    puts(feed_state_new);
    for (int i = 0; i < FEED_STATES; i++)
        puts(feed_state_name(i));
}

static void feed_orders(struct client *client)
{
    (void)client;
    for (int i = 0; feeds_orders[i] != NULL; i++)
        puts(feeds_orders[i]);
}

static void story_states(struct client *client)
{
    (void)client;
    for (int i = 0; stories_states[i] != NULL; i++)
        puts(stories_states[i]);
}

static void types(struct client *client)
{
    (void)client;
    print_words(tail_types, "", "");
}

static void filters(struct client *client)
{
    (void)client;
    print_words(tail_types, "all/", "/");
}

/* ---- from modules -------------------------------------------------------------- */

static void stages(struct client *client)
{
    struct arena *arena = arena_new(LIST_ARENA);
    struct conf *conf = conf_defaults();
    struct json *modules = NULL;
    struct bytes text = {0};
    struct error err = {0};
    char program[4096];

    (void)client;
    if (pool_describe(arena, cli_daemon_program(program), conf->stages.dirs, &text, &err) == OK &&
        json_parse(arena, text, &modules, &err) == OK)
        for (const struct json *m = modules->first; m != NULL; m = m->next)
            print(json_get_text(m, "name"), json_get_text(m, "version"));
    conf_free(conf);
    arena_free(arena);
}

/* ---- from the daemon ------------------------------------------------------------- */

static void print_feed(void *ctx, const struct json *feed)
{
    struct bytes title = json_get_text(feed, "title");

    (void)ctx;
    print(json_get_text(feed, "id"), title.len > 0 ? title : json_get_text(feed, "url"));
}

static void feeds(struct client *client)
{
    struct error err = {0};

    feeds_each(client, NULL, print_feed, NULL, &err);
}

static void print_id(struct bytes uri, struct bytes headline)
{
    print(bytes_slice(stories_id(uri), 0, STORIES_SHOWN), headline);
}

static int print_story(void *ctx, const struct json *event)
{
    int *count = ctx;
    const struct json *data = json_get(event, "data");

    print_id(json_get_text(data, "uri"), json_get_text(data, "headline"));
    return ++*count == STORIES_MOST;
}

static void stories(struct client *client)
{
    struct error err = {0};
    int count = 0;

    stories_each(client, print_story, &count, &err);
}

/* Topics have no list of their own: those of the newest stories, each once. */
struct told {
    int count, topics;
    char uris[STORIES_MOST][STORIES_URI];
};

static int print_topic(void *ctx, const struct json *event)
{
    struct told *told = ctx;
    const struct json *data = json_get(event, "data");
    struct bytes uri = json_get_text(json_get(data, "topic"), "uri");
    int i = 0;

    while (i < told->topics && !bytes_is(uri, told->uris[i]))
        i++;
    if (uri.len > 0 && uri.len < STORIES_URI && i == told->topics) {
        snprintf(told->uris[told->topics++], STORIES_URI, "%.*s", FMT(uri));
        print_id(uri, json_get_text(data, "headline"));
    }
    return ++told->count == STORIES_MOST;
}

static void topics(struct client *client)
{
    struct told told = {.count = 0};
    struct error err = {0};

    stories_each(client, print_topic, &told, &err);
}

static void consumers(struct client *client)
{
    struct arena *arena = arena_new(LIST_ARENA);
    struct json *line = NULL;
    struct error err = {0};

    client_begin(client, "consumers.list");
    if (client_send(client, &err) == OK)
        while (client_next(client, arena, &line, &err) == 1)
            print(json_get_text(json_get(line, "consumer"), "name"), (struct bytes){NULL, 0});
    arena_free(arena);
}

/* ---- kinds ----------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*print)(struct client *client);
    bool asks; /* the daemon */
} kinds[CLI_TAKES_MOST] = {
    [CLI_TAKES_FEEDS] = {"feeds", feeds, true},
    [CLI_TAKES_FEED_STATES] = {"feed-states", feed_states, false},
    [CLI_TAKES_FEED_ORDERS] = {"feed-orders", feed_orders, false},
    [CLI_TAKES_STORIES] = {"stories", stories, true},
    [CLI_TAKES_STORY_STATES] = {"story-states", story_states, false},
    [CLI_TAKES_TOPICS] = {"topics", topics, true},
    [CLI_TAKES_STAGES] = {"stages", stages, false},
    [CLI_TAKES_CONSUMERS] = {"consumers", consumers, true},
    [CLI_TAKES_TYPES] = {"types", types, false},
    [CLI_TAKES_FILTERS] = {"filters", filters, false},
};

const char *values_kind(enum cli_takes takes)
{
    return kinds[takes].name;
}

int values_print(const struct cli_args *args, const char *kind)
{
    struct client *client = NULL;
    struct error err = {0};
    int i = 0;

    while (i < CLI_TAKES_MOST && (kinds[i].name == NULL || strcmp(kinds[i].name, kind) != 0))
        i++;
    if (i == CLI_TAKES_MOST)
        return cli_usage(args, "--values: no kind '%.40s'", kind);
    if (kinds[i].asks)
        client = client_find(args, &err);
    if (client != NULL)
        client_patience(client, PATIENCE);
    if (client != NULL || !kinds[i].asks)
        kinds[i].print(client);
    client_close(client);
    return EXIT_OK;
}
