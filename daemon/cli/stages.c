/* stages.c - `wireroom stages` list and run: what modules there are, and what they do to one
 * record. */
#include "cli/stages.h"
#include "base/json.h"
#include "cli/offline.h"
#include "cli/verbs.h"
#include "conf/conf.h"
#include "pool/pool.h"
#include "record/record_json.h"

enum { LIST_ARENA = 64 << 20 };

enum { LIST_DIR, LIST_JSON };

static const struct cli_option list_options[] = {
    {"dir", "DIR", CLI_TAKES_DIR, "directory of the modules (default: the usual ones)"},
    {"json", NULL, CLI_TAKES_NOTHING, "as JSON"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static void list_option(const struct json *option)
{
    printf("    ");
    cli_print(stdout, json_get_text(option, "name"), 18, true);
    printf(" %s", cli_colour(stdout, CLI_DIM));
    cli_print(stdout, json_get_text(option, "help"), 200, false);
    printf(" (");
    cli_print(stdout, json_get_text(option, "initial"), 40, false);
    printf(")%s\n", cli_colour(stdout, CLI_PLAIN));
}

static void list_module(const struct json *module)
{
    const struct json *options = json_get(module, "options");
    struct bytes error = json_get_text(module, "error");
    struct bytes file = json_get_text(module, "file");

    printf("%s", cli_colour(stdout, CLI_BOLD));
    cli_print(stdout, json_get_text(module, "name"), 14, true);
    printf("%s ", cli_colour(stdout, CLI_PLAIN));
    if (error.len > 0) {
        printf("%s", cli_colour(stdout, CLI_RED));
        cli_print(stdout, error, 300, false);
        printf("%s\n", cli_colour(stdout, CLI_PLAIN));
        return;
    }
    cli_print(stdout, json_get_text(module, "version"), 8, true);
    printf("%s%s  %s", json_get_bool(module, "ordered", false) ? "  sees records in order" : "",
        json_get_bool(module, "needs_page", false) ? "  needs the page" : "",
        cli_colour(stdout, CLI_DIM));
    cli_print(stdout, file, file.len, false);
    printf("%s\n", cli_colour(stdout, CLI_PLAIN));
    for (const struct json *o = options == NULL ? NULL : options->first; o != NULL; o = o->next)
        list_option(o);
}

static int run_list(const struct cli_args *args)
{
    const char *const given[] = {cli_value(args, LIST_DIR), NULL};
    struct arena *arena = arena_new(LIST_ARENA);
    struct conf *conf = conf_defaults();
    struct json *modules = NULL;
    struct error err = {0};
    struct bytes text = {0};
    char program[4096];
    int result = EXIT_OK;

    if (pool_describe(arena, cli_daemon_program(program),
            given[0] != NULL ? given : conf->stages.dirs, &text, &err) != OK ||
        json_parse(arena, text, &modules, &err) != OK)
        result = cli_trouble("%s", err.text);
    else if (cli_given(args, LIST_JSON))
        printf("%.*s\n", FMT(text));
    for (const struct json *m = modules == NULL ? NULL : modules->first;
         m != NULL && !cli_given(args, LIST_JSON); m = m->next)
        list_module(m);
    conf_free(conf);
    arena_free(arena);
    return result;
}

enum { RUN_STAGES, RUN_DIR, RUN_PAGE, RUN_JSON, RUN_CONFIG };

static const struct cli_option run_options[] = {
    {"stages", "NAMES", CLI_TAKES_OTHER,
        "stages to run, separated by commas (default: the configured chain)"},
    {"dir", "DIR", CLI_TAKES_DIR,
        "directory where modules are looked for before the configured ones"},
    {"page", "FILE", CLI_TAKES_FILE, "the article's page"},
    {"json", NULL, CLI_TAKES_NOTHING, "one line for each record, also on a terminal"},
    {"config", "FILE", CLI_TAKES_FILE, "configuration to take stages and options from"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static int read_record(const struct offline *offline, struct bytes path,
    struct offline_request *request, struct error *err)
{
    const char *page = cli_value(offline->args, RUN_PAGE);
    struct json *value = NULL;
    int code = offline_read(bytes_cstr(request->arena, path), request->body, err);

    if (code == OK)
        code = json_parse(request->arena, buf_bytes(request->body), &value, err);
    if (code != OK)
        return code == E_FORMAT ? fail_in(err, "%.*s", FMT(path)) : code;
    record_from_json(
        json_get(value, "data") != NULL ? json_get(value, "data") : value, request->record);
    if (page == NULL)
        return OK;
    buf_clear(request->body);
    code = offline_read(page, request->body, err);
    record_set(request->record, WR_PAGE_URL, record_get(request->record, WR_URL));
    record_lend(request->record, REC_BODY, buf_bytes(request->body));
    return code;
}

static void write_list(
    struct json_writer *w, const char *name, const struct wr_record *rec, int field)
{
    json_begin_array(w, name);
    for (size_t i = 0; i < wr_count(rec, field); i++)
        json_string(w, NULL, record_get_at(rec, field, i));
    json_end_array(w);
}

static int write_record(void *ctx, struct wr_record *answer, struct buf *out, struct error *err)
{
    struct json_writer w = {.out = out};

    (void)ctx;
    (void)err;
    json_begin_object(&w, NULL);
    json_begin_object(&w, "record");
    record_to_json(answer, &w);
    json_end_object(&w);
    write_list(&w, "notes", answer, REC_NOTE);
    write_list(&w, "trace", answer, REC_TRACE);
    json_bool(&w, "dropped", record_get(answer, REC_DROPPED).len > 0);
    json_end_object(&w);
    return OK;
}

static int run_run(const struct cli_args *args)
{
    const struct offline offline = {.job = JOB_RECORD,
        .ordered = true,
        .then_ordered = true,
        .workers = 1,
        .config = cli_value(args, RUN_CONFIG),
        .stages = cli_value(args, RUN_STAGES),
        .stage_dir = cli_value(args, RUN_DIR),
        .one_line = cli_given(args, RUN_JSON),
        .files = args->words,
        .args = args,
        .read = read_record,
        .write_answer = write_record,
        .write_failure = offline_write_failure};

    return offline_run(&offline);
}

static const struct cli_verb list_verb = {
    .name = "list",
    .summary = "List the modules there are, with their files and options.",
    .examples = "wireroom stages list\nwireroom stages list --dir ./build\n",
    .options = list_options,
    .run = run_list,
};

static const struct cli_verb run_verb = {
    .name = "run",
    .words = "FILE.json ...",
    .summary = "Run stages on a record and print what became of it.",
    .text = "The file holds a published event, or its data member alone: {\"headline\": ..., "
            "\"text\": ...}.",
    .examples = "wireroom stages run --stages headline record.json\n"
                "wireroom tail --count 1 --json > record.json; wireroom stages run --dir ./build "
                "--stages mine record.json\n",
    .options = run_options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FILE,
    .run = run_run,
};

static const struct cli_verb *const verbs[] = {&list_verb, &run_verb, &cli_stages_new_verb, NULL};

const struct cli_verb cli_stages_verb = {
    .name = "stages",
    .summary = "List stage modules, run them on a record, begin a new one.",
    .examples = "wireroom stages list\nwireroom stages new mine\n",
    .verbs = verbs,
};
