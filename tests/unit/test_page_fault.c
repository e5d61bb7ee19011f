/* test_page_fault.c - which answers for a page are of this moment only. */

#include "page/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static enum page_fault fault_of(int code, int status, const char *body)
{
    const struct fetch_result result = {
        .code = code, .status = status, .body = bytes_of(body), .retry_after = -1};

    assert_int_equal(page_is_there(&result),
        code == OK && (status == 200 || status == 203) && bytes_trim(bytes_of(body)).len > 0);
    return page_fault(&result);
}

static void a_page_is_no_fault(void **state)
{
    (void)state;
    assert_int_equal(fault_of(OK, 200, "<p>Text"), PAGE_NONE);
    assert_int_equal(fault_of(OK, 203, "<p>Text"), PAGE_NONE);
}

static void an_empty_page_is_passing(void **state)
{
    (void)state;
    assert_int_equal(fault_of(OK, 200, ""), PAGE_PASSING);
    assert_int_equal(fault_of(OK, 200, " \r\n"), PAGE_PASSING);
    assert_int_equal(fault_of(OK, 203, ""), PAGE_PASSING);
    assert_int_equal(fault_of(OK, 204, ""), PAGE_PASSING);
}

static void statuses_of_this_moment_are_passing(void **state)
{
    static const int passing[] = {202, 408, 421, 425, 429, 500, 502, 503, 504, 507, 520, 529, 599};

    (void)state;
    for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
        assert_int_equal(fault_of(OK, passing[i], "busy"), PAGE_PASSING);
}

static void statuses_of_the_page_are_for_good(void **state)
{
    static const int for_good[] = {400, 402, 405, 406, 410, 414, 418, 451, 501, 505};

    (void)state;
    for (size_t i = 0; i < sizeof(for_good) / sizeof(for_good[0]); i++)
        assert_int_equal(fault_of(OK, for_good[i], "no"), PAGE_NONE);
    assert_int_equal(fault_of(OK, 401, "no"), PAGE_DENIED);
    assert_int_equal(fault_of(OK, 403, "no"), PAGE_DENIED);
}

static void the_network_is_passing_and_refusals_are_not(void **state)
{
    struct fetch_result held = {.code = E_REFUSED, .held = true, .retry_after = 5};

    (void)state;
    assert_int_equal(fault_of(E_NETWORK, 0, ""), PAGE_PASSING);
    assert_int_equal(fault_of(E_NETWORK, 200, "cut"), PAGE_PASSING);
    assert_int_equal(fault_of(E_TIMEOUT, 0, ""), PAGE_PASSING);
    assert_int_equal(fault_of(E_SYSTEM, 0, ""), PAGE_PASSING);
    assert_int_equal(fault_of(E_FORMAT, 0, ""), PAGE_PASSING);
    assert_int_equal(fault_of(E_REFUSED, 0, ""), PAGE_NONE);
    assert_int_equal(fault_of(E_USAGE, 0, ""), PAGE_NONE);
    assert_int_equal(page_fault(&held), PAGE_HELD);
    held.code = E_TIMEOUT;
    assert_int_equal(page_fault(&held), PAGE_HELD);
}

static void what_may_come_a_moment_after_its_feed_is_doubted(void **state)
{
    (void)state;
    assert_int_equal(fault_of(OK, 404, "no"), PAGE_UNSURE);
    assert_int_equal(fault_of(E_LIMIT, 200, ""), PAGE_UNSURE);
    assert_int_equal(fault_of(E_LIMIT, 302, ""), PAGE_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_no_fault),
        cmocka_unit_test(an_empty_page_is_passing),
        cmocka_unit_test(statuses_of_this_moment_are_passing),
        cmocka_unit_test(statuses_of_the_page_are_for_good),
        cmocka_unit_test(what_may_come_a_moment_after_its_feed_is_doubted),
        cmocka_unit_test(the_network_is_passing_and_refusals_are_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
