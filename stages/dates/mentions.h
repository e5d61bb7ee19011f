/* mentions.h - the days, months and years that a text speaks of. */
#ifndef WIREROOM_DATES_MENTIONS_H
#define WIREROOM_DATES_MENTIONS_H

#include "text/words.h"

enum { MENTION_WORDS = 16384, MENTIONS = 64 };

struct mentioned {
    int year, month, day; /* month and day are 0 when they are not told */
    struct bytes text;    /* as written */
};

struct calendar; /* names of months, days, and words like "yesterday" */

struct calendar *calendar_new(void);
void calendar_free(struct calendar *calendar);

/* Each date once, in the order of the text. published: the day by which dates without a year and
 * words like "yesterday" are read; of no day (year 0), those are passed over. language may be
 * empty. */
size_t mentions_find(struct calendar *calendar, struct bytes text, struct bytes language,
    struct mentioned published, struct mentioned ret_mentions[MENTIONS]);

#endif
