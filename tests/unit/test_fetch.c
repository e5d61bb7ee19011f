/* test_fetch.c - one GET against a real server that answers as it should, or not at all as it
 * should. */
#include "unit/fetch_fixture.h"

static void brings_back_the_whole_answer(void **state)
{
    static const struct answer answers[] = {
        {"/feed",
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nETag: W/\"a b\"\r\nLast-Modified: "
            "Yesterday-ish \r\n"
            "Cache-Control: max-age=600\r\nAge: 60\r\nContent-Length: 5\r\n\r\n<rss>",
            KEEP},
        {0}};
    struct fixture f;
    struct got *got;

    (void)state;
    begin(&f, answers);
    got = get(&f, "/feed");
    assert_int_equal(got->code, OK);
    assert_int_equal(got->status, 200);
    assert_string_equal(got->body, "<rss>");
    assert_string_equal(got->etag, "W/\"a b\"");
    assert_string_equal(got->last_modified, "Yesterday-ish");
    assert_true(got->max_age == 540 * (int64_t)SECOND);
    assert_true(got->retry_after == -1);
    assert_string_equal(got->address, "127.0.0.1");
    assert_string_equal(got->url, url_of(&f, "/feed"));
    assert_false(got->has_moved_to);
    assert_non_null(strstr(got->headers, "content-type: text/xml\n"));
    assert_true(got->wire_bytes > 5);
    finish(&f);
}

static void says_who_asks_and_sends_nothing_needless(void **state)
{
    static const struct answer answers[] = {
        {"/", "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n", KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    get_request(
        &f, (struct fetch_request){.url = url_of(&f, "/"), .accept = "application/rss+xml"});
    assert_string_equal(server_header(f.server, 0, "User-Agent"),
        "wireroom/" WIREROOM_VERSION " (+news@example.org)");
    assert_string_equal(server_header(f.server, 0, "Accept-Encoding"), "gzip, br, zstd");
    assert_string_equal(server_header(f.server, 0, "Accept"), "application/rss+xml");
    get(&f, "/");
    assert_string_equal(server_header(f.server, 1, "Accept"), "*/*");
    assert_string_equal(server_header(f.server, 1, "Cookie"), "");
    assert_string_equal(server_header(f.server, 1, "Referer"), "");
    assert_string_equal(server_header(f.server, 1, "If-None-Match"), "");
    assert_int_equal(f.server->connections, 1);
    finish(&f);
}

static void sends_validators_and_own_headers_byte_for_byte(void **state)
{
    static const struct answer answers[] = {
        {"/", "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", KEEP}, {0}};
    static const char *const headers[] = {"X-Key: s3cret", "A-IM: feed", NULL};
    struct fixture f;
    struct got *got;

    (void)state;
    begin(&f, answers);
    got = get_request(&f, (struct fetch_request){.url = url_of(&f, "/"),
                              .etag = "W/\"a\"b,  \xe9",
                              .last_modified = "Sat, 1 jan 2000",
                              .headers = headers});
    assert_int_equal(got->status, 304);
    assert_int_equal(got->code, OK);
    assert_string_equal(server_header(f.server, 0, "If-None-Match"), "W/\"a\"b,  \xe9");
    assert_string_equal(server_header(f.server, 0, "If-Modified-Since"), "Sat, 1 jan 2000");
    assert_string_equal(server_header(f.server, 0, "X-Key"), "s3cret");
    assert_string_equal(server_header(f.server, 0, "A-IM"), "feed");
    finish(&f);
}

static void lets_no_header_end_its_line(void **state)
{
    static const char *const evil[] = {"X: a\r\nHost: evil", NULL};
    static const char *const none[] = {"no colon", NULL};
    static const char plain[] = "\"an ~\xc3\xa9t\xc3\xa9-\xff 0123456\"";
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    assert_int_equal(
        get_request(&f, (struct fetch_request){.url = url_of(&f, "/"), .headers = evil})->code,
        E_USAGE);
    assert_int_equal(
        get_request(&f, (struct fetch_request){.url = url_of(&f, "/"), .headers = none})->code,
        E_USAGE);
    assert_int_equal(
        get_request(&f, (struct fetch_request){.url = url_of(&f, "/"), .etag = "\"\r\nX: y\""})
            ->code,
        E_USAGE);
    for (size_t at = 0; at < sizeof(plain) - 1; at++) { /* it is looked at in eights */
        char etag[sizeof(plain)];

        memcpy(etag, plain, sizeof(plain));
        etag[at] = "\n\r\x01\x1f\x7f"[at % 5];
        assert_int_equal(
            get_request(&f, (struct fetch_request){.url = url_of(&f, "/"), .etag = etag})->code,
            E_USAGE);
    }
    assert_int_equal(server_count(f.server), 0);
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/"), .etag = plain});
    assert_int_equal(server_count(f.server), 1);
    finish(&f);
}

static bool send_nul(struct server *server, int fd, const char *head, void *ctx)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na\0b";

    (void)server;
    (void)head;
    (void)ctx;
    server_send(fd, text, sizeof(text) - 1);
    return true;
}

static void hands_out_the_body_as_it_came_over_the_wire(void **state)
{
    static const struct answer answers[] = {
        {"/gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnot!",
            KEEP},
        {"/chunks",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
            "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nETag: \"trailer\"\r\n\r\n",
            KEEP},
        {0}};
    struct fixture f;
    struct got *got;

    (void)state;
    begin(&f, answers);
    assert_string_equal(get(&f, "/gzip")->body, "not!");
    assert_non_null(strstr(f.got.headers, "content-encoding: gzip\n"));
    got = get(&f, "/chunks");
    assert_string_equal(got->body, "abcde");
    assert_false(got->has_etag);
    f.server->respond = send_nul;
    assert_int_equal(get(&f, "/nul")->body_len, 3);
    finish(&f);
}

static void names_the_url_and_the_trouble_of_a_broken_answer(void **state)
{
    static const struct {
        const char *path, *text;
        enum after after;
        int code;
    } broken[] = {
        {"/close", "", CLOSE, E_NETWORK},
        {"/reset", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", RESET, E_NETWORK},
        {"/half", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", CLOSE, E_NETWORK},
        {"/chunk-noend", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", CLOSE,
            E_NETWORK},
        {"/chunk-bad", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n", CLOSE,
            E_NETWORK},
        {"/http09", "<rss></rss>", CLOSE, E_FORMAT},
        {"/bad-status", "HTTP/1.1 2OO OK\r\n\r\nabc", CLOSE, E_FORMAT},
        {"/two-lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
            CLOSE, E_FORMAT},
        {"/negative", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabcde", CLOSE, E_FORMAT},
        {"/huge-length", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabcde",
            CLOSE, E_LIMIT},
        {"/too-long", "HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\nabcde", HOLD, E_LIMIT},
    };
    struct answer answers[sizeof(broken) / sizeof(broken[0]) + 1] = {{0}};
    struct fixture f;

    (void)state;
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
        answers[i] = (struct answer){broken[i].path, broken[i].text, broken[i].after};
    begin(&f, answers);
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct got *got = get(&f, broken[i].path);

        if (got->code != broken[i].code)
            fail_msg("%s: code %d: %s", broken[i].path, got->code, got->error);
        assert_non_null(strstr(got->error, url_of(&f, broken[i].path)));
    }
    finish(&f);
}

static bool send_forever(struct server *server, int fd, const char *head, void *ctx)
{
    static const char chunk[4096] = {'x'};
    const char *first = ctx;

    (void)server;
    (void)head;
    server_print(fd, first);
    for (int i = 0; i < 10000; i++)
        if (send(fd, chunk, sizeof(chunk), MSG_NOSIGNAL) <= 0)
            break;
    return false;
}

static void bounds_the_body_while_it_arrives(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.server->ctx = (void *)"HTTP/1.1 200 OK\r\n\r\n";
    f.server->respond = send_forever;
    assert_int_equal(get(&f, "/")->code, E_LIMIT);
    assert_non_null(strstr(f.got.error, "100000 bytes"));
    assert_true(f.got.wire_bytes < 2 * MAX_BODY);
    assert_int_equal(
        get_request(&f, (struct fetch_request){.url = url_of(&f, "/"), .max_body = 10})->code,
        E_LIMIT);
    assert_true(f.got.body_len <= 10);
    f.server->ctx = (void *)"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n";
    assert_int_equal(get(&f, "/")->code, E_FORMAT); /* round in a circle */
    assert_true(f.got.wire_bytes < MAX_BODY);
    finish(&f);
}

static bool send_headers(struct server *server, int fd, const char *head, void *ctx)
{
    (void)server;
    (void)head;
    server_print(fd, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 5000; i++)
        server_print(fd, ctx);
    server_print(fd, "Content-Length: 0\r\n\r\n");
    return false;
}

static void cuts_a_body_where_that_was_asked_for(void **state)
{
    static const struct answer answers[] = {
        {"/told", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n123456789012", KEEP},
        {"/untold", "HTTP/1.1 200 OK\r\n\r\n123456789012", CLOSE},
        {"/short", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n123", CLOSE}, {0}};
    static const char *const whole[] = {"/told", "/untold"};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    for (size_t i = 0; i < 2; i++) {
        get_request(
            &f, (struct fetch_request){.url = url_of(&f, whole[i]), .max_body = 4, .cut = true});
        assert_int_equal(f.got.code, OK);
        assert_int_equal(f.got.status, 200);
        assert_string_equal(f.got.body, "1234");
    }
    get_request(
        &f, (struct fetch_request){.url = url_of(&f, "/short"), .max_body = 4, .cut = true});
    assert_int_equal(f.got.code, E_NETWORK);
    finish(&f);
}

static void bounds_the_headers_in_number_and_size(void **state)
{
    char line[2000];
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.server->respond = send_headers;
    f.server->ctx = (void *)"X: y\r\n";
    assert_int_equal(get(&f, "/")->code, E_LIMIT);
    assert_non_null(strstr(f.got.error, "header lines"));
    f.server->ctx =
        (void *)"\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n";
    assert_int_equal(get(&f, "/")->code, E_LIMIT);
    snprintf(line, sizeof(line), "X: %01900d\r\n", 0);
    f.server->ctx = line;
    assert_int_equal(get(&f, "/")->code, E_LIMIT);
    assert_non_null(strstr(f.got.error, "headers of over"));
    finish(&f);
}

static void reads_past_early_hints(void **state)
{
    static const struct answer answers[] = {
        {"/",
            "HTTP/1.1 103 Early Hints\r\nETag: \"early\"\r\n\r\nHTTP/1.1 200 OK\r\nETag: "
            "\"late\"\r\nContent-Length: 2\r\n\r\nok",
            KEEP},
        {0}};
    struct fixture f;
    struct got *got;

    (void)state;
    begin(&f, answers);
    got = get(&f, "/");
    assert_int_equal(got->code, OK);
    assert_int_equal(got->status, 200);
    assert_string_equal(got->etag, "\"late\"");
    finish(&f);
}

static void takes_no_leftovers_for_the_next_answer(void **state)
{
    static const struct answer answers[] = {
        {"/304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello", KEEP},
        {"/junk",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: "
            "4\r\n\r\nevil",
            KEEP},
        {"/good", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood", KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    assert_int_equal(get(&f, "/304")->status, 304);
    assert_int_equal(f.got.body_len, 0);
    assert_string_equal(get(&f, "/good")->body, "good");
    assert_string_equal(get(&f, "/junk")->body, "ok");
    assert_string_equal(get(&f, "/good")->body, "good");
    finish(&f);
}

static void ends_what_takes_too_long(void **state)
{
    static const struct answer answers[] = {
        {"/stall", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>", HOLD},
        {"/silent", "", HOLD}, {"/headers", "HTTP/1.1 200 OK\r\nX: ", HOLD}, {0}};
    struct fixture f;
    char url[60];

    (void)state;
    begin(&f, answers);
    f.conf.http.timeout = SECOND / 5;
    assert_int_equal(fetcher_reload(f.fetcher, &f.conf, NULL), OK);
    assert_int_equal(get(&f, "/stall")->code, E_TIMEOUT);
    assert_non_null(strstr(f.got.error, "/stall: the body was not complete"));
    assert_true(f.got.elapsed >= SECOND / 5 && f.got.elapsed < 3 * SECOND);
    assert_int_equal(get(&f, "/silent")->code, E_TIMEOUT);
    assert_non_null(strstr(f.got.error, "no answer came"));
    assert_int_equal(get(&f, "/headers")->code, E_TIMEOUT);
    snprintf(url, sizeof(url), "https://127.0.0.1:%d/", f.server->port); /* it waits for a line */
    assert_int_equal(get_request(&f, (struct fetch_request){.url = url})->code, E_TIMEOUT);
    assert_non_null(strstr(f.got.error, "no TLS connection came about"));
    finish(&f);
}

static void tells_no_password_in_an_error(void **state)
{
    static const struct answer answers[] = {{"/", "", CLOSE}, {0}};
    struct fixture f;
    char url[100];

    (void)state;
    begin(&f, answers);
    snprintf(url, sizeof(url), "http://user:s3cret@127.0.0.1:%d/", f.server->port);
    get_request(&f, (struct fetch_request){.url = url});
    assert_null(strstr(f.got.error, "s3cret"));
    assert_non_null(strstr(f.got.error, "http://127.0.0.1:"));
    finish(&f);
}

static void says_what_is_no_url(void **state)
{
    static const char *const wrong[] = {"", "example.org", "ftp://example.org/",
        "file:///etc/passwd", "http://", "http:///x", "http://[::1", "http://a b/", "https://:80/",
        NULL};
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    for (size_t i = 0; wrong[i] != NULL; i++) {
        struct got *got = get_request(&f, (struct fetch_request){.url = wrong[i]});

        if (got->code != E_USAGE)
            fail_msg("%s: code %d: %s", wrong[i], got->code, got->error);
    }
    finish(&f);
}

static void says_when_nobody_listens(void **state)
{
    struct fixture f;
    char url[100];
    struct server *gone;

    (void)state;
    begin(&f, NULL);
    gone = server_start(NULL);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/", gone->port);
    server_stop(gone);
    assert_int_equal(get_request(&f, (struct fetch_request){.url = url})->code, E_NETWORK);
    assert_non_null(strstr(f.got.error, url));
    assert_int_equal(
        get_request(&f, (struct fetch_request){.url = "http://no-such-host.invalid/"})->code,
        E_NETWORK);
    assert_non_null(strstr(f.got.error, "no-such-host.invalid"));
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brings_back_the_whole_answer),
        cmocka_unit_test(says_who_asks_and_sends_nothing_needless),
        cmocka_unit_test(sends_validators_and_own_headers_byte_for_byte),
        cmocka_unit_test(lets_no_header_end_its_line),
        cmocka_unit_test(hands_out_the_body_as_it_came_over_the_wire),
        cmocka_unit_test(names_the_url_and_the_trouble_of_a_broken_answer),
        cmocka_unit_test(bounds_the_body_while_it_arrives),
        cmocka_unit_test(cuts_a_body_where_that_was_asked_for),
        cmocka_unit_test(bounds_the_headers_in_number_and_size),
        cmocka_unit_test(reads_past_early_hints),
        cmocka_unit_test(takes_no_leftovers_for_the_next_answer),
        cmocka_unit_test(ends_what_takes_too_long),
        cmocka_unit_test(tells_no_password_in_an_error),
        cmocka_unit_test(says_what_is_no_url),
        cmocka_unit_test(says_when_nobody_listens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
