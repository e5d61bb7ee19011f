/* write.c - what polling learned goes to the store late and in lots: a kill costs a repeated
 * question, no more. */
#include "poll/private.h"

enum { WRITE_EVERY = 10000, WRITE_LOT = 2000, WRITE_NEXT = 50 }; /* milliseconds, feeds */

static void write_some(struct poll *poll, size_t count)
{
    while (poll->first_unwritten != NULL && count-- > 0) {
        struct feed *feed = poll->first_unwritten;
        const struct store_feed view = feed_view(feed);

        poll->first_unwritten = feed->next_unwritten;
        feed->unwritten = false;
        store_feed_poll(poll->store, &view);
    }
    if (poll->first_unwritten == NULL)
        poll->last_unwritten = NULL;
}

void on_writing(uv_timer_t *timer)
{
    struct poll *poll = timer->data;

    write_some(poll, WRITE_LOT);
    if (poll->first_unwritten != NULL)
        uv_timer_start(timer, on_writing, WRITE_NEXT, 0);
}

void poll_write_all(struct poll *poll)
{
    write_some(poll, SIZE_MAX);
}

void poll_note(struct poll *poll, struct feed *feed)
{
    if (feed->unwritten)
        return;
    feed->unwritten = true;
    feed->next_unwritten = NULL;
    if (poll->last_unwritten == NULL)
        poll->first_unwritten = feed;
    else
        poll->last_unwritten->next_unwritten = feed;
    poll->last_unwritten = feed;
    if (!uv_is_active((uv_handle_t *)&poll->writing))
        uv_timer_start(&poll->writing, on_writing, WRITE_EVERY, 0);
}

void poll_forget(struct poll *poll, struct feed *feed)
{
    struct feed *before = NULL;

    if (!feed->unwritten)
        return;
    for (struct feed *at = poll->first_unwritten; at != feed; at = at->next_unwritten)
        before = at;
    if (before == NULL)
        poll->first_unwritten = feed->next_unwritten;
    else
        before->next_unwritten = feed->next_unwritten;
    if (poll->last_unwritten == feed)
        poll->last_unwritten = before;
    feed->unwritten = false;
}
