/* test_poll_trouble.c - what is no feed's fault is told once, and no feed is put off by it. */
#include "unit/poll_fixture.h"

#include "poll/private.h"
#include "poll/rule.h"

enum { SITES = 12 };

/* Feeds of so many sites, 127.0.0.1 and on, all of one server that listens on each. */
static void begin_sites(struct fixture *f, int64_t next_poll)
{
    begin(f, NULL);
    server_stop(f->server);
    f->server = server_start_at("0.0.0.0", 0, (const struct answer[]){{0}});
    for (int i = 1; i <= SITES; i++) {
        struct store_feed *feed = store_add(f, "/feed");
        char url[100];

        snprintf(url, sizeof(url), "http://127.0.0.%d:%d/feed", i, f->server->port);
        free((void *)feed->url);
        feed->url = strdup(url);
        feed->interval = 5 * MINUTE;
        feed->http_status = 200;
        feed->last_success = clock_wall() - MINUTE;
        feed->next_poll = next_poll;
    }
}

static bool answer_well(struct server *server, int fd, const char *head, void *ctx)
{
    (void)server;
    (void)head;
    if (*(bool *)ctx)
        server_print(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<rss>");
    return false;
}

static int is_due(void *ctx, const struct store_feed *feed)
{
    (void)ctx;
    return feed->next_poll <= clock_steady();
}

/* All that comes due within so many minutes is asked. */
static void pass_minutes(struct fixture *f, int minutes)
{
    for (int i = 0; i < 2 * minutes; i++) {
        pass_time(MINUTE / 2);
        while (poll_each(f->poll, is_due, NULL) != 0)
            uv_run(&f->loop, UV_RUN_ONCE);
    }
}

static void no_feed_is_blamed_or_put_off_by_an_outage(void **state)
{
    struct fixture f;
    bool online = true;

    (void)state;
    begin_sites(&f, clock_wall());
    f.server->respond = answer_well;
    f.server->ctx = &online;
    open_poll(&f);
    pass_minutes(&f, 8);
    online = false;
    pass_minutes(&f, 90);
    assert_int_equal(f.troubles, 1);
    assert_int_equal(f.last_trouble, POLL_ANSWERS);
    assert_int_equal(f.states, 0);
    for (int64_t id = 1; id <= SITES; id++) {
        assert_true(look(&f, id).failures < RULE_FAILING);
        assert_int_equal(look(&f, id).state, FEED_OK);
        assert_between(seconds_to_next(&f, id), -1, 700);
    }
    online = true;
    pass_minutes(&f, 11);
    assert_int_equal(f.troubles, 2);
    assert_true(f.trouble_over);
    for (int64_t id = 1; id <= SITES; id++) {
        assert_int_equal(look(&f, id).failures, 0);
        assert_null(look(&f, id).error);
    }
    finish(&f);
}

static void a_site_that_is_away_alone_is_blamed(void **state)
{
    struct fixture f;
    bool online = true;

    (void)state;
    begin_sites(&f, clock_wall());
    f.server->respond = answer_well;
    f.server->ctx = &online;
    free((void *)store.feeds[3].url);
    store.feeds[3].url = strdup("http://127.0.0.4:1/feed"); /* nobody listens there */
    open_poll(&f);
    pass_minutes(&f, 60);
    assert_int_equal(f.troubles, 0);
    assert_int_equal(look(&f, 4).state, FEED_FAILING);
    assert_int_equal(f.states, 1);
    finish(&f);
}

static void a_step_of_the_clock_makes_no_feed_silent(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", ""), KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/feed");
    f.outcome.fresh = 1;
    open_poll(&f);
    wait_for_polls(&f, 1);
    for (int i = 0; i < 10; i++)
        poll_again(&f, 1);
    own_clock->stepped += 30 * DAY;
    poll_again(&f, 1);
    assert_int_equal(f.troubles, 1);
    assert_int_equal(f.last_trouble, POLL_CLOCK);
    assert_true(look(&f, 1).last_success < clock_wall() - 29 * DAY);
    own_clock->stepped -= 30 * DAY;
    poll_again(&f, 1);
    assert_int_equal(f.troubles, 2);
    assert_true(f.trouble_over);
    assert_int_equal(f.states, 0);
    finish(&f);
}

static void a_start_keeps_a_wish_and_sees_a_wrong_clock(void **state)
{
    static const struct {
        int64_t written;    /* against the clock of the start */
        int64_t next, wish; /* after that */
        int64_t least, most;
    } cases[] = {
        {-60, 300, 0, 230, 245},               /* nothing special */
        {-60, 86400, 0, 21590, 21610},         /* nobody wished for that */
        {-60, 90000, 86400, 86330, 90000},     /* the server did */
        {-60, 900000, 864000, 172790, 190090}, /* too much to be believed */
        {600, 300, 0, 290, 301},               /* the clock is behind */
        {86400, 300, 0, 290, 301},
        {86400, 3700, 3600, 3590, 3701},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct store_feed *feed;
        struct fixture f;
        int64_t written = clock_wall() + cases[i].written * SECOND;

        begin(&f, NULL);
        feed = store_add(&f, "/feed");
        feed->interval = 5 * MINUTE;
        feed->http_status = 200;
        feed->last_success = written;
        feed->next_poll = written + cases[i].next * SECOND;
        feed->not_before = cases[i].wish == 0 ? 0 : written + cases[i].wish * SECOND;
        open_poll(&f);
        assert_between(seconds_to_next(&f, 1), cases[i].least, cases[i].most);
        finish(&f);
    }
}

static void a_reload_keeps_a_wish(void **state)
{
    static const struct answer answers[] = {
        {"/feed", TEXT("<rss>", "Retry-After: 86400\r\n"), KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin_polled(&f, answers);
    poll_reload(f.poll, &f.conf);
    assert_between(seconds_to_next(&f, 1), 86300, 95040);
    assert_true(look(&f, 1).not_before > clock_wall() + 86000 * (int64_t)SECOND);
    finish(&f);
}

/* ---- hosts that limit us */

struct listed {
    int count;
    char id[100];
    int per_minute;
};

static void list(void *ctx, const struct poll_trouble *trouble)
{
    struct listed *listed = ctx;

    listed->count++;
    snprintf(listed->id, sizeof(listed->id), "%s", trouble->id);
    listed->per_minute = trouble->per_minute;
    assert_int_equal(trouble->kind, POLL_HOST);
    assert_non_null(strstr(trouble->text, trouble->id));
}

/* What a host grants changes: each change is told, and what holds is listed once. */
static void a_host_that_limits_us_is_listed_until_it_does_no_more(void **state)
{
    static const struct {
        const char *origin;
        int per_minute, troubles, listed;
    } steps[] = {
        {"http://a.example", 0, 0, 0}, /* it never did */
        {"http://a.example", 20, 1, 1},
        {"http://a.example", 10, 2, 1},
        {"http://b.example", 5, 3, 2},
        {"http://c.example", 0, 3, 2},
        {"http://a.example", 0, 4, 1},
        {"http://a.example", 0, 4, 1}, /* over once is enough */
        {"http://b.example", 0, 5, 0},
    };
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    open_poll(&f);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct listed listed = {0};

        poll_trouble_limit(f.poll, steps[i].origin, steps[i].per_minute);
        assert_int_equal(f.troubles, steps[i].troubles);
        assert_int_equal(poll_troubles(f.poll, list, &listed), steps[i].listed);
        assert_int_equal(listed.count, steps[i].listed);
        if (steps[i].per_minute > 0) {
            assert_string_equal(listed.id, steps[i].origin); /* the last one begun comes last */
            assert_int_equal(listed.per_minute, steps[i].per_minute);
        }
    }
    assert_true(f.trouble_over);
    finish(&f);
}

/* A name as long as any: it is cut in the words, and found again when it is over. */
static void a_host_of_a_long_name_ends_as_it_began(void **state)
{
    char origin[300];
    struct listed listed = {0};
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    open_poll(&f);
    memset(origin, 'a', sizeof(origin));
    memcpy(origin, "http://", 7);
    origin[250] = '\0';
    poll_trouble_limit(f.poll, origin, 7);
    poll_trouble_limit(f.poll, origin, 0);
    assert_int_equal(f.troubles, 2);
    assert_int_equal(poll_troubles(f.poll, list, &listed), 0);
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_feed_is_blamed_or_put_off_by_an_outage),
        cmocka_unit_test(a_site_that_is_away_alone_is_blamed),
        cmocka_unit_test(a_step_of_the_clock_makes_no_feed_silent),
        cmocka_unit_test(a_start_keeps_a_wish_and_sees_a_wrong_clock),
        cmocka_unit_test(a_reload_keeps_a_wish),
        cmocka_unit_test(a_host_that_limits_us_is_listed_until_it_does_no_more),
        cmocka_unit_test(a_host_of_a_long_name_ends_as_it_began),
    };

    own_the_clock(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
