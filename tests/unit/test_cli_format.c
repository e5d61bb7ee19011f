/* test_cli_format.c - numbers and times where their form changes, lines of the log as people read
 * them, and what of a command line is refused. */
#include "unit/test.h"

#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/format.h"
#include "cli/spread.h"
#include "cli/tail.h"
#include "cli/when.h"

static const int64_t second = SECOND;

static void a_span_has_one_form_at_each_length(void **state)
{
    static const struct {
        int64_t milliseconds;
        const char *want;
    } cases[] = {
        {0, "0 ms"},
        {1, "1 ms"},
        {999, "999 ms"},
        {1000, "1.0 s"},
        {9900, "9.9 s"},
        {9960, "10 s"},
        {10000, "10 s"},
        {119000, "119 s"},
        {120000, "2 min"},
        {3599000, "59 min"},
        {3600000, "1h00m"},
        {3660000, "1h01m"},
        {172799000, "47h59m"},
        {172800000, "2d"},
        {INT64_C(86400000) * 365, "365d"},
    };
    char text[FORMAT_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(format_span(cases[i].milliseconds * 1000, text), cases[i].want);
}

/* A number that is rounded up to the next unit is written in that one. */
static void a_size_has_two_digits_and_never_a_thousand_of_them(void **state)
{
    static const struct {
        int64_t bytes;
        const char *want;
    } cases[] = {
        {0, "0 B"},
        {1, "1 B"},
        {1023, "1023 B"},
        {1024, "1.0 KiB"},
        {1536, "1.5 KiB"},
        {10239, "10 KiB"},
        {10240, "10 KiB"},
        {1023 << 10, "1023 KiB"},
        {(1 << 20) - 1, "1.0 MiB"},
        {1 << 20, "1.0 MiB"},
        {(INT64_C(1) << 30) - 1, "1.0 GiB"},
        {INT64_C(1) << 40, "1.0 TiB"},
        {INT64_C(5000) << 40, "5000 TiB"},
    };
    char text[FORMAT_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (strcmp(format_size(cases[i].bytes, text), cases[i].want) != 0)
            fail_msg("%lld: %s, not %s", (long long)cases[i].bytes, text, cases[i].want);
}

static void how_late_an_article_is(void **state)
{
    static const struct {
        int64_t seconds;
        const char *want;
    } cases[] = {{-1, ""}, {0, "+0s"}, {59, "+59s"}, {60, "+1m"}, {3599, "+59m"}, {3600, "+1h00"},
        {5999, "+1h39"}, {86399, "+23h59"}, {86400, "+1d"}, {86399999, "+999d"}, {86400000, "old"}};
    char text[FORMAT_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(format_after(cases[i].seconds * second, text), cases[i].want);
}

static void a_point_in_time_is_told_from_now(void **state)
{
    const int64_t now = 1773480417 * second; /* 2026-03-14T09:26:57Z */
    char text[FORMAT_TEXT];

    (void)state;
    assert_string_equal(format_ago(0, now, text), "never");
    assert_string_equal(format_ago(now, now, text), "now");
    assert_string_equal(format_ago(now + 3600 * second, now, text), "now");
    assert_string_equal(format_ago(now - 5 * second, now, text), "5.0 s ago");
    assert_string_equal(format_ago(now - 300 * second, now, text), "5 min ago");
    assert_string_equal(format_ago_text(LIT("2026-03-11T09:00:00Z"), now, text), "3d ago");
    assert_string_equal(format_ago_text(LIT(""), now, text), "never");
    assert_string_equal(format_ago_text(LIT("yesterday"), now, text), "never");
    assert_string_equal(format_clock(now, text), "09:26:57");
    assert_string_equal(format_date(now, text), "2026-03-14 09:26:57 UTC");
    assert_string_equal(format_since(now - 3600 * second, now, text), "08:26");
    assert_string_equal(format_since(now - 86400 * second, now, text), "2026-03-13 09:26");
}

static void a_time_is_read_as_people_write_it(void **state)
{
    const int64_t now = 1773480417 * second; /* Saturday 2026-03-14T09:26:57Z */
    static const struct {
        const char *text;
        int64_t ago; /* -1: no time */
    } cases[] = {{"now", 0}, {"10m", 600}, {"10min", 600}, {"90s", 90}, {"90 sec", 90},
        {"1h30m", 5400}, {"1h 30m ago", 5400}, {"-2d", 172800}, {"1w", 604800}, {" 5m ", 300},
        {"09:26", 57}, {"09:26:57", 0}, {"09:27", 86397}, {"23:59:59", 34018}, {"0:00", 34017},
        {"today", 34017}, {"yesterday", 120417}, {"2026-03-14", 34017}, {"2026-03-14 09:00", 1617},
        {"2026-03-14T09:00:10", 1607}, {"2026-03-14T09:26:57Z", 0},
        {"2026-03-14T11:26:57+02:00", 0}, {"2026-03-14T09:26:57.000Z", 0}, {"", -1}, {"10", -1},
        {"m", -1}, {"10x", -1}, {"10m5", -1}, {"10 months", -1}, {"ago", -1}, {"-", -1},
        {"99999999999w", -1}, {"24:61", -1}, {"2026-02-30", -1}, {"2026-13-01", -1},
        {"14.03.2026", -1}, {"noon", -1}, {"2026-03-14 09:00 or so", -1}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t wall = now + second;
        bool is_time = when_parse(bytes_of(cases[i].text), now, &wall);

        if (is_time != (cases[i].ago >= 0) || wall != now - cases[i].ago * second)
            fail_msg("%s: %lld s ago", cases[i].text, (long long)((now - wall) / second));
    }
}

static void counts_are_grouped_by_thousands(void **state)
{
    static const struct {
        int64_t count;
        const char *want;
    } cases[] = {{0, "0"}, {7, "7"}, {999, "999"}, {1000, "1,000"}, {12345, "12,345"},
        {100000, "100,000"}, {-1, "-1"}, {-999, "-999"}, {-1000, "-1,000"},
        {INT64_MAX, "9,223,372,036,854,775,807"}, {INT64_MIN, "-9,223,372,036,854,775,808"}};
    char text[FORMAT_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(format_count(cases[i].count, text), cases[i].want);
}

/* Columns, counted as a terminal does. */
static void a_field_is_as_wide_as_it_should_be(void **state)
{
    static const char *const texts[] = {"", "a", "twelve chars", "thirteen char", "新聞新聞新聞",
        "新聞新聞新聞新", "e\xcc\x81te\xcc\x81", "a\x1b[31mb", "\xff\xfe",
        "👩‍👩‍👧 family", "שלום עולם ארוך"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        for (size_t width = 1; width < 20; width++) {
            char *got = NULL;
            size_t len = 0;
            FILE *file = open_memstream(&got, &len);

            assert_non_null(file);
            cli_print(file, bytes_of(texts[i]), width, true);
            fclose(file);
            if (cli_width(bytes_of(got)) != width)
                fail_msg("\"%s\" in %zu columns takes %zu: \"%s\"", texts[i], width,
                    cli_width(bytes_of(got)), got);
            assert_null(strchr(got, '\x1b'));
            free(got);
        }
}

static const char *line_of(const char *event, struct tail_names *names)
{
    static char line[4096];
    struct arena *arena = arena_new(1 << 20);
    struct json *json = NULL;
    FILE *file = fmemopen(line, sizeof(line), "w");

    assert_non_null(file);
    assert_int_equal(json_parse(arena, bytes_of(event), &json, NULL), OK);
    tail_print(file, json, names);
    fclose(file);
    arena_free(arena);
    return strncmp(line, "-- ", 3) == 0 ? strchr(line, '\n') + 1 : line;
}

#define EVENT(type, data)                                                                          \
    "{\"type\":\"wireroom." type ".v1\",\"recordedtime\":\"2026-03-14T09:26:57Z\",\"data\":{" data \
    "}}"

static void each_event_is_one_line_whatever_is_in_it(void **state)
{
    static const struct {
        const char *event, *has;
    } cases[] = {
        {EVENT("article.new", "\"headline\":\"A\\nB\\u001b[31m\""), "A B [31m"},
        {EVENT("article.new", "\"feed\":{\"title\":\"F\"}"), " new   F "},
        {EVENT("article.new", "\"source\":{\"domain\":\"d.example\"}"), " new   d.example "},
        {EVENT("article.new", "\"wordCount\":12345"), "12345w"},
        {EVENT("article.updated", "\"headline\":\"A\""), " edit "},
        {EVENT("article.gone", "\"headline\":\"A\""), " gone "},
        {EVENT("article.new", "\"duplicateOf\":{\"uri\":\"urn:uuid:nobody-knows-it\"}"),
            "copy of urn:uuid:nobody-knows-it"},
        {EVENT("article.new", "\"published\":\"2026-03-14\""), "09:26:57         new"},
        {EVENT("article.new", "\"published\":\"2026-03-14T09:27:57Z\""), "09:26:57         new"},
        {EVENT("feed.state", "\"url\":\"http://a/\",\"id\":\"f1\",\"state\":\"ok\","
                             "\"previousState\":\"failing\""),
            "f1 ok (was failing)\n"},
        {EVENT("feed.state", "\"url\":\"http://a/\",\"state\":\"gone\",\"error\":\"http://a/: "
                             "status 410\""),
            "  status 410\n"},
        {EVENT("site.state", "\"domain\":\"d.example\",\"state\":\"ok\""),
            "d.example           ok\n"},
        {EVENT("daemon.state", "\"id\":\"dns\",\"state\":\"failing\",\"text\":\"no names\""),
            " self  dns                 no names\n"},
        {"{\"type\":\"wireroom.article.new.v1\",\"data\":{}}", "--:--:--"},
        {"{}", "--:--:--"},
    };
    struct tail_names *names = tail_names_new();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *line = line_of(cases[i].event, names);

        if (strstr(line, cases[i].has) == NULL || strchr(line, '\n') != line + strlen(line) - 1 ||
            strchr(line, '\x1b') != NULL)
            fail_msg("%s: %s", cases[i].event, line);
    }
    tail_names_free(names);
}

static void json_is_spread_as_a_tree(void **state)
{
    static const struct {
        const char *json, *want;
    } cases[] = {
        {"{}", "{}"},
        {"[]", "[]"},
        {"1", "1"},
        {"\"a{b}\\\"[c\"", "\"a{b}\\\"[c\""},
        {"{\"a\":1}", "{\n  \"a\": 1\n}"},
        {"[1,{\"a\":[]}]", "[\n  1,\n  {\n    \"a\": []\n  }\n]"},
        {"{\"a\":\"\\\\\",\"b\":true}", "{\n  \"a\": \"\\\\\",\n  \"b\": true\n}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf out = {0};

        json_spread(bytes_of(cases[i].json), &out);
        assert_string_equal(buf_cstr(&out), cases[i].want);
        buf_done(&out);
    }
}

static const struct cli_option options[] = {
    {"tag", "TAG", CLI_TAKES_OTHER, "one"},
    {"json", NULL, CLI_TAKES_NOTHING, "as JSON"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static const struct cli_verb verb = {
    .name = "look", .summary = "Look.", .options = options, .most = SIZE_MAX};

static void a_command_line_has_an_end(void **state)
{
    enum { MOST = 64 };
    char *argv[3 * MOST + 2] = {(char *)"look"};
    struct cli_args args;
    int code = -1;

    (void)state;
    for (int i = 0; i < MOST; i++)
        argv[1 + i] = (char *)(i % 2 == 0 ? "--json" : "--tag=x");
    assert_true(cli_parse(&verb, "wireroom look", MOST + 1, argv, &args, &code));
    assert_int_equal(args.given_count, MOST);
    for (int i = 0; i <= MOST; i++) /* words are gathered in place */
        argv[1 + i] = (char *)"--json";
    assert_false(cli_parse(&verb, "wireroom look", MOST + 2, argv, &args, &code));
    assert_int_equal(code, EXIT_USAGE);
    for (int i = 1; i <= 3 * MOST; i++)
        argv[i] = (char *)"word";
    assert_true(cli_parse(&verb, "wireroom look", 3 * MOST + 1, argv, &args, &code));
    assert_int_equal(args.words_count, 3 * MOST);
    assert_null(cli_value(&args, 0));
    assert_false(cli_given(&args, 1));
}

static void options_are_written_in_two_ways(void **state)
{
    static const struct {
        const char *words[5], *value;
        bool good;
    } cases[] = {
        {{"look", "--tag", "a"}, "a", true},
        {{"look", "--tag=a"}, "a", true},
        {{"look", "--tag="}, "", true},
        {{"look", "--tag", ""}, "", true},
        {{"look", "--tag=a=b"}, "a=b", true},
        {{"look", "--tag", "--json"}, "--json", true},
        {{"look", "--tag", "-"}, "-", true},
        {{"look", "-"}, NULL, true},
        {{"look", "--", "--tag"}, NULL, true},
        {{"look", "--tag"}, NULL, false},
        {{"look", "--json="}, NULL, false},
        {{"look", "--ta", "a"}, NULL, false},
        {{"look", "-t", "a"}, NULL, false},
        {{"look", "--=a"}, NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *argv[5];
        struct cli_args args;
        int code = -1;
        int argc = 0;

        for (; argc < 5 && cases[i].words[argc] != NULL; argc++)
            argv[argc] = (char *)cases[i].words[argc];
        if (cli_parse(&verb, "wireroom look", argc, argv, &args, &code) != cases[i].good)
            fail_msg("%s %s", cases[i].words[1], cases[i].good ? "was refused" : "was taken");
        if (!cases[i].good)
            assert_int_equal(code, EXIT_USAGE);
        else if (cases[i].value == NULL)
            assert_null(cli_value(&args, 0));
        else
            assert_string_equal(cli_value(&args, 0), cases[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_has_one_form_at_each_length),
        cmocka_unit_test(a_size_has_two_digits_and_never_a_thousand_of_them),
        cmocka_unit_test(how_late_an_article_is),
        cmocka_unit_test(a_point_in_time_is_told_from_now),
        cmocka_unit_test(a_time_is_read_as_people_write_it),
        cmocka_unit_test(counts_are_grouped_by_thousands),
        cmocka_unit_test(a_field_is_as_wide_as_it_should_be),
        cmocka_unit_test(each_event_is_one_line_whatever_is_in_it),
        cmocka_unit_test(json_is_spread_as_a_tree),
        cmocka_unit_test(a_command_line_has_an_end),
        cmocka_unit_test(options_are_written_in_two_ways),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
