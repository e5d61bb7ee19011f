/* test_event.c - what the daemon knows of an article gets into the published data. */
#include "unit/test.h"

#include "base/clock.h"
#include "base/json.h"
#include "flow/event.h"

static int setup(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static struct wr_record *article(struct arena *arena)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_ID, LIT("urn:uuid:5f0c1c1e-6a63-5b0e-9d3e-0a9e2b7d4c11"));
    record_set(rec, WR_URL, LIT("https://www.example-times.com:8443/world/bridge"));
    record_set(rec, WR_TITLE, LIT("Harbour bridge closed"));
    record_set(rec, WR_LANGUAGE, LIT("en-GB"));
    record_set(rec, REC_FEED_ID, LIT("f0000007"));
    record_set(rec, REC_FEED_URL, LIT("https://www.example-times.com/rss"));
    record_add(rec, REC_SEEN_IN, LIT("f0000007\t2026-03-14T09:26:57.911Z"));
    record_add(rec, REC_SEEN_IN, LIT("f0000009\t2026-03-14T09:27:01.000Z"));
    record_add(rec, REC_TRACE, LIT("extract\t1500\terror"));
    record_add(rec, REC_NOTE, LIT("extract\tworker died: signal 11"));
    record_set(rec, REC_PAGE_ERROR, LIT("HTTP status 503"));
    return rec;
}

static const struct json *data_of(
    struct arena *arena, struct wr_record *rec, struct store_event *event)
{
    struct buf data = {0};
    struct json *json = NULL;

    assert_true(event_of_record(NULL, rec, event, &data));
    assert_int_equal(json_parse(arena, event->data, &json, NULL), OK);
    buf_done(&data);
    return json;
}

static void topic_is_channel_type_and_primary_language(void **state)
{
    struct wr_record *rec = article(*state);
    struct store_event event = {0};

    data_of(*state, rec, &event);
    assert_string_equal(event.topic, "all/article.new/en/");
    assert_string_equal(event.subject, "urn:uuid:5f0c1c1e-6a63-5b0e-9d3e-0a9e2b7d4c11");
    record_set(rec, WR_LANGUAGE, LIT("../x"));
    data_of(*state, rec, &event);
    assert_string_equal(event.topic, "all/article.new/und/");
}

static void tells_publisher_feeds_and_what_went_wrong(void **state)
{
    struct store_event event = {0};
    const struct json *data = data_of(*state, article(*state), &event);
    const struct json *stage = json_get(data, "stages")->first;

    assert_bytes(json_get_text(json_get(data, "source"), "domain"), "example-times.com");
    assert_bytes(json_get_text(json_get(data, "seenIn")->first->next, "feedId"), "f0000009");
    assert_bytes(json_get_text(json_get(data, "extraction"), "status"), "failed");
    assert_bytes(json_get_text(json_get(data, "extraction"), "error"), "HTTP status 503");
    assert_bytes(json_get_text(stage, "status"), "error");
    assert_bytes(json_get_text(stage, "note"), "worker died: signal 11");
    assert_bytes(json_get_text(stage, "ms"), "1.500");
}

static void words_of_a_feed_are_the_feed_s(void **state)
{
    struct store_event event = {0};
    struct wr_record *rec = article(*state);

    record_set(rec, REC_FEED_URL, LIT("https://www.evil.example/rss"));
    assert_bytes(
        json_get_text(json_get(data_of(*state, rec, &event), "source"), "domain"), "evil.example");
    record_set(rec, WR_STATUS, LIT("feed-only"));
    assert_bytes(
        json_get_text(json_get(data_of(*state, rec, &event), "source"), "domain"), "evil.example");
    record_set(rec, WR_STATUS, LIT("full"));
    assert_bytes(json_get_text(json_get(data_of(*state, rec, &event), "source"), "domain"),
        "example-times.com");
    record_set(rec, WR_STATUS, LIT("feed-only"));
    record_set(rec, REC_FEED_URL, LIT("https://rss.example-times.com/all"));
    assert_bytes(json_get_text(json_get(data_of(*state, rec, &event), "source"), "domain"),
        "example-times.com");
}

static void an_event_over_its_limit_is_refused(void **state)
{
    struct store_event event = {0};
    struct buf data = {.limit = 200};

    assert_false(event_of_record(NULL, article(*state), &event, &data));
    buf_done(&data);
}

static void a_feed_that_fails_says_since_when_and_why(void **state)
{
    const struct store_feed feed = {.id = 7,
        .url = "https://a.example/rss",
        .state = FEED_FAILING,
        .state_since = 1773480417911000,
        .http_status = 503,
        .error = "HTTP status 503",
        .failures = 3};
    struct store_event event = {.subject = "f0000007"};
    struct buf data = {0};
    struct json *json;

    event_of_feed(&feed, FEED_OK, &event, &data);
    assert_int_equal(json_parse(*state, event.data, &json, NULL), OK);
    assert_bytes(json_get_text(json, "state"), "failing");
    assert_bytes(json_get_text(json, "previousState"), "ok");
    assert_bytes(json_get_text(json, "since"), "2026-03-14T09:26:57.911Z");
    assert_null(json_get(json, "lastSuccess"));
    buf_done(&data);
}

static void a_silent_feed_says_for_how_long_and_what_it_was_expected_to_do(void **state)
{
    const struct store_feed feed = {.url = "https://a.example/rss",
        .state = FEED_SILENT,
        .last_new = 1773480417000000 - 7200 * (int64_t)SECOND,
        .state_since = 1773480417000000,
        .mean_gap = 1740 * (int64_t)SECOND};
    struct store_event event = {.subject = "f0000007"};
    struct buf data = {0};
    struct json *json;

    event_of_feed(&feed, FEED_OK, &event, &data);
    assert_int_equal(json_parse(*state, event.data, &json, NULL), OK);
    assert_bytes(json_get_text(json, "state"), "silent");
    assert_int_equal(json_get_int(json, "silentFor", 0), 7200);
    assert_int_equal(json_get_int(json, "expectedInterval", 0), 1740);
    buf_done(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            topic_is_channel_type_and_primary_language, setup, teardown),
        cmocka_unit_test_setup_teardown(tells_publisher_feeds_and_what_went_wrong, setup, teardown),
        cmocka_unit_test_setup_teardown(words_of_a_feed_are_the_feed_s, setup, teardown),
        cmocka_unit_test_setup_teardown(an_event_over_its_limit_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_feed_that_fails_says_since_when_and_why, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_silent_feed_says_for_how_long_and_what_it_was_expected_to_do, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
