/* test_fetch_redirect.c - where a GET may lead: redirects, and the addresses that are never
 * connected to however they are written. */
#include "unit/fetch_fixture.h"

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

static void tells_validators_to_who_gave_them_only(void **state)
{
    static const struct answer answers[] = {
        {"/away",
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:%PORT%/there?sign=2\r\n"
            "Content-Length: 0\r\n\r\n",
            KEEP},
        {"/near", "HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/end", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend", KEEP}, {0}};
    static const struct answer there[] = {
        {"/there?sign=2", "HTTP/1.1 304 Not Modified\r\n\r\n", KEEP}, {0}};
    struct fixture f;
    struct server *other;
    char validated[100];

    (void)state;
    begin(&f, answers);
    other = server_start_at("127.0.0.2", f.server->port, there);
    snprintf(validated, sizeof(validated), "http://127.0.0.2:%d/there", f.server->port);
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/away"),
                        .etag = "\"a\"",
                        .last_modified = "x",
                        .validated = validated});
    assert_int_equal(f.got.status, 304);
    assert_true(f.got.conditional);
    assert_string_equal(server_header(f.server, 0, "If-None-Match"), "");
    assert_string_equal(server_header(other, 0, "If-None-Match"), "\"a\"");
    assert_string_equal(server_header(other, 0, "If-Modified-Since"), "x");
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/away"), .etag = "\"a\""});
    assert_false(f.got.conditional);
    assert_string_equal(server_header(f.server, 1, "If-None-Match"), "\"a\"");
    assert_string_equal(server_header(other, 1, "If-None-Match"), "");
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/near"), .etag = "\"a\""});
    assert_string_equal(server_header(f.server, 2, "If-None-Match"), "\"a\"");
    assert_string_equal(server_header(f.server, 3, "If-None-Match"), "");
    finish(&f);
    server_stop(other);
}

static void tells_own_headers_to_no_other_host(void **state)
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
    get_request(&f, (struct fetch_request){.url = url, .headers = headers});
    assert_string_equal(f.got.body, "there");
    assert_string_equal(server_header(other, 0, "Authorization"), "");
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/near"), .headers = headers});
    assert_string_equal(server_header(f.server, -1, "Authorization"), "Bearer s3cret");
    finish(&f);
    server_stop(other);
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

static void asks_hosts_with_letters_by_their_ascii_name(void **state)
{
    static const struct answer answers[] = {
        {"/away",
            "HTTP/1.1 302 Found\r\nLocation: http://b\xc3\xbc"
            "cher.invalid/\xc3\xbc\r\nContent-Length: 0\r\n\r\n",
            KEEP},
        {"/caf%C3%A9?q=a%20b", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend", KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    get_request(&f, (struct fetch_request){.url = "http://b\xc3\xbc"
                                                  "cher.invalid/"});
    assert_int_not_equal(f.got.code, E_USAGE);
    assert_string_equal(f.got.url, "http://xn--bcher-kva.invalid/");
    get(&f, "/away");
    assert_string_equal(f.got.url, "http://xn--bcher-kva.invalid/%C3%BC");
    assert_string_equal(get(&f, "/caf\xc3\xa9?q=a b")->body, "end");
    finish(&f);
}

static void tells_nobody_a_login_in_an_address(void **state)
{
    static const struct answer answers[] = {
        {"/to",
            "HTTP/1.1 301 Moved\r\nLocation: http://desk:s3cret@127.0.0.1:%PORT%/end\r\n"
            "Content-Length: 0\r\n\r\n",
            KEEP},
        {"/loop",
            "HTTP/1.1 301 Moved\r\nLocation: http://desk:s3cret@127.0.0.1:%PORT%/loop\r\n"
            "Content-Length: 0\r\n\r\n",
            KEEP},
        {"/end", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend", KEEP}, {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    assert_string_equal(get(&f, "/to")->body, "end");
    assert_string_equal(f.got.url, url_of(&f, "/end"));
    assert_false(f.got.has_moved_to);
    assert_int_equal(get(&f, "/loop")->code, E_FORMAT);
    assert_null(strstr(f.got.error, "s3cret"));
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_redirects_and_tells_a_permanent_move),
        cmocka_unit_test(follows_no_redirect_that_leads_nowhere_good),
        cmocka_unit_test(gives_up_after_ten_redirects),
        cmocka_unit_test(tells_validators_to_who_gave_them_only),
        cmocka_unit_test(tells_own_headers_to_no_other_host),
        cmocka_unit_test(connects_to_no_private_address_however_it_is_written),
        cmocka_unit_test(goes_round_no_guard_by_the_environment),
        cmocka_unit_test(refuses_after_a_reload_also_over_an_open_connection),
        cmocka_unit_test(asks_hosts_with_letters_by_their_ascii_name),
        cmocka_unit_test(tells_nobody_a_login_in_an_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
