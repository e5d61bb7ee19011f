/* jsonld.c - a reader of JSON that goes on where others stop. */
#include "said/jsonld.h"

#include "text/text.h"

struct scan {
    struct arena *arena;
    const char *p, *end;
    int values; /* that may still be made */
    int beyond; /* brackets that are open below the last level: what is in them is left out */
};

static struct json *make(struct scan *scan, enum json_type type)
{
    struct json *value;

    if (scan->values == 0) {
        scan->p = scan->end;
        return NULL;
    }
    scan->values--;
    value = arena_alloc(scan->arena, sizeof(*value));
    value->type = type;
    return value;
}

static bool skip_word(struct scan *scan, struct bytes word)
{
    if (!bytes_starts((struct bytes){scan->p, (size_t)(scan->end - scan->p)}, word))
        return false;
    scan->p += word.len;
    return true;
}

static void skip_past(struct scan *scan, struct bytes mark)
{
    size_t at = bytes_find((struct bytes){scan->p, (size_t)(scan->end - scan->p)}, mark);

    scan->p = at == SIZE_MAX ? scan->end : scan->p + at + mark.len;
}

/* White space, comments, and the marks that hide scripts from old browsers and XML. */
static void skip_space(struct scan *scan)
{
    while (scan->p < scan->end) {
        unsigned char c = (unsigned char)*scan->p;

        if (c <= ' ')
            scan->p++;
        else if (skip_word(scan, LIT("/*")))
            skip_past(scan, LIT("*/"));
        else if (c == '/' && scan->p + 1 < scan->end && scan->p[1] == '/')
            skip_past(scan, LIT("\n"));
        else if (!skip_word(scan, LIT("<![CDATA[")) && !skip_word(scan, LIT("]]>")) &&
                 !skip_word(scan, LIT("<!--")) && !skip_word(scan, LIT("-->")) &&
                 !skip_word(scan, LIT("\xEF\xBB\xBF")) && !skip_word(scan, LIT("\xC2\xA0")))
            return;
    }
}

static int hex4(const char *p)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        char c = to_lower(p[i]);

        if (is_digit(c))
            value = value * 16 + (c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value * 16 + (c - 'a' + 10);
        else
            return -1;
    }
    return value;
}

/* A \u escape whose four digits p stands on; moves p. Lone surrogates become U+FFFD. */
static size_t put_escape(const char **p, const char *end, char *out)
{
    int32_t c = end - *p >= 4 ? hex4(*p) : -1;

    if (c < 0)
        return 0;
    *p += 4;
    if (c >= 0xD800 && c < 0xDC00 && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u') {
        int low = hex4(*p + 2);

        if (low >= 0xDC00 && low < 0xE000) {
            *p += 6;
            return text_put_char(out, (uint32_t)(0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00)));
        }
    }
    if (c == 0 || (c >= 0xD800 && c < 0xE000))
        c = 0xFFFD;
    return text_put_char(out, (uint32_t)c);
}

/* Escapes never grow: \u0000 is six bytes and at most three come out. */
static struct bytes unescape(struct arena *arena, struct bytes raw)
{
    const char *p = raw.ptr;
    const char *end = p + raw.len;
    char *out = arena_alloc(arena, raw.len + 1);
    size_t len = 0;

    while (p < end) {
        if (*p != '\\' || p + 1 == end) {
            out[len++] = *p++;
            continue;
        }
        p += 2;
        if (p[-1] == 'u')
            len += put_escape(&p, end, out + len);
        else if (strchr("nrtbf", p[-1]) != NULL)
            out[len++] = p[-1] == 'n' || p[-1] == 'r' ? '\n' : ' ';
        else
            out[len++] = p[-1];
    }
    return (struct bytes){out, len};
}

/* A quote that is not followed by what may follow a string stands inside it, unescaped. */
static bool ends_string(const char *p, const char *end)
{
    const char *q = p + 1;
    int breaks = 0;

    for (; q < end && (unsigned char)*q <= ' '; q++)
        breaks += *q == '\n';
    return q >= end || *q == ',' || *q == '}' || *q == ']' || *q == ':' ||
           (*q == '"' && breaks > 0) || *q == '/';
}

static struct bytes parse_string(struct scan *scan)
{
    const char *start = ++scan->p;
    bool escaped = false;
    struct bytes raw;

    for (; scan->p < scan->end; scan->p++) {
        if (*scan->p == '\\' && scan->p + 1 < scan->end) {
            escaped = true;
            scan->p++;
        } else if (*scan->p == '"' && ends_string(scan->p, scan->end)) {
            break;
        }
    }
    raw = (struct bytes){start, (size_t)(scan->p - start)};
    if (scan->p < scan->end)
        scan->p++;
    return escaped ? unescape(scan->arena, raw) : raw;
}

static struct json *parse_plain(struct scan *scan)
{
    const char *start = scan->p;
    struct json *value;

    if (*scan->p == '"') {
        struct bytes text = parse_string(scan);

        value = make(scan, JSON_STRING);
        if (value != NULL)
            value->text = text;
        return value;
    }
    while (scan->p < scan->end && strchr(",]}:\"[{", *scan->p) == NULL &&
           (unsigned char)*scan->p > ' ')
        scan->p++;
    if (scan->p == start) {
        scan->p++; /* a stray mark; go on behind it */
        return NULL;
    }
    value = make(scan, JSON_NUMBER);
    if (value == NULL)
        return NULL;
    value->text = (struct bytes){start, (size_t)(scan->p - start)};
    if (bytes_is(value->text, "true") || bytes_is(value->text, "false"))
        value->type = JSON_BOOL;
    else if (bytes_is(value->text, "null"))
        value->type = JSON_NULL;
    value->truth = bytes_is(value->text, "true");
    return value;
}

struct level {
    struct json *value;
    struct json **tail;
};

static void attach(struct level *level, struct json *value, struct bytes key)
{
    value->key = key;
    *level->tail = value;
    level->tail = &value->next;
}

/* In an object: a key and its colon, when that is what stands here. */
static struct bytes parse_key(struct scan *scan)
{
    struct bytes key;

    if (scan->p >= scan->end || *scan->p != '"')
        return (struct bytes){NULL, 0};
    key = parse_string(scan);
    skip_space(scan);
    if (scan->p < scan->end && *scan->p == ':')
        scan->p++;
    skip_space(scan);
    return key;
}

static void open_bracket(struct scan *scan, struct level *levels, int *depth, struct bytes key)
{
    struct json *value = make(scan, *scan->p == '{' ? JSON_OBJECT : JSON_ARRAY);

    scan->p += scan->p < scan->end;
    if (value == NULL)
        return;
    if (scan->beyond > 0 || *depth + 1 == JSONLD_DEPTH) {
        scan->beyond++;
        return;
    }
    attach(&levels[*depth], value, key);
    levels[++*depth] = (struct level){value, &value->first};
}

static void parse_one(struct scan *scan, struct level *levels, int *depth)
{
    struct level *level = &levels[*depth];
    struct bytes key = {NULL, 0};
    struct json *value;

    if (*scan->p == ',' || *scan->p == ';' || *scan->p == ':') {
        scan->p++;
        return;
    }
    if (*scan->p == '}' || *scan->p == ']') {
        scan->p++;
        if (scan->beyond > 0)
            scan->beyond--;
        else
            *depth -= *depth > 0;
        return;
    }
    if (level->value->type == JSON_OBJECT)
        key = parse_key(scan);
    if (scan->p >= scan->end)
        return;
    if (*scan->p == '{' || *scan->p == '[') {
        open_bracket(scan, levels, depth, key);
        return;
    }
    if (strchr("}],", *scan->p) != NULL)
        return;
    value = parse_plain(scan);
    if (value != NULL && scan->beyond == 0)
        attach(level, value, key);
}

struct json *jsonld_parse(struct arena *arena, struct bytes text)
{
    struct scan scan = {arena, text.ptr, text.ptr + text.len, JSONLD_VALUES, 0};
    struct json *root = make(&scan, JSON_ARRAY);
    struct level levels[JSONLD_DEPTH];
    int depth = 0;

    levels[0] = (struct level){root, &root->first};
    for (skip_space(&scan); scan.p < scan.end; skip_space(&scan))
        parse_one(&scan, levels, &depth);
    return root;
}
