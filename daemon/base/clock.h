/* clock.h - the one place where time comes from, so that tests own it. */
#ifndef WIREROOM_BASE_CLOCK_H
#define WIREROOM_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

enum { SECOND = 1000000 }; /* all times are microseconds in an int64_t unless a name says more */

int64_t clock_mono(void); /* for order, deadlines, schedules */
int64_t clock_wall(void); /* since 1970 UTC; for data only */

/* Wall time to judge by: it goes on through a step of clock_wall() of over CLOCK_STEP seconds,
 * which a machine that is restored or asks another time server makes and often takes back, and
 * takes it over when it has lasted for CLOCK_BELIEVED. A machine that slept was not stepped. As
 * long as nobody watches it is clock_wall(). Any thread. */
enum { CLOCK_STEP = 60, CLOCK_BELIEVED = 3600 };
int64_t clock_steady(void);

/* Look whether the wall clock was stepped: by how much it is away from clock_steady(), 0 for not.
 * To be called now and then, from one thread. */
int64_t clock_watch(void);

/* What a test's clock is ahead of the system's by, in microseconds: time that has passed, and how
 * far the wall clock was stepped besides. Or of a clock that stands still: then only what has
 * passed moves it, however long the machine takes. */
struct clock_test {
    int64_t passed;  /* of both clocks */
    int64_t stepped; /* of the wall clock alone */
    int64_t still;   /* not 0: the wall clock stands there, and the monotonic one a year before */
};

/* Let a test own the time: path is a file that begins with a struct clock_test (what is missing of
 * it at the end is 0), which the test may change while the daemon runs. Timers must then sleep no
 * longer than clock_sleep(). Without this call time is the system's. */
int clock_open_test(const char *path, struct error *err);
bool clock_is_test(void);

/* How many milliseconds a timer is to sleep that would sleep for wait: under a test's clock it
 * looks every CLOCK_TEST_TICK whether that was moved. */
enum { CLOCK_TEST_TICK = 10 };
uint64_t clock_sleep(uint64_t wait);

/* RFC 3339 in UTC with milliseconds, "2026-03-14T09:26:57.911Z"; text holds CLOCK_TEXT bytes. */
enum { CLOCK_TEXT = 32 };
const char *clock_format(int64_t wall, char text[CLOCK_TEXT]);

/* Read RFC 3339 (section 5.6), or its date alone, which stands for midnight UTC; false leaves
 * *ret_wall untouched. For dates that we wrote ourselves; what feeds and pages write is
 * text/date.h's. */
bool clock_parse(struct bytes text, int64_t *ret_wall);

#endif
