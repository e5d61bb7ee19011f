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
        cmocka_unit_test(canonical_forms_drop_what_does_not_name_the_article),
        cmocka_unit_test(a_form_that_is_too_long_is_none),
        cmocka_unit_test(knows_addresses_that_are_code),
        cmocka_unit_test(finds_the_host),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
