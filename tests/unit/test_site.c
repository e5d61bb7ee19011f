/* test_site.c - which addresses are of one publisher. */
#include "unit/test.h"

#include "text/site.h"

static void assert_site(const char *url, const char *site)
{
    assert_bytes(site_of(bytes_of(url)), site);
}

static void a_site_is_what_somebody_registered(void **state)
{
    (void)state;
    assert_site("https://www.bbc.co.uk/news/1", "bbc.co.uk");
    assert_site("https://feeds.bbc.co.uk/news", "bbc.co.uk");
    assert_site("https://example.com:8443/a", "example.com");
    assert_site("https://a.b.unheardof/", "b.unheardof");
    assert_site("https://xn--mnchen-3ya.de/a", "xn--mnchen-3ya.de");
}

static void customers_of_one_host_are_sites_of_their_own(void **state)
{
    (void)state;
    assert_site("https://a.github.io/x", "a.github.io");
    assert_site("https://b.a.blogspot.com/x", "a.blogspot.com");
    assert_site("https://paper.wordpress.com/feed", "paper.wordpress.com");
    assert_site("https://x.paper.substack.com/feed", "paper.substack.com");
    assert_site("https://wordpress.com/blog", "wordpress.com");
}

static void an_address_is_a_site_of_its_own(void **state)
{
    (void)state;
    assert_site("http://127.0.0.21:8080/a", "127.0.0.21");
    assert_site("http://[::1]:8080/a", "[::1]");
    assert_site("http://localhost:8080/a", "localhost");
    assert_site("http://co.uk/a", "co.uk");
    assert_site("urn:x:y", "");
    assert_int_equal(site_key(LIT("urn:x:y")), 0);
    assert_true(site_key(LIT("http://127.0.0.21/")) != site_key(LIT("http://127.0.0.22/")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_is_what_somebody_registered),
        cmocka_unit_test(customers_of_one_host_are_sites_of_their_own),
        cmocka_unit_test(an_address_is_a_site_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
