/* histogram.h - how long something takes, counted by bounds as Prometheus wants them. */
#ifndef WIREROOM_BASE_HISTOGRAM_H
#define WIREROOM_BASE_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BOUNDS = 14 };

/* Microseconds: from what a poll may be late, to an article that its feed lists a day later. */
extern const int64_t histogram_bounds[HISTOGRAM_BOUNDS];

/* Zeroed memory is an empty one. */
struct histogram {
    uint64_t counts[HISTOGRAM_BOUNDS + 1]; /* up to a bound and above the one before; above all */
    int64_t sum;                           /* microseconds */
};

/* What is below 0, by clocks that differ, is 0. */
void histogram_add(struct histogram *histogram, int64_t microseconds);

#endif
