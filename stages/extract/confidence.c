/* confidence.c - how likely it is that what was kept is the article and nothing else.
 *
 * Bad texts have features in common: little prose, lists and tables, much that was cut between what
 * was kept, much of the page left behind, no word of the page that it is an article, or an own copy
 * in JSON-LD that says less. Each is a risk from 0 to 1, and all count alike: weights that are
 * fitted to the pages of some sites find fewer of the bad texts of others (`./dev bench extract`
 * shows what the formula is worth). */
#include "judge.h"
#include "page/clean.h"

/* All risks at once are rare: this many of them are enough to believe nothing. */
#define STRETCH 1.3

/* In characters: what was kept within root and what was cut there; what the page has besides links
 * and comments. */
struct measures {
    double kept, good, tabled, said, cut, page;
};

static void measure(const struct page *page, struct measures *m)
{
    uint32_t from = page->first_line[page->root];
    uint32_t to = page->first_line[page->tree->nodes[page->root].end];

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];

        if (line->cut != RULE_COMMENT)
            m->page += line->n.chars - line->n.link_chars;
        if (i < from || i >= to)
            continue;
        if (line->cut != RULE_NONE) {
            m->cut += line->n.chars;
            continue;
        }
        m->kept += line->n.chars;
        m->good += line->good ? line->n.chars : 0;
        m->said += line->said >= 80 ? line->n.chars : 0;
        m->tabled += line->kind == LINE_ITEM || line->kind == LINE_CELL ? line->n.chars : 0;
    }
}

/* The page says that it is an article and, in JSON-LD, which. */
static double unsaid(const struct page *page, const struct measures *m)
{
    if (page->copy)
        return 1 - m->said / m->kept;
    return page->said->is_article ? 0 : 1;
}

double judge_confidence(const struct page *page)
{
    struct measures m = {0};
    double risk = 0;

    if (page->root == 0)
        return 0;
    measure(page, &m);
    if (m.kept == 0)
        return 0;
    const double risks[] = {
        1 - m.good / m.kept,
        m.tabled / m.kept,
        m.cut / (m.kept + m.cut),
        m.kept < m.page ? 1 - m.kept / m.page : 0,
        unsaid(page, &m),
    };
    const size_t count = sizeof(risks) / sizeof(risks[0]);

    for (size_t i = 0; i < count; i++)
        risk += risks[i];
    risk = STRETCH * risk / (double)count;
    return risk > 1 ? 0 : 1 - risk;
}
