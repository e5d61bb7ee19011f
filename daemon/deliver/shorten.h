/* shorten.h - an event that is too large to be pushed as a whole. */
#ifndef WIREROOM_DELIVER_SHORTEN_H
#define WIREROOM_DELIVER_SHORTEN_H

#include "base/str.h"

enum {
    PUSH_MOST =
        256 << 10, /* of an event; times the high-water mark is what a stuck subscriber holds */
    MEMBER_MOST = 16 << 10
};

/* The event without those members of its data that are over MEMBER_MOST or did not fit; data's last
 * member, "shortened", names them and tells the length of the whole. False when event is not of the
 * form that envelope.c writes. */
bool shorten(struct bytes event, struct buf *out);

#endif
