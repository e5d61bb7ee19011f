/* mentions.c - dates are found by the names of months and days, by numbers, and by words that tell
 * days from that of publication. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "calendar.h"
#include "text/date_names.h"

enum {
    LIST_WORDS = 64,
    DAY_SECONDS = 86400,
    YEAR_FIRST = 1800,
    YEAR_LAST = 2099,
    FULL_NAME = 4, /* letters from which a month's name is no abbreviation, and no other word */
    FULL_DAY = 5,
    SPAN_WORDS = 2, /* between two days of one month: "bis zum" */
};

static struct entry *slot(struct entry *slots, uint64_t hash)
{
    size_t at = hash % CALENDAR_SLOTS;

    while (slots[at].is != 0 && slots[at].hash != hash)
        at = (at + 1) % CALENDAR_SLOTS;
    return &slots[at];
}

static void add(
    struct calendar *c, struct entry *slots, struct bytes names, unsigned meaning, int number)
{
    struct words words = {.at = c->words};

    words_read_into(names, LIST_WORDS, &words);
    for (size_t i = 0; i < words.count; i++) {
        struct entry *e = slot(slots, words.at[i].hash);

        if (meaning == COUNT_WORD)
            e->count = (int8_t)number;
        else if (e->number == 0)
            e->number = (int8_t)number;
        e->hash = words.at[i].hash;
        e->is |= (uint16_t)meaning;
    }
}

/* "Donnerstagabend" */
static void add_day(struct calendar *c, const struct date_name *day)
{
    static const char *const parts[] = {
        "", "morgen", "vormittag", "mittag", "nachmittag", "abend", "nacht", NULL};
    char name[64];

    for (size_t i = 0; parts[i] != NULL && (i == 0 || bytes_ends(bytes_of(day->name), LIT("tag")));
         i++) {
        snprintf(name, sizeof(name), "%s%s", day->name, parts[i]);
        add(c, c->others, bytes_of(name), WEEKDAY, day->number);
    }
}

static void add_relative(struct calendar *c)
{
#define DAYS(number_, words_) add(c, c->others, bytes_of(words_), RELATIVE, number_);
#define NOT_BEHIND(words_) add(c, c->others, bytes_of(words_), NOT_BEFORE_DAY, 0);
#define FURTHER(words_) add(c, c->others, bytes_of(words_), FURTHER_DAY, 0);
#define NEXT(words_) add(c, c->others, bytes_of(words_), NEXT_DAY, 0);
#define DAY_WORD(words_) add(c, c->others, bytes_of(words_), DAYS_WORD, 0);
#define AGO_BEFORE(words_) add(c, c->others, bytes_of(words_), AGO_FIRST, 0);
#define AGO_BEHIND(words_) add(c, c->others, bytes_of(words_), AGO_LAST, 0);
#define COUNT(number_, words_) add(c, c->others, bytes_of(words_), COUNT_WORD, number_);
#define BEFORE_YEAR(words_) add(c, c->others, bytes_of(words_), YEAR_PREPOSITION, 0);
#define AND(words_) add(c, c->others, bytes_of(words_), AND_WORD, 0);
#define COUNTING(words_) add(c, c->others, bytes_of(words_), COUNTING_WORD, 0);
#define BETWEEN(words_) add(c, c->others, bytes_of(words_), BETWEEN_WORD, 0);
#define BEFORE_DAY(words_) add(c, c->others, bytes_of(words_), DAY_PREPOSITION, 0);
#define MONTH_IN(number_, words_) add(c, c->months, bytes_of(words_), MONTH, number_);
#define FEIRA(number_, words_) add(c, c->others, bytes_of(words_), FEIRA_DAY, number_);
#define WEEKDAY_ON(number_, words_) add(c, c->others, bytes_of(words_), WEEKDAY, number_);
#include "relative.def"
}

struct calendar *calendar_new(void)
{
    struct calendar *c = new_zeroed(sizeof(*c));

    for (size_t i = 0; i < date_month_count; i++)
        if (strlen(date_months[i].name) >= 3)
            add(c, c->months, bytes_of(date_months[i].name), MONTH, date_months[i].number);
    add_relative(c);
    for (size_t i = 0; i < date_day_count; i++)
        if (strlen(date_days[i].name) >= FULL_DAY)
            add_day(c, &date_days[i]);
    return c;
}

void calendar_free(struct calendar *c)
{
    free(c);
}

struct bytes calendar_text(const struct calendar *c, size_t word)
{
    if (word >= c->count)
        return (struct bytes){NULL, 0};
    return bytes_slice(c->text, c->words[word].at, c->words[word].len);
}

struct bytes calendar_gap(const struct calendar *c, size_t word)
{
    size_t end = c->words[word - 1].at + c->words[word - 1].len;

    return bytes_slice(c->text, end, c->words[word].at - end);
}

/* Also 1er. */
int calendar_day(const struct calendar *c, size_t word)
{
    static const char *const endings[] = {"", "st", "nd", "rd", "th", "er", "e", "º", "°", NULL};
    struct bytes text;
    size_t digits = 0;
    int day = 0;

    if (word >= c->count || c->words[word].kind != WORD_NUMBER)
        return 0;
    text = calendar_text(c, word);
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
        !bytes_to_int(calendar_text(c, word), &year) || year < YEAR_FIRST || year > YEAR_LAST)
        return 0;
    return (int)year;
}

/* The one month whose whole name is that short: in French, Swedish, Dutch. */
static bool is_may(struct bytes text)
{
    return bytes_is(text, "mai") || bytes_is(text, "maj") || bytes_is(text, "mei");
}

int calendar_month(const struct calendar *c, size_t word)
{
    const struct word *w;
    const struct entry *e;
    struct bytes behind;

    if (word >= c->count || c->words[word].kind != WORD_LETTERS)
        return 0;
    w = &c->words[word];
    e = slot((struct entry *)c->months, w->hash);
    if (e->is == 0 || (c->wants_capital && !w->capital))
        return 0;
    behind = bytes_from(c->text, w->at + w->len);
    if (w->len < FULL_NAME && !w->capital && !bytes_starts(behind, LIT(".")) &&
        !is_may(calendar_text(c, word)))
        return 0;
    return e->number;
}

const struct entry *calendar_word(const struct calendar *c, size_t word)
{
    return slot((struct entry *)c->others, c->words[word].hash);
}

bool calendar_is(const struct calendar *c, size_t word, enum meaning meaning)
{
    return word < c->count && (calendar_word(c, word)->is & (unsigned)meaning) != 0;
}

bool calendar_near(const struct calendar *c, size_t word)
{
    struct bytes between;

    if (word == 0 || word >= c->count)
        return false;
    between = calendar_gap(c, word);
    return between.len <= 2 && bytes_find_byte(between, '\n') == SIZE_MAX;
}

static int64_t seconds(struct mentioned m)
{
    return date_from_civil(m.year, m.month, m.day);
}

struct mentioned calendar_day_at(const struct calendar *c, int days)
{
    struct mentioned m = c->published;
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

void calendar_keep(struct calendar *c, struct mentioned m, size_t first, size_t last)
{
    const struct word *end = &c->words[last];

    if (m.year == 0 && (m.month == 0 || c->published.year == 0))
        return;
    if (m.year == 0)
        m.year = nearest_year(c, m.month, m.day);
    if (m.month > 0 && m.day > date_days_in_month(m.year, m.month))
        return;
    if (m.text.len == 0)
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

    if (calendar_near(c, at) && calendar_is(c, at, BETWEEN_WORD))
        at++;
    return calendar_near(c, at) && year_of(c, at) > 0 ? at : 0;
}

static bool has_dash(struct bytes gap)
{
    return bytes_find_byte(gap, '-') != SIZE_MAX || bytes_find(gap, LIT("–")) != SIZE_MAX;
}

/* "3 to 5 May", "vom 3. bis zum 5. Mai", "3–5 maj": the word of the day before that at word; word
 * when there is none. */
static size_t span_before(const struct calendar *c, size_t word)
{
    size_t at = word;

    if (at > 0 && calendar_day(c, at - 1) > 0 && has_dash(calendar_gap(c, at)))
        return at - 1;
    while (at > 0 && word - at < SPAN_WORDS && calendar_near(c, at) &&
           calendar_is(c, at - 1, AND_WORD))
        at--;
    return at < word && at > 0 && calendar_near(c, at) && calendar_day(c, at - 1) > 0 ? at - 1
                                                                                      : word;
}

/* Days that share m's month and year: one before first, or one behind last, "June 12-14". */
static size_t read_span(struct calendar *c, struct mentioned m, size_t first, size_t last)
{
    size_t before = span_before(c, first);
    size_t behind = last + 1;

    if (before < first && calendar_day(c, first) == m.day) {
        m.day = calendar_day(c, before);
        calendar_keep(c, m, before, last);
    } else if (behind < c->count && calendar_day(c, last) == m.day &&
               has_dash(calendar_gap(c, behind)) && calendar_day(c, behind) > m.day) {
        m.day = calendar_day(c, behind);
        calendar_keep(c, m, first, behind);
        return behind;
    }
    return last;
}

/* A month's name, and what of day and year stands beside it; returns the last word. */
static size_t read_month(struct calendar *c, size_t word)
{
    struct mentioned m = {.month = calendar_month(c, word)};
    size_t first = word;
    size_t last = word;
    size_t year;
    size_t before = word;

    if (before > 1 && calendar_near(c, before) && calendar_is(c, before - 1, BETWEEN_WORD))
        before--;
    if (before > 0 && calendar_near(c, before) && calendar_day(c, before - 1) > 0) {
        m.day = calendar_day(c, before - 1);
        first = before - 1;
    } else if (calendar_near(c, word + 1) && calendar_day(c, word + 1) > 0) {
        m.day = calendar_day(c, word + 1);
        last = word + 1;
    }
    year = year_behind(c, last);
    if (year > 0) {
        m.year = year_of(c, year);
        last = year;
    }
    /* A month alone is as often a name, or a verb. */
    if (m.day == 0 && m.year == 0)
        return last;
    calendar_keep(c, m, first, last);
    return m.day > 0 ? read_span(c, m, first, last) : last;
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
    calendar_keep(c, m, word, last);
    return last;
}

/* "am 26.3.": without a year the word before must say that it is a day. */
static size_t read_day_month(struct calendar *c, size_t word)
{
    struct bytes text = bytes_from(c->text, c->words[word].at);
    struct mentioned m = {.year = 0};
    size_t at = 0;

    if (c->order != DATE_DAY_FIRST || word == 0 || !calendar_is(c, word - 1, DAY_PREPOSITION))
        return word;
    while (at < text.len && at < 3 && is_digit(text.ptr[at]))
        m.day = m.day * 10 + (text.ptr[at++] - '0');
    if (at > 2 || at >= text.len || text.ptr[at++] != '.')
        return word;
    for (size_t start = at; at < text.len && at - start < 3 && is_digit(text.ptr[at]); at++)
        m.month = m.month * 10 + (text.ptr[at] - '0');
    if (at >= text.len || text.ptr[at] != '.' || m.day < 1 || m.day > 31 || m.month < 1 ||
        m.month > 12 || (at + 1 < text.len && is_digit(text.ptr[at + 1])))
        return word;
    m.text = bytes_slice(text, 0, at + 1);
    calendar_keep(c, m, word, word);
    while (word + 1 < c->count && c->words[word + 1].at < (size_t)(text.ptr + at - c->text.ptr))
        word++;
    return word;
}

/* "(2014)" */
static bool is_in_brackets(const struct calendar *c, size_t word)
{
    struct bytes behind = bytes_from(c->text, c->words[word].at + c->words[word].len);

    return word > 0 && bytes_ends(calendar_gap(c, word), LIT("(")) &&
           bytes_starts(behind, LIT(")"));
}

/* What stands before it makes it a year: "in 2019", "(2014)"; or, where nouns
 * are known by their capitals, that none follows which it could count. */
static bool is_year_here(const struct calendar *c, size_t word)
{
    if (is_in_brackets(c, word))
        return true;
    if (word == 0 || !calendar_near(c, word))
        return false;
    if (calendar_is(c, word - 1, YEAR_PREPOSITION))
        return true;
    return c->has_noun_capitals && !calendar_is(c, word - 1, COUNTING_WORD) &&
           c->words[word - 1].kind == WORD_LETTERS;
}

/* "2010 and 2015", of which the first was one */
static bool goes_on(const struct calendar *c, size_t word)
{
    return word > 1 && calendar_is(c, word - 1, AND_WORD) && year_of(c, word - 2) > 0 &&
           calendar_near(c, word) && calendar_near(c, word - 1) && c->found_count > 0 &&
           c->found[c->found_count - 1].year == year_of(c, word - 2);
}

static size_t read_year(struct calendar *c, size_t word)
{
    struct bytes behind = bytes_from(c->text, c->words[word].at + c->words[word].len);
    struct mentioned m = {.year = year_of(c, word)};
    bool counts;

    if (m.year > 0 && goes_on(c, word))
        calendar_keep(c, m, word, word);
    if (m.year == 0 || goes_on(c, word) || !is_year_here(c, word))
        return word;
    /* "in 2019 cases" counts something. */
    counts = behind.len > 0 && behind.ptr[0] == ' ' && word + 1 < c->count &&
             !c->words[word + 1].opens && calendar_gap(c, word + 1).len == 1;
    if (c->has_noun_capitals)
        counts = counts && c->words[word + 1].capital;
    else
        counts = counts && !c->words[word + 1].capital && c->words[word + 1].len > 3;
    if (!counts || calendar_is(c, word + 1, AND_WORD) || calendar_is(c, word + 1, YEAR_PREPOSITION))
        calendar_keep(c, m, word, word);
    return word;
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
    c->has_noun_capitals = bytes_starts_nocase(language, LIT("de"));
    c->found = ret_mentions;
    c->found_count = 0;
    for (size_t i = 0; i < c->count; i++) {
        size_t last = i;

        if (c->words[i].kind == WORD_NUMBER) {
            last = signs_read(c, i);
            last = last == i ? read_numbers(c, i) : last;
            last = last == i ? read_day_month(c, i) : last;
            last = last == i ? read_year(c, i) : last;
        } else if (calendar_month(c, i) > 0) {
            last = read_month(c, i);
        } else {
            last = relative_read(c, i);
            last = last == i ? signs_read(c, i) : last;
        }
        i = last;
    }
    return c->found_count;
}
