/* json.c - yajl's events made into a tree; strings escaped by RFC 8259 section 7. */
#include "base/json.h"

#include <stdio.h>
#include <yajl/yajl_parse.h>

#include "base/eight.h"
#include "base/obeyed.h"

struct builder {
    struct arena *arena;
    struct json *open[JSON_DEPTH + 1]; /* objects and arrays not yet ended */
    struct json *last[JSON_DEPTH + 1]; /* the newest child of each */
    int depth;
    struct bytes key;
    struct json *root;
    size_t reserve; /* of the arena, for its owner */
    bool too_deep, too_large;
};

/* A value takes forty times its two bytes of text: the tree is bounded by its arena, not by its
 * text. */
static bool has_room(struct builder *b, size_t len)
{
    size_t piece = sizeof(struct json) + len + 64; /* two pieces, aligned */

    b->too_large = !arena_has(b->arena, piece) || arena_left(b->arena) < b->reserve + piece;
    return !b->too_large;
}

/* With text of its own, copied; NULL when there is no room. */
static struct json *add(struct builder *b, enum json_type type, struct bytes text)
{
    struct json *value;

    if (!has_room(b, text.len))
        return NULL;
    value = arena_alloc(b->arena, sizeof(*value));
    if (text.ptr != NULL)
        value->text = bytes_copy(b->arena, text);
    value->type = type;
    value->key = b->key;
    b->key = (struct bytes){NULL, 0};
    if (b->depth == 0)
        b->root = value;
    else if (b->last[b->depth] == NULL)
        b->open[b->depth]->first = value;
    else
        b->last[b->depth]->next = value;
    b->last[b->depth] = value;
    return value;
}

static int on_null(void *ctx)
{
    return add(ctx, JSON_NULL, (struct bytes){NULL, 0}) != NULL;
}

static int on_bool(void *ctx, int truth)
{
    struct json *value = add(ctx, JSON_BOOL, (struct bytes){NULL, 0});

    if (value != NULL)
        value->truth = truth != 0;
    return value != NULL;
}

static int on_number(void *ctx, const char *text, size_t len)
{
    return add(ctx, JSON_NUMBER, (struct bytes){text, len}) != NULL;
}

static int on_string(void *ctx, const unsigned char *text, size_t len)
{
    return add(ctx, JSON_STRING, (struct bytes){(const char *)text, len}) != NULL;
}

static int begin(struct builder *b, enum json_type type)
{
    if (b->depth == JSON_DEPTH) {
        b->too_deep = true;
        return 0;
    }
    struct json *value = add(b, type, (struct bytes){NULL, 0});

    if (value == NULL)
        return 0;
    b->depth++;
    b->open[b->depth] = value;
    b->last[b->depth] = NULL;
    return 1;
}

static int on_begin_object(void *ctx)
{
    return begin(ctx, JSON_OBJECT);
}

static int on_begin_array(void *ctx)
{
    return begin(ctx, JSON_ARRAY);
}

static int on_end(void *ctx)
{
    ((struct builder *)ctx)->depth--;
    return 1;
}

static int on_key(void *ctx, const unsigned char *text, size_t len)
{
    struct builder *b = ctx;

    if (!has_room(b, len))
        return 0;
    b->key = bytes_copy(b->arena, (struct bytes){(const char *)text, len});
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_bool,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_begin_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_begin_array,
    .yajl_end_array = on_end,
};

static int fail_at(struct error *err, struct bytes text, size_t at, const char *what)
{
    size_t line = 1;
    size_t start = 0;

    for (size_t i = 0; i < at && i < text.len; i++) {
        if (text.ptr[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    return fail(err, E_FORMAT, "%zu:%zu: %s", line, at - start + 1, what);
}

int json_parse(struct arena *arena, struct bytes text, struct json **ret_json, struct error *err)
{
    struct builder b = {.arena = arena, .reserve = arena_left(arena) / 4};
    yajl_handle parser = yajl_alloc(&callbacks, NULL, &b);
    const unsigned char *start = (const unsigned char *)text.ptr;
    yajl_status status = yajl_parse(parser, start, text.len);
    int code = OK;

    if (status == yajl_status_ok)
        status = yajl_complete_parse(parser);
    if (b.too_deep) {
        code = fail(err, E_LIMIT, "JSON is nested deeper than %d", JSON_DEPTH);
    } else if (b.too_large) {
        code = fail(err, E_LIMIT, "JSON of too many values");
    } else if (status != yajl_status_ok) {
        unsigned char *why = yajl_get_error(parser, 0, start, text.len);

        code = fail_at(err, text, yajl_get_bytes_consumed(parser),
            (const char *)(why == NULL ? (const unsigned char *)"not JSON" : why));
        yajl_free_error(parser, why);
        for (char *p = err == NULL ? NULL : strchr(err->text, '\n'); p != NULL; p = NULL)
            *p = '\0';
    } else if (b.root == NULL) {
        code = fail(err, E_FORMAT, "1:1: empty document");
    }
    yajl_free(parser);
    if (code == OK)
        *ret_json = b.root;
    return code;
}

const struct json *json_get(const struct json *value, const char *name)
{
    if (value == NULL || value->type != JSON_OBJECT)
        return NULL;
    for (const struct json *m = value->first; m != NULL; m = m->next)
        if (bytes_is(m->key, name))
            return m;
    return NULL;
}

struct bytes json_text(const struct json *value)
{
    if (value == NULL)
        return (struct bytes){"", 0};
    if (value->type == JSON_BOOL)
        return value->truth ? LIT("true") : LIT("false");
    return value->type == JSON_STRING || value->type == JSON_NUMBER ? value->text
                                                                    : (struct bytes){"", 0};
}

struct bytes json_get_text(const struct json *value, const char *name)
{
    return json_text(json_get(value, name));
}

int64_t json_get_int(const struct json *value, const char *name, int64_t otherwise)
{
    int64_t result = otherwise;

    bytes_to_int(json_get_text(value, name), &result);
    return result;
}

bool json_get_bool(const struct json *value, const char *name, bool otherwise)
{
    const struct json *member = json_get(value, name);

    return member != NULL && member->type == JSON_BOOL ? member->truth : otherwise;
}

/* What follows the backslash; 0 for bytes that stand for themselves. */
static const unsigned char escapes[256] = {[0x00 ... 0x08] = 'u',
    ['\t'] = 't',
    ['\n'] = 'n',
    [0x0b ... 0x0c] = 'u',
    ['\r'] = 'r',
    [0x0e ... 0x1f] = 'u',
    [0x7f] = 'u',
    ['"'] = '"',
    ['\\'] = '\\'};

/* Length of the UTF-8 sequence at p, or 0 when it is none (RFC 3629 section 4). */
static size_t sequence(const unsigned char *p, size_t len)
{
    size_t want = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

    if (p[0] > 0xf4 || want == 0 || want > len)
        return 0;
    for (size_t i = 1; i < want; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return want;
}

static void add_escape(struct buf *out, unsigned char c)
{
    char kind = (char)escapes[c];

    if (kind == 'u')
        buf_printf(out, "\\u%04x", c);
    else
        buf_add(out, (struct bytes){(char[]){'\\', kind}, 2});
}

/* The first byte from i on that may have to be escaped, or up to seven before it. */
static size_t skip_plain(struct bytes text, size_t i)
{
    while (i + 8 <= text.len) {
        uint64_t eight = eight_load(text.ptr + i);
        uint64_t shown = eight_above(eight, 0x1f) & ~eight_above(eight, 0x7e);

        if ((shown & ~eight_equal(eight, '"') & ~eight_equal(eight, '\\')) != EIGHT_HIGH)
            break;
        i += 8;
    }
    return i;
}

static void quote(struct buf *out, struct bytes text)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    size_t from = 0;
    size_t i = 0;

    buf_add_byte(out, '"');
    while ((i = skip_plain(text, i)) < text.len) {
        size_t len = p[i] < 0x80 ? 1 : sequence(p + i, text.len - i);
        unsigned hidden = len > 1 ? obeyed(p + i, len) : 0;

        if (len > 0 && escapes[p[i]] == 0 && hidden == 0) {
            i += len;
            continue;
        }
        buf_add(out, (struct bytes){text.ptr + from, i - from});
        if (len == 0)
            buf_add(out, LIT("\xef\xbf\xbd"));
        else if (hidden != 0)
            buf_printf(out, "\\u%04x", hidden);
        else
            add_escape(out, p[i]);
        i += len == 0 ? 1 : len;
        from = i;
    }
    buf_add(out, (struct bytes){text.ptr + from, i - from});
    buf_add_byte(out, '"');
}

static void before(struct json_writer *w, const char *key)
{
    if (w->comma)
        buf_add_byte(w->out, ',');
    if (key != NULL) {
        quote(w->out, bytes_of(key));
        buf_add_byte(w->out, ':');
    }
    w->comma = true;
}

static void open_value(struct json_writer *w, const char *key, char bracket)
{
    before(w, key);
    buf_add_byte(w->out, bracket);
    w->comma = false;
    w->depth++;
}

static void close_value(struct json_writer *w, char bracket)
{
    buf_add_byte(w->out, bracket);
    w->comma = true;
    w->depth--;
}

void json_begin_object(struct json_writer *w, const char *key)
{
    open_value(w, key, '{');
}

void json_end_object(struct json_writer *w)
{
    close_value(w, '}');
}

void json_begin_array(struct json_writer *w, const char *key)
{
    open_value(w, key, '[');
}

void json_end_array(struct json_writer *w)
{
    close_value(w, ']');
}

void json_string(struct json_writer *w, const char *key, struct bytes value)
{
    before(w, key);
    quote(w->out, value);
}

void json_string_if(struct json_writer *w, const char *key, struct bytes value)
{
    if (value.len > 0)
        json_string(w, key, value);
}

void json_cstr(struct json_writer *w, const char *key, const char *value)
{
    if (value == NULL)
        json_null(w, key);
    else
        json_string(w, key, bytes_of(value));
}

void json_raw(struct json_writer *w, const char *key, struct bytes json)
{
    before(w, key);
    buf_add(w->out, json);
}

void json_int(struct json_writer *w, const char *key, int64_t value)
{
    char text[INT_TEXT];

    before(w, key);
    buf_add(w->out, bytes_of_int(value, text));
}

void json_real(struct json_writer *w, const char *key, double value, int decimals)
{
    before(w, key);
    buf_printf(w->out, "%.*f", decimals, value);
}

void json_bool(struct json_writer *w, const char *key, bool value)
{
    json_raw(w, key, value ? LIT("true") : LIT("false"));
}

void json_null(struct json_writer *w, const char *key)
{
    json_raw(w, key, LIT("null"));
}

/* At most JSON_DEPTH deep. NOLINTNEXTLINE(misc-no-recursion) */
void json_value(struct json_writer *w, const char *key, const struct json *value)
{
    switch (value->type) {
    case JSON_STRING:
        json_string(w, key, value->text);
        return;
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    case JSON_NULL:
        json_null(w, key);
        return;
    default:
        json_raw(w, key, json_text(value));
        return;
    }
    open_value(w, key, value->type == JSON_ARRAY ? '[' : '{');
    for (const struct json *m = value->first; m != NULL; m = m->next)
        json_value(w, value->type == JSON_OBJECT ? m->key.ptr : NULL, m);
    close_value(w, value->type == JSON_ARRAY ? ']' : '}');
}
