/* throttle.h - what a host wants of one kind of requests: to be left alone, to be asked slower, or
 * nothing at all, since it hangs. Rules without a loop or a socket. */
#ifndef WIREROOM_FETCH_THROTTLE_H
#define WIREROOM_FETCH_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

/* An answer that says "later" may be the address's own or the whole host's. Those who share a host
 * need not know each other, so one address speaks for itself alone, three different ones in a row
 * (without a good answer between) for the host, for HOLD_FEW at most: that much three addresses of
 * one tenant can do to the others. Six are believed whatever they say, up to HOLD_MANY. In seconds.
 */
enum { THROTTLE_FEW = 3, THROTTLE_MANY = 6, HOLD_FEW = 300, HOLD_MANY = 3600 };

/* So short a wait is spent in the line, a longer one is told to those who ask. Seconds. */
enum { WAIT_IN_LINE = 30 };

/* So many different addresses in a row that came to nothing, with no answer of any kind since each
 * was asked for, make a host one that hangs: one slow page is its own, and so is what is slow while
 * others are answered. It is tried again after HANG_FIRST seconds (a restart takes as long), then
 * twice that, up to HANG_MOST. */
enum { HANG_ROW = 3, HANG_FIRST = 10, HANG_MOST = 300 };

/* Farther apart than this no limit makes the requests to a host. Seconds. */
enum { PACE_MOST = 60 };

struct throttle {
    uint64_t witnesses[THROTTLE_MANY]; /* who was told to come later, the latest last */
    int count, row;                    /* the last `row` of them in a row */
    int steady;                        /* good answers since the last such one */
    int64_t said;                      /* the shortest time in this row */
    int64_t held_until;                /* by then nothing is begun, and nobody waits */
    int64_t wait_until;                /* by then nothing is begun */
    int64_t remembered_until;
    bool limited;                 /* the host grants so many requests, and no more */
    bool refusing;                /* the last answer was "later" */
    int64_t pace;                 /* time between two requests, 0 for http.spacing */
    int64_t floor;                /* it does not get shorter than this */
    int64_t run_at;               /* begin of a run of good answers */
    int64_t granted;              /* so many came in it */
    uint64_t hung[HANG_ROW];      /* addresses of the first */
    int hangs;                    /* in a row */
    int64_t answered_at, hung_at; /* the latest answer; when it was last held for them */
    bool pages; /* they are a tenant's, whoever's they are: held for HOLD_FEW at most */
};

/* The host has answered "later": to whom, whether that one was well before, and in what time it may
 * come back (-1: not said). True: all who wait are to be told so, until held_until. */
bool throttle_refused(
    struct throttle *throttle, uint64_t witness, bool was_well, int64_t retry_after, int64_t now);

/* Another answer; nothing within the time there is, of what was asked for at begun: true as above.
 */
void throttle_answered(struct throttle *throttle, int64_t spacing, int64_t now);
bool throttle_hung(struct throttle *throttle, uint64_t witness, int64_t begun, int64_t now);

/* One at a time goes to a host that has just refused or hung. */
static inline bool throttle_is_doubtful(const struct throttle *throttle)
{
    return throttle->row > 0 || throttle->hangs >= HANG_ROW;
}

#endif
