/* diagnosis.c - what was wrong in each feed's last document, beside the feeds: few have anything
 * wrong. */
#include "base/clock.h"
#include "store/private.h"

/* What is kept of a feed, with NULL for nothing; on the writer's arena. */
static int read_kept(
    struct writer *writer, int64_t feed, struct store_diagnosis *ret_kept, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_DIAGNOSIS_GET, err);
    struct sql_value row[2];
    int code;

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, feed);
    code = sql_one(&writer->sql, stmt, writer->arena, row, 2, err);
    if (code > 0)
        *ret_kept = (struct store_diagnosis){row[0].number, row[1].bytes};
    return code < 0 ? code : OK;
}

static size_t skip_digits(struct bytes text, size_t at)
{
    while (at < text.len && is_digit(text.ptr[at]))
        at++;
    return at;
}

/* With other numbers: what is wrong moves with each entry that comes before it, and is counted. */
static bool says_the_same(struct bytes a, struct bytes b)
{
    size_t i = 0;
    size_t j = 0;

    for (;;) {
        i = skip_digits(a, i);
        j = skip_digits(b, j);
        if (i == a.len || j == b.len)
            return i == a.len && j == b.len;
        if (a.ptr[i++] != b.ptr[j++])
            return false;
    }
}

int diagnosis_apply(struct writer *writer, struct request *request)
{
    const struct store_feed *feed = &request->feed;
    struct error *err = &request->err;
    struct store_diagnosis kept = {0, {"", 0}};
    sqlite3_stmt *stmt;
    int code;

    if (feed->diagnosis == NULL || (feed->diagnosis[0] == '\0' && !feed->diagnosed))
        return OK;
    code = read_kept(writer, feed->id, &kept, err);
    if (code != OK || bytes_is(kept.text, feed->diagnosis))
        return code;
    stmt = sql_use(
        &writer->sql, feed->diagnosis[0] == '\0' ? SQL_DIAGNOSIS_REMOVE : SQL_DIAGNOSIS_PUT, err);
    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, feed->id);
    if (feed->diagnosis[0] != '\0') {
        sqlite3_bind_int64(stmt, 2,
            says_the_same(kept.text, bytes_of(feed->diagnosis)) ? kept.since : clock_wall());
        sql_bind_text(stmt, 3, feed->diagnosis);
    }
    return sql_run(&writer->sql, stmt, err);
}

int store_diagnosis(struct store *store, struct arena *arena, int64_t feed,
    struct store_diagnosis *ret_diagnosis, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_DIAGNOSIS_GET, err);
    struct sql_value row[2];
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, feed);
    code = sql_one(&store->reader, stmt, arena, row, 2, err);
    if (code > 0)
        *ret_diagnosis = (struct store_diagnosis){row[0].number, row[1].bytes};
    return code > 0 ? OK : code < 0 ? code : E_NOT_FOUND;
}

int store_diagnosed(
    struct store *store, void (*on_feed)(void *ctx, int64_t feed), void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_DIAGNOSED, err);
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    while ((code = sql_row(&store->reader, stmt, err)) > 0)
        on_feed(ctx, sqlite3_column_int64(stmt, 0));
    sqlite3_reset(stmt);
    return code;
}
