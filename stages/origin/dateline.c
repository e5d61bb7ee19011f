/* dateline.c - the place, and often the agency, that a report begins with: "BEIRUT, March 14
 * (Reuters) -", "МОСКВА, 14 марта. /ТАСС/.", "新华社北京3月14日电". */
#include "evidence.h"

#include <unicode/uchar.h>

#include "text/text.h"

enum {
    DATELINE_MOST = 160, /* bytes; the longest of 1,870 English ones has 96 */
    PLACE_MOST = 90,     /* before the agency */
    PLACE_WORDS = 10,
    DOTTED_LEAST = 4, /* letters; "USA." and the like have fewer */
};

struct mark {
    const char *open, *close;
};

static const struct mark marks[] = {
    {"(", ")"}, {"/", "/"}, {"[", "]"}, {"（", "）"}, {"【", "】"}, {"|", "|"}};

/* What a dateline ends with; blanks before it are passed over. */
static const char *const ends[] = {
    ".-", "--", "-", "–", "—", "―", ":", ".—", ".–", "/", "|", ".", "：", NULL};

/* Words of a dateline without a capital: parts of places, dates, "and". */
static const char *const small_words[] = {"de", "del", "da", "do", "la", "le", "les", "el", "of",
    "the", "and", "und", "et", "y", "e", "am", "an", "der", "den", "sur", "sous", "en", "upon",
    "di", "d", "al", "bei", "im", "in", NULL};

static bool is_small_word(struct bytes word)
{
    for (size_t i = 0; small_words[i] != NULL; i++)
        if (bytes_is(word, small_words[i]))
            return true;
    return false;
}

/* A month, a day or a year beside which a number stands counts as capital: "14 mars". */
static bool is_place_word(struct bytes word, bool behind_number)
{
    size_t i = 0;

    while (i < word.len) {
        UChar32 c = (UChar32)text_next(word, &i);

        if (u_isalpha(c))
            return behind_number || u_isUUppercase(c) || u_istitle(c) ||
                   (!u_islower(c) && !u_isUUppercase(c)) || is_small_word(word);
    }
    return true;
}

static bool is_number_word(struct bytes word)
{
    return word.len > 0 && is_digit(word.ptr[0]);
}

/* "NEW YORK", "Berlin/Paris", "Madrid, 14 mar", "New Delhi [India], March 14". */
static bool is_place(struct bytes text)
{
    size_t words = 0;
    bool number = false;

    if (text.len > PLACE_MOST)
        return false;
    while (text.len > 0) {
        struct bytes word = agency_trim(bytes_cut(&text, ' '));

        if (word.len == 0)
            continue;
        if (++words > PLACE_WORDS || !is_place_word(word, number))
            return false;
        number = is_number_word(word);
    }
    return words > 0;
}

/* Bytes of the end at text's start, blanks before it included; 0 when the sentence goes on. */
static size_t end_at(struct bytes text)
{
    size_t blank = 0;
    size_t n;

    while (blank < text.len && (n = text_blank(bytes_from(text, blank))) > 0)
        blank += n;
    text = bytes_from(text, blank);
    for (size_t i = 0; ends[i] != NULL; i++)
        if (bytes_starts(text, bytes_of(ends[i])))
            return blank + strlen(ends[i]);
    return 0;
}

static bool all_capitals(struct bytes text)
{
    size_t i = 0;
    int capitals = 0;

    while (i < text.len) {
        UChar32 c = (UChar32)text_next(text, &i);

        if (c == 0xFFFD || u_islower(c))
            return false;
        capitals += u_isUUppercase(c) ? 1 : 0;
    }
    return capitals >= 3;
}

static struct evidence found(const struct agency_credit *credit)
{
    struct evidence evidence = {.basis = BASIS_DATELINE,
        .provider = credit->first,
        .confidence = credit->agencies > 1 ? .8 : .97};

    evidence_weaken(&evidence, credit);
    return evidence;
}

/* "[서울=연합뉴스]": place and agency in one. */
static struct agency_credit credit_in(struct bytes inside)
{
    size_t at = bytes_find_byte(inside, '=');

    return agency_credit_of(at == SIZE_MAX ? inside : bytes_from(inside, at + 1));
}

/* The mark that opens at at: an agency's, behind a place or at the start, and then the end of a
 * dateline, so that "The bank (ANI) said" is none. */
static bool read_mark_at(struct bytes line, size_t at, const struct mark *mark,
    struct evidence *ret_evidence, struct bytes *ret_dateline)
{
    size_t inside = at + strlen(mark->open);
    size_t close = bytes_find(bytes_from(line, inside), bytes_of(mark->close));
    size_t behind;
    struct agency_credit credit;

    if (close == SIZE_MAX || close == 0)
        return false;
    behind = inside + close + strlen(mark->close);
    credit = credit_in(bytes_slice(line, inside, close));
    if (credit.first.len == 0 || credit.long_others > 1)
        return false;
    if (at > 0 && !is_place(bytes_slice(line, 0, at)))
        return false;
    if (end_at(bytes_from(line, behind)) == 0)
        return false;
    *ret_evidence = found(&credit);
    *ret_dateline = bytes_trim(bytes_slice(line, 0, behind));
    return true;
}

static bool read_mark(struct bytes line, const struct mark *mark, struct evidence *ret_evidence,
    struct bytes *ret_dateline)
{
    size_t at = 0;

    for (int tries = 0; tries < 3; tries++) {
        size_t next = bytes_find(bytes_from(line, at), bytes_of(mark->open));

        if (next == SIZE_MAX)
            return false;
        if (read_mark_at(line, at + next, mark, ret_evidence, ret_dateline))
            return true;
        at += next + strlen(mark->open);
    }
    return false;
}

/* "新华社北京3月14日电", "中新社北京电": the agency, a place and a date up to 电. */
static bool read_chinese(
    struct bytes line, struct evidence *ret_evidence, struct bytes *ret_dateline)
{
    static const char *const houses[] = {
        "新华社", "新華社", "中新社", "中新网", "中央社", "法新社", "路透社", "美联社", NULL};
    struct bytes head = bytes_clip(line, 72);
    size_t end = bytes_find(head, LIT("电"));

    end = end == SIZE_MAX ? bytes_find(head, LIT("電")) : end;
    for (size_t i = 0; houses[i] != NULL && end != SIZE_MAX; i++) {
        struct agency_credit credit = agency_credit_to(agency_named(bytes_of(houses[i])));

        if (!bytes_starts(line, bytes_of(houses[i])) || credit.first.len == 0)
            continue;
        *ret_evidence = found(&credit);
        *ret_dateline = bytes_slice(line, 0, end + strlen("电"));
        return true;
    }
    return false;
}

/* Without an agency: "BEIRUT, Lebanon —", "OSLO:". Only capitals are sure to be no headline. */
static struct bytes read_place(struct bytes line)
{
    static const char *const dashes[] = {" — ", " – ", " - ", " -- ", "—", ": ", ".- ", ". ", NULL};
    size_t first = SIZE_MAX;

    for (size_t i = 0; dashes[i] != NULL; i++) {
        size_t at = bytes_find(line, bytes_of(dashes[i]));

        first = at < first ? at : first;
    }
    if (first == SIZE_MAX || first == 0 || first > PLACE_MOST / 2)
        return (struct bytes){NULL, 0};
    /* "KIEL. Die": a dot ends more than datelines do. */
    if (line.ptr[first] == '.' && line.ptr[first + 1] == ' ' && first < DOTTED_LEAST)
        return (struct bytes){NULL, 0};
    line = bytes_slice(line, 0, first);
    if (!is_place(line) || !all_capitals(bytes_slice(line, 0, bytes_find_byte(line, ','))))
        return (struct bytes){NULL, 0};
    return agency_trim(line);
}

struct evidence dateline_read(struct bytes text, struct bytes *ret_dateline)
{
    struct evidence evidence = {0};
    struct bytes line = {NULL, 0};

    *ret_dateline = (struct bytes){NULL, 0};
    for (int lines = 0;
         lines < 3 && text.len > 0 && evidence.basis == BASIS_NONE && ret_dateline->len == 0;
         lines++) {
        line = bytes_clip(bytes_trim(bytes_cut(&text, '\n')), DATELINE_MOST);
        if (read_chinese(line, &evidence, ret_dateline))
            break;
        for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
            if (read_mark(line, &marks[i], &evidence, ret_dateline))
                return evidence;
        *ret_dateline = read_place(line);
    }
    return evidence;
}
