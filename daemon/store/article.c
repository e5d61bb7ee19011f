/* article.c - one row for each article that was ever seen: its identity, its versions, the feeds
 * that list it. */
#include <stdio.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/private.h"

static const char urn[] = "urn:uuid:";

/* 16 bytes of "urn:uuid:xxxxxxxx-xxxx-..." */
static void uri_pack(const char *uri, char ret_uuid[16])
{
    static const char hex[] = "0123456789abcdef";
    int half = 0;

    memset(ret_uuid, 0, 16);
    for (const char *p = uri + sizeof(urn) - 1; *p != '\0' && half < 32; p++) {
        const char *digit = strchr(hex, *p);

        if (digit == NULL)
            continue;
        ret_uuid[half / 2] = (char)(ret_uuid[half / 2] << 4 | (int)(digit - hex));
        half++;
    }
}

static void uri_unpack(struct bytes uuid, char ret_uri[46])
{
    static const char hex[] = "0123456789abcdef";
    char *out = ret_uri + sizeof(urn) - 1;

    memcpy(ret_uri, urn, sizeof(urn));
    for (size_t i = 0; i < uuid.len && i < 16; i++) {
        unsigned char byte = (unsigned char)uuid.ptr[i];

        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = hex[byte >> 4];
        *out++ = hex[byte & 15];
    }
    *out = '\0';
}

int64_t subject_key(const char *subject)
{
    return (int64_t)hash64(bytes_of(subject));
}

enum { ARTICLE_COLUMNS = 11 /* of SQL_ARTICLE_GET */ };

static void read_article(const struct sql_value *row, struct article *article)
{
    struct bytes seen_in = row[5].bytes;
    struct bytes earlier = bytes_slice(row[10].bytes, 0, sizeof(article->earlier));

    uri_unpack(row[0].bytes, article->uri);
    article->version = row[1].number;
    article->content = (uint64_t)row[2].number;
    article->first_seen = row[3].number;
    article->title = bytes_clip(row[4].bytes, ARTICLE_TITLE);
    article->told_by = row[6].number;
    article->site = (uint64_t)row[7].number;
    article->by_owner = row[8].number != 0;
    article->updated = row[9].number;
    article->seen_in_count = seen_in.len / sizeof(struct sighting);
    if (article->seen_in_count > ARTICLE_FEEDS)
        article->seen_in_count = ARTICLE_FEEDS;
    if (article->seen_in_count > 0)
        memcpy(article->seen_in, seen_in.ptr, article->seen_in_count * sizeof(struct sighting));
    article->earlier_count = earlier.len / sizeof(article->earlier[0]);
    if (article->earlier_count > 0)
        memcpy(article->earlier, earlier.ptr, article->earlier_count * sizeof(article->earlier[0]));
}

int article_get(struct sql *sql, struct arena *arena, int64_t id, struct article *ret_article,
    struct error *err)
{
    sqlite3_stmt *stmt = sql_use(sql, SQL_ARTICLE_GET, err);
    struct sql_value row[ARTICLE_COLUMNS];
    int code;

    if (stmt == NULL)
        return sql_fail(sql, err);
    sqlite3_bind_int64(stmt, 1, id);
    code = sql_one(sql, stmt, arena, row, ARTICLE_COLUMNS, err);
    if (code > 0) {
        ret_article->id = id;
        read_article(row, ret_article);
    }
    return code < 0 ? code : code == 0 ? E_NOT_FOUND : OK;
}

int article_find(struct sql *sql, struct arena *arena, uint64_t key, struct article *ret_article,
    struct error *err)
{
    sqlite3_stmt *stmt;
    struct sql_value row;
    int code = article_get(sql, arena, (int64_t)key, ret_article, err);

    if (code != E_NOT_FOUND)
        return code;
    stmt = sql_use(sql, SQL_ALIAS_GET, err);
    if (stmt == NULL)
        return sql_fail(sql, err);
    sqlite3_bind_int64(stmt, 1, (int64_t)key);
    code = sql_one(sql, stmt, NULL, &row, 1, err);
    if (code <= 0)
        return code < 0 ? code : E_NOT_FOUND;
    return article_get(sql, arena, row.number, ret_article, err);
}

static struct bytes sightings(const struct article *article)
{
    return (struct bytes){
        (const char *)article->seen_in, article->seen_in_count * sizeof(struct sighting)};
}

int article_add(struct sql *sql, const struct article *article, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(sql, SQL_ARTICLE_ADD, err);
    char uuid[16];

    if (stmt == NULL)
        return err->code;
    uri_pack(article->uri, uuid);
    sqlite3_bind_int64(stmt, 1, article->id);
    sql_bind_blob(stmt, 2, (struct bytes){uuid, sizeof(uuid)});
    sqlite3_bind_int64(stmt, 3, (int64_t)article->content);
    sqlite3_bind_int64(stmt, 4, article->first_seen);
    sql_bind_blob(stmt, 5, article->title);
    sql_bind_blob(stmt, 6, sightings(article));
    sqlite3_bind_int64(stmt, 7, article->told_by);
    sqlite3_bind_int64(stmt, 8, (int64_t)article->site);
    sqlite3_bind_int(stmt, 9, article->by_owner);
    sqlite3_bind_int64(stmt, 10, article->updated);
    return sql_run(sql, stmt, err);
}

static void remember(struct article *article, uint64_t earlier)
{
    size_t kept = article->earlier_count;

    if (kept == ARTICLE_EARLIER)
        kept--;
    memmove(article->earlier + 1, article->earlier, kept * sizeof(article->earlier[0]));
    article->earlier[0] = earlier;
    article->earlier_count = kept + 1;
}

static bool remembers(const struct article *article, uint64_t earlier)
{
    for (size_t i = 0; i < article->earlier_count; i++)
        if (article->earlier[i] == earlier)
            return true;
    return false;
}

void article_entitle(struct article *article, struct bytes title)
{
    if (!bytes_equal(article->title, title) && article->title.len > 0)
        remember(article, hash64(article->title));
    article->title = title;
}

bool article_was_entitled(const struct article *article, struct bytes title)
{
    return remembers(article, hash64(title));
}

void article_differs(struct article *article, int64_t feed)
{
    remember(article, (uint64_t)feed);
}

bool article_differed(const struct article *article, int64_t feed)
{
    return remembers(article, (uint64_t)feed);
}

static struct bytes earlier_of(const struct article *article)
{
    return (struct bytes){
        (const char *)article->earlier, article->earlier_count * sizeof(article->earlier[0])};
}

int article_revise(struct sql *sql, struct article *article, int64_t now, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(sql, SQL_ARTICLE_REVISE, err);

    if (stmt == NULL)
        return err->code;
    article->version++;
    sqlite3_bind_int64(stmt, 1, article->id);
    sqlite3_bind_int64(stmt, 2, (int64_t)article->content);
    sqlite3_bind_int64(stmt, 3, now);
    sql_bind_blob(stmt, 4, article->title);
    sqlite3_bind_int64(stmt, 5, article->told_by);
    sqlite3_bind_int64(stmt, 6, (int64_t)article->site);
    sqlite3_bind_int(stmt, 7, article->by_owner);
    sqlite3_bind_int64(stmt, 8, article->updated);
    sql_bind_blob(stmt, 9, earlier_of(article));
    return sql_run(sql, stmt, err);
}

int article_own(struct sql *sql, const struct article *article, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(sql, SQL_ARTICLE_OWN, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, article->id);
    sqlite3_bind_int64(stmt, 2, article->told_by);
    sqlite3_bind_int64(stmt, 3, (int64_t)article->site);
    sqlite3_bind_int(stmt, 4, article->by_owner);
    return sql_run(sql, stmt, err);
}

int article_alias(struct sql *sql, uint64_t key, int64_t article, struct error *err)
{
    sqlite3_stmt *stmt;

    if (key == 0 || (int64_t)key == article)
        return OK;
    stmt = sql_use(sql, SQL_ALIAS_ADD, err);
    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, (int64_t)key);
    sqlite3_bind_int64(stmt, 2, article);
    return sql_run(sql, stmt, err);
}

void article_put_sightings(const struct article *article, struct buf *out)
{
    char text[24 + 1 + CLOCK_TEXT];
    char feed[24];
    char at[CLOCK_TEXT];

    for (size_t i = 0; i < article->seen_in_count; i++) {
        feed_id_format(article->seen_in[i].feed, feed);
        snprintf(text, sizeof(text), "%s\t%s", feed, clock_format(article->seen_in[i].at, at));
        record_put(out, REC_SEEN_IN, bytes_of(text));
    }
}

/* The hashes and the number one after the other, then the headline. */
struct bytes told_encode(struct arena *arena, const struct store_told *told)
{
    uint64_t numbers[] = {told->text, told->summary, told->byline, told->words};
    struct bytes headline = bytes_clip(told->headline, STORE_HEADLINE);
    char *out = arena_alloc(arena, sizeof(numbers) + headline.len);

    memcpy(out, numbers, sizeof(numbers));
    if (headline.len > 0)
        memcpy(out + sizeof(numbers), headline.ptr, headline.len);
    return (struct bytes){out, sizeof(numbers) + headline.len};
}

int store_told(struct store *store, struct arena *arena, int64_t pending,
    struct store_told *ret_told, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_ARTICLE_TOLD, err);
    struct sql_value row = {0};
    uint64_t numbers[4];
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, pending);
    code = sql_one(&store->reader, stmt, arena, &row, 1, err);
    if (code < 0)
        return code;
    if (row.bytes.len < sizeof(numbers))
        return E_NOT_FOUND;
    memcpy(numbers, row.bytes.ptr, sizeof(numbers));
    *ret_told = (struct store_told){.text = numbers[0],
        .summary = numbers[1],
        .byline = numbers[2],
        .words = numbers[3],
        .headline = bytes_from(row.bytes, sizeof(numbers))};
    return OK;
}

bool article_is_in(const struct article *article, int64_t feed)
{
    for (size_t i = 0; i < article->seen_in_count; i++)
        if (article->seen_in[i].feed == feed)
            return true;
    return false;
}

int article_seen_in(
    struct sql *sql, struct article *article, int64_t feed, int64_t now, struct error *err)
{
    sqlite3_stmt *stmt;

    if (article->seen_in_count >= ARTICLE_FEEDS || article_is_in(article, feed))
        return OK;
    stmt = sql_use(sql, SQL_ARTICLE_SEEN_IN, err);
    if (stmt == NULL)
        return err->code;
    article->seen_in[article->seen_in_count++] = (struct sighting){feed, now};
    sqlite3_bind_int64(stmt, 1, article->id);
    sql_bind_blob(stmt, 2, sightings(article));
    sqlite3_bind_int64(stmt, 3, now);
    sql_bind_blob(stmt, 4, earlier_of(article));
    return sql_run(sql, stmt, err);
}
