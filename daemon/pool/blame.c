/* blame.c - what a worker died of, in which stage, and what follows from it. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "pool/private.h"
#include "text/site.h"
#include "worker/sandbox.h"
#include "worker/worker.h"

static struct pool_stage *find_stage(struct pool *pool, struct bytes name)
{
    for (size_t i = 0; i < pool->stage_count; i++)
        if (bytes_is(name, pool->stages[i].name))
            return &pool->stages[i];
    return NULL;
}

static void copy_name(char to[MODULE_NAME + 1], struct bytes name)
{
    snprintf(to, MODULE_NAME + 1, "%.*s", FMT(name));
}

void stages_read(struct pool *pool, const struct wr_record *ready)
{
    size_t count = wr_count(ready, REC_STAGE);
    struct pool_stage read[CHAIN_STAGES] = {0};

    for (size_t i = 0; i < count && i < CHAIN_STAGES; i++) {
        struct bytes line = record_get_at(ready, REC_STAGE, i);
        struct bytes name = bytes_cut(&line, '\t');
        struct pool_stage *known = find_stage(pool, name);
        int64_t flags = 0;

        if (known != NULL)
            read[i] = *known;
        read[i].blame = (struct blame){0};
        copy_name(read[i].name, name);
        copy_name(read[i].version, bytes_cut(&line, '\t'));
        bytes_to_int(line, &flags);
        read[i].flags = (uint32_t)flags;
    }
    memcpy(pool->stages, read, sizeof(read));
    pool->stage_count = count < CHAIN_STAGES ? count : CHAIN_STAGES;
}

/* A trace that was made before this job is not counted again: plain stages run in plain jobs only.
 */
static bool was_run(const struct pool_stage *stage, const struct job *job)
{
    return ((stage->flags & WR_ORDERED) != 0) == (job->ask.kind == JOB_ORDERED) &&
           !job->ask.restore;
}

void stages_count(struct pool *pool, const struct job *job, const struct wr_record *answer)
{
    struct bytes line;
    size_t at = 0;

    while (record_next(answer, REC_TRACE, &at, &line)) {
        struct pool_stage *stage = find_stage(pool, bytes_cut(&line, '\t'));
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

/* The fields of a job's record that tell whose it is. */
enum { FROM_FEED, FROM_PAGE, FROM_URL, FROM_BODY, FROM_MOST };

static void read_from(const struct job *job, struct bytes ret_from[FROM_MOST])
{
    static const int fields[FROM_MOST] = {[FROM_FEED] = REC_FEED_URL,
        [FROM_PAGE] = WR_PAGE_URL,
        [FROM_URL] = WR_URL,
        [FROM_BODY] = REC_URL};

    for (size_t i = 0; i < FROM_MOST; i++)
        ret_from[i] = (struct bytes){"", 0};
    if (job == NULL || record_peek(bytes_from(buf_bytes(&job->frame), FRAME_HEAD), fields,
                           FROM_MOST, ret_from, NULL) != OK)
        return;
    for (size_t i = FROM_URL; i < FROM_MOST && ret_from[FROM_PAGE].len == 0; i++)
        ret_from[FROM_PAGE] = ret_from[i];
}

static struct origin origin_of(const struct bytes from[FROM_MOST])
{
    return (struct origin){.feed = site_key(from[FROM_FEED]), .page = site_key(from[FROM_PAGE])};
}

static void leave_out(struct job *job, const struct pool_stage *stage)
{
    char trace[MODULE_NAME + 16];

    job_add(job, REC_SKIP, stage->name);
    if (((stage->flags & WR_ORDERED) != 0) != (job->ask.kind == JOB_ORDERED))
        return;
    snprintf(trace, sizeof(trace), "%s\t0\tskipped", stage->name);
    job_add(job, REC_TRACE, trace);
}

void stages_leave_out(struct pool *pool, struct job *job)
{
    int64_t now = clock_mono();
    struct bytes from[FROM_MOST];
    struct origin origin;

    if (now >= pool->resting || (job->ask.kind != JOB_RECORD && job->ask.kind != JOB_ORDERED))
        return;
    read_from(job, from);
    origin = origin_of(from);
    for (size_t i = 0; i < pool->stage_count; i++) {
        const struct pool_stage *stage = &pool->stages[i];

        if ((job->left_out & 1ULL << i) != 0 || !blame_is_aside(&stage->blame, origin, now))
            continue;
        job->left_out |= 1ULL << i;
        leave_out(job, stage);
    }
}

void stages_come_back(struct pool *pool)
{
    struct child *child;
    bool any = false;

    for (size_t i = 0; i < pool->stage_count; i++) {
        struct pool_stage *stage = &pool->stages[i];

        if (!stage->blame.rests || clock_mono() < stage->blame.stage.until)
            continue;
        stage->blame.rests = false;
        any = true;
        log_about(LOG_LEVEL_INFO,
            &(struct log_about){.message = MESSAGE_STAGE_ASIDE, .stage = stage->name},
            "stage is tried again: stage=%s", stage->name);
    }
    TAILQ_FOREACH(child, &pool->children, link)
    if (any && child->is_short && child->seat != NULL)
        child_replace(child);
}

void pool_rests(
    const struct pool *pool, void (*each)(void *ctx, const struct pool_rest *rest), void *ctx)
{
    int64_t now = clock_mono();

    for (size_t i = 0; i < pool->stage_count; i++) {
        const struct pool_stage *stage = &pool->stages[i];

        if (stage->blame.rests)
            each(ctx, &(struct pool_rest){stage->name, NULL, stage->blame.stage.until});
        for (size_t k = 0; k < ASIDE_SITES; k++)
            if (stage->blame.sites[k].until > now)
                each(ctx, &(struct pool_rest){stage->name, stage->blame.sites[k].name,
                              stage->blame.sites[k].until});
    }
}

size_t stages_set_aside(const struct pool *pool, const char **ret_names)
{
    size_t count = 0;

    for (size_t i = 0; i < pool->stage_count; i++)
        if (pool->stages[i].blame.rests)
            ret_names[count++] = pool->stages[i].name;
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
    if (*ret_stage) /* the names come when it is ready */
        return child->ready ? child->stages[step - CHAIN_STEP_STAGE]
                            : child->pool->stages[step - CHAIN_STEP_STAGE].name;
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
    fail(err, E_CRASH, "made the forbidden system call %s (%u)", name, call - 1);
    free(name);
    return E_CRASH;
}

static int crashed(const struct child *child, struct error *err)
{
    const char *name = sigabbrev_np(child->signal);

    name = name == NULL ? "?" : name;
    if (child->place != NULL && child->place->refused != 0)
        return fail(err, E_LIMIT,
            "wanted more memory than workers.memory (%" PRId64 " MiB) and crashed (SIG%s)",
            child->pool->conf->workers.memory >> 20, name);
    return fail(err, E_CRASH, "crashed (SIG%s)", name);
}

static int cause_of(const struct child *child, struct error *err)
{
    const struct conf *conf = child->pool->conf;

    if (child->overdue && child->ready)
        return fail(
            err, E_TIMEOUT, "took longer than %.3g s", (double)conf->workers.deadline / SECOND);
    if (child->overdue)
        return fail(err, E_TIMEOUT, "did not open its stages within %d s", POOL_PROBE);
    if (child->distrust != NULL)
        return fail(err, E_CRASH, "said %s", child->distrust);
    if (child->signal == SIGSYS)
        return forbidden(child, err);
    if (child->signal == SIGKILL)
        return fail(err, E_CRASH, "was killed from outside");
    if (child->signal != 0)
        return crashed(child, err);
    if (child->status == EXIT_MEMORY)
        return fail(err, E_LIMIT, "wanted more memory than workers.memory (%" PRId64 " MiB)",
            conf->workers.memory >> 20);
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

static void count_death(struct pool *pool, const char *name, const struct bytes from[FROM_MOST],
    const struct error *err)
{
    struct pool_stage *stage = find_stage(pool, bytes_of(name));
    struct origin origin = origin_of(from);
    int64_t now = clock_mono();
    int64_t rest = 0;
    uint64_t site = 0;

    if (stage == NULL)
        return;
    stage->killed++;
    if (blame_death(&stage->blame, origin, now, &site, &rest)) {
        log_about(LOG_LEVEL_ERROR,
            &(struct log_about){.message = MESSAGE_STAGE_ASIDE, .stage = name},
            "stage set aside: stage=%s killed workers over records of %d sites within a "
            "minute, the last one %s; records go on without it for %" PRId64 " s",
            name, ASIDE_DEATHS, err->text, rest / SECOND);
    } else if (site != 0) {
        struct bytes named = site_of(from[site == origin.feed ? FROM_FEED : FROM_PAGE]);

        blame_name(&stage->blame, site, named);
        log_about(LOG_LEVEL_WARNING,
            &(struct log_about){.message = MESSAGE_STAGE_ASIDE, .site = named, .stage = name},
            "site set aside: stage=%s site=%.*s killed %d workers within a minute, the last "
            "one %s; its records go on without the stage for %" PRId64 " s",
            name, FMT(named), ASIDE_DEATHS, err->text, rest / SECOND);
    }
    if (now + rest > pool->resting)
        pool->resting = now + rest;
}

void blame_dead(struct child *child, struct job *job)
{
    struct bytes from[FROM_MOST];
    bool stage;
    const char *name = blamed(child, &stage);
    struct error err = {0};
    bool record = job != NULL && (job->ask.kind == JOB_RECORD || job->ask.kind == JOB_ORDERED);

    cause_of(child, &err);
    read_from(job, from);
    log_about(LOG_LEVEL_WARNING,
        &(struct log_about){.message = MESSAGE_WORKER_DIED, .url = from[FROM_URL], .stage = name},
        "worker died: stage=%s cause=\"%s\" record=%.*s", name, err.text,
        FMT(from[from[FROM_URL].len > 0 ? FROM_URL : FROM_BODY]));
    if (stage)
        count_death(child->pool, name, from, &err);
    if (job == NULL)
        return;
    if (record && ++job->deaths == 1) {
        note_on(job, child, name, &err);
        pool_requeue(child->pool, job);
        return;
    }
    if (name[0] != '\0')
        fail_in(&err, "%s", name);
    pool_over(child->pool, job, &err);
}

size_t pool_stages(const struct pool *pool, struct pool_stage_view *ret_stages, size_t room)
{
    for (size_t i = 0; i < pool->stage_count && i < room; i++) {
        const struct pool_stage *s = &pool->stages[i];

        ret_stages[i] = (struct pool_stage_view){.name = s->name,
            .version = s->version,
            .records = s->records,
            .failed = s->failed,
            .killed = s->killed,
            .time = s->time,
            .set_aside = s->blame.rests};
    }
    return pool->stage_count;
}
