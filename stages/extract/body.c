/* body.c - sums what lines are worth, and goes down to where most of it lies. */
#include "body.h"

#include "clean.h"

/* What a line adds to the element that holds it, in hundredths. */
static int32_t worth(const struct line *line)
{
    uint32_t chars = line->n.chars > 1000 ? 1000 : line->n.chars;
    uint32_t plain = chars - (chars * line->n.link_chars / (line->n.chars + 1));

    if (line->cut != 0)
        return 0;
    if (line->kind == LINE_HEADING)
        return 50;
    if (line->n.link_chars * 2 > line->n.chars)
        return -100;
    if (chars < 30)
        return -20;
    if (chars < 80)
        return line->kind == LINE_PARAGRAPH ? 80 : 20;
    return 100 + (int32_t)plain + 20 * (int32_t)(line->n.commas > 10 ? 10 : line->n.commas);
}

struct sums {
    const struct page *page;
    int64_t *before; /* per line, and one more */
};

static int64_t sum_of(const struct sums *sums, uint32_t node)
{
    const struct page *page = sums->page;
    uint32_t end = page->tree->nodes[node].end;

    return sums->before[page->first_line[end]] - sums->before[page->first_line[node]];
}

static int64_t *add_up(const struct page *page)
{
    int64_t *before = arena_alloc_array(page->arena, page->line_count + 1, sizeof(*before));

    for (uint32_t i = 0; i < page->line_count; i++)
        before[i + 1] = before[i] + worth(&page->lines[i]);
    return before;
}

/* Percent of what is below node that a child must hold for the search to go into it. */
static int64_t wanted(const struct page *page, uint32_t child)
{
    uint64_t hints = page->tree->nodes[child].hints;

    if (bytes_find_nocase(tree_attr(page->tree, child, ATTR_ITEMPROP), LIT("articlebody")) != SIZE_MAX)
        return 40;
    if (hints & HINT(BODY))
        return 50;
    if (page->tree->nodes[child].tag == TAG_ARTICLE)
        return 55;
    if (hints & HINT(ARTICLE))
        return 65;
    return 75;
}

static uint32_t go_down(const struct sums *sums, uint32_t node)
{
    const struct page *page = sums->page;
    const struct tree *tree = page->tree;
    int64_t whole = sum_of(sums, node);
    uint32_t best = 0;
    int64_t best_sum = 0;

    for (uint32_t i = node + 1; i < tree->nodes[node].end; i = tree->nodes[i].end) {
        int64_t sum;

        if (tree->nodes[i].cut != 0 || !(tag_flags(tree->nodes[i].tag) & BLOCK) ||
            tree->nodes[i].tag == TAG_P)
            continue;
        sum = sum_of(sums, i);
        if (sum > best_sum && sum * 100 >= whole * wanted(page, i)) {
            best = i;
            best_sum = sum;
        }
    }
    return best;
}

uint32_t body_find(struct page *page)
{
    struct sums sums = {page, add_up(page)};
    uint32_t node = page->tree->body;
    uint32_t next;

    if (sum_of(&sums, node) <= 0)
        return 0;
    while ((next = go_down(&sums, node)) != 0)
        node = next;
    for (uint32_t i = 0; i < page->line_count; i++)
        if (page->lines[i].cut == RULE_NONE && !tree_within(page->tree, page->lines[i].from, node))
            page->lines[i].cut = RULE_OUTSIDE;
    return node;
}
