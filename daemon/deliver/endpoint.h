/* endpoint.h - the path of a listening socket: it is ours as long as we live, and nobody else's is
 * touched. */
#ifndef WIREROOM_DELIVER_ENDPOINT_H
#define WIREROOM_DELIVER_ENDPOINT_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"

/* Owned by whoever listens. Zeroed memory is one without a path. */
struct endpoint {
    char *path;
    int lock;  /* on path.lock, held for life: a second daemon is told before it touches the path */
    dev_t dev; /* of the socket we bound */
    ino_t ino;
    bool lost; /* said so already */
};

/* E_REFUSED when another daemon holds path or listens there, or when what lies there is no socket.
 * A socket that a killed daemon left is removed. */
int endpoint_open(struct endpoint *endpoint, const char *path, struct error *err);

/* A listening socket at the path, for our user and group alone; at first, and again when it was
 * lost. */
int endpoint_listen(struct endpoint *endpoint, int backlog, int *ret_fd, struct error *err);

/* Whether our socket still lies at its path. */
bool endpoint_is_there(const struct endpoint *endpoint);

/* Remove the socket, if it is ours, and let go of the lock. */
void endpoint_close(struct endpoint *endpoint);

#endif
