/* test.h - what every cmocka program of ours includes first. */
#ifndef WIREROOM_TEST_H
#define WIREROOM_TEST_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail /* ours is in base/error.h */
#undef fail_msg
#define fail_msg(...)                                                                              \
    do {                                                                                           \
        print_error(__VA_ARGS__);                                                                  \
        print_error("\n");                                                                         \
        _fail(__FILE__, __LINE__);                                                                 \
    } while (0)

#include <time.h>

#include "base/str.h"

/* Microseconds of processor time that this process took: other programs make none of it longer. */
static inline int64_t processor_time(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

#define assert_bytes(actual, expected)                                                             \
    do {                                                                                           \
        struct bytes actual_ = (actual);                                                           \
        struct bytes expected_ = bytes_of(expected);                                               \
        if (!bytes_equal(actual_, expected_))                                                      \
            fail_msg("got \"%.*s\", want \"%.*s\"", FMT(actual_), FMT(expected_));                 \
    } while (0)

#endif
