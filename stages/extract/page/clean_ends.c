/* clean_ends.c - what stands at the ends of a text and is not of it: who wrote it, whom it was
 * taken from, who helped, and what the reader shall do now. */
#include "cue/cue.h"
#include "page/clean.h"
#include "page/names.h"
#include "text/url.h"

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
    SITE_WORDS = 5,     /* of a line that begins with the site's name, */
    SITE_BYTES = 6,     /* which has so many */
    STANDING_WORDS = 20,
    LABEL_WORDS = 5,
    DEED_WORDS = 8, /* of a sentence that says what somebody did to the text */
    CUE_SPACES = 2, /* of a phrase that gives the last line away: three words */
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

/* The two words a line begins with stand in the headline or in the text before it: it goes on to
 * tell of somebody. */
static bool was_named(const struct page *page, uint32_t index)
{
    struct bytes rest = page->lines[index].text;
    size_t first = bytes_find_byte(rest, ' ');
    size_t second = first == SIZE_MAX ? first : bytes_find_byte(bytes_from(rest, first + 1), ' ');
    struct bytes name;

    if (second == SIZE_MAX)
        return false;
    name = bytes_slice(rest, 0, first + 1 + second);
    if (bytes_find(page->title_text, name) != SIZE_MAX)
        return true;
    for (uint32_t i = page->first_line[page->root]; i < index; i++)
        if (page->lines[i].cut == RULE_NONE && bytes_find(page->lines[i].text, name) != SIZE_MAX)
            return true;
    return false;
}

/* A mail address of the site's own. */
static bool is_of_site(const struct page *page, struct bytes text)
{
    struct bytes host = url_host(page->arena, page->url);

    if (bytes_starts(host, LIT("www.")))
        host = bytes_from(host, 4);
    return host.len > 0 && bytes_find_nocase(text, host) != SIZE_MAX;
}

static bool speaks_to_reader(struct bytes text)
{
    static const char *const words[] = {"you", "your", "dir", "dich", "ihnen", "euch", "vous",
        "votre", "tu", "ti", "te", "su", "seu", "din", "dig", "je", "jou", "ci", NULL};

    while (text.len > 0) {
        struct bytes word = bytes_cut(&text, ' ');

        for (int i = 0; words[i] != NULL; i++)
            if (bytes_equal_nocase(word, bytes_of(words[i])))
                return true;
    }
    return false;
}

/* Behind it stands nothing of the text any more: phrases of three words are enough then, however
 * long the line is. */
static enum rule rule_of_last(
    const struct ends *ends, const struct line *line, struct bytes text, bool sentence)
{
    size_t len = 0;

    if (is_initials(line))
        return RULE_BYLINE;
    if (line->n.words <= ADDRESS_WORDS && has_mail_address(text) &&
        (!sentence || is_of_site(ends->page, text)))
        return RULE_BIO;
    if (bytes_starts(text, LIT("\xC2\xA9")) ||
        (!sentence && bytes_starts_nocase(text, LIT("copyright "))))
        return RULE_COPYRIGHT;
    if (bytes_find_nocase(text, LIT("newsletter")) != SIZE_MAX &&
        (!sentence || speaks_to_reader(text)))
        return RULE_NEWSLETTER;
    return cue_find(text, KIND(FURNITURE), &len) != CUE_NONE &&
                   spaces_in(bytes_slice(text, 0, len)) >= CUE_SPACES
               ? RULE_CUE
               : RULE_NONE;
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool begins_with_site(struct bytes text, struct bytes site)
{
    return site.len >= SITE_BYTES && bytes_starts_nocase(text, site);
}

/* "The Lantern" of "Swifts in the clock tower | The Lantern". */
static struct bytes site_in_title(struct bytes title)
{
    for (size_t i = title.len; i > 2; i--)
        if (title.ptr[i - 1] == ' ' && strchr("|-", title.ptr[i - 2]) != NULL &&
            title.ptr[i - 3] == ' ')
            return bytes_from(title, i);
    return (struct bytes){NULL, 0};
}

/* The site by its name, and little more: "The Lantern (ruk)", or a line about itself in an element
 * of its own. */
static bool tells_of_site(const struct ends *ends, uint32_t index)
{
    const struct page *page = ends->page;
    const struct line *line = &page->lines[index];

    if (line->n.words > SITE_WORDS && (line->kind != LINE_TEXT || clean_is_sentence(page, index)))
        return false;
    if (begins_with_site(line->text, site_in_title(page->said->document_title)))
        return true;
    for (size_t i = 0; i < page->said->sites.count; i++)
        if (begins_with_site(line->text, page->said->sites.items[i].text))
            return true;
    return false;
}

/* Digits with a colon or a stop between them, and a year: a day with its hour. */
static bool has_day_and_hour(struct bytes text)
{
    bool clock = false;
    bool year = false;
    size_t run = 0;

    for (size_t i = 0; i < text.len; i++) {
        run = is_digit(text.ptr[i]) ? run + 1 : 0;
        year |= run == 4;
        clock |= run > 0 && i + 2 < text.len && strchr(".:h", text.ptr[i + 1]) != NULL &&
                 is_digit(text.ptr[i + 2]);
    }
    return year && clock;
}

/* A label, and behind it the page's own address or when it was on the air. */
static bool is_standing_note(const struct ends *ends, const struct line *line)
{
    struct bytes host = url_host(ends->page->arena, ends->page->url);
    size_t colon = bytes_find(line->text, LIT(": "));
    struct bytes rest;

    if (line->n.words > STANDING_WORDS || colon == SIZE_MAX ||
        spaces_in(bytes_slice(line->text, 0, colon)) >= LABEL_WORDS)
        return false;
    rest = bytes_from(line->text, colon + 2);
    return (host.len > 0 && bytes_find_nocase(rest, host) != SIZE_MAX) || has_day_and_hour(rest);
}

/* Nothing but what was done and by whom: "Put into English by Dora Quill. Checked by Lew Marsh." */
static bool tells_who_did_what(struct bytes text)
{
    int names = 0;

    while (text.len > 0) {
        struct bytes before = {NULL, 0};
        struct bytes word = {NULL, 0};
        size_t words = 0;
        bool ends = false;

        while (text.len > 0 && !ends) {
            before = word;
            word = bytes_cut(&text, ' ');
            ends = word.len > 3 && word.ptr[word.len - 1] == '.';
            words++;
        }
        if (!ends || words < 4 || words > DEED_WORDS || before.len < 2 ||
            !is_capital(before.ptr[0]) || !is_capital(word.ptr[0]))
            return false;
        names++;
    }
    return names >= 2;
}

static enum rule rule_of_tail(const struct ends *ends, uint32_t index, bool last)
{
    const struct line *line = &ends->page->lines[index];
    struct bytes text = without_marks(line->text);
    bool sentence;

    if (text.len == 0 || is_no_prose(line))
        return RULE_NONE;
    if (tells_of_author(ends, text))
        return RULE_BIO;
    if (tells_of_helpers(text) || tells_who_did_what(text))
        return RULE_SOURCE;
    if (tells_of_site(ends, index) || is_standing_note(ends, line))
        return RULE_META;
    sentence = clean_is_sentence(ends->page, index);
    if (tells_of_somebody(text) && (!sentence || (last && !was_named(ends->page, index))))
        return RULE_BIO;
    if (is_authors_name(ends, text))
        return RULE_BYLINE;
    if (cue_find(text, KIND(SOURCE), NULL) != CUE_NONE && (!sentence || last))
        return RULE_SOURCE;
    return last ? rule_of_last(ends, line, text, sentence) : RULE_NONE;
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
        page->lines[i].cut = (uint8_t)rule_of_tail(&ends, i, last);
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
