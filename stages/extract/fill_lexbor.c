/* fill_lexbor.c - fills a tree with lexbor, an HTML5 parser. */
#include "fill.h"

#ifdef EXTRACT_LEXBOR

#include <lexbor/dom/dom.h>
#include <lexbor/html/html.h>
#include <stdlib.h>

/* A document that held a large page is not kept for the next one. */
enum { KEPT_BYTES = 2 << 20 };

struct parser {
    lxb_html_document_t *document;
    size_t held; /* bytes of the last page */
    uint8_t tags[LXB_TAG__LAST_ENTRY];
    uint8_t attrs[LXB_DOM_ATTR__LAST_ENTRY];
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
        {LXB_DOM_ATTR_ALT, ATTR_ALT},         {LXB_DOM_ATTR_CLASS, ATTR_CLASS},
        {LXB_DOM_ATTR_CONTENT, ATTR_CONTENT}, {LXB_DOM_ATTR_HREF, ATTR_HREF},
        {LXB_DOM_ATTR_ID, ATTR_ID},           {LXB_DOM_ATTR_SRC, ATTR_SRC},
        {LXB_DOM_ATTR_STYLE, ATTR_STYLE},     {LXB_DOM_ATTR_TITLE, ATTR_TITLE},
        {LXB_DOM_ATTR_TYPE, ATTR_TYPE},       {LXB_DOM_ATTR_WIDTH, ATTR_WIDTH},
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
    free(parser);
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
    if (lxb_html_document_parse(parser->document, (const lxb_char_t *)html.ptr, html.len) !=
        LXB_STATUS_OK)
        return fail(err, E_FORMAT, "the HTML parser gave up");
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
static uint32_t add_element(
    const struct parser *parser, struct fill *fill, lxb_dom_node_t *from)
{
    enum tag tag = from->local_name < LXB_TAG__LAST_ENTRY
                       ? (enum tag)parser->tags[from->local_name]
                       : TAG_OTHER;
    uint32_t node = fill_element(fill, tag);

    if (node != UINT32_MAX)
        add_attrs(parser, fill->tree, node, from);
    return node;
}

static void walk(const struct parser *parser, struct fill *fill, lxb_dom_node_t *root)
{
    lxb_dom_node_t *node = root;
    bool down;

    for (;;) {
        down = false;
        if (node->type == LXB_DOM_NODE_TYPE_TEXT)
            fill_text(fill, text_of(node));
        else if (node->type == LXB_DOM_NODE_TYPE_ELEMENT)
            down = add_element(parser, fill, node) != UINT32_MAX;
        if (down && node->first_child != NULL) {
            node = node->first_child;
            continue;
        }
        if (down)
            fill_end(fill);
        while (node != root && node->next == NULL) {
            node = node->parent;
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
    int code = parse(parser, html, err);
    lxb_dom_node_t *root;

    if (code != OK)
        return code;
    root = lxb_dom_interface_node(lxb_dom_document_element(&parser->document->dom_document));
    if (root == NULL)
        return fail(err, E_FORMAT, "the page has no root");
    walk(parser, &fill, root);
    return OK;
}

static int bare_parse(void *self, struct bytes html)
{
    return parse(self, html, NULL);
}

const struct filler filler_lexbor = {"lexbor", parser_open, parser_close, fill_tree, bare_parse};

#endif
