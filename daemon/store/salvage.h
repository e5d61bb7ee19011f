/* salvage.h - a store without a daemon: how whole its file is, the feeds that can still be read,
 * and a new epoch for one that was restored. */
#ifndef WIREROOM_STORE_SALVAGE_H
#define WIREROOM_STORE_SALVAGE_H

#include "store/schema.h"
#include "store/store.h"

struct store_checked {
    int64_t schema;
    char epoch[EPOCH_TEXT]; /* "" when it cannot be read */
    int64_t feeds, articles, waiting, quarantined, events;
    int64_t first, head; /* sequences */
    size_t troubles;     /* how often on_trouble was called */
};

/* Read the whole file; nothing is changed in it, and a daemon may run beside. on_trouble: a
 * sentence for each thing that is wrong, at most SALVAGE_TROUBLES. An error when it cannot be
 * opened at all, is no store, or the system refuses to read some of it: then nobody knows whether
 * that is damaged. */
enum { SALVAGE_TROUBLES = 20 };
int store_check(const char *path, void (*on_trouble)(void *ctx, const char *text), void *ctx,
    struct store_checked *ret_checked, struct error *err);

/* All feeds that can be read, of any schema and behind damage; only url, title and tags are filled,
 * lent within the call. *ret_whole: nothing was in the way, else err tells what. An error when none
 * can be looked for. */
int store_salvage_feeds(const char *path, void (*on_feed)(void *ctx, const struct store_feed *feed),
    void *ctx, bool *ret_whole, struct error *err);

/* Give a store of which no daemon is open a new epoch: what it publishes from now on is told from
 * what was published under the same sequences before. E_REFUSED while a daemon has it. */
int store_new_epoch(
    const char *path, char ret_old[EPOCH_TEXT], char ret_epoch[EPOCH_TEXT], struct error *err);

#endif
