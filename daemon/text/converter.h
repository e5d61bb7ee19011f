/* converter.h - bytes of a named encoding as UTF-8, piece by piece, for encoding.c. */
#ifndef WIREROOM_TEXT_CONVERTER_H
#define WIREROOM_TEXT_CONVERTER_H

#include "base/arena.h"
#include "base/str.h"

struct converted {
    struct bytes text;
    size_t characters; /* UTF-16 units */
    size_t bad;        /* of them without a meaning, now U+FFFD */
};

/* An encoding of one byte a character: ASCII in the first half of its bytes; U+FFFD where a byte
 * means nothing. */
enum { CODE_PAGES = 4 };
struct code_page {
    const char *name;
    uint16_t high[128];
};
extern const struct code_page code_pages[CODE_PAGES];

/* Read ICU's tables of the encodings of one byte a character; the first use of each does it too. */
void converter_init(void);

/* ICU or code_pages knows the name. The result takes its own length on arena and nothing beside.
 * With strict, false also when more than one character in 50 has no meaning. */
bool converter_to_utf8(struct arena *arena, struct bytes document, const char *name, bool strict,
    struct converted *ret);

#endif
