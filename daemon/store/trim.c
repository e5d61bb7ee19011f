/* trim.c - the file's bounds: old quarantined entries, articles long out of sight and
 * (trim_events.c) events go, in small batches. */
#include <stdlib.h>

#include "base/clock.h"
#include "store/private.h"

enum {
    UNUSED_SHARE = 8, /* of the file it keeps */
    TRIM_QUARANTINED = 64,
    TRIM_ARTICLES = 512,
    REMOVED_DAYS = 30, /* longer than a holiday, or a list that nobody misses */
    REMOVED_MOST = 10000,
    ARTICLE_BYTES = 256, /* about what an article costs without its texts, its addresses included */
    ARTICLE_SHARE = 4,   /* of the bound, that articles may take */
    QUARANTINE_SHARE = 8, /* and what is quarantined: nobody reads more of it than that */
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

/* By how much what is in use is over what it may: the bound less the write-ahead log beside it, and
 * less what the file keeps unused. */
static int measure_excess(struct writer *writer, int64_t *ret_excess, struct error *err)
{
    int64_t max = writer->store->max_size - wal_room(writer);
    int64_t pages = 0;
    int64_t unused = 0;
    int code = count_pages(writer, &pages, &unused, err);

    *ret_excess = (pages - unused) * SCHEMA_PAGE - (max - max / UNUSED_SHARE);
    return code;
}

/* Give pages back, some at a time. The file keeps an eighth of itself unused for what comes next:
 * entries come and go. */
static int give_back(struct writer *writer, struct error *err)
{
    int64_t pages = 0;
    int64_t unused = 0;
    int code = count_pages(writer, &pages, &unused, err);

    if (code != OK || unused <= pages / UNUSED_SHARE)
        return code;
    writer->trim_more = writer->trim_more || unused > pages / 4 ||
                        pages * SCHEMA_PAGE + wal_room(writer) > writer->store->max_size;
    return sql_do(&writer->sql, SQL_VACUUM, err);
}

static int run_quarantine(struct writer *writer, int sql_id, int64_t bound, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, sql_id, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, bound);
    sqlite3_bind_int64(stmt, 2, TRIM_QUARANTINED);
    return sql_run(&writer->sql, stmt, err);
}

static int trim_quarantined(struct writer *writer, struct error *err)
{
    return run_quarantine(
        writer, SQL_QUARANTINE_TRIM, age_least(writer) - writer->store->keep, err);
}

/* The newest quarantined entry that is beyond their share, 0 for none. */
static int find_excess(struct writer *writer, int64_t *ret_row, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_QUARANTINE_SIZES, err);
    int64_t left = writer->store->max_size / QUARANTINE_SHARE;
    int code;

    *ret_row = 0;
    if (stmt == NULL)
        return err->code;
    while ((code = sql_row(&writer->sql, stmt, err)) > 0) {
        left -= sqlite3_column_int64(stmt, 1);
        if (left < 0) {
            *ret_row = sqlite3_column_int64(stmt, 0);
            break;
        }
    }
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}

/* *ret_more: there was something. */
static int trim_excess(struct writer *writer, bool *ret_more, struct error *err)
{
    int64_t row = 0;
    int code = find_excess(writer, &row, err);

    *ret_more = row != 0;
    if (code == OK && row != 0)
        code = run_quarantine(writer, SQL_QUARANTINE_OLDEST, row, err);
    return code;
}

struct swept {
    int64_t id, touched;
};

struct sample {
    struct swept swept[TRIM_ARTICLES];
    size_t found; /* of these */
    int64_t end;  /* row of the last, INT64_MAX when there are no more */
    uint64_t rows, bytes;
};

static int by_touch(const void *a, const void *b)
{
    const struct swept *x = a;
    const struct swept *y = b;

    return x->touched < y->touched ? -1 : x->touched > y->touched;
}

/* The next articles in order of id, which is a hash: a fair sample. Only those that may go are
 * returned. */
static int sweep(struct writer *writer, struct sample *sample, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_ARTICLE_SWEEP, err);
    int code;

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, writer->sweep);
    sqlite3_bind_int64(stmt, 2, TRIM_ARTICLES);
    *sample = (struct sample){.end = INT64_MAX};
    while ((code = sql_row(&writer->sql, stmt, err)) > 0) {
        struct swept row = {sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};

        sample->bytes += ARTICLE_BYTES + (uint64_t)sqlite3_column_int64(stmt, 4);
        if (++sample->rows == TRIM_ARTICLES)
            sample->end = row.id;
        if (sqlite3_column_int(stmt, 2) == 0 && sqlite3_column_int(stmt, 3) == 0)
            sample->swept[sample->found++] = row;
    }
    sqlite3_reset(stmt);
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

/* Articles that may be kept, by what one of the sample takes. */
static uint64_t most_articles(const struct writer *writer, const struct sample *sample)
{
    uint64_t share = (uint64_t)writer->store->max_size / ARTICLE_SHARE;

    return sample->rows == 0 ? UINT64_MAX : share / (sample->bytes / sample->rows);
}

/* The oldest excess of the sample. */
static int remove_articles(
    struct writer *writer, struct sample *sample, size_t excess, struct error *err)
{
    int code = OK;

    qsort(sample->swept, sample->found, sizeof(*sample->swept), by_touch);
    for (size_t i = 0; i < excess && code == OK; i++)
        code = remove_article(writer, sample->swept[i].id, err);
    if (code == OK)
        code = remove_aliases(writer, writer->sweep, sample->end, err);
    if (code == OK)
        tally_count(writer, "articles.forgotten", excess);
    return code;
}

/* Bytes of the articles over their share that may go, by the sample. */
static int64_t articles_excess(const struct sample *sample, uint64_t count, uint64_t most)
{
    uint64_t may_go = sample->rows == 0 ? 0 : count * sample->found / sample->rows;
    uint64_t over = count > most ? count - most : 0;

    return may_go == 0
               ? 0
               : (int64_t)((over < may_go ? over : may_go) * (sample->bytes / sample->rows));
}

/* Articles may take a quarter of the bound. Over that the oldest share of each sample goes: an
 * article that comes back later is a new one. Those with events or on their way stay. *ret_bytes:
 * what went and goes of them, by and by. */
static int trim_articles(struct writer *writer, int64_t *ret_bytes, struct error *err)
{
    struct sample *sample = arena_alloc(writer->arena, sizeof(*sample));
    uint64_t count = tally_get(writer, "articles.added") - tally_get(writer, "articles.forgotten");
    uint64_t most = (uint64_t)writer->store->max_size / ARTICLE_SHARE / ARTICLE_BYTES;
    size_t excess;
    int code;

    /* However long their texts are. */
    if (count <= most / (1 + 3 * STORE_HEADLINE / ARTICLE_BYTES))
        return OK;
    code = sweep(writer, sample, err);
    most = most_articles(writer, sample);
    if (code == OK && count > most) {
        *ret_bytes = articles_excess(sample, count, most);
        /* and some more, so that not each article that comes makes one go */
        excess = (size_t)((count - most + most / 16) * TRIM_ARTICLES / count) + 1;
        if (excess > sample->found)
            excess = sample->found;
        code = remove_articles(writer, sample, excess, err);
        writer->trim_more = writer->trim_more || (excess > 0 && count - excess > most);
    }
    writer->sweep = sample->end == INT64_MAX ? INT64_MIN : sample->end;
    return code;
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
    sqlite3_bind_int64(stmt, 1, age_least(writer) - (int64_t)REMOVED_DAYS * 86400 * SECOND);
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

/* What has taken more than its share goes before events do: a feed that fills the quarantine or the
 * table of articles would else empty the log of all. */
int trim_apply(struct writer *writer, struct request *request)
{
    struct error *err = &request->err;
    bool quarantined = false;
    int64_t articles = 0;
    int64_t excess = 0;
    int code = trim_quarantined(writer, err);

    if (code == OK)
        code = measure_excess(writer, &excess, err);
    if (code == OK && excess > 0)
        code = trim_excess(writer, &quarantined, err);
    if (code == OK)
        code = trim_articles(writer, &articles, err);
    if (code == OK)
        code = trim_events(writer, quarantined ? 0 : excess - articles, err);
    writer->trim_more = writer->trim_more || quarantined;
    if (code == OK)
        code = weight_write(writer, err);
    if (code == OK)
        code = trim_removed(writer, err);
    if (code == OK)
        code = give_back(writer, err);
    return code == OK ? age_write(writer, err) : code;
}
