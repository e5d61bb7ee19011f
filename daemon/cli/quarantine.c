/* quarantine.c - `wireroom quarantine`: the records that were put aside, one by one. */
#include "base/clock.h"
#include "cli/client.h"
#include "cli/format.h"
#include "cli/line.h"
#include "cli/verbs.h"

enum { PAGE_ARENA = 256 << 20, IDS = 100 };

static const struct cli_option plain_options[] = {CLIENT_OPTIONS};

static const struct cli_option all_options[] = {
    {"all", NULL, CLI_TAKES_NOTHING, "all that are in the quarantine"},
    CLIENT_OPTIONS,
};

static void print_entry(const struct json *entry)
{
    char text[FORMAT_TEXT];

    printf("%6lld  %.*s  %-10s  ", (long long)json_get_int(entry, "id", 0),
        FMT(json_get_text(entry, "feed")),
        format_ago_text(json_get_text(entry, "since"), clock_wall(), text));
    cli_print(stdout, json_get_text(entry, "url"), 200, false);
    printf("  ");
    cli_print(stdout, json_get_text(entry, "cause"), 200, false);
    putchar('\n');
}

/* Visit the entries page by page, as they are when each is asked for; a negative code for an
 * error. */
static int each_entry(struct client *client, void (*visit)(void *ctx, const struct json *entry),
    void *ctx, struct error *err)
{
    int64_t after = 0;
    bool more = true;
    int code = OK;

    while (more && code >= 0) {
        struct arena *arena = arena_new(PAGE_ARENA);
        struct json *line = NULL;

        json_int(client_begin(client, "quarantine.list"), "after", after);
        code = client_send(client, err);
        while (code >= 0 && (code = client_next(client, arena, &line, err)) == 1) {
            after = json_get_int(json_get(line, "entry"), "id", after);
            visit(ctx, json_get(line, "entry"));
        }
        more = code == 0 && json_get_bool(line, "more", false);
        arena_free(arena);
    }
    return code < 0 ? code : OK;
}

struct listing {
    bool json;
    size_t count;
};

static void list_entry(void *ctx, const struct json *entry)
{
    struct listing *l = ctx;

    if (l->count++ == 0 && !l->json)
        line_head(stdout, "    ID  FEED      SINCE       ADDRESS  WHY");
    if (l->json)
        client_print_json(entry);
    else
        print_entry(entry);
}

static int run_list(const struct cli_args *args)
{
    struct listing listing = {.json = cli_option(args, "json") != NULL};
    struct error err = {0};
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);

    if (client == NULL)
        return result;
    if (each_entry(client, list_entry, &listing, &err) != OK)
        result = client_trouble(&err);
    else if (listing.count == 0 && !listing.json)
        fputs("nothing is quarantined\n", stderr);
    client_close(client);
    return result;
}

static void show(const struct json *entry)
{
    static const char *const members[] = {
        "id", "feed", "feedUrl", "url", "title", "article", "version", "cause", "since", "bytes"};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        printf("%-9s ", members[i]);
        cli_print(stdout, json_get_text(entry, members[i]), 2000, false);
        putchar('\n');
    }
    if (json_get(entry, "record") != NULL)
        client_print_json(json_get(entry, "record"));
}

static int show_one(struct client *client, int64_t id, bool json)
{
    struct arena *arena = arena_new(PAGE_ARENA);
    struct json *line = NULL;
    struct error err = {0};
    int result = EXIT_OK;
    int code;

    json_int(client_begin(client, "quarantine.show"), "id", id);
    code = client_send(client, &err);
    while (code >= 0 && (code = client_next(client, arena, &line, &err)) == 1) {
        if (json)
            client_print_json(json_get(line, "entry"));
        else
            show(json_get(line, "entry"));
    }
    if (code < 0)
        result = client_trouble(&err);
    arena_free(arena);
    return result;
}

/* The ids on the command line; false after saying which is none. */
static bool read_id(const struct cli_args *args, size_t at, int64_t *ret_id)
{
    if (bytes_to_int(bytes_of(args->words[at]), ret_id) && *ret_id > 0)
        return true;
    cli_usage(args, "'%s' is no id; wireroom quarantine list has them", args->words[at]);
    return false;
}

static int run_show(const struct cli_args *args)
{
    int result = EXIT_OK;
    int64_t id = 0;
    struct client *client;

    for (size_t i = 0; i < args->words_count; i++)
        if (!read_id(args, i, &id))
            return EXIT_USAGE;
    client = client_open(args, &result);
    for (size_t i = 0; client != NULL && i < args->words_count; i++) {
        int one;

        read_id(args, i, &id);
        one = show_one(client, id, cli_option(args, "json") != NULL);
        result = one != EXIT_OK ? one : result;
    }
    client_close(client);
    return result;
}

struct ids {
    int64_t *ids;
    size_t count, cap;
    struct arena *arena;
};

static void add_id(struct ids *ids, int64_t id)
{
    if (ids->count == ids->cap)
        ids->ids = arena_grow(ids->arena, ids->ids, &ids->cap, sizeof(*ids->ids));
    ids->ids[ids->count++] = id;
}

static void note_id(void *ctx, const struct json *entry)
{
    add_id(ctx, json_get_int(entry, "id", 0));
}

static int tell_change(const struct json *line, const char *did, bool json)
{
    struct bytes refused = json_get_text(line, "refused");

    if (json)
        client_print_json(line);
    else if (refused.len == 0)
        printf("%.*s is %s\n", FMT(json_get_text(line, "id")), did);
    else
        cli_trouble("%.*s: %.*s", FMT(json_get_text(line, "id")), FMT(refused));
    return refused.len == 0 ? EXIT_OK : EXIT_TROUBLE;
}

/* As many ids as one command takes; the exit code. */
static int change_some(struct client *client, const char *command, const int64_t *ids, size_t count,
    const char *did, bool json)
{
    struct arena *arena = arena_new(PAGE_ARENA);
    struct json_writer *w = client_begin(client, command);
    struct json *line = NULL;
    struct error err = {0};
    int result = EXIT_OK;
    int code;

    json_begin_array(w, "ids");
    for (size_t i = 0; i < count; i++)
        json_int(w, NULL, ids[i]);
    json_end_array(w);
    code = client_send(client, &err);
    while (code >= 0 && (code = client_next(client, arena, &line, &err)) == 1)
        if (tell_change(line, did, json) != EXIT_OK)
            result = EXIT_TROUBLE;
    if (code < 0)
        result = client_trouble(&err);
    arena_free(arena);
    return result;
}

static int change(const struct cli_args *args, const char *command, const char *did)
{
    struct ids ids = {.arena = arena_new(PAGE_ARENA)};
    bool all = cli_option(args, "all") != NULL;
    struct client *client = NULL;
    struct error err = {0};
    int result = EXIT_OK;
    int64_t id = 0;

    if (all == (args->words_count > 0))
        result = cli_usage(args, "either ids or --all");
    for (size_t i = 0; i < args->words_count && result == EXIT_OK; i++) {
        if (read_id(args, i, &id))
            add_id(&ids, id);
        else
            result = EXIT_USAGE;
    }
    if (result == EXIT_OK)
        client = client_open(args, &result);
    if (client != NULL && all && each_entry(client, note_id, &ids, &err) != OK)
        result = client_trouble(&err);
    for (size_t i = 0; client != NULL && i < ids.count && result != EXIT_NO_DAEMON; i += IDS) {
        size_t count = ids.count - i < IDS ? ids.count - i : IDS;
        int some =
            change_some(client, command, ids.ids + i, count, did, cli_option(args, "json") != NULL);

        result = some != EXIT_OK ? some : result;
    }
    client_close(client);
    arena_free(ids.arena);
    return result;
}

static int run_retry(const struct cli_args *args)
{
    return change(args, "quarantine.retry", "tried again");
}

static int run_rm(const struct cli_args *args)
{
    return change(args, "quarantine.remove", "removed");
}

static const struct cli_verb list_verb = {
    .name = "list",
    .summary = "List the records that were put aside: id, feed, when, address, cause.",
    .examples = "wireroom quarantine list\nwireroom quarantine list --json | jq -r .cause\n",
    .options = plain_options,
    .run = run_list,
};

static const struct cli_verb show_verb = {
    .name = "show",
    .words = "ID ...",
    .summary = "Show a record that was put aside, with all that is kept of it.",
    .examples = "wireroom quarantine show 4711\n",
    .options = plain_options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_OTHER,
    .run = run_show,
};

static const struct cli_verb retry_verb = {
    .name = "retry",
    .words = "[ID ...]",
    .summary = "Send records through the stages again, as if they had just come.",
    .text = "One whose article was published in a newer version meanwhile stays where it is.",
    .examples = "wireroom quarantine retry 4711\nwireroom quarantine retry --all\n",
    .options = all_options,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_OTHER,
    .run = run_retry,
};

static const struct cli_verb rm_verb = {
    .name = "rm",
    .words = "[ID ...]",
    .summary = "Remove records for good; they are not published.",
    .examples = "wireroom quarantine rm 4711 4712\nwireroom quarantine rm --all\n",
    .options = all_options,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_OTHER,
    .run = run_rm,
};

static const struct cli_verb *const verbs[] = {&list_verb, &show_verb, &retry_verb, &rm_verb, NULL};

const struct cli_verb cli_quarantine_verb = {
    .name = "quarantine",
    .summary = "Look at records that were put aside, try them again, or remove them.",
    .examples = "wireroom quarantine list\nwireroom quarantine retry --all\n",
    .verbs = verbs,
};
