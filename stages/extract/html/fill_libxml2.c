/* fill_libxml2.c - fills a tree with libxml2's HTML parser, where lexbor cannot be had.
 *
 * libxml2 2.9.14 stops at a NUL byte, is quadratic in the attributes of a tag and slow in what is
 * no markup: guard_libxml2.c takes that out before it sees the page. Its events fill our tree as
 * they come; none of its own is made. */
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>

#include "html/fill.h"
#include "html/guard_libxml2.h"
#include "html/shadow.h"

/* Every end tag is looked for among the open elements: what is deeper ends the page. Names are kept
 * from page to page, up to a number. */
enum { DEPTH_MAX = 256, NAMES_MAX = 4096, KNOWN_NAMES = 256, KEPT_BYTES = 2 << 20 };

/* What a name of libxml2's dictionary means here. */
struct known_name {
    const xmlChar *name;
    uint8_t tag, attr;
};

struct parser {
    htmlParserCtxtPtr ctxt;
    struct guard guard;
    struct fill fill;  /* of the page being read */
    size_t lost;       /* open elements without a node */
    char *text;        /* what is lent to the tree: as long as the page at most */
    size_t room, used; /* its bytes */
    size_t begun;      /* where the text being read begins in it */
    struct known_name known[KNOWN_NAMES];
};

static struct bytes bytes_of_xml(const xmlChar *text)
{
    return bytes_of((const char *)text);
}

static enum tag tag_of(struct bytes name)
{
    char lower[16];

    if (name.len > sizeof(lower))
        return TAG_OTHER;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = to_lower(name.ptr[i]);
    return tree_tag((struct bytes){lower, name.len});
}

static const struct known_name *known_name(struct parser *parser, const xmlChar *name)
{
    struct known_name *known = &parser->known[((uintptr_t)name >> 2) % KNOWN_NAMES];

    if (known->name != name) {
        struct bytes text = bytes_of_xml(name);

        *known = (struct known_name){name, (uint8_t)tag_of(text), (uint8_t)fill_attr_name(text)};
    }
    return known;
}

/* Lend the tree a copy; empty when there is no room, which no page comes to: what references stand
 * for is shorter than they are. */
static struct bytes keep(struct parser *parser, struct bytes text)
{
    char *copy = parser->text + parser->used;

    if (text.ptr == NULL || text.len > parser->room - parser->used)
        return (struct bytes){NULL, 0};
    memcpy(copy, text.ptr, text.len);
    parser->used += text.len;
    return (struct bytes){copy, text.len};
}

/* The text that was read so far ends here. */
static void end_text(struct parser *parser)
{
    struct bytes text = {parser->text + parser->begun, parser->used - parser->begun};

    if (text.len > 0 && parser->lost == 0 && parser->fill.tree->count > 0)
        fill_text(&parser->fill, text);
    parser->begun = parser->used;
}

static void add_attrs(struct parser *parser, uint32_t node, const xmlChar **atts)
{
    struct tree *tree = parser->fill.tree;

    for (int i = 0; atts != NULL && atts[i] != NULL && i < 2 * FILL_ATTRS; i += 2) {
        enum attr_name name = (enum attr_name)known_name(parser, atts[i])->attr;
        struct bytes script;

        if (name != ATTR_NONE)
            tree_add_attr(tree, node, name,
                atts[i + 1] == NULL ? (struct bytes){NULL, 0}
                                    : keep(parser, bytes_of_xml(atts[i + 1])));
        else if (guard_script(
                     &parser->guard, bytes_of_xml(atts[i]), bytes_of_xml(atts[i + 1]), &script))
            tree->nodes[node].text = script;
    }
    parser->begun = parser->used;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **atts)
{
    struct parser *parser = ctx;
    uint32_t node = UINT32_MAX;

    end_text(parser);
    if (parser->lost == 0)
        node = fill_element(&parser->fill, (enum tag)known_name(parser, name)->tag);
    if (node == UINT32_MAX)
        parser->lost++;
    else
        add_attrs(parser, node, atts);
    if (node != UINT32_MAX && parser->fill.tree->nodes[node].tag == TAG_TEMPLATE)
        shadow_begins(parser->fill.tree, node);
    if (parser->fill.depth > DEPTH_MAX)
        xmlStopParser(parser->ctxt);
}

static void on_end(void *ctx, const xmlChar *name)
{
    struct parser *parser = ctx;

    (void)name;
    end_text(parser);
    if (parser->lost > 0)
        parser->lost--;
    else if (parser->fill.depth > 0)
        fill_end(&parser->fill);
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    struct parser *parser = ctx;

    keep(parser, (struct bytes){(const char *)text, (size_t)len});
}

static void *parser_open(void)
{
    xmlInitParser();
    return calloc(1, sizeof(struct parser));
}

static void free_context(struct parser *parser)
{
    if (parser->ctxt != NULL)
        htmlFreeParserCtxt(parser->ctxt);
    parser->ctxt = NULL;
    memset(parser->known, 0, sizeof(parser->known));
}

static void parser_close(void *self)
{
    struct parser *parser = self;

    free_context(parser);
    guard_done(&parser->guard);
    free(parser->text);
    free(parser);
}

static bool open_context(struct parser *parser)
{
    if (parser->ctxt != NULL && xmlDictSize(parser->ctxt->dict) > NAMES_MAX)
        free_context(parser);
    if (parser->ctxt == NULL)
        parser->ctxt = htmlNewParserCtxt();
    else
        htmlCtxtReset(parser->ctxt);
    return parser->ctxt != NULL;
}

/* Let libxml2 read text, which ends with a NUL byte. */
static bool read_page(struct parser *parser, const char *text)
{
    htmlParserCtxtPtr ctxt = parser->ctxt;
    xmlParserInputPtr input = xmlNewStringInputStream(ctxt, BAD_CAST text);

    if (input == NULL)
        return false;
    inputPush(ctxt, input);
    htmlCtxtUseOptions(ctxt, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                 HTML_PARSE_NONET | HTML_PARSE_NODEFDTD | HTML_PARSE_IGNORE_ENC);
    ctxt->charset = XML_CHAR_ENCODING_UTF8;
    htmlParseDocument(ctxt);
    return true;
}

/* Memory for what the tree is lent; what one huge page needed is given back. */
static bool make_room(struct parser *parser, size_t len)
{
    if (parser->room < len || parser->room > KEPT_BYTES) {
        free(parser->text);
        parser->room = len;
        parser->text = malloc(len + 1);
    }
    parser->used = parser->begun = parser->lost = 0;
    return parser->text != NULL;
}

static int fill_tree(void *self, struct tree *tree, struct bytes html, struct error *err)
{
    static const xmlSAXHandler events = {.startElement = on_start,
        .endElement = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text};
    struct parser *parser = self;
    const char *text;

    parser->fill = (struct fill){.tree = tree};
    if (!make_room(parser, html.len) || !open_context(parser))
        return fail(err, E_LIMIT, "out of memory for a page");
    text = guard_page(&parser->guard, html, true);
    if (text == NULL || text[0] == '\0')
        return fail(err, E_FORMAT, "the page is empty");
    *parser->ctxt->sax = events;
    parser->ctxt->userData = parser;
    if (!read_page(parser, text))
        return fail(err, E_LIMIT, "out of memory for a page");
    end_text(parser);
    while (parser->fill.depth > 0)
        fill_end(&parser->fill);
    return tree->count == 0 ? fail(err, E_FORMAT, "the page has no root") : OK;
}

static int bare_parse(void *self, struct bytes html)
{
    struct parser *parser = self;
    const char *text = guard_page(&parser->guard, html, false);
    int code;

    free_context(parser);
    if (text == NULL || !open_context(parser))
        return E_LIMIT;
    code = read_page(parser, text) && parser->ctxt->myDoc != NULL ? OK : E_FORMAT;
    xmlFreeDoc(parser->ctxt->myDoc);
    free_context(parser);
    return code;
}

const struct filler filler_libxml2 = {
    "libxml2", parser_open, parser_close, fill_tree, bare_parse, NULL, NULL};
