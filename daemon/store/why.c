/* why.c - what became of an entry: read from its article, from what waits, and from what feeds were
 * seen to hold; and the line on its end that is kept with the article. */
#include "store/why.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/private.h"
#include "text/url.h"

_Static_assert((int)WHY_FEEDS >= (int)ARTICLE_FEEDS, "all sightings of an article are told");

/* Behind the version's number. */
void way_put(struct buf *out, const char *end, struct bytes way)
{
    char text[INT_TEXT];

    buf_add_byte(out, '\t');
    buf_add(out, bytes_of(end));
    buf_add_byte(out, '\t');
    buf_add(out, bytes_of_int(clock_wall(), text));
    buf_add_byte(out, '\n');
    buf_add(out, way);
}

int way_ended(struct writer *writer, int64_t row, bool quarantined, const char *cause,
    struct bytes way, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_ARTICLE_ENDED, err);
    struct buf *text = &writer->scratch;

    if (stmt == NULL)
        return err->code;
    buf_clear(text);
    way_put(text, cause, way);
    sqlite3_bind_int64(stmt, 1, row);
    sql_bind_blob(stmt, 2, buf_bytes(text));
    sqlite3_bind_int(stmt, 3, quarantined);
    return sql_run(&writer->sql, stmt, err);
}

int way_feed_removed(struct writer *writer, int64_t feed, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_ARTICLES_ENDED, err);
    struct buf *text = &writer->scratch;

    if (stmt == NULL)
        return err->code;
    buf_clear(text);
    way_put(text, "dropped.feed removed", (struct bytes){NULL, 0});
    sqlite3_bind_int64(stmt, 1, feed);
    sql_bind_blob(stmt, 2, buf_bytes(text));
    sqlite3_bind_int64(stmt, 3, (int64_t)sizeof(struct sighting));
    return sql_run(&writer->sql, stmt, err);
}

/* ---- read ---------------------------------------------------------------------- */

struct why_key why_key(struct arena *arena, struct bytes url_or_guid)
{
    return (struct why_key){.url = admit_url_key(url_canonical(arena, url_or_guid)),
        .guid = url_or_guid.len == 0 ? 0 : hash64(url_or_guid)};
}

static int read_way(struct store *store, struct arena *arena, int64_t article,
    struct why_article *why, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_ARTICLE_WAY, err);
    struct sql_value row[3] = {0};
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, article);
    code = sql_one(&store->reader, stmt, arena, row, 3, err);
    why->published = row[0].number;
    why->sequence = (uint64_t)row[1].number;
    why->way = row[2].bytes;
    return code < 0 ? code : OK;
}

static int read_pending(struct store *store, struct arena *arena, int64_t article,
    struct why_article *why, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_PENDING_OF, err);
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, article);
    sqlite3_bind_int64(stmt, 2, WHY_PENDING);
    while ((code = sql_row(&store->reader, stmt, err)) > 0) {
        const char *cause = sql_text(stmt, 4);

        why->pending[why->pending_count++] =
            (struct why_pending){.row = sqlite3_column_int64(stmt, 0),
                .version = sqlite3_column_int64(stmt, 1),
                .feed = sqlite3_column_int64(stmt, 2),
                .at = sqlite3_column_int64(stmt, 3),
                .cause = cause == NULL ? NULL : bytes_cstr(arena, bytes_of(cause))};
    }
    sqlite3_reset(stmt);
    return code;
}

static int read_recheck(struct store *store, struct why_article *why, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_RECHECK_DUE, err);
    struct sql_value row[3] = {0};
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, subject_key(why->uri));
    code = sql_one(&store->reader, stmt, NULL, row, 3, err);
    why->recheck = (struct store_recheck){
        .since = row[0].number, .due = row[1].number, .tries = (int32_t)row[2].number};
    return code < 0 ? code : OK;
}

int store_why(struct store *store, struct arena *arena, struct why_key key,
    struct why_article *ret_article, struct error *err)
{
    struct article article = {0};
    int code =
        key.url == 0 ? E_NOT_FOUND : article_find(&store->reader, arena, key.url, &article, err);

    if (code != OK)
        return code;
    *ret_article = (struct why_article){.title = article.title,
        .version = article.version,
        .first_seen = article.first_seen,
        .seen_in_count = article.seen_in_count};
    memcpy(ret_article->uri, article.uri, sizeof(article.uri));
    for (size_t i = 0; i < article.seen_in_count; i++) {
        ret_article->seen_in[i].feed = article.seen_in[i].feed;
        ret_article->seen_in[i].at = article.seen_in[i].at;
    }
    code = read_way(store, arena, article.id, ret_article, err);
    if (code == OK)
        code = read_pending(store, arena, article.id, ret_article, err);
    return code == OK ? read_recheck(store, ret_article, err) : code;
}

/* ---- what feeds hold -------------------------------------------------------------- */

static void look_at_items(int64_t feed, struct bytes items, size_t count, struct why_key key,
    void (*on_held)(void *ctx, const struct why_held *held), void *ctx)
{
    for (size_t i = 0; i < count && (i + 1) * SEEN_ITEM_SIZE <= items.len; i++) {
        struct seen_item item;

        memcpy(&item, items.ptr + i * SEEN_ITEM_SIZE, sizeof(item));
        if ((key.url != 0 && item.url == key.url) || (key.guid != 0 && item.guid == key.guid)) {
            const struct why_held held = {.feed = feed,
                .seen = (int64_t)item.seen * 60 * SECOND,
                .absent = item.absent,
                .marked = item.article == 0};

            on_held(ctx, &held);
        }
    }
}

int store_why_held(struct store *store, struct why_key key, int64_t *after, size_t feeds,
    void (*on_held)(void *ctx, const struct why_held *held), void *ctx, bool *ret_more,
    struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_SEEN_PAGE, err);
    size_t looked = 0;
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, *after);
    sqlite3_bind_int64(stmt, 2, (int64_t)feeds);
    while ((code = sql_row(&store->reader, stmt, err)) > 0) {
        *after = sqlite3_column_int64(stmt, 0);
        look_at_items(
            *after, sql_blob(stmt, 2), (size_t)sqlite3_column_int64(stmt, 1), key, on_held, ctx);
        looked++;
    }
    sqlite3_reset(stmt);
    *ret_more = looked == feeds;
    return code < 0 ? code : OK;
}
