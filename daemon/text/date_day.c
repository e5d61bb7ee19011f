/* date_day.c - knows which numbers and names of a date's text are its day, month and year. */
#include <stdlib.h>

#include "text/date_names.h"
#include "text/date_read.h"

static int compare(const void *name, const void *entry)
{
    return strcmp(name, ((const struct date_name *)entry)->name);
}

/* The number behind a name, or behind the only kind of name that starts with it ("septem"); -1. */
static int find_name(const char *name, const struct date_name *names, size_t count)
{
    const struct date_name *found = bsearch(name, names, count, sizeof(*names), compare);
    size_t low = 0, high = count, len = strlen(name);

    if (found != NULL)
        return found->number;
    if (len < 4)
        return -1;
    while (low < high) {
        size_t mid = (low + high) / 2;

        if (strcmp(names[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < count && strncmp(names[low].name, name, len) == 0 ? names[low].number : -1;
}

/* Hebrew writes "in" and the month as one word. */
int date_month_of(const char *name)
{
    int month = find_name(name, date_months, date_month_count);

    return month < 0 && strncmp(name, "ב", 2) == 0
               ? find_name(name + 2, date_months, date_month_count)
               : month;
}

int date_weekday_of(const char *name)
{
    return find_name(name, date_days, date_day_count);
}

static int next_meant(const struct date_tokens *t, int i, int step)
{
    for (i += step; i >= 0 && i < t->count; i += step)
        if (t->at[i].kind != DATE_MARK && !date_is_name(t, i, "de") && !date_is_name(t, i, "of") &&
            !date_is_name(t, i, "del") && !date_is_name(t, i, "th") && !date_is_name(t, i, "st"))
            return i;
    return -1;
}

/* Unused numbers in order; at most four are of interest. */
static int numbers(const struct date_reading *r, int *found)
{
    int n = 0;

    for (int i = 0; i < r->tokens.count && n < 4; i++)
        if (date_is_number(&r->tokens, i))
            found[n++] = i;
    return n;
}

enum { BESIDE_DAY = 3, BESIDE_YEAR = 1, ONLY_MONTH = 2 * BESIDE_DAY };

static int beside(const struct date_tokens *t, int i)
{
    if (!date_is_number(t, i))
        return 0;
    return t->at[i].digits <= 2 ? BESIDE_DAY : BESIDE_YEAR;
}

/* How surely name i is the month: between numbers rather than beside one, and by the day. */
static int month_score(const struct date_tokens *t, int i)
{
    return beside(t, next_meant(t, i, -1)) + beside(t, next_meant(t, i, 1));
}

/* The name that is the month. One that is a weekday elsewhere ("mar", "dic") comes behind all that
 * are none; alone, it is the month where only a day and a year are left beside it ("Mar 14, 2026")
 * or where it stands between them. */
static int find_month(const struct date_reading *r)
{
    const struct date_tokens *t = &r->tokens;
    int best = -1, best_score = 0, scores[DATE_TOKENS], count = 0, candidates[DATE_TOKENS];
    int found[4];
    int penalty = numbers(r, found) == 2 ? 0 : BESIDE_DAY;

    for (int i = 0; i < t->count; i++) {
        if (t->at[i].kind != DATE_NAME || t->at[i].used || date_month_of(t->at[i].name) < 0)
            continue;
        scores[count] = month_score(t, i);
        if (scores[count] > 0)
            candidates[count++] = i;
    }
    if (count == 1 && penalty == 0)
        return candidates[0];
    for (int i = 0; i < count; i++) {
        int score =
            scores[i] + (date_weekday_of(t->at[candidates[i]].name) < 0 ? ONLY_MONTH : -penalty);

        if (score > best_score) {
            best = candidates[i];
            best_score = score;
        }
    }
    return best;
}

static void find_weekday(struct date_reading *r, int month)
{
    for (int i = 0; i < r->tokens.count && r->weekday < 0; i++)
        if (r->tokens.at[i].kind == DATE_NAME && !r->tokens.at[i].used && i != month)
            r->weekday = date_weekday_of(r->tokens.at[i].name);
}

static bool is_weekday(const struct date_reading *r, int year, int month, int day)
{
    int64_t days;

    if (month < 1 || month > 12 || day < 1 || day > date_days_in_month(year, month))
        return false;
    days = date_from_civil(year, month, day) / 86400;
    return ((days + 4) % 7 + 7) % 7 == r->weekday;
}

/* RFC 2822 section 4.3: two digits are 1950 to 2049, three count from 1900. */
static int year_of(const struct date_token *token)
{
    int64_t value = token->value;

    if (value > 9999)
        return 0;
    if (token->digits <= 2)
        return (int)(value < 50 ? 2000 + value : 1900 + value);
    return (int)(token->digits == 3 && value < 200 ? 1900 + value : value);
}

static bool is_year_like(const struct date_token *token)
{
    return token->digits >= 3 || token->value > 31;
}

static void set_day(struct date_reading *r, int year, int64_t month, int64_t day)
{
    r->civil.year = year;
    r->civil.month = month > 99 ? 0 : (int)month;
    r->civil.day = day > 99 ? 0 : (int)day;
    r->precision = DATE_DAY;
}

static bool read_named(struct date_reading *r, int at)
{
    struct date_tokens *t = &r->tokens;
    int month = date_month_of(t->at[at].name);
    int found[4], n = numbers(r, found), year = -1, day = -1;

    for (int i = 0; i < n && year < 0; i++)
        if (t->at[found[i]].digits == 4)
            year = i;
    for (int i = 0; i < n && year < 0; i++)
        if (is_year_like(&t->at[found[i]]))
            year = i;
    if (year < 0 && n >= 2)
        year = 1;
    if (year < 0)
        return false;
    for (int i = 0; i < n; i++)
        if (i != year && t->at[found[i]].digits <= 2 && (day < 0 || found[i] == at - 1))
            day = i;
    set_day(r, year_of(&t->at[found[year]]), month, day < 0 ? 1 : t->at[found[day]].value);
    if (day < 0)
        r->precision = DATE_MONTH;
    return true;
}

/* Which of two numbers below 13 is the month. */
static bool is_month_first(
    const struct date_reading *r, int64_t a, int64_t b, int year, int64_t mark)
{
    bool month_first, day_first;

    if (a > 12 || b > 12)
        return b > 12;
    month_first = r->weekday >= 0 && is_weekday(r, year, (int)a, (int)b);
    day_first = r->weekday >= 0 && is_weekday(r, year, (int)b, (int)a);
    if (month_first != day_first)
        return month_first;
    if (mark != '/')
        return false;
    return r->order != DATE_DAY_FIRST || r->half != 0;
}

static bool read_numbered(struct date_reading *r, const int *found)
{
    const struct date_token *at = r->tokens.at;
    const struct date_token *a = &at[found[0]], *b = &at[found[1]], *c = &at[found[2]];
    int64_t mark = at[found[0] + 1].kind == DATE_MARK ? at[found[0] + 1].value : ' ';
    int year;

    if (is_year_like(a)) {
        set_day(r, year_of(a), b->value, c->value);
        return true;
    }
    year = year_of(c);
    if (is_month_first(r, a->value, b->value, year, mark))
        set_day(r, year, a->value, b->value);
    else
        set_day(r, year, b->value, a->value);
    return true;
}

/* Numbers in a sentence are no date. */
static bool has_words(const struct date_reading *r)
{
    for (int i = 0; i < r->tokens.count; i++)
        if (r->tokens.at[i].kind == DATE_NAME && !r->tokens.at[i].used)
            return true;
    return false;
}

/* "2023-05", "2003-335", "05/2023"; ISO 8601 week "2023-W05-1" and basic forms. */
static bool read_two(struct date_reading *r, const int *found)
{
    const struct date_token *a = &r->tokens.at[found[0]], *b = &r->tokens.at[found[1]];

    if (has_words(r))
        return false;
    if (a->digits == 4 && b->digits == 3 && b->value >= 1 && b->value <= 366) {
        int year = year_of(a), month = 1, day = (int)b->value;

        while (month < 12 && day > date_days_in_month(year, month))
            day -= date_days_in_month(year, month++);
        set_day(r, year, month, day);
        return true;
    }
    if (a->digits == 4 && b->digits <= 2)
        set_day(r, year_of(a), b->value, 1);
    else if (a->digits <= 2 && b->digits == 4)
        set_day(r, year_of(b), a->value, 1);
    else
        return false;
    r->precision = DATE_MONTH;
    return true;
}

static bool read_week(struct date_reading *r, const int *found, int n)
{
    const struct date_token *at = r->tokens.at;
    int64_t january, monday, days;
    int year;

    if (n < 2 || at[found[0]].digits != 4 || found[1] < 1 ||
        strcmp(at[found[1] - 1].name, "w") != 0 || at[found[1]].value < 1 ||
        at[found[1]].value > 53)
        return false;
    year = year_of(&at[found[0]]);
    january = date_from_civil(year, 1, 4) / 86400;
    monday = january - ((january + 3) % 7 + 7) % 7;
    days = monday + (at[found[1]].value - 1) * 7;
    if (n > 2 && at[found[2]].value >= 1 && at[found[2]].value <= 7)
        days += at[found[2]].value - 1;
    days -= date_from_civil(year, 1, 1) / 86400;
    set_day(r, year, 1, 1);
    if (days < 0) {
        set_day(r, year - 1, 12, 32 + days);
        return true;
    }
    days += 1;
    while (r->civil.month <= 12 && days > date_days_in_month(year, r->civil.month))
        days -= date_days_in_month(year, r->civil.month++);
    if (r->civil.month > 12)
        set_day(r, year + 1, 1, days);
    r->civil.day = (int)days;
    return true;
}

/* "20230518", "20230518101455", "202305181014", "2003", "200312". */
static bool read_one(struct date_reading *r, const struct date_token *token)
{
    int64_t day = token->value;
    int digits = token->digits;

    if ((digits == 12 || digits == 14) && r->hour < 0) {
        if (digits == 14) {
            r->second = (int)(day % 100);
            day /= 100;
        }
        r->minute = (int)(day % 100);
        r->hour = (int)(day / 100 % 100);
        day /= 10000;
        digits = 8;
    }
    if (digits == 8) {
        set_day(r, (int)(day / 10000), day / 100 % 100, day % 100);
        return true;
    }
    if (has_words(r))
        return false;
    if (digits == 6)
        set_day(r, (int)(day / 100), day % 100, 1);
    else if (digits == 4)
        set_day(r, (int)day, 1, 1);
    else
        return false;
    r->precision = digits == 6 ? DATE_MONTH : DATE_YEAR;
    return true;
}

/* The year before the first one of a Japanese era, 0 for another word: years are counted from the
 * accession of an emperor, the first one being called 元年. */
static int before_era(const char *name)
{
    static const struct {
        const char *name;
        int year;
    } eras[] = {{"令和", 2018}, {"平成", 1988}, {"昭和", 1925}, {"大正", 1911}};

    for (size_t i = 0; i < sizeof(eras) / sizeof(eras[0]); i++) {
        size_t len = strlen(name), tail = strlen(eras[i].name);

        if (len >= tail && strcmp(name + len - tail, eras[i].name) == 0)
            return eras[i].year;
    }
    return 0;
}

/* The year at token i, of an era where its name stands in front. */
static int64_t year_with_era(const struct date_tokens *t, int i)
{
    int era = i > 0 && t->at[i - 1].kind == DATE_NAME ? before_era(t->at[i - 1].name) : 0;

    return era > 0 && t->at[i].value <= 99 ? era + t->at[i].value : year_of(&t->at[i]);
}

/* Numbers that carry their unit, as in Chinese, Japanese and Korean; and Vietnamese "tháng 5". */
static bool read_marked(struct date_reading *r)
{
    const struct date_tokens *t = &r->tokens;
    int64_t year = 0, month = 0, day = 0;

    for (int i = 0; i + 1 < t->count; i++) {
        const char *unit = t->at[i + 1].name;

        if (!date_is_number(t, i) || t->at[i + 1].kind != DATE_NAME)
            continue;
        if (strncmp(unit, "年", 3) == 0 || strncmp(unit, "년", 3) == 0)
            year = year_with_era(t, i);
        else if (strncmp(unit, "月", 3) == 0 || strncmp(unit, "월", 3) == 0)
            month = t->at[i].value;
        else if (strncmp(unit, "日", 3) == 0 || strncmp(unit, "일", 3) == 0 ||
                 strncmp(unit, "号", 3) == 0)
            day = t->at[i].value;
    }
    if (year == 0 || month == 0)
        return false;
    set_day(r, (int)year, month, day == 0 ? 1 : day);
    if (day == 0)
        r->precision = DATE_MONTH;
    return true;
}

/* Korean dates are Korean time, and Thai years count from 543 BC. */
static void apply_script(struct date_reading *r)
{
    for (int i = 0; i < r->tokens.count; i++) {
        const unsigned char *name = (const unsigned char *)r->tokens.at[i].name;

        if (r->tokens.at[i].kind != DATE_NAME)
            continue;
        if (name[0] == 0xe0 && name[1] >= 0xb8 && name[1] <= 0xb9 && r->civil.year > 2400)
            r->civil.year -= 543;
        if (name[0] >= 0xea && name[0] <= 0xed && r->hour >= 0 && r->zone == NULL &&
            r->place.len == 0 && !r->has_offset) {
            r->offset = 9 * 3600;
            r->has_offset = true;
        }
    }
}

bool date_read_day(struct date_reading *r)
{
    int found[4];
    int month = find_month(r);
    int n = numbers(r, found);
    bool ok;

    find_weekday(r, month);
    if (month >= 0)
        ok = read_named(r, month);
    else if (n == 0)
        ok = false;
    else
        ok = read_marked(r) || read_week(r, found, n) ||
             (n == 1      ? read_one(r, &r->tokens.at[found[0]])
                 : n == 2 ? read_two(r, found)
                          : read_numbered(r, found));
    if (ok)
        apply_script(r);
    return ok;
}
