/* pull.h - pull: a ROUTER socket for replay and for consumers with a name
 * (include/wireroom/pull.h is its protocol). */
#ifndef WIREROOM_DELIVER_PULL_H
#define WIREROOM_DELIVER_PULL_H

#include <uv.h>

#include "deliver/consumer.h"
#include "deliver/keys.h"
#include "deliver/reader.h"

struct pull;

/* Bind address (listen.pull). keys: as zsocket_make(). */
int pull_open(uv_loop_t *loop, const char *address, const struct keys *keys, struct store *store,
    struct readers *readers, struct pull **ret_pull, struct error *err);

struct consumers *pull_consumers(struct pull *pull);

void pull_keys_changed(struct pull *pull); /* who has none any more is cut off */

/* Once a second: the socket's path, clients that fell silent, consumers unused for keep
 * microseconds. */
void pull_tend(struct pull *pull, int64_t keep);

struct pull_counters {
    uint64_t clients; /* now */
    uint64_t sent, bytes;
    uint64_t trimmed; /* sequences that left the log before they were read */
};
void pull_counters(const struct pull *pull, struct pull_counters *ret_counters);
void pull_close(struct pull *pull); /* before its readers; NULL is allowed */

#endif
