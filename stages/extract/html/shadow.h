/* shadow.h - the tree that readers see of a page with shadow trees. */
#ifndef WIREROOM_EXTRACT_HTML_SHADOW_H
#define WIREROOM_EXTRACT_HTML_SHADOW_H

#include "html/tree.h"

/* For fillers: node, a template with all its attributes, is the root of its parent's shadow tree.
 * What it holds is to be filled in then, as that of any element. */
bool shadow_begins(struct tree *tree, uint32_t node);

/* Put what was filled in into the order that is shown. Nodes get new numbers. */
void shadow_compose(struct tree *tree);

/* Numbers that a filler's select() gave, as they are now; how many of the nodes are left. */
size_t shadow_follow(const struct tree *tree, uint32_t *nodes, size_t count);

#endif
