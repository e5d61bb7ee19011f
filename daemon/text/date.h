/* date.h - the dates of feeds and pages: RFC 822 and RFC 3339 first, then all that is written
 * instead. */
#ifndef WIREROOM_TEXT_DATE_H
#define WIREROOM_TEXT_DATE_H

#include "base/arena.h"
#include "base/str.h"

enum date_precision { DATE_YEAR, DATE_MONTH, DATE_DAY, DATE_HOUR, DATE_MINUTE, DATE_SECOND };

/* How 3/4/2020 is read when nothing in the text decides. */
enum date_order { DATE_ORDER_UNKNOWN, DATE_DAY_FIRST, DATE_MONTH_FIRST };

struct date {
    int64_t instant; /* microseconds since 1970 UTC; a date without an offset is read as UTC */
    int offset;      /* seconds east of UTC */
    bool has_offset; /* the text told it */
    enum date_precision precision;
};

/* The one date in text; false, and *ret_date untouched, when there is none: no year, no such day,
 * no such hour. At most DATE_TEXT bytes are looked at. Years 1900 to 2199 only. Month and day names
 * are known in some seventy languages, zones by offset, abbreviation and IANA name. A weekday
 * decides between two readings, never against a date. */
enum { DATE_TEXT = 160 };
bool date_parse(struct bytes text, enum date_order order, struct date *ret_date);

/* The order in use where language (BCP 47) is written: month first in en, en-US, en-PH; unknown
 * without a language. */
enum date_order date_order_of(struct bytes language);

/* RFC 3339 with the offset the source gave ("Z" when it gave none), milliseconds only when there
 * are any; a bare date (ISO 8601) when no hour is known. */
enum { DATE_FORMATTED = 40 };
struct bytes date_format(struct arena *arena, const struct date *date);

/* "second" "minute" "hour" "day"; "none" for a month or year only. */
const char *date_precision_name(enum date_precision precision);

/* Seconds since 1970 of a day of the proleptic Gregorian calendar. */
int64_t date_from_civil(int year, int month, int day);
int date_days_in_month(int year, int month);

#endif
