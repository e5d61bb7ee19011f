/* json_scan.c - the strings of one object out of a text, without a tree of it. */
#include <yajl/yajl_parse.h>

#include "base/json.h"

enum { MEMBER = 2 }; /* how deep the members of the object are */

struct scan {
    const char *name;
    void (*on_string)(void *ctx, struct bytes key, struct bytes value);
    void *ctx;
    int depth;    /* objects and arrays not yet ended */
    bool within;  /* the last member of the text's object that began is the one called name */
    bool is_list; /* and what is in it has no names */
    char key[JSON_SCAN_KEY];
    size_t key_len; /* 0: of none that is asked for */
    bool too_deep;
};

static int on_text(void *ctx, const unsigned char *text, size_t len)
{
    struct scan *scan = ctx;

    if (scan->within && scan->depth == MEMBER && !scan->is_list && scan->key_len > 0)
        scan->on_string(scan->ctx, (struct bytes){scan->key, scan->key_len},
            (struct bytes){(const char *)text, len});
    return 1;
}

static int begin(struct scan *scan, bool is_list)
{
    if (scan->depth == JSON_DEPTH) {
        scan->too_deep = true;
        return 0;
    }
    scan->depth++;
    if (scan->depth == MEMBER)
        scan->is_list = is_list;
    return 1;
}

static int on_begin_object(void *ctx)
{
    return begin(ctx, false);
}

static int on_begin_array(void *ctx)
{
    return begin(ctx, true);
}

static int on_end(void *ctx)
{
    ((struct scan *)ctx)->depth--;
    return 1;
}

static int on_key(void *ctx, const unsigned char *text, size_t len)
{
    struct scan *scan = ctx;

    if (scan->depth == 1)
        scan->within = bytes_is((struct bytes){(const char *)text, len}, scan->name);
    if (scan->depth != MEMBER)
        return 1;
    scan->key_len = len <= sizeof(scan->key) ? len : 0;
    memcpy(scan->key, text, scan->key_len);
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_string = on_text,
    .yajl_start_map = on_begin_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_begin_array,
    .yajl_end_array = on_end,
};

int json_scan(struct bytes text, const char *name,
    void (*on_string)(void *ctx, struct bytes key, struct bytes value), void *ctx,
    struct error *err)
{
    struct scan scan = {.name = name, .on_string = on_string, .ctx = ctx};
    yajl_handle parser = yajl_alloc(&callbacks, NULL, &scan);
    yajl_status status = yajl_parse(parser, (const unsigned char *)text.ptr, text.len);

    if (status == yajl_status_ok)
        status = yajl_complete_parse(parser);
    yajl_free(parser);
    if (scan.too_deep)
        return fail(err, E_LIMIT, "JSON is nested deeper than %d", JSON_DEPTH);
    return status == yajl_status_ok ? OK : fail(err, E_FORMAT, "not JSON");
}
