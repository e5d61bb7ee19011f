/* pending.c - entries between admission and their end: what waits, for which host, and what goes
 * with its feed. */
#include "base/hash.h"
#include "store/private.h"

enum { HOST_MOST = 256 }; /* bytes of an authority that are looked at: RFC 1035 section 2.3.4 */

static bool ends_host(char c)
{
    return c == '/' || c == '?' || c == '#' || c == '\\' || c == '\0';
}

int64_t store_host(struct bytes url)
{
    size_t at = bytes_find(url, LIT("://"));
    struct bytes rest = at == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_from(url, at + 3);
    char host[HOST_MOST];
    size_t len = 0;

    while (len < rest.len && !ends_host(rest.ptr[len]))
        len++;
    rest = bytes_slice(rest, 0, len);
    while ((at = bytes_find_byte(rest, '@')) != SIZE_MAX)
        rest = bytes_from(rest, at + 1);
    for (len = 0; len < rest.len && len < sizeof(host); len++)
        host[len] = to_lower(rest.ptr[len]);
    return len == 0 ? 0 : (int64_t)hash64((struct bytes){host, len});
}

int pending_add(struct writer *writer, const struct admitted *row, int64_t now, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_PENDING_ADD, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, row->pending);
    sqlite3_bind_int64(stmt, 2, row->article);
    sqlite3_bind_int64(stmt, 3, row->version);
    sqlite3_bind_int64(stmt, 4, row->feed);
    sqlite3_bind_int64(stmt, 5, row->host);
    sqlite3_bind_int64(stmt, 6, now);
    sql_bind_blob(stmt, 7, row->record);
    writer->written += (int64_t)row->record.len;
    weight_pend(writer, row->feed, 1);
    return sql_run(&writer->sql, stmt, err);
}

int store_waiting(struct store *store,
    void (*on_waiting)(void *ctx, const struct store_waiting *row), void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_PENDING_WAITING, err);
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    while ((code = sql_row(&store->reader, stmt, err)) > 0) {
        const struct store_waiting row = {.pending = sqlite3_column_int64(stmt, 0),
            .feed = sqlite3_column_int64(stmt, 1),
            .host = sqlite3_column_int64(stmt, 2),
            .bytes = (size_t)sqlite3_column_int64(stmt, 3)};

        on_waiting(ctx, &row);
    }
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}

/* The one row of a statement. */
static int read_row(struct store *store, sqlite3_stmt *stmt, struct buf *buf,
    struct admitted *ret_pending, struct error *err)
{
    int code = sql_row(&store->reader, stmt, err);

    if (code > 0) {
        *ret_pending = (struct admitted){.pending = sqlite3_column_int64(stmt, 0),
            .article = sqlite3_column_int64(stmt, 1),
            .version = sqlite3_column_int64(stmt, 2),
            .feed = sqlite3_column_int64(stmt, 3),
            .host = sqlite3_column_int64(stmt, 4)};
        ret_pending->verdict = ret_pending->version == 1 ? ADMIT_NEW : ADMIT_CHANGED;
        buf_clear(buf);
        buf_add(buf, sql_blob(stmt, 5));
        ret_pending->record = buf_bytes(buf);
    }
    sqlite3_reset(stmt);
    return code < 0 ? code : code == 0 ? E_NOT_FOUND : OK;
}

int store_pending_get(struct store *store, int64_t row, struct buf *buf,
    struct admitted *ret_pending, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_PENDING_ROW, err);

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, row);
    return read_row(store, stmt, buf, ret_pending, err);
}

int store_pending_between(struct store *store, int64_t article, int64_t after, int64_t before,
    struct buf *buf, struct admitted *ret_pending, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_PENDING_OLDER, err);

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, article);
    sqlite3_bind_int64(stmt, 2, after);
    sqlite3_bind_int64(stmt, 3, before);
    return read_row(store, stmt, buf, ret_pending, err);
}

static int remove_of_feed(struct writer *writer, int sql_id, struct request *request)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, sql_id, &request->err);

    if (stmt == NULL)
        return request->err.code;
    sqlite3_bind_int64(stmt, 1, request->feed.id);
    sqlite3_bind_int64(stmt, 2, (int64_t)sizeof(struct sighting));
    return sql_run(&writer->sql, stmt, &request->err);
}

/* An article that was never published is forgotten with its entry, or it would count as known when
 * the feed is added again. What another feed lists, too, was admitted for both: it goes on. */
int pending_remove_feed(struct writer *writer, struct request *request)
{
    uint64_t gone;
    int code;

    /* To find none in a long table takes as long for each feed of a long list. */
    if (!weight_has_pending(writer, request->feed.id))
        return OK;
    code = remove_of_feed(writer, SQL_PENDING_ARTICLES_REMOVE, request);
    if (code != OK)
        return code;
    tally_count(writer, "articles.forgotten", (uint64_t)sql_changes(&writer->sql));
    code = way_feed_removed(writer, request->feed.id, &request->err);
    if (code != OK)
        return code;
    code = remove_of_feed(writer, SQL_PENDING_FEED_REMOVE, request);
    if (code != OK)
        return code;
    gone = (uint64_t)sql_changes(&writer->sql);
    weight_pend(writer, request->feed.id, -(int64_t)gone);
    if (gone > 0) {
        tally_count(writer, "dropped.feed removed", gone);
        tally_count(writer, "entries.dropped", gone);
        code =
            remove_of_feed(writer, SQL_SEEN_REMOVE, request); /* they are new when it comes back */
        if (code == OK)
            code = remove_of_feed(writer, SQL_REMOVED_AFRESH, request);
    }
    return code;
}
