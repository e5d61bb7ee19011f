/* test_fetch_turns.c - places are shared by those whom requests are for: hosts that hang, and feeds
 * that name many of them, leave room to what answers. */
#include "unit/own_clock.h"

#include "unit/fetch_fixture.h"

#define WELL "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/* Of 200 places pages have 150: a feed alone holds 19 of them (19 * 7 < 150 - 18), ten hold at most
 * 9 each; those whose hosts never answered hold 113 in all. Polls have 175, of feeds that are new
 * 132. */
enum { PLACES = 200, ALONE = 19, ONE_OF_TEN = 9, NEW_PAGES = 113, NEW_POLLS = 132 };

static const struct answer well[] = {{"/", WELL, KEEP}, {0}};
static const struct answer hang[] = {{"/robots", WELL, KEEP}, {"/", "", HOLD}, {0}};

struct turns_test {
    struct fixture f;
    struct server *hung;
    struct got ignored;
    int hosts; /* that were named */
};

static void open_turns(struct turns_test *t)
{
    *t = (struct turns_test){0};
    begin(&t->f, well);
    t->f.conf.http.max_in_flight = PLACES;
    assert_int_equal(fetcher_reload(t->f.fetcher, &t->f.conf, NULL), OK);
    t->hung = server_start_at("0.0.0.0", 0, hang);
}

static void close_turns(struct turns_test *t)
{
    finish(&t->f);
    free(t->ignored.body);
    free(t->ignored.headers);
    server_stop(t->hung);
}

static const char *host_url(const struct turns_test *t, int host, const char *path)
{
    static char url[100];

    snprintf(url, sizeof(url), "http://127.1.%d.%d:%d%s", host / 250, host % 250 + 1, t->hung->port,
        path);
    return url;
}

/* Each at an address of its own, which takes the connection and never answers. */
static void start_hanging(struct turns_test *t, int count, struct fetch_request request)
{
    for (int i = 0; i < count; i++, t->hosts++) {
        request.url = host_url(t, t->hosts, "/");
        fetch_start(t->f.fetcher, &request, on_result, &t->ignored);
    }
}

static size_t in_flight(struct turns_test *t)
{
    for (int i = 0; i < 20; i++)
        uv_run(&t->f.loop, UV_RUN_NOWAIT);
    return fetch_in_flight(t->f.fetcher);
}

static void goes_at_once(struct turns_test *t, struct fetch_request request)
{
    request.url = url_of(&t->f, "/");
    get_request(&t->f, request);
    assert_int_equal(t->f.got.status, 200);
    assert_true(t->f.got.elapsed < SECOND);
    assert_int_equal(t->ignored.calls, 0);
}

static void a_feed_alone_leaves_places_to_others(void **state)
{
    struct turns_test t;

    (void)state;
    open_turns(&t);
    start_hanging(&t, 60, (struct fetch_request){.page = true, .on_behalf = 1});
    assert_int_equal(in_flight(&t), ALONE);
    goes_at_once(&t, (struct fetch_request){.page = true, .on_behalf = 2});
    close_turns(&t);
}

static void ten_feeds_do_too(void **state)
{
    struct turns_test t;

    (void)state;
    open_turns(&t);
    for (int feed = 1; feed <= 10; feed++)
        start_hanging(&t, 60, (struct fetch_request){.page = true, .on_behalf = feed});
    assert_true(in_flight(&t) <= 10 * ONE_OF_TEN + ALONE); /* the first came when all was free */
    for (int feed = 11; feed <= 60; feed++)
        goes_at_once(&t, (struct fetch_request){.page = true, .on_behalf = feed});
    close_turns(&t);
}

static void what_it_holds_is_given_back(void **state)
{
    struct turns_test t;

    (void)state;
    open_turns(&t);
    for (int i = 0; i < 3 * PLACES; i++)
        goes_at_once(&t, (struct fetch_request){.page = true, .on_behalf = 1 + i % 2});
    start_hanging(&t, 60, (struct fetch_request){.page = true, .on_behalf = 1});
    assert_int_equal(in_flight(&t), ALONE);
    close_turns(&t);
}

static void hosts_that_never_answered_leave_places_to_those_that_did(void **state)
{
    struct turns_test t;

    (void)state;
    open_turns(&t);
    goes_at_once(&t, (struct fetch_request){.page = true, .on_behalf = 1});
    for (int feed = 2; feed <= PLACES; feed++)
        start_hanging(&t, 1, (struct fetch_request){.page = true, .on_behalf = feed});
    assert_int_equal(in_flight(&t), NEW_PAGES);
    goes_at_once(&t, (struct fetch_request){.page = true, .on_behalf = 1});
    close_turns(&t);
}

/* Each page is on another host, that has answered before; of 15 places three are kept. */
static void feeds_whose_pages_hang_in_a_row_leave_places_too(void **state)
{
    enum { FEEDS = 14, ROUNDS = 4, MOST = 12 };
    struct turns_test t;

    (void)state;
    open_turns(&t);
    t.f.conf.http.max_in_flight = 20;
    assert_int_equal(fetcher_reload(t.f.fetcher, &t.f.conf, NULL), OK);
    goes_at_once(&t, (struct fetch_request){.page = true, .on_behalf = 1000});
    for (int i = 0; i < FEEDS * ROUNDS; i++)
        get_request(&t.f, (struct fetch_request){.url = host_url(&t, i, "/robots"), .page = true});
    for (int round = 0; round < ROUNDS; round++)
        for (int feed = 1; feed <= FEEDS; feed++)
            start_hanging(&t, 1, (struct fetch_request){.page = true, .on_behalf = feed});
    for (int round = 0; round < ROUNDS - 1; round++) {
        assert_int_equal(in_flight(&t), FEEDS);
        pass_time(6 * (int64_t)SECOND);
        while (t.ignored.calls < FEEDS * (round + 1))
            uv_run(&t.f.loop, UV_RUN_ONCE);
    }
    assert_int_equal(in_flight(&t), MOST);
    t.ignored.calls = 0;
    goes_at_once(&t, (struct fetch_request){.page = true, .on_behalf = 1000});
    close_turns(&t);
}

static void feeds_take_turns_on_a_host(void **state)
{
    enum { EACH = 6, FEEDS = 3 };
    struct turns_test t;
    char path[20];

    (void)state;
    open_turns(&t);
    t.f.conf.http.per_host = 1;
    assert_int_equal(fetcher_reload(t.f.fetcher, &t.f.conf, NULL), OK);
    for (int feed = 1; feed <= FEEDS; feed++)
        for (int i = 0; i < EACH; i++) {
            snprintf(path, sizeof(path), "/%d/%d", feed, i);
            fetch_start(t.f.fetcher,
                &(struct fetch_request){.url = url_of(&t.f, path), .page = true, .on_behalf = feed},
                on_result, &t.f.got);
        }
    wait_for(&t.f, EACH * FEEDS);
    for (int i = 0; i < EACH * FEEDS; i++) {
        char want[40];

        snprintf(want, sizeof(want), "GET /%d/%d ", 1 + i % FEEDS, i / FEEDS);
        assert_int_equal(strncmp(t.f.server->heads[i], want, strlen(want)), 0);
    }
    close_turns(&t);
}

static void a_slow_host_holds_up_no_other_page_of_its_feed(void **state)
{
    struct turns_test t;

    (void)state;
    open_turns(&t);
    for (int i = 0; i < 300; i++, t.hosts = 0)
        start_hanging(&t, 1, (struct fetch_request){.page = true, .on_behalf = 1});
    assert_int_equal(in_flight(&t), t.f.conf.http.per_host);
    goes_at_once(&t, (struct fetch_request){.page = true, .on_behalf = 1});
    goes_at_once(&t, (struct fetch_request){.page = true, .on_behalf = 2});
    close_turns(&t);
}

static void new_feeds_leave_places_to_those_that_were_well(void **state)
{
    struct turns_test t;

    (void)state;
    open_turns(&t);
    start_hanging(&t, 2 * PLACES, (struct fetch_request){.patient = true});
    assert_int_equal(in_flight(&t), NEW_POLLS);
    goes_at_once(&t, (struct fetch_request){.patient = true, .was_well = true});
    close_turns(&t);
}

static void a_feed_that_was_well_passes_new_ones_of_its_host_that_have_no_place(void **state)
{
    struct turns_test t;
    struct got waits = {0};

    (void)state;
    open_turns(&t);
    start_hanging(&t, PLACES, (struct fetch_request){.patient = true});
    assert_int_equal(in_flight(&t), NEW_POLLS);
    for (int i = 0; i < 10; i++)
        fetch_start(t.f.fetcher,
            &(struct fetch_request){.url = url_of(&t.f, "/new"), .patient = true}, on_result,
            &waits);
    goes_at_once(&t, (struct fetch_request){.patient = true, .was_well = true});
    assert_int_equal(waits.calls, 0);
    close_turns(&t);
    free(waits.body);
    free(waits.headers);
}

/* Else a feed that fails on a host that is asked slowly would never be asked again. */
static void new_feeds_and_those_that_were_well_go_as_they_came(void **state)
{
    enum { EACH = 10 };
    struct turns_test t;

    (void)state;
    open_turns(&t);
    t.f.conf.http.per_host = 1;
    assert_int_equal(fetcher_reload(t.f.fetcher, &t.f.conf, NULL), OK);
    for (int i = 0; i < 2 * EACH; i++)
        fetch_start(t.f.fetcher,
            &(struct fetch_request){.url = url_of(&t.f, i % 2 == 0 ? "/new" : "/well"),
                .patient = true,
                .was_well = i % 2 == 1},
            on_result, &t.f.got);
    wait_for(&t.f, 2 * EACH);
    for (int i = 0; i < 2 * EACH; i++)
        assert_int_equal(
            strncmp(t.f.server->heads[i], i % 2 == 0 ? "GET /new" : "GET /well", 8), 0);
    close_turns(&t);
}

static void what_two_feeds_want_takes_the_turn_of_who_holds_less(void **state)
{
    struct turns_test t;
    uint64_t ticket;

    (void)state;
    open_turns(&t);
    start_hanging(&t, 60, (struct fetch_request){.page = true, .on_behalf = 1});
    assert_int_equal(in_flight(&t), ALONE);
    ticket = fetch_start(t.f.fetcher,
        &(struct fetch_request){.url = url_of(&t.f, "/"), .page = true, .on_behalf = 1}, on_result,
        &t.f.got);
    in_flight(&t);
    assert_int_equal(t.f.got.calls, 0);
    fetch_wanted(t.f.fetcher, ticket, 1);
    fetch_wanted(t.f.fetcher, ticket, 2);
    fetch_wanted(t.f.fetcher, ticket, 1);
    wait_for(&t.f, 1);
    assert_int_equal(t.f.got.status, 200);
    fetch_wanted(t.f.fetcher, ticket, 3); /* it is over */
    close_turns(&t);
}

static void what_is_cancelled_holds_nothing(void **state)
{
    struct turns_test t;
    uint64_t tickets[60];

    (void)state;
    open_turns(&t);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 60; i++) {
            tickets[i] = fetch_start(t.f.fetcher,
                &(struct fetch_request){.url = host_url(&t, i, "/"), .page = true, .on_behalf = 1},
                on_result, &t.ignored);
        }
        assert_int_equal(in_flight(&t), ALONE);
        for (int i = 59; i >= 0; i--)
            fetch_cancel(t.f.fetcher, tickets[i]);
        assert_int_equal(in_flight(&t), 0);
        assert_int_equal(fetch_waiting(t.f.fetcher), 0);
    }
    close_turns(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_feed_alone_leaves_places_to_others),
        cmocka_unit_test(ten_feeds_do_too),
        cmocka_unit_test(what_it_holds_is_given_back),
        cmocka_unit_test(hosts_that_never_answered_leave_places_to_those_that_did),
        cmocka_unit_test(feeds_whose_pages_hang_in_a_row_leave_places_too),
        cmocka_unit_test(feeds_take_turns_on_a_host),
        cmocka_unit_test(a_slow_host_holds_up_no_other_page_of_its_feed),
        cmocka_unit_test(new_feeds_leave_places_to_those_that_were_well),
        cmocka_unit_test(a_feed_that_was_well_passes_new_ones_of_its_host_that_have_no_place),
        cmocka_unit_test(new_feeds_and_those_that_were_well_go_as_they_came),
        cmocka_unit_test(what_two_feeds_want_takes_the_turn_of_who_holds_less),
        cmocka_unit_test(what_is_cancelled_holds_nothing),
    };

    return cmocka_run_group_tests(tests, own_the_clock, NULL);
}
