/* byline.c - looks for the byline where bylines stand. */
#include "byline.h"

#include "clean.h"
#include "cue.h"
#include "text/date.h"

enum { TEXT_BYTES = 200, NEAR_BEFORE = 8, NEAR_BEHIND = 25, NODES_MAX = 400 };

#define KIND(name) (1U << CUE_##name)

struct search {
    const struct page *page;
    struct byline *best;
    uint32_t best_line;
    uint32_t title_line, first_line;
};

static int nearness(const struct search *search, uint32_t line)
{
    int points = 0;

    if (search->title_line != UINT32_MAX && line + NEAR_BEFORE >= search->title_line &&
        line <= search->title_line + NEAR_BEHIND)
        points = 20;
    if (search->first_line != UINT32_MAX && line + NEAR_BEFORE >= search->first_line &&
        line <= search->first_line + 3)
        points = points > 15 ? points : 15;
    return points;
}

static int region(const struct line *line)
{
    switch (line->cut) {
    case RULE_COMMENT:
    case RULE_SECOND_ARTICLE:
        return -60;
    case RULE_RELATED:
    case RULE_NAV:
    case RULE_CAPTION:
    case RULE_CREDIT:
    case RULE_MEDIA:
        return -25;
    case RULE_SIDEBAR:
        return -10;
    default:
        return line->teaser ? -30 : 0;
    }
}

/* A second author often has an element of his own beside the first. */
static bool stands_beside_best(const struct search *search, uint32_t line, int score)
{
    return search->best->text.len > 0 && score + 3 >= search->best->score &&
           score <= search->best->score && line <= search->best_line + 4 &&
           line + 4 >= search->best_line;
}

static void consider(struct search *search, struct bytes text, int score, uint32_t line)
{
    struct byline one = {.text = text, .score = score};

    if (text.len > 0 && stands_beside_best(search, line, score)) {
        names_add(&search->best->names, search->page, text, false);
        return;
    }
    if (score <= search->best->score || text.len == 0)
        return;
    names_add(&one.names, search->page, text, false);
    if (names_count(&one.names, NAME_PERSON) + names_count(&one.names, NAME_HANDLE) == 0)
        return;
    if (names_count(&one.names, NAME_PERSON) == 0)
        one.score -= 8;
    if (one.score > search->best->score) {
        *search->best = one;
        search->best_line = line;
    }
}

static bool leads_to_author(struct bytes href)
{
    static const char *const paths[] = {"/author", "/autor", "/auteur", "/staff", "/people",
        "/profile", "/redakt", "/by/", "/journalist", "/contributor", "/user/", "/team/", "/writer",
        "/reporter", "author=", "/person", NULL};

    for (int i = 0; paths[i] != NULL; i++)
        if (bytes_find_nocase(href, bytes_of(paths[i])) != SIZE_MAX)
            return true;
    return false;
}

/* The texts of the links to authors in a subtree, joined. */
static struct bytes linked_names(const struct page *page, uint32_t node)
{
    struct buf out = {.limit = TEXT_BYTES};
    struct bytes names;

    for (uint32_t i = node; i < page->tree->nodes[node].end; i++) {
        struct bytes text;

        if (page->tree->nodes[i].tag != TAG_A ||
            !leads_to_author(tree_attr(page->tree, i, ATTR_HREF)))
            continue;
        text = tree_text(page->tree, page->arena, i, TEXT_BYTES);
        if (text.len == 0)
            continue;
        if (out.len > 0)
            buf_add_byte(&out, '\n');
        buf_add(&out, text);
    }
    names = bytes_copy(page->arena, buf_bytes(&out));
    buf_done(&out);
    return names;
}

/* The text of the first element below node that is said to be a name. */
static struct bytes named_name(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;

    for (uint32_t i = node; i < tree->nodes[node].end; i++)
        if (tree_attr_has_word(tree, i, ATTR_ITEMPROP, "name") ||
            tree_attr_has_word(tree, i, ATTR_CLASS, "fn") ||
            (i > node && (tree->nodes[i].hints & HINT(NAME)) && tree->nodes[i].n.chars > 0))
            return tree->nodes[i].tag == TAG_META ? tree_attr(tree, i, ATTR_CONTENT)
                                                  : tree_text(tree, page->arena, i, TEXT_BYTES);
    return (struct bytes){NULL, 0};
}

static int score_of_node(const struct search *search, uint32_t node)
{
    const struct tree *tree = search->page->tree;
    const struct node *n = &tree->nodes[node];
    uint32_t line = search->page->first_line[node];
    int score = 0;

    if (tree_attr_has_word(tree, node, ATTR_REL, "author"))
        score = 25;
    if (bytes_find_nocase(tree_attr(tree, node, ATTR_ITEMPROP), LIT("author")) != SIZE_MAX)
        score = 32;
    else if (n->hints & HINT(BYLINE) && score == 0)
        score = 18;
    if (score == 0 || line >= search->page->line_count)
        return 0;
    return score + nearness(search, line) + region(&search->page->lines[line]) -
           (n->hints & HINT(BIO) ? 6 : 0);
}

static void consider_nodes(struct search *search)
{
    const struct page *page = search->page;
    const struct tree *tree = page->tree;
    int seen = 0;

    for (uint32_t i = tree->body; i < tree->count && seen < NODES_MAX; i++) {
        const struct node *node = &tree->nodes[i];
        struct bytes text;
        int score;

        if (node->attrs == 0 || node->n.chars > 400)
            continue;
        score = score_of_node(search, i);
        if (score + 3 < search->best->score || score == 0)
            continue;
        seen++;
        text = named_name(page, i);
        if (text.len == 0)
            text = linked_names(page, i);
        if (text.len > 0)
            score += 3;
        else if (node->n.chars <= 120)
            text = tree_text(tree, page->arena, i, TEXT_BYTES);
        consider(search, text, score, page->first_line[i]);
    }
}

/* Cues that are also ordinary words start many a line that is no byline. */
static bool is_clear(struct bytes cue)
{
    static const char *const ordinary[] = {"de", "di", "av", "af", "from", "aus", "per", "text",
        "\xD0\xBE\xD1\x82", "autor", "about", "über", "more from", "theo",
        "\xCF\x84\xCE\xBF\xCF\x85", "\xCF\x84\xCE\xB7\xCF\x82", "på", "interview", "wywiad",
        "interview:", NULL};

    for (int i = 0; ordinary[i] != NULL; i++)
        if (bytes_equal_nocase(cue, bytes_of(ordinary[i])))
            return false;
    return true;
}

static void consider_lines(struct search *search)
{
    const struct page *page = search->page;

    for (uint32_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        struct bytes rest;
        size_t len = 0;
        int score;

        if (line->n.words > 16 || line->text.len > TEXT_BYTES ||
            cue_find(line->text, KIND(BYLINE), &len) == CUE_NONE)
            continue;
        score = 22 + nearness(search, i) + region(line) - (int)line->n.words / 3;
        if (nearness(search, i) == 0)
            score -= line->text.ptr[len - 1] == ':' ? 4 : 12;
        if (!is_clear((struct bytes){line->text.ptr, len}))
            score -= 12;
        rest = linked_names(page, line->block);
        consider(search,
            rest.len > 0 && page->tree->nodes[line->block].n.chars < 200 ? rest : line->text, score,
            i);
    }
}

void byline_find(const struct page *page, struct byline *ret_byline)
{
    struct search search = {page, ret_byline, 0, UINT32_MAX, UINT32_MAX};

    *ret_byline = (struct byline){.score = 8};
    if (page->title != 0)
        search.title_line = page->first_line[page->title];
    for (uint32_t i = 0; i < page->line_count && search.first_line == UINT32_MAX; i++)
        if (page->lines[i].cut == RULE_NONE)
            search.first_line = i;
    consider_nodes(&search);
    consider_lines(&search);
    if (ret_byline->text.len == 0)
        ret_byline->score = 0;
}
