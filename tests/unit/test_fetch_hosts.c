/* test_fetch_hosts.c - many GETs at once: how many a host gets, and that none waits for another
 * host. */
#include "unit/fetch_fixture.h"

#define WELL "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

static const struct answer well[] = {{"/", WELL, KEEP}, {0}};

static void asks_a_host_over_as_many_connections_as_it_may(void **state)
{
    struct fixture f;
    char url[100];

    (void)state;
    begin(&f, well);
    snprintf(url, sizeof(url), "%s", url_of(&f, "/"));
    for (int i = 0; i < 50; i++)
        fetch_start(f.fetcher, &(struct fetch_request){.url = url}, on_result, &f.got);
    assert_int_equal(fetch_waiting(f.fetcher), 50);
    assert_int_equal(fetch_host_waiting(f.fetcher, url, NULL), 50);
    assert_int_equal(fetch_host_waiting(f.fetcher, "http://127.0.0.2/", NULL), 0);
    wait_for(&f, 50);
    assert_int_equal(server_count(f.server), 50);
    assert_true(f.server->connections <= 2);
    assert_int_equal(fetch_waiting(f.fetcher), 0);
    assert_int_equal(fetch_in_flight(f.fetcher), 0);
    finish(&f);
}

static void asks_a_few_one_after_the_other_over_one_connection(void **state)
{
    struct fixture f;
    char url[100];

    (void)state;
    begin(&f, well); /* two may be asked at a time */
    snprintf(url, sizeof(url), "%s", url_of(&f, "/"));
    for (int i = 0; i < 4; i++)
        fetch_start(f.fetcher, &(struct fetch_request){.url = url}, on_result, &f.got);
    wait_for(&f, 4);
    assert_int_equal(f.server->connections, 1);
    finish(&f);
}

static void makes_a_second_connection_when_an_answer_is_slow(void **state)
{
    static const struct answer answers[] = {{"/slow", "", HOLD}, {"/", WELL, KEEP}, {0}};
    struct fixture f;
    struct got slow = {0};
    char url[100];

    (void)state;
    begin(&f, answers);
    snprintf(url, sizeof(url), "%s", url_of(&f, "/slow"));
    fetch_start(f.fetcher, &(struct fetch_request){.url = url}, on_result, &slow);
    assert_int_equal(get(&f, "/")->status, 200);
    assert_int_equal(slow.calls, 0);
    assert_int_equal(f.server->connections, 2);
    finish(&f);
    free(slow.body);
    free(slow.headers);
}

static int polled_before = -1;

static void on_page(void *ctx, const struct fetch_result *result)
{
    const struct fixture *f = ctx;

    assert_int_equal(result->status, 200);
    polled_before = f->got.calls;
}

static void a_page_goes_before_the_polls_that_wait(void **state)
{
    struct fixture f;
    char url[100];

    (void)state;
    begin(&f, well);
    f.conf.http.per_host = 1;
    assert_int_equal(fetcher_reload(f.fetcher, &f.conf, NULL), OK);
    snprintf(url, sizeof(url), "%s", url_of(&f, "/"));
    for (int i = 0; i < 20; i++)
        fetch_start(
            f.fetcher, &(struct fetch_request){.url = url, .patient = true}, on_result, &f.got);
    fetch_start(f.fetcher, &(struct fetch_request){.url = url}, on_page, &f);
    wait_for(&f, 20);
    assert_int_equal(polled_before, 0);
    finish(&f);
}

static void leaves_time_between_two_requests_to_a_host(void **state)
{
    struct fixture f;
    int64_t begun;
    char url[100];

    (void)state;
    begin(&f, well);
    f.conf.http.spacing = SECOND / 20;
    f.conf.http.per_host = 1;
    assert_int_equal(fetcher_reload(f.fetcher, &f.conf, NULL), OK);
    snprintf(url, sizeof(url), "%s", url_of(&f, "/"));
    begun = clock_mono();
    for (int i = 0; i < 5; i++)
        fetch_start(f.fetcher, &(struct fetch_request){.url = url}, on_result, &f.got);
    wait_for(&f, 5);
    assert_true(clock_mono() - begun >= 4 * SECOND / 20);
    assert_int_equal(f.server->connections, 1);
    finish(&f);
}

#define LATER(seconds) "HTTP/1.1 429 Later\r\nRetry-After: " seconds "\r\nContent-Length: 0\r\n\r\n"

static void get_all(struct fixture *f, struct got *last, int count)
{
    last->loop = &f->loop; /* which stops for each result */
    for (int i = 0; i < count; i++) {
        char path[20];

        snprintf(path, sizeof(path), "/%d", i);
        fetch_start(f->fetcher, &(struct fetch_request){.url = url_of(f, path)}, on_result, last);
    }
    while (last->calls < count)
        uv_run(&f->loop, UV_RUN_DEFAULT);
}

static void leaves_a_host_alone_that_tells_everybody_to_come_later(void **state)
{
    static const struct answer answers[] = {{"/0", LATER("900"), KEEP}, {"/1", LATER("600"), KEEP},
        {"/2", LATER("99999999999999"), KEEP}, {"/", WELL, KEEP}, {0}};
    struct got last = {0};
    struct fixture f;
    struct server *other;
    char url[100];

    (void)state;
    begin(&f, answers);
    f.conf.http.per_host = 1;
    assert_int_equal(fetcher_reload(f.fetcher, &f.conf, NULL), OK);
    other = server_start_at("127.0.0.2", 0, answers);
    get_all(&f, &last, 20);
    assert_int_equal(server_count(f.server), 3);
    assert_true(last.held);
    assert_int_equal(last.code, E_REFUSED);
    assert_non_null(strstr(last.error, "left alone"));
    assert_true(last.retry_after > 290 * (int64_t)SECOND);
    assert_true(last.retry_after <= 300 * (int64_t)SECOND);
    assert_true(get(&f, "/")->held);
    assert_int_equal(server_count(f.server), 3);
    snprintf(url, sizeof(url), "http://127.0.0.2:%d/", other->port);
    assert_int_equal(get_request(&f, (struct fetch_request){.url = url})->status, 200);
    finish(&f);
    free(last.body);
    free(last.headers);
    server_stop(other);
}

static void does_not_take_one_address_for_its_host(void **state)
{
    static const struct answer answers[] = {{"/0", LATER("900"), KEEP}, {"/1", LATER("900"), KEEP},
        {"/2", WELL, KEEP}, {"/3", LATER("900"), KEEP}, {"/4", WELL, KEEP}, {0}};
    struct got last = {0};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    f.conf.http.per_host = 1;
    assert_int_equal(fetcher_reload(f.fetcher, &f.conf, NULL), OK);
    get_all(&f, &last, 5);
    for (int i = 0; i < 10; i++)
        assert_false(get(&f, "/0")->held);
    assert_int_equal(last.status, 200);
    assert_int_equal(server_count(f.server), 15);
    finish(&f);
    free(last.body);
    free(last.headers);
}

static void asks_one_at_a_time_once_it_was_told_to_come_later(void **state)
{
    static const struct answer answers[] = {
        {"/0", LATER("900"), KEEP}, {"/1", LATER("900"), KEEP}, {"/2", LATER("900"), KEEP}, {0}};
    struct got last = {0};
    struct fixture f;

    (void)state;
    begin(&f, answers); /* two may be asked at a time */
    get(&f, "/0");
    get_all(&f, &last, 20);
    assert_int_equal(server_count(f.server), 4); /* the first one twice */
    assert_true(last.held);
    finish(&f);
    free(last.body);
    free(last.headers);
}

static void is_not_held_up_by_a_host_that_hangs(void **state)
{
    static const struct answer hang[] = {{"/", "", HOLD}, {0}};
    struct fixture f;
    struct server *other;
    struct got ignored = {0};
    char url[100];

    (void)state;
    begin(&f, hang);
    other = server_start_at("127.0.0.2", 0, well);
    for (int i = 0; i < 40; i++) /* more than may be in flight */
        fetch_start(
            f.fetcher, &(struct fetch_request){.url = url_of(&f, "/")}, on_result, &ignored);
    snprintf(url, sizeof(url), "http://127.0.0.2:%d/", other->port);
    get_request(&f, (struct fetch_request){.url = url});
    assert_int_equal(f.got.code, OK);
    assert_true(f.got.elapsed < 2 * SECOND);
    assert_int_equal(ignored.calls, 0);
    finish(&f);
    assert_int_equal(ignored.calls, 40); /* stopped */
    assert_int_equal(ignored.code, E_STOPPED);
    free(ignored.body);
    free(ignored.headers);
    server_stop(other);
}

/* Each at an address of its own, which takes the connection and never answers. */
static void start_hanging(struct fixture *f, const struct server *hung, bool page, struct got *got)
{
    for (int i = 1; i <= 40; i++) { /* twice what may be in flight */
        char url[100];

        snprintf(url, sizeof(url), "http://127.1.0.%d:%d/", i, hung->port);
        fetch_start(f->fetcher,
            &(struct fetch_request){
                .url = url, .page = page, .on_behalf = i, .patient = !page, .was_well = true},
            on_result, got);
    }
    while (fetch_in_flight(f->fetcher) < (page ? 12 : 18)) /* all that they may have */
        uv_run(&f->loop, UV_RUN_NOWAIT);
}

static void pages_leave_places_to_polls_and_polls_to_pages(void **state)
{
    static const struct answer hang[] = {{"/", "", HOLD}, {0}};

    (void)state;
    for (int pages = 0; pages <= 1; pages++) {
        struct fixture f;
        struct server *hung;
        struct got ignored = {0};

        begin(&f, well);
        hung = server_start_at("0.0.0.0", 0, hang);
        start_hanging(&f, hung, pages, &ignored);
        get_request(
            &f, (struct fetch_request){.url = url_of(&f, "/"), .page = !pages, .patient = pages});
        assert_int_equal(f.got.status, 200);
        assert_true(f.got.elapsed < SECOND);
        assert_int_equal(ignored.calls, 0);
        finish(&f);
        free(ignored.body);
        free(ignored.headers);
        server_stop(hung);
    }
}

static void polls_and_pages_of_a_host_take_turns(void **state)
{
    enum { EACH = 10 };
    struct fixture f;

    (void)state;
    begin(&f, well);
    f.conf.http.per_host = 1;
    assert_int_equal(fetcher_reload(f.fetcher, &f.conf, NULL), OK);
    for (int i = 0; i < EACH; i++)
        fetch_start(f.fetcher, &(struct fetch_request){.url = url_of(&f, "/poll"), .patient = true},
            on_result, &f.got);
    for (int i = 0; i < EACH; i++)
        fetch_start(f.fetcher, &(struct fetch_request){.url = url_of(&f, "/page"), .page = true},
            on_result, &f.got);
    wait_for(&f, 2 * EACH);
    for (int i = 0; i < 2 * EACH; i++)
        assert_int_equal(strncmp(f.server->heads[i], i % 2 == 0 ? "GET /page" : "GET /poll", 9), 0);
    finish(&f);
}

static void asks_no_more_pages_of_a_host_that_hangs(void **state)
{
    static const struct answer answers[] = {{"/0", "", HOLD}, {"/1", "", HOLD}, {"/2", "", HOLD},
        {"/3", "", HOLD}, {"/", WELL, KEEP}, {0}};
    static const char *const paths[] = {"/0", "/1", "/2", "/3"};
    struct fixture f;
    struct got last = {0};

    (void)state;
    begin(&f, answers);
    f.conf.http.timeout = SECOND / 5;
    assert_int_equal(fetcher_reload(f.fetcher, &f.conf, NULL), OK);
    last.loop = &f.loop;
    for (int i = 0; i < 10; i++)
        fetch_start(f.fetcher,
            &(struct fetch_request){.url = url_of(&f, paths[i % 4]), .page = true}, on_result,
            &last);
    while (last.calls < 10)
        uv_run(&f.loop, UV_RUN_DEFAULT);
    assert_true(server_count(f.server) <= 4); /* two at a time, until three were in vain */
    assert_true(last.held);
    assert_int_equal(last.code, E_TIMEOUT);
    assert_non_null(strstr(last.error, "in vain"));
    assert_true(last.retry_after > 5 * (int64_t)SECOND);
    assert_true(last.retry_after <= 10 * (int64_t)SECOND);
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/"), .page = true});
    assert_true(f.got.held);
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/"), .patient = true});
    assert_int_equal(f.got.status, 200);
    finish(&f);
    free(last.body);
    free(last.headers);
}

static void pages_that_are_refused_hold_no_poll(void **state)
{
    static const struct answer answers[] = {{"/0", LATER("3600"), KEEP},
        {"/1", LATER("3600"), KEEP}, {"/2", LATER("3600"), KEEP}, {"/", WELL, KEEP}, {0}};
    static const char *const paths[] = {"/0", "/1", "/2", "/"};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    for (int i = 0; i < 4; i++)
        get_request(&f, (struct fetch_request){.url = url_of(&f, paths[i]), .page = true});
    assert_true(f.got.held);
    assert_true(f.got.retry_after <= 300 * (int64_t)SECOND);
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/"), .patient = true});
    assert_int_equal(f.got.status, 200);
    finish(&f);
}

static void forgets_what_was_cancelled(void **state)
{
    static const struct answer answers[] = {{"/hold", "", HOLD}, {"/", WELL, KEEP}, {0}};
    struct fixture f;
    struct got none = {0};
    uint64_t tickets[4];

    (void)state;
    begin(&f, answers);
    for (int i = 0; i < 4; i++) /* two under way, two waiting */
        tickets[i] = fetch_start(
            f.fetcher, &(struct fetch_request){.url = url_of(&f, "/hold")}, on_result, &none);
    while (server_count(f.server) < 2)
        uv_run(&f.loop, UV_RUN_NOWAIT);
    for (int i = 3; i >= 0; i--)
        fetch_cancel(f.fetcher, tickets[i]);
    fetch_cancel(f.fetcher, tickets[0]); /* gone already */
    tickets[0] =
        fetch_start(f.fetcher, &(struct fetch_request){.url = "nonsense"}, on_result, &none);
    fetch_cancel(f.fetcher, tickets[0]);
    assert_int_equal(get(&f, "/")->code, OK);
    assert_int_equal(none.calls, 0);
    assert_int_equal(fetch_in_flight(f.fetcher), 0);
    finish(&f);
}

struct pair {
    struct fixture *f;
    uint64_t tickets[2];
    int calls;
};

static void cancel_both(void *ctx, const struct fetch_result *result)
{
    struct pair *pair = ctx;

    (void)result;
    pair->calls++;
    for (int i = 0; i < 2; i++)
        fetch_cancel(pair->f->fetcher, pair->tickets[i]);
}

static void one_that_failed_may_cancel_another_that_did(void **state)
{
    static const struct answer answers[] = {{"/", WELL, KEEP}, {0}};
    struct fixture f;
    struct pair pair = {.f = &f};

    (void)state;
    begin(&f, answers);
    for (int i = 0; i < 2; i++)
        pair.tickets[i] =
            fetch_start(f.fetcher, &(struct fetch_request){.url = "nonsense"}, cancel_both, &pair);
    assert_int_equal(get(&f, "/")->code, OK);
    assert_int_equal(pair.calls, 1);
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_a_host_over_as_many_connections_as_it_may),
        cmocka_unit_test(asks_a_few_one_after_the_other_over_one_connection),
        cmocka_unit_test(makes_a_second_connection_when_an_answer_is_slow),
        cmocka_unit_test(a_page_goes_before_the_polls_that_wait),
        cmocka_unit_test(one_that_failed_may_cancel_another_that_did),
        cmocka_unit_test(leaves_time_between_two_requests_to_a_host),
        cmocka_unit_test(leaves_a_host_alone_that_tells_everybody_to_come_later),
        cmocka_unit_test(does_not_take_one_address_for_its_host),
        cmocka_unit_test(asks_one_at_a_time_once_it_was_told_to_come_later),
        cmocka_unit_test(is_not_held_up_by_a_host_that_hangs),
        cmocka_unit_test(pages_leave_places_to_polls_and_polls_to_pages),
        cmocka_unit_test(polls_and_pages_of_a_host_take_turns),
        cmocka_unit_test(asks_no_more_pages_of_a_host_that_hangs),
        cmocka_unit_test(pages_that_are_refused_hold_no_poll),
        cmocka_unit_test(forgets_what_was_cancelled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
