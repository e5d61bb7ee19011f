/* test_shorten.c - events whose large members are left out, and what is no event of ours. */
#include "deliver/shorten.h"

#include <stdio.h>

#include "base/json.h"
#include "unit/test.h"

enum { ROOM = 2 << 20 };

static struct arena *arena;
static struct buf event, out;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(16 << 20);
    event = (struct buf){.limit = ROOM};
    out = (struct buf){.limit = ROOM};
    buf_add_cstr(&event, "{\"specversion\":\"1.0\",\"data\":{");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buf_done(&event);
    buf_done(&out);
    arena_free(arena);
    return 0;
}

/* A member of data, its value len bytes of fill between the quotes. */
static void add_text(const char *name, size_t len, const char *fill)
{
    size_t end = event.len + strlen(name) + 4 + len;

    buf_printf(&event, "\"%s\":\"", name);
    while (event.len + strlen(fill) <= end)
        buf_add_cstr(&event, fill);
    buf_add_cstr(&event, "\",");
}

static void end_event(void)
{
    event.len--; /* the last comma */
    buf_add_cstr(&event, "},\"sequence\":\"7\"}");
}

/* The shortened event, read as JSON. */
static const struct json *read_out(void)
{
    struct json *json;
    struct error err = {0};

    assert_int_equal(json_parse(arena, buf_bytes(&out), &json, &err), OK);
    assert_true(out.len <= PUSH_MOST);
    assert_bytes(json_get_text(json, "sequence"), "7");
    return json_get(json, "data");
}

static const struct json *shorten_event(void)
{
    assert_true(shorten(buf_bytes(&event), &out));
    return read_out();
}

static void assert_left_out(const struct json *data, const char *names)
{
    const struct json *shortened = json_get(data, "shortened");
    struct buf said = {0};

    assert_int_equal(json_get_int(shortened, "bytes", 0), event.len);
    for (const struct json *m = json_get(shortened, "members")->first; m != NULL; m = m->next) {
        buf_add(&said, json_text(m));
        buf_add_byte(&said, ' ');
    }
    assert_string_equal(buf_cstr(&said), names);
    buf_done(&said);
}

static void leaves_out_what_is_large_and_keeps_the_rest_as_it_was(void **state)
{
    const struct json *data;

    (void)state;
    add_text("headline", 20, "a");
    add_text("text", 300 << 10, "b");
    buf_add_cstr(&event, "\"posts\":[{\"a\":\"}]\\\",\"},[1,2]],\"date\":null,\"words\":12,");
    add_text("html", MEMBER_MOST + 1, "c");
    end_event();
    data = shorten_event();
    assert_left_out(data, "text html ");
    assert_int_equal(json_get_text(data, "headline").len, 20);
    assert_int_equal(json_get_int(data, "words", 0), 12);
    assert_bytes(json_get_text(json_get(data, "posts")->first, "a"), "}]\",");
    assert_true(json_get(data, "text") == NULL && json_get(data, "html") == NULL);
}

static void takes_no_bracket_of_a_text_for_its_own(void **state)
{
    const struct json *data;

    (void)state;
    add_text("text", MEMBER_MOST + 100, "\\\"}],{");
    add_text("html", MEMBER_MOST + 100, "\\\\\\\"");
    buf_add_cstr(&event, "\"images\":[");
    for (int i = 0; i < 1500; i++)
        buf_printf(&event, "%s{\"url\":\"http://a.example/[%d}\"}", i == 0 ? "" : ",", i);
    buf_add_cstr(&event, "],");
    add_text("byline", 5, "d");
    end_event();
    data = shorten_event();
    assert_left_out(data, "text html images ");
    assert_bytes(json_get_text(data, "byline"), "ddddd");
}

static void leaves_out_what_no_longer_fits(void **state)
{
    char name[20];
    int left = 0;
    const struct json *data;

    (void)state;
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof(name), "member%d", i);
        add_text(name, MEMBER_MOST - 10, "e");
    }
    end_event();
    data = shorten_event();
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof(name), "member%d", i);
        left += json_get(data, name) == NULL;
    }
    assert_in_range(left, 25, 28); /* 256 KiB hold 16 of them, with room for two more */
}

static void says_no_to_what_it_cannot_read(void **state)
{
    static const char *const bad[] = {"", "[]", "{\"data\":[]}", "{\"data\":{", "{\"data\":{\"a\"",
        "{\"data\":{\"a\":", "{\"data\":{\"a\":\"b", "{\"data\":{\"a\":\"b\\",
        "{\"data\":{\"a\":[1,2", "{\"data\":{a:1}}", "{\"data\":{\"a\" :1}}",
        "{\"data\":{\"a\":1,"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        buf_clear(&out);
        if (shorten(bytes_of(bad[i]), &out))
            fail_msg("taken: %s", bad[i]);
    }
}

static void says_no_when_the_names_alone_are_too_many(void **state)
{
    char name[600];

    (void)state;
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "%0500d", i);
        add_text(name, MEMBER_MOST + 1, "f");
    }
    end_event();
    assert_false(shorten(buf_bytes(&event), &out));
}

static void an_event_whose_envelope_is_too_large_is_none(void **state)
{
    (void)state;
    buf_clear(&event);
    buf_add_cstr(&event, "{\"source\":\"");
    for (int i = 0; i < PUSH_MOST / 8; i++)
        buf_add_cstr(&event, "12345678");
    buf_add_cstr(&event, "\",\"data\":{\"a\":1}}");
    assert_false(shorten(buf_bytes(&event), &out));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(leaves_out_what_is_large_and_keeps_the_rest_as_it_was),
        TEST(takes_no_bracket_of_a_text_for_its_own),
        TEST(leaves_out_what_no_longer_fits),
        TEST(says_no_to_what_it_cannot_read),
        TEST(says_no_when_the_names_alone_are_too_many),
        TEST(an_event_whose_envelope_is_too_large_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
