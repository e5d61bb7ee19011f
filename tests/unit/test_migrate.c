/* test_migrate.c - a store that an older release wrote is opened, goes on where it was, and has the
 * tables of a new one. */
#include <sqlite3.h>

#include "store/migrate.h"
#include "store/schema.h"
#include "store_fixture.h"

enum { OLD_FILE = 1 << 20 };

static void stop(struct fixture *f)
{
    fixture_close(f);
    fixture_unlink(f);
}

/* Make the file anew from the text of a store that a release with this schema wrote. */
static void write_old(struct fixture *f, int schema)
{
    static char text[OLD_FILE];
    sqlite3 *db = NULL;
    char name[200];
    FILE *file;

    snprintf(name, sizeof(name), "%s/store-%d.sql", TEST_DATA, schema);
    file = fopen(name, "r");
    if (file == NULL)
        fail_msg("a store of schema %d is missing: %s", schema, name);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", name, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    f->conf.store.keep = 400LL * 365 * 86400 * SECOND; /* whatever day it is */
}

static void run_sql(const struct fixture *f, const char *text)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", text, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* What a query says of the file, rows and columns one behind the other. */
static char *ask(struct fixture *f, const char *text)
{
    struct buf buf = {.limit = 1 << 20};
    sqlite3_stmt *stmt = NULL;
    sqlite3 *db = NULL;
    char *result;

    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &stmt, NULL), SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            buf_add(&buf, bytes_of((const char *)sqlite3_column_text(stmt, i)));
            buf_add(&buf, bytes_of(i + 1 < sqlite3_column_count(stmt) ? " " : "\n"));
        }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    result = bytes_cstr(f->arena, buf_bytes(&buf));
    buf_done(&buf);
    return result;
}

/* Tables with their columns, and indices with theirs, whatever the order they were added in. */
static char *ask_tables(struct fixture *f)
{
    return ask(f, "SELECT m.type, m.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_schema m,"
                  " pragma_table_xinfo(m.name) c WHERE m.type = 'table'"
                  " UNION ALL SELECT m.type, m.tbl_name, m.name, m.sql, c.seqno, c.name"
                  " FROM sqlite_schema m, pragma_index_info(m.name) c WHERE m.type = 'index'"
                  " ORDER BY 1, 2, 3, 4, 5, 6");
}

static void gives_each_older_store_the_tables_of_a_new_one(void **state)
{
    struct fixture *f = *state;
    char *fresh;

    fixture_close(f);
    fresh = ask_tables(f);
    assert_non_null(strstr(fresh, "table feed url TEXT 1 0"));
    for (int schema = SCHEMA_OLDEST; schema < SCHEMA_VERSION; schema++) {
        fixture_unlink(f);
        write_old(f, schema);
        fixture_open(f);
        fixture_close(f);
        assert_string_equal(ask_tables(f), fresh);
        assert_string_equal(ask(f, "PRAGMA integrity_check"), "ok\n");
        assert_int_equal(atoi(ask(f, "PRAGMA user_version")), SCHEMA_VERSION);
    }
    fixture_open(f);
}

static int remember_feed(void *ctx, const struct store_feed *feed)
{
    char *urls = ctx;

    snprintf(urls + strlen(urls), 200 - strlen(urls), "%d %s %s\n", (int)feed->id, feed->url,
        feed->etag == NULL ? "-" : feed->etag);
    return 0;
}

static int count_quarantined(void *ctx, const struct quarantined *entry)
{
    assert_string_equal(entry->cause, "it killed two workers");
    ++*(size_t *)ctx;
    return 0;
}

static void goes_on_with_sequence_identities_and_what_waits(void **state)
{
    static const struct item items[] = {
        {"g5", "https://example.org/5", "Tram line is late", "Body 5", "2026-03-14T09:50:00Z"},
        {"g4", "https://example.org/4", "Ferry back in service", "Body 4", "2026-03-14T09:40:00Z"},
        {"g3", "https://example.org/3", "Council votes on the bridge", "Body 3",
            "2026-03-14T09:30:00Z"},
        {"g1", "https://example.org/1", "Harbour closed", "Body 1", "2026-03-14T09:10:00Z"},
    };
    struct fixture *f = *state;
    char urls[200] = "";
    size_t quarantined = 0;

    stop(f);
    write_old(f, 6);
    fixture_open(f);
    assert_string_equal(store_epoch(f->store), "f741ddb5824e0548cfd919bd3869d25f");
    assert_int_equal(store_log_state(f->store).first, 1);
    assert_int_equal(store_log_state(f->store).head, 3);
    assert_int_equal(store_feeds(f->store, remember_feed, urls, &f->err), OK);
    assert_string_equal(
        urls, "1 https://example.org/feed \"v1\"\n2 https://example.net/feed \"v1\"\n");
    assert_int_equal(fixture_pending_count(f), 1);
    assert_int_equal(
        store_quarantined(f->store, 0, 10, count_quarantined, &quarantined, &f->err), OK);
    assert_int_equal(quarantined, 1);
    fixture_admit(f, 1, items, 4, false);
    assert_int_equal(f->admitted_count, 1); /* the other three are known */
    fixture_publish(f);
    assert_int_equal(f->sequences[0], 4);
    assert_non_null(strstr(f->last_body, "\"prevsequence\":\"00000000000000000003\""));
    assert_int_equal(fixture_counter(f, "entries.known"), 3);
    assert_int_equal(fixture_feed(f, "https://example.com/feed"), 3);
}

static int count_topics(void *ctx, const struct committed *event)
{
    *(size_t *)ctx += 1 + event->further_count;
    return 0;
}

static void events_get_further_topics_and_those_that_are_there_keep_theirs(void **state)
{
    static const char *const further[] = {"sport/article.new/en/", NULL};
    struct fixture *f = *state;
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .further = further,
        .subject = "urn:x",
        .time = clock_wall(),
        .data = LIT("{}")};
    size_t count = 0;

    stop(f);
    write_old(f, 6);
    fixture_open(f);
    assert_int_equal(store_events(f->store, 0, 10, count_topics, &count, &f->err), OK);
    assert_int_equal(count, 3);
    store_commit(f->store, &event, fixture_on_committed, f);
    fixture_wait(f, 1);
    assert_int_equal(f->sequences[0], 4);
    assert_non_null(strstr(f->last_body, "\"prevsequence\":\"00000000000000000003\""));
    assert_int_equal(store_events(f->store, 0, 10, count_topics, &count, &f->err), OK);
    assert_int_equal(count, 3 + 5);
}

/* As their events tell, but for those that are none any more. */
static void stories_that_are_there_are_counted_by_their_states(void **state)
{
    struct fixture *f = *state;

    stop(f);
    write_old(f, 7);
    run_sql(f, "INSERT INTO topic (id, name, last) VALUES (90, 'all/story.new/en/', 92),"
               " (91, 'all/story.merged/en/', 93);"
               "INSERT INTO event (sequence, topic, subject, recorded, body) VALUES"
               " (90, 90, 1, 1, '{\"data\":{\"state\":\"new\"}}'),"
               " (91, 90, 2, 1, '{\"data\":{\"state\":\"new\"}}'), (92, 90, 3, 1, 'broken'),"
               " (93, 91, 4, 1, '{\"data\":{\"state\":\"new\"}}');"
               "INSERT INTO story (subject, sequence) VALUES (1, 90), (2, 91), (3, 92), (4, 93);");
    fixture_open(f);
    assert_int_equal(fixture_counter(f, "stories.new"), 2);
}

/* Each as it was, in a place of its own, and found by its id: what is seen again is no news. */
static void articles_lie_in_another_order_and_are_the_same(void **state)
{
    static const char columns[] =
        "SELECT id, hex(uuid), version, published, content, first_seen, touched, sequence,"
        " hex(title), hex(seen_in), teller, site, by_owner, hex(coalesce(told, '')),"
        " hex(coalesce(way, '')), updated FROM article ORDER BY id";
    static const struct item items[] = {
        {"g3", "https://example.org/3", "Council votes on the bridge", "Body 3",
            "2026-03-14T09:30:00Z"},
        {"g1", "https://example.org/1", "Harbour closed", "Body 1", "2026-03-14T09:10:00Z"},
    };
    struct fixture *f = *state;
    char *before;

    stop(f);
    write_old(f, 9);
    run_sql(f, "UPDATE article SET told = x'0102', way = x'31', updated = 7, by_owner = 1, site = 5"
               " WHERE id > 3000000000000000000");
    before = ask(f, columns);
    assert_int_not_equal(atoi(ask(f, "SELECT count(*) FROM article")), 0);
    fixture_open(f);
    fixture_close(f);
    assert_string_equal(ask(f, columns), before);
    assert_string_equal(ask(f, "SELECT max(rowid) = count(*) FROM article"), "1\n");
    fixture_open(f);
    fixture_admit(f, 1, items, 2, false);
    assert_int_equal(f->admitted_count, 0);
}

/* Numbers of schemas that stood for two kinds of stores: with these columns and without. */
static void columns_that_are_there_already_are_not_added(void **state)
{
    static const struct {
        int schema;
        const char *columns;
    } kinds[] = {
        {7, "ALTER TABLE feed ADD COLUMN link TEXT;"},
        {7, "ALTER TABLE feed ADD COLUMN link TEXT; ALTER TABLE article ADD COLUMN way BLOB;"},
        {7, "ALTER TABLE story ADD COLUMN state TEXT NOT NULL DEFAULT '';"},
        {8, "ALTER TABLE story ADD COLUMN state TEXT NOT NULL DEFAULT '';"
            "INSERT INTO counter (name, value) VALUES ('stories.new', 1);"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        stop(f);
        write_old(f, kinds[i].schema);
        run_sql(f, kinds[i].columns);
        fixture_open(f);
        assert_int_equal(store_log_state(f->store).head, 3);
    }
}

/* A step that cannot end leaves the store as it was, to be opened by either release. */
static void leaves_a_store_as_it_was_when_a_step_fails(void **state)
{
    struct fixture *f = *state;
    struct store *store;
    char *before;

    stop(f);
    write_old(f, 6);
    run_sql(f, "CREATE INDEX pending_quarantined ON pending (at);");
    before = ask(f, "SELECT name, sql FROM sqlite_schema ORDER BY name");
    assert_int_equal(uv_loop_init(&f->loop), 0);
    assert_int_equal(store_open(&f->loop, &f->conf, &store, &f->err), E_SYSTEM);
    assert_non_null(strstr(f->err.text, f->path));
    assert_non_null(strstr(f->err.text, "from schema 6 to 7"));
    assert_int_equal(uv_loop_close(&f->loop), 0);
    assert_string_equal(ask(f, "PRAGMA user_version"), "6\n");
    assert_string_equal(ask(f, "SELECT name, sql FROM sqlite_schema ORDER BY name"), before);
    run_sql(f, "DROP INDEX pending_quarantined;");
    fixture_open(f);
    assert_int_equal(store_log_state(f->store).head, 3);
}

static void says_what_to_do_with_a_store_that_is_too_old_or_too_new(void **state)
{
    struct fixture *f = *state;
    struct store *store;

    stop(f);
    write_old(f, 6);
    run_sql(f, "PRAGMA user_version = 5");
    assert_int_equal(uv_loop_init(&f->loop), 0);
    assert_int_equal(store_open(&f->loop, &f->conf, &store, &f->err), E_FORMAT);
    assert_non_null(strstr(f->err.text, "older wireroom (schema 5, this one brings up 6"));
    assert_non_null(strstr(f->err.text, "export-feeds"));
    run_sql(f, "PRAGMA user_version = 999");
    assert_int_equal(store_open(&f->loop, &f->conf, &store, &f->err), E_FORMAT);
    assert_non_null(strstr(f->err.text, "newer wireroom (schema 999, this one knows"));
    assert_string_equal(ask(f, "PRAGMA user_version"), "999\n");
    assert_int_equal(uv_loop_close(&f->loop), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(gives_each_older_store_the_tables_of_a_new_one),
        STORE_TEST(goes_on_with_sequence_identities_and_what_waits),
        STORE_TEST(events_get_further_topics_and_those_that_are_there_keep_theirs),
        STORE_TEST(stories_that_are_there_are_counted_by_their_states),
        STORE_TEST(articles_lie_in_another_order_and_are_the_same),
        STORE_TEST(columns_that_are_there_already_are_not_added),
        STORE_TEST(leaves_a_store_as_it_was_when_a_step_fails),
        STORE_TEST(says_what_to_do_with_a_store_that_is_too_old_or_too_new),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
