/* xml.c - knows what authors mean by markup that is not well-formed. */
#include "feed/xml.h"

#include <stdarg.h>
#include <stdio.h>

#include "feed/xml_entity.h"
#include "feed/xml_implied.h"
#include "text/text.h"

enum { BINDINGS = 64, SCRATCH_LIMIT = 64 << 20, VALUE_LIMIT = 64 << 10 };

struct binding {
    struct bytes prefix;
    enum feed_ns ns;
};

struct scanner {
    struct bytes text;
    size_t at;
    size_t tag; /* where the last start tag begins */
    const struct xml_handler *handler;
    struct xml_report *report;
    struct arena *scratch; /* decoded attribute values of one tag */
    struct xml_entities entities;
    struct xml_open open[XML_DEPTH];
    int depth, deeper; /* elements over XML_DEPTH are passed over */
    struct binding bindings[BINDINGS];
    int binding_count;
    struct xml_attribute attributes[XML_ATTRIBUTES];
    size_t attribute_count;
    bool root_seen, root_closed;
    bool no_quote[2]; /* no more " or ' ahead */
    bool used_scratch;
};

void xml_problem(struct xml_report *report, size_t offset, const char *format, ...)
{
    struct xml_problem *problem;
    va_list args;

    if (report->problem_count == XML_PROBLEMS)
        return;
    problem = &report->problems[report->problem_count++];
    problem->offset = offset;
    va_start(args, format);
    vsnprintf(problem->text, sizeof(problem->text), format, args);
    va_end(args);
}

struct bytes xml_get(const struct xml_element *element, enum feed_ns ns, const char *name)
{
    for (size_t i = 0; i < element->attribute_count; i++)
        if (element->attributes[i].ns == ns &&
            bytes_equal_nocase(element->attributes[i].name, bytes_of(name)))
            return element->attributes[i].value;
    return (struct bytes){NULL, 0};
}

static bool is_name_start(char c)
{
    return is_alpha(c) || c == '_' || c == ':' || (unsigned char)c >= 0x80;
}

static bool is_name_char(char c)
{
    return is_name_start(c) || is_digit(c) || c == '-' || c == '.';
}

static struct bytes take_name(struct scanner *s)
{
    size_t start = s->at;

    while (s->at < s->text.len && is_name_char(s->text.ptr[s->at]))
        s->at++;
    return bytes_slice(s->text, start, s->at - start);
}

static void skip_space(struct scanner *s)
{
    while (s->at < s->text.len && is_space(s->text.ptr[s->at]))
        s->at++;
}

/* Offset of c from s->at on, or the end of the text. */
static size_t find(const struct scanner *s, char c)
{
    const char *found = memchr(s->text.ptr + s->at, c, s->text.len - s->at);

    return found == NULL ? s->text.len : (size_t)(found - s->text.ptr);
}

static void emit_text(struct scanner *s, size_t start, size_t end)
{
    const struct xml_handler *h = s->handler;

    while (start < end) {
        const char *amp = memchr(s->text.ptr + start, '&', end - start);
        size_t stop = amp == NULL ? end : (size_t)(amp - s->text.ptr);
        struct bytes decoded;
        size_t used;

        if (stop > start)
            h->on_text(h->ctx, bytes_slice(s->text, start, stop - start));
        if (stop == end)
            return;
        used = xml_entity_decode(&s->entities, bytes_slice(s->text, stop, end - stop), &decoded);
        if (used == 0) {
            xml_problem(s->report, stop, "a bare \"&\": write it as &amp;");
            decoded = LIT("&");
            used = 1;
        }
        if (decoded.len > 0)
            h->on_text(h->ctx, decoded);
        start = stop + used;
    }
}

static struct bytes decode_value(struct scanner *s, struct bytes raw)
{
    size_t limit = raw.len * 2 + XML_EXPANSION;
    char *out;
    size_t len = 0;

    if (bytes_find_byte(raw, '&') == SIZE_MAX)
        return raw;
    if (raw.len > VALUE_LIMIT)
        return (struct bytes){NULL, 0};
    out = arena_alloc(s->scratch, limit);
    s->used_scratch = true;
    for (size_t i = 0; i < raw.len;) {
        struct bytes decoded = bytes_slice(raw, i, 1);
        size_t used =
            raw.ptr[i] == '&' ? xml_entity_decode(&s->entities, bytes_from(raw, i), &decoded) : 0;

        if (used == 0)
            decoded = bytes_slice(raw, i, 1);
        if (len + decoded.len <= limit) {
            memcpy(out + len, decoded.ptr, decoded.len);
            len += decoded.len;
        }
        i += used == 0 ? 1 : used;
    }
    return (struct bytes){out, len};
}

static struct bytes take_value(struct scanner *s)
{
    char quote = (char)(s->at < s->text.len ? s->text.ptr[s->at] : '\0');
    size_t start, end;

    if (quote == '"' || quote == '\'') {
        bool *none = &s->no_quote[quote == '"' ? 0 : 1];

        s->at++;
        end = *none ? s->text.len : find(s, quote);
        start = s->at;
        if (end < s->text.len) {
            s->at = end + 1;
            return bytes_slice(s->text, start, end - start);
        }
        *none = true;
        xml_problem(s->report, start, "an attribute's quote is never closed");
    }
    start = s->at;
    while (s->at < s->text.len && !is_space(s->text.ptr[s->at]) && s->text.ptr[s->at] != '>' &&
           s->text.ptr[s->at] != '<')
        s->at++;
    return bytes_slice(s->text, start, s->at - start);
}

static void add_attribute(struct scanner *s, struct bytes name, struct bytes value)
{
    struct bytes rest = name;
    struct bytes prefix = {NULL, 0};

    if (bytes_is(name, "xmlns") || bytes_starts(name, LIT("xmlns:"))) {
        if (s->binding_count < BINDINGS) {
            prefix = bytes_from(name, name.len > 5 ? 6 : 5);
            s->bindings[s->binding_count++] =
                (struct binding){prefix, feed_ns_find(decode_value(s, value), prefix)};
        }
        return;
    }
    if (s->attribute_count == XML_ATTRIBUTES)
        return;
    if (bytes_find_byte(name, ':') != SIZE_MAX) {
        prefix = bytes_cut(&rest, ':');
        name = rest;
    }
    s->attributes[s->attribute_count++] =
        (struct xml_attribute){.prefix = prefix, .name = name, .value = decode_value(s, value)};
}

/* true for "/>". */
static bool take_attributes(struct scanner *s)
{
    for (;;) {
        struct bytes name, value = {NULL, 0};

        skip_space(s);
        if (s->at == s->text.len || s->text.ptr[s->at] == '<')
            return false;
        if (s->text.ptr[s->at] == '>') {
            s->at++;
            return false;
        }
        if (bytes_starts(bytes_from(s->text, s->at), LIT("/>"))) {
            s->at += 2;
            return true;
        }
        name = take_name(s);
        if (name.len == 0) {
            s->at++;
            continue;
        }
        skip_space(s);
        if (s->at < s->text.len && s->text.ptr[s->at] == '=') {
            s->at++;
            skip_space(s);
            value = take_value(s);
        }
        add_attribute(s, name, value);
    }
}

static enum feed_ns ns_of(const struct scanner *s, struct bytes prefix)
{
    for (int i = s->binding_count - 1; i >= 0; i--)
        if (bytes_equal(s->bindings[i].prefix, prefix))
            return s->bindings[i].ns;
    return feed_ns_find((struct bytes){NULL, 0}, prefix);
}

static int end_top(struct scanner *s, bool cut)
{
    s->binding_count = s->open[--s->depth].bindings;
    if (s->depth == 0)
        s->root_closed = !cut;
    return s->handler->on_end(s->handler->ctx, cut);
}

/* A default namespace of RSS is nobody's: its elements are in none (RSS 2.0, "Extending RSS"). The
 * roots of Atom and sitemaps are no module's. */
static void forget_default(struct scanner *s, struct bytes name, int bindings)
{
    bool rss = feed_is_rss(name);

    if (!rss && !(s->depth == 0 && feed_is_root(name)))
        return;
    for (int i = bindings; i < s->binding_count; i++)
        if (s->bindings[i].prefix.len == 0 && (rss || s->bindings[i].ns != NS_ATOM))
            s->bindings[i].ns = NS_CORE;
}

/* What element begins with stays in force: its namespaces lie above those that go. */
static int end_implied(struct scanner *s, const struct xml_element *element, int *bindings)
{
    int left = xml_implied(s->open, s->depth, element), code = OK;
    int own = s->binding_count - *bindings;

    if (left < s->depth)
        xml_problem(s->report, s->tag, "<%.*s> is never closed; <%.*s> ended it",
            FMT(bytes_slice(s->open[left].name, 0, 60)), FMT(bytes_slice(element->name, 0, 60)));
    while (s->depth > left && code == OK) {
        int from = *bindings;

        code = end_top(s, false);
        *bindings = s->binding_count;
        memmove(s->bindings + *bindings, s->bindings + from, (size_t)own * sizeof(s->bindings[0]));
        s->binding_count += own;
    }
    return code;
}

/* Some scripts print one feed behind another. */
static bool is_another(struct scanner *s, const struct xml_element *element)
{
    if (element->tag != TAG_RSS && element->tag != TAG_FEED && element->tag != TAG_RDF)
        return false;
    xml_problem(s->report, s->tag, "a second document begins behind the first");
    s->root_closed = false;
    return true;
}

static void name_element(struct scanner *s, struct xml_element *element)
{
    struct bytes rest = element->name;

    if (bytes_find_byte(rest, ':') != SIZE_MAX) {
        element->prefix = bytes_cut(&rest, ':');
        element->name = rest;
    }
    for (size_t i = 0; i < s->attribute_count; i++)
        if (s->attributes[i].prefix.len > 0)
            s->attributes[i].ns = ns_of(s, s->attributes[i].prefix);
    element->ns = ns_of(s, element->prefix);
    element->tag = feed_tag_find(element->ns, element->name);
    element->attributes = s->attributes;
    element->attribute_count = s->attribute_count;
}

static int start_tag(struct scanner *s)
{
    struct bytes name = take_name(s);
    int bindings = s->binding_count;
    struct xml_element element = {.name = name};
    bool empty;
    int code;

    if (s->used_scratch)
        arena_reset(s->scratch);
    s->used_scratch = false;
    s->attribute_count = 0;
    empty = take_attributes(s);
    forget_default(s, name, bindings);
    name_element(s, &element);
    if (s->depth == XML_DEPTH || (s->root_closed && !is_another(s, &element))) {
        s->deeper += !empty && s->depth == XML_DEPTH;
        s->binding_count = bindings;
        return OK;
    }
    code = end_implied(s, &element, &bindings);
    if (code != OK)
        return code;
    s->open[s->depth++] =
        (struct xml_open){name, element.tag, !empty && xml_is_hollow(&element), bindings};
    s->root_seen = true;
    code = s->handler->on_start(s->handler->ctx, &element);
    return code == OK && empty ? end_top(s, false) : code;
}

static int end_tag(struct scanner *s)
{
    size_t start = s->at;
    struct bytes name;
    int i, code = OK;

    s->at += 2;
    name = take_name(s);
    s->at = find(s, '>');
    if (s->at == s->text.len)
        return OK; /* cut inside the tag */
    s->at++;
    if (s->deeper > 0) {
        s->deeper--;
        return OK;
    }
    for (i = s->depth - 1; i >= 0 && !bytes_equal_nocase(s->open[i].name, name);)
        i--;
    if (i < 0) {
        if (!s->root_closed)
            xml_problem(s->report, start, "</%.*s> closes nothing", FMT(bytes_slice(name, 0, 60)));
        return OK;
    }
    if (i < s->depth - 1)
        xml_problem(s->report, start, "<%.*s> is never closed; </%.*s> ended it",
            FMT(bytes_slice(s->open[s->depth - 1].name, 0, 60)), FMT(bytes_slice(name, 0, 60)));
    while (s->depth > i && code == OK)
        code = end_top(s, false);
    return code;
}

/* Behind the first end at or after s->at; the end of the text, with a problem, without one. */
static size_t behind(struct scanner *s, struct bytes end, const char *what)
{
    size_t found = bytes_find(bytes_from(s->text, s->at), end);

    if (found != SIZE_MAX)
        return s->at + found + end.len;
    xml_problem(s->report, s->at, "%s is never closed", what);
    return s->text.len;
}

static void declaration(struct scanner *s)
{
    struct bytes rest = bytes_from(s->text, s->at);
    size_t start, end;

    if (bytes_starts(rest, LIT("<!--"))) {
        s->at += 4;
        s->at = behind(s, LIT("-->"), "a comment");
    } else if (bytes_starts_nocase(rest, LIT("<![CDATA["))) {
        s->at += 9;
        start = s->at;
        end = behind(s, LIT("]]>"), "a CDATA section");
        s->at = end;
        if (bytes_ends(bytes_slice(s->text, start, end - start), LIT("]]>")))
            end -= 3;
        if (s->depth > 0 && end > start)
            s->handler->on_text(s->handler->ctx, bytes_slice(s->text, start, end - start));
    } else if (bytes_starts_nocase(rest, LIT("<!DOCTYPE")) && !s->root_seen) {
        s->at += xml_entities_read(&s->entities, rest);
    } else if (s->text.ptr[s->at + 1] == '?') {
        s->at = behind(s, LIT("?>"), "a processing instruction");
    } else {
        s->at = behind(s, LIT(">"), "a declaration");
    }
}

static int markup(struct scanner *s)
{
    char next = (char)(s->at + 1 < s->text.len ? s->text.ptr[s->at + 1] : '\0');
    char after = (char)(s->at + 2 < s->text.len ? s->text.ptr[s->at + 2] : '\0');

    if (next == '/' && is_name_start(after))
        return end_tag(s);
    if (next == '!' || next == '?') {
        declaration(s);
        return OK;
    }
    if (is_name_start(next)) {
        s->tag = s->at++;
        return start_tag(s);
    }
    xml_problem(s->report, s->at, "a bare \"<\": write it as &lt;");
    if (s->depth > 0)
        s->handler->on_text(s->handler->ctx, LIT("<"));
    s->at++;
    return OK;
}

static const char *tag_begin(const void *reader)
{
    const struct scanner *s = reader;

    return s->text.ptr + s->tag;
}

int xml_read_tolerant(
    struct bytes text, const struct xml_handler *handler, struct xml_report *ret_report)
{
    struct scanner *s;
    struct arena *arena = arena_new(SCRATCH_LIMIT);
    struct xml_report report = {0};
    int code = OK;

    s = arena_alloc(arena, sizeof(*s));
    s->text = text;
    s->handler = handler;
    if (handler->where != NULL)
        *handler->where = (struct xml_where){tag_begin, s};
    s->report = &report;
    s->scratch = arena_new(SCRATCH_LIMIT);
    while (s->at < text.len && code == OK) {
        size_t lt = find(s, '<');

        if (lt > s->at && s->depth > 0)
            emit_text(s, s->at, lt);
        s->at = lt;
        if (lt < text.len)
            code = markup(s);
    }
    report.complete = s->root_closed && code == OK;
    if (s->depth > 0 && code == OK)
        xml_problem(&report, text.len, "the document stops inside <%.*s>",
            FMT(bytes_slice(s->open[s->depth - 1].name, 0, 60)));
    while (s->depth > 0 && code == OK)
        code = end_top(s, true);
    arena_free(s->scratch);
    arena_free(arena);
    *ret_report = report;
    return code;
}
