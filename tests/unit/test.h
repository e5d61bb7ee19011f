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

#include "base/str.h"

#define assert_bytes(actual, expected)                                                             \
    do {                                                                                           \
        struct bytes actual_ = (actual);                                                           \
        struct bytes expected_ = bytes_of(expected);                                               \
        if (!bytes_equal(actual_, expected_))                                                      \
            fail_msg("got \"%.*s\", want \"%.*s\"", FMT(actual_), FMT(expected_));                 \
    } while (0)

#endif
