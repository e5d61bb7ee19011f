/* byline_place.c - where a line stands beside headline and text, and whether it is the article's.
 */
#include "field/byline_search.h"

enum {
    LABEL_BYTES = 24,     /* of a label, */
    LABELLED_BYTES = 100, /* and of a line with one */
    LABELS_AROUND = 3,    /* lines above and below that are looked at, */
    LABELS_OF_THING = 2,  /* and how many of them tell of a thing */
    NEAR_BEFORE = 8,      /* lines above the headline or the text, */
    NEAR_BEHIND = 25,     /* below the headline, */
    CLOSE_BEHIND = 12,    /* below it where a byline is expected, */
    END_BEHIND = 4,       /* and behind the text */
    ABOVE_TITLE = 4,      /* lines */
    BELOW_OPENING = 3,    /* lines of the text that a byline may stand in */
};

/* The line that a node stands in or, when it holds several, its first one. */
uint32_t byline_line_of(const struct page *page, uint32_t node)
{
    uint32_t line = page->first_line[node];

    return line > 0 && page->lines[line - 1].to > node ? line - 1 : line;
}

/* The last lines of the text, and those behind it. */
bool byline_is_at_end(const struct search *search, uint32_t line)
{
    return search->last_line > 0 && line + 1 >= search->last_line &&
           line <= search->last_line + END_BEHIND;
}

int byline_nearness(const struct search *search, uint32_t line)
{
    int points = 0;

    if (search->title_line != UINT32_MAX && line + NEAR_BEFORE >= search->title_line &&
        line <= search->title_line + NEAR_BEHIND)
        points = AT_TITLE;
    if (search->first_line != UINT32_MAX && line + NEAR_BEFORE >= search->first_line &&
        line <= search->first_line + BELOW_OPENING)
        points = points > AT_OPENING ? points : AT_OPENING;
    return points > 0 || !byline_is_at_end(search, line) ? points : AT_END;
}

/* Between the headline and the beginning of the text, or nearly; without a headline, in front of
 * the text. */
bool byline_is_close(const struct search *search, uint32_t line)
{
    if (search->title_line == UINT32_MAX)
        return search->first_line != UINT32_MAX && line < search->first_line &&
               line + NEAR_BEFORE >= search->first_line;
    return line + ABOVE_TITLE >= search->title_line && line <= search->title_line + CLOSE_BEHIND;
}

/* "Text: Anna Berg" */
static bool has_label(struct bytes text)
{
    size_t len = 0;

    return cue_find(text, KIND(BYLINE), &len) != CUE_NONE && text.ptr[len - 1] == ':';
}

int byline_region(const struct line *line)
{
    switch (line->cut) {
    case RULE_COMMENT:
    case RULE_SECOND_ARTICLE:
    case RULE_HIDDEN:
        return IN_COMMENT;
    case RULE_RELATED:
    case RULE_NAV:
    case RULE_CAPTION:
    case RULE_MEDIA:
        return IN_OTHERS;
    case RULE_CREDIT: /* of text and pictures, each with its label */
        return has_label(line->text) ? 0 : IN_OTHERS;
    case RULE_SIDEBAR:
        return IN_SIDEBAR;
    default:
        return line->teaser ? IN_TEASER : 0;
    }
}

bool byline_is_of_another(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;

    for (; node != 0 && node != tree->body; node = tree->nodes[node].parent) {
        const struct node *one = &tree->nodes[node];

        switch (one->tag) {
        case TAG_BLOCKQUOTE:
        case TAG_FIGURE:
        case TAG_FIGCAPTION:
            return !tree_within(tree, page->title, node);
        case TAG_ARTICLE:
            if (page->root != 0 && !tree_within(tree, page->root, node) &&
                !tree_within(tree, page->title, node) && page->root < node &&
                node < tree->nodes[page->root].end)
                return true;
            break;
        default:
            break;
        }
    }
    return false;
}

/* "display:none" of the element's own style. */
static bool is_styled_away(const struct tree *tree, uint32_t node)
{
    struct bytes style = tree_attr(tree, node, ATTR_STYLE);
    size_t at = bytes_find_nocase(style, LIT("display"));

    return at != SIZE_MAX && bytes_find_nocase(bytes_from(style, at), LIT("none")) != SIZE_MAX;
}

bool byline_is_taken_away(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;

    for (; node != 0 && node != tree->body; node = tree->nodes[node].parent)
        if (tree->nodes[node].attrs > 0 &&
            (tree_has_attr(tree, node, ATTR_HIDDEN) || is_styled_away(tree, node)))
            return true;
    return false;
}

bool byline_is_hidden(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;

    for (uint32_t up = node; up != 0 && up != tree->body; up = tree->nodes[up].parent)
        if (tree->nodes[up].hints & HINT(HIDDEN))
            return true;
    return byline_is_taken_away(page, node);
}

/* The smallest element around both headline and text. */
static uint32_t around_article(const struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t node = page->title != 0 ? page->title : page->root;

    while (node != tree->body && node != 0 && !tree_within(tree, page->root, node))
        node = tree->nodes[node].parent;
    return node;
}

bool byline_is_in_page_footer(const struct page *page, const struct line *line)
{
    uint32_t article = around_article(page);

    return (line->cut == RULE_FOOTER || line->cut == RULE_COPYRIGHT) &&
           (article == page->tree->body || !tree_within(page->tree, line->block, article));
}

/* "Title: The Ferrywoman": a few words, a colon, and perhaps what they stand for; and they are no
 * words of a byline or of data about an article. */
static bool is_label_of_thing(const struct line *line)
{
    struct bytes text = line->text;
    size_t colon = bytes_find_byte(text, ':');
    size_t len = 0;

    return line->n.link_chars * 2 <= line->n.chars && colon != SIZE_MAX && colon > 0 &&
           colon <= LABEL_BYTES && text.len <= LABELLED_BYTES &&
           bytes_find_byte(bytes_slice(text, 0, colon), ',') == SIZE_MAX &&
           !(colon + 1 < text.len && is_digit(text.ptr[colon + 1])) &&
           cue_find(text,
               KIND(BYLINE) | KIND(DATE) | KIND(MODIFIED) | KIND(SOURCE) | KIND(CAPTION) |
                   KIND(ROLE) | KIND(COUNT),
               &len) == CUE_NONE;
}

/* In one element, or in two of one parent. */
static bool stand_together(const struct page *page, uint32_t a, uint32_t b)
{
    uint32_t one = page->lines[a].block;
    uint32_t other = page->lines[b].block;

    return one == other || page->tree->nodes[one].parent == page->tree->nodes[other].parent;
}

bool byline_is_of_thing(const struct page *page, uint32_t line)
{
    uint32_t from = line < LABELS_AROUND ? 0 : line - LABELS_AROUND;
    int labels = 0;

    for (uint32_t i = from; i < page->line_count && i <= line + LABELS_AROUND; i++)
        labels += i != line && stand_together(page, i, line) && is_label_of_thing(&page->lines[i]);
    return labels >= LABELS_OF_THING;
}

struct bytes byline_last_part(struct bytes url)
{
    size_t start;

    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] == '?' || url.ptr[i] == '#')
            url.len = i;
    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    for (start = url.len; start > 0 && url.ptr[start - 1] != '/';)
        start--;
    return bytes_from(url, start);
}
