/* sql.c - the text of every statement, and SQLite's result codes made into ours. */
#include "store/sql.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "store/refused.h"

#define FEED_COLUMNS                                                                               \
    "url, title, tags, origin, etag, last_modified, body_hash, next_poll, interval, state, "       \
    "state_since, last_success, last_new, failures, http_status, error, asked, skip, distrusted, " \
    "validated, not_before, link"

static const char *const texts[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_META_GET] = "SELECT value FROM meta WHERE name = ?1",
    [SQL_META_SET] = "REPLACE INTO meta (name, value) VALUES (?1, ?2)",
    [SQL_FEEDS] = "SELECT id, " FEED_COLUMNS " FROM feed ORDER BY id",
    [SQL_FEED_BY_URL] = "SELECT id, title, tags, origin FROM feed WHERE url = ?1",
    [SQL_FEED_LAST] = "SELECT seq FROM sqlite_sequence WHERE name = 'feed'",
    [SQL_FEED_PUT] =
        "INSERT INTO feed (id, url, title, tags, origin, etag, last_modified, body_hash, next_poll,"
        " interval, state, state_since, last_success, last_new, failures, http_status, error,"
        " asked, skip, distrusted, validated, not_before, link)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
        " ?19, ?20, ?21, ?22, ?23)"
        " ON CONFLICT (id) DO UPDATE SET title = coalesce(?3, title), tags = ?4, origin = ?5,"
        " link = coalesce(?23, link)",
    [SQL_FEED_REMOVE] = "DELETE FROM feed WHERE id = ?1",
    [SQL_FEED_POLL] = "UPDATE feed SET etag = ?6, last_modified = ?7, body_hash = ?8,"
                      " next_poll = ?9, interval = ?10, state = ?11, state_since = ?12,"
                      " last_success = ?13, last_new = ?14, failures = ?15, http_status = ?16,"
                      " error = ?17, title = coalesce(?3, title), asked = ?18, skip = ?19,"
                      " distrusted = ?20, validated = ?21, not_before = ?22 WHERE id = ?1",
    [SQL_SEEN_GET] = "SELECT count, items FROM seen WHERE feed = ?1",
    [SQL_SEEN_PAGE] = "SELECT feed, count, items FROM seen WHERE feed > ?1 ORDER BY feed LIMIT ?2",
    [SQL_SEEN_PUT] = "REPLACE INTO seen (feed, count, items) VALUES (?1, ?2, ?3)",
    [SQL_SEEN_REMOVE] = "DELETE FROM seen WHERE feed = ?1",
    [SQL_REMOVED_GET] = "SELECT feed, last_success FROM removed WHERE url = ?1",
    [SQL_REMOVED_PUT] = "REPLACE INTO removed (url, feed, at, last_success)"
                        " SELECT url, id, ?2, last_success FROM feed WHERE id = ?1",
    [SQL_REMOVED_AFRESH] = "UPDATE removed SET last_success = 0 WHERE feed = ?1",
    [SQL_REMOVED_BACK] = "DELETE FROM removed WHERE url = ?2",
    [SQL_REMOVED_BOUND] = "SELECT max(?1, coalesce((SELECT at FROM removed ORDER BY at DESC"
                          " LIMIT 1 OFFSET ?2), ?1))",
    [SQL_REMOVED_SEEN] = "DELETE FROM seen WHERE feed IN (SELECT feed FROM removed WHERE at < ?1)",
    [SQL_REMOVED_HISTORY] =
        "DELETE FROM history WHERE feed IN (SELECT feed FROM removed WHERE at < ?1)",
    [SQL_REMOVED_CADENCE] =
        "DELETE FROM cadence WHERE feed IN (SELECT feed FROM removed WHERE at < ?1)",
    [SQL_REMOVED_TRIM] = "DELETE FROM removed WHERE at < ?1",
    [SQL_PUSHES] = "SELECT token, feed, hubs, topic, secret, callback, lease_until, next_try,"
                   " failures, last_push FROM push",
    [SQL_PUSH_PUT] = "REPLACE INTO push (token, feed, hubs, topic, secret, callback, lease_until,"
                     " next_try, failures, last_push)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [SQL_PUSH_REMOVE] = "DELETE FROM push WHERE token = ?1",
    [SQL_ARTICLE_GET] =
        "SELECT uuid, version, content, first_seen, title, seen_in, teller, site, by_owner,"
        " updated, earlier FROM article WHERE id = ?1",
    [SQL_ARTICLE_ADD] = "INSERT INTO article (id, uuid, version, published, content, first_seen,"
                        " touched, sequence, title, seen_in, teller, site, by_owner, updated)"
                        " VALUES (?1, ?2, 1, 0, ?3, ?4, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10)",
    [SQL_ARTICLE_REVISE] =
        "UPDATE article SET version = version + 1, content = ?2, touched = ?3,"
        " title = ?4, teller = ?5, site = ?6, by_owner = ?7, updated = ?8, earlier = ?9"
        " WHERE id = ?1",
    [SQL_ARTICLE_OWN] = "UPDATE article SET teller = ?2, site = ?3, by_owner = ?4 WHERE id = ?1",
    [SQL_ARTICLE_SEEN_IN] =
        "UPDATE article SET seen_in = ?2, touched = ?3, earlier = ?4 WHERE id = ?1",
    [SQL_ARTICLE_PUBLISHED] =
        "UPDATE article SET published = max(published, ?2), sequence = ?3, told = ?4,"
        " way = ?5 WHERE id = ?1",
    [SQL_ARTICLE_TOLD] = "SELECT told FROM article WHERE told IS NOT NULL"
                         " AND id = (SELECT article FROM pending WHERE id = ?1)",
    [SQL_ARTICLE_WAY] = "SELECT published, sequence, way FROM article WHERE id = ?1",
    [SQL_ARTICLE_ENDED] =
        "UPDATE article SET way = (SELECT CAST(version || ?2 AS BLOB) FROM pending WHERE id = ?1)"
        " WHERE id = (SELECT article FROM pending WHERE id = ?1 AND (cause IS NOT NULL) = ?3)",
    /* those that are published and whose next version goes with its feed */
    [SQL_ARTICLES_ENDED] =
        "UPDATE article SET way = CAST(version || ?2 AS BLOB) WHERE length(seen_in) <= ?3 AND"
        " id IN (SELECT article FROM pending WHERE feed = ?1 AND cause IS NULL)",
    [SQL_ARTICLE_SWEEP] = "SELECT id, touched, EXISTS (SELECT 1 FROM event"
                          " WHERE event.sequence = article.sequence), EXISTS (SELECT 1 FROM pending"
                          " WHERE pending.article = article.id), coalesce(length(title), 0)"
                          " + coalesce(length(told), 0) + coalesce(length(way), 0)"
                          " + coalesce(length(seen_in), 0) + coalesce(length(earlier), 0)"
                          " FROM article"
                          " WHERE id > ?1 ORDER BY id LIMIT ?2",
    [SQL_ARTICLE_REMOVE] = "DELETE FROM article WHERE id = ?1",
    [SQL_ALIAS_GET] = "SELECT article FROM alias WHERE key = ?1",
    [SQL_ALIAS_ADD] = "REPLACE INTO alias (key, article) VALUES (?1, ?2)",
    [SQL_ALIAS_SWEEP] = "DELETE FROM alias WHERE key > ?1 AND key <= ?2"
                        " AND NOT EXISTS (SELECT 1 FROM article WHERE id = alias.article)",
    [SQL_PENDING_LAST] = "SELECT max(id) FROM pending",
    [SQL_PENDING_ADD] = "INSERT INTO pending (id, article, version, feed, host, at, record)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [SQL_PENDING_GET] =
        "SELECT article, version, feed FROM pending WHERE id = ?1 AND cause IS NULL",
    [SQL_PENDING_BEFORE] = "SELECT id FROM pending WHERE article = ?1 AND version < ?2"
                           " AND cause IS NULL LIMIT 1",
    /* a value more at the end of each record: base/record.h */
    [SQL_PENDING_EXTEND] = "UPDATE pending SET record = CAST(record || ?2 AS BLOB)"
                           " WHERE article = ?1 AND cause IS NULL RETURNING id, length(record)",
    [SQL_PENDING_REMOVE] = "DELETE FROM pending WHERE id = ?1",
    [SQL_PENDING_FEEDS] = "SELECT feed FROM pending",
    [SQL_PENDING_WAITING] = "SELECT id, feed, host, length(record) FROM pending"
                            " WHERE cause IS NULL ORDER BY id",
    [SQL_PENDING_ROW] = "SELECT id, article, version, feed, host, record FROM pending"
                        " WHERE id = ?1 AND cause IS NULL",
    [SQL_PENDING_OLDER] = "SELECT id, article, version, feed, host, record FROM pending"
                          " WHERE article = ?1 AND version > ?2 AND version < ?3"
                          " AND cause IS NULL ORDER BY version LIMIT 1",
    [SQL_PENDING_OF] = "SELECT id, version, feed, at, cause FROM pending WHERE article = ?1"
                       " ORDER BY version LIMIT ?2",
    /* what no other feed lists: ?2 is the size of one sighting */
    [SQL_PENDING_ARTICLES_REMOVE] =
        "DELETE FROM article WHERE published = 0 AND length(seen_in) <= ?2 AND id IN"
        " (SELECT article FROM pending WHERE feed = ?1 AND cause IS NULL)",
    [SQL_PENDING_FEED_REMOVE] =
        "DELETE FROM pending WHERE feed = ?1 AND cause IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM article WHERE id = pending.article AND length(seen_in) > ?2)",
    [SQL_QUARANTINE] = "UPDATE pending SET cause = ?2, at = ?3 WHERE id = ?1"
                       " RETURNING length(record)",
    [SQL_QUARANTINED] = "SELECT id, version, feed, record, cause, at FROM pending"
                        " INDEXED BY pending_quarantined"
                        " WHERE id > ?1 AND cause IS NOT NULL ORDER BY id LIMIT ?2",
    [SQL_QUARANTINED_COUNT] = "SELECT count(*) FROM pending INDEXED BY pending_quarantined"
                              " WHERE cause IS NOT NULL",
    [SQL_QUARANTINE_END] =
        "UPDATE pending SET cause = NULL WHERE id = ?1 AND cause IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM article WHERE article.id = pending.article"
        " AND article.published > pending.version) RETURNING length(record)",
    [SQL_QUARANTINE_REMOVE] = "DELETE FROM pending WHERE id = ?1 AND cause IS NOT NULL",
    [SQL_QUARANTINE_TRIM] = "DELETE FROM pending WHERE id IN (SELECT id FROM pending"
                            " WHERE cause IS NOT NULL AND at < ?1 LIMIT ?2)",
    [SQL_QUARANTINE_SIZES] = "SELECT id, length(record) FROM pending WHERE cause IS NOT NULL"
                             " ORDER BY id DESC",
    [SQL_QUARANTINE_OLDEST] = "DELETE FROM pending WHERE id IN (SELECT id FROM pending"
                              " WHERE cause IS NOT NULL AND id <= ?1 ORDER BY id LIMIT ?2)",
    [SQL_EVENT_ADD] = "INSERT INTO event (sequence, topic, subject, recorded, feed, body)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_EVENT_PAGE] = "SELECT e.sequence, t.name, e.body FROM event e JOIN topic t"
                       " ON t.id = e.topic WHERE e.sequence > ?1 AND e.sequence <= ?3"
                       " ORDER BY e.sequence LIMIT ?2",
    [SQL_EVENT_SUBJECT] = "SELECT e.sequence, t.name, e.body FROM event e JOIN topic t"
                          " ON t.id = e.topic WHERE e.subject = ?1 AND e.sequence > ?3"
                          " ORDER BY e.sequence LIMIT ?2",
    [SQL_EVENT_NEWEST] = "SELECT e.sequence, t.name, e.body FROM event e JOIN topic t"
                         " ON t.id = e.topic WHERE e.subject = ?1 AND length(e.body) <= ?2"
                         " ORDER BY e.sequence DESC LIMIT 1",
    [SQL_EVENT_FIRST] = "SELECT (SELECT min(sequence) FROM event),"
                        " (SELECT max(sequence) FROM event)",
    [SQL_EVENT_AGED] = "SELECT max(sequence) FROM (SELECT sequence, recorded FROM event"
                       " ORDER BY sequence LIMIT ?2) WHERE recorded < ?1",
    [SQL_EVENT_RECORDED] = "SELECT recorded FROM event ORDER BY sequence DESC LIMIT 1",
    [SQL_EVENT_RECORDED_FROM] = "SELECT sequence, recorded FROM event WHERE sequence >= ?1"
                                " ORDER BY sequence LIMIT 1",
    [SQL_EVENT_TRIM] = "DELETE FROM event WHERE sequence <= ?1",
    [SQL_EVENT_WALK] = "SELECT sequence, feed, length(body) FROM event WHERE sequence > ?1"
                       " ORDER BY sequence LIMIT ?2",
    [SQL_EVENT_REMOVE] = "DELETE FROM event WHERE sequence = ?1",
    [SQL_EVENT_TOPIC_ADD] = "INSERT INTO event_topic (sequence, topic, previous)"
                            " VALUES (?1, ?2, ?3)",
    [SQL_EVENT_TOPICS] = "SELECT t.name, x.previous FROM event_topic x JOIN topic t"
                         " ON t.id = x.topic WHERE x.sequence = ?1 ORDER BY x.topic LIMIT ?2",
    [SQL_EVENT_TOPICS_TRIM] = "DELETE FROM event_topic WHERE sequence <= ?1",
    [SQL_EVENT_TOPICS_REMOVE] = "DELETE FROM event_topic WHERE sequence = ?1",
    [SQL_STORY_PUT] = "REPLACE INTO story (subject, sequence, state)"
                      " VALUES (?1, ?2, coalesce(CASE WHEN json_valid(?3)"
                      " THEN json_extract(?3, '$.state') END, ''))",
    [SQL_STORY_STATE] = "SELECT 0, 'stories.' || state FROM story"
                        " WHERE subject = ?1 AND state <> ''",
    [SQL_STORY_STATES_UNTIL] = "SELECT count(*), 'stories.' || state FROM story"
                               " WHERE sequence <= ?1 AND state <> '' GROUP BY state",
    [SQL_STORIES] = "SELECT e.sequence, t.name, e.body FROM story s JOIN event e"
                    " ON e.sequence = s.sequence JOIN topic t ON t.id = e.topic"
                    " WHERE s.sequence < ?1 ORDER BY s.sequence DESC LIMIT ?2",
    [SQL_STORY_TRIM] = "DELETE FROM story WHERE sequence <= ?1",
    [SQL_CONSUMERS] =
        "SELECT name, filter, acked, hold, since, heard, unused FROM consumer ORDER BY name",
    [SQL_CONSUMER_PUT] = "REPLACE INTO consumer (name, filter, acked, hold, since, heard, unused)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [SQL_CONSUMER_REMOVE] = "DELETE FROM consumer WHERE name = ?1",
    [SQL_CONSUMER_HOLD] = "SELECT min(acked) FROM consumer WHERE hold HAVING count(*) > 0",
    [SQL_WEIGHTS] = "SELECT feed, bytes FROM event_weight WHERE bytes > 0",
    [SQL_WEIGHT_PUT] = "REPLACE INTO event_weight (feed, bytes) VALUES (?1, ?2)",
    [SQL_FEED_URL] = "SELECT url FROM feed WHERE id = ?1",
    [SQL_TOPICS] = "SELECT id, name, last FROM topic ORDER BY id",
    [SQL_TOPIC_ADD] = "INSERT INTO topic (id, name, last) VALUES (?1, ?2, ?3)",
    [SQL_TOPIC_SET] = "UPDATE topic SET last = ?3 WHERE id = ?1",
    [SQL_SNAPSHOT_PUT] = "INSERT INTO snapshot (stage, number, sequence, saved)"
                         " SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3 FROM snapshot"
                         " WHERE stage = ?1",
    [SQL_SNAPSHOT_TRIM] = "DELETE FROM snapshot WHERE stage = ?1 AND number <="
                          " (SELECT max(number) FROM snapshot WHERE stage = ?1) - ?2",
    [SQL_SNAPSHOT_MOVE] = "UPDATE snapshot SET sequence = ?2 WHERE stage = ?1 AND number ="
                          " (SELECT max(number) FROM snapshot WHERE stage = ?1)",
    [SQL_SNAPSHOT_GET] = "SELECT number, sequence, saved FROM snapshot WHERE stage = ?1 AND"
                         " number > ?2 ORDER BY number LIMIT 1",
    [SQL_DIAGNOSIS_GET] = "SELECT since, text FROM diagnosis WHERE feed = ?1",
    [SQL_DIAGNOSIS_PUT] = "REPLACE INTO diagnosis (feed, since, text) VALUES (?1, ?2, ?3)",
    [SQL_DIAGNOSIS_REMOVE] = "DELETE FROM diagnosis WHERE feed = ?1",
    [SQL_DIAGNOSED] = "SELECT feed FROM diagnosis",
    [SQL_HISTORY_GET] = "SELECT polls FROM history WHERE feed = ?1",
    [SQL_HISTORY_PUT] = "REPLACE INTO history (feed, polls) VALUES (?1, ?2)",
    [SQL_CADENCES] = "SELECT feed, model FROM cadence WHERE feed IN (SELECT id FROM feed)"
                     " ORDER BY feed",
    [SQL_CADENCE_PUT] = "REPLACE INTO cadence (feed, model) VALUES (?1, ?2)",
    [SQL_MOVINGS] =
        "SELECT feed, url, count, first, last, before, common FROM moving ORDER BY feed",
    [SQL_MOVING_PUT] = "REPLACE INTO moving (feed, url, count, first, last, before, common)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [SQL_MOVING_REMOVE] = "DELETE FROM moving WHERE feed = ?1",
    [SQL_FEED_MOVE] = "UPDATE feed SET url = ?2 WHERE url = ?1",
    [SQL_MOVED] = "SELECT url, target FROM moved",
    [SQL_MOVED_PUT] = "REPLACE INTO moved (url, target) VALUES (?1, ?2)",
    [SQL_MOVED_AGAIN] = "UPDATE moved SET target = ?2 WHERE target = ?1",
    [SQL_MOVED_BACK] = "DELETE FROM moved WHERE url = target OR url = ?2",
    [SQL_RECHECKS] = "SELECT subject, feed, host, since, due, tries, length(record) FROM recheck",
    [SQL_RECHECK_GET] = "SELECT article, record FROM recheck WHERE subject = ?1",
    [SQL_RECHECK_DUE] = "SELECT since, due, tries FROM recheck WHERE subject = ?1",
    [SQL_RECHECK_PUT] =
        "REPLACE INTO recheck (subject, article, feed, host, since, due, tries, record)"
        " SELECT ?2, article, feed, host, ?3, ?4, ?5, record FROM pending WHERE id = ?1"
        " RETURNING length(record)",
    [SQL_RECHECK_SET] = "UPDATE recheck SET due = ?2, tries = ?3 WHERE subject = ?1",
    [SQL_RECHECK_REMOVE] = "DELETE FROM recheck WHERE subject = ?1",
    [SQL_RECHECK_FEED_REMOVE] = "DELETE FROM recheck WHERE feed = ?1",
    [SQL_ARTICLE_UNREVISE] =
        "UPDATE article SET version = version - 1 WHERE id = ?1 AND version = ?2",
    [SQL_FAMILIAR_LIST] = "SELECT list FROM familiar WHERE host = ?1",
    /* the model: NULL when this article is none of those it is learned from */
    [SQL_FAMILIAR_MODEL] = "SELECT articles, CASE WHEN articles < ?2 OR ?3 THEN model END"
                           " FROM familiar WHERE host = ?1",
    [SQL_FAMILIAR_PUT] = "REPLACE INTO familiar (host, articles, useful, at, list, model)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_FAMILIAR_TRIM] =
        "DELETE FROM familiar WHERE host IN (SELECT host FROM familiar ORDER BY useful, at"
        " LIMIT min(?2, max(0, (SELECT count(*) FROM familiar) - ?1)))",
    [SQL_COUNTERS] = "SELECT id, name, value FROM counter ORDER BY name",
    /* with what is pending, as of the same commit; both counts read an index only */
    [SQL_COUNTERS_TOLD] =
        "SELECT id, name, value FROM counter UNION ALL SELECT 0, 'entries.pending',"
        " (SELECT count(*) FROM pending INDEXED BY pending_article WHERE article IS NOT NULL)"
        " - (SELECT count(*) FROM pending INDEXED BY pending_quarantined WHERE cause IS NOT NULL)"
        " ORDER BY 2",
    [SQL_COUNTER_ADD] = "INSERT INTO counter (id, name, value) VALUES (?1, ?2, ?3)",
    [SQL_COUNTER_SET] = "UPDATE counter SET value = ?3 WHERE id = ?1",
    [SQL_PAGES] = "PRAGMA page_count",
    [SQL_PAGES_FREE] = "PRAGMA freelist_count",
    [SQL_VACUUM] = "PRAGMA incremental_vacuum(256)",
};

/* errno of the last call that failed on one of the files; SQLite's own is lost when a commit fails.
 */
static int errno_of(struct sql *sql, int which)
{
    sqlite3_file *file = NULL;
    int value = 0;

    sqlite3_file_control(sql->db, "main", which, &file);
    if (file != NULL && file->pMethods != NULL)
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &value);
    return value;
}

int sql_refused(struct sql *sql)
{
    int number = errno_of(sql, SQLITE_FCNTL_JOURNAL_POINTER);

    return number != 0 ? number : errno_of(sql, SQLITE_FCNTL_FILE_POINTER);
}

/* A write that failed for want of room leaves nothing behind; after a sync that failed nobody knows
 * what is there. */
static bool is_want_of_room(int extended, int cause)
{
    switch (extended) {
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_TRUNCATE:
    case SQLITE_IOERR_SHMSIZE:
        return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
    default:
        return (extended & 0xff) == SQLITE_FULL;
    }
}

static const char *call_of(int extended)
{
    switch (extended) {
    case SQLITE_IOERR_READ:
    case SQLITE_IOERR_CORRUPTFS:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:
        return "read";
    case SQLITE_IOERR_WRITE:
    case SQLITE_READONLY:
        return "write";
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC:
        return "sync";
    default:
        return (extended & 0xff) == SQLITE_CANTOPEN ? "open" : "use";
    }
}

/* How the name of the file ends that an error is about. */
static const char *end_of(struct sql *sql, int extended, int cause)
{
    switch (extended) {
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMMAP:
    case SQLITE_IOERR_SHMLOCK:
        return "-shm";
    default:
        return errno_of(sql, SQLITE_FCNTL_FILE_POINTER) != cause &&
                       errno_of(sql, SQLITE_FCNTL_JOURNAL_POINTER) == cause
                   ? "-wal"
                   : "";
    }
}

/* errno where SQLite has none: of a commit; of a file that may not be written, which it opens to be
 * read without a word; and of pages that could not be read, from which it concludes that the file
 * is damaged, or has no tables. Want of room says nothing of what is read. */
static int why(struct sql *sql, int extended, const char *path)
{
    int number = sql_refused(sql);

    switch (extended & 0xff) {
    case SQLITE_FULL:
        return ENOSPC;
    case SQLITE_READONLY:
        return access(path, W_OK) != 0 ? errno : 0;
    case SQLITE_IOERR:
        return number;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:
        return number == ENOSPC || number == EDQUOT || number == EFBIG ? 0 : number;
    default:
        return 0;
    }
}

static int fail_by_system(
    struct sql *sql, const char *path, int extended, int cause, struct error *err)
{
    char name[300];

    if (is_want_of_room(extended, cause))
        return refused_fail(E_LIMIT, "no room on the disk of", path, cause, err);
    snprintf(name, sizeof(name), "%.195s%s", path, end_of(sql, extended, cause));
    return refused_fail(E_SYSTEM, call_of(extended), name, cause, err);
}

int sql_fail(struct sql *sql, struct error *err)
{
    int extended = sqlite3_extended_errcode(sql->db);
    int cause = sqlite3_system_errno(sql->db);
    const char *path = sqlite3_db_filename(sql->db, "main");

    if (path == NULL || path[0] == '\0')
        path = "store";
    if ((extended & 0xff) == SQLITE_BUSY)
        return fail(err, E_TIMEOUT, "another program holds %.200s locked", path);
    if (cause == 0)
        cause = why(sql, extended, path);
    if (cause != 0)
        return fail_by_system(sql, path, extended, cause, err);
    if ((extended & 0xff) == SQLITE_CORRUPT || (extended & 0xff) == SQLITE_NOTADB)
        return fail(err, E_SYSTEM,
            "%.200s is damaged (%.80s): `wireroom store check` tells how far, `wireroom store "
            "export-feeds` saves its feeds",
            path, sqlite3_errmsg(sql->db));
    return fail(err, E_SYSTEM, "%.200s: %s", path, sqlite3_errmsg(sql->db));
}

/* Nobody asks how much memory SQLite has, and to keep count of it takes a lock that all connections
 * share for each piece it takes or gives back. */
static void count_no_memory(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int sql_open(struct sql *sql, const char *path, int flags, struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int code = OK;

    pthread_once(&once, count_no_memory); /* before SQLite does anything */
    memset(sql, 0, sizeof(*sql));
    if (sqlite3_open_v2(path, &sql->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        code = sqlite3_system_errno(sql->db) != 0
                   ? refused_fail(E_SYSTEM, call_of(sqlite3_extended_errcode(sql->db)), path,
                         sqlite3_system_errno(sql->db), err)
                   : fail(err, E_SYSTEM, "open %.200s: %s", path, sqlite3_errmsg(sql->db));
    if (code != OK)
        sql_close(sql);
    else
        sqlite3_extended_result_codes(sql->db, 1);
    if (code == OK)
        sqlite3_busy_timeout(sql->db, SQL_BUSY_MILLISECONDS);
    return code;
}

void sql_close(struct sql *sql)
{
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(sql->statements[i]);
    sqlite3_close(sql->db);
    memset(sql, 0, sizeof(*sql));
}

int sql_exec(struct sql *sql, const char *text, struct error *err)
{
    return sqlite3_exec(sql->db, text, NULL, NULL, NULL) == SQLITE_OK ? OK : sql_fail(sql, err);
}

sqlite3_stmt *sql_use(struct sql *sql, int id, struct error *err)
{
    sqlite3_stmt **stmt = &sql->statements[id];

    if (*stmt != NULL) {
        sqlite3_reset(*stmt);
        return *stmt;
    }
    if (sqlite3_prepare_v3(sql->db, texts[id], -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL) !=
        SQLITE_OK)
        sql_fail(sql, err);
    return *stmt;
}

int sql_row(struct sql *sql, sqlite3_stmt *stmt, struct error *err)
{
    int code;

    switch (sqlite3_step(stmt)) {
    case SQLITE_ROW:
        return 1;
    case SQLITE_DONE:
        sqlite3_reset(stmt);
        return 0;
    default:
        code = sql_fail(sql, err);
        sqlite3_reset(stmt);
        return code;
    }
}

static struct sql_value read_value(sqlite3_stmt *stmt, int column, struct arena *arena)
{
    int type = sqlite3_column_type(stmt, column);

    if (type == SQLITE_INTEGER)
        return (struct sql_value){.number = sqlite3_column_int64(stmt, column)};
    if (type == SQLITE_NULL || arena == NULL)
        return (struct sql_value){0};
    return (struct sql_value){.bytes = bytes_copy(arena, sql_blob(stmt, column))};
}

int sql_one(struct sql *sql, sqlite3_stmt *stmt, struct arena *arena, struct sql_value *ret_values,
    size_t count, struct error *err)
{
    int code = sql_row(sql, stmt, err);

    for (size_t i = 0; code > 0 && i < count; i++)
        ret_values[i] = read_value(stmt, (int)i, arena);
    sqlite3_reset(stmt);
    return code;
}

const char *sql_busy(struct sql *sql)
{
    sqlite3_stmt *stmt = NULL;

    while ((stmt = sqlite3_next_stmt(sql->db, stmt)) != NULL)
        if (sqlite3_stmt_busy(stmt))
            return sqlite3_sql(stmt);
    return NULL;
}

int sql_run(struct sql *sql, sqlite3_stmt *stmt, struct error *err)
{
    int code;

    while ((code = sql_row(sql, stmt, err)) > 0)
        continue;
    return code;
}

int sql_do(struct sql *sql, int id, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(sql, id, err);

    return stmt == NULL ? sql_fail(sql, err) : sql_run(sql, stmt, err);
}

int64_t sql_changes(struct sql *sql)
{
    return sqlite3_changes64(sql->db);
}

void sql_bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
    if (text == NULL)
        sqlite3_bind_null(stmt, at);
    else
        sqlite3_bind_text(stmt, at, text, -1, SQLITE_STATIC);
}

void sql_bind_blob(sqlite3_stmt *stmt, int at, struct bytes blob)
{
    sqlite3_bind_blob64(stmt, at, blob.len == 0 ? "" : blob.ptr, blob.len, SQLITE_STATIC);
}

struct bytes sql_blob(sqlite3_stmt *stmt, int column)
{
    const char *ptr = sqlite3_column_blob(stmt, column);

    return (struct bytes){ptr, (size_t)sqlite3_column_bytes(stmt, column)};
}

const char *sql_text(sqlite3_stmt *stmt, int column)
{
    return (const char *)sqlite3_column_text(stmt, column);
}
