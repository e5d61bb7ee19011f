/* known.h - which entries the last document of each feed had, so that no worker reads them again.
 * In memory only: after a start the first document of each feed is read in full. */
#ifndef WIREROOM_FLOW_KNOWN_H
#define WIREROOM_FLOW_KNOWN_H

#include <sys/queue.h>

#include "base/slab.h"
#include "base/str.h"
#include "base/table.h"

/* Of one feed JOB_KNOWN hashes are kept, of all feeds KNOWN_MOST (8 bytes each): feeds beyond that
 * are read in full. */
enum { KNOWN_MOST = 8 << 20 };

/* Zeroed memory is empty. */
struct known {
    struct table by_feed;
    LIST_HEAD(, known_feed) feeds;
    size_t total; /* hashes */
    struct slab slab;
};

/* Hashes one after the other, lent until the next known_set() or known_forget() of the feed; empty
 * when there are none. */
struct bytes known_get(const struct known *known, int64_t feed);

/* Instead of those before. */
void known_set(struct known *known, int64_t feed, const uint64_t *raws, size_t count);
void known_forget(struct known *known, int64_t feed);
void known_done(struct known *known);

#endif
