/* consumer.c - named consumers: how far each has read the log, and where reading may begin. */
#include "base/clock.h"
#include "store/private.h"

int store_consumers(struct store *store,
    void (*on_consumer)(void *ctx, const struct store_consumer *consumer), void *ctx,
    struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_CONSUMERS, err);
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    while ((code = sql_row(&store->reader, stmt, err)) > 0) {
        const struct store_consumer consumer = {.name = sql_text(stmt, 0),
            .filter = sql_text(stmt, 1),
            .acked = (uint64_t)sqlite3_column_int64(stmt, 2),
            .hold = sqlite3_column_int(stmt, 3) != 0,
            .since = sqlite3_column_int64(stmt, 4),
            .heard = sqlite3_column_int64(stmt, 5),
            .unused = sqlite3_column_int64(stmt, 6)};

        on_consumer(ctx, &consumer);
    }
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}

static struct request *ask(int kind, const struct store_consumer *consumer,
    void (*on_kept)(void *ctx, const struct error *err), void *ctx)
{
    struct request *request = request_new(kind, REQUEST_MEMORY);
    struct store_consumer *copy = &request->as.consumer.row;

    *copy = *consumer;
    copy->name = bytes_cstr(request->arena, bytes_of(consumer->name));
    copy->filter = bytes_cstr(request->arena, bytes_of(consumer->filter));
    request->as.consumer.on_kept = on_kept;
    request->ctx = ctx;
    return request;
}

void store_consumer_put(struct store *store, const struct store_consumer *consumer,
    void (*on_kept)(void *ctx, const struct error *err), void *ctx)
{
    store_ask(store, ask(REQUEST_CONSUMER_PUT, consumer, on_kept, ctx));
}

void store_consumer_remove(struct store *store, const char *name,
    void (*on_kept)(void *ctx, const struct error *err), void *ctx)
{
    const struct store_consumer consumer = {.name = name, .filter = ""};

    store_ask(store, ask(REQUEST_CONSUMER_REMOVE, &consumer, on_kept, ctx));
}

int consumer_put_apply(struct writer *writer, struct request *request)
{
    const struct store_consumer *consumer = &request->as.consumer.row;
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_CONSUMER_PUT, &request->err);

    if (stmt == NULL)
        return request->err.code;
    sql_bind_text(stmt, 1, consumer->name);
    sql_bind_text(stmt, 2, consumer->filter);
    sqlite3_bind_int64(stmt, 3, (int64_t)consumer->acked);
    sqlite3_bind_int(stmt, 4, consumer->hold);
    sqlite3_bind_int64(stmt, 5, consumer->since);
    sqlite3_bind_int64(stmt, 6, consumer->heard);
    sqlite3_bind_int64(stmt, 7, consumer->unused);
    return sql_run(&writer->sql, stmt, &request->err);
}

int consumer_remove_apply(struct writer *writer, struct request *request)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_CONSUMER_REMOVE, &request->err);

    if (stmt == NULL)
        return request->err.code;
    sql_bind_text(stmt, 1, request->as.consumer.row.name);
    return sql_run(&writer->sql, stmt, &request->err);
}

int consumers_hold(struct writer *writer, uint64_t *ret_acked, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_CONSUMER_HOLD, err);
    struct sql_value row = {.number = INT64_MAX};
    int code;

    if (stmt == NULL)
        return err->code;
    code = sql_one(&writer->sql, stmt, NULL, &row, 1, err);
    *ret_acked = (uint64_t)row.number;
    return code < 0 ? code : OK;
}

/* The first event from a sequence on: 1 and when it was recorded, 0 for none. */
static int recorded_from(struct store *store, uint64_t sequence, uint64_t *ret_sequence,
    int64_t *ret_recorded, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_EVENT_RECORDED_FROM, err);
    struct sql_value row[2] = {0};
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, (int64_t)sequence);
    code = sql_one(&store->reader, stmt, NULL, row, 2, err);
    *ret_sequence = (uint64_t)row[0].number;
    *ret_recorded = row[1].number;
    return code;
}

/* The log is in order of its recording, so halves are enough. The store's time runs beside the
 * wall's (age.c): now on one is now on the other. */
int store_sequence_at(struct store *store, int64_t wall, uint64_t *ret_before, struct error *err)
{
    struct store_log log = store_log_state(store);
    int64_t time = wall + age_now(&store->writer) - clock_wall();
    uint64_t low = 0;         /* none, or an older one */
    uint64_t high = log.head; /* behind it: none older */
    int code = OK;

    while (low < high && code >= 0) {
        uint64_t middle = low + (high - low) / 2 + 1;
        uint64_t found = 0;
        int64_t recorded = 0;

        code = recorded_from(store, middle, &found, &recorded, err);
        if (code > 0 && found <= high && recorded < time)
            low = found;
        else
            high = middle - 1;
    }
    *ret_before = low;
    return code < 0 ? code : OK;
}
