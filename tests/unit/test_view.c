/* test_view.c - what is told of feeds, polls and records that were put aside: members, their types,
 * and that each line is JSON whatever is in it. */
#include "unit/test.h"

#include "poll/state.h"
#include "record/record.h"
#include "view/view.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct buf text;
static struct json_writer writer;

static struct json_writer *begin(void)
{
    buf_clear(&text);
    writer = (struct json_writer){.out = &text};
    json_begin_object(&writer, NULL);
    return &writer;
}

/* What was written since begin(), read as a client reads it. */
static const struct json *end(void)
{
    struct json *json = NULL;
    struct error err = {0};

    json_end_object(&writer);
    if (json_parse(arena, buf_bytes(&text), &json, &err) != OK)
        fail_msg("%s: %s", err.text, buf_cstr(&text));
    return json;
}

static const int64_t second = 1000000;

static void a_feed_has_all_its_members(void **state)
{
    const struct store_feed feed = {.id = 42,
        .url = "http://news.example/rss",
        .title = "The \"Times\"\n",
        .tags = "sport,en",
        .origin = "cli",
        .state_since = 1773480417 * second,
        .interval = 90 * second + 500000,
        .last_success = 1773480417 * second,
        .failures = 3,
        .http_status = 500,
        .error = "status 500",
        .diagnosed = true};
    static const struct {
        const char *member, *value;
    } want[] = {{"id", "f0000042"}, {"url", "http://news.example/rss"},
        {"title", "The \"Times\"\n"}, {"tags", "sport,en"}, {"origin", "cli"},
        {"stateSince", "2026-03-14T09:26:57.000Z"}, {"interval", "90.500"},
        {"lastSuccess", "2026-03-14T09:26:57.000Z"}, {"failures", "3"}, {"httpStatus", "500"},
        {"error", "status 500"}};
    const struct json *json;

    (void)state;
    view_feed(&feed, begin());
    json = end();
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
        assert_bytes(json_get_text(json, want[i].member), want[i].value);
    assert_true(json_get_bool(json, "diagnosed", false));
    assert_int_equal(json_get(json, "nextPoll")->type, JSON_NULL);
    assert_int_equal(json_get(json, "lastNew")->type, JSON_NULL);
    assert_int_equal(json_get(json, "id")->type, JSON_STRING);
}

/* Of a feed at rest most is not known: it is told all the same, and as null. */
static void what_is_not_known_is_null(void **state)
{
    const struct store_feed feed = {.id = 1, .url = "http://a/"};
    static const char *const members[] = {
        "title", "tags", "origin", "error", "nextPoll", "lastSuccess", "lastNew", "stateSince"};
    const struct json *json;

    (void)state;
    view_feed(&feed, begin());
    json = end();
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        assert_int_equal(json_get(json, members[i])->type, JSON_NULL);
}

static void what_never_answered_is_new(void **state)
{
    (void)state;
    for (int i = 0; i < FEED_STATES; i++) {
        const struct store_feed feed = {.id = 1, .url = "http://a/", .state = i};

        view_feed(&feed, begin());
        assert_bytes(json_get_text(end(), "state"), i == FEED_OK ? "new" : feed_state_name(i));
    }
}

static void every_state_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < FEED_STATES; i++) {
        const struct store_feed feed = {.id = 1, .url = "http://a/", .state = i, .last_success = 1};
        const struct json *json;

        view_feed(&feed, begin());
        json = end();
        assert_bytes(json_get_text(json, "state"), feed_state_name(i));
        for (int other = 0; other < i; other++)
            assert_string_not_equal(feed_state_name(i), feed_state_name(other));
    }
}

static void a_diagnosis_has_its_place_when_it_has_one(void **state)
{
    static const struct {
        const char *line, *row, *column, *what;
    } cases[] = {
        {"2\t40\ta bare \"&\"", "2", "40", "a bare \"&\""},
        {"0\t0\tthe document stops", "", "", "the document stops"},
        {"7\t\tno column", "7", "", "no column"},
        {"x\ty\tno numbers", "", "", "no numbers"},
        {"3\t4\ttabs\tin\tit", "3", "4", "tabs\tin\tit"},
        {"3\t4\t", "3", "4", ""},
        {"", "", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct json_writer *w = begin();
        const struct json *json;

        json_begin_array(w, "all");
        view_diagnosis(bytes_of(cases[i].line), w);
        json_end_array(w);
        json = json_get(end(), "all")->first;
        assert_bytes(json_get_text(json, "line"), cases[i].row);
        assert_bytes(json_get_text(json, "column"), cases[i].column);
        assert_bytes(json_get_text(json, "text"), cases[i].what);
    }
}

static void a_poll_has_a_status_or_a_trouble(void **state)
{
    const struct store_polled good = {
        .at = 1773480417, .bytes = 4000000000U, .millis = 65535, .status = 304, .entries = 7};
    const struct store_polled bad = {.at = 1773480417, .status = E_TIMEOUT};
    const struct json *json;

    (void)state;
    view_polled(&good, begin());
    json = end();
    assert_bytes(json_get_text(json, "at"), "2026-03-14T09:26:57.000Z");
    assert_bytes(json_get_text(json, "status"), "304");
    assert_bytes(json_get_text(json, "bytes"), "4000000000");
    assert_bytes(json_get_text(json, "seconds"), "65.535");
    assert_null(json_get(json, "trouble"));
    view_polled(&bad, begin());
    json = end();
    assert_bytes(json_get_text(json, "trouble"), code_name(E_TIMEOUT));
    assert_null(json_get(json, "status"));
}

static struct bytes encoded(const char *title)
{
    struct wr_record *rec = record_new(arena);
    struct buf out = {0};
    struct bytes copy;

    record_set(rec, WR_URL, LIT("http://news.example/1"));
    record_set(rec, WR_TITLE, bytes_of(title));
    record_set(rec, REC_FEED_URL, LIT("http://news.example/rss"));
    record_set(rec, WR_ID, LIT("urn:uuid:1"));
    record_encode(rec, &out);
    copy = bytes_copy(arena, buf_bytes(&out));
    buf_done(&out);
    return copy;
}

static void a_record_put_aside_is_told_short_or_whole(void **state)
{
    const struct quarantined entry = {.pending = 4711,
        .version = 2,
        .feed = 12,
        .record = encoded("Harbour closed"),
        .cause = "it killed two workers",
        .at = 1773480417 * second};
    static const struct {
        const char *member, *value;
    } want[] = {{"id", "4711"}, {"feed", "f0000012"}, {"feedUrl", "http://news.example/rss"},
        {"url", "http://news.example/1"}, {"title", "Harbour closed"}, {"article", "urn:uuid:1"},
        {"version", "2"}, {"cause", "it killed two workers"},
        {"since", "2026-03-14T09:26:57.000Z"}};
    const struct json *json;

    (void)state;
    view_quarantined(&entry, false, begin());
    json = end();
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
        assert_bytes(json_get_text(json, want[i].member), want[i].value);
    assert_null(json_get(json, "record"));
    view_quarantined(&entry, true, begin());
    json = json_get(end(), "record");
    assert_bytes(json_get_text(json, "headline"), "Harbour closed");
    assert_bytes(json_get_text(json, "url"), "http://news.example/1");
}

/* It was put aside because something is wrong with it: that may be its bytes. */
static void a_record_that_cannot_be_read_is_told_all_the_same(void **state)
{
    const struct bytes whole = encoded("Harbour closed");
    struct quarantined entry = {.pending = 1, .cause = "it killed two workers"};

    (void)state;
    for (size_t len = 0; len < whole.len; len++) {
        const struct json *json;

        entry.record = bytes_slice(whole, 0, len);
        view_quarantined(&entry, true, begin());
        json = end();
        assert_bytes(json_get_text(json, "id"), "1");
        assert_true(json_get(json, "record") != NULL || json_get(json, "unreadable") != NULL);
    }
}

/* A long headline is cut between letters: half a letter is no JSON to those who read it. */
static void a_long_headline_is_cut_between_letters(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        struct buf title = {0};
        struct quarantined entry = {.pending = 1, .cause = "x"};
        struct bytes told;

        for (size_t i = 0; i < shift; i++)
            buf_add_byte(&title, 'x');
        for (int i = 0; i < 300; i++)
            buf_add_cstr(&title, "😀");
        entry.record = encoded(buf_cstr(&title));
        view_quarantined(&entry, false, begin());
        told = json_get_text(end(), "title");
        assert_in_range(told.len, 490, 500);
        assert_int_equal((told.len - shift) % 4, 0);
        assert_true(bytes_starts(buf_bytes(&title), told));
        buf_done(&title);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_feed_has_all_its_members),
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(what_never_answered_is_new),
        cmocka_unit_test(every_state_has_a_name_of_its_own),
        cmocka_unit_test(a_diagnosis_has_its_place_when_it_has_one),
        cmocka_unit_test(a_poll_has_a_status_or_a_trouble),
        cmocka_unit_test(a_record_put_aside_is_told_short_or_whole),
        cmocka_unit_test(a_record_that_cannot_be_read_is_told_all_the_same),
        cmocka_unit_test(a_long_headline_is_cut_between_letters),
    };
    int failed = cmocka_run_group_tests(tests, setup, teardown);

    buf_done(&text);
    return failed;
}
