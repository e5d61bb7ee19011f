/* test_cli.c - command lines taken apart, and texts for a terminal. */
#include "cli/cli.h"

#include <locale.h>
#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/format.h"
#include "cli/spread.h"

enum { OPT_COUNT, OPT_FILE, OPT_JSON };

static const struct cli_option options[] = {
    {"count", "N", CLI_TAKES_OTHER, "how many"},
    {"file", "FILE", CLI_TAKES_FILE, "which"},
    {"json", NULL, CLI_TAKES_NOTHING, "as JSON"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static const struct cli_verb verb = {.name = "look",
    .words = "WORD ...",
    .summary = "Look.",
    .options = options,
    .least = 1,
    .most = 2};

static bool parse(const char *const words[], struct cli_args *ret_args, int *ret_exit)
{
    static char *argv[16];
    int argc = 0;

    for (; words[argc] != NULL; argc++)
        argv[argc] = (char *)words[argc];
    argv[argc] = NULL;
    return cli_parse(&verb, "wireroom look", argc, argv, ret_args, ret_exit);
}

static void takes_options_and_words_in_any_order(void **state)
{
    const char *const words[] = {"look", "a", "--count", "3", "--json", "--file=x=y", "b", NULL};
    struct cli_args args;
    int64_t count;
    int code;

    (void)state;
    assert_true(parse(words, &args, &code));
    assert_int_equal(args.words_count, 2);
    assert_string_equal(args.words[0], "a");
    assert_string_equal(args.words[1], "b");
    assert_null(args.words[2]);
    assert_string_equal(cli_value(&args, OPT_FILE), "x=y");
    assert_true(cli_given(&args, OPT_JSON));
    assert_true(cli_number(&args, OPT_COUNT, 1, 10, 7, &count));
    assert_int_equal(count, 3);
}

static void what_follows_two_dashes_is_a_word(void **state)
{
    const char *const words[] = {"look", "--", "--json", "-", NULL};
    struct cli_args args;
    int code;

    (void)state;
    assert_true(parse(words, &args, &code));
    assert_int_equal(args.words_count, 2);
    assert_string_equal(args.words[0], "--json");
    assert_false(cli_given(&args, OPT_JSON));
}

static void the_last_of_two_values_counts(void **state)
{
    const char *const words[] = {"look", "--count", "1", "--count", "2", "a", NULL};
    struct cli_args args;
    int code;

    (void)state;
    assert_true(parse(words, &args, &code));
    assert_string_equal(cli_value(&args, OPT_COUNT), "2");
}

static void a_wrong_command_line_is_a_usage_error(void **state)
{
    static const char *const wrong[][6] = {
        {"look", NULL},
        {"look", "a", "b", "c", NULL},
        {"look", "a", "--cuont", "3", NULL},
        {"look", "a", "--count", NULL},
        {"look", "a", "--json=yes", NULL},
        {"look", "a", "-x", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct cli_args args;
        int code = -1;

        assert_false(parse(wrong[i], &args, &code));
        assert_int_equal(code, EXIT_USAGE);
    }
}

static void a_number_out_of_bounds_is_refused(void **state)
{
    static const char *const wrong[] = {"0", "11", "x", "", "99999999999999999999"};
    struct cli_args args;
    int64_t count = 42;
    int code;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const char *const words[] = {"look", "a", "--count", wrong[i], NULL};

        assert_true(parse(words, &args, &code));
        assert_false(cli_number(&args, OPT_COUNT, 1, 10, 7, &count));
        assert_int_equal(count, 42);
    }
}

static void a_verb_nobody_knows_is_a_usage_error(void **state)
{
    char *argv[] = {(char *)"wireroom", (char *)"tial", NULL};
    char *none[] = {(char *)"wireroom", NULL};

    (void)state;
    assert_int_equal(cli_main(2, argv), EXIT_USAGE);
    assert_int_equal(cli_main(1, none), EXIT_USAGE);
}

/* What cli_print() writes. */
static void shows(const char *text, size_t width, bool pad, const char *expected)
{
    char *got = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&got, &len);

    assert_non_null(file);
    cli_print(file, bytes_of(text), width, pad);
    fclose(file);
    assert_string_equal(got, expected);
    free(got);
}

static void text_from_outside_cannot_steer_the_terminal(void **state)
{
    const char turned[] = {'l', 'e', 'f', 't', '\xE2', '\x80', '\xAE', 'r', 'i', 'g', 'h', 't', 0};

    (void)state;
    shows("a\033[31mb\nc\xC2\x9B"
          "d",
        40, false, "a [31mb c d");
    shows(turned, 40, false, "left right");
    shows("bad \xFF byte", 40, false, "bad \xEF\xBF\xBD byte");
}

static void long_text_is_cut_between_letters(void **state)
{
    (void)state;
    shows("Gr\xC3\xBC\xC3\x9F"
          "e",
        5, true,
        "Gr\xC3\xBC\xC3\x9F"
        "e");
    shows("Gr\xC3\xBC\xC3\x9F"
          "e!",
        5, true, "Gr\xC3\xBC\xC3\x9F\xE2\x80\xA6");
    shows("ab", 4, true, "ab  ");
    shows("", 2, true, "  ");
}

static void json_is_spread_without_touching_strings(void **state)
{
    struct buf out = {0};

    (void)state;
    json_spread(LIT("{\"a\":[1,2],\"b\":{},\"c\":\"x{\\\"],\",\"d\":[]}"), &out);
    assert_string_equal(buf_cstr(&out),
        "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": \"x{\\\"],\",\n  \"d\": []\n}");
    buf_done(&out);
}

static void numbers_are_written_for_people(void **state)
{
    char text[FORMAT_TEXT];

    (void)state;
    assert_string_equal(format_count(0, text), "0");
    assert_string_equal(format_count(999, text), "999");
    assert_string_equal(format_count(1000, text), "1,000");
    assert_string_equal(format_count(-1234567, text), "-1,234,567");
    assert_string_equal(format_span(850000, text), "850 ms");
    assert_string_equal(format_span(4200000, text), "4.2 s");
    assert_string_equal(format_span(8040000000, text), "2h14m");
    assert_string_equal(format_span(300000000000, text), "3d");
    assert_string_equal(format_after(INT64_C(118) * 1000000, text), "+1m");
    assert_string_equal(format_after(-1, text), "");
    assert_string_equal(format_after(INT64_C(3) * 3600 * 1000000, text), "+3h00");
    assert_string_equal(format_size(222298112, text), "212 MiB");
    assert_string_equal(format_size(512, text), "512 B");
    assert_string_equal(format_ago(0, 5, text), "never");
    assert_string_equal(format_ago(1000000, 241000000, text), "4 min ago");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_options_and_words_in_any_order),
        cmocka_unit_test(what_follows_two_dashes_is_a_word),
        cmocka_unit_test(the_last_of_two_values_counts),
        cmocka_unit_test(a_wrong_command_line_is_a_usage_error),
        cmocka_unit_test(a_number_out_of_bounds_is_refused),
        cmocka_unit_test(a_verb_nobody_knows_is_a_usage_error),
        cmocka_unit_test(text_from_outside_cannot_steer_the_terminal),
        cmocka_unit_test(long_text_is_cut_between_letters),
        cmocka_unit_test(json_is_spread_without_touching_strings),
        cmocka_unit_test(numbers_are_written_for_people),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
