/* test_str.c - bytes are compared, cut and collected. */
#include "unit/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/eight.h"

static void finds_first_occurrence(void **state)
{
    (void)state;
    assert_int_equal(bytes_find(LIT("abcabc"), LIT("ca")), 2);
    assert_int_equal(bytes_find(LIT("abc"), LIT("abcd")), SIZE_MAX);
    assert_int_equal(bytes_find(LIT("abc"), LIT("")), 0);
    assert_int_equal(bytes_find_nocase(LIT("xCharSet=utf"), LIT("charset")), 1);
    assert_int_equal(bytes_find_byte(LIT(""), 'x'), SIZE_MAX);
}

static void finds_a_word_without_case_wherever_it_stands(void **state)
{
    char text[64];

    (void)state;
    for (size_t at = 0; at + 6 <= 40; at++) {
        memset(text, 'h', sizeof(text));
        memcpy(text + at, "HaRBoR", 6);
        for (size_t len = at + 6; len <= 40; len++)
            assert_int_equal(bytes_find_nocase((struct bytes){text, len}, LIT("harbor")), at);
        assert_int_equal(bytes_find_nocase((struct bytes){text, at + 5}, LIT("harbor")), SIZE_MAX);
    }
    assert_int_equal(bytes_find_nocase(LIT("0123456789\xc3\xa9"), LIT("\xc3\xa9")), 10);
    assert_int_equal(bytes_find_nocase(LIT("0123456789{"), LIT("[")), SIZE_MAX);
}

static void knows_bytes_eight_at_a_time(void **state)
{
    char text[8];

    (void)state;
    for (int c = 0; c < 256; c++)
        for (size_t at = 0; at < sizeof(text); at++) {
            uint64_t bit = UINT64_C(0x80) << 8 * at;

            memset(text, '-', sizeof(text));
            text[at] = (char)c;
            assert_int_equal(eight_is_ascii(eight_load(text)), c < 0x80);
            assert_int_equal(eight_equal(eight_load(text), ',') & bit, c == ',' ? bit : 0);
            assert_int_equal(eight_above(eight_load(text), 'Z') & bit, c > 'Z' ? bit : 0);
            assert_int_equal(eight_count(eight_equal(eight_load(text), '-')), c == '-' ? 8 : 7);
        }
}

static void compares_ascii_letters_without_case_and_no_other_bytes(void **state)
{
    (void)state;
    assert_true(bytes_equal_nocase(LIT("Content-TYPE"), LIT("content-type")));
    assert_false(bytes_equal_nocase(LIT("\xc3\xa9"), LIT("\xc3\x89")));
    assert_false(bytes_equal_nocase(LIT("a"), LIT("ab")));
    assert_true(bytes_starts_nocase(LIT("HTTP/1.1"), LIT("http")));
    assert_true(bytes_ends(LIT("feed.xml"), LIT(".xml")));
    assert_false(bytes_ends(LIT("xml"), LIT(".xml")));
}

static void cuts_at_the_separator_until_nothing_is_left(void **state)
{
    struct bytes rest = LIT("one,,three");

    (void)state;
    assert_bytes(bytes_cut(&rest, ','), "one");
    assert_bytes(bytes_cut(&rest, ','), "");
    assert_bytes(bytes_cut(&rest, ','), "three");
    assert_int_equal(rest.len, 0);
}

static void clips_no_character_in_part(void **state)
{
    (void)state;
    assert_true(bytes_is(bytes_clip(LIT("caf\u00e9"), 5), "caf\u00e9"));
    assert_true(bytes_is(bytes_clip(LIT("caf\u00e9"), 4), "caf"));
    assert_true(bytes_is(bytes_clip(LIT("caf\u00e9s"), 5), "caf\u00e9"));
    assert_int_equal(bytes_clip(LIT("\x80\x80\x80"), 2).len, 0);
    assert_int_equal(bytes_clip(LIT(""), 2).len, 0);
}

static void reads_whole_decimal_numbers_only(void **state)
{
    int64_t value = 7;

    (void)state;
    assert_true(bytes_to_int(LIT("-42"), &value));
    assert_int_equal(value, -42);
    assert_false(bytes_to_int(LIT("4 2"), &value));
    assert_false(bytes_to_int(LIT("-"), &value));
    assert_false(bytes_to_int(LIT("9999999999999999999"), &value));
    assert_int_equal(value, -42);
}

static void writes_integers_as_printf_does(void **state)
{
    static const int64_t values[] = {
        0, 7, -1, 10, 99, 100, -100, 123456789012345678, INT64_MAX, INT64_MIN};
    char text[INT_TEXT];
    char want[32];

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        snprintf(want, sizeof(want), "%" PRId64, values[i]);
        assert_bytes(bytes_of_int(values[i], text), want);
    }
}

static void trims_white_space_at_both_ends(void **state)
{
    (void)state;
    assert_bytes(bytes_trim(LIT(" \t\r\n a b \n")), "a b");
    assert_bytes(bytes_trim(LIT(" \n")), "");
}

static void a_full_buffer_takes_nothing_more_and_says_so(void **state)
{
    struct buf buf = {.limit = 8};

    (void)state;
    buf_add_cstr(&buf, "12345678");
    assert_false(buf.over);
    buf_add_byte(&buf, '9');
    assert_true(buf.over);
    assert_bytes(buf_bytes(&buf), "12345678");
    buf_clear(&buf);
    buf_printf(&buf, "%d-%s", 12, "ab");
    assert_string_equal(buf_cstr(&buf), "12-ab");
    buf_drop(&buf, 3);
    assert_bytes(buf_bytes(&buf), "ab");
    buf_done(&buf);
}

static void an_arena_gives_zeroed_memory_after_a_reset_too(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    char *first = arena_alloc(arena, 100);
    size_t cap = 0;
    int *numbers = NULL;

    (void)state;
    memset(first, 'x', 100);
    for (int i = 0; i < 50; i++)
        assert_int_equal(((uintptr_t)arena_alloc(arena, (size_t)i * 77)) % 16, 0);
    arena_reset(arena);
    first = arena_alloc(arena, 100);
    for (int i = 0; i < 100; i++)
        assert_int_equal(first[i], 0);
    for (size_t i = 0; i < 100; i++) {
        if (i == cap)
            numbers = arena_grow(arena, numbers, &cap, sizeof(*numbers));
        numbers[i] = (int)i;
    }
    for (int i = 0; i < 100; i++)
        assert_int_equal(numbers[i], i);
    assert_bytes(bytes_format(arena, "%s=%d", "a", 5), "a=5");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_first_occurrence),
        cmocka_unit_test(finds_a_word_without_case_wherever_it_stands),
        cmocka_unit_test(knows_bytes_eight_at_a_time),
        cmocka_unit_test(compares_ascii_letters_without_case_and_no_other_bytes),
        cmocka_unit_test(cuts_at_the_separator_until_nothing_is_left),
        cmocka_unit_test(clips_no_character_in_part),
        cmocka_unit_test(reads_whole_decimal_numbers_only),
        cmocka_unit_test(writes_integers_as_printf_does),
        cmocka_unit_test(trims_white_space_at_both_ends),
        cmocka_unit_test(a_full_buffer_takes_nothing_more_and_says_so),
        cmocka_unit_test(an_arena_gives_zeroed_memory_after_a_reset_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
