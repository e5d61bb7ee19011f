/* pool.c - which job goes where, and how each one ends exactly once. */
#include "pool/pool.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "pool/private.h"

enum { SCRATCH = 1 << 30 };

static bool is_ordered(int kind)
{
    return kind == JOB_ORDERED || kind == JOB_SAVE || kind == JOB_LOAD;
}

static struct jobs *queue_of(struct pool *pool, const struct job *job)
{
    return job->ask.restore ? &pool->restore : &pool->in_order;
}

/* No worker does it any more: its feed has had so much of their time. */
static void charge(struct pool *pool, struct job *job)
{
    if (job->begun_at != 0 && !is_ordered(job->ask.kind))
        queue_charge(&pool->plain, job, clock_mono() - job->begun_at);
    job->begun_at = 0;
}

static void wake(struct pool *pool);

static void job_free(struct pool *pool, struct job *job)
{
    budget_hold(pool->budget, &job->held, 0);
    buf_done(&job->frame);
    buf_done(&job->reply);
    free(job);
    pool->jobs--;
}

/* The job is in no list any more. */
void pool_done(struct pool *pool, struct job *job, const struct error *err)
{
    struct pool_job ask = job->ask;

    job_free(pool, job);
    if (ask.on_done != NULL)
        ask.on_done(ask.ctx, err);
}

void pool_over(struct pool *pool, struct job *job, const struct error *err)
{
    charge(pool, job);
    job->err = *err;
    job->child = NULL;
    TAILQ_INSERT_TAIL(&pool->over, job, link);
    wake(pool);
}

/* A new ticket: a reply to the old one comes too late. */
void pool_requeue(struct pool *pool, struct job *job)
{
    charge(pool, job);
    job->child = NULL;
    job->ticket = ++pool->next_ticket;
    if (is_ordered(job->ask.kind))
        TAILQ_INSERT_HEAD(queue_of(pool, job), job, link);
    else
        queue_put_back(&pool->plain, job);
}

static void tell_over(struct pool *pool)
{
    struct jobs over = TAILQ_HEAD_INITIALIZER(over);
    struct job *job;

    TAILQ_CONCAT(&over, &pool->over, link);
    while ((job = TAILQ_FIRST(&over)) != NULL) {
        /* TAILQ_REMOVE changes what is first. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        struct error err = job->err;

        TAILQ_REMOVE(&over, job, link);
        pool_done(pool, job, &err);
    }
}

void pool_closed_one(struct pool *pool)
{
    void (*on_closed)(void *ctx) = pool->on_closed;
    void *ctx = pool->closed_ctx;

    if (--pool->handles > 0)
        return;
    while (!TAILQ_EMPTY(&pool->over))
        tell_over(pool);
    inline_close(pool);
    queue_done(&pool->plain);
    files_done(&pool->files);
    arena_free(pool->scratch);
    free(pool->program);
    free(pool);
    if (on_closed != NULL)
        on_closed(ctx);
}

static void on_own_closed(uv_handle_t *handle)
{
    pool_closed_one(handle->data);
}

static void on_again_closed(uv_handle_t *handle)
{
    pool_closed_one(((struct seat *)handle->data)->pool);
}

static void on_wake(uv_idle_t *idle)
{
    struct pool *pool = idle->data;

    uv_idle_stop(idle);
    tell_over(pool);
    if (pool->inline_plain != NULL && !pool->closing)
        inline_run(pool);
    if (!TAILQ_EMPTY(&pool->over))
        wake(pool);
    else if (pool->closing)
        uv_close((uv_handle_t *)idle, on_own_closed);
}

static void wake(struct pool *pool)
{
    if (!uv_is_closing((uv_handle_t *)&pool->wake))
        uv_idle_start(&pool->wake, on_wake);
}

static bool is_reading(const struct pool *pool)
{
    struct child *child;

    TAILQ_FOREACH(child, &pool->children, link)
    if (child->job != NULL && child->job->ask.kind == JOB_FEED)
        return true;
    return false;
}

/* A document may unfold into many times its size: while the budget is used up they are read one at
 * a time, and records go first. */
static struct job *take_plain(struct pool *pool)
{
    return queue_take(&pool->plain, budget_has(pool->budget, 0) || !is_reading(pool));
}

static struct job *take_ordered(struct pool *pool)
{
    bool restores = pool->restoring || !TAILQ_EMPTY(&pool->restore);
    struct jobs *queue = restores ? &pool->restore : &pool->in_order;
    struct job *job = TAILQ_FIRST(queue);

    if (job != NULL)
        TAILQ_REMOVE(queue, job, link);
    return job;
}

static void send_next(struct pool *pool, struct child *child)
{
    struct job *job = child->ordered ? take_ordered(pool) : take_plain(pool);

    if (job == NULL)
        return;
    stages_leave_out(pool, job);
    child_send(child, job, &job->frame);
}

static struct job *replied(struct pool *pool, const struct child *child)
{
    struct job *job;

    TAILQ_FOREACH(job, &pool->parked, link)
    if (job->child == child && job->reply.len > 0)
        return job;
    return NULL;
}

static void employ(struct pool *pool, struct child *child)
{
    struct job *job = child->parked > 0 ? replied(pool, child) : NULL;

    if (job != NULL) {
        TAILQ_REMOVE(&pool->parked, job, link);
        child->parked--;
        child_send(child, job, &job->reply);
        return;
    }
    if (child->seat != NULL && child->parked < WORKER_PARKED)
        send_next(pool, child);
}

void pool_dispatch(struct pool *pool)
{
    struct child *child;

    if (pool->inline_plain != NULL && !pool->closing)
        wake(pool);
    if (!pool->closing)
        stages_come_back(pool);
    TAILQ_FOREACH(child, &pool->children, link)
    if (!pool->closing && child->ready && child->job == NULL && !child->dead && !child->writing &&
        child->distrust == NULL)
        employ(pool, child);
}

static int park(struct pool *pool, struct job *job, const struct wr_record *answer)
{
    pool_on_fetch *on_fetch = job->ask.on_fetch;
    struct bytes url = record_get(answer, WR_URL);

    job->worker_ticket = record_get_int(answer, REC_SEQUENCE, 0);
    charge(pool, job);
    buf_clear(&job->reply); /* of the document before this one */
    if (job->child != NULL) {
        job->child->job = NULL;
        job->child->parked++;
    }
    TAILQ_INSERT_TAIL(&pool->parked, job, link);
    if (on_fetch == NULL)
        pool_fetched(pool, job->ticket, 0, (struct bytes){"", 0}, (struct bytes){"", 0});
    else
        on_fetch(job->ask.ctx, url, job->ticket);
    return POOL_PARKED;
}

/* Which answer ends which job; the others come before it. */
static bool is_last(int job, int answer)
{
    switch (job) {
    case JOB_FEED:
        return answer == ANSWER_FEED;
    case JOB_FEED_JSON:
    case JOB_FEED_REPORT:
    case JOB_DISCOVER_JSON:
    case JOB_OPML_JSON:
        return answer == ANSWER_TEXT;
    case JOB_SAVE:
        return answer == ANSWER_SAVED;
    default:
        return answer == ANSWER_RECORD;
    }
}

static bool may_come(int job, int answer)
{
    return is_last(job, answer) || (job == JOB_FEED && answer == ANSWER_ENTRY) ||
           ((job == JOB_RECORD || job == JOB_ORDERED) && answer == ANSWER_EMITTED);
}

static int end(struct pool *pool, struct job *job, const struct error *err)
{
    charge(pool, job);
    if (job->child != NULL)
        job->child->job = NULL;
    pool_done(pool, job, err);
    return POOL_DONE;
}

int pool_answer(struct pool *pool, struct job *job, int kind, struct bytes body)
{
    struct wr_record *answer;
    struct error err = {0};

    arena_reset(pool->scratch);
    if (record_decode(pool->scratch, body, &answer, &err) != OK)
        return E_FORMAT;
    if (kind == ANSWER_ERROR) {
        fail(&err, (int)record_get_int(answer, REC_CODE, E_FORMAT), "%.*s",
            FMT(record_get(answer, REC_TEXT)));
        return end(pool, job, &err);
    }
    if (kind == ANSWER_FETCH && job->ask.kind == JOB_RECORD)
        return park(pool, job, answer);
    if (!may_come(job->ask.kind, kind))
        return E_FORMAT;
    if (!record_is_short(answer))
        return E_LIMIT;
    if (kind == ANSWER_RECORD)
        stages_count(pool, job, answer);
    if (job->ask.on_answer != NULL)
        job->ask.on_answer(job->ask.ctx, kind, answer);
    /* The owner may have closed the pool meanwhile. */
    if (pool->closing)
        return POOL_MORE;
    return is_last(job->ask.kind, kind) ? end(pool, job, NULL) : POOL_MORE;
}

void pool_submit(struct pool *pool, const struct pool_job *ask)
{
    struct job *job = calloc(1, sizeof(*job));
    struct error err = {0};

    if (job == NULL)
        arena_out_of_memory(sizeof(*job));
    job->ask = *ask;
    job->ask.request = NULL;
    job->ticket = ++pool->next_ticket;
    job->frame.limit = FRAME_LIMIT + FRAME_HEAD;
    pool->jobs++;
    frame_begin(&job->frame, ask->kind);
    record_encode(ask->request, &job->frame);
    frame_end(&job->frame, 0);
    budget_hold(pool->budget, &job->held, job->frame.len);
    if (pool->closing)
        fail(&err, E_STOPPED, "the workers are going down");
    else if (job->frame.over)
        fail(&err, E_LIMIT, "the record is over %d bytes", FRAME_LIMIT);
    else if (is_ordered(ask->kind) && !pool->ordered)
        fail(&err, E_USAGE, "there is no ordered worker");
    if (err.code != OK) {
        pool_over(pool, job, &err);
        return;
    }
    if (is_ordered(ask->kind))
        TAILQ_INSERT_TAIL(queue_of(pool, job), job, link);
    else
        queue_add(&pool->plain, job);
    pool_dispatch(pool);
}

void pool_fetched(
    struct pool *pool, uint64_t ticket, int status, struct bytes encoding, struct bytes body)
{
    struct arena *arena;
    struct wr_record *reply;
    struct job *job;

    TAILQ_FOREACH(job, &pool->parked, link)
    if (job->ticket == ticket)
        break;
    if (job == NULL || job->reply.len > 0)
        return;
    arena = arena_new(SCRATCH);
    reply = record_new(arena);
    record_set_int(reply, REC_SEQUENCE, job->worker_ticket);
    record_set_int(reply, REC_PAGE_STATUS, body.len > FRAME_LIMIT / 2 ? 0 : status);
    if (encoding.len > 0)
        record_add(reply, REC_HEADER, bytes_format(arena, "content-encoding: %.*s", FMT(encoding)));
    record_lend(reply, REC_BODY, body.len > FRAME_LIMIT / 2 ? (struct bytes){"", 0} : body);
    frame_begin(&job->reply, JOB_FETCHED);
    record_encode(reply, &job->reply);
    frame_end(&job->reply, 0);
    budget_hold(pool->budget, &job->held, job->frame.len + job->reply.len);
    arena_free(arena);
    pool_dispatch(pool);
}

void pool_set_restart(struct pool *pool, pool_on_ordered_restart *on_restart, void *ctx)
{
    pool->on_restart = on_restart;
    pool->restart_ctx = ctx;
}

/* What is left of a restore is of no use to the worker after it. */
static void drop_restore(struct pool *pool)
{
    struct error err = {0};
    struct job *job;

    fail(&err, E_STOPPED, "the ordered worker died again");
    while ((job = TAILQ_FIRST(&pool->restore)) != NULL) {
        TAILQ_REMOVE(&pool->restore, job, link);
        pool_over(pool, job, &err);
    }
}

void pool_ordered_ready(struct pool *pool)
{
    if (!pool->must_restore) {
        pool->must_restore = true;
        return;
    }
    drop_restore(pool);
    if (pool->on_restart == NULL)
        return;
    pool->restoring = true;
    pool->on_restart(pool->restart_ctx);
}

void pool_ordered_resume(struct pool *pool)
{
    pool->restoring = false;
    pool_dispatch(pool);
}

bool pool_needs_page(const struct pool *pool)
{
    for (size_t i = 0; i < pool->stage_count; i++)
        if ((pool->stages[i].flags & WR_NEEDS_PAGE) != 0 && !pool->stages[i].blame.rests)
            return true;
    return false;
}

bool pool_has_ordered(const struct pool *pool)
{
    for (size_t i = 0; i < pool->stage_count; i++)
        if ((pool->stages[i].flags & WR_ORDERED) != 0)
            return true;
    return false;
}

size_t pool_waiting(const struct pool *pool)
{
    return pool->jobs;
}

static size_t workers_of(const struct conf *conf)
{
    size_t count =
        conf->workers.count > 0 ? (size_t)conf->workers.count : uv_available_parallelism();

    return count < POOL_WORKERS ? count : POOL_WORKERS;
}

/* One that has a worker keeps it; in one that waits, the next try stands until then. */
static void fill(struct seat *seat)
{
    if (seat->child == NULL && !uv_is_active((uv_handle_t *)&seat->again))
        seat_fill(seat);
}

static void fill_seats(struct pool *pool)
{
    pool->workers = workers_of(pool->conf);
    for (size_t i = 0; i < pool->workers; i++)
        fill(&pool->seats[i]);
    if (pool->ordered)
        fill(&pool->seats[POOL_WORKERS]);
}

static void init_seats(struct pool *pool)
{
    for (size_t i = 0; i <= POOL_WORKERS; i++) {
        struct seat *seat = &pool->seats[i];

        seat->pool = pool;
        seat->ordered = i == POOL_WORKERS;
        if (seat->ordered)
            snprintf(seat->name, sizeof(seat->name), "ordered worker");
        else
            snprintf(seat->name, sizeof(seat->name), "worker %zu", i + 1);
        uv_timer_init(pool->loop, &seat->again);
        seat->again.data = seat;
        pool->handles++;
    }
    uv_idle_init(pool->loop, &pool->wake);
    uv_timer_init(pool->loop, &pool->look);
    pool->wake.data = pool->look.data = pool;
    pool->handles += 2;
}

static struct pool *pool_new(uv_loop_t *loop, const struct pool_options *options)
{
    struct pool *pool = calloc(1, sizeof(*pool));

    if (pool == NULL)
        arena_out_of_memory(sizeof(*pool));
    pool->loop = loop;
    pool->program = strdup(options->program == NULL ? "" : options->program);
    pool->conf = options->conf;
    pool->ordered = options->ordered;
    pool->budget = options->budget;
    pool->files.fd = -1;
    pool->scratch = arena_new(SCRATCH);
    TAILQ_INIT(&pool->children);
    TAILQ_INIT(&pool->in_order);
    TAILQ_INIT(&pool->restore);
    TAILQ_INIT(&pool->parked);
    TAILQ_INIT(&pool->over);
    return pool;
}

int pool_open(
    uv_loop_t *loop, const struct pool_options *options, struct pool **ret_pool, struct error *err)
{
    struct pool *pool = pool_new(loop, options);
    int code;

    code = options->run_inline ? inline_open(pool, err) : pool_try(pool, pool->conf, err);
    if (code != OK) {
        inline_close(pool);
        files_done(&pool->files);
        arena_free(pool->scratch);
        free(pool->program);
        free(pool);
        return code;
    }
    signal(SIGPIPE, SIG_IGN); /* a worker may die while it is written to */
    init_seats(pool);
    if (!options->run_inline) {
        fill_seats(pool);
        files_watch(pool);
    }
    *ret_pool = pool;
    return OK;
}

static void all_stages(void *ctx, struct job *job)
{
    (void)ctx;
    job->left_out = 0;
}

void pool_renew(struct pool *pool, bool plain, bool ordered)
{
    struct child *child;
    struct child *next;

    for (child = TAILQ_FIRST(&pool->children); child != NULL; child = next) {
        next = TAILQ_NEXT(child, link);
        if (child->ordered ? ordered : plain)
            child_retire(child);
    }
    for (size_t i = 0; i <= POOL_WORKERS; i++)
        if (pool->seats[i].ordered ? ordered : plain)
            uv_timer_stop(&pool->seats[i].again);
    fill_seats(pool);
}

int pool_reload(struct pool *pool, const struct conf *conf, struct error *err)
{
    struct job *job;
    bool changed = pool_changed(pool) != NULL;
    int code;

    if (pool->inline_plain != NULL)
        return inline_reload(pool, conf, err);
    code = pool_try(pool, conf, err);
    if (code != OK)
        return code;
    pool->conf = conf;
    pool->modules += changed;
    queue_each(&pool->plain, all_stages, NULL);
    TAILQ_FOREACH(job, &pool->in_order, link)
    job->left_out = 0;
    pool_renew(pool, true, true);
    return OK;
}

static void stop_all(struct pool *pool, struct jobs *jobs, const struct error *err)
{
    struct job *job;

    while ((job = TAILQ_FIRST(jobs)) != NULL) {
        TAILQ_REMOVE(jobs, job, link);
        pool_over(pool, job, err);
    }
}

void pool_close(struct pool *pool, void (*on_closed)(void *ctx), void *ctx)
{
    struct error err = {0};
    struct child *child;
    struct job *job;

    fail(&err, E_STOPPED, "the workers are going down");
    pool->closing = true;
    pool->on_closed = on_closed;
    pool->closed_ctx = ctx;
    TAILQ_FOREACH(child, &pool->children, link)
    {
        job = child->job;
        if (job != NULL) {
            child_leave(child);
            pool_over(pool, job, &err);
        }
        child_kill(child);
    }
    while ((job = queue_take(&pool->plain, true)) != NULL)
        pool_over(pool, job, &err);
    stop_all(pool, &pool->in_order, &err);
    stop_all(pool, &pool->restore, &err);
    stop_all(pool, &pool->parked, &err);
    for (size_t i = 0; i <= POOL_WORKERS; i++)
        uv_close((uv_handle_t *)&pool->seats[i].again, on_again_closed);
    uv_close((uv_handle_t *)&pool->look, on_own_closed);
    wake(pool);
}
