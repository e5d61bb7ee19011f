/* test_poll_answer.c - what is made of an answer: validators, bodies that have not changed,
 * failures of the feed and of our own. */
#include "unit/poll_fixture.h"

static void keeps_validators_only_of_an_answer_that_was_read(void **state)
{
    static const struct answer answers[] = {
        {"/feed", TEXT("<cut>", "ETag: \"cut\"\r\nLast-Modified: never\r\n"), KEEP},
        {"/feed", TEXT("<rss>", "ETag: W/\"whole\"\r\nLast-Modified: today\r\n"), KEEP},
        {"/feed", "HTTP/1.1 304 Not Modified\r\nETag: W/\"whole\"\r\nLast-Modified: later\r\n\r\n",
            KEEP},
        {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/feed");
    f.outcome = (struct poll_outcome){.code = E_FORMAT, .error = "1:1: cut"};
    open_poll(&f);
    wait_for_polls(&f, 1);
    assert_string_equal(f.last_etag, "\"cut\"");
    assert_null(look(&f, 1).etag);
    assert_string_equal(look(&f, 1).error, "1:1: cut");
    f.outcome = (struct poll_outcome){.code = OK, .title = "Coast Daily"};
    poll_again(&f, 1);
    assert_string_equal(server_header(f.server, 1, "If-None-Match"), "");
    assert_true(f.last_first);
    assert_string_equal(look(&f, 1).etag, "W/\"whole\"");
    assert_string_equal(look(&f, 1).title, "Coast Daily");
    assert_null(look(&f, 1).error);
    poll_again(&f, 1);
    assert_string_equal(server_header(f.server, 2, "If-None-Match"), "W/\"whole\"");
    assert_string_equal(server_header(f.server, 2, "If-Modified-Since"), "today");
    poll_again(&f, 1);
    assert_string_equal(server_header(f.server, 3, "If-Modified-Since"), "later");
    assert_int_equal(f.bodies, 2);
    finish(&f);
    assert_string_equal(store.etag, "W/\"whole\"");
}

static void reads_no_body_twice_that_has_not_changed(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", "ETag: \"1\"\r\n"), KEEP},
        {"/feed", TEXT("<rss>", "ETag: \"2\"\r\n"), KEEP},
        {"/feed", TEXT("<new>", "ETag: \"3\"\r\n"), KEEP}, {0}};
    struct fixture f;
    struct poll_counters counters;

    (void)state;
    begin_polled(&f, answers);
    poll_again(&f, 1);
    assert_int_equal(f.bodies, 1);
    assert_string_equal(look(&f, 1).etag, "\"2\"");
    poll_again(&f, 1);
    assert_int_equal(f.bodies, 2);
    assert_false(f.last_first);
    poll_counters(f.poll, &counters);
    assert_int_equal(counters.unchanged, 1);
    assert_int_equal(counters.changed, 2);
    finish(&f);
}

static void takes_any_answer_with_a_document_in_it(void **state)
{
    static const struct answer answers[] = {
        {"/feed", "HTTP/1.1 203 Through a proxy\r\nContent-Length: 5\r\n\r\n<rss>", KEEP},
        {"/feed", "HTTP/1.1 299 Who knows\r\nContent-Length: 5\r\n\r\n<new>", KEEP},
        {"/feed", "HTTP/1.1 204 No Content\r\n\r\n", KEEP},
        {"/feed", "HTTP/1.1 206 Part\r\nContent-Length: 5\r\n\r\n<rss>", KEEP},
        {"/feed", "HTTP/1.1 202 Wait\r\nContent-Length: 5\r\n\r\n<bot>", KEEP},
        {"/feed", "HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n", KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin_polled(&f, answers);
    poll_again(&f, 1);
    assert_int_equal(f.bodies, 2);
    assert_null(look(&f, 1).error);
    poll_again(&f, 1);
    assert_non_null(strstr(look(&f, 1).error, "status 204"));
    poll_again(&f, 1);
    assert_non_null(strstr(look(&f, 1).error, "status 206"));
    assert_int_equal(f.bodies, 2);
    f.outcome = (struct poll_outcome){.code = E_FORMAT, .error = "1:1: there is no markup in it"};
    poll_again(&f, 1);
    assert_non_null(strstr(look(&f, 1).error, "status 202: a bot check"));
    poll_again(&f, 1);
    assert_non_null(strstr(look(&f, 1).error, "status 429: the host limits us"));
    finish(&f);
}

static void backs_off_and_says_when_a_feed_fails_and_recovers(void **state)
{
    static const struct answer answers[] = {
        {"/feed", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/feed", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ncut", CLOSE},
        {"/feed", "HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/feed", TEXT("<rss>", ""), KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin_polled(&f, answers);
    assert_between(seconds_to_next(&f, 1), 224, 376);
    assert_int_equal(look(&f, 1).http_status, 500);
    assert_non_null(strstr(look(&f, 1).error, "status 500"));
    poll_again(&f, 1);
    assert_int_equal(f.states, 0);
    poll_again(&f, 1);
    assert_int_equal(look(&f, 1).failures, 3);
    assert_int_equal(look(&f, 1).state, FEED_FAILING);
    assert_between(seconds_to_next(&f, 1), 899, 1501);
    assert_int_equal(f.states, 1);
    assert_int_equal(f.last_previous, FEED_OK);
    poll_again(&f, 1);
    assert_int_equal(f.states, 2);
    assert_int_equal(f.last_state, FEED_OK);
    assert_int_equal(look(&f, 1).failures, 0);
    assert_int_equal(f.bodies, 1);
    finish(&f);
}

static void tells_gone_from_blocked_and_looks_again_weekly(void **state)
{
    static const struct answer answers[] = {
        {"/gone", "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/gone", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/gone", TEXT("<rss>", ""), KEEP},
        {"/blocked", "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", KEEP}, {0}};
    struct fixture f;
    struct poll_counters counters;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/gone");
    open_poll(&f);
    wait_for_polls(&f, 1);
    assert_int_equal(look(&f, 1).state, FEED_GONE);
    assert_between(seconds_to_next(&f, 1), 6 * DAY / SECOND, 8 * DAY / SECOND);
    poll_again(&f, 1);
    assert_int_equal(look(&f, 1).state, FEED_GONE);
    assert_between(seconds_to_next(&f, 1), 6 * DAY / SECOND, 8 * DAY / SECOND);
    poll_add(f.poll, store_add(&f, "/blocked"));
    wait_for_polls(&f, 3);
    assert_non_null(strstr(look(&f, 2).error, "status 403: it refuses us; http.contact"));
    poll_counters(f.poll, &counters);
    assert_int_equal(counters.by_state[FEED_GONE], 1);
    assert_int_equal(counters.by_state[FEED_BLOCKED], 1);
    poll_now(f.poll, 1);
    wait_for_polls(&f, 4);
    assert_int_equal(look(&f, 1).state, FEED_OK);
    finish(&f);
}

static void an_address_where_nothing_ever_was_is_gone_after_two_weeks_only(void **state)
{
    static const struct answer answers[] = {
        {"/feed", "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", KEEP}, {0}};
    struct fixture f;
    int64_t since;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/feed");
    open_poll(&f);
    wait_for_polls(&f, 1);
    while (look(&f, 1).state != FEED_FAILING)
        poll_again(&f, 1);
    since = look(&f, 1).state_since;
    assert_non_null(
        strstr(look(&f, 1).error, "status 404: nothing was ever there; feeds discover"));
    while (clock_wall() - since < 13 * DAY) {
        poll_again(&f, 1);
        assert_int_equal(look(&f, 1).state, FEED_FAILING);
    }
    while (clock_wall() - since < 15 * DAY && look(&f, 1).state == FEED_FAILING)
        poll_again(&f, 1);
    assert_int_equal(look(&f, 1).state, FEED_GONE);
    finish(&f);
}

static void finds_out_a_server_that_says_304_for_ever(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", "ETag: \"1\"\r\n"), KEEP},
        {"/feed", "HTTP/1.1 304 Not Modified\r\n\r\n", KEEP}, {0}};
    struct fixture f;
    int requests = 2;

    (void)state;
    begin_polled(&f, answers);
    poll_again(&f, 1);
    assert_string_equal(server_header(f.server, 1, "If-None-Match"), "\"1\"");
    for (int64_t days = 0; look(&f, 1).failures == 0; days++) {
        assert_true(days < 8);
        pass_time(DAY);
        wait_for_polls(&f, (uint64_t)++requests);
    }
    assert_string_equal(server_header(f.server, -1, "If-None-Match"), "");
    assert_non_null(strstr(look(&f, 1).error, "304"));
    finish(&f);
}

static void distrusts_validators_that_hid_news(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<1..>", "ETag: \"same\"\r\n"), KEEP},
        {"/feed", TEXT("<2..>", "ETag: \"same\"\r\n"), KEEP},
        {"/feed", TEXT("<3..>", "ETag: \"same\"\r\n"), KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin_polled(&f, answers);
    assert_string_equal(look(&f, 1).etag, "\"same\"");
    f.outcome.fresh = 1;
    poll_again(&f, 1);
    assert_null(look(&f, 1).etag);
    poll_again(&f, 1);
    assert_string_equal(server_header(f.server, 2, "If-None-Match"), "");
    finish(&f);
}

static void does_not_blame_a_feed_for_troubles_of_our_own(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", "ETag: \"1\"\r\n"), KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/feed");
    f.outcome = (struct poll_outcome){.code = E_SYSTEM, .error = "disk"};
    open_poll(&f);
    wait_for_polls(&f, 1);
    assert_int_equal(look(&f, 1).failures, 0);
    assert_null(look(&f, 1).etag);
    assert_between(seconds_to_next(&f, 1), 25, 34);
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_validators_only_of_an_answer_that_was_read),
        cmocka_unit_test(reads_no_body_twice_that_has_not_changed),
        cmocka_unit_test(takes_any_answer_with_a_document_in_it),
        cmocka_unit_test(backs_off_and_says_when_a_feed_fails_and_recovers),
        cmocka_unit_test(tells_gone_from_blocked_and_looks_again_weekly),
        cmocka_unit_test(an_address_where_nothing_ever_was_is_gone_after_two_weeks_only),
        cmocka_unit_test(finds_out_a_server_that_says_304_for_ever),
        cmocka_unit_test(distrusts_validators_that_hid_news),
        cmocka_unit_test(does_not_blame_a_feed_for_troubles_of_our_own),
    };

    own_the_clock(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
