/* fill_lexbor.c - fills a tree with lexbor, an HTML5 parser. */
#include "html/fill.h"

#ifdef EXTRACT_LEXBOR

#include <lexbor/dom/dom.h>
#include <lexbor/html/html.h>
#include <lexbor/html/tree/insertion_mode.h>
#include <stdlib.h>

#include "html/select_lexbor.h"
#include "html/shadow.h"

/* A document that held a large page is not kept for the next one. The others keep what is quadratic
 * in HTML from being so here: every tag may search all open elements, every attribute those before
 * it, and every block opens the formatting elements left open again. */
enum { KEPT_BYTES = 2 << 20, OPEN_MAX = 500, FORMATTING_MAX = 40, BUDGET = TREE_NODES };

/* Names are kept in tables of a fixed size, and an unfinished tag is not seen by on_token(): so the
 * page is fed in chunks, and what is left of it is not read once there are more names than any
 * author would think of. */
enum { CHUNK = 64 << 10, NAMES_MAX = 20000 };

/* A name of the page's own, which lexbor keeps as long as the page. */
struct known_name {
    const lxb_dom_attr_data_t *data;
    enum attr_name name;
};

enum { KNOWN_NAMES = 128 };

struct parser {
    lxb_html_document_t *document;
    size_t held;                      /* bytes of the last page */
    size_t budget;                    /* nodes that may still be made */
    lxb_html_tokenizer_token_f build; /* lexbor's own step from a token to the tree */
    void *build_ctx;
    struct css *css;   /* NULL until a selector is compiled */
    struct tree *tree; /* that is being filled; NULL when nothing but lexbor's is wanted */
    uint8_t tags[LXB_TAG__LAST_ENTRY];
    uint8_t attrs[LXB_DOM_ATTR__LAST_ENTRY];
    struct known_name known[KNOWN_NAMES];
};

static void map_tags(struct parser *parser)
{
    for (lxb_tag_id_t id = LXB_TAG__UNDEF + 1; id < LXB_TAG__LAST_ENTRY; id++) {
        size_t len = 0;
        const lxb_char_t *name = lxb_tag_name_by_id(id, &len);

        if (name != NULL)
            parser->tags[id] = (uint8_t)tree_tag((struct bytes){(const char *)name, len});
    }
}

static void map_attrs(struct parser *parser)
{
    static const struct {
        lxb_dom_attr_id_t id;
        enum attr_name name;
    } known[] = {
        {LXB_DOM_ATTR_ALT, ATTR_ALT},
        {LXB_DOM_ATTR_CLASS, ATTR_CLASS},
        {LXB_DOM_ATTR_CONTENT, ATTR_CONTENT},
        {LXB_DOM_ATTR_HREF, ATTR_HREF},
        {LXB_DOM_ATTR_ID, ATTR_ID},
        {LXB_DOM_ATTR_SLOT, ATTR_SLOT},
        {LXB_DOM_ATTR_SRC, ATTR_SRC},
        {LXB_DOM_ATTR_STYLE, ATTR_STYLE},
        {LXB_DOM_ATTR_TITLE, ATTR_TITLE},
        {LXB_DOM_ATTR_TYPE, ATTR_TYPE},
        {LXB_DOM_ATTR_WIDTH, ATTR_WIDTH},
        {LXB_DOM_ATTR_HTTP_EQUIV, ATTR_HTTP_EQUIV},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        parser->attrs[known[i].id] = (uint8_t)known[i].name;
}

static void *parser_open(void)
{
    struct parser *parser = calloc(1, sizeof(*parser));

    if (parser == NULL)
        return NULL;
    map_tags(parser);
    map_attrs(parser);
    return parser;
}

static void parser_close(void *self)
{
    struct parser *parser = self;

    if (parser->document != NULL)
        lxb_html_document_destroy(parser->document);
    css_close(parser->css);
    free(parser);
}

static bool is_formatting(lxb_tag_id_t tag)
{
    switch (tag) {
    case LXB_TAG_A:
    case LXB_TAG_B:
    case LXB_TAG_BIG:
    case LXB_TAG_CODE:
    case LXB_TAG_EM:
    case LXB_TAG_FONT:
    case LXB_TAG_I:
    case LXB_TAG_NOBR:
    case LXB_TAG_S:
    case LXB_TAG_SMALL:
    case LXB_TAG_STRIKE:
    case LXB_TAG_STRONG:
    case LXB_TAG_TT:
    case LXB_TAG_U:
        return true;
    default:
        return false;
    }
}

/* Elements whose start changes how what follows is read, or that hold nothing open. */
static bool is_needed(lxb_tag_id_t tag)
{
    switch (tag) {
    case LXB_TAG_SCRIPT:
    case LXB_TAG_STYLE:
    case LXB_TAG_TITLE:
    case LXB_TAG_TEXTAREA:
    case LXB_TAG_IFRAME:
    case LXB_TAG_XMP:
    case LXB_TAG_NOEMBED:
    case LXB_TAG_NOFRAMES:
    case LXB_TAG_PLAINTEXT:
    case LXB_TAG_META:
    case LXB_TAG_LINK:
    case LXB_TAG_IMG:
    case LXB_TAG_BR:
        return true;
    default:
        return false;
    }
}

/* What a form offers is not read, and lexbor looks at all of it for each. */
static bool is_option(lxb_tag_id_t tag)
{
    return tag == LXB_TAG_OPTION || tag == LXB_TAG_OPTGROUP;
}

static void limit_attrs(lxb_html_token_t *token)
{
    lxb_html_token_attr_t *attr = token->attr_first;

    for (int i = 1; attr != NULL && i < FILL_ATTRS; i++)
        attr = attr->next;
    if (attr != NULL) {
        attr->next = NULL;
        token->attr_last = attr;
    }
}

static enum attr_name name_of(struct parser *parser, const lxb_dom_attr_data_t *data)
{
    struct known_name *known;

    if (data->attr_id < LXB_DOM_ATTR__LAST_ENTRY)
        return (enum attr_name)parser->attrs[data->attr_id];
    known = &parser->known[((uintptr_t)data >> 4) % KNOWN_NAMES];
    if (known->data != data) {
        known->data = data;
        known->name = fill_attr_name(
            (struct bytes){(const char *)lexbor_hash_entry_str(&data->entry), data->entry.length});
    }
    return known->name;
}

/* Elements whose attributes lexbor has to see: those of formatting elements go to their copies, and
 * some others decide about what becomes of the tree. */
static bool needs_attrs(lxb_tag_id_t tag)
{
    switch (tag) {
    case LXB_TAG_ANNOTATION_XML:
    case LXB_TAG_BODY:
    case LXB_TAG_HEAD:
    case LXB_TAG_HTML:
    case LXB_TAG_IMAGE:
    case LXB_TAG_INPUT:
    case LXB_TAG_TEMPLATE:
        return true;
    default:
        return tag < LXB_TAG_A || tag >= LXB_TAG__LAST_ENTRY || is_formatting(tag);
    }
}

/* Elements that are closed as soon as they are opened. */
static bool is_void(lxb_tag_id_t tag)
{
    switch (tag) {
    case LXB_TAG_AREA:
    case LXB_TAG_BASE:
    case LXB_TAG_BR:
    case LXB_TAG_COL:
    case LXB_TAG_EMBED:
    case LXB_TAG_HR:
    case LXB_TAG_IMG:
    case LXB_TAG_LINK:
    case LXB_TAG_META:
    case LXB_TAG_PARAM:
    case LXB_TAG_SOURCE:
    case LXB_TAG_TRACK:
    case LXB_TAG_WBR:
        return true;
    default:
        return false;
    }
}

/* The element that a token makes will be found again: it is the current node then, or its last
 * child. Tables put some elsewhere. */
static bool is_found_again(const lxb_html_tree_t *tree, const lxb_html_token_t *token)
{
    if (!is_void(token->tag_id) && !(token->type & LXB_HTML_TOKEN_TYPE_CLOSE_SELF))
        return true;
    return tree->mode == lxb_html_tree_insertion_mode_in_body ||
           tree->mode == lxb_html_tree_insertion_mode_in_head ||
           tree->mode == lxb_html_tree_insertion_mode_in_cell;
}

/* Attributes that nobody will ask for never become nodes. */
static void drop_attrs(struct parser *parser, lxb_html_token_t *token)
{
    lxb_html_token_attr_t **link = &token->attr_first;
    lxb_html_token_attr_t *last = NULL;

    for (lxb_html_token_attr_t *attr = token->attr_first; attr != NULL; attr = attr->next) {
        if (name_of(parser, attr->name) == ATTR_NONE)
            continue;
        *link = attr;
        attr->prev = last;
        last = attr;
        link = &attr->next;
    }
    *link = NULL;
    token->attr_last = last;
}

/* Take the token's attributes into the tree; how many there are that anybody asks for. */
static uintptr_t take_attrs(struct parser *parser, lxb_html_token_t *token)
{
    uint64_t seen = 0;
    uintptr_t count = 0;

    _Static_assert(ATTRS <= 64, "a bit for each name");
    for (const lxb_html_token_attr_t *attr = token->attr_first; attr != NULL; attr = attr->next) {
        enum attr_name name = name_of(parser, attr->name);
        struct bytes value = {NULL, 0};

        if (name == ATTR_NONE || seen >> name & 1)
            continue;
        seen |= UINT64_C(1) << name;
        if (attr->value_begin != NULL)
            value = (struct bytes){(const char *)attr->value, attr->value_size};
        count += tree_keep_attr(parser->tree, name, value);
    }
    token->attr_first = token->attr_last = NULL;
    return count;
}

/* Where a node's attributes stand in the tree, in the place of a pointer: the first, how many there
 * are (up to FILL_ATTRS), and a bit that no pointer has. */
static void *attrs_at(uintptr_t first, uintptr_t count)
{
    return (void *)(first << 8 | count << 1 | 1); /* NOLINT(performance-no-int-to-ptr) */
}

/* What takes up the children of an element: a template has a document of its own. */
static lxb_dom_node_t *inside(lxb_dom_node_t *node)
{
    return node->local_name == LXB_TAG_TEMPLATE && node->ns == LXB_NS_HTML
               ? lxb_dom_interface_node(lxb_html_interface_template(node)->content)
               : node;
}

/* Build what the token makes, with its attributes in the tree instead of lexbor's. */
static lxb_html_token_t *build_bare(struct parser *parser, lxb_html_tokenizer_t *tkz,
    lxb_html_tree_t *tree, lxb_html_token_t *token)
{
    lxb_dom_node_t *before = lxb_html_tree_current_node(tree);
    const lxb_dom_node_t *last = before == NULL ? NULL : inside(before)->last_child;
    uintptr_t first = parser->tree->attr_count;
    uintptr_t count = take_attrs(parser, token);
    lxb_tag_id_t tag = token->tag_id;
    lxb_html_token_t *next = parser->build(tkz, token, parser->build_ctx);
    lxb_dom_node_t *made = lxb_html_tree_current_node(tree);

    if (count == 0 || made == NULL)
        return next;
    if (made == before || made->local_name != tag)
        made = inside(made)->last_child;
    if (made != NULL && made != last && made->local_name == tag && made->user == NULL)
        made->user = attrs_at(first, count);
    return next;
}

/* It would take more than the limits. */
static bool is_too_much(struct parser *parser, const lxb_html_tree_t *tree, lxb_tag_id_t tag)
{
    size_t formatting = lexbor_array_length(tree->active_formatting);
    size_t cost = 1 + formatting;

    if ((cost > parser->budget && !is_needed(tag)) || is_option(tag))
        return true;
    parser->budget -= cost < parser->budget ? cost : parser->budget;
    if (tag != LXB_TAG__TEXT && !is_needed(tag) &&
        lexbor_array_length(tree->open_elements) > OPEN_MAX)
        return true;
    return formatting > FORMATTING_MAX && is_formatting(tag);
}

/* Between tokenizer and tree: leaves out what would take more than the limits, and what no tree is
 * filled with. */
static lxb_html_token_t *on_token(lxb_html_tokenizer_t *tkz, lxb_html_token_t *token, void *ctx)
{
    struct parser *parser = ctx;
    lxb_html_tree_t *tree = ((lxb_html_parser_t *)parser->document->dom_document.parser)->tree;

    if (token->tag_id == LXB_TAG__END_OF_FILE || token->type & LXB_HTML_TOKEN_TYPE_CLOSE)
        return parser->build(tkz, token, parser->build_ctx);
    if (is_too_much(parser, tree, token->tag_id))
        return token;
    if (token->tag_id == LXB_TAG__EM_COMMENT && parser->tree != NULL)
        return token;
    limit_attrs(token);
    if (parser->tree == NULL || parser->css != NULL || token->attr_first == NULL)
        return parser->build(tkz, token, parser->build_ctx);
    if (!needs_attrs(token->tag_id) && is_found_again(tree, token))
        return build_bare(parser, tkz, tree, token);
    if (token->tag_id == LXB_TAG_A)
        drop_attrs(parser, token);
    return parser->build(tkz, token, parser->build_ctx);
}

static bool has_few_names(const lxb_html_tokenizer_t *tkz)
{
    return (tkz->attrs == NULL || lexbor_hash_entries_count(tkz->attrs) < NAMES_MAX) &&
           (tkz->tags == NULL || lexbor_hash_entries_count(tkz->tags) < NAMES_MAX);
}

static int feed_page(struct parser *parser, struct bytes html)
{
    lxb_html_tokenizer_t *tkz;

    if (lxb_html_document_parse_chunk_begin(parser->document) != LXB_STATUS_OK)
        return E_FORMAT;
    tkz = ((lxb_html_parser_t *)parser->document->dom_document.parser)->tkz;
    if (tkz->callback_token_done != on_token) {
        parser->build = tkz->callback_token_done;
        parser->build_ctx = tkz->callback_token_ctx;
        lxb_html_tokenizer_callback_token_done_set(tkz, on_token, parser);
    }
    parser->budget = BUDGET;
    memset(parser->known, 0, sizeof(parser->known));
    if (parser->tree != NULL)
        parser->document->dom_document.options |= LXB_DOM_DOCUMENT_OPT_WO_EVENTS;
    else
        parser->document->dom_document.options &=
            ~(lxb_dom_document_opt_t)LXB_DOM_DOCUMENT_OPT_WO_EVENTS;
    while (html.len > 0 && has_few_names(tkz)) {
        struct bytes chunk = bytes_slice(html, 0, CHUNK);

        if (lxb_html_document_parse_chunk(
                parser->document, (const lxb_char_t *)chunk.ptr, chunk.len) != LXB_STATUS_OK)
            return E_FORMAT;
        html = bytes_from(html, chunk.len);
    }
    return lxb_html_document_parse_chunk_end(parser->document) == LXB_STATUS_OK ? OK : E_FORMAT;
}

static int parse(struct parser *parser, struct bytes html, struct error *err)
{
    if (parser->document != NULL && parser->held > KEPT_BYTES) {
        lxb_html_document_destroy(parser->document);
        parser->document = NULL;
    }
    if (parser->document == NULL)
        parser->document = lxb_html_document_create();
    else
        lxb_html_document_clean(parser->document);
    if (parser->document == NULL)
        return fail(err, E_LIMIT, "out of memory for a document");
    parser->held = html.len;
    if (feed_page(parser, html) != OK) {
        lxb_html_document_destroy(parser->document);
        parser->document = NULL;
        fail(err, E_FORMAT, "the HTML parser gave up");
        return E_FORMAT;
    }
    return OK;
}

static enum attr_name attr_name(const struct parser *parser, const lxb_dom_attr_t *attr)
{
    size_t len = 0;
    const lxb_char_t *name;

    if (attr->node.local_name < LXB_DOM_ATTR__LAST_ENTRY)
        return (enum attr_name)parser->attrs[attr->node.local_name];
    name = lxb_dom_attr_qualified_name((lxb_dom_attr_t *)attr, &len);
    if (name == NULL)
        return ATTR_NONE;
    return fill_attr_name((struct bytes){(const char *)name, len});
}

static void add_attrs(
    const struct parser *parser, struct tree *tree, uint32_t node, lxb_dom_node_t *from)
{
    const lxb_dom_attr_t *attr = lxb_dom_interface_element(from)->first_attr;

    for (int i = 0; attr != NULL && i < FILL_ATTRS; attr = attr->next, i++) {
        enum attr_name name = attr_name(parser, attr);

        if (name == ATTR_NONE)
            continue;
        tree_add_attr(tree, node, name,
            attr->value == NULL
                ? (struct bytes){NULL, 0}
                : (struct bytes){(const char *)attr->value->data, attr->value->length});
    }
}

static struct bytes text_of(lxb_dom_node_t *node)
{
    const lexbor_str_t *data = &lxb_dom_interface_character_data(node)->data;

    return (struct bytes){(const char *)data->data, data->length};
}

/* The node for from, or UINT32_MAX when it has none. */
static uint32_t add_element(const struct parser *parser, struct fill *fill, lxb_dom_node_t *from)
{
    enum tag tag = from->local_name < LXB_TAG__LAST_ENTRY ? (enum tag)parser->tags[from->local_name]
                                                          : TAG_OTHER;
    uint32_t node = fill_element(fill, tag);

    if (node == UINT32_MAX)
        return node;
    if ((uintptr_t)from->user & 1) {
        fill->tree->nodes[node].attr = (uint32_t)((uintptr_t)from->user >> 8);
        fill->tree->nodes[node].attrs = (uint16_t)((uintptr_t)from->user >> 1 & 0x7F);
        return node;
    }
    /* For css_select(); the root, 0, is never asked for. A number stands in lexbor's
     * place for a pointer. */
    if (parser->css != NULL)
        from->user = (void *)(uintptr_t)node; /* NOLINT(performance-no-int-to-ptr) */
    add_attrs(parser, fill->tree, node, from);
    if (tag == TAG_TEMPLATE)
        shadow_begins(fill->tree, node);
    return node;
}

/* The first of what is shown in an element. */
static lxb_dom_node_t *first_in(const struct fill *fill, lxb_dom_node_t *node)
{
    const struct tree *tree = fill->tree;

    if (node->local_name == LXB_TAG_TEMPLATE && fill->depth <= TREE_DEPTH &&
        tree->nodes[tree->stack[fill->depth - 1]].tag == TAG_SHADOW)
        return inside(node)->first_child;
    return node->first_child;
}

static lxb_dom_node_t *parent_of(lxb_dom_node_t *node)
{
    node = node->parent;
    return node->type == LXB_DOM_NODE_TYPE_DOCUMENT_FRAGMENT
               ? lxb_dom_interface_node(lxb_dom_interface_document_fragment(node)->host)
               : node;
}

static void walk(const struct parser *parser, struct fill *fill, lxb_dom_node_t *root)
{
    lxb_dom_node_t *node = root;
    lxb_dom_node_t *first;
    bool down;

    for (;;) {
        down = false;
        if (node->type == LXB_DOM_NODE_TYPE_TEXT)
            fill_text(fill, text_of(node));
        else if (node->type == LXB_DOM_NODE_TYPE_ELEMENT)
            down = add_element(parser, fill, node) != UINT32_MAX;
        if (down && (first = first_in(fill, node)) != NULL) {
            node = first;
            continue;
        }
        if (down)
            fill_end(fill);
        while (node != root && node->next == NULL) {
            node = parent_of(node);
            fill_end(fill);
        }
        if (node == root)
            return;
        node = node->next;
    }
}

static int fill_tree(void *self, struct tree *tree, struct bytes html, struct error *err)
{
    struct parser *parser = self;
    struct fill fill = {.tree = tree};
    lxb_dom_node_t *root;
    int code;

    parser->tree = tree;
    code = parse(parser, html, err);
    if (code != OK)
        return code;
    root = lxb_dom_interface_node(lxb_dom_document_element(&parser->document->dom_document));
    if (root == NULL)
        return fail(err, E_FORMAT, "the page has no root");
    walk(parser, &fill, root);
    /* What the tree is lent lies with the texts; only selectors look at the nodes again. */
    if (parser->css == NULL)
        lexbor_mraw_clean(parser->document->dom_document.mraw);
    return OK;
}

static int bare_parse(void *self, struct bytes html)
{
    struct parser *parser = self;

    parser->tree = NULL;
    return parse(parser, html, NULL);
}

static void *compile(void *self, struct bytes text)
{
    struct parser *parser = self;

    if (parser->css == NULL)
        parser->css = css_open();
    return parser->css == NULL ? NULL : css_compile(parser->css, text);
}

static size_t find_all(void *self, const void *selector, uint32_t *ret_nodes, size_t room)
{
    struct parser *parser = self;

    return css_select(
        parser->css, lxb_dom_interface_node(parser->document), selector, ret_nodes, room);
}

const struct filler filler_lexbor = {
    "lexbor", parser_open, parser_close, fill_tree, bare_parse, compile, find_all};

#endif
