/* pool.c - which job goes where, and how each one ends exactly once. */
#include "pool/pool.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "pool/private.h"

enum { SCRATCH = 1 << 30, PROBE_MEMORY = 64 << 20 };

static bool is_ordered(int kind)
{
    return kind == JOB_ORDERED || kind == JOB_SAVE || kind == JOB_LOAD;
}

static struct jobs *queue_of(struct enrich *enrich, const struct job *job)
{
    return job->ask.restore ? &enrich->restore : &enrich->in_order;
}

/* No worker does it any more: its feed has had so much of their time. */
static void charge(struct enrich *enrich, struct job *job)
{
    if (job->begun_at != 0 && !is_ordered(job->ask.kind))
        queue_charge(&enrich->plain, job, clock_mono() - job->begun_at);
    job->begun_at = 0;
}

static void wake(struct enrich *enrich);

static void job_free(struct enrich *enrich, struct job *job)
{
    budget_hold(enrich->budget, &job->held, 0);
    buf_done(&job->frame);
    buf_done(&job->reply);
    free(job);
    enrich->jobs--;
}

/* The job is in no list any more. */
void pool_done(struct enrich *enrich, struct job *job, const struct error *err)
{
    struct enrich_job ask = job->ask;

    job_free(enrich, job);
    if (ask.on_done != NULL)
        ask.on_done(ask.ctx, err);
}

void pool_over(struct enrich *enrich, struct job *job, const struct error *err)
{
    charge(enrich, job);
    job->err = *err;
    job->child = NULL;
    TAILQ_INSERT_TAIL(&enrich->over, job, link);
    wake(enrich);
}

/* A new ticket: a reply to the old one comes too late. */
void pool_requeue(struct enrich *enrich, struct job *job)
{
    charge(enrich, job);
    job->child = NULL;
    job->ticket = ++enrich->next_ticket;
    if (is_ordered(job->ask.kind))
        TAILQ_INSERT_HEAD(queue_of(enrich, job), job, link);
    else
        queue_put_back(&enrich->plain, job);
}

static void tell_over(struct enrich *enrich)
{
    struct jobs over = TAILQ_HEAD_INITIALIZER(over);
    struct job *job;

    TAILQ_CONCAT(&over, &enrich->over, link);
    while ((job = TAILQ_FIRST(&over)) != NULL) {
        /* TAILQ_REMOVE changes what is first. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        struct error err = job->err;

        TAILQ_REMOVE(&over, job, link);
        pool_done(enrich, job, &err);
    }
}

void pool_closed_one(struct enrich *enrich)
{
    void (*on_closed)(void *ctx) = enrich->on_closed;
    void *ctx = enrich->closed_ctx;

    if (--enrich->handles > 0)
        return;
    while (!TAILQ_EMPTY(&enrich->over))
        tell_over(enrich);
    inline_close(enrich);
    queue_done(&enrich->plain);
    arena_free(enrich->scratch);
    free(enrich->program);
    free(enrich);
    if (on_closed != NULL)
        on_closed(ctx);
}

static void on_wake_closed(uv_handle_t *handle)
{
    pool_closed_one(handle->data);
}

static void on_again_closed(uv_handle_t *handle)
{
    pool_closed_one(((struct seat *)handle->data)->enrich);
}

static void on_wake(uv_idle_t *idle)
{
    struct enrich *enrich = idle->data;

    uv_idle_stop(idle);
    tell_over(enrich);
    if (enrich->inline_plain != NULL && !enrich->closing)
        inline_run(enrich);
    if (!TAILQ_EMPTY(&enrich->over))
        wake(enrich);
    else if (enrich->closing)
        uv_close((uv_handle_t *)idle, on_wake_closed);
}

static void wake(struct enrich *enrich)
{
    if (!uv_is_closing((uv_handle_t *)&enrich->wake))
        uv_idle_start(&enrich->wake, on_wake);
}

static bool is_reading(const struct enrich *enrich)
{
    struct child *child;

    TAILQ_FOREACH(child, &enrich->children, link)
    if (child->job != NULL && child->job->ask.kind == JOB_FEED)
        return true;
    return false;
}

/* A document may unfold into many times its size: while the budget is used up they are read one at
 * a time, and records go first. */
static struct job *take_plain(struct enrich *enrich)
{
    return queue_take(&enrich->plain, budget_has(enrich->budget, 0) || !is_reading(enrich));
}

static struct job *take_ordered(struct enrich *enrich)
{
    bool restores = enrich->restoring || !TAILQ_EMPTY(&enrich->restore);
    struct jobs *queue = restores ? &enrich->restore : &enrich->in_order;
    struct job *job = TAILQ_FIRST(queue);

    if (job != NULL)
        TAILQ_REMOVE(queue, job, link);
    return job;
}

static void send_next(struct enrich *enrich, struct child *child)
{
    struct job *job = child->ordered ? take_ordered(enrich) : take_plain(enrich);

    if (job == NULL)
        return;
    stages_leave_out(enrich, job);
    child_send(child, job, &job->frame);
}

static struct job *replied(struct enrich *enrich, const struct child *child)
{
    struct job *job;

    TAILQ_FOREACH(job, &enrich->parked, link)
    if (job->child == child && job->reply.len > 0)
        return job;
    return NULL;
}

static void employ(struct enrich *enrich, struct child *child)
{
    struct job *job = child->parked > 0 ? replied(enrich, child) : NULL;

    if (job != NULL) {
        TAILQ_REMOVE(&enrich->parked, job, link);
        child->parked--;
        child_send(child, job, &job->reply);
        return;
    }
    if (child->seat != NULL && child->parked < WORKER_PARKED)
        send_next(enrich, child);
}

void pool_dispatch(struct enrich *enrich)
{
    struct child *child;

    if (enrich->inline_plain != NULL && !enrich->closing)
        wake(enrich);
    if (!enrich->closing)
        stages_come_back(enrich);
    TAILQ_FOREACH(child, &enrich->children, link)
    if (!enrich->closing && child->ready && child->job == NULL && !child->dead && !child->writing &&
        child->distrust == NULL)
        employ(enrich, child);
}

static int park(struct enrich *enrich, struct job *job, const struct wr_record *answer)
{
    enrich_on_fetch *on_fetch = job->ask.on_fetch;
    struct bytes url = record_get(answer, WR_URL);

    job->worker_ticket = record_get_int(answer, REC_SEQUENCE, 0);
    charge(enrich, job);
    buf_clear(&job->reply); /* of the document before this one */
    if (job->child != NULL) {
        job->child->job = NULL;
        job->child->parked++;
    }
    TAILQ_INSERT_TAIL(&enrich->parked, job, link);
    if (on_fetch == NULL)
        enrich_fetched(enrich, job->ticket, 0, (struct bytes){"", 0}, (struct bytes){"", 0});
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

static int end(struct enrich *enrich, struct job *job, const struct error *err)
{
    charge(enrich, job);
    if (job->child != NULL)
        job->child->job = NULL;
    pool_done(enrich, job, err);
    return POOL_DONE;
}

int pool_answer(struct enrich *enrich, struct job *job, int kind, struct bytes body)
{
    struct wr_record *answer;
    struct error err = {0};

    arena_reset(enrich->scratch);
    if (record_decode(enrich->scratch, body, &answer, &err) != OK)
        return E_FORMAT;
    if (kind == ANSWER_ERROR) {
        fail(&err, (int)record_get_int(answer, REC_CODE, E_FORMAT), "%.*s",
            FMT(record_get(answer, REC_TEXT)));
        return end(enrich, job, &err);
    }
    if (kind == ANSWER_FETCH && job->ask.kind == JOB_RECORD)
        return park(enrich, job, answer);
    if (!may_come(job->ask.kind, kind))
        return E_FORMAT;
    if (!record_is_short(answer))
        return E_LIMIT;
    if (kind == ANSWER_RECORD)
        stages_count(enrich, job, answer);
    if (job->ask.on_answer != NULL)
        job->ask.on_answer(job->ask.ctx, kind, answer);
    /* The owner may have closed the pool meanwhile. */
    if (enrich->closing)
        return POOL_MORE;
    return is_last(job->ask.kind, kind) ? end(enrich, job, NULL) : POOL_MORE;
}

void enrich_submit(struct enrich *enrich, const struct enrich_job *ask)
{
    struct job *job = calloc(1, sizeof(*job));
    struct error err = {0};

    if (job == NULL)
        arena_out_of_memory(sizeof(*job));
    job->ask = *ask;
    job->ask.request = NULL;
    job->ticket = ++enrich->next_ticket;
    job->frame.limit = FRAME_LIMIT + FRAME_HEAD;
    enrich->jobs++;
    frame_begin(&job->frame, ask->kind);
    record_encode(ask->request, &job->frame);
    frame_end(&job->frame, 0);
    budget_hold(enrich->budget, &job->held, job->frame.len);
    if (enrich->closing)
        fail(&err, E_STOPPED, "the workers are going down");
    else if (job->frame.over)
        fail(&err, E_LIMIT, "the record is over %d bytes", FRAME_LIMIT);
    else if (is_ordered(ask->kind) && !enrich->ordered)
        fail(&err, E_USAGE, "there is no ordered worker");
    if (err.code != OK) {
        pool_over(enrich, job, &err);
        return;
    }
    if (is_ordered(ask->kind))
        TAILQ_INSERT_TAIL(queue_of(enrich, job), job, link);
    else
        queue_add(&enrich->plain, job);
    pool_dispatch(enrich);
}

void enrich_fetched(
    struct enrich *enrich, uint64_t ticket, int status, struct bytes encoding, struct bytes body)
{
    struct arena *arena;
    struct wr_record *reply;
    struct job *job;

    TAILQ_FOREACH(job, &enrich->parked, link)
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
    budget_hold(enrich->budget, &job->held, job->frame.len + job->reply.len);
    arena_free(arena);
    pool_dispatch(enrich);
}

void enrich_set_restart(struct enrich *enrich, enrich_on_ordered_restart *on_restart, void *ctx)
{
    enrich->on_restart = on_restart;
    enrich->restart_ctx = ctx;
}

/* What is left of a restore is of no use to the worker after it. */
static void drop_restore(struct enrich *enrich)
{
    struct error err = {0};
    struct job *job;

    fail(&err, E_STOPPED, "the ordered worker died again");
    while ((job = TAILQ_FIRST(&enrich->restore)) != NULL) {
        TAILQ_REMOVE(&enrich->restore, job, link);
        pool_over(enrich, job, &err);
    }
}

void pool_ordered_ready(struct enrich *enrich)
{
    if (!enrich->must_restore) {
        enrich->must_restore = true;
        return;
    }
    drop_restore(enrich);
    if (enrich->on_restart == NULL)
        return;
    enrich->restoring = true;
    enrich->on_restart(enrich->restart_ctx);
}

void enrich_ordered_resume(struct enrich *enrich)
{
    enrich->restoring = false;
    pool_dispatch(enrich);
}

bool enrich_needs_page(const struct enrich *enrich)
{
    for (size_t i = 0; i < enrich->stage_count; i++)
        if ((enrich->stages[i].flags & WR_NEEDS_PAGE) != 0 && !enrich->stages[i].blame.rests)
            return true;
    return false;
}

bool enrich_has_ordered(const struct enrich *enrich)
{
    for (size_t i = 0; i < enrich->stage_count; i++)
        if ((enrich->stages[i].flags & WR_ORDERED) != 0)
            return true;
    return false;
}

size_t enrich_waiting(const struct enrich *enrich)
{
    return enrich->jobs;
}

size_t enrich_stages(const struct enrich *enrich, struct enrich_stage *ret_stages, size_t room)
{
    for (size_t i = 0; i < enrich->stage_count && i < room; i++) {
        const struct pool_stage *s = &enrich->stages[i];

        ret_stages[i] = (struct enrich_stage){.name = s->name,
            .version = s->version,
            .records = s->records,
            .failed = s->failed,
            .killed = s->killed,
            .time = s->time,
            .set_aside = s->blame.rests};
    }
    return enrich->stage_count;
}

/* Look for what is plainly wrong, and learn the stages' names. */
static int try_chain(struct enrich *enrich, const struct conf *conf, struct error *err)
{
    struct arena *arena = arena_new(PROBE_MEMORY);
    struct wr_record *ready;
    int code = probe_chain(arena, enrich->program, conf, &ready, err);

    if (code == OK) {
        stages_read(enrich, ready);
        modules_note(enrich, conf);
    }
    arena_free(arena);
    return code;
}

static size_t workers_of(const struct conf *conf)
{
    size_t count =
        conf->workers.count > 0 ? (size_t)conf->workers.count : uv_available_parallelism();

    return count < POOL_WORKERS ? count : POOL_WORKERS;
}

static void fill_seats(struct enrich *enrich)
{
    enrich->workers = workers_of(enrich->conf);
    for (size_t i = 0; i < enrich->workers; i++)
        seat_fill(&enrich->seats[i]);
    if (enrich->ordered)
        seat_fill(&enrich->seats[POOL_WORKERS]);
}

static void init_seats(struct enrich *enrich)
{
    for (size_t i = 0; i <= POOL_WORKERS; i++) {
        struct seat *seat = &enrich->seats[i];

        seat->enrich = enrich;
        seat->ordered = i == POOL_WORKERS;
        if (seat->ordered)
            snprintf(seat->name, sizeof(seat->name), "ordered worker");
        else
            snprintf(seat->name, sizeof(seat->name), "worker %zu", i + 1);
        uv_timer_init(enrich->loop, &seat->again);
        seat->again.data = seat;
        enrich->handles++;
    }
    uv_idle_init(enrich->loop, &enrich->wake);
    enrich->wake.data = enrich;
    enrich->handles++;
}

static struct enrich *enrich_new(uv_loop_t *loop, const struct enrich_options *options)
{
    struct enrich *enrich = calloc(1, sizeof(*enrich));

    if (enrich == NULL)
        arena_out_of_memory(sizeof(*enrich));
    enrich->loop = loop;
    enrich->program = strdup(options->program == NULL ? "" : options->program);
    enrich->conf = options->conf;
    enrich->ordered = options->ordered;
    enrich->budget = options->budget;
    enrich->scratch = arena_new(SCRATCH);
    TAILQ_INIT(&enrich->children);
    TAILQ_INIT(&enrich->in_order);
    TAILQ_INIT(&enrich->restore);
    TAILQ_INIT(&enrich->parked);
    TAILQ_INIT(&enrich->over);
    return enrich;
}

int enrich_open(uv_loop_t *loop, const struct enrich_options *options, struct enrich **ret_enrich,
    struct error *err)
{
    struct enrich *enrich = enrich_new(loop, options);
    int code;

    code = options->run_inline ? inline_open(enrich, err) : try_chain(enrich, enrich->conf, err);
    if (code != OK) {
        inline_close(enrich);
        arena_free(enrich->scratch);
        free(enrich->program);
        free(enrich);
        return code;
    }
    signal(SIGPIPE, SIG_IGN); /* a worker may die while it is written to */
    init_seats(enrich);
    if (!options->run_inline)
        fill_seats(enrich);
    *ret_enrich = enrich;
    return OK;
}

static void all_stages(void *ctx, struct job *job)
{
    (void)ctx;
    job->left_out = 0;
}

int enrich_reload(struct enrich *enrich, const struct conf *conf, struct error *err)
{
    struct child *child;
    struct child *next;
    struct job *job;
    bool changed = enrich_changed(enrich) != NULL;
    int code;

    if (enrich->inline_plain != NULL)
        return inline_reload(enrich, conf, err);
    code = try_chain(enrich, conf, err);
    if (code != OK)
        return code;
    enrich->conf = conf;
    enrich->modules += changed;
    queue_each(&enrich->plain, all_stages, NULL);
    TAILQ_FOREACH(job, &enrich->in_order, link)
    job->left_out = 0;
    for (child = TAILQ_FIRST(&enrich->children); child != NULL; child = next) {
        next = TAILQ_NEXT(child, link);
        child_retire(child);
    }
    for (size_t i = 0; i <= POOL_WORKERS; i++)
        uv_timer_stop(&enrich->seats[i].again);
    fill_seats(enrich);
    return OK;
}

static void stop_all(struct enrich *enrich, struct jobs *jobs, const struct error *err)
{
    struct job *job;

    while ((job = TAILQ_FIRST(jobs)) != NULL) {
        TAILQ_REMOVE(jobs, job, link);
        pool_over(enrich, job, err);
    }
}

void enrich_close(struct enrich *enrich, void (*on_closed)(void *ctx), void *ctx)
{
    struct error err = {0};
    struct child *child;
    struct job *job;

    fail(&err, E_STOPPED, "the workers are going down");
    enrich->closing = true;
    enrich->on_closed = on_closed;
    enrich->closed_ctx = ctx;
    TAILQ_FOREACH(child, &enrich->children, link)
    {
        if (child->job != NULL)
            pool_over(enrich, child->job, &err);
        child->job = NULL;
        child_kill(child);
    }
    while ((job = queue_take(&enrich->plain, true)) != NULL)
        pool_over(enrich, job, &err);
    stop_all(enrich, &enrich->in_order, &err);
    stop_all(enrich, &enrich->restore, &err);
    stop_all(enrich, &enrich->parked, &err);
    for (size_t i = 0; i <= POOL_WORKERS; i++)
        uv_close((uv_handle_t *)&enrich->seats[i].again, on_again_closed);
    wake(enrich);
}
