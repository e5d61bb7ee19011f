/* measure.h - numbers of articles' events, since the start. */
#ifndef WIREROOM_FLOW_MEASURE_H
#define WIREROOM_FLOW_MEASURE_H

#include "base/histogram.h"
#include "record/record.h"

enum { MEASURE_STATUSES = 9, MEASURE_SEVERITIES = 3 };

extern const char
    *const measure_statuses[MEASURE_STATUSES]; /* of extraction; the last is any other */
extern const char *const measure_severities[MEASURE_SEVERITIES]; /* of a change */

/* Zeroed memory is none. */
struct measure {
    struct histogram published_to_recorded; /* of new articles that have a date */
    uint64_t by_status[MEASURE_STATUSES];
    uint64_t edits[MEASURE_SEVERITIES][2]; /* [1]: the publisher gives no time of the change */
};

/* The event of rec was recorded; published: wall, 0 when the publisher does not say when. */
void measure_event(struct measure *measure, const struct wr_record *rec, int64_t published);

#endif
