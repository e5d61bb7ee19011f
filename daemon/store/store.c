/* store.c - the store as a whole: its file, its lock, its thread, from open to close. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/private.h"

enum { READ_MEMORY = 256 << 20 };

static void on_async(uv_async_t *async)
{
    store_deliver(async->data);
}

static void on_async_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void set_source(struct store *store, const char *instance)
{
    char host[256] = "";

    if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0')
        snprintf(host, sizeof(host), "localhost");
    snprintf(store->source, sizeof(store->source), "//%s/%.48s", host, instance);
}

static int open_files(struct store *store, struct error *err)
{
    int code = schema_lock(store->path, &store->lock_fd, err);

    if (code != OK)
        return code;
    code =
        sql_open(&store->writer.sql, store->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
    if (code != OK)
        return code;
    code = schema_prepare(&store->writer.sql, store->path, store->epoch, err);
    if (code == OK)
        code = sql_open(&store->reader, store->path, SQLITE_OPEN_READONLY, err);
    if (code == OK)
        code = sql_exec(&store->reader, "PRAGMA cache_size = -4096;", err);
    return code;
}

static int close_files(struct store *store, struct error *err)
{
    int code;

    /* The last connection to close empties the write-ahead log, which the reader must not. */
    sql_close(&store->reader);
    code = writer_close(&store->writer, err);
    arena_free(store->arena);
    feeds_close(store);
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    free(store->path);
    pthread_cond_destroy(&store->wake);
    pthread_cond_destroy(&store->full);
    pthread_cond_destroy(&store->idle);
    pthread_mutex_destroy(&store->lock);
    return code;
}

static void init_locks(struct store *store)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->wake, &attr);
    pthread_cond_init(&store->full, &attr);
    pthread_cond_init(&store->idle, &attr);
    pthread_condattr_destroy(&attr);
}

static void stop_thread(struct store *store)
{
    pthread_mutex_lock(&store->lock);
    store->stopping = true;
    pthread_cond_signal(&store->wake);
    pthread_cond_signal(&store->full);
    pthread_mutex_unlock(&store->lock);
    pthread_join(store->thread, NULL);
}

static int start(struct store *store, struct error *err)
{
    int code = open_files(store, err);

    if (code == OK)
        code = writer_open(&store->writer, store, err);
    if (code == OK)
        code = feeds_open(store, err);
    if (code != OK)
        return code;
    code = pthread_create(&store->thread, NULL, writer_run, store);
    if (code != 0)
        return fail(err, E_SYSTEM, "store: thread: %s", strerror(code));
    /* The thread has no work before store_open() returns: it does not touch the handle yet. */
    code = uv_async_init(store->loop, &store->async, on_async);
    if (code != 0) {
        stop_thread(store);
        return fail(err, E_SYSTEM, "store: %s", uv_strerror(code));
    }
    store->async.data = store;
    return OK;
}

void store_reload(struct store *store, const struct conf *conf)
{
    store->first_fetch = conf->poll.first_fetch;
    store->first_count = conf->poll.first_count;
    store->keep = conf->store.keep;
    store->max_size = conf->store.max_size;
}

int store_open(
    uv_loop_t *loop, const struct conf *conf, struct store **ret_store, struct error *err)
{
    struct store *store = calloc(1, sizeof(*store));
    int code;

    if (store == NULL || (store->path = strdup(conf->store.path)) == NULL)
        arena_out_of_memory(sizeof(*store));
    store->arena = arena_new(READ_MEMORY);
    store->loop = loop;
    store->lock_fd = -1;
    store_reload(store, conf);
    set_source(store, conf->instance);
    init_locks(store);
    code = start(store, err);
    if (code != OK) {
        close_files(store, NULL);
        free(store);
        return code;
    }
    *ret_store = store;
    return OK;
}

/* Until so many requests of all are done; called and left with the lock held. */
static void await_writer(struct store *store, uint64_t asked)
{
    store->hurried = store->queue.count > 0;
    pthread_cond_signal(&store->full);
    while (store->finished < asked)
        pthread_cond_wait(&store->idle, &store->lock);
}

/* Wait until all that was asked for is done, and call back. */
static void drain(struct store *store)
{
    bool more = true;

    while (more) {
        pthread_mutex_lock(&store->lock);
        await_writer(store, store->asked);
        more = store->done.count > 0;
        pthread_mutex_unlock(&store->lock);
        store_deliver(store);
    }
}

int store_close(struct store *store, struct error *err)
{
    int code;

    pthread_mutex_lock(&store->lock);
    store->closing = true;
    pthread_mutex_unlock(&store->lock);
    drain(store);
    stop_thread(store);
    drain(store);
    code = close_files(store, err);
    uv_close((uv_handle_t *)&store->async, on_async_closed);
    return code;
}

void store_set_committed(
    struct store *store, void (*on_event)(void *ctx, const struct committed *event), void *ctx)
{
    store->on_event = on_event;
    store->event_ctx = ctx;
}

void store_set_trouble(
    struct store *store, void (*on_trouble)(void *ctx, const struct error *err), void *ctx)
{
    store->on_trouble = on_trouble;
    store->trouble_ctx = ctx;
}

const char *store_epoch(const struct store *store)
{
    return store->epoch;
}

int store_sync(struct store *store, struct error *err)
{
    int code = OK;

    pthread_mutex_lock(&store->lock);
    await_writer(store, store->asked);
    if (store->again > 0 ||
        (store->trouble.err.code != OK && !store_may_pass(store->trouble.err.code)))
        code = fail(err, store->trouble.err.code, "%s", store->trouble.err.text);
    pthread_mutex_unlock(&store->lock);
    return code;
}

struct store_trouble store_trouble(struct store *store)
{
    struct store_trouble trouble;

    pthread_mutex_lock(&store->lock);
    trouble = store->trouble;
    pthread_mutex_unlock(&store->lock);
    return trouble;
}

void store_probe(
    struct store *store, void (*on_probed)(void *ctx, const struct error *err), void *ctx)
{
    struct request *request = request_new(REQUEST_PROBE, REQUEST_MEMORY);

    request->as.on_probed = on_probed;
    request->ctx = ctx;
    store_ask(store, request);
}

/* A row that is always written anew: it needs room as any other. */
int probe_apply(struct writer *writer, struct request *request)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_META_SET, &request->err);

    if (stmt == NULL)
        return request->err.code;
    sql_bind_text(stmt, 1, "probed");
    sqlite3_bind_int64(stmt, 2, clock_wall());
    return sql_run(&writer->sql, stmt, &request->err);
}

void store_snapshot(
    struct store *store, const char *stage, uint64_t sequence, struct bytes saved, uint64_t keep)
{
    struct request *request = request_new(REQUEST_SNAPSHOT, saved.len + REQUEST_MEMORY);

    request->as.snapshot.stage = bytes_cstr(request->arena, bytes_of(stage));
    request->as.snapshot.sequence = sequence;
    request->as.snapshot.saved = bytes_copy(request->arena, saved);
    request->as.snapshot.keep = keep;
    store_ask(store, request);
}

static int snapshot_run(struct writer *writer, struct request *request, enum sql_id what)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, what, &request->err);
    bool trims = what == SQL_SNAPSHOT_TRIM;

    if (stmt == NULL)
        return request->err.code;
    sql_bind_text(stmt, 1, request->as.snapshot.stage);
    sqlite3_bind_int64(
        stmt, 2, (int64_t)(trims ? request->as.snapshot.keep : request->as.snapshot.sequence));
    if (what == SQL_SNAPSHOT_PUT)
        sql_bind_blob(stmt, 3, request->as.snapshot.saved);
    return sql_run(&writer->sql, stmt, &request->err);
}

int snapshot_apply(struct writer *writer, struct request *request)
{
    int code;

    if (request->as.snapshot.saved.len == 0)
        return snapshot_run(writer, request, SQL_SNAPSHOT_MOVE);
    writer->written += (int64_t)request->as.snapshot.saved.len;
    if ((code = snapshot_run(writer, request, SQL_SNAPSHOT_PUT)) != OK)
        return code;
    return snapshot_run(writer, request, SQL_SNAPSHOT_TRIM);
}

int store_snapshot_next(struct store *store, struct arena *arena, const char *stage,
    uint64_t *number, uint64_t *ret_sequence, struct bytes *ret_saved, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_SNAPSHOT_GET, err);
    struct sql_value row[3];
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sql_bind_text(stmt, 1, stage);
    sqlite3_bind_int64(stmt, 2, (int64_t)*number);
    code = sql_one(&store->reader, stmt, arena, row, 3, err);
    if (code == 0)
        return fail(err, E_NOT_FOUND, "store: nothing more is saved for stage %s", stage);
    if (code < 0)
        return code;
    *number = (uint64_t)row[0].number;
    *ret_sequence = (uint64_t)row[1].number;
    *ret_saved = row[2].bytes;
    return OK;
}
