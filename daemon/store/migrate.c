/* migrate.c - what each schema changed, as statements that make a store of the one before into it.
 *
 * A change of the tables in schema.c comes with the same change here, at the end of the last step:
 * a table is made as there, a column is added with the default that old rows get. When a release is
 * out its steps are closed, SCHEMA_VERSION goes up by one, and a new step begins. test_migrate.c
 * brings a store of each older schema up and compares its tables with those of a new one. */
#include "store/migrate.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/schema.h"

enum { STEPS = SCHEMA_VERSION - SCHEMA_OLDEST };

/* Put more statements at the end, each with what it is for. */
static const char to_7[] =
    /* pending entries that were put aside are found without reading those that wait */
    "CREATE INDEX pending_quarantined ON pending (id) WHERE cause IS NOT NULL;"
    /* whose turn it is among those that wait; 0: of no host, they are a line of their own */
    "ALTER TABLE pending ADD COLUMN host INTEGER NOT NULL DEFAULT 0;"
    /* the address that gave a feed's validators */
    "ALTER TABLE feed ADD COLUMN validated TEXT;"
    /* until when its server wishes to be left alone */
    "ALTER TABLE feed ADD COLUMN not_before INTEGER;"
    /* whose an article is, and whether its site has spoken; 0: nobody knows, any feed revises it */
    "ALTER TABLE article ADD COLUMN site INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE article ADD COLUMN by_owner INTEGER NOT NULL DEFAULT 0;"
    /* of the newest version published (article.c) */
    "ALTER TABLE article ADD COLUMN told BLOB;"
    /* articles whose page could not be had */
    "CREATE TABLE recheck (subject INTEGER PRIMARY KEY, article INTEGER NOT NULL,"
    " feed INTEGER NOT NULL, host INTEGER NOT NULL, since INTEGER NOT NULL, due INTEGER NOT NULL,"
    " tries INTEGER NOT NULL, record BLOB NOT NULL);"
    "CREATE INDEX recheck_feed ON recheck (feed);"
    /* what each feed takes of the log; of older events nobody knows whose they are */
    "ALTER TABLE event ADD COLUMN feed INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE event_weight (feed INTEGER PRIMARY KEY, bytes INTEGER NOT NULL);"
    /* feeds that were removed and may come back */
    "CREATE TABLE removed (url TEXT PRIMARY KEY, feed INTEGER NOT NULL, at INTEGER NOT NULL,"
    " last_success INTEGER NOT NULL) WITHOUT ROWID;"
    /* the save of a stage may have several parts */
    "ALTER TABLE snapshot RENAME TO snapshot_6;"
    "CREATE TABLE snapshot (stage TEXT NOT NULL, number INTEGER NOT NULL,"
    " sequence INTEGER NOT NULL, saved BLOB NOT NULL, PRIMARY KEY (stage, number));"
    "INSERT INTO snapshot SELECT stage, 1, sequence, saved FROM snapshot_6;"
    "DROP TABLE snapshot_6;"
    /* further topics of events; those that are there have one */
    "CREATE TABLE event_topic (sequence INTEGER NOT NULL, topic INTEGER NOT NULL,"
    " previous INTEGER NOT NULL, PRIMARY KEY (sequence, topic)) WITHOUT ROWID;"
    /* the newest event of each story; there was none */
    "CREATE TABLE story (subject INTEGER PRIMARY KEY, sequence INTEGER NOT NULL);"
    "CREATE INDEX story_sequence ON story (sequence);"
    /* who reads the log under a name; there was nobody */
    "CREATE TABLE consumer (name TEXT PRIMARY KEY, filter TEXT NOT NULL, acked INTEGER NOT NULL,"
    " hold INTEGER NOT NULL, since INTEGER NOT NULL, heard INTEGER NOT NULL,"
    " unused INTEGER NOT NULL) WITHOUT ROWID;"
    /* lines that the articles of each host have in common */
    "CREATE TABLE familiar (host INTEGER PRIMARY KEY, articles INTEGER NOT NULL,"
    " useful INTEGER NOT NULL, at INTEGER NOT NULL, list BLOB NOT NULL, model BLOB NOT NULL);"
    "CREATE INDEX familiar_order ON familiar (useful, at);";

/* More than once a number stood for stores without these and, some commits later, for stores with
 * them: they are added where they are not there. */
static const struct {
    int64_t from;
    const char *table, *name, *definition;
} columns[] = {
    /* the page that a list names beside a feed */
    {7, "feed", "link", "TEXT"},
    /* how the newest version of an article ended; of older ones it is not known */
    {7, "article", "way", "BLOB"},
    /* when the newest version was written */
    {8, "article", "updated", "INTEGER NOT NULL DEFAULT 0"},
    /* in which state each story is */
    {8, "story", "state", "TEXT NOT NULL DEFAULT ''"},
};

static const char to_9[] =
    /* and how many are */
    "UPDATE story SET state = coalesce((SELECT json_extract(CAST(e.body AS TEXT), '$.data.state')"
    " FROM event e JOIN topic t ON t.id = e.topic WHERE e.sequence = story.sequence"
    " AND t.name NOT LIKE 'all/story.merged/%' AND json_valid(CAST(e.body AS TEXT))), '');"
    "INSERT OR REPLACE INTO counter (name, value) SELECT 'stories.' || state, count(*) FROM story"
    " WHERE state <> '' GROUP BY state;";

static const char to_10[] =
    /* articles lie in the order they come */
    "ALTER TABLE article RENAME TO article_9;"
    "CREATE TABLE article (id INTEGER NOT NULL, uuid BLOB NOT NULL, version INTEGER NOT NULL,"
    " published INTEGER NOT NULL, content INTEGER NOT NULL, first_seen INTEGER NOT NULL,"
    " touched INTEGER NOT NULL, sequence INTEGER NOT NULL, title TEXT, seen_in BLOB,"
    " teller INTEGER NOT NULL, site INTEGER NOT NULL DEFAULT 0,"
    " by_owner INTEGER NOT NULL DEFAULT 0, told BLOB, way BLOB,"
    " updated INTEGER NOT NULL DEFAULT 0, earlier BLOB);"
    "INSERT INTO article (id, uuid, version, published, content, first_seen, touched, sequence,"
    " title, seen_in, teller, site, by_owner, told, way, updated) SELECT id, uuid, version,"
    " published, content, first_seen, touched, sequence, title, seen_in, teller, site, by_owner,"
    " told, way, updated FROM article_9;"
    "DROP TABLE article_9;"
    "CREATE UNIQUE INDEX article_id ON article (id);";

/* [n]: from schema SCHEMA_OLDEST + n to the next, once its columns are there. */
static const char *const steps[STEPS] = {
    [6 - SCHEMA_OLDEST] = to_7,
    [7 - SCHEMA_OLDEST] = "",
    [8 - SCHEMA_OLDEST] = to_9,
    [9 - SCHEMA_OLDEST] = to_10,
};

static int add_columns(struct sql *sql, int64_t from, struct error *err)
{
    char text[200];
    int code = OK;

    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]) && code == OK; i++) {
        if (columns[i].from != from ||
            sqlite3_table_column_metadata(sql->db, NULL, columns[i].table, columns[i].name, NULL,
                NULL, NULL, NULL, NULL) == SQLITE_OK)
            continue;
        snprintf(text, sizeof(text), "ALTER TABLE %s ADD COLUMN %s %s;", columns[i].table,
            columns[i].name, columns[i].definition);
        code = sql_exec(sql, text, err);
    }
    return code;
}

static int run_step(struct sql *sql, int64_t from, struct error *err)
{
    char version[64];
    int code;

    snprintf(version, sizeof(version), "PRAGMA user_version = %" PRId64 ";", from + 1);
    if ((code = sql_do(sql, SQL_BEGIN, err)) == OK && (code = add_columns(sql, from, err)) == OK &&
        (code = sql_exec(sql, steps[from - SCHEMA_OLDEST], err)) == OK &&
        (code = sql_exec(sql, version, err)) == OK)
        code = sql_do(sql, SQL_COMMIT, err);
    if (code != OK && !sqlite3_get_autocommit(sql->db))
        sql_do(sql, SQL_ROLLBACK, NULL);
    return code;
}

int schema_migrate(struct sql *sql, const char *path, int64_t from, struct error *err)
{
    for (int64_t at = from; at < SCHEMA_VERSION; at++) {
        int64_t began = clock_mono();

        if (run_step(sql, at, err) != OK)
            return fail_in(err, "store: from schema %" PRId64 " to %" PRId64, at, at + 1);
        log_info("store migrated: path=%s from=%" PRId64 " to=%" PRId64 " ms=%" PRId64, path, at,
            at + 1, (clock_mono() - began) / 1000);
    }
    return OK;
}
