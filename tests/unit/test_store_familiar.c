/* test_store_familiar.c - what an article's lines teach is committed with it, for so many hosts. */
#include <sqlite3.h>

#include "store_fixture.h"
#include "text/familiar.h"

/* Three lines of its own and one of the site. */
static struct bytes lines_of(struct fixture *f, int64_t article)
{
    struct buf told = {0};
    struct bytes copy;

    for (int64_t i = 0; i < 4; i++) {
        int64_t line = i == 3 ? -1 : article * 10 + i;
        const struct familiar_line one = {
            hash64((struct bytes){(const char *)&line, sizeof(line)}), 200, true};

        familiar_tell(&told, &one);
    }
    copy = bytes_copy(f->arena, buf_bytes(&told));
    buf_done(&told);
    return copy;
}

static void commit(struct fixture *f, int64_t host, int64_t article)
{
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = bytes_format(f->arena, "urn:%lld", (long long)article).ptr,
        .time = clock_wall(),
        .data = LIT("{\"headline\":\"Harbour closed\"}"),
        .host = host,
        .lines = lines_of(f, article)};

    store_commit(f->store, &event, NULL, NULL);
}

static size_t familiar(struct fixture *f, int64_t host)
{
    struct buf list = {0};
    size_t count;

    assert_int_equal(store_sync(f->store, &f->err), OK);
    store_familiar(f->store, host, &list, NULL);
    count = list.len / FAMILIAR_GRADE;
    buf_done(&list);
    return count;
}

static int64_t rows(struct fixture *f)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    int64_t count;

    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT count(*) FROM familiar", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    count = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return count;
}

static void learns_a_host_with_its_articles(void **state)
{
    struct fixture *f = *state;

    for (int64_t n = 1; n <= 2; n++)
        commit(f, 7, n);
    assert_int_equal(familiar(f, 7), 0);
    commit(f, 8, 3);
    assert_int_equal(familiar(f, 7), 0);
    commit(f, 7, 4);
    assert_int_equal(familiar(f, 7), 1);
    assert_int_equal(familiar(f, 8), 0);
    fixture_reopen(f);
    assert_int_equal(familiar(f, 7), 1);
}

static void an_article_that_was_not_committed_teaches_nothing(void **state)
{
    struct fixture *f = *state;
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = "urn:none",
        .pending = 99, /* there is no such row */
        .time = clock_wall(),
        .data = LIT("{}"),
        .host = 7};

    for (int64_t n = 1; n <= 2; n++)
        commit(f, 7, n);
    event.lines = lines_of(f, 3);
    store_commit(f->store, &event, fixture_on_committed, f);
    fixture_wait(f, 1);
    assert_int_equal(f->commit_codes[0], E_NOT_FOUND);
    assert_int_equal(familiar(f, 7), 0);
}

/* And those that are read stay, however many others are made up. */
static void keeps_so_many_hosts_and_no_more(void **state)
{
    enum { MOST = 20, MADE_UP = 200 };
    struct fixture *f = *state;

    fixture_close(f);
    f->conf.store.max_size = (int64_t)MOST * 16 * 8192;
    fixture_open(f);
    for (int64_t n = 0; n < 3 * MOST / 2; n++)
        commit(f, n % (MOST / 2), n);
    for (int64_t n = 0; n < MADE_UP; n++)
        commit(f, 1000 + n, 1000 + n);
    assert_int_equal(rows(f), MOST);
    for (int64_t n = 0; n < MOST / 2; n++)
        assert_int_equal(familiar(f, n), 1);
}

static void after_some_articles_a_part_of_them_is_enough(void **state)
{
    enum { ARTICLES = 400 };
    struct fixture *f = *state;
    sqlite3 *db;
    sqlite3_stmt *stmt;

    for (int64_t n = 0; n < ARTICLES; n++)
        commit(f, 7, n);
    assert_int_equal(familiar(f, 7), 1);
    assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT articles FROM familiar", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_in_range(sqlite3_column_int(stmt, 0), 80, 200);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

static void tells_hosts_apart_by_their_address(void **state)
{
    (void)state;
    assert_int_equal(
        store_host(LIT("https://a.example/1")), store_host(LIT("https://A.Example/2?x")));
    assert_int_not_equal(
        store_host(LIT("https://a.example/1")), store_host(LIT("https://b.example/1")));
    assert_int_not_equal(
        store_host(LIT("http://a.example/")), store_host(LIT("http://a.example:81/")));
    assert_int_equal(store_host(LIT("nothing")), 0);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(learns_a_host_with_its_articles),
        STORE_TEST(an_article_that_was_not_committed_teaches_nothing),
        STORE_TEST(keeps_so_many_hosts_and_no_more),
        STORE_TEST(after_some_articles_a_part_of_them_is_enough),
        cmocka_unit_test(tells_hosts_apart_by_their_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
