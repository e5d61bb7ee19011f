/* trim.c - the file's bounds: old events, old quarantined entries and articles long out of sight
 * go, in small batches. */
#include <stdlib.h>

#include "base/clock.h"
#include "store/internal.h"

enum {
    TRIM_EVENTS = 256,
    TRIM_QUARANTINED = 64,
    TRIM_ARTICLES = 512,
    REMOVED_DAYS = 30, /* longer than a holiday, or a list that nobody misses */
    REMOVED_MOST = 10000,
    ARTICLE_BYTES = 256, /* about what an article costs, its addresses included */
};

void store_trim(struct store *store)
{
    store_ask(store, request_new(REQUEST_TRIM, REQUEST_MEMORY));
}

static int get_number(struct writer *writer, int sql_id, int64_t *ret_number, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, sql_id, err);
    struct sql_value row;
    int code;

    if (stmt == NULL)
        return err->code;
    code = sql_one(&writer->sql, stmt, NULL, &row, 1, err);
    if (code > 0)
        *ret_number = row.number;
    return code < 0 ? code : OK;
}

static int count_pages(
    struct writer *writer, int64_t *ret_pages, int64_t *ret_unused, struct error *err)
{
    int code = get_number(writer, SQL_PAGES, ret_pages, err);

    return code == OK ? get_number(writer, SQL_PAGES_FREE, ret_unused, err) : code;
}

/* Whether what is in use is over the bound. */
static int is_over(struct writer *writer, bool *ret_over, struct error *err)
{
    int64_t pages = 0;
    int64_t unused = 0;
    int code = count_pages(writer, &pages, &unused, err);

    *ret_over = (pages - unused) * SCHEMA_PAGE > writer->store->max_size;
    return code;
}

/* Give pages back, some at a time. The file keeps an eighth of itself unused for what comes next:
 * entries come and go. */
static int give_back(struct writer *writer, struct error *err)
{
    int64_t pages = 0;
    int64_t unused = 0;
    int code = count_pages(writer, &pages, &unused, err);

    if (code != OK || unused <= pages / 8)
        return code;
    return sql_do(&writer->sql, SQL_VACUUM, err);
}

/* The last event of a batch that may go, by age; 0 for none. The newest event always stays: it
 * holds the sequence. */
static int aged(struct writer *writer, uint64_t *ret_last, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_EVENT_AGED, err);
    struct sql_value row;
    int code;

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, clock_wall() - writer->store->keep);
    sqlite3_bind_int64(stmt, 2, TRIM_EVENTS);
    code = sql_one(&writer->sql, stmt, NULL, &row, 1, err);
    if (code > 0)
        *ret_last = (uint64_t)row.number;
    return code < 0 ? code : OK;
}

static int trim_events(struct writer *writer, struct error *err)
{
    uint64_t last = 0;
    bool over;
    sqlite3_stmt *stmt;
    int code = aged(writer, &last, err);

    if (code == OK)
        code = is_over(writer, &over, err);
    if (code != OK || writer->log_first == 0)
        return code;
    if (over && last < writer->log_first + TRIM_EVENTS - 1)
        last = writer->log_first + TRIM_EVENTS - 1;
    if (last >= writer->head)
        last = writer->head - 1;
    if (last < writer->log_first)
        return OK;
    stmt = sql_use(&writer->sql, SQL_EVENT_TRIM, err);
    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, (int64_t)last);
    code = sql_run(&writer->sql, stmt, err);
    if (code == OK) {
        tally_count(writer, "trimmed.events", (uint64_t)sql_changes(&writer->sql));
        writer->log_first = last + 1;
        writer->trim_more = true;
    }
    return code;
}

static int trim_quarantined(struct writer *writer, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_QUARANTINE_TRIM, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, clock_wall() - writer->store->keep);
    sqlite3_bind_int64(stmt, 2, TRIM_QUARANTINED);
    return sql_run(&writer->sql, stmt, err);
}

struct swept {
    int64_t id, touched;
};

static int by_touch(const void *a, const void *b)
{
    const struct swept *x = a;
    const struct swept *y = b;

    return x->touched < y->touched ? -1 : x->touched > y->touched;
}

/* The next articles in order of row, which is a hash: a fair sample. Only those that may go are
 * returned. */
static int sweep(struct writer *writer, struct swept *ret_swept, size_t *ret_count,
    int64_t *ret_end, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_ARTICLE_SWEEP, err);
    size_t count = 0;
    int code;

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, writer->sweep);
    sqlite3_bind_int64(stmt, 2, TRIM_ARTICLES);
    *ret_end = INT64_MAX;
    for (size_t rows = 1; (code = sql_row(&writer->sql, stmt, err)) > 0; rows++) {
        struct swept row = {sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};

        if (rows == TRIM_ARTICLES)
            *ret_end = row.id;
        if ((uint64_t)sqlite3_column_int64(stmt, 2) < writer->log_first &&
            sqlite3_column_int(stmt, 3) == 0)
            ret_swept[count++] = row;
    }
    sqlite3_reset(stmt);
    *ret_count = count;
    return code;
}

static int remove_article(struct writer *writer, int64_t id, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_ARTICLE_REMOVE, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, id);
    return sql_run(&writer->sql, stmt, err);
}

static int remove_aliases(struct writer *writer, int64_t from, int64_t end, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_ALIAS_SWEEP, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, from);
    sqlite3_bind_int64(stmt, 2, end);
    return sql_run(&writer->sql, stmt, err);
}

/* Articles may take a quarter of the bound. Over that the oldest share of each sample goes: an
 * article that comes back later is a new one. Those with events or on their way stay. */
static int trim_articles(struct writer *writer, struct error *err)
{
    struct swept *swept = arena_alloc_array(writer->arena, TRIM_ARTICLES, sizeof(*swept));
    uint64_t most = (uint64_t)writer->store->max_size / 4 / ARTICLE_BYTES;
    uint64_t count = tally_get(writer, "articles.added") - tally_get(writer, "articles.forgotten");
    size_t found = 0;
    size_t excess;
    int64_t end = INT64_MAX;
    int code;

    if (count <= most)
        return OK;
    code = sweep(writer, swept, &found, &end, err);
    excess = (size_t)((count - most) * TRIM_ARTICLES / count) + 1;
    if (excess > found)
        excess = found;
    qsort(swept, found, sizeof(*swept), by_touch);
    for (size_t i = 0; i < excess && code == OK; i++)
        code = remove_article(writer, swept[i].id, err);
    if (code == OK)
        code = remove_aliases(writer, writer->sweep, end, err);
    if (code != OK)
        return code;
    tally_count(writer, "articles.forgotten", excess);
    writer->trim_more = writer->trim_more || (excess > 0 && count - excess > most);
    writer->sweep = end == INT64_MAX ? INT64_MIN : end;
    return OK;
}

/* What is kept of feeds that were removed goes after a month, or when very many were. */
static int trim_removed(struct writer *writer, struct error *err)
{
    static const int statements[] = {
        SQL_REMOVED_SEEN, SQL_REMOVED_HISTORY, SQL_REMOVED_CADENCE, SQL_REMOVED_TRIM};
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_REMOVED_BOUND, err);
    struct sql_value bound = {.number = 0};
    int code;

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, clock_wall() - REMOVED_DAYS * 86400 * (int64_t)SECOND);
    sqlite3_bind_int64(stmt, 2, REMOVED_MOST);
    code = sql_one(&writer->sql, stmt, NULL, &bound, 1, err);
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]) && code >= 0; i++) {
        stmt = sql_use(&writer->sql, statements[i], err);
        if (stmt == NULL)
            return err->code;
        sqlite3_bind_int64(stmt, 1, bound.number);
        code = sql_run(&writer->sql, stmt, err);
    }
    return code < 0 ? code : OK;
}

int trim_apply(struct writer *writer, struct request *request)
{
    struct error *err = &request->err;
    int code = trim_events(writer, err);

    if (code == OK)
        code = trim_quarantined(writer, err);
    if (code == OK)
        code = trim_articles(writer, err);
    if (code == OK)
        code = trim_removed(writer, err);
    if (code == OK)
        code = give_back(writer, err);
    return code;
}
