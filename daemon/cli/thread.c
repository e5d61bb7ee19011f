/* thread.c - `wireroom thread`: a stream of articles, or those of the store, through the ordered
 * stages. */
#include "base/json.h"
#include "cli/offline.h"
#include "cli/store_file.h"
#include "cli/thread_log.h"
#include "cli/verbs.h"

enum { OPT_BATCH, OPT_STAGES, OPT_STORE, OPT_DIR, OPT_JSON, OPT_CONFIG };

static const struct cli_option options[] = {
    {"batch", NULL, CLI_TAKES_NOTHING,
        "read standard input, one article a line, in place of the store"},
    {"stages", "NAMES", CLI_TAKES_STAGES,
        "stages to run, separated by commas, in place of the configured ones"},
    {"store", "FILE", CLI_TAKES_FILE, "the store (default: store.path of the configuration)"},
    {"dir", "DIR", CLI_TAKES_DIR, "state directory of the daemon whose store it is"},
    {"json", NULL, CLI_TAKES_NOTHING, "a line of JSON for each article (--batch: anyhow)"},
    {"config", "FILE", CLI_TAKES_FILE, "configuration to take limits and stages from"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static const struct {
    const char *name;
    int field;
} fields[] = {
    {"id", WR_ID},
    {"title", WR_TITLE},
    {"text", WR_TEXT},
    {"summary", WR_SUMMARY},
    {"published", WR_PUBLISHED},
    {"url", WR_URL},
    {"language", WR_LANGUAGE},
    {"section", WR_SECTION},
};

static int read_source(const struct offline *offline, struct bytes source,
    struct offline_request *request, struct error *err)
{
    struct json *doc;
    int code = json_parse(request->arena, source, &doc, err);

    (void)offline;
    if (code != OK)
        return code;
    if (json_get_text(doc, "id").len == 0)
        return fail(err, E_FORMAT, "no \"id\" in the line");
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        record_set(request->record, fields[i].field, json_get_text(doc, fields[i].name));
    request->ctx = bytes_cstr(request->arena, json_get_text(doc, "id"));
    return OK;
}

static void string_or_null(struct json_writer *w, const char *name, struct bytes value)
{
    if (value.len > 0)
        json_string(w, name, value);
    else
        json_null(w, name);
}

void thread_write_answer(struct json_writer *w, struct bytes id, const struct wr_record *answer)
{
    json_string(w, "id", id);
    string_or_null(w, "duplicate_of", record_get(answer, WR_SAME_AS));
    string_or_null(w, "kind", record_get(answer, WR_RELATION));
    json_string_if(w, "similarity", record_get(answer, WR_SIMILARITY));
    json_string_if(w, "origin", record_get(answer, WR_ORIGIN));
    json_string_if(w, "story", record_get(answer, WR_STORY));
    json_string_if(w, "topic", record_get(answer, WR_TOPIC));
}

static int write_answer(void *ctx, struct wr_record *answer, struct buf *out, struct error *err)
{
    struct json_writer w = {.out = out};

    (void)err;
    json_begin_object(&w, NULL);
    thread_write_answer(&w, bytes_of(ctx), answer);
    json_end_object(&w);
    return OK;
}

void thread_write_moved(const struct wr_record *emitted, struct buf *out)
{
    struct bytes into = record_get(emitted, WR_STORY_INTO);

    for (size_t i = 0; into.len > 0 && i < wr_count(emitted, WR_STORY_MEMBER); i++) {
        struct bytes member = record_get_at(emitted, WR_STORY_MEMBER, i);
        struct json_writer w = {.out = out};

        buf_add_byte(out, '\n');
        json_begin_object(&w, NULL);
        json_string(&w, "id", bytes_cut(&member, '\t'));
        json_string(&w, "story", into);
        json_string(&w, "was", record_get(emitted, WR_STORY));
        json_end_object(&w);
    }
}

static void write_emitted(void *ctx, const struct wr_record *emitted, struct buf *out)
{
    (void)ctx;
    thread_write_moved(emitted, out);
}

static void write_failure(void *ctx, const struct error *err, struct buf *out)
{
    struct json_writer w = {.out = out};

    json_begin_object(&w, NULL);
    json_cstr(&w, "id", ctx);
    json_null(&w, "duplicate_of");
    json_null(&w, "kind");
    json_cstr(&w, "error", err->text);
    json_end_object(&w);
}

static int run_batch(const struct cli_args *args)
{
    const struct offline offline = {.job = JOB_ORDERED,
        .ordered = true,
        .config = cli_value(args, OPT_CONFIG),
        .stages = cli_value(args, OPT_STAGES),
        .workers = 1,
        .one_line = true,
        .args = args,
        .read = read_source,
        .write_answer = write_answer,
        .write_emitted = write_emitted,
        .write_failure = write_failure};

    return offline_run(&offline);
}

static int run_log(const struct cli_args *args)
{
    struct store_file file;
    struct error err = {0};
    int result;

    if (store_file_find(cli_value(args, OPT_STORE), cli_value(args, OPT_CONFIG),
            cli_value(args, OPT_DIR), &file, &err) != OK)
        result = cli_trouble("%s", err.text);
    else
        result = thread_log(args, &file, cli_value(args, OPT_STAGES), cli_given(args, OPT_JSON));
    conf_free(file.conf);
    return result;
}

static int run(const struct cli_args *args)
{
    if (!cli_given(args, OPT_BATCH))
        return run_log(args);
    if (cli_given(args, OPT_STORE) || cli_given(args, OPT_DIR))
        return cli_usage(args, "--batch reads standard input and no store");
    return run_batch(args);
}

const struct cli_verb cli_thread_verb = {
    .name = "thread",
    .summary = "Find copies and stories anew, in the articles of the store or in a stream.",
    .text =
        "All articles in the store's log go through the ordered stages, which know nothing before "
        "the\nfirst. The stories of several articles are listed then, as story list does, and how "
        "much is\nother than the log tells: after other options, for one. Nothing is changed, and "
        "a daemon may run.\nWith --json, each article's answer is {\"id\", \"duplicate_of\", "
        "\"kind\", \"similarity\", \"story\",\n\"topic\", \"differs\"}.\n\n"
        "With --batch, a line is {\"id\", \"title\", \"text\", \"published\", \"url\", "
        "\"language\"}; its answer\nis the same, without \"differs\". \"duplicate_of\" and "
        "\"kind\" are null for an article that repeats\nnone. A line "
        "{\"id\", \"story\", \"was\"} behind it says that an earlier article is in another "
        "story now.",
    .examples = "wireroom thread\n"
                "wireroom thread --dir /var/lib/wireroom --json\n"
                "wireroom thread --batch < articles.jsonl\n",
    .options = options,
    .run = run,
};
