/* zsocket.h - a ZeroMQ socket that listens, on the loop; its path is kept (endpoint.h). */
#ifndef WIREROOM_DELIVER_ZSOCKET_H
#define WIREROOM_DELIVER_ZSOCKET_H

#include <uv.h>
#include <zmq.h>

#include "deliver/endpoint.h"
#include "deliver/guests.h"
#include "deliver/zap.h"

enum {
    ZSOCKET_BACKLOG = 128,   /* connections that wait to be accepted */
    ZSOCKET_READ_MOST = 256, /* messages read in a turn of the loop, which no flood is to keep: with
                              * the most topics of a subscriber half a millisecond's work */
};

/* Owned by whoever listens; zeroed memory is none. */
struct zsocket {
    const char *option; /* "listen.pub": in errors */
    const char *what;   /* "publishing": in messages */
    char *address;
    struct endpoint endpoint; /* without a path where libzmq binds by itself (tcp) */
    void *context;
    void *socket;
    uv_poll_t *readable; /* on the socket's descriptor; as long as the socket */
    void (*on_readable)(void *ctx);
    void *ctx;
    struct zap *zap; /* NULL: no keys are asked for */
    const struct keys *keys;
    struct guests guests; /* who came with one of them */
    int rebound;          /* listeners that are kept for those who came by them */
};

/* A socket of a ZMQ_ type, option and what are set; the caller sets options of its own before
 * zsocket_listen(). With keys (lent, NULL for none) a tcp address is for their owners (CURVE).
 * Both: after an error zsocket_close(). */
int zsocket_make(struct zsocket *z, uv_loop_t *loop, const char *address, int type,
    const struct keys *keys, struct error *err);

/* on_readable: something may have come; as ZMQ_FD is, that is said once, and sending may hide it.
 */
int zsocket_listen(struct zsocket *z, uv_loop_t *loop, void (*on_readable)(void *ctx), void *ctx,
    struct error *err);

/* A message that came: false when it is by a key that is none any more. Keys were read anew: those
 * who have none any more are cut off. */
bool zsocket_heard(struct zsocket *z, zmq_msg_t *message);
void zsocket_keys_changed(struct zsocket *z);

/* Once a second: a path that was taken away is bound again, connections that ended are forgotten.
 */
void zsocket_mend(struct zsocket *z);
void zsocket_close(struct zsocket *z);

#endif
