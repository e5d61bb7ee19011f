/* tcp.h - what the system is told and knows of connections. */
#ifndef WIREROOM_HTTP_TCP_H
#define WIREROOM_HTTP_TCP_H

#include <stdbool.h>

#include "base/error.h"

/* "127.0.0.1:8080", "[::1]:8080". */
int tcp_listen(const char *address, int *ret_fd, struct error *err);

/* How many of wanted connections may be open: each listener has at most an eighth of the
 * descriptors, and subscribers three quarters (accept.h): polls, pages and the store need some. */
unsigned tcp_most(unsigned wanted);

/* Where nothing is on its way the system asks (keepalive); it does not while something is, which it
 * would send again for a quarter of an hour: tcp_is_gone() tells. Who is there and only does not
 * read answers. */
void tcp_ask_now_and_then(int fd);
bool tcp_is_gone(int fd);

#endif
