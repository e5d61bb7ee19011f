/* test_poll_state.c - the states of a feed that answers: ok, slow, silent; each change is told
 * once. */
#include "unit/poll_fixture.h"

#include "poll/cadence.h"

/* A publisher with a clock of the test's: its document changes when `issue` does, and it takes
 * `takes` to answer. */
struct publisher {
    int issue;
    int64_t takes;
    int max_age;
    bool lies; /* with 304, whatever is new */
    bool down;
};

static bool publish(struct server *server, int fd, const char *head, void *ctx)
{
    const struct publisher *p = ctx;
    char etag[40];
    char text[200];

    (void)server;
    pass_time(p->takes);
    snprintf(etag, sizeof(etag), "If-None-Match: \"%d\"", p->issue);
    if (p->down)
        snprintf(text, sizeof(text), "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
    else if (strstr(head, etag) != NULL || (p->lies && strstr(head, "If-None-Match") != NULL))
        snprintf(text, sizeof(text),
            "HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=%d\r\n\r\n", p->max_age);
    else
        snprintf(text, sizeof(text),
            "HTTP/1.1 200 OK\r\nETag: \"%d\"\r\nCache-Control: max-age=%d\r\nContent-Length: "
            "8\r\n\r\n%08d",
            p->issue, p->max_age, p->issue);
    server_print(fd, text);
    return true;
}

static void begin_with(struct fixture *f, struct publisher *publisher)
{
    begin(f, NULL);
    f->server->ctx = publisher;
    f->server->respond = publish;
}

/* News each hour, day and night, for six weeks until now, as an earlier run learned it. */
static void remember_hourly(int64_t now)
{
    struct cadence cadence;

    cadence_init(&cadence, now - 42 * DAY);
    for (int64_t at = now - 42 * DAY + HOUR / 4; at <= now; at += HOUR / 4)
        cadence_learn(&cadence, at, (now - at) % HOUR == 0, 0);
    cadence_encode(&cadence, store.cadence);
    store.cadence_len = CADENCE_STORED;
    store.cadence_feed = 1;
}

static void add_hourly(struct fixture *f)
{
    int64_t now = clock_wall();
    struct store_feed *feed = store_add(f, "/feed");

    feed->last_success = feed->last_new = feed->state_since = now;
    feed->interval = HOUR / 4;
    feed->http_status = 200;
    feed->etag = "\"0\"";
    feed->next_poll = now + HOUR / 4;
    remember_hourly(now);
}

/* Until the state changes, for at most so long. */
static int64_t poll_until_change(struct fixture *f, int64_t most)
{
    int64_t from = clock_wall();
    int states = f->states;

    while (f->states == states && clock_wall() - from < most)
        poll_again(f, 1);
    return clock_wall() - from;
}

static void says_once_that_a_feed_is_silent_and_once_that_it_is_back(void **state)
{
    struct publisher publisher = {0};
    struct fixture f;
    int64_t quiet;
    int silent_at;

    (void)state;
    begin_with(&f, &publisher);
    add_hourly(&f);
    open_poll(&f);
    quiet = poll_until_change(&f, 12 * HOUR);
    assert_int_equal(f.last_state, FEED_SILENT);
    assert_int_equal(f.last_previous, FEED_OK);
    assert_between(quiet, HOUR, 3 * look(&f, 1).usual_gap + 5 * MINUTE);
    assert_between(look(&f, 1).mean_gap, HOUR * 8 / 10, HOUR * 13 / 10);
    silent_at = server_count(f.server);
    for (int i = 0; i < 5; i++)
        poll_again(&f, 1);
    assert_int_equal(f.states, 1);
    publisher.issue = 1;
    f.outcome.fresh = 1;
    poll_again(&f, 1);
    assert_int_equal(f.states, 2);
    assert_int_equal(f.last_state, FEED_OK);
    assert_int_equal(f.last_previous, FEED_SILENT);
    for (int64_t back = clock_wall(); clock_wall() - back < HOUR;)
        poll_again(&f, 1);
    assert_int_equal(f.states, 2);
    /* it was asked for the whole document before it was called silent, and not since */
    assert_string_equal(server_header(f.server, silent_at - 1, "If-None-Match"), "");
    assert_string_equal(server_header(f.server, silent_at - 2, "If-None-Match"), "\"0\"");
    assert_string_equal(server_header(f.server, silent_at, "If-None-Match"), "\"0\"");
    finish(&f);
}

static void finds_the_news_a_server_hid_instead_of_calling_it_silent(void **state)
{
    struct publisher publisher = {.issue = 1, .lies = true};
    struct fixture f;
    int64_t from = clock_wall();

    (void)state;
    begin_with(&f, &publisher);
    add_hourly(&f);
    f.outcome.fresh = 1;
    open_poll(&f);
    while (f.bodies == 0 && clock_wall() - from < 12 * HOUR)
        poll_again(&f, 1);
    assert_int_equal(f.bodies, 1);
    assert_int_equal(f.states, 0);
    assert_true(look(&f, 1).last_new == look(&f, 1).last_success);
    finish(&f);
}

static void hears_silence_though_the_server_lets_it_ask_seldom(void **state)
{
    struct publisher publisher = {.max_age = 2 * 3600};
    struct fixture f;

    (void)state;
    begin_with(&f, &publisher);
    add_hourly(&f);
    open_poll(&f);
    poll_until_change(&f, 30 * HOUR);
    assert_int_equal(f.states, 1);
    assert_int_equal(f.last_state, FEED_SILENT);
    finish(&f);
}

static void a_server_that_was_down_makes_no_silence(void **state)
{
    struct publisher publisher = {0};
    struct fixture f;

    (void)state;
    begin_with(&f, &publisher);
    add_hourly(&f);
    open_poll(&f);
    poll_again(&f, 1);
    publisher.down = true;
    poll_until_change(&f, DAY);
    assert_int_equal(f.last_state, FEED_FAILING);
    for (int i = 0; i < 4; i++)
        poll_again(&f, 1);
    publisher.down = false;
    poll_again(&f, 1);
    assert_int_equal(f.states, 2);
    assert_int_equal(f.last_state, FEED_OK);
    finish(&f);
}

static void a_feed_without_a_history_is_not_silent(void **state)
{
    struct publisher publisher = {0};
    struct fixture f;

    (void)state;
    begin_with(&f, &publisher);
    add_hourly(&f);
    store.cadence_len = 0;
    open_poll(&f);
    poll_until_change(&f, 3 * DAY);
    assert_int_equal(f.states, 0);
    assert_int_equal(look(&f, 1).usual_gap, 0);
    finish(&f);
    assert_int_equal(store.cadence_writes, 0);
}

static void a_stored_rhythm_that_is_spoiled_is_learned_anew(void **state)
{
    struct publisher publisher = {0};
    struct fixture f;

    (void)state;
    begin_with(&f, &publisher);
    add_hourly(&f);
    store.cadence[60] ^= 1; /* a count */
    open_poll(&f);
    assert_int_equal(look(&f, 1).usual_gap, 0);
    poll_again(&f, 1);
    finish(&f);
}

static void keeps_what_it_learned_over_a_restart(void **state)
{
    struct publisher publisher = {.issue = 1};
    struct fixture f;
    struct cadence before, after;

    (void)state;
    begin_with(&f, &publisher);
    add_hourly(&f);
    memcpy(&before, store.cadence + 1, sizeof(before));
    f.outcome.fresh = 1;
    f.outcome.published = clock_wall() + MINUTE;
    open_poll(&f);
    poll_again(&f, 1);
    close_poll(&f);
    assert_int_equal(store.cadence_writes, 1);
    memcpy(&after, store.cadence + 1, sizeof(after));
    assert_int_equal(after.gaps, before.gaps + 1);
    assert_int_equal(after.total, before.total + 1);
    open_poll(&f);
    assert_between(look(&f, 1).mean_gap, HOUR * 8 / 10, HOUR * 13 / 10);
    finish(&f);
}

static void begins_a_rhythm_with_the_second_news(void **state)
{
    struct publisher publisher = {.issue = 1};
    struct fixture f;

    (void)state;
    begin_with(&f, &publisher);
    store_add(&f, "/feed");
    f.outcome.fresh = 1;
    open_poll(&f);
    wait_for_polls(&f, 1);
    publisher.issue = 2;
    poll_again(&f, 1);
    publisher.issue = 3;
    f.outcome = (struct poll_outcome){.also = 1}; /* what another feed brought counts as life */
    poll_again(&f, 1);
    assert_true(look(&f, 1).last_new == look(&f, 1).last_success);
    finish(&f);
    assert_int_equal(((unsigned char *)store.cadence)[1 + offsetof(struct cadence, total)], 2);
}

static void says_that_a_feed_is_slow_and_not_at_its_first_slow_answer(void **state)
{
    struct publisher publisher = {.takes = 2 * (int64_t)SECOND}; /* of a timeout of five */
    struct fixture f;

    (void)state;
    begin_with(&f, &publisher);
    store_add(&f, "/feed");
    open_poll(&f);
    wait_for_polls(&f, 1);
    assert_int_equal(f.states, 0);
    for (int i = 0; i < 6; i++)
        poll_again(&f, 1);
    assert_int_equal(f.states, 1);
    assert_int_equal(f.last_state, FEED_SLOW);
    publisher.takes = SECOND; /* under the limit, but not by half */
    for (int i = 0; i < 6; i++)
        poll_again(&f, 1);
    assert_int_equal(f.states, 1);
    publisher.takes = 0;
    for (int i = 0; i < 6; i++)
        poll_again(&f, 1);
    assert_int_equal(f.states, 2);
    assert_int_equal(f.last_state, FEED_OK);
    assert_int_equal(f.last_previous, FEED_SLOW);
    finish(&f);
}

/* As a store may hold it from before texts had a bound. */
static void keeps_as_much_of_a_stored_text_as_the_store_takes(void **state)
{
    static char title[1100000];
    static char etag[3000];
    struct fixture f;
    struct store_feed *feed;

    (void)state;
    memset(title, 'A', sizeof(title) - 1);
    memset(etag, '1', sizeof(etag) - 1);
    begin(&f, NULL);
    feed = store_add(&f, "/feed");
    feed->title = title;
    feed->etag = etag;
    open_poll(&f);
    assert_int_equal(strlen(look(&f, 1).title), STORE_TITLE);
    assert_null(look(&f, 1).etag);
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_once_that_a_feed_is_silent_and_once_that_it_is_back),
        cmocka_unit_test(finds_the_news_a_server_hid_instead_of_calling_it_silent),
        cmocka_unit_test(hears_silence_though_the_server_lets_it_ask_seldom),
        cmocka_unit_test(a_server_that_was_down_makes_no_silence),
        cmocka_unit_test(a_feed_without_a_history_is_not_silent),
        cmocka_unit_test(a_stored_rhythm_that_is_spoiled_is_learned_anew),
        cmocka_unit_test(keeps_what_it_learned_over_a_restart),
        cmocka_unit_test(begins_a_rhythm_with_the_second_news),
        cmocka_unit_test(says_that_a_feed_is_slow_and_not_at_its_first_slow_answer),
        cmocka_unit_test(keeps_as_much_of_a_stored_text_as_the_store_takes),
    };

    own_the_clock(NULL);
    pass_time(37 * MINUTE); /* far from the border of an hour */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
