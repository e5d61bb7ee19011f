/* byline_bare.c - names that stand alone where the text begins or ends. */
#include "field/byline_search.h"

enum {
    JOINER_BYTES = 5, /* " und " */
    BARE_WORDS = 5,   /* of one that is nothing but a name: "Anna van den Berg" */
};

/* Nothing but names, and set off: bold, slanted or to the right. */
static bool is_bare_name(const struct page *page, const struct line *line, struct names *ret_names)
{
    const struct tree *tree = page->tree;
    struct bytes style = tree_attr(tree, line->block, ATTR_STYLE);
    bool set_off = bytes_find_nocase(style, LIT("right")) != SIZE_MAX;
    size_t len = 0;

    if (line->kind == LINE_HEADING || line->kind == LINE_ITEM || bytes_ends(line->text, LIT(":")) ||
        line->kind == LINE_CELL || line->n.words < 2 || line->n.words > BARE_WORDS ||
        line->text.len > NAME_BYTES || line->n.commas > 0 || line->n.link_chars > 0)
        return false;
    for (uint32_t up = tree->nodes[line->from].parent; up != line->block && !set_off;
         up = tree->nodes[up].parent)
        set_off = tree->nodes[up].tag == TAG_STRONG || tree->nodes[up].tag == TAG_B ||
                  tree->nodes[up].tag == TAG_EM || tree->nodes[up].tag == TAG_I;
    *ret_names = (struct names){0};
    names_add(ret_names, page, line->text, false);
    for (size_t i = 0; i < ret_names->count; i++)
        len += ret_names->kinds[i] == NAME_PERSON ? ret_names->items[i].len + JOINER_BYTES : 0;
    return set_off && ret_names->count > 0 && len >= line->text.len &&
           line->n.words <= 3 * ret_names->count;
}

static bool take_bare_name(struct search *search, uint32_t index)
{
    const struct line *line = &search->page->lines[index];
    struct byline one = {.text = line->text, .score = BARE};

    if ((line->cut != RULE_NONE && line->cut != RULE_BYLINE) ||
        !is_bare_name(search->page, line, &one.names))
        return false;
    *search->best = one;
    return true;
}

/* "... beside the harbour. (Anna Berg)": behind the last sentence. */
static bool take_bracketed_name(struct search *search)
{
    struct bytes text = search->page->lines[search->last_line].text;
    struct byline one = {.score = BARE};
    struct bytes before;
    size_t open;

    while (text.len > 0 && strchr("+*. ", text.ptr[text.len - 1]) != NULL)
        text.len--;
    if (text.len == 0 || text.ptr[text.len - 1] != ')')
        return false;
    for (open = text.len; open > 0 && text.ptr[open - 1] != '(';)
        open--;
    before = bytes_trim(bytes_slice(text, 0, open > 0 ? open - 1 : 0));
    one.text = bytes_slice(text, open, text.len - open - 1);
    if (before.len == 0 || strchr(".!?\"'", before.ptr[before.len - 1]) == NULL ||
        one.text.len > NAME_BYTES)
        return false;
    names_add(&one.names, search->page, one.text, false);
    if (names_count(&one.names, NAME_PERSON) != one.names.count || one.names.count == 0)
        return false;
    *search->best = one;
    return true;
}

/* A line that is a name opens or ends the text. */
void byline_consider_bare_names(struct search *search)
{
    if (search->last_line < search->first_line + 2 || search->first_line == UINT32_MAX)
        return;
    if (!take_bare_name(search, search->first_line) &&
        !take_bare_name(search, search->first_line + 1) &&
        !take_bare_name(search, search->last_line) &&
        !take_bare_name(search, search->last_line - 1))
        take_bracketed_name(search);
}
