/* date_span.c - where in a line a date begins and ends. */
#include "field/date_span.h"

#include "page/name_kind.h"

enum {
    ZONE_BYTES = 5,
    CLOCK_BYTES = 6,
    CLOCK_GAP = 6 /* bytes of a word between a date and its time of day */
};

/* What a word is to a date. */
enum part {
    PART_NONE,   /* a word of something else */
    PART_NUMBER, /* digits, with what is written together with them */
    PART_NAME,   /* of a month or a day */
    PART_JOINER, /* nothing by itself */
    PART_HALF,   /* am, pm, Uhr: behind a number */
};

/* A digit of the scripts whose digits dates are written in starts at text; its length, or 0. */
static size_t digit_at(struct bytes text)
{
    const unsigned char *p = (const unsigned char *)text.ptr;

    if (text.len > 0 && is_digit(text.ptr[0]))
        return 1;
    if (text.len > 1 && ((p[0] == 0xD9 && p[1] >= 0xA0 && p[1] <= 0xA9) || /* Arabic */
                            (p[0] == 0xDB && p[1] >= 0xB0 && p[1] <= 0xB9)))
        return 2;
    if (text.len > 2 &&
        ((p[0] == 0xE0 && p[1] >= 0xA5 && p[1] <= 0xB5 && p[2] >= 0xA6 && p[2] <= 0xAF) ||
            (p[0] == 0xE0 && p[1] == 0xB9 && p[2] >= 0x90 && p[2] <= 0x99) || /* Thai */
            (p[0] == 0xEF && p[1] == 0xBC && p[2] >= 0x90 && p[2] <= 0x99)))  /* wide */
        return 3;
    return 0;
}

int date_span_digits(struct bytes text, int enough)
{
    int digits = 0;

    for (size_t i = 0; i < text.len && digits < enough; i++)
        if (is_digit(text.ptr[i]) ||
            ((unsigned char)text.ptr[i] >= 0xD9 && digit_at(bytes_from(text, i)) > 0))
            digits++;
    return digits;
}

static struct bytes without_marks(struct bytes word)
{
    while (word.len > 0 && strchr(".,;:|()[]", word.ptr[0]) != NULL)
        word = bytes_from(word, 1);
    while (word.len > 0 && strchr(".,;:|()[]", word.ptr[word.len - 1]) != NULL)
        word.len--;
    return word;
}

static bool is_made_of(struct bytes word, const char *bytes)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] == '\0' || strchr(bytes, word.ptr[i]) == NULL)
            return false;
    return true;
}

/* Letters of Latin that stand in front of digits, or between them, make a number or a code of it:
 * "hk4tm3q9", but not "2024-05-03T21:40Z", "3rd", "21h40", "2024年". A month's name may be glued
 * on. */
static bool is_number(struct bytes word)
{
    bool digit = false;
    bool letter_behind = false;
    size_t start = 0;

    while (start < word.len && is_alpha(word.ptr[start]))
        start++;
    if (start > 0 && start < word.len && !name_is_date_word(bytes_slice(word, 0, start)))
        return false;
    for (size_t i = start; i < word.len; i++) {
        size_t len = digit_at(bytes_from(word, i));

        if (len > 0 && letter_behind && strchr("ThH", word.ptr[i - 1]) == NULL)
            return false;
        digit |= len > 0;
        letter_behind = digit && is_alpha(word.ptr[i]);
        i += len > 1 ? len - 1 : 0;
    }
    return digit;
}

static enum part part_of(struct bytes word)
{
    static const char *const joiners[] = {"de", "del", "of", "den", "der", "the", "le", "at", "um",
        "a", "\xC3\xA0", "las", "kl", "on", "am", "dnia", "o", "\xD0\xB2", "\xD0\xB3",
        "\xD0\xB3\xD0\xBE\xD0\xB4\xD0\xB0", "th\xC3\xA1ng", "ng\xC3\xA0y", "n\xC4\x83m", NULL};
    static const char *const halves[] = {
        "am", "pm", "a.m", "p.m", "uhr", "h", "hrs", "th", "st", "nd", "rd", NULL};
    struct bytes bare = without_marks(word);

    if (bare.len == 0 || (bare.len == 3 && (unsigned char)bare.ptr[0] == 0xE2))
        return PART_JOINER; /* dashes, bullets */
    if (is_made_of(bare, "-|/@\xC2\xB7\xE2\x80"))
        return PART_JOINER;
    if (is_number(bare))
        return PART_NUMBER;
    if (name_is_listed(bare, halves))
        return PART_HALF;
    if (name_is_date_word(bare))
        return PART_NAME;
    return name_is_listed(bare, joiners) ? PART_JOINER : PART_NONE;
}

/* "CET", "(EDT)" beside the clock: in capitals. */
static bool is_zone(struct bytes word)
{
    word = without_marks(word);
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] < 'A' || word.ptr[i] > 'Z')
            return word.len >= 4 && i == 3 && strchr("+-", word.ptr[i]) != NULL;
    return word.len >= 2 && word.len <= ZONE_BYTES;
}

static bool has_clock(struct bytes text)
{
    size_t colon = bytes_find_byte(text, ':');

    return colon != SIZE_MAX && colon > 0 && colon + 1 < text.len &&
           (is_digit(text.ptr[colon - 1]) || (unsigned char)text.ptr[colon - 1] >= 0x80) &&
           digit_at(bytes_from(text, colon + 1)) > 0;
}

struct run {
    size_t start, end; /* in the text */
    bool number, has_clock;
};

/* A bracket behind a date counts something: "Juli 2014 (1)". */
static bool starts_anew(const struct run *run, struct bytes word)
{
    return run->number && !run->has_clock && word.len > 0 && strchr("([", word.ptr[0]) != NULL;
}

/* What was read is a day by itself: the next number is its time of day, or counts something. */
static bool is_whole(struct bytes text)
{
    struct date date;

    return date_parse(text, DATE_DAY_FIRST, &date) && date.precision >= DATE_DAY;
}

/* Where the word ends though no space follows: behind a colon and a wide mark, and where a style
 * drew the space between a name and a date of digits alone: "Berg3.11.2023". */
static size_t end_of_word(struct bytes word)
{
    for (size_t i = 0; i + 1 < word.len; i++) {
        struct bytes rest = bytes_from(word, i + 1);
        bool letter = is_alpha(word.ptr[i]) || (unsigned char)word.ptr[i] >= 0x80;

        if (bytes_starts(bytes_from(word, i), LIT("\xEF\xBC\x9A")) ||
            bytes_starts(bytes_from(word, i), LIT("\xE3\x80\x80")))
            return i + 3;
        if (i > 0 && word.ptr[i] == ':' && is_digit(rest.ptr[0]) && !is_digit(word.ptr[i - 1]))
            return i + 1;
        if (is_digit(word.ptr[i]))
            break; /* a number by itself */
        if (letter && is_digit(rest.ptr[0]) && is_made_of(rest, "0123456789./-") && is_whole(rest))
            return i + 1;
    }
    return word.len;
}

static struct bytes next_word(struct bytes text, size_t *at)
{
    struct bytes word;

    while (*at < text.len && text.ptr[*at] == ' ')
        (*at)++;
    word = bytes_from(text, *at);
    if (bytes_find_byte(word, ' ') != SIZE_MAX)
        word.len = bytes_find_byte(word, ' ');
    word.len = end_of_word(word);
    return word;
}

/* "21:40", "21.40", "21h", "9 pm", "14時30分" */
static bool is_time(struct bytes text, struct bytes word, size_t behind)
{
    static const char *const hours[] = {
        "\xE6\x99\x82", "\xE6\x97\xB6", "\xE7\x82\xB9", "\xEC\x8B\x9C", NULL};
    size_t at = behind;

    for (int i = 0; hours[i] != NULL; i++)
        if (bytes_find(word, bytes_of(hours[i])) != SIZE_MAX)
            return true;
    return has_clock(word) || bytes_find_byte(word, 'h') != SIZE_MAX ||
           (bytes_find_byte(without_marks(word), '.') != SIZE_MAX && word.len <= CLOCK_BYTES) ||
           part_of(next_word(text, &at)) == PART_HALF;
}

/* A word of something else stands between a date and the clock behind it: "3. mail 2024 kell
 * 15:00".
 */
static bool leads_to_clock(const struct run *run, struct bytes text, size_t behind)
{
    size_t at = behind;

    return run->number && !run->has_clock && has_clock(next_word(text, &at));
}

bool date_span_next(struct bytes *rest, struct date_span *ret_span)
{
    struct bytes text = *rest;
    struct run run = {0};
    size_t at = 0;

    for (bool open = false;;) {
        struct bytes word = next_word(text, &at);
        enum part part = word.len > 0 ? part_of(word) : PART_NONE;
        size_t behind = at + word.len;

        if (open && word.len > 0 &&
            (starts_anew(&run, word) ||
                (part == PART_NUMBER && run.number && !is_time(text, word, behind) &&
                    is_whole(bytes_slice(text, run.start, run.end - run.start)))))
            break;
        if (part == PART_NUMBER && run.number && !run.has_clock && is_whole(without_marks(word)))
            open = false; /* what stood before counts something: "(1 / 1) 06.11.2023" */
        if (!open && (part == PART_NUMBER || part == PART_NAME)) {
            run = (struct run){.start = at};
            open = true;
        }
        if (!open && word.len == 0)
            break;
        if (open && part == PART_NONE &&
            (word.len == 0 || !((run.has_clock && is_zone(word)) ||
                                  (word.len <= CLOCK_GAP && leads_to_clock(&run, text, behind))))) {
            if (run.number || word.len == 0)
                break;
            open = false; /* a month's name alone */
        }
        if (open && part != PART_JOINER)
            run.end = behind;
        run.number |= open && part == PART_NUMBER;
        run.has_clock |= open && has_clock(word);
        at = behind;
    }
    if (!run.number)
        return false;
    *ret_span = (struct date_span){bytes_slice(text, run.start, run.end - run.start),
        bytes_trim(bytes_slice(text, 0, run.start))};
    *rest = bytes_from(text, run.end);
    return true;
}
