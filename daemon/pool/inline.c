/* inline.c - the same jobs in this process: for debuggers, which see no other. */
#include "base/log.h"
#include "pool/private.h"

struct inline_job {
    struct pool *pool;
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

static int open_both(struct pool *pool, const struct conf *conf, struct error *err)
{
    struct work *plain = NULL;
    struct work *ordered = NULL;
    struct arena *arena;
    struct wr_record *ready;
    int code = open_one(conf, CHAIN_PLAIN, &plain, err);

    if (code == OK && pool->ordered)
        code = open_one(conf, CHAIN_ORDERED, &ordered, err);
    if (code != OK) {
        work_close(plain);
        return code;
    }
    inline_close(pool);
    pool->inline_plain = plain;
    pool->inline_ordered = ordered;
    arena = arena_new(RECORD_LIMIT);
    ready = record_new(arena);
    work_ready(plain, ready);
    stages_read(pool, ready);
    arena_free(arena);
    return OK;
}

int inline_open(struct pool *pool, struct error *err)
{
    return open_both(pool, pool->conf, err);
}

int inline_reload(struct pool *pool, const struct conf *conf, struct error *err)
{
    int code = open_both(pool, conf, err);

    if (code == OK) {
        pool->conf = conf;
        if (pool->ordered)
            pool_ordered_ready(pool);
    }
    return code;
}

void inline_close(struct pool *pool)
{
    work_close(pool->inline_plain);
    work_close(pool->inline_ordered);
    pool->inline_plain = NULL;
    pool->inline_ordered = NULL;
}

static void on_answer(void *ctx, int kind, const struct wr_record *answer)
{
    struct inline_job *at = ctx;
    struct buf body = {.limit = FRAME_LIMIT};

    if (at->job == NULL || at->pool->closing)
        return;
    record_encode(answer, &body);
    if (pool_answer(at->pool, at->job, kind, buf_bytes(&body)) != POOL_MORE)
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

static void run(struct pool *pool, struct work *work, struct job *job, struct buf *frame)
{
    struct inline_job at = {pool, job};
    struct buf body = {.limit = FRAME_LIMIT};
    int kind = (unsigned char)frame->ptr[FRAME_HEAD - 1];

    buf_add(&body, bytes_from(buf_bytes(frame), FRAME_HEAD));
    buf_done(frame);
    work_do(work, kind, &body, on_answer, &at);
    buf_done(&body);
    if (at.job != NULL) {
        struct error err = {0};

        fail(&err, E_STOPPED, "the stages are going down");
        pool_over(pool, at.job, &err);
    }
}

/* One job a turn of the loop, so that everything else has its turn too. */
void inline_run(struct pool *pool)
{
    struct job *job;

    TAILQ_FOREACH(job, &pool->parked, link)
    if (job->reply.len > 0)
        break;
    if (job != NULL) {
        TAILQ_REMOVE(&pool->parked, job, link);
        run(pool, pool->inline_plain, job, &job->reply);
    } else if ((job = queue_take(&pool->plain, true)) != NULL) {
        run(pool, pool->inline_plain, job, &job->frame);
    } else if ((job = take(pool->restoring ? &pool->restore : &pool->in_order)) != NULL) {
        run(pool, pool->inline_ordered, job, &job->frame);
    } else {
        return;
    }
    pool_dispatch(pool);
}
