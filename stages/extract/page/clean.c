/* clean.c - which elements are not the article: by element, by name, by shape. */
#include "page/clean.h"

static const char *const rule_names[RULE_COUNT] = {
#define X(id, name) [RULE_##id] = (name),
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
    bool sure;     /* also before it is known where the article is */
} name_rules[] = {
    {HINT(HIDDEN), RULE_HIDDEN, 20, 0, true},
    {HINT(COMMENT), RULE_COMMENT, 60, 0, true},
    {HINT(NAV), RULE_NAV, 10, 0, true},
    {HINT(FOOTER), RULE_FOOTER, 15, 0, true},
    {HINT(SIDEBAR), RULE_SIDEBAR, 25, 0, true},
    {HINT(RELATED), RULE_RELATED, 25, 0, true},
    {HINT(COOKIE), RULE_COOKIE, 40, 0, true},
    {HINT(SHARE), RULE_SHARE, 5, 0, false},
    {HINT(TAGS), RULE_TAGS, 5, 0, false},
    {HINT(NEWSLETTER), RULE_NEWSLETTER, 15, 0, false},
    {HINT(PAYWALL), RULE_PAYWALL, 10, 0, false},
    {HINT(AD), RULE_AD, 5, 0, false},
    {HINT(PROMO), RULE_PROMO, 12, 0, false},
    {HINT(CAPTION), RULE_CAPTION, 8, 0, false},
    {HINT(CREDIT), RULE_CREDIT, 5, 0, false},
    {HINT(BIO), RULE_BIO, 15, 0, false},
    {HINT(BYLINE), RULE_BYLINE, 8, 0, false},
    {HINT(DATE), RULE_DATE, 3, 0, false},
    {HINT(META), RULE_META, 3, 0, false},
    {HINT(FACTBOX), RULE_FACTBOX, 20, 0, false},
    {HINT(PULLQUOTE), RULE_PULLQUOTE, 8, 0, false},
    {HINT(RATING), RULE_RATING, 8, 0, false},
    {HINT(NOTICE), RULE_NOTICE, 10, 0, false},
    {HINT(TOC), RULE_TOC, 8, 0, false},
    {HINT(LOGIN), RULE_LOGIN, 8, 0, false},
    {HINT(POPUP), RULE_POPUP, 10, 0, false},
    {HINT(COPYRIGHT), RULE_COPYRIGHT, 5, 0, false},
    {HINT(TEASER), RULE_RELATED, 10, 25, false},
    {HINT(TOOL), RULE_SHARE, 4, 0, false},
    {HINT(LABEL), RULE_LABEL, 1, 0, false},
    {HINT(MEDIA), RULE_MEDIA, 4, 0, false},
    {HINT(WIDGET), RULE_WIDGET, 8, 25, false},
    {HINT(MORE), RULE_RELATED, 8, 40, false},
    {HINT(HEADER), RULE_HEADER, 3, 30, false},
    {HINT(TIME), RULE_DATE, 1, 0, false},
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

/* The line that an inline element is a part of; NULL when it holds whole lines. */
static struct line *line_around(const struct page *page, uint32_t node)
{
    uint32_t end = page->tree->nodes[node].end;
    uint32_t next = page->first_line[node];
    struct line *line;

    if (next < page->line_count && page->lines[next].from < end)
        return page->lines[next].to > end ? &page->lines[next] : NULL;
    if (next == 0)
        return NULL;
    line = &page->lines[next - 1];
    return line->from < node && line->to >= end ? line : NULL;
}

/* Take a part of a line out; a line of which nothing is left goes with it. */
static void cut_part(struct page *page, struct line *line, uint32_t node, enum rule rule)
{
    const struct counts *n = &page->tree->nodes[node].n;

    page->tree->nodes[node].cut = (uint8_t)rule;
    line->stale = true;
    line->n.chars -= n->chars < line->n.chars ? n->chars : line->n.chars;
    line->n.link_chars -= n->link_chars < line->n.link_chars ? n->link_chars : line->n.link_chars;
    line->n.words -= n->words < line->n.words ? n->words : line->n.words;
    if (line->n.chars == 0 && line->cut == RULE_NONE)
        line->cut = (uint8_t)rule;
}

enum { TWIN_SLOTS = 1024 }; /* two classes of one slot count together, and are cut less easily */

/* These and the shares above were chosen by hand. The pages of `./dev bench extract` do not tell
 * half or twice of NAV_SHARE, ASIDE_SHARE, CAPTION_SHARE, FORM_SHARE, LINKS_SHARE or ASKING_CHARS
 * from what stands here: an element is either a small part of the text or most of it. TWINS_MORE
 * moves text F1 by .0003 (more with 5, less with 20), LINKS_PERCENT costs segments .0014 with 30.
 *
 * Percent of root's good text up to which an element is cut by its tag. */
enum {
    NAV_SHARE = 20,
    FOOTER_SHARE = 20,
    ASIDE_SHARE = 30,
    CAPTION_SHARE = 30,
    FIGURE_SHARE = 10,
    NOSCRIPT_SHARE = 40,
    FORM_SHARE = 20,
    LABEL_SHARE = 1,
};

/* A <time> of fewer words, in an element of fewer, is a date line and not a day in a sentence. */
enum { TIME_WORDS = 12, AROUND_TIME = 20 };

enum { LAYOUT_BYTES = 4 }; /* of a name that its parts' names begin with */

/* By its names: twins may have twice an element's share and this; a paywall of so many characters
 * asks for something. */
enum { TWINS_MORE = 10, ASKING_CHARS = 200 };

/* Inline elements: links of one that is nothing but links, as a card that opens above a name is;
 * percent of a line's characters that go with the rest; bytes of a sign. COVERED was tried from 50
 * to 100. */
enum { POPOVER_LINKS = 3, COVERED = 60, SIGN_BYTES = 40 };

/* By its shape and its words: percent of root's good text, and what it has to be within it. */
enum {
    HIDDEN_SHARE = 20,
    PICTURE_SHARE = 15, /* named media or caption, with a picture, */
    PICTURE_CHARS = 400,
    PICTURE_LINES = 3,
    LINE_SHARE = 20, /* or one line named a caption */
    LINE_CHARS = 300,
    LINKS_SHARE = 5,
    LINKS_PERCENT = 60, /* of its characters */
    LINKS_OF_TEXT = 90, /* of a paragraph's or a heading's */
    COOKIE_SHARE = 90,  /* a dialog may be nearly all of a page */
    COOKIE_PART = 3,    /* one line of so many speaks of cookies */
    PROMPT_SHARE = 12,
    PROMPT_PART = 3, /* one line of so many asks */
    PROMPT_LINES = 15,
    SAYING = 2, /* lines that speak of it: one may be the article's */
};

struct scope {
    struct page *page;
    uint32_t root;
    uint32_t good;              /* characters in good lines of root */
    bool sure;                  /* only what is sure */
    uint32_t covered_to;        /* end of the last part of a line that something speaks against */
    uint32_t twins[TWIN_SLOTS]; /* good characters by element and class */
};

/* Elements of one kind with one class: what is said of one is said of all. */
static uint32_t twin_slot(const struct tree *tree, uint32_t node)
{
    struct bytes names = tree_attr(tree, node, ATTR_CLASS);
    uint32_t hash = 2166136261U ^ tree->nodes[node].tag;

    for (size_t i = 0; i < names.len && i < 64; i++)
        hash = (hash ^ (unsigned char)names.ptr[i]) * 16777619U;
    return (hash ^ hash >> 15) % TWIN_SLOTS;
}

static void sum_twins(struct scope *scope)
{
    const struct tree *tree = scope->page->tree;

    for (uint32_t i = scope->root + 1; i < tree->nodes[scope->root].end; i++)
        if (tree->nodes[i].hints != 0)
            scope->twins[twin_slot(tree, i)] += page_good(scope->page, i);
}

static uint32_t percent(const struct scope *scope, uint32_t chars)
{
    return scope->good == 0 ? 0 : (uint32_t)((uint64_t)chars * 100 / scope->good);
}

static uint32_t share_of(const struct scope *scope, uint32_t node)
{
    return percent(scope, page_good(scope->page, node));
}

static bool is_not_displayed(const struct tree *tree, uint32_t node)
{
    struct bytes style = tree_attr(tree, node, ATTR_STYLE);

    if (tree_has_attr(tree, node, ATTR_HIDDEN))
        return true;
    if (style.len > 0) {
        size_t at = bytes_find_nocase(style, LIT("display"));

        if (at != SIZE_MAX &&
            bytes_starts_nocase(bytes_trim(bytes_from(style, at + 8)), LIT("none")))
            return true;
        if (bytes_find_nocase(style, LIT("display:none")) != SIZE_MAX ||
            bytes_find_nocase(style, LIT("visibility:hidden")) != SIZE_MAX)
            return true;
    }
    return false;
}

static bool is_hidden_from_listeners(const struct tree *tree, uint32_t node)
{
    return bytes_equal_nocase(tree_attr(tree, node, ATTR_ARIA_HIDDEN), LIT("true"));
}

static bool is_styled_away(const struct tree *tree, uint32_t node)
{
    return is_not_displayed(tree, node) || is_hidden_from_listeners(tree, node);
}

/* A quotation with the picture of whom it is of: not a picture with a caption. */
static bool quotes(const struct page *page, uint32_t node)
{
    for (uint32_t i = page->first_line[node]; i < page->first_line[page->tree->nodes[node].end];
         i++)
        if (page->lines[i].kind == LINE_QUOTE && page->lines[i].good)
            return true;
    return false;
}

/* The fields that it groups or names are there: without any, it is a box with a heading. */
static bool asks(const struct tree *tree, uint32_t node)
{
    if (tree->nodes[node].tag == TAG_LEGEND)
        node = tree->nodes[node].parent;
    for (uint32_t i = node; i < tree->nodes[node].end; i++)
        if (tree->nodes[i].tag == TAG_INPUT || tree->nodes[i].tag == TAG_SELECT ||
            tree->nodes[i].tag == TAG_TEXTAREA || tree->nodes[i].tag == TAG_BUTTON)
            return true;
    return false;
}

/* By its element alone. */
static enum rule rule_of_tag(const struct scope *scope, uint32_t node, uint32_t share)
{
    const struct tree *tree = scope->page->tree;
    const struct node *n = &tree->nodes[node];

    switch (n->tag) {
    case TAG_NAV:
    case TAG_MENU:
        return share <= NAV_SHARE ? RULE_NAV : RULE_NONE;
    case TAG_FOOTER:
        return share <= FOOTER_SHARE ? RULE_FOOTER : RULE_NONE;
    case TAG_ASIDE:
        return share <= ASIDE_SHARE ? RULE_SIDEBAR : RULE_NONE;
    case TAG_FIGCAPTION:
    case TAG_CAPTION:
        return share <= CAPTION_SHARE ? RULE_CAPTION : RULE_NONE;
    case TAG_FIGURE:
        return share <= FIGURE_SHARE && n->n.images > 0 && !quotes(scope->page, node) ? RULE_CAPTION
                                                                                      : RULE_NONE;
    case TAG_NOSCRIPT:
        return share <= NOSCRIPT_SHARE ? RULE_TAG : RULE_NONE;
    case TAG_FORM:
        return share <= FORM_SHARE ? RULE_FORM : RULE_NONE;
    case TAG_FIELDSET:
    case TAG_LEGEND:
        return share <= FORM_SHARE && asks(tree, node) ? RULE_FORM : RULE_NONE;
    case TAG_LABEL:
        return share <= LABEL_SHARE ? RULE_FORM : RULE_NONE;
    case TAG_TIME:
        return n->n.words < TIME_WORDS && tree->nodes[n->parent].n.words < AROUND_TIME ? RULE_DATE
                                                                                       : RULE_NONE;
    default:
        return RULE_NONE;
    }
}

/* Long lines without a link or a heading: not a box of other articles, whatever it is called. */
static bool is_plain_prose(const struct page *page, uint32_t node)
{
    const struct counts *n = &page->tree->nodes[node].n;

    return n->links == 0 && page_good(page, node) * 10 >= n->chars * 9;
}

/* What is behind the wall is named after it as often as the wall: paragraphs that ask for nothing
 * are text. */
static bool asks_for_nothing(const struct scope *scope, uint32_t node)
{
    const struct page *page = scope->page;
    uint32_t from = page->first_line[node];
    uint32_t to = page->first_line[page->tree->nodes[node].end];

    return page_good(page, node) >= ASKING_CHARS && page->prompt_sum[to] == page->prompt_sum[from];
}

static bool is_table_part(enum tag tag)
{
    return tag == TAG_TR || tag == TAG_TD || tag == TAG_TH || tag == TAG_TBODY ||
           tag == TAG_THEAD || tag == TAG_TFOOT;
}

/* Rows and cells of data stand and fall with their table: "row player-12" names what is in it. A
 * table that lays a page out has other blocks in its cells. */
static bool is_data_part(const struct tree *tree, uint32_t node)
{
    if (!is_table_part((enum tag)tree->nodes[node].tag))
        return false;
    for (uint32_t i = node + 1; i < tree->nodes[node].end; i++)
        if (tag_flags(tree->nodes[i].tag) & BLOCK && !is_table_part((enum tag)tree->nodes[i].tag))
            return false;
    return true;
}

/* A paragraph of prose between others: the words of its class place it ("after-ad", "no-print") or
 * say how it looks. */
static bool is_among_its_like(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;
    const struct node *n = &tree->nodes[node];
    uint32_t before = 0;

    if (n->tag != TAG_P || page_good(page, node) == 0)
        return false;
    for (uint32_t i = n->parent + 1; i < tree->nodes[n->parent].end; i = tree->nodes[i].end) {
        if (tree->nodes[i].tag != TAG_P || i == node || tree->nodes[i].hints == n->hints ||
            page_good(page, i) == 0)
            continue;
        if (i > node)
            return before > 0;
        before++;
    }
    return false;
}

/* What an element around the headline is called as well: "frame" of "frame__main" names the layout,
 * not what this part of it is for. */
static bool is_layout_name(const struct page *page, uint32_t node)
{
    const struct tree *tree = page->tree;
    struct bytes classes = bytes_trim(tree_attr(tree, node, ATTR_CLASS));
    struct bytes name = bytes_cut(&classes, ' ');

    if (page->title == 0 || name.len == 0)
        return false;
    for (uint32_t up = tree->nodes[page->title].parent; up > tree->body;
         up = tree->nodes[up].parent) {
        struct bytes around = bytes_trim(tree_attr(tree, up, ATTR_CLASS));
        struct bytes first = bytes_cut(&around, ' ');

        if (first.len >= LAYOUT_BYTES && tree->nodes[up].hints & tree->nodes[node].hints &&
            bytes_starts(name, first) && tree_within(tree, node, up))
            return true;
    }
    return false;
}

static enum rule rule_of_names(const struct scope *scope, uint32_t node, uint32_t share)
{
    const struct node *n = &scope->page->tree->nodes[node];
    uint32_t twins = percent(scope, scope->twins[twin_slot(scope->page->tree, node)]);

    for (size_t i = 0; i < NAME_RULES; i++) {
        const struct name_rule *rule = &name_rules[i];

        if (!(n->hints & rule->hint) || share > rule->share || (scope->sure && !rule->sure))
            continue;
        if (!scope->sure && twins > 2U * rule->share + TWINS_MORE)
            continue;
        if (rule->needs > 0 && n->n.link_chars * 100 < n->n.chars * rule->needs)
            continue;
        if (rule->rule == RULE_PAYWALL && asks_for_nothing(scope, node))
            continue;
        if (rule->rule == RULE_RELATED && is_plain_prose(scope->page, node))
            continue;
        if (rule->rule == RULE_MEDIA && n->tag == TAG_TABLE && n->n.images == 0)
            continue; /* of players that play a game */
        if (rule->rule == RULE_SIDEBAR && is_layout_name(scope->page, node))
            continue;
        if (rule->rule != RULE_HIDDEN && is_among_its_like(scope->page, node))
            continue;
        return (enum rule)rule->rule;
    }
    return RULE_NONE;
}

/* A picture and a line or two under it. */
static bool is_picture(const struct scope *scope, uint32_t node, uint32_t share)
{
    const struct page *page = scope->page;
    const struct node *n = &page->tree->nodes[node];
    uint32_t lines = page->first_line[n->end] - page->first_line[node];

    if (n->hints & HINT(CAPTION) && lines == 1 && n->n.chars < LINE_CHARS && share <= LINE_SHARE)
        return true;
    return n->hints & (HINT(MEDIA) | HINT(CAPTION)) && n->n.images > 0 && lines <= PICTURE_LINES &&
           n->n.chars < PICTURE_CHARS && share <= PICTURE_SHARE;
}

/* By its shape: a block that is mostly links and has several of them. */
static enum rule rule_of_shape(const struct scope *scope, uint32_t node, uint32_t share)
{
    const struct node *n = &scope->page->tree->nodes[node];

    if (share > LINKS_SHARE || !(tag_flags(n->tag) & BLOCK) || n->n.links < 2 || n->n.chars == 0)
        return RULE_NONE;
    if (n->tag == TAG_P || tag_is_heading(n->tag))
        return n->n.link_chars * 100 > n->n.chars * LINKS_OF_TEXT && n->n.links > 2 ? RULE_LINKS
                                                                                    : RULE_NONE;
    if (n->n.link_chars * 100 > n->n.chars * LINKS_PERCENT)
        return RULE_LINKS;
    return RULE_NONE;
}

static bool speaks_for(uint64_t hints)
{
    return (hints & HINT(BODY)) != 0;
}

/* A consent dialog without a name: most of its lines speak of cookies. */
static bool is_about_cookies(const struct scope *scope, uint32_t node, uint32_t share)
{
    const struct page *page = scope->page;
    uint32_t from = page->first_line[node];
    uint32_t to = page->first_line[page->tree->nodes[node].end];
    uint32_t about = page->cookie_sum[to] - page->cookie_sum[from];

    return share < COOKIE_SHARE && about >= SAYING && about * COOKIE_PART >= to - from;
}

/* A box that asks to subscribe, to register or to pay: two of its few lines say so. */
static bool is_prompt(const struct scope *scope, uint32_t node, uint32_t share)
{
    const struct page *page = scope->page;
    uint32_t from = page->first_line[node];
    uint32_t to = page->first_line[page->tree->nodes[node].end];
    uint32_t prompts = page->prompt_sum[to] - page->prompt_sum[from];

    return prompts >= SAYING && prompts * PROMPT_PART >= to - from && to - from <= PROMPT_LINES &&
           share <= PROMPT_SHARE;
}

static enum rule rule_of(const struct scope *scope, uint32_t node)
{
    const struct page *page = scope->page;
    const struct node *n = &page->tree->nodes[node];
    uint32_t share = share_of(scope, node);
    enum rule rule = rule_of_tag(scope, node, share);

    if (rule != RULE_NONE)
        return rule;
    if (n->attrs > 0 && share <= HIDDEN_SHARE && is_styled_away(page->tree, node))
        return RULE_HIDDEN;
    if ((page->title != 0 && tree_within(page->tree, page->title, node)) ||
        is_data_part(page->tree, node))
        return RULE_NONE;
    if (n->hints != 0 && !speaks_for(n->hints)) {
        rule = rule_of_names(scope, node, share);
        if (rule != RULE_NONE)
            return rule;
    }
    if (scope->sure)
        return is_about_cookies(scope, node, share) ? RULE_COOKIE : RULE_NONE;
    if (is_picture(scope, node, share))
        return RULE_CAPTION;
    if (is_prompt(scope, node, share))
        return RULE_NEWSLETTER;
    return rule_of_shape(scope, node, share);
}

/* No letter and no digit: a pilcrow, an arrow, an icon. */
static bool is_sign(const struct page *page, uint32_t node)
{
    struct bytes text = tree_text(page->tree, page->arena, node, SIGN_BYTES);

    for (size_t i = 0; i < text.len; i++)
        if (is_alpha(text.ptr[i]) || is_digit(text.ptr[i]) ||
            ((unsigned char)text.ptr[i] >= 0xC3 && (unsigned char)text.ptr[i] != 0xE2))
            return false;
    return true;
}

static bool has_links_alone(const struct node *n)
{
    return n->n.links >= POPOVER_LINKS && n->n.link_chars == n->n.chars;
}

/* A card that opens above a name: nothing but links, and no smaller element has them. */
static bool is_popover(const struct tree *tree, uint32_t node)
{
    if (!has_links_alone(&tree->nodes[node]))
        return false;
    for (uint32_t i = node + 1; i < tree->nodes[node].end; i = tree->nodes[i].end)
        if (has_links_alone(&tree->nodes[i]))
            return false;
    return true;
}

/* Parts of a line that no reader sees, or only one who points at it. aria-hidden is seen: it hides
 * from those who listen. */
static enum rule rule_of_part(const struct scope *scope, uint32_t node)
{
    const struct page *page = scope->page;
    const struct node *n = &page->tree->nodes[node];

    if (n->attrs > 0 && is_not_displayed(page->tree, node))
        return RULE_HIDDEN;
    if (n->attrs > 0 && is_hidden_from_listeners(page->tree, node))
        return is_sign(page, node) ? RULE_HIDDEN : RULE_NONE;
    if (n->hints & HINT(HIDDEN))
        return RULE_HIDDEN;
    return n->hints & HINT(POPUP) || is_popover(page->tree, node) ? RULE_POPUP : RULE_NONE;
}

/* An inline element is a part of its line: what only a name says against it cuts the line when
 * there is little else in it. */
static void look_at_part(struct scope *scope, struct line *line, uint32_t node)
{
    const struct node *n = &scope->page->tree->nodes[node];
    enum rule rule = rule_of_part(scope, node);

    if (rule != RULE_NONE) {
        cut_part(scope->page, line, node, rule);
        return;
    }
    if (node < scope->covered_to)
        return;
    rule = rule_of(scope, node);
    if (rule == RULE_NONE)
        return;
    if (line->covered == 0)
        line->covered_by = (uint8_t)rule;
    line->covered += n->n.chars;
    scope->covered_to = n->end;
}

/* What the parts of lines come to. */
static void settle_lines(struct page *page, uint32_t root)
{
    uint32_t to = page->first_line[page->tree->nodes[root].end];

    for (uint32_t i = page->first_line[root]; i < to; i++) {
        struct line *line = &page->lines[i];

        if (line->stale)
            page_read_again(page, line);
        if (line->cut == RULE_NONE && line->covered > 0 &&
            line->covered * 100 >= line->n.chars * COVERED)
            line->cut = line->covered_by;
        line->covered = 0;
    }
}

void clean_blocks(struct page *page, uint32_t root, bool sure)
{
    struct tree *tree = page->tree;
    struct scope *scope = arena_alloc(page->arena, sizeof(*scope));

    *scope =
        (struct scope){.page = page, .root = root, .good = page_good(page, root), .sure = sure};
    if (!sure)
        sum_twins(scope);
    for (uint32_t i = root + 1; i < tree->nodes[root].end; i++) {
        struct node *node = &tree->nodes[i];
        struct line *line;
        enum rule rule;

        if (node->cut != RULE_NONE || (tag_flags(node->tag) & SILENT)) {
            i = node->end - 1;
            continue;
        }
        if (node->tag == TAG_TEXT || node->n.chars == 0)
            continue;
        line = tag_flags(node->tag) & BLOCK ? NULL : line_around(page, i);
        if (line != NULL) {
            look_at_part(scope, line, i);
            continue;
        }
        rule = rule_of(scope, i);
        if (rule != RULE_NONE) {
            clean_cut(page, i, rule);
            i = node->end - 1;
        }
    }
    settle_lines(page, root);
}
