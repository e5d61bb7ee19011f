/* feeds_list.c - `wireroom feeds list`: what is followed, chosen and ordered as the operator wants.
 */
#include <stdlib.h>
#include <strings.h>

#include "base/clock.h"
#include "cli/feeds.h"
#include "cli/format.h"
#include "cli/line.h"
#include "feed/opml.h"
#include "text/tags.h"

enum { LIST_ARENA = 1 << 30, LINE_ARENA = 4 << 20 };

enum sort { BY_ID, BY_NAME, BY_STATE, BY_LAST, BY_NEW, BY_INTERVAL, BY_ERRORS };

const char *const feeds_orders[] = {
    "id", "name", "state", "last", "new", "interval", "errors", NULL};

/* A feed that waits for its place: its JSON, and what it is ordered by. */
struct listed {
    struct bytes json, name;
    int64_t key;
    size_t order; /* as it came: the last resort */
};

struct list {
    struct arena *arena; /* of feeds that wait */
    struct listed *feeds;
    size_t cap;
    enum sort sort;
    bool json, bad;
    struct bytes tag;
    int64_t now;
    size_t count, printed;
};

/* "News / UK" is of "UK" and of "News", too: a folder in a folder. */
static bool is_of(struct bytes tag, struct bytes wanted)
{
    if (bytes_equal(tag, wanted) || tags_is(tag, wanted))
        return true;
    while (tag.len > 0) {
        size_t end = bytes_find(tag, LIT(OPML_INNER));

        if (tags_is(bytes_slice(tag, 0, end == SIZE_MAX ? tag.len : end), wanted))
            return true;
        tag = end == SIZE_MAX ? LIT("") : bytes_from(tag, end + strlen(OPML_INNER));
    }
    return false;
}

static bool has_tag(struct bytes tags, struct bytes tag)
{
    while (tags.len > 0)
        if (is_of(tags_cut(&tags), tag))
            return true;
    return false;
}

static enum cli_colour state_colour(struct bytes state)
{
    if (bytes_is(state, "ok"))
        return CLI_GREEN;
    if (bytes_is(state, "new") || bytes_is(state, "parked"))
        return CLI_DIM;
    return bytes_is(state, "slow") || bytes_is(state, "silent") || bytes_is(state, "moved")
               ? CLI_YELLOW
               : CLI_RED;
}

/* What the third column says: what the list is ordered by, else when there was something new. */
static const char *column(const struct list *list, const struct json *feed, char text[FORMAT_TEXT])
{
    char number[FORMAT_TEXT];

    switch (list->sort) {
    case BY_LAST:
        return format_ago_text(json_get_text(feed, "lastSuccess"), list->now, text);
    case BY_INTERVAL:
        return format_span(client_seconds(feed, "interval"), text);
    case BY_ERRORS:
        snprintf(text, FORMAT_TEXT, "%s failed",
            format_count(json_get_int(feed, "failures", 0), number));
        return text;
    default:
        return format_ago_text(json_get_text(feed, "lastNew"), list->now, text);
    }
}

enum { TITLE_WIDTH = 30, TITLE_NARROW = 16, ERROR_INDENT = 10 };

static size_t title_width(const struct line *line)
{
    return line->columns < LINE_NARROW ? TITLE_NARROW : TITLE_WIDTH;
}

static void print_head(const struct list *list)
{
    static const char *const columns[] = {
        [BY_LAST] = "LAST ANSWER", [BY_INTERVAL] = "INTERVAL", [BY_ERRORS] = "FAILED"};
    const char *third = list->sort >= BY_LAST ? columns[list->sort] : NULL;
    struct line line = line_begin(stdout);
    char head[100];

    snprintf(head, sizeof(head), "%-9s %-10s %-12s %-*s %s", "ID", "STATE",
        third == NULL ? "LAST NEW" : third, (int)title_width(&line), "TITLE", "ADDRESS");
    line_head(stdout, head);
}

/* Where it fits it stands behind the address, else in a line of its own. */
static void print_error(struct line *line, struct bytes error)
{
    if (error.len == 0)
        return;
    if (line->left < cli_width(error) + 2) {
        putchar('\n');
        *line = line_begin(stdout);
        line_put(line, CLI_PLAIN, LIT(""), ERROR_INDENT - 2, true);
    }
    line_text(line, "  ");
    line_put(line, CLI_DIM, error, 120, false);
}

static void print_feed(struct list *list, const struct json *feed)
{
    struct bytes title = json_get_text(feed, "title");
    struct bytes state = json_get_text(feed, "state");
    struct line line = line_begin(stdout);
    char text[FORMAT_TEXT];

    if (list->json) {
        client_print_json(feed);
        return;
    }
    if (list->printed++ == 0)
        print_head(list);
    line_put(&line, CLI_PLAIN, json_get_text(feed, "id"), 9, true);
    line_text(&line, " ");
    line_put(&line, state_colour(state), state, 10, true);
    line_text(&line, " ");
    line_put(&line, CLI_PLAIN, bytes_of(column(list, feed, text)), 12, true);
    line_text(&line, " ");
    line_put(&line, CLI_PLAIN, title.len > 0 ? title : LIT("-"), title_width(&line), true);
    line_text(&line, " ");
    line_put(&line, CLI_PLAIN, json_get_text(feed, "url"), 300, false);
    print_error(&line, client_feed_error(feed));
    putchar('\n');
}

/* What is worse comes first. */
static int64_t state_rank(struct bytes state)
{
    static const char *const states[] = {"gone", "unparsable", "blocked", "failing", "silent",
        "moved", "slow", "parked", "new", "ok"};
    int64_t rank = 0;

    while (rank < (int64_t)(sizeof(states) / sizeof(states[0])) && !bytes_is(state, states[rank]))
        rank++;
    return rank;
}

static int64_t wall_of(const struct json *feed, const char *name)
{
    int64_t wall = 0;

    clock_parse(json_get_text(feed, name), &wall);
    return wall;
}

/* The smaller, the earlier: the longest without an answer, the newest entry, the shortest interval,
 * the most failures. */
static int64_t sort_key(enum sort sort, const struct json *feed)
{
    switch (sort) {
    case BY_STATE:
        return state_rank(json_get_text(feed, "state"));
    case BY_LAST:
        return wall_of(feed, "lastSuccess");
    case BY_NEW:
        return -wall_of(feed, "lastNew");
    case BY_INTERVAL:
        return client_seconds(feed, "interval");
    case BY_ERRORS:
        return -json_get_int(feed, "failures", 0);
    default:
        return 0;
    }
}

static void keep_feed(struct list *list, const struct json *feed)
{
    struct bytes title = json_get_text(feed, "title");
    struct buf text = {0};
    struct json_writer w = {.out = &text};
    struct listed *listed;

    if (list->count == list->cap)
        list->feeds = arena_grow(list->arena, list->feeds, &list->cap, sizeof(*list->feeds));
    listed = &list->feeds[list->count];
    json_value(&w, NULL, feed);
    *listed = (struct listed){.json = bytes_copy(list->arena, buf_bytes(&text)),
        .key = sort_key(list->sort, feed),
        .order = list->count};
    if (list->sort == BY_NAME)
        listed->name = bytes_copy(list->arena, title.len > 0 ? title : json_get_text(feed, "url"));
    buf_done(&text);
}

static void on_feed(void *ctx, const struct json *feed)
{
    struct list *list = ctx;

    if ((list->tag.len > 0 && !has_tag(json_get_text(feed, "tags"), list->tag)) ||
        (list->bad && !json_get_bool(feed, "diagnosed", false)))
        return;
    if (list->sort == BY_ID)
        print_feed(list, feed);
    else
        keep_feed(list, feed);
    list->count++;
}

static int compare_names(struct bytes a, struct bytes b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len == 0 ? 0 : strncasecmp(a.ptr, b.ptr, len);

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare(const void *left, const void *right)
{
    const struct listed *a = left;
    const struct listed *b = right;
    int order =
        a->key != b->key ? (a->key > b->key) - (a->key < b->key) : compare_names(a->name, b->name);

    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static void print_sorted(struct list *list)
{
    struct arena *arena = arena_new(LINE_ARENA);

    if (list->count > 0)
        qsort(list->feeds, list->count, sizeof(*list->feeds), compare);
    for (size_t i = 0; i < list->count; i++) {
        struct json *feed = NULL;

        arena_reset(arena);
        if (json_parse(arena, list->feeds[i].json, &feed, NULL) == OK)
            print_feed(list, feed);
    }
    arena_free(arena);
}

enum { LIST_STATE, LIST_TAG, LIST_SORT, LIST_BAD };

static const struct cli_option list_options[] = {
    {"state", "STATE", CLI_TAKES_FEED_STATES,
        "only these: new ok slow silent failing blocked moved gone parked unparsable"},
    {"tag", "TAG", CLI_TAKES_OTHER, "only those with this tag"},
    {"sort", "BY", CLI_TAKES_FEED_ORDERS, "order: id name state last new interval errors"},
    {"bad", NULL, CLI_TAKES_NOTHING, "only those with something wrong in their document"},
    CLIENT_OPTIONS,
};

static bool read_sort(const struct cli_args *args, enum sort *ret_sort)
{
    const char *name = cli_value(args, LIST_SORT);

    if (name == NULL)
        return true;
    for (int i = 0; feeds_orders[i] != NULL; i++)
        if (strcmp(feeds_orders[i], name) == 0) {
            *ret_sort = (enum sort)i;
            return true;
        }
    cli_usage(
        args, "--sort: no order '%.60s'; there are id name state last new interval errors", name);
    return false;
}

static int run_list(const struct cli_args *args)
{
    struct list list = {.json = cli_option(args, "json") != NULL,
        .bad = cli_given(args, LIST_BAD),
        .tag = bytes_of(cli_value(args, LIST_TAG)),
        .now = clock_wall()};
    struct client *client;
    struct error err = {0};
    int result = EXIT_OK;

    if (!read_sort(args, &list.sort))
        return EXIT_USAGE;
    client = client_open(args, &result);
    if (client == NULL)
        return result;
    list.arena = arena_new(LIST_ARENA);
    if (feeds_each(client, cli_value(args, LIST_STATE), on_feed, &list, &err) < 0)
        result = client_trouble(&err);
    else if (list.sort != BY_ID)
        print_sorted(&list);
    if (result == EXIT_OK && list.count == 0 && !list.json)
        fputs(list.tag.len > 0 || list.bad || cli_given(args, LIST_STATE)
                  ? "no such feeds\n"
                  : "no feeds; add one with: wireroom feeds add URL\n",
            stderr);
    arena_free(list.arena);
    client_close(client);
    return result;
}

const struct cli_verb cli_feeds_list_verb = {
    .name = "list",
    .summary = "List the feeds: id, state, last new entry, title, address, what is wrong.",
    .examples = "wireroom feeds list --state failing --sort errors\n"
                "wireroom feeds list --tag sport --sort new\n"
                "wireroom feeds list --json | jq -r .url\n",
    .options = list_options,
    .run = run_list,
};
