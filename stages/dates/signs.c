/* signs.c - dates of Chinese, Japanese and Korean, which no blanks part from what stands around. */
#include "calendar.h"

enum { PHRASE_SIGNS = 12 /* bytes of four signs, and the most that may be passed over */ };

enum { YEAR_LEAST = 1800, YEAR_MOST = 2099 };

static const struct phrase {
    const char *text;
    int days;
    const char *not_before; /* signs with which it is another word; NULL */
} phrases[] = {
    {"一昨日", -2, NULL},
    {"前天", -2, NULL},
    {"昨天", -1, NULL},
    {"昨日", -1, NULL},
    {"昨晚", -1, NULL},
    {"今天", 0, NULL},
    {"今日", 0, "头"},
    {"今晚", 0, NULL},
    {"今早", 0, NULL},
    {"明天", 1, NULL},
    {"明日", 1, NULL},
    {"后天", 2, "性"},
    {"後天", 2, "性"},
    {"明後日", 2, NULL},
    {"그저께", -2, NULL},
    {"그제", -2, NULL},
    {"어제", -1, NULL},
    {"오늘", 0, "날"},
    {"내일", 1, NULL},
    {"모레", 2, NULL},
};

static const struct weekday {
    const char *text;
    int number;
} weekdays[] = {
    {"星期日", 0},
    {"星期天", 0},
    {"星期一", 1},
    {"星期二", 2},
    {"星期三", 3},
    {"星期四", 4},
    {"星期五", 5},
    {"星期六", 6},
    {"日曜", 0},
    {"月曜", 1},
    {"火曜", 2},
    {"水曜", 3},
    {"木曜", 4},
    {"金曜", 5},
    {"土曜", 6},
    {"일요일", 0},
    {"월요일", 1},
    {"화요일", 2},
    {"수요일", 3},
    {"목요일", 4},
    {"금요일", 5},
    {"토요일", 6},
};

/* The last word that begins before end. */
static size_t last_before(const struct calendar *c, size_t word, size_t end)
{
    while (word + 1 < c->count && c->words[word + 1].at < end)
        word++;
    return word;
}

/* "下周" before a weekday. */
static bool is_next(const struct calendar *c, size_t at)
{
    static const char *const words[] = {
        "下", "下个", "来週の", "来週", "다음 주 ", "다음주 ", NULL};
    struct bytes before = bytes_slice(c->text, 0, at);

    for (size_t i = 0; words[i] != NULL; i++)
        if (bytes_ends(before, bytes_of(words[i])))
            return true;
    return false;
}

static size_t read_phrase(struct calendar *c, size_t word)
{
    struct bytes rest = bytes_from(c->text, c->words[word].at);

    for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
        const struct phrase *p = &phrases[i];
        size_t len = strlen(p->text);

        if (!bytes_starts(rest, bytes_of(p->text)))
            continue;
        if (p->not_before == NULL ||
            !bytes_starts(bytes_from(rest, len), bytes_of(p->not_before))) {
            size_t last = last_before(c, word, c->words[word].at + len);

            calendar_keep(c, calendar_day_at(c, p->days), word, last);
            return last;
        }
    }
    for (size_t i = 0; i < sizeof(weekdays) / sizeof(weekdays[0]); i++)
        if (bytes_starts(rest, bytes_of(weekdays[i].text))) {
            size_t at = c->words[word].at;
            size_t last = last_before(c, word, at + strlen(weekdays[i].text));

            calendar_keep(c, calendar_weekday(c, weekdays[i].number, is_next(c, at)), word, last);
            return last;
        }
    return word;
}

/* A number of at most four digits and the unit behind it, off *rest; 0 when they are not there. */
static int take_unit(struct bytes *rest, const char *const units[2])
{
    struct bytes at = *rest;
    int number = 0;

    if (bytes_starts(at, LIT(" ")))
        at = bytes_from(at, 1);
    for (int digits = 0; digits < 4 && at.len > 0 && is_digit(at.ptr[0]); digits++) {
        number = number * 10 + (at.ptr[0] - '0');
        at = bytes_from(at, 1);
    }
    for (int i = 0; i < 2 && number > 0; i++)
        if (bytes_starts(at, bytes_of(units[i]))) {
            *rest = bytes_from(at, strlen(units[i]));
            return number;
        }
    return 0;
}

/* "2026年3月14日", "3月14日", "2026년 3월 14일" */
static size_t read_date(struct calendar *c, size_t word)
{
    static const char *const years[] = {"年", "년"}, *const months[] = {"月", "월"},
                             *const days[] = {"日", "일"};
    struct bytes start = bytes_from(c->text, c->words[word].at), rest = start;
    struct mentioned m = {.year = take_unit(&rest, years)};
    size_t last;

    if (m.year != 0 && (m.year < YEAR_LEAST || m.year > YEAR_MOST))
        return word;
    m.month = take_unit(&rest, months);
    if (m.month > 12)
        return word;
    if (m.month > 0)
        m.day = take_unit(&rest, days);
    if (m.day > 31 || (m.year == 0 && m.day == 0))
        return word;
    last = last_before(c, word, c->words[word].at + (start.len - rest.len));
    m.text = bytes_slice(start, 0, start.len - rest.len);
    calendar_keep(c, m, word, last);
    return last;
}

size_t signs_read(struct calendar *c, size_t word)
{
    const struct word *w = &c->words[word];

    if (w->kind == WORD_NUMBER) {
        struct bytes behind = bytes_from(c->text, w->at);
        size_t at = 0;

        while (at < behind.len && at < PHRASE_SIGNS && is_digit(behind.ptr[at]))
            at++;
        return at < behind.len && (unsigned char)behind.ptr[at] >= 0xE5 ? read_date(c, word) : word;
    }
    return c->published.year != 0 && (unsigned char)c->text.ptr[w->at] >= 0xE4
               ? read_phrase(c, word)
               : word;
}
