/* test_date_sweep.c - every name of the tables of months and weekdays, in every layout. */
#include "unit/test.h"

#include "text/date.h"
#include "text/date_names.h"

enum { YEAR = 2024 };

static const int days[] = {1, 12, 31};

static const char *const months[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/* %W the weekday, %M the month, %d the day, %Y the year. The hour is 9:26 where there is a colon.
 */
static const char *const layouts[] = {"%W, %d %M %Y 09:26:00 GMT", "%W %d %M %Y 09:26 UTC",
    "%W, %d. %M %Y, 9:26", "%W. %d. %M. %Y", "%W %M %d 09:26:00 %Y", "%W %M %d 09:26:00 UTC %Y",
    "%W %M %d %Y 09:26:00 +0000", "%W, %M %d, %Y", "%W, %M %d, %Y 9:26 AM",
    "%W, %d-%M-%Y 09:26:00 GMT", "%W %d/%M/%Y", "%W %Y %M %d", "%W, %d de %M de %Y", "%d %M %Y",
    "%d. %M %Y", "%d %M. %Y, 09:26", "%d-%M-%Y", "%d-%M-%Y 09:26", "%d/%M/%Y:09:26:00 +0000",
    "%M %d, %Y", "%M %d, %Y 9:26 AM", "%M. %d, %Y", "%M %d %Y", "%M %d %Y 09:26", "%M-%d-%Y",
    "%M/%d/%Y", "%M %d, %Y at 9:26am", "%M %d, %Y, 9:26:00 AM", "%M %d 09:26:00 %Y", "%Y %M %d",
    "%Y-%M-%d", "%Y-%M-%d 09:26", "%Y. %M %d.", "%d %M %Y %W", "%d %M %Y (%W)", "%M %d, %Y (%W)",
    "09:26 %d %M %Y", "9:26 AM, %M %d, %Y", "9:26 AM %W %M %d, %Y", "%d de %M de %Y",
    "%d de %M del %Y 09:26"};

enum { LAYOUTS = sizeof(layouts) / sizeof(layouts[0]) };

static int last_of(int month, int day)
{
    int last = date_days_in_month(YEAR, month);

    return day < last ? day : last;
}

static void fill(
    char *out, size_t size, const char *layout, const char *weekday, const char *month, int day)
{
    struct buf text = {.limit = size - 1};

    for (const char *p = layout; *p != '\0'; p++) {
        if (*p != '%') {
            buf_add_byte(&text, *p);
            continue;
        }
        p++;
        if (*p == 'W')
            buf_add_cstr(&text, weekday);
        else if (*p == 'M')
            buf_add_cstr(&text, month);
        else
            buf_printf(&text, "%d", *p == 'd' ? day : YEAR);
    }
    memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
    buf_done(&text);
}

/* 0 when layout is read as that day, at its hour. */
static size_t try(const char *layout, const char *weekday, const char *month, int number, int day)
{
    char text[DATE_TEXT];
    struct date date = {0};
    int64_t want = date_from_civil(YEAR, number, day);

    if (strchr(layout, ':') != NULL)
        want += 9 * 3600 + 26 * 60;
    fill(text, sizeof(text), layout, weekday, month, day);
    if (date_parse(bytes_of(text), DATE_ORDER_UNKNOWN, &date) && date.instant == want * 1000000)
        return 0;
    print_error("\"%s\" is not day %d of month %d\n", text, day, number);
    return 1;
}

static const char *weekday_of(int month, int day)
{
    return weekdays[(date_from_civil(YEAR, month, day) / 86400 + 4) % 7];
}

static void each_month_of_each_language_in_each_layout(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < date_month_count; i++)
        for (size_t k = 0; k < sizeof(days) / sizeof(days[0]); k++)
            for (size_t l = 0; l < LAYOUTS; l++) {
                int month = date_months[i].number, day = last_of(month, days[k]);

                wrong += try(layouts[l], weekday_of(month, day), date_months[i].name, month, day);
            }
    assert_int_equal(wrong, 0);
}

static void each_weekday_of_each_language_before_each_month(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < date_day_count; i++)
        for (int month = 1; month <= 12; month++)
            for (size_t l = 0; l < LAYOUTS; l++)
                if (strstr(layouts[l], "%W") != NULL)
                    wrong += try(layouts[l], date_days[i].name, months[month - 1], month,
                        last_of(month, days[(i + l) % 3]));
    assert_int_equal(wrong, 0);
}

/* A weekday and a month of any two languages. */
static void each_weekday_beside_each_month(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < date_day_count; i++)
        for (size_t k = 0; k < date_month_count; k++)
            wrong += try(
                "%W, %d. %M %Y", date_days[i].name, date_months[k].name, date_months[k].number, 12);
    assert_int_equal(wrong, 0);
}

static void each_weekday_beside_numbers(void **state)
{
    static const char *const numbered[] = {"%W %Y-03-%d", "%W, %d/03/%Y 09:26", "%W. %d.03.%Y"};
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < date_day_count; i++)
        for (size_t l = 0; l < 3; l++)
            wrong += try(numbered[l], date_days[i].name, "", 3, 19);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_month_of_each_language_in_each_layout),
        cmocka_unit_test(each_weekday_of_each_language_before_each_month),
        cmocka_unit_test(each_weekday_beside_each_month),
        cmocka_unit_test(each_weekday_beside_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
