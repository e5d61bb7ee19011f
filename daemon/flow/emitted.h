/* emitted.h - what the ordered stages made over an item's record: events that are committed with
 * the article's own, or by themselves when the article comes to nothing. */
#ifndef WIREROOM_FLOW_EMITTED_H
#define WIREROOM_FLOW_EMITTED_H

#include "record/record.h"
#include "store/store.h"

struct flow;
struct item;

/* One more; what is no event of the kinds that stages may make is left out, with a warning. Of two
 * of one type and subject the later counts: the record was given to the stages again. */
void emitted_take(struct item *item, struct wr_record *rec);

/* They go with the event; lent until emitted_done(). */
void emitted_go_with(struct item *item, struct store_event *event);

/* The article is not published: what the stages told is. */
void emitted_go_alone(struct item *item);
void emitted_done(struct item *item);

#endif
