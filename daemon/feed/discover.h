/* discover.h - the feeds a page links to. */
#ifndef WIREROOM_FEED_DISCOVER_H
#define WIREROOM_FEED_DISCOVER_H

#include "feed/feed.h"

enum { DISCOVER_LIMIT = 200 };

struct discovered {
    struct bytes url, title;
    struct bytes type; /* "rss", "atom", "json", or the format of a page that is itself a feed */
};

/* Feeds linked from an HTML page, the best first: <link rel=alternate> with a feed's type, then <a>
 * whose address looks like a feed's. A page that is itself a feed yields its own address. At most
 * DISCOVER_LIMIT, each once. */
size_t discover_feeds(struct arena *arena, struct bytes page, const struct feed_source *source,
    struct discovered ret_list[DISCOVER_LIMIT]);

/* Sitemaps that a robots.txt names (RFC 9309 section 2.2.4, sitemaps.org), absolute, each once. */
size_t discover_sitemaps(struct arena *arena, struct bytes robots, struct bytes url,
    struct bytes ret_list[DISCOVER_LIMIT]);

/* {"feeds": [{"url", "title", "type"}, ...]}; of a robots.txt the sitemaps, with type "sitemap". */
void discover_json(
    struct arena *arena, struct bytes page, const struct feed_source *source, struct buf *out);

#endif
