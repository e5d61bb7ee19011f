/* hub.c - feeds that a hub pushes: asked seldom while that can be relied on. */
#include "base/clock.h"
#include "poll/private.h"

int64_t poll_push_delay(struct poll *poll, const struct feed *feed, int64_t delay)
{
    return rule_safety(delay, poll_cadence_safety(poll, feed), poll_chance(poll));
}

void poll_rely(struct poll *poll, int64_t id, bool on_hub)
{
    struct feed *feed = feed_table_get(&poll->feeds, id);
    int64_t delay;

    if (feed == NULL || (on_hub && feed->pushed))
        return;
    feed->pushed = on_hub;
    if (feed->due.place == 0 || feed->failures > 0)
        return; /* being asked, or backing off: what comes of it sets the next time */
    delay = rule_delay(&poll->rule, feed->interval, feed->asked, -1, poll_chance(poll));
    if (on_hub)
        poll_schedule(poll, feed, poll_push_delay(poll, feed, delay));
    else if (feed->due_at > clock_mono() + delay)
        poll_schedule(poll, feed, delay);
}

void poll_pushed(struct poll *poll, int64_t id, const struct poll_outcome *outcome)
{
    struct feed *feed = feed_table_get(&poll->feeds, id);

    if (feed == NULL || outcome->fresh + outcome->also <= 0)
        return;
    poll_cadence_pushed(poll, feed, outcome->published);
    feed->last_new = clock_steady();
    poll_note(poll, feed);
    if (feed->state == FEED_SILENT)
        poll_now(poll, id); /* no longer: the answer says so */
}
