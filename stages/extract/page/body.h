/* body.h - where on the page the article stands. */
#ifndef WIREROOM_EXTRACT_PAGE_BODY_H
#define WIREROOM_EXTRACT_PAGE_BODY_H

#include "page/page.h"

/* The element that holds the article's text and as little else as possible; 0 when the page has no
 * text. Lines outside of it are cut as RULE_OUTSIDE. */
uint32_t body_find(struct page *page);

/* range.c: the element that holds seed and what goes on with it. */
uint32_t body_widen(struct page *page, uint32_t seed);

#endif
