/* clean_lines.c - which lines are not the article: by what they say and where they stand. */
#include "cue/cue.h"
#include "page/clean.h"
#include "text/date.h"

enum {
    SHORT_CHARS = 160, /* of a line that its words may give away, */
    SHORT_WORDS = 30,
    NOTICE_WORDS = 90,     /* "This article was first published in ..." may be two sentences */
    SPACELESS_CHARS = 180, /* of a line that one phrase gives away: 60 ideographs */
    PROMPT_WORDS = 14,     /* of a sentence that asks for something; one that tells has more */
    NEIGHBOURS = 6,        /* lines before and behind a sentence */
    COUNTER_WORDS = 8,
    DATE_BYTES = 60, /* of a line that is a date and little else, */
    DATE_LETTERS = 30,
    DATE_DIGITS = 3,
    TOP_WORDS = 12,    /* of a line above the text that is no text */
    RELATED_WORDS = 8, /* of a heading like "Related articles" */
    SAID_TEASER = 60,  /* percent in the article's own copy that keep a line which looks like one */
};

/* Words of a line that a phrase of so many words gives away. */
enum { LINE_OF_4 = 60, LINE_OF_3 = 30, LINE_OF_2 = 12 };

/* Percent of a line's characters that are links. */
enum {
    LINKS_WITH_CUE = 40, /* however long it is */
    LINKS_HEADING = 50,  /* behind "Related articles": of another article */
    LINKS_LONG = 80,     /* of a long line that is looked at as a short one is */
};

#define KIND(name) (1U << CUE_##name)

struct pass {
    struct page *page;
    uint32_t from, to;   /* lines of root */
    uint32_t first_good; /* the first that is text for sure */
    uint32_t last_good;  /* the last one */
};

static bool is_standing(const struct line *line)
{
    return line->cut == RULE_NONE;
}

static bool mostly_links(const struct line *line, unsigned percent)
{
    return line->n.link_chars * 100 >= line->n.chars * percent;
}

/* A line that is a date and little else. */
static bool is_date_line(struct bytes text)
{
    struct date date;
    int letters = 0;
    int digits = 0;

    if (text.len > DATE_BYTES)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        digits += is_digit(text.ptr[i]);
        letters += is_alpha(text.ptr[i]);
    }
    return digits >= DATE_DIGITS && letters <= DATE_LETTERS &&
           date_parse(text, DATE_ORDER_UNKNOWN, &date);
}

static bool is_said_date(const struct tree *tree, uint32_t block)
{
    for (int up = 0; up < 2 && block != 0; up++, block = tree->nodes[block].parent)
        if (tree->nodes[block].hints & (HINT(DATE) | HINT(TIME) | HINT(META) | HINT(BYLINE)))
            return true;
    return false;
}

static bool has_digit(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (is_digit(text.ptr[i]))
            return true;
    return false;
}

/* A cue of a date, and a number or nothing else: "on" and "le" also begin sentences. */
static bool is_cued_date(struct bytes text)
{
    size_t len = 0;

    return cue_find(text, KIND(DATE) | KIND(MODIFIED), &len) != CUE_NONE &&
           (has_digit(bytes_from(text, len)) || text.len <= len + 2);
}

/* The first word is one in small letters alone. */
static bool begins_small(struct bytes text)
{
    struct bytes word = bytes_cut(&text, ' ');

    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] < 'a' || word.ptr[i] > 'z')
            return false;
    return word.len > 0;
}

/* A cue of a byline and what may be a name, not "From the harbour". */
static bool is_cued_name(const struct tree *tree, const struct line *line)
{
    struct bytes rest;
    size_t len = 0;

    if (cue_find(line->text, KIND(BYLINE), &len) == CUE_NONE)
        return false;
    rest = bytes_trim(bytes_from(line->text, len));
    return !begins_small(rest) || line->n.words <= 2 ||
           tree->nodes[line->block].hints & HINT(BYLINE) ||
           cue_find(rest, KIND(ROLE), NULL) != CUE_NONE;
}

/* Without bullets, arrows and brackets in front. */
static struct bytes without_marks(struct bytes text)
{
    while (text.len > 0) {
        unsigned char c = (unsigned char)text.ptr[0];

        if (c == 0xE2 && text.len > 3)
            text = bytes_from(text, 3);
        else if (c == 0xC2 && text.len > 2 && text.ptr[1] != (char)0xA9)
            text = bytes_from(text, 2);
        else if (c < 0x80 && strchr("([{*+->|/#=_:. ", c) != NULL)
            text = bytes_from(text, 1);
        else
            break;
    }
    return text;
}

/* What ends a sentence, quotation marks and brackets behind it left aside. */
bool clean_ends_sentence(struct bytes text)
{
    static const char *const closers[] = {"\"", ")", "\xE2\x80\x9D", "\xE2\x80\x9C", "\xC2\xBB",
        "\xC2\xAB", "\xE2\x80\x99", "\xE3\x80\x8D", NULL};
    static const char *const stops[] = {".", "!", "?", "\xE2\x80\xA6", "\xE3\x80\x82",
        "\xEF\xBC\x81", "\xEF\xBC\x9F", "\xE0\xA5\xA4", NULL};

    for (int i = 0; closers[i] != NULL; i++)
        if (bytes_ends(text, bytes_of(closers[i]))) {
            text.len -= strlen(closers[i]);
            i = -1;
        }
    for (int i = 0; stops[i] != NULL; i++)
        if (bytes_ends(text, bytes_of(stops[i])))
            return true;
    return false;
}

/* A plain paragraph like the one of a good line beside it: of the same parent and class. */
static bool is_like(const struct page *page, const struct line *line, const struct line *good)
{
    const struct tree *tree = page->tree;

    return good->good && good->kind == LINE_PARAGRAPH && good->block != line->block &&
           tree->nodes[line->block].parent == tree->nodes[good->block].parent &&
           bytes_equal(
               tree_attr(tree, line->block, ATTR_CLASS), tree_attr(tree, good->block, ATTR_CLASS));
}

/* A bracket, a star, a dash, a bullet: not a quotation mark. */
static bool begins_with_mark(struct bytes text)
{
    static const char *const marks[] = {"(", "[", "*", "-", "+", ">", "|", "\xE2\x80\x93",
        "\xE2\x80\x94", "\xE2\x80\xA2", "\xE2\x96", "\xC2\xB7", "\xC2\xA9", NULL};

    for (int i = 0; marks[i] != NULL; i++)
        if (bytes_starts(text, bytes_of(marks[i])))
            return true;
    return false;
}

/* A whole sentence in a paragraph of its own, among its like: its first words make no furniture of
 * it. Furniture has links, an element of its own, a class, or is emphasised as a whole. */
bool clean_is_sentence(const struct page *page, uint32_t index)
{
    const struct line *line = &page->lines[index];
    uint32_t first = index < NEIGHBOURS ? 0 : index - NEIGHBOURS;

    if (line->kind != LINE_PARAGRAPH || line->n.link_chars > 0 ||
        page->tree->nodes[line->from].parent != line->block ||
        (line->n.words <= PROMPT_WORDS && cue_is_prompt(line->text)) ||
        begins_with_mark(line->text) || !clean_ends_sentence(line->text))
        return false;
    for (uint32_t i = first; i <= index + NEIGHBOURS && i < page->line_count; i++)
        if (is_like(page, line, &page->lines[i]))
            return true;
    return false;
}

static enum rule rule_near_top(const struct pass *pass, uint32_t index)
{
    const struct line *line = &pass->page->lines[index];

    if (is_date_line(line->text) &&
        (index < pass->first_good || is_said_date(pass->page->tree, line->block)))
        return RULE_DATE;
    if (index < pass->first_good && is_cued_name(pass->page->tree, line))
        return RULE_BYLINE;
    if (is_cued_date(line->text))
        return RULE_DATE;
    return RULE_NONE;
}

/* "Follow us on Instagram, Facebook and YouTube" in any language: the networks' names are enough.
 */
static bool names_networks(struct bytes text)
{
    static const char *const networks[] = {"facebook", "twitter", "instagram", "youtube",
        "linkedin", "whatsapp", "telegram", "tiktok", "pinterest", "snapchat", NULL};
    unsigned named = 0;

    for (size_t at = 0; at < text.len; at++) {
        char first = to_lower(text.ptr[at]);

        for (int i = 0; networks[i] != NULL; i++)
            if (networks[i][0] == first &&
                bytes_starts_nocase(bytes_from(text, at), bytes_of(networks[i])))
                named |= 1U << i;
    }
    return (named & (named - 1)) != 0; /* two of them */
}

static uint32_t words_in(struct bytes text)
{
    uint32_t words = 0;

    while (text.len > 0)
        words += bytes_cut(&text, ' ').len > 0;
    return words;
}

/* Chinese, Japanese, Korean; Thai, Lao, Burmese, Khmer: words are not told apart. */
static bool is_spaceless(struct bytes text)
{
    unsigned char a = (unsigned char)text.ptr[0];
    unsigned char b = text.len > 1 ? (unsigned char)text.ptr[1] : 0;

    return a >= 0xE3 || (a == 0xE0 && b >= 0xB8 && b <= 0xBB) ||
           (a == 0xE1 && (b <= 0x82 || b == 0x9E || b == 0x9F));
}

/* The longer the phrase, the longer the line that it gives away. */
static bool gives_away(const struct line *line, size_t phrase)
{
    uint32_t words = words_in(bytes_slice(line->text, 0, phrase));

    if (is_spaceless(line->text))
        return line->n.chars <= SPACELESS_CHARS;
    return line->n.words <= (words >= 4      ? (uint32_t)LINE_OF_4
                                : words == 3 ? (uint32_t)LINE_OF_3
                                             : (uint32_t)LINE_OF_2) ||
           mostly_links(line, LINKS_WITH_CUE);
}

/* A number and what it counts, before or behind the text: "105 readers of this page today". */
static bool is_counter(const struct pass *pass, uint32_t index, struct bytes text)
{
    size_t i = 0;

    if ((index > pass->first_good && index < pass->last_good) ||
        pass->page->lines[index].n.words > COUNTER_WORDS)
        return false;
    while (i < text.len && (is_digit(text.ptr[i]) || strchr("., +", text.ptr[i]) != NULL))
        i++;
    return i > 0 && cue_find(bytes_from(text, i), KIND(COUNT), NULL) != CUE_NONE;
}

static bool is_part_of_lines(const struct pass *pass, uint32_t index)
{
    const struct line *lines = pass->page->lines;

    return lines[index].after_break || (index + 1 < pass->to && lines[index + 1].after_break);
}

/* Nothing but a <time>. */
static bool is_time_alone(const struct tree *tree, const struct line *line)
{
    uint32_t around = tree->nodes[line->from].parent;

    return tree->nodes[around].tag == TAG_TIME && line->to <= tree->nodes[around].end;
}

/* The only line of its cell, in a row with others: a table of data, not one that lays a page out.
 */
static bool is_data_cell(const struct page *page, const struct line *line)
{
    const struct tree *tree = page->tree;
    uint32_t cell = line->block;
    uint32_t row = tree->nodes[cell].parent;

    return (tree->nodes[cell].tag == TAG_TD || tree->nodes[cell].tag == TAG_TH) &&
           page->first_line[tree->nodes[cell].end] - page->first_line[cell] == 1 &&
           page->first_line[tree->nodes[row].end] - page->first_line[row] > 1;
}

/* A heading whose section stands: prose follows before the next heading does. */
static bool heads_text(const struct pass *pass, uint32_t index)
{
    const struct line *lines = pass->page->lines;
    bool text = false;

    if (lines[index].kind != LINE_HEADING || mostly_links(&lines[index], LINKS_HEADING))
        return false;
    for (uint32_t i = index + 1; i < pass->to && !text; i++) {
        if (!is_standing(&lines[i]))
            continue;
        if (lines[i].kind == LINE_HEADING)
            return false;
        text = lines[i].good;
    }
    return text;
}

static enum rule rule_of_line(const struct pass *pass, uint32_t index)
{
    const struct line *line = &pass->page->lines[index];
    struct bytes text = without_marks(line->text);
    size_t len = 0;
    enum cue_kind cue = cue_find(text, KIND(FURNITURE) | KIND(CAPTION), &len);

    if (line->teaser && line->said < SAID_TEASER)
        return RULE_RELATED;
    if (line->n.words <= NOTICE_WORDS && cue_find(text, KIND(NOTICE), NULL) != CUE_NONE)
        return RULE_NOTICE;
    if (is_data_cell(pass->page, line) || heads_text(pass, index) ||
        (index > pass->first_good && clean_is_sentence(pass->page, index)))
        return RULE_NONE;
    if (cue == CUE_FURNITURE && gives_away(line, len))
        return RULE_CUE;
    if (is_counter(pass, index, text))
        return RULE_CUE;
    if (is_time_alone(pass->page->tree, line))
        return RULE_DATE;
    if (line->n.chars > SHORT_CHARS && !mostly_links(line, LINKS_LONG))
        return RULE_NONE;
    if (cue == CUE_CAPTION && line->n.words <= SHORT_WORDS)
        return RULE_CAPTION;
    if (line->n.words <= SHORT_WORDS && names_networks(line->text))
        return RULE_SHARE;
    if (line->n.words <= TOP_WORDS && !line->good) {
        enum rule rule = rule_near_top(pass, index);

        if (rule != RULE_NONE && (index < pass->first_good || rule == RULE_DATE))
            return rule;
    }
    if (line->kind != LINE_CELL && !is_part_of_lines(pass, index) &&
        mostly_links(line, LINKS_ONLY) && line->n.words < SHORT_WORDS && line->kind != LINE_HEADING)
        return RULE_LINKS;
    return RULE_NONE;
}

/* Behind a heading like "Related articles": it and the lines up to the next real text. */
static uint32_t cut_related(struct pass *pass, uint32_t index)
{
    struct line *lines = pass->page->lines;

    lines[index].cut = RULE_RELATED;
    for (index++; index < pass->to; index++) {
        if (!is_standing(&lines[index]))
            continue;
        if (lines[index].good ||
            (lines[index].kind == LINE_PARAGRAPH && !mostly_links(&lines[index], LINKS_HEADING)))
            break;
        if (lines[index].kind == LINE_HEADING && !mostly_links(&lines[index], LINKS_HEADING))
            break;
        lines[index].cut = RULE_RELATED;
    }
    return index - 1;
}

static void cut_by_words(struct pass *pass)
{
    struct line *lines = pass->page->lines;

    for (uint32_t i = pass->from; i < pass->to; i++) {
        if (!is_standing(&lines[i]))
            continue;
        if (lines[i].n.words <= RELATED_WORDS &&
            cue_find(without_marks(lines[i].text), KIND(RELATED), NULL) != CUE_NONE) {
            i = cut_related(pass, i);
            continue;
        }
        lines[i].cut = (uint8_t)rule_of_line(pass, i);
    }
}

/* The headline again, in front of the text. */
static void cut_title(struct pass *pass)
{
    struct page *page = pass->page;
    struct bytes title = page->title_text;

    for (uint32_t i = pass->from; i < pass->to && i <= pass->first_good + 2; i++) {
        struct line *line = &page->lines[i];

        if (!is_standing(line))
            continue;
        if (page->tree->nodes[line->block].tag == TAG_H1 ||
            (title.len > 0 && bytes_equal_nocase(line->text, title)))
            line->cut = RULE_TITLE;
        for (size_t t = 0; t < page->said->titles.count && is_standing(line); t++)
            if (bytes_equal_nocase(page->said->titles.items[t].text, line->text))
                line->cut = RULE_TITLE;
    }
}

void clean_lines(struct page *page, uint32_t root)
{
    struct pass pass = {.page = page};

    pass.from = page->first_line[root];
    pass.to = page->first_line[page->tree->nodes[root].end];
    pass.first_good = pass.from;
    while (pass.first_good < pass.to &&
           !(page->lines[pass.first_good].good && is_standing(&page->lines[pass.first_good])))
        pass.first_good++;
    pass.last_good = pass.to;
    while (pass.last_good > pass.first_good &&
           !(page->lines[pass.last_good - 1].good && is_standing(&page->lines[pass.last_good - 1])))
        pass.last_good--;
    clean_boxes(page, root);
    clean_captions(page, root);
    cut_title(&pass);
    clean_repeats(page, pass.from, pass.to);
    cut_by_words(&pass);
    clean_others(page, pass.from, pass.to);
    clean_prompt_at_end(page, pass.from, pass.to);
    clean_ends(page, pass.from, pass.to);
    clean_headings(page, pass.from, pass.to);
}
