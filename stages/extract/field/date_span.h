/* date_span.h - the dates in a line, each with the words before it.
 *
 * A date is numbers and names of months and days side by side: "12 tips and 7 recipes for 2021" has
 * none. What stands between its parts are marks, and the few words that languages put there. */
#ifndef WIREROOM_EXTRACT_FIELD_DATE_SPAN_H
#define WIREROOM_EXTRACT_FIELD_DATE_SPAN_H

#include "text/date.h"

struct date_span {
    struct bytes text; /* the date, and its time of day; empty when there is none */
    struct bytes lead; /* what stands before it, from the date before on */
};

/* The next span of *rest, which moves behind it; false when there is none. */
bool date_span_next(struct bytes *rest, struct date_span *ret_span);

/* Digits of any script that dates are written in, counted up to enough. */
int date_span_digits(struct bytes text, int enough);

#endif
