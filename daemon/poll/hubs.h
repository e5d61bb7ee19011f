/* hubs.h - which hubs a feed names, in its headers (Link, RFC 8288) or in itself (WebSub section
 * 4). Without a socket and without a loop. */
#ifndef WIREROOM_POLL_HUBS_H
#define WIREROOM_POLL_HUBS_H

#include "base/arena.h"
#include "base/str.h"

/* Hubs of one feed that are tried, and bytes of a hub's or topic's address: more is taken for none.
 */
enum { HUBS_MOST = 4, HUB_URL = 2048 };

/* Where a feed says that it is pushed from (WebSub section 4). */
struct hub_links {
    struct bytes hubs[HUBS_MOST]; /* http(s), absolute, each once; those reached by https first */
    size_t count;
    struct bytes topic; /* the feed's name at its hubs */
};

/* One link of a Link header's value (RFC 8288 section 3). */
struct link {
    struct bytes target; /* as it stands between < and > */
    struct bytes rel;    /* names separated by spaces; the first rel counts */
    bool anchored;       /* it is about another document */
};

/* Cut the next link off rest; false when there is none. What cannot be read is passed over up to
 * the next comma. */
bool link_next(struct bytes *rest, struct link *ret_link);

/* Add what header lines ("name: value\n", names in lower case) say; base is the address of the
 * answer. Text is on arena. */
void hub_links_read(
    struct arena *arena, struct bytes headers, struct bytes base, struct hub_links *links);

/* Add a hub, if it is one and there is room. */
void hub_links_add(struct hub_links *links, struct bytes hub);

#endif
