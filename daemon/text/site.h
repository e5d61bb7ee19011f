/* site.h - which addresses are of one publisher. */
#ifndef WIREROOM_TEXT_SITE_H
#define WIREROOM_TEXT_SITE_H

#include "base/str.h"

/* The site of a canonical http(s) address, a part of it: what somebody registered below a public
 * suffix ("bbc.co.uk" of "https://feeds.bbc.co.uk/news", "a.github.io" of "https://a.github.io/").
 * A host without such a name (an IP address, "localhost", a suffix itself) is a site of its own.
 * Empty when url has no host. Tenants that differ by path alone are of one site. */
struct bytes site_of(struct bytes url);

/* Hash of the site; 0 when url has none. */
uint64_t site_key(struct bytes url);

/* Hash of what was registered with a registry ("github.io" of "https://a.github.io/"): those who
 * are tenants of one are away together. 0 when url has no host. */
uint64_t site_provider_key(struct bytes url);

/* The host of a canonical address, without port and "www."; a part of it. */
struct bytes site_host(struct bytes url);

#endif
