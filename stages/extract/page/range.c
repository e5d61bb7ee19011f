/* range.c - which elements beside the one that holds most of the text go on with it.
 *
 * The element that body_find() went down to is a seed. Editors' tools write one article into
 * several elements: the first paragraphs into one of their own, the free part before the reserved
 * one, each chapter into a row. So the seed's siblings, and those of what holds it, are taken in
 * between the headline and the first that is something else: another story's headline, an element
 * whose name says so, a list of links. */
#include "page/body.h"
#include "page/clean.h"

enum {
    LEVELS = 6,          /* elements above the seed that are looked at, */
    LEVELS_UNTITLED = 1, /* and where the headline stands within it or nowhere */
    LEAST_GOOD = 80,     /* characters in good lines, as GOOD_CHARS of lines.c: one paragraph; */
    LEAST_BEHIND = 160,  /* two where nothing but its prose speaks for what stands behind */
    ASKING = 2,          /* lines that ask to subscribe or register */
    LINK_PART = 5,       /* one part of so many may be links, */
    GOOD_PART = 2,       /* and one of so many has to be in good lines */
};

static const uint64_t ends = HINT(COMMENT) | HINT(RELATED) | HINT(TEASER) | HINT(FOOTER);
static const uint64_t between = HINT(BIO) | HINT(NEWSLETTER) | HINT(PROMO) | HINT(NAV) |
                                HINT(SIDEBAR) | HINT(COOKIE) | HINT(AD) | HINT(LOGIN) |
                                HINT(CAPTION) | HINT(FACTBOX) | HINT(STANDFIRST) | HINT(COPYRIGHT) |
                                HINT(BYLINE) | HINT(META) | HINT(TOC) | HINT(NOTICE) |
                                HINT(PAYWALL) | HINT(POPUP) | HINT(RATING);

struct range {
    struct page *page;
    uint32_t top; /* no further than this */
    uint32_t title_line;
};

/* Another story begins here, or what readers say of this one. */
static bool is_end(const struct page *page, uint32_t node)
{
    const struct node *n = &page->tree->nodes[node];

    if (n->tag == TAG_ARTICLE || n->tag == TAG_FOOTER ||
        (n->hints & ends && !(n->hints & HINT(BODY))))
        return true;
    for (uint32_t i = page->first_line[node]; i < page->first_line[n->end]; i++)
        if (page->lines[i].teaser || page->tree->nodes[page->lines[i].block].tag == TAG_H1)
            return true;
    return false;
}

/* Something that stands within an article, between two parts of it. */
static bool is_between(const struct page *page, uint32_t node)
{
    const struct node *n = &page->tree->nodes[node];
    uint32_t from = page->first_line[node];
    uint32_t to = page->first_line[n->end];

    return n->tag == TAG_ASIDE || n->tag == TAG_NAV || n->tag == TAG_FORM || n->tag == TAG_FIGURE ||
           (n->hints & between && !(n->hints & HINT(BODY))) ||
           page->prompt_sum[to] - page->prompt_sum[from] >= ASKING;
}

static bool is_prose(const struct page *page, uint32_t node, uint32_t least)
{
    const struct counts *n = &page->tree->nodes[node].n;
    uint32_t good = page_good(page, node);

    return good >= least && n->link_chars * LINK_PART < n->chars && good * GOOD_PART >= n->chars;
}

static bool goes_on(const struct range *range, uint32_t node, uint32_t least)
{
    const struct page *page = range->page;

    return page->tree->nodes[node].cut == RULE_NONE && page->first_line[node] > range->title_line &&
           !is_end(page, node) && !is_between(page, node) && is_prose(page, node, least);
}

/* Elements of one kind: the first word of a class says which, further ones how this one differs. */
static bool are_twins(const struct tree *tree, uint32_t a, uint32_t b)
{
    struct bytes x = bytes_trim(tree_attr(tree, a, ATTR_CLASS));
    struct bytes y = bytes_trim(tree_attr(tree, b, ATTR_CLASS));

    return tree->nodes[a].tag == tree->nodes[b].tag && x.len > 0 &&
           bytes_equal(bytes_cut(&x, ' '), bytes_cut(&y, ' '));
}

/* What stands behind the text and is prose may be about the author, the paper or another story,
 * which have a label; left says that the text was left already. */
static bool goes_on_behind(const struct range *range, uint32_t child, uint32_t node, bool left)
{
    const struct page *page = range->page;

    if (are_twins(page->tree, child, node))
        return goes_on(range, node, LEAST_GOOD);
    return !left && goes_on(range, node, LEAST_BEHIND) && page->lines[page->first_line[node]].good;
}

static bool is_flow(enum tag tag)
{
    return tag == TAG_P || tag == TAG_UL || tag == TAG_OL || tag == TAG_BLOCKQUOTE ||
           tag == TAG_TABLE || tag == TAG_PRE || tag == TAG_DL || tag == TAG_FIGURE ||
           tag_is_heading(tag) || !(tag_flags(tag) & BLOCK);
}

/* The siblings of child that go on with it: from the first to the last of them. */
static bool find_beside(
    const struct range *range, uint32_t child, uint32_t *ret_first, uint32_t *ret_last)
{
    const struct tree *tree = range->page->tree;
    uint32_t parent = tree->nodes[child].parent;

    bool left = false; /* something else stands before it */

    *ret_first = *ret_last = child;
    for (uint32_t i = parent + 1; i < child; i = tree->nodes[i].end)
        if (goes_on(range, i, LEAST_GOOD)) {
            *ret_first = i;
            break;
        }
    for (uint32_t i = tree->nodes[child].end; i < tree->nodes[parent].end; i = tree->nodes[i].end) {
        if (tree->nodes[i].cut != RULE_NONE)
            continue;
        if (is_end(range->page, i))
            break;
        left |= is_between(range->page, i);
        if (goes_on_behind(range, child, i, left))
            *ret_last = i;
    }
    return *ret_first != child || *ret_last != child;
}

/* Cut what stands in child's parent and is not of the text. */
static void leave_out(const struct range *range, uint32_t child, uint32_t first, uint32_t last)
{
    struct page *page = range->page;
    const struct tree *tree = page->tree;
    uint32_t parent = tree->nodes[child].parent;

    for (uint32_t i = parent + 1; i < tree->nodes[parent].end; i = tree->nodes[i].end) {
        bool within = i > child && i <= last && is_flow((enum tag)tree->nodes[i].tag);

        if (i == child || tree->nodes[i].cut != RULE_NONE || tree->nodes[i].n.chars == 0 ||
            (page->title != 0 && tree_within(tree, page->title, i)))
            continue;
        if (!within && (i < first || i > last || !goes_on(range, i, LEAST_GOOD)))
            clean_cut(page, i, RULE_OUTSIDE);
    }
}

/* The smallest element that holds the seed and what goes on with it; what else it holds is cut. */
uint32_t body_widen(struct page *page, uint32_t seed)
{
    const struct tree *tree = page->tree;
    struct range range = {.page = page, .top = tree->body};
    uint32_t steps[LEVELS][3]; /* child, first, last */
    int levels = LEVELS_UNTITLED;
    int count = 0;
    int taken = 0;

    if (seed == tree->body)
        return seed;
    if (page->title != 0 && page->title < seed) {
        range.top = tree_common(tree, page->title, seed);
        range.title_line = page->first_line[page->title];
        levels = LEVELS;
    }
    for (uint32_t child = seed; child != range.top && count < levels;
         child = tree->nodes[child].parent, count++) {
        steps[count][0] = child;
        if (tree->nodes[child].tag == TAG_ARTICLE || tree->nodes[child].tag == TAG_MAIN)
            break;
        if (find_beside(&range, child, &steps[count][1], &steps[count][2]))
            taken = count + 1;
    }
    for (int i = 0; i < taken; i++)
        leave_out(&range, steps[i][0], steps[i][1], steps[i][2]);
    return taken == 0 ? seed : tree->nodes[steps[taken - 1][0]].parent;
}
