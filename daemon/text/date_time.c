/* date_time.c - knows how the hour and the zone are written in a date's text. */
#include "text/date_read.h"

enum { MOST_MINUTES = 15 * 60 }; /* of a real offset */

struct half {
    const char *name;
    int half;
};

static const struct half halves[] = {
    {"am", 'a'},
    {"pm", 'p'},
    {"오전", 'a'},
    {"오후", 'p'},
    {"上午", 'a'},
    {"下午", 'p'},
    {"午前", 'a'},
    {"午後", 'p'},
    {"πμ", 'a'},
    {"μμ", 'p'},
    {"ص", 'a'},
    {"م", 'p'},
};

static int half_of(const struct date_token *token)
{
    if (token->kind != DATE_NAME)
        return 0;
    for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++)
        if (strcmp(halves[i].name, token->name) == 0)
            return halves[i].half;
    /* "3:05p"; apart from its number a letter is a zone */
    if (!token->space && token->name[1] == '\0' && (token->name[0] == 'a' || token->name[0] == 'p'))
        return token->name[0];
    return 0;
}

static void use(struct date_reading *r, int from, int to)
{
    for (int i = from; i < to; i++)
        r->tokens.at[i].used = true;
}

static bool starts_with(const struct date_tokens *t, int i, const char *const *words)
{
    if (i >= t->count || t->at[i].kind != DATE_NAME)
        return false;
    for (; *words != NULL; words++)
        if (strncmp(t->at[i].name, *words, strlen(*words)) == 0)
            return true;
    return false;
}

static bool is_short(const struct date_tokens *t, int i)
{
    return date_is_number(t, i) && t->at[i].digits <= 2;
}

/* Microseconds of "5" or "538" behind a point. */
static int fraction_of(const struct date_token *token)
{
    int64_t value = token->value;
    int digits = token->digits > 18 ? 18 : token->digits;

    for (; digits > 6; digits--)
        value /= 10;
    for (; digits < 6; digits++)
        value *= 10;
    return (int)value;
}

/* "15:04", "15:04:05", "15:04:05.123" from token i; the token behind it. */
static int take_clock(struct date_reading *r, int i)
{
    struct date_tokens *t = &r->tokens;
    int end = i + 3;

    r->hour = (int)t->at[i].value;
    r->minute = (int)t->at[i + 2].value;
    if (date_is_mark(t, end, ':') && is_short(t, end + 1) && !t->at[end + 1].space) {
        r->second = (int)t->at[end + 1].value;
        end += 2;
        if ((date_is_mark(t, end, '.') || date_is_mark(t, end, ',')) &&
            date_is_number(t, end + 1) && !t->at[end + 1].space && !t->at[end].space) {
            r->micros = fraction_of(&t->at[end + 1]);
            end += 2;
        } else if (date_is_mark(t, end, ':') && is_short(t, end + 1)) {
            end += 2;
        }
    }
    return end;
}

/* "9 h 26": what is behind the hour and ends the text is no day of the month. */
static bool is_last(const struct date_tokens *t, int i)
{
    return i + 1 == t->count && t->at[i].digits == 2 && t->at[i].value < 60;
}

/* "15h30", "3 pm", "15.30 Uhr", "10时30分15秒": the token behind it, or -1. */
static int take_spoken(struct date_reading *r, int i)
{
    static const char *const hours[] = {"h", "uhr", "시", "時", "时", "点", "點", NULL};
    static const char *const minutes[] = {"분", "分", NULL}, *const seconds[] = {"초", "秒", NULL};
    static const char *const clock[] = {"uhr", "klo", NULL};
    struct date_tokens *t = &r->tokens;

    if (!is_short(t, i) || i + 1 >= t->count || t->at[i].value > 24)
        return -1;
    if (date_is_mark(t, i + 1, '.') && is_short(t, i + 2) && starts_with(t, i + 3, clock)) {
        r->hour = (int)t->at[i].value;
        r->minute = (int)t->at[i + 2].value;
        return i + 4;
    }
    if (half_of(&t->at[i + 1]) != 0 && t->at[i].value >= 1 && t->at[i].value <= 12) {
        r->hour = (int)t->at[i].value;
        return i + 1;
    }
    if (!starts_with(t, i + 1, hours) || strlen(t->at[i + 1].name) > 4 ||
        date_month_of(t->at[i + 1].name) > 0)
        return -1;
    r->hour = (int)t->at[i].value;
    i += 2;
    if (is_short(t, i) && (!t->at[i].space || is_last(t, i))) {
        r->minute = (int)t->at[i].value;
        i += starts_with(t, i + 1, minutes) ? 2 : 1;
        if (is_short(t, i) && starts_with(t, i + 1, seconds)) {
            r->second = (int)t->at[i].value;
            i += 2;
        }
    }
    return i;
}

/* ISO 8601 basic: "T10", "T1014", "T101455" behind the date's digits. */
static int take_basic(struct date_reading *r, int i)
{
    struct date_tokens *t = &r->tokens;
    int64_t value;

    if (!date_is_name(t, i, "t") || !date_is_number(t, i - 1) || !date_is_number(t, i + 1) ||
        date_is_mark(t, i + 2, ':'))
        return -1;
    value = t->at[i + 1].value;
    switch (t->at[i + 1].digits) {
    case 2:
        r->hour = (int)value;
        break;
    case 4:
        r->hour = (int)(value / 100);
        r->minute = (int)(value % 100);
        break;
    case 6:
        r->hour = (int)(value / 10000);
        r->minute = (int)(value / 100 % 100);
        r->second = (int)(value % 100);
        break;
    default:
        return -1;
    }
    return i + 2;
}

static bool is_after_year(const struct date_tokens *t, int i)
{
    for (int k = 0; k < i; k++)
        if (date_is_number(t, k) && t->at[k].digits == 4)
            return true;
    return false;
}

/* "23.11.2009 15.04", "23 Nov 2009 15.04.05". */
static int take_dotted(struct date_reading *r, int i)
{
    struct date_tokens *t = &r->tokens;

    if (!is_short(t, i) || !t->at[i].space || !date_is_mark(t, i + 1, '.') || !is_short(t, i + 2) ||
        t->at[i + 2].space || t->at[i + 2].digits != 2 || t->at[i].value > 24 ||
        t->at[i + 2].value > 59 || !is_after_year(t, i))
        return -1;
    r->hour = (int)t->at[i].value;
    r->minute = (int)t->at[i + 2].value;
    if (!date_is_mark(t, i + 3, '.') || !is_short(t, i + 4) || t->at[i + 4].space)
        return i + 3;
    r->second = (int)t->at[i + 4].value;
    return i + 5;
}

/* "22 Apr 2012 10 -0400": an hour alone before an offset, with the year already told. */
static int take_lone_hour(struct date_reading *r, int i)
{
    struct date_tokens *t = &r->tokens;
    if (!is_after_year(t, i) || !is_short(t, i) || t->at[i].value > 23 || !t->at[i].space ||
        !date_is_number(t, i + 2) || t->at[i + 2].digits != 4 || t->at[i + 2].space ||
        !t->at[i + 1].space)
        return -1;
    if (!date_is_mark(t, i + 1, '-') && !date_is_mark(t, i + 1, '+'))
        return -1;
    r->hour = (int)t->at[i].value;
    return i + 1;
}

static void take_half(struct date_reading *r, int start, int end)
{
    struct date_tokens *t = &r->tokens;

    if (end < t->count && half_of(&t->at[end]) != 0) {
        r->half = half_of(&t->at[end]);
        t->at[end].used = true;
    } else if (start > 0 && half_of(&t->at[start - 1]) != 0) {
        r->half = half_of(&t->at[start - 1]);
        t->at[start - 1].used = true;
    }
    if (r->half == 'p' && r->hour < 12)
        r->hour += 12;
    else if (r->half == 'a' && r->hour == 12)
        r->hour = 0;
}

static bool is_year(const struct date_tokens *t, int i)
{
    return date_is_number(t, i) && t->at[i].digits == 4;
}

/* What stands before token i tells a day: nothing of it is left for a signed number to be. */
static bool is_behind_day(const struct date_tokens *t, int i)
{
    int parts = 0;
    bool year = false;

    for (int k = 0; k < i; k++) {
        if (date_is_number(t, k) && (t->at[k].digits == 8 || (year && t->at[k].digits == 3)))
            return true; /* ISO 8601: "20210914", "2021-257" */
        parts += date_is_number(t, k) ||
                 (t->at[k].kind == DATE_NAME && date_month_of(t->at[k].name) > 0);
        year = year || is_year(t, k);
    }
    return year && parts >= 3;
}

/* "UTC-5", "GMT+2": the number is that of the zone, whatever stands before the name. */
static bool is_behind_utc(const struct date_tokens *t, int i)
{
    return i > 0 && !t->at[i].space && t->at[i - 1].kind == DATE_NAME &&
           (strcmp(t->at[i - 1].name, "utc") == 0 || strcmp(t->at[i - 1].name, "gmt") == 0);
}

/* "+05:30", "-0700" behind a day, without a time between them (XML Schema 1.1 part 2, 3.3.9). A
 * minus sign also joins a day and its hour, so it counts apart from the day only, or where ISO 8601
 * wrote it; minutes are those of real zones. */
static bool is_offset(const struct date_tokens *t, int i)
{
    bool minus = date_is_mark(t, i, '-'), clock;
    int64_t minutes;

    if ((!minus && !date_is_mark(t, i, '+')) || !date_is_number(t, i + 1) || t->at[i + 1].space ||
        !is_behind_day(t, i))
        return false;
    if (is_behind_utc(t, i) && t->at[i + 1].digits <= 2)
        return t->at[i + 1].value <= MOST_MINUTES / 60;
    clock = date_is_mark(t, i + 2, ':') && is_short(t, i + 3);
    if (clock && (t->at[i + 1].digits != 2 || date_is_mark(t, i + 4, ':')))
        return false;
    if (minus && !(clock && is_year(t, 0)) && t->at[0].digits != 8 && !t->at[i].space)
        return false;
    if (!clock && t->at[i + 1].digits != 4)
        return !minus && t->at[i + 1].digits <= 2 && t->at[i + 1].value <= MOST_MINUTES / 60;
    minutes = clock ? t->at[i + 1].value * 60 + t->at[i + 3].value
                    : t->at[i + 1].value / 100 * 60 + t->at[i + 1].value % 100;
    return minutes <= MOST_MINUTES && minutes % 15 == 0 &&
           (clock ? t->at[i + 3].value : t->at[i + 1].value % 100) < 60;
}

static int take_time_at(struct date_reading *r, int i)
{
    const struct date_tokens *t = &r->tokens;
    int end = -1;

    if (is_short(t, i) && date_is_mark(t, i + 1, ':') && is_short(t, i + 2) &&
        (!date_is_mark(t, i - 1, ':') || is_behind_day(t, i - 1)) && !is_offset(t, i - 1))
        return take_clock(r, i);
    if (is_short(t, i))
        end = take_spoken(r, i);
    if (end < 0)
        end = take_basic(r, i);
    if (end < 0)
        end = take_dotted(r, i);
    return end < 0 ? take_lone_hour(r, i) : end;
}

bool date_read_time(struct date_reading *r)
{
    struct date_tokens *t = &r->tokens;

    for (int i = 0; i < t->count; i++) {
        int end = take_time_at(r, i);

        if (end < 0)
            continue;
        use(r, i, end);
        take_half(r, i, end);
        r->after_time = end;
        return r->hour <= 24 && r->minute <= 59 && r->second <= 60;
    }
    return true;
}

/* A signed number that is no part of a date, as "-0500", "+02:00", "-5", "--0500", "-05:00:00". */
static bool take_offset(struct date_reading *r, int i)
{
    struct date_tokens *t = &r->tokens;
    int sign = date_is_mark(t, i, '-') ? -1 : date_is_mark(t, i, '+') ? 1 : 0;
    int64_t value, minutes;

    if (sign == 0 ||
        (r->after_time < 0 ? !is_offset(t, i) : date_is_number(t, i - 1) && !t->at[i].space))
        return false;
    if (date_is_mark(t, i + 1, '-'))
        i++;
    if (!date_is_number(t, i + 1) || t->at[i + 1].digits > 6 ||
        (t->at[i + 1].space && (sign < 0 || r->after_time < 0 || t->at[i + 1].digits != 4)))
        return false;
    if (date_is_mark(t, i + 2, '-') || date_is_mark(t, i + 2, '/') || date_is_mark(t, i + 2, '.'))
        return false;
    value = t->at[i + 1].value;
    minutes = t->at[i + 1].digits <= 2   ? value * 60
              : t->at[i + 1].digits <= 4 ? value / 100 * 60 + value % 100
                                         : value / 10000 * 60 + value / 100 % 100;
    use(r, i, i + 2);
    for (i += 2; date_is_mark(t, i, ':') && is_short(t, i + 1); i += 2) {
        if (minutes % 60 == 0 && t->at[i - 1].digits <= 2 && !date_is_mark(t, i - 2, ':'))
            minutes += t->at[i + 1].value;
        use(r, i, i + 2);
    }
    if (minutes <= MOST_MINUTES) {
        r->offset = (int)(sign * minutes * 60);
        r->has_offset = true;
    }
    return true;
}

/* "Europe/Brussels", "America/Argentina/Buenos_Aires", "Etc/GMT+5". */
static bool take_place(struct date_reading *r, int i)
{
    struct date_tokens *t = &r->tokens;
    int end = i;

    if (!date_is_mark(t, i + 1, '/') || i + 2 >= t->count || t->at[i + 2].kind != DATE_NAME)
        return false;
    while (end < t->count && (end == i || !t->at[end].space))
        end++;
    r->place = bytes_slice(t->text, t->at[i].start, t->at[end - 1].end - t->at[i].start);
    use(r, i, end);
    return true;
}

/* "awst" is Welsh for August, "pt" Polish for Friday: such a zone stands in capitals beside its
 * hour. */
static bool is_rather_a_day(const struct date_reading *r, int i)
{
    const struct date_token *token = &r->tokens.at[i];
    char first = r->tokens.text.ptr[token->start], last = r->tokens.text.ptr[token->end - 1];

    if (to_lower(first) != first && to_lower(last) != last &&
        (i == r->after_time || i == r->after_time + 1))
        return false;
    return date_month_of(token->name) > 0 || date_weekday_of(token->name) >= 0;
}

static bool take_abbreviation(struct date_reading *r, int i, size_t shortest)
{
    struct date_token *token = &r->tokens.at[i];
    static const struct date_civil never = {2020, 1, 1, 0, 0, 0};
    int offset;

    if (token->kind != DATE_NAME || token->used || strlen(token->name) < shortest ||
        is_rather_a_day(r, i) || !date_zone_by_abbreviation(token->name, &never, &offset))
        return false;
    r->zone = token->name;
    token->used = true;
    return true;
}

/* "2021-09-14Z" */
static bool is_zulu(const struct date_tokens *t, int i)
{
    return date_is_name(t, i, "z") && !t->at[i].space && is_behind_day(t, i);
}

void date_read_zone(struct date_reading *r)
{
    struct date_tokens *t = &r->tokens;
    int start = r->after_time;

    for (int i = start < 0 ? 1 : start; i < t->count; i++) {
        if (take_offset(r, i))
            return;
        if (t->at[i].kind != DATE_NAME || t->at[i].used)
            continue;
        if (r->place.len == 0 && take_place(r, i))
            continue;
        if (r->zone == NULL)
            take_abbreviation(r, i, start >= 0 || is_zulu(t, i) ? 1 : 3);
    }
    /* a lone "00" behind the time is an offset of zero */
    if (start >= 0 && start == t->count - 1 && is_short(t, start) && t->at[start].digits == 2 &&
        t->at[start].value == 0) {
        t->at[start].used = true;
        r->has_offset = true;
    }
}

void date_resolve_zone(struct date_reading *r)
{
    if (r->has_offset)
        return;
    if (r->place.len > 0)
        r->has_offset = date_zone_by_name(r->place, &r->civil, &r->offset);
    if (!r->has_offset && r->zone != NULL)
        r->has_offset = date_zone_by_abbreviation(r->zone, &r->civil, &r->offset);
}
