/* wal.c - the write-ahead log: when it is emptied into the file, and who keeps it from that. */
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "store/private.h"
#include "store/wal_file.h"

enum {
    WAL_MOST = 4000, /* pages, 16 MiB, ten groups of large records: then it is emptied */
    WAL_SHARE = 32,  /* of store.max it may take before, in a small store */
    WAL_PRESSED = 3, /* times as long it is waited for readers, who may follow each other closely */
    WAL_WAIT = 100,  /* milliseconds */
    WAL_RETRY = 20,  /* milliseconds until another attempt after one that did not succeed; as many
                        times more as it is too long, for each sorts what is in it */
};

static int on_written(void *ctx, sqlite3 *db, const char *name, int pages)
{
    struct writer *writer = ctx;

    (void)db;
    (void)name;
    writer->wal_pages = pages;
    return SQLITE_OK;
}

int64_t wal_room(const struct writer *writer)
{
    return (int64_t)writer->wal_most * WAL_PRESSED * SCHEMA_PAGE;
}

int wal_open(struct writer *writer, struct error *err)
{
    int64_t share = writer->store->max_size / SCHEMA_PAGE / WAL_SHARE;
    char limit[64];

    writer->wal_most = share < WAL_MOST ? (int)share : WAL_MOST;
    sqlite3_wal_hook(writer->sql.db, on_written, writer);
    wal_file_gather(writer->sql.db);
    /* What it is cut back to when something kept it from being emptied. */
    snprintf(limit, sizeof(limit), "PRAGMA journal_size_limit = %" PRIi64, wal_room(writer));
    return sql_exec(&writer->sql, limit, err);
}

/* 0 when all of it is in the file, 1 when a reader of an older state is in the way, else a negative
 * enum code. */
static int empty(struct writer *writer, int mode, struct error *err)
{
    int pages = 0;
    int done = 0;
    int code = sqlite3_wal_checkpoint_v2(writer->sql.db, "main", mode, &pages, &done);

    if ((code & 0xff) == SQLITE_BUSY)
        return 1;
    if (code != SQLITE_OK)
        return sql_fail(&writer->sql, err);
    return done < pages ? 1 : OK;
}

/* What the loop is told of it. */
static void tell(struct store *store, int outcome, const struct error *err)
{
    pthread_mutex_lock(&store->lock);
    if (outcome != 1)
        store->wal_held = 0;
    else if (store->wal_held == 0)
        store->wal_held = clock_mono();
    store->wal_error = *err;
    pthread_mutex_unlock(&store->lock);
}

static int64_t retry_after(const struct writer *writer)
{
    return WAL_RETRY * (int64_t)(SECOND / 1000) * writer->wal_pages / writer->wal_most;
}

void wal_begin(struct writer *writer)
{
    writer->written = 0;
    writer->changes = sqlite3_total_changes64(writer->sql.db);
}

/* About: what large values took, and a page for each row. Indexes take further ones, but rows that
 * are written together often share theirs. */
bool wal_has_enough(const struct writer *writer)
{
    int64_t rows = sqlite3_total_changes64(writer->sql.db) - writer->changes;

    return writer->written / SCHEMA_PAGE + rows >= writer->wal_most;
}

int wal_run(struct writer *writer, sqlite3_stmt *stmt, struct error *err)
{
    int code;

    while ((code = sql_row(&writer->sql, stmt, err)) > 0)
        writer->written += sqlite3_column_int64(stmt, 0);
    return code;
}

void wal_tend(struct writer *writer)
{
    bool pressed = writer->wal_pages >= writer->wal_most * WAL_PRESSED;
    struct error err = {0};
    int outcome;

    if (writer->wal_pages < writer->wal_most || clock_mono() < writer->wal_next)
        return;
    if (pressed)
        sqlite3_busy_timeout(writer->sql.db, WAL_WAIT);
    outcome = empty(writer, pressed ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, &err);
    if (pressed)
        sqlite3_busy_timeout(writer->sql.db, SQL_BUSY_MILLISECONDS);
    /* As much was written as may not wait for the next time, nor for all that was asked before. */
    writer->trim_more = writer->trim_first = true;
    writer->wal_next = outcome == OK ? 0 : clock_mono() + retry_after(writer);
    tell(writer->store, outcome, &err);
}

int wal_close(struct writer *writer, struct error *err)
{
    int code;

    sqlite3_busy_timeout(writer->sql.db, WAL_WAIT);
    code = empty(writer, SQLITE_CHECKPOINT_TRUNCATE, err);
    if (code == 1)
        return fail(
            err, E_LIMIT, "store: a program that reads it keeps its log from being emptied");
    return code;
}

static int64_t size_of(const char *path, const char *end)
{
    char name[4096];
    struct stat st;

    snprintf(name, sizeof(name), "%s%s", path, end);
    return stat(name, &st) == 0 ? (int64_t)st.st_size : 0;
}

struct store_disk store_disk(struct store *store)
{
    struct store_disk disk = {
        .file = size_of(store->path, ""), .wal = size_of(store->path, "-wal")};

    pthread_mutex_lock(&store->lock);
    disk.held = store->wal_held == 0 ? 0 : clock_mono() - store->wal_held + 1;
    disk.wal_error = store->wal_error;
    pthread_mutex_unlock(&store->lock);
    return disk;
}
