/* test_hint.c - what documents ask of whoever polls them. */
#include "poll/hint.h"

#include "base/clock.h"

#include "unit/test.h"

static const int64_t HOUR = 3600 * (int64_t)SECOND;
static const int64_t DAY = 86400 * (int64_t)SECOND;

static struct hints read_all(const char *const *lines)
{
    struct arena *arena = arena_new(1 << 20);
    struct wr_record *feed = record_new(arena);
    struct hints hints;

    for (; *lines != NULL; lines++)
        record_add(feed, REC_FEED_HINT, bytes_of(*lines));
    hints_read(feed, &hints);
    arena_free(arena);
    return hints;
}

#define READ(...) read_all((const char *const[]){__VA_ARGS__, NULL})

static void reads_ttl_in_minutes_before_an_update_period(void **state)
{
    (void)state;
    assert_true(READ("ttl=90").interval == 90 * 60 * (int64_t)SECOND);
    assert_true(READ("update_period=daily", "update_frequency=4").interval == 6 * HOUR);
    assert_true(READ("ttl=60", "update_period=weekly").interval == HOUR);
    assert_true(READ("ttl=-1", "update_period=soon").interval == 0);
    assert_true(READ("update_period=daily", "update_frequency=0").interval == 0);
}

static void reads_hours_and_days_to_skip(void **state)
{
    (void)state;
    assert_int_equal(READ("skip_hours=0, 23").skip, 1U | 1U << 23);
    assert_int_equal(READ("skip_hours=24").skip, 1U);
    assert_int_equal(READ("skip_days=sunday,Saturday,Funday").skip, 1U << 24 | 1U << 30);
    assert_int_equal(READ("skip_hours=25,-1,x").skip, 0);
}

static void takes_who_skips_everything_at_no_word(void **state)
{
    (void)state;
    assert_int_equal(
        READ("skip_days=Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday").skip, 0);
    assert_int_equal(
        READ("skip_hours=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23").skip, 0);
}

static void waits_for_the_end_of_what_is_skipped_at_most_a_day(void **state)
{
    const int64_t friday = 1773360000 * (int64_t)SECOND; /* 2026-03-13T00:00Z */
    uint32_t night = READ("skip_hours=0,1,2,3,4,5").skip;
    uint32_t weekend = READ("skip_days=Saturday,Sunday").skip;

    (void)state;
    assert_true(hints_wait(night, friday + HOUR / 2) == 5 * HOUR + HOUR / 2);
    assert_true(hints_wait(night, friday + 6 * HOUR) == 0);
    assert_true(hints_wait(0, friday) == 0);
    assert_true(hints_wait(weekend, friday + 23 * HOUR) == 0);
    assert_true(hints_wait(weekend, friday + 2 * DAY + 20 * HOUR) == 4 * HOUR);
    assert_true(hints_wait(weekend, friday + DAY) == DAY);
    assert_true(hints_wait(night | weekend, friday + 2 * DAY + 20 * HOUR) == 10 * HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_ttl_in_minutes_before_an_update_period),
        cmocka_unit_test(reads_hours_and_days_to_skip),
        cmocka_unit_test(takes_who_skips_everything_at_no_word),
        cmocka_unit_test(waits_for_the_end_of_what_is_skipped_at_most_a_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
