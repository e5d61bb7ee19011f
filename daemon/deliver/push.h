/* push.h - push: the XPUB socket. A subscriber that is slow loses events, knows it by their numbers
 * and reads them from the log. */
#ifndef WIREROOM_DELIVER_PUSH_H
#define WIREROOM_DELIVER_PUSH_H

#include <uv.h>

#include "deliver/keys.h"
#include "store/store.h"

struct push;

/* Bind address (listen.pub); who subscribes is sent welcome first. keys: as zsocket_make(). */
int push_open(uv_loop_t *loop, const char *address, const struct keys *keys, struct bytes welcome,
    struct push **ret_push, struct error *err);

/* Send one committed event; never blocks. Events that are too large are shortened. */
void push_event(struct push *push, const struct committed *event);

/* Two frames, as they are. False: a subscriber had no room for them, and misses what comes until it
 * has. */
bool push_send(struct push *push, struct bytes topic, struct bytes body);

/* Whoever subscribes from now on is sent message first. */
void push_welcome(struct push *push, struct bytes message);

void push_keys_changed(struct push *push); /* who has none any more is cut off */

/* Once a second: the socket's path, bounds of subscribers, and what is to be told of them. */
void push_tend(struct push *push);

struct push_counters {
    uint64_t sent, bytes, subscriptions, refused; /* refused: connections ended or not accepted */
    uint64_t dropped; /* events for which a subscriber had no room, at least */
};
void push_counters(const struct push *push, struct push_counters *ret_counters);
void push_close(struct push *push); /* NULL is allowed */

#endif
