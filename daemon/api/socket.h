/* socket.h - the socket that HTTP is spoken on: one of our own, or the one that systemd hands over.
 */
#ifndef WIREROOM_API_SOCKET_H
#define WIREROOM_API_SOCKET_H

#include <stdbool.h>

#include "http/listener.h"

/* Is any handed over (sd_listen_fds(3))? */
bool socket_is_handed_over(void);

/* Listens there, else at address. *ret_is_far: other machines may reach it. */
int socket_listen(uv_loop_t *loop, const char *address, const struct listener_hooks *hooks,
    struct listener **ret_listener, bool *ret_is_far, struct error *err);

#endif
