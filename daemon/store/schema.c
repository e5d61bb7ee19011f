/* schema.c - tables, pragmas, versions, and the lock that keeps a second daemon out. */
#include "store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "store/migrate.h"
#include "store/refused.h"

/* auto_vacuum must be set before the first table. The log's pages are given back in small steps by
 * store_trim(). */
static const char before_tables[] = "PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL;";

/* What a commit has acknowledged survives a power cut (FULL; NORMAL loses it). wal.c empties the
 * write-ahead log. */
static const char pragmas[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;"
    "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;";

/* What changes here changes in the last step of migrate.c, too. */
static const char tables[] =
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE feed (id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL UNIQUE, title TEXT,"
    " tags TEXT, origin TEXT, etag TEXT, last_modified TEXT, body_hash INTEGER, next_poll INTEGER,"
    " interval INTEGER, state INTEGER, state_since INTEGER, last_success INTEGER, last_new INTEGER,"
    " failures INTEGER, http_status INTEGER, error TEXT, asked INTEGER, skip INTEGER,"
    " distrusted INTEGER, validated TEXT, not_before INTEGER, link TEXT);"
    /* struct seen_item of admit.h, one after the other, for each feed that had a complete answer */
    "CREATE TABLE seen (feed INTEGER PRIMARY KEY, count INTEGER NOT NULL, items BLOB NOT NULL);"
    /* id: identity_key() of its address, or of feed and guid; version: given out, published:
       committed; teller: the feed that brought the newest version; site: whose it is, 0 for
       unknown; by_owner: the teller is a feed of that site; way: how its
       newest version that ended did (why.h); earlier: struct article of private.h. Rows lie in the
       order they come, and not by id, which is a hash: those of one group share their pages, when
       they come and when they are published.
     */
    "CREATE TABLE article (id INTEGER NOT NULL, uuid BLOB NOT NULL, version INTEGER NOT NULL,"
    " published INTEGER NOT NULL, content INTEGER NOT NULL, first_seen INTEGER NOT NULL,"
    " touched INTEGER NOT NULL, sequence INTEGER NOT NULL, title TEXT, seen_in BLOB,"
    " teller INTEGER NOT NULL, site INTEGER NOT NULL DEFAULT 0,"
    " by_owner INTEGER NOT NULL DEFAULT 0, told BLOB, way BLOB,"
    " updated INTEGER NOT NULL DEFAULT 0, earlier BLOB);"
    "CREATE UNIQUE INDEX article_id ON article (id);"
    /* further addresses of an article */
    "CREATE TABLE alias (key INTEGER PRIMARY KEY, article INTEGER NOT NULL);"
    /* host: store_host() of the entry's page; cause: not null when quarantined */
    "CREATE TABLE pending (id INTEGER PRIMARY KEY, article INTEGER NOT NULL, version INTEGER NOT "
    "NULL,"
    " feed INTEGER NOT NULL, host INTEGER NOT NULL, at INTEGER NOT NULL, cause TEXT,"
    " record BLOB NOT NULL);"
    "CREATE INDEX pending_article ON pending (article, version);"
    "CREATE INDEX pending_quarantined ON pending (id) WHERE cause IS NOT NULL;"
    "CREATE TABLE topic (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last INTEGER NOT NULL);"
    /* subject: hash64() of the event's subject; recorded: by the store's own time (age.c); feed: of
       the entry, 0 for none; weight.c has the sums of the bodies' lengths */
    "CREATE TABLE event (sequence INTEGER PRIMARY KEY, topic INTEGER NOT NULL,"
    " subject INTEGER NOT NULL, recorded INTEGER NOT NULL, feed INTEGER NOT NULL DEFAULT 0,"
    " body BLOB NOT NULL);"
    "CREATE INDEX event_subject ON event (subject);"
    /* further topics of events, and the sequence before in each; their own is the event's */
    "CREATE TABLE event_topic (sequence INTEGER NOT NULL, topic INTEGER NOT NULL,"
    " previous INTEGER NOT NULL, PRIMARY KEY (sequence, topic)) WITHOUT ROWID;"
    /* the newest event of each story; subject: as the event's; state: as it tells, '' when the
       story is one no longer; the counters "stories.STATE" say how many there are */
    "CREATE TABLE story (subject INTEGER PRIMARY KEY, sequence INTEGER NOT NULL,"
    " state TEXT NOT NULL DEFAULT '');"
    "CREATE INDEX story_sequence ON story (sequence);"
    /* who reads the log under a name; acked: it is done with all up to there; heard: wall;
       unused: microseconds that nobody has come by its name */
    "CREATE TABLE consumer (name TEXT PRIMARY KEY, filter TEXT NOT NULL, acked INTEGER NOT NULL,"
    " hold INTEGER NOT NULL, since INTEGER NOT NULL, heard INTEGER NOT NULL,"
    " unused INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE event_weight (feed INTEGER PRIMARY KEY, bytes INTEGER NOT NULL);"
    /* feeds that answer by a permanent redirect; addresses given up for another */
    "CREATE TABLE moving (feed INTEGER PRIMARY KEY, url TEXT NOT NULL, count INTEGER NOT NULL,"
    " first INTEGER NOT NULL, last INTEGER NOT NULL, before INTEGER NOT NULL,"
    " common INTEGER NOT NULL);"
    "CREATE TABLE moved (url TEXT PRIMARY KEY, target TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE snapshot (stage TEXT NOT NULL, number INTEGER NOT NULL,"
    " sequence INTEGER NOT NULL, saved BLOB NOT NULL, PRIMARY KEY (stage, number));"
    /* text: lines "line<TAB>column<TAB>what is wrong" of the feeds whose last document had any */
    "CREATE TABLE diagnosis (feed INTEGER PRIMARY KEY, since INTEGER NOT NULL, text TEXT NOT NULL);"
    /* polls: struct store_polled of store.h, one after the other, the oldest first */
    "CREATE TABLE history (feed INTEGER PRIMARY KEY, polls BLOB NOT NULL);"
    /* model: struct cadence of poll/cadence.h behind its version */
    "CREATE TABLE cadence (feed INTEGER PRIMARY KEY, model BLOB NOT NULL);"
    /* websub.c: what is agreed with hubs; feed 0: to be given up */
    "CREATE TABLE push (token TEXT PRIMARY KEY, feed INTEGER NOT NULL, hubs TEXT NOT NULL,"
    " topic TEXT NOT NULL, secret TEXT NOT NULL, callback TEXT NOT NULL,"
    " lease_until INTEGER NOT NULL, next_try INTEGER NOT NULL, failures INTEGER NOT NULL,"
    " last_push INTEGER NOT NULL) WITHOUT ROWID;"
    /* recheck/: articles whose page could not be had; subject: subject_key() of the article's uri;
       host: store_host(); record: the entry as it was pending */
    "CREATE TABLE recheck (subject INTEGER PRIMARY KEY, article INTEGER NOT NULL,"
    " feed INTEGER NOT NULL, host INTEGER NOT NULL, since INTEGER NOT NULL, due INTEGER NOT NULL,"
    " tries INTEGER NOT NULL, record BLOB NOT NULL);"
    "CREATE INDEX recheck_feed ON recheck (feed);"
    /* feeds that were removed: their numbers, and what the tables keep under these, come back with
       the address */
    "CREATE TABLE removed (url TEXT PRIMARY KEY, feed INTEGER NOT NULL, at INTEGER NOT NULL,"
    " last_success INTEGER NOT NULL) WITHOUT ROWID;"
    /* of each host: how many articles taught it, whether there is anything in its list, the day of
       the last; familiar_list() and the model of text/familiar.c */
    "CREATE TABLE familiar (host INTEGER PRIMARY KEY, articles INTEGER NOT NULL,"
    " useful INTEGER NOT NULL, at INTEGER NOT NULL, list BLOB NOT NULL, model BLOB NOT NULL);"
    "CREATE INDEX familiar_order ON familiar (useful, at);"
    "CREATE TABLE counter (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value INTEGER NOT "
    "NULL);";

int schema_lock(const char *path, int *ret_fd, struct error *err)
{
    char name[4096];
    struct stat st;
    int fd, code;

    if (snprintf(name, sizeof(name), "%s.lock", path) >= (int)sizeof(name))
        return fail(err, E_LIMIT, "store: path is too long: %.80s...", path);
    fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return refused_fail(E_SYSTEM, "open", name, errno, err);
    /* Made by root for a daemon that is not. */
    if (geteuid() == 0 && stat(path, &st) == 0 && fchown(fd, st.st_uid, st.st_gid) != 0)
        log_debug("store lock stays root's: %s", strerror(errno));
    code = lock_take(fd);
    if (code == 0) {
        *ret_fd = fd;
        return OK;
    }
    close(fd);
    return code == EWOULDBLOCK ? fail(err, E_REFUSED, "store %s is in use by another daemon", path)
                               : fail(err, E_SYSTEM, "store: lock %s: %s", name, strerror(code));
}

static int read_pragma(struct sql *sql, const char *text, int64_t *ret_value, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    int code = OK;

    if (sqlite3_prepare_v2(sql->db, text, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW)
        code = sql_fail(sql, err);
    else
        *ret_value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return code;
}

static int refuse(const char *path, int64_t version, struct error *err)
{
    if (version > SCHEMA_VERSION)
        return fail(err, E_FORMAT,
            "store: %s was written by a newer wireroom (schema %" PRId64 ", this one knows %d): "
            "install that one, or take its feeds along with `wireroom store export-feeds` and "
            "begin with another store.path",
            path, version, SCHEMA_VERSION);
    return fail(err, E_FORMAT,
        "store: %s was written by an older wireroom (schema %" PRId64
        ", this one brings up %d and later): take its feeds along with `wireroom store "
        "export-feeds` and begin with another store.path",
        path, version, SCHEMA_OLDEST);
}

int schema_look(
    struct sql *sql, const char *path, bool *ret_empty, int64_t *ret_version, struct error *err)
{
    int64_t application = 0;
    int64_t version = 0;
    int64_t count = 0;

    if (read_pragma(sql, "SELECT count(*) FROM sqlite_schema", &count, err) != OK) {
        if ((sqlite3_errcode(sql->db) & 0xff) == SQLITE_NOTADB && sql_refused(sql) == 0)
            return fail(err, E_FORMAT, "store: %s is not a database", path);
        return err->code;
    }
    if (read_pragma(sql, "PRAGMA application_id", &application, err) != OK ||
        read_pragma(sql, "PRAGMA user_version", &version, err) != OK)
        return err->code;
    *ret_empty = count == 0 && version == 0;
    if (*ret_empty)
        return OK;
    if (application != STORE_APPLICATION)
        return fail(err, E_FORMAT, "store: %s is a database of another program", path);
    *ret_version = version;
    return OK;
}

static int new_epoch(struct sql *sql, struct error *err)
{
    unsigned char random[16];
    char text[EPOCH_TEXT];
    sqlite3_stmt *stmt = sql_use(sql, SQL_META_SET, err);

    if (stmt == NULL)
        return err->code;
    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return fail(err, E_SYSTEM, "getrandom: %s", strerror(errno));
    for (size_t i = 0; i < sizeof(random); i++)
        snprintf(text + 2 * i, 3, "%02x", random[i]);
    sql_bind_text(stmt, 1, "epoch");
    sql_bind_text(stmt, 2, text);
    return sql_run(sql, stmt, err);
}

static int make_tables(struct sql *sql, struct error *err)
{
    char versions[100];
    int code;

    snprintf(versions, sizeof(versions), "PRAGMA application_id = %d; PRAGMA user_version = %d;",
        STORE_APPLICATION, SCHEMA_VERSION);
    if ((code = sql_do(sql, SQL_BEGIN, err)) != OK || (code = sql_exec(sql, tables, err)) != OK ||
        (code = new_epoch(sql, err)) != OK || (code = sql_exec(sql, versions, err)) != OK)
        return code;
    return sql_do(sql, SQL_COMMIT, err);
}

int schema_epoch(struct sql *sql, char ret_epoch[EPOCH_TEXT], struct error *err)
{
    sqlite3_stmt *stmt = sql_use(sql, SQL_META_GET, err);
    const char *text;
    int code;

    if (stmt == NULL)
        return err->code;
    sql_bind_text(stmt, 1, "epoch");
    code = sql_row(sql, stmt, err);
    text = code > 0 ? sql_text(stmt, 0) : NULL;
    if (code >= 0 && (text == NULL || strlen(text) != EPOCH_TEXT - 1)) {
        code = fail(err, E_FORMAT, "store: it has no epoch");
    } else if (code > 0) {
        memcpy(ret_epoch, text, EPOCH_TEXT);
        code = OK;
    }
    sqlite3_reset(stmt);
    return code;
}

int schema_renew(struct sql *sql, char ret_epoch[EPOCH_TEXT], struct error *err)
{
    int code = sql_do(sql, SQL_BEGIN, err);

    if (code == OK)
        code = new_epoch(sql, err);
    if (code == OK)
        code = sql_do(sql, SQL_COMMIT, err);
    return code == OK ? schema_epoch(sql, ret_epoch, err) : code;
}

/* Go to where each table and index begins, a page each: damage there is told now and not when it is
 * met. Indices of some rows only need a condition, and are left to `wireroom store check`. */
static int touch_all(struct sql *sql, struct error *err)
{
    static const char each[] =
        "SELECT 'SELECT 1 FROM \"' || tbl_name || CASE type WHEN 'index' THEN"
        " '\" INDEXED BY \"' || name || '\"' ELSE '\" NOT INDEXED' END || ' LIMIT 1'"
        " FROM sqlite_schema WHERE rootpage > 0 AND (sql IS NULL OR sql NOT LIKE '% WHERE %')";
    sqlite3_stmt *stmt = NULL;
    int code = OK;
    int step;

    if (sqlite3_prepare_v2(sql->db, each, -1, &stmt, NULL) != SQLITE_OK)
        return sql_fail(sql, err);
    while (code == OK && (step = sqlite3_step(stmt)) != SQLITE_DONE)
        code = step == SQLITE_ROW ? sql_exec(sql, sql_text(stmt, 0), err) : sql_fail(sql, err);
    sqlite3_finalize(stmt);
    return code;
}

int schema_prepare(struct sql *sql, const char *path, char ret_epoch[EPOCH_TEXT], struct error *err)
{
    int64_t version = SCHEMA_VERSION;
    bool empty = false;
    int code = schema_look(sql, path, &empty, &version, err);

    if (code == OK && (version < SCHEMA_OLDEST || version > SCHEMA_VERSION))
        code = refuse(path, version, err);
    if (code == OK && empty)
        code = sql_exec(sql, before_tables, err);
    if (code == OK)
        code = sql_exec(sql, pragmas, err);
    if (code == OK && empty)
        code = make_tables(sql, err);
    if (code == OK)
        code = schema_migrate(sql, path, version, err);
    if (code == OK)
        code = touch_all(sql, err);
    if (code == OK)
        code = schema_epoch(sql, ret_epoch, err);
    return code;
}
