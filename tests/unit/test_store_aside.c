/* test_store_aside.c - entries that were put aside. */
#include <sqlite3.h>

#include "base/json.h"
#include "store/envelope.h"
#include "store/sql.h"
#include "store_fixture.h"
#include "unit/test.h"

static int check_quarantined(void *ctx, const struct quarantined *entry)
{
    struct fixture *f = ctx;

    assert_string_equal(entry->cause, "extract killed two workers");
    assert_int_equal(entry->pending, f->pending[0]);
    assert_true(entry->record.len > 0 && entry->at > 0);
    f->also_count++;
    return 0;
}

static void keeps_a_quarantined_entry_readable_but_not_pending(void **state)
{
    struct fixture *f = *state;

    fixture_admit(f, fixture_feed(f, "https://example.org/feed"), fixture_three, 3, true);
    store_quarantine(f->store, f->pending[0], "extract killed two workers");
    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(fixture_pending_count(f), 2);
    assert_int_equal(store_quarantined(f->store, 0, 10, check_quarantined, f, &f->err), OK);
    assert_int_equal(f->also_count, 1);
    fixture_commit(f, f->pending[0], "x");
    fixture_wait(f, 1);
    assert_int_equal(f->commit_codes[0], E_NOT_FOUND);
}

static size_t count_quarantined(struct fixture *f)
{
    size_t count = 99;

    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(store_quarantined_count(f->store, &count, &f->err), OK);
    return count;
}

static void tries_a_quarantined_entry_again_or_takes_it_out(void **state)
{
    struct fixture *f = *state;

    fixture_admit(f, fixture_feed(f, "https://example.org/feed"), fixture_three, 3, true);
    for (int i = 0; i < 3; i++)
        store_quarantine(f->store, f->pending[i], "extract killed two workers");
    assert_int_equal(count_quarantined(f), 3);
    store_quarantine_end(f->store, f->pending[0]);
    store_quarantine_end(f->store, f->pending[0]); /* twice is once */
    store_quarantine_remove(f->store, f->pending[1]);
    store_quarantine_remove(f->store, f->pending[0]); /* it is not there any more */
    assert_int_equal(count_quarantined(f), 1);
    assert_int_equal(fixture_pending_count(f), 1);
    assert_int_equal(fixture_counter(f, "entries.quarantined"), 1);
    assert_int_equal(fixture_counter(f, "entries.dropped"), 1);
    fixture_commit(f, f->pending[0], "x");
    fixture_wait(f, 1);
    assert_int_equal(f->commit_codes[0], OK);
}

/* It would come out as the newest. */
static void leaves_a_version_put_aside_once_a_later_one_is_published(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct item item = fixture_three[0];

    fixture_admit(f, feed, &item, 1, true);
    store_quarantine(f->store, f->pending[0], "extract killed two workers");
    store_quarantine_end(f->store, f->pending[0]);
    assert_int_equal(count_quarantined(f), 0);
    store_quarantine(f->store, f->pending[0], "extract killed two workers");
    item.body = "second";
    fixture_admit(f, feed, &item, 1, false);
    store_quarantine_end(f->store, f->pending[0] - 1); /* the second still waits */
    assert_int_equal(count_quarantined(f), 0);
    store_quarantine(f->store, f->pending[0] - 1, "extract killed two workers");
    fixture_commit(f, f->pending[0], "second");
    fixture_wait(f, 1);
    store_quarantine_end(f->store, f->pending[0] - 1);
    assert_int_equal(count_quarantined(f), 1);
    store_quarantine_remove(f->store, f->pending[0] - 1);
    assert_int_equal(count_quarantined(f), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(keeps_a_quarantined_entry_readable_but_not_pending),
        STORE_TEST(tries_a_quarantined_entry_again_or_takes_it_out),
        STORE_TEST(leaves_a_version_put_aside_once_a_later_one_is_published),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
