/* Dates as feeds and pages write them. */
#include "text/date.h"
#include "text/date_scan.h"
#include "text/letter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <unicode/uchar.h>

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

static const char *read_as(const char *text, enum date_order order)
{
    struct date date;

    if (!date_parse(bytes_of(text), order, &date))
        return "none";
    return bytes_cstr(arena, date_format(arena, &date));
}

#define READS(text, want) assert_string_equal(read_as(text, DATE_ORDER_UNKNOWN), want)

static void reads_rfc_822_and_rfc_3339(void **state)
{
    (void)state;
    READS("Mon, 02 Jan 2006 15:04:05 GMT", "2006-01-02T15:04:05Z");
    READS("Mon, 2 Jan 2006 15:04:05 -0700", "2006-01-02T15:04:05-07:00");
    READS("2 Jan 06 15:04 EST", "2006-01-02T15:04:00-05:00");
    READS("2006-01-02T15:04:05Z", "2006-01-02T15:04:05Z");
    READS("2006-01-02T15:04:05.538+10:00", "2006-01-02T15:04:05.538+10:00");
    READS("2006-01-02", "2006-01-02");
    READS("2006-01", "2006-01-01");
    READS("20060102T150405Z", "2006-01-02T15:04:05Z");
    READS("2006-W01-1", "2006-01-02");
    READS("2006-002", "2006-01-02");
}

static void reads_months_in_many_languages(void **state)
{
    (void)state;
    READS("Do, 29 Mär 2018 10:00:00 +0200", "2018-03-29T10:00:00+02:00");
    READS("mar., 01 déc. 2020 16:11:02 +0000", "2020-12-01T16:11:02Z");
    READS("5 de marzo de 2021", "2021-03-05");
    READS("12 września 2022 14:05", "2022-09-12T14:05:00Z");
    READS("3 ноября 2023, 18:20", "2023-11-03T18:20:00Z");
    READS("2023年5月1日 下午3:20", "2023-05-01T15:20:00Z");
    READS("2004년 05월 28일 01:31:15", "2004-05-28T01:31:15+09:00");
    READS("١٤ نوفمبر ٢٠٢٣", "2023-11-14");
    READS("14 พฤศจิกายน 2566", "2023-11-14");
    READS("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T12:00:00-05:00");
}

static void reads_what_people_write_instead(void **state)
{
    (void)state;
    READS("Sunday, 15. September 2013 - 19:44", "2013-09-15T19:44:00Z");
    READS("Mon, February 20, 2023 at 04:49 PM EST", "2023-02-20T16:49:00-05:00");
    READS("Feb. 23, 2014, 7:25 a.m.", "2014-02-23T07:25:00Z");
    READS("Wednesday, December 18, 2019 - 3:35pm", "2019-12-18T15:35:00Z");
    READS("Fri, 16 Jan 2015 11:36:12 --0500", "2015-01-16T11:36:12-05:00");
    READS("Thu, 25 Feb 2016 00:00:00 Europe/Brussels", "2016-02-25T00:00:00+01:00");
    READS("Thu, 25 Aug 2016 00:00:00 Europe/Brussels", "2016-08-25T00:00:00+02:00");
    READS("1520932969", "2018-03-13T09:22:49Z");
    READS("1520932969123", "2018-03-13T09:22:49.123Z");
    READS("15.03.2013 um 15.30 Uhr", "2013-03-15T15:30:00Z");
    READS("23.11.2009 15.04", "2009-11-23T15:04:00Z");
    READS("2009:11:23 15:04:05", "2009-11-23T15:04:05Z");
    READS("le 3 mai 2020 à 15h30", "2020-05-03T15:30:00Z");
}

/* ICU knows them too, at the price of a calendar. */
static void knows_the_summer_time_of_north_america(void **state)
{
    static const struct {
        const char *abbreviation, *place;
    } zones[] = {{"et", "America/New_York"}, {"ct", "America/Chicago"}, {"mt", "America/Denver"},
        {"pt", "America/Los_Angeles"}, {"at", "America/Halifax"}};

    (void)state;
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
        for (int year = 1990; year <= 2037; year += i == 0 ? 1 : 9)
            for (int month = 2; month <= 12; month++)
                for (int day = 1; day <= date_days_in_month(year, month); day++)
                    for (int hour = 0; hour < 5; hour++) {
                        struct date_civil at = {year, month, day, hour, 30, 0};
                        int offset = 0;
                        int expected = 1;

                        assert_true(date_zone_by_name(bytes_of(zones[i].place), &at, &expected));
                        assert_true(date_zone_by_abbreviation(zones[i].abbreviation, &at, &offset));
                        if (offset != expected)
                            fail_msg("%s %d-%02d-%02d %02d:30: %d, not %d", zones[i].abbreviation,
                                year, month, day, hour, offset, expected);
                    }
}

static void takes_no_other_names_for_places(void **state)
{
    struct date_civil at = {2020, 7, 1, 12, 0, 0};
    int offset = 0;

    (void)state;
    assert_true(date_zone_by_name(LIT("America/Argentina/Buenos_Aires"), &at, &offset));
    assert_int_equal(offset, -3 * 3600);
    assert_true(date_zone_by_name(LIT("Etc/GMT+5"), &at, &offset));
    assert_false(date_zone_by_name(LIT("Europe/Atlantis"), &at, &offset));
    assert_false(date_zone_by_name(LIT("Paris/Dauerthal"), &at, &offset));
    assert_false(date_zone_by_name(LIT("Russ"), &at, &offset));
    assert_false(date_zone_by_name(LIT("Europe"), &at, &offset));
    assert_false(date_zone_by_name(LIT("Europe/Berlin)"), &at, &offset));
}

static void knows_letters_as_icu_does(void **state)
{
    (void)state;
    letters_init();
    for (uint32_t c = 0x80; c < 0x11000; c++) {
        assert_int_equal(
            letter_is(c), (U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_M_MASK)) != 0);
        assert_int_equal(letter_is_blank(c), u_isUWhiteSpace((UChar32)c));
        assert_int_equal(letter_digit(c), u_charDigitValue((UChar32)c));
        assert_int_equal(letter_fold(c), u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT));
    }
}

static void a_weekday_or_the_language_decides_between_two_readings(void **state)
{
    (void)state;
    READS("Sat, 11 04 2020 08:51:49 +0100", "2020-04-11T08:51:49+01:00");
    READS("Tue 04/11/2023", "2023-04-11");
    READS("Sat 04/11/2023", "2023-11-04");
    assert_string_equal(read_as("04/11/2023", DATE_DAY_FIRST), "2023-11-04");
    assert_string_equal(read_as("04/11/2023", DATE_MONTH_FIRST), "2023-04-11");
    assert_int_equal(date_order_of(LIT("en-US")), DATE_MONTH_FIRST);
    assert_int_equal(date_order_of(LIT("en-GB")), DATE_DAY_FIRST);
    assert_int_equal(date_order_of(LIT("")), DATE_ORDER_UNKNOWN);
}

static void never_invents_a_date(void **state)
{
    static const char *const texts[] = {"", "meep", "yesterday", "12:30",
        "30 Feb 2023 00:00:00 GMT", "5 May", "01 Jan 2023 25:61:61 GMT", "99999999999999999999999",
        "2023-13-01T00:00:00Z", "Fri, 31 Dec 9999 23:59:59 GMT", "0000-00-00 00:00:00", "-1",
        "call 555 1234", "page 2 of 2003 pages"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_string_equal(read_as(texts[i], DATE_ORDER_UNKNOWN), "none");
}

static void tells_how_precise_it_is(void **state)
{
    static const struct {
        const char *text, *precision;
    } cases[] = {{"2020-05-01T10:11:12Z", "second"}, {"1 May 2020 10:11", "minute"},
        {"1 May 2020 10 am", "hour"}, {"1 May 2020", "day"}, {"May 2020", "none"},
        {"2020", "none"}};
    struct date date;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(date_parse(bytes_of(cases[i].text), DATE_ORDER_UNKNOWN, &date));
        assert_string_equal(date_precision_name(date.precision), cases[i].precision);
    }
}

static void formats_what_it_read(void **state)
{
    (void)state;
    for (int64_t day = 0; day < 365 * 60; day += 17) {
        struct date date = {.instant = day * 86400 * 1000000LL + 3723000000LL,
                        .precision = DATE_SECOND},
                    again;

        assert_true(date_parse(date_format(arena, &date), DATE_ORDER_UNKNOWN, &again));
        assert_int_equal(date.instant, again.instant);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rfc_822_and_rfc_3339),
        cmocka_unit_test(reads_months_in_many_languages),
        cmocka_unit_test(reads_what_people_write_instead),
        cmocka_unit_test(knows_the_summer_time_of_north_america),
        cmocka_unit_test(takes_no_other_names_for_places),
        cmocka_unit_test(knows_letters_as_icu_does),
        cmocka_unit_test(a_weekday_or_the_language_decides_between_two_readings),
        cmocka_unit_test(never_invents_a_date),
        cmocka_unit_test(tells_how_precise_it_is),
        cmocka_unit_test(formats_what_it_read),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
