/* outage.h - whose fault it is when polls fail: the feeds', or that of something between us and all
 * of them. Rules without a loop, a socket or a store. */
#ifndef WIREROOM_POLL_OUTAGE_H
#define WIREROOM_POLL_OUTAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"
#include "fetch/fetch.h"

/* A request has to pass each of these steps, and each can fail for all hosts at once for a cause
 * that is ours: the resolver, the line, http.ca_path or the clock. */
enum outage_way { OUTAGE_NAMES, OUTAGE_ANSWERS, OUTAGE_TRUST, OUTAGE_WAYS };

/* A way is down when so many different sites in a row were lost on it, with nobody through between:
 * two thirds of those that came through within the quarter of an hour before the first one was
 * lost, at least three (or both, where there are two), at most twenty; and over at least ten
 * seconds, since a network takes some to come up. A site counts when it came through the last time
 * it was asked, so one that has long been away, or a host with many feeds, is no more than itself.
 * Where nobody ever came through, any three sites count. Of a single site nothing can be told. */
enum { OUTAGE_LEAST = 3, OUTAGE_MOST = 20, OUTAGE_SECONDS = 10, OUTAGE_WINDOW = 900 };

enum { OUTAGE_SITES = 1 << 16 }; /* remembered; 56 bytes and a table's cell each */

struct outage {
    struct way {
        bool passed;   /* somebody came through since the start */
        uint32_t row;  /* number of the row of sites that are lost one after the other */
        size_t lost;   /* in this row */
        int64_t began; /* the row; mono */
        bool down;
    } ways[OUTAGE_WAYS];
    struct table sites;
    struct site *first;
    size_t well; /* of them, came through the last time */
};

enum outage_change { OUTAGE_NOTHING, OUTAGE_BEGINS, OUTAGE_ENDS };

/* A feed of this site was well when it was asked last, before the start. */
void outage_expect(struct outage *outage, uint64_t site, bool tls, int64_t now);

/* How far a request to the site came. ret_change: for each way. */
void outage_note(struct outage *outage, uint64_t site, const struct fetch_result *result,
    int64_t now, enum outage_change ret_change[OUTAGE_WAYS]);

/* The way on which the result was lost, or OUTAGE_WAYS. */
enum outage_way outage_way_of(const struct fetch_result *result);

/* Whether it may be the way's fault and not the feed's: it is down, or nobody else came through
 * since this began. */
bool outage_is_doubtful(const struct outage *outage, enum outage_way way);

void outage_done(struct outage *outage);

#endif
