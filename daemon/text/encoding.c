/* encoding.c - knows what bytes say about their own encoding, and whom to believe when witnesses
 * differ. */
#include "text/encoding.h"

#include <stdio.h>
#include <stdlib.h>

#include "text/converter.h"
#include "text/date.h"
#include "text/encoding_guess.h"
#include "text/encoding_label.h"
#include "text/letter.h"
#include "text/text.h"

enum { SNIFF = 1024, WARM_MEMORY = 64 << 10 };

/* What the witnesses declare. */
enum says { SAYS_NOTHING, SAYS_UTF8, SAYS_OTHER };

struct bytes encoding_charset_of(struct bytes content_type)
{
    struct bytes rest = content_type;

    bytes_cut(&rest, ';');
    while (rest.len > 0) {
        struct bytes value = bytes_cut(&rest, ';');
        struct bytes name = bytes_trim(bytes_cut(&value, '='));

        if (!bytes_equal_nocase(name, LIT("charset")))
            continue;
        value = bytes_trim(value);
        while (value.len > 0 && (value.ptr[0] == '"' || value.ptr[0] == '\''))
            value = bytes_from(value, 1);
        for (size_t i = 0; i < value.len; i++)
            if (value.ptr[i] == '"' || value.ptr[i] == '\'' || is_space(value.ptr[i]) ||
                value.ptr[i] == ',')
                return bytes_slice(value, 0, i);
        return value;
    }
    return (struct bytes){NULL, 0};
}

/* The value behind name= in text, quoted or bare. */
static struct bytes value_of(struct bytes text, struct bytes name)
{
    size_t at = bytes_find_nocase(text, name);
    size_t end = 0;
    char quote = '\0';

    if (at == SIZE_MAX)
        return (struct bytes){NULL, 0};
    text = bytes_trim(bytes_from(text, at + name.len));
    if (text.len == 0 || text.ptr[0] != '=')
        return (struct bytes){NULL, 0};
    text = bytes_trim(bytes_from(text, 1));
    if (text.len > 0 && (text.ptr[0] == '"' || text.ptr[0] == '\'')) {
        quote = text.ptr[0];
        text = bytes_from(text, 1);
    }
    while (end < text.len && text.ptr[end] != quote && !is_space(text.ptr[end]) &&
           strchr(";>?\"'/", text.ptr[end]) == NULL)
        end++;
    return bytes_slice(text, 0, end);
}

static struct bytes xml_declaration(struct bytes head)
{
    size_t start = bytes_find(head, LIT("<?xml"));
    size_t end;

    if (start == SIZE_MAX)
        return (struct bytes){NULL, 0};
    head = bytes_from(head, start);
    end = bytes_find_byte(head, '>');
    return value_of(bytes_slice(head, 0, end == SIZE_MAX ? head.len : end), LIT("encoding"));
}

static struct bytes html_declaration(struct bytes head)
{
    while (head.len > 0) {
        size_t at = bytes_find_nocase(head, LIT("<meta"));
        struct bytes tag, value;
        size_t end;

        if (at == SIZE_MAX)
            break;
        tag = bytes_from(head, at);
        end = bytes_find_byte(tag, '>');
        tag = bytes_slice(tag, 0, end == SIZE_MAX ? tag.len : end);
        value = value_of(tag, LIT("charset"));
        if (value.len > 0)
            return value;
        head = bytes_from(head, at + 5);
    }
    return (struct bytes){NULL, 0};
}

static struct bytes declaration(struct bytes document, enum encoding_kind kind)
{
    struct bytes found = {NULL, 0};

    if (kind == ENCODING_XML)
        found = xml_declaration(bytes_slice(document, 0, SNIFF));
    else if (kind == ENCODING_HTML)
        found = html_declaration(bytes_slice(document, 0, (size_t)4 * SNIFF));
    if (found.len == 0 && kind == ENCODING_HTML)
        found = xml_declaration(bytes_slice(document, 0, SNIFF));
    return found;
}

static bool is_utf8_name(const char *name)
{
    return strcmp(name, "utf-8") == 0;
}

/* The label means an encoding in which an ASCII-only text may still be something else. */
static bool is_stateful(const char *name)
{
    return strstr(name, "2022") != NULL || strcmp(name, "HZ") == 0;
}

struct conversion {
    struct arena *arena;
    struct bytes document;
    bool strict;
    bool repaired;
};

static bool convert(struct conversion *c, const char *name, struct bytes *ret_text)
{
    struct converted converted;

    if (!converter_to_utf8(c->arena, c->document, name, c->strict, &converted))
        return false;
    c->repaired = converted.bad > 0;
    *ret_text = converted.text;
    return true;
}

/* A byte order mark, or zero bytes where "<" in UTF-16 or UTF-32 has them (XML 1.0, appendix F). */
static const char *wide_name(struct bytes d, size_t *ret_skip)
{
    const uint8_t *p = (const uint8_t *)d.ptr;

    *ret_skip = 0;
    if (d.len < 4)
        return NULL;
    if (p[0] == 0xff && p[1] == 0xfe && p[2] == 0 && p[3] == 0)
        return *ret_skip = 4, "utf-32le";
    if (p[0] == 0 && p[1] == 0 && p[2] == 0xfe && p[3] == 0xff)
        return *ret_skip = 4, "utf-32be";
    if (p[0] == 0xff && p[1] == 0xfe)
        return *ret_skip = 2, "utf-16le";
    if (p[0] == 0xfe && p[1] == 0xff)
        return *ret_skip = 2, "utf-16be";
    if (p[0] == 0 && p[1] == 0 && p[2] == 0 && p[3] != 0)
        return "utf-32be";
    if (p[0] != 0 && p[1] == 0 && p[2] == 0 && p[3] == 0)
        return "utf-32le";
    if (p[0] == 0 && p[1] != 0 && p[2] == 0 && p[3] != 0)
        return "utf-16be";
    if (p[0] != 0 && p[1] == 0 && p[2] != 0 && p[3] == 0)
        return "utf-16le";
    return NULL;
}

static bool has_high_bytes(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return true;
    return false;
}

static void set(
    struct encoding_result *r, struct bytes text, const char *name, enum encoding_source source)
{
    r->text = text;
    r->name = bytes_of(name);
    r->source = source;
}

/* Try what a witness says; true when it was decoded. */
static bool try_label(struct conversion *c, struct bytes label, enum encoding_source source,
    struct encoding_result *r)
{
    char name[ENCODING_NAME];
    struct bytes text;

    if (!encoding_name(label, name))
        return false;
    if (is_utf8_name(name) || strncmp(name, "utf-16", 6) == 0 || strncmp(name, "utf-32", 6) == 0)
        return false; /* the bytes would have shown it */
    if (!convert(c, name, &text))
        return false;
    set(r, text, bytes_cstr(c->arena, bytes_of(name)), source);
    r->repaired = c->repaired;
    return true;
}

/* EBCDIC writes "<?xm" as 4C 6F A7 94 (XML 1.0, appendix F); the code page is in the declaration.
 */
static bool try_ebcdic(struct conversion *c, struct encoding_result *r)
{
    struct conversion head = *c;
    struct bytes text;

    if (!bytes_starts(c->document, LIT("\x4c\x6f\xa7\x94")))
        return false;
    head.document = bytes_slice(c->document, 0, SNIFF);
    head.strict = false;
    if (convert(&head, "ibm-37", &text)) {
        r->declared = xml_declaration(text);
        if (try_label(c, r->declared, ENCODING_FROM_DOCUMENT, r))
            return true;
    }
    if (!convert(c, "ibm-37", &text))
        return false;
    set(r, text, "ibm-37", ENCODING_FROM_BYTES);
    return true;
}

/* Bytes from p on that continue the sequence its first byte begins, and how many these should be.
 */
static size_t continued(const uint8_t *p, size_t left, size_t *ret_wanted)
{
    size_t k = 0;

    *ret_wanted = p[0] >= 0xc2 && p[0] <= 0xdf   ? 1
                  : (p[0] & 0xf0) == 0xe0        ? 2
                  : p[0] >= 0xf0 && p[0] <= 0xf4 ? 3
                                                 : 0;
    while (k < *ret_wanted && k + 1 < left && (p[k + 1] & 0xc0) == 0x80)
        k++;
    return k;
}

/* Mostly valid UTF-8, so that the rest is damage: more good sequences than bad or cut ones, many
 * more where another encoding is declared; only cut ones where UTF-8 is. */
static bool is_damaged_utf8(struct bytes text, enum says says)
{
    const uint8_t *p = (const uint8_t *)text.ptr;
    size_t good = 0, bad = 0, partial = 0;

    for (size_t i = 0; i < text.len; i++) {
        size_t wanted, found;

        if (p[i] < 0x80)
            continue;
        found = continued(p + i, text.len - i, &wanted);
        good += wanted > 0 && found == wanted;
        bad += found == 0;
        partial += found > 0 && found < wanted;
        i += found;
    }
    if (says == SAYS_UTF8)
        return bad == 0 || good * 2 >= bad + partial;
    if (says == SAYS_OTHER)
        return good >= 4 && good >= (bad + partial) * 4;
    return good > 0 && good * 2 >= bad + partial;
}

static void decide(
    struct conversion *c, struct bytes http, enum encoding_kind kind, struct encoding_result *r)
{
    enum says says = SAYS_NOTHING;
    char name[ENCODING_NAME];
    struct bytes own = declaration(c->document, kind), text;

    r->declared = http.len > 0 ? http : own;
    if ((encoding_name(http, name) && is_utf8_name(name)) ||
        (encoding_name(own, name) && is_utf8_name(name)))
        says = SAYS_UTF8;
    else if (http.len > 0 || own.len > 0)
        says = SAYS_OTHER;
    c->strict = true;
    if (says == SAYS_UTF8 || !is_damaged_utf8(c->document, says)) {
        if (try_label(c, http, ENCODING_FROM_HTTP, r) ||
            try_label(c, own, ENCODING_FROM_DOCUMENT, r))
            return;
    }
    c->strict = false;
    if (is_damaged_utf8(c->document, says)) {
        set(r, text_repair(c->arena, c->document), "utf-8", ENCODING_FROM_BYTES);
        r->repaired = true;
    } else if (encoding_guess(c->arena, c->document, name, &text)) {
        set(r, text, bytes_cstr(c->arena, bytes_of(name)), ENCODING_GUESSED);
    } else if (convert(c, "windows-1252", &text)) {
        set(r, text, "windows-1252", ENCODING_GUESSED);
    }
}

void encoding_warm_up(void)
{
    static bool warm;
    struct converted converted;
    struct arena *arena;
    struct date date;

    if (warm)
        return;
    warm = true;
    letters_init();
    arena = arena_new(WARM_MEMORY);
    converter_init();
    converter_to_utf8(arena, LIT("\x83\x41"), "windows-31j", true, &converted);
    date_parse(LIT("1 Jan 2000 00:00:00 Europe/Brussels"), DATE_ORDER_UNKNOWN, &date);
    arena_free(arena);
}

int encoding_to_utf8(struct arena *arena, struct bytes document, struct bytes content_type,
    enum encoding_kind kind, struct encoding_result *ret_result, struct error *err)
{
    struct conversion c = {.arena = arena, .document = document};
    struct encoding_result r = {.name = LIT("utf-8"), .source = ENCODING_FROM_BYTES};
    struct bytes http = encoding_charset_of(content_type), own;
    const char *wide;
    char name[ENCODING_NAME];
    size_t skip;

    encoding_warm_up();
    if (document.len > INT32_MAX / 4)
        return fail(err, E_LIMIT, "%zu bytes are too many to decode", document.len);
    wide = wide_name(document, &skip);
    while (bytes_starts(c.document, LIT("\xef\xbb\xbf"))) {
        c.document = bytes_from(c.document, 3);
        r.source = ENCODING_FROM_BOM;
    }
    if (wide != NULL) {
        c.document = bytes_from(document, skip);
        r.source = skip > 0 ? ENCODING_FROM_BOM : ENCODING_FROM_BYTES;
        r.name = bytes_of(wide);
        if (!convert(&c, wide, &r.text))
            return fail(err, E_FORMAT, "cannot decode as %s", wide);
        r.repaired = c.repaired;
    } else if (try_ebcdic(&c, &r)) {
    } else if (text_is_utf8(c.document)) {
        own = declaration(c.document, kind);
        r.declared = http.len > 0 ? http : own;
        r.text = c.document;
        c.strict = true;
        if (((encoding_name(http, name) && is_stateful(name)) ||
                (encoding_name(own, name) && is_stateful(name))) &&
            !has_high_bytes(c.document))
            try_label(&c, bytes_of(name), ENCODING_FROM_DOCUMENT, &r);
    } else if (r.source == ENCODING_FROM_BOM) {
        r.text = text_repair(arena, c.document);
        r.repaired = true;
    } else {
        decide(&c, http, kind, &r);
    }
    *ret_result = r;
    return OK;
}
