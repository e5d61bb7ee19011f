/* familiar.h - lines that other articles of the page's site have, too. */
#ifndef WIREROOM_EXTRACT_FAMILIAR_H
#define WIREROOM_EXTRACT_FAMILIAR_H

#include "page/page.h"
#include "wireroom/stage.h"

/* Of the text that was found: cut what WR_SITE_LINES has and what stands as furniture does, and
 * tell what lines there are in WR_PAGE_LINES, unless an earlier page of the article did. */
void familiar_cut(struct page *page, wr_record *rec);

#endif
