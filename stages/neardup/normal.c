/* normal.c - Unicode's letters, digits and simple case folding, by ICU. */
#include "normal.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

static void add_ascii(struct buf *out, char c)
{
    if (is_alpha(c) || is_digit(c))
        buf_add_byte(out, to_lower(c));
}

/* NOLINTNEXTLINE(readability-function-size): the nesting is that of ICU's macro */
static void add_folded(struct buf *out, UChar32 c)
{
    char bytes[U8_MAX_LENGTH];
    int len = 0;

    /* Marks belong to the letters of many scripts. */
    if (!u_isalnum(c) && (U_MASK(u_charType(c)) & U_GC_M_MASK) == 0)
        return;
    U8_APPEND_UNSAFE(bytes, len, u_foldCase(c, U_FOLD_CASE_DEFAULT));
    buf_add(out, (struct bytes){bytes, (size_t)len});
}

/* NOLINTNEXTLINE(readability-function-size): the nesting is that of ICU's macro */
void normal_add(struct buf *out, wr_str text)
{
    size_t i = 0;

    while (i < text.len) {
        UChar32 c;

        if ((unsigned char)text.ptr[i] < 0x80) {
            add_ascii(out, text.ptr[i++]);
            continue;
        }
        U8_NEXT(text.ptr, i, text.len, c);
        if (c > 0)
            add_folded(out, c);
    }
}
