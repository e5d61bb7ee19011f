/* envelope.h - an event as it is published: CloudEvents 1.0 in JSON
 * (include/wireroom/event.schema.json). */
#ifndef WIREROOM_STORE_ENVELOPE_H
#define WIREROOM_STORE_ENVELOPE_H

#include "base/str.h"
#include "store/store.h"

struct envelope {
    const char *epoch, *source;
    uint64_t sequence, previous; /* previous: of the same topic, 0 for none */
    int64_t recorded;            /* wall */
};

void envelope_format(
    const struct envelope *envelope, const struct store_event *event, struct buf *out);

/* The event as it is published under a further topic, in which previous came before it: the same
 * but for prevsequence. False when event is not of the form above, or out has no room. */
bool envelope_of_topic(struct bytes event, uint64_t previous, struct buf *out);

#endif
