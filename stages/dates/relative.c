/* relative.c - days told from that of publication: "yesterday", "two days ago", "next Tuesday". */
#include "calendar.h"

enum { DAYS_AGO = 31 /* what is further away is told by its date */ };

/* A weekday is news of the last days, and of the next ones when that is said. */
struct mentioned calendar_weekday(const struct calendar *c, int weekday, bool is_next)
{
    /* 1970 began on a Thursday. */
    int64_t day = date_from_civil(c->published.year, c->published.month, c->published.day) / 86400;
    int today = (int)((day + 4) % 7);
    int back = (today - weekday + 7) % 7;

    return calendar_day_at(c, is_next ? 7 - back : -back);
}

/* "Wednesday, 18 March", "Wednesday, March 18": the date itself follows. */
static bool is_before_date(const struct calendar *c, size_t word)
{
    size_t at = word + 1;

    for (int i = 0; i < 2 && at < c->count && calendar_near(c, at); i++, at++) {
        if (calendar_month(c, at) > 0 || calendar_is(c, at, MONTH))
            return true;
        if (calendar_day(c, at) > 0)
            return at + 1 < c->count &&
                   (calendar_month(c, at + 1) > 0 ||
                       (calendar_is(c, at + 1, BETWEEN_WORD) && calendar_month(c, at + 2) > 0));
    }
    return false;
}

/* The word before stands next to it, without a comma. */
static bool is_beside(const struct calendar *c, size_t word)
{
    return word > 0 && word < c->count && calendar_gap(c, word).len == 1;
}

/* Before it, "next Tuesday" and "volgende week dinsdag", or behind it, "mardi prochain". */
static bool is_to_come(const struct calendar *c, size_t word)
{
    if (is_beside(c, word) && calendar_is(c, word - 1, NEXT_DAY))
        return true;
    if (is_beside(c, word) && is_beside(c, word - 1) && calendar_is(c, word - 2, NEXT_DAY))
        return true;
    return is_beside(c, word + 1) && calendar_is(c, word + 1, NEXT_DAY) &&
           !(is_beside(c, word + 2) && calendar_is(c, word + 2, WEEKDAY));
}

static size_t read_weekday(struct calendar *c, size_t word, size_t last)
{
    if (!is_before_date(c, last))
        calendar_keep(c, calendar_weekday(c, calendar_word(c, word)->number, is_to_come(c, word)),
            word, last);
    return last;
}

static size_t read_day(struct calendar *c, size_t word)
{
    int days = calendar_word(c, word)->number;
    size_t first = word;

    if (is_beside(c, word)) {
        bool is_further = calendar_is(c, word - 1, FURTHER_DAY);

        if (calendar_is(c, word - 1, NOT_BEFORE_DAY))
            return word;
        /* "the day before yesterday", "the day after tomorrow" */
        is_further = is_further || (word > 1 && calendar_is(c, word - 2, DAYS_WORD) &&
                                       (bytes_is(calendar_text(c, word - 1), "before") ||
                                           bytes_is(calendar_text(c, word - 1), "after")));
        if (is_further && days != 0) {
            days *= 2;
            first = word - 1;
        }
    }
    calendar_keep(c, calendar_day_at(c, days), first, word);
    return word;
}

static int count_at(const struct calendar *c, size_t word)
{
    int64_t count;

    if (calendar_is(c, word, COUNT_WORD))
        return calendar_word(c, word)->count;
    return bytes_to_int(calendar_text(c, word), &count) && count <= DAYS_AGO ? (int)count : 0;
}

/* "il y a deux jours": the a alone is "to". */
static bool is_ago_first(const struct calendar *c, size_t word)
{
    return calendar_is(c, word, AGO_FIRST) || (bytes_is(calendar_text(c, word), "a") && word > 0 &&
                                                  bytes_is(calendar_text(c, word - 1), "y"));
}

/* word is "days". */
static size_t read_ago(struct calendar *c, size_t word)
{
    int days = word == 0 || !calendar_near(c, word) ? 0 : count_at(c, word - 1);

    if (days <= 0)
        return word;
    if (calendar_near(c, word + 1) && calendar_is(c, word + 1, AGO_LAST)) {
        calendar_keep(c, calendar_day_at(c, -days), word - 1, word + 1);
        return word + 1;
    }
    if (word > 1 && calendar_near(c, word - 1) && is_ago_first(c, word - 2))
        calendar_keep(c, calendar_day_at(c, -days), word - 2, word);
    return word;
}

size_t relative_read(struct calendar *c, size_t word)
{
    const struct entry *e = calendar_word(c, word);

    if (c->published.year == 0 || e->is == 0)
        return word;
    if ((e->is & RELATIVE) != 0 && !(c->words[word].capital && !c->words[word].opens))
        return read_day(c, word);
    if ((e->is & FEIRA_DAY) != 0 && calendar_near(c, word + 1) &&
        bytes_is(calendar_text(c, word + 1), "feira"))
        return read_weekday(c, word, word + 1);
    if ((e->is & WEEKDAY) != 0)
        return read_weekday(c, word, word);
    return (e->is & DAYS_WORD) != 0 ? read_ago(c, word) : word;
}
