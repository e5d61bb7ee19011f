/* quarantine.c - entries put aside: looked at, tried again, or taken out. */
#include "base/clock.h"
#include "store/private.h"

static const char *const counter = "entries.quarantined";

void store_quarantine(struct store *store, int64_t pending, const char *cause)
{
    ask_about_pending(store, REQUEST_QUARANTINE, pending, cause);
}

void store_quarantine_end(struct store *store, int64_t pending)
{
    ask_about_pending(store, REQUEST_QUARANTINE_END, pending, "");
}

void store_quarantine_remove(struct store *store, int64_t pending)
{
    ask_about_pending(store, REQUEST_QUARANTINE_REMOVE, pending, "");
}

int quarantine_apply(struct writer *writer, struct request *request)
{
    struct error *err = &request->err;
    struct pending of;
    sqlite3_stmt *stmt;
    int code = pending_get(writer, request->as.pending.row, &of, err);

    stmt = code == OK ? sql_use(&writer->sql, SQL_QUARANTINE, err) : NULL;
    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, request->as.pending.row);
    sql_bind_text(stmt, 2, request->as.pending.cause);
    /* As operators read it; where the clock is behind, as trim.c does. */
    sqlite3_bind_int64(stmt, 3, clock_wall() > age_now(writer) ? clock_wall() : age_now(writer));
    tally_count(writer, counter, 1);
    return wal_run(writer, stmt, err);
}

/* A statement on the row; E_NOT_FOUND when it changed none. Those who leave are counted no more. */
static int leave(struct writer *writer, int sql_id, struct request *request)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, sql_id, &request->err);
    int code;

    if (stmt == NULL)
        return request->err.code;
    sqlite3_bind_int64(stmt, 1, request->as.pending.row);
    code = wal_run(writer, stmt, &request->err);
    if (code == OK && sql_changes(&writer->sql) == 0)
        return fail(&request->err, E_NOT_FOUND, "store: no such entry is quarantined");
    if (code == OK)
        tally_count(writer, counter, (uint64_t)-1);
    return code;
}

int quarantine_end_apply(struct writer *writer, struct request *request)
{
    return leave(writer, SQL_QUARANTINE_END, request);
}

int quarantine_remove_apply(struct writer *writer, struct request *request)
{
    int code = way_ended(writer, request->as.pending.row, true, "dropped.quarantine",
        (struct bytes){NULL, 0}, &request->err);

    if (code == OK)
        code = leave(writer, SQL_QUARANTINE_REMOVE, request);
    if (code != OK)
        return code;
    tally_count(writer, "dropped.quarantine", 1);
    tally_count(writer, "entries.dropped", 1);
    return OK;
}

int store_quarantined(struct store *store, int64_t after, size_t limit,
    int (*on_entry)(void *ctx, const struct quarantined *entry), void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_QUARANTINED, err);
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, after);
    sqlite3_bind_int64(stmt, 2, (int64_t)limit);
    while ((code = sql_row(&store->reader, stmt, err)) > 0) {
        struct quarantined entry = {.pending = sqlite3_column_int64(stmt, 0),
            .version = sqlite3_column_int64(stmt, 1),
            .feed = sqlite3_column_int64(stmt, 2),
            .record = sql_blob(stmt, 3),
            .cause = sql_text(stmt, 4),
            .at = sqlite3_column_int64(stmt, 5)};

        if (on_entry(ctx, &entry) != 0)
            break;
    }
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}

int store_quarantined_count(struct store *store, size_t *ret_count, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_QUARANTINED_COUNT, err);
    struct sql_value row = {0};
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    code = sql_one(&store->reader, stmt, NULL, &row, 1, err);
    if (code < 0)
        return code;
    *ret_count = (size_t)row.number;
    return OK;
}
