/* pages.h - the further pages of an article that is split over several. */
#ifndef WIREROOM_EXTRACT_PAGE_PAGES_H
#define WIREROOM_EXTRACT_PAGE_PAGES_H

#include "page/page.h"

/* The address of page `number` (2 and up) of the article whose first page is at `first`, when this
 * page links to it with rel=next; empty when it does not. A link is believed when all that its
 * address has more than first is that number, perhaps with a word for "page": rel=next leads to the
 * next article as often. */
struct bytes pages_next(const struct page *page, struct bytes first, int number);

/* For its test: whether next is page `number` of first, by its address. */
bool pages_is_next(struct bytes first, struct bytes next, int number);

#endif
