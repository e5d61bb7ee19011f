/* order.c - which entries of a first document go out, in which order entries do, and how
 * addresses and dates are read for admission. */
#include <stdlib.h>

#include "admit/admit.h"
#include "base/hash.h"

struct dated {
    uint32_t date;
    size_t i;
};

/* Newest first; the top of the document counts as newest. */
static int by_age(const void *a, const void *b)
{
    const struct dated *x = a;
    const struct dated *y = b;

    if (x->date != y->date)
        return x->date > y->date ? -1 : 1;
    return x->i < y->i ? -1 : x->i > y->i;
}

static bool is_fresh(const struct admit_decision *d)
{
    return d->verdict == ADMIT_NEW || d->verdict == ADMIT_CHANGED;
}

/* Fill room with the fresh entries, newest first. Where some have no date, dates decide nothing. */
static size_t newest_first(
    const struct admit *admit, const struct admit_decision *decisions, struct dated *room)
{
    bool all_dated = true;
    size_t count = 0;

    for (size_t i = 0; i < admit->count; i++)
        if (is_fresh(&decisions[i]) && admit->entries[i].date == 0)
            all_dated = false;
    for (size_t i = 0; i < admit->count; i++)
        if (is_fresh(&decisions[i]))
            room[count++] = (struct dated){all_dated ? admit->entries[i].date : 0, i};
    qsort(room, count, sizeof(*room), by_age);
    return count;
}

void admit_first(const struct admit *admit, int first_fetch, int64_t first_count,
    struct arena *arena, struct admit_decision *decisions)
{
    struct dated *order = arena_alloc_array(arena, admit->count + 1, sizeof(*order));
    size_t count = newest_first(admit, decisions, order);
    size_t most = first_fetch == FIRST_MARK || first_count < 0 ? 0 : (size_t)first_count;

    if (first_fetch == FIRST_PUBLISH_ALL)
        return;
    for (size_t n = most; n < count; n++)
        decisions[order[n].i].verdict = ADMIT_MARKED;
}

size_t admit_order(const struct admit *admit, const struct admit_decision *decisions,
    struct arena *arena, size_t *ret_order)
{
    struct dated *order = arena_alloc_array(arena, admit->count + 1, sizeof(*order));
    size_t count = newest_first(admit, decisions, order);

    for (size_t n = 0; n < count; n++)
        ret_order[n] = order[count - 1 - n].i;
    return count;
}

uint64_t admit_url_key(struct bytes url)
{
    size_t at = bytes_find(url, LIT("://"));
    uint64_t key;

    if (at == SIZE_MAX)
        return 0;
    url = bytes_from(url, at + 3);
    if (bytes_starts_nocase(url, LIT("www.")))
        url = bytes_from(url, 4);
    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    if (bytes_find_byte(url, '/') == SIZE_MAX && bytes_find_byte(url, '?') == SIZE_MAX)
        return 0;
    key = hash64(url);
    return key == 0 ? 1 : key;
}

/* len digits at p as a number, or -1. */
static int64_t digits(struct bytes text, size_t at, size_t len)
{
    int64_t value = -1;

    bytes_to_int(bytes_slice(text, at, len), &value);
    return text.len < at + len ? -1 : value;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar; years begin in March, so that leap
 * days end them. */
static int64_t day_number(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    month += month <= 2 ? 9 : -3;
    return year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 -
           719468;
}

/* Seconds of "Z", "+hh:mm" or "-hh:mm" at the end of text. */
static int64_t zone_seconds(struct bytes text)
{
    struct bytes zone = bytes_from(text, text.len < 6 ? 0 : text.len - 6);
    int64_t hours = digits(zone, 1, 2);
    int64_t minutes = digits(zone, 4, 2);

    if (zone.len != 6 || (zone.ptr[0] != '+' && zone.ptr[0] != '-') || hours < 0 || minutes < 0)
        return 0;
    return (zone.ptr[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

uint32_t admit_date(struct bytes text)
{
    int64_t year = digits(text, 0, 4);
    int64_t month = digits(text, 5, 2);
    int64_t day = digits(text, 8, 2);
    int64_t seconds;

    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
        return 0;
    seconds = day_number(year, month, day) * 86400;
    if (text.len >= 16 && digits(text, 11, 2) >= 0 && digits(text, 14, 2) >= 0) {
        seconds += digits(text, 11, 2) * 3600 + digits(text, 14, 2) * 60;
        seconds += text.len >= 19 && digits(text, 17, 2) >= 0 ? digits(text, 17, 2) : 0;
        seconds -= zone_seconds(bytes_from(text, 16));
    }
    return seconds < 1 ? 1 : seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
}
