/* confidence.c - how likely it is that what was kept is the article and nothing else.
 *
 * Bad texts have features in common: little prose, lists and tables, much that was cut between what
 * was kept, much of the page left behind, no word of the page that it is an article, or an own copy
 * in JSON-LD that says less. Each is a risk from 0 to 1, and all count alike: weights that are
 * fitted to the pages of some sites find fewer of the bad texts of others (`./dev bench extract`
 * shows what the formula is worth). Of 23 bad texts the lowest tenth holds 14; with one of the
 * risks left out 10 to 13, by their squares 10, by their roots 12, by the worst two 11 or three 12,
 * by their product 10. */
#include "field/fields.h"
#include "judge.h"
#include "page/clean.h"

/* All risks at once are rare: this many of them are enough to believe nothing. */
#define STRETCH 1.3

/* A smaller risk is no reason: half of the good texts have one of that size. */
#define TOLD 0.5

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

/* A second guess from below, which knows no names: the element that holds most paragraphs of prose
 * itself. 1 when it is another than the text's and has nothing to do with it. It is told and not
 * counted: with it the lowest tenth held 11 of the 22 bad texts, without it 14. */
static double disagreement(const struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t *held = arena_alloc_array(page->arena, tree->count, sizeof(*held));
    uint32_t best = 0;

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        uint32_t parent = tree->nodes[line->block].parent;

        if (!line->good || line->kind != LINE_PARAGRAPH || line->cut == RULE_COMMENT)
            continue;
        held[parent] += line->n.chars;
        if (held[parent] > held[best])
            best = parent;
    }
    return best == 0 || tree_within(tree, best, page->root) || tree_within(tree, page->root, best)
               ? 0
               : 1;
}

struct risk {
    const char *reason;
    double size;
};

/* Those that are worth telling, the worst first. */
static void tell_reasons(struct risk *risks, size_t count, wr_record *rec)
{
    for (size_t told = 0; told < count; told++) {
        size_t worst = 0;

        for (size_t i = 1; i < count; i++)
            if (risks[i].size > risks[worst].size)
                worst = i;
        if (risks[worst].size < TOLD)
            return;
        wr_add(rec, WR_REASON, lend(bytes_of(risks[worst].reason)));
        risks[worst].size = 0;
    }
}

double judge_confidence(const struct page *page, wr_record *rec)
{
    struct measures m = {0};
    double risk = 0;

    if (page->root == 0)
        return 0;
    measure(page, &m);
    if (m.kept == 0)
        return 0;
    struct risk risks[] = {
        {"little of it is prose", 1 - m.good / m.kept},
        {"much of it is lists and tables", m.tabled / m.kept},
        {"much was cut within it", m.cut / (m.kept + m.cut)},
        {"much of the page was left out", m.kept < m.page ? 1 - m.kept / m.page : 0},
        {page->copy ? "the page's own copy says less" : "the page does not call itself an article",
            unsaid(page, &m)},
        {"most of the page's prose stands elsewhere", disagreement(page)},
    };
    const size_t count = sizeof(risks) / sizeof(risks[0]);
    const size_t counted = count - 1;

    for (size_t i = 0; i < counted; i++)
        risk += risks[i].size;
    risk = STRETCH * risk / (double)counted;
    tell_reasons(risks, count, rec);
    return risk > 1 ? 0 : 1 - risk;
}
