/* target.h - a figure beside what it should be; a bench that misses one ends with 1. */
#ifndef WIREROOM_BENCH_TARGET_H
#define WIREROOM_BENCH_TARGET_H

#include <stdbool.h>
#include <stdio.h>

static int targets_missed;

/* Print the figure; it has to be at most, or at least, the target. */
static inline void target(const char *name, double value, bool at_most, double wanted)
{
    bool met = at_most ? value <= wanted : value >= wanted;

    printf("%s: %.2f, target %s %.2f: %s\n", name, value, at_most ? "at most" : "at least", wanted,
        met ? "met" : "MISSED");
    targets_missed += !met;
}

#endif
