/* test_listener_frames.c - requests as strangers frame them: what is doubtful reaches no owner as a
 * whole one, what is whole does however it comes, and nobody after it is the worse for it. */
#include "unit/listener_fixture.h"

/* Turn the loop until the stranger has an answer, or is hung up on; the answer's status, 0 for
 * none. */
static int status_of(struct fixture *f, int fd)
{
    const char *answer = hear(f, fd, "\r\n\r\n");
    int status = 0;

    sscanf(answer, "HTTP/1.%*d %d", &status);
    return status;
}

static void a_good_request_is_served(struct fixture *f)
{
    int wholes = f->wholes;
    int fd = dial(f);

    say(fd, "GET /good HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(status_of(f, fd), 503);
    assert_int_equal(f->wholes, wholes + 1);
    assert_string_equal(f->path, "/good");
    close(fd);
}

static void what_is_doubtful_is_refused(void **state)
{
    static const char *const requests[] = {
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: five\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
        "chunked\r\n\r\nfive\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
        "chunked\r\n\r\nfffffffffffffffff\r\nhello",
        "GET / HTTP/1.1\r\n\r\n",
        "GET\r\n\r\n",
        "\r\n\r\n\r\n\r\n \r\n\r\n",
        "\x16\x03\x01\x02\x01\xfc\x03\x03 and so on\r\n\r\n\r\n",
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        int wholes = f->wholes;
        int fd = dial(f);
        int status;

        say(fd, requests[i]);
        shutdown(fd, SHUT_WR);
        status = status_of(f, fd);
        if ((status != 0 && status / 100 != 4) || f->wholes != wholes)
            fail_msg(
                "request %zu: status %d, and %d of it came whole", i, status, f->wholes - wholes);
        close(fd);
        a_good_request_is_served(f);
    }
}

/* Two lengths, or a length and chunks: whoever is before us may have read the other one. What
 * stands behind the body by one reading is no request of its own. */
static void nothing_is_smuggled_behind_a_body(void **state)
{
    static const char *const requests[] = {
        "POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 46\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /one HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
        "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 36\r\n\r\n"
        "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        int fd = dial(f);

        say(fd, requests[i]);
        shutdown(fd, SHUT_WR);
        hear(f, fd, NULL);
        if (strcmp(f->path, "/smuggled") == 0)
            fail_msg("request %zu brought another one", i);
        close(fd);
        a_good_request_is_served(f);
    }
}

static void requests_in_one_heap_are_answered_in_order(void **state)
{
    enum { MANY = 20 };
    struct fixture *f = *state;
    struct buf heap = {0};
    int fd = dial(f);
    int answers = 0;

    for (int i = 0; i < MANY; i++)
        buf_printf(&heap, "POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n%d", i, i % 10);
    say(fd, buf_cstr(&heap));
    while (f->wholes < MANY)
        uv_run(&f->loop, UV_RUN_ONCE);
    assert_string_equal(f->path, "/19");
    assert_bytes(buf_bytes(&f->body), "01234567890123456789");
    shutdown(fd, SHUT_WR);
    for (const char *at = hear(f, fd, NULL); (at = strstr(at, "HTTP/1.1 503")) != NULL; at++)
        answers++;
    assert_true(answers > 0);
    buf_done(&heap);
    close(fd);
}

static void a_request_in_single_bytes_is_the_same(void **state)
{
    static const char text[] = "POST /push/abc?x=1 HTTP/1.1\r\nHost: x\r\nx-oNe:  1 \r\n"
                               "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
    struct fixture *f = *state;
    int fd = dial(f);

    for (const char *at = text; *at != '\0'; at++) {
        assert_int_equal(send(fd, at, 1, MSG_NOSIGNAL), 1);
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    assert_int_equal(status_of(f, fd), 503);
    assert_string_equal(f->path, "/push/abc");
    assert_string_equal(f->query, "x=1");
    assert_string_equal(f->header, "1");
    assert_bytes(buf_bytes(&f->body), "hello");
    close(fd);
}

/* The owner decides what a method is worth, and sees its name as it was sent. */
static void any_method_reaches_the_owner_by_its_name(void **state)
{
    static const char *const methods[] = {
        "GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "PROPFIND", "X"};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        char text[100];
        int fd = dial(f);

        snprintf(text, sizeof(text), "%s /m HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
            methods[i]);
        say(fd, text);
        assert_int_equal(status_of(f, fd), 503);
        assert_string_equal(f->method, methods[i]);
        close(fd);
    }
}

/* Who leaves at any byte of a request leaves nothing behind: as many ends as heads (finish()). */
static void a_stranger_may_leave_at_any_byte(void **state)
{
    static const char text[] = "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
    struct fixture *f = *state;

    for (size_t len = 0; len < sizeof(text); len += 3) {
        int fd = dial(f);

        assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), len);
        for (int i = 0; i < 3; i++)
            uv_run(&f->loop, UV_RUN_NOWAIT);
        close(fd);
    }
    a_good_request_is_served(f);
}

#define WITH_LISTENER(test) cmocka_unit_test_setup_teardown(test, begin, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LISTENER(what_is_doubtful_is_refused),
        WITH_LISTENER(nothing_is_smuggled_behind_a_body),
        WITH_LISTENER(requests_in_one_heap_are_answered_in_order),
        WITH_LISTENER(a_request_in_single_bytes_is_the_same),
        WITH_LISTENER(any_method_reaches_the_owner_by_its_name),
        WITH_LISTENER(a_stranger_may_leave_at_any_byte),
    };

    return cmocka_run_group_tests(tests, own_the_clock, NULL);
}
