/* test_poll_burst.c - ten thousand feeds after a start, a restart and a reload: how many are asked
 * in any second stays near the mean. */
#define POLL_FEEDS 10000
#include "unit/poll_fixture.h"

/* 10,000 feeds in five minutes are 33 a second; twice as many in one second is no chance. */
enum { MEAN = 33, MOST = 66 };

static bool not_modified(struct server *server, int fd, const char *head, void *ctx)
{
    (void)server;
    (void)head;
    (void)ctx;
    server_print(fd, "HTTP/1.1 304 Not Modified\r\n\r\n");
    return true;
}

/* Feeds that were polled before, due `late` ago and each `every` later than the one before. */
static void begin_overdue(struct fixture *f, int64_t late, int64_t every, int64_t interval)
{
    int64_t now = clock_wall();

    begin(f, NULL);
    f->server->respond = not_modified;
    for (int i = 0; i < POLL_FEEDS; i++) {
        struct store_feed *feed = store_add(f, "/feed");

        feed->interval = interval;
        feed->last_success = now - HOUR;
        feed->http_status = 200;
        feed->etag = "\"1\"";
        feed->next_poll = now - late + i * every;
    }
}

struct seconds {
    int64_t from;
    int due; /* at `from` or before */
    int in[400];
};

static int count_second(void *ctx, const struct store_feed *feed)
{
    struct seconds *s = ctx;
    int64_t second = (feed->next_poll - s->from) / SECOND;

    s->due += feed->next_poll <= s->from;
    if (feed->next_poll > s->from && second < 400)
        s->in[second]++;
    return 0;
}

static void assert_spread(struct fixture *f, int64_t from, int seconds, int most)
{
    struct seconds s = {.from = from};
    int sum = 0;

    poll_each(f->poll, count_second, &s);
    assert_true(s.due <= most);
    for (int i = 0; i < seconds; i++) {
        assert_between(s.in[i], 0, most);
        sum += s.in[i];
    }
    assert_between(sum, seconds * MEAN * 9 / 10, POLL_FEEDS);
}

static int count_due(struct fixture *f)
{
    struct seconds s = {.from = clock_wall()};

    poll_each(f->poll, count_second, &s);
    return s.due;
}

/* The next second passes, and all who are due in it are asked. */
static int64_t pass_a_second(struct fixture *f)
{
    uint64_t before = polls(f);

    pass_time(SECOND);
    while (count_due(f) > 0)
        uv_run(&f->loop, UV_RUN_ONCE);
    return (int64_t)(polls(f) - before);
}

/* On a slow machine more than one second passes while the feeds of one are asked. */
static void asks_as_many_a_second_after_a_long_outage_as_on_any_day(void **state)
{
    struct fixture f;
    int64_t from;
    int64_t passed = 0;
    int64_t sum = 0;

    (void)state;
    begin_overdue(&f, HOUR, 0, 5 * MINUTE);
    from = clock_wall();
    open_poll(&f);
    assert_spread(&f, from, 300, MOST);
    while (passed < 30 * (int64_t)SECOND) {
        int64_t asked = pass_a_second(&f);
        int64_t before = passed;

        passed = clock_wall() - from;
        assert_between(asked * SECOND, 0, MOST * (passed - before + SECOND / 2));
        sum += asked;
    }
    assert_between(sum * 10 * SECOND, 9 * MEAN * passed, 12 * MEAN * passed);
    finish(&f);
}

/* What was missed comes beside what is due. */
static void a_restart_of_seconds_catches_up_at_twice_the_rate(void **state)
{
    struct fixture f;
    int64_t from;

    (void)state;
    begin_overdue(&f, 20 * (int64_t)SECOND, 30000, 10 * MINUTE);
    from = clock_wall();
    open_poll(&f);
    assert_spread(&f, from, 280, MOST + MEAN);
    finish(&f);
}

/* Rows are written once an hour where little changes (store.h): most lie in the past at a start. */
static void schedules_that_were_written_an_hour_ago_make_no_burst(void **state)
{
    struct fixture f;
    int64_t from;

    (void)state;
    begin_overdue(&f, HOUR, 300000 + 60000, 5 * MINUTE);
    from = clock_wall();
    open_poll(&f);
    assert_spread(&f, from, 270, MOST);
    finish(&f);
}

static void a_reload_with_shorter_intervals_makes_no_burst(void **state)
{
    struct fixture f;
    int64_t from;

    (void)state;
    begin_overdue(&f, -5 * HOUR, 0, 6 * HOUR);
    from = clock_wall();
    open_poll(&f);
    f.conf.poll.max_interval = 5 * MINUTE;
    poll_reload(f.poll, &f.conf);
    assert_spread(&f, from, 300, MOST);
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_as_many_a_second_after_a_long_outage_as_on_any_day),
        cmocka_unit_test(a_restart_of_seconds_catches_up_at_twice_the_rate),
        cmocka_unit_test(schedules_that_were_written_an_hour_ago_make_no_burst),
        cmocka_unit_test(a_reload_with_shorter_intervals_makes_no_burst),
    };

    own_the_clock(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
