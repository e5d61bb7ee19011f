/* test_store_admit.c - documents admitted to a real store: what is new, known, changed or of two
 * feeds. */
#include "store_fixture.h"

static void admits_new_entries_oldest_first(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct bytes id;

    fixture_admit(f, feed, fixture_three, 3, true);
    assert_int_equal(f->admit_err.code, OK);
    assert_int_equal(f->counts[ADMIT_NEW], 3);
    assert_int_equal(f->admitted_count, 3);
    assert_true(bytes_is(record_get(f->records[0], WR_TITLE), "One"));
    assert_true(bytes_is(record_get(f->records[2], WR_TITLE), "Three"));
    id = record_get(f->records[0], WR_ID);
    assert_true(bytes_starts(id, LIT("urn:uuid:")));
    assert_int_equal(id.len, 45);
    assert_int_equal(record_get_int(f->records[0], REC_VERSION, 0), 1);
    assert_int_equal(record_get_int(f->records[0], REC_PENDING, 0), f->pending[0]);
    assert_true(bytes_is(record_get(f->records[0], REC_FEED_ID), "f0000001"));
    assert_true(bytes_is(record_get_at(f->records[0], REC_FEED_TAG, 1), "en"));
    assert_true(bytes_starts(record_get(f->records[0], REC_SEEN_IN), LIT("f0000001\t20")));
}

static void knows_all_entries_at_the_next_poll(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    fixture_admit(f, feed, fixture_three, 3, true);
    fixture_reopen(f);
    fixture_admit(f, feed, fixture_three, 3, false);
    assert_int_equal(f->counts[ADMIT_KNOWN], 3);
    assert_int_equal(f->admitted_count, 0);
    assert_int_equal(fixture_pending_count(f), 3);
}

static void lists_an_article_of_two_feeds_once_with_both(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");
    struct item item = fixture_three[0];
    struct wr_record *rec;

    fixture_admit(f, a, &item, 1, true);
    item.guid = "of-b";
    item.body = "Told in other words";
    fixture_admit(f, b, &item, 1, true);
    assert_int_equal(f->counts[ADMIT_DUPLICATE], 1);
    assert_int_equal(f->admitted_count, 0);
    assert_int_equal(f->also_count, 1);
    assert_true(bytes_starts(bytes_of(f->also), LIT("f0000002\t20")));
    fixture_admit(f, b, &item, 1, false);
    assert_int_equal(f->counts[ADMIT_KNOWN], 1);
    item.body = "Told anew";
    fixture_admit(f, b, &item, 1, false);
    assert_int_equal(f->counts[ADMIT_CHANGED], 1);
    rec = f->records[0];
    assert_int_equal(wr_count(rec, REC_SEEN_IN), 2);
    assert_true(bytes_starts(record_get_at(rec, REC_SEEN_IN, 0), LIT("f0000001\t")));
    assert_true(bytes_starts(record_get_at(rec, REC_SEEN_IN, 1), LIT("f0000002\t")));
}

static void check_two_feeds(void *ctx, const struct admitted *pending)
{
    struct fixture *f = ctx;
    struct wr_record *rec;

    assert_int_equal(record_decode(f->arena, pending->record, &rec, &f->err), OK);
    assert_int_equal(wr_count(rec, REC_SEEN_IN), 2);
}

static void says_both_feeds_of_a_pending_entry_after_a_restart(void **state)
{
    struct fixture *f = *state;

    fixture_admit(f, fixture_feed(f, "https://example.org/a"), fixture_three, 1, true);
    fixture_admit(f, fixture_feed(f, "https://example.org/b"), fixture_three, 1, true);
    fixture_reopen(f);
    assert_int_equal(fixture_pending_count(f), 1);
    fixture_each_pending(f, check_two_feeds, f);
}

static void publishes_one_edit_that_two_feeds_show_once(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");
    struct item item = fixture_three[0];

    fixture_admit(f, a, &item, 1, true);
    fixture_admit(f, b, &item, 1, true);
    item.title = "Three, corrected";
    fixture_admit(f, a, &item, 1, false);
    assert_int_equal(f->counts[ADMIT_CHANGED], 1);
    fixture_admit(f, b, &item, 1, false);
    assert_int_equal(f->counts[ADMIT_KNOWN], 1);
}

static void publishes_one_edit_that_two_feeds_word_differently_once(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");
    struct item whole = fixture_three[0];
    struct item brief = fixture_three[0];

    brief.body = "In short.";
    fixture_admit(f, a, &whole, 1, true);
    fixture_admit(f, b, &brief, 1, true);
    whole.title = brief.title = "Three, corrected";
    whole.body = "At length, and with what is new.";
    brief.body = "In short, and with what is new.";
    fixture_admit(f, b, &brief, 1, false);
    assert_int_equal(f->counts[ADMIT_CHANGED], 1);
    fixture_admit(f, a, &whole, 1, false);
    assert_int_equal(f->counts[ADMIT_KNOWN], 1);
    brief.body = "In short, and corrected once more.";
    fixture_admit(f, b, &brief, 1, false);
    assert_int_equal(f->counts[ADMIT_CHANGED], 1);
}

/* The second feed of a house comes from a slower cache: it shows the edit before the last when the
 * last is out, and then that one. What one feed takes back is told. */
static void publishes_nothing_that_a_slower_feed_shows_later(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");
    struct item first = fixture_three[0], second, third;

    second = third = first;
    second.title = "Three, update 1";
    third.title = "Three, update 2";
    f->updated = "2024-03-10T10:00:00Z";
    fixture_admit(f, a, &first, 1, true);
    fixture_admit(f, b, &first, 1, true);
    f->updated = "2024-03-10T10:09:00Z";
    fixture_admit(f, a, &third, 1, false);
    assert_int_equal(f->counts[ADMIT_CHANGED], 1);
    f->updated = "2024-03-10T10:05:00Z";
    fixture_admit(f, b, &second, 1, false);
    assert_int_equal(f->counts[ADMIT_KNOWN], 1);
    f->updated = "2024-03-10T10:09:00Z";
    fixture_admit(f, b, &third, 1, false);
    assert_int_equal(f->counts[ADMIT_KNOWN], 1);
    f->updated = "2024-03-10T10:05:00Z";
    fixture_admit(f, a, &second, 1, false);
    assert_int_equal(f->counts[ADMIT_CHANGED], 1);
}

static size_t admit_again(struct fixture *f, int64_t feed, const struct item *item)
{
    fixture_admit(f, feed, item, 1, false);
    return f->counts[ADMIT_CHANGED];
}

/* The same of a feed that gives no date of change, as most do not. A headline that comes back is
 * told when the feed that told the newest takes it back, and when its date says that it is new. */
static void knows_a_slower_feed_by_headlines_that_were(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");
    int64_t c = fixture_feed(f, "https://example.org/c");
    struct item first = fixture_three[0], second, third, again;

    again = second = third = first;
    second.title = "Three, update 1";
    third.title = "Three, update 2";
    fixture_admit(f, a, &first, 1, true);
    fixture_admit(f, b, &first, 1, true);
    fixture_admit(f, c, &first, 1, true);
    assert_int_equal(admit_again(f, a, &second), 1);
    f->updated = "2024-03-10T10:09:00Z";
    assert_int_equal(admit_again(f, a, &third), 1);
    f->updated = NULL;
    again.body = "In its own words.";
    assert_int_equal(admit_again(f, b, &again), 0);
    second.body = "In its own words, update 1.";
    assert_int_equal(admit_again(f, b, &second), 0);
    third.body = "In its own words, update 2.";
    assert_int_equal(admit_again(f, b, &third), 0);
    f->updated = "2024-03-10T10:20:00Z";
    assert_int_equal(admit_again(f, c, &second), 1);
    assert_int_equal(admit_again(f, c, &third), 1);
}

/* The first that was heard of an article was an edit, and the slower feed shows what was before. A
 * feed that shows the same headline from the start and changes its words tells an edit. */
static void knows_a_slower_feed_that_catches_up(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");
    int64_t c = fixture_feed(f, "https://example.org/c");
    struct item first = fixture_three[0], second = first;

    second.title = "Three, update 1";
    fixture_admit(f, a, &second, 1, false);
    assert_int_equal(f->counts[ADMIT_NEW], 1);
    fixture_admit(f, b, &first, 1, true);
    fixture_admit(f, c, &second, 1, true);
    second.body = "In its own words, update 1.";
    assert_int_equal(admit_again(f, b, &second), 0);
    second.body = "In its own words, and news.";
    assert_int_equal(admit_again(f, c, &second), 1);
}

/* Headlines are remembered for some versions, and no longer. */
static void forgets_the_first_of_many_headlines(void **state)
{
    struct fixture *f = *state;
    int64_t feeds[4];
    struct item item = fixture_three[0];
    char title[24];

    for (int i = 0; i < 4; i++) {
        snprintf(title, sizeof(title), "https://example.org/%d", i);
        feeds[i] = fixture_feed(f, title);
        fixture_admit(f, feeds[i], &item, 1, true);
    }
    for (int i = 0; i < 9; i++) { /* three of each, as many as it may at once */
        snprintf(title, sizeof(title), "Three, update %d", i);
        item.title = title;
        assert_int_equal(admit_again(f, feeds[i / 3], &item), 1);
    }
    item.body = "In its own words.";
    item.title = "Three, update 0";
    assert_int_equal(admit_again(f, feeds[3], &item), 0);
    item.title = fixture_three[0].title;
    assert_int_equal(admit_again(f, feeds[3], &item), 1);
}

static void never_lets_guids_of_two_feeds_meet(void **state)
{
    struct fixture *f = *state;
    struct item one = {"1", NULL, "One", "Body", NULL};

    fixture_admit(f, fixture_feed(f, "https://example.org/a"), &one, 1, true);
    assert_int_equal(f->counts[ADMIT_NEW], 1);
    one.title = "Another one";
    {
        struct store_feed feed = {.url = "https://example.net/b"};
        struct bytes entry = fixture_entry(f, &one, 0);
        bool added;

        assert_int_equal(store_feed_put(f->store, &feed, &feed.id, &added, &f->err), OK);
        f->called = false;
        store_admit(f->store, &feed, &entry, 1, true, fixture_on_admitted, f);
        while (!f->called)
            uv_run(&f->loop, UV_RUN_ONCE);
    }
    assert_int_equal(f->counts[ADMIT_NEW], 1);
}

struct unread {
    bool called;
    uint64_t counts[8], raw;
    size_t raws_count;
};

static void on_unread(void *ctx, const struct admit_result *result)
{
    struct unread *u = ctx;

    assert_null(result->err);
    u->called = true;
    memcpy(u->counts, result->counts, sizeof(u->counts));
    u->raws_count = result->raws_count;
    u->raw = result->raws_count > 0 ? result->raws[0] : 0;
}

static struct unread admit_one(struct fixture *f, int64_t feed, struct bytes entry)
{
    const struct store_feed row = {.id = feed, .url = "https://example.org/a"};
    struct unread u = {0};

    store_admit(f->store, &row, &entry, 1, false, on_unread, &u);
    while (!u.called)
        uv_run(&f->loop, UV_RUN_ONCE);
    return u;
}

static void an_entry_that_was_not_read_is_what_its_hash_stood_for(void **state)
{
    struct fixture *f = *state;
    const struct item one = {"1", "https://example.org/1", "One", "Body", NULL};
    int64_t feed = fixture_feed(f, "https://example.org/a");
    uint64_t raw = 42;
    struct bytes hash = {(const char *)&raw, STORE_UNREAD};
    struct buf entry = {0};
    struct wr_record *rec;
    struct unread u;

    assert_int_equal(record_decode(f->arena, fixture_entry(f, &one, 0), &rec, &f->err), OK);
    record_set(rec, REC_HASH_RAW, hash);
    record_encode(rec, &entry);
    u = admit_one(f, feed, buf_bytes(&entry));
    assert_int_equal(u.counts[ADMIT_NEW], 1);
    assert_int_equal(u.raws_count, 1);
    assert_int_equal(u.raw, 42);
    fixture_reopen(f);
    u = admit_one(f, feed, hash);
    assert_int_equal(u.counts[ADMIT_KNOWN], 1);
    assert_int_equal(u.raw, 42);
    raw = 43; /* nobody remembers it: it must be read the next time */
    u = admit_one(f, feed, hash);
    assert_int_equal(u.counts[ADMIT_KNOWN], 1);
    assert_int_equal(u.raws_count, 0);
    buf_done(&entry);
}

static void keeps_counters_that_add_up(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");

    fixture_admit(f, a, fixture_three, 3, true);
    store_drop(f->store, f->pending[0], "filter", LIT(""));
    store_quarantine(f->store, f->pending[1], "crash");
    fixture_admit(f, a, fixture_three, 3, false);
    fixture_admit(f, b, fixture_three, 2, true);
    fixture_admit(f, a, fixture_three + 2, 1, false);
    assert_int_equal(fixture_pending_count(f), 1);
    fixture_reopen(f);
    assert_int_equal(fixture_counter(f, "entries.seen"), 9);
    assert_int_equal(fixture_counter(f, "entries.new"), 3);
    assert_int_equal(fixture_counter(f, "entries.known"), 4);
    assert_int_equal(fixture_counter(f, "entries.duplicate"), 2);
    assert_int_equal(fixture_counter(f, "entries.dropped"), 1);
    assert_int_equal(fixture_counter(f, "entries.quarantined"), 1);
    fixture_commit(f, f->pending[0] + 2, "x");
}

static void marks_a_first_document_or_publishes_its_newest(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.net/b");
    static const struct item others[] = {
        {"1", "https://example.net/1", "One", "Body 1", "2026-03-14T09:10:00Z"},
        {"2", "https://example.net/2", "Two", "Body 2", "2026-03-14T09:20:00Z"},
        {"3", "https://example.net/3", "Three", "Body 3", "2026-03-14T09:15:00Z"},
    };

    f->conf.poll.first_fetch = FIRST_MARK;
    fixture_reopen(f);
    fixture_admit(f, a, fixture_three, 3, true);
    assert_int_equal(f->counts[ADMIT_MARKED], 3);
    fixture_admit(f, a, fixture_three, 3, false);
    assert_int_equal(f->counts[ADMIT_KNOWN], 3);
    f->conf.poll.first_fetch = FIRST_PUBLISH_LAST;
    f->conf.poll.first_count = 2;
    fixture_reopen(f);
    fixture_admit(f, b, others, 3, true);
    assert_int_equal(f->counts[ADMIT_MARKED], 1);
    assert_int_equal(f->admitted_count, 2);
    assert_string_equal(record_get_cstr(f->records[0], WR_TITLE), "Three");
    assert_string_equal(record_get_cstr(f->records[1], WR_TITLE), "Two");
}

static void counts_an_empty_first_document_as_seen(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    f->conf.poll.first_fetch = FIRST_MARK;
    fixture_reopen(f);
    fixture_admit(f, feed, NULL, 0, true);
    fixture_admit(f, feed, fixture_three, 3, true);
    assert_int_equal(f->counts[ADMIT_NEW], 3);
}

static void publishes_in_another_feed_what_was_only_marked(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");

    f->conf.poll.first_fetch = FIRST_MARK;
    fixture_reopen(f);
    fixture_admit(f, a, fixture_three, 3, true);
    fixture_admit(f, b, NULL, 0, true);
    fixture_admit(f, b, fixture_three, 1, false);
    assert_int_equal(f->counts[ADMIT_NEW], 1);
}

static void refuses_entries_of_a_feed_that_is_gone(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    assert_int_equal(store_feed_remove(f->store, feed, &f->err), OK);
    fixture_admit(f, feed, fixture_three, 3, true);
    assert_int_equal(f->admit_err.code, E_NOT_FOUND);
    assert_int_equal(fixture_pending_count(f), 0);
}

static void refuses_what_is_no_record_and_goes_on(void **state)
{
    struct fixture *f = *state;
    int64_t id = fixture_feed(f, "https://example.org/feed");
    struct store_feed feed = {.id = id, .url = "https://example.org/feed", .etag = "\"never\""};
    struct bytes entries[2] = {
        fixture_entry(f, &fixture_three[0], 0), LIT("\1\2\3\4\5\6\7\x08\x09")};

    store_admit(f->store, &feed, entries, 2, true, fixture_on_admitted, f);
    while (!f->called)
        uv_run(&f->loop, UV_RUN_ONCE);
    assert_int_equal(f->admit_err.code, E_FORMAT);
    fixture_admit(f, id, fixture_three, 3, true);
    assert_int_equal(f->counts[ADMIT_NEW], 3);
}

enum { MANY_ENTRIES = 7000, MANY_VALUES = 800 };

static void on_many_admitted(void *ctx, const struct admit_result *result)
{
    struct fixture *f = ctx;

    f->called = true;
    f->admitted_count = result->err == NULL ? result->admitted_count : 0;
}

/* Of 6 KiB each; read as values they would take 160 KiB each, 1.1 GiB. */
static void admits_a_document_of_millions_of_values(void **state)
{
    struct fixture *f = *state;
    struct store_feed feed = {
        .id = fixture_feed(f, "https://example.org/feed"), .url = "https://example.org/feed"};
    struct bytes *entries = arena_alloc_array(f->arena, MANY_ENTRIES, sizeof(*entries));
    struct buf all = {0};

    buf_reserve(&all, MANY_ENTRIES * (MANY_VALUES * 8 + 100));
    for (size_t i = 0; i < MANY_ENTRIES; i++) {
        struct bytes guid = bytes_format(f->arena, "guid %zu", i);
        uint64_t hash = hash64(guid);
        size_t begun = all.len;

        record_put(&all, WR_GUID, guid);
        record_put(&all, WR_TITLE, guid);
        record_put(&all, REC_HASH_GUID, (struct bytes){(const char *)&hash, sizeof(hash)});
        for (int n = 0; n < MANY_VALUES; n++)
            record_put(&all, WR_KEYWORD, LIT("x"));
        entries[i] = bytes_from(buf_bytes(&all), begun);
    }
    f->called = false;
    store_admit(f->store, &feed, entries, MANY_ENTRIES, true, on_many_admitted, f);
    while (!f->called)
        uv_run(&f->loop, UV_RUN_ONCE);
    assert_int_equal(f->admitted_count, MANY_ENTRIES);
    buf_done(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(admits_new_entries_oldest_first),
        STORE_TEST(knows_all_entries_at_the_next_poll),
        STORE_TEST(lists_an_article_of_two_feeds_once_with_both),
        STORE_TEST(says_both_feeds_of_a_pending_entry_after_a_restart),
        STORE_TEST(publishes_one_edit_that_two_feeds_show_once),
        STORE_TEST(publishes_one_edit_that_two_feeds_word_differently_once),
        STORE_TEST(publishes_nothing_that_a_slower_feed_shows_later),
        STORE_TEST(knows_a_slower_feed_by_headlines_that_were),
        STORE_TEST(knows_a_slower_feed_that_catches_up),
        STORE_TEST(forgets_the_first_of_many_headlines),
        STORE_TEST(never_lets_guids_of_two_feeds_meet),
        STORE_TEST(an_entry_that_was_not_read_is_what_its_hash_stood_for),
        STORE_TEST(keeps_counters_that_add_up),
        STORE_TEST(marks_a_first_document_or_publishes_its_newest),
        STORE_TEST(counts_an_empty_first_document_as_seen),
        STORE_TEST(publishes_in_another_feed_what_was_only_marked),
        STORE_TEST(refuses_entries_of_a_feed_that_is_gone),
        STORE_TEST(refuses_what_is_no_record_and_goes_on),
        STORE_TEST(admits_a_document_of_millions_of_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
