/* marks.h - where quotations stand: between marks of whatever language, and behind dashes. */
#ifndef WIREROOM_QUOTES_MARKS_H
#define WIREROOM_QUOTES_MARKS_H

#include "base/str.h"

enum {
    SPANS = 512,        /* of one text; an interview has some 80 */
    SPAN_MOST = 2000,   /* bytes; what has no end within is none */
    TEXT_MOST = 1 << 18 /* bytes of a text that are looked at */
};

struct span {
    uint32_t outer, start, end,
        behind;     /* bytes: the opening mark, the words, the closing mark, what follows */
    bool is_speech; /* a line of a dialogue, that begins with a dash */
};

/* The spans of text, in order; returns how many. */
size_t marks_find(struct bytes text, struct span spans[SPANS]);

#endif
