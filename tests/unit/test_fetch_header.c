/* test_fetch_header.c - what header lines say about time, and which validators are kept. */
#include "base/clock.h"
#include "fetch/header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const int64_t noon = INT64_C(784111777) * SECOND; /* Sun, 06 Nov 1994 08:49:37 GMT */

static struct bytes lines(struct buf *out, const char *const *text)
{
    buf_clear(out);
    for (size_t i = 0; text[i] != NULL; i++)
        header_add(out, bytes_of(text[i]));
    return buf_bytes(out);
}

static int64_t seconds(int64_t microseconds)
{
    return microseconds < 0 ? microseconds : microseconds / SECOND;
}

static int64_t retry_after(const char *a, const char *b)
{
    const char *const text[] = {a, b, NULL};
    struct buf out = {0};
    int64_t result;
    struct head head;

    head_read(lines(&out, text), &head);
    result = head_retry_after(&head, noon);
    buf_done(&out);
    return seconds(result);
}

static int64_t max_age(const char *a, const char *b, const char *c)
{
    const char *const text[] = {a, b, c, NULL};
    struct buf out = {0};
    int64_t result;
    struct head head;

    head_read(lines(&out, text), &head);
    result = head_max_age(&head, noon);
    buf_done(&out);
    return seconds(result);
}

static void finds_lines_by_name_whatever_their_case(void **state)
{
    const char *const text[] = {"Content-TYPE:  text/xml \r\n", "ETag: \"a\"\r\n",
        "X-Content-Type: no\r\n", "etag: \"b\"\n", "no colon\r\n", ": empty\r\n", NULL};
    struct buf out = {0};
    struct bytes headers = lines(&out, text);
    struct bytes rest = headers;

    (void)state;
    assert_true(bytes_is(header_find(headers, "content-type"), "text/xml"));
    assert_true(bytes_is(header_next(&rest, "etag"), "\"a\""));
    assert_true(bytes_is(header_next(&rest, "etag"), "\"b\""));
    assert_null(header_next(&rest, "etag").ptr);
    assert_null(header_find(headers, "content").ptr);
    buf_done(&out);
}

static void joins_a_folded_line_with_one_space(void **state)
{
    const char *const text[] = {"  lost\r\n", "ETag: \"a\r\n", " \t b\"\r\n", "Age: 1\r\n", NULL};
    struct buf out = {0};
    struct bytes headers = lines(&out, text);

    (void)state;
    assert_true(bytes_is(header_find(headers, "etag"), "\"a b\""));
    assert_true(bytes_is(header_find(headers, "age"), "1"));
    buf_done(&out);
}

static void keeps_one_line_one_line(void **state)
{
    struct buf out = {0};

    (void)state;
    header_add(&out, LIT("A: x\rB: y\nC: z\r\n"));
    assert_true(bytes_is(buf_bytes(&out), "a: x B: y C: z\n"));
    buf_done(&out);
}

static void understands_retry_after_in_seconds_and_as_a_date(void **state)
{
    (void)state;
    assert_int_equal(retry_after("Retry-After: 120", "X: y"), 120);
    assert_int_equal(retry_after("Retry-After: Sun, 06 Nov 1994 08:50:37 GMT", "X: y"), 60);
    assert_int_equal(retry_after("Retry-After: Sunday, 06-Nov-94 08:50:37 GMT", "X: y"), 60);
    assert_int_equal(retry_after("Retry-After: Sun Nov  6 08:50:37 1994", "X: y"), 60);
    assert_int_equal(retry_after("Retry-After: Thu, 01 Jan 1970 00:00:00 GMT", "X: y"), 0);
    assert_int_equal(retry_after("Retry-After: 99999999999999999999", "X: y"), HEADER_SECONDS);
    assert_int_equal(retry_after("Retry-After: -1", "X: y"), -1);
    assert_int_equal(retry_after("Retry-After: 1.5", "X: y"), -1);
    assert_int_equal(retry_after("Retry-After: soon", "X: y"), -1);
    assert_int_equal(retry_after("Retry-After:", "X: y"), -1);
    assert_int_equal(retry_after("X: y", "X: y"), -1);
}

static void reads_dates_against_the_clock_of_the_server(void **state)
{
    (void)state;
    assert_int_equal(retry_after("Date: Tue, 06 Nov 2001 08:00:00 GMT",
                         "Retry-After: Tue, 06 Nov 2001 08:10:00 GMT"),
        600);
    assert_int_equal(max_age("Date: Tue, 06 Nov 2001 08:00:00 GMT",
                         "Expires: Tue, 06 Nov 2001 09:00:00 GMT", "X: y"),
        3600);
}

static void understands_max_age_less_age(void **state)
{
    (void)state;
    assert_int_equal(max_age("Cache-Control: max-age=300", "X: y", "X: y"), 300);
    assert_int_equal(max_age("Cache-Control: public, Max-Age=300", "Age: 100", "X: y"), 200);
    assert_int_equal(max_age("Cache-Control: max-age=300", "Age: 1000", "X: y"), 0);
    assert_int_equal(max_age("Cache-Control: max-age=\"60\"", "X: y", "X: y"), 60);
    assert_int_equal(
        max_age("Cache-Control: private=\"a, max-age=5\", max-age=7", "X: y", "X: y"), 7);
    assert_int_equal(max_age("Cache-Control: public", "Cache-Control: max-age=9", "X: y"), 9);
    assert_int_equal(max_age("Cache-Control: max-age=5, max-age=9", "X: y", "X: y"), 5);
    assert_int_equal(
        max_age("Cache-Control: max-age=31536000000000", "X: y", "X: y"), HEADER_SECONDS);
    assert_int_equal(
        max_age("Cache-Control: max-age=60", "Expires: Sun, 06 Nov 1994 09:49:37 GMT", "X: y"), 60);
    assert_int_equal(max_age("Expires: Sun, 06 Nov 1994 09:49:37 GMT", "X: y", "X: y"), 3600);
}

static void ignores_what_says_nothing_about_age(void **state)
{
    (void)state;
    assert_int_equal(max_age("Cache-Control: max-age=-1", "X: y", "X: y"), -1);
    assert_int_equal(max_age("Cache-Control: max-age=x, private=\"a", "Expires: 0", "X: y"), -1);
    assert_int_equal(max_age("Cache-Control: no-cache, max-age=300", "X: y", "X: y"), -1);
    assert_int_equal(max_age("Cache-Control: max-age=300", "Cache-Control: no-store", "X: y"), -1);
    assert_int_equal(max_age("Cache-Control: s-maxage=300", "X: y", "X: y"), -1);
    assert_int_equal(max_age("Cache-Control: max-age", "X: y", "X: y"), -1);
    assert_int_equal(max_age("X: y", "X: y", "X: y"), -1);
}

static void keeps_no_validator_that_could_do_harm(void **state)
{
    static char longest[VALIDATOR_LIMIT + 2];

    (void)state;
    memset(longest, 'x', VALIDATOR_LIMIT + 1);
    assert_false(header_is_validator(bytes_of(longest)));
    longest[VALIDATOR_LIMIT] = '\0';
    assert_true(header_is_validator(bytes_of(longest)));
    assert_true(header_is_validator(LIT("a\"b")));
    assert_true(header_is_validator(LIT("\"\xe9\xff\"")));
    assert_false(header_is_validator(LIT("\"a\x01\"")));
    assert_false(header_is_validator(LIT("\"a\x7f\"")));
    assert_false(header_is_validator(LIT("")));
}

static void reads_when_a_limit_begins_anew(void **state)
{
    static const struct {
        const char *lines;
        int64_t seconds;
    } cases[] = {
        {"x-ratelimit-reset: 346\n", 346},
        {"x-ratelimit-remaining: 0\nx-ratelimit-reset: 2.0\n", 2},
        {"ratelimit-reset: 0\n", 0},
        {"x-ratelimit-reset: 1772618460\n", 60},
        {"x-rate-limit-reset: 1772618460000\n", 60},
        {"x-ratelimit-reset: 1772618300\n", -1},
        {"x-ratelimit-reset: 99999999\n", -1},
        {"x-ratelimit-reset: 999999999999999999\n", -1},
        {"x-ratelimit-reset: -5\n", -1},
        {"x-ratelimit-reset: soon\n", -1},
        {"x-ratelimit-reset:\n", -1},
        {"retry-after: 5\n", -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(head_reset(bytes_of(cases[i].lines), 1772618400 * (int64_t)SECOND),
            cases[i].seconds < 0 ? -1 : cases[i].seconds * SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_lines_by_name_whatever_their_case),
        cmocka_unit_test(joins_a_folded_line_with_one_space),
        cmocka_unit_test(keeps_one_line_one_line),
        cmocka_unit_test(understands_retry_after_in_seconds_and_as_a_date),
        cmocka_unit_test(reads_dates_against_the_clock_of_the_server),
        cmocka_unit_test(understands_max_age_less_age),
        cmocka_unit_test(ignores_what_says_nothing_about_age),
        cmocka_unit_test(keeps_no_validator_that_could_do_harm),
        cmocka_unit_test(reads_when_a_limit_begins_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
