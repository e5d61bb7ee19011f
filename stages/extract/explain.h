/* explain.h - why the text is what it is: for `wireroom extract --explain` and whoever teaches the
 * rules. */
#ifndef WIREROOM_EXTRACT_EXPLAIN_H
#define WIREROOM_EXTRACT_EXPLAIN_H

#include "base/json.h"
#include "page/page.h"
#include "wireroom/stage.h"

enum { EXPLAIN_LIMIT = 4 << 20, EXPLAIN_LINES = 4000, EXPLAIN_TEXT = 400 };

/* One JSON object: the candidates for the body with their scores, the places in which each field of
 * rec stands, what the page said of itself, and every line with the rule that cut it ("kept" when
 * none did) and whether that is in doubt. At most EXPLAIN_LINES lines of EXPLAIN_TEXT bytes. The
 * fields are set by then, and page->explained was true while the body was looked for. */
void explain_write(const struct page *page, const wr_record *rec, struct buf *out);

/* For its part explain_fields.c. */
void explain_fields(const struct page *page, const wr_record *rec, struct json_writer *w);
struct bytes explain_beginning(struct bytes text);                 /* at most EXPLAIN_TEXT bytes */
const char *explain_place(const struct said *said);                /* "json-ld", "meta", ... */
struct bytes explain_name(const struct page *page, uint32_t node); /* "div.article-body" */

#endif
