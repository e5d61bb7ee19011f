/* names.c - where one name ends and the next begins, and what is no name at all. */
#include "page/names.h"

#include "cue/cue.h"
#include "page/name_kind.h"
#include "text/date.h"

enum {
    LEAST_CUE = 6,
    LABEL_BYTES = 24,
    LEAST_ROLE = 5, /* bytes of a role at the end of a compound */
    ROLE_WORDS = 3, /* in front of a name */
    ROLE_AFTER = 6, /* bytes: two characters of East Asian type */
};

#define KIND(name) (1U << CUE_##name)

static const char *const joiners[] = {" and ", " und ", " et ", " y ", " e ", " og ", " och ",
    " en ", " & ", " + ", " i ", " a ", " ja ", " ve ", " și ", " и ", " і ", " та ", " và ",
    " dan ", " im Gespräch mit ", " with ", " mit ", " avec ", " con ", " con la colaboración de ",
    " și ", " és ", " ir ", " un ", " und", "\xE3\x80\x81", "\xEF\xBC\x8C", "\xEF\xBC\x8F", " / ",
    "/", ";", "|", " \xE2\x80\xA2 ", " \xC2\xB7 ", "\n", NULL};

/* Joiners of one letter, and words that also stand within names, need a full name on both sides. */
static bool is_careful(const char *joiner)
{
    return strlen(joiner) == 3 && is_alpha(joiner[1]);
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Brackets and marks of East Asian type, three bytes each. */
static const char *const wide_marks[] = {"\xE3\x80\x90", "\xE3\x80\x91", "\xE3\x80\x8C",
    "\xE3\x80\x8D", "\xE3\x80\x8E", "\xE3\x80\x8F", "\xEF\xBC\x88", "\xEF\xBC\x89", "\xEF\xBC\x9A",
    "\xEF\xBC\x9D", "\xE3\x80\x80", NULL};

static bool is_wide_mark(struct bytes text)
{
    return text.len >= 3 && name_is_listed(bytes_slice(text, 0, 3), wide_marks);
}

static struct bytes without_marks_behind(struct bytes text)
{
    text = bytes_trim(text);
    while (text.len > 0) {
        if (strchr("-,:|*)\"'/]", text.ptr[text.len - 1]) != NULL)
            text.len--;
        else if (text.len > 3 && (text.ptr[text.len - 3] == '\xE2' || /* dashes, quotes, arrows */
                                     is_wide_mark(bytes_from(text, text.len - 3))))
            text.len -= 3;
        else
            break;
        text = bytes_trim(text);
    }
    return text;
}

/* Without marks at both ends, cues in front, and what follows a bracket. */
static struct bytes strip(struct bytes text)
{
    size_t len = 0;

    text = bytes_trim(text);
    if (text.len > 3 && bytes_starts_nocase(text, LIT("by")) && text.ptr[1] == 'y' &&
        is_upper(text.ptr[2]) && !is_upper(text.ptr[3]))
        text = bytes_from(text, 2); /* "ByAnna Berg": the space was a margin; not BYRON */
    for (int i = 0; i < 3; i++) {
        while (text.len > 0 && strchr("-,:.|*(\"'[", text.ptr[0]) != NULL)
            text = bytes_trim(bytes_from(text, 1));
        while (is_wide_mark(text))
            text = bytes_trim(bytes_from(text, 3));
        if (bytes_starts(text, LIT("\xC2\xA9")))
            text = bytes_trim(bytes_from(text, 2));
        if (cue_find(text, KIND(BYLINE), &len) == CUE_NONE || len >= text.len)
            break;
        text = bytes_trim(bytes_from(text, len));
    }
    for (size_t i = 1; i < text.len; i++)
        if (text.ptr[i] == '(' || text.ptr[i] == '[' || text.ptr[i] == '<' ||
            (text.ptr[i] == '\xEF' && bytes_starts(bytes_from(text, i), LIT("\xEF\xBC\x88"))))
            text.len = i;
    return without_marks_behind(text);
}

static const char *const enders[] = {" in ", " for ", " on ", " aus ", " at ", " is ", " - ",
    " of the ", " \xE2\x80\x93 ", " \xE2\x80\x94 ", " am ", " f\xC3\xBCr ",
    " \xEA\xB8\xB0\xEC\x9E\x90", " \xED\x8A\xB9\xED\x8C\x8C\xEC\x9B\x90",
    " \xEC\x84\xA0\xEC\x9E\x84\xEA\xB8\xB0\xEC\x9E\x90", " Posted", " | ", "http", NULL};

/* A phrase that dates follow, within the text: "Anna Berg Veröffentlicht: ...". */
static struct bytes before_date_cue(struct bytes text)
{
    for (size_t i = 4; i + LEAST_CUE <= text.len; i++) {
        size_t len = 0;

        if (text.ptr[i - 1] == ' ' &&
            cue_find(bytes_from(text, i), KIND(DATE) | KIND(MODIFIED), &len) != CUE_NONE &&
            len >= LEAST_CUE)
            return bytes_slice(text, 0, i - 1);
    }
    return text;
}

/* Where the name stops and its bearer's place, paper or the date begins. */
static struct bytes before_ender(struct bytes text)
{
    for (const char *const *one = enders; *one != NULL; one++) {
        size_t at = bytes_find(text, bytes_of(*one));

        if (at != SIZE_MAX && at >= 2)
            text.len = at;
    }
    return before_date_cue(text);
}

/* "um 21:11", "à 08:00", "am 3.": what stands between a name and the digits behind it. */
static bool leads_to_digits(struct bytes word)
{
    static const char *const leads[] = {"um", "am", "on", "at", "à", "le", "il", "el", "em", "op",
        "den", "kl", "kl.", "a", "las", "den", "dne", "w", "dnia", "-", "–", "—", "|", "·", "•",
        "@", "»", "»»", "в", "о", NULL};

    return name_is_listed(word, leads) || name_is_date_word(word);
}

/* "Anna BergMay", where a style draws the space. */
static struct bytes before_glued_month(struct bytes text)
{
    for (size_t i = text.len; i-- > 1 && text.ptr[i] != ' ';)
        if (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' && is_alpha(text.ptr[i - 1]) &&
            name_is_date_word(bytes_from(text, i)))
            return bytes_slice(text, 0, i);
    return text;
}

/* "Anna Berg May 2, 2024": what stands in front of the first digit, without the month or day before
 * it. */
static struct bytes before_date(struct bytes text)
{
    size_t digit = 0;

    while (digit < text.len && !is_digit(text.ptr[digit]))
        digit++;
    if (digit == text.len || digit < 5 || text.ptr[digit - 1] != ' ')
        return text;
    text = bytes_trim((struct bytes){text.ptr, digit});
    for (int i = 0; i < 3; i++) {
        size_t space = text.len;

        while (space > 0 && text.ptr[space - 1] != ' ')
            space--;
        if (space == 0 || !leads_to_digits(bytes_from(text, space)))
            break;
        text = bytes_trim((struct bytes){text.ptr, space});
    }
    return before_glued_month(text);
}

static int word_count(struct bytes text)
{
    int words = 0;

    text = bytes_trim(text);
    while (text.len > 0)
        words += bytes_cut(&text, ' ').len > 0;
    return words;
}

/* "Anna Berg @annaberg", "Anna Berg anna@news.example": without the address behind. */
static struct bytes before_handle(struct bytes text)
{
    size_t at = bytes_find_byte(text, '@');
    size_t start = at == SIZE_MAX ? 0 : at;

    if (at == SIZE_MAX)
        return text;
    while (start > 0 && text.ptr[start - 1] != ' ')
        start--;
    if (bytes_find_byte(bytes_from(text, at), '.') == SIZE_MAX)
        start = at;
    return start > 0 ? bytes_trim(bytes_slice(text, 0, start)) : text;
}

static struct bytes last_word(struct bytes text)
{
    size_t start = text.len;

    while (start > 0 && text.ptr[start - 1] != ' ')
        start--;
    return bytes_from(text, start);
}

bool names_is_role(struct bytes word)
{
    for (size_t i = 0; i + LEAST_ROLE <= word.len; i++) {
        size_t len = 0;

        if (((unsigned char)word.ptr[i] & 0xC0) != 0x80 &&
            cue_find(bytes_from(word, i), KIND(ROLE), &len) != CUE_NONE && len + i == word.len)
            return true;
    }
    return false;
}

/* A role begins at `at`, behind a space, glued to a name by a style's margin, or, in a script
 * without spaces, at the end. */
static bool starts_role(struct bytes text, size_t at)
{
    struct bytes rest = bytes_from(text, at);
    bool wide = (unsigned char)rest.ptr[0] >= 0xE3;
    size_t len = 0;

    if (text.ptr[at - 1] != ' ' && !wide && !(is_upper(rest.ptr[0]) && is_lower(text.ptr[at - 1])))
        return false;
    if (((unsigned char)rest.ptr[0] & 0xC0) == 0x80 || cue_find(rest, KIND(ROLE), &len) == CUE_NONE)
        return false;
    return len == rest.len || (!wide && rest.ptr[len] == ' ' &&
                                  (names_is_role(last_word(rest)) ||
                                      !name_is_organization_word(bytes_slice(rest, 0, len))));
}

/* "Anna Berg Staff Writer", "Anna BergStaff Writer": two words in front at least, or two characters
 * of a script without spaces. What was given as a name may be a newsroom's: "Harbour News Staff".
 */
static struct bytes before_role(struct bytes text, bool trusted)
{
    int words = 0;

    for (size_t i = 1; i < text.len; i++) {
        words += text.ptr[i] == ' ';
        if (((words > 1 && !trusted) || (words == 1 && text.ptr[i - 1] != ' ') ||
                (i >= ROLE_AFTER && (unsigned char)text.ptr[0] >= 0xE3)) &&
            starts_role(text, i))
            return bytes_trim(bytes_slice(text, 0, i));
    }
    return text;
}

/* "unserer Redakteurin Anna Berg": a role, and words in small letters before it, go where a full
 * name is left. */
static struct bytes behind_role(struct bytes text)
{
    struct bytes left = text;
    struct bytes rest = text;

    for (int i = 0; i < ROLE_WORDS && word_count(rest) > 2; i++) {
        struct bytes word = bytes_cut(&rest, ' ');

        if (names_is_role(word) && !name_is_organization_word(word) && name_looks_personal(rest))
            left = rest;
        else if (!is_lower(word.ptr[0]) && !names_is_role(word))
            break;
    }
    return left;
}

/* "Anna Berg Anna Berg": once for the eye and once for a screen reader. */
static struct bytes once(struct bytes text)
{
    size_t half = text.len / 2;

    if (text.len % 2 == 1 && text.ptr[half] == ' ' &&
        bytes_equal(bytes_slice(text, 0, half), bytes_from(text, half + 1)))
        text.len = half;
    return text;
}

/* The name in text, without cues, roles, places, addresses and dates around it. */
static struct bytes name_in(struct bytes text)
{
    return once(strip(before_handle(before_date(before_ender(strip(before_date_cue(text)))))));
}

/* "(photos)", "(Foto)": the label of a picture's credit, without its colon. */
static bool is_of_picture(struct bytes bracket)
{
    char label[LABEL_BYTES];
    size_t len = bytes_find_byte(bracket, ')');

    if (len == SIZE_MAX || len < 2 || len + 1 >= sizeof(label))
        return false;
    memcpy(label, bracket.ptr, len);
    for (size_t size = len; size + 1 >= len; size--) { /* several, and one */
        label[size] = ':';
        if (cue_find((struct bytes){label, size + 1}, KIND(CAPTION), NULL) != CUE_NONE)
            return true;
    }
    return false;
}

/* "Anna Berg (photos)", "Stand: 3 May": a picture's maker, and what says what the date is. */
static bool is_of_something_else(struct bytes text)
{
    size_t open = bytes_find_byte(text, '(');
    struct bytes before = bytes_trim(before_date(text));

    if (open != SIZE_MAX && open > 0 && is_of_picture(bytes_from(text, open + 1)))
        return true;
    return before.len < text.len && before.len > 0 && before.ptr[before.len - 1] == ':' &&
           !name_looks_personal(before_date_cue(before));
}

static void add_one(struct names *names, const struct page *page, struct bytes text, bool trusted)
{
    enum name_kind kind;

    if (!trusted && is_of_something_else(bytes_trim(text)))
        return;
    text = before_role(behind_role(name_in(text)), trusted);
    if (text.len == 0 || names->count == NAMES_MAX)
        return;
    for (size_t i = 0; i < names->count; i++)
        if (bytes_equal_nocase(names->items[i], text))
            return;
    kind = name_kind_of(page, text, trusted);
    if (kind == NAME_NONE)
        return;
    names->kinds[names->count] = kind;
    names->items[names->count++] = text;
}

/* "Head of Research", "Leiterin der Abteilung": what somebody is, and not who. */
static bool names_an_office(struct bytes part)
{
    static const char *const links[] = {" of ", " der ", " des ", " for ", " at ", " f\xC3\xBCr ",
        " im ", " bei ", " am ", " del ", " du ", " la ", NULL};

    for (int i = 0; links[i] != NULL; i++)
        if (bytes_find_nocase(part, bytes_of(links[i])) != SIZE_MAX)
            return true;
    return false;
}

static bool names_a_role(struct bytes part)
{
    return names_is_role(last_word(part)) || cue_find(part, KIND(ROLE), NULL) != CUE_NONE ||
           names_an_office(part);
}

/* "Anna Berg, Tom Lind" are two; "Berg, Anna" is one, and so is "Anna Berg, Oslo" or "Anna Berg,
 * Political Editor". */
static void add_commas(
    struct names *names, const struct page *page, struct bytes text, bool trusted)
{
    struct bytes rest = text;
    int index = 0;

    while (rest.len > 0) {
        struct bytes part = bytes_trim(bytes_cut(&rest, ','));

        if (index++ == 0 || (word_count(part) >= 2 && !names_a_role(part)))
            add_one(names, page, part, trusted);
    }
}

void names_add(struct names *names, const struct page *page, struct bytes text, bool trusted)
{
    size_t start = 0;

    if (names_is_site(page, bytes_trim(text))) { /* "Hand und Hobel" is one */
        add_one(names, page, text, trusted);
        return;
    }
    if (text.len > 600 || bytes_find(text, LIT("://")) != SIZE_MAX)
        return;
    for (size_t i = 0; i < text.len; i++) {
        for (const char *const *joiner = joiners; *joiner != NULL; joiner++) {
            struct bytes mark;

            if (text.ptr[i] != **joiner)
                continue;
            mark = bytes_of(*joiner);
            if (!bytes_starts(bytes_from(text, i), mark))
                continue;
            if (is_careful(*joiner) && (word_count(bytes_slice(text, start, i - start)) < 2 ||
                                           word_count(bytes_from(text, i + mark.len)) < 2))
                continue;
            add_commas(names, page, bytes_slice(text, start, i - start), trusted);
            start = i + mark.len;
            i = start - 1;
            break;
        }
    }
    add_commas(names, page, bytes_from(text, start), trusted);
}

/* Nothing but the cue of a byline or a date: its name stands elsewhere. */
static bool is_only_cue(struct bytes text)
{
    size_t len = 0;

    return cue_find(text, KIND(BYLINE) | KIND(DATE) | KIND(MODIFIED) | KIND(FURNITURE), &len) !=
               CUE_NONE &&
           len + 2 >= text.len;
}

/* "of 6", "4.6 votes": a word of digits among others counts something. */
static bool has_number(struct bytes text)
{
    bool several = bytes_find_byte(text, ' ') != SIZE_MAX;

    while (several && text.len > 0) {
        struct bytes word = bytes_cut(&text, ' ');

        if (word.len > 0 && is_digit(word.ptr[0]))
            return true;
    }
    return false;
}

struct bytes names_signature(struct bytes text)
{
    static const char *const newsrooms[] = {
        "redaktion", "redaction", "staff", "team", "rédaction", "redacción", NULL};
    struct date date;

    if (text.len > 0 && text.ptr[text.len - 1] == ':')
        return (struct bytes){NULL, 0};
    if (is_of_something_else(bytes_trim(text)))
        return (struct bytes){NULL, 0};
    text = behind_role(name_in(text));
    if (bytes_find_byte(text, ',') != SIZE_MAX)
        text.len = bytes_find_byte(text, ',');
    text = once(bytes_trim(text));
    if (text.len < 3 || text.len > SIGNATURE_BYTES || word_count(text) > NAME_WORDS ||
        name_has_any(text, "@{}<>=?!\"#%:") || is_only_cue(text) || name_is_date_word(text) ||
        date_parse(text, DATE_ORDER_UNKNOWN, &date) || has_number(text) ||
        (name_is_nobody(text) && !name_is_listed(text, newsrooms)) || is_digit(text.ptr[0]))
        return (struct bytes){NULL, 0};
    return text;
}

size_t names_count(const struct names *names, enum name_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < names->count; i++)
        count += names->kinds[i] == kind;
    return count;
}

bool names_within(const struct names *a, const struct names *b)
{
    for (size_t i = 0; i < a->count; i++) {
        bool found = a->kinds[i] != NAME_PERSON;

        for (size_t k = 0; k < b->count && !found; k++)
            found = bytes_equal_nocase(b->items[k], a->items[i]);
        if (!found)
            return false;
    }
    return true;
}
