/* inline.c - the same jobs in this process: for debuggers, which see no other. */
#include "base/log.h"
#include "pool/private.h"

struct inline_job {
    struct enrich *enrich;
    struct job *job; /* NULL once it is done or parked */
};

static int open_one(
    const struct conf *conf, enum chain_kind kind, struct work **ret_work, struct error *err)
{
    struct arena *arena = arena_new(RECORD_LIMIT);
    struct wr_record *request = record_new(arena);
    struct work_settings settings;
    int code;

    work_request(request, conf, kind, NULL);
    work_read_request(request, &settings);
    code = work_open(&settings, NULL, ret_work, err);
    arena_free(arena);
    return code;
}

static int open_both(struct enrich *enrich, const struct conf *conf, struct error *err)
{
    struct work *plain = NULL;
    struct work *ordered = NULL;
    struct arena *arena;
    struct wr_record *ready;
    int code = open_one(conf, CHAIN_PLAIN, &plain, err);

    if (code == OK && enrich->ordered)
        code = open_one(conf, CHAIN_ORDERED, &ordered, err);
    if (code != OK) {
        work_close(plain);
        return code;
    }
    inline_close(enrich);
    enrich->inline_plain = plain;
    enrich->inline_ordered = ordered;
    arena = arena_new(RECORD_LIMIT);
    ready = record_new(arena);
    work_ready(plain, ready);
    stages_read(enrich, ready);
    arena_free(arena);
    return OK;
}

int inline_open(struct enrich *enrich, struct error *err)
{
    return open_both(enrich, enrich->conf, err);
}

int inline_reload(struct enrich *enrich, const struct conf *conf, struct error *err)
{
    int code = open_both(enrich, conf, err);

    if (code == OK) {
        enrich->conf = conf;
        if (enrich->ordered)
            pool_ordered_ready(enrich);
    }
    return code;
}

void inline_close(struct enrich *enrich)
{
    work_close(enrich->inline_plain);
    work_close(enrich->inline_ordered);
    enrich->inline_plain = NULL;
    enrich->inline_ordered = NULL;
}

static void on_answer(void *ctx, int kind, const struct wr_record *answer)
{
    struct inline_job *at = ctx;
    struct buf body = {.limit = FRAME_LIMIT};

    if (at->job == NULL || at->enrich->closing)
        return;
    record_encode(answer, &body);
    if (pool_answer(at->enrich, at->job, kind, buf_bytes(&body)) != POOL_MORE)
        at->job = NULL;
    buf_done(&body);
}

static struct job *take(struct jobs *jobs)
{
    struct job *job = TAILQ_FIRST(jobs);

    if (job != NULL)
        TAILQ_REMOVE(jobs, job, link);
    return job;
}

static void run(struct enrich *enrich, struct work *work, struct job *job, struct buf *frame)
{
    struct inline_job at = {enrich, job};
    struct buf body = {.limit = FRAME_LIMIT};
    int kind = (unsigned char)frame->ptr[FRAME_HEAD - 1];

    buf_add(&body, bytes_from(buf_bytes(frame), FRAME_HEAD));
    buf_done(frame);
    work_do(work, kind, &body, on_answer, &at);
    buf_done(&body);
    if (at.job != NULL) {
        struct error err = {0};

        fail(&err, E_STOPPED, "the stages are going down");
        pool_over(enrich, at.job, &err);
    }
}

/* One job a turn of the loop, so that everything else has its turn too. */
void inline_run(struct enrich *enrich)
{
    struct job *job;

    TAILQ_FOREACH(job, &enrich->parked, link)
    if (job->reply.len > 0)
        break;
    if (job != NULL) {
        TAILQ_REMOVE(&enrich->parked, job, link);
        run(enrich, enrich->inline_plain, job, &job->reply);
    } else if ((job = queue_take(&enrich->plain, true)) != NULL) {
        run(enrich, enrich->inline_plain, job, &job->frame);
    } else if ((job = take(enrich->restoring ? &enrich->restore : &enrich->in_order)) != NULL) {
        run(enrich, enrich->inline_ordered, job, &job->frame);
    } else {
        return;
    }
    pool_dispatch(enrich);
}
