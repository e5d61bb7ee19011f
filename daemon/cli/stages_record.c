/* stages_record.c - a record that stages are tried on, and how they went over it. */
#include "base/log.h"
#include "cli/stages.h"
#include "record/record_json.h"

int stages_fill(
    const struct json *value, const char *page, struct offline_request *request, struct error *err)
{
    const struct json *data = json_get(value, "data");
    int code;

    if (value->type != JSON_OBJECT)
        return fail(err, E_FORMAT, "a record is an object: {\"headline\": ...}");
    record_from_json(data != NULL ? data : value, request->record);
    if (page == NULL)
        return OK;
    buf_clear(request->body);
    code = offline_read(page, request->body, err);
    record_set(request->record, WR_PAGE_URL, record_get(request->record, WR_URL));
    record_lend(request->record, REC_BODY, buf_bytes(request->body));
    return code;
}

/* "stage<TAB>microseconds<TAB>how it went" each. */
bool stages_next_outcome(
    const struct wr_record *rec, size_t *at, struct stages_outcome *ret_outcome)
{
    struct stages_outcome outcome = {.micros = 0};
    struct bytes line;

    if (!record_next(rec, REC_TRACE, at, &line))
        return false;
    outcome.stage = bytes_cut(&line, '\t');
    bytes_to_int(bytes_cut(&line, '\t'), &outcome.micros);
    outcome.status = line;
    *ret_outcome = outcome;
    return true;
}

bool stages_failed(const struct stages_outcome *outcome)
{
    return !bytes_is(outcome->status, "ok");
}

bool stages_skipped(const struct stages_outcome *outcome)
{
    return bytes_is(outcome->status, "skipped");
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

void stages_tell_failure(
    const char *path, const struct wr_record *rec, const struct stages_outcome *outcome)
{
    const struct bytes died = LIT("left out: it ");
    struct bytes note = find_note(rec, outcome->stage);
    struct bytes stage = outcome->stage;

    if (stages_skipped(outcome))
        cli_trouble(
            "%s: stage %.*s is not run any more: it ended too many workers", path, FMT(stage));
    else if (bytes_starts(note, died))
        cli_trouble("%s: stage %.*s %.*s", path, FMT(stage), FMT(bytes_from(note, died.len)));
    else if (note.len > 0)
        cli_trouble("%s: stage %.*s failed: %.*s", path, FMT(stage), FMT(note));
    else
        cli_trouble("%s: stage %.*s failed, and has no wr_note() that says why", path, FMT(stage));
}

static bool is_told_by_us(int level, const struct log_about *about, const char *text)
{
    (void)level;
    (void)text;
    return about->message == MESSAGE_WORKER_DIED || about->message == MESSAGE_STAGE_ASIDE;
}

void stages_tell_alone(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    log_set_sink(is_told_by_us);
}

static bool is_module(const char *word)
{
    return bytes_ends(bytes_of(word), LIT(".so"));
}

bool stages_refuse_module(const struct cli_args *args)
{
    const char *record = "record.json";
    struct bytes module = {NULL, 0};
    struct bytes dir = LIT(".");
    struct bytes name;

    for (size_t i = 0; i < args->words_count; i++) {
        if (!is_module(args->words[i]))
            record = args->words[i];
        else if (module.len == 0)
            module = bytes_of(args->words[i]);
    }
    if (module.len == 0)
        return false;
    name = bytes_slice(module, 0, module.len - 3);
    for (size_t at = name.len; at > 0; at--) {
        if (name.ptr[at - 1] != '/')
            continue;
        dir = at == 1 ? LIT("/") : bytes_slice(name, 0, at - 1);
        name = bytes_from(name, at);
        break;
    }
    cli_usage(args, "%.*s is a module, not a record; to run it: %s --dir %.*s --stages %.*s %s",
        FMT(module), args->path, FMT(dir), FMT(name), record);
    return true;
}
