/* byline.c - looks for the byline where bylines stand. */
#include "field/byline_search.h"

enum {
    NODES_MAX = 400,    /* elements that are looked at */
    NAME_GAP = 8,       /* bytes between a cue and the first name, */
    LABEL_GAP = 24,     /* or in front of it where there is no cue: "Photo and text" */
    ROLE_GAP = 40,      /* or a role: "our harbour correspondent" */
    SAME_PLACE = 4,     /* lines between two elements of one byline */
    SAME_SCORE = 3,     /* points between them, and what a linked name is worth more */
    LINK_WORDS = 4,     /* of a link to an author's page */
    NODE_CHARS = 400,   /* of an element that is looked at */
    BYLINE_CHARS = 120, /* of one whose text may be a byline, */
};

/* A second author often has an element of his own beside the first. */
static bool stands_beside_best(const struct search *search, uint32_t line, int score)
{
    return search->best->text.len > 0 && score + SAME_SCORE >= search->best->score &&
           score <= search->best->score && line <= search->best_line + SAME_PLACE &&
           line + SAME_PLACE >= search->best_line;
}

/* Where a byline is expected anybody may sign. */
void byline_consider_signer(struct search *search, struct bytes text, int score, bool cued)
{
    if (score <= search->best->signer_score)
        return;
    text = names_signature(text);
    if (text.len == 0)
        return;
    search->best->signer = text;
    search->best->signer_score = score;
    search->best->signer_cued = cued;
}

/* "unserer Redakteurin": the last word before a name is a role. */
static bool ends_with_role(struct bytes lead)
{
    size_t start;

    lead = bytes_trim(lead);
    for (start = lead.len; start > 0 && lead.ptr[start - 1] != ' ';)
        start--;
    return lead.len > 0 && lead.len <= ROLE_GAP && names_is_role(bytes_from(lead, start));
}

/* The first name stands where the cue ends: what follows is no sentence. */
static bool begins_with_name(struct bytes text, const struct names *names)
{
    size_t len = 0;

    if (names->count == 0)
        return true;
    if (cue_find(text, KIND(BYLINE), &len) == CUE_NONE)
        len = LABEL_GAP;
    return names->items[0].ptr <= text.ptr + len + NAME_GAP ||
           ends_with_role(
               (struct bytes){text.ptr + len, (size_t)(names->items[0].ptr - text.ptr) - len});
}

void byline_consider(struct search *search, struct bytes text, int score, uint32_t line)
{
    struct byline one = {.text = text,
        .score = score,
        .signer = search->best->signer,
        .signer_score = search->best->signer_score,
        .signer_cued = search->best->signer_cued};

    if (text.len > 0 && stands_beside_best(search, line, score)) {
        names_add(&search->best->names, search->page, text, false);
        return;
    }
    if (score <= search->best->score || text.len == 0)
        return;
    names_add(&one.names, search->page, text, false);
    if (names_count(&one.names, NAME_PERSON) + names_count(&one.names, NAME_HANDLE) == 0 ||
        !begins_with_name(text, &one.names))
        return;
    if (names_count(&one.names, NAME_PERSON) == 0)
        one.score -= 8;
    if (one.score > search->best->score) {
        *search->best = one;
        search->best_line = line;
    }
}

bool byline_leads_to_author(struct bytes href)
{
    static const char *const paths[] = {"/author", "/autor", "/auteur", "/staff", "/people",
        "/profile", "/redakt", "/by/", "/journalist", "/contributor", "/user/", "/team/", "/writer",
        "/reporter", "author=", "/person", "/editors/", "/columnist", "/correspondent", NULL};

    for (size_t at = 0; at < href.len; at++) {
        char first = to_lower(href.ptr[at]);

        for (int i = 0; (first == '/' || first == 'a') && paths[i] != NULL; i++)
            if (paths[i][0] == first &&
                bytes_starts_nocase(bytes_from(href, at), bytes_of(paths[i])))
                return true;
    }
    return false;
}

/* The texts of the links to authors in a subtree, joined. */
struct bytes byline_linked_names(const struct page *page, uint32_t node)
{
    struct buf out = {.limit = TEXT_BYTES};
    struct bytes names;

    for (uint32_t i = node; i < page->tree->nodes[node].end; i++) {
        struct bytes text;

        if (page->tree->nodes[i].tag != TAG_A ||
            !byline_leads_to_author(tree_attr(page->tree, i, ATTR_HREF)))
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

/* Between the headline and the text, and the whole of its line: that one goes to the author's page.
 */
static bool is_authors_link(const struct search *search, uint32_t node, uint32_t index)
{
    const struct page *page = search->page;
    const struct node *n = &page->tree->nodes[node];
    const struct line *line = &page->lines[index];

    return n->tag == TAG_A && index < page->line_count && byline_is_close(search, index) &&
           !line->good && line->kind != LINE_HEADING && n->n.words >= 2 &&
           n->n.words <= LINK_WORDS && line->n.link_chars * 10 >= line->n.chars * 8 &&
           byline_leads_to_author(tree_attr(page->tree, node, ATTR_HREF));
}

static int score_of_node(const struct search *search, uint32_t node)
{
    const struct tree *tree = search->page->tree;
    const struct node *n = &tree->nodes[node];
    uint32_t line = byline_line_of(search->page, node);
    int score = 0;

    if (tree_attr_has_word(tree, node, ATTR_REL, "author"))
        score = REL_AUTHOR;
    if (bytes_find_nocase(tree_attr(tree, node, ATTR_ITEMPROP), LIT("author")) != SIZE_MAX)
        score = ITEMPROP;
    else if (n->hints & HINT(BYLINE) && score == 0)
        score = NAMED;
    else if (score == 0 && is_authors_link(search, node, line))
        score = LINKED;
    if (score == 0 || line >= search->page->line_count ||
        byline_is_of_another(search->page, node) || byline_is_hidden(search->page, node))
        return 0;
    return score + byline_nearness(search, line) + byline_region(&search->page->lines[line]) +
           (n->hints & HINT(BIO) ? IN_BIO : 0);
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

        if (node->attrs == 0 || node->n.chars > NODE_CHARS)
            continue;
        score = score_of_node(search, i);
        if (score + SAME_SCORE < search->best->score || score == 0)
            continue;
        seen++;
        text = named_name(page, i);
        if (text.len == 0)
            text = byline_linked_names(page, i);
        if (text.len > 0)
            score += SAME_SCORE;
        else if (node->n.chars <= BYLINE_CHARS)
            text = tree_text(tree, page->arena, i, TEXT_BYTES);
        byline_consider(search, text, score, byline_line_of(page, i));
        if (byline_is_close(search, byline_line_of(page, i)) && !(node->hints & HINT(BIO)) &&
            (node->tag != TAG_A || node->hints & HINT(BYLINE) ||
                tree_attr_has_word(tree, i, ATTR_REL, "author")))
            byline_consider_signer(
                search, text, score, cue_find(text, KIND(BYLINE), NULL) != CUE_NONE);
    }
}

static struct search search_of(const struct page *page, struct byline *best)
{
    struct search search = {page, best, 0, UINT32_MAX, UINT32_MAX, 0};

    if (page->title != 0)
        search.title_line = page->first_line[page->title];
    for (uint32_t i = 0; i < page->line_count; i++) {
        if (page->lines[i].cut != RULE_NONE)
            continue;
        if (search.first_line == UINT32_MAX)
            search.first_line = i;
        search.last_line = i;
    }
    return search;
}

bool byline_is_signed(const struct page *page, struct bytes name)
{
    struct search search = search_of(page, NULL);

    return byline_signs(&search, name);
}

void byline_find(const struct page *page, struct byline *ret_byline)
{
    struct search search = search_of(page, ret_byline);

    *ret_byline = (struct byline){.score = LEAST};
    consider_nodes(&search);
    byline_consider_lines(&search);
    byline_consider_signed_lines(&search);
    byline_consider_dated_lines(&search);
    byline_consider_linked_line(&search);
    if (ret_byline->text.len == 0)
        byline_consider_editors(&search);
    if (ret_byline->text.len == 0 &&
        (ret_byline->signer.len == 0 || names_is_site(page, ret_byline->signer)))
        byline_consider_bare_names(&search);
    if (ret_byline->text.len == 0)
        ret_byline->score = 0;
}
