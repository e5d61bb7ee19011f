/* date_scan.h - the tokens of a date's text, shared by date.c and the files that help it. */
#ifndef WIREROOM_TEXT_DATE_SCAN_H
#define WIREROOM_TEXT_DATE_SCAN_H

#include "base/str.h"

enum { DATE_TOKENS = 40, DATE_WORD = 40 };

enum date_kind { DATE_NUMBER, DATE_NAME, DATE_MARK };

struct date_token {
    enum date_kind kind;
    bool used;            /* taken as part of the reading */
    bool space;           /* white space before it */
    int digits;           /* of a number */
    int64_t value;        /* of a number; a mark's character */
    size_t start, end;    /* in the text */
    char name[DATE_WORD]; /* of a word: folded to lower case, NUL-terminated */
};

struct date_tokens {
    struct bytes text;
    struct date_token at[DATE_TOKENS];
    int count;
};

/* Cut text into numbers, words and marks. Digits of every script count; "a.m." is one word. */
void date_scan(struct bytes text, struct date_tokens *ret_tokens);

static inline bool date_is_number(const struct date_tokens *t, int i)
{
    return i >= 0 && i < t->count && t->at[i].kind == DATE_NUMBER && !t->at[i].used;
}

static inline bool date_is_mark(const struct date_tokens *t, int i, char mark)
{
    return i >= 0 && i < t->count && t->at[i].kind == DATE_MARK && t->at[i].value == mark;
}

static inline bool date_is_name(const struct date_tokens *t, int i, const char *name)
{
    return i >= 0 && i < t->count && t->at[i].kind == DATE_NAME && strcmp(t->at[i].name, name) == 0;
}

/* date_zone.c: what a zone's name means. */
struct date_civil {
    int year, month, day, hour, minute, second;
};

/* Seconds east of UTC of an abbreviation (folded), or of an IANA name at that local time. */
bool date_zone_by_abbreviation(const char *name, const struct date_civil *at, int *ret_offset);
bool date_zone_by_name(struct bytes name, const struct date_civil *at, int *ret_offset);

#endif
