/* hub.c - what is agreed with hubs: one row a subscription. */
#include "store/private.h"

static const char *copy_text(struct arena *arena, const char *text)
{
    return bytes_cstr(arena, bytes_of(text));
}

int store_hubs(struct store *store, void (*on_push)(void *ctx, const struct store_hub *push),
    void *ctx, struct error *err)
{
    sqlite3_stmt *stmt;
    int code = store_sync(store, err);

    if (code != OK)
        return code;
    stmt = sql_use(&store->reader, SQL_PUSHES, err);
    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    while ((code = sql_row(&store->reader, stmt, err)) > 0) {
        const struct store_hub push = {.token = sql_text(stmt, 0),
            .feed = sqlite3_column_int64(stmt, 1),
            .hubs = sql_text(stmt, 2),
            .topic = sql_text(stmt, 3),
            .secret = sql_text(stmt, 4),
            .callback = sql_text(stmt, 5),
            .lease_until = sqlite3_column_int64(stmt, 6),
            .next_try = sqlite3_column_int64(stmt, 7),
            .failures = sqlite3_column_int(stmt, 8),
            .last_push = sqlite3_column_int64(stmt, 9)};

        on_push(ctx, &push);
    }
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}

void store_hub_put(struct store *store, const struct store_hub *push)
{
    struct request *request = request_new(REQUEST_HUB_PUT, REQUEST_MEMORY);
    struct store_hub *copy = &request->as.push;

    *copy = *push;
    copy->token = copy_text(request->arena, push->token);
    copy->hubs = copy_text(request->arena, push->hubs);
    copy->topic = copy_text(request->arena, push->topic);
    copy->secret = copy_text(request->arena, push->secret);
    copy->callback = copy_text(request->arena, push->callback);
    store_ask(store, request);
}

int hub_put_apply(struct writer *writer, struct request *request)
{
    const struct store_hub *push = &request->as.push;
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_PUSH_PUT, &request->err);

    if (stmt == NULL)
        return request->err.code;
    sql_bind_text(stmt, 1, push->token);
    sqlite3_bind_int64(stmt, 2, push->feed);
    sql_bind_text(stmt, 3, push->hubs);
    sql_bind_text(stmt, 4, push->topic);
    sql_bind_text(stmt, 5, push->secret);
    sql_bind_text(stmt, 6, push->callback);
    sqlite3_bind_int64(stmt, 7, push->lease_until);
    sqlite3_bind_int64(stmt, 8, push->next_try);
    sqlite3_bind_int(stmt, 9, push->failures);
    sqlite3_bind_int64(stmt, 10, push->last_push);
    return sql_run(&writer->sql, stmt, &request->err);
}

void store_hub_remove(struct store *store, const char *token)
{
    struct request *request = request_new(REQUEST_HUB_REMOVE, REQUEST_MEMORY);

    request->as.push.token = copy_text(request->arena, token);
    store_ask(store, request);
}

int hub_remove_apply(struct writer *writer, struct request *request)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_PUSH_REMOVE, &request->err);

    if (stmt == NULL)
        return request->err.code;
    sql_bind_text(stmt, 1, request->as.push.token);
    return sql_run(&writer->sql, stmt, &request->err);
}
