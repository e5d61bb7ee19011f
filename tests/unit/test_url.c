/* Addresses made absolute and comparable. */
#include "text/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void resolves_the_examples_of_rfc_3986(void **state)
{
    static const struct {
        const char *ref, *want;
    } cases[] = {
        {"g:h", "g:h"},
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q#s"},
        {"g#s", "http://a/b/c/g#s"},
        {"g?y#s", "http://a/b/c/g?y#s"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g?y/./x", "http://a/b/c/g?y/./x"},
        {" g\n", "http://a/b/c/g"},
        {"a b", "http://a/b/c/a%20b"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes got = url_resolve(arena, LIT("http://a/b/c/d;p?q"), bytes_of(cases[i].ref));

        assert_string_equal(bytes_cstr(arena, got), cases[i].want);
    }
}

static void a_reference_without_a_base_stays_as_it_is(void **state)
{
    (void)state;
    assert_true(bytes_is(url_resolve(arena, LIT(""), LIT("/a")), "/a"));
    assert_true(bytes_is(url_resolve(arena, LIT("mailto:a@b"), LIT("/a")), "/a"));
    assert_true(
        bytes_is(url_resolve(arena, LIT("http://example.org"), LIT("a")), "http://example.org/a"));
}

static void encodes_what_no_address_may_have(void **state)
{
    static const struct {
        const char *ref, *want;
    } cases[] = {
        {"a<b>\"c\"", "http://a/b/a%3Cb%3E%22c%22"},
        {"a`b{c}?d`e{f}'g'#h`i", "http://a/b/a%60b%7Bc%7D?d`e{f}%27g%27#h`i"},
        {"it's|^[x]\\", "http://a/b/it's|^[x]\\"},
        {"caf\xc3\xa9?q=\xc3\xbc#\xc3\xb6", "http://a/b/caf%C3%A9?q=%C3%BC#%C3%B6"},
        {"%41%zz%", "http://a/b/%41%zz%"},
        {"http://b\xc3\xbc"
         "cher.example/\xc3\xbc",
            "http://xn--bcher-kva.example/%C3%BC"},
        {"//u@\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.\xd1\x80\xd1\x84:81?x",
            "http://u@xn--e1afmkfd.xn--p1ai:81?x"},
        {"http://a/x\x7fy", "http://a/x%7Fy"},
        {"mailto:\"a b\"@c", "mailto:%22a%20b%22@c"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(
            bytes_cstr(arena, url_resolve(arena, LIT("http://a/b/c"), bytes_of(cases[i].ref))),
            cases[i].want);
    assert_string_equal(bytes_cstr(arena, url_resolve(arena,
                                              LIT("http://b\xc3\xbc"
                                                  "cher.example/x"),
                                              LIT("y"))),
        "http://xn--bcher-kva.example/y");
}

static void gives_a_feed_one_address_however_it_is_written(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"http://h.example/f", "http://h.example/f"},
        {"  http://h.example/f\r\n", "http://h.example/f"},
        {"\xef\xbb\xbfhttp://h.example/f", "http://h.example/f"},
        {"HTTP://H.Example:80/a/../f#c", "http://h.example/f"},
        {"https://h.example:443", "https://h.example/"},
        {"https://h.example.:8443/./f?", "https://h.example:8443/f"},
        {"feed:http://h.example/f", "http://h.example/f"},
        {"feed:https://h.example/f", "https://h.example/f"},
        {"FEED://h.example/f", "http://h.example/f"},
        {"feed: http://h.example/f", "http://h.example/f"},
        {"pcast://h.example/f", "http://h.example/f"},
        {"http://h.example/my feed.xml", "http://h.example/my%20feed.xml"},
        {"http://h.example/q?a=one two", "http://h.example/q?a=one%20two"},
        {"http://h.example/in\n\tner", "http://h.example/inner"},
        {"http://h.example/f # the harbour", "http://h.example/f"},
        {"http://h.example/f?utm_source=x&b=1", "http://h.example/f?utm_source=x&b=1"},
        {"http://B\xc3\x9c"
         "CHER.example/\xc3\xbc",
            "http://xn--bcher-kva.example/%C3%BC"},
        {"http://xn--bcher-kva.example/%C3%BC", "http://xn--bcher-kva.example/%C3%BC"},
        {"http://127.1:81/f", "http://127.0.0.1:81/f"},
        {"http://[::1]:80/f", "http://[::1]/f"},
        {"http://h.example/a@b:c", "http://h.example/a@b:c"},
    };
    struct bytes again;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes got = {NULL, 0};
        struct error err = {0};

        if (url_feed(arena, bytes_of(cases[i].text), &got, &err) != OK)
            fail_msg("%s: %s", cases[i].text, err.text);
        assert_string_equal(bytes_cstr(arena, got), cases[i].want);
        assert_int_equal(url_feed(arena, got, &again, &err), OK);
        assert_true(bytes_equal(got, again));
    }
}

static void refuses_what_cannot_be_an_address(void **state)
{
    static const char *const bad[] = {"", "not a url", "ftp://h.example/f", "word", "feed.xml",
        "lists/feed.xml", ".example/f", "localhost", "a@h.example/f", "h.example:x/", "http://",
        "http:///f", "http://h.example:65536/", "http://127.0.0.1:abc/", "http://[::1/x",
        "http://h ost/f", "feed:feed:x", "feed:", "mailto:a@b", "http://\xff\xfe/", "http://%00/"};
    static const char *const secret[] = {"http://desk:s3cret@h.example/f",
        "http://s3cret@h.example/", "feed://desk:s3cret@h.example/f",
        "http://desk:s3cret@h.example:99999/", "http://a@desk:s3cret@h.example/f",
        "http://desk:s3cret@", "HTTP://desk:s3cret@[::1/"};
    struct bytes got;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct error err = {0};

        if (url_feed(arena, bytes_of(bad[i]), &got, &err) == OK)
            fail_msg("%s: %.*s", bad[i], FMT(got));
        assert_non_null(strstr(err.text, bad[i]));
    }
    for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
        struct error err = {0};

        assert_int_equal(url_feed(arena, bytes_of(secret[i]), &got, &err), E_USAGE);
        if (strstr(err.text, "s3cret") != NULL)
            fail_msg("%s", err.text);
    }
}

static void canonical_forms_drop_what_does_not_name_the_article(void **state)
{
    static const struct {
        const char *url, *want;
    } cases[] = {
        {"HTTP://Example.ORG:80/A?utm_source=x&b=1&fbclid=2&a=3#top",
            "http://example.org/A?b=1&a=3"},
        {"https://example.org:443", "https://example.org/"},
        {"https://example.org:8443/x", "https://example.org:8443/x"},
        {"https://user:secret@example.org/x?", "https://example.org/x"},
        {"https://example.org/a/../b", "https://example.org/b"},
        {"https://example.org/?utm_medium=rss", "https://example.org/"},
        {"javascript:alert(1)", ""},
        {"file:///etc/passwd", ""},
        {"/relative", ""},
        {"http://", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(
            bytes_cstr(arena, url_canonical(arena, bytes_of(cases[i].url))), cases[i].want);
}

static void a_form_that_is_too_long_is_none(void **state)
{
    char url[URL_LIMIT / 2] = "http://a.example/";

    (void)state;
    memset(url + 17, '\xe9', sizeof(url) - 18);
    url[sizeof(url) - 1] = '\0';
    assert_int_equal(url_canonical(arena, bytes_of(url)).len, 0);
    url[URL_LIMIT / 4] = '\0';
    assert_true(url_canonical(arena, bytes_of(url)).len > URL_LIMIT / 2);
}

static void knows_addresses_that_are_code(void **state)
{
    static const char *const bad[] = {"javascript:x", " JavaScript:x", "java\tscript:x",
        "\x01javascript:x", "vbscript:x", "data:text/html,x", "jav\nascript:x", "livescript:x",
        "about:blank"};
    static const char *const good[] = {"http://a/", "/a:b", "a?b:c", "#x:y", "mailto:a@b",
        "data:image/png;base64,AA", "", "a", "//host/x"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(url_is_safe(bytes_of(bad[i])));
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(url_is_safe(bytes_of(good[i])));
}

static void finds_the_host(void **state)
{
    (void)state;
    assert_true(
        bytes_is(url_host(arena, LIT("https://News.Example.org:8080/x")), "news.example.org"));
    assert_true(bytes_is(url_host(arena, LIT("https://b\xc3\xbc"
                                             "cher.example/")),
        "xn--bcher-kva.example"));
    assert_true(bytes_is(url_host(arena, LIT("https://\xc2\xb2/")), "0.0.0.2"));
    assert_int_equal(url_host(arena, LIT("mailto:a@b")).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resolves_the_examples_of_rfc_3986),
        cmocka_unit_test(a_reference_without_a_base_stays_as_it_is),
        cmocka_unit_test(encodes_what_no_address_may_have),
        cmocka_unit_test(gives_a_feed_one_address_however_it_is_written),
        cmocka_unit_test(refuses_what_cannot_be_an_address),
        cmocka_unit_test(canonical_forms_drop_what_does_not_name_the_article),
        cmocka_unit_test(a_form_that_is_too_long_is_none),
        cmocka_unit_test(knows_addresses_that_are_code),
        cmocka_unit_test(finds_the_host),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
