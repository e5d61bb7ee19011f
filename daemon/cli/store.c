/* store.c - `wireroom store`: the store's file, without a daemon. */
#include <inttypes.h>

#include "base/json.h"
#include "cli/format.h"
#include "cli/store_file.h"
#include "cli/verbs.h"
#include "feed/opml.h"
#include "store/salvage.h"

enum { OPT_STORE, OPT_DIR, OPT_CONFIG, OPT_JSON };

static const struct cli_option options[] = {
    {"store", "FILE", CLI_TAKES_FILE, "the file (default: store.path of the configuration)"},
    {"dir", "DIR", CLI_TAKES_DIR, "state directory of the daemon"},
    {"config", "FILE", CLI_TAKES_FILE, "configuration of the daemon"},
    {"json", NULL, CLI_TAKES_NOTHING, "as JSON"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

/* Find the file, and do this with it; returns the exit code. */
static int with_store(
    const struct cli_args *args, int (*act)(const char *path, bool json, struct error *err))
{
    struct store_file file;
    struct error err = {0};
    int result = store_file_find(cli_value(args, OPT_STORE), cli_value(args, OPT_CONFIG),
        cli_value(args, OPT_DIR), &file, &err);

    if (result == OK)
        result = act(file.path, cli_given(args, OPT_JSON), &err);
    if (result < 0)
        result = cli_trouble("%s", err.text);
    conf_free(file.conf);
    return result;
}

/* ---- check ------------------------------------------------------------------ */

static const char *const way_out = "\nStop the daemon and keep a copy of the file and of its -wal "
                                   "before anything else. A backup is\n"
                                   "the best way out (then `wireroom store new-epoch`). Without "
                                   "one, `sqlite3 FILE .recover` saves\n"
                                   "what it can into a new file, and `wireroom store export-feeds` "
                                   "the feeds, for an empty store.\n";

struct findings {
    bool json;
    struct json_writer w;
};

static void on_finding(void *ctx, const char *text)
{
    struct findings *f = ctx;

    if (f->json) {
        json_cstr(&f->w, NULL, text);
        return;
    }
    printf("damaged: ");
    cli_print(stdout, bytes_of(text), 300, false);
    putchar('\n');
}

static void print_checked(const char *path, const struct store_checked *found)
{
    char text[6][FORMAT_TEXT];

    printf("%s: schema %" PRId64 ", epoch %s\n", path, found->schema,
        found->epoch[0] == '\0' ? "unknown" : found->epoch);
    printf("%s feeds, %s articles, %s entries that wait, %s quarantined\n",
        format_count(found->feeds, text[0]), format_count(found->articles, text[1]),
        format_count(found->waiting, text[2]), format_count(found->quarantined, text[3]));
    printf("%s events, %s to %s\n", format_count(found->events, text[0]),
        format_count(found->first, text[4]), format_count(found->head, text[5]));
    puts(found->troubles == 0 ? "ok" : way_out);
}

static void write_checked(
    struct json_writer *w, const char *path, const struct store_checked *found)
{
    json_cstr(w, "path", path);
    json_bool(w, "ok", found->troubles == 0);
    json_int(w, "schema", found->schema);
    json_cstr(w, "epoch", found->epoch);
    json_int(w, "feeds", found->feeds);
    json_int(w, "articles", found->articles);
    json_int(w, "waiting", found->waiting);
    json_int(w, "quarantined", found->quarantined);
    json_int(w, "events", found->events);
    json_int(w, "first", found->first);
    json_int(w, "head", found->head);
}

static int check(const char *path, bool json, struct error *err)
{
    struct buf text = {0};
    struct findings findings = {.json = json, .w = {.out = &text}};
    struct store_checked found = {0};
    int code;

    json_begin_object(&findings.w, NULL);
    json_begin_array(&findings.w, "damaged");
    code = store_check(path, on_finding, &findings, &found, err);
    json_end_array(&findings.w);
    if (code == OK && json) {
        write_checked(&findings.w, path, &found);
        json_end_object(&findings.w);
        puts(buf_cstr(&text));
    } else if (code == OK) {
        print_checked(path, &found);
    }
    buf_done(&text);
    return code != OK ? code : found.troubles == 0 ? EXIT_OK : EXIT_TROUBLE;
}

/* ---- feeds ------------------------------------------------------------------ */

struct saving {
    bool json;
    struct opml_writer opml;
    struct buf out;
    size_t count;
};

static void on_feed(void *ctx, const struct store_feed *feed)
{
    struct saving *s = ctx;
    struct json_writer w = {.out = &s->out};

    s->count++;
    if (s->json) {
        json_begin_object(&w, NULL);
        json_cstr(&w, "url", feed->url);
        json_cstr(&w, "title", feed->title);
        json_cstr(&w, "tags", feed->tags);
        json_end_object(&w);
        buf_add_byte(&s->out, '\n');
    } else {
        opml_add(&s->opml, &(struct opml_feed){.feed_url = bytes_of(feed->url),
                               .title = bytes_of(feed->title),
                               .tags = bytes_of(feed->tags)});
    }
    fwrite(s->out.ptr, 1, s->out.len, stdout);
    buf_clear(&s->out);
}

static int export_feeds(const char *path, bool json, struct error *err)
{
    struct saving saving = {.json = json};
    bool whole = false;
    int code;

    if (!json)
        opml_begin(&saving.opml, &saving.out, LIT("wireroom"));
    code = store_salvage_feeds(path, on_feed, &saving, &whole, err);
    if (code == OK && !json) {
        opml_end(&saving.opml);
        fwrite(saving.out.ptr, 1, saving.out.len, stdout);
    }
    buf_done(&saving.out);
    if (code == OK && !whole)
        return cli_trouble(
            "%zu feeds were read, others may be missing: %s", saving.count, err->text);
    return code;
}

/* ---- epoch ------------------------------------------------------------------ */

static int new_epoch(const char *path, bool json, struct error *err)
{
    char old[EPOCH_TEXT];
    char epoch[EPOCH_TEXT];
    struct buf text = {0};
    struct json_writer w = {.out = &text};
    int code = store_new_epoch(path, old, epoch, err);

    if (code != OK)
        return code;
    if (!json) {
        printf("%s: epoch %s in place of %s\n", path, epoch, old);
        return EXIT_OK;
    }
    json_begin_object(&w, NULL);
    json_cstr(&w, "path", path);
    json_cstr(&w, "old", old);
    json_cstr(&w, "epoch", epoch);
    json_end_object(&w);
    puts(buf_cstr(&text));
    buf_done(&text);
    return EXIT_OK;
}

static int run_check(const struct cli_args *args)
{
    return with_store(args, check);
}

static int run_export(const struct cli_args *args)
{
    return with_store(args, export_feeds);
}

static int run_epoch(const struct cli_args *args)
{
    return with_store(args, new_epoch);
}

static const struct cli_verb check_verb = {
    .name = "check",
    .summary = "Read the whole store and tell what is damaged, and what to do then.",
    .text =
        "Nothing is changed; a daemon may run meanwhile. The exit status is 1 when it is damaged.",
    .examples = "wireroom store check --store /var/lib/wireroom/wireroom.db\n",
    .options = options,
    .run = run_check,
};

static const struct cli_verb export_verb = {
    .name = "export-feeds",
    .summary = "Print the feeds of a store as OPML, without a daemon.",
    .text = "Also of a store that is damaged, or that another release wrote: what can be read is "
            "printed,\nand the exit status is 1 when that may not be all.",
    .examples = "wireroom store export-feeds --store wireroom.db > feeds.opml\n",
    .options = options,
    .run = run_export,
};

static const struct cli_verb epoch_verb = {
    .name = "new-epoch",
    .summary = "Give a store that was restored from a backup a new epoch, before it is started.",
    .text =
        "Subscribers then know that its sequences are not those that they have seen. The daemon "
        "must\nnot run.",
    .examples = "wireroom store new-epoch\n",
    .options = options,
    .run = run_epoch,
};

static const struct cli_verb *const verbs[] = {&check_verb, &export_verb, &epoch_verb, NULL};

const struct cli_verb cli_store_verb = {
    .name = "store",
    .summary = "Look after the store's file: damage, feeds out of it, backups put back.",
    .examples = "wireroom store check\nwireroom store export-feeds > feeds.opml\n",
    .verbs = verbs,
};
