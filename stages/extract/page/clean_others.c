/* clean_others.c - lines that lead to other articles of the site, known by their shape alone: a
 * label and a headline that is a link, and the list of them behind a text. */
#include "page/clean.h"
#include "text/url.h"

enum {
    LABEL_WORDS = 6,    /* "Earlier in this paper", */
    HEADLINE_WORDS = 4, /* and what follows has so many at least */
    LIST_LEAST = 3,     /* items */
    LIST_LINKS = 4,     /* of which one part of so many has to be links */
    LIST_WORDS = 40,    /* of an item; more tell something themselves */
    ABOVE_WORDS = 8,    /* of what stands above the list */
};

/* The link of a line that nothing follows; 0 when there is no single one. */
static uint32_t last_link(const struct tree *tree, const struct line *line)
{
    uint32_t link = 0;

    for (uint32_t i = line->from; i < line->to; i++) {
        if (tree->nodes[i].tag == TAG_TEXT && !tree->nodes[i].in_link && link != 0 &&
            tree->nodes[i].n.words > 0)
            return 0;
        if (tree->nodes[i].tag != TAG_A || tree->nodes[i].n.chars == 0)
            continue;
        if (link != 0)
            return 0;
        link = i;
    }
    return link;
}

/* Another article of this site, by its address: no file, and not another site's. */
static bool is_of_site(const struct page *page, uint32_t link)
{
    struct bytes url = url_resolve(page->arena, page->base, tree_attr(page->tree, link, ATTR_HREF));

    return url.len > 0 && !bytes_ends(url, LIT(".pdf")) &&
           bytes_equal(url_host(page->arena, url), url_host(page->arena, page->url));
}

static bool is_upper(struct bytes text)
{
    int letters = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z')
            return false;
        letters += is_alpha(text.ptr[i]);
    }
    return letters > 1;
}

/* The label is set off: in capitals, emphasised, or by a bar. */
static bool is_set_off(const struct page *page, const struct line *line, struct bytes label)
{
    enum tag tag = (enum tag)page->tree->nodes[page->tree->nodes[line->from].parent].tag;

    return is_upper(label) || bytes_ends(label, LIT("|")) || tag == TAG_STRONG || tag == TAG_B ||
           tag == TAG_EM || tag == TAG_I;
}

static bool is_label_and_headline(const struct page *page, const struct line *line)
{
    const struct tree *tree = page->tree;
    uint32_t link;
    struct bytes label;

    if (line->n.link_chars == 0 || line->n.link_chars == line->n.chars || line->kind == LINE_CELL ||
        line->kind == LINE_HEADING)
        return false;
    link = last_link(tree, line);
    if (link == 0 || tree->nodes[link].n.words < HEADLINE_WORDS ||
        line->n.words - tree->nodes[link].n.words > LABEL_WORDS)
        return false;
    label = tree_text_range(tree, page->arena, line->from, link, line->text.len);
    return label.len > 1 && strchr(":|", label.ptr[label.len - 1]) != NULL &&
           is_set_off(page, line, label) && is_of_site(page, link);
}

/* The last lines, each with a link, below a label of their own. */
static void cut_list_at_end(struct page *page, uint32_t from, uint32_t to)
{
    struct line *lines = page->lines;
    uint32_t items = 0;
    uint32_t chars = 0;
    uint32_t links = 0;
    uint32_t i = to;

    while (i-- > from) {
        if (lines[i].cut != RULE_NONE && lines[i].cut != RULE_LINKS && lines[i].cut != RULE_RELATED)
            continue;
        if (lines[i].kind != LINE_ITEM || lines[i].n.link_chars == 0 ||
            lines[i].n.words > LIST_WORDS)
            break;
        items++;
        chars += lines[i].n.chars;
        links += lines[i].n.link_chars;
    }
    if (items < LIST_LEAST || links * LIST_LINKS < chars || i + 1 == from ||
        lines[i].kind == LINE_ITEM || lines[i].good || lines[i].n.words > ABOVE_WORDS ||
        lines[i].cut != RULE_NONE || clean_ends_sentence(lines[i].text))
        return;
    for (; i < to; i++)
        if (lines[i].cut == RULE_NONE)
            lines[i].cut = RULE_RELATED;
}

void clean_others(struct page *page, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (page->lines[i].cut == RULE_NONE && is_label_and_headline(page, &page->lines[i]))
            page->lines[i].cut = RULE_RELATED;
    cut_list_at_end(page, from, to);
}
