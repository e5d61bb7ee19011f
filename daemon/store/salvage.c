/* salvage.c - what can be said of a store's file, and saved from it, when no daemon can open it. */
#include "store/salvage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "store/refused.h"

enum {
    CHECK_MEMORY = 1 << 20,
    BEHIND = 100000, /* ids tried behind the last row when nothing tells the newest */
};

struct check {
    struct sql sql;
    struct arena *arena;
    void (*on_trouble)(void *ctx, const char *text);
    void *ctx;
    struct store_checked *out;
};

/* A damaged schema must not keep the tables it still names from being read. */
static int open_to_read(struct sql *sql, const char *path, struct error *err)
{
    int code = sql_open(sql, path, SQLITE_OPEN_READONLY, err);

    if (code != OK)
        return code;
    code = sql_exec(sql, "PRAGMA writable_schema = ON; PRAGMA cell_size_check = ON;", err);
    if (code != OK)
        sql_close(sql);
    return code;
}

/* What follows from a page that the system could not read is no damage. */
static void trouble(struct check *check, const char *text)
{
    if (sql_refused(&check->sql) != 0)
        return;
    if (check->out->troubles++ < SALVAGE_TROUBLES)
        check->on_trouble(check->ctx, text);
}

/* The numbers of a query's one row. An error is a trouble of what is read. */
static bool read_numbers(
    struct check *check, const char *what, const char *text, int64_t *ret_numbers, int count)
{
    sqlite3_stmt *stmt = NULL;
    char said[200];
    bool well = sqlite3_prepare_v2(check->sql.db, text, -1, &stmt, NULL) == SQLITE_OK &&
                sqlite3_step(stmt) == SQLITE_ROW;

    for (int i = 0; well && i < count; i++)
        ret_numbers[i] = sqlite3_column_int64(stmt, i);
    if (!well) {
        snprintf(said, sizeof(said), "%s cannot be read to the end: %.100s", what,
            sqlite3_errmsg(check->sql.db));
        trouble(check, said);
    }
    sqlite3_finalize(stmt);
    return well;
}

/* Lines of PRAGMA integrity_check: "ok", or one trouble each. */
static void check_pages(struct check *check)
{
    sqlite3_stmt *stmt = NULL;
    char text[64];
    int code;

    snprintf(text, sizeof(text), "PRAGMA integrity_check(%d)", SALVAGE_TROUBLES);
    code = sqlite3_prepare_v2(check->sql.db, text, -1, &stmt, NULL);
    while (code == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
        struct bytes rest = bytes_of(sql_text(stmt, 0));

        while (rest.len > 0) {
            struct bytes line = bytes_slice(bytes_cut(&rest, '\n'), 0, 200);

            if (line.len > 0 && !bytes_is(line, "ok"))
                trouble(check, bytes_cstr(check->arena, line));
        }
    }
    if (code != SQLITE_OK)
        trouble(check, sqlite3_errmsg(check->sql.db));
    sqlite3_finalize(stmt);
}

/* Holes in the log. Those are well that trimming left (trim_events.c), which counts what it takes:
 * from the begin of the log and, of a feed that takes more than its share, from anywhere. */
static void check_holes(struct check *check, const int64_t log[3])
{
    int64_t trimmed = 0;
    int64_t missing = log[2] - log[1] + 1 - log[0];
    char said[100];

    if (log[0] == 0 || !read_numbers(check, "the counters",
                           "SELECT coalesce(sum(value), 0) FROM counter WHERE name ="
                           " 'trimmed.events'",
                           &trimmed, 1))
        return;
    if (trimmed > log[1] - 1)
        missing -= trimmed - (log[1] - 1);
    if (missing <= 0)
        return;
    snprintf(said, sizeof(said), "%" PRId64 " events are missing between %" PRId64 " and %" PRId64,
        missing, log[1], log[2]);
    trouble(check, said);
}

/* What pages cannot tell: whether there is anything missing between them. */
static void check_rows(struct check *check)
{
    struct store_checked *out = check->out;
    int64_t log[4] = {0};
    char said[100];

    read_numbers(check, "the feeds",
        "SELECT count(*) FROM feed WHERE length(url) + coalesce(length(error), 0) >= 0",
        &out->feeds, 1);
    read_numbers(check, "the articles",
        "SELECT count(*) FROM article WHERE length(uuid) + coalesce(length(title), 0) >= 0",
        &out->articles, 1);
    read_numbers(check, "the entries that wait",
        "SELECT count(*) FROM pending WHERE cause IS NULL AND length(record) >= 0", &out->waiting,
        1);
    read_numbers(check, "the quarantine",
        "SELECT count(*) FROM pending WHERE cause IS NOT NULL AND length(record) >= 0",
        &out->quarantined, 1);
    if (!read_numbers(check, "the events",
            "SELECT count(*), min(sequence), max(sequence),"
            " sum(NOT json_valid(CAST(body AS TEXT))) FROM event",
            log, 4))
        return;
    out->events = log[0];
    out->first = log[1];
    out->head = log[2];
    check_holes(check, log);
    if (log[3] > 0) {
        snprintf(said, sizeof(said), "%" PRId64 " events are no JSON any more", log[3]);
        trouble(check, said);
    }
}

static void check_epoch(struct check *check)
{
    struct error err = {0};

    if (schema_epoch(&check->sql, check->out->epoch, &err) != OK)
        trouble(check, err.text);
}

int store_check(const char *path, void (*on_trouble)(void *ctx, const char *text), void *ctx,
    struct store_checked *ret_checked, struct error *err)
{
    struct check check = {.on_trouble = on_trouble, .ctx = ctx, .out = ret_checked};
    bool empty = false;
    int code = open_to_read(&check.sql, path, err);

    if (code != OK)
        return code;
    *ret_checked = (struct store_checked){0};
    code = schema_look(&check.sql, path, &empty, &ret_checked->schema, err);
    if (code == OK && empty)
        code = fail(err, E_FORMAT, "store: %.200s is empty", path);
    if (code == OK) {
        check.arena = arena_new(CHECK_MEMORY);
        check_pages(&check);
        check_epoch(&check);
        check_rows(&check);
        arena_free(check.arena);
        code = sql_refused(&check.sql) == 0
                   ? OK
                   : refused_fail(E_SYSTEM, "read", path, sql_refused(&check.sql), err);
    }
    sql_close(&check.sql);
    return code;
}

/* ---- feeds ------------------------------------------------------------------ */

struct salvage {
    struct sql sql;
    void (*on_feed)(void *ctx, const struct store_feed *feed);
    void *ctx;
    int64_t last; /* id of the last feed that was read */
    bool whole;
};

static void hand_on(struct salvage *salvage, sqlite3_stmt *stmt)
{
    const struct store_feed feed = {.id = sqlite3_column_int64(stmt, 0),
        .url = sql_text(stmt, 1),
        .title = sql_text(stmt, 2),
        .tags = sql_text(stmt, 3)};

    salvage->last = feed.id;
    if (feed.url != NULL)
        salvage->on_feed(salvage->ctx, &feed);
}

/* The newest id that was ever given, or as far behind the last as is tried. */
static int64_t newest_id(struct salvage *salvage)
{
    int64_t newest = salvage->last + BEHIND;
    sqlite3_stmt *stmt = sql_use(&salvage->sql, SQL_FEED_LAST, NULL);

    if (stmt != NULL && sql_row(&salvage->sql, stmt, NULL) > 0 &&
        sqlite3_column_int64(stmt, 0) < newest)
        newest = sqlite3_column_int64(stmt, 0);
    if (stmt != NULL)
        sqlite3_reset(stmt);
    return newest;
}

/* Row by row: one on a page that is damaged does not hide those on others. */
static void read_singly(struct salvage *salvage, sqlite3_stmt *stmt)
{
    int64_t newest = newest_id(salvage);

    for (int64_t id = salvage->last + 1; id <= newest; id++) {
        sqlite3_reset(stmt);
        sqlite3_bind_int64(stmt, 1, id);
        sqlite3_bind_int64(stmt, 2, id);
        if (sqlite3_step(stmt) == SQLITE_ROW)
            hand_on(salvage, stmt);
    }
}

int store_salvage_feeds(const char *path, void (*on_feed)(void *ctx, const struct store_feed *feed),
    void *ctx, bool *ret_whole, struct error *err)
{
    static const char text[] = "SELECT id, url, title, tags FROM feed WHERE id >= ?1 AND id <= ?2"
                               " ORDER BY id";
    struct salvage salvage = {.on_feed = on_feed, .ctx = ctx};
    sqlite3_stmt *stmt = NULL;
    int step = SQLITE_ERROR;
    int code = open_to_read(&salvage.sql, path, err);

    if (code != OK)
        return code;
    if (sqlite3_prepare_v2(salvage.sql.db, text, -1, &stmt, NULL) != SQLITE_OK) {
        code = sql_fail(&salvage.sql, err);
    } else {
        sqlite3_bind_int64(stmt, 1, 0);
        sqlite3_bind_int64(stmt, 2, INT64_MAX);
        while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
            hand_on(&salvage, stmt);
        if (step != SQLITE_DONE) {
            sql_fail(&salvage.sql, err);
            read_singly(&salvage, stmt);
        }
    }
    *ret_whole = code == OK && step == SQLITE_DONE;
    sqlite3_finalize(stmt);
    sql_close(&salvage.sql);
    return code;
}

/* ---- epoch ------------------------------------------------------------------ */

int store_new_epoch(
    const char *path, char ret_old[EPOCH_TEXT], char ret_epoch[EPOCH_TEXT], struct error *err)
{
    struct sql sql;
    int fd = -1;
    int code;

    if (access(path, R_OK | W_OK) != 0) /* before a lock is left beside nothing */
        return refused_fail(E_SYSTEM, "open", path, errno, err);
    code = schema_lock(path, &fd, err);
    if (code != OK)
        return code;
    code = sql_open(&sql, path, SQLITE_OPEN_READWRITE, err);
    if (code == OK) {
        code = schema_prepare(&sql, path, ret_old, err);
        if (code == OK)
            code = schema_renew(&sql, ret_epoch, err);
        sql_close(&sql);
    }
    close(fd);
    return code;
}
