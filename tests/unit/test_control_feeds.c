/* test_control_feeds.c - what an operator does with feeds and addresses: refusals that change
 * nothing, an address tried, feeds found behind one. */
#include "unit/control_fixture.h"

#define HTTP(headers, body)                                                                        \
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: " headers "\r\n\r\n" body
#define RSS(rest)                                                                                  \
    "<rss version=\"2.0\"><channel><title>World</title>" rest                                      \
    "<item><title>One</title><link>http://a.example/1</link></item></channel></rss>"

static const struct answer site[] = {
    {"/feed", HTTP("application/rss+xml", RSS("")), CLOSE},
    {"/tagged", HTTP("application/rss+xml\r\nETag: \"1\"", RSS("")), CLOSE},
    {"/tagged", "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n", CLOSE},
    {"/lies", HTTP("application/rss+xml\r\nETag: \"1\"", RSS("")), CLOSE},
    {"/turns", HTTP("application/rss+xml\r\nETag: \"1\"", RSS("")), CLOSE},
    {"/turns", "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", CLOSE},
    {"/moved", "HTTP/1.1 301 M\r\nLocation: /feed\r\nContent-Length: 0\r\n\r\n", KEEP},
    {"/found", "HTTP/1.1 302 F\r\nLocation: /feed\r\nContent-Length: 0\r\n\r\n", KEEP},
    {"/seldom", HTTP("application/rss+xml\r\nCache-Control: max-age=7200", RSS("")), CLOSE},
    {"/ttl", HTTP("application/rss+xml", RSS("<ttl>180</ttl>")), CLOSE},
    {"/cookie", HTTP("application/rss+xml\r\nSet-Cookie: a=b", RSS("")), CLOSE},
    {"/hub", HTTP("application/rss+xml\r\nLink: <http://hub.example/>; rel=\"hub\"", RSS("")),
        CLOSE},
    {"/busy", "HTTP/1.1 503 B\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n", KEEP},
    {"/closed", "HTTP/1.1 403 F\r\nContent-Length: 0\r\n\r\n", KEEP},
    {"/broken", "HTTP/1.1 500 E\r\nContent-Length: 0\r\n\r\n", KEEP},
    {"/teapot", "HTTP/1.1 418 T\r\nContent-Length: 0\r\n\r\n", KEEP},
    {"/reset", "", RESET},
    {"/page",
        HTTP("text/html", "<html><head><title>A site</title></head><body>Hello</body></html>"),
        CLOSE},
    {"/names",
        HTTP("text/html",
            "<html><head><link rel=alternate type=application/rss+xml href=/feed title=All>"
            "<link rel=alternate type=application/rss+xml href=/moved>"
            "<link rel=alternate type=application/rss+xml href=/closed>"
            "<link rel=alternate type=application/rss+xml href=/page>"
            "<link rel=alternate type=application/rss+xml href=javascript:x>"
            "</head></html>"),
        CLOSE},
    {NULL, NULL, CLOSE},
};

static void refusals_change_nothing(void **state)
{
    static const struct {
        const char *line, *code, *part;
    } cases[] = {
        {"{\"cmd\":\"feeds.list\",\"state\":\"of the art\"}", "usage", "no state"},
        {"{\"cmd\":\"feeds.list\",\"state\":\"OK\"}", "usage", "no state 'OK'"},
        {"{\"cmd\":\"feeds.history\"}", "not-found", "no feed"},
        {"{\"cmd\":\"feeds.history\",\"feed\":\"f0000004\"}", "not-found", "no feed f0000004"},
        {"{\"cmd\":\"feeds.show\",\"feed\":\"-1\"}", "not-found", "no feed -1"},
        {"{\"cmd\":\"feeds.show\",\"feed\":0}", "not-found", "no feed"},
        {"{\"cmd\":\"feeds.show\",\"feed\":\"ff0000001\"}", "not-found", "no feed"},
        {"{\"cmd\":\"feeds.remove\"}", "not-found", "no feed"},
        {"{\"cmd\":\"feeds.remove\",\"feed\":\"http://a.example/\"}", "not-found", "a.example"},
        {"{\"cmd\":\"feeds.remove\",\"feed\":[\"f0000001\"]}", "not-found", "no feed"},
        {"{\"cmd\":\"poll-now\",\"feed\":\"f0000009\"}", "not-found", "no feed f0000009"},
        {"{\"cmd\":\"poll-now\"}", "not-found", "no feed"},
        {"{\"cmd\":\"feeds.test\"}", "usage", ""},
        {"{\"cmd\":\"feeds.test\",\"url\":\"ftp://a.example/\"}", "usage", "ftp"},
        {"{\"cmd\":\"feeds.test\",\"url\":\"http://\"}", "usage", ""},
        {"{\"cmd\":\"feeds.discover\"}", "usage", ""},
        {"{\"cmd\":\"feeds.discover\",\"url\":\"file:///etc/passwd\"}", "usage", ""},
        {"{\"cmd\":\"feeds.discover\",\"url\":7}", "usage", ""},
    };
    struct fixture *f = *state;
    struct poll_counters counters = {0};

    add_three(f);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        is_refused(ask(f, cases[i].line), cases[i].code, cases[i].part);
    poll_counters(f->view.poll, &counters);
    assert_int_equal(counters.feeds, 3);
    assert_int_equal(server_count(f->server), 0);
}

/* A password that somebody pastes with an address is not said back. */
static void a_password_in_an_address_is_not_said_back(void **state)
{
    static const char *const commands[] = {
        "feeds.test", "feeds.discover", "feeds.show", "feeds.remove", "feeds.history", "poll-now"};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        struct bytes line = bytes_format(f->arena,
            "{\"cmd\":\"%s\",\"url\":\"http://me:hunter2@a.example/f\","
            "\"feed\":\"http://me:hunter2@a.example/f\"}\n",
            commands[i]);
        const char *answer;

        say(f->fd, line.ptr);
        answer = hear(f, f->fd);
        assert_non_null(strstr(answer, "\"error\""));
        assert_null(strstr(answer, "hunter2"));
    }
}

static void feeds_are_listed_by_their_state(void **state)
{
    struct fixture *f = *state;

    add_three(f);
    assert_non_null(
        json_get(ask(f, "{\"cmd\":\"feeds.list\",\"state\":\"new\",\"limit\":1}"), "feed"));
    assert_true(json_get_bool(next(f), "more", false));
    assert_false(
        json_get_bool(ask(f, "{\"cmd\":\"feeds.list\",\"state\":\"gone\"}"), "more", true));
}

/* Only what the operator says to set is another one afterwards. */
static void a_feed_that_is_followed_is_changed_when_that_is_asked(void **state)
{
    static const struct {
        const char *wanted, *title, *tags;
        bool changed;
    } cases[] = {
        {"\"title\":\"Other\",\"tags\":\"x\"", "A", "", false},
        {"\"title\":\"Other\",\"set_title\":true", "Other", "", true},
        {"\"title\":\"Other\",\"set_title\":true", "Other", "", false},
        {"\"tags\":\"x, y\",\"set_tags\":true", "Other", "x, y", true},
        {"\"title\":\"B\",\"tags\":\"z\",\"set_title\":true,\"set_tags\":true", "B", "z", true},
        {"\"set_tags\":true", "B", "", true},
        {"\"title\":7,\"set_title\":\"yes\"", "B", "", false},
    };
    struct fixture *f = *state;

    add_three(f);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct json *line =
            ask(f, bytes_format(f->arena,
                       "{\"cmd\":\"feeds.add\",\"feeds\":[{\"url\":\"http://a.example/f\",%s}]}",
                       cases[i].wanted)
                       .ptr);

        assert_false(json_get_bool(line, "added", true));
        assert_int_equal(json_get_bool(line, "changed", !cases[i].changed), cases[i].changed);
        assert_true(json_get_bool(next(f), "done", false));
        line = json_get(ask(f, "{\"cmd\":\"feeds.show\",\"feed\":1}"), "feed");
        assert_true(bytes_is(json_get_text(line, "title"), cases[i].title));
    }
}

static void texts_of_a_feed_have_a_length(void **state)
{
    struct fixture *f = *state;
    struct buf line = {0};
    struct bytes title;

    buf_add_cstr(
        &line, "{\"cmd\":\"feeds.add\",\"feeds\":[{\"url\":\"http://a.example/f\",\"title\":\"");
    for (int i = 0; i < 1000; i++)
        buf_add_cstr(&line, "\xc3\xa9"); /* two bytes each: not cut within one */
    buf_add_cstr(&line, "x\"}]}");
    assert_true(json_get_bool(ask(f, buf_cstr(&line)), "added", false));
    assert_true(json_get_bool(next(f), "done", false));
    title = json_get_text(json_get(ask(f, "{\"cmd\":\"feeds.show\",\"feed\":1}"), "feed"), "title");
    assert_in_range(title.len, STORE_TITLE - 10, STORE_TITLE);
    assert_true(bytes_starts(title, LIT("\xc3\xa9")));
    buf_done(&line);
}

/* What `feeds test` finds odd, of what the server says. */
static void an_address_that_is_tried_shows_what_is_odd(void **state)
{
    static const struct {
        const char *path, *odd;
        int status;
    } cases[] = {
        {"/feed", "neither ETag nor Last-Modified", 200},
        {"/lies", "its validators are not honoured", 200},
        {"/turns", "asked with its validators it answers 500", 200},
        {"/moved", "it has moved for good", 200},
        {"/found", "each poll takes 2 requests", 200},
        {"/cookie", "it sets a cookie", 200},
        {"/busy", "asks not to be asked now (503)", 503},
        {"/closed", "does not let it be read (403)", 403},
        {"/broken", "trouble of its own (500)", 500},
        {"/teapot", "418 is no answer with a feed", 418},
        {"/absent", "no such document (404)", 404},
    };
    struct fixture *f = *state;

    f->server->answers = site;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct json *test = json_get(ask_about(f, "feeds.test", cases[i].path), "test");
        const struct json *odd = json_get(test, "oddities");
        bool found = false;

        assert_int_equal(json_get_int(json_get(test, "http"), "status", 0), cases[i].status);
        for (const struct json *o = odd->first; o != NULL; o = o->next)
            found = found || bytes_find(json_text(o), bytes_of(cases[i].odd)) != SIZE_MAX;
        if (!found)
            fail_msg("%s: not found odd: %s", cases[i].path, cases[i].odd);
        assert_int_equal(json_get(test, "report") != NULL, cases[i].status == 200);
    }
}

static void a_feed_that_keeps_its_validators_is_not_odd_for_that(void **state)
{
    struct fixture *f = *state;
    const struct json *test;

    f->server->answers = site;
    test = json_get(ask_about(f, "feeds.test", "/tagged"), "test");
    assert_int_equal(json_get_int(test, "statusAgain", 0), 304);
    assert_null(json_get(test, "oddities")->first);
    assert_true(bytes_is(json_get_text(json_get(test, "http"), "etag"), "\"1\""));
}

static void an_address_that_is_tried_shows_how_often_it_would_be_asked(void **state)
{
    static const struct {
        const char *path, *because;
        int every;
    } cases[] = {{"/seldom", "max-age", 7200}, {"/ttl", "document", 10800}};
    struct fixture *f = *state;

    f->server->answers = site;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct json *poll =
            json_get(json_get(ask_about(f, "feeds.test", cases[i].path), "test"), "poll");

        assert_true(bytes_is(json_get_text(poll, "becauseOf"), cases[i].because));
        assert_int_equal(atoi(bytes_cstr(f->arena, json_get_text(poll, "every"))), cases[i].every);
    }
}

static void an_address_that_is_tried_shows_hubs_and_what_is_no_feed(void **state)
{
    struct fixture *f = *state;
    const struct json *test;

    f->server->answers = site;
    test = json_get(ask_about(f, "feeds.test", "/hub"), "test");
    assert_true(bytes_is(json_text(json_get(test, "hubs")->first), "http://hub.example/"));
    test = json_get(ask_about(f, "feeds.test", "/page"), "test");
    assert_null(json_get(test, "report"));
    assert_true(json_get_text(test, "unread").len > 0);
    test = json_get(ask_about(f, "feeds.test", "/reset"), "test");
    assert_true(json_get_text(test, "unread").len > 0);
    assert_null(json_get(test, "http"));
}

/* Nothing of what was tried is followed; a feed that is followed is named. */
static void an_address_that_is_tried_is_not_followed(void **state)
{
    struct fixture *f = *state;
    struct poll_counters counters = {0};
    const struct json *line;

    f->server->answers = site;
    assert_null(json_get(json_get(ask_about(f, "feeds.test", "/feed"), "test"), "followed"));
    poll_counters(f->view.poll, &counters);
    assert_int_equal(counters.feeds, 0);
    line = ask(f, bytes_format(f->arena,
                      "{\"cmd\":\"feeds.add\",\"feeds\":[{\"url\":\"http://127.0.0.1:%d/feed\"}]}",
                      f->server->port)
                      .ptr);
    assert_true(json_get_bool(line, "added", false));
    assert_true(json_get_bool(next(f), "done", false));
    line = json_get(ask_about(f, "feeds.test", "/feed"), "test");
    assert_true(bytes_is(json_get_text(line, "followed"), "f0000001"));
}

static void a_page_leads_to_the_feeds_it_names(void **state)
{
    struct fixture *f = *state;
    const struct json *line;

    f->server->answers = site;
    line = json_get(ask_about(f, "feeds.discover", "/names"), "found");
    assert_true(bytes_ends(json_get_text(line, "url"), LIT("/feed")));
    assert_true(bytes_is(json_get_text(line, "title"), "World")); /* its own, not the page's word */
    assert_int_equal(json_get_int(line, "items", 0), 1);
    assert_true(json_get_bool(next(f), "done", false)); /* /moved leads to the same */
}

static void a_feed_is_found_at_its_own_address(void **state)
{
    static const struct {
        const char *path, *found;
    } cases[] = {{"/feed", "/feed"}, {"/moved", "/feed"}, {"/found", "/found"}, {"/hub", "/hub"}};
    struct fixture *f = *state;

    f->server->answers = site;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct json *line = json_get(ask_about(f, "feeds.discover", cases[i].path), "found");

        assert_true(bytes_ends(json_get_text(line, "url"), bytes_of(cases[i].found)));
        assert_int_equal(json_get_bool(line, "hub", false), strcmp(cases[i].path, "/hub") == 0);
        assert_true(json_get_bool(next(f), "done", false));
    }
}

static void an_address_behind_which_is_nothing_says_why(void **state)
{
    static const struct {
        const char *path, *code, *part;
    } cases[] = {{"/reset", "network", "/reset: "}, {"/absent", "network", "answers 404"}};
    struct fixture *f = *state;

    f->server->answers = site;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        is_refused(ask_about(f, "feeds.discover", cases[i].path), cases[i].code, cases[i].part);
}

/* Robots are kept from pages more often than from feeds. */
static void a_page_that_is_refused_is_no_end(void **state)
{
    static const struct answer closed[] = {
        {"/deep/page", "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", CLOSE}, {NULL, NULL, CLOSE}};
    struct fixture *f = *state;

    f->server->answers = closed;
    is_refused(ask_about(f, "feeds.discover", "/deep/page"), "network", "the server answers 403");
    assert_in_range(server_count(f->server), 10, 30);
}

static void a_page_that_is_refused_leads_to_feeds_all_the_same(void **state)
{
    struct fixture *f = *state;

    f->server->answers = site;
    assert_non_null(json_get(ask_about(f, "feeds.discover", "/closed"), "found"));
}

/* However much is tried, it is bounded: the page, the usual places, robots.txt, sitemaps. */
static void a_page_without_any_feed_costs_few_requests(void **state)
{
    static const struct answer lone[] = {
        {"/deep/page", HTTP("text/html", "<html>Hello</html>"), CLOSE}, {NULL, NULL, CLOSE}};
    struct fixture *f = *state;

    f->server->answers = lone;
    is_refused(ask_about(f, "feeds.discover", "/deep/page"), "not-found", "no feed at");
    assert_in_range(server_count(f->server), 10, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DAEMON(refusals_change_nothing),
        WITH_DAEMON(a_password_in_an_address_is_not_said_back),
        WITH_DAEMON(feeds_are_listed_by_their_state),
        WITH_DAEMON(a_feed_that_is_followed_is_changed_when_that_is_asked),
        WITH_DAEMON(texts_of_a_feed_have_a_length),
        WITH_DAEMON(an_address_that_is_tried_shows_what_is_odd),
        WITH_DAEMON(a_feed_that_keeps_its_validators_is_not_odd_for_that),
        WITH_DAEMON(an_address_that_is_tried_shows_how_often_it_would_be_asked),
        WITH_DAEMON(an_address_that_is_tried_shows_hubs_and_what_is_no_feed),
        WITH_DAEMON(an_address_that_is_tried_is_not_followed),
        WITH_DAEMON(a_page_leads_to_the_feeds_it_names),
        WITH_DAEMON(a_feed_is_found_at_its_own_address),
        WITH_DAEMON(an_address_behind_which_is_nothing_says_why),
        WITH_DAEMON(a_page_that_is_refused_is_no_end),
        WITH_DAEMON(a_page_that_is_refused_leads_to_feeds_all_the_same),
        WITH_DAEMON(a_page_without_any_feed_costs_few_requests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
