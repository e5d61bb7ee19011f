/* published_shown.c - the dates that readers see, by where they stand and what is said of them. */
#include "cue/cue.h"
#include "field/byline.h"
#include "field/date_span.h"
#include "field/published_search.h"

enum {
    SPANS = 4,           /* dates of a line */
    LEAD_WORDS = 6,      /* in front of a date, of which one may say what it is */
    LEAST_CUE = 5,       /* bytes of such a word within a line */
    SHOWN_NODES = 40,    /* of an element whose text is a date */
    INLINE_BYTES = 200,  /* of a script that writes a date, */
    INLINE_SCORE = 25,   /* and its points */
    NEAR_LINES = 25,     /* below the headline */
    ENOUGH = 4,          /* points that a line must have */
    OPENING_BYTES = 60,  /* of a long line, in which its date is looked for */
    SENTENCE_WORDS = 13, /* more are a sentence with a date in it */
    BESIDE = 23,         /* points of near() up to five lines below the headline */
    LEAST_DIGITS = 3,    /* and of a line that has one */
    SHORT_CHARS = 25,    /* of a line that is hardly more than a date, */
    LONG_BYTES = 60,     /* and of one that says other things as well */
    HINTS_UP = 3,        /* blocks around a line whose names say that it is a date */
    BEFORE_LINES = 8,    /* above the headline, or the text */
};

#define KIND(name) (1U << CUE_##name)

static int near(uint32_t anchor, uint32_t line)
{
    if (anchor == UINT32_MAX)
        return 0;
    if (line >= anchor && line <= anchor + NEAR_LINES)
        return AT_TITLE - (int)(line - anchor) / 2;
    if (line < anchor && line + BEFORE_LINES >= anchor)
        return ABOVE_TITLE - (int)(anchor - line);
    return 0;
}

/* Points for standing close to the headline or to where the text begins, the more the closer. */
static int nearness(const struct search *search, uint32_t line)
{
    int title = near(search->title_line, line);
    int text = near(search->first_line, line) + AT_TEXT;

    return title > text ? title : text;
}

/* Points for what the lines around say the block is. */
static int region(const struct line *line)
{
    switch (line->cut) {
    case RULE_COMMENT:
        return IN_COMMENT;
    case RULE_SIDEBAR:
        return IN_SIDEBAR;
    case RULE_RELATED:
    case RULE_NAV:
    case RULE_SECOND_ARTICLE:
        return IN_OTHERS;
    case RULE_FOOTER:
        return IN_FOOTER;
    case RULE_LINKS:
        return IN_LINKS;
    case RULE_DATE:
    case RULE_BYLINE:
    case RULE_META:
        return IN_DATA;
    default:
        return line->teaser ? IN_TEASER : 0;
    }
}

static struct bytes stamp_of(const struct tree *tree, uint32_t node)
{
    struct bytes stamp = tree_attr(tree, node, ATTR_DATETIME);

    if (stamp.len == 0)
        stamp = tree_attr(tree, node, ATTR_CONTENT);
    if (stamp.len == 0)
        stamp = tree_attr(tree, node, ATTR_TITLE);
    return stamp;
}

static bool is_named_for_change(const struct tree *tree, uint32_t node)
{
    struct bytes names = tree_attr(tree, node, ATTR_CLASS);
    struct bytes prop = tree_attr(tree, node, ATTR_ITEMPROP);

    return bytes_find_nocase(names, LIT("updated")) != SIZE_MAX ||
           bytes_find_nocase(names, LIT("modified")) != SIZE_MAX ||
           bytes_find_nocase(prop, LIT("modified")) != SIZE_MAX;
}

/* The kind of the cue that stands closest to a date that lead stands before: that it is a date of
 * publication or of change; CUE_NONE without. ret_label: it ends with a colon; ret_first: it opens
 * the line. */
static enum cue_kind cue_before(struct bytes lead, bool *ret_label, bool *ret_first)
{
    enum cue_kind kind = CUE_NONE;
    size_t from = lead.len;

    for (int words = 0; from > 0 && words < LEAD_WORDS; words += lead.ptr[--from] == ' ')
        ;
    for (size_t i = from; i < lead.len; i++) {
        size_t len = 0;
        enum cue_kind found;

        if (i > 0 && lead.ptr[i - 1] != ' ' && lead.ptr[i - 1] != '(')
            continue;
        found = cue_find(bytes_from(lead, i), KIND(DATE) | KIND(MODIFIED), &len);
        if (found != CUE_NONE && (len >= LEAST_CUE || i == 0)) {
            kind = found;
            *ret_first = i == 0;
            *ret_label = lead.ptr[lead.len - 1] == ':' && i + len + 1 >= lead.len;
        }
    }
    return kind;
}

/* What is told of a date, in points. */
static int score_of_lead(struct bytes lead)
{
    bool label = false;
    bool first = false;

    switch (cue_before(lead, &label, &first)) {
    case CUE_DATE:
        return label ? LABELLED : CUED;
    case CUE_MODIFIED:
        return first ? CHANGED : TOLD_CHANGE;
    default:
        return 0;
    }
}

/* What the line of an element says in front of it. */
static struct bytes lead_of_node(const struct page *page, uint32_t node)
{
    uint32_t line = page->first_line[node];

    if (line > 0 && page->lines[line - 1].to > node)
        line--; /* it began before */
    else
        return (struct bytes){NULL, 0};
    return tree_text_range(page->tree, page->arena, page->lines[line].from, node, LONG_BYTES);
}

/* Beside the headline and in front of the text: what names call a comment there is the article. */
static bool is_beside(const struct search *search, uint32_t line)
{
    return near(search->title_line, line) >= BESIDE &&
           (search->first_line == UINT32_MAX || line <= search->first_line);
}

/* In a link around several lines: a card of another article. */
static bool is_in_card(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;

    while (node != 0 && tree->nodes[node].tag != TAG_A)
        node = tree->nodes[node].parent;
    return node != 0 && page->first_line[tree->nodes[node].end] > page->first_line[node] + 1;
}

/* Behind the text, beside a link to another page that is not its author's: in a list of cards. */
static bool is_in_list(const struct search *search, uint32_t node)
{
    const struct page *page = search->page;
    const struct tree *tree = page->tree;
    uint32_t line = page->first_line[node];
    uint32_t link;

    if (line > 0 && page->lines[line - 1].to > node)
        line--; /* it began before */
    if (search->last_line == UINT32_MAX || line <= search->last_line || line >= page->line_count ||
        page->lines[line].n.link_chars == 0 || page_is_own_link(page, &page->lines[line]))
        return false;
    link = page->lines[line].from;
    while (link > page->lines[line].block && tree->nodes[link].tag != TAG_A)
        link = tree->nodes[link].parent;
    return tree->nodes[link].tag == TAG_A &&
           !byline_leads_to_author(tree_attr(tree, link, ATTR_HREF));
}

/* What a reader wrote, or a card says: never the article's. */
static bool is_of_others(const struct search *search, uint32_t node, uint32_t line)
{
    return line < search->page->line_count && !is_beside(search, line) &&
           (search->page->lines[line].cut == RULE_COMMENT || is_in_card(search->page, node) ||
               is_in_list(search, node));
}

/* So is what machines are told in a column beside the article, in another one, in a teaser. */
static bool is_stamp_of_others(const struct search *search, uint32_t node, uint32_t line)
{
    if (line >= search->page->line_count || is_beside(search, line))
        return false;
    switch (search->page->lines[line].cut) {
    case RULE_SIDEBAR:
    case RULE_RELATED:
    case RULE_SECOND_ARTICLE:
        return true;
    default:
        return search->page->lines[line].teaser || is_of_others(search, node, line);
    }
}

static int score_of_stamp(const struct search *search, uint32_t node)
{
    const struct page *page = search->page;
    const struct tree *tree = page->tree;
    uint32_t line = page->first_line[node];
    int score = STAMP + nearness(search, line);

    if (bytes_find_nocase(tree_attr(tree, node, ATTR_ITEMPROP), LIT("datepublished")) != SIZE_MAX)
        score += STAMP_PUBLISHED;
    else if (bytes_find_nocase(tree_attr(tree, node, ATTR_PROPERTY), LIT("published")) != SIZE_MAX)
        score += STAMP_PROPERTY;
    else if (is_stamp_of_others(search, node, line))
        return 0;
    if (line < page->line_count)
        score += region(&page->lines[line]);
    if (is_named_for_change(tree, node) || is_named_for_change(tree, tree->nodes[node].parent) ||
        score_of_lead(lead_of_node(page, node)) < 0)
        score += STAMP_CHANGED;
    return score;
}

/* The element shows another day than its attribute has, and does not say that it is one of change:
 * the attribute is when the page was last written. */
static bool shows_another_day(
    const struct search *search, struct bytes stamp, struct bytes text, struct bytes *ret_shown)
{
    struct date_span span;
    struct date said, shown;
    int64_t days;

    if (date_span_digits(text, LEAST_DIGITS) < LEAST_DIGITS || !date_span_next(&text, &span) ||
        score_of_lead(span.lead) < 0 || !published_read(search, stamp, &said) ||
        !published_read(search, span.text, &shown))
        return false;
    days = published_day(&said) - published_day(&shown);
    *ret_shown = span.text;
    return days > 1 || days < -1; /* a day may be the zone's */
}

/* Elements that carry a date in an attribute. */
static void consider_stamps(struct search *search)
{
    const struct tree *tree = search->page->tree;

    for (uint32_t i = tree->body; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        struct bytes stamp, shown;
        int score;

        if (node->attrs == 0 ||
            !(node->tag == TAG_TIME || tree_has_attr(tree, i, ATTR_DATETIME) ||
                bytes_find_nocase(tree_attr(tree, i, ATTR_ITEMPROP), LIT("date")) != SIZE_MAX ||
                (node->hints & (HINT(DATE) | HINT(TIME)) && stamp_of(tree, i).len > 0)))
            continue;
        stamp = stamp_of(tree, i);
        score = score_of_stamp(search, i);
        if (score <= search->best.score || stamp.len == 0)
            continue;
        if (node->end - i <= SHOWN_NODES &&
            shows_another_day(
                search, stamp, tree_text(tree, search->page->arena, i, LONG_BYTES), &shown))
            stamp = shown;
        published_consider(search, stamp, LIT("time-element"), score);
    }
}

static uint64_t hints_around(const struct tree *tree, uint32_t node)
{
    uint64_t hints = 0;

    for (int up = 0; up < HINTS_UP && node != 0; up++, node = tree->nodes[node].parent)
        hints |= tree->nodes[node].hints;
    return hints;
}

static int score_of_line(const struct search *search, uint32_t index)
{
    const struct line *line = &search->page->lines[index];
    uint64_t hints = hints_around(search->page->tree, line->block);
    int near_title = near(search->title_line, index);
    int score = nearness(search, index) + region(line);

    if (line->cut == RULE_COMMENT && is_beside(search, index))
        score += IN_NEWSROOM; /* of a comment by the newsroom: an opinion */
    if (line->cut == RULE_LINKS && near_title > 0)
        score -= IN_LINKS; /* to the articles of that day, and to their author */
    if (hints & HINT(DATE))
        score += NAMED_DATE;
    if (hints & (HINT(META) | HINT(BYLINE) | HINT(TIME)))
        score += NAMED_DATA;
    if (line->text.len > LONG_BYTES && line->cut != RULE_META)
        score += LONG;
    if (line->n.chars < SHORT_CHARS)
        score += SHORT;
    else if (line->n.words > SENTENCE_WORDS && line->cut != RULE_META && !(hints & HINT(DATE)))
        score += LONG;
    if (index == search->title_line)
        score += TITLE_LINE;
    else if (line->kind == LINE_HEADING ||
             (line->kind == LINE_PARAGRAPH && line->cut == 0 && line->good))
        score += PROSE;
    return score;
}

/* What is told of the first date of a line may be all of the line before: "Published:". */
static int score_of_label(const struct search *search, uint32_t index)
{
    struct bytes label;
    int score;

    if (index == 0)
        return 0;
    label = search->page->lines[index - 1].text;
    if (label.len > SHORT_CHARS || label.len == 0 || label.ptr[label.len - 1] != ':')
        return 0;
    score = score_of_lead(label);
    return score == LABELLED && search->page->lines[index].kind == LINE_HEADING ? score - PROSE
                                                                                : score;
}

static bool is_about_the_article(const struct line *line)
{
    return line->cut == RULE_FOOTER || line->cut == RULE_META || line->cut == RULE_BYLINE ||
           line->cut == RULE_DATE;
}

/* A line too long for a date and little else: what it opens with, or, of data, all it has. */
static bool may_have_date(const struct search *search, uint32_t index)
{
    const struct line *line = &search->page->lines[index];

    return line->text.len <= LINE_BYTES || nearness(search, index) > 0 ||
           is_about_the_article(line);
}

/* "13.05.2024 – The harbour ...": it opens the text, and a mark sets it off. */
static bool opens_text(
    const struct search *search, uint32_t index, const struct date_span *span, struct bytes rest)
{
    rest = bytes_trim(rest);
    return span->lead.len == 0 && search->first_line != UINT32_MAX &&
           index <= search->first_line + 1 && rest.len > 0 &&
           (strchr("-:|)", rest.ptr[0]) != NULL || bytes_starts(rest, LIT("\xE2\x80\x93")) ||
               bytes_starts(rest, LIT("\xE2\x80\x94")));
}

static void consider_line(struct search *search, uint32_t index)
{
    const struct line *line = &search->page->lines[index];
    struct bytes rest = line->text;
    struct date_span span;
    bool is_long = line->text.len > LINE_BYTES;
    int base = score_of_line(search, index);

    if (is_long && base < 1)
        base = 1;
    for (int i = 0; i < SPANS && date_span_next(&rest, &span); i++) {
        int told =
            span.lead.len == 0 && i == 0 ? score_of_label(search, index) : score_of_lead(span.lead);
        int score = base + told - (i > 0 && told == 0 ? 1 : 0);

        if (is_long && span.text.ptr - line->text.ptr > OPENING_BYTES &&
            !is_about_the_article(line))
            return;
        if (score <= ENOUGH &&
            ((told < 0 && base > ENOUGH) || opens_text(search, index, &span, rest)))
            score = ENOUGH + 1; /* better than none */
        if (is_long || score > ENOUGH)
            published_consider(search, span.text, LIT("time-element"), score);
    }
}

/* Dates as the reader sees them: near the headline, or where a name says that it is one. */
static void consider_lines(struct search *search)
{
    const struct page *page = search->page;

    for (uint32_t i = 0; i < page->line_count; i++)
        if (page->lines[i].text.len >= LEAST_BYTES && may_have_date(search, i) &&
            date_span_digits(page->lines[i].text, LEAST_DIGITS) >= LEAST_DIGITS &&
            !is_of_others(search, page->lines[i].from, i))
            consider_line(search, i);
}

/* showDate("2024/05/13 21:40"), where the date is to stand. */
static void consider_inline_scripts(struct search *search)
{
    const struct tree *tree = search->page->tree;

    for (uint32_t i = tree->body; i < tree->count; i++) {
        struct bytes text = tree->nodes[i].text;
        int close;

        if (tree->nodes[i].tag != TAG_SCRIPT || text.len < LEAST_BYTES || text.len > INLINE_BYTES)
            continue;
        close = nearness(search, search->page->first_line[i]);
        for (size_t at = 0; close > 0 && at + LEAST_BYTES < text.len; at++)
            if ((text.ptr[at] == '"' || text.ptr[at] == '\'') && is_digit(text.ptr[at + 1])) {
                struct bytes date = bytes_from(text, at + 1);
                size_t end = bytes_find_byte(date, text.ptr[at]);

                published_consider(
                    search, bytes_slice(date, 0, end), LIT("meta"), INLINE_SCORE + close);
                break;
            }
    }
}

void published_consider_shown(struct search *search)
{
    consider_stamps(search);
    consider_lines(search);
    if (search->best.score < INLINE_SCORE)
        consider_inline_scripts(search);
}
