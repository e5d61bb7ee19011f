/* own_clock.h - wall and monotonic clock of a test: both begin at the same moment on every day. */
#ifndef WIREROOM_TESTS_OWN_CLOCK_H
#define WIREROOM_TESTS_OWN_CLOCK_H

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A Wednesday, 2026-03-04T10:00:00Z: far from the ends of a day, a week, a month and a year. */
static const int64_t OWN_CLOCK_START = 1772618400 * (int64_t)SECOND;

static struct clock_test *own_clock;

/* Before anything else of the test program; a group's setup as well. */
static inline int own_the_clock(void **state)
{
    char path[] = "/tmp/test_clock_XXXXXX";
    int fd = mkstemp(path);
    struct error err = {0};

    (void)state;
    if (fd < 0 || ftruncate(fd, sizeof(*own_clock)) != 0)
        abort();
    own_clock = mmap(NULL, sizeof(*own_clock), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (own_clock == MAP_FAILED || clock_open_test(path, &err) != OK)
        abort();
    own_clock->stepped = OWN_CLOCK_START - clock_wall();
    close(fd);
    unlink(path);
    return 0;
}

/* Somebody sets the clock on the wall. */
static inline void step_time(int64_t micros)
{
    own_clock->stepped += micros;
}

/* Time passes, for both clocks. */
static inline void pass_time(int64_t micros)
{
    own_clock->passed += micros;
}

#endif
