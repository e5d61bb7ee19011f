/* shared.h - which pages several entries of one feed led to: a page for people who may not read, a
 * home page, rarely an article. The last SHARED_PLACES or so are known. */
#ifndef WIREROOM_FLOW_SHARED_H
#define WIREROOM_FLOW_SHARED_H

#include "base/str.h"

enum { SHARED_PLACES = 4096 };

struct shared {
    struct {
        uint64_t page, entry;
        int others;
    } places[SHARED_PLACES];
};

/* The entry at link led to what (a final address, or the bytes of a page): how many other entries
 * of the feed did before. */
int shared_note(struct shared *shared, struct bytes feed, struct bytes link, struct bytes what);

#endif
