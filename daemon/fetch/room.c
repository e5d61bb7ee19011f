/* room.c - room for the bodies of answers: a small one needs none of the budget, a large one waits,
 * unread, until all of it fits; the larger it is the longer. One whose length nobody has said gets
 * room step by step, as long as what has no end yet leaves enough for others to end. */
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

/* The length that was said, and is true so far (RFC 9112 section 6.3: chunks are as long as they
 * say, whatever else is said); 0: none. */
static size_t said(struct transfer *transfer, size_t len)
{
    struct bytes rest = buf_bytes(&transfer->headers);
    struct bytes value = header_find(rest, "content-length");
    int64_t length;

    if (value.ptr == NULL || header_find(rest, "transfer-encoding").ptr != NULL ||
        !bytes_to_int(value, &length) || length < (int64_t)len)
        return 0;
    return (size_t)length;
}

/* All that may come, when so much is to be read: what is begun can then end, whatever others hold.
 */
static size_t whole(struct transfer *transfer, size_t len)
{
    size_t most = (size_t)transfer->fetch->max_body;
    size_t length = said(transfer, len);

    if (length == 0 || length > most)
        length = most;
    return length < len ? len : length;
}

/* What is asked for first: as much again when no length was said. */
static size_t step(struct transfer *transfer, size_t len)
{
    size_t all = whole(transfer, len);

    return said(transfer, len) == 0 && 2 * len < all ? 2 * len : all;
}

/* One that waits needs none of http.max_in_flight, so that the large do not keep the small waiting;
 * as many may so stand aside as there are places. */
static void step_aside(struct transfer *transfer, size_t len)
{
    struct fetcher *fetcher = transfer->fetcher;

    transfer->paused_at = clock_mono();
    transfer->wanted = len;
    transfer->turn = transfer->paused_at + WAITS * (int64_t)step(transfer, len);
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

static void hold(struct transfer *transfer, size_t bytes, bool in_part)
{
    struct fetcher *fetcher = transfer->fetcher;

    fetcher->room_in_part -= transfer->in_part ? transfer->room : 0;
    fetcher->roomy_count += (transfer->room == 0) - (bytes == 0);
    budget_hold(fetcher->budget, &transfer->room, bytes);
    transfer->in_part = in_part;
    fetcher->room_in_part += in_part ? bytes : 0;
}

/* A body leaves as much as it takes for smaller ones, unless it is the only one. */
static bool fits(const struct transfer *transfer, size_t bytes)
{
    const struct fetcher *fetcher = transfer->fetcher;
    bool alone = fetcher->roomy_count == (transfer->room > 0);
    size_t more = bytes - transfer->room;

    return budget_has(fetcher->budget, alone ? more : more + bytes);
}

/* Those in part have half of the budget at most, and leave so much that any of them can end; one
 * takes an eighth of what is left of that, so that there is some for the next. */
static bool fits_in_part(const struct transfer *transfer, size_t bytes)
{
    enum { LEFT_FOR_ONE = 8 };
    const struct fetcher *fetcher = transfer->fetcher;
    int64_t largest = transfer->fetch->max_body > fetcher->max_body ? transfer->fetch->max_body
                                                                    : fetcher->max_body;
    int64_t limit = (int64_t)fetcher->budget->limit;
    int64_t most = limit / 2 < limit - 2 * largest ? limit / 2 : limit - 2 * largest;
    int64_t others = (int64_t)(fetcher->room_in_part - (transfer->in_part ? transfer->room : 0));

    return most > others && (int64_t)bytes <= (most - others) / LEFT_FOR_ONE &&
           fits(transfer, bytes);
}

/* Whether it has room now to read so much. */
static bool take(struct transfer *transfer, size_t len)
{
    size_t all = whole(transfer, len);
    size_t first = step(transfer, len);

    if (first < all && fits_in_part(transfer, first)) {
        hold(transfer, first, true);
        return true;
    }
    if (!fits(transfer, all))
        return false;
    hold(transfer, all, false);
    return true;
}

bool room_for(struct transfer *transfer, size_t more)
{
    struct fetcher *fetcher = transfer->fetcher;
    size_t len = transfer->body.len + more;

    if (fetcher->budget == NULL || len <= transfer->room || len <= freely(fetcher))
        return true;
    if (fetcher->paused_count == 0 && take(transfer, len))
        return true;
    step_aside(transfer, len);
    return false;
}

void room_leave(struct transfer *transfer)
{
    hold(transfer, 0, false);
}

/* The time it was made to wait is not the server's. */
static void go_on(struct transfer *transfer, int64_t now)
{
    transfer->deadline += now - transfer->paused_at;
    transfer->started += now - transfer->paused_at;
    transfer->pace_since = 0;
    room_step_back(transfer);
    curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
}

/* Whose turn it is: of all, or of those that have some room. */
static struct transfer *next_paused(const struct fetcher *fetcher, bool roomy)
{
    struct transfer *next = NULL;

    for (size_t i = 0; i < fetcher->active_count; i++) {
        struct transfer *transfer = fetcher->active[i];

        if (transfer->paused_at != 0 && (!roomy || transfer->room > 0) &&
            (next == NULL || transfer->turn < next->turn))
            next = transfer;
    }
    return next;
}

static struct transfer *take_turn(const struct fetcher *fetcher, bool roomy)
{
    struct transfer *transfer = next_paused(fetcher, roomy);

    return transfer != NULL && take(transfer, transfer->wanted) ? transfer : NULL;
}

/* Where the next one does not fit, one in part may have to end first. */
void rooms_check(struct fetcher *fetcher, int64_t now)
{
    while (fetcher->paused_count > 0) {
        struct transfer *transfer = take_turn(fetcher, false);

        if (transfer == NULL)
            transfer = take_turn(fetcher, true);
        if (transfer == NULL)
            return;
        go_on(transfer, now);
    }
}

void fetcher_share(struct fetcher *fetcher, struct budget *budget)
{
    fetcher->budget = budget;
}
