/* blame.c - what a worker died of, in which stage, and what follows from it. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "enrich/pool.h"
#include "worker/sandbox.h"
#include "worker/worker.h"

static struct pool_stage *find_stage(struct enrich *enrich, struct bytes name)
{
    for (size_t i = 0; i < enrich->stage_count; i++)
        if (bytes_is(name, enrich->stages[i].name))
            return &enrich->stages[i];
    return NULL;
}

static void copy_name(char to[MODULE_NAME + 1], struct bytes name)
{
    snprintf(to, MODULE_NAME + 1, "%.*s", FMT(name));
}

void stages_read(struct enrich *enrich, const struct wr_record *ready)
{
    size_t count = wr_count(ready, REC_STAGE);
    struct pool_stage read[CHAIN_STAGES] = {0};

    for (size_t i = 0; i < count && i < CHAIN_STAGES; i++) {
        struct bytes line = record_get_at(ready, REC_STAGE, i);
        struct bytes name = bytes_cut(&line, '\t');
        struct pool_stage *known = find_stage(enrich, name);
        int64_t flags = 0;

        if (known != NULL)
            read[i] = *known;
        read[i].set_aside = false;
        memset(read[i].deaths, 0, sizeof(read[i].deaths));
        copy_name(read[i].name, name);
        copy_name(read[i].version, bytes_cut(&line, '\t'));
        bytes_to_int(line, &flags);
        read[i].flags = (uint32_t)flags;
    }
    memcpy(enrich->stages, read, sizeof(read));
    enrich->stage_count = count < CHAIN_STAGES ? count : CHAIN_STAGES;
}

/* A trace that was made before this job is not counted again: plain stages run in plain jobs only.
 */
static bool was_run(const struct pool_stage *stage, const struct job *job)
{
    return ((stage->flags & WR_ORDERED) != 0) == (job->ask.kind == JOB_ORDERED) &&
           !job->ask.restore;
}

void stages_count(struct enrich *enrich, const struct job *job, const struct wr_record *answer)
{
    size_t count = wr_count(answer, REC_TRACE);

    for (size_t i = 0; i < count; i++) {
        struct bytes line = record_get_at(answer, REC_TRACE, i);
        struct pool_stage *stage = find_stage(enrich, bytes_cut(&line, '\t'));
        int64_t time = 0;

        if (stage == NULL || !was_run(stage, job) || bytes_ends(line, LIT("skipped")))
            continue;
        bytes_to_int(bytes_cut(&line, '\t'), &time);
        stage->records++;
        stage->time += time;
        stage->failed += bytes_is(line, "ok") ? 0 : 1;
    }
}

/* Add a value to the request of a job that is not under way. */
static void job_add(struct job *job, int field, const char *text)
{
    struct arena *arena = arena_new(8192);
    struct wr_record *more = record_new(arena);

    record_add(more, field, bytes_of(text));
    record_encode(more, &job->frame);
    frame_end(&job->frame, 0);
    arena_free(arena);
}

void stages_leave_out(struct enrich *enrich, struct job *job)
{
    char trace[MODULE_NAME + 16];

    if (job->ask.kind != JOB_RECORD && job->ask.kind != JOB_ORDERED)
        return;
    for (size_t i = 0; i < enrich->stage_count; i++) {
        const struct pool_stage *stage = &enrich->stages[i];

        if (!stage->set_aside || (job->left_out & 1ULL << i) != 0)
            continue;
        job->left_out |= 1ULL << i;
        job_add(job, REC_SKIP, stage->name);
        if (((stage->flags & WR_ORDERED) != 0) != (job->ask.kind == JOB_ORDERED))
            continue;
        snprintf(trace, sizeof(trace), "%s\t0\tskipped", stage->name);
        job_add(job, REC_TRACE, trace);
    }
}

size_t stages_set_aside(const struct enrich *enrich, const char **ret_names)
{
    size_t count = 0;

    for (size_t i = 0; i < enrich->stage_count; i++)
        if (enrich->stages[i].set_aside)
            ret_names[count++] = enrich->stages[i].name;
    ret_names[count] = NULL;
    return count;
}

/* Who was at work: a stage's name, or what the worker did itself, or "" when it did nothing. */
static const char *blamed(const struct child *child, bool *ret_stage)
{
    uint32_t step = child->place == NULL ? CHAIN_IDLE : child->place->step;

    if (step == CHAIN_IDLE && child->distrust != NULL && child->place != NULL)
        step = child->place->last;
    *ret_stage = step >= CHAIN_STEP_STAGE && step < CHAIN_STEP_STAGE + CHAIN_STAGES;
    if (*ret_stage)
        return child->stages[step - CHAIN_STEP_STAGE];
    return step == CHAIN_DECODE     ? "decode"
           : step == CHAIN_FEED     ? "feed"
           : step == CHAIN_STARTING ? "start"
                                    : "";
}

static int forbidden(const struct child *child, struct error *err)
{
    uint32_t call = child->place == NULL ? 0 : child->place->call;
    char *name = NULL;

    if (call > 0)
        name = sandbox_call_name(call - 1);
    if (name == NULL)
        return fail(err, E_CRASH, "made a forbidden system call");
    fail(err, E_CRASH, "made a forbidden system call: %s()", name);
    free(name);
    return E_CRASH;
}

static int cause_of(const struct child *child, struct error *err)
{
    const struct conf *conf = child->enrich->conf;

    if (child->overdue && child->ready)
        return fail(
            err, E_TIMEOUT, "took longer than %.3g s", (double)conf->workers.deadline / SECOND);
    if (child->overdue)
        return fail(err, E_TIMEOUT, "did not open its stages within %d s", ENRICH_PROBE);
    if (child->distrust != NULL)
        return fail(err, E_CRASH, "said %s", child->distrust);
    if (child->signal == SIGSYS)
        return forbidden(child, err);
    if (child->signal == SIGKILL)
        return fail(err, E_CRASH, "was killed from outside");
    if (child->signal != 0)
        return fail(err, E_CRASH, "crashed (SIG%s)",
            sigabbrev_np(child->signal) == NULL ? "?" : sigabbrev_np(child->signal));
    if (child->status == EXIT_MEMORY)
        return fail(
            err, E_LIMIT, "needed more than %" PRId64 " MiB of memory", conf->workers.memory >> 20);
    if (child->status == EXIT_WORKER)
        return fail(err, E_CRASH, "ended because its pipe was closed");
    return fail(err, E_CRASH, "ended with status %" PRId64, child->status);
}

/* The same record goes once more, without what it died in. */
static void note_on(
    struct job *job, const struct child *child, const char *name, const struct error *err)
{
    int64_t began = child->place == NULL ? 0 : child->place->began;
    int64_t spent = began == 0 ? 0 : clock_mono() - began;
    char text[CHAIN_NOTE];

    snprintf(
        text, sizeof(text), "%s\tleft out: it %s", name[0] == '\0' ? "worker" : name, err->text);
    job_add(job, REC_NOTE, text);
    if (name[0] == '\0')
        return;
    job_add(job, REC_SKIP, name);
    snprintf(text, sizeof(text), "%s\t%" PRId64 "\t%s", name, spent,
        err->code == E_TIMEOUT ? "timeout" : "error");
    job_add(job, REC_TRACE, text);
}

static void count_death(struct enrich *enrich, const char *name, const struct error *err)
{
    struct pool_stage *stage = find_stage(enrich, bytes_of(name));
    int64_t now = clock_mono();

    if (stage == NULL)
        return;
    stage->killed++;
    memmove(stage->deaths, stage->deaths + 1, sizeof(stage->deaths) - sizeof(stage->deaths[0]));
    stage->deaths[POOL_DEATHS - 1] = now;
    if (stage->set_aside || stage->deaths[0] == 0 || now - stage->deaths[0] > POOL_DEATHS_WITHIN)
        return;
    stage->set_aside = true;
    log_error("stage set aside: stage=%s killed %d workers within a minute, the last one %s; "
              "records go on without "
              "it until the next reload",
        stage->name, POOL_DEATHS, err->text);
}

static struct bytes job_url(struct arena *arena, const struct job *job)
{
    struct wr_record *rec;
    struct bytes url;

    if (job == NULL ||
        record_decode(arena, bytes_from(buf_bytes(&job->frame), FRAME_HEAD), &rec, NULL) != OK)
        return (struct bytes){"", 0};
    url = record_get(rec, WR_URL);
    return url.len > 0 ? url : record_get(rec, REC_URL);
}

void blame_dead(struct child *child, struct job *job)
{
    struct arena *arena = arena_new(RECORD_LIMIT);
    bool stage;
    const char *name = blamed(child, &stage);
    struct bytes url = job_url(arena, job);
    struct error err = {0};
    bool record = job != NULL && (job->ask.kind == JOB_RECORD || job->ask.kind == JOB_ORDERED);

    cause_of(child, &err);
    log_warning("worker died: stage=%s cause=\"%s\" record=%.*s", name, err.text, FMT(url));
    arena_free(arena);
    if (stage)
        count_death(child->enrich, name, &err);
    if (job == NULL)
        return;
    if (record && ++job->deaths == 1) {
        note_on(job, child, name, &err);
        pool_requeue(child->enrich, job);
        return;
    }
    if (name[0] != '\0')
        fail_in(&err, "%s", name);
    pool_over(child->enrich, job, &err);
}
