/* flow.h - the life of a record: its steps, in order, in one table. */
#ifndef WIREROOM_LOOP_FLOW_H
#define WIREROOM_LOOP_FLOW_H

#include "loop/daemon.h"
#include "loop/poll.h"

struct flow;

/* Takes up the pending entries of the store; enrich, fetcher, store and publish of daemon are open. */
int flow_open(struct daemon *daemon, struct flow **ret_flow, struct error *err);
struct poll_hooks flow_hooks(struct flow *flow);

struct flow_counters {
    uint64_t in_flight;                          /* records between admission and publication */
    uint64_t pages, page_failures;
    uint64_t published, updated, dropped, quarantined;
    uint64_t documents, bad_documents, entries;
    int64_t latency_p50, latency_p95;            /* admission to publication of the last 1024 records, microseconds */
};
void flow_counters(const struct flow *flow, struct flow_counters *ret_counters);
void flow_close(struct flow *flow);

#endif
