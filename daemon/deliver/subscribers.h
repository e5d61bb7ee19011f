/* subscribers.h - who has subscribed to what, by connection: libzmq keeps 6 kB a subscription and
 * bounds nothing. */
#ifndef WIREROOM_DELIVER_SUBSCRIBERS_H
#define WIREROOM_DELIVER_SUBSCRIBERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum {
    SUBSCRIBER_MOST = 2048,     /* topics of one connection; all that we publish are below 1300 */
    SUBSCRIBER_NOISE = 8192,    /* messages of one that change nothing: libzmq's own send none */
    SUBSCRIPTIONS_MOST = 20000, /* over all */
    /* A byte of a topic takes up to 60 of libzmq's, and it walks over all of them whenever a
     * subscriber leaves: 4 MB took 245 MB, and a second of the loop each time. Our topics have some
     * 25 bytes: the first are all of them twice. */
    SUBSCRIBER_BYTES = 64 << 10,
    SUBSCRIPTIONS_BYTES = 256 << 10,
};

struct subscriber;

/* Zeroed memory is one without subscribers. */
struct subscribers {
    struct subscriber *list;
    size_t count, cap;
    size_t topics, bytes; /* over all */
    uint64_t cut;         /* connections ended because they went over a bound */
};

/* A message that a subscriber's connection brought (1: subscribe, 0: unsubscribe, else its own). A
 * connection that goes over its bound is ended; over the bound of all it is the one with the most.
 * fd: the connection; one that has ended meanwhile is of no matter. */
void subscribers_note(struct subscribers *subscribers, int fd, struct bytes message);

/* Forget those whose connection has ended. */
void subscribers_prune(struct subscribers *subscribers);
void subscribers_done(struct subscribers *subscribers);

#endif
