/* cadence.c - the learned rhythm of each feed: bytes of poll/cadence.h, one row a feed. */
#include "store/private.h"

void store_cadence_put(struct store *store, int64_t feed, struct bytes model)
{
    struct request *request = request_new(REQUEST_CADENCE, REQUEST_MEMORY);

    request->feed.id = feed;
    request->as.cadence = bytes_copy(request->arena, model);
    store_ask(store, request);
}

int cadence_apply(struct writer *writer, struct request *request)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_CADENCE_PUT, &request->err);

    if (stmt == NULL)
        return request->err.code;
    sqlite3_bind_int64(stmt, 1, request->feed.id);
    sql_bind_blob(stmt, 2, request->as.cadence);
    return sql_run(&writer->sql, stmt, &request->err);
}

int store_cadences(struct store *store,
    void (*on_cadence)(void *ctx, int64_t feed, struct bytes model), void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_CADENCES, err);
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    while ((code = sql_row(&store->reader, stmt, err)) > 0)
        on_cadence(ctx, sqlite3_column_int64(stmt, 0), sql_blob(stmt, 1));
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}
