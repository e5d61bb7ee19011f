/* feeds.c - a feed comes, changes or goes: the store, poll and the flow are told in this order. */
#include "flow/feeds.h"

#include "base/clock.h"

int feeds_add(
    const struct feeds *feeds, struct store_feed *feed, bool *ret_added, struct error *err)
{
    int code;

    feed->interval = feeds->conf->poll.default_interval;
    feed->next_poll = feed->state_since = clock_wall();
    code = store_feed_put(feeds->store, feed, &feed->id, ret_added, err);
    if (code == OK && *ret_added)
        poll_add(feeds->poll, feed);
    return code;
}

int feeds_change(const struct feeds *feeds, const struct store_feed *feed, struct error *err)
{
    struct store_feed changed = *feed;
    bool added;
    int code = store_feed_put(feeds->store, &changed, &changed.id, &added, err);

    if (code == OK)
        poll_add(feeds->poll, &changed);
    return code;
}

void feeds_remove(const struct feeds *feeds, int64_t id)
{
    store_feed_drop(feeds->store, id);
    poll_remove(feeds->poll, id);
    flow_forget(feeds->flow, id);
    feeds->on_removed(feeds->ctx, id);
}
