/* tree.h - a page as a flat array of nodes in document order, with counts per node.
 *
 * A node's descendants are the nodes between it and its `end`, so that walking, skipping and
 * summing are loops over an array: nothing recurses, however deep the page. What a subtree holds
 * (characters, links, words) is counted once; every density test after that is two loads. */
#ifndef WIREROOM_EXTRACT_HTML_TREE_H
#define WIREROOM_EXTRACT_HTML_TREE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* Limits: what is beyond them is left out of the tree, and the tree says so. */
enum { TREE_NODES = 400000, TREE_ATTRS = 400000, TREE_DEPTH = 4096 };

/* name, flags. The names are those of HTML; the tags that are no names stand first. */
/* clang-format off */
#define TREE_TAGS(X)                                                                               \
    X(A, "a", 0) X(ABBR, "abbr", 0) X(ADDRESS, "address", BLOCK) X(AMP_IMG, "amp-img", 0)          \
    X(ARTICLE, "article", BLOCK) X(ASIDE, "aside", BLOCK) X(AUDIO, "audio", SILENT) X(B, "b", 0)   \
    X(BASE, "base", SILENT) X(BLOCKQUOTE, "blockquote", BLOCK) X(BODY, "body", BLOCK)              \
    X(BR, "br", 0) X(BUTTON, "button", SILENT) X(CANVAS, "canvas", SILENT)                         \
    X(CAPTION, "caption", BLOCK) X(CENTER, "center", BLOCK) X(CITE, "cite", 0) X(CODE, "code", 0)  \
    X(DATA, "data", 0) X(DATALIST, "datalist", SILENT) X(DD, "dd", BLOCK) X(DEL, "del", 0)         \
    X(DETAILS, "details", BLOCK) X(DIALOG, "dialog", SILENT | BLOCK) X(DIV, "div", BLOCK)          \
    X(DL, "dl", BLOCK) X(DT, "dt", BLOCK) X(EM, "em", 0) X(EMBED, "embed", SILENT)                 \
    X(FIELDSET, "fieldset", BLOCK) X(FIGCAPTION, "figcaption", BLOCK) X(FIGURE, "figure", BLOCK)   \
    X(FONT, "font", 0) X(FOOTER, "footer", BLOCK) X(FORM, "form", BLOCK)                           \
    X(FRAMESET, "frameset", BLOCK) X(H1, "h1", BLOCK) X(H2, "h2", BLOCK) X(H3, "h3", BLOCK)        \
    X(H4, "h4", BLOCK) X(H5, "h5", BLOCK) X(H6, "h6", BLOCK) X(HEAD, "head", BLOCK)                \
    X(HEADER, "header", BLOCK) X(HGROUP, "hgroup", BLOCK) X(HR, "hr", BLOCK)                       \
    X(HTML, "html", BLOCK) X(I, "i", 0) X(IFRAME, "iframe", SILENT) X(IMG, "img", 0)               \
    X(INPUT, "input", SILENT) X(INS, "ins", 0) X(LABEL, "label", 0) X(LEGEND, "legend", BLOCK)     \
    X(LI, "li", BLOCK) X(LINK, "link", SILENT) X(MAIN, "main", BLOCK) X(MAP, "map", SILENT)        \
    X(MARK, "mark", 0) X(MATH, "math", 0) X(MENU, "menu", BLOCK) X(META, "meta", SILENT)           \
    X(NAV, "nav", BLOCK) X(NOSCRIPT, "noscript", BLOCK) X(OBJECT, "object", SILENT)                \
    X(OL, "ol", BLOCK) X(OPTION, "option", SILENT) X(P, "p", BLOCK) X(PARAM, "param", SILENT)      \
    X(PICTURE, "picture", 0) X(PRE, "pre", BLOCK) X(PROGRESS, "progress", SILENT) X(Q, "q", 0)     \
    X(RP, "rp", SILENT) X(RT, "rt", SILENT) X(S, "s", 0) X(SCRIPT, "script", SILENT)               \
    X(SECTION, "section", BLOCK) X(SELECT, "select", SILENT) X(SLOT, "slot", 0) X(SMALL, "small", 0)                  \
    X(SOURCE, "source", SILENT) X(SPAN, "span", 0) X(STRIKE, "strike", 0) X(STRONG, "strong", 0)   \
    X(STYLE, "style", SILENT) X(SUB, "sub", 0) X(SUMMARY, "summary", BLOCK) X(SUP, "sup", 0)       \
    X(SVG, "svg", SILENT) X(TABLE, "table", BLOCK) X(TBODY, "tbody", BLOCK) X(TD, "td", BLOCK)     \
    X(TEMPLATE, "template", SILENT) X(TEXTAREA, "textarea", SILENT) X(TFOOT, "tfoot", BLOCK)       \
    X(TH, "th", BLOCK) X(THEAD, "thead", BLOCK) X(TIME, "time", 0) X(TITLE, "title", SILENT)       \
    X(TR, "tr", BLOCK) X(TRACK, "track", SILENT) X(U, "u", 0) X(UL, "ul", BLOCK)                   \
    X(VIDEO, "video", SILENT) X(WBR, "wbr", 0)
/* clang-format on */

enum tag {
    TAG_OTHER,
    TAG_TEXT,
    TAG_SHADOW, /* a template that its parent shows: until the tree is composed */
#define X(id, name, flags) TAG_##id,
    TREE_TAGS(X)
#undef X
        TAGS
};

enum tag_flag {
    BLOCK = 1,  /* starts a line of its own */
    SILENT = 2, /* its text is not for readers */
};

/* clang-format off */
#define TREE_ATTRIBUTES(X)                                                                         \
    X(ALT, "alt") X(ARIA_HIDDEN, "aria-hidden") X(AS, "as") X(CLASS, "class") X(CONTENT, "content")            \
    X(DATETIME, "datetime") X(DATA_SRC, "data-src") X(DATA_COMPONENT, "data-component")            \
    X(DATA_TESTID, "data-testid") X(DATA_SRCSET, "data-srcset") X(HIDDEN, "hidden") X(HREF, "href") X(HREFLANG, "hreflang")      \
    X(HTTP_EQUIV, "http-equiv") X(ID, "id") X(IMAGESRCSET, "imagesrcset") X(ITEMPROP, "itemprop") X(ITEMTYPE, "itemtype") X(ITEMSCOPE, "itemscope")        \
    X(LANG, "lang") X(NAME, "name") X(PROPERTY, "property") X(REL, "rel") X(ROLE, "role")          \
    X(SHADOWROOTMODE, "shadowrootmode") X(SLOT, "slot")        \
    X(SRC, "src") X(SRCSET, "srcset") X(STYLE, "style") X(TITLE, "title") X(TYPE, "type") X(TYPEOF, "typeof")          \
    X(WIDTH, "width") X(XML_LANG, "xml:lang") X(COLSPAN, "colspan")
/* clang-format on */

enum attr_name {
    ATTR_NONE,
#define X(id, name) ATTR_##id,
    TREE_ATTRIBUTES(X)
#undef X
        ATTRS
};

struct attr {
    enum attr_name name;
    struct bytes value; /* lent by the parser's document */
};

/* What a subtree holds. Characters are those that are not white space; a CJK character counts as
 * three, which is about what it says in letters. */
struct counts {
    uint32_t chars;
    uint32_t link_chars; /* of these, inside <a href> */
    uint32_t words;
    uint32_t commas; /* of any script */
    uint32_t links;
    uint32_t images;
};

struct node {
    uint32_t parent; /* the root is its own parent */
    uint32_t end;    /* one behind the last descendant */
    uint32_t attr;   /* first of its attributes */
    uint16_t attrs;
    uint16_t depth;
    uint8_t tag;       /* enum tag */
    uint8_t cut;       /* enum rule of clean.h: by which it was cut; 0 while it stands */
    bool space_before; /* white space stood before it that has no node of its own */
    bool in_link;
    uint64_t hints;    /* enum hint of hint.h: of its class, id, role and itemprop */
    struct bytes text; /* of TAG_TEXT, and of script and title elements; lent by the document */
    struct counts n;
};

struct tree {
    struct node *nodes;
    size_t count, cap;
    struct attr *attrs;
    size_t attr_count, attr_cap;
    uint32_t tags[TAGS]; /* how many nodes there are of each */
    bool truncated;      /* something was over a limit */
    bool has_shadow;     /* it is to be composed */
    uint32_t *moved;     /* NULL, or of each node that was filled in what it is now */
    uint32_t body;       /* 0 when there is none */
    uint32_t *stack;     /* of the filler: TREE_DEPTH entries */
};

/* A parser that fills trees. */
struct filler {
    const char *name;    /* "lexbor" or "libxml2" */
    void *(*open)(void); /* a parser; NULL when out of memory */
    void (*close)(void *parser);
    /* Parse html, which is UTF-8, and add its nodes to tree. What the tree is lent lives until the
     * next call with this parser. */
    int (*fill)(void *parser, struct tree *tree, struct bytes html, struct error *err);
    /* Parse html and throw the result away: what a bench compares with. */
    int (*parse)(void *parser, struct bytes html);
    /* CSS selectors, both NULL where the parser has none. What is compiled before a page is filled
     * may be looked for in it; NULL when text is no selector. Nodes come in document order. */
    void *(*compile)(void *parser, struct bytes text);
    size_t (*select)(void *parser, const void *selector, uint32_t *ret_nodes, size_t room);
};

/* All that this build knows, ended by NULL; the first is what is used. */
extern const struct filler *const tree_fillers[];

/* An empty tree; its arrays are kept from page to page. */
void tree_init(struct tree *tree);
void tree_done(struct tree *tree);

/* Forget the nodes; arrays that one huge page made huge are given back. */
void tree_clear(struct tree *tree);

/* For fillers: add a node below parent (ignored for the first). UINT32_MAX over the limit. The
 * caller sets `end` when the node is closed. */
uint32_t tree_add(struct tree *tree, uint32_t parent, enum tag tag);
void tree_add_attr(struct tree *tree, uint32_t node, enum attr_name name, struct bytes value);

/* For fillers: an attribute of a node that is added later; the filler sets the `attr` and `attrs`
 * of that. False over the limit. */
bool tree_keep_attr(struct tree *tree, enum attr_name name, struct bytes value);

/* For fillers: names to numbers; TAG_OTHER and ATTR_NONE when unknown. */
enum tag tree_tag(struct bytes name);
enum attr_name tree_attr_name(struct bytes name);

/* After filling: compose shadow trees, sum up the counts and find the body. */
void tree_finish(struct tree *tree);

static inline const struct node *tree_at(const struct tree *tree, uint32_t node)
{
    return &tree->nodes[node];
}

/* An attribute's value; empty when absent. */
struct bytes tree_attr(const struct tree *tree, uint32_t node, enum attr_name name);
bool tree_has_attr(const struct tree *tree, uint32_t node, enum attr_name name);

/* Words in a space separated attribute value, without case. */
bool tree_attr_has_word(
    const struct tree *tree, uint32_t node, enum attr_name name, const char *word);

uint8_t tag_flags(enum tag tag);
const char *tag_name(enum tag tag);

static inline bool tag_is_heading(enum tag tag)
{
    return tag >= TAG_H1 && tag <= TAG_H6;
}

/* a lies in the subtree of b, or is b. */
static inline bool tree_within(const struct tree *tree, uint32_t a, uint32_t b)
{
    return a >= b && a < tree->nodes[b].end;
}

/* The nearest node that holds both. */
uint32_t tree_common(const struct tree *tree, uint32_t a, uint32_t b);

/* The subtree's text with white space folded to single spaces and trimmed, at most limit bytes
 * (cut at a character); silent subtrees are left out, what was cut is not. */
struct bytes tree_text(const struct tree *tree, struct arena *arena, uint32_t node, size_t limit);

/* The same over the nodes [from, to). */
struct bytes tree_text_range(
    const struct tree *tree, struct arena *arena, uint32_t from, uint32_t to, size_t limit);

/* The same without what was cut. */
struct bytes tree_text_standing(
    const struct tree *tree, struct arena *arena, uint32_t from, uint32_t to, size_t limit);

/* Take the characters without a width out of text; its new length. */
size_t tree_drop_unseen(char *text, size_t len);

/* Characters, words and commas of text, added to counts. */
void counts_add_text(struct counts *counts, struct bytes text);

#endif
