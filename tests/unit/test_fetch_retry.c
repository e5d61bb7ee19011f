/* test_fetch_retry.c - connections that end before their time: what is asked once more, and what is
 * believed of an answer that was cut. */
#include "unit/fetch_fixture.h"

static const char whole[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend";

/* One answer for each connection; the next question on it is read, and the connection closed. */
static bool answer_once(struct server *server, int fd, const char *head, void *ctx)
{
    int *last = ctx;
    bool first = *last != fd;

    (void)server;
    (void)head;
    *last = first ? fd : -1;
    if (first)
        server_print(fd, whole);
    return first;
}

static void does_not_see_that_kept_connections_were_closed(void **state)
{
    struct fixture f;
    int last = -1;

    (void)state;
    begin(&f, NULL);
    f.server->ctx = &last;
    f.server->respond = answer_once;
    for (int i = 0; i < 20; i++) {
        struct got *got = get(&f, "/");

        if (got->code != OK)
            fail_msg("request %d: %s", i, got->error);
    }
    finish(&f);
}

static bool never_answer(struct server *server, int fd, const char *head, void *ctx)
{
    (void)server;
    (void)fd;
    (void)head;
    (void)ctx;
    return false;
}

/* A server that ends new connections, too, is not asked again and again. */
static void asks_a_server_that_says_nothing_once(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.server->respond = never_answer;
    assert_int_equal(get(&f, "/")->code, E_NETWORK);
    assert_int_equal(server_count(f.server), 1);
    finish(&f);
}

/* A head that ends within a line; before, an answer so that the connection is kept. */
static bool cut_head(struct server *server, int fd, const char *head, void *ctx)
{
    (void)server;
    if (strstr(head, "/cut") == NULL) {
        server_print(fd, whole);
        return true;
    }
    server_print(fd, ctx);
    return false;
}

static void believes_no_answer_whose_head_was_cut(void **state)
{
    static const char *const heads[] = {"HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"b", "HTTP/1.1 410 Gone\r\nDate: x\r\n",
        "HTTP/1.1 301 Moved\r\nLocation: /els", "HTTP/1.1 429 Later\r\nRetry-After: 86400\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(heads) / sizeof(heads[0]); i++) {
        struct fixture f;

        begin(&f, NULL);
        f.server->ctx = (void *)heads[i / 2];
        f.server->respond = cut_head;
        if (i % 2 == 1)
            assert_int_equal(get(&f, "/kept")->code, OK);
        get(&f, "/cut");
        if (f.got.code == OK || f.got.status != 0 || f.got.has_etag || f.got.retry_after != -1)
            fail_msg(
                "%s: code %d, status %d: %s", heads[i / 2], f.got.code, f.got.status, f.got.error);
        finish(&f);
    }
}

static void takes_lengths_as_they_are_said(void **state)
{
    static const struct {
        const char *path, *text;
        int code;
    } said[] = {
        {"/twice", "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nend", OK},
        {"/lines", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nend", OK},
        {"/two", "HTTP/1.1 200 OK\r\nContent-Length: 3, 4\r\n\r\nend", E_FORMAT},
        {"/unit", "HTTP/1.1 200 OK\r\nContent-Length: 3 bytes\r\n\r\nend", E_FORMAT},
        {"/long", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nend", E_LIMIT},
        {"/chunks",
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: "
            "chunked\r\n\r\n3\r\nend\r\n0\r\n\r\n",
            OK},
    };
    struct answer answers[sizeof(said) / sizeof(said[0]) + 1] = {{0}};
    struct fixture f;

    (void)state;
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        answers[i] = (struct answer){said[i].path, said[i].text, CLOSE};
    begin(&f, answers);
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        struct got *got = get(&f, said[i].path);

        if (got->code != said[i].code || (got->code == OK && strcmp(got->body, "end") != 0))
            fail_msg("%s: code %d: %s", said[i].path, got->code, got->error);
    }
    finish(&f);
}

/* A redirect's body in ways that nobody can read. */
static bool redirect_with_a_body(struct server *server, int fd, const char *head, void *ctx)
{
    static char page[100 << 10];

    if (strstr(head, " /end ") != NULL) {
        server_print(fd, whole);
        return true;
    }
    dprintf(fd, "HTTP/1.1 302 Found\r\nLocation: /end\r\n%s\r\n\r\n<html>", (const char *)ctx);
    if (strstr(head, " /slow ") != NULL) {
        server_hold(server, fd);
        return false;
    }
    if (strstr(head, " /large ") != NULL)
        server_send(fd, page, sizeof(page));
    return false;
}

static void follows_a_redirect_whatever_its_body_is(void **state)
{
    static const char *const lines[] = {"/large", "X: y", "/cut", "Content-Length: 900", "/much",
        "Content-Length: 900000000", "/chunked", "Transfer-Encoding: chunked", "/two",
        "Content-Length: 1, 2", "/slow", "Content-Length: 900"};
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.server->respond = redirect_with_a_body;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i += 2) {
        struct got *got;

        f.server->ctx = (void *)lines[i + 1];
        got = get(&f, lines[i]);
        if (got->code != OK || strcmp(got->body, "end") != 0)
            fail_msg("%s: code %d: %s", lines[i], got->code, got->error);
    }
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_not_see_that_kept_connections_were_closed),
        cmocka_unit_test(asks_a_server_that_says_nothing_once),
        cmocka_unit_test(believes_no_answer_whose_head_was_cut),
        cmocka_unit_test(takes_lengths_as_they_are_said),
        cmocka_unit_test(follows_a_redirect_whatever_its_body_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
