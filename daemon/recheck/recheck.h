/* recheck.h - which article is looked at again, and when: those that were published without their
 * page, because it failed in passing.
 *
 *   flow      recheck_first() says when; the row is written with the event, then recheck_add()
 *   recheck   one heap, one timer: on_due is called for one row after the other
 *   look      (flow/look.c) asks for the page; a page that comes becomes a version by
 *             store_readmit(), which goes the way of all records, and its event takes the row away
 *
 * Rows live in the store, and a start takes up all of them. They are bounded: over a bound the
 * oldest goes, of one feed that feed's own. */
#ifndef WIREROOM_RECHECK_RECHECK_H
#define WIREROOM_RECHECK_RECHECK_H

#include <uv.h>

#include "page/page.h"
#include "store/store.h"

enum {
    RECHECK_MOST = 4096,       /* articles: five hours of 10,000 feeds whose pages fail at 2 % */
    RECHECK_FEED = 512,        /* of one feed */
    RECHECK_BYTES = 32 << 20,  /* of entries, 8 KiB each: four times the usual */
    RECHECK_ENTRY = 256 << 10, /* a longer entry brought its text along */
    RECHECK_AT_ONCE = 4,       /* looks, one of a host: the news goes first */
    RECHECK_DAY = 24 * 3600,   /* seconds after which nobody looks any more */
};

struct recheck;

struct recheck_hooks {
    /* Look at it; row has the tries and the time of the look after this one. Ends with
     * recheck_failed(), recheck_settled() or recheck_gone(). False: not now. */
    bool (*on_due)(void *ctx, const struct store_recheck *row);
    void *ctx;
};

/* The looks that a row in the store is due for are begun from the loop. */
int recheck_open(uv_loop_t *loop, struct store *store, const struct recheck_hooks *hooks,
    struct recheck **ret_recheck, struct error *err);

/* When an article of which the page failed is looked at for the first time: since, due and tries of
 * *ret_row. False: never. retry_after: microseconds that its host asked for, -1 for none. */
bool recheck_first(enum page_fault fault, int64_t retry_after, struct store_recheck *ret_row);

/* The row is in the store, instead of the article's last one. */
void recheck_add(struct recheck *recheck, const struct store_recheck *row);
size_t recheck_count(const struct recheck *recheck);
bool recheck_has(const struct recheck *recheck, int64_t subject);

/* The row went, with an event or its feed. */
void recheck_gone(struct recheck *recheck, int64_t subject);

/* The look came to nothing: there will be another, or none. */
void recheck_failed(
    struct recheck *recheck, int64_t subject, enum page_fault fault, int64_t retry_after);

/* The look is over, and the row in the store is as on_due had it: its version is on its way. */
void recheck_settled(struct recheck *recheck, int64_t subject);

/* The feed is gone, and its rows in the store. */
void recheck_forget_feed(struct recheck *recheck, int64_t feed);

struct recheck_counters {
    uint64_t waiting; /* articles */
    uint64_t looks;
    uint64_t given_up;    /* after the last look */
    uint64_t crowded_out; /* over a bound */
};
void recheck_counters(const struct recheck *recheck, struct recheck_counters *ret_counters);

void recheck_stop(struct recheck *recheck); /* no look begins */
void recheck_free(
    struct recheck *recheck); /* by the loop, once its timer is closed; NULL is allowed */

#endif
