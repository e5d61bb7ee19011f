/* query.c - the query of a request's address, as strangers write it. */
#include "http/query.h"

static int digit_of(char c)
{
    c = to_lower(c);
    if (is_digit(c))
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct bytes unescape(struct arena *arena, struct bytes text, char plus)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len && text.ptr[i] == '%' ? digit_of(text.ptr[i + 1]) : -1;
        int low = high < 0 ? -1 : digit_of(text.ptr[i + 2]);

        if (low >= 0 && (high | low) != 0) {
            out[len++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[len++] = text.ptr[i] == '+' ? plus : text.ptr[i];
        }
    }
    return (struct bytes){out, len};
}

struct bytes http_unescape_path(struct arena *arena, struct bytes text)
{
    return unescape(arena, text, '+');
}

struct bytes http_unescape(struct arena *arena, struct bytes text)
{
    return unescape(arena, text, ' ');
}

struct bytes http_query(struct arena *arena, struct bytes query, const char *name)
{
    while (query.len > 0) {
        struct bytes value = bytes_cut(&query, '&');

        if (bytes_is(bytes_cut(&value, '='), name))
            return http_unescape(arena, value);
    }
    return LIT("");
}
