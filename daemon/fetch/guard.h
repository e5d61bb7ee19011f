/* guard.h - which addresses may be connected to. */
#ifndef WIREROOM_FETCH_GUARD_H
#define WIREROOM_FETCH_GUARD_H

#include <sys/socket.h>

#include "conf/conf.h"

struct guard;

/* Read the networks of http.allow ("127.0.0.0/8", "::1", "10.1.2.3"); E_USAGE names the one that is
 * none. */
int guard_new(const struct conf *conf, struct guard **ret_guard, struct error *err);
void guard_free(struct guard *guard);

/* True for globally reachable unicast addresses (IANA special-purpose registries, RFC 6890;
 * v4-mapped, 6to4, Teredo and NAT64 addresses are judged by the IPv4 address within) and for those
 * on the allow list. On false *ret_why is a constant text. */
bool guard_allows(const struct guard *guard, const struct sockaddr *address, const char **ret_why);

/* The same for an address in numbers, "192.0.2.1" or "2001:db8::1"; what is none is refused. */
bool guard_allows_text(const struct guard *guard, const char *address, const char **ret_why);

#endif
