/* test_poll_hint.c - what a document asks of its pollers is obeyed, also after a restart. */
#include "unit/poll_fixture.h"

/* A start with what the last run wrote down. */
static void restart(struct fixture *f)
{
    close_poll(f);
    for (size_t i = 0; i < store.count; i++) {
        struct store_feed *feed = &store.feeds[i];
        const char *url = feed->url;

        *feed = store.written[feed->id];
        feed->url = url;
        feed->title = feed->tags = feed->origin = feed->error = NULL;
        feed->etag = store.etag;
        feed->last_modified = NULL;
    }
    open_poll(f);
}

static void asks_no_feed_in_the_hours_it_leaves_out(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", ""), KEEP}, {0}};
    struct fixture f;
    int64_t now, next;
    unsigned hour;

    (void)state;
    begin(&f, answers);
    now = clock_wall();
    hour = (unsigned)(now / HOUR % 24);
    pass_time((now / HOUR + 1) * HOUR - now - 10 * MINUTE); /* ten minutes to the hour */
    f.outcome.skip = 1U << (hour + 1) % 24 | 1U << (hour + 2) % 24;
    store_add(&f, "/feed");
    open_poll(&f);
    wait_for_polls(&f, 1);
    assert_between(seconds_to_next(&f, 1), 260, 340);
    poll_again(&f, 1);
    next = look(&f, 1).next_poll;
    if (next / HOUR == clock_wall() / HOUR)
        poll_again(&f, 1);
    next = look(&f, 1).next_poll;
    assert_int_equal(next / HOUR % 24, (hour + 3) % 24);
    assert_true(next % HOUR <= 10 * MINUTE + MINUTE);
    finish(&f);
}

static void remembers_over_a_restart_what_a_document_asked_for(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", "ETag: \"1\"\r\n"), KEEP},
        {"/feed", "HTTP/1.1 304 Not Modified\r\n\r\n", KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    f.outcome.min_interval = 3 * HOUR;
    f.outcome.skip = 1U << 24;
    store_add(&f, "/feed");
    open_poll(&f);
    wait_for_polls(&f, 1);
    restart(&f);
    poll_again(&f, 1);
    assert_string_equal(server_header(f.server, 1, "If-None-Match"), "\"1\"");
    assert_true(look(&f, 1).next_poll - clock_wall() >= 3 * HOUR - MINUTE);
    assert_int_equal(look(&f, 1).skip, 1U << 24);
    finish(&f);
}

static void remembers_over_a_restart_that_validators_lied(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<1..>", "ETag: \"same\"\r\n"), KEEP},
        {"/feed", TEXT("<2..>", "ETag: \"same\"\r\n"), KEEP},
        {"/feed", TEXT("<3..>", "ETag: \"same\"\r\n"), KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin_polled(&f, answers);
    f.outcome.fresh = 1;
    poll_again(&f, 1);
    restart(&f);
    poll_again(&f, 1);
    poll_again(&f, 1);
    assert_string_equal(server_header(f.server, 3, "If-None-Match"), "");
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_no_feed_in_the_hours_it_leaves_out),
        cmocka_unit_test(remembers_over_a_restart_what_a_document_asked_for),
        cmocka_unit_test(remembers_over_a_restart_that_validators_lied),
    };

    own_the_clock(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
