/* test_poll_push.c - a feed whose hub is relied on is asked seldom, and no longer when that ends.
 */
#include "unit/poll_fixture.h"

/* Nothing is ever new. */
static bool respond(struct server *server, int fd, const char *head, void *ctx)
{
    (void)server;
    (void)ctx;
    server_print(fd, strcasestr(head, "If-None-Match") != NULL ? "HTTP/1.1 304 Not Modified\r\n\r\n"
                                                               : TEXT("<rss>", "ETag: \"1\"\r\n"));
    return true;
}

static void follow(struct fixture *f)
{
    begin(f, NULL);
    f->server->respond = respond;
    f->conf.websub.safety_poll = 5 * HOUR;
    store_add(f, "/feed");
    open_poll(f);
    wait_for_polls(f, 1);
    assert_between(seconds_to_next(f, 1), 260, 340);
}

static void is_asked_seldom_while_its_hub_is_relied_on(void **state)
{
    int64_t interval;
    struct fixture f;

    (void)state;
    follow(&f);
    interval = look(&f, 1).interval;
    poll_rely(f.poll, 1, true);
    for (int i = 0; i < 3; i++) {
        assert_between(seconds_to_next(&f, 1), 5 * 3600 * 9 / 10 - 5, 5 * 3600 * 11 / 10 + 5);
        poll_again(&f, 1);
    }
    assert_int_equal(look(&f, 1).interval, interval); /* nothing is learned of its pace */
    finish(&f);
}

static void is_due_within_its_own_interval_when_that_ends(void **state)
{
    struct fixture f;

    (void)state;
    follow(&f);
    poll_rely(f.poll, 1, true);
    poll_rely(f.poll, 1, false);
    assert_between(seconds_to_next(&f, 1), 260, 340);
    finish(&f);
}

static void is_never_put_off_by_losing_a_hub(void **state)
{
    struct fixture f;
    int64_t next;

    (void)state;
    follow(&f);
    pass_time(200 * (int64_t)SECOND);
    next = seconds_to_next(&f, 1);
    poll_rely(f.poll, 1, false);
    assert_between(seconds_to_next(&f, 1), next - 2, next);
    finish(&f);
}

static void hears_of_news_by_its_hub(void **state)
{
    const struct poll_outcome nothing = {.code = OK, .entries = 3};
    const struct poll_outcome news = {.code = OK, .entries = 3, .fresh = 1};
    struct fixture f;

    (void)state;
    follow(&f);
    poll_rely(f.poll, 1, true);
    pass_time(HOUR);
    poll_pushed(f.poll, 1, &nothing);
    assert_int_equal(look(&f, 1).last_new, 0);
    poll_pushed(f.poll, 1, &news);
    assert_between(look(&f, 1).last_new, clock_wall() - SECOND, clock_wall());
    assert_string_equal(look(&f, 1).etag, "\"1\"");
    assert_int_equal(polls(&f), 1);
    finish(&f);
}

/* Three weeks of news each hour by its hub, and a poll of safety now and then: then none. */
static void is_found_silent_although_it_is_asked_seldom(void **state)
{
    const struct poll_outcome news = {.code = OK, .fresh = 1};
    struct fixture f;
    int64_t quiet;

    (void)state;
    follow(&f);
    poll_rely(f.poll, 1, true);
    for (int i = 0; i < 21 * 24; i++) {
        pass_time(HOUR);
        if (seconds_to_next(&f, 1) <= 0)
            wait_for_polls(&f, polls(&f) + 1);
        poll_pushed(f.poll, 1, &news);
    }
    assert_int_equal(look(&f, 1).state, FEED_OK);
    quiet = clock_wall();
    while (look(&f, 1).state != FEED_SILENT && clock_wall() - quiet < 2 * DAY)
        poll_again(&f, 1);
    assert_int_equal(look(&f, 1).state, FEED_SILENT);
    assert_between((clock_wall() - quiet) / MINUTE, 60, 24 * 60);
    poll_pushed(f.poll, 1, &news);
    wait_for_polls(&f, polls(&f) + 1);
    assert_int_equal(look(&f, 1).state, FEED_OK);
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_asked_seldom_while_its_hub_is_relied_on),
        cmocka_unit_test(is_due_within_its_own_interval_when_that_ends),
        cmocka_unit_test(is_never_put_off_by_losing_a_hub),
        cmocka_unit_test(hears_of_news_by_its_hub),
        cmocka_unit_test(is_found_silent_although_it_is_asked_seldom),
    };

    own_the_clock(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
