/* test_poll.c - when feeds are asked, and what of them is told and kept. */
#include "unit/poll_fixture.h"

static void asks_a_new_feed_at_once_and_then_by_its_interval(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", ""), KEEP}, {0}};
    struct fixture f;
    int64_t begun = clock_wall();

    (void)state;
    begin_polled(&f, answers);
    assert_true(clock_wall() - begun < MINUTE); /* of an interval of five */
    assert_int_equal(f.bodies, 1);
    assert_true(f.last_first);
    assert_string_equal(f.last_body, "<rss>");
    assert_between(seconds_to_next(&f, 1), 269, 330);
    assert_non_null(strstr(server_header(f.server, 0, "Accept"), "application/rss+xml"));
    finish(&f);
}

static void asks_more_often_while_there_is_news(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<1..>", ""), KEEP},
        {"/feed", TEXT("<2..>", ""), KEEP}, {"/feed", TEXT("<3..>", ""), KEEP}, {0}};
    struct fixture f;
    int64_t interval;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/feed");
    f.outcome.fresh = 3;
    open_poll(&f);
    wait_for_polls(&f, 1);
    interval = look(&f, 1).interval;
    assert_true(interval == 5 * MINUTE);
    poll_again(&f, 1);
    assert_true(look(&f, 1).interval < interval);
    assert_true(look(&f, 1).last_new == look(&f, 1).last_success);
    interval = look(&f, 1).interval;
    f.outcome.fresh = 0;
    poll_again(&f, 1);
    poll_again(&f, 1); /* the last answer again */
    assert_true(look(&f, 1).interval > interval);
    assert_true(look(&f, 1).last_new < look(&f, 1).last_success);
    finish(&f);
}

static void waits_as_long_as_the_publisher_asks(void **state)
{
    static const struct {
        const char *text;
        int64_t document; /* what the document asks for */
        int64_t least;
    } cases[] = {
        {TEXT("<rss>", "Cache-Control: max-age=3600\r\n"), 0, 3600},
        {TEXT("<rss>", ""), 7200, 7200},
        {"HTTP/1.1 429 Slow\r\nRetry-After: 7200\r\nContent-Length: 0\r\n\r\n", 0, 7200},
        {"HTTP/1.1 503 Slow\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n", 0, 3600},
        {"HTTP/1.1 500 No\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n", 0, 3600},
        {TEXT("<rss>", "Retry-After: 3600\r\n"), 0, 3600},
        {"HTTP/1.1 429 Slow\r\nCache-Control: max-age=86400\r\nContent-Length: 0\r\n\r\n", 0,
            86400},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct answer answers[] = {{"/feed", cases[i].text, KEEP}, {0}};
        struct fixture f;

        begin(&f, answers);
        f.outcome.min_interval = cases[i].document * SECOND;
        store_add(&f, "/feed");
        open_poll(&f);
        wait_for_polls(&f, 1);
        assert_between(seconds_to_next(&f, 1), cases[i].least - 10, cases[i].least / 10 * 11);
        finish(&f);
    }
}

static void leaves_a_whole_host_alone_that_asks_for_it(void **state)
{
    static const char later[] =
        "HTTP/1.1 429 Slow\r\nRetry-After: 3000\r\nContent-Length: 0\r\n\r\n";
    static const struct answer answers[] = {{"/1", later, KEEP}, {"/1", TEXT("<rss>", ""), KEEP},
        {"/2", later, KEEP}, {"/2", TEXT("<rss>", ""), KEEP}, {"/3", later, KEEP},
        {"/3", TEXT("<rss>", ""), KEEP}, {"/other", TEXT("<rss>", ""), KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/1");
    store_add(&f, "/2");
    store_add(&f, "/3");
    open_poll(&f);
    wait_for_polls(&f, 3);
    poll_add(f.poll, store_add(&f, "/other"));
    while (seconds_to_next(&f, 4) < 60)
        uv_run(&f.loop, UV_RUN_ONCE);
    assert_between(seconds_to_next(&f, 4), 290, 330);
    assert_int_equal(look(&f, 4).failures, 0);
    assert_int_equal(server_count(f.server), 3);
    pass_time(3400 * (int64_t)SECOND);
    wait_for_polls(&f, 7);
    assert_int_equal(f.bodies, 4);
    finish(&f);
}

struct spread {
    int64_t now, least, most;
    int soon;
};

static int measure(void *ctx, const struct store_feed *feed)
{
    struct spread *spread = ctx;
    int64_t wait = feed->next_poll - spread->now;

    spread->least = wait < spread->least ? wait : spread->least;
    spread->most = wait > spread->most ? wait : spread->most;
    spread->soon += wait < MINUTE / 2;
    return 0;
}

static struct spread start_with_overdue(int64_t down, int64_t every)
{
    struct spread spread = {.least = INT64_MAX};
    struct fixture f;

    begin(&f, NULL);
    spread.now = clock_wall();
    for (int i = 0; i < 200; i++) {
        struct store_feed *feed = store_add(&f, "/feed");

        feed->interval = 5 * MINUTE;
        feed->last_success = spread.now - HOUR;
        feed->http_status = 200;
        feed->next_poll = spread.now - down + i * every;
        free((void *)feed->url);
        feed->url = strdup("http://127.0.0.1:1/");
    }
    open_poll(&f);
    poll_each(f.poll, measure, &spread);
    finish(&f);
    return spread;
}

static void starts_without_a_burst(void **state)
{
    struct spread spread = start_with_overdue(HOUR, 0); /* all due an hour ago */

    (void)state;
    assert_between(spread.least, -1, MINUTE);
    assert_between(spread.most, 4 * MINUTE, 5 * MINUTE + SECOND);
    assert_between(spread.soon, 5, 45);
    spread = start_with_overdue(
        100 * (int64_t)SECOND, SECOND / 2); /* due through the 100 s while it was down */
    assert_between(spread.least, -1, SECOND);
    assert_between(spread.most, 99 * (int64_t)SECOND, 101 * (int64_t)SECOND);
    assert_between(spread.soon, 55, 62);
}

static void asks_nothing_while_the_gate_is_closed(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", ""), KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    f.closed_gate = true;
    store_add(&f, "/feed");
    open_poll(&f);
    uv_run(&f.loop, UV_RUN_NOWAIT);
    uv_run(&f.loop, UV_RUN_NOWAIT);
    assert_int_equal(fetch_waiting(f.fetcher) + fetch_in_flight(f.fetcher), 0);
    f.closed_gate = false;
    poll_resume(f.poll);
    wait_for_polls(&f, 1);
    finish(&f);
}

static void asks_all_others_while_one_feed_is_paused(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", ""), KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    f.paused = 2;
    for (int i = 0; i < 3; i++)
        store_add(&f, "/feed");
    open_poll(&f);
    wait_for_polls(&f, 2);
    assert_int_equal(fetch_waiting(f.fetcher) + fetch_in_flight(f.fetcher), 0);
    assert_int_equal(polls(&f), 2);
    f.paused = 0;
    poll_now(f.poll, 2);
    wait_for_polls(&f, 3);
    finish(&f);
}

static void begins_no_request_while_too_many_bodies_wait_to_be_read(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", ""), KEEP}, {0}};
    enum { ALL = 150, READING = 64 };
    struct fixture f;

    (void)state;
    begin(&f, answers);
    f.keep_bodies = true;
    for (int i = 0; i < ALL; i++)
        store_add(&f, "/feed");
    open_poll(&f);
    while (f.bodies < READING || fetch_in_flight(f.fetcher) > 0)
        uv_run(&f.loop, UV_RUN_ONCE);
    for (int i = 0; i < 20; i++)
        uv_run(&f.loop, UV_RUN_NOWAIT);
    assert_between(f.bodies, READING, READING + f.conf.http.per_host);
    assert_int_equal(fetch_in_flight(f.fetcher), 0);
    assert_int_equal(fetch_waiting(f.fetcher), ALL - f.bodies);
    f.keep_bodies = false;
    for (int64_t id = 1; id <= ALL; id++)
        poll_parsed(f.poll, id, &f.outcome);
    wait_for_polls(&f, ALL);
    assert_int_equal(f.bodies, ALL);
    finish(&f);
}

static void forgets_a_feed_that_is_removed_while_it_is_asked_or_read(void **state)
{
    static const struct answer answers[] = {
        {"/hang", "", HOLD}, {"/feed", TEXT("<rss>", ""), KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    f.keep_bodies = true;
    store_add(&f, "/hang");
    store_add(&f, "/feed");
    open_poll(&f);
    wait_for_polls(&f, 1);
    assert_int_equal(f.bodies, 1);
    poll_remove(f.poll, 1);
    poll_remove(f.poll, 2);
    poll_parsed(f.poll, 2, &f.outcome);
    assert_int_equal(poll_get(f.poll, 2, copy_feed, NULL), E_NOT_FOUND);
    finish(&f);
    assert_int_equal(store.writes, 0);
}

static void one_bad_host_delays_no_other_feed(void **state)
{
    static const struct answer answers[] = {{"/hang", "", HOLD}, {0}};
    static const struct answer good[] = {{"/feed", TEXT("<rss>", ""), KEEP}, {0}};
    struct fixture f;
    struct server *other;
    char url[100];

    (void)state;
    begin(&f, answers);
    other = server_start_at("127.0.0.2", 0, good);
    for (int i = 0; i < 250; i++) { /* more than are handed out for one host */
        struct store_feed *feed = store_add(&f, "/hang");

        if (i == 249) {
            snprintf(url, sizeof(url), "http://127.0.0.2:%d/feed", other->port);
            free((void *)feed->url);
            feed->url = strdup(url);
        }
    }
    open_poll(&f);
    wait_for_polls(&f, 1);
    assert_int_equal(f.bodies, 1);
    assert_int_equal(look(&f, 250).http_status, 200);
    finish(&f);
    server_stop(other);
}

static void writes_down_what_it_learned_when_it_ends(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", "ETag: \"1\"\r\n"), KEEP},
        {"/bad", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/feed");
    store_add(&f, "/bad");
    store_add(&f, "/feed")->state = FEED_PARKED;
    open_poll(&f);
    wait_for_polls(&f, 2);
    close_poll(&f);
    finish(&f);
    assert_int_equal(store.writes, 2);
    assert_int_equal(store.written[1].http_status, 200);
    assert_true(store.written[1].next_poll > clock_wall());
    assert_true(store.written[1].last_success > clock_wall() - MINUTE);
    assert_int_equal(store.written[2].failures, 1);
    assert_int_equal(store.written[3].id, 0); /* never asked */
}

static void finds_feeds_by_url_and_keeps_their_titles_in_step(void **state)
{
    struct fixture f;
    struct store_feed changed;

    (void)state;
    begin(&f, NULL);
    f.closed_gate = true;
    for (int i = 0; i < 100; i++) {
        char path[20];

        snprintf(path, sizeof(path), "/%d", i);
        store_add(&f, path);
    }
    open_poll(&f);
    assert_int_equal(poll_find(f.poll, store.feeds[56].url), 57);
    assert_int_equal(poll_find(f.poll, "http://example.org/"), 0);
    changed = store.feeds[56];
    changed.title = "Coast Daily";
    changed.tags = "news,coast";
    poll_add(f.poll, &changed);
    assert_string_equal(look(&f, 57).title, "Coast Daily");
    assert_string_equal(look(&f, 57).tags, "news,coast");
    assert_string_equal(look(&f, 57).url, store.feeds[56].url);
    for (int64_t id = 1; id <= 100; id += 2)
        poll_remove(f.poll, id);
    assert_int_equal(poll_find(f.poll, store.feeds[56].url), 0);
    assert_int_equal(poll_find(f.poll, store.feeds[57].url), 58);
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_a_new_feed_at_once_and_then_by_its_interval),
        cmocka_unit_test(asks_more_often_while_there_is_news),
        cmocka_unit_test(waits_as_long_as_the_publisher_asks),
        cmocka_unit_test(leaves_a_whole_host_alone_that_asks_for_it),
        cmocka_unit_test(starts_without_a_burst),
        cmocka_unit_test(asks_nothing_while_the_gate_is_closed),
        cmocka_unit_test(asks_all_others_while_one_feed_is_paused),
        cmocka_unit_test(begins_no_request_while_too_many_bodies_wait_to_be_read),
        cmocka_unit_test(forgets_a_feed_that_is_removed_while_it_is_asked_or_read),
        cmocka_unit_test(one_bad_host_delays_no_other_feed),
        cmocka_unit_test(writes_down_what_it_learned_when_it_ends),
        cmocka_unit_test(finds_feeds_by_url_and_keeps_their_titles_in_step),
    };

    own_the_clock(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
