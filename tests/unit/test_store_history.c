/* test_store_history.c - what is kept beside a feed: what is wrong in it, and how its polls went.
 */
#include "unit/store_fixture.h"

static void on_admitted(void *ctx, const struct admit_result *result)
{
    assert_null(result->err);
    *(bool *)ctx = true;
}

/* A document with nothing new in it. */
static void admit(struct fixture *f, int64_t id, const char *diagnosis, bool diagnosed)
{
    const struct store_feed feed = {.id = id,
        .url = "http://news.example/feed",
        .diagnosis = diagnosis,
        .diagnosed = diagnosed};
    bool admitted = false;

    store_admit(f->store, &feed, NULL, 0, false, on_admitted, &admitted);
    while (!admitted)
        uv_run(&f->loop, UV_RUN_ONCE);
}

static const char *kept(struct fixture *f, int64_t id, int64_t *ret_since)
{
    struct store_diagnosis found = {0};
    int code = store_diagnosis(f->store, f->arena, id, &found, &f->err);

    if (ret_since != NULL)
        *ret_since = found.since;
    return code == OK ? bytes_cstr(f->arena, found.text) : NULL;
}

static void count(void *ctx, int64_t feed)
{
    *(int64_t *)ctx += feed;
}

static void a_diagnosis_is_kept_until_the_document_is_well(void **state)
{
    struct fixture *f = *state;
    int64_t id = fixture_feed(f, "http://news.example/feed");
    int64_t sum = 0;

    assert_null(kept(f, id, NULL));
    admit(f, id, "2\t18\ta bare \"&\"", false);
    assert_string_equal(kept(f, id, NULL), "2\t18\ta bare \"&\"");
    assert_int_equal(store_diagnosed(f->store, count, &sum, &f->err), OK);
    assert_int_equal(sum, id);
    fixture_reopen(f);
    assert_string_equal(kept(f, id, NULL), "2\t18\ta bare \"&\"");
    admit(f, id, NULL, true); /* says nothing about it */
    assert_non_null(kept(f, id, NULL));
    admit(f, id, "", true);
    assert_null(kept(f, id, NULL));
    sum = 0;
    assert_int_equal(store_diagnosed(f->store, count, &sum, &f->err), OK);
    assert_int_equal(sum, 0);
}

static void a_diagnosis_is_written_when_it_is_another(void **state)
{
    struct fixture *f = *state;
    int64_t id = fixture_feed(f, "http://news.example/feed");
    int64_t since = 0;
    int64_t later = 0;

    admit(f, id, "0\t0\tone", false);
    kept(f, id, &since);
    admit(f, id, "0\t0\tone", true);
    assert_string_equal(kept(f, id, &later), "0\t0\tone");
    assert_true(later == since);
    admit(f, id, "12\t1\tone", true); /* it has moved */
    assert_string_equal(kept(f, id, &later), "12\t1\tone");
    assert_true(later == since);
    admit(f, id, "12\t1\ttwo", true);
    assert_string_equal(kept(f, id, &later), "12\t1\ttwo");
    assert_true(later > since);
}

static void the_last_fifty_polls_of_each_feed_are_kept(void **state)
{
    struct fixture *f = *state;
    int64_t id = fixture_feed(f, "http://news.example/feed");
    struct store_polled polls[STORE_HISTORY];
    size_t count = 0;

    for (uint32_t at = 0; at < 63; at += 7) {
        struct store_polled lot[7] = {0};

        for (uint32_t i = 0; i < 7; i++)
            lot[i] = (struct store_polled){.at = at + i, .status = 304};
        store_history_add(f->store, id, lot, 7);
        store_history_add(f->store, id + 1, lot, 1);
    }
    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(store_history(f->store, id, polls, &count, &f->err), OK);
    assert_int_equal(count, STORE_HISTORY);
    assert_int_equal(polls[0].at, 13);
    assert_int_equal(polls[49].at, 62);
    assert_int_equal(polls[49].status, 304);
    assert_int_equal(store_history(f->store, id + 1, polls, &count, &f->err), OK);
    assert_int_equal(count, 9);
    assert_int_equal(store_history(f->store, id + 2, polls, &count, &f->err), OK);
    assert_int_equal(count, 0);
}

static void what_a_feed_was_stays_for_its_coming_back(void **state)
{
    static const struct store_polled poll = {.at = 1};
    struct fixture *f = *state;
    int64_t id = fixture_feed(f, "http://news.example/feed");
    struct store_polled polls[STORE_HISTORY];
    size_t count = 0;

    admit(f, id, "0\t0\tone", false);
    store_history_add(f->store, id, &poll, 1);
    assert_int_equal(store_feed_remove(f->store, id, &f->err), OK);
    assert_null(kept(f, id, NULL));
    assert_int_equal(store_history(f->store, id, polls, &count, &f->err), OK);
    assert_int_equal(count, 1);
}

static size_t polls_of(struct fixture *f, int64_t id)
{
    struct store_polled polls[STORE_HISTORY];
    size_t count = 0;

    assert_int_equal(store_history(f->store, id, polls, &count, &f->err), OK);
    return count;
}

static void how_polls_went_is_written_after_a_second(void **state)
{
    static const struct store_polled poll = {.at = 1};
    struct fixture *f = *state;
    int64_t id = fixture_feed(f, "http://news.example/feed");
    int64_t since;

    assert_int_equal(store_sync(f->store, &f->err), OK);
    since = clock_mono();
    store_history_add(f->store, id, &poll, 1);
    while (polls_of(f, id) == 0)
        usleep(1000);
    assert_true(clock_mono() - since >= SECOND);
}

static void how_polls_went_is_written_with_what_is_waited_for(void **state)
{
    static const struct store_polled poll = {.at = 1};
    struct fixture *f = *state;
    int64_t id = fixture_feed(f, "http://news.example/feed");

    for (int i = 1; i <= 20; i++) {
        store_history_add(f->store, id, &poll, 1);
        if (i % 2 == 0)
            admit(f, id, "0\t0\tone", false);
        else
            assert_int_equal(store_sync(f->store, &f->err), OK);
        assert_int_equal(polls_of(f, id), i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_diagnosis_is_kept_until_the_document_is_well, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            a_diagnosis_is_written_when_it_is_another, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            the_last_fifty_polls_of_each_feed_are_kept, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            what_a_feed_was_stays_for_its_coming_back, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            how_polls_went_is_written_after_a_second, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            how_polls_went_is_written_with_what_is_waited_for, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
