/* feeds_add.c - `wireroom feeds add`: an address as people know it becomes a feed that is followed.
 */
#include <sys/stat.h>

#include "base/clock.h"
#include "cli/feeds.h"
#include "cli/format.h"

/* Feeds, and bytes of them, in one command: the daemon waits for the disk once for each. */
enum { ADD_ARENA = 16 << 20, PIECE = 500, PIECE_BYTES = 60 << 10 };

enum { OPT_PICK, OPT_TITLE, OPT_TAGS, OPT_UNSEEN };

static const struct cli_option options[] = {
    {"pick", "N,N|all", CLI_TAKES_OTHER, "which of the feeds found to add (default: the first)"},
    {"title", "TITLE", CLI_TAKES_OTHER, "name of the feed in place of its own"},
    {"tags", "TAG,TAG", CLI_TAKES_OTHER, "tags for its records"},
    {"unseen", NULL, CLI_TAKES_NOTHING, "add the address as it is, without looking there first"},
    CLIENT_OPTIONS,
};

static void write_feed(struct json_writer *w, const struct feeds_new *feed)
{
    json_begin_object(w, NULL);
    json_cstr(w, "url", feed->url);
    json_cstr(w, "title", feed->title);
    json_cstr(w, "tags", feed->tags);
    json_string_if(w, "link", bytes_of(feed->link));
    if (feed->set_title)
        json_bool(w, "set_title", true);
    if (feed->set_tags)
        json_bool(w, "set_tags", true);
    json_end_object(w);
}

static size_t length_of(const char *text)
{
    return text == NULL ? 0 : strlen(text);
}

static size_t piece_end(const struct feeds_new *feeds, size_t start, size_t count)
{
    size_t end = start;
    size_t bytes = 0;

    while (end < count && end < start + PIECE && bytes < PIECE_BYTES) {
        bytes += length_of(feeds[end].url) + length_of(feeds[end].title) +
                 length_of(feeds[end].tags) + length_of(feeds[end].link);
        end++;
    }
    return end;
}

int feeds_put(struct client *client, const struct feeds_new *feeds, size_t count,
    feeds_on_added *on_added, void *ctx, struct error *err)
{
    int code = OK;

    for (size_t start = 0, end = 0; start < count && code >= 0; start = end) {
        struct arena *arena = arena_new(ADD_ARENA);
        struct json_writer *w = client_begin(client, "feeds.add");
        size_t at = start;

        json_begin_array(w, "feeds");
        end = piece_end(feeds, start, count);
        for (size_t i = start; i < end; i++)
            write_feed(w, &feeds[i]);
        json_end_array(w);
        code = client_send(client, err);
        while (code >= 0) {
            struct json *line = NULL;
            struct bytes id;

            code = client_next(client, arena, &line, err);
            if (code != 1 || at == count)
                break;
            id = json_get_text(line, "id");
            on_added(ctx, &feeds[at++], id.len == 0 ? NULL : bytes_cstr(arena, id),
                json_get_bool(line, "added", false)     ? FEEDS_ADDED
                : json_get_bool(line, "changed", false) ? FEEDS_CHANGED
                                                        : FEEDS_KNOWN,
                bytes_cstr(arena, json_get_text(json_get(line, "refused"), "text")));
        }
        arena_free(arena);
    }
    return code < 0 ? code : OK;
}

/* "all", or numbers from 1 as they were listed. */
static int pick(const struct cli_args *args, struct feeds_found *found)
{
    struct bytes rest = bytes_of(cli_value(args, OPT_PICK));
    bool all = bytes_is(rest, "all");

    if (rest.len == 0)
        found->picked[0] = true;
    for (size_t i = 0; i < found->count && all; i++)
        found->picked[i] = true;
    while (rest.len > 0 && !all) {
        struct bytes word = bytes_trim(bytes_cut(&rest, ','));
        int64_t number;

        if (!bytes_to_int(word, &number) || number < 1 || (size_t)number > found->count)
            return cli_usage(
                args, "--pick: '%.*s' is not a number from 1 to %zu", FMT(word), found->count);
        found->picked[number - 1] = true;
    }
    return EXIT_OK;
}

struct added {
    bool json;
    int result;
    struct feeds_found *found; /* what is said is kept for the list of what was found */
    size_t at;
    struct buf said;
};

static const char *const words[] = {
    [FEEDS_KNOWN] = "there already", [FEEDS_ADDED] = "added", [FEEDS_CHANGED] = "changed"};

static void on_added(
    void *ctx, const struct feeds_new *feed, const char *id, enum feeds_put what, const char *why)
{
    static const char *const said[] = {[FEEDS_KNOWN] = "%s is there already  %s\n",
        [FEEDS_ADDED] = "added %s  %s\n",
        [FEEDS_CHANGED] = "changed %s  %s\n"};
    struct added *a = ctx;
    struct buf text = {0};
    struct json_writer w = {.out = &text};

    if (id == NULL) {
        a->result = cli_trouble("%s", why);
        return;
    }
    if (!a->json && a->found != NULL) {
        char line[FEEDS_URL + 100];

        snprintf(line, sizeof(line), said[what], id, feed->url);
        buf_add(&a->said, bytes_of(line));
        a->found->became[a->at] = words[what];
        return;
    }
    if (!a->json) {
        printf(said[what], id, feed->url);
        return;
    }
    json_begin_object(&w, NULL);
    json_cstr(&w, "id", id);
    json_cstr(&w, "url", feed->url);
    json_bool(&w, "added", what == FEEDS_ADDED);
    json_bool(&w, "changed", what == FEEDS_CHANGED);
    json_end_object(&w);
    puts(buf_cstr(&text));
    buf_done(&text);
}

static int put_picked(struct client *client, const struct cli_args *args, struct arena *arena,
    struct feeds_found *found)
{
    struct added added = {.json = cli_option(args, "json") != NULL, .found = found};
    struct error err = {0};
    int code = OK;

    for (size_t i = 0; i < found->count && code == OK; i++) {
        struct feeds_new feed = {.tags = cli_value(args, OPT_TAGS),
            .title = cli_value(args, OPT_TITLE),
            .set_tags = cli_given(args, OPT_TAGS),
            .set_title = cli_given(args, OPT_TITLE)};

        if (!found->picked[i])
            continue;
        feed.url = bytes_cstr(arena, json_get_text(found->feeds[i], "url"));
        if (feed.title == NULL)
            feed.title = bytes_cstr(arena, json_get_text(found->feeds[i], "title"));
        added.at = i;
        code = feeds_put(client, &feed, 1, on_added, &added, &err);
    }
    if (!added.json) {
        feeds_print_found(found, true);
        fwrite(added.said.ptr, 1, added.said.len, stdout);
    }
    buf_done(&added.said);
    return code != OK ? client_trouble(&err) : added.result;
}

static void print_others(const char *url, const struct feeds_found *found)
{
    const char *lead = "others: wireroom feeds add --pick ";

    for (size_t i = 0; i < found->count; i++) {
        if (found->picked[i])
            continue;
        printf("%s%zu", lead, i + 1);
        lead = ",";
    }
    if (lead[0] == ',')
        printf(" %s\n", url);
}

static int add_seen(struct client *client, const struct cli_args *args, const char *url)
{
    struct arena *arena = arena_new(ADD_ARENA);
    struct feeds_found found = {0};
    struct error err = {0};
    int result;

    if (feeds_discover(client, arena, url, false, &found, &err) < 0) {
        result = client_trouble(&err);
    } else {
        result = pick(args, &found);
        if (result == EXIT_OK)
            result = put_picked(client, args, arena, &found);
        if (result == EXIT_OK && cli_option(args, "json") == NULL)
            print_others(url, &found);
    }
    arena_free(arena);
    return result;
}

static int add_unseen(struct client *client, const struct cli_args *args, const char *url)
{
    struct added added = {.json = cli_option(args, "json") != NULL};
    const struct feeds_new feed = {.url = url,
        .title = cli_value(args, OPT_TITLE),
        .tags = cli_value(args, OPT_TAGS),
        .set_title = cli_given(args, OPT_TITLE),
        .set_tags = cli_given(args, OPT_TAGS)};
    struct error err = {0};

    if (feeds_put(client, &feed, 1, on_added, &added, &err) < 0)
        return client_trouble(&err);
    return added.result;
}

const char *feeds_whole_url(const char *word, char room[FEEDS_URL])
{
    if (strstr(word, "://") != NULL)
        return word;
    snprintf(room, FEEDS_URL, "https://%.2048s", word);
    return room;
}

/* No domain of the first level is called so. */
bool feeds_is_file_name(const char *word)
{
    static const char *const ends[] = {".xml", ".rss", ".rdf", ".atom", ".json", ".opml", ".list",
        ".txt", ".html", ".htm", ".gz", NULL};
    bool is_name = false;

    for (size_t i = 0; ends[i] != NULL && strpbrk(word, "/:?#@") == NULL; i++)
        is_name = is_name || bytes_ends(bytes_of(word), bytes_of(ends[i]));
    return is_name;
}

/* A word that is a file here was meant as a list of feeds. */
static bool is_file(const char *word)
{
    struct stat st;

    return strstr(word, "://") == NULL && stat(word, &st) == 0 && S_ISREG(st.st_mode);
}

int feeds_each_address(const struct cli_args *args,
    int (*visit)(const struct cli_args *args, struct client *client, const char *url))
{
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);

    if (client == NULL)
        return result;
    for (size_t i = 0; i < args->words_count && result != EXIT_NO_DAEMON; i++) {
        const char *word = args->words[i];
        char room[FEEDS_URL];
        bool is_name = feeds_is_file_name(word);
        int one = is_file(word) ? cli_trouble("%s is a file: wireroom feeds import %s", word, word)
                  : is_name
                      ? cli_trouble("%s: no such file, and an address begins with a host", word)
                      : visit(args, client, feeds_whole_url(word, room));

        if (one != EXIT_OK && !is_file(word) && !is_name && strstr(word, "://") == NULL)
            cli_note(
                "%s was asked by https: where a server has no TLS, it is http://%s", word, word);
        result = one != EXIT_OK ? one : result;
    }
    client_close(client);
    return result;
}

static int add(const struct cli_args *args, struct client *client, const char *url)
{
    return cli_given(args, OPT_UNSEEN) ? add_unseen(client, args, url)
                                       : add_seen(client, args, url);
}

static int run(const struct cli_args *args)
{
    return feeds_each_address(args, add);
}

const struct cli_verb cli_feeds_add_verb = {
    .name = "add",
    .words = "ADDRESS ...",
    .summary = "Follow a feed. The address may be that of a site: its feeds are looked for.",
    .examples =
        "wireroom feeds add https://www.example.org/\tadds the first feed that the page names\n"
        "wireroom feeds add --pick 2,3 https://www.example.org/\n"
        "wireroom feeds add --tags sport,en https://www.example.org/sport.xml\n",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_OTHER,
    .run = run,
};
