/* fill_libxml2.c - fills a tree with libxml2's HTML parser, where lexbor cannot be had.
 *
 * libxml2 2.9.14 stops at a NUL byte and is quadratic in the attributes of a tag; both are taken
 * out before it sees the page. It leaves out by itself what is deeper than 256. */
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>

#include "fill.h"

enum { TAG_BYTES = 32768 };

struct parser {
    htmlDocPtr document;
};

static void *parser_open(void)
{
    struct parser *parser = calloc(1, sizeof(*parser));

    xmlInitParser();
    return parser;
}

static void parser_close(void *self)
{
    struct parser *parser = self;

    if (parser->document != NULL)
        xmlFreeDoc(parser->document);
    free(parser);
}

/* Where the guard stands in a tag. */
struct guard {
    size_t start; /* of the tag's bytes in the copy, plus one; 0 outside of tags */
    int attrs;    /* seen in it */
    char quote;   /* that an attribute's value is in, or 0 */
    bool is_over; /* what follows in the tag is left out */
};

/* c goes into the copy. */
static bool guard_step(struct guard *guard, char c, char before, size_t len)
{
    if (c == '\0')
        return false;
    if (guard->start == 0)
        return true;
    if (guard->quote != 0) {
        if (c == guard->quote)
            guard->quote = 0;
    } else if ((c == '"' || c == '\'') && before == '=') {
        guard->quote = c;
    } else if (c == '>') {
        guard->start = 0;
        return true;
    } else if (is_space(c) || c == '=') {
        guard->attrs += is_space(c) && !is_space(before);
    }
    guard->is_over |= guard->attrs > FILL_ATTRS || len + 1 - guard->start > TAG_BYTES;
    return !guard->is_over;
}

/* A copy without NUL bytes, in which no open tag has more than FILL_ATTRS attributes or TAG_BYTES
 * bytes. */
static struct bytes guard(struct bytes html)
{
    char *out = malloc(html.len + 1);
    struct guard state = {0};
    size_t len = 0;

    if (out == NULL)
        return (struct bytes){NULL, 0};
    for (size_t i = 0; i < html.len; i++) {
        if (html.ptr[i] == '<' && state.start == 0 && i + 1 < html.len && is_alpha(html.ptr[i + 1]))
            state = (struct guard){.start = len + 1};
        if (guard_step(&state, html.ptr[i], (char)(i > 0 ? html.ptr[i - 1] : ' '), len))
            out[len++] = html.ptr[i];
    }
    return (struct bytes){out, len};
}

static int parse(struct parser *parser, struct bytes html, struct error *err)
{
    struct bytes safe = guard(html);
    htmlParserCtxtPtr ctxt;

    if (parser->document != NULL)
        xmlFreeDoc(parser->document);
    parser->document = NULL;
    if (safe.ptr == NULL || safe.len == 0) {
        free((char *)safe.ptr);
        return fail(err, E_FORMAT, "the page is empty");
    }
    ctxt = htmlCreateMemoryParserCtxt(safe.ptr, (int)safe.len);
    if (ctxt != NULL) {
        htmlCtxtUseOptions(ctxt, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                     HTML_PARSE_NONET | HTML_PARSE_NODEFDTD |
                                     HTML_PARSE_IGNORE_ENC);
        xmlSwitchEncoding(ctxt, XML_CHAR_ENCODING_UTF8);
        htmlParseDocument(ctxt);
        parser->document = ctxt->myDoc;
        ctxt->myDoc = NULL;
        htmlFreeParserCtxt(ctxt);
    }
    free((char *)safe.ptr);
    return parser->document == NULL ? fail(err, E_FORMAT, "the HTML parser gave up") : OK;
}

static struct bytes bytes_of_xml(const xmlChar *text)
{
    return bytes_of((const char *)text);
}

static void add_attrs(struct tree *tree, uint32_t node, const xmlNode *from)
{
    const xmlAttr *attr = from->properties;

    for (int i = 0; attr != NULL && i < FILL_ATTRS; attr = attr->next, i++) {
        enum attr_name name = fill_attr_name(bytes_of_xml(attr->name));
        const xmlNode *value = attr->children;

        if (name == ATTR_NONE)
            continue;
        tree_add_attr(tree, node, name,
            value == NULL ? (struct bytes){NULL, 0} : bytes_of_xml(value->content));
    }
}

static enum tag tag_of(const xmlNode *node)
{
    char lower[16];
    struct bytes name = bytes_of_xml(node->name);

    if (name.len > sizeof(lower))
        return TAG_OTHER;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = to_lower(name.ptr[i]);
    return tree_tag((struct bytes){lower, name.len});
}

static bool open_node(struct fill *fill, const xmlNode *node)
{
    uint32_t index;

    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
        fill_text(fill, bytes_of_xml(node->content));
    if (node->type != XML_ELEMENT_NODE)
        return false;
    index = fill_element(fill, tag_of(node));
    if (index == UINT32_MAX)
        return false;
    add_attrs(fill->tree, index, node);
    return true;
}

static void walk(struct fill *fill, const xmlNode *root)
{
    const xmlNode *node = root;

    for (;;) {
        bool down = open_node(fill, node);

        if (down && node->children != NULL) {
            node = node->children;
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
    const xmlNode *root;

    if (code != OK)
        return code;
    root = xmlDocGetRootElement(parser->document);
    if (root == NULL)
        return fail(err, E_FORMAT, "the page has no root");
    walk(&fill, root);
    return OK;
}

static int bare_parse(void *self, struct bytes html)
{
    return parse(self, html, NULL);
}

const struct filler filler_libxml2 = {
    "libxml2", parser_open, parser_close, fill_tree, bare_parse, NULL, NULL};
