/* histogram.c - bounds that are three or so apart, as far as ten times is told from once. */
#include "base/histogram.h"

#include "base/clock.h"

const int64_t histogram_bounds[HISTOGRAM_BOUNDS] = {SECOND / 100, SECOND / 20, SECOND / 10,
    SECOND / 2, SECOND, 5 * SECOND, 15 * SECOND, 60 * SECOND, 300 * SECOND, 900 * SECOND,
    3600 * (int64_t)SECOND, 4 * 3600 * (int64_t)SECOND, 12 * 3600 * (int64_t)SECOND,
    24 * 3600 * (int64_t)SECOND};

void histogram_add(struct histogram *histogram, int64_t microseconds)
{
    int at = 0;

    microseconds = microseconds < 0 ? 0 : microseconds;
    while (at < HISTOGRAM_BOUNDS && microseconds > histogram_bounds[at])
        at++;
    histogram->counts[at]++;
    histogram->sum += microseconds;
}
