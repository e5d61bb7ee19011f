/* recheck.c - articles whose page could not be had: each keeps its entry until the page is there,
 * and then becomes a version by the same door as any other. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "store/private.h"

int store_rechecks(struct store *store,
    void (*on_recheck)(void *ctx, const struct store_recheck *recheck), void *ctx,
    struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_RECHECKS, err);
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    while ((code = sql_row(&store->reader, stmt, err)) > 0) {
        const struct store_recheck recheck = {.subject = sqlite3_column_int64(stmt, 0),
            .feed = sqlite3_column_int64(stmt, 1),
            .host = sqlite3_column_int64(stmt, 2),
            .since = sqlite3_column_int64(stmt, 3),
            .due = sqlite3_column_int64(stmt, 4),
            .tries = sqlite3_column_int(stmt, 5),
            .bytes = sqlite3_column_int64(stmt, 6)};

        on_recheck(ctx, &recheck);
    }
    sqlite3_reset(stmt);
    return code < 0 ? code : OK;
}

int store_recheck_record(struct store *store, struct arena *arena, int64_t subject,
    struct bytes *ret_record, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&store->reader, SQL_RECHECK_GET, err);
    struct sql_value row[2];
    int code;

    if (stmt == NULL)
        return sql_fail(&store->reader, err);
    sqlite3_bind_int64(stmt, 1, subject);
    code = sql_one(&store->reader, stmt, arena, row, 2, err);
    if (code > 0)
        *ret_record = row[1].bytes;
    return code < 0 ? code : code == 0 ? fail(err, E_NOT_FOUND, "store: no such recheck") : OK;
}

/* ---- put, moved, removed ----------------------------------------------------- */

static void ask(struct store *store, int kind, const struct store_recheck *recheck)
{
    struct request *request = request_new(kind, REQUEST_MEMORY);

    request->as.recheck.row = *recheck;
    store_ask(store, request);
}

void store_recheck_later(struct store *store, const struct store_recheck *recheck)
{
    ask(store, REQUEST_RECHECK_LATER, recheck);
}

void store_recheck_remove(struct store *store, int64_t subject)
{
    ask(store, REQUEST_RECHECK_REMOVE, &(struct store_recheck){.subject = subject});
}

void store_recheck_drop(struct store *store, int64_t pending)
{
    struct request *request = request_new(REQUEST_DROP, REQUEST_MEMORY);

    request->as.pending.row = pending;
    request->as.pending.cause = "page";
    request->as.pending.undo = true;
    store_ask(store, request);
}

static int set_due(struct writer *writer, const struct store_recheck *recheck, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_RECHECK_SET, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, recheck->subject);
    sqlite3_bind_int64(stmt, 2, recheck->due);
    sqlite3_bind_int(stmt, 3, recheck->tries);
    return sql_run(&writer->sql, stmt, err);
}

static int remove_row(struct writer *writer, int64_t subject, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_RECHECK_REMOVE, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, subject);
    return sql_run(&writer->sql, stmt, err);
}

int recheck_later_apply(struct writer *writer, struct request *request)
{
    return set_due(writer, &request->as.recheck.row, &request->err);
}

int recheck_remove_apply(struct writer *writer, struct request *request)
{
    return remove_row(writer, request->as.recheck.row.subject, &request->err);
}

int recheck_commit(struct writer *writer, const struct store_event *event, struct error *err)
{
    const struct store_recheck *recheck = &event->recheck;
    sqlite3_stmt *stmt;

    if (recheck->due == 0)
        return remove_row(writer, recheck->subject, err);
    stmt = sql_use(&writer->sql, SQL_RECHECK_PUT, err);
    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, event->pending);
    sqlite3_bind_int64(stmt, 2, recheck->subject);
    sqlite3_bind_int64(stmt, 3, recheck->since);
    sqlite3_bind_int64(stmt, 4, recheck->due);
    sqlite3_bind_int(stmt, 5, recheck->tries);
    return wal_run(writer, stmt, err);
}

/* ---- the page is there: a version -------------------------------------------- */

void store_readmit(struct store *store, const struct store_recheck *recheck,
    void (*on_admitted)(void *ctx, const struct admit_result *result), void *ctx)
{
    struct request *request = request_new(REQUEST_READMIT, SIZE_MAX / 4);

    request->as.recheck.row = *recheck;
    request->as.recheck.on_admitted = on_admitted;
    request->ctx = ctx;
    store_ask(store, request);
}

/* Its entry and its article. E_NOT_FOUND when either is gone; E_USAGE when a version is on its way
 * anyway. */
static int find(struct writer *writer, struct request *request, struct article *ret_article,
    struct bytes *ret_entry)
{
    struct error *err = &request->err;
    struct sql_value row[2] = {0};
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_RECHECK_GET, err);
    int code;

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, request->as.recheck.row.subject);
    code = sql_one(&writer->sql, stmt, writer->arena, row, 2, err);
    *ret_entry = row[1].bytes;
    if (code > 0)
        code = article_get(&writer->sql, writer->arena, row[0].number, ret_article, err);
    else if (code == 0)
        code = E_NOT_FOUND;
    if (code == E_NOT_FOUND)
        return fail(err, E_NOT_FOUND, "store: the article is gone");
    stmt = code == OK ? sql_use(&writer->sql, SQL_PENDING_BEFORE, err) : NULL;
    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, ret_article->id);
    sqlite3_bind_int64(stmt, 2, INT64_MAX);
    code = sql_one(&writer->sql, stmt, NULL, row, 1, err);
    return code > 0 ? fail(err, E_USAGE, "store: a version is on its way") : code;
}

/* The entry as it was, under the next number. */
static int encode(struct request *request, const struct article *article,
    const struct admitted *row, int64_t now, struct bytes entry)
{
    static const int known[] = {
        REC_VERSION, REC_VERSION_SEEN, REC_PENDING, REC_TITLE_BEFORE, REC_CAUSE, REC_SEEN_IN};
    struct buf *out = &request->buf;

    record_put_int(out, REC_VERSION, article->version);
    record_put_int(out, REC_VERSION_SEEN, now);
    record_put_int(out, REC_PENDING, row->pending);
    record_put(out, REC_TITLE_BEFORE, article->title);
    record_put(out, REC_CAUSE, LIT("page"));
    article_put_sightings(article, out);
    return record_put_rest(out, entry, known, sizeof(known) / sizeof(known[0]), &request->err);
}

static int add(struct writer *writer, struct request *request, const struct article *article,
    struct bytes entry)
{
    struct admitted *out = arena_alloc(request->arena, sizeof(*out));
    int64_t now = clock_wall();

    *out = (struct admitted){.pending = ++writer->last_pending,
        .verdict = ADMIT_CHANGED,
        .article = article->id,
        .version = article->version,
        .feed = request->as.recheck.row.feed,
        .host = request->as.recheck.row.host};
    if (encode(request, article, out, now, entry) != OK)
        return fail(&request->err, E_SYSTEM, "store: broken row of a recheck");
    out->record = buf_bytes(&request->buf);
    request->as.recheck.result = (struct admit_result){.admitted = out, .admitted_count = 1};
    tally_count(writer, "entries.rechecked", 1);
    return pending_add(writer, out, now, &request->err);
}

int readmit_apply(struct writer *writer, struct request *request)
{
    struct article *article = arena_alloc(writer->arena, sizeof(*article));
    struct bytes entry;
    int code = find(writer, request, article, &entry);

    if (code == OK)
        code = set_due(writer, &request->as.recheck.row, &request->err);
    if (code == OK)
        code = article_revise(&writer->sql, article, clock_wall(), &request->err);
    return code == OK ? add(writer, request, article, entry) : code;
}
