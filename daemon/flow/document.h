/* document.h - one answer of a feed: to a worker, its entries held back until the document has
 * ended well, then admitted. */
#ifndef WIREROOM_FLOW_DOCUMENT_H
#define WIREROOM_FLOW_DOCUMENT_H

#include "flow/flow.h"
#include "poll/hubs.h"

/* How it ended, for whoever asked for it; all lent within the call. */
struct document_outcome {
    int64_t feed;
    uint64_t pushed; /* as in struct poll_answer */
    struct poll_outcome read;
    const struct hub_links *links; /* of a polled document */
};
typedef void document_on_outcome(void *ctx, const struct document_outcome *outcome);

/* on_outcome is called exactly once, unless the flow is stopped before. */
void document_read(struct flow *flow, const struct poll_answer *answer,
    document_on_outcome *on_outcome, void *ctx);

#endif
