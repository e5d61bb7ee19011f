/* stages_run.c - `wireroom stages run`: what stages do to one record, and what becomes of them. */
#include "base/clock.h"
#include "base/json.h"
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
    struct json *value = NULL;
    int code = offline_read(bytes_cstr(request->arena, path), request->body, err);

    if (code == OK)
        code = json_parse(request->arena, buf_bytes(request->body), &value, err);
    if (code == OK)
        code = stages_fill(value, cli_value(offline->args, RUN_PAGE), request, err);
    if (code != OK)
        return code == E_FORMAT ? fail_in(err, "%.*s", FMT(path)) : code;
    file->run = (struct stages_run *)offline;
    file->path = bytes_cstr(request->arena, path);
    request->ctx = file;
    return OK;
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

static void write_trace(struct json_writer *w, const struct wr_record *rec)
{
    struct stages_outcome outcome;
    size_t at = 0;

    json_begin_array(w, "trace");
    while (stages_next_outcome(rec, &at, &outcome)) {
        json_begin_object(w, NULL);
        json_string(w, "stage", outcome.stage);
        json_real(w, "seconds", (double)outcome.micros / SECOND, 6);
        json_string(w, "status", outcome.status);
        json_end_object(w);
    }
    json_end_array(w);
}

static void tell_failures(const struct run_file *file, const struct wr_record *rec)
{
    struct stages_outcome outcome;
    size_t at = 0;

    while (stages_next_outcome(rec, &at, &outcome)) {
        if (!stages_failed(&outcome))
            continue;
        stages_tell_failure(file->path, rec, &outcome);
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

    if (stages_refuse_module(args))
        return EXIT_USAGE;
    stages_tell_alone();
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
