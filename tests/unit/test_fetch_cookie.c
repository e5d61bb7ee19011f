/* test_fetch_cookie.c - cookies within one request: what a hop sets goes to which later hop. */
#include "unit/fetch_fixture.h"

#include "fetch/cookie.h"

static const char *sent(const char *from, const char *headers, const char *to)
{
    static char text[COOKIE_JAR];
    struct buf jar = {.limit = COOKIE_JAR};
    struct buf out = {0};

    cookies_take(&jar, from, bytes_of(headers), 1000000000);
    cookies_write(buf_bytes(&jar), to, &out);
    snprintf(text, sizeof(text), "%s", buf_cstr(&out));
    buf_done(&jar);
    buf_done(&out);
    return text;
}

static void sends_a_cookie_where_a_browser_would(void **state)
{
    static const struct {
        const char *from, *line, *to, *sent;
    } cases[] = {
        {"http://a.example/x", "set-cookie: s=1; Path=/\n", "http://a.example/y", "s=1"},
        {"http://a.example/x", "set-cookie: s=1\nset-cookie: t=2\n", "http://a.example/",
            "s=1; t=2"},
        {"http://a.example/x", "set-cookie: s=1\n", "http://a.example:81/?q=/z", "s=1"},
        {"http://a.example/x", "set-cookie: s=1\n", "http://b.example/", ""},
        {"http://a.example/x", "set-cookie: s=1\n", "http://sub.a.example/", ""},
        {"http://www.a.example/x", "set-cookie: s=1; domain=.A.Example\n", "http://b.a.example/",
            "s=1"},
        {"http://www.a.example/x", "set-cookie: s=1; domain=a.example\n", "http://xa.example/", ""},
        {"http://www.a.example/x", "set-cookie: s=1; domain=b.example\n", "http://b.example/", ""},
        {"http://www.a.example/x", "set-cookie: s=1; domain=example\n", "http://b.example/", ""},
        {"http://127.0.0.1/x", "set-cookie: s=1; domain=0.0.1\n", "http://9.0.0.1/", ""},
        {"http://127.0.0.1/x", "set-cookie: s=1; domain=127.0.0.1\n", "http://127.0.0.1/", "s=1"},
        {"http://[::1]:80/x", "set-cookie: s=1\n", "http://[::1]/", "s=1"},
        {"http://a.example/one/x", "set-cookie: s=1\n", "http://a.example/two", ""},
        {"http://a.example/one/x", "set-cookie: s=1\n", "http://a.example/one", "s=1"},
        {"http://a.example/one/x", "set-cookie: s=1; path=/on\n", "http://a.example/one", ""},
        {"https://a.example/x", "set-cookie: s=1; Secure\n", "http://a.example/", ""},
        {"https://a.example/x", "set-cookie: s=1; Secure\n", "https://a.example/", "s=1"},
        {"http://a.example/x", "set-cookie: s=1; Secure\n", "https://a.example/", ""},
        {"http://a.example/x", "set-cookie: s=1\nset-cookie: s=2\n", "http://a.example/", "s=2"},
        {"http://a.example/x", "set-cookie: s=1\nset-cookie: s=; Max-Age=0\n", "http://a.example/",
            ""},
        {"http://a.example/x", "set-cookie: s=1; Max-Age=-1\n", "http://a.example/", ""},
        {"http://a.example/x",
            "set-cookie: s=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT\n",
            "http://a.example/", "s=1"},
        {"http://a.example/x", "set-cookie: s=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT\n",
            "http://a.example/", ""},
        {"http://a.example/x", "set-cookie: s=1; HttpOnly; SameSite=Lax; Expires=soon\n",
            "http://a.example/", "s=1"},
        {"http://a.example/x", "set-cookie: nameless\nset-cookie: =x\nset-cookie:\n",
            "http://a.example/", ""},
        {"http://a.example/x", "set-cookie: s=\"a b\tc\"\n", "http://a.example/", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (strcmp(sent(cases[i].from, cases[i].line, cases[i].to), cases[i].sent) != 0)
            fail_msg("%s %s to %s: %s", cases[i].from, cases[i].line, cases[i].to,
                sent(cases[i].from, cases[i].line, cases[i].to));
}

static void tells_a_cookie_that_is_new_from_one_it_has(void **state)
{
    struct buf jar = {.limit = COOKIE_JAR};
    const char *url = "http://a.example/";
    char large[COOKIE_BYTES + 200];

    (void)state;
    assert_true(cookies_take(&jar, url, LIT("set-cookie: s=1\n"), 0));
    assert_false(cookies_take(&jar, url, LIT("set-cookie: s=1\n"), 0));
    assert_true(cookies_take(&jar, url, LIT("set-cookie: s=2\n"), 0));
    assert_true(cookies_take(&jar, url, LIT("set-cookie: s=; max-age=0\n"), 0));
    assert_false(cookies_take(&jar, url, LIT("set-cookie: s=; max-age=0\n"), 0));
    assert_int_equal(jar.len, 0);
    for (int i = 0; i < 100; i++) {
        snprintf(large, sizeof(large), "set-cookie: n%d=%0*d\n", i, COOKIE_BYTES - 100, 0);
        cookies_take(&jar, url, bytes_of(large), 0);
    }
    assert_true(jar.len > 0 && jar.len <= COOKIE_JAR);
    snprintf(large, sizeof(large), "set-cookie: n=%0*d\n", COOKIE_BYTES + 1, 0);
    assert_false(cookies_take(&jar, url, bytes_of(large), 0));
    buf_done(&jar);
}

/* Who has no cookie is sent to /check, which sets one and sends back. */
static bool bounce(struct server *server, int fd, const char *head, void *ctx)
{
    (void)server;
    (void)ctx;
    if (strstr(head, "GET /check ") != NULL)
        server_print(fd, "HTTP/1.1 302 Found\r\nLocation: /rss\r\nSet-Cookie: seen=1; "
                         "Path=/\r\nContent-Length: 0\r\n\r\n");
    else if (strstr(head, "GET /self ") != NULL && strstr(head, "own=7") == NULL)
        server_print(fd, "HTTP/1.1 302 Found\r\nLocation: /self\r\nSet-Cookie: "
                         "own=7\r\nContent-Length: 0\r\n\r\n");
    else if (strstr(head, "seen=1") == NULL && strstr(head, "own=7") == NULL)
        server_print(fd, "HTTP/1.1 302 Found\r\nLocation: /check\r\nContent-Length: 0\r\n\r\n");
    else
        server_print(fd, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend");
    return true;
}

static void brings_a_cookie_back_within_one_request(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.server->respond = bounce;
    assert_string_equal(get(&f, "/rss")->body, "end");
    assert_int_equal(f.got.redirects, 2);
    assert_string_equal(server_header(f.server, -1, "Cookie"), "seen=1");
    assert_string_equal(get(&f, "/self")->body, "end");
    get(&f, "/rss"); /* nothing is left of it */
    assert_int_equal(f.got.redirects, 2);
    assert_int_equal(server_count(f.server), 8);
    finish(&f);
}

static void sees_a_circle_in_spite_of_cookies(void **state)
{
    static const struct answer answers[] = {
        {"/a",
            "HTTP/1.1 302 Found\r\nLocation: /b\r\nSet-Cookie: same=1\r\nContent-Length: 0\r\n\r\n",
            KEEP},
        {"/b",
            "HTTP/1.1 302 Found\r\nLocation: /a\r\nSet-Cookie: same=1\r\nContent-Length: 0\r\n\r\n",
            KEEP},
        {0}};
    struct fixture f;

    (void)state;
    begin(&f, answers);
    assert_int_equal(get(&f, "/a")->code, E_FORMAT);
    assert_non_null(strstr(f.got.error, "circle"));
    assert_true(server_count(f.server) <= 4);
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_a_cookie_where_a_browser_would),
        cmocka_unit_test(tells_a_cookie_that_is_new_from_one_it_has),
        cmocka_unit_test(brings_a_cookie_back_within_one_request),
        cmocka_unit_test(sees_a_circle_in_spite_of_cookies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
