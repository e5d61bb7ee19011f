/* familiar.c - what the articles of each host have in common (text/familiar.h): a row a host, so
 * many hosts, written in the transaction of the article that taught it. */
#include "text/familiar.h"

#include "base/clock.h"
#include "store/private.h"

enum {
    HOSTS_MOST = 4096, /* twice the sites of the largest lists: 32 MiB */
    HOST_BYTES = 8192, /* a row, its pages counted whole */
    HOSTS_SHARE = 16,  /* of the bound of the file, that they may take */
    GONE_MOST = 64,    /* rows that go for a new one, when the bound has become smaller */
    ALL_LEARNED = 32,  /* articles of a host that teach, each; */
    SAMPLE = 4,        /* after these one of so many, for it costs 4 KiB on the disk */
    DAY = 24 * 60 * 60,
};

static int64_t hosts_most(const struct writer *writer)
{
    int64_t most = writer->store->max_size / HOSTS_SHARE / HOST_BYTES;

    return most < 1 ? 1 : most < HOSTS_MOST ? most : HOSTS_MOST;
}

/* A new one comes. Those of which nothing is known go first, those that taught last go last: many
 * hosts that somebody made up take nothing from sites that are read. */
static int make_room(struct writer *writer, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_FAMILIAR_TRIM, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, hosts_most(writer) - 1);
    sqlite3_bind_int64(stmt, 2, GONE_MOST);
    return sql_run(&writer->sql, stmt, err);
}

static int put(struct writer *writer, int64_t host, struct bytes model, struct error *err)
{
    struct buf list = {.limit = FAMILIAR_LIST};
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_FAMILIAR_PUT, err);
    int code;

    if (stmt == NULL)
        return err->code;
    familiar_list(model, &list);
    sqlite3_bind_int64(stmt, 1, host);
    sqlite3_bind_int64(stmt, 2, familiar_articles(model));
    sqlite3_bind_int64(stmt, 3, list.len > 0);
    sqlite3_bind_int64(stmt, 4, age_now(writer) / (DAY * (int64_t)SECOND));
    sql_bind_blob(stmt, 5, buf_bytes(&list));
    sql_bind_blob(stmt, 6, model);
    writer->written += (int64_t)(list.len + model.len);
    code = sql_run(&writer->sql, stmt, err);
    buf_done(&list);
    return code;
}

int familiar_commit(struct writer *writer, const struct store_event *event, struct error *err)
{
    struct sql_value kept[2] = {{0}};
    sqlite3_stmt *stmt;
    int code;

    if (event->lines.len == 0)
        return OK;
    stmt = sql_use(&writer->sql, SQL_FAMILIAR_MODEL, err);
    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, event->host);
    sqlite3_bind_int64(stmt, 2, ALL_LEARNED);
    sqlite3_bind_int64(stmt, 3, subject_key(event->subject) % SAMPLE == 0);
    code = sql_one(&writer->sql, stmt, writer->arena, kept, 2, err);
    if (code < 0 || (code > 0 && kept[1].bytes.ptr == NULL))
        return code < 0 ? code : OK;
    buf_clear(&writer->scratch);
    buf_add(&writer->scratch, kept[1].bytes);
    if (!familiar_learn(event->lines, &writer->scratch))
        return OK;
    if (code == 0)
        code = make_room(writer, err);
    return code < 0 ? code : put(writer, event->host, buf_bytes(&writer->scratch), err);
}

int store_familiar(struct store *store, int64_t host, struct buf *ret_list, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_FAMILIAR_LIST, err);
    struct sql_value list = {0};
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, host);
    arena_reset(store->arena);
    code = sql_one(&store->reader, stmt, store->arena, &list, 1, err);
    if (code <= 0)
        return code < 0 ? code : fail(err, E_NOT_FOUND, "store: nothing is known of the host");
    buf_add(ret_list, list.bytes);
    return OK;
}
