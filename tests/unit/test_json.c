/* test_json.c - JSON is read strictly and written so that everybody can read it. */
#include "unit/test.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"

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

static void reads_members_by_name(void **state)
{
    struct json *json;

    assert_int_equal(
        json_parse(*state,
            LIT("{\"a\": {\"b\": \"x\\u00e9\"}, \"n\": 12, \"t\": true, \"l\": [1, null]}"), &json,
            NULL),
        OK);
    assert_bytes(json_get_text(json_get(json, "a"), "b"), "x\xc3\xa9");
    assert_int_equal(json_get_int(json, "n", 0), 12);
    assert_true(json_get_bool(json, "t", false));
    assert_int_equal(json_get(json, "l")->first->next->type, JSON_NULL);
    assert_null(json_get(json, "none"));
    assert_bytes(json_get_text(json, "l"), "");
}

static void tells_line_and_column_of_what_is_wrong(void **state)
{
    struct json *json;
    struct error err = {0};

    assert_int_equal(json_parse(*state, LIT("{\n  \"a\": ,\n}"), &json, &err), E_FORMAT);
    assert_memory_equal(err.text, "2:", 2);
    assert_int_equal(json_parse(*state, LIT(""), &json, &err), E_FORMAT);
    assert_int_equal(json_parse(*state, LIT("{\"a\":1} x"), &json, &err), E_FORMAT);
    assert_int_equal(json_parse(*state, LIT("[\"\xff\"]"), &json, &err), E_FORMAT);
}

static void refuses_what_is_nested_too_deeply(void **state)
{
    char deep[200];
    struct json *json;
    struct error err = {0};

    memset(deep, '[', 100);
    memset(deep + 100, ']', 100);
    assert_int_equal(json_parse(*state, (struct bytes){deep, 200}, &json, &err), E_LIMIT);
    assert_int_equal(json_parse(*state, (struct bytes){deep + 40, 120}, &json, &err), OK);
}

static void writes_any_bytes_as_valid_json(void **state)
{
    struct buf out = {0};
    struct json_writer w = {.out = &out};
    struct json *json;

    json_begin_object(&w, NULL);
    json_string(&w, "s", LIT("a\"b\\c\n\x01 \xc3\xa9 \xff \xe2\x82 \xed\xa0\x80"));
    json_begin_array(&w, "l");
    json_int(&w, NULL, -5);
    json_real(&w, NULL, 0.125, 2);
    json_null(&w, NULL);
    json_end_array(&w);
    json_bool(&w, "b", false);
    json_end_object(&w);
    assert_int_equal(json_parse(*state, buf_bytes(&out), &json, NULL), OK);
    assert_bytes(json_get_text(json, "s"),
        "a\"b\\c\n\x01 \xc3\xa9 \xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd "
        "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    assert_bytes(json_get(json, "l")->first->next->text, "0.12");
    buf_done(&out);
}

/* C1 controls and DEL, and what turns the order of letters round; marks that words need stay. */
static void escapes_what_terminals_obey(void **state)
{
    struct buf out = {0};
    struct json_writer w = {.out = &out};

    (void)state;
    json_string(&w, NULL,
        LIT("a\x7f\xc2\x9b\x32J\xc2\xa0\xe2\x80\xae\xe2\x81\xa6z\xe2\x80\x8f\xe2\x80\x93"));
    assert_bytes(
        buf_bytes(&out), "\"a\\u007f\\u009b2J\xc2\xa0\\u202e\\u2066z\xe2\x80\x8f\xe2\x80\x93\"");
    buf_done(&out);
}

static void escapes_at_any_place_of_a_text(void **state)
{
    static const char *const cases[][2] = {{"\"", "\\\""}, {"\\", "\\\\"}, {"\n", "\\n"},
        {"\x1f", "\\u001f"}, {"\x7f", "\\u007f"}, {"\xff", "\xef\xbf\xbd"}, {"é", "é"}, {"~", "~"}};
    static const char words[] = "three ships sailed";
    char want[80];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        for (int before = 0; before < 18; before++) {
            struct buf text = {0}, out = {0};
            struct json_writer w = {.out = &out};

            buf_printf(&text, "%.*s%s%s", before, words, cases[i][0], words);
            snprintf(want, sizeof(want), "\"%.*s%s%s\"", before, words, cases[i][1], words);
            json_string(&w, NULL, buf_bytes(&text));
            assert_bytes(buf_bytes(&out), want);
            buf_done(&text);
            buf_done(&out);
        }
}

static void writes_a_tree_as_it_was_read(void **state)
{
    static const char text[] = "{\"a\":[1,2.50,\"x\",null,{\"k\":true}],\"e\":{},\"l\":[]}";
    struct buf out = {0};
    struct json_writer w = {.out = &out};
    struct json *json;

    assert_int_equal(json_parse(*state, bytes_of(text), &json, NULL), OK);
    json_value(&w, NULL, json);
    assert_bytes(buf_bytes(&out), text);
    buf_done(&out);
}

/* RFC 9562, appendix A.4 gives the DNS namespace; this one was made by Python's uuid.uuid5. */
static void names_an_address_by_its_uuid(void **state)
{
    char urn[46];
    char hex[65];

    (void)state;
    hash_uuid_url(LIT("https://example.com/"), urn);
    assert_string_equal(urn, "urn:uuid:dd2c1780-811a-5296-81c5-178a0ef488bc");
    hash_sha256_hex(LIT("abc"), hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void writes_time_as_rfc_3339(void **state)
{
    char text[CLOCK_TEXT];

    (void)state;
    assert_string_equal(clock_format(1710408417911000, text), "2024-03-14T09:26:57.911Z");
    assert_string_equal(clock_format(-1, text), "1969-12-31T23:59:59.999Z");
    assert_string_equal(clock_format(-62135596800000000, text), "0001-01-01T00:00:00.000Z");
    assert_string_equal(clock_format(253402300799999999, text), "9999-12-31T23:59:59.999Z");
    assert_string_equal(clock_format(INT64_MIN, text), "1970-01-01T00:00:00.000Z");
}

/* Three bytes of text are two values of eighty bytes each. */
static void refuses_a_tree_that_its_arena_has_no_room_for(void **state)
{
    struct arena *small = arena_new(1 << 20);
    struct buf text = {0};
    struct json *json = NULL;
    struct error err = {0};

    (void)state;
    buf_add_byte(&text, '[');
    for (int i = 0; i < 100000; i++)
        buf_add_cstr(&text, "[],");
    buf_add_cstr(&text, "[]]");
    assert_int_equal(json_parse(small, buf_bytes(&text), &json, &err), E_LIMIT);
    assert_non_null(strstr(err.text, "too many values"));
    assert_true(arena_has(small, 100000)); /* and leaves its owner some */
    arena_free(small);
    buf_done(&text);
}

static void note(void *ctx, struct bytes key, struct bytes value)
{
    struct buf *out = ctx;

    buf_add(out, key);
    buf_add_byte(out, '=');
    buf_add(out, value);
    buf_add_byte(out, ';');
}

static void assert_scan(const char *text, int code, const char *expected)
{
    struct buf out = {.limit = 4096};

    assert_int_equal(json_scan(bytes_of(text), "data", note, &out, NULL), code);
    assert_bytes(buf_bytes(&out), expected);
    buf_done(&out);
}

static void scans_the_strings_of_one_object_only(void **state)
{
    (void)state;
    assert_scan(
        "{\"a\":\"no\",\"data\":{\"b\":\"x\\u00e9\",\"n\":12,\"o\":{\"b\":\"no\",\"data\":{\"b\":"
        "\"no\"}},\"l\":[\"no\",{\"b\":\"no\"}],\"t\":true,\"c\":\"y\"},\"z\":{\"b\":\"no\"}}",
        OK, "b=x\xc3\xa9;c=y;");
    assert_scan("{\"data\":\"no\",\"b\":\"no\"}", OK, "");
    assert_scan("{\"data\":[\"no\"]}", OK, "");
    assert_scan("[{\"data\":{\"b\":\"no\"}}]", OK, "");
    assert_scan(
        "{\"data\":{\"0123456789012345678901234567890123456789012345678901234567890123\":"
        "\"x\",\"01234567890123456789012345678901234567890123456789012345678901234\":\"no\"}}",
        OK, "0123456789012345678901234567890123456789012345678901234567890123=x;");
    assert_scan("{\"data\":{\"b\":\"x\",}}", E_FORMAT, "b=x;");
    assert_scan("{\"data\":{\"b\":\"x\"", E_FORMAT, "b=x;");
    assert_scan("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", E_LIMIT, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_members_by_name, setup, teardown),
        cmocka_unit_test_setup_teardown(tells_line_and_column_of_what_is_wrong, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_what_is_nested_too_deeply, setup, teardown),
        cmocka_unit_test(refuses_a_tree_that_its_arena_has_no_room_for),
        cmocka_unit_test(scans_the_strings_of_one_object_only),
        cmocka_unit_test_setup_teardown(writes_any_bytes_as_valid_json, setup, teardown),
        cmocka_unit_test_setup_teardown(escapes_what_terminals_obey, setup, teardown),
        cmocka_unit_test(escapes_at_any_place_of_a_text),
        cmocka_unit_test_setup_teardown(writes_a_tree_as_it_was_read, setup, teardown),
        cmocka_unit_test(names_an_address_by_its_uuid),
        cmocka_unit_test(writes_time_as_rfc_3339),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
