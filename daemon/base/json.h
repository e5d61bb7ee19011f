/* json.h - JSON in and out, on yajl: a tree on an arena, and a writer into a buffer. */
#ifndef WIREROOM_BASE_JSON_H
#define WIREROOM_BASE_JSON_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

enum { JSON_DEPTH = 64 };

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* A value; members and items are linked in document order. */
struct json {
    enum json_type type;
    struct bytes key;   /* of a member of an object */
    struct bytes text;  /* string's value, or a number as it was written */
    bool truth;         /* of JSON_BOOL */
    struct json *first; /* of an array or object */
    struct json *next;
};

/* RFC 8259, strictly; deeper than JSON_DEPTH, or more than three quarters of what the arena has
 * left, is E_LIMIT, anything else wrong E_FORMAT with
 * "line:column: what". text must be UTF-8 and outlive nothing: all is copied. */
int json_parse(struct arena *arena, struct bytes text, struct json **ret_json, struct error *err);

/* The strings that are members of the object called name in the object that text is, decoded, in
 * document order; each lives until on_string returns, and no more than one is held at a time.
 * Members with names over JSON_SCAN_KEY bytes are passed over. Errors are json_parse()'s; what
 * stands before one has been told. */
enum { JSON_SCAN_KEY = 64 };
int json_scan(struct bytes text, const char *name,
    void (*on_string)(void *ctx, struct bytes key, struct bytes value), void *ctx,
    struct error *err);

/* NULL when value is NULL, no object, or has no such member. Names of two levels:
 * json_get(json_get()). */
const struct json *json_get(const struct json *value, const char *name);

/* The value as text: a string's, a number's as written, "true"; "" for NULL, null, arrays, objects.
 */
struct bytes json_text(const struct json *value);
struct bytes json_get_text(const struct json *value, const char *name);
int64_t json_get_int(const struct json *value, const char *name, int64_t otherwise);
bool json_get_bool(const struct json *value, const char *name, bool otherwise);

/* Writer. Zero it, set out, and balance begin and end. Invalid UTF-8 is replaced by U+FFFD, so the
 * result is always valid. key is NULL inside arrays. */
struct json_writer {
    struct buf *out;
    bool comma; /* a value stands before the next one */
    int depth;
};

void json_begin_object(struct json_writer *w, const char *key);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w, const char *key);
void json_end_array(struct json_writer *w);
void json_string(struct json_writer *w, const char *key, struct bytes value);
void json_cstr(struct json_writer *w, const char *key, const char *value); /* NULL writes null */
void json_int(struct json_writer *w, const char *key, int64_t value);
void json_real(struct json_writer *w, const char *key, double value, int decimals);
void json_bool(struct json_writer *w, const char *key, bool value);
void json_null(struct json_writer *w, const char *key);
void json_raw(struct json_writer *w, const char *key, struct bytes json); /* already JSON */

/* json_string() when value is not empty, else nothing. */
void json_string_if(struct json_writer *w, const char *key, struct bytes value);

/* Write a parsed value again. */
void json_value(struct json_writer *w, const char *key, const struct json *value);

#endif
