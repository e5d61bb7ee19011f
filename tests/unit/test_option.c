/* test_option.c - values as an operator writes them, and names nearly right. */
#include "conf/option.h"

#include <setjmp.h>

#include <cmocka.h>

static void reads_durations_with_units(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"30s", 30000000}, {"1h30m", 5400000000}, {"500ms", 500000}, {"0", 0},
        {"7d", 604800000000}, {"3us", 3}};
    static const char *const bad[] = {
        "", "30", "s", "1h 30m", "-5s", "5S", "1.5h", "99999999999999999w", "1h30"};
    struct error err = {0};
    int64_t value = -1;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(option_parse_duration(good[i].text, &value, &err), OK);
        assert_int_equal(value, good[i].value);
    }
    value = 42;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(option_parse_duration(bad[i], &value, &err), E_USAGE);
        assert_int_equal(value, 42);
    }
    assert_non_null(strstr(err.text, "\"1h30\" is not a duration"));
}

static void reads_sizes_with_units(void **state)
{
    struct error err = {0};
    int64_t value = 0;

    (void)state;
    assert_int_equal(option_parse_size("10MiB", &value, &err), OK);
    assert_int_equal(value, 10 << 20);
    assert_int_equal(option_parse_size("2GB", &value, &err), OK);
    assert_int_equal(value, 2000000000);
    assert_int_equal(option_parse_size("10", &value, &err), E_USAGE);
    assert_int_equal(option_parse_size("10MiB5B", &value, &err), E_USAGE);
    assert_int_equal(option_parse_size("9999999999TiB", &value, &err), E_USAGE);
}

static void reads_each_type_into_its_member(void **state)
{
    struct arena *arena = arena_new(1 << 16);
    struct error err = {0};
    const char *text = NULL;
    bool truth = false;
    int64_t number = 0;
    double real = 0;

    (void)state;
    assert_int_equal(option_parse(arena, OPTION_BOOL, "yes", &truth, &err), OK);
    assert_true(truth);
    assert_int_equal(option_parse(arena, OPTION_INT, "-12", &number, &err), OK);
    assert_int_equal(number, -12);
    assert_int_equal(option_parse(arena, OPTION_REAL, "-0.25", &real, &err), OK);
    assert_true(real == -0.25);
    assert_int_equal(option_parse(arena, OPTION_TEXT, "words here", &text, &err), OK);
    assert_string_equal(text, "words here");
    assert_int_equal(option_parse(arena, OPTION_BOOL, "maybe", &truth, &err), E_USAGE);
    assert_int_equal(option_parse(arena, OPTION_INT, "0x10", &number, &err), E_USAGE);
    assert_int_equal(option_parse(arena, OPTION_REAL, "1e9", &real, &err), E_USAGE);
    assert_int_equal(option_parse(arena, OPTION_REAL, ".", &real, &err), E_USAGE);
    assert_int_equal(option_parse(arena, 99, "x", &real, &err), E_USAGE);
    arena_free(arena);
}

static void suggests_the_name_that_was_meant(void **state)
{
    static const char *const names[] = {"max-suffix", "min_interval", "max_interval", "db", NULL};

    (void)state;
    assert_string_equal(option_suggest("max_sufix", names), "max-suffix");
    assert_string_equal(option_suggest("min-interval", names), "min_interval");
    assert_string_equal(option_suggest("max_intervla", names), "max_interval");
    assert_string_equal(option_suggest("bd", names), "db");
    assert_null(option_suggest("colour", names));
    assert_null(option_suggest("x", names));
    assert_null(option_suggest("nope", (const char *[]){"top", "gone", "name", "none?", NULL}));
    assert_string_equal(option_suggest("lsit", (const char *[]){"add", "list", NULL}), "list");
    assert_null(option_suggest("", names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_durations_with_units),
        cmocka_unit_test(reads_sizes_with_units),
        cmocka_unit_test(reads_each_type_into_its_member),
        cmocka_unit_test(suggests_the_name_that_was_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
