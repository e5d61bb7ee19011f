/* byline_dated.c - bylines without a cue: a date and a name beside it, or what machines are told,
 * shown where bylines stand. */
#include "field/byline_search.h"
#include "page/name_kind.h"
#include "text/date.h"

enum {
    DATED = 28,        /* points: a date, a name and nothing else, as much as a cue within a line */
    DATED_WORDS = 16,  /* of such a line */
    LEAST_DIGITS = 4,  /* of a date with its year */
    GAP_BYTES = 5,     /* " und ", " | " between two names */
    SAME_LINES = 2000, /* looked at for another line with the same words */
    TOPIC_BYTES = 4,   /* of a word that tells a topic */
    PAIRS = 8          /* parts of a line */
};

static const char *const separators[] = {" | ", "|", " \xC2\xB7 ", "\xC2\xB7", " \xE2\x80\xA2 ",
    "\xE2\x80\xA2", " - ", " \xE2\x80\x93 ", " \xE2\x80\x94 ", " / ", " // ", ", ", " \xC2\xBB ",
    NULL};

/* Cut text at the next of separators; what stands before it. */
static struct bytes next_part(struct bytes *text)
{
    struct bytes part = *text;

    for (size_t i = 0; i < text->len; i++)
        for (const char *const *one = separators; *one != NULL; one++)
            if (text->ptr[i] == (*one)[0] && bytes_starts(bytes_from(*text, i), bytes_of(*one))) {
                part.len = i;
                *text = bytes_from(*text, i + strlen(*one));
                return bytes_trim(part);
            }
    *text = (struct bytes){NULL, 0};
    return bytes_trim(part);
}

/* A word of a date, of a time of day or of a count. */
static bool is_dated_word(struct bytes word)
{
    static const char *const around[] = {"uhr", "um", "at", "am", "pm", "a.m.", "p.m.", "on", "vom",
        "den", "h", "kl.", "kl", "min", "min.", "de", "del", "le", "il", "el", "a", "ago", "|", "-",
        "\xE2\x80\x93", "\xE2\x80\x94", "\xC2\xB7", "\xE2\x80\xA2", "/", NULL};

    for (size_t i = 0; i < word.len; i++)
        if (is_digit(word.ptr[i]))
            return true;
    while (word.len > 0 && word.ptr[word.len - 1] == ',')
        word.len--;
    return word.len == 0 || name_is_date_word(word) ||
           (!name_starts(word) && name_is_listed(word, around)) || name_is_listed(word, around + 3);
}

static struct bytes last_word(struct bytes text)
{
    size_t start = text.len;

    while (start > 0 && text.ptr[start - 1] != ' ')
        start--;
    return bytes_from(text, start);
}

/* text without the words of a date at both of its ends. */
static struct bytes undated(struct bytes text)
{
    struct bytes rest = bytes_trim(text);

    while (rest.len > 0) {
        struct bytes behind = rest;

        if (!is_dated_word(bytes_cut(&behind, ' ')))
            break;
        rest = bytes_trim(behind);
    }
    while (rest.len > 0 && is_dated_word(last_word(rest)))
        rest = bytes_trim(bytes_slice(rest, 0, rest.len - last_word(rest).len));
    while (rest.len > 0 && strchr(",;|", rest.ptr[rest.len - 1]) != NULL)
        rest = bytes_trim(bytes_slice(rest, 0, rest.len - 1));
    return rest;
}

static int digits_in(struct bytes text)
{
    int digits = 0;

    for (size_t i = 0; i < text.len; i++)
        digits += is_digit(text.ptr[i]);
    return digits;
}

/* The words are the whole of a link that does not go to an author, or of another line that is one:
 * a section, a topic. Or the page says that they are. */
static bool is_topic(const struct page *page, uint32_t index, struct bytes name)
{
    const struct said_list *const lists[] = {&page->said->sections, &page->said->keywords};
    const struct tree *tree = page->tree;
    const struct line *own = &page->lines[index];

    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < lists[i]->count; k++)
            if (bytes_find_nocase(lists[i]->items[k].text, name) != SIZE_MAX)
                return true;
    for (uint32_t i = own->from; i < own->to; i++)
        if (tree->nodes[i].tag == TAG_TEXT && tree->nodes[i].in_link &&
            bytes_equal_nocase(bytes_trim(tree->nodes[i].text), name)) {
            uint32_t link = tree->nodes[i].parent;

            while (link != 0 && tree->nodes[link].tag != TAG_A)
                link = tree->nodes[link].parent;
            return !byline_leads_to_author(tree_attr(tree, link, ATTR_HREF));
        }
    for (uint32_t i = 0; i < page->line_count && i < SAME_LINES; i++)
        if (i != index && page->lines[i].n.link_chars > 0 && page->lines[i].text.len == name.len &&
            bytes_equal_nocase(page->lines[i].text, name) &&
            !byline_leads_to_author(
                tree_attr(tree, tree->nodes[page->lines[i].from].parent, ATTR_HREF)))
            return true;
    return false;
}

/* The word begins a word of text. */
static bool has_word(struct bytes text, struct bytes word)
{
    for (size_t at; (at = bytes_find_nocase(text, word)) != SIZE_MAX;
         text = bytes_from(text, at + 1))
        if (at == 0 || !(is_alpha(text.ptr[at - 1]) || (unsigned char)text.ptr[at - 1] >= 0x80))
            return true;
    return false;
}

/* A word of it stands in links of the page or in its headline, and the name does not: sections and
 * kinds of text are called by such words, people are not. */
static bool has_words_of_topics(const struct page *page, struct bytes name)
{
    struct bytes words = name;

    while (words.len > 0) {
        struct bytes word = bytes_cut(&words, ' ');

        if (word.len < TOPIC_BYTES)
            continue;
        if (has_word(page->title_text, word))
            return true;
        for (uint32_t i = 0; i < page->line_count && i < SAME_LINES; i++)
            if (page->lines[i].n.link_chars * 2 > page->lines[i].n.chars &&
                has_word(page->lines[i].text, word) &&
                bytes_find_nocase(page->lines[i].text, name) == SIZE_MAX)
                return true;
    }
    return false;
}

/* People and nothing else. */
static bool is_all_names(
    const struct page *page, uint32_t index, struct bytes text, struct names *ret_names)
{
    size_t len = 0;

    *ret_names = (struct names){0};
    names_add(ret_names, page, text, false);
    for (size_t i = 0; i < ret_names->count; i++) {
        if (ret_names->kinds[i] != NAME_PERSON || !name_looks_personal(ret_names->items[i]) ||
            is_topic(page, index, ret_names->items[i]) ||
            has_words_of_topics(page, ret_names->items[i]))
            return false;
        len += ret_names->items[i].len + GAP_BYTES;
    }
    return ret_names->count > 0 && len >= text.len;
}

/* A comma stands between a place and a date as often as between a name and one: there the block's
 * own names must say that it is about the article. */
static bool is_told_apart(const struct page *page, const struct line *line)
{
    uint32_t node = line->block;

    for (int up = 0; up < 2 && node != 0; up++, node = page->tree->nodes[node].parent)
        if (page->tree->nodes[node].hints & (HINT(META) | HINT(BYLINE) | HINT(DATE) | HINT(TIME)))
            return true;
    for (size_t i = 1; i + 1 < line->text.len; i++)
        if (line->text.ptr[i] == ',' && !is_dated_word(last_word(bytes_slice(line->text, 0, i))))
            return false;
    return true;
}

static bool may_be_dated(const struct search *search, uint32_t index)
{
    const struct page *page = search->page;
    const struct line *line = &page->lines[index];
    struct date date;

    return byline_is_close(search, index) && line->n.words <= DATED_WORDS &&
           line->text.len <= TEXT_BYTES && line->kind != LINE_HEADING && !line->good &&
           line->kind != LINE_QUOTE && byline_region(line) >= 0 &&
           digits_in(line->text) >= LEAST_DIGITS && !byline_is_of_another(page, line->block) &&
           date_parse(line->text, DATE_DAY_FIRST, &date) && date.precision >= DATE_DAY &&
           is_told_apart(page, line);
}

void byline_consider_dated_lines(struct search *search)
{
    const struct page *page = search->page;

    for (uint32_t i = 0; i < page->line_count; i++) {
        struct bytes rest = page->lines[i].text;

        if (!may_be_dated(search, i))
            continue;
        for (int k = 0; k < PAIRS && rest.len > 0; k++) {
            struct bytes part = undated(next_part(&rest));
            struct names names;

            if (part.len > 0 && is_all_names(page, i, part, &names))
                byline_consider(search, part, DATED, i);
        }
    }
}

bool byline_signs(const struct search *search, struct bytes name)
{
    const struct page *page = search->page;

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        struct bytes rest = line->text;

        if (!(byline_is_close(search, i) || byline_is_at_end(search, i)) ||
            line->text.len > TEXT_BYTES || line->kind == LINE_HEADING || line->good ||
            byline_region(line) < 0 || line->cut == RULE_FOOTER || line->cut == RULE_HEADER ||
            line->cut == RULE_COPYRIGHT || byline_is_hidden(page, line->block))
            continue;
        while (rest.len > 0) {
            struct bytes part = undated(next_part(&rest));
            size_t len = 0;

            if (cue_find(part, KIND(BYLINE), &len) != CUE_NONE && len < part.len)
                part = undated(bytes_from(part, len));
            if (bytes_equal_nocase(part, name))
                return true;
        }
    }
    return false;
}
