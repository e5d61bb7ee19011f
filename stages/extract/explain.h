/* explain.h - why the text is what it is: for `wireroom extract --explain` and whoever teaches the
 * rules. */
#ifndef WIREROOM_EXTRACT_EXPLAIN_H
#define WIREROOM_EXTRACT_EXPLAIN_H

#include "page.h"

enum { EXPLAIN_LIMIT = 2 << 20, EXPLAIN_LINES = 4000 };

/* One JSON object: what the page said of itself and where, the element the text was taken from, and
 * every line with the rule that cut it ("kept" when none did). At most EXPLAIN_LINES lines of 200
 * bytes. */
void explain_write(const struct page *page, struct buf *out);

#endif
