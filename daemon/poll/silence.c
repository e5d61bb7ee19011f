/* silence.c - what each poll says of its feed's rhythm and of its server's pace, and the state
 * that follows for a feed that answers: ok, slow or silent. */
#include "base/clock.h"
#include "poll/cadence.h"
#include "poll/private.h"

/* At most so often a busy feed's model is written. A kill loses what was learned since. */
static const int64_t write_each = 21600 * (int64_t)SECOND;

/* So much later than planned is not late yet. */
static const int64_t in_time = 600 * (int64_t)SECOND;

void poll_cadence_load(void *ctx, int64_t id, struct bytes model)
{
    struct poll *poll = ctx;
    struct feed *feed = feed_table_get(&poll->feeds, id);
    struct cadence cadence;

    if (feed == NULL || feed->cadence != NULL || !cadence_decode(model, &cadence))
        return;
    feed->cadence = slab_alloc(&poll->feeds.slab, sizeof(cadence));
    *feed->cadence = cadence;
}

void poll_cadence_write(struct poll *poll, struct feed *feed)
{
    char model[CADENCE_STORED];

    if (!feed->learned)
        return;
    feed->learned = false;
    cadence_encode(feed->cadence, model);
    store_cadence_put(poll->store, feed->id, (struct bytes){model, sizeof(model)});
}

void poll_cadence_close(struct poll *poll)
{
    for (size_t i = 0; i < poll->feeds.count; i++)
        poll_cadence_write(poll, poll->feeds.items[i]);
}

/* What was there at the first answer is no event: a rhythm begins with the second news. */
static struct cadence *begin(struct poll *poll, const struct feed *feed)
{
    struct cadence *cadence = slab_alloc(&poll->feeds.slab, sizeof(*cadence));

    cadence_init(cadence, feed->last_new != 0 ? feed->last_new : feed->last_success);
    return cadence;
}

/* Bring it up to the last answer before this one: the store's may be older. */
static void catch_up(const struct feed *feed, struct cadence *cadence)
{
    const int64_t as_of = (cadence->as_of + 2) * (int64_t)SECOND; /* rounded down */

    if (feed->last_new > as_of && feed->last_new <= feed->last_success)
        cadence_learn(cadence, feed->last_new, true, feed->last_new);
    if (feed->last_success > as_of)
        cadence_learn(cadence, feed->last_success, false, 0);
}

/* Whether the time since the last answer tells nothing of the feed: its server did not answer, we
 * were down, or were too busy to ask when it was due. What a hub is relied on for is not missed
 * between two polls. */
static bool is_unwatched(const struct poll *poll, const struct feed *feed, int64_t wall)
{
    int64_t planned = feed->interval > feed->asked ? feed->interval : feed->asked;

    if (feed->pushed)
        return false;
    if (feed->failures == 0 && feed->last_success >= poll->opened)
        return clock_mono() - feed->due_at > 2 * feed->interval + in_time;
    if (planned < feed->asking->max_age)
        planned = feed->asking->max_age;
    return wall - feed->last_success > 2 * planned + in_time;
}

void poll_cadence_learn(struct poll *poll, struct feed *feed, bool news, int64_t published)
{
    const struct asking *asking = feed->asking;
    int64_t wall = clock_steady();

    feed->answer_ms = rule_pace(feed->answer_ms, asking->elapsed);
    if (feed->cadence == NULL && news)
        feed->cadence = begin(poll, feed);
    if (feed->cadence == NULL)
        return;
    catch_up(feed, feed->cadence);
    if (is_unwatched(poll, feed, wall))
        cadence_skip(feed->cadence, wall);
    cadence_learn(feed->cadence, wall, news, published);
    if (!news)
        return;
    feed->learned = true;
    if (feed->last_new / write_each != wall / write_each)
        poll_cadence_write(poll, feed);
}

void poll_cadence_pushed(struct poll *poll, struct feed *feed, int64_t published)
{
    int64_t wall = clock_steady();

    if (feed->cadence == NULL)
        feed->cadence = begin(poll, feed);
    catch_up(feed, feed->cadence);
    cadence_learn(feed->cadence, wall, true, published);
    feed->learned = true;
    if (feed->last_new / write_each != wall / write_each)
        poll_cadence_write(poll, feed);
}

/* A server that lies with 304 is silent, too: silence is believed of a whole answer only. */
static bool is_silent(struct feed *feed)
{
    const struct asking *asking = feed->asking;
    bool silent = feed->cadence != NULL && cadence_is_silent(feed->cadence);

    feed->unsure = silent && feed->state != FEED_SILENT && asking->status == 304;
    return silent && !feed->unsure;
}

int poll_well_state(const struct poll *poll, struct feed *feed)
{
    if (is_silent(feed))
        return FEED_SILENT;
    return rule_is_slow(&poll->rule, feed->state == FEED_SLOW, feed->answer_ms) ? FEED_SLOW
                                                                                : FEED_OK;
}

int64_t poll_cadence_interval(const struct poll *poll, const struct feed *feed)
{
    if (feed->unsure)
        return poll->rule.min;
    if (feed->cadence == NULL)
        return feed->interval;
    return cadence_until_silent(
        feed->cadence, cadence_stretch(feed->cadence, feed->interval, poll->rule.max));
}

int64_t poll_cadence_safety(const struct poll *poll, const struct feed *feed)
{
    return feed->cadence == NULL ? poll->rule.safety
                                 : cadence_until_silent(feed->cadence, poll->rule.safety);
}

void poll_cadence_show(const struct feed *feed, struct store_feed *view)
{
    if (feed->cadence == NULL)
        return;
    view->mean_gap = cadence_mean_gap(feed->cadence, feed->last_new);
    view->usual_gap = cadence_usual_gap(feed->cadence, feed->last_new);
}
