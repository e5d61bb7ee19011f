/* document.h - one answer of a feed: to a worker, its entries held back until the document has
 * ended well, then admitted. */
#ifndef WIREROOM_FLOW_DOCUMENT_H
#define WIREROOM_FLOW_DOCUMENT_H

#include "flow/flow.h"

/* The on_body of flow_hooks(): ends in poll_parsed() whatever happens. */
void document_read(struct flow *flow, const struct poll_answer *answer);

#endif
