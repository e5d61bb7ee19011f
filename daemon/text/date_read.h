/* date_read.h - the reading of a date's tokens, between date.c and date_read.c. */
#ifndef WIREROOM_TEXT_DATE_READ_H
#define WIREROOM_TEXT_DATE_READ_H

#include "text/date.h"
#include "text/date_scan.h"

struct date_reading {
    struct date_tokens tokens;
    struct date_civil civil;
    int hour, minute, second; /* -1 while unknown */
    int micros;
    int half;       /* 'a', 'p' or 0 */
    int weekday;    /* 0 Sunday, -1 unknown */
    int after_time; /* index of the first token behind the time, -1 without a time */
    int offset;
    bool has_offset;
    const char *zone;   /* an abbreviation, or NULL */
    struct bytes place; /* an IANA name */
    enum date_order order;
    enum date_precision precision;
};

/* Each takes its tokens (marks them used) and fills its part; false when the text contradicts
 * itself. */
bool date_read_time(struct date_reading *r);
bool date_read_day(struct date_reading *r);
void date_read_zone(struct date_reading *r);

/* The month (from 1), or weekday (from 0), of a name (folded); -1 without one. */
int date_month_of(const char *name);
int date_weekday_of(const char *name);

/* The offset of a zone that was given by name, once day and time are known. */
void date_resolve_zone(struct date_reading *r);

#endif
