/* test_known.c - the hashes of each feed's last document, up to a bound. */
#include "flow/known.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "worker/job.h"

#include <cmocka.h>

static void keeps_the_hashes_of_the_last_document_of_each_feed(void **state)
{
    const uint64_t raws[] = {1, 2, 3};
    struct known known = {0};
    struct bytes hashes;

    (void)state;
    assert_int_equal(known_get(&known, 7).len, 0);
    known_set(&known, 7, raws, 3);
    known_set(&known, 8, raws, 1);
    known_set(&known, 7, raws + 1, 2);
    hashes = known_get(&known, 7);
    assert_int_equal(hashes.len, 2 * sizeof(*raws));
    assert_memory_equal(hashes.ptr, raws + 1, hashes.len);
    assert_int_equal(known_get(&known, 8).len, sizeof(*raws));
    assert_int_equal(known.total, 3);
    known_forget(&known, 7);
    assert_int_equal(known_get(&known, 7).len, 0);
    known_done(&known);
    assert_int_equal(known.total, 0);
}

static void the_memory_of_one_feed_and_of_all_is_bounded(void **state)
{
    static uint64_t raws[JOB_KNOWN + 1];
    struct known known = {0};
    int64_t feed = 0;

    (void)state;
    known_set(&known, ++feed, raws, JOB_KNOWN + 1);
    assert_int_equal(known_get(&known, feed).len, JOB_KNOWN * sizeof(*raws));
    known.total = KNOWN_MOST - 5;
    known_set(&known, ++feed, raws, 6);
    assert_int_equal(known_get(&known, feed).len, 0);
    known_set(&known, ++feed, raws, 5);
    assert_int_equal(known_get(&known, feed).len, 5 * sizeof(*raws));
    known_done(&known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_hashes_of_the_last_document_of_each_feed),
        cmocka_unit_test(the_memory_of_one_feed_and_of_all_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
