/* flow.h - the life of a record: its steps, in order, in one table. */
#ifndef WIREROOM_FLOW_FLOW_H
#define WIREROOM_FLOW_FLOW_H

#include "base/budget.h"
#include "conf/conf.h"
#include "flow/health.h"
#include "flow/measure.h"
#include "poll/poll.h"

struct flow;
struct pool;
struct recheck;
struct robots;

/* What the flow uses; lent until flow_free(). */
struct flow_parts {
    uv_loop_t *loop;
    const struct conf *conf;
    struct store *store;
    struct fetcher *fetcher;
    struct pool *pool;
    struct robots *robots;
    struct budget *budget; /* bytes of what is on its way */
};

struct flow *flow_new(const struct flow_parts *parts);
void flow_reload(struct flow *flow, const struct conf *conf);

/* The parts that ask the flow by their hooks, and are told by it; before any feed is forgotten. */
void flow_connect(struct flow *flow, struct poll *poll, struct recheck *recheck);

/* Take up the pending entries of the store. */
void flow_start(struct flow *flow);

/* Hooks of poll (struct poll_hooks): a feed changed its state, something is wrong for many feeds,
 * whether anything may be polled, and this feed. */
void flow_state(struct flow *flow, const struct store_feed *feed, int previous);
void flow_trouble(struct flow *flow, const struct poll_trouble *trouble);
bool flow_may_poll(const struct flow *flow);
bool flow_may_ask(const struct flow *flow, int64_t feed);

/* The disk is full: nothing is polled until a probe of the store goes well again. */
void flow_hold(struct flow *flow);

/* Whether a document may be taken that nobody here asked for. */
bool flow_may_take(const struct flow *flow, int64_t feed);

/* How extraction fares on the sites. */
const struct health *flow_health(const struct flow *flow);

/* An entry that was quarantined is to be pending again: take it up. E_NOT_FOUND when it is not. */
int flow_take_again(struct flow *flow, int64_t pending, struct error *err);

/* What a pending entry is at: "page", "stages" ...; NULL while it waits in the store. */
const char *flow_where(const struct flow *flow, int64_t pending);

/* The feed was removed; or is no more, and what is pending of it goes on under another. */
void flow_forget(struct flow *flow, int64_t feed);
void flow_merged(struct flow *flow, int64_t feed);

/* Begin nothing new; what comes back from the store is still published. */
void flow_stop(struct flow *flow);

struct flow_counters {
    uint64_t in_flight;            /* records between admission and publication */
    uint64_t waiting;              /* for a place among them, in the store */
    uint64_t pages, page_failures; /* asked for, and not got */
    uint64_t pages_waiting;        /* records that wait until theirs is asked for again */
    uint64_t pages_late;           /* had by a record that waited */
    uint64_t pages_rechecked;      /* had by an article that was published without */
    uint64_t published, updated, dropped, quarantined;
    uint64_t documents, bad_documents, entries;
    struct measure measure;
    int64_t latency_p50, latency_p95,
        latency_p99; /* admission to publication of the last 1024 records, microseconds */
};
void flow_counters(const struct flow *flow, struct flow_counters *ret_counters);
void flow_free(struct flow *flow); /* NULL is allowed */

#endif
