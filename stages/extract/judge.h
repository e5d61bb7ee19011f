/* judge.h - what kind of page it was, and how far its text is to be trusted. */
#ifndef WIREROOM_EXTRACT_JUDGE_H
#define WIREROOM_EXTRACT_JUDGE_H

#include "page/page.h"
#include "wireroom/stage.h"

enum page_kind {
    PAGE_ARTICLE,
    PAGE_INDEX,   /* a list of articles */
    PAGE_CONSENT, /* asks for consent before it shows anything */
    PAGE_LOGIN,
    PAGE_PAYWALL, /* the beginning of an article */
    PAGE_EMPTY,
    PAGE_ERROR, /* says that it is not there */
    PAGE_CHECK, /* wants to know whether a person reads it */
};

/* rec says what the feed knows of the article. */
enum page_kind judge_kind(const struct page *page, const wr_record *rec);
const char *page_kind_name(enum page_kind kind);

/* 0 to 1, from what agrees with what; of pages with a text. What speaks against it is added to rec
 * as WR_REASON, the worst first. */
double judge_confidence(const struct page *page, wr_record *rec);

#endif
