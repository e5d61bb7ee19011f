/* filter.h - which events a reader of the log wants: prefixes of topics, as a SUB socket has them,
 * with spaces between them. The empty filter wants all. */
#ifndef WIREROOM_DELIVER_FILTER_H
#define WIREROOM_DELIVER_FILTER_H

#include "store/store.h"

enum { FILTER_MOST = 1024 /* bytes */ };

/* E_USAGE when it is too long or has bytes that no topic has. */
int filter_check(struct bytes filter, struct error *err);

/* The first topic of event that is wanted, its own before further ones; NULL for none.
 * *ret_previous is set for a further one only: envelope_of_topic() makes the body that was
 * published under it. */
const char *filter_match(
    const char *filter, const struct committed *event, const uint64_t **ret_previous);

#endif
