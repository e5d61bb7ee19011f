/* feeds_opml.c - `wireroom feeds import` and `export`: lists of feeds in OPML, and one address a
 * line. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/feeds.h"
#include "cli/format.h"
#include "cli/offline.h"
#include "feed/opml.h"
#include "lists/lists.h"
#include "text/tags.h"

enum {
    IMPORT_ARENA = 512 << 20,
    EXPORT_ARENA = 1 << 30,
    IMPORT_MOST = 1000000,
    TOLD_MOST = 10,
    STEP = 500
};

enum { IMPORT_TAGS };

static const struct cli_option import_options[] = {
    {"tags", "TAG,TAG", CLI_TAKES_OTHER, "tags for the feeds, besides the folders of the file"},
    CLIENT_OPTIONS,
};

struct import {
    struct arena *arena;
    struct feeds_new *feeds;
    size_t count, cap;
    const char *tags;
    const char *file;                   /* that is read, as people call it */
    bool outlines;                      /* one of the files at least was OPML */
    size_t added, known, refused, none; /* none: outlines without the address of a feed */
    size_t doubles;                     /* outlines of feeds that stand in several places */
    size_t done;
    bool progress, cut; /* cut: a file was */
};

/* line is 0 where the file has outlines. */
static void add(struct import *import, size_t line, const struct opml_feed *found)
{
    struct bytes tags = found->tags;
    struct feeds_new *feed;

    if (found->feed_url.len == 0 || import->count == IMPORT_MOST) { /* the daemon says what else */
        if (import->none++ < TOLD_MOST)
            cli_note(
                "%s: no feed: the outline '%.*s' has no address", import->file, FMT(found->title));
        return;
    }
    if (import->count == import->cap)
        import->feeds =
            arena_grow(import->arena, import->feeds, &import->cap, sizeof(*import->feeds));
    feed = &import->feeds[import->count++];
    feed->from = line == 0 ? bytes_cstr(import->arena, bytes_of(import->file))
                           : bytes_format(import->arena, "%s:%zu", import->file, line).ptr;
    feed->url = bytes_cstr(import->arena, found->feed_url);
    feed->title = bytes_cstr(import->arena, found->title);
    feed->link = bytes_cstr(import->arena, found->link);
    feed->tags = bytes_format(import->arena, "%.*s%s%s", FMT(tags),
        tags.len > 0 && import->tags[0] != '\0' ? "," : "", import->tags)
                     .ptr;
}

/* One address a line, as in lists that are kept in step; the daemon says what is none. */
static void take_lines(struct import *import, struct bytes text)
{
    if (bytes_starts(text, LIT("\xef\xbb\xbf")))
        text = bytes_from(text, 3);
    for (size_t number = 1; text.len > 0; number++) {
        struct bytes line = bytes_trim(bytes_cut(&text, '\n'));
        struct opml_feed feed = {.feed_url = line};
        struct error err = {0};

        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        lists_line(import->arena, line, &feed.feed_url, &feed.title, &err);
        add(import, number, &feed);
    }
}

/* The daemon says why one is no feed. */
static void take_outlines(struct import *import, const struct json *feeds)
{
    for (const struct json *f = feeds == NULL ? NULL : feeds->first; f != NULL; f = f->next)
        add(import, 0,
            &(struct opml_feed){.feed_url = bytes_trim(json_get_text(f, "feed_url")),
                .title = json_get_text(f, "title"),
                .tags = bytes_of(lists_tags(import->arena,
                    bytes_cstr(import->arena, json_get_text(f, "category")),
                    bytes_cstr(import->arena, json_get_text(f, "tags")))),
                .link = json_get_text(f, "link")});
}

/* file is read, path is what people call it. */
static int take_opml(struct import *import, const char *path, const char *file)
{
    struct buf text = {0};
    struct json *found = NULL;
    struct error err = {0};
    int result = parse_opml(file, &text);

    import->outlines = true;
    if (result == EXIT_OK && json_parse(import->arena, buf_bytes(&text), &found, &err) != OK)
        result = cli_trouble("%s: %s", path, err.text);
    take_outlines(import, json_get(found, "feeds"));
    take_outlines(import, json_get(found, "skipped"));
    if (result == EXIT_OK && !json_get_bool(found, "complete", true)) {
        cli_trouble(
            "%s: it ends before its last element is closed: some feeds may be missing", path);
        import->cut = true;
    }
    buf_done(&text);
    return result;
}

/* What standard input brought, for a worker to read as a file. */
static int take_opml_text(struct import *import, struct bytes text)
{
    int fd = memfd_create("opml", MFD_CLOEXEC);
    int result = EXIT_TROUBLE;
    char file[64];

    snprintf(file, sizeof(file), "/proc/self/fd/%d", fd);
    if (fd < 0 || write(fd, text.ptr, text.len) != (ssize_t)text.len)
        cli_trouble("-: %s", strerror(errno));
    else
        result = take_opml(import, "-", file);
    if (fd >= 0)
        close(fd);
    return result;
}

static bool is_opml(struct bytes text)
{
    struct bytes begin = bytes_slice(text, 0, 4096);

    return bytes_starts(bytes_trim(begin), LIT("<")) || bytes_find(begin, LIT("<opml")) != SIZE_MAX;
}

static int take_file(struct import *import, const char *path)
{
    struct buf text = {0};
    struct error err = {0};
    int result = EXIT_OK;

    import->file = path;
    if (offline_read(path, &text, &err) != OK)
        result = cli_trouble("%s", err.text);
    else if (!is_opml(buf_bytes(&text)))
        take_lines(import, buf_bytes(&text));
    else if (strcmp(path, "-") == 0)
        result = take_opml_text(import, buf_bytes(&text));
    else
        result = take_opml(import, path, path);
    buf_done(&text);
    return result;
}

static int compare(const void *a, const void *b)
{
    const struct feeds_new *const *one = a, *const *other = b;
    int order = strcmp((*one)->url, (*other)->url);

    return order != 0 ? order : (*one > *other) - (*one < *other);
}

/* A feed in two folders is one feed with both as tags. The doubles count as there already. */
static void join_doubles(struct import *import)
{
    struct feeds_new **sorted = arena_alloc_array(import->arena, import->count, sizeof(*sorted));
    size_t kept = 0, first = 0;

    for (size_t i = 0; i < import->count; i++)
        sorted[i] = &import->feeds[i];
    qsort(sorted, import->count, sizeof(*sorted), compare);
    for (size_t i = 1; i < import->count; i++) {
        if (strcmp(sorted[first]->url, sorted[i]->url) != 0) {
            first = i;
            continue;
        }
        sorted[first]->tags = lists_tags(import->arena, sorted[first]->tags, sorted[i]->tags);
        if (sorted[first]->title[0] == '\0')
            sorted[first]->title = sorted[i]->title;
        sorted[i]->url = NULL;
        import->known++;
    }
    for (size_t i = 0; i < import->count; i++)
        if (import->feeds[i].url != NULL)
            import->feeds[kept++] = import->feeds[i];
    import->doubles = import->count - kept;
    import->count = kept;
}

static void on_added(
    void *ctx, const struct feeds_new *feed, const char *id, enum feeds_put what, const char *why)
{
    struct import *import = ctx;

    if (id == NULL && import->refused++ < TOLD_MOST)
        cli_trouble("%s: %s", feed->from, why);
    if (id != NULL)
        *(what == FEEDS_ADDED ? &import->added : &import->known) += 1;
    import->done++;
    if (import->progress && import->done % STEP == 0)
        fprintf(stderr, "\r%zu of %zu", import->done, import->count);
}

static void print_result(const struct import *import, bool json)
{
    size_t total = import->count + import->doubles + import->none;
    char text[6][FORMAT_TEXT];

    if (import->progress && import->done >= STEP)
        fputs("\r\033[K", stderr);
    if (json) {
        printf("{\"outlines\":%zu,\"added\":%zu,\"known\":%zu,\"refused\":%zu,\"notAFeed\":%zu}\n",
            total, import->added, import->known, import->refused, import->none);
        return;
    }
    printf("%s %s%s: %s added, %s already there, %s not a feed",
        format_count((int64_t)total, text[0]), import->outlines ? "outline" : "line",
        total == 1 ? "" : "s", format_count((int64_t)import->added, text[1]),
        format_count((int64_t)import->known, text[2]),
        format_count((int64_t)import->none, text[3]));
    if (import->refused > 0)
        printf(", %s refused", format_count((int64_t)import->refused, text[4]));
    putchar('\n');
    if (import->known > import->doubles && import->tags[0] != '\0')
        cli_note("the tags of those already there stay: wireroom feeds add --tags changes them");
    if (total == 0)
        cli_note("there is nothing in it");
}

static int run_import(const struct cli_args *args)
{
    struct import import = {.arena = arena_new(IMPORT_ARENA), .progress = isatty(STDERR_FILENO)};
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);
    struct error err = {0};

    import.tags = cli_given(args, IMPORT_TAGS) ? cli_value(args, IMPORT_TAGS) : "";
    for (size_t i = 0; i < args->words_count && result == EXIT_OK; i++)
        result = take_file(&import, args->words[i]);
    if (import.count > 0)
        join_doubles(&import);
    if (result == EXIT_OK &&
        feeds_put(client, import.feeds, import.count, on_added, &import, &err) < 0)
        result = client_trouble(&err);
    if (result == EXIT_OK) {
        print_result(&import, cli_option(args, "json") != NULL);
        result = import.refused > 0 || import.cut || import.count + import.none == 0 ? EXIT_TROUBLE
                                                                                     : EXIT_OK;
    }
    client_close(client);
    arena_free(import.arena);
    return result;
}

static const struct cli_option export_options[] = {CLIENT_OPTIONS};

/* Feeds wait for their folder, that of their first tag: other readers know no tags. */
struct exported {
    struct bytes url, title, tags, link, folder;
    size_t order; /* as it came */
};

struct export
{
    struct arena *arena;
    struct exported *feeds;
    size_t count, cap;
};

static void export_feed(void *ctx, const struct json *feed)
{
    struct export *export = ctx;
    struct bytes rest = bytes_copy(export->arena, json_get_text(feed, "tags"));
    struct exported *exported;

    if (export->count == export->cap)
        export->feeds =
            arena_grow(export->arena, export->feeds, &export->cap, sizeof(*export->feeds));
    exported = &export->feeds[export->count];
    *exported = (struct exported){.url = bytes_copy(export->arena, json_get_text(feed, "url")),
        .title = bytes_copy(export->arena, json_get_text(feed, "title")),
        .tags = rest,
        .link = bytes_copy(export->arena, json_get_text(feed, "link")),
        .order = export->count++};
    exported->folder = tags_cut(&rest);
}

static int by_folder(const void *left, const void *right)
{
    const struct exported *a = left;
    const struct exported *b = right;
    size_t len = a->folder.len < b->folder.len ? a->folder.len : b->folder.len;
    int order = len == 0 ? 0 : memcmp(a->folder.ptr, b->folder.ptr, len);

    if (order == 0)
        order = (a->folder.len > b->folder.len) - (a->folder.len < b->folder.len);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

/* What is written goes out feed by feed: lists may be long. */
static void write_exported(struct export *export)
{
    struct opml_writer writer;
    struct buf out = {0};

    if (export->count > 0)
        qsort(export->feeds, export->count, sizeof(*export->feeds), by_folder);
    opml_begin(&writer, &out, LIT("wireroom"));
    for (size_t i = 0; i < export->count; i++) {
        const struct exported *feed = &export->feeds[i];

        opml_add(&writer, &(struct opml_feed){.feed_url = feed->url,
                              .title = feed->title,
                              .tags = feed->tags,
                              .link = feed->link,
                              .category = feed->folder});
        fwrite(out.ptr, 1, out.len, stdout);
        buf_clear(&out);
    }
    opml_end(&writer);
    fwrite(out.ptr, 1, out.len, stdout);
    buf_done(&out);
}

static void export_json(void *ctx, const struct json *feed)
{
    (void)ctx;
    client_print_json(feed);
}

static int run_export(const struct cli_args *args)
{
    int result = EXIT_OK;
    struct client *client = client_open(args, &result);
    bool json = cli_option(args, "json") != NULL;
    struct export export = {0};
    struct error err = {0};

    if (client == NULL)
        return result;
    export.arena = arena_new(EXPORT_ARENA);
    if (feeds_each(client, NULL, json ? export_json : export_feed, &export, &err) < 0)
        result = client_trouble(&err);
    else if (!json)
        write_exported(&export);
    arena_free(export.arena);
    client_close(client);
    return result;
}

const struct cli_verb cli_feeds_import_verb = {
    .name = "import",
    .words = "FILE ...",
    .summary = "Follow all feeds of an OPML file, or of a file with one address a line.",
    .examples = "wireroom feeds import subscriptions.opml\n",
    .options = import_options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FILE,
    .run = run_import,
};

const struct cli_verb cli_feeds_export_verb = {
    .name = "export",
    .summary = "Print all feeds as OPML.",
    .examples = "wireroom feeds export > subscriptions.opml\n",
    .options = export_options,
    .run = run_export,
};
