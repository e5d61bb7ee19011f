/* obeyed.h - what a terminal obeys and no reader sees. */
#ifndef WIREROOM_BASE_OBEYED_H
#define WIREROOM_BASE_OBEYED_H

#include <stddef.h>

/* The number of one UTF-8 sequence that is a C1 control, or turns the order of others round (U+202A
 * to U+202E, U+2066 to U+2069; UAX 9 section 2); 0 for all others. */
static inline unsigned obeyed(const unsigned char *p, size_t len)
{
    if (len == 2 && p[0] == 0xc2 && p[1] < 0xa0)
        return p[1];
    if (len == 3 && p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae)
        return 0x2000U + p[2] - 0x80;
    if (len == 3 && p[0] == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)
        return 0x2040U + p[2] - 0x80;
    return 0;
}

/* The same of what begins at p, of which left bytes are there; *ret_len: its length when there is
 * any. */
static inline unsigned obeyed_at(const char *p, size_t left, size_t *ret_len)
{
    const unsigned char *u = (const unsigned char *)p;
    size_t len = u[0] == 0xc2 ? 2 : 3;
    unsigned point = u[0] == 0x7f ? 0x7f : left < len ? 0 : obeyed(u, len);

    if (point != 0)
        *ret_len = u[0] == 0x7f ? 1 : len;
    return point;
}

#endif
