/* stages_run.c - `wireroom stages run`: what stages do to one record, and what becomes of them. */
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "cli/offline.h"
#include "cli/stages.h"
#include "record/record_json.h"

enum { RUN_STAGES, RUN_DIR, RUN_PAGE, RUN_JSON, RUN_CONFIG };

static const struct cli_option run_options[] = {
    {"stages", "NAMES", CLI_TAKES_STAGES,
        "stages to run, separated by commas (default: the configured chain)"},
    {"dir", "DIR", CLI_TAKES_DIR,
        "directory where modules are looked for before the configured ones"},
    {"page", "FILE", CLI_TAKES_FILE, "the article's page"},
    {"json", NULL, CLI_TAKES_NOTHING, "one line for each record, also on a terminal"},
    {"config", "FILE", CLI_TAKES_FILE, "configuration to take stages and options from"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

/* The verb at work, and one of its files. */
struct stages_run {
    struct offline offline; /* first: read_record() is given this */
    bool failed;            /* a stage */
};

struct run_file {
    struct stages_run *run;
    const char *path;
};

static int read_record(const struct offline *offline, struct bytes path,
    struct offline_request *request, struct error *err)
{
    struct run_file *file = arena_alloc(request->arena, sizeof(*file));
    const char *page = cli_value(offline->args, RUN_PAGE);
    struct json *value = NULL;
    int code = offline_read(bytes_cstr(request->arena, path), request->body, err);

    if (code == OK)
        code = json_parse(request->arena, buf_bytes(request->body), &value, err);
    if (code != OK)
        return code == E_FORMAT ? fail_in(err, "%.*s", FMT(path)) : code;
    if (value->type != JSON_OBJECT)
        return fail(err, E_FORMAT, "%.*s: a record is an object: {\"headline\": ...}", FMT(path));
    file->run = (struct stages_run *)offline;
    file->path = bytes_cstr(request->arena, path);
    request->ctx = file;
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

/* "stage<TAB>text" each. */
static void write_notes(struct json_writer *w, const struct wr_record *rec)
{
    struct bytes note;
    size_t at = 0;

    json_begin_array(w, "notes");
    while (record_next(rec, REC_NOTE, &at, &note)) {
        json_begin_object(w, NULL);
        json_string(w, "stage", bytes_cut(&note, '\t'));
        json_string(w, "text", note);
        json_end_object(w);
    }
    json_end_array(w);
}

/* "stage<TAB>microseconds<TAB>how it went" each. */
static void write_trace(struct json_writer *w, const struct wr_record *rec)
{
    struct bytes line;
    size_t at = 0;

    json_begin_array(w, "trace");
    while (record_next(rec, REC_TRACE, &at, &line)) {
        struct bytes stage = bytes_cut(&line, '\t');
        int64_t micros = 0;

        bytes_to_int(bytes_cut(&line, '\t'), &micros);
        json_begin_object(w, NULL);
        json_string(w, "stage", stage);
        json_real(w, "seconds", (double)micros / SECOND, 6);
        json_string(w, "status", line);
        json_end_object(w);
    }
    json_end_array(w);
}

/* What the stage, or whoever ended its worker, says of its trouble; empty when nobody does. */
static struct bytes find_note(const struct wr_record *rec, struct bytes stage)
{
    struct bytes note;
    size_t at = 0;

    while (record_next(rec, REC_NOTE, &at, &note)) {
        struct bytes name = bytes_cut(&note, '\t');

        if (bytes_equal(name, stage))
            return note;
    }
    return (struct bytes){"", 0};
}

static void tell_failure(
    const char *path, const struct wr_record *rec, struct bytes stage, struct bytes outcome)
{
    const struct bytes died = LIT("left out: it ");
    struct bytes note = find_note(rec, stage);

    if (bytes_is(outcome, "skipped"))
        cli_trouble(
            "%s: stage %.*s is not run any more: it ended too many workers", path, FMT(stage));
    else if (bytes_starts(note, died))
        cli_trouble("%s: stage %.*s %.*s", path, FMT(stage), FMT(bytes_from(note, died.len)));
    else if (note.len > 0)
        cli_trouble("%s: stage %.*s failed: %.*s", path, FMT(stage), FMT(note));
    else
        cli_trouble("%s: stage %.*s failed, and has no wr_note() that says why", path, FMT(stage));
}

static void tell_failures(const struct run_file *file, const struct wr_record *rec)
{
    struct bytes line;
    size_t at = 0;

    while (record_next(rec, REC_TRACE, &at, &line)) {
        struct bytes stage = bytes_cut(&line, '\t');

        bytes_cut(&line, '\t');
        if (bytes_is(line, "ok"))
            continue;
        tell_failure(file->path, rec, stage, line);
        file->run->failed = true;
    }
}

static int write_record(void *ctx, struct wr_record *answer, struct buf *out, struct error *err)
{
    struct json_writer w = {.out = out};

    (void)err;
    tell_failures(ctx, answer);
    json_begin_object(&w, NULL);
    json_begin_object(&w, "record");
    record_to_json(answer, &w);
    json_end_object(&w);
    write_notes(&w, answer);
    write_trace(&w, answer);
    json_bool(&w, "dropped", record_get(answer, REC_DROPPED).len > 0);
    json_end_object(&w);
    return OK;
}

/* A module where a record should be: how it is run on one. */
static int refuse_module(const struct cli_args *args, struct bytes module)
{
    const char *record = "record.json";
    struct bytes rest = bytes_slice(module, 0, module.len - 3);
    struct bytes dir = LIT(".");

    for (size_t i = 0; i < args->words_count; i++)
        if (!bytes_ends(bytes_of(args->words[i]), LIT(".so")))
            record = args->words[i];
    for (size_t at = rest.len; at > 0; at--) {
        if (rest.ptr[at - 1] != '/')
            continue;
        dir = at == 1 ? LIT("/") : bytes_slice(rest, 0, at - 1);
        rest = bytes_from(rest, at);
        break;
    }
    return cli_usage(args,
        "%.*s is a module, not a record; to run it: wireroom stages run --dir %.*s --stages %.*s "
        "%s",
        FMT(module), FMT(dir), FMT(rest), record);
}

static int run(const struct cli_args *args)
{
    struct stages_run run = {.offline = {.job = JOB_RECORD,
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
                                 .write_failure = offline_write_failure}};
    int result;

    for (size_t i = 0; i < args->words_count; i++)
        if (bytes_ends(bytes_of(args->words[i]), LIT(".so")))
            return refuse_module(args, bytes_of(args->words[i]));
    log_set_level(LOG_LEVEL_ERROR); /* of dead workers tell_failure() tells */
    result = offline_run(&run.offline);
    return result == EXIT_OK && run.failed ? EXIT_TROUBLE : result;
}

const struct cli_verb cli_stages_run_verb = {
    .name = "run",
    .words = "FILE.json ...",
    .summary = "Run stages on a record and print what became of it.",
    .text = "The file holds a published event, or its data member alone: {\"headline\": ..., "
            "\"text\": ...}.\n"
            "Ends with 1 when a stage failed, crashed or took too long.",
    .examples = "wireroom stages run --stages headline record.json\n"
                "wireroom tail --count 1 --json > record.json; wireroom stages run --dir ./build "
                "--stages mine record.json\n",
    .options = run_options,
    .least = 1,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FILE,
    .run = run,
};
