/* test_admit_edits.c - which edits of an entry are told and which are noise, what is old, and what
 * is forgotten. */
#include "unit/admit_fixture.h"

#include <time.h>

static void bodies_with_a_counter_in_them(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 288; n++) {
        for (int i = 0; i < 10; i++)
            add(w, i)->content = hash_of("Views: %d %d", n, i);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 10);
    /* A day of it: three at once, then ever fewer. */
    assert_in_range(w->changed, 10 * 5, 10 * 12);
}

static void a_title_that_is_edited_at_each_poll(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10; i++)
            if (i == 3)
                add(w, i)->content = hash_of("Item %d (updated %d)", i, n);
            else
                add(w, i);
        poll_once(w, 0);
    }
    assert_int_equal(w->fresh, 10);
    assert_int_equal(w->changed, 3);
}

static void edits_hours_apart_all_come_out(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 12; n++) {
        add(w, 1)->content = hash_of("version %d", n, 0);
        poll_once(w, 125);
    }
    assert_int_equal(w->fresh, 1);
    assert_int_equal(w->changed, 11);
}

static void the_last_edit_of_many_comes_out_in_the_end(void **state)
{
    struct world *w = *state;
    uint64_t last = 0;

    for (int n = 0; n < 10; n++) {
        last = hash_of("version %d", n, 0);
        add(w, 1)->content = last;
        poll_once(w, 0);
    }
    assert_int_equal(w->changed, 3);
    add(w, 1)->content = last;
    poll_once(w, 12);
    assert_int_equal(w->changed, 4);
    add(w, 1)->content = last;
    poll_once(w, 60);
    assert_int_equal(w->changed, 4);
}

static void dates_that_are_always_now(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10; i++)
            add(w, i)->date = (uint32_t)(w->now / SECOND);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 10);
    assert_int_equal(w->changed, 0);
}

static void old_entries_that_come_back_at_times(void **state)
{
    struct world *w = *state;

    for (int n = 1; n <= 20; n++) {
        int low = n % 5 == 0 ? 0 : n * 10;

        for (int i = low; i < low + 10; i++)
            add(w, i);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 16 * 10 + 10);
}

static void an_old_date_does_not_make_an_entry_old(void **state)
{
    struct world *w = *state;

    for (int i = 100; i < 110; i++)
        add(w, i);
    poll_once(w, 5);
    for (int i = 99; i < 110; i++)
        add(w, i);
    poll_once(w, 5);
    assert_int_equal(w->fresh, 11);
}

static void daily_entries_of_the_same_words(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        add(w, n)->content = hash64(LIT("The news at nine"));
        poll_once(w, 24 * 60);
    }
    assert_int_equal(w->fresh, 20);
}

static void a_marked_entry_that_is_edited(void **state)
{
    struct world *w = *state;
    struct admit admit = {.entries = w->entries, .now = w->now};

    for (int i = 0; i < 3; i++)
        add(w, i);
    admit.count = w->document;
    admit_decide(&admit, &w->seen, w->decisions);
    admit_first(&admit, FIRST_MARK, 0, w->arena, w->decisions);
    for (int i = 0; i < 3; i++)
        assert_int_equal(w->decisions[i].verdict, ADMIT_MARKED);
    admit_decide(&admit, &w->twin, w->decisions);
    w->document = 0;
    for (int i = 0; i < 3; i++)
        add(w, i)->content = hash_of("edited %d", i, 0);
    poll_once(w, 5);
    assert_int_equal(w->known, 3);
}

static void a_first_document_without_dates_publishes_its_top(void **state)
{
    struct world *w = *state;
    struct admit admit = {.entries = w->entries, .now = w->now, .count = 5};
    size_t order[5];

    for (int i = 0; i < 5; i++)
        add(w, i)->date = i == 2 ? 1700000000 : 0;
    admit_decide(&admit, &w->seen, w->decisions);
    admit_first(&admit, FIRST_PUBLISH_LAST, 2, w->arena, w->decisions);
    assert_int_equal(w->decisions[0].verdict, ADMIT_NEW);
    assert_int_equal(w->decisions[1].verdict, ADMIT_NEW);
    assert_int_equal(w->decisions[2].verdict, ADMIT_MARKED);
    assert_int_equal(admit_order(&admit, w->decisions, w->arena, order), 2);
    assert_int_equal(order[0], 1);
    assert_int_equal(order[1], 0);
}

static void what_is_forgotten_and_what_is_not(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 150; i++)
        add(w, i);
    poll_once(w, 5);
    /* Long gone by the clock, but not by documents. */
    for (int n = 0; n < 50; n++) {
        add(w, 151);
        poll_once(w, 24 * 60);
    }
    assert_int_equal(w->seen.count, 151);
    for (int n = 0; n < 60; n++) {
        add(w, 151);
        poll_once(w, 0);
    }
    assert_int_equal(w->seen.count, 1);
}

static void the_memory_of_a_busy_feed_is_bounded(void **state)
{
    struct world *w = *state;
    size_t most = 0;

    for (int n = 0; n < 500; n++) {
        for (int i = 0; i < 20; i++)
            add(w, n * 10 + i);
        poll_once(w, 1);
        most = w->seen.count > most ? w->seen.count : most;
    }
    assert_int_equal(w->fresh, 10 + 500 * 10);
    assert_in_range(most, 100, 256 + 20);
}

static void many_entries_of_one_key_cost_no_more_than_others(void **state)
{
    struct world *w = *state;
    enum { MANY = 20000 };
    struct admit_entry *entries = arena_alloc_array(w->arena, MANY, sizeof(*entries));
    struct admit_decision *decisions = arena_alloc_array(w->arena, MANY, sizeof(*decisions));
    struct admit admit = {.seed = 7, .now = w->now, .entries = entries, .count = MANY};
    clock_t begun = clock(); /* of the processor: others may have the machine */

    for (size_t i = 0; i < MANY; i++) {
        entries[i].content = 77;
        entries[i].date = (uint32_t)i + 1;
    }
    for (int n = 0; n < 3; n++) {
        size_t fresh = 0;

        for (size_t i = 0; i < MANY; i++)
            entries[i].date += (uint32_t)n * MANY;
        admit_decide(&admit, &w->seen, decisions);
        for (size_t i = 0; i < MANY; i++)
            fresh += decisions[i].verdict == ADMIT_NEW;
        assert_int_equal(fresh, n == 0 ? MANY : 0);
    }
    assert_true(clock() - begun < 2 * CLOCKS_PER_SEC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ADMIT_TEST(bodies_with_a_counter_in_them),
        ADMIT_TEST(a_title_that_is_edited_at_each_poll),
        ADMIT_TEST(edits_hours_apart_all_come_out),
        ADMIT_TEST(the_last_edit_of_many_comes_out_in_the_end),
        ADMIT_TEST(dates_that_are_always_now),
        ADMIT_TEST(old_entries_that_come_back_at_times),
        ADMIT_TEST(an_old_date_does_not_make_an_entry_old),
        ADMIT_TEST(daily_entries_of_the_same_words),
        ADMIT_TEST(a_marked_entry_that_is_edited),
        ADMIT_TEST(a_first_document_without_dates_publishes_its_top),
        ADMIT_TEST(what_is_forgotten_and_what_is_not),
        ADMIT_TEST(the_memory_of_a_busy_feed_is_bounded),
        ADMIT_TEST(many_entries_of_one_key_cost_no_more_than_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
