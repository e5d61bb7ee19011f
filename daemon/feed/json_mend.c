/* json_mend.c - knows what templates write that is not quite JSON, and what they meant. */
#include "feed/json_feed.h"

/* Bytes that one of a broken text may become: a control character is "\u001f". */
enum { LONGEST = 6 };

struct mender {
    char *out;
    size_t len;
};

static void put(struct mender *m, struct bytes text)
{
    memcpy(m->out + m->len, text.ptr, text.len);
    m->len += text.len;
}

/* A line break in a string can only mean itself (RFC 8259 section 7 wants it escaped). */
static void put_control(struct mender *m, char c)
{
    static const char hex[] = "0123456789abcdef";

    if (c == '\n')
        put(m, LIT("\\n"));
    else if (c == '\r')
        put(m, LIT("\\r"));
    else if (c == '\t')
        put(m, LIT("\\t"));
    else {
        put(m, LIT("\\u00"));
        m->out[m->len++] = hex[c >> 4 & 15];
        m->out[m->len++] = hex[c & 15];
    }
}

static bool is_hex(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i]) && (to_lower(text.ptr[i]) < 'a' || to_lower(text.ptr[i]) > 'f'))
            return false;
    return text.len == 4;
}

/* The string that text begins with; the bytes it takes. An escape that JSON does not know ("\'",
 * "\$") is its character. */
static size_t put_string(struct mender *m, struct bytes text)
{
    size_t i = 1;

    m->out[m->len++] = '"';
    while (i < text.len && text.ptr[i] != '"') {
        char c = text.ptr[i], next = (char)(i + 1 < text.len ? text.ptr[i + 1] : '\0');

        if (c == '\\' && next != '\0' &&
            (strchr("\"\\/bfnrt", next) != NULL ||
                (next == 'u' && is_hex(bytes_slice(text, i + 2, 4))))) {
            put(m, bytes_slice(text, i, 2));
            i += 2;
            continue;
        }
        if (c == '\\')
            put(m, next == 'u' || next == 'x' ? LIT("\\\\") : LIT(""));
        else if ((unsigned char)c < ' ')
            put_control(m, c);
        else
            m->out[m->len++] = c;
        i++;
    }
    m->out[m->len++] = '"';
    return i < text.len ? i + 1 : text.len;
}

/* A quote may be added, a backslash doubled. */
static size_t most(struct bytes text)
{
    size_t len = text.len + 1;

    for (size_t i = 0; i < text.len; i++)
        len += (unsigned char)text.ptr[i] < ' ' ? LONGEST : text.ptr[i] == '\\';
    return len;
}

struct bytes json_mend(struct arena *arena, struct bytes text)
{
    struct mender m = {.out = arena_alloc(arena, most(text))};

    for (size_t i = 0; i < text.len;) {
        size_t next = i + 1;

        if (text.ptr[i] == '"') {
            i += put_string(&m, bytes_from(text, i));
            continue;
        }
        while (next < text.len && is_space(text.ptr[next]))
            next++;
        /* a comma before the end */
        if (text.ptr[i] != ',' || (next < text.len && strchr("]},", text.ptr[next]) == NULL))
            m.out[m.len++] = text.ptr[i];
        i++;
    }
    return (struct bytes){m.out, m.len};
}
