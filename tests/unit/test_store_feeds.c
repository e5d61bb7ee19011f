/* test_store_feeds.c - feeds come back as they were put, under ids that are never given twice. */

#include "store_fixture.h"
#include "unit/own_clock.h"

enum { MANY = 3000 };

struct listed {
    size_t count;
    int64_t last_id;
    char url[64], title[64], etag[64], tags[64];
    size_t title_len;
    struct store_feed feed;
};

static int on_feed(void *ctx, const struct store_feed *feed)
{
    struct listed *l = ctx;

    assert_true(feed->id > l->last_id);
    l->last_id = feed->id;
    l->count++;
    l->feed = *feed;
    snprintf(l->url, sizeof(l->url), "%s", feed->url);
    snprintf(l->title, sizeof(l->title), "%s", feed->title == NULL ? "" : feed->title);
    l->title_len = bytes_of(feed->title).len;
    snprintf(l->etag, sizeof(l->etag), "%s", feed->etag == NULL ? "" : feed->etag);
    snprintf(l->tags, sizeof(l->tags), "%s", feed->tags == NULL ? "" : feed->tags);
    return 0;
}

static struct listed list(struct fixture *f)
{
    struct listed l = {0};

    assert_int_equal(store_feeds(f->store, on_feed, &l, &f->err), OK);
    return l;
}

static int64_t put(struct fixture *f, const char *url, const char *title, bool *ret_added)
{
    struct store_feed feed = {.url = url, .title = title, .tags = "a,b", .origin = "cli"};
    int64_t id = 0;

    assert_int_equal(store_feed_put(f->store, &feed, &id, ret_added, &f->err), OK);
    return id;
}

static void takes_a_url_once(void **state)
{
    struct fixture *f = *state;
    bool added;

    assert_int_equal(put(f, "https://example.org/a", "A", &added), 1);
    assert_true(added);
    assert_int_equal(put(f, "https://example.org/a", "A, renamed", &added), 1);
    assert_false(added);
    assert_int_equal(list(f).count, 1);
    assert_int_equal(put(f, "https://example.org/a", "A, again", &added), 1);
    assert_false(added);
    assert_string_equal(list(f).title, "A, again");
}

static void keeps_a_title_that_is_not_given_again(void **state)
{
    struct fixture *f = *state;
    bool added;

    put(f, "https://example.org/a", "A", &added);
    put(f, "https://example.org/a", NULL, &added);
    assert_string_equal(list(f).title, "A");
    put(f, "https://example.org/a", NULL, &added);
    assert_string_equal(list(f).title, "A");
}

static void gives_no_id_to_two_addresses(void **state)
{
    struct fixture *f = *state;
    bool added;

    put(f, "https://example.org/a", "A", &added);
    put(f, "https://example.org/b", "B", &added);
    assert_int_equal(store_feed_remove(f->store, 2, &f->err), OK);
    fixture_reopen(f);
    assert_int_equal(put(f, "https://example.org/c", "C", &added), 3);
    assert_true(added);
    assert_int_equal(list(f).count, 2);
}

static struct store_feed come_back(struct fixture *f, bool *ret_added)
{
    struct store_feed feed = {.url = "https://example.org/b", .tags = "", .origin = "b.list"};

    assert_int_equal(store_feed_put(f->store, &feed, &feed.id, ret_added, &f->err), OK);
    assert_int_equal(store_sync(f->store, &f->err), OK);
    return feed;
}

static void a_feed_that_comes_back_is_who_it_was(void **state)
{
    struct fixture *f = *state;
    struct store_feed feed = {.url = "https://example.org/b", .last_success = 1000};
    bool added;

    put(f, "https://example.org/a", "A", &added);
    feed.id = put(f, feed.url, "B", &added);
    store_feed_poll(f->store, &feed);
    assert_int_equal(store_feed_remove(f->store, feed.id, &f->err), OK);
    fixture_reopen(f);
    feed = come_back(f, &added);
    assert_true(added);
    assert_int_equal(feed.id, 2);
    assert_int_equal(feed.last_success, 1000);
    assert_int_equal(list(f).count, 2);
    feed = come_back(f, &added);
    assert_false(added);
    assert_int_equal(feed.id, 2);
    assert_int_equal(put(f, "https://example.org/c", "C", &added), 3);
}

static void forgets_a_feed_that_was_away_for_a_month(void **state)
{
    struct fixture *f = *state;
    bool added;

    put(f, "https://example.org/b", "B", &added);
    assert_int_equal(store_feed_remove(f->store, 1, &f->err), OK);
    pass_time(29LL * 86400 * SECOND);
    store_trim(f->store);
    assert_int_equal(come_back(f, &added).id, 1);
    assert_int_equal(store_feed_remove(f->store, 1, &f->err), OK);
    pass_time(31LL * 86400 * SECOND);
    store_trim(f->store);
    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(come_back(f, &added).id, 2);
}

static void lists_many_feeds_that_were_just_put(void **state)
{
    struct fixture *f = *state;
    char url[64];
    bool added;

    for (int i = 0; i < MANY; i++) {
        snprintf(url, sizeof(url), "https://example.org/feed/%d", i);
        assert_int_equal(put(f, url, NULL, &added), i + 1);
    }
    assert_int_equal(list(f).count, MANY);
    assert_int_equal(put(f, "https://example.org/feed/7", NULL, &added), 8);
    assert_false(added);
}

static void remembers_the_state_of_polling(void **state)
{
    struct fixture *f = *state;
    struct store_feed feed = {.url = "https://example.org/a",
        .body_hash = UINT64_MAX - 1,
        .etag = "W/\"\xe4 b\"",
        .next_poll = 77,
        .interval = 300LL * SECOND,
        .state = FEED_FAILING,
        .state_since = 5,
        .last_success = 6,
        .last_new = 7,
        .failures = 3,
        .http_status = 503,
        .error = "503 from example.org",
        .asked = 7200LL * SECOND,
        .skip = UINT32_C(0x7f00000f),
        .distrusted = true};
    struct listed l;
    bool added;

    feed.id = put(f, feed.url, "A", &added);
    store_feed_poll(f->store, &feed);
    fixture_reopen(f);
    l = list(f);
    assert_string_equal(l.etag, feed.etag);
    assert_string_equal(l.title, "A");
    assert_string_equal(l.tags, "a,b");
    assert_true(l.feed.body_hash == feed.body_hash);
    assert_int_equal(l.feed.next_poll, 77);
    assert_int_equal(l.feed.interval, feed.interval);
    assert_int_equal(l.feed.state, FEED_FAILING);
    assert_int_equal(l.feed.failures, 3);
    assert_int_equal(l.feed.http_status, 503);
    assert_int_equal(l.feed.last_new, 7);
    assert_int_equal(l.feed.asked, 7200LL * SECOND);
    assert_int_equal(l.feed.skip, UINT32_C(0x7f00000f));
    assert_true(l.feed.distrusted);
}

static void writes_polls_that_change_little_once_an_hour(void **state)
{
    struct fixture *f = *state;
    int64_t now = clock_wall();
    struct store_feed feed = {.url = "https://example.org/a", .interval = 300LL * SECOND};
    bool added;

    feed.id = put(f, feed.url, "A", &added);
    feed.next_poll = now + 300LL * SECOND;
    store_feed_poll(f->store, &feed);
    assert_int_equal(list(f).feed.next_poll, feed.next_poll);
    feed.next_poll += 300LL * SECOND;
    store_feed_poll(f->store, &feed);
    assert_int_equal(list(f).feed.next_poll, now + 300LL * SECOND);
    feed.next_poll = now + 7200LL * SECOND;
    store_feed_poll(f->store, &feed);
    assert_int_equal(list(f).feed.next_poll, feed.next_poll);
    feed.next_poll = now + 600LL * SECOND;
    feed.failures = 1;
    store_feed_poll(f->store, &feed);
    assert_int_equal(list(f).feed.failures, 1);
}

static void stores_validators_with_the_entries_they_stand_for(void **state)
{
    struct fixture *f = *state;
    struct item item = {"1", "https://example.org/1", "One", "Body", NULL};
    bool added;

    fixture_admit(f, put(f, "https://example.org/a", "A", &added), &item, 1, true);
    assert_string_equal(list(f).etag, "\"v1\"");
    assert_true(list(f).feed.last_success > 0);
}

struct models {
    int count;
    int64_t feed;
    char model[40];
};

static void on_cadence(void *ctx, int64_t feed, struct bytes model)
{
    struct models *m = ctx;

    m->count++;
    m->feed = feed;
    snprintf(m->model, sizeof(m->model), "%.*s", FMT(model));
}

static void keeps_the_rhythm_of_a_feed_as_long_as_the_feed(void **state)
{
    struct fixture *f = *state;
    struct models m = {0};
    bool added;

    put(f, "https://example.org/a", "A", &added);
    put(f, "https://example.org/b", "B", &added);
    store_cadence_put(f->store, 2, LIT("slow"));
    store_cadence_put(f->store, 2, LIT("quick"));
    fixture_reopen(f);
    assert_int_equal(store_cadences(f->store, on_cadence, &m, &f->err), OK);
    assert_int_equal(m.count, 1);
    assert_int_equal(m.feed, 2);
    assert_string_equal(m.model, "quick");
    assert_int_equal(store_feed_remove(f->store, 2, &f->err), OK);
    assert_int_equal(store_cadences(f->store, on_cadence, &m, &f->err), OK);
    assert_int_equal(m.count, 1);
}

static void ignores_polls_of_a_feed_that_is_gone(void **state)
{
    struct fixture *f = *state;
    struct store_feed feed = {.id = 1, .url = "https://example.org/a"};
    bool added;

    put(f, feed.url, "A", &added);
    assert_int_equal(store_feed_remove(f->store, 1, &f->err), OK);
    store_feed_poll(f->store, &feed);
    feed.id = 99;
    store_feed_poll(f->store, &feed);
    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(list(f).count, 0);
}

static void bounds_the_texts_of_a_feed(void **state)
{
    static char title[3000000];
    static char etag[3000];
    struct fixture *f = *state;
    struct store_feed feed = {.id = 1, .url = "https://example.org/a"};
    struct listed l;
    bool added;

    for (size_t i = 0; i + 3 < sizeof(title); i += 3)
        memcpy(title + i, "\u20ac", 3);
    memset(etag, '1', sizeof(etag) - 1);
    put(f, feed.url, title, &added);
    feed.title = title;
    feed.etag = etag;
    feed.error = title;
    store_feed_poll(f->store, &feed);
    l = list(f);
    assert_int_equal(l.count, 1);
    assert_string_equal(l.etag, "");
    /* 500 bytes are no whole number of euro signs. */
    assert_int_equal(l.title_len, 498);
    put(f, feed.url, title, &added);
    assert_false(added);
    title[9000] = '\0';
    assert_int_equal(
        store_feed_put(f->store, &(struct store_feed){.url = title}, &feed.id, &added, &f->err),
        E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(takes_a_url_once),
        STORE_TEST(keeps_a_title_that_is_not_given_again),
        STORE_TEST(gives_no_id_to_two_addresses),
        STORE_TEST(a_feed_that_comes_back_is_who_it_was),
        STORE_TEST(forgets_a_feed_that_was_away_for_a_month),
        STORE_TEST(lists_many_feeds_that_were_just_put),
        STORE_TEST(remembers_the_state_of_polling),
        STORE_TEST(writes_polls_that_change_little_once_an_hour),
        STORE_TEST(stores_validators_with_the_entries_they_stand_for),
        STORE_TEST(keeps_the_rhythm_of_a_feed_as_long_as_the_feed),
        STORE_TEST(ignores_polls_of_a_feed_that_is_gone),
        STORE_TEST(bounds_the_texts_of_a_feed),
    };

    own_the_clock(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
