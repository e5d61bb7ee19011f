/* test_shared.c - pages that several entries of a feed lead to are told from those of one. */
#include "unit/test.h"

#include "flow/shared.h"

static struct shared shared;

static int note(const char *feed, const char *link, const char *what)
{
    return shared_note(&shared, bytes_of(feed), bytes_of(link), bytes_of(what));
}

static void counts_other_entries_of_the_same_feed(void **state)
{
    (void)state;
    assert_int_equal(note("f1", "/1", "http://a.example/consent"), 0);
    assert_int_equal(note("f1", "/1", "http://a.example/consent"), 0);
    assert_int_equal(note("f1", "/2", "http://a.example/consent"), 1);
    assert_int_equal(note("f1", "/3", "http://a.example/consent"), 2);
    assert_int_equal(note("f1", "/4", "http://a.example/4"), 0);
    assert_int_equal(note("f2", "/1", "http://a.example/consent"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_other_entries_of_the_same_feed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
