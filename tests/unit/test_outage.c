/* test_outage.c - when polls that fail are the fault of what lies between us and all hosts, and
 * when they are not. */
#include "poll/outage.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct fixture {
    struct outage outage;
    int64_t now;
    enum outage_change changes[OUTAGE_WAYS];
};

static void note(struct fixture *f, uint64_t site, enum fetch_reach reach)
{
    const struct fetch_result result = {
        .reach = reach, .looked_up = reach > FETCH_NO_NAME, .verified = reach == FETCH_ANSWERED};

    f->now += SECOND;
    outage_note(&f->outage, site, &result, f->now, f->changes);
}

static void answer_all(struct fixture *f, uint64_t sites)
{
    for (uint64_t site = 1; site <= sites; site++)
        note(f, site, FETCH_ANSWERED);
}

/* How many of `sites` are lost in turn until the way is said to be down; 0: it never is. */
static int lose_all(struct fixture *f, uint64_t sites, enum fetch_reach reach)
{
    for (int round = 0; round < 20; round++)
        for (uint64_t site = 1; site <= sites; site++) {
            note(f, site, reach);
            for (int way = 0; way < OUTAGE_WAYS; way++)
                if (f->changes[way] == OUTAGE_BEGINS)
                    return round * (int)sites + (int)site;
        }
    return 0;
}

static void takes_what_all_lose_for_our_own_fault(void **state)
{
    static const struct {
        uint64_t sites;
        int least, most; /* lost until it is told */
    } cases[] = {{2, 2, 12}, {3, 3, 12}, {5, 4, 12}, {12, 8, 12}, {30, 20, 20}, {300, 20, 20}};
    static const enum fetch_reach reaches[] = {FETCH_NO_NAME, FETCH_NO_ANSWER, FETCH_NO_TRUST};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        for (size_t r = 0; r < 3; r++) {
            struct fixture f = {0};
            int lost;

            answer_all(&f, cases[i].sites);
            lost = lose_all(&f, cases[i].sites, reaches[r]);
            assert_in_range(lost, cases[i].least, cases[i].most);
            assert_true(outage_is_doubtful(&f.outage, (enum outage_way)r));
            note(&f, 1, FETCH_ANSWERED);
            assert_int_equal(f.changes[r], OUTAGE_ENDS);
            assert_false(outage_is_doubtful(&f.outage, (enum outage_way)r));
            outage_done(&f.outage);
        }
}

static void blames_a_single_site(void **state)
{
    struct fixture f = {0};

    (void)state;
    answer_all(&f, 1);
    assert_int_equal(lose_all(&f, 1, FETCH_NO_NAME), 0);
    assert_false(outage_is_doubtful(&f.outage, OUTAGE_NAMES));
    outage_done(&f.outage);
}

static void some_that_are_lost_are_no_outage(void **state)
{
    (void)state;
    for (uint64_t share = 2; share <= 10; share++) { /* one of so many still answers */
        struct fixture f = {0};

        answer_all(&f, 100);
        for (int round = 0; round < 20; round++)
            for (uint64_t site = 1; site <= 100; site++) {
                note(&f, site, site % share == 0 ? FETCH_ANSWERED : FETCH_NO_ANSWER);
                assert_int_not_equal(f.changes[OUTAGE_ANSWERS], OUTAGE_BEGINS);
            }
        outage_done(&f.outage);
    }
}

/* Sites that were away before say nothing of the network, however many they are. */
static void the_long_dead_count_for_nothing(void **state)
{
    struct fixture f = {0};

    (void)state;
    for (int round = 0; round < 3; round++) {
        answer_all(&f, 10);
        for (uint64_t site = 100; site < 200; site++) {
            note(&f, site, FETCH_NO_NAME);
            assert_int_equal(f.changes[OUTAGE_NAMES], OUTAGE_NOTHING);
        }
        assert_false(outage_is_doubtful(&f.outage, OUTAGE_NAMES));
    }
    outage_done(&f.outage);
}

/* Half of the hosts have no name any more, and the others are asked seldom. */
static void those_who_were_not_asked_lately_are_waited_for(void **state)
{
    struct fixture f = {0};

    (void)state;
    answer_all(&f, 20);
    for (uint64_t site = 1; site <= 10; site++) {
        note(&f, site, FETCH_NO_NAME);
        assert_int_equal(f.changes[OUTAGE_NAMES], OUTAGE_NOTHING);
        assert_true(outage_is_doubtful(&f.outage, OUTAGE_NAMES)); /* none is blamed yet */
    }
    note(&f, 11, FETCH_ANSWERED);
    assert_false(outage_is_doubtful(&f.outage, OUTAGE_NAMES));
    note(&f, 1, FETCH_NO_NAME);
    assert_false(outage_is_doubtful(&f.outage, OUTAGE_NAMES)); /* and now they are */
    outage_done(&f.outage);
}

static void a_start_without_network_is_known_by_three(void **state)
{
    struct fixture f = {0};

    (void)state;
    assert_in_range(lose_all(&f, 3, FETCH_NO_ANSWER), 3, 12);
    outage_done(&f.outage);
}

static void a_start_in_an_outage_is_known_by_those_that_were_well(void **state)
{
    struct fixture f = {0};

    (void)state;
    for (uint64_t site = 1; site <= 30; site++)
        outage_expect(&f.outage, site, true, f.now = SECOND);
    assert_int_equal(lose_all(&f, 30, FETCH_NO_TRUST), 20);
    outage_done(&f.outage);
}

/* A laptop that wakes: its network is there some seconds later. */
static void a_few_seconds_are_no_outage(void **state)
{
    struct fixture f = {0};

    (void)state;
    answer_all(&f, 100);
    for (uint64_t site = 1; site <= 100; site++) {
        f.now -= SECOND;
        note(&f, site, FETCH_NO_NAME);
        assert_int_equal(f.changes[OUTAGE_NAMES], OUTAGE_NOTHING);
    }
    outage_done(&f.outage);
}

/* Names fail, and what is reached over connections that are still open answers. */
static void each_way_is_judged_by_itself(void **state)
{
    const struct fetch_result kept = {.reach = FETCH_ANSWERED};
    struct fixture f = {0};
    int begun = 0;

    (void)state;
    answer_all(&f, 20);
    for (uint64_t site = 1; site <= 20; site++) {
        note(&f, site, FETCH_NO_NAME);
        begun += f.changes[OUTAGE_NAMES] == OUTAGE_BEGINS;
        outage_note(&f.outage, 99, &kept, f.now, f.changes);
        assert_int_equal(f.changes[OUTAGE_NAMES], OUTAGE_NOTHING);
    }
    assert_int_equal(begun, 1);
    outage_done(&f.outage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_all_lose_for_our_own_fault),
        cmocka_unit_test(blames_a_single_site),
        cmocka_unit_test(some_that_are_lost_are_no_outage),
        cmocka_unit_test(the_long_dead_count_for_nothing),
        cmocka_unit_test(those_who_were_not_asked_lately_are_waited_for),
        cmocka_unit_test(a_start_without_network_is_known_by_three),
        cmocka_unit_test(a_start_in_an_outage_is_known_by_those_that_were_well),
        cmocka_unit_test(a_few_seconds_are_no_outage),
        cmocka_unit_test(each_way_is_judged_by_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
