/* confidence.c - how likely it is that what was kept is the article and nothing else.
 *
 * Bad texts have features in common: little prose and many short lines, much that was cut between
 * what was kept, links, no word of the page that it is an article, and an own copy in JSON-LD that
 * says less. Each is a risk from 0 to 1; the weights are rounded from a logistic model over the
 * pages of a corpus whose texts are known (`./dev bench extract` shows what they are worth). */
#include "clean.h"
#include "judge.h"

/* All risks at once are rare: this many of them are enough to believe nothing. */
#define STRETCH 1.3

enum { ENOUGH_TEXT = 1500, SHORT_LINE = 80 };

/* What was kept within root, and what was cut there, in characters; lines are counted. */
struct measures {
    double kept, links, good, tabled, said, cut;
    double lines, short_lines, holes; /* holes: something was cut between two lines that stand */
};

static void measure(const struct page *page, struct measures *m)
{
    uint32_t from = page->first_line[page->root];
    uint32_t to = page->first_line[page->tree->nodes[page->root].end];
    bool was_cut = false;

    for (uint32_t i = from; i < to; i++) {
        const struct line *line = &page->lines[i];

        if (line->cut != RULE_NONE) {
            m->cut += line->n.chars;
            was_cut = m->lines > 0;
            continue;
        }
        m->holes += was_cut;
        was_cut = false;
        m->lines++;
        m->kept += line->n.chars;
        m->links += line->n.link_chars;
        m->good += line->good ? line->n.chars : 0;
        m->said += line->said >= 80 ? line->n.chars : 0;
        m->tabled += line->kind == LINE_ITEM || line->kind == LINE_CELL ? line->n.chars : 0;
        m->short_lines += line->n.chars < SHORT_LINE;
    }
}

static double at_most_one(double value)
{
    return value > 1 ? 1 : value;
}

/* The element of the text is called an article or its body. */
static bool is_named(const struct page *page)
{
    const struct node *root = &page->tree->nodes[page->root];

    return root->hints & HINT(BODY) || root->tag == TAG_ARTICLE;
}

double judge_confidence(const struct page *page)
{
    struct measures m = {0};
    double risk = 0;
    double weights = 0;

    if (page->root == 0)
        return 0;
    measure(page, &m);
    if (m.kept == 0)
        return 0;
    const struct {
        double weight, risk;
    } risks[] = {
        {0.30, 1 - at_most_one(m.kept / ENOUGH_TEXT)},
        {0.50, 1 - m.good / m.kept},
        {0.70, m.short_lines / m.lines},
        {1.20, m.cut / (m.kept + m.cut)},
        {0.75, page->said->is_article ? 0 : 1},
        {0.50, page->copy ? 1 - m.said / m.kept : 0.15},
        {0.50, m.tabled / m.kept},
        {0.30, at_most_one(4 * m.links / m.kept)},
        {0.30, at_most_one(3 * m.holes / m.lines)},
        {0.20, is_named(page) ? 0 : 1},
    };

    for (size_t i = 0; i < sizeof(risks) / sizeof(risks[0]); i++) {
        risk += risks[i].weight * risks[i].risk;
        weights += risks[i].weight;
    }
    risk = STRETCH * risk / weights;
    return risk > 1 ? 0 : 1 - risk;
}
