/* date.c - knows which day a text means, and the two forms that nearly all feeds write. */
#include "text/date.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "text/date_names.h"
#include "text/date_read.h"

enum { YEAR_FIRST = 1900, YEAR_LAST = 2199, DAY_SECONDS = 86400 };

int64_t date_from_civil(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return (era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468) *
           DAY_SECONDS;
}

int date_days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
        return 29;
    return days[month - 1];
}

static bool is_day(const struct date_civil *c)
{
    return c->year >= YEAR_FIRST && c->year <= YEAR_LAST && c->month >= 1 && c->month <= 12 &&
           c->day >= 1 && c->day <= date_days_in_month(c->year, c->month);
}

/* 24:00:00 is the end of the day (ISO 8601-1, 4.3.11), 60 a leap second. */
static bool is_time(const struct date_civil *c)
{
    return (c->hour <= 23 || (c->hour == 24 && c->minute == 0 && c->second == 0)) &&
           c->minute <= 59 && c->second <= 60;
}

static bool finish(const struct date_civil *c, int micros, struct date *date)
{
    if (!is_day(c) || !is_time(c))
        return false;
    date->instant = (date_from_civil(c->year, c->month, c->day) + (int64_t)c->hour * 3600 +
                        (int64_t)c->minute * 60 + c->second - date->offset) *
                        SECOND +
                    micros;
    return true;
}

/* Two digits at p, or -1. */
static int two(const char *p)
{
    return is_digit(p[0]) && is_digit(p[1]) ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

static int four(const char *p)
{
    int high = two(p), low = two(p + 2);

    return high < 0 || low < 0 ? -1 : high * 100 + low;
}

/* "Z", "+01:00" or "+0100", and nothing else. */
static bool read_offset(struct bytes text, struct date *date)
{
    size_t colon = text.len == 6 && text.ptr[3] == ':' ? 1 : 0;
    int hours, minutes;

    if (text.len == 1 && (text.ptr[0] == 'Z' || text.ptr[0] == 'z')) {
        date->has_offset = true;
        return true;
    }
    if (text.len != 5 + colon || (text.ptr[0] != '+' && text.ptr[0] != '-'))
        return false;
    hours = two(text.ptr + 1);
    minutes = two(text.ptr + 3 + colon);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
        return false;
    date->offset = (hours * 3600 + minutes * 60) * (text.ptr[0] == '-' ? -1 : 1);
    date->has_offset = true;
    return true;
}

/* RFC 3339: "2006-01-02T15:04:05Z", without a fraction. */
static bool read_rfc3339(struct bytes text, struct date *date)
{
    const char *p = text.ptr;
    struct date_civil c;

    if (text.len < 20 || p[4] != '-' || p[7] != '-' || (p[10] != 'T' && p[10] != ' ') ||
        p[13] != ':' || p[16] != ':')
        return false;
    c = (struct date_civil){four(p), two(p + 5), two(p + 8), two(p + 11), two(p + 14), two(p + 17)};
    if (c.hour < 0 || c.minute < 0 || c.second < 0 || !read_offset(bytes_from(text, 19), date))
        return false;
    return finish(&c, 0, date);
}

static int english_month(const char *p)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    const char low[3] = {to_lower(p[0]), to_lower(p[1]), to_lower(p[2])};

    for (int i = 0; i < 12; i++)
        if (memcmp(names + (size_t)3 * (size_t)i, low, 3) == 0)
            return i + 1;
    return -1;
}

/* RFC 822 with the year of RFC 1123: "Mon, 02 Jan 2006 15:04:05 GMT", with an optional weekday. */
static bool read_rfc822(struct bytes text, struct date *date)
{
    const char *p;
    struct date_civil c;

    if (text.len > 5 && text.ptr[3] == ',' && text.ptr[4] == ' ')
        text = bytes_from(text, 5);
    p = text.ptr;
    if (text.len > 10 && is_digit(p[0]) && p[1] == ' ') {
        c.day = p[0] - '0';
        text = bytes_from(text, 2);
    } else if (text.len > 10 && p[2] == ' ') {
        c.day = two(p);
        text = bytes_from(text, 3);
    } else {
        return false;
    }
    p = text.ptr;
    if (text.len < 20 || p[3] != ' ' || p[8] != ' ' || p[11] != ':' || p[14] != ':' || p[17] != ' ')
        return false;
    c = (struct date_civil){
        four(p + 4), english_month(p), c.day, two(p + 9), two(p + 12), two(p + 15)};
    if (c.hour < 0 || c.minute < 0 || c.second < 0)
        return false;
    if (bytes_is(bytes_from(text, 18), "GMT"))
        date->has_offset = true;
    else if (!read_offset(bytes_from(text, 18), date))
        return false;
    return finish(&c, 0, date);
}

/* Seconds, milliseconds or microseconds since 1970, from 1990 on. */
static bool read_epoch(struct bytes text, struct date *date)
{
    static const int64_t first = 631152000, last = 7258118400;
    int64_t value, unit;

    if (!bytes_to_int(text, &value) || text.len < 9)
        return false;
    unit = text.len <= 11 ? SECOND : text.len <= 14 ? 1000 : 1;
    if (value < first * (SECOND / unit) || value > last * (SECOND / unit))
        return false;
    *date = (struct date){.instant = value * unit, .has_offset = true, .precision = DATE_SECOND};
    return true;
}

static bool read_tokens(struct bytes text, enum date_order order, struct date *date)
{
    struct date_reading r = {
        .hour = -1, .minute = -1, .second = -1, .weekday = -1, .after_time = -1, .order = order};

    date_scan(text, &r.tokens);
    if (!date_read_time(&r))
        return false;
    date_read_zone(&r);
    if (!date_read_day(&r))
        return false;
    r.civil.hour = r.hour < 0 ? 0 : r.hour;
    r.civil.minute = r.minute < 0 ? 0 : r.minute;
    r.civil.second = r.second < 0 ? 0 : r.second;
    if (!is_day(&r.civil) || !is_time(&r.civil))
        return false;
    date_resolve_zone(&r);
    if (r.hour >= 0)
        r.precision = r.second >= 0 ? DATE_SECOND : r.minute >= 0 ? DATE_MINUTE : DATE_HOUR;
    *date = (struct date){.offset = r.offset, .has_offset = r.has_offset, .precision = r.precision};
    return finish(&r.civil, r.micros, date);
}

bool date_parse(struct bytes text, enum date_order order, struct date *ret_date)
{
    struct date date = {.precision = DATE_SECOND};

    text = bytes_trim(text);
    if (text.len < 4)
        return false;
    if (read_rfc822(text, &date)) {
        *ret_date = date;
        return true;
    }
    date = (struct date){.precision = DATE_SECOND};
    if (!read_rfc3339(text, &date) && !read_epoch(text, &date) && !read_tokens(text, order, &date))
        return false;
    *ret_date = date;
    return true;
}

enum date_order date_order_of(struct bytes language)
{
    struct bytes tag = bytes_slice(language, 0, 5);

    if (language.len == 0)
        return DATE_ORDER_UNKNOWN;
    if (bytes_equal_nocase(language, LIT("en")) || bytes_equal_nocase(tag, LIT("en-us")) ||
        bytes_equal_nocase(tag, LIT("en-ph")))
        return DATE_MONTH_FIRST;
    return DATE_DAY_FIRST;
}

static void civil_of(int64_t seconds, struct date_civil *c)
{
    int64_t days = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
    int64_t z, era, of_era, year, of_year, m;

    if (rest < 0) {
        rest += DAY_SECONDS;
        days--;
    }
    z = days + 719468;
    era = (z >= 0 ? z : z - 146096) / 146097;
    of_era = z - era * 146097;
    year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    of_year = of_era - (365 * year + year / 4 - year / 100);
    m = (5 * of_year + 2) / 153;
    c->day = (int)(of_year - (153 * m + 2) / 5 + 1);
    c->month = (int)(m < 10 ? m + 3 : m - 9);
    c->year = (int)(year + era * 400 + (c->month <= 2));
    c->hour = (int)(rest / 3600);
    c->minute = (int)(rest / 60 % 60);
    c->second = (int)(rest % 60);
}

struct bytes date_format(struct arena *arena, const struct date *date)
{
    int64_t local = date->instant + (int64_t)date->offset * SECOND;
    int64_t micros = local % SECOND;
    int minutes = abs(date->offset) / 60;
    char text[DATE_FORMATTED + 40];
    struct date_civil c;
    int len;

    if (micros < 0)
        micros += SECOND;
    civil_of((local - micros) / SECOND, &c);
    len = snprintf(text, sizeof(text), "%04d-%02d-%02d", c.year, c.month, c.day);
    if (date->precision > DATE_DAY || date->offset != 0) {
        len += snprintf(
            text + len, sizeof(text) - (size_t)len, "T%02d:%02d:%02d", c.hour, c.minute, c.second);
        if (micros >= 1000)
            len += snprintf(text + len, sizeof(text) - (size_t)len, ".%03d", (int)(micros / 1000));
        len += date->offset == 0 ? snprintf(text + len, sizeof(text) - (size_t)len, "Z")
                                 : snprintf(text + len, sizeof(text) - (size_t)len, "%c%02d:%02d",
                                       date->offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    }
    return bytes_copy(arena, (struct bytes){text, (size_t)len});
}

const char *date_precision_name(enum date_precision precision)
{
    static const char *const names[] = {"none", "none", "day", "hour", "minute", "second"};

    return names[precision];
}
