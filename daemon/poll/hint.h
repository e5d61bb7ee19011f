/* hint.h - what a document asks of whoever polls it, made into numbers. */
#ifndef WIREROOM_POLL_HINT_H
#define WIREROOM_POLL_HINT_H

#include "record/record.h"

struct hints {
    int64_t interval; /* microseconds between polls at least, 0 for nothing */
    uint32_t skip;    /* hours and days in which not to ask, see below */
};

/* Hours of the day (UTC) are bits 0 to 23, days of the week bits 24 (Sunday) to 30. */
enum { HINT_HOURS = 24, HINT_DAYS = 7 };

/* Read REC_FEED_HINT of an ANSWER_FEED: ttl in minutes (RSS 2.0), else the syndication module's
 * period divided by its frequency; skipHours and skipDays (RSS 2.0; 24 is RSS 0.91's midnight).
 * Who skips all hours or all days has asked for nothing. */
void hints_read(const struct wr_record *feed, struct hints *ret_hints);

/* From wall on, the time until the first moment that is not skipped; 0 when wall itself is not, and
 * never over a day. */
int64_t hints_wait(uint32_t skip, int64_t wall);

#endif
