/* emitted.h - what the ordered stages made over a record, or when something was due: events that
 * are committed with the article's own, or by themselves. */
#ifndef WIREROOM_FLOW_EMITTED_H
#define WIREROOM_FLOW_EMITTED_H

#include "record/record.h"
#include "store/store.h"

struct emitted;

/* One more into *emitted, which is NULL before the first; what is no event of the kinds that stages
 * may make is left out, with a warning that names what it was made over. Of two of one type and
 * subject the later counts: the record was given to the stages again. */
void emitted_take(struct emitted **emitted, const char *over, struct wr_record *rec);

/* They go with the event; lent until emitted_done(). emitted may be NULL. */
void emitted_go_with(const struct emitted *emitted, struct store_event *event);

/* They go by themselves, in one transaction: the article is not published, or there is none. */
void emitted_go_alone(const struct emitted *emitted, struct store *store,
    void (*on_committed)(void *ctx, const struct error *err, const struct committed *committed),
    void *ctx);

/* Free *emitted, which is NULL then. */
void emitted_done(struct emitted **emitted);

#endif
