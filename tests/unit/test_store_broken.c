/* test_store_broken.c - a file that lost a table: every call that reads says so and goes on, for
 * callers that want the reason and for those that do not. */
#include <sqlite3.h>

#include "store_fixture.h"

/* As another program, or a disk, might have done it. */
static void lose(const struct fixture *f, const char *table)
{
    char text[80];
    sqlite3 *db = NULL;

    snprintf(text, sizeof(text), "DROP TABLE %s", table);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_busy_timeout(db, 10000), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int never(void *ctx);
static void on_diagnosed(void *ctx, int64_t feed);

/* The first call still has the tables in mind and fails on its way, all further ones before it. */
static void lose_all(struct fixture *f)
{
    static const char *const tables[] = {"topic", "article", "counter", "pending", "snapshot",
        "feed", "diagnosis", "history", "cadence", "moving", "moved", "push"};

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        lose(f, tables[i]);
    assert_int_equal(store_diagnosed(f->store, on_diagnosed, NULL, NULL), E_SYSTEM);
}

static int never(void *ctx)
{
    (void)ctx;
    fail_msg("there was nothing to call with");
    return 0;
}

static int on_event(void *ctx, const struct committed *event)
{
    (void)event;
    return never(ctx);
}

static int on_topic(void *ctx, const char *topic, uint64_t sequence)
{
    (void)topic, (void)sequence;
    return never(ctx);
}

static void on_waiting(void *ctx, const struct store_waiting *row)
{
    (void)row;
    never(ctx);
}

static int on_quarantined(void *ctx, const struct quarantined *entry)
{
    (void)entry;
    return never(ctx);
}

static int on_feed(void *ctx, const struct store_feed *feed)
{
    (void)feed;
    return never(ctx);
}

static void on_diagnosed(void *ctx, int64_t feed)
{
    (void)feed;
    never(ctx);
}

static void on_cadence(void *ctx, int64_t feed, struct bytes model)
{
    (void)feed, (void)model;
    never(ctx);
}

static void on_moving(void *ctx, const struct store_moving *moving)
{
    (void)moving;
    never(ctx);
}

static void on_moved(void *ctx, const char *from, const char *to)
{
    (void)from, (void)to;
    never(ctx);
}

static void on_push(void *ctx, const struct store_hub *push)
{
    (void)push;
    never(ctx);
}

/* A call without its last argument. */
#define SAYS_SO(f, call, ...)                                                                      \
    do {                                                                                           \
        (f)->err = (struct error){0};                                                              \
        assert_int_equal(call(__VA_ARGS__, &(f)->err), E_SYSTEM);                                  \
        assert_non_null(strstr((f)->err.text, "no such table"));                                   \
        assert_int_equal(call(__VA_ARGS__, NULL), E_SYSTEM);                                       \
    } while (0)

static void a_lost_table_of_the_log_is_told_of(void **state)
{
    struct fixture *f = *state;
    struct admitted pending;
    struct buf buf = {0};
    struct bytes saved;
    uint64_t sequence;
    uint64_t number = 0;

    lose_all(f);
    SAYS_SO(f, store_topics, f->store, on_topic, NULL);
    SAYS_SO(f, store_events, f->store, 0, 10, on_event, NULL);
    SAYS_SO(f, store_article, f->store, "urn:uuid:1", 0, 9, on_event, NULL);
    SAYS_SO(f, store_article, f->store, "https://example.org/1", 0, 9, on_event, NULL);
    SAYS_SO(f, store_counters, f->store, on_topic, NULL);
    SAYS_SO(f, store_waiting, f->store, on_waiting, NULL);
    SAYS_SO(f, store_pending_get, f->store, 1, &buf, &pending);
    SAYS_SO(f, store_pending_between, f->store, 1, 0, 2, &buf, &pending);
    SAYS_SO(f, store_quarantined, f->store, 0, 10, on_quarantined, NULL);
    SAYS_SO(f, store_snapshot_next, f->store, f->arena, "neardup", &number, &sequence, &saved);
}

static void a_lost_table_of_the_feeds_is_told_of(void **state)
{
    struct fixture *f = *state;
    struct store_feed feed = {.url = "https://example.org/feed", .title = "Feed"};
    struct store_polled polls[STORE_HISTORY];
    struct store_diagnosis diagnosis;
    size_t count;
    bool added;
    int64_t id;

    lose_all(f);
    SAYS_SO(f, store_feeds, f->store, on_feed, NULL);
    SAYS_SO(f, store_feed_put, f->store, &feed, &id, &added);
    SAYS_SO(f, store_diagnosis, f->store, f->arena, 1, &diagnosis);
    SAYS_SO(f, store_diagnosed, f->store, on_diagnosed, NULL);
    SAYS_SO(f, store_history, f->store, 1, polls, &count);
    SAYS_SO(f, store_cadences, f->store, on_cadence, NULL);
    SAYS_SO(f, store_movings, f->store, on_moving, NULL);
    SAYS_SO(f, store_moved, f->store, on_moved, NULL);
    SAYS_SO(f, store_hubs, f->store, on_push, NULL);
}

/* Zero the page where a table or an index begins. */
static void zero_root(struct fixture *f, const char *name)
{
    char text[120];
    static const char zeros[4096];
    sqlite3_stmt *stmt = NULL;
    sqlite3 *db = NULL;
    FILE *file;
    long page;

    snprintf(text, sizeof(text), "SELECT rootpage FROM sqlite_schema WHERE name = '%s'", name);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    page = (long)sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    file = fopen(f->path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, (page - 1) * 4096, SEEK_SET), 0);
    assert_int_equal(fwrite(zeros, sizeof(zeros), 1, file), 1);
    fclose(file);
}

/* Also of what is read seldom: the line names the file and the way out. */
static void says_at_its_start_that_a_table_is_damaged(void **state)
{
    static const char *const names[] = {"event", "event_subject", "sqlite_autoindex_snapshot_1",
        "sqlite_autoindex_feed_1", "diagnosis", "meta"};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct store *store;

        fixture_close(f);
        zero_root(f, names[i]);
        assert_int_equal(uv_loop_init(&f->loop), 0);
        if (store_open(&f->loop, &f->conf, &store, &f->err) != E_SYSTEM)
            fail_msg("opened without %s", names[i]);
        assert_non_null(strstr(f->err.text, f->path));
        assert_non_null(strstr(f->err.text, "wireroom store check"));
        assert_int_equal(uv_loop_close(&f->loop), 0);
        fixture_unlink(f);
        fixture_open(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(says_at_its_start_that_a_table_is_damaged),
        STORE_TEST(a_lost_table_of_the_log_is_told_of),
        STORE_TEST(a_lost_table_of_the_feeds_is_told_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
