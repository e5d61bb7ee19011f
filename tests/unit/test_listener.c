/* test_listener.c - the HTTP server on the loop: what strangers may send it, and for how long. */
#include "unit/listener_fixture.h"

static void hands_over_a_request_and_sends_the_answer(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);
    const char *answer;

    say(fd, "POST /push/abc?a=%20b&c HTTP/1.1\r\nHost: x\r\nX-One: 1\r\nContent-Length: 5\r\n\r\n"
            "hello");
    answer = hear(f, fd, "later");
    assert_non_null(strstr(answer, "HTTP/1.1 503 "));
    assert_non_null(strstr(answer, "Retry-After: 7\r\n"));
    assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff\r\n"));
    assert_string_equal(f->method, "POST");
    assert_string_equal(f->path, "/push/abc");
    assert_string_equal(f->query, "a=%20b&c");
    assert_string_equal(f->header, "1");
    assert_int_equal(f->length, 5);
    assert_bytes(buf_bytes(&f->body), "hello");
    say(fd, "GET /again HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_non_null(strstr(hear(f, fd, "later"), "503"));
    assert_string_equal(f->path, "/again");
    assert_int_equal(f->length, -1);
    close(fd);
}

/* The rest of the daemon has its turns between. */
static void answers_so_much_in_a_turn_and_everybody_in_the_end(void **state)
{
    enum { ASKING = 20 };
    struct fixture *f = *state;
    int fds[ASKING];
    int most = 0;

    f->takes = 6000;
    for (int i = 0; i < ASKING; i++) {
        fds[i] = dial(f);
        say(fds[i], "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    while (f->wholes < ASKING) {
        int before = f->wholes;

        uv_run(&f->loop, UV_RUN_ONCE);
        most = f->wholes - before > most ? f->wholes - before : most;
    }
    /* by the timer, by what came, and by the timer again: libuv runs those that are due on both
     * sides of its poll */
    assert_in_range(most, 1, 3);
    for (int i = 0; i < ASKING; i++) {
        assert_non_null(strstr(hear(f, fds[i], "later"), "503"));
        close(fds[i]);
    }
}

static void is_closed_while_somebody_waits_for_a_turn(void **state)
{
    struct fixture *f = *state;
    int fds[3];

    f->takes = 6000;
    for (int i = 0; i < 3; i++) {
        fds[i] = dial(f);
        say(fds[i], "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    while (f->heads < 3)
        uv_run(&f->loop, UV_RUN_ONCE);
    for (int i = 0; i < 3; i++)
        close(fds[i]);
}

static void takes_a_body_in_chunks(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    say(fd, "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n");
    while (f->body.len < 3)
        uv_run(&f->loop, UV_RUN_ONCE);
    assert_int_equal(f->wholes, 0);
    say(fd, "2\r\nlo\r\n0\r\n\r\n");
    hear(f, fd, "later");
    assert_bytes(buf_bytes(&f->body), "hello");
    assert_int_equal(f->length, -1);
    close(fd);
}

static void ends_a_request_whose_connection_breaks(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    say(fd, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhello");
    while (f->body.len < 5)
        uv_run(&f->loop, UV_RUN_ONCE);
    close(fd);
    while (f->ends == 0)
        uv_run(&f->loop, UV_RUN_ONCE);
    assert_int_equal(f->wholes, 0);
}

static void cuts_a_connection_that_drips(void **state)
{
    struct fixture *f = *state;
    int head = dial(f);
    int body = dial(f);

    say(head, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    say(body, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    while (f->heads < 1)
        uv_run(&f->loop, UV_RUN_ONCE);
    for (int i = 0; i < LISTENER_SECONDS; i++) {
        say(head, "a");
        say(body, "a");
        for (size_t before = f->body.len; f->body.len == before;)
            uv_run(&f->loop, UV_RUN_ONCE);
        pass_time(SECOND);
    }
    pass_time(SECOND);
    assert_string_equal(hear(f, head, NULL), "");
    assert_string_equal(hear(f, body, NULL), "");
    assert_int_equal(f->wholes, 0);
}

/* Others keep the loop from ever being idle. */
static void cuts_a_connection_that_drips_beside_busy_ones(void **state)
{
    struct fixture *f = *state;
    int slow = dial(f);
    int busy = dial(f);
    char byte;

    say(slow, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    for (int i = 0; i < 10 * LISTENER_SECONDS + 20; i++) {
        say(busy, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        for (int before = f->wholes; f->wholes == before;)
            uv_run(&f->loop, UV_RUN_NOWAIT);
        while (recv(busy, &byte, 1, 0) == 1)
            ;
        pass_time(SECOND / 10);
    }
    assert_int_equal(recv(slow, &byte, 1, 0), 0);
    close(slow);
    close(busy);
}

static void gives_each_request_of_a_connection_its_time(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    for (int i = 0; i < 5; i++) {
        say(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_non_null(strstr(hear(f, fd, "later"), "503"));
        pass_time((LISTENER_SECONDS - 5) * (int64_t)SECOND);
    }
    close(fd);
}

/* Ask, and run the loop until the owner has the request. */
static int ask_for_later(struct fixture *f)
{
    int fd = dial(f);
    int wholes = f->wholes;

    f->later = true;
    say(fd, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
    while (f->wholes == wholes)
        uv_run(&f->loop, UV_RUN_ONCE);
    return fd;
}

static void sends_an_answer_that_comes_later(void **state)
{
    struct fixture *f = *state;
    int fd = ask_for_later(f);
    char byte;

    for (int i = 0; i < 3; i++)
        uv_run(&f->loop, UV_RUN_NOWAIT);
    assert_int_equal(recv(fd, &byte, 1, 0), -1); /* nothing yet */
    listener_answer(f->exchange, &taken);
    listener_answer(f->exchange, &(struct listener_answer){.status = 404}); /* the first counts */
    assert_non_null(strstr(hear(f, fd, "taken"), "HTTP/1.1 200 "));
    assert_int_equal(f->wholes, 1);
    f->later = false;
    say(fd, "GET /again HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_non_null(strstr(hear(f, fd, "later"), "503"));
    close(fd);
}

static void sends_an_answer_that_comes_before_the_owner_says_later(void **state)
{
    struct fixture *f = *state;
    int fd;

    f->at_once = true;
    fd = ask_for_later(f);
    assert_non_null(strstr(hear(f, fd, "taken"), "HTTP/1.1 200 "));
    close(fd);
}

static void waits_for_an_answer_with_a_bound(void **state)
{
    struct fixture *f = *state;
    int fd = ask_for_later(f);
    const char *answer;

    pass_time(LISTENER_PATIENCE * (int64_t)SECOND);
    answer = hear(f, fd, "later");
    assert_non_null(strstr(answer, "HTTP/1.1 503 "));
    assert_non_null(strstr(answer, "Retry-After: 7\r\n"));
    close(fd);
}

static void waiting_does_not_count_as_dripping(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    f->later = true;
    say(fd, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nh");
    while (f->body.len < 1)
        uv_run(&f->loop, UV_RUN_ONCE);
    pass_time((LISTENER_SECONDS - 1) * (int64_t)SECOND);
    say(fd, "i");
    while (f->wholes == 0)
        uv_run(&f->loop, UV_RUN_ONCE);
    pass_time((LISTENER_PATIENCE - 1) * (int64_t)SECOND);
    uv_run(&f->loop, UV_RUN_ONCE);
    listener_answer(f->exchange, &taken);
    assert_non_null(strstr(hear(f, fd, "taken"), "HTTP/1.1 200 "));
    close(fd);
}

static void ends_a_request_whose_connection_broke_while_it_waited(void **state)
{
    struct fixture *f = *state;
    int fd = ask_for_later(f);

    close(fd);
    listener_answer(f->exchange, &taken);
    while (f->ends == 0)
        uv_run(&f->loop, UV_RUN_NOWAIT);
}

/* finish() closes the listener over it and counts the ends. */
static void ends_a_request_that_waits_when_it_closes(void **state)
{
    struct fixture *f = *state;

    close(ask_for_later(f));
    ask_for_later(f);
    assert_int_equal(f->ends, 0);
}

static void sends_a_stream_as_it_comes(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    f->streams = true;
    f->more = "one";
    say(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_non_null(strstr(hear(f, fd, "one"), "Transfer-Encoding: chunked"));
    f->more = "two";
    listener_more(f->exchange);
    hear(f, fd, "two");
    /* It has its connection for as long as it likes. */
    pass_time((LISTENER_SECONDS + 1) * (int64_t)SECOND);
    uv_run(&f->loop, UV_RUN_NOWAIT);
    f->more = "three";
    listener_more(f->exchange);
    hear(f, fd, "three");
    f->over = true;
    listener_more(f->exchange);
    while (f->ends == 0)
        uv_run(&f->loop, UV_RUN_ONCE);
    close(fd);
}

static void a_stream_ends_when_its_client_has_left(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    f->streams = true;
    f->more = "one";
    say(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(f, fd, "one");
    close(fd);
    while (f->ends == 0)
        uv_run(&f->loop, UV_RUN_ONCE);
}

/* finish() closes the listener over it. */
static void a_stream_that_has_nothing_ends_when_it_closes(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    f->streams = true;
    f->more = "one";
    say(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(f, fd, "one");
    close(fd);
}

static void refuses_a_head_that_is_too_large(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);
    struct buf text = {0};

    buf_add_cstr(&text, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: ");
    for (int i = 0; i < LISTENER_HEAD; i++)
        buf_add_byte(&text, 'a');
    buf_add_cstr(&text, "\r\n\r\n");
    say(fd, buf_cstr(&text));
    hear(f, fd, NULL);
    assert_int_equal(f->heads, 0);
    buf_done(&text);
    close(fd);
}

static void is_not_kept_busy_by_more_connections_than_it_takes(void **state)
{
    enum { MORE = LISTENER_CONNECTIONS + 50 };
    struct fixture *f = *state;
    int fds[MORE];
    int fd;

    for (int i = 0; i < MORE; i++) {
        fds[i] = dial(f);
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    pass_time((LISTENER_SECONDS + 1) * (int64_t)SECOND);
    fd = dial(f);
    say(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_non_null(strstr(hear(f, fd, "later"), "503"));
    for (int i = 0; i < MORE; i++)
        close(fds[i]);
    close(fd);
}

static void says_why_it_cannot_listen(void **state)
{
    static const char *const wrong[] = {"", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:65536",
        "127.0.0.1:-1", "localhost:80", "::1:80", "[::1]", "[127.0.0.1]:80", "256.0.0.1:80", ":80"};
    struct fixture *f = *state;
    const struct listener_hooks hooks = {on_head, on_data, on_whole, on_end, f, 0};
    struct listener *other;
    struct error err = {0};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(listener_open(&f->loop, wrong[i], &hooks, &other, &err), E_USAGE);
    assert_int_equal(listener_open(&f->loop, f->address, &hooks, &other, &err), E_SYSTEM);
    assert_non_null(strstr(err.text, f->address));
}

#define LISTENER_TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LISTENER_TEST(hands_over_a_request_and_sends_the_answer),
        LISTENER_TEST(answers_so_much_in_a_turn_and_everybody_in_the_end),
        LISTENER_TEST(is_closed_while_somebody_waits_for_a_turn),
        LISTENER_TEST(takes_a_body_in_chunks),
        LISTENER_TEST(ends_a_request_whose_connection_breaks),
        LISTENER_TEST(cuts_a_connection_that_drips),
        LISTENER_TEST(cuts_a_connection_that_drips_beside_busy_ones),
        LISTENER_TEST(gives_each_request_of_a_connection_its_time),
        LISTENER_TEST(sends_an_answer_that_comes_later),
        LISTENER_TEST(sends_an_answer_that_comes_before_the_owner_says_later),
        LISTENER_TEST(waits_for_an_answer_with_a_bound),
        LISTENER_TEST(waiting_does_not_count_as_dripping),
        LISTENER_TEST(ends_a_request_whose_connection_broke_while_it_waited),
        LISTENER_TEST(ends_a_request_that_waits_when_it_closes),
        LISTENER_TEST(sends_a_stream_as_it_comes),
        LISTENER_TEST(a_stream_ends_when_its_client_has_left),
        LISTENER_TEST(a_stream_that_has_nothing_ends_when_it_closes),
        LISTENER_TEST(refuses_a_head_that_is_too_large),
        LISTENER_TEST(is_not_kept_busy_by_more_connections_than_it_takes),
        LISTENER_TEST(says_why_it_cannot_listen),
    };

    return cmocka_run_group_tests(tests, own_the_clock, NULL);
}
