/* test_store_pending.c - what waits, and what goes with a feed that is removed. */
#include "store_fixture.h"

static const struct item here[] = {
    {"h2", "https://Example.org/2", "Two", "Body 2", "2026-03-14T09:20:00Z"},
    {"h1", "https://someone@example.org/1?a=@b", "One", "Body 1", "2026-03-14T09:10:00Z"},
};
static const struct item there[] = {
    {"t1", "https://example.net:8080/1", "Elsewhere", "Body", "2026-03-14T09:10:00Z"},
    {"n1", NULL, "Nowhere", "Body", "2026-03-14T09:00:00Z"},
};

static void what_waits_has_a_feed_a_host_and_a_size(void **state)
{
    struct fixture *f = *state;
    struct fixture_waiting waiting;
    struct admitted row = {0};
    struct buf buf = {0};
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    fixture_admit(f, feed, here, 2, true);
    fixture_admit(f, feed, there, 2, false);
    fixture_reopen(f);
    waiting = fixture_waiting(f);
    assert_int_equal(waiting.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(waiting.rows[i].pending, i + 1);
        assert_int_equal(waiting.rows[i].feed, feed);
        assert_true((waiting.rows[i].host == 0) == (i == 2)); /* the oldest of two is the first */
        assert_int_equal(
            store_pending_get(f->store, waiting.rows[i].pending, &buf, &row, &f->err), OK);
        assert_int_equal(waiting.rows[i].bytes, row.record.len);
        assert_int_equal(waiting.rows[i].host, row.host);
    }
    assert_true(waiting.rows[0].host == waiting.rows[1].host);
    assert_true(waiting.rows[0].host != waiting.rows[3].host);
    buf_done(&buf);
}

static void what_is_quarantined_does_not_wait(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct admitted row = {0};
    struct wr_record *rec;
    struct buf buf = {0};

    fixture_admit(f, feed, here, 2, true);
    assert_int_equal(store_pending_get(f->store, 1, &buf, &row, &f->err), OK);
    assert_int_equal(row.version, 1);
    assert_int_equal(record_decode(f->arena, row.record, &rec, &f->err), OK);
    assert_true(bytes_is(record_get(rec, WR_TITLE), "One"));
    store_quarantine(f->store, 1, "test");
    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(store_pending_get(f->store, 1, &buf, &row, &f->err), E_NOT_FOUND);
    assert_int_equal(fixture_waiting(f).count, 1);
    assert_int_equal(fixture_waiting(f).rows[0].pending, 2);
    buf_done(&buf);
}

static void older_versions_of_an_article_are_found_in_any_line(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct item item = here[0];
    struct admitted row = {0};
    struct buf buf = {0};

    fixture_admit(f, feed, &item, 1, true);
    item.url = "https://news.example.org/2";
    item.title = "Two, corrected";
    fixture_admit(f, feed, &item, 1, false);
    assert_int_equal(f->counts[ADMIT_CHANGED], 1);
    assert_true(fixture_waiting(f).rows[0].host != fixture_waiting(f).rows[1].host);
    assert_int_equal(store_pending_get(f->store, 2, &buf, &row, &f->err), OK);
    assert_int_equal(row.version, 2);
    assert_int_equal(
        store_pending_between(f->store, row.article, 0, row.version, &buf, &row, &f->err), OK);
    assert_int_equal(row.pending, 1);
    assert_int_equal(
        store_pending_between(f->store, row.article, 1, 2, &buf, &row, &f->err), E_NOT_FOUND);
    buf_done(&buf);
}

static void what_is_pending_of_a_feed_goes_with_it(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    int64_t other = fixture_feed(f, "https://example.org/other");

    fixture_admit(f, feed, fixture_three, 3, true);
    fixture_admit(f, other, here, 2, true);
    assert_int_equal(store_feed_remove(f->store, feed, &f->err), OK);
    assert_int_equal(fixture_pending_count(f), 2);
    assert_int_equal(fixture_counter(f, "entries.dropped"), 3);
    assert_int_equal(fixture_counter(f, "dropped.feed removed"), 3);
    feed = fixture_feed(f, "https://example.org/feed");
    fixture_admit(f, feed, fixture_three, 3, true);
    assert_int_equal(f->counts[ADMIT_NEW], 3); /* and is not known from before */
    fixture_commit(f, f->pending[0], "urn:uuid:1");
    fixture_wait(f, 1);
    fixture_reopen(f);
    assert_int_equal(store_feed_remove(f->store, feed, &f->err), OK);
    assert_int_equal(fixture_pending_count(f), 2);
}

static void what_another_feed_lists_too_stays(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");

    fixture_admit(f, a, fixture_three, 3, true);
    fixture_admit(f, b, fixture_three, 1, true);
    assert_int_equal(f->counts[ADMIT_DUPLICATE], 1);
    assert_int_equal(store_feed_remove(f->store, a, &f->err), OK);
    assert_int_equal(fixture_pending_count(f), 1);
    fixture_commit(f, fixture_waiting(f).rows[0].pending, "urn:uuid:1");
    fixture_wait(f, 1);
    assert_int_equal(f->commit_codes[0], OK);
}

static void what_was_published_of_a_removed_feed_is_still_known(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct item item = fixture_three[0];

    fixture_admit(f, feed, &item, 1, true);
    fixture_publish(f);
    item.title = "Three, corrected";
    fixture_admit(f, feed, &item, 1, false);
    assert_int_equal(fixture_pending_count(f), 1);
    assert_int_equal(store_feed_remove(f->store, feed, &f->err), OK);
    assert_int_equal(fixture_pending_count(f), 0);
    feed = fixture_feed(f, "https://example.org/feed");
    fixture_admit(f, feed, &item, 1, true);
    assert_int_equal(f->counts[ADMIT_NEW], 0);
}

static void a_later_version_does_not_wait_for_one_that_left(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct item item = fixture_three[0];

    fixture_admit(f, feed, &item, 1, true);
    item.title = "Three, corrected";
    fixture_admit(f, feed, &item, 1, false);
    fixture_commit(f, f->pending[0], "urn:uuid:3");
    assert_int_equal(store_feed_remove(f->store, feed, &f->err), OK);
    fixture_wait(f, 1);
    assert_int_equal(f->commit_codes[0], E_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(what_waits_has_a_feed_a_host_and_a_size),
        STORE_TEST(what_is_quarantined_does_not_wait),
        STORE_TEST(older_versions_of_an_article_are_found_in_any_line),
        STORE_TEST(what_is_pending_of_a_feed_goes_with_it),
        STORE_TEST(what_another_feed_lists_too_stays),
        STORE_TEST(what_was_published_of_a_removed_feed_is_still_known),
        STORE_TEST(a_later_version_does_not_wait_for_one_that_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
