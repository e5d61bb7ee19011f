/* byline.h - who wrote it, as the reader of the page sees it. */
#ifndef WIREROOM_EXTRACT_FIELD_BYLINE_H
#define WIREROOM_EXTRACT_FIELD_BYLINE_H

#include "page/names.h"

struct byline {
    struct bytes text; /* as printed */
    struct names names;
    int score; /* how sure it is that this is the byline */
    /* Who signs in a byline that has no person's name: initials, a nickname, the newsroom. Empty
     * when nobody does. */
    struct bytes signer;
    int signer_score;
    bool signer_cued; /* a phrase says so, not only a name of an element */
};

/* The best byline of the page; score 0 when there is none. */
void byline_find(const struct page *page, struct byline *ret_byline);

#endif
