/* test_guard.c - public addresses pass, all others do not, unless the operator says so. */
#include "fetch/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/un.h>

static struct guard *guard_with(const char *const *allow)
{
    struct conf conf = {.http.allow = allow};
    struct guard *guard = NULL;
    struct error err = {0};

    assert_int_equal(guard_new(&conf, &guard, &err), OK);
    return guard;
}

static bool passes(const struct guard *guard, const char *address)
{
    const char *why = NULL;
    bool allowed = guard_allows_text(guard, address, &why);

    assert_true(allowed == (why == NULL));
    return allowed;
}

static void assert_each(const struct guard *guard, const char *const *addresses, bool expected)
{
    for (size_t i = 0; addresses[i] != NULL; i++)
        if (passes(guard, addresses[i]) != expected)
            fail_msg("%s: %s", addresses[i], expected ? "refused" : "let through");
}

static void refuses_what_is_not_globally_reachable(void **state)
{
    static const char *const refused[] = {"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255",
        "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.255", "192.0.2.7", "192.88.99.1",
        "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.9", "203.0.113.1", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::2", "fe80::1", "febf::1",
        "fec0::1", "fc00::1", "fdff::1", "ff02::1", "100::1", "2001:db8::1", "3fff::1", "2001:2::1",
        "2001:10::1", "2001:1ff::1", "4000::1", "5f00::1", "e000::1", "64:ff9b:1::1", NULL};
    struct guard *guard = guard_with(NULL);

    (void)state;
    assert_each(guard, refused, false);
    guard_free(guard);
}

static void lets_public_addresses_through(void **state)
{
    static const char *const public[] = {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0",
        "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1", "172.15.255.255",
        "172.32.0.0", "192.0.1.1", "192.0.3.1", "198.17.255.255", "198.20.0.0", "223.255.255.255",
        "2606:4700::1111", "2a00:1450:4001::200e", "2001:200::1", "2001:4860:4860::8888", "3ffe::1",
        NULL};
    struct guard *guard = guard_with(NULL);

    (void)state;
    assert_each(guard, public, true);
    guard_free(guard);
}

static void judges_an_embedded_address_by_the_ipv4_within(void **state)
{
    static const char *const refused[] = {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe",
        "64:ff9b::7f00:1", "64:ff9b::192.168.1.1", "2002:7f00:1::", "2002:a00:1::1",
        "2002:c0a8:101::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001::f5ff:fffe", "::127.0.0.1",
        "::8.8.8.8", NULL};
    static const char *const public[] = {"::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
        "2001:0:4136:e378:8000:63bf:f7f7:f7f7", NULL};
    struct guard *guard = guard_with(NULL);

    (void)state;
    assert_each(guard, refused, false);
    assert_each(guard, public, true);
    guard_free(guard);
}

static void lets_the_allow_list_through_in_every_form(void **state)
{
    static const char *const allow[] = {
        "127.0.0.0/8", "::1", "10.1.2.3", "172.16.5.0/25", "fd00::/8", NULL};
    static const char *const allowed[] = {"127.0.0.1", "127.9.9.9", "::1", "10.1.2.3",
        "172.16.5.127", "fd12::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "64:ff9b::7f00:1", NULL};
    static const char *const refused[] = {
        "10.1.2.4", "172.16.5.128", "fc00::1", "::ffff:10.1.2.4", "::2", NULL};
    struct guard *guard = guard_with(allow);

    (void)state;
    assert_each(guard, allowed, true);
    assert_each(guard, refused, false);
    guard_free(guard);
}

static void names_the_network_that_is_none(void **state)
{
    static const char *const wrong[] = {"localhost", "10.0.0.0/33", "10.0.0", "::1/129",
        "10.0.0.0/", "10.0.0.0/8x", "1234:5678:9abc:def0:1234:5678:9abc:def0:1234:5678:9abc:def0",
        "", NULL};
    struct guard *guard = NULL;

    (void)state;
    for (size_t i = 0; wrong[i] != NULL; i++) {
        const char *allow[] = {"127.0.0.1", wrong[i], NULL};
        struct conf conf = {.http.allow = allow};
        struct error err = {0};

        assert_int_equal(guard_new(&conf, &guard, &err), E_USAGE);
        assert_non_null(strstr(err.text, wrong[i]));
        assert_null(guard);
    }
}

static void refuses_what_is_no_internet_address(void **state)
{
    struct guard *guard = guard_with(NULL);
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    const char *why = NULL;

    (void)state;
    assert_false(guard_allows(guard, (struct sockaddr *)&local, &why));
    assert_non_null(why);
    assert_false(passes(guard, "example.org"));
    assert_false(passes(guard, ""));
    guard_free(guard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_not_globally_reachable),
        cmocka_unit_test(lets_public_addresses_through),
        cmocka_unit_test(judges_an_embedded_address_by_the_ipv4_within),
        cmocka_unit_test(lets_the_allow_list_through_in_every_form),
        cmocka_unit_test(names_the_network_that_is_none),
        cmocka_unit_test(refuses_what_is_no_internet_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
