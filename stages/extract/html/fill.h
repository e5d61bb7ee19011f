/* fill.h - what both parsers' fillers share: where they stand in the tree, and white space. */
#ifndef WIREROOM_EXTRACT_HTML_FILL_H
#define WIREROOM_EXTRACT_HTML_FILL_H

#include "html/tree.h"

enum { FILL_ATTRS = 64 }; /* of one element; more are not looked at */

/* Zeroed, with a tree. */
struct fill {
    struct tree *tree;
    size_t depth; /* open elements, all of them */
    size_t kept;  /* of these, the ones that have a node */
    bool space;   /* white space since the last node */
};

/* Open an element: its node, or UINT32_MAX when there is none (over a limit) and it must not be
 * closed. Beyond TREE_DEPTH an element's children become children of the deepest one that was kept.
 */
uint32_t fill_element(struct fill *fill, enum tag tag);
void fill_text(struct fill *fill, struct bytes text);

/* Close the element opened last. */
void fill_end(struct fill *fill);

/* tree_attr_name(), fast for names that are not known. */
enum attr_name fill_attr_name(struct bytes name);

extern const struct filler filler_lexbor;
extern const struct filler filler_libxml2;

#endif
