/* test_record_limits.c - what stages may set in a record, what they are told when they may not, and
 * records that were cut on their way. */
#include "unit/test.h"

#include <stdlib.h>

#include "record/record.h"
#include "record/record_json.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(128 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static wr_str str(const char *text)
{
    return (wr_str){text, strlen(text)};
}

/* So many bytes of text. */
static wr_str long_text(size_t len)
{
    char *text = arena_alloc(arena, len);

    memset(text, 'x', len);
    return (wr_str){text, len};
}

static void a_value_replaces_the_one_before_and_an_empty_one_removes_it(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    wr_set(rec, WR_TITLE, str("A"));
    wr_set(rec, WR_TITLE, str("B"));
    assert_bytes(record_get(rec, WR_TITLE), "B");
    assert_int_equal(wr_count(rec, WR_TITLE), 1);
    wr_set(rec, WR_TITLE, str(""));
    assert_int_equal(wr_count(rec, WR_TITLE), 0);
    assert_int_equal(wr_get(rec, WR_TITLE).len, 0);
    wr_add(rec, WR_KEYWORD, str("a"));
    wr_add(rec, WR_KEYWORD, str(""));
    wr_add(rec, WR_KEYWORD, str("b"));
    assert_int_equal(wr_count(rec, WR_KEYWORD), 2);
    assert_memory_equal(wr_get_at(rec, WR_KEYWORD, 1).ptr, "b", 1);
    assert_int_equal(wr_get_at(rec, WR_KEYWORD, 2).len, 0);
    wr_set(rec, WR_KEYWORD, str("only"));
    assert_int_equal(wr_count(rec, WR_KEYWORD), 1);
    assert_null(rec->refused);
    assert_int_equal(record_room(rec), RECORD_LIMIT - 4);
}

static void what_a_stage_may_not_set_is_told_and_nothing_else(void **state)
{
    static const int fields[] = {0, -1, REC_BODY, REC_FEED_ID, 999, 100000};

    (void)state;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct wr_record *rec = record_new(arena);

        wr_set(rec, fields[i], str("x"));
        wr_add(rec, fields[i], str("x"));
        assert_int_equal(rec->count, 0);
        assert_string_equal(rec->refused,
            bytes_format(arena, "sets the field %d, which there is not", fields[i]).ptr);
    }
}

static void an_extra_has_a_name_of_its_own(void **state)
{
    static const char *const good[] = {"a", "neardup.cluster", "a-b_c.9",
        "0123456789012345678901234567890123456789012345678901234567890123"};
    static const char *const bad[] = {"", "A", "a b", "a/b", "\xc3\xa9", "a\n",
        "01234567890123456789012345678901234567890123456789012345678901234"};
    struct wr_record *rec = record_new(arena);

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        wr_set_extra(rec, good[i], str("x"));
        wr_set_extra(rec, good[i], str("y"));
        assert_int_equal(rec->count, i + 1);
        assert_memory_equal(wr_get_extra(rec, good[i]).ptr, "y", 1);
    }
    assert_null(rec->refused);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        rec->refused = NULL;
        wr_set_extra(rec, bad[i], str("x"));
        assert_non_null(strstr(rec->refused, "which is no name: 1 to 64 of [a-z0-9_.-]"));
    }
    assert_int_equal(rec->count, sizeof(good) / sizeof(good[0]));
    wr_set_extra(rec, "a", str(""));
    assert_int_equal(wr_get_extra(rec, "a").len, 0);
    assert_int_equal(wr_get_extra(rec, "absent").len, 0);
}

/* What takes the place of something needs no room beside it. */
static void there_is_room_for_what_replaces_something(void **state)
{
    struct wr_record *rec = record_new(arena);
    wr_str large = long_text(RECORD_LIMIT / 2 + 1);

    (void)state;
    wr_set(rec, WR_TEXT, large);
    wr_set(rec, WR_TEXT, large);
    assert_null(rec->refused);
    wr_set(rec, WR_TEXT, str(""));
    wr_set_extra(rec, "large", large);
    wr_set_extra(rec, "large", large);
    assert_null(rec->refused);
    wr_set_extra(rec, "large", str(""));
    wr_add(rec, WR_KEYWORD, long_text(RECORD_LIMIT / 2));
    wr_add(rec, WR_KEYWORD, long_text(RECORD_LIMIT / 2));
    wr_set(rec, WR_KEYWORD, large);
    assert_null(rec->refused);
    assert_int_equal(wr_count(rec, WR_KEYWORD), 1);
    assert_int_equal(record_room(rec), RECORD_LIMIT - large.len);
}

static void what_does_not_fit_is_refused_and_what_was_there_stays(void **state)
{
    struct wr_record *rec = record_new(arena);
    wr_str all = long_text(RECORD_LIMIT);

    (void)state;
    wr_set(rec, WR_TITLE, str("A"));
    wr_set_extra(rec, "mark", str("B"));
    wr_set(rec, WR_TITLE, all);
    assert_string_equal(rec->refused, "sets more than a record holds: 16 MiB, and 1024 in a list");
    assert_bytes(record_get(rec, WR_TITLE), "A");
    rec->refused = NULL;
    wr_set_extra(rec, "mark", all);
    assert_non_null(rec->refused);
    assert_memory_equal(wr_get_extra(rec, "mark").ptr, "B", 1);
    wr_add(rec, WR_AUTHOR, all);
    assert_int_equal(wr_count(rec, WR_AUTHOR), 0);
    assert_int_equal(record_room(rec), RECORD_LIMIT - 2);
}

static void the_first_refusal_is_the_one_that_is_told(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    wr_set(rec, 0, str("x"));
    wr_set_extra(rec, "NO", str("x"));
    assert_string_equal(rec->refused, "sets the field 0, which there is not");
}

/* A record as it goes over a pipe. */
static struct bytes encoded(const struct wr_record *rec)
{
    struct buf out = {0};
    struct bytes copy;

    record_encode(rec, &out);
    copy = bytes_copy(arena, buf_bytes(&out));
    buf_done(&out);
    return copy;
}

static void comes_back_from_its_bytes_in_order(void **state)
{
    struct wr_record *rec = record_new(arena);
    struct wr_record *back = NULL;
    struct error err = {0};

    (void)state;
    wr_add(rec, WR_AUTHOR, str("Ana"));
    wr_set_extra(rec, "own", str("1"));
    wr_add(rec, WR_AUTHOR, str("Bo"));
    record_set_int(rec, REC_VERSION, -123456789012);
    record_set(rec, REC_BODY, (struct bytes){"\0\n\xff", 3});
    assert_int_equal(record_decode(arena, encoded(rec), &back, &err), OK);
    assert_int_equal(back->count, rec->count);
    for (size_t i = 0; i < rec->count; i++) {
        assert_int_equal(back->values[i].field, rec->values[i].field);
        assert_true(bytes_equal(back->values[i].value, rec->values[i].value));
    }
    assert_string_equal(back->values[1].name, "own");
    assert_int_equal(record_get_int(back, REC_VERSION, 0), -123456789012);
    assert_int_equal(record_get_int(back, REC_POSITION, -7), -7);
    assert_int_equal(record_get_int(back, WR_AUTHOR, 5), 5);
    assert_true(bytes_equal(encoded(back), encoded(rec)));
}

/* Cut anywhere, it is either shorter by whole values or refused: it is never read beyond its end.
 */
static void a_record_that_was_cut_is_refused_or_shorter(void **state)
{
    static const int fields[] = {WR_TITLE, WR_TEXT};
    struct wr_record *rec = record_new(arena);
    struct bytes data;
    size_t whole = 0;

    (void)state;
    wr_set(rec, WR_TITLE, str("Harbour closed"));
    wr_set_extra(rec, "own", str("value"));
    wr_set(rec, WR_TEXT, str("Words."));
    data = encoded(rec);
    for (size_t len = 0; len < data.len; len++) {
        char *exact = malloc(len + 1); /* so that a sanitizer sees what is beyond */
        struct bytes cut = {exact, len};
        struct wr_record *back = NULL;
        struct bytes values[2];
        struct buf rest = {0};
        struct error err = {0};
        int code;

        assert_non_null(exact);
        memcpy(exact, data.ptr, len);
        code = record_decode(arena, cut, &back, &err);
        if (code == OK)
            whole += back->count < rec->count;
        else
            assert_memory_equal(err.text, "record ends within ", 19);
        assert_int_equal(record_peek(cut, fields, 2, values, &err), code);
        assert_int_equal(record_put_rest(&rest, cut, fields, 2, &err), code);
        buf_done(&rest);
        free(exact);
    }
    assert_int_equal(whole, 3); /* none, one and two values */
}

static void a_list_over_its_bound_is_seen_after_decoding(void **state)
{
    struct wr_record *rec = NULL;
    struct buf out = {0};
    struct error err = {0};

    (void)state;
    for (int i = 0; i < RECORD_LIST; i++)
        record_put(&out, WR_KEYWORD, LIT("k"));
    record_put(&out, WR_TITLE, LIT("t"));
    assert_int_equal(record_decode(arena, buf_bytes(&out), &rec, &err), OK);
    assert_true(record_is_short(rec));
    record_put(&out, WR_KEYWORD, LIT("k"));
    assert_int_equal(record_decode(arena, buf_bytes(&out), &rec, &err), OK);
    assert_false(record_is_short(rec));
    buf_done(&out);
}

static void lent_values_are_not_counted_however_they_go(void **state)
{
    struct wr_record *rec = record_new(arena);
    wr_str large = long_text((size_t)RECORD_LIMIT * 2);
    struct bytes body = {large.ptr, large.len};

    (void)state;
    record_lend(rec, REC_BODY, body);
    record_lend_more(rec, REC_BODY, body);
    assert_int_equal(wr_count(rec, REC_BODY), 2);
    assert_int_equal(record_room(rec), RECORD_LIMIT);
    assert_ptr_equal(record_get_at(rec, REC_BODY, 1).ptr, large.ptr);
    record_lend(rec, REC_BODY, body);
    assert_int_equal(wr_count(rec, REC_BODY), 1);
    record_set(rec, REC_BODY, LIT("short"));
    assert_int_equal(record_room(rec), RECORD_LIMIT - 5);
    record_remove(rec, REC_BODY);
    assert_int_equal(record_room(rec), RECORD_LIMIT);
}

static const char *json_of(const struct wr_record *rec)
{
    struct buf out = {0};
    struct json_writer w = {.out = &out};
    const char *text;

    json_begin_object(&w, NULL);
    record_to_json(rec, &w);
    json_end_object(&w);
    text = bytes_cstr(arena, buf_bytes(&out));
    buf_done(&out);
    return text;
}

/* A field, its value, and what of it is published. */
static void each_field_is_published_as_what_it_is(void **state)
{
    static const struct {
        int field;
        const char *value, *has, *not ;
    } cases[] = {
        {WR_ENCLOSURE, "http://a.example/a.mp3\taudio/mpeg\t12",
            "\"enclosures\":[{\"url\":\"http://a.example/"
            "a.mp3\",\"contentType\":\"audio/mpeg\",\"sizeInBytes\":12}]",
            NULL},
        {WR_ENCLOSURE, "http://a.example/a.mp3\t\t",
            "\"enclosures\":[{\"url\":\"http://a.example/a.mp3\"}]", NULL},
        {WR_ENCLOSURE, "http://a.example/a.mp3\taudio/mpeg\t-1", "\"contentType\":\"audio/mpeg\"}]",
            "sizeInBytes"},
        {WR_FREE, "true", "\"isAccessibleForFree\":true", NULL},
        {WR_FREE, "false", "\"isAccessibleForFree\":false", NULL},
        {WR_LANGUAGE_CONFIDENCE, "0.987", "\"languageConfidence\":0.99", NULL},
        {WR_LANGUAGE_CONFIDENCE, "1.1", "\"kind\"", "languageConfidence"},
        {WR_LANGUAGE_CONFIDENCE, "nan", "\"kind\"", "languageConfidence"},
        {WR_LANGUAGE_CONFIDENCE, "0.5x", "\"kind\"", "languageConfidence"},
        {WR_IMAGE, "http://a.example/i.jpg",
            "\"images\":[{\"url\":\"http://a.example/i.jpg\",\"main\":true}]", NULL},
        {WR_CAPTION, "A caption without a picture", "\"kind\"", "caption"},
        {WR_KEYWORD, "harbour", "\"keywords\":[{\"term\":\"harbour\"}]", NULL},
        {WR_AUTHOR, "Ana", "\"authors\":[{\"name\":\"Ana\"}]", NULL},
        {WR_SAME_AS, "urn:1", "\"duplicateOf\":{\"uri\":\"urn:1\",\"relation\":\"near\"}", NULL},
        {WR_RELATION, "exact", "\"kind\"", "duplicateOf"},
        {WR_FEED_TITLE, "F", "\"headlines\":{\"feed\":\"F\"}", NULL},
        {WR_PUBLISHED, "2026-03-14T10:25:00+01:00", "\"published\":\"2026-03-14T09:25:00.000Z\"",
            NULL},
        {WR_PUBLISHED, "soon", "\"kind\"", "\"published\""},
        {WR_PUBLISHED, "2026-03-14T09:25:00Z", "\"kind\"", "seenLatency"},
        {WR_TITLE, "", "\"headline\":\"\"", NULL},
        {WR_TEXT, "", "\"kind\":\"article\"", "wordCount"},
        {WR_TEXT, " one  two\n", "\"wordCount\":2,\"charCount\":10", NULL},
        {REC_NOTE, "stage\tnote", "\"kind\"", "note"},
        {REC_FEED_ID, "f0000001", "\"kind\"", "f0000001"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wr_record *rec = record_new(arena);
        const char *json;

        record_set(rec, cases[i].field, bytes_of(cases[i].value));
        json = json_of(rec);
        if (strstr(json, cases[i].has) == NULL ||
            (cases[i].not != NULL && strstr(json, cases[i].not ) != NULL))
            fail_msg("%d %s: %s", cases[i].field, cases[i].value, json);
    }
}

#define RECORD_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORD_TEST(a_value_replaces_the_one_before_and_an_empty_one_removes_it),
        RECORD_TEST(what_a_stage_may_not_set_is_told_and_nothing_else),
        RECORD_TEST(an_extra_has_a_name_of_its_own),
        RECORD_TEST(there_is_room_for_what_replaces_something),
        RECORD_TEST(what_does_not_fit_is_refused_and_what_was_there_stays),
        RECORD_TEST(the_first_refusal_is_the_one_that_is_told),
        RECORD_TEST(comes_back_from_its_bytes_in_order),
        RECORD_TEST(a_record_that_was_cut_is_refused_or_shorter),
        RECORD_TEST(a_list_over_its_bound_is_seen_after_decoding),
        RECORD_TEST(lent_values_are_not_counted_however_they_go),
        RECORD_TEST(each_field_is_published_as_what_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
