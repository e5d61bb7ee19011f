/* test_aside.c - which deaths are a stage's and which are a site's. */
#include "unit/test.h"

#include "pool/aside.h"

static struct blame blame;
static uint64_t site;
static int64_t now, length;

static int setup(void **state)
{
    (void)state;
    blame = (struct blame){0};
    now = 1000 * (int64_t)SECOND;
    return 0;
}

static bool dies(uint64_t feed, uint64_t page)
{
    now += SECOND;
    return blame_death(&blame, (struct origin){feed, page}, now, &site, &length);
}

static bool is_aside(uint64_t feed, uint64_t page)
{
    return blame_is_aside(&blame, (struct origin){feed, page}, now);
}

static void one_site_rests_by_itself(void **state)
{
    (void)state;
    assert_false(dies(7, 7));
    assert_false(dies(7, 7));
    assert_int_equal(site, 0);
    assert_false(dies(7, 7));
    assert_int_equal(site, 7);
    assert_int_equal(length, ASIDE_FIRST);
    assert_true(is_aside(7, 7));
    assert_true(is_aside(9, 7));
    assert_false(is_aside(9, 9));
    now += ASIDE_FIRST;
    assert_false(is_aside(7, 7));
}

/* Its links may lead anywhere. */
static void a_feed_rests_whose_pages_are_everywhere(void **state)
{
    (void)state;
    for (uint64_t page = 100; page < 102; page++)
        assert_false(dies(7, page));
    assert_false(dies(7, 102));
    assert_int_equal(site, 7);
    assert_true(is_aside(7, 500));
    assert_false(is_aside(8, 100));
}

static void a_site_rests_that_many_feeds_lead_to(void **state)
{
    (void)state;
    for (uint64_t feed = 100; feed < 103; feed++)
        assert_false(dies(feed, 7));
    assert_int_equal(site, 7);
    assert_true(is_aside(500, 7));
    assert_false(is_aside(100, 8));
}

static void a_stage_rests_that_dies_of_unrelated_sites(void **state)
{
    (void)state;
    assert_false(dies(1, 1));
    assert_false(dies(1, 1));
    assert_false(dies(2, 2));
    assert_true(dies(3, 3));
    assert_int_equal(site, 0);
    assert_true(is_aside(9, 9));
}

static void deaths_over_nothing_are_the_stages_own(void **state)
{
    (void)state;
    assert_false(dies(0, 0));
    assert_false(dies(0, 0));
    assert_true(dies(0, 0));
}

static void deaths_of_long_ago_do_not_count(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        assert_false(dies(1 + (uint64_t)i, 1 + (uint64_t)i));
        assert_int_equal(site, 0);
        now += ASIDE_WITHIN / 2;
    }
}

static void who_goes_on_killing_rests_longer(void **state)
{
    int64_t wanted = ASIDE_FIRST;

    (void)state;
    for (int round = 0; round < 8; round++) {
        for (int i = 0; i < ASIDE_DEATHS; i++)
            dies(7, 7);
        assert_int_equal(site, 7);
        assert_int_equal(length, wanted);
        wanted = wanted * 2 < ASIDE_MOST ? wanted * 2 : ASIDE_MOST;
        now += length;
        assert_false(is_aside(7, 7));
    }
    now += 3 * ASIDE_MOST;
    for (int i = 0; i < ASIDE_DEATHS; i++)
        dies(7, 7);
    assert_int_equal(length, ASIDE_FIRST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_site_rests_by_itself, setup),
        cmocka_unit_test_setup(a_feed_rests_whose_pages_are_everywhere, setup),
        cmocka_unit_test_setup(a_site_rests_that_many_feeds_lead_to, setup),
        cmocka_unit_test_setup(a_stage_rests_that_dies_of_unrelated_sites, setup),
        cmocka_unit_test_setup(deaths_over_nothing_are_the_stages_own, setup),
        cmocka_unit_test_setup(deaths_of_long_ago_do_not_count, setup),
        cmocka_unit_test_setup(who_goes_on_killing_rests_longer, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
