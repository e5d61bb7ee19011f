/* chain.c - in which order stages see a record, and what becomes of their verdicts. */
#include "worker/chain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "worker/host.h"

enum { CHAIN_MEMORY = 256 << 20 };

struct chain {
    struct arena *arena; /* the stages' own structs and options */
    struct module modules[CHAIN_STAGES];
    bool skipped[CHAIN_STAGES];
    size_t count;
    struct stage_files files;
    struct chain_place *place;
};

struct chain_run {
    struct chain *chain;
    struct passage *passages[1 + CHAIN_EMITTED]; /* the record, then those emitted over it */
    size_t count;
    size_t at; /* the one under way */
    bool due;  /* the record is no article */
    size_t fetches;
};

struct chain *chain_new(struct chain_place *place)
{
    struct chain *chain = calloc(1, sizeof(*chain));

    if (chain == NULL)
        arena_out_of_memory(sizeof(*chain));
    chain->arena = arena_new(CHAIN_MEMORY);
    chain->place = place;
    return chain;
}

static int take(struct chain *chain, int code, const struct given_option *given, size_t count,
    struct error *err)
{
    struct module *module = &chain->modules[chain->count];

    if (code != OK)
        return code;
    chain->count++;
    for (size_t i = 0; i + 1 < chain->count; i++)
        if (strcmp(chain->modules[i].stage.name, module->stage.name) == 0)
            return fail(err, E_USAGE, "stage %s: stands in the chain twice", module->stage.name);
    return module_configure(chain->arena, module, given, count, err);
}

static int check_room(const struct chain *chain, struct error *err)
{
    if (chain->count < CHAIN_STAGES)
        return OK;
    return fail(err, E_LIMIT, "the chain has more than %d stages", CHAIN_STAGES);
}

int chain_load(struct chain *chain, const char *const *dirs, const char *name,
    const struct given_option *given, size_t count, struct error *err)
{
    int code = check_room(chain, err);

    if (code == OK)
        code = module_load(chain->arena, dirs, name, &chain->modules[chain->count], err);
    return take(chain, code, given, count, err);
}

int chain_add(struct chain *chain, const wr_stage *stage, const struct given_option *given,
    size_t count, struct error *err)
{
    int code = check_room(chain, err);

    if (code == OK)
        code = module_take(chain->arena, stage, &chain->modules[chain->count], err);
    return take(chain, code, given, count, err);
}

static enum chain_kind kind_of(const struct module *module)
{
    return (module->stage.flags & WR_ORDERED) != 0 ? CHAIN_ORDERED : CHAIN_PLAIN;
}

void chain_take_files(struct chain *chain, const struct stage_file *files, size_t count)
{
    for (size_t i = 0; i < count && i < FILES_MOST; i++) {
        chain->files.at[i] = files[i];
        chain->files.bytes += files[i].text.len;
        chain->files.count++;
    }
}

const struct stage_files *chain_files(const struct chain *chain)
{
    return &chain->files;
}

/* Each thread is a folder in there. */
static nlink_t threads(void)
{
    struct stat st;

    return stat("/proc/self/task", &st) == 0 ? st.st_nlink : 0;
}

int chain_open(struct chain *chain, enum chain_kind kind, struct error *err)
{
    nlink_t before = threads();
    int code = OK;

    for (size_t i = 0; i < chain->count && code == OK; i++) {
        struct module *module = &chain->modules[i];

        if ((kind_of(module) & kind) == 0 || chain->skipped[i])
            continue;
        chain_at(chain, CHAIN_STEP_STAGE + (uint32_t)i);
        code = module_read_files(chain->arena, module, &chain->files, err);
        if (code == OK)
            code = module_open(module, err);
        if (chain->place != NULL && threads() > before)
            chain->place->threads = CHAIN_STEP_STAGE + (uint32_t)i;
        before = threads();
    }
    return code;
}

void chain_free(struct chain *chain)
{
    if (chain == NULL)
        return;
    for (size_t i = chain->count; i > 0; i--)
        module_close(&chain->modules[i - 1]);
    arena_free(chain->arena);
    free(chain);
}

bool chain_skip(struct chain *chain, const char *name)
{
    for (size_t i = 0; i < chain->count; i++)
        if (strcmp(chain->modules[i].stage.name, name) == 0)
            return chain->skipped[i] = true;
    return false;
}

const wr_stage *chain_stage(const struct chain *chain, size_t i)
{
    return i < chain->count ? &chain->modules[i].stage : NULL;
}

void chain_at(struct chain *chain, uint32_t step)
{
    if (chain->place == NULL)
        return;
    chain->place->began = clock_mono();
    chain->place->step = step;
}

static struct passage *run_add(struct chain_run *run, struct wr_record *rec)
{
    struct passage *passage = passage_of(rec);

    passage->run = run;
    run->passages[run->count++] = passage;
    return passage;
}

struct passage *passage_emit(struct passage *parent)
{
    struct chain_run *run = parent->run;
    struct passage *passage;

    if (run == NULL || run->count > CHAIN_EMITTED) {
        passage_note(parent, "makes more than %d records of one", CHAIN_EMITTED);
        return NULL;
    }
    passage = run_add(run, record_new(parent->rec->arena));
    passage->at = parent->at;
    passage->stage = parent->stage;
    passage->emitted = true;
    return passage;
}

static bool is_left_out(const struct wr_record *rec, const char *name)
{
    size_t count = wr_count(rec, REC_SKIP);

    for (size_t i = 0; i < count; i++)
        if (bytes_is(record_get_at(rec, REC_SKIP, i), name))
            return true;
    return false;
}

/* What the stage set and could not, on the record or on one it made. */
static void note_refused(struct chain_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        struct wr_record *rec = run->passages[i]->rec;

        if (rec->refused == NULL)
            continue;
        passage_note(run->passages[i], "%s", rec->refused);
        rec->refused = NULL;
    }
}

static int call(struct chain *chain, struct passage *passage, const wr_event *event)
{
    struct module *module = &chain->modules[passage->at];
    int64_t began = clock_mono();
    int verdict;

    passage->stage = module->stage.name;
    passage->wanted = (struct bytes){NULL, 0};
    chain_at(chain, CHAIN_STEP_STAGE + (uint32_t)passage->at);
    if (chain->place != NULL)
        chain->place->last = CHAIN_STEP_STAGE + (uint32_t)passage->at;
    host_enter(passage->stage, passage);
    errno = 0;
    verdict = module->stage.process(module->self, passage->rec, event);
    host_enter("stage", NULL);
    note_refused(passage->run);
    chain_at(chain, CHAIN_IDLE);
    passage->spent += clock_mono() - began;
    return verdict;
}

/* WR_WAIT is granted while documents are left; in the ordered worker everybody else would wait too.
 */
static bool may_wait(struct chain_run *run, const struct passage *passage)
{
    return passage->wanted.len > 0 && run->fetches++ < CHAIN_FETCHES &&
           kind_of(&run->chain->modules[passage->at]) == CHAIN_PLAIN;
}

static bool is_due(const struct chain_run *run, const struct passage *passage)
{
    return run->due && passage == run->passages[0];
}

/* Let the stage under way work until it gives a verdict or must wait. */
static int call_until_verdict(struct chain_run *run, struct passage *passage, const wr_event *reply)
{
    static const wr_event arrived = {.size = sizeof(wr_event), .cause = WR_ARRIVED};
    static const wr_event unfetched = {.size = sizeof(wr_event), .cause = WR_UNFETCHED};
    static const wr_event due = {.size = sizeof(wr_event), .cause = WR_DUE};
    const wr_event *event = is_due(run, passage) ? &due
                            : !passage->waiting  ? &arrived
                            : reply != NULL      ? reply
                                                 : &unfetched;
    int verdict;

    passage->waiting = false;
    verdict = call(run->chain, passage, event);
    for (int refused = 0; verdict == WR_WAIT && refused <= CHAIN_FETCHES; refused++) {
        if (may_wait(run, passage)) {
            passage->waiting = true;
            return WR_WAIT;
        }
        verdict = call(run->chain, passage, &unfetched);
    }
    return verdict;
}

static void trace(struct passage *passage, const char *outcome)
{
    struct wr_record *rec = passage->rec;

    record_add(rec, REC_TRACE,
        bytes_format(rec->arena, "%s\t%" PRId64 "\t%s", passage->stage, passage->spent, outcome));
    passage->spent = 0;
}

/* The next stage after a verdict; false when there is none for this record. */
static bool judge(struct passage *passage, int verdict)
{
    if (verdict == WR_NEXT || verdict == WR_DROP) {
        trace(passage, "ok");
    } else {
        if (verdict == WR_WAIT)
            passage_note(passage, "waits, but not for a document");
        else if (verdict != WR_FAILED)
            passage_note(passage, "gave the verdict %d, which does not exist", verdict);
        trace(passage, "error");
    }
    if (verdict == WR_DROP)
        record_set(passage->rec, REC_DROPPED, LIT("true"));
    return verdict != WR_DROP;
}

static enum chain_state passage_go(
    struct chain_run *run, struct passage *passage, const wr_event *reply)
{
    const struct chain *chain = run->chain;

    if (passage->emitted)
        passage->at++;
    passage->emitted = false;
    for (; passage->at < chain->count; passage->at++) {
        const struct module *module = &chain->modules[passage->at];
        int verdict;

        if (!module->open || chain->skipped[passage->at])
            continue;
        if (is_due(run, passage) && module->stage.due == NULL)
            continue;
        if (!passage->waiting && is_left_out(passage->rec, module->stage.name))
            continue;
        verdict = call_until_verdict(run, passage, reply);
        if (passage->waiting)
            return CHAIN_WAITS;
        if (!judge(passage, verdict))
            break;
    }
    return CHAIN_DONE;
}

struct chain_run *chain_start(struct chain *chain, struct wr_record *rec)
{
    struct chain_run *run = arena_alloc(rec->arena, sizeof(*run));

    run->chain = chain;
    rec->host = NULL; /* of an earlier run */
    run_add(run, rec);
    return run;
}

struct chain_run *chain_start_due(struct chain *chain, struct wr_record *rec)
{
    struct chain_run *run = chain_start(chain, rec);

    run->due = true;
    return run;
}

int64_t chain_due(struct chain *chain)
{
    int64_t first = 0;

    for (size_t i = 0; i < chain->count; i++) {
        struct module *module = &chain->modules[i];
        int64_t due;

        if (!module->open || chain->skipped[i] || module->stage.due == NULL ||
            kind_of(module) != CHAIN_ORDERED)
            continue;
        chain_at(chain, CHAIN_STEP_STAGE + (uint32_t)i);
        due = module->stage.due(module->self);
        if (due > 0 && (first == 0 || due < first))
            first = due;
    }
    chain_at(chain, CHAIN_IDLE);
    return first > INT64_MAX / SECOND ? 0 : first * SECOND;
}

enum chain_state chain_go(struct chain_run *run, const wr_event *reply)
{
    for (; run->at < run->count; run->at++)
        if (passage_go(run, run->passages[run->at], reply) == CHAIN_WAITS)
            return CHAIN_WAITS;
    return CHAIN_DONE;
}

void chain_cancel(struct chain_run *run)
{
    struct passage *passage = run->at < run->count ? run->passages[run->at] : NULL;
    struct module *module;

    if (passage == NULL || !passage->waiting)
        return;
    module = &run->chain->modules[passage->at];
    if (module->stage.cancel != NULL)
        module->stage.cancel(module->self, passage->rec);
    passage->waiting = false;
}

struct bytes chain_url(const struct chain_run *run)
{
    return run->at < run->count ? run->passages[run->at]->wanted : (struct bytes){"", 0};
}

size_t chain_emitted(const struct chain_run *run)
{
    return run->count - 1;
}

struct wr_record *chain_get_emitted(const struct chain_run *run, size_t i)
{
    return run->passages[i + 1]->rec;
}

static int64_t saves_of(const struct module *module)
{
    size_t saves = module->stage.saves != NULL ? module->stage.saves(module->self) : 1;

    return saves > INT32_MAX ? INT32_MAX : (int64_t)saves;
}

void chain_save(struct chain *chain, struct wr_record *saved)
{
    for (size_t i = 0; i < chain->count; i++) {
        struct module *module = &chain->modules[i];
        wr_str memory;

        if (!module->open || module->stage.save == NULL || kind_of(module) != CHAIN_ORDERED)
            continue;
        chain_at(chain, CHAIN_STEP_STAGE + (uint32_t)i);
        host_enter(module->stage.name, NULL);
        memory = module->stage.save(module->self);
        if (memory.len > 0) {
            record_add(saved, REC_STAGE, bytes_of(module->stage.name));
            record_lend_more(saved, REC_BODY, (struct bytes){memory.ptr, memory.len});
        }
        record_add(saved, REC_SAVES,
            bytes_format(saved->arena, "%s\t%" PRId64, module->stage.name, saves_of(module)));
    }
    chain_at(chain, CHAIN_IDLE);
}

static void load_one(struct chain *chain, size_t i, struct wr_record *saved, struct bytes memory)
{
    struct module *module = &chain->modules[i];

    if (!module->open || module->stage.load == NULL)
        return;
    chain_at(chain, CHAIN_STEP_STAGE + (uint32_t)i);
    host_enter(module->stage.name, NULL);
    if (module->stage.load(module->self, (wr_str){memory.ptr, memory.len}) != 0)
        record_add(saved, REC_NOTE,
            bytes_format(saved->arena, "%s\tdoes not know its saved memory and starts without",
                module->stage.name));
}

void chain_load_saved(struct chain *chain, struct wr_record *saved)
{
    size_t pairs = wr_count(saved, REC_STAGE);

    for (size_t n = 0; n < pairs; n++)
        for (size_t i = 0; i < chain->count; i++)
            if (bytes_is(record_get_at(saved, REC_STAGE, n), chain->modules[i].stage.name))
                load_one(chain, i, saved, record_get_at(saved, REC_BODY, n));
    chain_at(chain, CHAIN_IDLE);
}
