/* guests.h - connections that a key has let in: they end when it is taken back. libzmq asks at the
 * handshake alone, and a subscriber says nothing any more. */
#ifndef WIREROOM_DELIVER_GUESTS_H
#define WIREROOM_DELIVER_GUESTS_H

#include <stddef.h>
#include <zmq.h>

#include "deliver/keys.h"

struct guest;

/* Zeroed memory is one without guests. */
struct guests {
    struct guest *list;
    size_t count, cap;
};

/* A message that came: zap.c has told libzmq the key, which tells it here with each. False: it is
 * among keys no more, and its connection cut off. */
bool guests_note(struct guests *guests, const struct keys *keys, zmq_msg_t *message);

/* Those whose key is not among keys any more are cut off. */
void guests_cut(struct guests *guests, const struct keys *keys);

/* Forget those whose connection has ended. */
void guests_prune(struct guests *guests);
void guests_done(struct guests *guests);

#endif
