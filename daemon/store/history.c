/* history.c - the last polls of each feed, as a ring in one row a feed: written a few at a time, so
 * that a poll costs a fraction of a write. */
#include "store/private.h"

void store_history_add(
    struct store *store, int64_t feed, const struct store_polled *polls, size_t count)
{
    struct request *request = request_new(REQUEST_HISTORY, REQUEST_MEMORY);

    request->feed.id = feed;
    request->as.history =
        bytes_copy(request->arena, (struct bytes){(const char *)polls, count * sizeof(*polls)});
    store_ask(store, request);
}

int history_apply(struct writer *writer, struct request *request)
{
    const size_t most = STORE_HISTORY * sizeof(struct store_polled);
    struct error *err = &request->err;
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_HISTORY_GET, err);
    struct sql_value kept = {0};
    int code;

    if (stmt == NULL)
        return err->code;
    buf_clear(&writer->scratch);
    sqlite3_bind_int64(stmt, 1, request->feed.id);
    code = sql_one(&writer->sql, stmt, writer->arena, &kept, 1, err);
    if (code < 0)
        return code;
    buf_add(&writer->scratch, kept.bytes);
    buf_add(&writer->scratch, request->as.history);
    if (writer->scratch.len > most)
        buf_drop(&writer->scratch, writer->scratch.len - most);
    stmt = sql_use(&writer->sql, SQL_HISTORY_PUT, err);
    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, request->feed.id);
    sql_bind_blob(stmt, 2, buf_bytes(&writer->scratch));
    return sql_run(&writer->sql, stmt, err);
}

int store_history(struct store *store, int64_t feed, struct store_polled ret_polls[STORE_HISTORY],
    size_t *ret_count, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_HISTORY_GET, err);
    struct sql_value kept = {0};
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, feed);
    arena_reset(store->arena);
    code = sql_one(&store->reader, stmt, store->arena, &kept, 1, err);
    *ret_count = kept.bytes.len / sizeof(*ret_polls);
    if (*ret_count > STORE_HISTORY)
        *ret_count = STORE_HISTORY;
    if (*ret_count > 0)
        memcpy(ret_polls, kept.bytes.ptr, *ret_count * sizeof(*ret_polls));
    return code < 0 ? code : OK;
}
