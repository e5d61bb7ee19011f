/* test_store_recheck.c - an article whose page is to be asked for again keeps its entry, and
 * becomes a version when the page is there. */

#include "store_fixture.h"

static int64_t subject_of(const char *uri)
{
    return (int64_t)hash64(bytes_of(uri));
}

struct listed {
    size_t count;
    struct store_recheck last;
};

static void on_recheck(void *ctx, const struct store_recheck *row)
{
    struct listed *l = ctx;

    l->count++;
    l->last = *row;
}

static struct listed list(struct fixture *f)
{
    struct listed l = {0};

    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(store_rechecks(f->store, on_recheck, &l, &f->err), OK);
    return l;
}

/* Commit what was admitted last, with a row for its article; due 0: its row goes. */
static void commit(struct fixture *f, const char *uri, int64_t due)
{
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = uri,
        .pending = f->pending[0],
        .time = clock_wall(),
        .data = LIT("{\"headline\":\"Harbour closed\"}"),
        .recheck = {.subject = subject_of(uri), .since = 11, .due = due, .tries = 0}};

    store_commit(f->store, &event, fixture_on_committed, f);
    fixture_wait(f, f->committed_count + 1);
    assert_int_equal(f->commit_codes[f->committed_count - 1], OK);
}

/* A feed with one article that was published without its page. */
static int64_t publish_one(struct fixture *f, char uri[64])
{
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    fixture_admit(f, feed, fixture_three, 1, true);
    assert_int_equal(f->admitted_count, 1);
    snprintf(uri, 64, "%s", record_get_cstr(f->records[0], WR_ID));
    commit(f, uri, 99);
    return feed;
}

static void readmit(struct fixture *f, const char *uri, int64_t feed)
{
    const struct store_recheck row = {
        .subject = subject_of(uri), .feed = feed, .due = 500, .tries = 1};

    f->called = false;
    store_readmit(f->store, &row, fixture_on_admitted, f);
    while (!f->called)
        uv_run(&f->loop, UV_RUN_ONCE);
}

static void keeps_the_entry_with_the_event_and_over_a_restart(void **state)
{
    struct fixture *f = *state;
    struct bytes record;
    struct wr_record *rec;
    struct listed l;
    char uri[64];
    int64_t feed = publish_one(f, uri);

    fixture_reopen(f);
    l = list(f);
    assert_int_equal(l.count, 1);
    assert_int_equal(l.last.subject, subject_of(uri));
    assert_int_equal(l.last.feed, feed);
    assert_true(l.last.host != 0);
    assert_int_equal(l.last.since, 11);
    assert_int_equal(l.last.due, 99);
    assert_int_equal(
        store_recheck_record(f->store, f->arena, subject_of(uri), &record, &f->err), OK);
    assert_int_equal(l.last.bytes, record.len);
    assert_int_equal(record_decode(f->arena, record, &rec, &f->err), OK);
    assert_string_equal(record_get_cstr(rec, WR_URL), "https://example.org/3");
}

static void becomes_the_next_version_whose_event_takes_the_row(void **state)
{
    struct fixture *f = *state;
    char uri[64];
    int64_t feed = publish_one(f, uri);

    readmit(f, uri, feed);
    assert_int_equal(f->admit_err.code, OK);
    assert_int_equal(f->admitted_count, 1);
    assert_int_equal(record_get_int(f->records[0], REC_VERSION, 0), 2);
    assert_int_equal(record_get_int(f->records[0], REC_PENDING, 0), f->pending[0]);
    assert_true(record_get_int(f->records[0], REC_VERSION_SEEN, 0) > 0);
    assert_string_equal(record_get_cstr(f->records[0], REC_CAUSE), "page");
    assert_string_equal(record_get_cstr(f->records[0], WR_ID), uri);
    assert_int_equal(wr_count(f->records[0], REC_SEEN_IN), 1);
    assert_int_equal(list(f).last.due, 500); /* should the version come to nothing */
    assert_int_equal(list(f).last.tries, 1);
    fixture_reopen(f);
    assert_int_equal(fixture_pending_count(f), 1);
    commit(f, uri, 0);
    assert_int_equal(list(f).count, 0);
    assert_int_equal(fixture_counter(f, "entries.rechecked"), 1);
    assert_int_equal(fixture_counter(f, "entries.published"), 2);
}

static void a_version_that_comes_to_nothing_gives_its_number_back(void **state)
{
    struct fixture *f = *state;
    char uri[64];
    int64_t feed = publish_one(f, uri);

    readmit(f, uri, feed);
    store_recheck_drop(f->store, f->pending[0]);
    assert_int_equal(list(f).count, 1);
    assert_int_equal(fixture_pending_count(f), 0);
    assert_int_equal(fixture_counter(f, "dropped.page"), 1);
    readmit(f, uri, feed);
    assert_int_equal(record_get_int(f->records[0], REC_VERSION, 0), 2);
}

static void two_versions_are_not_on_their_way_for_one_page(void **state)
{
    struct fixture *f = *state;
    char uri[64];
    int64_t feed = publish_one(f, uri);

    readmit(f, uri, feed);
    readmit(f, uri, feed);
    assert_int_equal(f->admit_err.code, E_USAGE);
    assert_int_equal(fixture_pending_count(f), 1);
}

static void is_put_off_and_removed(void **state)
{
    struct fixture *f = *state;
    char uri[64];
    int64_t feed = publish_one(f, uri);
    struct store_recheck row = {.subject = subject_of(uri), .due = 1234, .tries = 3};

    store_recheck_later(f->store, &row);
    assert_int_equal(list(f).last.due, 1234);
    assert_int_equal(list(f).last.tries, 3);
    store_recheck_remove(f->store, row.subject);
    assert_int_equal(list(f).count, 0);
    readmit(f, uri, feed);
    assert_int_equal(f->admit_err.code, E_NOT_FOUND);
}

static void goes_with_its_feed(void **state)
{
    struct fixture *f = *state;
    char uri[64];
    int64_t feed = publish_one(f, uri);

    assert_int_equal(store_feed_remove(f->store, feed, &f->err), OK);
    assert_int_equal(list(f).count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(keeps_the_entry_with_the_event_and_over_a_restart),
        STORE_TEST(becomes_the_next_version_whose_event_takes_the_row),
        STORE_TEST(a_version_that_comes_to_nothing_gives_its_number_back),
        STORE_TEST(two_versions_are_not_on_their_way_for_one_page),
        STORE_TEST(is_put_off_and_removed),
        STORE_TEST(goes_with_its_feed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
