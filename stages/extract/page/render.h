/* render.h - the lines that stand, as plain text and as HTML. */
#ifndef WIREROOM_EXTRACT_PAGE_RENDER_H
#define WIREROOM_EXTRACT_PAGE_RENDER_H

#include "page/page.h"

enum { RENDER_LIMIT = 4 << 20 };

/* One line of a page a line. */
void render_text(const struct page *page, bool with_standfirst, struct buf *out);

/* p h2-h6 ul ol li blockquote pre table tr td th br a[href] em strong b i u s sub sup code q, and
 * nothing else: no other attributes, addresses absolute and http(s). */
void render_html(const struct page *page, bool with_standfirst, struct buf *out);

#endif
