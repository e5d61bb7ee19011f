/* test_store_moves.c - feeds that move: what is counted, and what is known after the move. */
#include "unit/store_fixture.h"

static const char *const OLD = "http://news.example/old";
static const char *const NEW = "http://news.example/new";

struct listed {
    char urls[10][100];
    size_t count;
};

static int add_feed(void *ctx, const struct store_feed *feed)
{
    struct listed *l = ctx;

    snprintf(l->urls[l->count++], sizeof(l->urls[0]), "%s", feed->url);
    return 0;
}

static struct listed feeds_of(struct fixture *f)
{
    struct listed l = {.count = 0};

    assert_int_equal(store_feeds(f->store, add_feed, &l, &f->err), OK);
    return l;
}

static void add_moved(void *ctx, const char *from, const char *to)
{
    struct listed *l = ctx;

    snprintf(
        l->urls[l->count++], sizeof(l->urls[0]), "%s > %s", strrchr(from, '/'), strrchr(to, '/'));
}

static struct listed moved_of(struct fixture *f)
{
    struct listed l = {.count = 0};

    assert_int_equal(store_moved(f->store, add_moved, &l, &f->err), OK);
    return l;
}

static void move(struct fixture *f, int64_t id, const char *from, const char *to)
{
    const struct store_feed feed = {.id = id, .url = from};

    store_feed_move(f->store, &feed, to);
}

struct kept {
    int count;
    struct store_moving last;
    char url[100];
};

static void keep(void *ctx, const struct store_moving *moving)
{
    struct kept *kept = ctx;

    kept->count++;
    kept->last = *moving;
    snprintf(kept->url, sizeof(kept->url), "%s", moving->url);
}

static struct kept kept_of(struct fixture *f)
{
    struct kept kept = {0};

    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(store_movings(f->store, keep, &kept, &f->err), OK);
    return kept;
}

static void remembers_the_sightings_of_a_redirect(void **state)
{
    struct fixture *f = *state;
    struct store_moving moving = {.feed = fixture_feed(f, OLD),
        .url = NEW,
        .count = 2,
        .first = 5,
        .last = 7,
        .before = INT64_MAX,
        .common = true};
    struct kept kept;

    store_moving_put(f->store, &moving);
    fixture_reopen(f);
    kept = kept_of(f);
    assert_int_equal(kept.count, 1);
    assert_string_equal(kept.url, NEW);
    assert_int_equal(kept.last.count, 2);
    assert_int_equal(kept.last.first, 5);
    assert_int_equal(kept.last.last, 7);
    assert_true(kept.last.before == INT64_MAX);
    assert_true(kept.last.common);
    moving.url = NULL;
    store_moving_put(f->store, &moving);
    assert_int_equal(kept_of(f).count, 0);
}

static void forgets_sightings_with_the_feed(void **state)
{
    struct fixture *f = *state;
    struct store_moving moving = {.feed = fixture_feed(f, OLD), .url = NEW, .count = 1};

    store_moving_put(f->store, &moving);
    assert_int_equal(store_feed_remove(f->store, moving.feed, &f->err), OK);
    assert_int_equal(kept_of(f).count, 0);
}

static void a_moved_feed_is_the_same_feed_elsewhere(void **state)
{
    struct fixture *f = *state;
    const struct item item = {"1", "http://news.example/1", "Harbour closed", "text", NULL};
    int64_t id = fixture_feed(f, OLD);
    struct store_moving moving = {.feed = id, .url = NEW, .count = 3};
    bool added;
    int64_t again;

    fixture_admit(f, id, &item, 1, true);
    assert_int_equal(f->counts[ADMIT_NEW], 1);
    store_moving_put(f->store, &moving);
    move(f, id, OLD, NEW);
    fixture_reopen(f);
    assert_int_equal(feeds_of(f).count, 1);
    assert_string_equal(feeds_of(f).urls[0], NEW);
    assert_int_equal(kept_of(f).count, 0);
    assert_string_equal(moved_of(f).urls[0], "/old > /new");
    fixture_admit(f, id, &item, 1, false);
    assert_int_equal(f->counts[ADMIT_KNOWN], 1);
    assert_int_equal(
        store_feed_put(f->store, &(struct store_feed){.url = NEW}, &again, &added, &f->err), OK);
    assert_false(added);
    assert_int_equal(again, id);
}

static void a_feed_that_moves_to_another_is_merged_into_it(void **state)
{
    struct fixture *f = *state;
    int64_t old = fixture_feed(f, OLD);

    fixture_feed(f, NEW);
    move(f, old, OLD, NEW);
    assert_int_equal(feeds_of(f).count, 1);
    assert_string_equal(feeds_of(f).urls[0], NEW);
    assert_string_equal(moved_of(f).urls[0], "/old > /new");
}

static void old_addresses_lead_to_the_last_one(void **state)
{
    struct fixture *f = *state;
    int64_t id = fixture_feed(f, OLD);

    move(f, id, OLD, NEW);
    move(f, id, NEW, "http://news.example/third");
    assert_int_equal(moved_of(f).count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_non_null(strstr(moved_of(f).urls[i], " > /third"));
    move(f, id, "http://news.example/third", OLD); /* and back */
    assert_int_equal(moved_of(f).count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_non_null(strstr(moved_of(f).urls[i], " > /old"));
}

static void on_common(void *ctx, const struct admit_result *result)
{
    assert_null(result->err);
    *(int64_t *)ctx = (int64_t)result->common;
}

static int64_t common(
    struct fixture *f, int64_t id, const struct item *items, size_t count, int64_t moving)
{
    const struct store_feed feed = {.id = id, .url = OLD, .moving = moving};
    struct bytes entries[4];
    int64_t found = -1;

    for (size_t i = 0; i < count; i++)
        entries[i] = fixture_entry(f, &items[i], i);
    store_admit(f->store, &feed, entries, count, false, on_common, &found);
    while (found < 0)
        uv_run(&f->loop, UV_RUN_ONCE);
    return found;
}

static void counts_the_entries_that_a_feed_held_before_it_began_to_move(void **state)
{
    struct fixture *f = *state;
    const struct item items[] = {{"1", "http://news.example/1", "Harbour closed", "a", NULL},
        {"2", "http://news.example/2", "Ferry late", "b", NULL},
        {"3", "http://spam.example/3", "Win a phone", "c", NULL}};
    int64_t id = fixture_feed(f, OLD);
    int64_t minute = 60 * (int64_t)SECOND;

    fixture_admit(f, id, items, 2, true);
    assert_int_equal(common(f, id, items, 2, 0), 0); /* nobody asked */
    assert_int_equal(common(f, id, items + 2, 1, INT64_MAX), 0);
    assert_int_equal(common(f, id, items, 3, INT64_MAX), 3);
    /* What was seen since it began is not the feed's own. */
    assert_int_equal(common(f, id, items, 3, clock_wall() - minute), 0);
    assert_int_equal(common(f, id, items, 3, clock_wall() + 2 * minute), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            remembers_the_sightings_of_a_redirect, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            forgets_sightings_with_the_feed, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            a_moved_feed_is_the_same_feed_elsewhere, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            a_feed_that_moves_to_another_is_merged_into_it, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            old_addresses_lead_to_the_last_one, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(counts_the_entries_that_a_feed_held_before_it_began_to_move,
            fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
