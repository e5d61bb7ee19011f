/* mentions.c - dates are found by the names of months and days, by numbers, and by words that tell
 * days from that of publication. */
#include "mentions.h"

#include <stdlib.h>

#include "base/arena.h"
#include "text/date.h"
#include "text/date_names.h"

enum {
    SLOTS = 4096,
    LIST_WORDS = 64,
    DAY_SECONDS = 86400,
    YEAR_FIRST = 1900,
    YEAR_LAST = 2099,
    FULL_NAME = 4, /* letters from which a month's name is no abbreviation, and no other word */
    FULL_DAY = 5,
};

enum entry_kind { MONTH = 1, WEEKDAY, RELATIVE, YEAR_PREPOSITION, BETWEEN_WORD };

struct entry {
    uint64_t hash;
    uint8_t kind;
    int8_t number;
};

struct calendar {
    struct entry months[SLOTS], others[SLOTS];
    struct word words[MENTION_WORDS];
    size_t count;
    struct bytes text;
    struct mentioned published;
    bool wants_capital; /* the language writes months with one */
    enum date_order order;
    struct mentioned *found;
    size_t found_count;
};

static struct entry *slot(struct entry *slots, uint64_t hash)
{
    size_t at = hash % SLOTS;

    while (slots[at].kind != 0 && slots[at].hash != hash)
        at = (at + 1) % SLOTS;
    return &slots[at];
}

static void add(
    struct calendar *c, struct entry *slots, struct bytes names, uint8_t kind, int number)
{
    struct words words = {.at = c->words};

    words_read_into(names, LIST_WORDS, &words);
    for (size_t i = 0; i < words.count; i++) {
        struct entry *e = slot(slots, words.at[i].hash);

        if (e->kind == 0)
            *e = (struct entry){words.at[i].hash, kind, (int8_t)number};
    }
}

struct calendar *calendar_new(void)
{
    struct calendar *c = new_zeroed(sizeof(*c));

#define DAYS(number_, words_) add(c, c->others, bytes_of(words_), RELATIVE, number_);
#define BEFORE_YEAR(words_) add(c, c->others, bytes_of(words_), YEAR_PREPOSITION, 0);
#define BETWEEN(words_) add(c, c->others, bytes_of(words_), BETWEEN_WORD, 0);
#include "relative.def"
    for (size_t i = 0; i < date_month_count; i++)
        if (strlen(date_months[i].name) >= 3)
            add(c, c->months, bytes_of(date_months[i].name), MONTH, date_months[i].number);
    for (size_t i = 0; i < date_day_count; i++)
        if (strlen(date_days[i].name) >= FULL_DAY)
            add(c, c->others, bytes_of(date_days[i].name), WEEKDAY, date_days[i].number);
    return c;
}

void calendar_free(struct calendar *c)
{
    free(c);
}

static struct bytes text_of(const struct calendar *c, size_t word)
{
    return bytes_slice(c->text, c->words[word].at, c->words[word].len);
}

static struct bytes gap(const struct calendar *c, size_t word)
{
    size_t end = c->words[word - 1].at + c->words[word - 1].len;

    return bytes_slice(c->text, end, c->words[word].at - end);
}

/* 14, 14th, 1er; 0 when it is no day. */
static int day_of(const struct calendar *c, size_t word)
{
    static const char *const endings[] = {"", "st", "nd", "rd", "th", "er", "e", "º", "°", NULL};
    struct bytes text;
    size_t digits = 0;
    int day = 0;

    if (word >= c->count || c->words[word].kind != WORD_NUMBER)
        return 0;
    text = text_of(c, word);
    while (digits < text.len && digits < 3 && is_digit(text.ptr[digits]))
        day = day * 10 + (text.ptr[digits++] - '0');
    text = bytes_from(text, digits);
    for (size_t i = 0; endings[i] != NULL; i++)
        if (bytes_is(text, endings[i]))
            return digits <= 2 && day >= 1 && day <= 31 ? day : 0;
    return 0;
}

static int year_of(const struct calendar *c, size_t word)
{
    int64_t year;

    if (word >= c->count || c->words[word].kind != WORD_NUMBER || c->words[word].len != 4 ||
        !bytes_to_int(text_of(c, word), &year) || year < YEAR_FIRST || year > YEAR_LAST)
        return 0;
    return (int)year;
}

/* The one month whose whole name is that short: in French, Swedish, Dutch. */
static bool is_may(struct bytes text)
{
    return bytes_is(text, "mai") || bytes_is(text, "maj") || bytes_is(text, "mei");
}

static int month_of(const struct calendar *c, size_t word)
{
    const struct word *w;
    const struct entry *e;
    struct bytes behind;

    if (word >= c->count || c->words[word].kind != WORD_LETTERS)
        return 0;
    w = &c->words[word];
    e = slot((struct entry *)c->months, w->hash);
    if (e->kind != MONTH || (c->wants_capital && !w->capital))
        return 0;
    behind = bytes_from(c->text, w->at + w->len);
    if (w->len < FULL_NAME && !w->capital && !bytes_starts(behind, LIT(".")) &&
        !is_may(text_of(c, word)))
        return 0;
    return e->number;
}

static bool is_kind(const struct calendar *c, size_t word, enum entry_kind kind)
{
    return word < c->count && slot((struct entry *)c->others, c->words[word].hash)->kind == kind;
}

/* Blanks, a dot or a comma, but no other line: parts of one date. */
static bool is_near(const struct calendar *c, size_t word)
{
    struct bytes between;

    if (word == 0 || word >= c->count)
        return false;
    between = gap(c, word);
    return between.len <= 2 && bytes_find_byte(between, '\n') == SIZE_MAX;
}

static int64_t seconds(struct mentioned m)
{
    return date_from_civil(m.year, m.month, m.day);
}

static struct mentioned day_after(struct mentioned m, int days)
{
    int64_t day = seconds(m) / DAY_SECONDS + days;
    struct mentioned at = m;

    /* Within a month of it, so that steps of single days will do. */
    while (seconds(at) / DAY_SECONDS < day) {
        if (++at.day > date_days_in_month(at.year, at.month)) {
            at.day = 1;
            at.year += at.month == 12 ? 1 : 0;
            at.month = at.month == 12 ? 1 : at.month + 1;
        }
    }
    while (seconds(at) / DAY_SECONDS > day) {
        if (--at.day < 1) {
            at.year -= at.month == 1 ? 1 : 0;
            at.month = at.month == 1 ? 12 : at.month - 1;
            at.day = date_days_in_month(at.year, at.month);
        }
    }
    return at;
}

/* The year in which month and day are nearest to publication. */
static int nearest_year(const struct calendar *c, int month, int day)
{
    int best = c->published.year;
    int64_t least = INT64_MAX;

    for (int year = best - 1; year <= c->published.year + 1; year++) {
        struct mentioned m = {.year = year, .month = month, .day = day > 0 ? day : 15};
        int64_t away = llabs(seconds(m) - seconds(c->published));

        if (away < least) {
            least = away;
            best = year;
        }
    }
    return best;
}

static void keep(struct calendar *c, struct mentioned m, size_t first, size_t last)
{
    const struct word *end = &c->words[last];

    if (m.year == 0 && (m.month == 0 || c->published.year == 0))
        return;
    if (m.year == 0)
        m.year = nearest_year(c, m.month, m.day);
    if (m.month > 0 && m.day > date_days_in_month(m.year, m.month))
        return;
    m.text = bytes_slice(c->text, c->words[first].at, end->at + end->len - c->words[first].at);
    for (size_t i = 0; i < c->found_count; i++)
        if (c->found[i].year == m.year && c->found[i].month == m.month && c->found[i].day == m.day)
            return;
    if (c->found_count < MENTIONS)
        c->found[c->found_count++] = m;
}

/* The word of a year behind word, words between passed over; 0 without one. */
static size_t year_behind(const struct calendar *c, size_t word)
{
    size_t at = word + 1;

    if (is_near(c, at) && is_kind(c, at, BETWEEN_WORD))
        at++;
    return is_near(c, at) && year_of(c, at) > 0 ? at : 0;
}

/* A month's name, and what of day and year stands beside it; returns the last word. */
static size_t read_month(struct calendar *c, size_t word)
{
    struct mentioned m = {.month = month_of(c, word)};
    size_t first = word;
    size_t last = word;
    size_t year;
    size_t before = word;

    if (before > 1 && is_near(c, before) && is_kind(c, before - 1, BETWEEN_WORD))
        before--;
    if (before > 0 && is_near(c, before) && day_of(c, before - 1) > 0) {
        m.day = day_of(c, before - 1);
        first = before - 1;
    } else if (is_near(c, word + 1) && day_of(c, word + 1) > 0) {
        m.day = day_of(c, word + 1);
        last = word + 1;
    }
    year = year_behind(c, last);
    if (year > 0) {
        m.year = year_of(c, year);
        last = year;
    }
    /* A month alone is as often a name, or a verb. */
    if (m.day > 0 || m.year > 0)
        keep(c, m, first, last);
    return last;
}

/* The day of an instant: years and months are counted off. */
static struct mentioned civil_of(int64_t instant)
{
    struct mentioned m = {.year = YEAR_FIRST, .month = 1, .day = 1};

    while (m.year < YEAR_LAST && date_from_civil(m.year + 1, 1, 1) <= instant)
        m.year++;
    while (m.month < 12 && date_from_civil(m.year, m.month + 1, 1) <= instant)
        m.month++;
    m.day = 1 + (int)((instant - date_from_civil(m.year, m.month, 1)) / DAY_SECONDS);
    return m;
}

/* "14.3.2026", "14/3/2026", "2026-03-14": numbers with marks between them. */
static size_t read_numbers(struct calendar *c, size_t word)
{
    size_t start = c->words[word].at;
    size_t end = start;
    size_t last = word;
    struct date date;
    struct bytes text;
    struct mentioned m;

    while (end < c->text.len && end - start < 12 &&
           (is_digit(c->text.ptr[end]) || strchr("./-", c->text.ptr[end]) != NULL))
        end++;
    while (end > start && !is_digit(c->text.ptr[end - 1]))
        end--;
    text = bytes_slice(c->text, start, end - start);
    if (text.len < 8 || text.len > 10 || !date_parse(text, c->order, &date) ||
        date.precision != DATE_DAY)
        return word;
    while (last + 1 < c->count && c->words[last + 1].at < end)
        last++;
    m = civil_of(date.instant / 1000000);
    keep(c, m, word, last);
    return last;
}

/* "2026年3月14日", "3月14日" */
static size_t read_signs(struct calendar *c, size_t word)
{
    struct mentioned m = {0};
    size_t at = word;

    if (year_of(c, at) > 0 && at + 1 < c->count && bytes_is(text_of(c, at + 1), "年")) {
        m.year = year_of(c, at);
        at += 2;
    }
    if (day_of(c, at) > 0 && day_of(c, at) <= 12 && at + 1 < c->count &&
        bytes_is(text_of(c, at + 1), "月")) {
        m.month = day_of(c, at);
        at += 2;
        if (day_of(c, at) > 0 && at + 1 < c->count && bytes_is(text_of(c, at + 1), "日")) {
            m.day = day_of(c, at);
            at += 2;
        }
    }
    if (at == word || (m.year == 0 && m.day == 0))
        return word;
    keep(c, m, word, at - 1);
    return at - 1;
}

static size_t read_year(struct calendar *c, size_t word)
{
    struct bytes behind = bytes_from(c->text, c->words[word].at + c->words[word].len);
    struct mentioned m = {.year = year_of(c, word)};

    /* "in 2019 cases" counts something. */
    if (m.year > 0 && word > 0 && is_kind(c, word - 1, YEAR_PREPOSITION) && is_near(c, word) &&
        (behind.len == 0 || behind.ptr[0] != ' ' || word + 1 >= c->count ||
            c->words[word + 1].capital || c->words[word + 1].len <= 3))
        keep(c, m, word, word);
    return word;
}

static void read_word(struct calendar *c, size_t word)
{
    const struct entry *e = slot(c->others, c->words[word].hash);

    if (c->published.year == 0)
        return;
    if (e->kind == RELATIVE && !(c->words[word].capital && !c->words[word].opens)) {
        keep(c, day_after(c->published, e->number), word, word);
    } else if (e->kind == WEEKDAY) {
        /* 1970 began on a Thursday. News speaks of the last one. */
        int today = (int)((seconds(c->published) / DAY_SECONDS + 4) % 7);
        int back = (today - e->number + 7) % 7;

        keep(c, day_after(c->published, -back), word, word);
    }
}

size_t mentions_find(struct calendar *c, struct bytes text, struct bytes language,
    struct mentioned published, struct mentioned ret_mentions[MENTIONS])
{
    struct words words = {.at = c->words};

    words_read_into(text, MENTION_WORDS, &words);
    c->count = words.count;
    c->text = text;
    c->published = published;
    c->order = date_order_of(language);
    c->wants_capital =
        bytes_starts_nocase(language, LIT("en")) || bytes_starts_nocase(language, LIT("de"));
    c->found = ret_mentions;
    c->found_count = 0;
    for (size_t i = 0; i < c->count; i++) {
        size_t last = i;

        if (c->words[i].kind == WORD_NUMBER) {
            last = read_signs(c, i);
            last = last == i ? read_numbers(c, i) : last;
            last = last == i ? read_year(c, i) : last;
        } else if (month_of(c, i) > 0) {
            last = read_month(c, i);
        } else {
            read_word(c, i);
        }
        i = last;
    }
    return c->found_count;
}
