/* look.h - articles that were published without their page, and what flow.c tells of them. */
#ifndef WIREROOM_FLOW_LOOK_H
#define WIREROOM_FLOW_LOOK_H

#include "fetch/fetch.h"
#include "flow/flow.h"
#include "recheck/recheck.h"

struct item;

struct recheck_hooks look_hooks(struct flow *flow);

/* The page that the item was admitted for, NULL when there is none in hand (any more). */
const struct fetch_result *look_page(const struct item *item);

/* Whether the item was admitted for its page and got no text out of it: it then ends here, and its
 * number is given back. */
bool look_is_void(const struct item *item);
void look_drop(struct item *item);

/* Before the commit: item->recheck says what becomes of the article's row; after it. */
void look_plan(struct item *item);
void look_committed(struct item *item);

/* The feed is gone. */
void look_forget(struct flow *flow, int64_t feed);
void look_done(struct flow *flow); /* once nothing is fetched any more */

#endif
