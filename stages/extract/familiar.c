/* familiar.c - which lines are the site's: other articles have them, and they stand as furniture
 * does. Either alone is no reason: agencies repeat a paragraph of background in each report, series
 * an introduction, recipes a list of what is needed; and what begins or ends a text may be its own.
 *
 * Furniture begins or ends the text, in this article as in the others: nothing of the article's own
 * lies behind it. Or it is an element of its own kind: no other of its tag and class beside it has
 * text of the article's own. A heading goes with what stands under it. */
#include "familiar.h"

#include "base/hash.h"
#include "field/fields.h"
#include "page/clean.h"
#include "text/familiar.h"

enum {
    LEAST_BYTES = 4,   /* of a line: less is a bullet, a number, a bar */
    FIRST_LINES = 6,   /* of a text, which are its edges: a player, a share line, an introduction */
    LAST_LINES = 12,   /* a prompt, a biography, an imprint, tags */
    OTHERS_MOST = 2,   /* short lines of this article alone that may stand among those at an edge */
    BOXES_MOST = 64,   /* elements that are looked at, */
    BESIDE_MOST = 512, /* and elements beside each: no page of the corpus has as many */
    OWN_SAID = 80,     /* percent in the article's own copy that make a line its own */
};

struct pass {
    struct page *page;
    uint32_t from, to; /* lines of the text */
    uint8_t *grades;   /* of each, from `from` on */
    uint32_t *own_sum; /* of each and one more: standing lines before it that are not familiar */
    bool has_own;      /* there is one that is long */
    unsigned boxes;    /* looked at */
    unsigned cut;      /* lines */
};

static bool is_standing(const struct line *line)
{
    return line->cut == RULE_NONE;
}

static unsigned grade_of(const struct pass *pass, uint32_t i)
{
    return is_standing(&pass->page->lines[i]) ? pass->grades[i - pass->from] : 0;
}

static void cut(struct pass *pass, uint32_t i)
{
    pass->page->lines[i].cut = RULE_FAMILIAR;
    pass->cut++;
}

static void grade_lines(struct pass *pass, struct bytes list)
{
    size_t count = pass->to - pass->from;

    pass->grades = arena_alloc_array(pass->page->arena, count, sizeof(*pass->grades));
    pass->own_sum = arena_alloc_array(pass->page->arena, count + 1, sizeof(*pass->own_sum));
    for (size_t k = 0; k < count; k++) {
        const struct line *line = &pass->page->lines[pass->from + k];

        if (is_standing(line) && line->said < OWN_SAID)
            pass->grades[k] = (uint8_t)familiar_grade(list, hash64(line->text));
        pass->own_sum[k + 1] = pass->own_sum[k] + (is_standing(line) && pass->grades[k] == 0);
        pass->has_own |= is_standing(line) && pass->grades[k] == 0 && line->good;
    }
}

/* A paragraph, and what stands before the text, most articles have to have: a series has an
 * introduction, an agency background, a report a place. */
static bool is_edge(const struct line *line, unsigned grade, bool last)
{
    return grade & FAMILIAR_MOSTLY || (last && !line->good && grade & FAMILIAR_EDGE);
}

/* From an end of the text inwards: up to the first line of the article's own that is long. A short
 * one stays (a date, a name), and in front of it only short ones go. */
static void cut_edge(struct pass *pass, bool last)
{
    unsigned others = 0;

    for (uint32_t n = 0; n < pass->to - pass->from; n++) {
        uint32_t i = last ? pass->to - 1 - n : pass->from + n;
        const struct line *line = &pass->page->lines[i];

        if (!is_standing(line))
            continue;
        if (is_edge(line, grade_of(pass, i), last) && (others == 0 || !line->good))
            cut(pass, i);
        else if (line->good || ++others > OTHERS_MOST)
            break;
    }
}

/* Lines in the subtree that are the article's own. */
static uint32_t own_in(const struct pass *pass, uint32_t node)
{
    const struct page *page = pass->page;
    uint32_t from = page->first_line[node];
    uint32_t to = page->first_line[page->tree->nodes[node].end];

    from = from < pass->from ? pass->from : from;
    to = to > pass->to ? pass->to : to;
    return to <= from ? 0 : pass->own_sum[to - pass->from] - pass->own_sum[from - pass->from];
}

/* The outermost element around a line that has nothing of the article's own; 0: none has. */
static uint32_t box_around(const struct pass *pass, uint32_t line)
{
    const struct tree *tree = pass->page->tree;
    uint32_t box = 0;

    for (uint32_t node = pass->page->lines[line].block;
         node != 0 && node != pass->page->root && own_in(pass, node) == 0;
         node = tree->nodes[node].parent)
        box = node;
    return box;
}

static bool is_of_a_kind(const struct tree *tree, uint32_t a, uint32_t b)
{
    return tree->nodes[a].tag == tree->nodes[b].tag &&
           bytes_equal(tree_attr(tree, a, ATTR_CLASS), tree_attr(tree, b, ATTR_CLASS));
}

/* A paragraph half of the articles have to have. */
static bool is_own_kind(struct pass *pass, uint32_t line)
{
    const struct tree *tree = pass->page->tree;
    bool often = grade_of(pass, line) & FAMILIAR_HALF || !pass->page->lines[line].good;
    uint32_t box = often && pass->boxes++ < BOXES_MOST ? box_around(pass, line) : 0;
    uint32_t parent = box == 0 ? 0 : tree->nodes[box].parent;
    unsigned beside = 0;

    if (box == 0)
        return false;
    for (uint32_t node = parent + 1; node < tree->nodes[parent].end; node = tree->nodes[node].end)
        if (++beside > BESIDE_MOST || (is_of_a_kind(tree, node, box) && own_in(pass, node) > 0))
            return false;
    return true;
}

/* Whether there is text of the article's own under the heading. */
static bool heads_own(const struct pass *pass, uint32_t heading)
{
    for (uint32_t i = heading + 1; i < pass->to; i++)
        if (pass->page->lines[i].cut == RULE_FAMILIAR)
            return false;
        else if (is_standing(&pass->page->lines[i]))
            return true;
    return false;
}

/* No part of a list, a table, a quotation or a poem, and no heading. */
static bool is_loose(const struct line *line)
{
    return line->kind == LINE_TEXT || line->kind == LINE_PARAGRAPH;
}

/* From below, for what stands under a heading is decided first. */
static void cut_middle(struct pass *pass)
{
    for (uint32_t i = pass->to; i-- > pass->from;) {
        const struct line *line = &pass->page->lines[i];
        unsigned grade = grade_of(pass, i);

        if (grade == 0 || line->kind == LINE_CELL ||
            (line->kind == LINE_HEADING && heads_own(pass, i)))
            continue;
        if ((grade & FAMILIAR_ANYWHERE && is_loose(line)) || is_own_kind(pass, i))
            cut(pass, i);
    }
}

/* Never the whole text. */
static void cut_familiar(struct pass *pass, struct bytes list)
{
    grade_lines(pass, list);
    if (!pass->has_own)
        return;
    cut_edge(pass, true);
    cut_edge(pass, false);
    cut_middle(pass);
}

/* ---- what the page teaches -------------------------------------------------------- */

static bool is_told(const struct line *line)
{
    return (is_standing(line) || line->cut == RULE_FAMILIAR) && line->text.len >= LEAST_BYTES;
}

static void tell_lines(const struct pass *pass, wr_record *rec)
{
    struct buf told = {.limit = FAMILIAR_PAGE};
    uint32_t count = 0;
    uint32_t n = 0;

    for (uint32_t i = pass->from; i < pass->to; i++)
        count += is_told(&pass->page->lines[i]);
    for (uint32_t i = pass->from; i < pass->to; i++) {
        const struct line *line = &pass->page->lines[i];
        const struct familiar_line tell = {hash64(line->text),
            (uint16_t)(line->n.chars < UINT16_MAX ? line->n.chars : UINT16_MAX),
            n < FIRST_LINES || n + LAST_LINES >= count};

        if (!is_told(line))
            continue;
        if (n < FAMILIAR_FIRST || n + FAMILIAR_TOLD - FAMILIAR_FIRST >= count)
            familiar_tell(&told, &tell);
        n++;
    }
    wr_set(rec, WR_PAGE_LINES, lend(buf_bytes(&told)));
    buf_done(&told);
}

void familiar_cut(struct page *page, wr_record *rec)
{
    struct bytes list = borrow(wr_get(rec, WR_SITE_LINES));
    struct pass pass = {.page = page,
        .from = page->first_line[page->root],
        .to = page->first_line[page->tree->nodes[page->root].end]};

    if (list.len > 0)
        cut_familiar(&pass, list);
    if (pass.cut > 0)
        wr_note(rec, "left out %u line%s that other articles of the site have, too", pass.cut,
            pass.cut == 1 ? "" : "s");
    if (wr_get(rec, WR_PAGE_LINES).len == 0)
        tell_lines(&pass, rec);
}
