/* str.c - how bytes are compared, searched, cut and collected. */
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/eight.h"

bool bytes_starts(struct bytes text, struct bytes prefix)
{
    return text.len >= prefix.len && bytes_equal(bytes_slice(text, 0, prefix.len), prefix);
}

bool bytes_equal_nocase(struct bytes a, struct bytes b)
{
    return a.len == b.len && bytes_starts_nocase(a, b);
}

bool bytes_starts_nocase(struct bytes text, struct bytes prefix)
{
    if (text.len < prefix.len)
        return false;
    for (size_t i = 0; i < prefix.len; i++)
        if (to_lower(text.ptr[i]) != to_lower(prefix.ptr[i]))
            return false;
    return true;
}

bool bytes_ends(struct bytes text, struct bytes suffix)
{
    return text.len >= suffix.len && bytes_equal(bytes_from(text, text.len - suffix.len), suffix);
}

size_t bytes_find(struct bytes text, struct bytes what)
{
    const char *found;

    if (what.len == 0)
        return 0;
    if (text.len < what.len)
        return SIZE_MAX;
    found = memmem(text.ptr, text.len, what.ptr, what.len);
    return found == NULL ? SIZE_MAX : (size_t)(found - text.ptr);
}

/* One of eight bytes is first, which is in lower case, in either case. */
static bool may_start(uint64_t eight, char first)
{
    char other = (char)(first >= 'a' && first <= 'z' ? first - ('a' - 'A') : first);

    return (eight_equal(eight, first) | eight_equal(eight, other)) != 0;
}

size_t bytes_find_nocase(struct bytes text, struct bytes what)
{
    char first;
    size_t i = 0;

    if (what.len == 0)
        return 0;
    first = to_lower(what.ptr[0]);
    while (i + what.len <= text.len) {
        if (i + 8 <= text.len && !may_start(eight_load(text.ptr + i), first)) {
            i += 8;
            continue;
        }
        for (size_t end = i + 8; i < end && i + what.len <= text.len; i++)
            if (to_lower(text.ptr[i]) == first && bytes_starts_nocase(bytes_from(text, i), what))
                return i;
    }
    return SIZE_MAX;
}

size_t bytes_find_byte(struct bytes text, char what)
{
    const char *found = text.len == 0 ? NULL : memchr(text.ptr, what, text.len);

    return found == NULL ? SIZE_MAX : (size_t)(found - text.ptr);
}

struct bytes bytes_trim(struct bytes text)
{
    while (text.len > 0 && is_space(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && is_space(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

struct bytes bytes_from(struct bytes text, size_t start)
{
    if (start >= text.len)
        return (struct bytes){NULL, 0};
    return (struct bytes){text.ptr + start, text.len - start};
}

struct bytes bytes_slice(struct bytes text, size_t start, size_t len)
{
    text = bytes_from(text, start);
    if (text.len > len)
        text.len = len;
    return text;
}

struct bytes bytes_clip(struct bytes text, size_t most)
{
    if (text.len <= most)
        return text;
    while (most > 0 && ((unsigned char)text.ptr[most] & 0xc0) == 0x80)
        most--;
    return bytes_slice(text, 0, most);
}

struct bytes bytes_cut(struct bytes *rest, char separator)
{
    size_t at = bytes_find_byte(*rest, separator);
    struct bytes head = *rest;

    if (at == SIZE_MAX) {
        *rest = (struct bytes){NULL, 0};
        return head;
    }
    head.len = at;
    *rest = bytes_from(*rest, at + 1);
    return head;
}

struct bytes bytes_of_int(int64_t value, char text[INT_TEXT])
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char *at = text + INT_TEXT;

    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        *--at = '-';
    return (struct bytes){at, (size_t)(text + INT_TEXT - at)};
}

bool bytes_to_int(struct bytes text, int64_t *ret_value)
{
    bool minus = text.len > 0 && text.ptr[0] == '-';
    int64_t value = 0;

    text = bytes_from(text, minus ? 1 : 0);
    while (text.len > 18 && text.ptr[0] == '0')
        text = bytes_from(text, 1);
    if (text.len == 0 || text.len > 18)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.ptr[i]))
            return false;
        value = value * 10 + (text.ptr[i] - '0');
    }
    *ret_value = minus ? -value : value;
    return true;
}

char *bytes_cstr(struct arena *arena, struct bytes text)
{
    char *copy = arena_alloc(arena, text.len + 1);

    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    return copy;
}

struct bytes bytes_copy(struct arena *arena, struct bytes text)
{
    return (struct bytes){bytes_cstr(arena, text), text.len};
}

struct bytes bytes_format(struct arena *arena, const char *format, ...)
{
    struct bytes result = {NULL, 0};
    va_list args;
    char *text;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len <= 0)
        return result;
    text = arena_alloc(arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return (struct bytes){text, (size_t)len};
}

void buf_done(struct buf *buf)
{
    free(buf->ptr);
    *buf = (struct buf){.limit = buf->limit};
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->over = false;
}

/* So that there is a byte for a NUL behind len more. */
static void grow(struct buf *buf, size_t len)
{
    size_t cap = buf->cap < 64 ? 64 : buf->cap;
    char *grown;

    while (cap < buf->len + len + 1)
        cap *= 2;
    grown = realloc(buf->ptr, cap);
    if (grown == NULL)
        arena_out_of_memory(cap);
    buf->ptr = grown;
    buf->cap = cap;
}

static inline char *reserve(struct buf *buf, size_t len)
{
    size_t limit = buf->limit == 0 ? BUF_LIMIT : buf->limit;

    if (buf->over || buf->len > limit || len > limit - buf->len) {
        buf->over = true;
        return NULL;
    }
    if (buf->len + len >= buf->cap)
        grow(buf, len);
    return buf->ptr + buf->len;
}

char *buf_reserve(struct buf *buf, size_t len)
{
    return reserve(buf, len);
}

void buf_add(struct buf *buf, struct bytes text)
{
    char *room = text.len == 0 ? NULL : reserve(buf, text.len);

    if (room == NULL)
        return;
    memcpy(room, text.ptr, text.len);
    buf->len += text.len;
}

void buf_add_byte(struct buf *buf, char c)
{
    char *room = reserve(buf, 1);

    if (room == NULL)
        return;
    *room = c;
    buf->len++;
}

void buf_add_cstr(struct buf *buf, const char *text)
{
    buf_add(buf, bytes_of(text));
}

void buf_vprintf(struct buf *buf, const char *format, va_list args)
{
    va_list again;
    char *room;
    int len;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    room = len <= 0 ? NULL : buf_reserve(buf, (size_t)len);
    if (room == NULL)
        return;
    vsnprintf(room, (size_t)len + 1, format, args);
    buf->len += (size_t)len;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    buf_vprintf(buf, format, args);
    va_end(args);
}

void buf_drop(struct buf *buf, size_t len)
{
    if (len > buf->len)
        len = buf->len;
    if (len < buf->len)
        memmove(buf->ptr, buf->ptr + len, buf->len - len);
    buf->len -= len;
}

const char *buf_cstr(struct buf *buf)
{
    if (buf->over || buf_reserve(buf, 0) == NULL)
        return "";
    buf->ptr[buf->len] = '\0';
    return buf->ptr;
}
