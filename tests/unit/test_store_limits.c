/* test_store_limits.c - a disk that is full, and a log that is trimmed: nothing is half done and no
 * sequence is lost. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "store/sql.h"
#include "store_fixture.h"
#include "unit/own_clock.h"

enum { BODY = 20000, ROOM = 1 << 20 };

static void on_trouble(void *ctx, const struct error *err)
{
    struct fixture *f = ctx;

    assert_non_null(strstr(err->text, "no room on the disk of "));
    assert_non_null(strstr(err->text, f->path));
    assert_true(err->code == E_LIMIT);
    f->trouble++;
}

static void set_file_limit(rlim_t size)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void commit_large(struct fixture *f, const char *subject)
{
    static char data[BODY];
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = subject,
        .time = clock_wall(),
        .data = {data, sizeof(data)}};

    memset(data, ' ', sizeof(data));
    memcpy(data, "{}", 2);
    store_commit(f->store, &event, fixture_on_committed, f);
}

static int check_sequence(void *ctx, const struct committed *event)
{
    uint64_t *last = ctx;

    assert_int_equal(event->sequence, *last + 1);
    *last = event->sequence;
    return 0;
}

static void on_probed(void *ctx, const struct error *err)
{
    *(int *)ctx = err == NULL ? 1 : err->code;
}

static int probe(struct fixture *f)
{
    int result = 0;

    store_probe(f->store, on_probed, &result);
    while (result == 0)
        uv_run(&f->loop, UV_RUN_ONCE);
    return result;
}

static void holds_while_the_disk_is_full_and_goes_on_after(void **state)
{
    struct fixture *f = *state;
    struct item items[] = {{"1", "https://example.org/1", "One", "Body", NULL},
        {"2", "https://example.org/2", "Two", "Body", NULL}};
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    size_t committed = 0;
    uint64_t last = 0;

    fixture_admit(f, feed, items, 1, true);
    store_set_trouble(f->store, on_trouble, f);
    set_file_limit(ROOM);
    while (f->trouble == 0) {
        commit_large(f, "f0000001");
        fixture_wait(f, f->committed_count + 1);
        assert_true(f->committed_count < 200);
    }
    committed = f->committed_count - 1;
    assert_int_equal(f->commit_codes[committed], E_LIMIT);
    assert_int_equal(store_log_state(f->store).head, committed);
    /* Nothing of a document is kept, and what nobody asks for again is done later. */
    while (probe(f) == 1)
        continue;
    fixture_admit(f, feed, items, 2, false);
    assert_int_equal(f->admit_err.code, E_LIMIT);
    store_drop(f->store, 1, "filter", LIT(""));
    set_file_limit(RLIM_INFINITY);
    assert_int_equal(probe(f), 1);
    assert_int_equal(fixture_counter(f, "dropped.filter"), 1);
    fixture_admit(f, feed, items, 2, false);
    assert_int_equal(f->counts[ADMIT_KNOWN], 1);
    assert_int_equal(f->counts[ADMIT_NEW], 1);
    commit_large(f, "f0000001");
    fixture_wait(f, f->committed_count + 1);
    assert_int_equal(f->sequences[f->committed_count - 1], committed + 1);
    fixture_reopen(f);
    assert_int_equal(store_events(f->store, 0, 1000, check_sequence, &last, &f->err), OK);
    assert_int_equal(last, committed + 1);
}

static int teardown_limit(void **state)
{
    set_file_limit(RLIM_INFINITY);
    return fixture_teardown(state);
}

static void trim(struct fixture *f)
{
    uint64_t first = 0;

    store_trim(f->store);
    do {
        first = store_log_state(f->store).first;
        assert_int_equal(store_sync(f->store, &f->err), OK);
        assert_int_equal(probe(f), 1);
    } while (first != store_log_state(f->store).first);
}

static void trims_by_age_but_keeps_the_sequence(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 600; i++)
        fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 600);
    pass_time(f->conf.store.keep / 2);
    for (int i = 0; i < 10; i++)
        fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 610);
    trim(f);
    assert_int_equal(store_log_state(f->store).first, 1);
    pass_time(f->conf.store.keep / 2 + SECOND);
    trim(f);
    assert_int_equal(store_log_state(f->store).first, 601);
    pass_time(f->conf.store.keep);
    trim(f);
    assert_int_equal(store_log_state(f->store).first, 610);
    assert_int_equal(fixture_counter(f, "trimmed.events"), 609);
    fixture_reopen(f);
    assert_int_equal(store_log_state(f->store).first, 610);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 611);
    assert_int_equal(f->sequences[610], 611);
}

static off_t size_of(const struct fixture *f, const char *end)
{
    char name[120];
    struct stat st;

    snprintf(name, sizeof(name), "%s%s", f->path, end);
    assert_int_equal(stat(name, &st), 0);
    return st.st_size;
}

static int add_bytes(void *ctx, const struct quarantined *entry)
{
    *(size_t *)ctx += entry->record.len;
    return 0;
}

static size_t quarantined_bytes(struct fixture *f)
{
    size_t sum = 0;

    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(store_quarantined(f->store, 0, 4096, add_bytes, &sum, &f->err), OK);
    return sum;
}

static const int64_t day = 86400 * (int64_t)SECOND;

/* A clock that runs ahead for a while, one that was behind, and a machine that starts with either.
 */
static void no_step_of_the_clock_empties_the_log(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 300; i++)
        fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 300);
    step_time(40 * day);
    trim(f);
    assert_int_equal(store_log_state(f->store).first, 1);
    step_time(-20000 * day);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 301);
    step_time(20000 * day - 40 * day);
    trim(f);
    assert_int_equal(store_log_state(f->store).first, 1);
    step_time(4000 * day);
    fixture_reopen(f);
    trim(f);
    step_time(-8000 * day);
    fixture_reopen(f);
    step_time(4000 * day);
    trim(f);
    assert_int_equal(store_log_state(f->store).first, 1);
    pass_time(f->conf.store.keep + SECOND);
    trim(f);
    assert_int_equal(store_log_state(f->store).first, 301);
}

/* As after a holiday: what was written before is as old as it was, and a day. */
static void counts_a_day_of_the_time_it_was_down(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 300; i++)
        fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 300);
    trim(f);
    fixture_close(f);
    pass_time(30 * day);
    fixture_open(f);
    pass_time(f->conf.store.keep - day - 60LL * SECOND);
    trim(f);
    assert_int_equal(store_log_state(f->store).first, 1);
    pass_time(120LL * SECOND);
    trim(f);
    assert_int_equal(store_log_state(f->store).first, 300);
}

/* A hundred entries, each of size bytes and another than all before. */
static void admit_hundred(struct fixture *f, int64_t feed, int n, size_t size, bool in_title)
{
    struct item items[100];

    for (int i = 0; i < 100; i++) {
        char *text = arena_alloc(f->arena, size + 1);
        int len = snprintf(text, size, "%d %d ", n, i);

        memset(text + len, 'x', size - (size_t)len);
        items[i] = (struct item){.title = in_title ? text : "Title",
            .body = in_title ? NULL : text,
            .url = bytes_format(f->arena, "https://example.org/%d/%d", n, i).ptr};
    }
    fixture_admit(f, feed, items, 100, false);
    assert_int_equal(f->admitted_count, 100);
}

/* Of a feed whose entries no stage can bear. */
static void what_is_quarantined_does_not_empty_the_log(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    f->conf.store.max_size = 16 << 20;
    fixture_reopen(f);
    for (int i = 0; i < 200; i++)
        fixture_commit(f, 0, "f0000001");
    for (int n = 0; n < 10; n++) {
        admit_hundred(f, feed, n, BODY, false);
        for (int i = 0; i < 100; i++)
            store_quarantine(f->store, f->pending[i], "stage died");
        for (int i = 0; i < 2; i++)
            trim(f);
    }
    assert_int_equal(store_log_state(f->store).first, 1);
    assert_true(size_of(f, "") < 18 << 20);
    assert_true(quarantined_bytes(f) > 1 << 20);
    assert_true(quarantined_bytes(f) < 16 << 20);
}

static void long_headlines_do_not_empty_the_log(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    f->conf.store.max_size = 4 << 20;
    fixture_reopen(f);
    for (int i = 0; i < 200; i++)
        fixture_commit(f, 0, "f0000001");
    for (int n = 0; n < 20; n++) {
        admit_hundred(f, feed, n, STORE_HEADLINE * 2, true);
        for (int i = 0; i < 100; i++)
            store_drop(f->store, f->pending[i], "filter", LIT(""));
        trim(f);
    }
    assert_int_equal(store_log_state(f->store).first, 1);
    assert_true(fixture_counter(f, "articles.forgotten") > 1000);
    assert_true(size_of(f, "") < 5 << 20);
}

static void a_file_that_is_moved_takes_nothing(void **state)
{
    struct fixture *f = *state;
    char away[100];

    snprintf(away, sizeof(away), "%s.away", f->path);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 1);
    assert_int_equal(rename(f->path, away), 0);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 2);
    assert_int_equal(f->commit_codes[1], E_REFUSED);
    assert_int_equal(probe(f), E_REFUSED);
    /* Another in its place is not it. */
    close(open(f->path, O_CREAT | O_WRONLY, 0600));
    assert_int_equal(probe(f), E_REFUSED);
    assert_int_equal(rename(away, f->path), 0);
    assert_int_equal(probe(f), 1);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 3);
    assert_int_equal(f->sequences[2], 2);
}

static void trims_by_size_and_the_file_shrinks(void **state)
{
    struct fixture *f = *state;
    struct stat before;
    struct stat after;

    for (int i = 0; i < 1500; i++)
        commit_large(f, "f0000001");
    fixture_wait(f, 1500);
    f->conf.store.max_size = 8 << 20;
    fixture_reopen(f);
    assert_int_equal(stat(f->path, &before), 0);
    trim(f);
    fixture_reopen(f);
    assert_int_equal(stat(f->path, &after), 0);
    assert_true(before.st_size > 25 << 20);
    assert_true(store_log_state(f->store).first > 1000);
    assert_int_equal(store_log_state(f->store).head, 1500);
    /* Freed pages are given back some at a time, and used first. */
    assert_true(after.st_size < before.st_size);
    for (int i = 0; i < 300; i++)
        commit_large(f, "f0000001");
    fixture_wait(f, 1800);
    fixture_reopen(f);
    assert_int_equal(stat(f->path, &before), 0);
    assert_true(before.st_size <= after.st_size + (1 << 20));
}

static void empties_the_write_ahead_log_while_it_runs(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 1500; i++)
        commit_large(f, "f0000001");
    fixture_wait(f, 1500);
    assert_true(size_of(f, "-wal") < 24 << 20);
    assert_true(size_of(f, "") > 8 << 20);
}

static void tells_of_a_reader_that_keeps_the_log_from_being_emptied(void **state)
{
    struct fixture *f = *state;
    struct store_disk disk;
    struct sql sql;

    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 1);
    assert_int_equal(sql_open(&sql, f->path, SQLITE_OPEN_READONLY, &f->err), OK);
    assert_int_equal(sql_row(&sql, sql_use(&sql, SQL_EVENT_FIRST, &f->err), &f->err), 1);
    for (int i = 0; i < 1500; i++)
        commit_large(f, "f0000001");
    fixture_wait(f, 1501);
    assert_true(store_disk(f->store).held > 0);
    pass_time(90LL * SECOND);
    disk = store_disk(f->store);
    assert_true(disk.held > 89LL * SECOND);
    assert_true(disk.wal > 24 << 20);
    assert_int_equal(store_close(f->store, &f->err), E_LIMIT);
    assert_string_equal(
        f->err.text, "store: a program that reads it keeps its log from being emptied");
    uv_run(&f->loop, UV_RUN_DEFAULT);
    uv_loop_close(&f->loop);
    fixture_open(f);
    sql_close(&sql);
    fixture_commit(f, 0, "f0000001");
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 1503);
    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(store_disk(f->store).held, 0);
    assert_true(store_disk(f->store).file > 24 << 20);
    assert_int_equal(store_log_state(f->store).head, 1503);
}

static void one_row_leaves_no_statement_busy(void **state)
{
    struct fixture *f = *state;
    struct sql_value row[2];
    struct sql sql;
    sqlite3_stmt *stmt;

    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 1);
    assert_int_equal(sql_open(&sql, f->path, SQLITE_OPEN_READONLY, &f->err), OK);
    stmt = sql_use(&sql, SQL_EVENT_FIRST, &f->err);
    assert_int_equal(sql_row(&sql, stmt, &f->err), 1);
    assert_non_null(sql_busy(&sql));
    assert_int_equal(
        sql_one(&sql, sql_use(&sql, SQL_EVENT_FIRST, &f->err), NULL, row, 2, &f->err), 1);
    assert_int_equal(row[1].number, 1);
    assert_null(sql_busy(&sql));
    sql_close(&sql);
}

static void forgets_the_oldest_articles_over_their_share(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct item items[100];
    uint64_t left;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 100; i++)
            items[i] = (struct item){.title = "T",
                .body = bytes_format(f->arena, "B %d %d", n, i).ptr,
                .url = bytes_format(f->arena, "https://example.org/%d/%d", n, i).ptr};
        fixture_admit(f, feed, items, 100, false);
        for (size_t i = 0; i < f->admitted_count; i++)
            store_drop(f->store, f->pending[i], "filter", LIT(""));
        assert_int_equal(store_sync(f->store, &f->err), OK);
        pass_time(60LL * SECOND);
    }
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 1);
    assert_int_equal(fixture_counter(f, "articles.added"), 2000);
    f->conf.store.max_size = 1000 * 4 * 294; /* 256 a row, and how it ended */
    fixture_reopen(f);
    for (int i = 0; i < 50; i++)
        trim(f);
    left = 2000 - fixture_counter(f, "articles.forgotten");
    assert_in_range(left, 900, 1000);
    /* The newest are still known in whatever feed they come. */
    fixture_admit(f, fixture_feed(f, "https://example.org/b"), items, 100, false);
    assert_int_equal(f->counts[ADMIT_DUPLICATE], 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            holds_while_the_disk_is_full_and_goes_on_after, fixture_setup, teardown_limit),
        STORE_TEST(trims_by_age_but_keeps_the_sequence),
        STORE_TEST(no_step_of_the_clock_empties_the_log),
        STORE_TEST(counts_a_day_of_the_time_it_was_down),
        STORE_TEST(what_is_quarantined_does_not_empty_the_log),
        STORE_TEST(long_headlines_do_not_empty_the_log),
        STORE_TEST(a_file_that_is_moved_takes_nothing),
        STORE_TEST(trims_by_size_and_the_file_shrinks),
        STORE_TEST(empties_the_write_ahead_log_while_it_runs),
        STORE_TEST(tells_of_a_reader_that_keeps_the_log_from_being_emptied),
        STORE_TEST(one_row_leaves_no_statement_busy),
        STORE_TEST(forgets_the_oldest_articles_over_their_share),
    };

    own_the_clock(NULL);
    signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
