/* log.c - reading what was written: events, topics, counters; and trimming the log. */
#include "base/clock.h"
#include "base/hash.h"
#include "store/private.h"
#include "text/url.h"

enum {
    NEWEST_MOST = 4 << 20, /* bytes of an event that is read on the loop */
    PAGE_MOST = 4096,
    FURTHER_MEMORY =
        64 << 10, /* names of STORE_FURTHER topics; the longest of today has 26 bytes */
};

struct store_log store_log_state(const struct store *store)
{
    return (struct store_log){
        .first = atomic_load(&store->log_first), .head = atomic_load(&store->log_head)};
}

/* What events have beside their own topic; on an arena that is made when it is needed first. */
struct further {
    struct arena *arena;
    struct committed_topic topics[STORE_FURTHER];
};

static int read_further(
    struct store *store, struct further *further, struct committed *event, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_EVENT_TOPICS, err);
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, (int64_t)event->sequence);
    sqlite3_bind_int64(stmt, 2, STORE_FURTHER);
    event->further = further->topics;
    while ((code = sql_row(&store->reader, stmt, err)) > 0) {
        if (further->arena == NULL)
            further->arena = arena_new(FURTHER_MEMORY);
        else if (event->further_count == 0)
            arena_reset(further->arena);
        further->topics[event->further_count++] =
            (struct committed_topic){bytes_cstr(further->arena, bytes_of(sql_text(stmt, 0))),
                (uint64_t)sqlite3_column_int64(stmt, 1)};
    }
    sqlite3_reset(stmt);
    return code;
}

static int read_events(struct store *store, sqlite3_stmt *stmt,
    int (*on_event)(void *ctx, const struct committed *event), void *ctx, size_t *ret_count,
    struct error *err)
{
    struct further further = {NULL};
    int code;

    while ((code = sql_row(&store->reader, stmt, err)) > 0) {
        struct committed event = {.sequence = (uint64_t)sqlite3_column_int64(stmt, 0),
            .topic = sql_text(stmt, 1),
            .body = sql_blob(stmt, 2)};

        code = read_further(store, &further, &event, err);
        if (code < 0)
            break;
        ++*ret_count;
        if (on_event(ctx, &event) != 0)
            break;
    }
    sqlite3_reset(stmt);
    if (further.arena != NULL)
        arena_free(further.arena);
    return code < 0 ? code : OK;
}

/* A statement of the rows after one, at most limit of them; NULL as sql_use(). */
static sqlite3_stmt *use_page(
    struct store *store, int sql_id, int64_t after, size_t limit, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, sql_id, err);

    if (stmt == NULL)
        return NULL;
    sqlite3_bind_int64(stmt, 1, after);
    sqlite3_bind_int64(stmt, 2, (int64_t)(limit > PAGE_MOST ? PAGE_MOST : limit));
    return stmt;
}

int store_events(struct store *store, uint64_t since, size_t limit,
    int (*on_event)(void *ctx, const struct committed *event), void *ctx, struct error *err)
{
    sqlite3_stmt *stmt =
        use_page(store, SQL_EVENT_PAGE, since > INT64_MAX ? INT64_MAX : (int64_t)since, limit, err);
    size_t count = 0;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    /* A group can be read a moment before its writer has said that it is there. */
    sqlite3_bind_int64(stmt, 3, (int64_t)store_log_state(store).head);
    return read_events(store, stmt, on_event, ctx, &count, err);
}

int store_stories(struct store *store, uint64_t before, size_t limit,
    int (*on_event)(void *ctx, const struct committed *event), void *ctx, struct error *err)
{
    int64_t last = before == 0 || before > INT64_MAX ? INT64_MAX : (int64_t)before;
    sqlite3_stmt *stmt = use_page(store, SQL_STORIES, last, limit, err);
    size_t count = 0;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    return read_events(store, stmt, on_event, ctx, &count, err);
}

/* Rows of an id, a name and a number. */
static int read_numbers(struct store *store, int sql_id,
    int (*on_number)(void *ctx, const char *name, uint64_t number), void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, sql_id, err);
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    while ((code = sql_row(&store->reader, stmt, err)) > 0)
        if (on_number(ctx, sql_text(stmt, 1), (uint64_t)sqlite3_column_int64(stmt, 2)) != 0)
            break;
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}

int store_topics(struct store *store,
    int (*on_topic)(void *ctx, const char *topic, uint64_t sequence), void *ctx, struct error *err)
{
    return read_numbers(store, SQL_TOPICS, on_topic, ctx, err);
}

int store_article(struct store *store, const char *uri_or_url, uint64_t since, size_t limit,
    int (*on_event)(void *ctx, const struct committed *event), void *ctx, struct error *err)
{
    sqlite3_stmt *stmt;
    struct article article;
    const char *subject = uri_or_url;
    size_t count = 0;
    uint64_t key;
    int code = OK;

    arena_reset(store->arena);
    key = admit_url_key(url_canonical(store->arena, bytes_of(uri_or_url)));
    if (key != 0) {
        code = article_find(&store->reader, store->arena, key, &article, err);
        subject = article.uri;
    }
    if (code == OK) {
        stmt = sql_use(&store->reader, SQL_EVENT_SUBJECT, err);
        if (stmt == NULL)
            return sql_fail(&store->reader, err);
        sqlite3_bind_int64(stmt, 1, subject_key(subject));
        sqlite3_bind_int64(stmt, 2, (int64_t)(limit > PAGE_MOST ? PAGE_MOST : limit));
        sqlite3_bind_int64(stmt, 3, since > INT64_MAX ? INT64_MAX : (int64_t)since);
        code = read_events(store, stmt, on_event, ctx, &count, err);
    }
    if (code == E_NOT_FOUND || (code == OK && count == 0 && since == 0))
        return fail(err, E_NOT_FOUND, "store: no event of %.300s", uri_or_url);
    return code;
}

int store_article_last(struct store *store, const char *uri,
    int (*on_event)(void *ctx, const struct committed *event), void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_EVENT_NEWEST, err);
    size_t count = 0;
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, subject_key(uri));
    sqlite3_bind_int64(stmt, 2, NEWEST_MOST);
    code = read_events(store, stmt, on_event, ctx, &count, err);
    return code == OK && count == 0 ? E_NOT_FOUND : code;
}

int store_counters(struct store *store,
    int (*on_counter)(void *ctx, const char *name, uint64_t value), void *ctx, struct error *err)
{
    return read_numbers(store, SQL_COUNTERS_TOLD, on_counter, ctx, err);
}
