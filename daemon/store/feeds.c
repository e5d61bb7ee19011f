/* feeds.c - the feeds and what is remembered of polling them. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/private.h"

enum {
    POLL_STALE = 60 * 60, /* seconds after which a row is written though little has changed */
    POLL_FAR = 30 * 60,   /* seconds to the next poll that are always written down */
    DIAGNOSIS_MOST = 16 << 10,
};

/* What was last written of a feed's polling; a row a poll would cost as much as the poll. */
struct feed_mark {
    uint32_t signature; /* of what matters at once */
    uint32_t written;   /* seconds */
    uint32_t interval;  /* seconds */
};

/* A feed that was asked for and may not be committed yet. */
struct feed_new {
    struct feed_new *next;
    int64_t id;
    char url[];
};

void feed_id_format(int64_t id, char text[24])
{
    enum { DIGITS = 7 }; /* at least */
    char digits[INT_TEXT];
    struct bytes number = bytes_of_int(id, digits);
    size_t at = 0;

    text[at++] = 'f';
    for (size_t n = number.len; n < DIGITS; n++)
        text[at++] = '0';
    memcpy(text + at, number.ptr, number.len);
    text[at + number.len] = '\0';
}

static const char *copy_text(struct arena *arena, const char *text, size_t most)
{
    return text == NULL ? NULL : bytes_cstr(arena, bytes_clip(bytes_of(text), most));
}

static const char *copy_validator(struct arena *arena, const char *text)
{
    return bytes_of(text).len > STORE_VALIDATOR ? NULL : copy_text(arena, text, STORE_VALIDATOR);
}

void feed_copy(struct arena *arena, const struct store_feed *feed, struct store_feed *ret_feed)
{
    *ret_feed = *feed;
    ret_feed->url = copy_text(arena, feed->url, STORE_URL);
    ret_feed->title = copy_text(arena, feed->title, STORE_TITLE);
    ret_feed->tags = copy_text(arena, feed->tags, STORE_TAGS);
    ret_feed->origin = copy_text(arena, feed->origin, STORE_ORIGIN);
    ret_feed->link = copy_text(arena, feed->link, STORE_URL);
    ret_feed->etag = copy_validator(arena, feed->etag);
    ret_feed->last_modified = copy_validator(arena, feed->last_modified);
    ret_feed->validated = copy_text(arena, feed->validated, STORE_URL);
    ret_feed->error = copy_text(arena, feed->error, STORE_REASON);
    ret_feed->diagnosis = copy_text(arena, feed->diagnosis, DIAGNOSIS_MOST);
}

int feeds_open(struct store *store, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_FEED_LAST, err);
    struct sql_value row;
    int code;

    if (stmt == NULL)
        return err->code;
    code = sql_one(&store->reader, stmt, NULL, &row, 1, err);
    if (code > 0)
        store->last_feed = row.number;
    return code < 0 ? code : OK;
}

static bool is_quiet(struct store *store)
{
    bool quiet;

    pthread_mutex_lock(&store->lock);
    quiet = store->finished == store->asked && store->again == 0;
    pthread_mutex_unlock(&store->lock);
    return quiet;
}

void feeds_forget_fresh(struct store *store)
{
    while (store->fresh != NULL) {
        struct feed_new *next = store->fresh->next;

        free(store->fresh);
        store->fresh = next;
    }
    table_done(&store->fresh_by_url);
}

void feeds_forget_committed(struct store *store)
{
    if (store->fresh != NULL && is_quiet(store))
        feeds_forget_fresh(store);
}

void feeds_close(struct store *store)
{
    feeds_forget_fresh(store);
    free(store->marks);
}

static void read_feed(sqlite3_stmt *stmt, struct store_feed *ret_feed)
{
    *ret_feed = (struct store_feed){
        .id = sqlite3_column_int64(stmt, 0),
        .url = sql_text(stmt, 1),
        .title = sql_text(stmt, 2),
        .tags = sql_text(stmt, 3),
        .origin = sql_text(stmt, 4),
        .etag = sql_text(stmt, 5),
        .last_modified = sql_text(stmt, 6),
        .body_hash = (uint64_t)sqlite3_column_int64(stmt, 7),
        .next_poll = sqlite3_column_int64(stmt, 8),
        .interval = sqlite3_column_int64(stmt, 9),
        .state = sqlite3_column_int(stmt, 10),
        .state_since = sqlite3_column_int64(stmt, 11),
        .last_success = sqlite3_column_int64(stmt, 12),
        .last_new = sqlite3_column_int64(stmt, 13),
        .failures = sqlite3_column_int(stmt, 14),
        .http_status = sqlite3_column_int(stmt, 15),
        .error = sql_text(stmt, 16),
        .asked = sqlite3_column_int64(stmt, 17),
        .skip = (uint32_t)sqlite3_column_int64(stmt, 18),
        .distrusted = sqlite3_column_int(stmt, 19) != 0,
        .validated = sql_text(stmt, 20),
        .not_before = sqlite3_column_int64(stmt, 21),
        .link = sql_text(stmt, 22),
    };
}

static int bind_feed(
    struct writer *writer, int sql_id, struct request *request, sqlite3_stmt **ret_stmt)
{
    const struct store_feed *feed = &request->feed;
    sqlite3_stmt *stmt = sql_use(&writer->sql, sql_id, &request->err);

    if (stmt == NULL)
        return request->err.code;
    sqlite3_bind_int64(stmt, 1, feed->id);
    if (sql_id == SQL_FEED_PUT) {
        sql_bind_text(stmt, 2, feed->url);
        sql_bind_text(stmt, 4, feed->tags);
        sql_bind_text(stmt, 5, feed->origin);
        sql_bind_text(stmt, 23, feed->link);
    }
    sql_bind_text(stmt, 3, feed->title);
    sql_bind_text(stmt, 6, feed->etag);
    sql_bind_text(stmt, 7, feed->last_modified);
    sqlite3_bind_int64(stmt, 8, (int64_t)feed->body_hash);
    sqlite3_bind_int64(stmt, 9, feed->next_poll);
    sqlite3_bind_int64(stmt, 10, feed->interval);
    sqlite3_bind_int(stmt, 11, feed->state);
    sqlite3_bind_int64(stmt, 12, feed->state_since);
    sqlite3_bind_int64(stmt, 13, feed->last_success);
    sqlite3_bind_int64(stmt, 14, feed->last_new);
    sqlite3_bind_int(stmt, 15, feed->failures);
    sqlite3_bind_int(stmt, 16, feed->http_status);
    sql_bind_text(stmt, 17, feed->error);
    sqlite3_bind_int64(stmt, 18, feed->asked);
    sqlite3_bind_int64(stmt, 19, feed->skip);
    sqlite3_bind_int(stmt, 20, feed->distrusted);
    sql_bind_text(stmt, 21, feed->validated);
    sqlite3_bind_int64(stmt, 22, feed->not_before);
    *ret_stmt = stmt;
    return OK;
}

int store_feeds(struct store *store, int (*on_feed)(void *ctx, const struct store_feed *feed),
    void *ctx, struct error *err)
{
    sqlite3_stmt *stmt;
    int code = store_sync(store, err);

    if (code != OK)
        return code;
    stmt = sql_use(&store->reader, SQL_FEEDS, err);
    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    while ((code = sql_row(&store->reader, stmt, err)) > 0) {
        struct store_feed feed;

        read_feed(stmt, &feed);
        if (on_feed(ctx, &feed) != 0)
            break;
    }
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}

/* Row of the feed with this URL, 0 when there is none; also whether it says what feed says. */
static int find_feed(struct sql *sql, struct arena *arena, const struct store_feed *feed,
    int64_t *ret_id, bool *ret_same, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(sql, SQL_FEED_BY_URL, err);
    struct sql_value row[4];
    int code;

    *ret_id = 0;
    *ret_same = false;
    if (stmt == NULL)
        return sql_fail(sql, err);
    sql_bind_text(stmt, 1, feed->url);
    code = sql_one(sql, stmt, arena, row, 4, err);
    if (code > 0) {
        *ret_id = row[0].number;
        *ret_same = (feed->title == NULL || bytes_is(row[1].bytes, feed->title)) &&
                    bytes_equal(row[2].bytes, bytes_of(feed->tags)) &&
                    bytes_equal(row[3].bytes, bytes_of(feed->origin));
    }
    return code < 0 ? code : OK;
}

/* A feed that comes back has the number that it had, and is not read for the first time. */
static int find_removed(struct store *store, struct store_feed *feed, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_REMOVED_GET, err);
    struct sql_value row[2];
    int code;

    feed->id = 0;
    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sql_bind_text(stmt, 1, feed->url);
    code = sql_one(&store->reader, stmt, store->arena, row, 2, err);
    if (code > 0) {
        feed->id = row[0].number;
        feed->last_success = row[1].number;
    }
    return code < 0 ? code : OK;
}

static bool is_fresh(const void *item, const void *key)
{
    return strcmp(((const struct feed_new *)item)->url, key) == 0;
}

static int64_t find_fresh(struct store *store, const char *url)
{
    const struct feed_new *fresh =
        table_find(&store->fresh_by_url, hash64(bytes_of(url)), is_fresh, url);

    return fresh == NULL ? 0 : fresh->id;
}

static void remember_fresh(struct store *store, const char *url, int64_t id)
{
    size_t len = strlen(url) + 1;
    struct feed_new *fresh;

    if (find_fresh(store, url) != 0)
        return;
    fresh = calloc(1, sizeof(*fresh) + len);
    if (fresh == NULL)
        arena_out_of_memory(sizeof(*fresh) + len);
    memcpy(fresh->url, url, len);
    fresh->id = id;
    fresh->next = store->fresh;
    store->fresh = fresh;
    table_add(&store->fresh_by_url, hash64(bytes_of(url)), fresh);
}

int store_feed_put(struct store *store, struct store_feed *feed, int64_t *ret_id, bool *ret_added,
    struct error *err)
{
    struct store_feed bounded;
    struct request *request;
    bool same = false;
    int64_t id;
    int code = OK;

    if (bytes_of(feed->url).len > STORE_URL)
        return fail(err, E_USAGE, "store: an address of over %d bytes", STORE_URL);
    feeds_forget_committed(store);
    arena_reset(store->arena);
    feed_copy(store->arena, feed, &bounded);
    id = find_fresh(store, feed->url);
    if (id == 0)
        code = find_feed(&store->reader, store->arena, &bounded, &id, &same, err);
    *ret_added = id == 0;
    if (id == 0 && code == OK)
        code = find_removed(store, &bounded, err);
    if (code != OK)
        return code;
    if (id == 0)
        id = bounded.id != 0 ? bounded.id : ++store->last_feed;
    *ret_id = bounded.id = id;
    feed->last_success = bounded.last_success;
    if (same)
        return OK;
    /* Until it is committed the reader does not see it. */
    remember_fresh(store, bounded.url, id);
    request = request_new(REQUEST_FEED_PUT, REQUEST_MEMORY);
    feed_copy(request->arena, &bounded, &request->feed);
    store_ask(store, request);
    return OK;
}

int feed_put_apply(struct writer *writer, struct request *request)
{
    sqlite3_stmt *stmt = NULL;
    bool same;
    int64_t id;
    int code = find_feed(&writer->sql, writer->arena, &request->feed, &id, &same, &request->err);

    if (code == OK && id != 0 && id != request->feed.id)
        return fail(&request->err, E_USAGE, "store: a feed with this URL is there already");
    if (code == OK)
        code = bind_feed(writer, SQL_FEED_PUT, request, &stmt);
    if (code == OK)
        code = sql_run(&writer->sql, stmt, &request->err);
    if (code == OK && (stmt = sql_use(&writer->sql, SQL_REMOVED_BACK, &request->err)) == NULL)
        return request->err.code;
    if (code != OK)
        return code;
    sql_bind_text(stmt, 2, request->feed.url);
    return sql_run(&writer->sql, stmt, &request->err);
}

void store_feed_drop(struct store *store, int64_t id)
{
    struct request *request = request_new(REQUEST_FEED_REMOVE, REQUEST_MEMORY);

    feeds_forget_fresh(store);
    request->feed.id = id;
    store_ask(store, request);
}

int store_feed_remove(struct store *store, int64_t id, struct error *err)
{
    store_feed_drop(store, id);
    return store_sync(store, err);
}

int feed_remove_rows(struct writer *writer, struct request *request)
{
    static const int statements[] = {SQL_REMOVED_PUT, SQL_FEED_REMOVE, SQL_DIAGNOSIS_REMOVE,
        SQL_MOVING_REMOVE, SQL_RECHECK_FEED_REMOVE};
    int code = OK;

    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]) && code == OK; i++) {
        sqlite3_stmt *stmt = sql_use(&writer->sql, statements[i], &request->err);

        if (stmt == NULL)
            return request->err.code;
        sqlite3_bind_int64(stmt, 1, request->feed.id);
        if (statements[i] == SQL_REMOVED_PUT)
            sqlite3_bind_int64(stmt, 2, clock_wall());
        code = sql_run(&writer->sql, stmt, &request->err);
    }
    return code;
}

int feed_remove_apply(struct writer *writer, struct request *request)
{
    int code = feed_remove_rows(writer, request);

    return code == OK ? pending_remove_feed(writer, request) : code;
}

static uint64_t add_text(uint64_t hash, const char *text)
{
    return hash64_add(hash, text == NULL ? LIT("") : bytes_of(text));
}

static struct feed_mark feed_mark_of(const struct store_feed *feed)
{
    uint64_t numbers[] = {feed->body_hash, (uint64_t)feed->state, (uint64_t)feed->failures,
        (uint64_t)feed->http_status, (uint64_t)feed->last_new, (uint64_t)feed->asked,
        (uint64_t)feed->skip << 1 | feed->distrusted, (uint64_t)feed->not_before};
    uint64_t hash = hash64((struct bytes){(const char *)numbers, sizeof(numbers)});

    hash = add_text(hash, feed->etag);
    hash = add_text(hash, feed->last_modified);
    hash = add_text(hash, feed->validated);
    hash = add_text(hash, feed->error);
    return (struct feed_mark){.signature = (uint32_t)hash,
        .written = (uint32_t)(clock_wall() / SECOND),
        .interval = (uint32_t)(feed->interval / SECOND)};
}

static struct feed_mark *feed_mark_get(struct store *store, int64_t id)
{
    size_t count = store->marks_count == 0 ? 64 : store->marks_count;

    while (count <= (size_t)id)
        count *= 2;
    if (count > store->marks_count) {
        struct feed_mark *marks = realloc(store->marks, count * sizeof(*marks));

        if (marks == NULL)
            arena_out_of_memory(count * sizeof(*marks));
        memset(marks + store->marks_count, 0, (count - store->marks_count) * sizeof(*marks));
        store->marks = marks;
        store->marks_count = count;
    }
    return &store->marks[id];
}

/* Whether the row says nearly the same already: a start would then poll the feed a little too
 * early, no more. */
static bool is_written(const struct feed_mark *row, const struct feed_mark *now, int64_t next_poll)
{
    uint32_t apart = row->interval > now->interval ? row->interval - now->interval
                                                   : now->interval - row->interval;

    return row->signature == now->signature && row->written <= now->written &&
           now->written - row->written < POLL_STALE && apart <= row->interval / 4 &&
           next_poll / SECOND - (int64_t)now->written <= POLL_FAR;
}

void feed_marked(struct store *store, const struct store_feed *feed)
{
    if (feed->id > 0 && feed->id <= store->last_feed)
        *feed_mark_get(store, feed->id) = feed_mark_of(feed);
}

void store_feed_poll(struct store *store, const struct store_feed *feed)
{
    struct feed_mark mark = feed_mark_of(feed);
    struct request *request;

    if (feed->id <= 0 || feed->id > store->last_feed ||
        is_written(feed_mark_get(store, feed->id), &mark, feed->next_poll))
        return;
    feed_marked(store, feed);
    request = request_new(REQUEST_FEED_POLL, REQUEST_MEMORY);
    feed_copy(request->arena, feed, &request->feed);
    store_ask(store, request);
}

int feed_poll_apply(struct writer *writer, struct request *request)
{
    sqlite3_stmt *stmt = NULL;
    int code = bind_feed(writer, SQL_FEED_POLL, request, &stmt);

    if (code == OK)
        code = sql_run(&writer->sql, stmt, &request->err);
    if (code == OK && sql_changes(&writer->sql) == 0)
        return fail(&request->err, E_NOT_FOUND, "store: no feed %" PRId64, request->feed.id);
    return code;
}
