/* heartbeat.h - what a subscriber compares with what it got: the topic "heartbeat/" at once
 * followed by JSON with the epoch, the first and the newest sequence that are kept, the newest
 * sequence of each topic, the time, and when the next beat is due. */
#ifndef WIREROOM_DELIVER_HEARTBEAT_H
#define WIREROOM_DELIVER_HEARTBEAT_H

#include "store/store.h"

#define HEARTBEAT_TOPIC "heartbeat/"

enum { HEARTBEAT_MS = 1000 };

/* Written into out, which is cleared before. */
void heartbeat_format(struct store *store, struct buf *out);

#endif
