/* writer.c - the thread that writes: groups of requests, one transaction each. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"
#include "store/private.h"

enum {
    WRITER_MEMORY = 1 << 30, /* of one request's arena */
    WRITER_BLOCK = 128 << 10,
    AGAIN_SECONDS = 5,
    /* By `./dev bench delay`: 20 ms are 34 ms from feed to subscriber at 200 articles a second,
     * these 24. */
    LINGER_NANOSECONDS = 10000000,
    ECHO_NANOSECONDS = 1000000,
    /* What is patient waits for so long, or for so much: of 200 polls a second each eighth had a
     * commit to itself, which cost more than the polls. */
    PATIENCE_NANOSECONDS = 1000000000,
    HEAVY = 16, /* feeds that cost as much as one other request */
    FULL_WEIGHT = HEAVY * GROUP_MOST,
    PATIENT_MOST = FULL_WEIGHT,
};

/* The first count numbers of the one row that a statement without values gives. */
static int read_numbers(struct writer *writer, int sql_id, struct sql_value *ret_numbers,
    size_t count, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, sql_id, err);
    int code =
        stmt == NULL ? err->code : sql_one(&writer->sql, stmt, NULL, ret_numbers, count, err);

    return code < 0 ? code : OK;
}

int writer_open(struct writer *writer, struct store *store, struct error *err)
{
    struct sql_value last = {0};
    struct sql_value events[2] = {0};
    int code;

    writer->store = store;
    writer->arena = arena_new(WRITER_MEMORY);
    writer->entry = arena_new(WRITER_MEMORY);
    /* The first block stays through every reset: most requests need no other. */
    arena_alloc(writer->arena, WRITER_BLOCK);
    if (getrandom(&writer->seed, sizeof(writer->seed), 0) != (ssize_t)sizeof(writer->seed))
        return fail(err, E_SYSTEM, "getrandom: %s", strerror(errno));
    code = tally_open(writer, err);
    if (code == OK)
        code = weight_open(writer, err);
    if (code == OK)
        code = read_numbers(writer, SQL_PENDING_LAST, &last, 1, err);
    if (code == OK)
        code = read_numbers(writer, SQL_EVENT_FIRST, events, 2, err);
    if (code != OK)
        return code;
    if ((code = age_open(writer, err)) != OK)
        return code;
    writer->last_pending = last.number;
    writer->log_first = (uint64_t)events[0].number;
    if ((uint64_t)events[1].number > writer->head)
        writer->head = (uint64_t)events[1].number;
    atomic_store(&store->log_first, writer->log_first);
    atomic_store(&store->log_head, writer->head);
    assert(sql_busy(&writer->sql) == NULL);
    code = wal_open(writer, err);
    return code == OK ? file_check(writer, err) : code;
}

static int close_file(struct writer *writer, struct error *err)
{
    int code = sql_do(&writer->sql, SQL_BEGIN, err);

    if (code == OK)
        code = weight_write(writer, err);
    if (code == OK)
        code = sql_do(&writer->sql, SQL_COMMIT, err);
    return code == OK ? wal_close(writer, err) : code;
}

int writer_close(struct writer *writer, struct error *err)
{
    int code = writer->sql.db == NULL || writer->broken ? OK : close_file(writer, err);

    tally_close(writer);
    weight_close(writer);
    buf_done(&writer->scratch);
    arena_free(writer->arena);
    arena_free(writer->entry);
    sql_close(&writer->sql);
    return code;
}

static int apply(struct writer *writer, struct request *request)
{
    arena_reset(writer->arena);
    request->err.code = OK; /* an attempt before may have failed for want of room */
    return store_operations[request->kind].apply(writer, request);
}

/* Only the request failed, and it wrote nothing. */
static bool is_own_fault(int code)
{
    return code == E_NOT_FOUND || code == E_FORMAT || code == E_USAGE;
}

/* Do one request; held ones leave the group. Returns what fails the whole group, or OK. */
static int run_one(struct writer *writer, struct request *request, struct request_list *done)
{
    int code = apply(writer, request);

    if (code == REQUEST_HELD) {
        request_add(&writer->held, request);
        return OK;
    }
    request_add(done, request);
    return code == OK || is_own_fault(code) ? OK : code;
}

/* Versions that waited for the one that just ended; each may free the next. They come right behind
 * it. */
static int run_held(struct writer *writer, struct request_list *done, struct error *err)
{
    size_t before = 0;

    while (before != writer->held.count) {
        struct request_list held = writer->held;
        struct request *request;
        int code = OK;

        before = held.count;
        writer->held = (struct request_list){0};
        while (code == OK && (request = request_take(&held)) != NULL) {
            code = run_one(writer, request, done);
            if (code != OK)
                *err = request->err;
        }
        while ((request = request_take(&held)) != NULL)
            request_add(&writer->held, request);
        if (code != OK)
            return code;
    }
    return OK;
}

/* All of it, or as much as the write-ahead log should take at a time. */
static int run_group(
    struct writer *writer, struct request_list *group, struct request_list *done, struct error *err)
{
    struct request *request;
    int code = writer->broken ? E_SYSTEM : file_check(writer, err);

    if (code == OK)
        code = sql_do(&writer->sql, SQL_BEGIN, err);

    wal_begin(writer);
    while (code == OK && !wal_has_enough(writer) && (request = request_take(group)) != NULL) {
        size_t before = writer->held.count;

        code = run_one(writer, request, done);
        /* Bounded by itself; others are not to wait for all of it. */
        if (store_operations[request->kind].is_bounded)
            wal_begin(writer);
        if (code != OK)
            *err = request->err;
        else if (before > 0 && store_operations[request->kind].frees_versions)
            code = run_held(writer, done, err);
    }
    if (code == OK)
        code = tally_write(writer, err);
    if (code == OK)
        code = sql_do(&writer->sql, SQL_COMMIT, err);
    return code;
}

/* All of the group failed, done or not: tell everybody, or keep for later what nobody would ask for
 * again. */
static void fail_group(struct writer *writer, struct request_list *group, struct request_list *done,
    const struct error *err)
{
    struct request_list all = *done;
    struct request *trouble = request_new(REQUEST_TROUBLE, REQUEST_MEMORY);
    struct request *request;

    *done = (struct request_list){0};
    trouble->err = *err;
    request_add(done, trouble);
    while ((request = request_take(group)) != NULL)
        request_add(&all, request);
    while ((request = request_take(&all)) != NULL) {
        request->err = *err;
        request_add(store_may_pass(err->code) && store_operations[request->kind].is_kept
                        ? &writer->again
                        : done,
            request);
    }
}

/* One transaction; *done gets what its callbacks are due for. */
static void write_group(
    struct writer *writer, struct request_list *group, struct request_list *done)
{
    struct error err = {0};
    uint64_t head = writer->head;
    uint64_t first = writer->log_first;
    int64_t changes = sqlite3_total_changes64(writer->sql.db);

    writer->wrote = false;
    if (writer->broken)
        err = writer->failure;
    if (run_group(writer, group, done, &err) == OK) {
        tally_keep(writer);
        weight_end(writer, true);
        writer->wrote = sqlite3_total_changes64(writer->sql.db) > changes;
        atomic_store(&writer->store->log_first, writer->log_first);
        atomic_store(&writer->store->log_head, writer->head);
        assert(sql_busy(&writer->sql) == NULL);
        wal_tend(writer);
        return;
    }
    if (!writer->broken && !sqlite3_get_autocommit(writer->sql.db)) {
        struct error ignored = {0};

        sql_do(&writer->sql, SQL_ROLLBACK, &ignored);
    }
    tally_undo(writer);
    weight_end(writer, false);
    assert(sql_busy(&writer->sql) == NULL);
    writer->head = head;
    writer->log_first = first;
    writer->failure = err;
    /* After a failed sync nobody knows what is on the disk: never write again. */
    writer->broken = !store_may_pass(err.code);
    fail_group(writer, group, done, &err);
}

static void finish_group(struct store *store, struct request_list *done, size_t taken)
{
    const struct error *trouble =
        done->first != NULL && done->first->kind == REQUEST_TROUBLE ? &done->first->err : NULL;
    bool wake = done->first != NULL;

    pthread_mutex_lock(&store->lock);
    if (trouble != NULL) {
        if (store->trouble.err.code == OK)
            store->trouble.since = clock_wall();
        store->trouble.err = *trouble;
    } else if (store->writer.wrote) {
        store->trouble = (struct store_trouble){0};
    }
    if (wake && store->done.last == NULL)
        store->done = *done;
    else if (wake) {
        store->done.last->next = done->first;
        store->done.last = done->last;
        store->done.count += done->count;
    }
    store->finished += taken;
    store->again = store->writer.again.count;
    if (wake) /* before anybody is told that it is done: its callbacks are due then */
        uv_async_send(&store->async);
    pthread_cond_broadcast(&store->idle);
    pthread_mutex_unlock(&store->lock);
}

static struct timespec later(int64_t nanoseconds)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += (nanoseconds + at.tv_nsec) / 1000000000;
    at.tv_nsec = (nanoseconds + at.tv_nsec) % 1000000000;
    return at;
}

/* While there is only what is patient. */
static void await_cause(struct store *store)
{
    struct timespec until = later(PATIENCE_NANOSECONDS);

    while (store->queue.count > 0 && store->queue.count < PATIENT_MOST && !store->stopping &&
           !store->hurried)
        if (pthread_cond_timedwait(&store->full, &store->lock, &until) == ETIMEDOUT)
            return;
}

/* Wait for others until there is an event, whose subscribers wait; then for those that come with
 * it: what one group admitted is ready at the same moment, as the next one's events. */
static void await_company(struct store *store)
{
    struct timespec until = later(LINGER_NANOSECONDS);

    while (store->queue.count < GROUP_MOST && !store->stopping && !store->awaited)
        if (pthread_cond_timedwait(&store->full, &store->lock, &until) == ETIMEDOUT)
            return;
    until = later(ECHO_NANOSECONDS);
    while (store->queue.count < GROUP_MOST && !store->stopping)
        if (pthread_cond_timedwait(&store->full, &store->lock, &until) == ETIMEDOUT)
            return;
}

/* Wait for work. Under load, when the last group had company, a few more milliseconds fill the
 * next: a sync costs more than a request. Returns false when there is nothing left to do. Called
 * and left with the lock held. */
static bool await_work(struct writer *writer, bool load)
{
    struct store *store = writer->store;
    struct timespec until = later((int64_t)AGAIN_SECONDS * 1000000000);
    bool last_chance;

    store->asleep = true;
    while (store->queue.count == 0 && !store->stopping) {
        if (writer->again.count == 0)
            pthread_cond_wait(&store->wake, &store->lock);
        else if (pthread_cond_timedwait(&store->wake, &store->lock, &until) == ETIMEDOUT)
            break;
    }
    store->asleep = false;
    await_cause(store);
    if (load)
        await_company(store);
    if (!store->stopping || store->queue.count > 0)
        return true;
    /* What failed for want of room gets one last chance. */
    last_chance = writer->again.count > 0 && !writer->ended;
    writer->ended = true;
    return last_chance;
}

/* Feeds are small, and so is what is patient: many more of them fit one group. */
static size_t weight(const struct request *request)
{
    return request->kind <= REQUEST_FEED_POLL || store_operations[request->kind].is_patient ? 1
                                                                                            : HEAVY;
}

static size_t take_group(struct writer *writer, struct request_list *group)
{
    struct store *store = writer->store;
    size_t taken = 0;

    *group = writer->again;
    writer->again = (struct request_list){0};
    store->awaited = false;
    for (size_t sum = 0; store->queue.first != NULL && sum < FULL_WEIGHT; taken++) {
        sum += weight(store->queue.first);
        request_add(group, request_take(&store->queue));
    }
    store->hurried = store->queue.count > 0; /* what is left has waited */
    return taken;
}

static void end_waiting(struct writer *writer)
{
    struct request_list done = writer->held;
    struct request *request;

    writer->held = (struct request_list){0};
    while ((request = request_take(&writer->again)) != NULL)
        request_add(&done, request);
    for (request = done.first; request != NULL; request = request->next)
        fail(&request->err, E_STOPPED, "store: closing");
    finish_group(writer->store, &done, 0);
}

/* Trimming goes on behind what was asked in the meantime, or before it when much was written. */
static void go_on_trimming(struct writer *writer)
{
    struct store *store = writer->store;

    if (!writer->trim_more)
        return;
    pthread_mutex_lock(&store->lock);
    if (!store->closing) {
        struct request *trim = request_new(REQUEST_TRIM, REQUEST_MEMORY);

        if (writer->trim_first)
            request_put_first(&store->queue, trim);
        else
            request_add(&store->queue, trim);
        store->asked++;
        store->hurried = true;
    }
    pthread_mutex_unlock(&store->lock);
    writer->trim_more = writer->trim_first = false;
}

/* A group, in one transaction or, when it is large, in several with trimming between them. */
static void write_groups(struct writer *writer, struct request_list *group, size_t taken)
{
    struct request_list done = {0};

    while (group->count > 0) {
        write_group(writer, group, &done);
        if (group->count == 0)
            break;
        finish_group(writer->store, &done, 0);
        done = (struct request_list){0};
        if (writer->trim_first)
            request_put_first(group, request_new(REQUEST_TRIM, REQUEST_MEMORY));
        writer->trim_first = false;
    }
    finish_group(writer->store, &done, taken);
}

void *writer_run(void *arg)
{
    struct store *store = arg;
    struct writer *writer = &store->writer;
    bool load = false;

    for (;;) {
        struct request_list group;
        size_t taken;

        pthread_mutex_lock(&store->lock);
        if (!await_work(writer, load)) {
            pthread_mutex_unlock(&store->lock);
            break;
        }
        taken = take_group(writer, &group);
        load = taken > 1;
        pthread_mutex_unlock(&store->lock);
        write_groups(writer, &group, taken);
        go_on_trimming(writer);
    }
    end_waiting(writer);
    return NULL;
}
