/* clean.c - which elements are not the article: by element, by name, by shape. */
#include "clean.h"

static const char *const rule_names[RULE_COUNT] = {
#define X(id, name) [RULE_##id] = name,
    RULES(X)
#undef X
};

const char *rule_name(enum rule rule)
{
    return rule < RULE_COUNT ? rule_names[rule] : "";
}

/* A name that speaks against a block, and the largest share of the good text, in percent, that the
 * block may hold and still be cut by its name alone. */
static const struct name_rule {
    uint64_t hint;
    uint8_t rule;
    uint8_t share;
    uint8_t needs; /* percent of its text that has to be links; 0 for any */
} name_rules[] = {
    {HINT(HIDDEN), RULE_HIDDEN, 20, 0},     {HINT(COMMENT), RULE_COMMENT, 60, 0},
    {HINT(NAV), RULE_NAV, 10, 0},           {HINT(FOOTER), RULE_FOOTER, 15, 0},
    {HINT(SIDEBAR), RULE_SIDEBAR, 25, 0},   {HINT(RELATED), RULE_RELATED, 25, 0},
    {HINT(SHARE), RULE_SHARE, 5, 0},        {HINT(TAGS), RULE_TAGS, 5, 0},
    {HINT(NEWSLETTER), RULE_NEWSLETTER, 15, 0}, {HINT(PAYWALL), RULE_PAYWALL, 10, 0},
    {HINT(COOKIE), RULE_COOKIE, 25, 0},     {HINT(AD), RULE_AD, 5, 0},
    {HINT(PROMO), RULE_PROMO, 12, 0},       {HINT(CAPTION), RULE_CAPTION, 8, 0},
    {HINT(CREDIT), RULE_CREDIT, 5, 0},      {HINT(BIO), RULE_BIO, 15, 0},
    {HINT(BYLINE), RULE_BYLINE, 8, 0},      {HINT(DATE), RULE_DATE, 3, 0},
    {HINT(META), RULE_META, 3, 0},          {HINT(FACTBOX), RULE_FACTBOX, 20, 0},
    {HINT(PULLQUOTE), RULE_PULLQUOTE, 8, 0}, {HINT(RATING), RULE_RATING, 8, 0},
    {HINT(TOC), RULE_TOC, 8, 0},            {HINT(LOGIN), RULE_LOGIN, 8, 0},
    {HINT(POPUP), RULE_POPUP, 10, 0},       {HINT(COPYRIGHT), RULE_COPYRIGHT, 5, 0},
    {HINT(TEASER), RULE_RELATED, 10, 25},   {HINT(TOOL), RULE_SHARE, 4, 0},
    {HINT(LABEL), RULE_LABEL, 1, 0},        {HINT(MEDIA), RULE_MEDIA, 4, 0},
    {HINT(WIDGET), RULE_WIDGET, 8, 25},     {HINT(MORE), RULE_RELATED, 8, 40},
    {HINT(HEADER), RULE_HEADER, 3, 30},     {HINT(TIME), RULE_DATE, 1, 0},
};

enum { NAME_RULES = sizeof(name_rules) / sizeof(name_rules[0]) };

void clean_cut(struct page *page, uint32_t node, enum rule rule)
{
    uint32_t end = page->tree->nodes[node].end;

    page->tree->nodes[node].cut = (uint8_t)rule;
    for (uint32_t i = page->first_line[node]; i < page->first_line[end]; i++)
        if (page->lines[i].cut == RULE_NONE)
            page->lines[i].cut = (uint8_t)rule;
}

struct scope {
    struct page *page;
    uint32_t root;
    uint32_t good; /* characters in good lines of root */
};

static uint32_t share_of(const struct scope *scope, uint32_t node)
{
    return scope->good == 0 ? 0 : (uint32_t)((uint64_t)page_good(scope->page, node) * 100 / scope->good);
}

static bool is_styled_away(const struct tree *tree, uint32_t node)
{
    struct bytes style = tree_attr(tree, node, ATTR_STYLE);

    if (tree_has_attr(tree, node, ATTR_HIDDEN))
        return true;
    if (style.len > 0) {
        size_t at = bytes_find_nocase(style, LIT("display"));

        if (at != SIZE_MAX && bytes_starts_nocase(bytes_trim(bytes_from(style, at + 8)), LIT("none")))
            return true;
        if (bytes_find_nocase(style, LIT("display:none")) != SIZE_MAX ||
            bytes_find_nocase(style, LIT("visibility:hidden")) != SIZE_MAX)
            return true;
    }
    return bytes_equal_nocase(tree_attr(tree, node, ATTR_ARIA_HIDDEN), LIT("true"));
}

/* By its element alone. */
static enum rule rule_of_tag(const struct scope *scope, uint32_t node, uint32_t share)
{
    const struct tree *tree = scope->page->tree;
    const struct node *n = &tree->nodes[node];

    switch (n->tag) {
    case TAG_NAV:
    case TAG_MENU:
        return share <= 20 ? RULE_NAV : RULE_NONE;
    case TAG_FOOTER:
        return share <= 20 ? RULE_FOOTER : RULE_NONE;
    case TAG_ASIDE:
        return share <= 30 ? RULE_SIDEBAR : RULE_NONE;
    case TAG_FIGCAPTION:
    case TAG_CAPTION:
        return share <= 30 ? RULE_CAPTION : RULE_NONE;
    case TAG_FIGURE:
        return share <= 10 && n->n.images > 0 ? RULE_CAPTION : RULE_NONE;
    case TAG_NOSCRIPT:
        return share <= 40 ? RULE_TAG : RULE_NONE;
    case TAG_FORM:
    case TAG_FIELDSET:
    case TAG_LEGEND:
        return share <= 20 ? RULE_FORM : RULE_NONE;
    case TAG_LABEL:
        return share <= 1 ? RULE_FORM : RULE_NONE;
    case TAG_TIME:
        return n->n.words < 12 && tree->nodes[n->parent].n.words < 20 ? RULE_DATE : RULE_NONE;
    default:
        return RULE_NONE;
    }
}

static enum rule rule_of_names(const struct scope *scope, uint32_t node, uint32_t share)
{
    const struct node *n = &scope->page->tree->nodes[node];

    for (size_t i = 0; i < NAME_RULES; i++) {
        const struct name_rule *rule = &name_rules[i];

        if (!(n->hints & rule->hint) || share > rule->share)
            continue;
        if (rule->needs > 0 && n->n.link_chars * 100 < n->n.chars * rule->needs)
            continue;
        return (enum rule)rule->rule;
    }
    return RULE_NONE;
}

/* By its shape: a block that is mostly links and has several of them. */
static enum rule rule_of_shape(const struct scope *scope, uint32_t node, uint32_t share)
{
    const struct node *n = &scope->page->tree->nodes[node];

    if (share > 5 || !(tag_flags(n->tag) & BLOCK) || n->n.links < 2 || n->n.chars == 0)
        return RULE_NONE;
    if (n->tag == TAG_P || tag_is_heading(n->tag))
        return n->n.link_chars * 100 > n->n.chars * 90 && n->n.links > 2 ? RULE_LINKS : RULE_NONE;
    if (n->n.link_chars * 100 > n->n.chars * 60)
        return RULE_LINKS;
    return RULE_NONE;
}

static bool speaks_for(uint64_t hints)
{
    return (hints & HINT(BODY)) != 0;
}

static enum rule rule_of(const struct scope *scope, uint32_t node)
{
    const struct page *page = scope->page;
    const struct node *n = &page->tree->nodes[node];
    uint32_t share = share_of(scope, node);
    enum rule rule = rule_of_tag(scope, node, share);

    if (rule != RULE_NONE)
        return rule;
    if (n->attrs > 0 && share <= 20 && is_styled_away(page->tree, node))
        return RULE_HIDDEN;
    if (page->title != 0 && tree_within(page->tree, page->title, node))
        return RULE_NONE;
    if (n->hints != 0 && !speaks_for(n->hints)) {
        rule = rule_of_names(scope, node, share);
        if (rule != RULE_NONE)
            return rule;
    }
    return rule_of_shape(scope, node, share);
}

void clean_blocks(struct page *page, uint32_t root)
{
    struct tree *tree = page->tree;
    struct scope scope = {page, root, page_good(page, root)};

    for (uint32_t i = root + 1; i < tree->nodes[root].end; i++) {
        struct node *node = &tree->nodes[i];
        enum rule rule;

        if (node->cut != RULE_NONE || (tag_flags(node->tag) & SILENT)) {
            i = node->end - 1;
            continue;
        }
        if (node->tag == TAG_TEXT || node->n.chars == 0)
            continue;
        rule = rule_of(&scope, i);
        if (rule != RULE_NONE) {
            clean_cut(page, i, rule);
            i = node->end - 1;
        }
    }
}
