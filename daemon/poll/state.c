/* state.c - the names of the states of feeds. */
#include "poll/state.h"

const char *feed_state_name(int state)
{
    static const char *const names[FEED_STATES] = {[FEED_OK] = "ok",
        [FEED_SLOW] = "slow",
        [FEED_SILENT] = "silent",
        [FEED_FAILING] = "failing",
        [FEED_BLOCKED] = "blocked",
        [FEED_MOVED] = "moved",
        [FEED_GONE] = "gone",
        [FEED_PARKED] = "parked",
        [FEED_UNPARSABLE] = "unparsable"};

    return state >= 0 && state < FEED_STATES ? names[state] : "ok";
}

const char feed_state_new[] = "new";

const char *feed_state_told(const struct store_feed *feed)
{
    return feed->state == FEED_OK && feed->last_success == 0 ? feed_state_new
                                                             : feed_state_name(feed->state);
}
