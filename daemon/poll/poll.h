/* poll.h - which feed is due, and what its answer means for when it is asked again. */
#ifndef WIREROOM_POLL_POLL_H
#define WIREROOM_POLL_POLL_H

#include <uv.h>

#include "base/histogram.h"
#include "fetch/fetch.h"
#include "store/store.h"

struct poll;

/* The Accept header of polls. */
extern const char poll_accept[];

/* An answer with a body that is not known to be unchanged; lent until on_body returns. The receiver
 * has it parsed and admitted (store_admit with feed, which carries the new validators, body hash
 * and schedule) and then calls poll_parsed(), exactly once. */
struct poll_answer {
    const struct store_feed *feed;
    const struct fetch_result *result;
    bool first; /* no complete answer before this one */
    /* By a hub, and its number there, else 0: not an answer to poll, websub_pushed() is called
     * instead of poll_parsed(). */
    uint64_t pushed;
};

/* How parsing and admission ended. */
struct poll_outcome {
    /* OK, or enum code: nothing was stored, the validators stay the old ones. E_SYSTEM and
     * E_STOPPED are troubles of our own (disk, shutdown) and not counted against the feed; all
     * others are. */
    int code;
    const char *error;
    int64_t entries;   /* in the document */
    int64_t fresh;     /* admitted as new or changed */
    int64_t also;      /* new here, but not to us: another feed brought them before */
    int64_t published; /* wall: when the newest of the fresh ones was, 0 for unknown */
    const char *title; /* the feed's own, NULL when unknown */
    /* what the document itself asks for (ttl, sy:), microseconds, 0 for nothing */
    int64_t min_interval;
    uint32_t skip;   /* hours and days in which it asks for none: struct hints of hint.h */
    bool diagnosed;  /* something was wrong in it */
    uint64_t common; /* admit_result.common */
    /* It stands for further documents, which may change while it does not: its validators and hash
     * are not kept, so that the next answer is read again. */
    bool unsettled;
};

/* What is wrong for many feeds at once, and therefore no fault of theirs: names are not resolved,
 * nobody answers, no certificate is trusted, the clock was stepped, a host grants only so much. */
enum poll_trouble_kind { POLL_NAMES, POLL_ANSWERS, POLL_TRUST, POLL_CLOCK, POLL_HOST };

struct poll_trouble {
    enum poll_trouble_kind kind;
    bool over;
    const char *id;   /* "names", "network", "certificates", "clock", or the host's origin */
    const char *text; /* for the operator */
    int64_t since;    /* wall */
    int per_minute;   /* POLL_HOST: requests that are granted */
};

struct poll_hooks {
    void (*on_body)(void *ctx, const struct poll_answer *answer);
    /* A feed went from one state to another (feed.state). */
    void (*on_state)(void *ctx, const struct store_feed *feed, int previous);
    /* False while nothing can be kept: nothing is polled until poll_resume(). */
    bool (*may_poll)(void *ctx);
    void *ctx;
    /* A feed has moved to the address of another and is no more. May be NULL. */
    void (*on_merged)(void *ctx, int64_t feed);
    /* The feed's document is the one known already (304, or its very bytes); its headers may have
     * changed. Lent; may be NULL. */
    void (*on_unchanged)(void *ctx, int64_t feed, const struct fetch_result *result);
    /* False while too many records of this feed wait: it is asked later. May be NULL. */
    bool (*may_ask)(void *ctx, int64_t feed);
    /* Such a trouble begins or is over. May be NULL. */
    void (*on_trouble)(void *ctx, const struct poll_trouble *trouble);
};

/* Load the feeds from the store and schedule them: those never polled at once, as fast as fetch
 * takes them; those that became due while the daemon was down in their order, moved by that time or
 * spread over their interval, so that a start is no burst. */
int poll_open(uv_loop_t *loop, const struct conf *conf, struct fetcher *fetcher,
    struct store *store, const struct poll_hooks *hooks, struct poll **ret_poll, struct error *err);
void poll_parsed(struct poll *poll, int64_t id, const struct poll_outcome *outcome);
void poll_resume(struct poll *poll);

/* A feed that was put into or taken out of the store. */
void poll_add(struct poll *poll, const struct store_feed *from);
void poll_remove(struct poll *poll, int64_t id);
void poll_now(struct poll *poll, int64_t id); /* due at once */

/* Leave a feed alone until it is said otherwise, over a restart too; then it is due at once. False
 * when it is so already, or there is none. */
bool poll_pause(struct poll *poll, int64_t id, bool paused);

/* A hub pushes this feed and has shown that it does: it is asked seldom (websub.safety_poll) until
 * that is taken back, which makes it due within its own interval. */
void poll_rely(struct poll *poll, int64_t id, bool on_hub);

/* What a hub pushed was read. */
void poll_pushed(struct poll *poll, int64_t id, const struct poll_outcome *outcome);
void poll_reload(struct poll *poll, const struct conf *conf);

/* One feed as it stands, or all in order of id until on_feed returns non-zero; strings lent within
 * the call. E_NOT_FOUND. */
int poll_get(struct poll *poll, int64_t id,
    int (*on_feed)(void *ctx, const struct store_feed *feed), void *ctx);
int64_t poll_find(struct poll *poll, const char *url); /* id, or 0 */
bool poll_has(const struct poll *poll, int64_t id);
int poll_each(
    struct poll *poll, int (*on_feed)(void *ctx, const struct store_feed *feed), void *ctx);

/* The last polls of a feed, the oldest first, at most STORE_HISTORY. E_NOT_FOUND. */
int poll_history(struct poll *poll, int64_t id, struct store_polled ret_polls[STORE_HISTORY],
    size_t *ret_count, struct error *err);

/* Every trouble that is not over; their number. */
int poll_troubles(
    const struct poll *poll, void (*on_trouble)(void *ctx, const struct poll_trouble *), void *ctx);

/* To be called now and then, for times in which nothing is polled. */
void poll_watch_clock(struct poll *poll);

struct poll_counters {
    uint64_t feeds, by_state[16];
    uint64_t polls, unchanged, changed, failed;
    uint64_t diagnosed; /* feeds with something wrong in their last document */
    uint64_t due_next_minute;
    struct histogram lateness; /* of polls that were begun, behind their time */
};
void poll_counters(const struct poll *poll, struct poll_counters *ret_counters);

/* Of the feeds in no trouble: how many gave no whole answer yet, and how many did not at the last
 * poll. Looks at each. */
void poll_count_fresh(const struct poll *poll, uint64_t *ret_new, uint64_t *ret_failed);

/* Write the state of all feeds that changed since, then end; before or after fetcher_close(),
 * before store_close(). */
void poll_close(struct poll *poll);

#endif
