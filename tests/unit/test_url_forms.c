/* test_url_forms.c - which addresses are of one article, which are not, whose they are, and what is
 * no address: one line a case. */
#include "unit/test.h"

#include "text/site.h"
#include "text/url.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(16 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void addresses_of_one_article_have_one_form(void **state)
{
    static const char *const groups[][8] = {
        {"http://news.example/1", "HTTP://NEWS.example/1", "http://news.example:80/1",
            "http://news.example/1#comments", "http://user:pw@news.example/1",
            "http://news.example/a/../1", "http://news.example/./1", " http://news.example/1\n"},
        {"http://news.example/", "http://news.example", "http://news.example/?",
            "http://news.example/#", "http://news.example/?utm_source=rss", "http://news.example./",
            "http://news.example/.", NULL},
        {"https://news.example/?a=1&b=2", "https://news.example:443/?a=1&b=2",
            "https://news.example/?a=1&utm_medium=feed&b=2",
            "https://news.example/?fbclid=x&a=1&b=2",
            "https://news.example/?a=1&b=2&UTM_campaign=x", "https://news.example/?a=1&&b=2",
            "https://news.example/?a=1&b=2&gclid=", NULL},
        {"https://news.example/caf%C3%A9", "https://news.example/caf\xc3\xa9", NULL},
        {"https://xn--bcher-kva.example/",
            "https://b\xc3\xbc"
            "cher.example/",
            "https://B\xc3\x9c"
            "CHER.example/",
            NULL},
        {"https://news.example/a%20b", "https://news.example/a b", NULL},
        {"http://127.0.0.1/", "http://127.1/", "http://0x7f.0.0.1/", "http://2130706433/", NULL},
        {"http://[::1]/x", "http://[::1]:80/x", "http://[0:0:0:0:0:0:0:1]/x", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
        for (size_t n = 0; n < 8 && groups[i][n] != NULL; n++) {
            struct bytes form = url_canonical(arena, bytes_of(groups[i][n]));

            if (!bytes_is(form, groups[i][0]))
                fail_msg("%s: %.*s, not %s", groups[i][n], FMT(form), groups[i][0]);
            assert_true(bytes_equal(url_canonical(arena, form), form));
        }
}

static void what_names_the_article_stays(void **state)
{
    static const char *const pairs[][2] = {
        {"http://news.example/1", "https://news.example/1"},
        {"http://news.example/1", "http://www.news.example/1"},
        {"http://news.example/a", "http://news.example/A"},
        {"http://news.example/1", "http://news.example/1/"},
        {"http://news.example/?id=1", "http://news.example/?id=2"},
        {"http://news.example/?a=1&b=2", "http://news.example/?b=2&a=1"},
        {"http://news.example/?id=1", "http://news.example/"},
        {"http://news.example/1", "http://news.example:8080/1"},
        {"http://news.example/?utm=1", "http://news.example/"},
        {"http://news.example/?source=rss", "http://news.example/"},
        {"http://news.example/a;b", "http://news.example/a"},
        {"http://news.example/a%2Fb", "http://news.example/a/b"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct bytes a = url_canonical(arena, bytes_of(pairs[i][0]));
        struct bytes b = url_canonical(arena, bytes_of(pairs[i][1]));

        assert_true(a.len > 0 && b.len > 0);
        if (bytes_equal(a, b))
            fail_msg("%s and %s are %.*s", pairs[i][0], pairs[i][1], FMT(a));
    }
}

static void a_whole_address_keeps_all_its_parameters(void **state)
{
    static const struct {
        const char *url, *want;
    } cases[] = {
        {"http://u:p@News.example:80/f?utm_source=x&b=1#top",
            "http://news.example/f?utm_source=x&b=1"},
        {"http://news.example/f?", "http://news.example/f"},
        {"http://news.example", "http://news.example/"},
        {"ftp://news.example/f", ""},
        {"news.example/f", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_bytes(url_whole(arena, bytes_of(cases[i].url)), cases[i].want);
}

static void what_is_no_address_has_no_form(void **state)
{
    static const char *const bad[] = {"", " ", "http://", "http:///x", "http://?x", "http://#x",
        "http:/news.example/", "//news.example/", "/x", "x", "mailto:a@b.example",
        "javascript:alert(1)", "http://[::1/", "http://[nonsense]/", "http://news.example:99999/",
        "http://news.example:x/", "http://1.2.3.4./", "http://a%00b/", "http://a b/",
        "http://\xff/"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct bytes form = url_canonical(arena, bytes_of(bad[i]));

        if (form.len > 0)
            fail_msg("%s: %.*s", bad[i], FMT(form));
        assert_int_equal(url_host(arena, bytes_of(bad[i])).len, 0);
    }
}

static void names_and_passwords_are_not_shown(void **state)
{
    static const struct {
        const char *url, *want;
    } cases[] = {
        {"http://u:p@a.example/x", "http://a.example/x"},
        {"http://u@a.example/", "http://a.example/"},
        {"http://u:p@ss@a.example/", "http://a.example/"},
        {"http://a.example/u@x", "http://a.example/u@x"},
        {"http://a.example?u@x", "http://a.example?u@x"},
        {"http://a.example#u@x", "http://a.example#u@x"},
        {"ftp://u:p@a.example", "ftp://a.example"},
        {"//u:p@a.example/", "//a.example/"},
        {"u:p@a.example", "u:p@a.example"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_bytes(url_public(arena, bytes_of(cases[i].url)), cases[i].want);
}

static void a_feed_may_be_written_with_its_readers_schemes(void **state)
{
    static const struct {
        const char *text, *want;
        bool may;
    } cases[] = {
        {"feed://a.example/f", "http://a.example/f", true},
        {"feeds://a.example/f", "http://a.example/f", true},
        {"feed:https://a.example/f", "https://a.example/f", true},
        {"itpc://a.example/f", "http://a.example/f", true},
        {"podcast:http://a.example/f", "http://a.example/f", true},
        {"rss://a.example/f", "http://a.example/f", true},
        {"RSS:HTTP://a.example/f", "http://a.example/f", true},
        {"http://a.example/f", "http://a.example/f", true},
        {"ftp://a.example/f", NULL, false},
        {"feedly:x", NULL, false},
        {"a.example/f", "http://a.example/f", true},
        {"www.A.example", "http://www.a.example/", true},
        {"//a.example/f", "http://a.example/f", true},
        {"a.example:8080/f", "http://a.example:8080/f", true},
        {"localhost:8080", "http://localhost:8080/", true},
        {"127.0.0.1/f", "http://127.0.0.1/f", true},
        {"münchen.example/f", "http://xn--mnchen-3ya.example/f", true},
        {"feed:a.example/f", "http://a.example/f", true},
        {"a.example?x=http://b.example/", "http://a.example/?x=http://b.example/", true},
        {"f/a.example", NULL, false},
        {"feed.xml", NULL, false},
        {"a@a.example/f", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes url = {NULL, 0};
        struct error err = {0};
        int code = url_feed(arena, bytes_of(cases[i].text), &url, &err);

        assert_int_equal(url_may_be_feed(bytes_of(cases[i].text)), cases[i].may);
        assert_int_equal(code == OK, cases[i].want != NULL);
        if (cases[i].want != NULL)
            assert_bytes(url, cases[i].want);
        else
            assert_true(bytes_starts(bytes_of(err.text), bytes_of(cases[i].text)));
    }
}

static void an_address_over_the_limit_is_none(void **state)
{
    static const char begin[] = "http://a.example/";

    (void)state;
    for (size_t len = URL_LIMIT - 1; len <= URL_LIMIT + 1; len++) {
        char *url = arena_alloc(arena, len);
        struct bytes text = {url, len};
        struct bytes out = {NULL, 0};
        struct error err = {0};

        memset(url, 'x', len);
        memcpy(url, begin, sizeof(begin) - 1);
        assert_int_equal(url_canonical(arena, text).len > 0, len <= URL_LIMIT);
        assert_int_equal(url_feed(arena, text, &out, &err) == OK, len <= URL_LIMIT);
        assert_int_equal(
            url_resolve(arena, LIT("http://b.example/"), text).len > 0, len <= URL_LIMIT);
        if (len > URL_LIMIT)
            assert_true(strlen(err.text) < 400); /* and is not told whole */
    }
}

static void a_site_is_what_was_registered(void **state)
{
    static const struct {
        const char *url, *site, *host;
    } cases[] = {
        {"https://news.example.com/1", "example.com", "news.example.com"},
        {"https://www.example.com/1", "example.com", "example.com"},
        {"https://feeds.bbc.co.uk/1", "bbc.co.uk", "feeds.bbc.co.uk"},
        {"https://a.github.io/", "a.github.io", "a.github.io"},
        {"https://a.b.github.io/", "b.github.io", "a.b.github.io"},
        {"https://times.substack.com/p/1", "times.substack.com", "times.substack.com"},
        {"https://a.times.wordpress.com/", "times.wordpress.com", "a.times.wordpress.com"},
        {"https://substack.com/", "substack.com", "substack.com"},
        {"https://co.uk/", "co.uk", "co.uk"},
        {"http://127.0.0.1:8080/", "127.0.0.1", "127.0.0.1"},
        {"http://[::1]:8080/", "[::1]", "[::1]"},
        {"http://localhost/", "localhost", "localhost"},
        {"https://example.com:8443/", "example.com", "example.com"},
        {"", "", ""},
        {"mailto:a@b.example", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_bytes(site_of(bytes_of(cases[i].url)), cases[i].site);
        assert_bytes(site_host(bytes_of(cases[i].url)), cases[i].host);
        assert_int_equal(site_key(bytes_of(cases[i].url)) == 0, cases[i].site[0] == '\0');
    }
}

/* Those who rent from one provider are away together, and are sites of their own. */
static void tenants_have_a_provider_in_common(void **state)
{
    static const struct {
        const char *a, *b;
        bool provider, site;
    } cases[] = {
        {"https://a.github.io/", "https://b.github.io/", true, false},
        {"https://a.github.io/", "https://github.io/", true, false},
        {"https://a.example.com/", "https://b.example.com/", true, true},
        {"https://a.co.uk/", "https://b.co.uk/", false, false},
        {"https://a.substack.com/", "https://b.substack.com/", true, false},
        {"http://10.0.0.1/", "http://10.0.0.2/", false, false},
        {"http://10.0.0.1/", "http://10.0.0.1:81/", true, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes a = bytes_of(cases[i].a);
        struct bytes b = bytes_of(cases[i].b);

        assert_int_equal(site_provider_key(a) == site_provider_key(b), cases[i].provider);
        assert_int_equal(site_key(a) == site_key(b), cases[i].site);
    }
    assert_int_equal(site_provider_key(LIT("")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_one_article_have_one_form),
        cmocka_unit_test(what_names_the_article_stays),
        cmocka_unit_test(a_whole_address_keeps_all_its_parameters),
        cmocka_unit_test(what_is_no_address_has_no_form),
        cmocka_unit_test(names_and_passwords_are_not_shown),
        cmocka_unit_test(a_feed_may_be_written_with_its_readers_schemes),
        cmocka_unit_test(an_address_over_the_limit_is_none),
        cmocka_unit_test(a_site_is_what_was_registered),
        cmocka_unit_test(tenants_have_a_provider_in_common),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
