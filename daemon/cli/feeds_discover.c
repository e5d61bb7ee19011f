/* feeds_discover.c - `wireroom feeds discover`: the feeds behind an address as people know it. */
#include "base/clock.h"
#include "cli/feeds.h"
#include "cli/format.h"

enum { FOUND_ARENA = 16 << 20 };

int feeds_discover(struct client *client, struct arena *arena, const char *url, bool all,
    struct feeds_found *ret_found, struct error *err)
{
    struct json_writer *w = client_begin(client, "feeds.discover");
    struct json *line = NULL;
    int code;

    json_cstr(w, "url", url);
    json_bool(w, "all", all);
    code = client_send(client, err);
    while (code >= 0) {
        code = client_next(client, arena, &line, err);
        if (code != 1)
            break;
        if (ret_found->count < FEEDS_FOUND)
            ret_found->feeds[ret_found->count++] = (struct json *)json_get(line, "found");
    }
    return code;
}

static bool is_sitemap(const struct json *feed)
{
    return bytes_find(json_get_text(feed, "type"), LIT("sitemap")) != SIZE_MAX;
}

void feeds_print_found(const struct feeds_found *found, bool adding)
{
    int64_t now = clock_wall();
    size_t maps = 0;

    for (size_t i = 0; i < found->count; i++)
        maps += is_sitemap(found->feeds[i]);
    printf("found %zu feed%s", found->count - maps, found->count - maps == 1 ? "" : "s");
    if (maps > 0)
        printf(" and %zu sitemap%s", maps, maps == 1 ? "" : "s");
    putchar('\n');
    for (size_t i = 0; i < found->count; i++) {
        const struct json *feed = found->feeds[i];
        bool wide = json_get_text(feed, "type").len > 8;
        char text[FORMAT_TEXT];

        printf("%3zu  ", i + 1);
        cli_print(stdout, json_get_text(feed, "type"), wide ? 13 : 8, true);
        putchar(' ');
        cli_print(stdout, json_get_text(feed, "url"), 200, false);
        printf("  %s items", format_count(json_get_int(feed, "items", 0), text));
        if (json_get_text(feed, "newest").len > 0)
            printf(", newest %s", format_ago_text(json_get_text(feed, "newest"), now, text));
        printf("%s", json_get_bool(feed, "hub", false) ? ", hub" : "");
        if (!adding && json_get_text(feed, "title").len > 0) {
            printf("  ");
            cli_print(stdout, json_get_text(feed, "title"), 60, false);
        }
        if (adding && found->became[i] != NULL)
            printf("   <- %s", found->became[i]);
        putchar('\n');
    }
}

static int discover_one(const struct cli_args *args, struct client *client, const char *url)
{
    struct arena *arena = arena_new(FOUND_ARENA);
    struct feeds_found found = {0};
    struct error err = {0};
    int result = EXIT_OK;

    if (feeds_discover(client, arena, url, true, &found, &err) < 0)
        result = client_trouble(&err);
    else if (cli_option(args, "json") == NULL)
        feeds_print_found(&found, false);
    else
        for (size_t i = 0; i < found.count; i++)
            client_print_json(found.feeds[i]);
    arena_free(arena);
    return result;
}

static int run(const struct cli_args *args)
{
    return feeds_each_address(args, discover_one);
}

static const struct cli_option options[] = {CLIENT_OPTIONS};

const struct cli_verb cli_feeds_discover_verb = {
    .name = "discover",
    .words = "ADDRESS ...",
    .summary = "List the feeds and sitemaps of a site: kind, address, entries, title.",
    .text = "Looked at are the address itself, the feeds its page names, where it names none the "
            "usual\nplaces, and the sitemaps in robots.txt. Nothing is followed.",
    .examples = "wireroom feeds discover https://www.example.org/\n",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_OTHER,
    .run = run,
};
