/* trailer.h - "The post ... appeared first on ...", for entry.c. */
#ifndef WIREROOM_FEED_TRAILER_H
#define WIREROOM_FEED_TRAILER_H

#include "feed/feed.h"

/* html without a last paragraph of two links, the first with the entry's title and address, the
 * second to a place above it on the same host. */
struct bytes trailer_cut(struct arena *arena, const struct entry *entry, struct bytes html);

#endif
