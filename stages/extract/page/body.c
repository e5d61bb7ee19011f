/* body.c - sums what lines are worth, and goes down to where most of it lies. */
#include "page/body.h"

#include "page/clean.h"

/* All weights here were chosen by hand on the pages of `./dev bench extract`, which has text F1
 * .9713 and segment F1 .9501 with them. Changed alone, these cost most: FADES_KEEP (text .968 with
 * 90 and with 100), WORTH_LINKS (text .969 and segments .947 with -20), BEFORE_TITLE (text .970
 * with 1000), CHARS_WORD (segments .948 with 60) and WORTH_SHORT (.948 with 0). About half or twice
 * of CHARS_MOST, WORTH_LINE, WORTH_COMMA, COMMAS_MOST, WORTH_PARAGRAPH, WORTH_HEADING, COPIED,
 * UNCOPIED_PART and the first three NEEDS moves neither by more than .0015.
 *
 * What a line adds to the element that holds it: a character of prose is 1. */
enum {
    CHARS_MOST = 1000, /* of one line that count: a page without paragraphs is no better for it */
    CHARS_WORD = 30,   /* fewer are a label, */
    CHARS_SHORT = 80,  /* fewer a short line, as GOOD_CHARS of lines.c */
    WORTH_LINE = 100,
    WORTH_COMMA = 20, /* prose has commas, furniture has not */
    COMMAS_MOST = 10,
    WORTH_PARAGRAPH = 80, /* short ones: answers, quotes */
    WORTH_SHORT = 20,
    WORTH_HEADING = 50,
    WORTH_WORD = -1,
    WORTH_LINKS = -5, /* teasers, menus */
};

/* Where the article's own copy is known: percent of a line that is in it, and what its worth is
 * multiplied by, or divided by when it is not. */
enum { COPIED = 60, COPIED_TIMES = 2, UNCOPIED_PART = 8 };

/* In thousandths, what a line's worth counts. */
enum {
    WHOLE = 1000,
    BEFORE_TITLE = 300,
    FADED = 150,     /* and no less */
    FADES_KEEP = 97, /* percent of it, with each line that only leads elsewhere */
};

/* Percent of what is below an element that a child must hold for the search to go into it. */
enum {
    NEEDS_BODY_SAID = 40, /* itemprop=articleBody */
    NEEDS_BODY = 50,      /* named a body */
    NEEDS_ARTICLE = 55,   /* <article> */
    NEEDS_NAMED = 65,     /* named an article */
    NEEDS_ANY = 68,
};

/* Percent of what a child has that stands in its twins, or in paragraphs beside it, and stops the
 * search above them. */
enum { TWINS = 8, BESIDE = 4 };

static int32_t worth(const struct line *line)
{
    uint32_t chars = line->n.chars > CHARS_MOST ? CHARS_MOST : line->n.chars;
    uint32_t commas = line->n.commas > COMMAS_MOST ? COMMAS_MOST : line->n.commas;
    uint32_t plain = chars - (chars * line->n.link_chars / (line->n.chars + 1));

    if (line->cut != 0)
        return 0;
    if (line->teaser)
        return WORTH_LINKS;
    if (line->kind == LINE_HEADING)
        return WORTH_HEADING;
    if (line->n.link_chars * 2 > line->n.chars)
        return WORTH_LINKS;
    if (chars < CHARS_WORD)
        return WORTH_WORD;
    if (chars < CHARS_SHORT)
        return line->kind == LINE_PARAGRAPH ? WORTH_PARAGRAPH : WORTH_SHORT;
    return WORTH_LINE + (int32_t)plain + WORTH_COMMA * (int32_t)commas;
}

static int32_t worth_on(const struct page *page, const struct line *line)
{
    int32_t value = worth(line);

    if (page->copy && value > 0 && line->n.chars >= CHARS_SHORT)
        return line->said >= COPIED ? value * COPIED_TIMES : value / UNCOPIED_PART;
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
    int64_t weight = WHOLE;

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        int64_t worth_here = worth_on(page, line);

        if (i > title && weight > FADED && line->n.link_chars * 10 > line->n.chars * 9)
            weight = weight * FADES_KEEP / 100;
        if (worth_here > 0)
            worth_here *= i < title ? BEFORE_TITLE : weight;
        else
            worth_here *= WHOLE;
        before[i + 1] = before[i] + worth_here;
    }
    return before;
}

static int64_t wanted(const struct page *page, uint32_t child)
{
    uint64_t hints = page->tree->nodes[child].hints;

    if (bytes_find_nocase(tree_attr(page->tree, child, ATTR_ITEMPROP), LIT("articlebody")) !=
        SIZE_MAX)
        return NEEDS_BODY_SAID;
    if (hints & HINT(BODY))
        return NEEDS_BODY;
    if (page->tree->nodes[child].tag == TAG_ARTICLE)
        return NEEDS_ARTICLE;
    if (hints & HINT(ARTICLE))
        return NEEDS_NAMED;
    return NEEDS_ANY;
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

    if (twins_of(sums, node, child) * 100 >= sum * TWINS)
        return "the text goes on in elements like it";
    if (beside(sums, node, child) * 100 >= sum * BESIDE)
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
        .score = sum / WHOLE,
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
    node = body_widen(page, node);
    for (uint32_t i = 0; i < page->line_count; i++)
        if (page->lines[i].cut == RULE_NONE && !tree_within(page->tree, page->lines[i].from, node))
            page->lines[i].cut = RULE_OUTSIDE;
    return node;
}
