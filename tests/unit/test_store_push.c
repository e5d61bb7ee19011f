/* test_store_push.c - what is agreed with hubs comes back, and what a hub leaves out of a push has
 * not gone. */

#include "store_fixture.h"

enum { MARKED = 3000, PUSHES = 20 };

struct listed {
    size_t count;
    struct store_hub push; /* the last one; numbers only */
    char token[64], hubs[100], topic[64], secret[64], callback[64];
};

static void on_push(void *ctx, const struct store_hub *push)
{
    struct listed *l = ctx;

    l->count++;
    l->push = *push;
    snprintf(l->token, sizeof(l->token), "%s", push->token);
    snprintf(l->hubs, sizeof(l->hubs), "%s", push->hubs);
    snprintf(l->topic, sizeof(l->topic), "%s", push->topic);
    snprintf(l->secret, sizeof(l->secret), "%s", push->secret);
    snprintf(l->callback, sizeof(l->callback), "%s", push->callback);
}

static struct listed list(struct fixture *f)
{
    struct listed l = {0};

    assert_int_equal(store_hubs(f->store, on_push, &l, &f->err), OK);
    return l;
}

static const struct store_hub example = {.token = "abc",
    .feed = 7,
    .hubs = "https://a.example/\nhttps://b.example/",
    .topic = "https://news.example/all",
    .secret = "s3cret",
    .callback = "",
    .lease_until = 5,
    .next_try = 4,
    .last_push = 3,
    .failures = 2};

static void gives_back_what_is_agreed_after_a_restart(void **state)
{
    struct fixture *f = *state;
    struct listed l;

    store_hub_put(f->store, &example);
    fixture_reopen(f);
    l = list(f);
    assert_int_equal(l.count, 1);
    assert_int_equal(l.push.feed, 7);
    assert_string_equal(l.token, "abc");
    assert_string_equal(l.hubs, example.hubs);
    assert_string_equal(l.topic, example.topic);
    assert_string_equal(l.secret, "s3cret");
    assert_string_equal(l.callback, "");
    assert_int_equal(l.push.lease_until, 5);
    assert_int_equal(l.push.next_try, 4);
    assert_int_equal(l.push.last_push, 3);
    assert_int_equal(l.push.failures, 2);
}

static void keeps_one_row_for_each_token(void **state)
{
    struct store_hub push = example;
    struct fixture *f = *state;

    store_hub_put(f->store, &push);
    push.feed = 0;
    store_hub_put(f->store, &push);
    assert_int_equal(list(f).count, 1);
    assert_int_equal(list(f).push.feed, 0);
    push.token = "def";
    store_hub_put(f->store, &push);
    assert_int_equal(list(f).count, 2);
    store_hub_remove(f->store, "def");
    assert_int_equal(list(f).count, 1);
    store_hub_remove(f->store, "abc");
    assert_int_equal(list(f).count, 0);
}

static struct item *many(struct fixture *f, size_t count)
{
    struct item *items = arena_alloc_array(f->arena, count, sizeof(*items));

    for (size_t i = 0; i < count; i++) {
        items[i].guid = bytes_format(f->arena, "g%zu", i).ptr;
        items[i].url = bytes_format(f->arena, "https://example.org/%zu", i).ptr;
        items[i].title = bytes_format(f->arena, "Title %zu", i).ptr;
    }
    return items;
}

static void admit_push(struct fixture *f, int64_t id, const struct item *item)
{
    struct store_feed feed = {.id = id, .url = "https://example.org/feed", .partial = true};
    struct bytes entry = fixture_entry(f, item, 0);

    f->called = false;
    store_admit(f->store, &feed, &entry, 1, false, fixture_on_admitted, f);
    while (!f->called)
        uv_run(&f->loop, UV_RUN_ONCE);
    assert_int_equal(f->admit_err.code, OK);
}

/* Hubs of before the Recommendation send new entries only. None of the others may come back as
 * news, though nothing else remembers those that were marked only. */
static void takes_nothing_for_gone_that_a_push_leaves_out(void **state)
{
    struct fixture *f = *state;
    struct item *items = many(f, MARKED + PUSHES);
    int64_t id = fixture_feed(f, "https://example.org/feed");

    f->conf.poll.first_fetch = FIRST_MARK;
    fixture_reopen(f);
    fixture_admit(f, id, items, MARKED, true);
    assert_int_equal(f->counts[ADMIT_MARKED], MARKED);
    for (size_t i = MARKED; i < MARKED + PUSHES; i++) {
        admit_push(f, id, &items[i]);
        assert_int_equal(f->counts[ADMIT_NEW], 1);
    }
    fixture_admit(f, id, items, MARKED + PUSHES, false);
    assert_int_equal(f->counts[ADMIT_KNOWN], MARKED + PUSHES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(gives_back_what_is_agreed_after_a_restart),
        STORE_TEST(keeps_one_row_for_each_token),
        STORE_TEST(takes_nothing_for_gone_that_a_push_leaves_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
