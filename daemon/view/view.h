/* view.h - what is told of the daemon, its feeds, stages and records: each as JSON that is written
 * in one place, whoever asks for it. */
#ifndef WIREROOM_VIEW_VIEW_H
#define WIREROOM_VIEW_VIEW_H

#include "base/json.h"
#include "conf/conf.h"
#include "deliver/consumer.h"
#include "store/store.h"
#include "store/why.h"

/* The parts that are told of; lent. */
struct view {
    const struct conf *conf;
    int64_t started; /* wall */
    struct store *store;
    struct fetcher *fetcher;
    struct pool *pool;
    struct poll *poll;
    struct recheck *recheck;
    struct flow *flow;
    struct websub *websub;
    struct deliver *deliver;
    struct subscriptions *subscriptions;
    const struct buf *list_warnings; /* of lists that are files, a line each */
};

/* How the daemon is: the members of an object. */
void view_status(const struct view *view, struct json_writer *w);

/* "stages": what runs, and how it fares. */
void view_stages(const struct view *view, struct json_writer *w);

/* The members of a feed as lists show it; and all that is known of it. */
void view_feed(const struct store_feed *feed, struct json_writer *w);
void view_feed_whole(const struct view *view, const struct store_feed *feed, struct json_writer *w);

/* One poll of a feed. */
void view_polled(const struct store_polled *polled, struct json_writer *w);

/* {"line", "column", "text"} of "line<TAB>column<TAB>what is wrong". */
void view_diagnosis(struct bytes line, struct json_writer *w);

/* The members of a record that was put aside; whole: with the record itself. */
void view_quarantined(const struct quarantined *entry, bool whole, struct json_writer *w);

/* What became of an entry: a step each, {"step", "at", ...}, those of an event and of what a feed
 * holds included; and "end", how its newest version did. */
void view_why_steps(const struct view *view, const struct why_article *why, struct json_writer *w);
void view_why_event(const struct committed *event, struct json_writer *w);
void view_why_held(const struct why_held *held, struct json_writer *w);
void view_why_end(const struct why_article *why, struct json_writer *w);

/* All entries that were ever seen, since the store was made:
 *   seen = fresh + changed + known + duplicate + marked + old
 *   admitted = fresh + changed + rechecked = published + dropped + quarantined + pending
 * unaccounted: what one of the two lacks; anything but 0 is a bug of ours. */
struct view_entries {
    int64_t seen, fresh, changed, known, duplicate, marked, old;
    int64_t rechecked, published, dropped, quarantined, pending;
    int64_t admitted, unaccounted;
};
struct view_entries view_entries(struct store *store);
void view_entries_write(struct store *store, struct json_writer *w);  /* "entries" */
void view_counters_write(struct store *store, struct json_writer *w); /* "counters": all others */

/* The members of a consumer. */
void view_consumer(const struct view *view, const struct consumer *consumer, struct json_writer *w);

/* All of it in numbers, as OpenMetrics 1.0. */
void view_metrics(const struct view *view, struct buf *out);

/* Bytes of memory that belong to this process alone or with others. */
int64_t view_resident_bytes(void);

/* A point in wall time as RFC 3339, or null for 0. */
void view_time(struct json_writer *w, const char *name, int64_t wall);

#endif
