/* test_fetch_access.c - what the operator set for one feed reaches that feed's origin, and nobody
 * else. */
#include "unit/fetch_fixture.h"

static const char *const lines[] = {
    "Authorization: Basic bmV3czpkZXNr", "Cookie: member=1", "X-Token: s3cret", NULL};

/* A fetcher that knows the one entry, for an address of its own server. */
static void begin_with(struct fixture *f, const struct answer *answers, struct conf_access *entry,
    char url[100], const char *path)
{
    begin(f, answers);
    snprintf(url, 100, "http://127.0.0.1:%d%s", f->server->port, path);
    entry->url = url;
    if (entry->lines == NULL)
        entry->lines = lines;
    f->conf.access = entry;
    f->conf.access_count = 1;
}

static void assert_told(struct server *server, int request, bool told)
{
    assert_string_equal(
        server_header(server, request, "Authorization"), told ? "Basic bmV3czpkZXNr" : "");
    assert_string_equal(server_header(server, request, "Cookie"), told ? "member=1" : "");
    assert_string_equal(server_header(server, request, "X-Token"), told ? "s3cret" : "");
}

static void sends_what_is_set_for_a_feed_and_for_no_other(void **state)
{
    static const struct answer answers[] = {
        {"/members", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", KEEP},
        {"/members.xml", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", KEEP}, {0}};
    struct conf_access entry = {0};
    struct fixture f;
    char url[100];

    (void)state;
    begin_with(&f, answers, &entry, url, "/members");
    get(&f, "/members");
    assert_told(f.server, 0, true);
    get(&f, "/members.xml");
    assert_told(f.server, 1, false);
    get_request(&f, (struct fetch_request){.url = url, .feed = ""});
    assert_told(f.server, 2, false);
    get_request(&f, (struct fetch_request){.url = url, .form = "hub.mode=subscribe"});
    assert_told(f.server, 3, false);
    finish(&f);
}

static void takes_the_longest_address_that_ends_in_a_slash(void **state)
{
    static const struct answer answers[] = {
        {"/a/feed", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", KEEP}, {0}};
    struct conf_access entry = {0};
    struct fixture f;
    char url[100];

    (void)state;
    begin_with(&f, answers, &entry, url, "/a/");
    get(&f, "/a/feed");
    assert_told(f.server, 0, true);
    get(&f, "/ab/feed");
    assert_told(f.server, 1, false);
    finish(&f);
}

static void takes_it_to_no_other_origin_by_a_redirect(void **state)
{
    static const struct answer answers[] = {
        {"/feed",
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:%PORT%/there\r\nContent-Length: "
            "0\r\n\r\n",
            KEEP},
        {"/near", "HTTP/1.1 302 Found\r\nLocation: /back\r\nContent-Length: 0\r\n\r\n", KEEP},
        {"/back", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", KEEP}, {0}};
    static const struct answer there[] = {
        {"/there", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthere", KEEP}, {0}};
    struct conf_access entry = {0};
    struct fixture f;
    struct server *other;
    char url[100];

    (void)state;
    begin_with(&f, answers, &entry, url, "/");
    other = server_start_at("127.0.0.2", f.server->port, there);
    get(&f, "/feed");
    assert_string_equal(f.got.body, "there");
    assert_told(f.server, 0, true);
    assert_told(other, 0, false);
    get(&f, "/near");
    assert_told(f.server, 2, true);
    finish(&f);
    server_stop(other);
}

static void takes_it_to_pages_of_the_same_origin_only(void **state)
{
    static const struct answer answers[] = {
        {"/page", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", KEEP}, {0}};
    struct conf_access entry = {0};
    struct fixture f;
    struct server *other;
    char url[100];
    char page[100];

    (void)state;
    begin_with(&f, answers, &entry, url, "/feed");
    other = server_start_at("127.0.0.2", 0, answers);
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/page"), .feed = url});
    assert_told(f.server, 0, true);
    snprintf(page, sizeof(page), "http://127.0.0.2:%d/page", other->port);
    get_request(&f, (struct fetch_request){.url = page, .feed = url});
    assert_told(other, 0, false);
    /* Another feed links to a page here: its requests are its own. */
    get_request(&f, (struct fetch_request){.url = url, .feed = page});
    assert_told(f.server, 1, false);
    finish(&f);
    server_stop(other);
}

static void asks_by_its_proxy_wherever_the_feed_leads(void **state)
{
    static const struct answer proxy[] = {
        {"http://news.example/feed",
            "HTTP/1.1 302 Found\r\nLocation: http://far.example/there\r\nContent-Length: "
            "0\r\n\r\n",
            KEEP},
        {"http://far.example/there", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthere", KEEP},
        {0}};
    static const struct answer direct[] = {
        {"/", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ndirect", KEEP}, {0}};
    static const char *const nobody[] = {NULL};
    struct conf_access entry = {.url = "http://news.example/feed", .lines = lines};
    struct fixture f;
    char address[100];

    (void)state;
    open_with(&f, proxy, nobody); /* the proxy's own address needs no leave */
    snprintf(address, sizeof(address), "http://me:pw@127.0.0.1:%d", f.server->port);
    entry.proxy = address;
    f.conf.access = &entry;
    f.conf.access_count = 1;
    setenv("no_proxy", "*", 1);
    get_request(&f, (struct fetch_request){.url = entry.url});
    unsetenv("no_proxy");
    assert_string_equal(f.got.body, "there");
    assert_string_equal(server_header(f.server, 0, "Proxy-Authorization"), "Basic bWU6cHc=");
    assert_told(f.server, 0, true);
    assert_told(f.server, 1, false);
    /* The same handle knows no proxy the next time. */
    f.server->answers = direct;
    get_request(&f, (struct fetch_request){.url = url_of(&f, "/")});
    assert_int_equal(f.got.code, E_REFUSED);
    assert_int_equal(server_count(f.server), 2);
    finish(&f);
}

static void lets_no_proxy_reach_what_is_not_public(void **state)
{
    static const char *const targets[] = {"http://127.0.0.1/", "http://2130706433/",
        "http://0x7f.1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/"};
    static const char *const nobody[] = {NULL};

    (void)state;
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        char text[200];
        const struct answer proxy[] = {{"http://news.example/feed", text, KEEP}, {0}};
        struct conf_access entry = {.url = "http://news.example/feed", .lines = nobody};
        struct fixture f;
        char address[100];

        snprintf(text, sizeof(text),
            "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", targets[i]);
        open_with(&f, proxy, nobody);
        snprintf(address, sizeof(address), "http://127.0.0.1:%d", f.server->port);
        entry.proxy = address;
        f.conf.access = &entry;
        f.conf.access_count = 1;
        get_request(&f, (struct fetch_request){.url = entry.url});
        assert_int_equal(f.got.code, E_REFUSED);
        assert_int_equal(server_count(f.server), 1);
        finish(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_what_is_set_for_a_feed_and_for_no_other),
        cmocka_unit_test(takes_the_longest_address_that_ends_in_a_slash),
        cmocka_unit_test(takes_it_to_no_other_origin_by_a_redirect),
        cmocka_unit_test(takes_it_to_pages_of_the_same_origin_only),
        cmocka_unit_test(asks_by_its_proxy_wherever_the_feed_leads),
        cmocka_unit_test(lets_no_proxy_reach_what_is_not_public),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
