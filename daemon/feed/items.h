/* items.h - where the elements that may be entries begin and end in a feed, found without parsing
 * them. */
#ifndef WIREROOM_FEED_ITEMS_H
#define WIREROOM_FEED_ITEMS_H

#include "feed/xml.h"

enum { ITEMS_DEPTH = 8 }; /* items are looked for inside of fewer elements */

/* Zeroed memory with a text set is ready for items_next(). */
struct items {
    struct bytes text; /* UTF-8 without a DTD */
    size_t at;
    int depth;
    uint64_t around[ITEMS_DEPTH + 1]; /* hash of the start tags down to each depth */
};

/* The next one, whole; items inside of items are part of them. False when there is none. The answer
 * holds as long as the text before is well-formed, which the caller finds out by parsing it: what a
 * text that is not well-formed is cut into means nothing. Linear in the text. */
bool items_next(struct items *items, struct xml_item *ret_item);

#endif
