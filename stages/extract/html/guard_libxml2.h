/* guard_libxml2.h - what libxml2's HTML parser must not see of a page, or need not. */
#ifndef WIREROOM_EXTRACT_HTML_GUARD_LIBXML2_H
#define WIREROOM_EXTRACT_HTML_GUARD_LIBXML2_H

#include "base/str.h"

enum { GUARD_SCRIPTS = 1024 }; /* of one page; the text of more is lost */

/* Zeroed. */
struct guard {
    char *copy; /* of the last page */
    size_t size, len;
    struct bytes scripts[GUARD_SCRIPTS]; /* their texts, in the page */
    int script_count;
};

/* A copy without NUL bytes that ends with one, in which no open tag has more than FILL_ATTRS
 * attributes or 32 KiB; lean: also without comments and what stands in script and style elements.
 * NULL when out of memory; good until the next page. */
const char *guard_page(struct guard *guard, struct bytes html, bool lean);

/* The text of the script that has this attribute, which guard_page() gave it; false when it is
 * another one. */
bool guard_script(
    const struct guard *guard, struct bytes name, struct bytes value, struct bytes *ret_text);

void guard_done(struct guard *guard);

#endif
