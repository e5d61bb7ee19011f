/* moves.c - feeds that answer by a permanent redirect, and those whose address has changed for
 * good.
 */
#include "store/private.h"

void store_moving_put(struct store *store, const struct store_moving *moving)
{
    struct request *request = request_new(REQUEST_MOVING, REQUEST_MEMORY);

    request->feed.id = moving->feed;
    request->as.moving = *moving;
    if (moving->url != NULL)
        request->as.moving.url = bytes_cstr(request->arena, bytes_of(moving->url));
    store_ask(store, request);
}

int moving_apply(struct writer *writer, struct request *request)
{
    const struct store_moving *moving = &request->as.moving;
    sqlite3_stmt *stmt = sql_use(
        &writer->sql, moving->url == NULL ? SQL_MOVING_REMOVE : SQL_MOVING_PUT, &request->err);

    if (stmt == NULL)
        return request->err.code;
    sqlite3_bind_int64(stmt, 1, moving->feed);
    if (moving->url != NULL) {
        sql_bind_text(stmt, 2, moving->url);
        sqlite3_bind_int(stmt, 3, moving->count);
        sqlite3_bind_int64(stmt, 4, moving->first);
        sqlite3_bind_int64(stmt, 5, moving->last);
        sqlite3_bind_int64(stmt, 6, moving->before);
        sqlite3_bind_int(stmt, 7, moving->common);
    }
    return sql_run(&writer->sql, stmt, &request->err);
}

int store_movings(struct store *store,
    void (*on_moving)(void *ctx, const struct store_moving *moving), void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_MOVINGS, err);
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    while ((code = sql_row(&store->reader, stmt, err)) > 0)
        on_moving(ctx, &(struct store_moving){.feed = sqlite3_column_int64(stmt, 0),
                           .url = sql_text(stmt, 1),
                           .count = sqlite3_column_int(stmt, 2),
                           .first = sqlite3_column_int64(stmt, 3),
                           .last = sqlite3_column_int64(stmt, 4),
                           .before = sqlite3_column_int64(stmt, 5),
                           .common = sqlite3_column_int(stmt, 6) != 0});
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}

void store_feed_move(struct store *store, const struct store_feed *feed, const char *url)
{
    struct request *request = request_new(REQUEST_MOVE, REQUEST_MEMORY);

    feeds_forget_fresh(store);
    request->feed.id = feed->id;
    request->feed.url = bytes_cstr(request->arena, bytes_of(feed->url));
    request->as.move_to = bytes_cstr(request->arena, bytes_of(url));
    store_ask(store, request);
}

/* A statement of an old and a new address. */
static int run_addresses(struct writer *writer, int sql_id, struct request *request)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, sql_id, &request->err);

    if (stmt == NULL)
        return request->err.code;
    sql_bind_text(stmt, 1, request->feed.url);
    sql_bind_text(stmt, 2, request->as.move_to);
    return sql_run(&writer->sql, stmt, &request->err);
}

int move_apply(struct writer *writer, struct request *request)
{
    static const int statements[] = {SQL_MOVED_AGAIN, SQL_MOVED_PUT, SQL_MOVED_BACK};
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_FEED_BY_URL, &request->err);
    int code;

    if (stmt == NULL)
        return request->err.code;
    sql_bind_text(stmt, 1, request->as.move_to);
    code = sql_one(&writer->sql, stmt, NULL, NULL, 0, &request->err);
    if (code < 0)
        return code;
    if (code > 0)                                 /* followed there already */
        code = feed_remove_rows(writer, request); /* what is pending of it goes on */
    else
        code = run_addresses(writer, SQL_FEED_MOVE, request);
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]) && code == OK; i++)
        code = run_addresses(writer, statements[i], request);
    if (code == OK && (stmt = sql_use(&writer->sql, SQL_MOVING_REMOVE, &request->err)) == NULL)
        return request->err.code;
    sqlite3_bind_int64(stmt, 1, request->feed.id);
    return code == OK ? sql_run(&writer->sql, stmt, &request->err) : code;
}

int store_moved(struct store *store, void (*on_moved)(void *ctx, const char *from, const char *to),
    void *ctx, struct error *err)
{
    sqlite3_stmt *stmt;
    int code = store_sync(store, err);

    if (code != OK)
        return code;
    stmt = sql_use(&store->reader, SQL_MOVED, err);
    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    while ((code = sql_row(&store->reader, stmt, err)) > 0)
        on_moved(ctx, sql_text(stmt, 0), sql_text(stmt, 1));
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}
