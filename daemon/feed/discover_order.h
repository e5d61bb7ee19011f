/* discover_order.h - what addresses and titles tell of a feed before anyone has read it, for
 * discover.c. */
#ifndef WIREROOM_FEED_DISCOVER_ORDER_H
#define WIREROOM_FEED_DISCOVER_ORDER_H

#include "feed/discover.h"

/* "/feed", "/rss.xml", "/rss/world.xml", "//feeds.example.org/x", "?feed=rss2" and the like. */
bool discover_is_like_feed(struct bytes href);

/* Feeds of comments come behind all others, which keep their order. */
void discover_order(struct discovered *list, size_t count);

/* Take the first link off the value of a Link header. */
void discover_link(struct bytes *value, struct feed_link *ret_link);

#endif
