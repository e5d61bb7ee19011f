/* test_date_layouts.c - one day in all the layouts that feeds and pages write it in, and what each
 * of its parts may look like. */
#include "unit/test.h"

#include "text/date.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

struct layout {
    const char *text, *want;
};

static const char *read_in(const char *text, enum date_order order)
{
    struct date date;

    if (!date_parse(bytes_of(text), order, &date))
        return "none";
    return bytes_cstr(arena, date_format(arena, &date));
}

static void check(const struct layout *layouts, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        const char *got = read_in(layouts[i].text, DATE_ORDER_UNKNOWN);

        if (strcmp(got, layouts[i].want) != 0) {
            print_error("\"%s\" is %s, not %s\n", layouts[i].text, got, layouts[i].want);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(layouts) check(layouts, sizeof(layouts) / sizeof((layouts)[0]))

static void the_two_standards_in_all_their_forms(void **state)
{
    static const struct layout layouts[] = {
        {"Sat, 14 Mar 2026 09:26:57 GMT", "2026-03-14T09:26:57Z"},
        {"14 Mar 2026 09:26:57 GMT", "2026-03-14T09:26:57Z"},
        {"Sat, 7 Mar 2026 09:26:57 GMT", "2026-03-07T09:26:57Z"},
        {"Sat, 14 Mar 2026 09:26:57 UT", "2026-03-14T09:26:57Z"},
        {"Sat, 14 Mar 2026 09:26:57 Z", "2026-03-14T09:26:57Z"},
        {"Sat, 14 Mar 2026 09:26:57 +0100", "2026-03-14T09:26:57+01:00"},
        {"Sat, 14 Mar 2026 09:26:57 +01:00", "2026-03-14T09:26:57+01:00"},
        {"Sat, 14 Mar 2026 09:26:57 -0330", "2026-03-14T09:26:57-03:30"},
        {"Sat, 14 Mar 2026 09:26 GMT", "2026-03-14T09:26:00Z"},
        {"Sat, 14 Mar 26 09:26:57 GMT", "2026-03-14T09:26:57Z"},
        {"Wed, 14 Mar 90 09:26:57 GMT", "1990-03-14T09:26:57Z"},
        {"SAT, 14 MAR 2026 09:26:57 gmt", "2026-03-14T09:26:57Z"},
        {"Sat,14 Mar 2026 09:26:57 GMT", "2026-03-14T09:26:57Z"},
        {"Sat , 14 Mar 2026 09:26:57 GMT", "2026-03-14T09:26:57Z"},
        {"Sat, 14  Mar  2026  09:26:57  GMT", "2026-03-14T09:26:57Z"},
        {"\n  Sat, 14 Mar 2026 09:26:57 GMT\t", "2026-03-14T09:26:57Z"},
        {"Sat, 14 March 2026 09:26:57 GMT", "2026-03-14T09:26:57Z"},
        {"Sat, 14-Mar-2026 09:26:57 GMT", "2026-03-14T09:26:57Z"},
        {"Sat Mar 14 09:26:57 2026", "2026-03-14T09:26:57Z"},
        {"Sat Mar 14 09:26:57 GMT 2026", "2026-03-14T09:26:57Z"},
        {"Saturday, 14-Mar-26 09:26:57 GMT", "2026-03-14T09:26:57Z"},
        {"2026-03-14T09:26:57Z", "2026-03-14T09:26:57Z"},
        {"2026-03-14t09:26:57z", "2026-03-14T09:26:57Z"},
        {"2026-03-14T09:26:57+01:00", "2026-03-14T09:26:57+01:00"},
        {"2026-03-14T09:26:57+0100", "2026-03-14T09:26:57+01:00"},
        {"2026-03-14T09:26:57+01", "2026-03-14T09:26:57+01:00"},
        {"2026-03-14T09:26:57.5Z", "2026-03-14T09:26:57.500Z"},
        {"2026-03-14T09:26:57,25Z", "2026-03-14T09:26:57.250Z"},
        {"2026-03-14T09:26:57.123456789Z", "2026-03-14T09:26:57.123Z"},
        {"2026-03-14T09:26:57.0000000+00:00", "2026-03-14T09:26:57Z"},
        {"2026-03-14T09:26Z", "2026-03-14T09:26:00Z"},
        {"2026-03-14T09:26", "2026-03-14T09:26:00Z"},
        {"2026-03-14 09:26:57", "2026-03-14T09:26:57Z"},
        {"2026-03-14 09:26:57 UTC", "2026-03-14T09:26:57Z"},
        {"2026-03-14 09:26:57 +0100", "2026-03-14T09:26:57+01:00"},
        {"2026-03-14T24:00:00Z", "2026-03-15T00:00:00Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
    };

    (void)state;
    CHECK(layouts);
}

static void numbers_alone(void **state)
{
    static const struct layout layouts[] = {
        {"20260314", "2026-03-14"},
        {"20260314092657", "2026-03-14T09:26:57Z"},
        {"202603140926", "2026-03-14T09:26:00Z"},
        {"20260314T092657Z", "2026-03-14T09:26:57Z"},
        {"20260314T0926", "2026-03-14T09:26:00Z"},
        {"2026/03/14", "2026-03-14"},
        {"2026/3/14 9:26", "2026-03-14T09:26:00Z"},
        {"2026.03.14", "2026-03-14"},
        {"2026. 3. 14.", "2026-03-14"},
        {"14.03.2026", "2026-03-14"},
        {"14.3.2026 09:26", "2026-03-14T09:26:00Z"},
        {"14.03.26", "2026-03-14"},
        {"14/03/2026", "2026-03-14"},
        {"14/03/2026 - 09:26", "2026-03-14T09:26:00Z"},
        {"03/14/2026", "2026-03-14"},
        {"03/14/2026 09:26 PM", "2026-03-14T21:26:00Z"},
        {"14-03-2026", "2026-03-14"},
        {"03-04-2026", "2026-04-03"},
        {"03.04.2026", "2026-04-03"},
        {"2026-073", "2026-03-14"},
        {"2024-366", "2024-12-31"},
        {"2026-W11-6", "2026-03-14"},
        {"2026W116", "none"},
        {"2021-W01-1", "2021-01-04"},
        {"2020-W53-7", "2021-01-03"},
        {"03/2026", "2026-03-01"},
        {"1773480417", "2026-03-14T09:26:57Z"},
        {"1773480417000", "2026-03-14T09:26:57Z"},
        {"1773480417000000", "2026-03-14T09:26:57Z"},
    };

    (void)state;
    CHECK(layouts);
}

static void the_time_of_day_as_people_write_it(void **state)
{
    static const struct layout layouts[] = {
        {"14 March 2026 9:26 am", "2026-03-14T09:26:00Z"},
        {"14 March 2026 9:26 p.m.", "2026-03-14T21:26:00Z"},
        {"14 March 2026 12:00 AM", "2026-03-14T00:00:00Z"},
        {"14 March 2026 12:00 PM", "2026-03-14T12:00:00Z"},
        {"14 March 2026 12:30am", "2026-03-14T00:30:00Z"},
        {"14 March 2026 9pm", "2026-03-14T21:00:00Z"},
        {"9:26 am, 14 March 2026", "2026-03-14T09:26:00Z"},
        {"9:26 PM EST, Sat March 14, 2026", "2026-03-14T21:26:00-05:00"},
        {"14. März 2026, 9:26 Uhr", "2026-03-14T09:26:00Z"},
        {"14. März 2026 um 21.26 Uhr", "2026-03-14T21:26:00Z"},
        {"14 mars 2026 à 09h26", "2026-03-14T09:26:00Z"},
        {"14 mars 2026 - 9 h 26", "2026-03-14T09:26:00Z"},
        {"14 de março de 2026 às 9h26", "2026-03-14T09:26:00Z"},
        {"14.3.2026 klo 9.26", "2026-03-14T09:26:00Z"},
        {"14 mars 2026, 9 h 26", "2026-03-14T09:26:00Z"},
        {"Mar 14, 2026", "2026-03-14"},
        {"Mar 14, 2026 9:26 AM", "2026-03-14T09:26:00Z"},
        {"mar 10/11/2026", "2026-11-10"},
        {"14 March 2026 17:30 PM", "2026-03-14T17:30:00Z"},
        {"Published: 14 March 2026", "2026-03-14"},
        {"Last updated on March 14, 2026 at 9:26 am", "2026-03-14T09:26:00Z"},
        {"March 14th, 2026", "2026-03-14"},
        {"the 14th of March 2026", "2026-03-14"},
        {"Mar 14 '26", "2026-03-14"},
        {"14 Mar 2026 9:26 PET", "2026-03-14T09:26:00-05:00"},
        {"9:26 AM pet 14 mar 2026", "2026-03-14T09:26:00Z"},
        {"mar 14 mar 2026", "2026-03-14"},
        {"Mar 14, 2026 (mar)", "2026-03-14"},
        {"mar. 10.11.2026", "2026-11-10"},
    };

    (void)state;
    CHECK(layouts);
}

static void zones_by_offset_name_and_place(void **state)
{
    static const struct layout layouts[] = {
        {"14 Mar 2026 09:26:57 EDT", "2026-03-14T09:26:57-04:00"},
        {"14 Mar 2026 09:26:57 PST", "2026-03-14T09:26:57-08:00"},
        {"14 Mar 2026 09:26:57 ET", "2026-03-14T09:26:57-04:00"},
        {"14 Jan 2026 09:26:57 ET", "2026-01-14T09:26:57-05:00"},
        {"14 Mar 2026 09:26:57 CET", "2026-03-14T09:26:57+01:00"},
        {"14 Jul 2026 09:26:57 CEST", "2026-07-14T09:26:57+02:00"},
        {"14 Jul 2026 09:26:57 MESZ", "2026-07-14T09:26:57+02:00"},
        {"14 Mar 2026 09:26:57 MSK", "2026-03-14T09:26:57+03:00"},
        {"14 Mar 2026 09:26:57 IST", "2026-03-14T09:26:57+05:30"},
        {"14 Mar 2026 09:26:57 NPT", "2026-03-14T09:26:57+05:45"},
        {"14 Mar 2026 09:26:57 JST", "2026-03-14T09:26:57+09:00"},
        {"14 Mar 2026 09:26:57 AEDT", "2026-03-14T09:26:57+11:00"},
        {"14 Mar 2026 09:26:57 GMT+1", "2026-03-14T09:26:57+01:00"},
        {"14 Mar 2026 09:26:57 UTC+05:30", "2026-03-14T09:26:57+05:30"},
        {"14 Mar 2026 09:26:57 GMT-0700 (Pacific Daylight Time)", "2026-03-14T09:26:57-07:00"},
        {"14 Mar 2026 09:26:57 +0000 (UTC)", "2026-03-14T09:26:57Z"},
        {"14 Mar 2026 09:26:57 (CET)", "2026-03-14T09:26:57+01:00"},
        {"14 Mar 2026 09:26:57 Europe/London", "2026-03-14T09:26:57Z"},
        {"14 Jul 2026 09:26:57 Europe/London", "2026-07-14T09:26:57+01:00"},
        {"14 Mar 2026 09:26:57 Asia/Kolkata", "2026-03-14T09:26:57+05:30"},
        {"14 Mar 2026 09:26:57 +2500", "2026-03-14T09:26:57Z"},
        {"14 Mar 2026 09:26:57 XYZ", "2026-03-14T09:26:57Z"},
    };

    (void)state;
    CHECK(layouts);
}

/* XML Schema 1.1 part 2, 3.3.9 (xs:date), and what feeds write in its place. */
static void a_day_has_a_zone_without_an_hour(void **state)
{
    static const struct layout layouts[] = {
        {"2026-03-14+05:30", "2026-03-14T00:00:00+05:30"},
        {"2026-03-14-08:00", "2026-03-14T00:00:00-08:00"},
        {"2026-03-14+02", "2026-03-14T00:00:00+02:00"},
        {"2026-03-14Z", "2026-03-14"},
        {"20260314+0100", "2026-03-14T00:00:00+01:00"},
        {"20260314-0500", "2026-03-14T00:00:00-05:00"},
        {"2026-073+01:00", "2026-03-14T00:00:00+01:00"},
        {"2026-03-14 +0530", "2026-03-14T00:00:00+05:30"},
        {"14 Mar 2026 -0330", "2026-03-14T00:00:00-03:30"},
        {"Sat, 14 Mar 2026 +0100", "2026-03-14T00:00:00+01:00"},
        {"March 14, 2026 -0500", "2026-03-14T00:00:00-05:00"},
        {"14/03/2026 +01:00", "2026-03-14T00:00:00+01:00"},
        {"14 Mar 2026 CET", "2026-03-14T00:00:00+01:00"},
        {"14 Mar 2026 GMT+2", "2026-03-14T00:00:00+02:00"},
        {"2026-03-14 UTC-5", "2026-03-14T00:00:00-05:00"},
        {"14/03/2026 UTC-10", "2026-03-14T00:00:00-10:00"},
        {"14 Mar 2026 GMT-3", "2026-03-14T00:00:00-03:00"},
        {"Sat, 14 Mar 2026 09:26:57 + 0200", "2026-03-14T09:26:57+02:00"},
        {"14/Mar/2026:09:26:57 -0700", "2026-03-14T09:26:57-07:00"},
        /* an hour, a range, a year and a number are no zones */
        {"2026-03-14 - 09:26", "2026-03-14T09:26:00Z"},
        {"14.03.2026-09:30", "2026-03-14T09:30:00Z"},
        {"2026-03-14 -09:26", "2026-03-14T09:26:00Z"},
        {"2026-03-14-09:30:00", "2026-03-14T09:30:00Z"},
        {"2026:03:14 09:26:57", "2026-03-14T09:26:57Z"},
        {"14 Mar -2026", "2026-03-14"},
        {"14 Mar UTC - 2026", "2026-03-14"},
        {"09:26 - 14 Mar 2026", "2026-03-14T09:26:00Z"},
        {"14-03-2026", "2026-03-14"},
        {"14 Mar 2026 +2500", "2026-03-14"},
        {"May 2026 -2027", "2026-05-01"},
    };

    (void)state;
    CHECK(layouts);
}

static void months_of_the_worlds_feeds(void **state)
{
    static const struct layout layouts[] = {
        {"14 février 2026", "2026-02-14"},
        {"1er août 2026", "2026-08-01"},
        {"14. Jänner 2026", "2026-01-14"},
        {"14 maart 2026", "2026-03-14"},
        {"14 marzo 2026", "2026-03-14"},
        {"14 de mayo de 2026", "2026-05-14"},
        {"14 de fevereiro de 2026", "2026-02-14"},
        {"14 de desembre de 2026", "2026-12-14"},
        {"14 mars 2026", "2026-03-14"},
        {"14. marts 2026", "2026-03-14"},
        {"14. maaliskuuta 2026", "2026-03-14"},
        {"14 marca 2026", "2026-03-14"},
        {"14. března 2026", "2026-03-14"},
        {"14. októbra 2026", "2026-10-14"},
        {"2026. március 14.", "2026-03-14"},
        {"14 martie 2026", "2026-03-14"},
        {"14 март 2026", "2026-03-14"},
        {"14 марта 2026 г.", "2026-03-14"},
        {"14 березня 2026", "2026-03-14"},
        {"14 Μαρτίου 2026", "2026-03-14"},
        {"14 Mart 2026", "2026-03-14"},
        {"14 Ekim 2026", "2026-10-14"},
        {"14 Maret 2026", "2026-03-14"},
        {"14 tháng 3 năm 2026", "2026-03-14"},
        {"14 मार्च 2026", "2026-03-14"},
        {"14 مارس 2026", "2026-03-14"},
        {"14 במרץ 2026", "2026-03-14"},
        {"14 בינואר 2026", "2026-01-14"},
        {"2026年3月14日", "2026-03-14"},
        {"2026年3月14日 09:26:57", "2026-03-14T09:26:57Z"},
        {"2026년 3월 14일", "2026-03-14"},
        {"2026년 3월 14일 오후 9:26", "2026-03-14T21:26:00+09:00"},
        {"14 มีนาคม 2569", "2026-03-14"},
    };

    (void)state;
    CHECK(layouts);
}

static void what_cannot_be_is_none(void **state)
{
    static const struct layout layouts[] = {
        {"29 Feb 2025", "none"},
        {"29 Feb 2024", "2024-02-29"},
        {"29 Feb 1900", "none"},
        {"29 Feb 2000", "2000-02-29"},
        {"31 Apr 2026", "none"},
        {"0 Mar 2026", "none"},
        {"32 Mar 2026", "none"},
        {"2026-00-14", "none"},
        {"2026-13-14", "none"},
        {"14/14/2026", "none"},
        {"14 Mar 1899", "none"},
        {"14 Mar 2200", "none"},
        {"14 Mar 1900", "1900-03-14"},
        {"31 Dec 2199", "2199-12-31"},
        {"2026-03-14T25:00:00Z", "none"},
        {"2026-03-14T09:60:00Z", "none"},
        {"2026-03-14T24:00:01Z", "none"},
        {"14 Mar", "none"},
        {"March", "none"},
        {"Saturday", "none"},
        {"09:26:57 GMT", "none"},
        {"2 hours ago", "none"},
        {"today at 9:26", "none"},
        {"{{ date }}", "none"},
        {"null", "none"},
        {"Invalid Date", "none"},
        {"0", "none"},
        {"-62135596800", "none"},
        {"0001-01-01T00:00:00Z", "none"},
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
    };

    (void)state;
    CHECK(layouts);
}

/* 3/4/2026: all that may decide does so, in this order. */
static void an_unclear_date_is_read_as_its_language_does(void **state)
{
    static const struct {
        const char *language, *text, *want;
    } cases[] = {
        {"en-US", "3/4/2026", "2026-03-04"}, {"en-us", "3/4/2026", "2026-03-04"},
        {"en", "3/4/2026", "2026-03-04"}, {"en-PH", "3/4/2026", "2026-03-04"},
        {"en-GB", "3/4/2026", "2026-04-03"}, {"en-AU", "3/4/2026", "2026-04-03"},
        {"fr", "3/4/2026", "2026-04-03"}, {"de-DE", "3/4/2026", "2026-04-03"},
        {"", "3/4/2026", "2026-03-04"},
        {"fr", "3/14/2026", "2026-03-14"}, /* only one reading is a day */
        {"en-US", "14/3/2026", "2026-03-14"},
        {"fr", "Wed 3/4/2026", "2026-03-04"}, /* the weekday knows better than the language */
        {"en-US", "Fri 3/4/2026", "2026-04-03"},
        {"en-US", "3.4.2026", "2026-04-03"}, /* points are never written month first */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *got = read_in(cases[i].text, date_order_of(bytes_of(cases[i].language)));

        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%s in \"%s\": %s", cases[i].text, cases[i].language, got);
    }
}

static void is_left_alone_by_a_text_without_a_date(void **state)
{
    const struct date before = {.instant = 42, .offset = 7, .precision = DATE_HOUR};
    struct date date = before;

    (void)state;
    assert_false(date_parse(LIT("no date at all"), DATE_ORDER_UNKNOWN, &date));
    assert_memory_equal(&date, &before, sizeof(date));
}

/* However long the text: what stands in its first bytes counts. */
static void looks_at_the_beginning_of_a_long_text(void **state)
{
    char text[DATE_TEXT * 4];

    (void)state;
    memset(text, '-', sizeof(text));
    memcpy(text, "14 March 2026 ", 14);
    text[sizeof(text) - 1] = '\0';
    assert_string_equal(read_in(text, DATE_ORDER_UNKNOWN), "2026-03-14");
    memset(text, '-', sizeof(text) - 1);
    memcpy(text + sizeof(text) - 20, "14 March 2026", 13);
    assert_string_equal(read_in(text, DATE_ORDER_UNKNOWN), "none");
}

/* Written and read again, each day and offset comes back, with the precision it had. */
static void comes_back_as_it_was_written(void **state)
{
    static const int offsets[] = {0, 3600, -3600, 19800, 20700, -12600, 50400, -43200};

    (void)state;
    for (int year = 1900; year < 2200; year += 7)
        for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
            struct date again;
            const struct date date = {
                .instant =
                    (date_from_civil(year, 1 + year % 12, 28) + 34017 - offsets[i]) * 1000000 +
                    250000,
                .offset = offsets[i],
                .has_offset = true,
                .precision = DATE_SECOND};

            assert_true(date_parse(date_format(arena, &date), DATE_ORDER_UNKNOWN, &again));
            assert_int_equal(again.instant, date.instant);
            assert_int_equal(again.offset, date.offset);
            assert_true(again.has_offset);
            assert_int_equal(again.precision, DATE_SECOND);
        }
}

static void the_calendar_goes_on_day_by_day(void **state)
{
    int64_t day = date_from_civil(1899, 12, 31);

    (void)state;
    for (int year = 1900; year <= 2199; year++)
        for (int month = 1; month <= 12; month++)
            for (int of_month = 1; of_month <= date_days_in_month(year, month); of_month++) {
                day += 86400;
                assert_int_equal(date_from_civil(year, month, of_month), day);
            }
    assert_int_equal(date_from_civil(1970, 1, 1), 0);
    assert_int_equal(date_from_civil(2026, 3, 14), 1773446400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_two_standards_in_all_their_forms),
        cmocka_unit_test(numbers_alone),
        cmocka_unit_test(the_time_of_day_as_people_write_it),
        cmocka_unit_test(zones_by_offset_name_and_place),
        cmocka_unit_test(a_day_has_a_zone_without_an_hour),
        cmocka_unit_test(months_of_the_worlds_feeds),
        cmocka_unit_test(what_cannot_be_is_none),
        cmocka_unit_test(an_unclear_date_is_read_as_its_language_does),
        cmocka_unit_test(is_left_alone_by_a_text_without_a_date),
        cmocka_unit_test(looks_at_the_beginning_of_a_long_text),
        cmocka_unit_test(comes_back_as_it_was_written),
        cmocka_unit_test(the_calendar_goes_on_day_by_day),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
