/* byline.h - who wrote it, as the reader of the page sees it. */
#ifndef WIREROOM_EXTRACT_BYLINE_H
#define WIREROOM_EXTRACT_BYLINE_H

#include "names.h"

struct byline {
    struct bytes text; /* as printed */
    struct names names;
    int score; /* how sure it is that this is the byline */
};

/* The best byline of the page; score 0 when there is none. */
void byline_find(const struct page *page, struct byline *ret_byline);

#endif
