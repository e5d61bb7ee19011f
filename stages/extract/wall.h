/* wall.h - pages that stand where an article should: checks for people, consent, login, the home
 * page. */
#ifndef WIREROOM_EXTRACT_WALL_H
#define WIREROOM_EXTRACT_WALL_H

#include "judge.h"
#include "wireroom/stage.h"

/* Which of them a page is, PAGE_ARTICLE when it is none: PAGE_CHECK, PAGE_CONSENT, PAGE_LOGIN or
 * PAGE_INDEX. kept is the number of characters in its good lines. A page that shows the feed's own
 * headline is none, whatever it speaks of. */
enum page_kind wall_kind(const struct page *page, const wr_record *rec, uint32_t kept);

#endif
