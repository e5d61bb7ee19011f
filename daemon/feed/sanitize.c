/* sanitize.c - knows which HTML may be shown to a reader. */
#include <stdlib.h>

#include "feed/html.h"
#include "text/text.h"
#include "text/url.h"

enum { OPEN_LIMIT = 256, NAME_LENGTH = 24, OUT_LIMIT = 64 << 20 };

/* Names in one text that HTML does not know: a formula has about thirty. What is over is text. */
enum { STRANGERS = 64 };

/* clang-format off */
/* Sorted. */
static const char *const elements[] = {
    "a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "bdi", "bdo", "big", "blockquote", "br",
    "caption", "center", "circle", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "dir", "div", "dl",
    "dt", "ellipse", "em", "figcaption", "figure", "font", "footer", "g", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "i", "img", "ins", "kbd", "li", "line", "main", "map", "mark", "nav", "ol", "p", "path", "picture", "polygon",
    "polyline", "pre", "q", "rect", "rp", "rt", "ruby", "s", "samp", "section", "small", "source", "span", "strike",
    "strong", "sub", "summary", "sup", "svg", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "track", "tt",
    "u", "ul", "var", "video", "wbr",
};

static const char *const voids[] = {
    "area", "br", "col", "hr", "img", "source", "track", "wbr",
};

/* What HTML knows beside these; their tags are dropped, what is between them stays. */
static const char *const others[] = {
    "annotation", "annotation-xml", "applet", "base", "basefont", "bgsound", "blink", "body", "button", "canvas", "command", "content", "data",
    "datalist", "dialog", "embed", "fieldset", "form", "frame", "frameset", "head", "hgroup", "html", "iframe", "input",
    "isindex", "keygen", "label", "layer", "legend", "link", "marquee", "math", "menu", "meta", "meter", "nobr", "noembed",
    "noframes", "noscript", "object", "optgroup", "option", "output", "param", "plaintext", "progress", "script",
    "select", "slot", "spacer", "style", "template", "text", "textarea", "title", "use", "xml", "xmp",
};

static const char *const hidden[] = {
    "annotation", "annotation-xml", "applet", "iframe", "noembed", "noframes", "script", "style", "template", "textarea", "title", "xmp",
};

static const char *const attributes[] = {
    "abbr", "align", "alt", "border", "cellpadding", "cellspacing", "cite", "colspan", "controls", "coords", "cx", "cy",
    "d", "datetime", "dir", "fill", "headers", "height", "href", "hreflang", "hspace", "ismap", "lang", "longdesc", "loop",
    "points", "poster", "r", "rel", "reversed", "rowspan", "rx", "ry", "scope", "shape", "span", "src", "start", "stroke",
    "stroke-width", "title", "type", "usemap", "valign", "viewbox", "vspace", "width", "x", "x1", "x2", "y", "y1", "y2",
};

static const char *const addresses[] = {
    "cite", "href", "longdesc", "poster", "src", "usemap",
};
/* clang-format on */

#define HAS(table, name) has(table, sizeof(table) / sizeof((table)[0]), name)

/* A name that HTML does not know, and what tells an element from words in angle brackets. */
struct stranger {
    char name[NAME_LENGTH];
    size_t last_end; /* behind its last end tag in the text */
    bool opened;     /* as an element */
};

struct sanitizer {
    struct arena *arena;
    struct bytes html;
    struct bytes base;
    struct buf out;
    char open[OPEN_LIMIT][NAME_LENGTH];
    size_t open_count;
    uint32_t unclosed; /* of hidden: no end tag is ahead */
    size_t cdata;      /* sections that were opened and not closed */
    struct stranger *strangers;
    size_t stranger_count;
};

static int compare(const void *name, const void *entry)
{
    return strcmp(name, *(const char *const *)entry);
}

static bool has(const char *const *table, size_t count, const char *name)
{
    return bsearch(name, table, count, sizeof(*table), compare) != NULL;
}

static bool fold(struct bytes name, char out[NAME_LENGTH])
{
    if (name.len >= NAME_LENGTH)
        return false;
    for (size_t i = 0; i < name.len; i++)
        out[i] = to_lower(name.ptr[i]);
    out[name.len] = '\0';
    return true;
}

static void add_value(struct sanitizer *s, struct bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];

        if (c == '"')
            buf_add_cstr(&s->out, "&quot;");
        else if (c == '&')
            buf_add_cstr(&s->out, "&amp;");
        else if (c == '<')
            buf_add_cstr(&s->out, "&lt;");
        else if (c == '>')
            buf_add_cstr(&s->out, "&gt;");
        else
            buf_add_byte(&s->out, c);
    }
}

static void add_attribute(struct sanitizer *s, const struct html_attribute *attribute)
{
    struct bytes value = text_decode(s->arena, attribute->value);
    char name[NAME_LENGTH];

    if (!fold(attribute->name, name) || !HAS(attributes, name))
        return;
    if (HAS(addresses, name)) {
        value = url_resolve(s->arena, s->base, value);
        if (!url_is_safe(value))
            return;
    }
    buf_add_byte(&s->out, ' ');
    buf_add_cstr(&s->out, name);
    buf_add_cstr(&s->out, "=\"");
    add_value(s, value);
    buf_add_byte(&s->out, '"');
}

static void add_end(struct sanitizer *s, const char *name)
{
    buf_add_cstr(&s->out, "</");
    buf_add_cstr(&s->out, name);
    buf_add_byte(&s->out, '>');
}

/* Close what is open down to name; an end tag of what is not open is dropped. */
static void end_tag(struct sanitizer *s, const char *name)
{
    size_t i = s->open_count;

    while (i > 0 && strcmp(s->open[i - 1], name) != 0)
        i--;
    while (i > 0 && s->open_count >= i)
        add_end(s, s->open[--s->open_count]);
}

/* A section that was escaped with its marks: "]]" is out already. */
static bool ends_cdata(struct sanitizer *s)
{
    if (s->cdata == 0 || !bytes_ends(buf_bytes(&s->out), LIT("]]")))
        return false;
    s->cdata--;
    s->out.len -= 2;
    return true;
}

/* Text up to the next markup, with bare "&", "<" and ">" made harmless. */
static size_t add_text(struct sanitizer *s, struct bytes rest)
{
    size_t i = 0;

    while (i < rest.len && rest.ptr[i] != '<' && rest.ptr[i] != '>' && rest.ptr[i] != '&')
        i++;
    buf_add(&s->out, bytes_slice(rest, 0, i));
    if (i > 0)
        return i;
    if (rest.ptr[0] == '&') {
        char utf8[8];
        size_t len, used = text_decode_reference(rest, utf8, &len);

        buf_add(&s->out,
            used > 0 && rest.ptr[used - 1] == ';' ? bytes_slice(rest, 0, used) : LIT("&amp;"));
        return used > 0 && rest.ptr[used - 1] == ';' ? used : 1;
    }
    if (rest.ptr[0] == '>' && ends_cdata(s))
        return 1;
    buf_add_cstr(&s->out, rest.ptr[0] == '<' ? "&lt;" : "&gt;");
    return 1;
}

/* What stands in an element that is not shown. Code goes to the end of the text if it is never
 * closed; other elements then were only a tag. */
static size_t hidden_len(struct sanitizer *s, struct bytes rest, const char *name)
{
    bool code = strcmp(name, "script") == 0 || strcmp(name, "style") == 0;
    size_t len, i = 0;

    while (strcmp(hidden[i], name) != 0)
        i++;
    if (s->unclosed & 1U << i)
        return code ? rest.len : 0;
    len = html_skip_element(rest, bytes_of(name));
    if (len == 0)
        s->unclosed |= 1U << i;
    return len == 0 && code ? rest.len : len;
}

static bool is_known(const char *name)
{
    return HAS(elements, name) || HAS(others, name);
}

/* Unknown names in one text that are looked for again as ends. */
enum { ENDS_MOST = 8 };

static bool is_closed(struct bytes rest, struct bytes name)
{
    size_t len = html_skip_element(rest, name);
    struct html_tag tag;
    size_t at = len;

    while (at > 0 && rest.ptr[at - 1] != '<')
        at--;
    return at > 0 && html_read_tag(bytes_from(rest, at - 1), &tag) > 0 &&
           bytes_equal_nocase(tag.name, name);
}

bool html_has_tag(struct bytes text)
{
    int strange = 0;

    for (size_t i = 0; i + 2 < text.len; i++) {
        size_t start = i + 1 + (text.ptr[i + 1] == '/' ? 1 : 0), end = start;
        char name[NAME_LENGTH];

        if (text.ptr[i] != '<')
            continue;
        while (end < text.len && (is_alpha(text.ptr[end]) || is_digit(text.ptr[end])))
            end++;
        if (end > start && end < text.len &&
            (is_space(text.ptr[end]) || text.ptr[end] == '>' || text.ptr[end] == '/') &&
            fold(bytes_slice(text, start, end - start), name) &&
            (is_known(name) || (start == i + 1 && strange++ < ENDS_MOST &&
                                   is_closed(bytes_from(text, end), bytes_of(name)))))
            return true;
    }
    return false;
}

static struct stranger *find_stranger(struct sanitizer *s, const char *name)
{
    for (size_t i = 0; i < s->stranger_count; i++)
        if (strcmp(s->strangers[i].name, name) == 0)
            return &s->strangers[i];
    return NULL;
}

/* All names that HTML does not know and that are closed somewhere; looked for once. */
static void find_strangers(struct sanitizer *s)
{
    size_t i = 0, found;

    s->strangers = arena_alloc(s->arena, STRANGERS * sizeof(s->strangers[0]));
    while ((found = bytes_find(bytes_from(s->html, i), LIT("</"))) != SIZE_MAX) {
        struct stranger *known;
        struct html_tag tag;
        char name[NAME_LENGTH];
        size_t used = html_read_tag(bytes_from(s->html, i + found), &tag);

        i += found + (used > 0 ? used : 2);
        if (used == 0 || !fold(tag.name, name) || is_known(name))
            continue;
        known = find_stranger(s, name);
        if (known == NULL && s->stranger_count < STRANGERS) {
            known = &s->strangers[s->stranger_count++];
            strcpy(known->name, name);
        }
        if (known != NULL)
            known->last_end = i;
    }
}

static bool has_value(const struct html_tag *tag)
{
    for (size_t i = 0; i < tag->attribute_count; i++)
        if (tag->attributes[i].value.ptr != NULL)
            return true;
    return false;
}

/* What HTML does not know is an element if it is closed later or has an attribute with a value, and
 * so is its end; else it is text: "List<String>", "<insert name here>". */
static bool is_element(
    struct sanitizer *s, struct bytes rest, const struct html_tag *tag, const char *name)
{
    struct stranger *stranger;

    if (s->strangers == NULL)
        find_strangers(s);
    stranger = find_stranger(s, name);
    if (tag->end)
        return stranger != NULL && stranger->opened;
    if (!has_value(tag) &&
        (stranger == NULL || stranger->last_end <= (size_t)(rest.ptr - s->html.ptr)))
        return false;
    if (stranger != NULL)
        stranger->opened = true;
    return true;
}

/* "<jane@example.org>", "<https://example.org/>" */
static bool is_address(struct bytes rest, const struct html_tag *tag)
{
    size_t end = (size_t)(tag->name.ptr - rest.ptr) + tag->name.len;

    return (end < rest.len && (rest.ptr[end] == '@' || rest.ptr[end] == '.')) ||
           bytes_ends(tag->name, LIT(":"));
}

static size_t add_tag(
    struct sanitizer *s, struct bytes rest, const struct html_tag *tag, size_t used)
{
    struct bytes local = tag->name;
    char name[NAME_LENGTH];

    if (bytes_find_byte(local, ':') != SIZE_MAX)
        bytes_cut(&local, ':');
    if (!fold(local, name))
        return used;
    if (!is_known(name) &&
        (is_address(rest, tag) || (local.len == tag->name.len && !is_element(s, rest, tag, name))))
        return add_text(s, rest);
    if (!tag->end && HAS(hidden, name))
        return used + (rest.ptr[used - 2] == '/' ? 0 : hidden_len(s, bytes_from(rest, used), name));
    if (!HAS(elements, name))
        return used;
    if (tag->end) {
        if (!HAS(voids, name))
            end_tag(s, name);
        return used;
    }
    if (s->open_count == OPEN_LIMIT && !HAS(voids, name))
        return used;
    buf_add_byte(&s->out, '<');
    buf_add_cstr(&s->out, name);
    for (size_t i = 0; i < tag->attribute_count; i++)
        add_attribute(s, &tag->attributes[i]);
    buf_add_byte(&s->out, '>');
    if (!HAS(voids, name))
        strcpy(s->open[s->open_count++], name);
    return used;
}

struct bytes html_sanitize(struct arena *arena, struct bytes html, struct bytes base)
{
    struct sanitizer *s = arena_alloc(arena, sizeof(*s));
    struct bytes result;
    size_t i = 0;

    s->arena = arena;
    s->html = html;
    s->base = base;
    s->out.limit = OUT_LIMIT;
    while (i < html.len) {
        struct bytes rest = bytes_from(html, i);
        struct html_tag tag;
        size_t used;

        if ((used = html_skip_declaration(rest)) > 0) {
            s->cdata += bytes_starts(rest, LIT("<![CDATA["));
            i += used;
        } else if ((used = html_read_tag(rest, &tag)) > 0)
            i += add_tag(s, rest, &tag, used);
        else
            i += add_text(s, rest);
    }
    while (s->open_count > 0)
        add_end(s, s->open[--s->open_count]);
    result = bytes_copy(arena, bytes_trim(buf_bytes(&s->out)));
    buf_done(&s->out);
    return result;
}
