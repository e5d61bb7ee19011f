/* push.h - push: the XPUB socket, its heartbeat and welcome message (docs: DELIVERY section 3).
 */
#ifndef WIREROOM_DELIVER_PUSH_H
#define WIREROOM_DELIVER_PUSH_H

#include <uv.h>

#include "conf/conf.h"
#include "store/store.h"

struct publish;

int publish_open(uv_loop_t *loop, const struct conf *conf, struct store *store,
    struct publish **ret_publish, struct error *err);

/* Send one committed event; never blocks. */
void publish_event(struct publish *publish, const struct committed *event);

struct publish_counters {
    uint64_t sent, bytes, subscriptions, refused; /* refused: connections ended or not accepted */
};
void publish_counters(const struct publish *publish, struct publish_counters *ret_counters);
void publish_close(struct publish *publish);

#endif
