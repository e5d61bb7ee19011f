/* room.c - room for the bodies of answers: a small one needs none of the budget, a large one waits,
 * unread, until all of it fits; the larger it is the longer. */
#include "base/budget.h"
#include "base/clock.h"
#include "fetch/header.h"
#include "fetch/private.h"

/* Bytes of each body that are read without asking: with all places taken a quarter of the budget,
 * within what feeds usually have (the median is 40 KiB, nine of ten are below 256). */
enum { FREELY_LEAST = 16 << 10, FREELY_MOST = 256 << 10 };

/* Microseconds a byte: 300 KiB go before 8 MiB that came up to two minutes before them, which is
 * what some 200 of these take when they are sent slowly. */
enum { WAITS = 15 };

static size_t freely(const struct fetcher *fetcher)
{
    size_t each = fetcher->budget->limit / 4 / (size_t)fetcher->max_in_flight;

    return each < FREELY_LEAST ? FREELY_LEAST : each > FREELY_MOST ? FREELY_MOST : each;
}

/* All that may still come: what is begun can then end, whatever others hold. */
static size_t whole(struct transfer *transfer)
{
    struct bytes rest = buf_bytes(&transfer->headers);
    struct bytes value = header_next(&rest, "content-length");
    int64_t most = transfer->fetch->max_body;
    int64_t length;

    return (
        size_t)(value.ptr != NULL && bytes_to_int(value, &length) && length < most ? length : most);
}

/* One that waits needs none of http.max_in_flight, so that the large do not keep the small waiting;
 * as many may so stand aside as there are places. */
static void step_aside(struct transfer *transfer)
{
    struct fetcher *fetcher = transfer->fetcher;

    transfer->paused_at = clock_mono();
    transfer->turn = transfer->paused_at + WAITS * (int64_t)whole(transfer);
    fetcher->paused_count++;
    transfer->aside = (int64_t)fetcher->aside_count < fetcher->max_in_flight;
    if (!transfer->aside)
        return;
    fetcher->aside_count++;
    turn_aside(fetcher, transfer->fetch, true);
}

void room_step_back(struct transfer *transfer)
{
    struct fetcher *fetcher = transfer->fetcher;

    fetcher->paused_count -= transfer->paused_at != 0;
    transfer->paused_at = 0;
    if (!transfer->aside)
        return;
    transfer->aside = false;
    fetcher->aside_count--;
    turn_aside(fetcher, transfer->fetch, false);
}

static void hold(struct transfer *transfer, size_t bytes)
{
    struct fetcher *fetcher = transfer->fetcher;

    fetcher->roomy_count += (transfer->room == 0) - (bytes == 0);
    budget_hold(fetcher->budget, &transfer->room, bytes);
}

/* A body leaves as much as it takes for smaller ones, unless it is the only one. */
static bool fits(const struct fetcher *fetcher, size_t bytes)
{
    return budget_has(fetcher->budget, fetcher->roomy_count == 0 ? bytes : 2 * bytes);
}

bool room_for(struct transfer *transfer, size_t more)
{
    struct fetcher *fetcher = transfer->fetcher;
    size_t len = transfer->body.len + more;
    size_t want;

    if (fetcher->budget == NULL || len <= transfer->room || len <= freely(fetcher))
        return true;
    want = whole(transfer);
    if (fetcher->paused_count > 0 || !fits(fetcher, want)) {
        step_aside(transfer);
        return false;
    }
    hold(transfer, want < len ? len : want);
    return true;
}

void room_leave(struct transfer *transfer)
{
    hold(transfer, 0);
}

/* The time it was made to wait is not the server's. */
static void go_on(struct transfer *transfer, int64_t now)
{
    hold(transfer, whole(transfer));
    transfer->deadline += now - transfer->paused_at;
    transfer->started += now - transfer->paused_at;
    transfer->pace_since = 0;
    room_step_back(transfer);
    curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
}

static struct transfer *next_paused(const struct fetcher *fetcher)
{
    struct transfer *next = NULL;

    for (size_t i = 0; i < fetcher->active_count; i++) {
        struct transfer *transfer = fetcher->active[i];

        if (transfer->paused_at != 0 && (next == NULL || transfer->turn < next->turn))
            next = transfer;
    }
    return next;
}

void rooms_check(struct fetcher *fetcher, int64_t now)
{
    struct transfer *transfer;

    while (fetcher->paused_count > 0 && (transfer = next_paused(fetcher)) != NULL &&
           fits(fetcher, whole(transfer)))
        go_on(transfer, now);
}

void fetcher_share(struct fetcher *fetcher, struct budget *budget)
{
    fetcher->budget = budget;
}
