/* clean_ends.c - what stands at the ends of a text and is not of it: who wrote it, whom it was
 * taken from, who helped, and what the reader shall do now. */
#include "cue/cue.h"
#include "page/clean.h"
#include "page/names.h"

enum {
    HEAD_LINES = 2, /* that are looked at, */
    TAIL_LINES = 5,
    END_WORDS = 60,     /* more are a paragraph */
    ADDRESS_WORDS = 40, /* of a line with a mail address */
    MARK_BYTES = 14,    /* "(dpa/kb/jg)" */
    INITIALS = 3,       /* letters */
    VERB_WORDS = 8,     /* between a name and what somebody is */
    NAME_WORDS = 4,     /* before the verb at most, and two at least */
    END_SAID = 80,      /* percent in the article's own copy that keep a line */
    CUE_SPACES = 2,     /* of a phrase that gives the last line away: three words */
};

#define KIND(name) (1U << CUE_##name)

struct ends {
    struct page *page;
    struct names authors; /* whom the page names for machines */
};

static void read_authors(struct ends *ends)
{
    const struct said_list *list = &ends->page->said->authors;

    for (size_t i = 0; i < list->count; i++)
        if (!list->items[i].is_organization)
            names_add(&ends->authors, ends->page, list->items[i].text, true);
}

static bool is_small_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* "Anna Berg is ...", "Anna Berg, born in 1970, ...": not "Anna Berg: Thank you". */
static bool tells_of_author(const struct ends *ends, struct bytes text)
{
    for (size_t i = 0; i < ends->authors.count; i++) {
        struct bytes name = ends->authors.items[i];
        struct bytes rest = bytes_from(text, name.len);

        if (ends->authors.kinds[i] == NAME_PERSON && bytes_find_byte(name, ' ') != SIZE_MAX &&
            bytes_starts_nocase(text, name) && rest.len > 2 &&
            (rest.ptr[0] == ',' ||
                (rest.ptr[0] == ' ' && (is_small_letter(rest.ptr[1]) || rest.ptr[1] == '('))))
            return true;
    }
    return false;
}

/* "Anna Berg is a reporter in Oslo" about whom the page names nowhere else. */
static bool tells_of_somebody(struct bytes text)
{
    static const char *const verbs[] = {"is", "was", "ist", "est", "es", "\xC3\xA8", "\xC3\xA9",
        "\xC3\xA4r", "er", "jest", "je", "works", "writes", "covers", "arbeitet", "schreibt",
        "leitet", NULL};
    bool verb = false;

    for (int words = 0; words < VERB_WORDS + NAME_WORDS && text.len > 0; words++) {
        struct bytes rest = text;
        struct bytes word = bytes_cut(&rest, ' ');

        if (!verb && words < 2 && (word.len == 0 || word.ptr[0] < 'A' || word.ptr[0] > 'Z'))
            return false;
        for (int i = 0; words >= 2 && words <= NAME_WORDS && verbs[i] != NULL; i++)
            verb |= bytes_is(word, verbs[i]);
        if (verb && cue_find(text, KIND(ROLE), NULL) != CUE_NONE)
            return true;
        if (words == NAME_WORDS && !verb)
            return false;
        text = rest;
    }
    return false;
}

static bool has_mail_address(struct bytes text)
{
    for (size_t i = 1; i + 3 < text.len; i++)
        if (text.ptr[i] == '@' && (is_alpha(text.ptr[i - 1]) || is_digit(text.ptr[i - 1])) &&
            is_alpha(text.ptr[i + 1]))
            return bytes_find_byte(bytes_from(text, i), '.') != SIZE_MAX;
    return false;
}

/* "(jg)", "dpa/kb", "LK": the initials of whoever wrote it. */
static bool is_initials(const struct line *line)
{
    struct bytes text = line->text;
    int letters = 0;
    int run = 0;

    if (text.len > MARK_BYTES || line->n.link_chars > 0 ||
        (line->kind != LINE_TEXT && line->kind != LINE_PARAGRAPH))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (is_alpha(c)) {
            letters++;
            if (++run > INITIALS)
                return false;
        } else if (strchr("()[]/, ", c) != NULL) {
            run = 0;
        } else {
            return false;
        }
    }
    return letters >= 2;
}

/* Nothing but the authors' names. */
static bool is_authors_name(const struct ends *ends, struct bytes text)
{
    for (size_t i = 0; i < ends->authors.count; i++)
        if (bytes_equal_nocase(ends->authors.items[i], text))
            return true;
    return false;
}

static bool tells_of_helpers(struct bytes text)
{
    static const char *const phrases[] = {"contributed to this report", "contributed to this story",
        "contributed to this article", "contributed reporting", "contributed to this piece",
        "a contribu\xC3\xA9 \xC3\xA0 cet article", "contribuy\xC3\xB3 a este",
        "ha contribuito a questo", "colaborou com esta", NULL};

    for (int i = 0; phrases[i] != NULL; i++)
        if (bytes_find_nocase(text, bytes_of(phrases[i])) != SIZE_MAX)
            return true;
    return false;
}

/* Without a bracket, a dash or a star in front. */
static struct bytes without_marks(struct bytes text)
{
    while (text.len > 0 && strchr("([*-_ ", text.ptr[0]) != NULL)
        text = bytes_from(text, 1);
    return text;
}

static bool is_no_prose(const struct line *line)
{
    return line->n.words > END_WORDS || line->kind == LINE_HEADING || line->kind == LINE_CELL ||
           line->said >= END_SAID;
}

static int spaces_in(struct bytes text)
{
    int spaces = 0;

    for (size_t i = 0; i < text.len; i++)
        spaces += text.ptr[i] == ' ';
    return spaces;
}

/* Behind it stands nothing of the text any more: phrases of three words are enough then, however
 * long the line is. */
static enum rule rule_of_last(const struct line *line, struct bytes text)
{
    size_t len = 0;

    if (is_initials(line))
        return RULE_BYLINE;
    if (line->n.words <= ADDRESS_WORDS && has_mail_address(text))
        return RULE_BIO;
    if (bytes_starts(text, LIT("\xC2\xA9")) || bytes_starts_nocase(text, LIT("copyright ")))
        return RULE_COPYRIGHT;
    if (bytes_find_nocase(text, LIT("newsletter")) != SIZE_MAX)
        return RULE_NEWSLETTER;
    return cue_find(text, KIND(FURNITURE), &len) != CUE_NONE &&
                   spaces_in(bytes_slice(text, 0, len)) >= CUE_SPACES
               ? RULE_CUE
               : RULE_NONE;
}

static enum rule rule_of_tail(const struct ends *ends, const struct line *line, bool last)
{
    struct bytes text = without_marks(line->text);

    if (text.len == 0 || is_no_prose(line))
        return RULE_NONE;
    if (tells_of_author(ends, text) || tells_of_somebody(text))
        return RULE_BIO;
    if (is_authors_name(ends, text))
        return RULE_BYLINE;
    if (cue_find(text, KIND(SOURCE), NULL) != CUE_NONE || tells_of_helpers(text))
        return RULE_SOURCE;
    return last ? rule_of_last(line, text) : RULE_NONE;
}

static enum rule rule_of_head(const struct ends *ends, const struct line *line)
{
    struct bytes text = without_marks(line->text);

    if (text.len == 0 || is_no_prose(line))
        return RULE_NONE;
    if (tells_of_author(ends, text) && tells_of_somebody(text))
        return RULE_BIO;
    return is_authors_name(ends, text) ? RULE_BYLINE : RULE_NONE;
}

void clean_ends(struct page *page, uint32_t from, uint32_t to)
{
    struct ends ends = {.page = page};
    bool last = true;
    int seen = 0;

    read_authors(&ends);
    for (uint32_t i = to; i-- > from && seen < TAIL_LINES;) {
        if (page->lines[i].cut != RULE_NONE)
            continue;
        page->lines[i].cut = (uint8_t)rule_of_tail(&ends, &page->lines[i], last);
        last &= page->lines[i].cut != RULE_NONE;
        seen++;
    }
    seen = 0;
    for (uint32_t i = from; i < to && seen < HEAD_LINES; i++) {
        if (page->lines[i].cut != RULE_NONE)
            continue;
        page->lines[i].cut = (uint8_t)rule_of_head(&ends, &page->lines[i]);
        seen++;
    }
}
