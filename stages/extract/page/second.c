/* second.c - where the next article begins, on pages that go on with another one. */
#include "page/clean.h"

enum {
    LEAST_TITLE = 12,       /* bytes; a section's name is shorter */
    LEAST_FIRST = 300,      /* characters in good lines of each article */
    LEAST_OWN = 200,        /* in good lines of the headline's own element */
    LEAST_IN_ARTICLE = 100, /* of the first one, where the second is an <article> */
    BEFORE_TITLE = 4,       /* lines that may stand before a headline in its article */
    HEADLINES_MAX = 50,
};

static uint32_t good_between(const struct page *page, uint32_t from, uint32_t to)
{
    return page->good_sum[to] - page->good_sum[from];
}

/* The largest element that begins with line and does not hold the headline or what stands before
 * line. */
static uint32_t article_from(const struct page *page, uint32_t index)
{
    const struct tree *tree = page->tree;
    uint32_t node = page->lines[index].block;

    while (node != 0) {
        uint32_t parent = tree->nodes[node].parent;

        if (parent == tree->body || tree_within(tree, page->title, parent) ||
            page->first_line[parent] + BEFORE_TITLE < index ||
            good_between(page, page->first_line[parent], index) > 0)
            return page->first_line[node] + BEFORE_TITLE < index ? 0 : node;
        node = parent;
    }
    return 0;
}

/* The headline once more, below node: that is where the article is. */
static bool holds_title(const struct page *page, uint32_t node)
{
    uint32_t to = page->first_line[page->tree->nodes[node].end];

    for (uint32_t i = page->first_line[node]; i < to; i++)
        if (bytes_equal_nocase(page->lines[i].text, page->title_text))
            return true;
    return false;
}

static uint32_t article_around(const struct tree *tree, uint32_t node)
{
    while (node != 0 && tree->nodes[node].tag != TAG_ARTICLE)
        node = tree->nodes[node].parent;
    return node;
}

/* A chapter of the article: within its <article>, and not one itself. */
static bool is_chapter(const struct page *page, uint32_t node)
{
    uint32_t around = article_around(page->tree, page->title);

    return around != 0 && page->tree->nodes[node].tag != TAG_ARTICLE && node > around &&
           tree_within(page->tree, node, around);
}

/* Behind the headline's own <article> others with a heading each are other posts, however long. */
static void cut_other_posts(struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t own = article_around(tree, page->title);

    if (own == 0 || page_good(page, own) < LEAST_OWN)
        return;
    for (uint32_t i = tree->nodes[own].end; i < tree->count; i++) {
        if (tree->nodes[i].tag != TAG_ARTICLE || tree->nodes[i].cut != RULE_NONE ||
            page->first_line[i] == page->line_count ||
            page->lines[page->first_line[i]].kind != LINE_HEADING || holds_title(page, i))
            continue;
        clean_cut(page, i, RULE_SECOND_ARTICLE);
        i = tree->nodes[i].end - 1;
    }
}

void clean_second_articles(struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t first;
    int seen = 0;

    if (page->title == 0 || !page->title_sure)
        return;
    first = page->first_line[page->title];
    for (uint32_t i = first + 1; i < page->line_count && seen < HEADLINES_MAX; i++) {
        const struct line *line = &page->lines[i];
        uint32_t node;

        if ((line->cut != RULE_NONE && line->cut != RULE_CAPTION) ||
            tree->nodes[line->block].tag != TAG_H1 || line->n.chars < LEAST_TITLE ||
            good_between(page, first, i) < LEAST_IN_ARTICLE)
            continue;
        seen++;
        node = article_from(page, i);
        if (node == 0 || is_chapter(page, node) || page_good(page, node) < LEAST_FIRST ||
            holds_title(page, node) ||
            (tree->nodes[node].tag != TAG_ARTICLE && good_between(page, first, i) < LEAST_FIRST))
            continue;
        clean_cut(page, node, RULE_SECOND_ARTICLE);
        i = page->first_line[tree->nodes[node].end] - 1;
    }
    cut_other_posts(page);
}
