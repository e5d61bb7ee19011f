/* body.c - sums what lines are worth, and goes down to where most of it lies. */
#include "page/body.h"

#include "page/clean.h"

/* What a line adds to the element that holds it, in hundredths. */
static int32_t worth(const struct line *line)
{
    uint32_t chars = line->n.chars > 1000 ? 1000 : line->n.chars;
    uint32_t plain = chars - (chars * line->n.link_chars / (line->n.chars + 1));

    if (line->cut != 0)
        return 0;
    if (line->teaser)
        return -5;
    if (line->kind == LINE_HEADING)
        return 50;
    if (line->n.link_chars * 2 > line->n.chars)
        return -5;
    if (chars < 30)
        return -1;
    if (chars < 80)
        return line->kind == LINE_PARAGRAPH ? 80 : 20;
    return 100 + (int32_t)plain + 20 * (int32_t)(line->n.commas > 10 ? 10 : line->n.commas);
}

/* Half of what a line is worth when the article's own copy is known and does not have it. */
static int32_t worth_on(const struct page *page, const struct line *line)
{
    int32_t value = worth(line);

    if (page->copy && value > 0 && line->n.chars >= 80)
        return line->said >= 60 ? value * 2 : value / 8;
    return value;
}

struct sums {
    struct page *page;
    int64_t *before; /* per line, and one more */
};

static int64_t sum_of(const struct sums *sums, uint32_t node)
{
    const struct page *page = sums->page;
    uint32_t end = page->tree->nodes[node].end;

    return sums->before[page->first_line[end]] - sums->before[page->first_line[node]];
}

/* Lines count less in front of the headline, and less with every line behind it that only leads
 * elsewhere: an article has few of these, what follows it has many. */
static int64_t *add_up(const struct page *page)
{
    int64_t *before = arena_alloc_array(page->arena, page->line_count + 1, sizeof(*before));
    uint32_t title = page->title == 0 ? 0 : page->first_line[page->title];
    int64_t weight = 1000;

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        int64_t worth_here = worth_on(page, line);

        if (i > title && weight > 150 && line->n.link_chars * 10 > line->n.chars * 9)
            weight = weight * 97 / 100;
        if (worth_here > 0)
            worth_here = i < title ? worth_here * 300 : worth_here * weight;
        else
            worth_here *= 1000;
        before[i + 1] = before[i] + worth_here;
    }
    return before;
}

/* Percent of what is below node that a child must hold for the search to go into it. */
static int64_t wanted(const struct page *page, uint32_t child)
{
    uint64_t hints = page->tree->nodes[child].hints;

    if (bytes_find_nocase(tree_attr(page->tree, child, ATTR_ITEMPROP), LIT("articlebody")) !=
        SIZE_MAX)
        return 40;
    if (hints & HINT(BODY))
        return 50;
    if (page->tree->nodes[child].tag == TAG_ARTICLE)
        return 55;
    if (hints & HINT(ARTICLE))
        return 65;
    return 68;
}

/* What lies in node, outside of child, in elements of child's kind with child's class. */
static int64_t twins_of(const struct sums *sums, uint32_t node, uint32_t child)
{
    const struct tree *tree = sums->page->tree;
    struct bytes names = tree_attr(tree, child, ATTR_CLASS);
    int64_t sum = 0;

    if (names.len == 0)
        return 0;
    for (uint32_t i = node + 1; i < tree->nodes[node].end; i++) {
        if (tree->nodes[i].cut != 0 || i == child) {
            i = tree->nodes[i].end - 1;
        } else if (tree->nodes[i].tag == tree->nodes[child].tag &&
                   bytes_equal(tree_attr(tree, i, ATTR_CLASS), names)) {
            sum += sum_of(sums, i);
            i = tree->nodes[i].end - 1;
        }
    }
    return sum;
}

/* Paragraphs that stand in node itself beside child. */
static int64_t beside(const struct sums *sums, uint32_t node, uint32_t child)
{
    const struct page *page = sums->page;
    const struct tree *tree = page->tree;
    int64_t sum = 0;

    for (uint32_t i = node + 1; i < tree->nodes[node].end; i = tree->nodes[i].end)
        if (i != child && tree->nodes[i].tag == TAG_P && tree->nodes[i].cut == 0)
            sum += sum_of(sums, i);
    return sum;
}

/* Why the search stops above child; NULL when it goes on into it. */
static const char *why_stop(const struct sums *sums, uint32_t node, uint32_t child)
{
    int64_t sum = sum_of(sums, child);

    if (twins_of(sums, node, child) * 100 >= sum * 8)
        return "the text goes on in elements like it";
    if (beside(sums, node, child) * 100 >= sum * 4)
        return "paragraphs stand beside it";
    return NULL;
}

/* For the trace: one that holds at least a tenth of what there is. */
static void note_candidate(const struct sums *sums, uint32_t node, uint32_t child)
{
    struct page *page = sums->page;
    int64_t whole = sum_of(sums, node);
    int64_t sum = sum_of(sums, child);

    if (sum * 10 < whole || sum <= 0 || page->candidate_count == CANDIDATES_MAX)
        return;
    if (page->candidates == NULL)
        page->candidates = arena_alloc_array(page->arena, CANDIDATES_MAX, sizeof(struct candidate));
    page->candidates[page->candidate_count++] = (struct candidate){.in = node,
        .node = child,
        .score = sum / 1000,
        .percent = (uint8_t)(sum >= whole ? 100 : sum * 100 / whole),
        .needs = (uint8_t)wanted(page, child),
        .why_not = sum * 100 < whole * wanted(page, child) ? "too little of the text"
                                                           : "another one has more"};
}

static void note_choice(struct page *page, uint32_t child, const char *why_not)
{
    for (size_t i = 0; i < page->candidate_count; i++)
        if (page->candidates[i].node == child)
            page->candidates[i].why_not = why_not;
}

static uint32_t go_down(const struct sums *sums, uint32_t node)
{
    const struct page *page = sums->page;
    const struct tree *tree = page->tree;
    int64_t whole = sum_of(sums, node);
    const char *why_not;
    uint32_t best = 0;
    int64_t best_sum = 0;

    for (uint32_t i = node + 1; i < tree->nodes[node].end; i = tree->nodes[i].end) {
        int64_t sum;

        if (tree->nodes[i].cut != 0 || !(tag_flags(tree->nodes[i].tag) & BLOCK) ||
            tree->nodes[i].tag == TAG_P)
            continue;
        sum = sum_of(sums, i);
        if (page->explained)
            note_candidate(sums, node, i);
        if (sum > best_sum && sum * 100 >= whole * wanted(page, i)) {
            best = i;
            best_sum = sum;
        }
    }
    if (best == 0)
        return 0;
    why_not = why_stop(sums, node, best);
    note_choice(sums->page, best, why_not);
    return why_not == NULL ? best : 0;
}

uint32_t body_find(struct page *page)
{
    struct sums sums = {page, add_up(page)};
    uint32_t node = page->tree->body;
    uint32_t next;

    if (page->line_count == 0)
        return 0;
    while ((next = go_down(&sums, node)) != 0)
        node = next;
    for (uint32_t i = 0; i < page->line_count; i++)
        if (page->lines[i].cut == RULE_NONE && !tree_within(page->tree, page->lines[i].from, node))
            page->lines[i].cut = RULE_OUTSIDE;
    return node;
}
