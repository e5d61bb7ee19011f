/* sax.c - knows how to let libxml2 read what is well-formed, and what must be kept away from it. */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <stdlib.h>

#include "feed/items.h"
#include "feed/xml.h"

enum {
    CHUNK = 64 << 10,
    NAMES = 128, /* feeds have some thirty; zeroed for each document */
    VALUE_LIMIT = 64 << 10,
    FEED_SCRATCH = 64 << 20,
};

/* libxml2 interns names, so that an address stands for a name. */
struct known_name {
    const xmlChar *name, *uri, *prefix;
    enum feed_ns ns;
    enum feed_tag tag;
    struct bytes text, prefix_text;
};

struct sax {
    struct bytes text;
    const struct xml_handler *handler;
    struct xml_report *report;
    xmlParserCtxtPtr parser;
    struct arena *scratch;
    struct known_name names[NAMES];
    struct xml_attribute attributes[XML_ATTRIBUTES];
    const xmlChar *rss; /* the default namespace that RSS's own elements declared, or NULL */
    int depth;
    int code;
    bool used_scratch, root_closed, prolog;
    size_t before, passed; /* bytes that the parser was not given: the declaration, items */
};

static void stop(struct sax *s, int code)
{
    s->code = code;
    xmlStopParser(s->parser);
}

struct advice {
    int error; /* of libxml2 */
    const char *text;
};

/* What a publisher can do about the usual errors; the others are told in libxml2's words. */
static const struct advice advices[] = {
    {XML_ERR_INVALID_CHAR, "a character that XML does not allow; remove control characters"},
    {XML_ERR_UNDECLARED_ENTITY, "an entity that XML does not know, such as &nbsp;; write the "
                                "character itself or its number"},
    {XML_ERR_ENTITYREF_SEMICOL_MISSING, "a bare \"&\": write it as &amp;"},
    {XML_ERR_NAME_REQUIRED, "a bare \"&\" or \"<\": write it as &amp; or &lt;"},
    {XML_ERR_TAG_NAME_MISMATCH,
        "an element is closed by another's end tag; escape HTML or put it in CDATA"},
    {XML_ERR_TAG_NOT_FINISHED, "the document stops before its elements are closed"},
    {XML_ERR_DOCUMENT_END,
        "the document stops before its elements are closed, or goes on behind its end"},
    {XML_ERR_ATTRIBUTE_REDEFINED, "an attribute stands twice in one tag"},
    {XML_ERR_ATTRIBUTE_NOT_STARTED, "an attribute's value has no quotes"},
    {XML_ERR_LT_IN_ATTRIBUTE, "a bare \"<\" in an attribute: write it as &lt;"},
    {XML_ERR_RESERVED_XML_NAME, "the XML declaration is not at the very beginning"},
    {XML_ERR_INVALID_CHARREF, "a character reference that XML does not allow"},
};

static void add_problem(struct sax *s, size_t line, size_t column, const char *text)
{
    struct xml_problem *problem = &s->report->problems[0];

    *problem = (struct xml_problem){.offset = SIZE_MAX, .line = line, .column = column};
    snprintf(problem->text, sizeof(problem->text), "%s", text);
    problem->text[strcspn(problem->text, "\n")] = '\0';
    s->report->problem_count = 1;
    stop(s, E_FORMAT);
}

static void on_error(void *ctx, xmlErrorPtr error)
{
    const char *text = error->message == NULL ? "not well-formed" : error->message;
    struct sax *s = ctx;

    if (s->code != OK || error->level < XML_ERR_FATAL)
        return;
    for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
        if (advices[i].error == error->code)
            text = advices[i].text;
    add_problem(s, error->line > 0 ? (size_t)error->line : 1,
        error->int2 > 0 ? (size_t)error->int2 : 1, text);
    if (s->passed > 0) /* its lines are not the document's */
        s->report->problems[0].offset = s->before + s->passed + (size_t)xmlByteConsumed(s->parser);
}

/* Within a start tag the parser stands behind the last attribute, and "<" can be in none. */
static const char *tag_begin(const void *reader)
{
    const struct sax *s = reader;
    size_t at = s->before + s->passed + (size_t)xmlByteConsumed(s->parser);

    if (at >= s->text.len)
        at = s->text.len - 1;
    while (at > 0 && s->text.ptr[at] != '<')
        at--;
    return s->text.ptr + at;
}

static struct bytes of_xml(const xmlChar *text)
{
    return bytes_of((const char *)text);
}

static const struct known_name *look_up(
    struct sax *s, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    uintptr_t hash = (uintptr_t)name * 31 + (uintptr_t)uri * 7 + (uintptr_t)prefix;
    struct known_name *known = &s->names[(hash >> 3 ^ hash >> 13) % NAMES];

    if (known->name == name && known->uri == uri && known->prefix == prefix)
        return known;
    *known =
        (struct known_name){name, uri, prefix, NS_CORE, TAG_NONE, of_xml(name), of_xml(prefix)};
    known->ns = feed_ns_find(of_xml(uri), known->prefix_text);
    known->tag = feed_tag_find(known->ns, known->text);
    return known;
}

/* Without NOENT libxml2 leaves an ampersand in a value as "&#38;". */
static struct bytes value_of(struct sax *s, const xmlChar *start, const xmlChar *end)
{
    struct bytes raw = {(const char *)start, (size_t)(end - start)};
    size_t len = 0;
    char *out;

    if (bytes_find_byte(raw, '&') == SIZE_MAX)
        return raw;
    if (raw.len > VALUE_LIMIT)
        return (struct bytes){NULL, 0};
    out = arena_alloc(s->scratch, raw.len);
    s->used_scratch = true;
    for (size_t i = 0; i < raw.len; i++) {
        out[len++] = raw.ptr[i];
        if (bytes_starts(bytes_from(raw, i), LIT("&#38;")))
            i += 4;
    }
    return (struct bytes){out, len};
}

static size_t take_attributes(struct sax *s, int count, const xmlChar **attributes)
{
    size_t taken = 0;

    for (int i = 0; i < count && taken < XML_ATTRIBUTES; i++, attributes += 5) {
        struct xml_attribute *a = &s->attributes[taken++];

        a->prefix = of_xml(attributes[1]);
        a->name = of_xml(attributes[0]);
        a->ns = attributes[1] == NULL ? NS_CORE
                                      : look_up(s, attributes[0], attributes[1], attributes[2])->ns;
        a->value = value_of(s, attributes[3], attributes[4]);
    }
    return taken;
}

/* A default namespace of RSS is nobody's: its elements are in none (RSS 2.0, "Extending RSS"). The
 * roots of Atom and sitemaps are no module's. */
static void forget_default(struct sax *s, struct xml_element *element, const xmlChar *uri,
    int namespace_count, const xmlChar **namespaces)
{
    bool nobodys = feed_is_rss(element->name) ||
                   (s->depth == 0 && element->ns != NS_ATOM && feed_is_root(element->name));

    for (int i = 0; i < namespace_count; i++)
        if (namespaces[(size_t)2 * (size_t)i] == NULL && nobodys)
            s->rss = uri;
    if (uri == NULL || uri != s->rss || element->ns == NS_CORE)
        return;
    element->ns = NS_CORE;
    element->tag = feed_tag_find(NS_CORE, element->name);
}

/* libxml2's signature. NOLINTNEXTLINE(readability-function-size) */
static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespace_count, const xmlChar **namespaces, int count, int defaulted,
    const xmlChar **attributes)
{
    struct sax *s = ctx;
    const struct known_name *known = look_up(s, name, prefix, uri);
    struct xml_element element = {.ns = known->ns,
        .tag = known->tag,
        .name = known->text,
        .prefix = known->prefix_text,
        .attributes = s->attributes};
    int code;

    (void)defaulted;
    if (s->code != OK)
        return;
    if (prefix == NULL)
        forget_default(s, &element, uri, namespace_count, namespaces);
    if (s->used_scratch)
        arena_reset(s->scratch);
    s->used_scratch = false;
    element.attribute_count = take_attributes(s, count, attributes);
    if (s->depth == XML_DEPTH) {
        add_problem(s, 0, 0, "elements are nested too deeply");
        return;
    }
    s->depth++;
    code = s->handler->on_start(s->handler->ctx, &element);
    if (code != OK)
        stop(s, code);
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct sax *s = ctx;
    int code;

    (void)name;
    (void)prefix;
    (void)uri;
    if (s->code != OK)
        return;
    s->depth--;
    s->root_closed = s->depth == 0;
    code = s->handler->on_end(s->handler->ctx, false);
    if (code != OK)
        stop(s, code);
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    struct sax *s = ctx;

    if (s->code == OK)
        s->handler->on_text(s->handler->ctx, (struct bytes){(const char *)text, (size_t)len});
}

/* From behind end on; nothing without one. */
static struct bytes behind(struct bytes text, struct bytes end)
{
    size_t found = bytes_find(text, end);

    return bytes_from(text, found == SIZE_MAX ? text.len : found + end.len);
}

/* A DTD may stand behind comments and processing instructions, which may hold any "<". */
static bool has_dtd(struct sax *s, struct bytes text)
{
    while (s->prolog) {
        size_t lt = bytes_find_byte(text, '<');

        if (lt == SIZE_MAX)
            return false;
        text = bytes_from(text, lt);
        if (bytes_starts(text, LIT("<!--"))) {
            text = behind(bytes_from(text, 4), LIT("-->"));
        } else if (bytes_starts(text, LIT("<?"))) {
            text = behind(bytes_from(text, 2), LIT("?>"));
        } else {
            s->prolog = false;
            return bytes_starts_nocase(text, LIT("<!DOCTYPE"));
        }
    }
    return false;
}

/* at is behind "<". End tags, comments, instructions and CDATA have no attributes. */
static bool begins_element(struct bytes text, size_t at)
{
    return at < text.len && text.ptr[at] != '/' && text.ptr[at] != '!' && text.ptr[at] != '?';
}

/* The attributes of the start tag at at, or more: each has a "=" outside of quotes, where alone ">"
 * ends the tag. "<" is in no tag, in quotes or not. */
static size_t count_attributes(struct bytes text, size_t at, size_t *ret_end)
{
    size_t count = 0;
    char quote = '\0';

    for (; at < text.len; at++) {
        char c = text.ptr[at];

        if (c > '>')
            continue; /* letters, which most of a tag is */
        if (c == '<' || (c == '>' && quote == '\0'))
            break;
        if (quote != '\0')
            quote = (char)(c == quote ? '\0' : quote);
        else if (c == '"' || c == '\'')
            quote = c;
        else
            count += c == '=';
    }
    *ret_end = at;
    return count;
}

/* What libxml2 2.9 cannot be trusted with: a DTD (entities, defaults), and the time that many
 * attributes on one element cost (it is quadratic). */
static bool is_trusted(struct sax *s, struct bytes text)
{
    size_t i = 0;

    if (has_dtd(s, text))
        return false;
    while (i < text.len) {
        const char *lt = memchr(text.ptr + i, '<', text.len - i);

        if (lt == NULL)
            break;
        i = (size_t)(lt - text.ptr) + 1;
        if (begins_element(text, i) && count_attributes(text, i, &i) > XML_ATTRIBUTES)
            return false;
    }
    return true;
}

/* Behind the XML declaration, which may name the encoding that the text was converted from. */
static size_t declaration_len(struct bytes text)
{
    size_t end;

    if (!bytes_starts(text, LIT("<?xml")) || text.len < 6 || !is_space(text.ptr[5]))
        return 0;
    end = bytes_find(text, LIT("?>"));
    return end == SIZE_MAX ? 0 : end + 2;
}

static xmlParserInputPtr no_entity(const char *url, const char *id, xmlParserCtxtPtr parser)
{
    (void)url;
    (void)id;
    (void)parser;
    return NULL;
}

/* A piece of the text that ends outside of tags. */
static void push(struct sax *s, struct bytes text)
{
    if (!is_trusted(s, text))
        stop(s, E_FORMAT);
    for (size_t i = 0; i < text.len && s->code == OK; i += CHUNK)
        xmlParseChunk(
            s->parser, text.ptr + i, (int)(text.len - i < CHUNK ? text.len - i : CHUNK), 0);
}

/* XML 1.0 section 2.3, S. */
static bool is_blank(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != ' ' && text.ptr[i] != '\n' && text.ptr[i] != '\t' && text.ptr[i] != '\r')
            return false;
    return true;
}

/* What is passed over was well-formed when it was read, and is an element of its own: without it
 * the rest is well-formed or not as it would be with it. So is the white space before it. */
static void parse(struct sax *s, struct bytes text)
{
    const struct xml_handler *handler = s->handler;
    struct items items = {.text = text};
    struct xml_item item;
    size_t at = declaration_len(text);

    s->before = at;
    while (handler->on_item != NULL && s->code == OK && items_next(&items, &item)) {
        size_t start = (size_t)(item.text.ptr - text.ptr);
        struct bytes between = bytes_slice(text, at, start - at);

        at = start + item.text.len;
        if (is_blank(between))
            s->passed += between.len;
        else
            push(s, between);
        if (s->code != OK)
            continue;
        if (handler->on_item(handler->ctx, &item)) {
            s->passed += item.text.len;
            continue;
        }
        push(s, item.text);
        handler->on_item(handler->ctx, NULL);
    }
    push(s, bytes_from(text, at));
    if (s->code == OK)
        xmlParseChunk(s->parser, NULL, 0, 1);
}

int xml_read_strict(
    struct bytes text, const struct xml_handler *handler, struct xml_report *ret_report)
{
    xmlSAXHandler callbacks = {.initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .cdataBlock = on_text,
        .ignorableWhitespace = on_text,
        .serror = on_error};
    struct sax *s;
    int code;

    *ret_report = (struct xml_report){0};
    xmlSetExternalEntityLoader(no_entity);
    s = new_zeroed(sizeof(*s));
    s->text = text;
    s->prolog = true;
    s->handler = handler;
    if (handler->where != NULL)
        *handler->where = (struct xml_where){tag_begin, s};
    s->report = ret_report;
    s->scratch = arena_new(FEED_SCRATCH);
    s->parser = xmlCreatePushParserCtxt(&callbacks, s, NULL, 0, NULL);
    if (s->parser == NULL)
        arena_out_of_memory(sizeof(*s->parser));
    xmlCtxtUseOptions(s->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    /* or it guesses from the first bytes, and tells standard error what it thinks of the rest */
    xmlSwitchEncoding(s->parser, XML_CHAR_ENCODING_UTF8);
    parse(s, text);
    code = s->code == OK && (!s->parser->wellFormed || !s->root_closed ||
                                s->parser->errNo == XML_ERR_INTERNAL_ERROR)
               ? E_FORMAT
               : s->code;
    ret_report->complete = code == OK;
    xmlFreeParserCtxt(s->parser);
    arena_free(s->scratch);
    free(s);
    return code;
}
