/* measure.c - what was recorded, counted by what its event says. */
#include "flow/measure.h"

#include "base/clock.h"
#include "flow/event.h"

const char *const measure_statuses[MEASURE_STATUSES] = {"full", "partial", "feed-only", "paywalled",
    "blocked", "disallowed", "failed", "skipped", "other"};

const char *const measure_severities[MEASURE_SEVERITIES] = {"major", "minor", "trivial"};

/* Of count words the one that text is, else the last. */
static int find(const char *const *words, int count, struct bytes text)
{
    int i = 0;

    while (i < count - 1 && !bytes_is(text, words[i]))
        i++;
    return i;
}

/* The publisher changed it and says no time of that. */
static bool is_silent(const struct wr_record *rec, int64_t published)
{
    int64_t modified = 0;

    return !clock_parse(record_get(rec, WR_MODIFIED), &modified) || modified <= published;
}

void measure_event(struct measure *measure, const struct wr_record *rec, int64_t published)
{
    measure->by_status[find(measure_statuses, MEASURE_STATUSES, event_status(rec))]++;
    if (record_get_int(rec, REC_VERSION, 1) > 1)
        measure->edits[find(measure_severities, MEASURE_SEVERITIES, record_get(rec, REC_SEVERITY))]
                      [is_silent(rec, published)]++;
    else if (published != 0)
        histogram_add(&measure->published_to_recorded, clock_wall() - published);
}
