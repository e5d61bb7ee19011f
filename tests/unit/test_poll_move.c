/* test_poll_move.c - when a permanent redirect becomes a feed's address, and when it does not. */
#include "unit/poll_fixture.h"

#define MOVED(to) "HTTP/1.1 301 Moved\r\nLocation: " to "\r\nContent-Length: 0\r\n\r\n"
#define FOUND(to) "HTTP/1.1 302 Found\r\nLocation: " to "\r\nContent-Length: 0\r\n\r\n"

/* /old answers for itself once, then leads to /new. */
static const struct answer moves[] = {{"/old", TEXT("<1..>", ""), KEEP},
    {"/old", MOVED("/new"), KEEP}, {"/new", TEXT("<2..>", ""), KEEP},
    {"/new", TEXT("<3..>", ""), KEEP}, {0}};

static const char *path_of(const char *url)
{
    const char *path = strstr(url, "//");

    return path == NULL ? "" : strchr(path + 2, '/');
}

static void poll_daily(struct fixture *f, int64_t id, int days)
{
    for (int i = 0; i < days; i++) {
        pass_time(DAY);
        poll_now(f->poll, id);
        wait_for_polls(f, polls(f) + 1);
        while (fetch_in_flight(f->fetcher) > 0) /* of another feed: no day passes for it */
            uv_run(&f->loop, UV_RUN_ONCE);
    }
}

static void start(struct fixture *f, const struct answer *answers)
{
    begin(f, answers);
    store_add(f, "/old");
    open_poll(f);
    wait_for_polls(f, 1);
}

static void adopts_an_address_that_was_seen_for_days_and_is_the_same_feed(void **state)
{
    struct fixture f;
    int asked;

    (void)state;
    start(&f, moves);
    f.outcome.common = 1;
    poll_daily(&f, 1, 3);
    assert_string_equal(path_of(look(&f, 1).url), "/old");
    assert_int_equal(store.moves, 0);
    poll_daily(&f, 1, 1);
    assert_string_equal(path_of(look(&f, 1).url), "/new");
    assert_int_equal(look(&f, 1).state, FEED_MOVED);
    assert_string_equal(path_of(f.new_url), "/new");
    assert_int_equal(f.last_previous, FEED_OK);
    assert_int_equal(store.moves, 1);
    assert_string_equal(path_of(store.moved_from), "/old");
    assert_string_equal(path_of(store.moved_to), "/new");
    assert_true(poll_find(f.poll, store.moved_to) == 1);
    assert_true(poll_find(f.poll, store.moved_from) == 0);
    asked = server_count(f.server);
    poll_daily(&f, 1, 1);
    assert_int_equal(server_count(f.server), asked + 1);
    assert_non_null(strstr(f.server->heads[asked], "GET /new "));
    assert_int_equal(look(&f, 1).state, FEED_OK);
    assert_int_equal(store.moves, 1);
    finish(&f);
}

static void counts_a_day_of_answers_as_one_sighting(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, moves);
    f.outcome.common = 1;
    for (int i = 0; i < 20; i++)
        poll_again(&f, 1);
    assert_int_equal(store.moving.count, 1);
    assert_int_equal(store.moving_writes, 2); /* seen, and known to be the same */
    finish(&f);
}

static void adopts_nothing_that_has_no_entry_of_the_feed(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, moves);
    poll_daily(&f, 1, 10);
    assert_string_equal(path_of(look(&f, 1).url), "/old");
    assert_int_equal(store.moves, 0);
    finish(&f);
}

static void asks_admission_for_what_the_feed_held_before(void **state)
{
    static const struct answer answers[] = {{"/old", TEXT("<1..>", ""), KEEP},
        {"/old", MOVED("/new"), KEEP}, {"/new", TEXT("<2..>", ""), KEEP},
        {"/new", TEXT("<3..>", ""), KEEP}, {"/new", TEXT("<4..>", ""), KEEP}, {0}};
    struct fixture f;
    int64_t first;

    (void)state;
    start(&f, answers);
    assert_true(f.last_moving == 0);
    poll_daily(&f, 1, 1);
    assert_true(f.last_moving == INT64_MAX); /* all it held is its own */
    first = store.moving.first;
    poll_daily(&f, 1, 1);
    assert_true(f.last_moving == first);
    finish(&f);
}

static void adopts_nothing_that_is_no_feed(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, moves);
    f.outcome = (struct poll_outcome){.code = E_FORMAT, .error = "1:1: no feed"};
    poll_daily(&f, 1, 10);
    assert_string_equal(path_of(look(&f, 1).url), "/old");
    finish(&f);
}

static void forgets_a_redirect_that_ends_or_was_not_for_good(void **state)
{
    static const struct answer ends[] = {{"/old", TEXT("<1..>", ""), KEEP},
        {"/old", MOVED("/new"), KEEP}, {"/old", TEXT("<2..>", ""), KEEP},
        {"/old", MOVED("/new"), KEEP}, {"/old", FOUND("/new"), KEEP}, {"/old", MOVED("/new"), KEEP},
        {"/new", TEXT("<3..>", ""), KEEP}, {"/new", TEXT("<4..>", ""), KEEP}, {0}};
    struct fixture f;

    (void)state;
    start(&f, ends);
    f.outcome.common = 1;
    poll_daily(&f, 1, 1);
    assert_int_equal(store.moving.count, 1);
    poll_daily(&f, 1, 1);
    assert_null(store.moving.url);
    poll_daily(&f, 1, 1);
    assert_non_null(store.moving.url);
    poll_daily(&f, 1, 1);
    assert_null(store.moving.url);
    poll_daily(&f, 1, 3);
    assert_int_equal(store.moving.count, 3);
    assert_string_equal(path_of(look(&f, 1).url), "/old");
    finish(&f);
}

static bool flap(struct server *server, int fd, const char *head, void *ctx)
{
    static const char *const answers[] = {
        TEXT("<1..>", ""), MOVED("/a"), TEXT("<2..>", ""), MOVED("/b")};
    int *asked = ctx;

    (void)server;
    server_print(fd, strstr(head, "GET /old ") != NULL ? answers[++*asked % 4] : TEXT("<3..>", ""));
    return true;
}

static void writes_down_no_redirect_that_goes_to_and_fro(void **state)
{
    int asked = -1;
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.server->ctx = &asked;
    f.server->respond = flap;
    store_add(&f, "/old");
    open_poll(&f);
    wait_for_polls(&f, 1);
    f.outcome.common = 1;
    for (int i = 0; i < 60; i++) {
        pass_time(2 * HOUR);
        poll_now(f.poll, 1);
        wait_for_polls(&f, polls(&f) + 1);
    }
    assert_string_equal(path_of(look(&f, 1).url), "/old");
    assert_int_equal(store.moves, 0);
    assert_between(store.moving_writes, 1, 40); /* of 60 polls in five days */
    finish(&f);
}

static void keeps_counting_over_a_restart(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, moves);
    f.outcome.common = 1;
    poll_daily(&f, 1, 2);
    assert_int_equal(store.moving.count, 2);
    close_poll(&f);
    store.feeds[0].last_success = store.written[1].last_success;
    store.feeds[0].http_status = 200;
    store.feeds[0].next_poll = clock_wall() + HOUR;
    open_poll(&f);
    poll_daily(&f, 1, 2);
    assert_string_equal(path_of(look(&f, 1).url), "/new");
    finish(&f);
}

static void takes_the_same_document_as_proof_and_asks_for_it_whole(void **state)
{
    static const struct answer answers[] = {{"/old", FOUND("/new"), KEEP},
        {"/old", MOVED("/new"), KEEP}, {"/new", TEXT("<1..>", "ETag: \"1\"\r\n"), KEEP},
        {"/new", "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n", KEEP},
        {"/new", TEXT("<1..>", "ETag: \"1\"\r\n"), KEEP},
        {"/new", "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n", KEEP}, {0}};
    struct fixture f;

    (void)state;
    start(&f, answers);
    poll_daily(&f, 1, 1);
    assert_string_equal(server_header(f.server, -1, "If-None-Match"), "\"1\"");
    poll_daily(&f, 1, 1);
    assert_string_equal(server_header(f.server, -1, "If-None-Match"), "");
    assert_true(store.moving.common);
    poll_daily(&f, 1, 2);
    assert_string_equal(server_header(f.server, -1, "If-None-Match"), "\"1\"");
    assert_string_equal(path_of(look(&f, 1).url), "/new");
    assert_int_equal(f.bodies, 1);
    finish(&f);
}

static void adopts_what_a_feed_was_from_its_first_answer_on(void **state)
{
    static const struct answer answers[] = {
        {"/old", MOVED("/new"), KEEP}, {"/new", TEXT("<1..>", ""), KEEP}, {0}};
    struct fixture f;

    (void)state;
    start(&f, answers);
    poll_daily(&f, 1, 3);
    assert_string_equal(path_of(look(&f, 1).url), "/new");
    finish(&f);
}

static void merges_with_a_feed_that_is_followed_there_already(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, moves);
    store_add(&f, "/old")->tags = "coast";
    store_add(&f, "/new")->tags = "sea";
    open_poll(&f);
    wait_for_polls(&f, 2);
    f.outcome.common = 1;
    for (int i = 0; i < 30 && f.merged == 0; i++)
        poll_daily(&f, 1, 1); /* or the other one's poll */
    assert_int_equal(f.merged, 1);
    assert_int_equal(f.last_state, FEED_MOVED);
    assert_int_equal(store.moves, 1);
    assert_string_equal(store.tags, "sea,coast");
    assert_int_equal(poll_get(f.poll, 1, copy_feed, NULL), E_NOT_FOUND);
    assert_string_equal(path_of(look(&f, 2).url), "/new");
    finish(&f);
}

static void leaves_no_feed_behind_that_has_a_password(void **state)
{
    static const char *const none[] = {NULL};
    struct conf_access access = {.lines = none};
    struct fixture f;

    (void)state;
    begin(&f, moves);
    access.url = store_add(&f, "/old")->url;
    f.conf.access = &access;
    f.conf.access_count = 1;
    open_poll(&f);
    wait_for_polls(&f, 1);
    f.outcome.common = 1;
    poll_daily(&f, 1, 6);
    assert_string_equal(path_of(look(&f, 1).url), "/old");
    assert_int_equal(store.moving_writes, 0);
    finish(&f);
}

static void gives_old_rows_the_one_form_of_their_address(void **state)
{
    static const struct answer answers[] = {{"/a", TEXT("<1..>", ""), KEEP},
        {"/b", TEXT("<2..>", ""), KEEP}, {"/c", TEXT("<3..>", ""), KEEP}, {0}};
    static const char *const written[][2] = {{"HTTP://127.0.0.1:", "/x/../a#top"},
        {"http://desk:s3cret@127.0.0.1:", "/b"}, {"http://127.1:", "/c"}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    for (size_t i = 0; i < 3; i++) {
        struct store_feed *feed = store_add(&f, "/");
        char url[200];

        snprintf(url, sizeof(url), "%s%d%s", written[i][0], f.server->port, written[i][1]);
        free((char *)feed->url);
        feed->url = strdup(url);
    }
    open_poll(&f);
    wait_for_polls(&f, 3);
    assert_string_equal(path_of(look(&f, 1).url), "/a");
    assert_string_equal(path_of(look(&f, 2).url), "/b");
    assert_null(strstr(look(&f, 2).url, "s3cret"));
    assert_non_null(strstr(look(&f, 3).url, "//127.0.0.1:"));
    for (int i = 0; i < 3; i++)
        assert_string_equal(server_header(f.server, i, "Authorization"), "");
    assert_int_equal(f.bodies, 3);
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adopts_an_address_that_was_seen_for_days_and_is_the_same_feed),
        cmocka_unit_test(counts_a_day_of_answers_as_one_sighting),
        cmocka_unit_test(adopts_nothing_that_has_no_entry_of_the_feed),
        cmocka_unit_test(asks_admission_for_what_the_feed_held_before),
        cmocka_unit_test(adopts_nothing_that_is_no_feed),
        cmocka_unit_test(forgets_a_redirect_that_ends_or_was_not_for_good),
        cmocka_unit_test(writes_down_no_redirect_that_goes_to_and_fro),
        cmocka_unit_test(keeps_counting_over_a_restart),
        cmocka_unit_test(takes_the_same_document_as_proof_and_asks_for_it_whole),
        cmocka_unit_test(adopts_what_a_feed_was_from_its_first_answer_on),
        cmocka_unit_test(merges_with_a_feed_that_is_followed_there_already),
        cmocka_unit_test(leaves_no_feed_behind_that_has_a_password),
        cmocka_unit_test(gives_old_rows_the_one_form_of_their_address),
    };

    own_the_clock(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
