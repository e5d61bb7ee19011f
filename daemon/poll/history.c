/* history.c - how the last polls of each feed went: a few wait in memory and are written
 * together, so that remembering a poll costs next to nothing. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "poll/private.h"

static uint32_t at_most(int64_t value, uint32_t most)
{
    return value < 0 ? 0 : value > most ? most : (uint32_t)value;
}

static void write_lot(struct poll *poll, struct feed *feed)
{
    struct history *history = feed->history;

    if (history != NULL && history->count > 0)
        store_history_add(poll->store, feed->id, history->polls, history->count);
    if (history != NULL)
        history->count = 0;
}

void poll_remember(struct poll *poll, struct feed *feed)
{
    const struct asking *asking = feed->asking;
    struct history *history = feed->history;

    if (history == NULL) {
        history = feed->history = slab_alloc(&poll->feeds.slab, sizeof(*history));
        history->count = 0;
    }
    history->polls[history->count++] = (struct store_polled){
        .at = at_most(clock_steady() / SECOND, UINT32_MAX),
        .bytes = at_most(asking->wire_bytes, UINT32_MAX),
        .millis = (uint16_t)at_most(asking->elapsed / 1000, UINT16_MAX),
        .status = (int16_t)(asking->status > 0 ? asking->status : asking->code),
        .entries = (uint16_t)at_most(asking->entries, UINT16_MAX),
        .fresh = (uint16_t)at_most(asking->fresh, UINT16_MAX),
    };
    /* Feeds that are polled in step are not written in step. */
    if (history->count == HISTORY_LOT ||
        (!feed->remembered && (int64_t)history->count > feed->id % HISTORY_LOT)) {
        write_lot(poll, feed);
        feed->remembered = true;
    }
}

int poll_history(struct poll *poll, int64_t id, struct store_polled ret_polls[STORE_HISTORY],
    size_t *ret_count, struct error *err)
{
    const struct feed *feed = feed_table_get(&poll->feeds, id);
    size_t waiting = feed == NULL || feed->history == NULL ? 0 : feed->history->count;
    size_t kept = 0;
    size_t over;
    int code = feed == NULL ? E_NOT_FOUND : store_sync(poll->store, err);

    if (code == OK)
        code = store_history(poll->store, id, ret_polls, &kept, err);
    if (code != OK)
        return code;
    over = kept + waiting > STORE_HISTORY ? kept + waiting - STORE_HISTORY : 0;
    memmove(ret_polls, ret_polls + over, (kept - over) * sizeof(*ret_polls));
    if (waiting > 0)
        memcpy(ret_polls + kept - over, feed->history->polls, waiting * sizeof(*ret_polls));
    *ret_count = kept - over + waiting;
    return OK;
}

void poll_history_close(struct poll *poll)
{
    for (size_t i = 0; i < poll->feeds.count; i++)
        write_lot(poll, poll->feeds.items[i]);
}
