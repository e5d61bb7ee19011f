/* str.h - lent strings of bytes, and the buffer that grows. */
#ifndef WIREROOM_BASE_STR_H
#define WIREROOM_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

/* Bytes lent by their owner; not NUL-terminated, ptr may be NULL when len is 0. */
struct bytes {
    const char *ptr;
    size_t len;
};

#define LIT(text) ((struct bytes){"" text, sizeof(text) - 1})

/* printf("%.*s", FMT(b)) */
#define FMT(b) (int)(b).len, (b).len > 0 ? (b).ptr : ""

static inline struct bytes bytes_of(const char *text)
{
    return text == NULL ? (struct bytes){NULL, 0} : (struct bytes){text, strlen(text)};
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool bytes_is(struct bytes a, const char *text)
{
    return a.len == 0 ? text[0] == '\0' : a.ptr[0] == text[0] && bytes_equal(a, bytes_of(text));
}

/* ASCII letters compare without case; all other bytes exactly. */
bool bytes_equal_nocase(struct bytes a, struct bytes b);
bool bytes_starts(struct bytes text, struct bytes prefix);
bool bytes_starts_nocase(struct bytes text, struct bytes prefix);
bool bytes_ends(struct bytes text, struct bytes suffix);

/* Offset of the first occurrence, or SIZE_MAX. */
size_t bytes_find(struct bytes text, struct bytes what);
size_t bytes_find_nocase(struct bytes text, struct bytes what);
size_t bytes_find_byte(struct bytes text, char what);

/* Without ASCII white space (SP HT LF FF CR) at both ends. */
struct bytes bytes_trim(struct bytes text);
struct bytes bytes_from(struct bytes text, size_t start);
struct bytes bytes_slice(struct bytes text, size_t start, size_t len);
/* The first of it, at most most bytes and no UTF-8 character in part. */
struct bytes bytes_clip(struct bytes text, size_t most);

/* Cut rest at the first separator: returns what was before it, rest is what comes after.
 * Without a separator the whole is returned and rest becomes empty. */
struct bytes bytes_cut(struct bytes *rest, char separator);

/* A decimal number of at most 18 digits and nothing else; false leaves *ret_value untouched. */
bool bytes_to_int(struct bytes text, int64_t *ret_value);

/* The number as it is written, at the end of text, whose bytes are enough for any. */
enum { INT_TEXT = 20 };
struct bytes bytes_of_int(int64_t value, char text[INT_TEXT]);

/* Copies on the arena, with a NUL behind them that len does not count. */
struct bytes bytes_copy(struct arena *arena, struct bytes text);
char *bytes_cstr(struct arena *arena, struct bytes text);
struct bytes bytes_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ASCII only; these never look at the locale. */
static inline bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}
static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline char to_lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* A buffer on the heap that grows up to its limit. What does not fit is not added at all, and
 * `over` stays true until buf_clear(). Zeroed memory with a limit set is a valid empty buffer. */
struct buf {
    char *ptr;
    size_t len;
    size_t cap;
    size_t limit; /* most bytes it may ever hold; 0 means BUF_LIMIT */
    bool over;
};

enum { BUF_LIMIT = 1 << 30 };

void buf_done(struct buf *buf);
void buf_clear(struct buf *buf);

/* Room for len more bytes, or NULL over the limit; buf->len is not moved. */
char *buf_reserve(struct buf *buf, size_t len);
void buf_add(struct buf *buf, struct bytes text);
void buf_add_byte(struct buf *buf, char c);
void buf_add_cstr(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Drop the first len bytes. */
void buf_drop(struct buf *buf, size_t len);

static inline struct bytes buf_bytes(const struct buf *buf)
{
    return (struct bytes){buf->ptr, buf->len};
}

/* Put a NUL behind the bytes (not counted) and return them; "" when empty or over. */
const char *buf_cstr(struct buf *buf);

#endif
