/* select_lexbor.h - CSS selectors over lexbor's own tree. */
#ifndef WIREROOM_EXTRACT_HTML_SELECT_LEXBOR_H
#define WIREROOM_EXTRACT_HTML_SELECT_LEXBOR_H

#include <lexbor/dom/dom.h>

#include "html/tree.h"

/* Holds what was compiled; NULL when out of memory. */
struct css;
struct css *css_open(void);
void css_close(struct css *css); /* NULL is allowed */

/* A list of selectors, lent until css_close(); NULL when text is none. */
void *css_compile(struct css *css, struct bytes text);

/* The elements below root that match, as the numbers node->user has for them (those without one are
 * passed over), in document order, at most room. */
size_t css_select(
    struct css *css, lxb_dom_node_t *root, const void *selector, uint32_t *ret_nodes, size_t room);

#endif
