/* test_store.c - what is asked of the store is there after it is opened again, in order and once.
 */
#include <sqlite3.h>

#include "base/json.h"
#include "store/envelope.h"
#include "store/sql.h"
#include "store_fixture.h"
#include "unit/test.h"

static int count_events(void *ctx, const struct committed *event)
{
    assert_true(event->body.len > 0);
    ++*(size_t *)ctx;
    return 0;
}

static int sum_all(void *ctx, const char *topic, uint64_t sequence)
{
    (void)topic;
    *(int64_t *)ctx += (int64_t)sequence;
    return 0;
}

static void keeps_pending_entries_until_they_are_committed(void **state)
{
    struct fixture *f = *state;

    fixture_admit(f, fixture_feed(f, "https://example.org/feed"), fixture_three, 3, true);
    assert_int_equal(fixture_pending_count(f), 3);
    fixture_publish(f);
    assert_int_equal(fixture_pending_count(f), 0);
    assert_int_equal(f->sequences[0], 1);
    assert_int_equal(f->sequences[2], 3);
    fixture_reopen(f);
    assert_int_equal(fixture_pending_count(f), 0);
    assert_int_equal(store_log_state(f->store).first, 1);
    assert_int_equal(store_log_state(f->store).head, 3);
}

/* And so those of one group on the same pages, whatever their addresses. */
static void articles_lie_in_the_order_they_came(void **state)
{
    struct fixture *f = *state;
    struct sql sql;
    struct sql_value last = {0};
    sqlite3_stmt *stmt = NULL;

    fixture_admit(f, fixture_feed(f, "https://example.org/feed"), fixture_three, 3, true);
    fixture_publish(f);
    assert_int_equal(sql_open(&sql, f->path, SQLITE_OPEN_READONLY, &f->err), OK);
    assert_int_equal(
        sqlite3_prepare_v2(sql.db, "SELECT max(rowid) FROM article", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sql_one(&sql, stmt, NULL, &last, 1, &f->err), 1);
    assert_int_equal(last.number, 3);
    sqlite3_finalize(stmt);
    sql_close(&sql);
}

static void sqlite_keeps_no_count_of_memory(void **state)
{
    (void)state;
    assert_int_equal(sqlite3_memory_used(), 0);
}

static void goes_on_counting_after_it_is_opened_again(void **state)
{
    struct fixture *f = *state;
    char epoch[40];

    snprintf(epoch, sizeof(epoch), "%s", store_epoch(f->store));
    assert_int_equal(strlen(epoch), 32);
    fixture_admit(f, fixture_feed(f, "https://example.org/feed"), fixture_three, 3, true);
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

/* The event as fixture_commit_topic() has it, all but the time of its record. */
static char *expected_event(
    struct fixture *f, int sequence, int previous, const char *subject, int64_t time)
{
    char at[CLOCK_TEXT];
    const char *recorded = strstr(f->last_body, "\"recordedtime\":\"");
    const char *source = strstr(f->last_body, "\"source\":\"");

    assert_non_null(recorded);
    assert_non_null(source);
    return bytes_cstr(f->arena,
        bytes_format(f->arena,
            "{\"specversion\":\"1.0\",\"id\":\"%s-%020d\",\"source\":\"%.*s\","
            "\"type\":\"wireroom.article.new.v1\",\"subject\":\"%s\",\"time\":\"%s\","
            "\"recordedtime\":\"%.24s\",\"sequence\":\"%020d\",\"prevsequence\":\"%020d\","
            "\"partitionkey\":\"%s\",\"datacontenttype\":\"application/json\","
            "\"dataschema\":\"urn:wireroom:schema:event:1\",\"data\":{}}",
            store_epoch(f->store), sequence, (int)strcspn(source + 10, "\""), source + 10, subject,
            clock_format(time, at), recorded + 16, sequence, previous, subject));
}

struct seen_topics {
    char text[2000];
};

/* "SEQUENCE TOPIC PREVSEQUENCE;" as it is published under each of them. */
static int note_topics(void *ctx, const struct committed *event)
{
    struct seen_topics *seen = ctx;
    size_t len = strlen(seen->text);

    for (size_t i = 0; i <= event->further_count; i++) {
        struct buf body = {.limit = 4096};
        const char *previous;

        if (i == 0)
            buf_add(&body, event->body);
        else
            assert_true(envelope_of_topic(event->body, event->further[i - 1].previous, &body));
        assert_int_equal(body.len, event->body.len);
        previous = strstr(buf_cstr(&body), "\"prevsequence\":\"");
        assert_non_null(previous);
        len += (size_t)snprintf(seen->text + len, sizeof(seen->text) - len, "%d %s %ld;",
            (int)event->sequence, i == 0 ? event->topic : event->further[i - 1].name,
            strtol(previous + 16, NULL, 10));
        buf_done(&body);
    }
    return 0;
}

static void on_event_seen(void *ctx, const struct committed *event)
{
    note_topics(ctx, event);
}

static void commit_further(
    struct fixture *f, const char *subject, const char *topic, const char *const *further)
{
    struct store_event event = {.type = "article.new",
        .topic = topic,
        .further = further,
        .subject = subject,
        .time = 1773480300000000,
        .data = LIT("{}")};

    store_commit(f->store, &event, fixture_on_committed, f);
    fixture_wait(f, f->committed_count + 1);
}

static void an_event_of_one_topic_is_what_it_was(void **state)
{
    struct fixture *f = *state;

    commit_further(f, "a", "all/article.new/en/", NULL);
    assert_string_equal(f->last_body, expected_event(f, 1, 0, "a", 1773480300000000));
    commit_further(f, "\\\"prevsequence", "all/article.new/de/", NULL);
    commit_further(f, "a", "all/article.new/en/", NULL);
    assert_string_equal(f->last_body, expected_event(f, 3, 1, "a", 1773480300000000));
}

static void gives_each_further_topic_its_own_previous_sequence(void **state)
{
    static const char *const sport[] = {"sport/article.new/en/", NULL};
    static const char *const both[] = {"sport/article.new/en/", "oslo/article.new/en/",
        "sport/article.new/en/", "all/x/en/", NULL};
    static const char expected[] =
        "1 all/x/en/ 0;1 sport/article.new/en/ 0;"
        "2 all/x/en/ 1;"
        "3 all/x/en/ 2;3 sport/article.new/en/ 1;3 oslo/article.new/en/ 0;"
        "4 all/y/en/ 0;4 sport/article.new/en/ 3;";
    struct fixture *f = *state;
    struct seen_topics live = {""};
    struct seen_topics replayed = {""};
    struct seen_topics later = {""};
    int64_t sum = 0;

    store_set_committed(f->store, on_event_seen, &live);
    commit_further(f, "\"prevsequence\":\"x", "all/x/en/", sport);
    commit_further(f, "b", "all/x/en/", NULL);
    commit_further(f, "c", "all/x/en/", both);
    fixture_reopen(f);
    store_set_committed(f->store, on_event_seen, &live);
    commit_further(f, "d", "all/y/en/", sport);
    assert_string_equal(live.text, expected);
    assert_int_equal(store_events(f->store, 0, 100, note_topics, &replayed, &f->err), OK);
    assert_string_equal(replayed.text, expected);
    assert_int_equal(store_events(f->store, 2, 1, note_topics, &later, &f->err), OK);
    assert_non_null(strstr(later.text, "3 oslo/article.new/en/ 0;")); /* limits are of events */
    assert_null(strstr(later.text, "4 "));
    assert_int_equal(store_topics(f->store, sum_all, &sum, &f->err), OK);
    assert_int_equal(sum, 3 + 4 + 3 + 4);
}

static int note_topic(void *ctx, const struct committed *event)
{
    struct buf *topics = ctx;

    buf_printf(topics, "%d %s,", (int)event->sequence, event->topic);
    return 0;
}

/* The first pending entry ends with an event and two that go with it. */
static const char *commit_three(struct fixture *f, int64_t pending, struct buf *topics)
{
    const struct store_event also[] = {{.type = "story.new",
                                           .topic = "all/story.new/en/",
                                           .subject = "urn:uuid:1",
                                           .data = LIT("{}")},
        {.type = "story.closed",
            .topic = "all/story.closed/en/",
            .subject = "urn:uuid:2",
            .data = LIT("{}")}};
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = "urn:uuid:3",
        .pending = pending,
        .data = LIT("{}"),
        .also = also,
        .also_count = 2};

    store_commit(f->store, &event, NULL, NULL);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, f->committed_count + 1);
    buf_clear(topics);
    assert_int_equal(store_events(f->store, 0, 10, note_topic, topics, &f->err), OK);
    return buf_cstr(topics);
}

static void events_that_go_with_another_come_right_behind_it(void **state)
{
    struct fixture *f = *state;
    struct buf topics = {0};

    fixture_admit(f, fixture_feed(f, "https://example.org/feed"), fixture_three, 1, true);
    assert_non_null(strstr(commit_three(f, f->pending[0], &topics),
        "1 all/article.new/en/,2 all/story.new/en/,3 all/story.closed/en/,4 "));
    assert_int_equal(fixture_pending_count(f), 0);
    fixture_reopen(f);
    assert_int_equal(store_log_state(f->store).head, 4);
    buf_done(&topics);
}

static void the_newest_event_of_each_story_is_found(void **state)
{
    struct fixture *f = *state;
    const struct store_event first = {.type = "story.new",
        .topic = "all/story.new/en/",
        .subject = "urn:uuid:1",
        .data = LIT("{}")};
    struct store_event second = first, other = first;
    struct buf topics = {0};

    second.type = "story.updated";
    second.topic = "all/story.updated/en/";
    other.subject = "urn:uuid:2";
    store_commit(f->store, &first, NULL, NULL);
    store_commit(f->store, &other, NULL, NULL);
    store_commit(f->store, &second, NULL, NULL);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 1);
    assert_int_equal(store_stories(f->store, 0, 10, note_topic, &topics, &f->err), OK);
    assert_string_equal(buf_cstr(&topics), "3 all/story.updated/en/,2 all/story.new/en/,");
    buf_clear(&topics);
    assert_int_equal(store_stories(f->store, 3, 10, note_topic, &topics, &f->err), OK);
    assert_string_equal(buf_cstr(&topics), "2 all/story.new/en/,");
    buf_done(&topics);
}

static void events_that_go_with_one_that_failed_do_not_come(void **state)
{
    struct fixture *f = *state;
    struct buf topics = {0};

    assert_null(strstr(commit_three(f, 4711, &topics), "story"));
    assert_int_equal(store_log_state(f->store).head, 1);
    buf_done(&topics);
}

static void further_topics_leave_with_their_events(void **state)
{
    static const char *const sport[] = {"sport/article.new/en/", NULL};
    struct fixture *f = *state;
    struct sql sql;
    sqlite3_stmt *stmt = NULL;
    struct seen_topics seen = {""};

    for (int i = 0; i < 5; i++)
        commit_further(f, "a", "all/x/en/", sport);
    assert_int_equal(sql_open(&sql, f->path, SQLITE_OPEN_READWRITE, &f->err), OK);
    assert_int_equal(
        sql_exec(&sql, "UPDATE event SET recorded = 0 WHERE sequence <= 3", &f->err), OK);
    store_trim(f->store);
    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(store_log_state(f->store).first, 4);
    assert_int_equal(sqlite3_prepare_v2(sql.db, "SELECT min(sequence), count(*) FROM event_topic",
                         -1, &stmt, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(stmt, 0), 4);
    assert_int_equal(sqlite3_column_int(stmt, 1), 2);
    sqlite3_finalize(stmt);
    sql_close(&sql);
    assert_int_equal(store_events(f->store, 0, 100, note_topics, &seen, &f->err), OK);
    assert_string_equal(seen.text, "4 all/x/en/ 3;4 sport/article.new/en/ 3;"
                                   "5 all/x/en/ 4;5 sport/article.new/en/ 4;");
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

/* As when a group is in the file and its writer has not said so yet. */
static void no_page_goes_behind_the_head(void **state)
{
    struct fixture *f = *state;
    size_t count = 0;
    sqlite3 *db;

    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 1);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                         "INSERT INTO event (sequence, topic, subject, recorded, feed, body)"
                         " SELECT 2, topic, subject, recorded, feed, body FROM event",
                         NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(store_log_state(f->store).head, 1);
    assert_int_equal(store_events(f->store, 0, 100, count_events, &count, &f->err), OK);
    assert_int_equal(count, 1);
}

static void finds_an_article_by_uri_and_by_any_address(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct item item = fixture_three[0];
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
    assert_int_equal(store_article(f->store, uri, 0, 100, count_events, &count, &f->err), OK);
    assert_int_equal(count, 2);
    assert_int_equal(store_article(f->store, "http://www.Example.org/3/?utm_source=rss", 0, 100,
                         count_events, &count, &f->err),
        OK);
    assert_int_equal(store_article(f->store, "https://example.org/moved/3", 0, 100, count_events,
                         &count, &f->err),
        OK);
    assert_int_equal(count, 6);
    assert_int_equal(
        store_article(f->store, "https://example.org/4", 0, 100, count_events, &count, &f->err),
        E_NOT_FOUND);
    assert_int_equal(
        store_article(f->store, "urn:uuid:x", 0, 100, count_events, &count, &f->err), E_NOT_FOUND);
}

static void brings_versions_out_in_order(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct item item = fixture_three[0];
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
    struct item item = fixture_three[0];
    int64_t row;

    fixture_admit(f, feed, &item, 1, true);
    row = f->pending[0];
    item.body = "second";
    fixture_admit(f, feed, &item, 1, false);
    fixture_commit(f, f->pending[0], "second");
    store_drop(f->store, row, "headline", LIT(""));
    fixture_wait(f, 1);
    assert_int_equal(f->commit_codes[0], OK);
    assert_int_equal(fixture_counter(f, "dropped.headline"), 1);
}

static void ends_an_entry_only_once(void **state)
{
    struct fixture *f = *state;

    fixture_admit(f, fixture_feed(f, "https://example.org/feed"), fixture_three, 1, true);
    fixture_commit(f, f->pending[0], "x");
    fixture_commit(f, f->pending[0], "x");
    fixture_wait(f, 2);
    assert_int_equal(f->commit_codes[0], OK);
    assert_int_equal(f->commit_codes[1], E_NOT_FOUND);
    assert_int_equal(store_log_state(f->store).head, 1);
}

/* Parts as "number:sequence:text " of a stage. */
static struct bytes parts_of(struct fixture *f, const char *stage)
{
    struct bytes all = {NULL, 0};
    struct bytes saved;
    uint64_t sequence;
    uint64_t number = 0;

    while (
        store_snapshot_next(f->store, f->arena, stage, &number, &sequence, &saved, &f->err) == OK)
        all = bytes_format(
            f->arena, "%.*s%d:%d:%.*s ", FMT(all), (int)number, (int)sequence, FMT(saved));
    assert_int_equal(f->err.code, E_NOT_FOUND);
    return all;
}

static void keeps_the_last_saves_of_a_stage(void **state)
{
    struct fixture *f = *state;

    assert_bytes(parts_of(f, "neardup"), "");
    store_snapshot(f->store, "neardup", 7, LIT("seven"), 1);
    store_snapshot(f->store, "story", 7, LIT("other"), 1);
    store_snapshot(f->store, "neardup", 9, LIT("nine"), 1);
    fixture_reopen(f);
    assert_bytes(parts_of(f, "neardup"), "2:9:nine ");
    store_snapshot(f->store, "neardup", 12, LIT("a"), 2);
    store_snapshot(f->store, "neardup", 14, LIT("b"), 3);
    fixture_reopen(f);
    assert_bytes(parts_of(f, "neardup"), "2:9:nine 3:12:a 4:14:b ");
    store_snapshot(f->store, "neardup", 20, LIT(""), 3); /* nothing new since */
    store_snapshot(f->store, "nobody", 20, LIT(""), 1);
    fixture_reopen(f);
    assert_bytes(parts_of(f, "neardup"), "2:9:nine 3:12:a 4:20:b ");
    store_snapshot(f->store, "neardup", 21, LIT("all of it"), 1);
    fixture_reopen(f);
    assert_bytes(parts_of(f, "neardup"), "5:21:all of it ");
    assert_bytes(parts_of(f, "story"), "1:7:other ");
    assert_bytes(parts_of(f, "nobody"), "");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(keeps_pending_entries_until_they_are_committed),
        STORE_TEST(articles_lie_in_the_order_they_came),
        STORE_TEST(sqlite_keeps_no_count_of_memory),
        STORE_TEST(goes_on_counting_after_it_is_opened_again),
        STORE_TEST(gives_each_topic_its_own_previous_sequence),
        STORE_TEST(writes_a_whole_cloud_event),
        STORE_TEST(an_event_of_one_topic_is_what_it_was),
        STORE_TEST(gives_each_further_topic_its_own_previous_sequence),
        STORE_TEST(events_that_go_with_another_come_right_behind_it),
        STORE_TEST(events_that_go_with_one_that_failed_do_not_come),
        STORE_TEST(the_newest_event_of_each_story_is_found),
        STORE_TEST(further_topics_leave_with_their_events),
        STORE_TEST(reads_events_by_page),
        STORE_TEST(no_page_goes_behind_the_head),
        STORE_TEST(finds_an_article_by_uri_and_by_any_address),
        STORE_TEST(brings_versions_out_in_order),
        STORE_TEST(releases_a_version_when_the_one_before_is_dropped),
        STORE_TEST(ends_an_entry_only_once),
        STORE_TEST(keeps_the_last_saves_of_a_stage),
        STORE_TEST(tells_the_last_sequence_of_each_topic),
        STORE_TEST(finishes_what_was_asked_before_it_closes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
