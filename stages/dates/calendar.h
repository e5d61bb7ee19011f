/* calendar.h - what the files that find dates share: the text, its words, and what words mean. */
#ifndef WIREROOM_DATES_CALENDAR_H
#define WIREROOM_DATES_CALENDAR_H

#include "mentions.h"
#include "text/date.h"

enum { CALENDAR_SLOTS = 4096 };

/* What a word may be; one may be several. */
enum meaning {
    MONTH = 1 << 0,
    WEEKDAY = 1 << 1,
    RELATIVE = 1 << 2,
    YEAR_PREPOSITION = 1 << 3,
    BETWEEN_WORD = 1 << 4,
    NOT_BEFORE_DAY = 1 << 5,
    FURTHER_DAY = 1 << 6,
    NEXT_DAY = 1 << 7,
    DAYS_WORD = 1 << 8,
    AGO_FIRST = 1 << 9,
    AGO_LAST = 1 << 10,
    AND_WORD = 1 << 11,
    COUNTING_WORD = 1 << 12,
    DAY_PREPOSITION = 1 << 13,
    FEIRA_DAY = 1 << 14,
    COUNT_WORD = 1 << 15,
};

struct entry {
    uint64_t hash;
    uint16_t is;
    int8_t number; /* of the first meaning that has one */
    int8_t count;  /* of a COUNT_WORD */
};

struct calendar {
    struct entry months[CALENDAR_SLOTS], others[CALENDAR_SLOTS];
    struct word words[MENTION_WORDS];
    size_t count;
    struct bytes text;
    struct mentioned published;
    bool wants_capital;     /* the language writes months with one */
    bool has_noun_capitals; /* and all nouns */
    enum date_order order;
    struct mentioned *found;
    size_t found_count;
};

bool calendar_is(const struct calendar *c, size_t word, enum meaning meaning);
const struct entry *calendar_word(const struct calendar *c, size_t word);
struct bytes calendar_text(const struct calendar *c, size_t word);
struct bytes calendar_gap(const struct calendar *c, size_t word); /* before it */

/* Blanks, a dot or a comma before word, but no other line: parts of one date. */
bool calendar_near(const struct calendar *c, size_t word);
int calendar_day(const struct calendar *c, size_t word); /* 14, 14th; 0 when it is no day */
int calendar_month(const struct calendar *c, size_t word);

/* Days from the day of publication. */
struct mentioned calendar_day_at(const struct calendar *c, int days);

/* The weekday that news means by its name: the last one, or the next. */
struct mentioned calendar_weekday(const struct calendar *c, int weekday, bool is_next);

/* One date more, from word first to word last. */
void calendar_keep(struct calendar *c, struct mentioned m, size_t first, size_t last);

/* A day that is told from that of publication, "yesterday", "two days ago", "on Tuesday": the last
 * word of it, or word when it is none. */
size_t relative_read(struct calendar *c, size_t word);

/* The same where signs and syllables tell it: "3月14日", "昨天", "월요일". */
size_t signs_read(struct calendar *c, size_t word);

#endif
