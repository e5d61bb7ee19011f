/* sync.h - the feeds of the store brought in line with the operator's lists. */
#ifndef WIREROOM_LISTS_SYNC_H
#define WIREROOM_LISTS_SYNC_H

#include "flow/feeds.h"
#include "lists/again.h"

/* What the operator's lists of feeds changed. */
struct lists_sync {
    bool force; /* remove what no list names, whatever became of the lists and how much it is */
    const struct again *only; /* NULL: all lists are taken over, else these; others may be edited */
    size_t added, removed;
    struct buf warnings; /* what is wrong in the lists and what stays for it, a line each */
    struct again unread; /* what gave nothing; again_clear() by the caller */
};

/* Read the feed lists of feeds->conf and bring store and poll in line with them. Feeds stay whose
 * list the configuration names but that cannot be read, is empty or absent; so do many at once. */
int lists_take_over(const struct feeds *feeds, struct lists_sync *sync, struct error *err);

#endif
