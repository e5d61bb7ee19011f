/* feeds.h - which feeds are followed: changed in the store, in poll and on their way, together. */
#ifndef WIREROOM_FLOW_FEEDS_H
#define WIREROOM_FLOW_FEEDS_H

#include "flow/flow.h"

/* Lent to whoever changes feeds; conf is exchanged at a reload. */
struct feeds {
    const struct conf *conf;
    struct store *store;
    struct poll *poll;
    struct flow *flow;
    /* A feed is no more. */
    void (*on_removed)(void *ctx, int64_t feed);
    void *ctx;
};

/* Follow feed, asked at once, unless its address is followed: *ret_added false, feed->id the id it
 * has. Title, tags and origin are the caller's. */
int feeds_add(
    const struct feeds *feeds, struct store_feed *feed, bool *ret_added, struct error *err);

/* A feed that is followed gets this title, tags and origin. */
int feeds_change(const struct feeds *feeds, const struct store_feed *feed, struct error *err);

/* Follow it no more. On the disk after a store_sync(). */
void feeds_remove(const struct feeds *feeds, int64_t id);

#endif
