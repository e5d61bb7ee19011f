/* child.c - one worker process, from its start to its burial. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "pool/private.h"
#include "worker/worker.h"

enum { RECORD_ROOM = 8 << 20, WORDS = 1 << 20 };
enum { READ = 128 << 10, KEEP = 1 << 20, PIPE_LEFT_OPEN = 1000, LAST_LOOK = 50 }; /* milliseconds */

static void child_died(struct child *child);

static void on_handle_closed(uv_handle_t *handle)
{
    struct child *child = handle->data;
    struct pool *pool = child->pool;

    if (--child->handles > 0)
        return;
    if (child->place != NULL)
        munmap(child->place, sizeof(*child->place));
    buf_done(&child->in);
    buf_done(&child->opening);
    buf_done(&child->left);
    free(child);
    pool_closed_one(pool);
}

static void child_close(struct child *child)
{
    uv_close((uv_handle_t *)&child->process, on_handle_closed);
    uv_close((uv_handle_t *)&child->pipe, on_handle_closed);
    uv_close((uv_handle_t *)&child->deadline, on_handle_closed);
}

void child_kill(struct child *child)
{
    if (!child->exited)
        uv_process_kill(&child->process, SIGKILL);
}

static void on_overdue_still(uv_timer_t *timer)
{
    struct child *child = timer->data;

    child->overdue = true;
    child_kill(child);
}

/* Timers run before pipes are read: when the loop itself was held, the answer lies in the pipe. */
static void on_overdue(uv_timer_t *timer)
{
    uv_timer_start(timer, on_overdue_still, LAST_LOOK, 0);
}

/* The process is gone and all that it wrote is read. */
static void check_death(struct child *child)
{
    if (child->exited && child->ended && !child->dead)
        child_died(child);
}

/* Somebody that a stage started before the sandbox closed holds the pipe. */
static void on_pipe_left_open(uv_timer_t *timer)
{
    struct child *child = timer->data;

    child->ended = true;
    check_death(child);
}

static void on_process_end(uv_process_t *process, int64_t status, int signal)
{
    struct child *child = process->data;

    child->exited = true;
    child->status = status;
    child->signal = signal;
    if (!child->ended)
        uv_timer_start(&child->deadline, on_pipe_left_open, PIPE_LEFT_OPEN, 0);
    check_death(child);
}

static void on_again(uv_timer_t *timer)
{
    seat_fill(timer->data);
}

static void back_off(struct seat *seat)
{
    int doublings = seat->failures > 9 ? 9 : seat->failures;
    uint64_t wait = (uint64_t)POOL_BACKOFF << doublings;

    seat->failures++;
    uv_timer_start(&seat->again, on_again, wait < POOL_BACKOFF_MOST ? wait : POOL_BACKOFF_MOST, 0);
}

/* Records that waited in the dead worker for a document start afresh; it was not their fault. */
static void unpark_all(struct child *child)
{
    struct pool *pool = child->pool;
    struct job *job = TAILQ_FIRST(&pool->parked);

    while (job != NULL) {
        struct job *next = TAILQ_NEXT(job, link);

        if (job->child == child) {
            TAILQ_REMOVE(&pool->parked, job, link);
            buf_done(&job->reply);
            pool_requeue(pool, job);
        }
        job = next;
    }
}

/* A module was written over while it was mapped: the record is not to blame, nor is the stage. */
static void forgive(struct child *child, struct job *job)
{
    log_about(LOG_LEVEL_WARNING, &(struct log_about){.message = MESSAGE_WORKER_DIED},
        "worker died: the module of one of its stages was exchanged under it");
    if (job != NULL)
        pool_requeue(child->pool, job);
}

static void child_died(struct child *child)
{
    struct pool *pool = child->pool;
    struct seat *seat = child->seat;
    struct job *job = child->job;
    bool expected = child->refused || (seat == NULL && job == NULL && child->parked == 0);

    child->dead = true;
    child->job = NULL;
    TAILQ_REMOVE(&pool->children, child, link);
    if (seat != NULL)
        seat->child = NULL;
    if (!pool->closing) {
        unpark_all(child);
        if (!expected && (modules_reopen(pool) || child->modules != pool->modules))
            forgive(child, job);
        else if (!expected)
            blame_dead(child, job);
        if (seat != NULL && seat->child == NULL && child->ready)
            seat_fill(seat);
        else if (seat != NULL && seat->child == NULL)
            back_off(seat);
        pool_dispatch(pool);
    }
    child_close(child);
}

/* It says what makes no sense: whatever it is now, it is no worker of ours. */
static void child_distrust(struct child *child, const char *why)
{
    child->distrust = why;
    child_kill(child);
}

static void on_ready(struct child *child, const struct wr_record *ready)
{
    for (size_t i = 0; i < wr_count(ready, REC_STAGE) && i < CHAIN_STAGES; i++) {
        struct bytes line = record_get_at(ready, REC_STAGE, i);
        struct bytes name = bytes_cut(&line, '\t');

        snprintf(child->stages[i], sizeof(child->stages[i]), "%.*s", FMT(name));
    }
    child->ready = true;
    uv_timer_stop(&child->deadline);
    if (child->seat != NULL) {
        child->seat->failures = 0;
        if (child->ordered)
            pool_ordered_ready(child->pool);
    }
    pool_dispatch(child->pool);
}

static void on_opening_answer(struct child *child, const struct frame *frame)
{
    struct arena *arena = arena_new(RECORD_LIMIT);
    struct wr_record *answer;
    struct error err = {0};

    if (record_decode(arena, frame->body, &answer, &err) != OK)
        child_distrust(child, "what is no record");
    else if (frame->kind == ANSWER_READY)
        on_ready(child, answer);
    else if ((child->refused = true))
        log_error("worker does not start: cause=\"%.*s\"", FMT(record_get(answer, REC_TEXT)));
    arena_free(arena);
}

static void on_frame(struct child *child, const struct frame *frame)
{
    struct pool *pool = child->pool;
    struct job *job = child->job;
    int code;

    if (!child->ready) {
        on_opening_answer(child, frame);
        return;
    }
    if (job == NULL || child->writing || (job->answered += frame->body.len) > POOL_ANSWERS) {
        child_distrust(
            child, job == NULL ? "an answer that nobody asked for" : "more than anybody asked for");
        return;
    }
    code = pool_answer(pool, job, frame->kind, frame->body);
    if (code < 0)
        child_distrust(child, code == E_LIMIT ? "more values than a field may have"
                                              : "an answer to another question");
    if (code == POOL_DONE || code == POOL_PARKED) {
        if (child->job == NULL) /* its owner may have asked for the next one, whose time runs */
            uv_timer_stop(&child->deadline);
        if (child->seat == NULL && child->parked == 0)
            child_kill(child);
        pool_dispatch(pool);
    }
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buf)
{
    struct child *child = handle->data;
    char *room = buf_reserve(&child->in, READ);

    (void)suggested;
    *ret_buf = uv_buf_init(room, room == NULL ? 0 : READ);
}

/* What an answer may have: a record and its numbers and names; what a document or a stage's memory
 * is made into; words. */
static size_t answer_limit(int kind)
{
    switch (kind) {
    case ANSWER_ENTRY:
    case ANSWER_RECORD:
    case ANSWER_EMITTED:
    case ANSWER_FEED:
        return RECORD_LIMIT + RECORD_ROOM;
    case ANSWER_TEXT:
    case ANSWER_SAVED:
        return FRAME_LIMIT;
    default:
        return WORDS;
    }
}

/* Known by its head, before the rest is read. */
static bool is_over(struct bytes in)
{
    struct frame frame;
    size_t len;

    return frame_head(in, &frame.kind, &len) && len > answer_limit(frame.kind);
}

static void read_frames(struct child *child)
{
    struct bytes rest = buf_bytes(&child->in);
    struct frame frame;
    struct error err;
    size_t used;
    int got = 0;

    while (!child->pool->closing && child->distrust == NULL && !is_over(rest) &&
           (got = frame_next(rest, &frame, &used, &err)) == 1) {
        on_frame(child, &frame);
        rest = bytes_from(rest, used);
    }
    if (child->distrust != NULL)
        rest.len = 0;
    if (got < 0 || is_over(rest)) {
        child_distrust(child, "a frame over the limit");
        rest.len = 0;
    }
    buf_drop(&child->in, child->in.len - rest.len);
    if (child->in.len == 0 && child->in.cap > KEEP)
        buf_done(&child->in);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
    struct child *child = stream->data;

    (void)buf;
    if (len > 0) {
        child->in.len += (size_t)len;
        read_frames(child);
        return;
    }
    if (len == 0)
        return;
    uv_read_stop(stream);
    child->ended = true;
    child_kill(child);
    check_death(child);
}

static void on_written(uv_write_t *write, int status)
{
    struct child *child = write->data;

    (void)status; /* a broken pipe shows as its end */
    child->writing = false;
}

static void child_write(struct child *child, struct bytes frame, uint64_t deadline)
{
    uv_buf_t buf = uv_buf_init((char *)frame.ptr, (unsigned)frame.len);

    child->write.data = child;
    child->writing = true;
    uv_timer_start(&child->deadline, on_overdue, deadline, 0);
    if (uv_write(&child->write, (uv_stream_t *)&child->pipe, &buf, 1, on_written) != 0)
        child_kill(child);
}

void child_send(struct child *child, struct job *job, struct buf *frame)
{
    child->job = job;
    job->child = child;
    job->begun_at = clock_mono();
    child_write(child, buf_bytes(frame), (uint64_t)(child->pool->conf->workers.deadline / 1000));
}

/* libuv reads what it writes until the pipe is closed, which comes after the worker's death. */
void child_leave(struct child *child)
{
    struct buf *frame = child->job->reply.len > 0 ? &child->job->reply : &child->job->frame;

    if (child->writing) {
        child->left = *frame;
        *frame = (struct buf){0};
    }
    child->job->child = NULL;
    child->job = NULL;
}

void child_retire(struct child *child)
{
    if (child->seat != NULL)
        child->seat->child = NULL;
    child->seat = NULL;
    if (child->job == NULL && child->parked == 0)
        child_kill(child);
}

void child_replace(struct child *child)
{
    struct seat *seat = child->seat;

    child_retire(child);
    if (seat != NULL)
        seat_fill(seat);
}

static void make_request(struct child *child)
{
    struct pool *pool = child->pool;
    struct arena *arena = arena_new(RECORD_LIMIT);
    struct wr_record *request = record_new(arena);
    const char *set_aside[CHAIN_STAGES + 1];

    child->is_short = stages_set_aside(pool, set_aside) > 0;
    work_request(request, pool->conf, child->ordered ? CHAIN_ORDERED : CHAIN_PLAIN, set_aside);
    files_tell(&pool->files, request);
    frame_begin(&child->opening, JOB_OPEN);
    record_encode(request, &child->opening);
    frame_end(&child->opening, 0);
    arena_free(arena);
}

static int make_place(struct child *child)
{
    int fd = memfd_create("wireroom-place", MFD_CLOEXEC);
    void *place;

    if (fd < 0 || ftruncate(fd, sizeof(*child->place)) != 0)
        return fd;
    place = mmap(NULL, sizeof(*child->place), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    child->place = place == MAP_FAILED ? NULL : place;
    return fd;
}

static int spawn(struct child *child, int pipe, int place)
{
    struct pool *pool = child->pool;
    struct arena *arena = arena_new(1 << 20);
    char *argv[] = {pool->program, (char *)"--worker", child->seat->name, NULL};
    uv_stdio_container_t stdio[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO}, /* a stage's printf() */
        {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
        {.flags = UV_INHERIT_FD, .data.fd = pipe},
        {.flags = UV_INHERIT_FD, .data.fd = place},
        {.flags = UV_INHERIT_FD, .data.fd = pool->files.fd},
    };
    uv_process_options_t options = {.exit_cb = on_process_end,
        .file = pool->program,
        .args = argv,
        .env = probe_environment(arena),
        .stdio_count = pool->files.fd >= 0 ? WORKER_FILES + 1 : WORKER_FILES,
        .stdio = stdio};
    int code = uv_spawn(pool->loop, &child->process, &options);

    arena_free(arena);
    return code;
}

static void begin(struct child *child)
{
    make_request(child);
    uv_read_start((uv_stream_t *)&child->pipe, on_room, on_read);
    child_write(child, buf_bytes(&child->opening), (uint64_t)POOL_PROBE * 1000);
}

static struct child *child_new(struct seat *seat)
{
    struct child *child = calloc(1, sizeof(*child));
    struct pool *pool = seat->pool;

    if (child == NULL)
        arena_out_of_memory(sizeof(*child));
    child->pool = pool;
    child->seat = seat;
    child->ordered = seat->ordered;
    child->modules = pool->modules;
    child->in.limit = FRAME_LIMIT + FRAME_HEAD + READ;
    child->handles = 3;
    uv_pipe_init(pool->loop, &child->pipe, 0);
    uv_timer_init(pool->loop, &child->deadline);
    child->process.data = child->pipe.data = child->deadline.data = child;
    pool->handles++;
    return child;
}

void seat_fill(struct seat *seat)
{
    struct child *child = child_new(seat);
    int place = make_place(child);
    int pair[2] = {-1, -1};
    int code = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0 ? 0 : -errno;

    if (code == 0)
        code = uv_pipe_open(&child->pipe, pair[0]);
    if (code != 0 && pair[0] >= 0)
        close(pair[0]);
    /* uv_spawn() makes the process handle in any case, so that it can be closed. */
    code = code == 0 ? spawn(child, pair[1], place) : code;
    if (pair[1] >= 0)
        close(pair[1]);
    if (place >= 0)
        close(place);
    if (code == 0) {
        TAILQ_INSERT_TAIL(&seat->pool->children, child, link);
        seat->child = child;
        begin(child);
        return;
    }
    log_error(
        "worker does not start: program=%s cause=\"%s\"", seat->pool->program, uv_strerror(code));
    back_off(seat);
    if (child->process.type != UV_PROCESS)
        child->handles--;
    else
        uv_close((uv_handle_t *)&child->process, on_handle_closed);
    uv_close((uv_handle_t *)&child->pipe, on_handle_closed);
    uv_close((uv_handle_t *)&child->deadline, on_handle_closed);
}

size_t pool_workers(const struct pool *pool, size_t *ret_busy)
{
    size_t count = 0;

    *ret_busy = 0;
    for (size_t i = 0; i <= POOL_WORKERS; i++) {
        count += pool->seats[i].child != NULL;
        *ret_busy += pool->seats[i].child != NULL && pool->seats[i].child->job != NULL;
    }
    return count;
}

/* VmHWM of /proc/PID/status (proc(5)): the high water mark since the program was loaded. */
static int64_t memory_of(const struct child *child)
{
    char text[64];
    char line[256];
    int64_t kib = 0;
    FILE *file;

    snprintf(text, sizeof(text), "/proc/%d/status", child->process.pid);
    file = fopen(text, "re");
    if (file == NULL)
        return 0;
    while (fgets(line, sizeof(line), file) != NULL) {
        struct bytes value = bytes_trim(bytes_of(line));

        if (!bytes_starts(value, LIT("VmHWM:")))
            continue;
        value = bytes_trim(bytes_from(value, strlen("VmHWM:")));
        bytes_to_int(bytes_cut(&value, ' '), &kib);
        break;
    }
    fclose(file);
    return kib * 1024;
}

int64_t pool_memory(const struct pool *pool)
{
    const struct child *child;
    int64_t most = 0;

    TAILQ_FOREACH(child, &pool->children, link)
    {
        int64_t memory = child->exited ? 0 : memory_of(child);

        most = memory > most ? memory : most;
    }
    return most;
}
