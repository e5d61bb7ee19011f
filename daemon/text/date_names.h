/* date_names.h - the table of month and day names that date.c searches. */
#ifndef WIREROOM_TEXT_DATE_NAMES_H
#define WIREROOM_TEXT_DATE_NAMES_H

#include <stddef.h>

struct date_name {
    const char *name; /* folded to lower case */
    int number;       /* month 1 to 12, or day 0 (Sunday) to 6 */
};

/* Sorted by name, as strcmp() does. */
extern const struct date_name date_months[];
extern const struct date_name date_days[];
extern const size_t date_month_count, date_day_count;

#endif
