/* test_record_json.c - a record becomes a published article's members, and comes back. */
#include "unit/test.h"

#include "base/clock.h"
#include "record/record_json.h"

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

static const struct json *written(struct arena *arena, const struct wr_record *rec)
{
    struct buf out = {0};
    struct json_writer w = {.out = &out};
    struct json *json = NULL;

    json_begin_object(&w, NULL);
    record_to_json(rec, &w);
    json_end_object(&w);
    assert_int_equal(json_parse(arena, buf_bytes(&out), &json, NULL), OK);
    buf_done(&out);
    return json;
}

static void comes_back_from_its_json_as_it_was(void **state)
{
    static const int fields[] = {
        WR_ID, WR_URL, WR_TITLE, WR_TEXT, WR_LANGUAGE, WR_SAME_AS, WR_RELATION, WR_BYLINE};
    struct wr_record *rec = record_new(*state);
    struct wr_record *back = record_new(*state);

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        record_set(rec, fields[i], bytes_format(*state, "value %zu", i));
    record_add(rec, WR_AUTHOR, LIT("Ana Lund"));
    record_add(rec, WR_AUTHOR, LIT("Per Holm"));
    record_set_int(rec, REC_VERSION, 4);
    record_set_int(rec, REC_FIRST_SEEN, 1710408417911000);
    wr_set_extra(rec, "mood.score", (wr_str){"0.4", 3});
    record_from_json(written(*state, rec), back);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        assert_true(bytes_equal(record_get(back, fields[i]), record_get(rec, fields[i])));
    assert_int_equal(wr_count(back, WR_AUTHOR), 2);
    assert_bytes(record_get_at(back, WR_AUTHOR, 1), "Per Holm");
    assert_int_equal(record_get_int(back, REC_VERSION, 0), 4);
    assert_int_equal(record_get_int(back, REC_FIRST_SEEN, 0), 1710408417911000);
    assert_memory_equal(wr_get_extra(back, "mood.score").ptr, "0.4", 3);
}

static void what_stages_learned_comes_back_as_it_was(void **state)
{
    static const struct {
        int field;
        const char *value;
    } values[] = {{WR_ORIGIN, "Reuters"}, {WR_ORIGIN_BASIS, "byline"},
        {WR_ORIGIN_CONFIDENCE, "0.95"}, {WR_DATELINE, "BERGEN (Reuters)"}, {WR_LEAD, "It rained."},
        {WR_RIGHTS, "(c) Harbour News"}, {WR_NAME, "person\t3\tAna Lund"},
        {WR_NAME, "place\t1\tBergen"}, {WR_KEYWORD, "weather"}, {WR_TERM, "0.90\train"},
        {WR_QUOTE, "4\t9\tAna Lund\tI do\tnot."}, {WR_QUOTE, "14\t19\t\tWe do."},
        {WR_DATE, "2026-03-14\tyesterday"}};
    struct wr_record *rec = record_new(*state);
    struct wr_record *back = record_new(*state);
    const struct json *json;

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        record_add(rec, values[i].field, bytes_of(values[i].value));
    json = written(*state, rec);
    assert_bytes(json_get_text(json_get(json, "origin"), "basis"), "byline");
    assert_bytes(json_get_text(json_get(json, "entities")->first, "name"), "Ana Lund");
    assert_int_equal(json_get_int(json_get(json, "entities")->first, "count", 0), 3);
    assert_bytes(json_get_text(json_get(json, "dates")->first, "date"), "2026-03-14");
    record_from_json(json, back);
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        assert_bytes(
            record_get_at(back, values[i].field, i > 0 && values[i].field == values[i - 1].field),
            values[i].value);
}

#define STORY_URI "urn:uuid:0d6f2b52-33aa-5c0f-8a57-61f0f3f7b001"

static void a_story_comes_back_as_it_was(void **state)
{
    static const struct {
        int field;
        const char *value;
    } values[] = {{WR_STORY, STORY_URI}, {WR_STORY_HEADLINE, "Ferry strikes bridge"},
        {WR_STORY_STATE, "developing"}, {WR_STORY_ROLE, "follow"}, {WR_STORY_FIRST, STORY_URI},
        {WR_STORY_SINCE, "2026-03-14T09:14:03.000Z"}, {WR_STORY_ARTICLES, "7"},
        {WR_STORY_PUBLISHERS, "5"}, {WR_STORY_INDEPENDENT, "2"}, {WR_TOPIC, STORY_URI},
        {WR_NEWS, "The bridge is closed."}};
    struct wr_record *rec = record_new(*state);
    struct wr_record *back = record_new(*state);
    const struct json *json;

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        record_add(rec, values[i].field, bytes_of(values[i].value));
    json = written(*state, rec);
    assert_int_equal(json_get_int(json_get(json, "story"), "independent", 0), 2);
    assert_null(json_get(json, "ext"));
    record_from_json(json, back);
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        assert_bytes(record_get(back, values[i].field), values[i].value);
}

static void a_story_that_makes_no_sense_is_left_out(void **state)
{
    struct wr_record *rec = record_new(*state);
    const struct json *story;

    record_set(rec, WR_STORY, LIT(STORY_URI));
    record_set(rec, WR_TOPIC, LIT("sports"));
    record_set(rec, WR_STORY_STATE, LIT("on fire"));
    record_set(rec, WR_STORY_ROLE, LIT("hero"));
    record_set(rec, WR_STORY_ARTICLES, LIT("-3"));
    record_set(rec, WR_STORY_SINCE, LIT("yesterday"));
    story = json_get(written(*state, rec), "story");
    assert_non_null(story);
    assert_ptr_equal(story->first->next, NULL);
    assert_null(json_get(written(*state, rec), "topic"));
    record_set(rec, WR_STORY, LIT("a story"));
    assert_null(json_get(written(*state, rec), "story"));
}

static void posts_make_a_live_blog_of_it(void **state)
{
    static const char posts[] =
        "[{\"published\":\"2026-03-14T09:25:00Z\",\"text\":\"The bridge is open.\"}]";
    struct wr_record *rec = record_new(*state);
    struct wr_record *back = record_new(*state);
    const struct json *json = written(*state, rec);
    wr_str again;

    assert_bytes(json_get_text(json, "kind"), "article");
    assert_null(json_get(json, "posts"));
    wr_set_extra(rec, RECORD_POSTS, (wr_str){posts, sizeof(posts) - 1});
    json = written(*state, rec);
    assert_bytes(json_get_text(json, "kind"), "liveblog");
    assert_bytes(json_get_text(json_get(json, "posts")->first, "text"), "The bridge is open.");
    assert_null(json_get(json, "ext"));
    record_from_json(json, back);
    again = wr_get_extra(back, RECORD_POSTS);
    assert_bytes(((struct bytes){again.ptr, again.len}), posts);
}

static void posts_that_are_no_list_are_left_out(void **state)
{
    struct wr_record *rec = record_new(*state);
    const struct json *json;

    wr_set_extra(rec, RECORD_POSTS, (wr_str){"{\"a\":", 5});
    json = written(*state, rec);
    assert_bytes(json_get_text(json, "kind"), "article");
    assert_null(json_get(json, "posts"));
}

/* 10 MB of text would be a tree of 500 MB. */
static void posts_of_a_million_lists_are_left_out(void **state)
{
    struct arena *arena = arena_new(64 << 20);
    struct wr_record *rec = record_new(arena);
    struct buf posts = {0};
    const struct json *json;

    buf_add_byte(&posts, '[');
    for (int i = 0; i < 3000000; i++)
        buf_add_cstr(&posts, "[],");
    buf_add_cstr(&posts, "[]]");
    wr_set_extra(rec, RECORD_POSTS, (wr_str){posts.ptr, posts.len});
    json = written(*state, rec);
    assert_bytes(json_get_text(json, "kind"), "article");
    buf_done(&posts);
    arena_free(arena);
}

static void dates_are_utc_and_what_is_no_date_is_left_out(void **state)
{
    struct wr_record *rec = record_new(*state);
    const struct json *json;

    record_set(rec, WR_PUBLISHED, LIT("2026-03-14T10:25:00+01:00"));
    record_set(rec, WR_PUBLISHED_PRECISION, LIT("second"));
    record_set(rec, WR_MODIFIED, LIT("yesterday"));
    record_set_int(rec, REC_FIRST_SEEN, 1773480417911000);
    json = written(*state, rec);
    assert_bytes(json_get_text(json, "published"), "2026-03-14T09:25:00.000Z");
    assert_null(json_get(json, "modified"));
    assert_bytes(json_get_text(json, "seenLatency"), "117.9");
}

static void counts_words_and_characters_not_bytes(void **state)
{
    struct wr_record *rec = record_new(*state);
    const struct json *json;

    record_set(rec, WR_TEXT,
        LIT("L\xc3\xa9"
            "a spoke.\nNobody listened"));
    json = written(*state, rec);
    assert_bytes(json_get_text(json, "wordCount"), "4");
    assert_bytes(json_get_text(json, "charCount"), "26");
}

static void reads_rfc_3339_and_nothing_else(void **state)
{
    int64_t wall = 5;

    (void)state;
    assert_true(clock_parse(LIT("2024-03-14T09:26:57.911Z"), &wall));
    assert_int_equal(wall, 1710408417911000);
    assert_true(clock_parse(LIT("2024-03-14T10:26:57.911+0100"), &wall));
    assert_int_equal(wall, 1710408417911000);
    assert_true(clock_parse(LIT("1970-01-02"), &wall));
    assert_int_equal(wall, 86400 * (int64_t)SECOND);
    assert_false(clock_parse(LIT("2024-13-14"), &wall));
    assert_false(clock_parse(LIT("2024-03-14T09:26:57 EST"), &wall));
    assert_false(clock_parse(LIT("-024-03-14"), &wall));
    assert_false(clock_parse(LIT(""), &wall));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(comes_back_from_its_json_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(what_stages_learned_comes_back_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(a_story_comes_back_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(a_story_that_makes_no_sense_is_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(posts_make_a_live_blog_of_it, setup, teardown),
        cmocka_unit_test_setup_teardown(posts_that_are_no_list_are_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(posts_of_a_million_lists_are_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(
            dates_are_utc_and_what_is_no_date_is_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(counts_words_and_characters_not_bytes, setup, teardown),
        cmocka_unit_test(reads_rfc_3339_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
