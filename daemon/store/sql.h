/* sql.h - one connection to the store's file, its prepared statements, and what SQLite's errors
 * mean for us. */
#ifndef WIREROOM_STORE_SQL_H
#define WIREROOM_STORE_SQL_H

#include <sqlite3.h>

#include "base/error.h"
#include "base/str.h"

/* Every statement of the store; their texts are in sql.c, in this order. */
enum sql_id {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_META_GET,
    SQL_META_SET,
    SQL_FEEDS,
    SQL_FEED_BY_URL,
    SQL_FEED_LAST,
    SQL_FEED_PUT,
    SQL_FEED_REMOVE,
    SQL_FEED_POLL,
    SQL_SEEN_GET,
    SQL_SEEN_PAGE,
    SQL_SEEN_PUT,
    SQL_SEEN_REMOVE,
    SQL_REMOVED_GET,
    SQL_REMOVED_AFRESH,
    SQL_REMOVED_PUT,
    SQL_REMOVED_BACK,
    SQL_REMOVED_BOUND,
    SQL_REMOVED_SEEN,
    SQL_REMOVED_HISTORY,
    SQL_REMOVED_CADENCE,
    SQL_REMOVED_TRIM,
    SQL_PUSHES,
    SQL_PUSH_PUT,
    SQL_PUSH_REMOVE,
    SQL_ARTICLE_GET,
    SQL_ARTICLE_ADD,
    SQL_ARTICLE_REVISE,
    SQL_ARTICLE_OWN,
    SQL_ARTICLE_SEEN_IN,
    SQL_ARTICLE_PUBLISHED,
    SQL_ARTICLE_TOLD,
    SQL_ARTICLE_WAY,
    SQL_ARTICLE_ENDED,
    SQL_ARTICLES_ENDED,
    SQL_ARTICLE_SWEEP,
    SQL_ARTICLE_REMOVE,
    SQL_ALIAS_GET,
    SQL_ALIAS_ADD,
    SQL_ALIAS_SWEEP,
    SQL_PENDING_LAST,
    SQL_PENDING_ADD,
    SQL_PENDING_GET,
    SQL_PENDING_BEFORE,
    SQL_PENDING_EXTEND,
    SQL_PENDING_REMOVE,
    SQL_PENDING_FEEDS,
    SQL_PENDING_WAITING,
    SQL_PENDING_ROW,
    SQL_PENDING_OLDER,
    SQL_PENDING_OF,
    SQL_PENDING_ARTICLES_REMOVE,
    SQL_PENDING_FEED_REMOVE,
    SQL_QUARANTINE,
    SQL_QUARANTINED,
    SQL_QUARANTINED_COUNT,
    SQL_QUARANTINE_END,
    SQL_QUARANTINE_REMOVE,
    SQL_QUARANTINE_TRIM,
    SQL_QUARANTINE_SIZES,
    SQL_QUARANTINE_OLDEST,
    SQL_EVENT_ADD,
    SQL_EVENT_PAGE,
    SQL_EVENT_SUBJECT,
    SQL_EVENT_NEWEST,
    SQL_EVENT_FIRST,
    SQL_EVENT_AGED,
    SQL_EVENT_RECORDED,
    SQL_EVENT_RECORDED_FROM,
    SQL_EVENT_TRIM,
    SQL_EVENT_WALK,
    SQL_EVENT_REMOVE,
    SQL_EVENT_TOPIC_ADD,
    SQL_EVENT_TOPICS,
    SQL_EVENT_TOPICS_TRIM,
    SQL_EVENT_TOPICS_REMOVE,
    SQL_STORY_PUT,
    SQL_STORY_STATE,
    SQL_STORY_STATES_UNTIL,
    SQL_STORIES,
    SQL_STORY_TRIM,
    SQL_CONSUMERS,
    SQL_CONSUMER_PUT,
    SQL_CONSUMER_REMOVE,
    SQL_CONSUMER_HOLD,
    SQL_WEIGHTS,
    SQL_WEIGHT_PUT,
    SQL_FEED_URL,
    SQL_TOPICS,
    SQL_TOPIC_ADD,
    SQL_TOPIC_SET,
    SQL_SNAPSHOT_PUT,
    SQL_SNAPSHOT_TRIM,
    SQL_SNAPSHOT_MOVE,
    SQL_SNAPSHOT_GET,
    SQL_DIAGNOSIS_GET,
    SQL_DIAGNOSIS_PUT,
    SQL_DIAGNOSIS_REMOVE,
    SQL_DIAGNOSED,
    SQL_HISTORY_GET,
    SQL_HISTORY_PUT,
    SQL_CADENCES,
    SQL_CADENCE_PUT,
    SQL_MOVINGS,
    SQL_MOVING_PUT,
    SQL_MOVING_REMOVE,
    SQL_FEED_MOVE,
    SQL_MOVED,
    SQL_MOVED_PUT,
    SQL_MOVED_AGAIN,
    SQL_MOVED_BACK,
    SQL_RECHECKS,
    SQL_RECHECK_GET,
    SQL_RECHECK_DUE,
    SQL_RECHECK_PUT,
    SQL_RECHECK_SET,
    SQL_RECHECK_REMOVE,
    SQL_RECHECK_FEED_REMOVE,
    SQL_ARTICLE_UNREVISE,
    SQL_FAMILIAR_LIST,
    SQL_FAMILIAR_MODEL,
    SQL_FAMILIAR_PUT,
    SQL_FAMILIAR_TRIM,
    SQL_COUNTERS,
    SQL_COUNTERS_TOLD,
    SQL_COUNTER_ADD,
    SQL_COUNTER_SET,
    SQL_PAGES,
    SQL_PAGES_FREE,
    SQL_VACUUM,
    SQL_COUNT
};

enum { SQL_BUSY_MILLISECONDS = 5000 /* patience with a program that looks into the file */ };

/* A connection; used by one thread at a time. */
struct sql {
    sqlite3 *db;
    sqlite3_stmt *statements[SQL_COUNT]; /* prepared at first use */
};

int sql_open(struct sql *sql, const char *path, int flags, struct error *err);
void sql_close(struct sql *sql);

/* Run statements without results. */
int sql_exec(struct sql *sql, const char *text, struct error *err);

/* The statement, reset and without values; NULL with err (may be NULL) filled when it cannot be
 * prepared: sql_fail() then has the code. */
sqlite3_stmt *sql_use(struct sql *sql, int id, struct error *err);

/* 1: a row, 0: no more rows, else a negative enum code. */
int sql_row(struct sql *sql, sqlite3_stmt *stmt, struct error *err);

/* A column of a row, off its statement. */
struct sql_value {
    int64_t number;     /* of an integer */
    struct bytes bytes; /* of a text or blob, a NUL behind them; NULL for anything else */
};

/* One row is wanted, or none: its first count columns, and the statement is reset, for one that is
 * not holds the connection's read transaction and so the write-ahead log. 1: the row, 0: there is
 * none, else a negative enum code. Bytes are on arena, which may be NULL where there are numbers
 * only. */
int sql_one(struct sql *sql, sqlite3_stmt *stmt, struct arena *arena, struct sql_value *ret_values,
    size_t count, struct error *err);

/* The text of a statement that was stepped and not reset; NULL when there is none. */
const char *sql_busy(struct sql *sql);

/* Step to the end and reset. */
int sql_run(struct sql *sql, sqlite3_stmt *stmt, struct error *err);

/* sql_use() and sql_run() for a statement without values. */
int sql_do(struct sql *sql, int id, struct error *err);

/* Rows the last statement changed. */
int64_t sql_changes(struct sql *sql);

/* NULL is null; lent until reset */
void sql_bind_text(sqlite3_stmt *stmt, int at, const char *text);
void sql_bind_blob(sqlite3_stmt *stmt, int at, struct bytes blob);
struct bytes sql_blob(sqlite3_stmt *stmt, int column); /* lent until the next step */
const char *sql_text(sqlite3_stmt *stmt, int column);  /* NULL for null; lent until the next step */

/* Fill err (may be NULL) with what SQLite says of the call that failed last, and with the path.
 * E_LIMIT: no room on the disk, E_TIMEOUT: locked by another program; nothing was written and it
 * may be tried again. E_SYSTEM: anything else. */
int sql_fail(struct sql *sql, struct error *err);

/* errno of a call that the system refused on the store or its log, 0 when none was: what could not
 * be read is not damaged. */
int sql_refused(struct sql *sql);

#endif
