/* test_poll.c - when feeds are asked, with what, and what is made of the answer: a real server, a
 * clock of our own. */
#include "loop/poll.h"

#include "base/clock.h"
#include <sys/mman.h>

#include "unit/http_server.h"

#include <setjmp.h>

#include <cmocka.h>

static const int64_t MINUTE = 60 * (int64_t)SECOND;
static const int64_t HOUR = 3600 * (int64_t)SECOND;
static const int64_t DAY = 86400 * (int64_t)SECOND;

enum { FEEDS = 300 };

struct fixture {
    uv_loop_t loop;
    struct conf conf;
    struct fetcher *fetcher;
    struct server *server;
    struct poll *poll;
    struct poll_outcome outcome; /* of each body */
    int bodies, states, last_state, last_previous;
    bool closed_gate, last_first, keep_bodies; /* keep: the test calls poll_parsed() */
    char last_body[100], last_etag[100];
};

/* ---- a store that only remembers */

struct store {
    struct store_feed feeds[FEEDS];
    size_t count;
    int writes;
    struct store_feed written[FEEDS]; /* numbers only */
    char etag[100];
};

static struct store store;

int store_feeds(struct store *from, int (*on_feed)(void *ctx, const struct store_feed *feed),
    void *ctx, struct error *err)
{
    (void)err;
    for (size_t i = 0; i < from->count; i++)
        on_feed(ctx, &from->feeds[i]);
    return OK;
}

void store_feed_poll(struct store *to, const struct store_feed *feed)
{
    to->writes++;
    to->written[feed->id] = *feed;
    snprintf(to->etag, sizeof(to->etag), "%s", feed->etag == NULL ? "" : feed->etag);
}

/* ---- the clock */

static int64_t *offset;

static void own_the_clock(void)
{
    char path[] = "/tmp/test_poll_clock_XXXXXX";
    int fd = mkstemp(path);
    struct error err = {0};

    assert_int_equal(ftruncate(fd, sizeof(*offset)), 0);
    offset = mmap(NULL, sizeof(*offset), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_int_equal(clock_open_test(path, &err), OK);
    close(fd);
    unlink(path);
}

/* ---- the fixture */

static void on_body(void *ctx, const struct poll_answer *answer)
{
    struct fixture *f = ctx;

    f->bodies++;
    f->last_first = answer->first;
    snprintf(f->last_body, sizeof(f->last_body), "%.*s", FMT(answer->result->body));
    snprintf(f->last_etag, sizeof(f->last_etag), "%s",
        answer->feed->etag == NULL ? "" : answer->feed->etag);
    if (!f->keep_bodies)
        poll_parsed(f->poll, answer->feed->id, &f->outcome);
}

static void on_state(void *ctx, const struct store_feed *feed, int previous)
{
    struct fixture *f = ctx;

    f->states++;
    f->last_state = feed->state;
    f->last_previous = previous;
}

static bool may_poll(void *ctx)
{
    return !((struct fixture *)ctx)->closed_gate;
}

static void open_poll(struct fixture *f)
{
    const struct poll_hooks hooks = {on_body, on_state, may_poll, f};
    struct error err = {0};

    assert_int_equal(poll_open(&f->loop, &f->conf, f->fetcher, &store, &hooks, &f->poll, &err), OK);
}

static void begin(struct fixture *f, const struct answer *answers)
{
    static const char *const allow[] = {"127.0.0.0/8", NULL};
    struct error err = {0};

    memset(&store, 0, sizeof(store));
    *f = (struct fixture){.conf = {.http = {.per_host = 2,
                                       .timeout = 5 * SECOND,
                                       .max_body = 100000,
                                       .max_in_flight = 50,
                                       .ca_path = "/etc/ssl/certs",
                                       .allow = allow},
                              .poll = {.min_interval = 30 * (int64_t)SECOND,
                                  .max_interval = 6 * HOUR,
                                  .default_interval = 5 * MINUTE}}};
    uv_loop_init(&f->loop);
    assert_int_equal(fetcher_open(&f->loop, &f->conf, &f->fetcher, &err), OK);
    f->server = server_start(answers);
}

static struct store_feed *store_add(struct fixture *f, const char *path)
{
    struct store_feed *feed = &store.feeds[store.count++];
    char url[200];

    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", f->server->port, path);
    *feed = (struct store_feed){
        .id = (int64_t)store.count, .url = strdup(url), .title = "", .tags = "", .origin = "cli"};
    return feed;
}

static void close_poll(struct fixture *f)
{
    poll_close(f->poll);
    f->poll = NULL;
}

static void finish(struct fixture *f)
{
    if (f->poll != NULL)
        close_poll(f);
    fetcher_close(f->fetcher, NULL, NULL);
    uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    server_stop(f->server);
    for (size_t i = 0; i < store.count; i++)
        free((void *)store.feeds[i].url);
}

static uint64_t polls(struct fixture *f)
{
    struct poll_counters counters;

    poll_counters(f->poll, &counters);
    return counters.polls;
}

static void wait_for_polls(struct fixture *f, uint64_t count)
{
    while (polls(f) < count)
        uv_run(&f->loop, UV_RUN_ONCE); /* timers of ours tick while feeds are scheduled */
}

static int copy_feed(void *ctx, const struct store_feed *feed)
{
    *(struct store_feed *)ctx = *feed;
    return 0;
}

static struct store_feed look(struct fixture *f, int64_t id)
{
    struct store_feed feed;

    assert_int_equal(poll_get(f->poll, id, copy_feed, &feed), OK);
    return feed;
}

static int64_t seconds_to_next(struct fixture *f, int64_t id)
{
    return (look(f, id).next_poll - clock_wall()) / SECOND;
}

/* Let the time of the feed's next poll come and wait for it. */
static void poll_again(struct fixture *f, int64_t id)
{
    uint64_t before = polls(f);

    *offset += look(f, id).next_poll - clock_wall() + 1000;
    wait_for_polls(f, before + 1);
}

static void assert_between(int64_t value, int64_t least, int64_t most)
{
    if (value < least || value > most)
        fail_msg(
            "%lld is not from %lld to %lld", (long long)value, (long long)least, (long long)most);
}

#define TEXT(body, headers) "HTTP/1.1 200 OK\r\n" headers "Content-Length: 5\r\n\r\n" body

static void asks_a_new_feed_at_once_and_then_by_its_interval(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", ""), KEEP}, {0}};
    struct fixture f;
    int64_t begun = clock_wall();

    (void)state;
    begin(&f, answers);
    store_add(&f, "/feed");
    open_poll(&f);
    wait_for_polls(&f, 1);
    assert_true(clock_wall() - begun < 2 * (int64_t)SECOND);
    assert_int_equal(f.bodies, 1);
    assert_true(f.last_first);
    assert_string_equal(f.last_body, "<rss>");
    assert_between(seconds_to_next(&f, 1), 269, 330);
    assert_non_null(strstr(server_header(f.server, 0, "Accept"), "application/rss+xml"));
    finish(&f);
}

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
    begin(&f, answers);
    store_add(&f, "/feed");
    open_poll(&f);
    wait_for_polls(&f, 1);
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
    static const struct answer answers[] = {
        {"/age", TEXT("<rss>", "Cache-Control: max-age=3600\r\n"), KEEP},
        {"/retry", "HTTP/1.1 429 Slow\r\nRetry-After: 7200\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/503", "HTTP/1.1 503 Slow\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/age429",
            "HTTP/1.1 429 Slow\r\nCache-Control: max-age=86400\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/ttl", TEXT("<rss>", ""), KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/age");
    store_add(&f, "/retry");
    store_add(&f, "/503");
    store_add(&f, "/age429");
    open_poll(&f);
    wait_for_polls(&f, 4);
    assert_between(seconds_to_next(&f, 1), 3590, 3960);
    assert_between(seconds_to_next(&f, 2), 7190, 7920);
    assert_between(seconds_to_next(&f, 3), 3590, 3960);
    assert_between(seconds_to_next(&f, 4), 86390, 95040);
    f.outcome.min_interval = 2 * HOUR;
    poll_add(f.poll, store_add(&f, "/ttl"));
    wait_for_polls(&f, 5);
    assert_between(seconds_to_next(&f, 5), 7190, 7920);
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
    begin(&f, answers);
    store_add(&f, "/feed");
    open_poll(&f);
    wait_for_polls(&f, 1);
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
    poll_counters(f.poll, &counters);
    assert_int_equal(counters.by_state[FEED_GONE], 1);
    assert_int_equal(counters.by_state[FEED_BLOCKED], 1);
    poll_now(f.poll, 1);
    wait_for_polls(&f, 4);
    assert_int_equal(look(&f, 1).state, FEED_OK);
    finish(&f);
}

static void finds_out_a_server_that_says_304_for_ever(void **state)
{
    static const struct answer answers[] = {{"/feed", TEXT("<rss>", "ETag: \"1\"\r\n"), KEEP},
        {"/feed", "HTTP/1.1 304 Not Modified\r\n\r\n", KEEP}, {0}};
    struct fixture f;
    int requests = 2;

    (void)state;
    begin(&f, answers);
    store_add(&f, "/feed");
    open_poll(&f);
    wait_for_polls(&f, 1);
    poll_again(&f, 1);
    assert_string_equal(server_header(f.server, 1, "If-None-Match"), "\"1\"");
    for (int64_t days = 0; look(&f, 1).failures == 0; days++) {
        assert_true(days < 8);
        *offset += DAY;
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
    begin(&f, answers);
    store_add(&f, "/feed");
    open_poll(&f);
    wait_for_polls(&f, 1);
    assert_string_equal(look(&f, 1).etag, "\"same\"");
    f.outcome.fresh = 1;
    poll_again(&f, 1);
    assert_null(look(&f, 1).etag);
    poll_again(&f, 1);
    assert_string_equal(server_header(f.server, 2, "If-None-Match"), "");
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
        cmocka_unit_test(keeps_validators_only_of_an_answer_that_was_read),
        cmocka_unit_test(reads_no_body_twice_that_has_not_changed),
        cmocka_unit_test(asks_more_often_while_there_is_news),
        cmocka_unit_test(waits_as_long_as_the_publisher_asks),
        cmocka_unit_test(backs_off_and_says_when_a_feed_fails_and_recovers),
        cmocka_unit_test(tells_gone_from_blocked_and_looks_again_weekly),
        cmocka_unit_test(finds_out_a_server_that_says_304_for_ever),
        cmocka_unit_test(distrusts_validators_that_hid_news),
        cmocka_unit_test(starts_without_a_burst),
        cmocka_unit_test(asks_nothing_while_the_gate_is_closed),
        cmocka_unit_test(forgets_a_feed_that_is_removed_while_it_is_asked_or_read),
        cmocka_unit_test(one_bad_host_delays_no_other_feed),
        cmocka_unit_test(writes_down_what_it_learned_when_it_ends),
        cmocka_unit_test(does_not_blame_a_feed_for_troubles_of_our_own),
        cmocka_unit_test(finds_feeds_by_url_and_keeps_their_titles_in_step),
    };

    own_the_clock();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
