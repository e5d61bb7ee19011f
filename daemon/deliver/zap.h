/* zap.h - who libzmq lets in: the handler of ZAP (https://rfc.zeromq.org/spec/27/). Without one
 * every key would do, so it is there before a socket is bound. */
#ifndef WIREROOM_DELIVER_ZAP_H
#define WIREROOM_DELIVER_ZAP_H

#include <uv.h>

#include "deliver/keys.h"

struct zap;

/* For all sockets of context. A client with a key of keys is let in, and any from this machine
 * itself. keys is lent. */
int zap_open(uv_loop_t *loop, void *context, const struct keys *keys, struct zap **ret_zap,
    struct error *err);
uint64_t zap_refused(const struct zap *zap);
void zap_close(struct zap *zap); /* before its context; NULL is allowed */

#endif
