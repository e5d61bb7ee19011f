/* work.c - which job means what, and the records that wait in between. */
#include "worker/work.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "record/record_json.h"
#include "worker/decode.h"
#include "worker/private.h"

/* A record under way. */
struct task {
    int64_t ticket; /* of one that waits, else 0 */
    struct arena *arena;
    struct buf body; /* the frame it came in, once it waits */
    struct decoded page;
    struct wr_record *rec;
    struct chain_run *run;
};

static int load_all(struct work *work, const struct work_settings *settings, struct error *err)
{
    int code = OK;

    for (const char *const *name = settings->stages; *name != NULL && code == OK; name++)
        code = chain_load(
            work->chain, settings->dirs, *name, settings->options, settings->options_count, err);
    for (const char *const *name = settings->set_aside; *name != NULL && code == OK; name++)
        chain_skip(work->chain, *name);
    work_warm_up();
    if (code == OK)
        code = chain_open(work->chain, settings->kind, err);
    return code;
}

int work_open(const struct work_settings *settings, struct chain_place *place,
    struct work **ret_work, struct error *err)
{
    struct work *work = calloc(1, sizeof(*work));
    int code;

    if (work == NULL)
        arena_out_of_memory(sizeof(*work));
    *work = (struct work){.chain = chain_new(place),
        .memory = settings->memory,
        .max_decoded = settings->max_decoded,
        .max_entries = settings->max_entries,
        .sitemap_age = settings->sitemap_age};
    chain_take_files(work->chain, settings->files, settings->files_count);
    code = load_all(work, settings, err);
    if (code != OK) {
        work_close(work);
        return code;
    }
    chain_at(work->chain, CHAIN_IDLE);
    *ret_work = work;
    return OK;
}

void work_ready(const struct work *work, struct wr_record *ready)
{
    const wr_stage *stage;

    for (size_t i = 0; (stage = chain_stage(work->chain, i)) != NULL; i++)
        record_add(ready, REC_STAGE,
            bytes_format(ready->arena, "%s\t%s\t%u", stage->name, stage->version, stage->flags));
    for (size_t i = 0; i < chain_files(work->chain)->count; i++) {
        const struct stage_file *file = &chain_files(work->chain)->at[i];

        record_add(ready, REC_FILE,
            bytes_format(ready->arena, "%d\t%d\t%" PRIx64 "\t%s", file->in_plain, file->in_ordered,
                file_hash(file->text), file->path));
    }
}

static void task_free(struct task *task)
{
    decoded_done(&task->page);
    buf_done(&task->body);
    arena_free(task->arena);
    free(task);
}

static struct task *task_new(const struct work *work)
{
    struct task *task = calloc(1, sizeof(*task));

    if (task == NULL)
        arena_out_of_memory(sizeof(*task));
    task->arena = arena_new(work->memory);
    return task;
}

void work_close(struct work *work)
{
    if (work == NULL)
        return;
    for (size_t i = 0; i < WORKER_PARKED; i++) {
        if (work->parked[i] == NULL)
            continue;
        chain_cancel(work->parked[i]->run);
        task_free(work->parked[i]);
    }
    chain_free(work->chain);
    free(work);
}

void answer(const struct answers *to, int kind, const struct wr_record *rec)
{
    to->on_answer(to->ctx, kind, rec);
}

void answer_error(const struct answers *to, struct arena *arena, const struct error *err)
{
    struct wr_record *rec = record_new(arena);

    record_set_int(rec, REC_CODE, err->code);
    record_set(rec, REC_TEXT, bytes_of(err->text));
    answer(to, ANSWER_ERROR, rec);
}

struct bytes work_header(const struct wr_record *rec, int field, const char *name)
{
    size_t count = wr_count(rec, field);

    for (size_t i = 0; i < count; i++) {
        struct bytes value = record_get_at(rec, field, i);
        struct bytes head = bytes_cut(&value, ':');

        if (bytes_equal_nocase(bytes_trim(head), bytes_of(name)))
            return bytes_trim(value);
    }
    return (struct bytes){"", 0};
}

static bool has_skip(const struct wr_record *rec, const char *name)
{
    size_t count = wr_count(rec, REC_SKIP);

    for (size_t i = 0; i < count; i++)
        if (bytes_is(record_get_at(rec, REC_SKIP, i), name))
            return true;
    return false;
}

/* Turn the page as it came from the network into WR_PAGE; a page that cannot be read is only noted.
 */
static void decode_page(const struct work *work, struct task *task)
{
    struct wr_record *rec = task->rec;
    struct bytes raw = record_get(rec, REC_BODY);
    struct error err = {0};

    record_remove(rec, REC_BODY);
    if (raw.len == 0 || has_skip(rec, "decode"))
        return;
    chain_at(work->chain, CHAIN_DECODE);
    if (decode_body(raw, work_header(rec, REC_PAGE_HEADER, "content-encoding"), work->max_decoded,
            &task->page, &err) != OK) {
        record_set(rec, REC_PAGE_ERROR, bytes_of(err.text));
        return;
    }
    if (task->page.note[0] != '\0')
        record_add(rec, REC_NOTE, bytes_format(rec->arena, "decode\tpage %s", task->page.note));
    record_lend(rec, WR_PAGE, task->page.body);
    record_set_int(rec, REC_PAGE_BYTES, (int64_t)task->page.body.len);
    if (record_get(rec, WR_PAGE_TYPE).len == 0)
        record_set(rec, WR_PAGE_TYPE, work_header(rec, REC_PAGE_HEADER, "content-type"));
}

static void answer_record(struct work *work, struct task *task, const struct answers *to)
{
    static const int left_behind[] = {WR_PAGE, WR_FEED_CONTENT, WR_FIRST_SEEN, WR_PAGE_SHARED,
        WR_SITE_LINES, REC_BODY, REC_PAGE_HEADER, REC_SKIP};
    int64_t due;

    for (size_t i = 0; i < chain_emitted(task->run); i++)
        answer(to, ANSWER_EMITTED, chain_get_emitted(task->run, i));
    for (size_t i = 0; i < sizeof(left_behind) / sizeof(left_behind[0]); i++)
        record_remove(task->rec, left_behind[i]);
    record_remove(task->rec, REC_DUE);
    due = chain_due(work->chain);
    if (due > 0)
        record_set_int(task->rec, REC_DUE, due);
    answer(to, ANSWER_RECORD, task->rec);
}

static bool park(struct work *work, struct task *task, struct buf *body)
{
    for (size_t i = 0; i < WORKER_PARKED; i++) {
        if (work->parked[i] != NULL)
            continue;
        work->parked[i] = task;
        task->ticket = ++work->next_ticket;
        if (body != NULL) {
            task->body = *body;
            *body = (struct buf){0};
        }
        return true;
    }
    return false;
}

/* Go on with a task until it is through or must wait. body is the frame it lends from, NULL when it
 * has it. */
static void task_go(struct work *work, struct task *task, const wr_event *reply, struct buf *body,
    const struct answers *to)
{
    enum chain_state state = chain_go(task->run, reply);
    struct wr_record *ask;

    while (state == CHAIN_WAITS && !park(work, task, body))
        state = chain_go(task->run, NULL);
    chain_at(work->chain, CHAIN_IDLE);
    if (state == CHAIN_DONE) {
        answer_record(work, task, to);
        task_free(task);
        return;
    }
    ask = record_new(task->arena);
    record_set(ask, WR_URL, chain_url(task->run));
    record_set_int(ask, REC_SEQUENCE, task->ticket);
    answer(to, ANSWER_FETCH, ask);
}

/* What the daemon knows of a record in numbers, a stage reads in words. */
static void show_first_seen(struct wr_record *rec)
{
    int64_t seen = record_get_int(rec, REC_DUE, record_get_int(rec, REC_FIRST_SEEN, 0));
    char text[CLOCK_TEXT];

    if (seen > 0)
        record_set(rec, WR_FIRST_SEEN, bytes_of(clock_format(seen, text)));
}

/* An event of the log is given back: its article is the record, or the time at which a story was
 * told of without one. */
static void read_event(struct task *task)
{
    struct bytes text = record_get(task->rec, REC_TEXT);
    struct json *event;

    if (text.len > 0 && json_parse(task->arena, text, &event, NULL) == OK) {
        const struct json *data = json_get(event, "data");
        int64_t due;

        if (clock_parse(json_get_text(data, "asOf"), &due))
            record_set_int(task->rec, REC_DUE, due);
        else
            record_from_json(data, task->rec);
    }
    record_remove(task->rec, REC_TEXT);
}

static void do_record(
    struct work *work, struct task *task, struct buf *body, const struct answers *to)
{
    read_event(task);
    decode_page(work, task);
    show_first_seen(task->rec);
    task->run = record_get_int(task->rec, REC_DUE, 0) > 0 ? chain_start_due(work->chain, task->rec)
                                                          : chain_start(work->chain, task->rec);
    task_go(work, task, NULL, body, to);
}

static struct task *unpark(struct work *work, int64_t ticket)
{
    for (size_t i = 0; i < WORKER_PARKED; i++) {
        struct task *task = work->parked[i];

        if (task == NULL || task->ticket != ticket)
            continue;
        work->parked[i] = NULL;
        return task;
    }
    return NULL;
}

static void do_fetched(struct work *work, struct task *reply, const struct answers *to)
{
    struct task *task = unpark(work, record_get_int(reply->rec, REC_SEQUENCE, 0));
    wr_event event = {.size = sizeof(event), .cause = WR_FETCHED};
    struct error err = {0};
    struct decoded body = {0};
    int code;

    if (task == NULL) {
        fail(&err, E_NOT_FOUND, "no record waits for this document");
        answer_error(to, reply->arena, &err);
        return;
    }
    event.status = (int)record_get_int(reply->rec, REC_PAGE_STATUS, 0);
    chain_at(work->chain, CHAIN_DECODE);
    code = decode_body(record_get(reply->rec, REC_BODY),
        work_header(reply->rec, REC_HEADER, "content-encoding"), work->max_decoded, &body, &err);
    event.body = (wr_str){body.body.ptr, body.body.len};
    task_go(work, task, event.status == 0 || code != OK ? NULL : &event, NULL, to);
    decoded_done(&body);
}

static void do_save(struct work *work, struct task *task, const struct answers *to)
{
    struct wr_record *saved = record_new(task->arena);

    chain_save(work->chain, saved);
    answer(to, ANSWER_SAVED, saved);
}

static void do_load(struct work *work, struct task *task, const struct answers *to)
{
    struct wr_record *loaded = record_new(task->arena);

    chain_load_saved(work->chain, task->rec);
    for (size_t i = 0; i < wr_count(task->rec, REC_NOTE); i++)
        record_add(loaded, REC_NOTE, record_get_at(task->rec, REC_NOTE, i));
    answer(to, ANSWER_RECORD, loaded);
}

void work_do(struct work *work, int kind, struct buf *body, work_on_answer *on_answer, void *ctx)
{
    const struct answers to = {on_answer, ctx};
    struct task *task = task_new(work);
    struct error err = {0};

    if (record_decode(task->arena, buf_bytes(body), &task->rec, &err) != OK) {
        answer_error(&to, task->arena, &err);
    } else if (kind == JOB_RECORD || kind == JOB_ORDERED) {
        do_record(work, task, body, &to);
        return;
    } else if (kind == JOB_FETCHED) {
        do_fetched(work, task, &to);
    } else if (kind == JOB_SAVE) {
        do_save(work, task, &to);
    } else if (kind == JOB_LOAD) {
        do_load(work, task, &to);
    } else if (kind == JOB_ROBOTS) {
        work_robots(work, task->arena, task->rec, &to);
    } else if (work_is_document(kind)) {
        work_document(work, kind, task->arena, task->rec, &to);
    } else {
        fail(&err, E_USAGE, "there is no job of kind %d", kind);
        answer_error(&to, task->arena, &err);
    }
    task_free(task);
}

void work_describe(struct wr_record *request, work_on_answer *on_answer, void *ctx)
{
    const char *const *dirs = work_get_list(request, REC_STAGE_DIR);
    const char *name = record_get_cstr(request, REC_STAGE);
    struct wr_record *description = record_new(request->arena);
    struct module module;
    struct error err = {0};
    struct buf text = {0};
    char path[MODULE_PATH];

    if (module_load(request->arena, dirs, name, &module, &err) == OK) {
        module_print_json(&module, &text);
        module_close(&module);
    } else {
        struct json_writer w = {.out = &text};

        json_begin_object(&w, NULL);
        json_cstr(&w, "name", name);
        if (module_find(dirs, name, path))
            json_cstr(&w, "file", path);
        json_cstr(&w, "error", err.text);
        json_end_object(&w);
    }
    record_set(description, REC_TEXT, buf_bytes(&text));
    on_answer(ctx, ANSWER_TEXT, description);
    buf_done(&text);
}
