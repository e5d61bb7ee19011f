/* test_store.c - what is asked of the store is there after it is opened again, in order and once.
 */
#include <sqlite3.h>

#include "base/json.h"
#include "store_fixture.h"

static const struct item three[] = {
    {"g3", "https://example.org/3", "Three", "Body 3", "2026-03-14T09:30:00Z"},
    {"g2", "https://example.org/2", "Two", "Body 2", "2026-03-14T09:20:00Z"},
    {"g1", "https://example.org/1", "One", "Body 1", "2026-03-14T09:10:00Z"},
};

static int count_events(void *ctx, const struct committed *event)
{
    assert_true(event->body.len > 0);
    ++*(size_t *)ctx;
    return 0;
}

static int count_pending(void *ctx, const struct admitted *pending)
{
    assert_true(pending->record.len > 0);
    ++*(size_t *)ctx;
    return 0;
}

static size_t pending_count(struct fixture *f)
{
    size_t count = 0;

    assert_int_equal(store_pending(f->store, 0, 1000, count_pending, &count, &f->err), OK);
    return count;
}

static void admits_new_entries_oldest_first(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct bytes id;

    fixture_admit(f, feed, three, 3, true);
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

    fixture_admit(f, feed, three, 3, true);
    fixture_reopen(f);
    fixture_admit(f, feed, three, 3, false);
    assert_int_equal(f->counts[ADMIT_KNOWN], 3);
    assert_int_equal(f->admitted_count, 0);
    assert_int_equal(pending_count(f), 3);
}

static void keeps_pending_entries_until_they_are_committed(void **state)
{
    struct fixture *f = *state;

    fixture_admit(f, fixture_feed(f, "https://example.org/feed"), three, 3, true);
    assert_int_equal(pending_count(f), 3);
    fixture_publish(f);
    assert_int_equal(pending_count(f), 0);
    assert_int_equal(f->sequences[0], 1);
    assert_int_equal(f->sequences[2], 3);
    fixture_reopen(f);
    assert_int_equal(pending_count(f), 0);
    assert_int_equal(store_log_state(f->store).first, 1);
    assert_int_equal(store_log_state(f->store).head, 3);
}

static void goes_on_counting_after_it_is_opened_again(void **state)
{
    struct fixture *f = *state;
    char epoch[40];

    snprintf(epoch, sizeof(epoch), "%s", store_epoch(f->store));
    assert_int_equal(strlen(epoch), 32);
    fixture_admit(f, fixture_feed(f, "https://example.org/feed"), three, 3, true);
    fixture_publish(f);
    fixture_reopen(f);
    assert_string_equal(store_epoch(f->store), epoch);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 4);
    assert_int_equal(f->sequences[3], 4);
    assert_non_null(strstr(f->last_body, "\"prevsequence\":\"00000000000000000003\""));
}

static void gives_each_topic_its_own_previous_sequence(void **state)
{
    struct fixture *f = *state;

    fixture_commit_topic(f, 0, "a", "all/article.new/en/");
    fixture_commit_topic(f, 0, "b", "all/article.new/de/");
    fixture_commit_topic(f, 0, "c", "all/article.new/en/");
    fixture_wait(f, 3);
    assert_int_equal(f->sequences[2], 3);
    assert_non_null(strstr(f->last_body, "\"sequence\":\"00000000000000000003\""));
    assert_non_null(strstr(f->last_body, "\"prevsequence\":\"00000000000000000001\""));
}

static void writes_a_whole_cloud_event(void **state)
{
    struct fixture *f = *state;
    struct store_event event = {.type = "story.new",
        .topic = "all/story.new/en/",
        .subject = "urn:uuid:0d6f2b52-33aa-5c0f-8a57-61f0f3f7b001",
        .partition = "p\"1",
        .time = 1773480300000000,
        .data = LIT("{\"articles\":3}")};
    struct json *json = NULL;

    store_commit(f->store, &event, fixture_on_committed, f);
    fixture_wait(f, 1);
    assert_int_equal(json_parse(f->arena, bytes_of(f->last_body), &json, &f->err), OK);
    assert_true(bytes_is(json_get_text(json, "specversion"), "1.0"));
    assert_true(bytes_is(json_get_text(json, "type"), "wireroom.story.new.v1"));
    assert_true(bytes_is(json_get_text(json, "time"), "2026-03-14T09:25:00.000Z"));
    assert_true(bytes_is(json_get_text(json, "partitionkey"), "p\"1"));
    assert_true(bytes_is(json_get_text(json, "subject"), event.subject));
    assert_true(bytes_is(json_get_text(json, "datacontenttype"), "application/json"));
    assert_true(bytes_is(json_get_text(json, "dataschema"), "urn:wireroom:schema:event:1"));
    assert_true(bytes_is(json_get_text(json, "prevsequence"), "00000000000000000000"));
    assert_true(bytes_starts(json_get_text(json, "source"), LIT("//")));
    assert_true(bytes_ends(json_get_text(json, "source"), LIT("/test")));
    assert_true(bytes_is(json_get_text(json, "id"),
        bytes_cstr(f->arena, bytes_format(f->arena, "%s-%020d", store_epoch(f->store), 1))));
    assert_int_equal(json_get_int(json_get(json, "data"), "articles", 0), 3);
}

static void reads_events_by_page(void **state)
{
    struct fixture *f = *state;
    size_t count = 0;

    for (int i = 0; i < 10; i++)
        fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 10);
    assert_int_equal(store_events(f->store, 3, 4, count_events, &count, &f->err), OK);
    assert_int_equal(count, 4);
    count = 0;
    assert_int_equal(store_events(f->store, 8, 100, count_events, &count, &f->err), OK);
    assert_int_equal(count, 2);
    assert_int_equal(store_events(f->store, UINT64_MAX, 100, count_events, &count, &f->err), OK);
    assert_int_equal(count, 2);
}

static void finds_an_article_by_uri_and_by_any_address(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct item item = three[0];
    char uri[64];
    size_t count = 0;

    fixture_admit(f, feed, &item, 1, true);
    snprintf(uri, sizeof(uri), "%s", record_get_cstr(f->records[0], WR_ID));
    fixture_publish(f);
    item.url = "https://example.org/moved/3";
    item.title = "Three, corrected";
    fixture_admit(f, feed, &item, 1, false);
    assert_int_equal(f->counts[ADMIT_CHANGED], 1);
    assert_string_equal(record_get_cstr(f->records[0], WR_ID), uri);
    assert_int_equal(record_get_int(f->records[0], REC_VERSION, 0), 2);
    assert_string_equal(record_get_cstr(f->records[0], REC_TITLE_BEFORE), "Three");
    fixture_publish(f);
    assert_int_equal(store_article(f->store, uri, count_events, &count, &f->err), OK);
    assert_int_equal(count, 2);
    assert_int_equal(store_article(f->store, "http://www.Example.org/3/?utm_source=rss",
                         count_events, &count, &f->err),
        OK);
    assert_int_equal(
        store_article(f->store, "https://example.org/moved/3", count_events, &count, &f->err), OK);
    assert_int_equal(count, 6);
    assert_int_equal(
        store_article(f->store, "https://example.org/4", count_events, &count, &f->err),
        E_NOT_FOUND);
    assert_int_equal(
        store_article(f->store, "urn:uuid:x", count_events, &count, &f->err), E_NOT_FOUND);
}

static void lists_an_article_of_two_feeds_once_with_both(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");
    struct item item = three[0];
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

static int check_two_feeds(void *ctx, const struct admitted *pending)
{
    struct fixture *f = ctx;
    struct wr_record *rec;

    assert_int_equal(record_decode(f->arena, pending->record, &rec, &f->err), OK);
    assert_int_equal(wr_count(rec, REC_SEEN_IN), 2);
    return 0;
}

static void says_both_feeds_of_a_pending_entry_after_a_restart(void **state)
{
    struct fixture *f = *state;

    fixture_admit(f, fixture_feed(f, "https://example.org/a"), three, 1, true);
    fixture_admit(f, fixture_feed(f, "https://example.org/b"), three, 1, true);
    fixture_reopen(f);
    assert_int_equal(store_pending(f->store, 0, 10, check_two_feeds, f, &f->err), OK);
}

static void publishes_one_edit_that_two_feeds_show_once(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");
    struct item item = three[0];

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
    struct item whole = three[0];
    struct item brief = three[0];

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

static void brings_versions_out_in_order(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct item item = three[0];
    int64_t rows[3];

    for (int i = 0; i < 3; i++) {
        item.body = i == 0 ? "first" : i == 1 ? "second" : "third";
        fixture_admit(f, feed, &item, 1, i == 0);
        assert_int_equal(f->admitted_count, 1);
        rows[i] = f->pending[0];
    }
    fixture_commit(f, rows[2], "third");
    fixture_commit(f, rows[1], "second");
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 1);
    assert_int_equal(store_log_state(f->store).head, 1);
    fixture_commit(f, rows[0], "first");
    fixture_wait(f, 4);
    assert_int_equal(f->sequences[3], 4);
    assert_non_null(strstr(f->last_body, "\"subject\":\"third\""));
}

static void releases_a_version_when_the_one_before_is_dropped(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct item item = three[0];
    int64_t row;

    fixture_admit(f, feed, &item, 1, true);
    row = f->pending[0];
    item.body = "second";
    fixture_admit(f, feed, &item, 1, false);
    fixture_commit(f, f->pending[0], "second");
    store_drop(f->store, row, "headline");
    fixture_wait(f, 1);
    assert_int_equal(f->commit_codes[0], OK);
    assert_int_equal(fixture_counter(f, "dropped.headline"), 1);
}

static void ends_an_entry_only_once(void **state)
{
    struct fixture *f = *state;

    fixture_admit(f, fixture_feed(f, "https://example.org/feed"), three, 1, true);
    fixture_commit(f, f->pending[0], "x");
    fixture_commit(f, f->pending[0], "x");
    fixture_wait(f, 2);
    assert_int_equal(f->commit_codes[0], OK);
    assert_int_equal(f->commit_codes[1], E_NOT_FOUND);
    assert_int_equal(store_log_state(f->store).head, 1);
}

static int check_quarantined(void *ctx, const struct quarantined *entry)
{
    struct fixture *f = ctx;

    assert_string_equal(entry->cause, "extract killed two workers");
    assert_int_equal(entry->pending, f->pending[0]);
    assert_true(entry->record.len > 0 && entry->at > 0);
    f->also_count++;
    return 0;
}

static void keeps_a_quarantined_entry_readable_but_not_pending(void **state)
{
    struct fixture *f = *state;

    fixture_admit(f, fixture_feed(f, "https://example.org/feed"), three, 3, true);
    store_quarantine(f->store, f->pending[0], "extract killed two workers");
    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(pending_count(f), 2);
    assert_int_equal(store_quarantined(f->store, 0, 10, check_quarantined, f, &f->err), OK);
    assert_int_equal(f->also_count, 1);
    fixture_commit(f, f->pending[0], "x");
    fixture_wait(f, 1);
    assert_int_equal(f->commit_codes[0], E_NOT_FOUND);
}

static void keeps_counters_that_add_up(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");

    fixture_admit(f, a, three, 3, true);
    store_drop(f->store, f->pending[0], "filter");
    store_quarantine(f->store, f->pending[1], "crash");
    fixture_admit(f, a, three, 3, false);
    fixture_admit(f, b, three, 2, true);
    fixture_admit(f, a, three + 2, 1, false);
    assert_int_equal(pending_count(f), 1);
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
    fixture_admit(f, a, three, 3, true);
    assert_int_equal(f->counts[ADMIT_MARKED], 3);
    fixture_admit(f, a, three, 3, false);
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
    fixture_admit(f, feed, three, 3, true);
    assert_int_equal(f->counts[ADMIT_NEW], 3);
}

static void publishes_in_another_feed_what_was_only_marked(void **state)
{
    struct fixture *f = *state;
    int64_t a = fixture_feed(f, "https://example.org/a");
    int64_t b = fixture_feed(f, "https://example.org/b");

    f->conf.poll.first_fetch = FIRST_MARK;
    fixture_reopen(f);
    fixture_admit(f, a, three, 3, true);
    fixture_admit(f, b, NULL, 0, true);
    fixture_admit(f, b, three, 1, false);
    assert_int_equal(f->counts[ADMIT_NEW], 1);
}

static void refuses_entries_of_a_feed_that_is_gone(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    assert_int_equal(store_feed_remove(f->store, feed, &f->err), OK);
    fixture_admit(f, feed, three, 3, true);
    assert_int_equal(f->admit_err.code, E_NOT_FOUND);
    assert_int_equal(pending_count(f), 0);
}

static void refuses_what_is_no_record_and_goes_on(void **state)
{
    struct fixture *f = *state;
    int64_t id = fixture_feed(f, "https://example.org/feed");
    struct store_feed feed = {.id = id, .url = "https://example.org/feed", .etag = "\"never\""};
    struct bytes entries[2] = {fixture_entry(f, &three[0], 0), LIT("\1\2\3\4\5\6\7\x08\x09")};

    store_admit(f->store, &feed, entries, 2, true, fixture_on_admitted, f);
    while (!f->called)
        uv_run(&f->loop, UV_RUN_ONCE);
    assert_int_equal(f->admit_err.code, E_FORMAT);
    fixture_admit(f, id, three, 3, true);
    assert_int_equal(f->counts[ADMIT_NEW], 3);
}

static void keeps_the_last_snapshot_of_a_stage(void **state)
{
    struct fixture *f = *state;
    struct bytes saved;
    uint64_t sequence;

    assert_int_equal(
        store_snapshot_get(f->store, f->arena, "neardup", &sequence, &saved, &f->err), E_NOT_FOUND);
    store_snapshot(f->store, "neardup", 7, LIT("seven"));
    store_snapshot(f->store, "neardup", 9, LIT("nine\0nine"));
    fixture_reopen(f);
    assert_int_equal(
        store_snapshot_get(f->store, f->arena, "neardup", &sequence, &saved, &f->err), OK);
    assert_int_equal(sequence, 9);
    assert_true(bytes_equal(saved, LIT("nine\0nine")));
}

static int sum_topics(void *ctx, const char *topic, uint64_t sequence)
{
    assert_true(bytes_starts(bytes_of(topic), LIT("all/")));
    *(uint64_t *)ctx += sequence;
    return 0;
}

static void tells_the_last_sequence_of_each_topic(void **state)
{
    struct fixture *f = *state;
    uint64_t sum = 0;

    fixture_commit_topic(f, 0, "a", "all/article.new/en/");
    fixture_commit_topic(f, 0, "b", "all/article.new/de/");
    fixture_commit_topic(f, 0, "c", "all/article.new/en/");
    fixture_wait(f, 3);
    assert_int_equal(store_topics(f->store, sum_topics, &sum, &f->err), OK);
    assert_int_equal(sum, 5);
}

static void finishes_what_was_asked_before_it_closes(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 500; i++)
        fixture_commit(f, 0, "f0000001");
    fixture_reopen(f);
    assert_int_equal(f->committed_count, 500);
    for (size_t i = 0; i < 500; i++)
        assert_int_equal(f->sequences[i], i + 1);
    assert_int_equal(store_log_state(f->store).head, 500);
}

static void lets_no_second_daemon_in(void **state)
{
    struct fixture *f = *state;
    struct store *second;

    assert_int_equal(store_open(&f->loop, &f->conf, &second, &f->err), E_REFUSED);
    assert_non_null(strstr(f->err.text, "in use by another daemon"));
}

static void says_when_the_file_is_no_store(void **state)
{
    struct fixture *f = *state;
    struct store *store;
    FILE *file;

    store_close(f->store);
    f->store = NULL;
    uv_run(&f->loop, UV_RUN_DEFAULT);
    fixture_unlink(f);
    file = fopen(f->path, "w");
    assert_non_null(file);
    fputs("These are not the bytes of a database, whatever its name may say.\n", file);
    for (int i = 0; i < 100; i++)
        fputs("padding padding padding padding\n", file);
    fclose(file);
    assert_int_equal(store_open(&f->loop, &f->conf, &store, &f->err), E_FORMAT);
    assert_non_null(strstr(f->err.text, "is not a database"));
    assert_int_equal(uv_loop_close(&f->loop), 0);
}

static void says_when_the_file_is_of_another_program(void **state)
{
    struct fixture *f = *state;
    struct store *store;
    sqlite3 *db;

    store_close(f->store);
    f->store = NULL;
    uv_run(&f->loop, UV_RUN_DEFAULT);
    fixture_unlink(f);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE a (b)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(store_open(&f->loop, &f->conf, &store, &f->err), E_FORMAT);
    assert_non_null(strstr(f->err.text, "of another program"));
    assert_int_equal(uv_loop_close(&f->loop), 0);
}

static void says_which_file_it_cannot_open(void **state)
{
    struct fixture *f = *state;
    struct store *store;

    f->conf.store.path = "/nonexistent/wireroom.db";
    assert_int_equal(store_open(&f->loop, &f->conf, &store, &f->err), E_SYSTEM);
    assert_non_null(strstr(f->err.text, "/nonexistent/wireroom.db"));
}

static void says_when_the_file_is_from_a_newer_version(void **state)
{
    struct fixture *f = *state;
    struct store *store;
    sqlite3 *db;

    store_close(f->store);
    f->store = NULL;
    uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 999", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(store_open(&f->loop, &f->conf, &store, &f->err), E_FORMAT);
    assert_non_null(strstr(f->err.text, "newer wireroom (schema 999"));
    assert_int_equal(uv_loop_close(&f->loop), 0);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(admits_new_entries_oldest_first),
        STORE_TEST(knows_all_entries_at_the_next_poll),
        STORE_TEST(keeps_pending_entries_until_they_are_committed),
        STORE_TEST(goes_on_counting_after_it_is_opened_again),
        STORE_TEST(gives_each_topic_its_own_previous_sequence),
        STORE_TEST(writes_a_whole_cloud_event),
        STORE_TEST(reads_events_by_page),
        STORE_TEST(finds_an_article_by_uri_and_by_any_address),
        STORE_TEST(lists_an_article_of_two_feeds_once_with_both),
        STORE_TEST(says_both_feeds_of_a_pending_entry_after_a_restart),
        STORE_TEST(publishes_one_edit_that_two_feeds_show_once),
        STORE_TEST(publishes_one_edit_that_two_feeds_word_differently_once),
        STORE_TEST(never_lets_guids_of_two_feeds_meet),
        STORE_TEST(an_entry_that_was_not_read_is_what_its_hash_stood_for),
        STORE_TEST(brings_versions_out_in_order),
        STORE_TEST(releases_a_version_when_the_one_before_is_dropped),
        STORE_TEST(ends_an_entry_only_once),
        STORE_TEST(keeps_a_quarantined_entry_readable_but_not_pending),
        STORE_TEST(keeps_counters_that_add_up),
        STORE_TEST(marks_a_first_document_or_publishes_its_newest),
        STORE_TEST(counts_an_empty_first_document_as_seen),
        STORE_TEST(publishes_in_another_feed_what_was_only_marked),
        STORE_TEST(refuses_entries_of_a_feed_that_is_gone),
        STORE_TEST(refuses_what_is_no_record_and_goes_on),
        STORE_TEST(keeps_the_last_snapshot_of_a_stage),
        STORE_TEST(tells_the_last_sequence_of_each_topic),
        STORE_TEST(finishes_what_was_asked_before_it_closes),
        STORE_TEST(lets_no_second_daemon_in),
        STORE_TEST(says_when_the_file_is_no_store),
        STORE_TEST(says_when_the_file_is_of_another_program),
        STORE_TEST(says_which_file_it_cannot_open),
        STORE_TEST(says_when_the_file_is_from_a_newer_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
