/* event.h - what is published, as JSON: the data member of include/wireroom/event.schema.json. */
#ifndef WIREROOM_FLOW_EVENT_H
#define WIREROOM_FLOW_EVENT_H

#include "flow/health.h"
#include "poll/poll.h"
#include "record/record.h"
#include "store/store.h"

/* article.new, or article.updated with what changed against the version before that of
 * event->pending. Fills type, topic, subject, data and told of event; they live as long as rec's
 * arena and data. False when the event does not fit into data's limit. */
bool event_of_record(
    struct store *store, struct wr_record *rec, struct store_event *event, struct buf *data);

/* How its page fared, as its event says it: a word of the schema unless a module says another. */
struct bytes event_status(const struct wr_record *rec);

/* What an ordered stage made over a record and wants to be told on its own: a story's event. Fills
 * type, topic, subject and data; subject lives as long as rec's arena. False when it is none, or is
 * not of what such an event is: nothing that a stage set is believed. */
bool event_of_emitted(struct wr_record *rec, struct store_event *event, struct buf *data);

/* feed.state. Fills type, topic and data; subject is the caller's. */
void event_of_feed(
    const struct store_feed *feed, int previous, struct store_event *event, struct buf *data);

/* daemon.state: something is wrong for many feeds at once, or well again. Fills type, topic,
 * subject and data. */
void event_of_trouble(
    const struct poll_trouble *trouble, struct store_event *event, struct buf *data);

/* The members that tell of it, also in the status. */
void event_write_trouble(struct json_writer *w, const struct poll_trouble *trouble);

/* site.state: extraction on a site became worse, or well again. Fills type, topic, subject and
 * data. */
void event_of_site(const struct health_site *site, struct store_event *event, struct buf *data);

#endif
