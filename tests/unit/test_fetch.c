/* test_fetch.c - one GET against a real server that answers as it should, or not at all as it
 * should. */
#include "loop/fetch.h"

#include "base/clock.h"
#include "unit/http_server.h"

#include <setjmp.h>

#include <cmocka.h>

enum { MAX_BODY = 100000 };

/* What came back, copied, since a result is only lent. */
struct got {
    uv_loop_t *loop; /* stopped at each result */
    int calls;
    int code, status, redirects;
    char error[500], url[500], moved_to[500], etag[300], last_modified[100], address[64];
    bool has_moved_to, has_etag, has_last_modified;
    char *body, *headers;
    size_t body_len;
    int64_t retry_after, max_age, wire_bytes, elapsed;
};

struct fixture {
    uv_loop_t loop;
    struct conf conf;
    struct fetcher *fetcher;
    struct server *server;
    struct got got;
    bool closed;
};

static const char *const loopback[] = {"127.0.0.0/8", "::1", NULL};

static void keep_text(char *to, size_t size, bool *has, const char *text)
{
    snprintf(to, size, "%s", text == NULL ? "" : text);
    if (has != NULL)
        *has = text != NULL;
}

static char *copy_of(struct bytes text)
{
    char *copy = calloc(1, text.len + 1);

    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    return copy;
}

static void on_result(void *ctx, const struct fetch_result *result)
{
    struct got *got = ctx;

    free(got->body);
    free(got->headers);
    *got = (struct got){.loop = got->loop,
        .calls = got->calls + 1,
        .code = result->code,
        .status = result->status,
        .redirects = result->redirects,
        .body = copy_of(result->body),
        .headers = copy_of(result->headers),
        .body_len = result->body.len,
        .retry_after = result->retry_after,
        .max_age = result->max_age,
        .wire_bytes = result->wire_bytes,
        .elapsed = result->elapsed};
    keep_text(got->error, sizeof(got->error), NULL, result->error);
    keep_text(got->url, sizeof(got->url), NULL, result->url);
    keep_text(got->address, sizeof(got->address), NULL, result->address);
    keep_text(got->moved_to, sizeof(got->moved_to), &got->has_moved_to, result->moved_to);
    keep_text(got->etag, sizeof(got->etag), &got->has_etag, result->etag);
    keep_text(got->last_modified, sizeof(got->last_modified), &got->has_last_modified,
        result->last_modified);
    if (got->loop != NULL)
        uv_stop(got->loop);
}

static void open_with(
    struct fixture *fixture, const struct answer *answers, const char *const *allow)
{
    struct error err = {0};

    *fixture = (struct fixture){.conf.http = {.contact = "news@example.org",
                                    .user_agent = "",
                                    .per_host = 2,
                                    .timeout = 5 * SECOND,
                                    .max_body = MAX_BODY,
                                    .max_in_flight = 20,
                                    .ca_path = "/etc/ssl/certs",
                                    .allow = allow}};
    uv_loop_init(&fixture->loop);
    fixture->got.loop = &fixture->loop;
    assert_int_equal(fetcher_open(&fixture->loop, &fixture->conf, &fixture->fetcher, &err), OK);
    fixture->server = server_start(answers);
}

static void begin(struct fixture *fixture, const struct answer *answers)
{
    open_with(fixture, answers, loopback);
}

static void on_closed(void *ctx)
{
    *(bool *)ctx = true;
}

static void finish(struct fixture *fixture)
{
    fetcher_close(fixture->fetcher, on_closed, &fixture->closed);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_true(fixture->closed);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
    server_stop(fixture->server);
    free(fixture->got.body);
    free(fixture->got.headers);
}

static void wait_for(struct fixture *fixture, int calls)
{
    while (fixture->got.calls < calls)
        uv_run(&fixture->loop, UV_RUN_DEFAULT);
}

static struct got *get_request(struct fixture *fixture, struct fetch_request request)
{
    int calls = fixture->got.calls;
    uint64_t ticket = fetch_start(fixture->fetcher, &request, on_result, &fixture->got);

    assert_true(ticket != 0);
    assert_int_equal(fixture->got.calls, calls); /* never from within the call */
    wait_for(fixture, calls + 1);
    return &fixture->got;
}

static const char *url_of(const struct fixture *fixture, const char *path)
{
    static char url[600];

    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", fixture->server->port, path);
    return url;
}

static struct got *get(struct fixture *fixture, const char *path)
{
    return get_request(fixture, (struct fetch_request){.url = url_of(fixture, path)});
}

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
    assert_int_equal(server_count(f.server), 0);
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
    assert_int_equal(get(&f, "/")->code, E_LIMIT);
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
    finish(&f);
}

static void follows_redirects_and_tells_a_permanent_move(void **state)
{
    static const struct answer answers[] = {
        {"/perm",
            "HTTP/1.1 301 Moved\r\nLocation: sub/../two?x=1#frag\r\nContent-Length: 5\r\n\r\nmoved",
            KEEP},
        {"/two?x=1",
            "HTTP/1.1 308 Moved\r\nLOCATION: http://127.0.0.1:%PORT%/end\r\nContent-Length: "
            "0\r\n\r\n",
            KEEP},
        {"/temp", "HTTP/1.1 302 Found\r\nLocation: /perm2\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/perm2", "HTTP/1.1 301 Moved\r\nLocation: /end\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/end", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend", KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    assert_string_equal(get(&f, "/perm")->body, "end");
    assert_int_equal(f.got.redirects, 2);
    assert_string_equal(f.got.moved_to, url_of(&f, "/end"));
    assert_string_equal(f.got.url, url_of(&f, "/end"));
    assert_string_equal(get(&f, "/temp")->body, "end");
    assert_int_equal(f.got.redirects, 2);
    assert_false(f.got.has_moved_to);
    assert_int_equal(f.server->connections, 1);
    finish(&f);
}

static void follows_no_redirect_that_leads_nowhere_good(void **state)
{
    static const struct {
        const char *path, *text;
        int code;
    } wrong[] = {
        {"/loop", "HTTP/1.1 302 Found\r\nLocation: /loop2\r\nContent-Length: 0\r\n\r\n", E_FORMAT},
        {"/loop2", "HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n", E_FORMAT},
        {"/self", "HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\n\r\n", E_FORMAT},
        {"/none", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", E_FORMAT},
        {"/file", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
            E_REFUSED},
        {"/gopher",
            "HTTP/1.1 302 Found\r\nLocation: gopher://127.0.0.1:1/_x\r\nContent-Length: 0\r\n\r\n",
            E_REFUSED},
        {"/bad", "HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n",
            E_FORMAT},
        {"/inside", "HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n",
            E_REFUSED},
        {"/meta",
            "HTTP/1.1 301 Found\r\nLocation: //169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n",
            E_REFUSED},
    };
    struct answer answers[sizeof(wrong) / sizeof(wrong[0]) + 1] = {{0}};
    struct fixture f;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        answers[i] = (struct answer){wrong[i].path, wrong[i].text, KEEP};
    begin(&f, answers);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct got *got = get(&f, wrong[i].path);

        if (got->code != wrong[i].code || got->error[0] == '\0')
            fail_msg("%s: code %d: %s", wrong[i].path, got->code, got->error);
    }
    finish(&f);
}

static bool redirect_on(struct server *server, int fd, const char *head, void *ctx)
{
    int n = 0;

    (void)server;
    (void)ctx;
    sscanf(head, "GET /%d", &n);
    dprintf(fd, "HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n", n + 1);
    return true;
}

static void gives_up_after_ten_redirects(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.server->respond = redirect_on;
    assert_int_equal(get(&f, "/0")->code, E_LIMIT);
    assert_int_equal(server_count(f.server), 11);
    finish(&f);
}

static void tells_own_headers_and_validators_to_no_other_host(void **state)
{
    static const struct answer answers[] = {
        {"/away",
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:%PORT%/there\r\nContent-Length: "
            "0\r\n\r\n",
            KEEP},
        {"/near", "HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/end", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend", KEEP}, {0}};
    static const struct answer there[] = {
        {"/there", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthere", KEEP}, {0}};
    static const char *const headers[] = {"Authorization: Bearer s3cret", NULL};
    struct fixture f;
    struct server *other;
    char url[100];

    (void)state;
    begin(&f, answers);
    other = server_start_at("127.0.0.2", f.server->port, there);
    snprintf(url, sizeof(url), "http://user:pass@127.0.0.1:%d/away", f.server->port);
    get_request(&f, (struct fetch_request){
                        .url = url, .etag = "\"a\"", .last_modified = "x", .headers = headers});
    assert_string_equal(f.got.body, "there");
    assert_string_equal(server_header(f.server, 0, "If-None-Match"), "\"a\"");
    assert_string_equal(server_header(other, 0, "If-None-Match"), "");
    assert_string_equal(server_header(other, 0, "If-Modified-Since"), "");
    assert_string_equal(server_header(other, 0, "Authorization"), "");
    get_request(&f,
        (struct fetch_request){.url = url_of(&f, "/near"), .etag = "\"a\"", .headers = headers});
    assert_string_equal(server_header(f.server, -1, "If-None-Match"), "\"a\"");
    assert_string_equal(server_header(f.server, -1, "Authorization"), "Bearer s3cret");
    finish(&f);
    server_stop(other);
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

/* Every way to write a loopback or private address we know of; %d is the port of a server that must
 * not be reached. */
static const char *const hostile[] = {"http://127.0.0.1:%d/", "http://127.1:%d/",
    "http://127.0.1:%d/", "http://2130706433:%d/", "http://0x7f000001:%d/", "http://0x7f.0.0.1:%d/",
    "http://0177.0.0.1:%d/", "http://017700000001:%d/", "http://0x7f.1:%d/",
    "http://127.0.0.1.:%d/", "http://127.255.255.254:%d/", "http://0:%d/", "http://0.0.0.0:%d/",
    "http://localhost:%d/", "http://LOCALHOST.:%d/", "http://user@127.0.0.1:%d/",
    "http://example.org@127.0.0.1:%d/", "http://[::1]:%d/", "http://[::]:%d/",
    "http://[0:0:0:0:0:0:0:1]:%d/", "http://[::ffff:127.0.0.1]:%d/", "http://[::ffff:7f00:1]:%d/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:%d/", "http://[::127.0.0.1]:%d/",
    "http://[64:ff9b::7f00:1]:%d/", "http://[2002:7f00:1::]:%d/",
    "http://[2001:0:0:0:0:0:80ff:fffe]:%d/", "http://[fe80::1]:%d/", "http://[fe80::1%%25lo]:%d/",
    "http://10.0.0.1:%d/", "http://192.168.1.1:%d/", "http://169.254.169.254:%d/",
    "http://0xa9fea9fe:%d/", "http://[fd00::1]:%d/", "http://127.0.0.1:%d\\@example.org/",
    "http://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1:%d/", "http:127.0.0.1:%d/",
    "HTTP://127.0.0.1:%d/", NULL};

static void connects_to_no_private_address_however_it_is_written(void **state)
{
    struct fixture f;
    int refused = 0;

    (void)state;
    open_with(&f, NULL, NULL);
    for (size_t i = 0; hostile[i] != NULL; i++) {
        char url[200];
        struct got *got;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(url, sizeof(url), hostile[i], f.server->port);
#pragma GCC diagnostic pop
        got = get_request(&f, (struct fetch_request){.url = url});
        if (got->code == OK || got->error[0] == '\0')
            fail_msg("%s: code %d", url, got->code);
        refused += got->code == E_REFUSED;
    }
    assert_true(refused >= 25);
    assert_int_equal(f.server->connections, 0);
    finish(&f);
}

static void goes_round_no_guard_by_the_environment(void **state)
{
    static const struct answer answers[] = {
        {"/", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", KEEP}, {0}};
    struct fixture f;
    char proxy[100];

    (void)state;
    open_with(&f, answers, NULL);
    snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", f.server->port);
    setenv("http_proxy", proxy, 1);
    setenv("ALL_PROXY", proxy, 1);
    assert_int_equal(
        get_request(&f, (struct fetch_request){.url = "http://10.0.0.1/"})->code, E_REFUSED);
    assert_int_equal(f.server->connections, 0);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    finish(&f);
}

static void refuses_after_a_reload_also_over_an_open_connection(void **state)
{
    static const struct answer answers[] = {
        {"/", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    assert_int_equal(get(&f, "/")->code, OK);
    f.conf.http.allow = NULL;
    assert_int_equal(fetcher_reload(f.fetcher, &f.conf, NULL), OK);
    assert_int_equal(get(&f, "/")->code, E_REFUSED);
    assert_int_equal(server_count(f.server), 1);
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

static void asks_a_host_over_as_many_connections_as_it_may(void **state)
{
    static const struct answer answers[] = {
        {"/", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", KEEP}, {0}};
    struct fixture f;
    char url[100];

    (void)state;
    begin(&f, answers);
    snprintf(url, sizeof(url), "%s", url_of(&f, "/"));
    for (int i = 0; i < 50; i++)
        fetch_start(f.fetcher, &(struct fetch_request){.url = url}, on_result, &f.got);
    assert_int_equal(fetch_waiting(f.fetcher), 50);
    assert_int_equal(fetch_host_waiting(f.fetcher, url), 50);
    assert_int_equal(fetch_host_waiting(f.fetcher, "http://127.0.0.2/"), 0);
    wait_for(&f, 50);
    assert_int_equal(server_count(f.server), 50);
    assert_true(f.server->connections <= 2);
    assert_int_equal(fetch_waiting(f.fetcher), 0);
    assert_int_equal(fetch_in_flight(f.fetcher), 0);
    finish(&f);
}

static void leaves_time_between_two_requests_to_a_host(void **state)
{
    static const struct answer answers[] = {
        {"/", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", KEEP}, {0}};
    struct fixture f;
    int64_t begun;
    char url[100];

    (void)state;
    begin(&f, answers);
    f.conf.http.spacing = SECOND / 20;
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

static void is_not_held_up_by_a_host_that_hangs(void **state)
{
    static const struct answer hang[] = {{"/", "", HOLD}, {0}};
    static const struct answer good[] = {
        {"/", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", KEEP}, {0}};
    struct fixture f;
    struct server *other;
    struct got ignored = {0};
    char url[100];

    (void)state;
    begin(&f, hang);
    other = server_start_at("127.0.0.2", 0, good);
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

static void forgets_what_was_cancelled(void **state)
{
    static const struct answer answers[] = {
        {"/hold", "", HOLD}, {"/", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", KEEP}, {0}};
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
        cmocka_unit_test(bounds_the_headers_in_number_and_size),
        cmocka_unit_test(reads_past_early_hints),
        cmocka_unit_test(takes_no_leftovers_for_the_next_answer),
        cmocka_unit_test(ends_what_takes_too_long),
        cmocka_unit_test(follows_redirects_and_tells_a_permanent_move),
        cmocka_unit_test(follows_no_redirect_that_leads_nowhere_good),
        cmocka_unit_test(gives_up_after_ten_redirects),
        cmocka_unit_test(tells_own_headers_and_validators_to_no_other_host),
        cmocka_unit_test(tells_no_password_in_an_error),
        cmocka_unit_test(connects_to_no_private_address_however_it_is_written),
        cmocka_unit_test(goes_round_no_guard_by_the_environment),
        cmocka_unit_test(refuses_after_a_reload_also_over_an_open_connection),
        cmocka_unit_test(says_what_is_no_url),
        cmocka_unit_test(asks_a_host_over_as_many_connections_as_it_may),
        cmocka_unit_test(leaves_time_between_two_requests_to_a_host),
        cmocka_unit_test(is_not_held_up_by_a_host_that_hangs),
        cmocka_unit_test(forgets_what_was_cancelled),
        cmocka_unit_test(says_when_nobody_listens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
