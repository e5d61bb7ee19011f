/* test_fetch_frames.c - answers as servers frame them: what is whole is taken whole, what is cut,
 * long, doubtful or no HTTP is never taken for an answer. */
#include "unit/fetch_fixture.h"

#define OK_ "HTTP/1.1 200 OK\r\n"
#define LEN(n) "Content-Length: " #n "\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define END "\r\n"

enum { FAILS = 1 }; /* somehow: how is libcurl's to say */

/* One answer, and what is to be had of it. */
struct framing {
    const char *name, *text;
    enum after after;
    int code, status;
    const char *body;
};

static void assert_framing(const struct framing *cases, size_t count)
{
    struct answer answers[40] = {{0}};
    char paths[40][16];
    struct fixture f;

    assert_true(count < 40);
    for (size_t i = 0; i < count; i++) {
        snprintf(paths[i], sizeof(paths[i]), "/%zu", i);
        answers[i] = (struct answer){paths[i], cases[i].text, cases[i].after};
    }
    begin(&f, answers);
    for (size_t i = 0; i < count; i++) {
        struct got *got = get(&f, paths[i]);

        if (got->code != cases[i].code && (cases[i].code != FAILS || got->code == OK))
            fail_msg("%s: code %d (%s)", cases[i].name, got->code, got->error);
        if (got->code == OK &&
            (got->status != cases[i].status || strcmp(got->body, cases[i].body) != 0))
            fail_msg("%s: status %d, body \"%s\"", cases[i].name, got->status, got->body);
        if (got->code != OK && got->error[0] == '\0')
            fail_msg("%s: not said why", cases[i].name);
    }
    finish(&f);
}

#define ALL(cases) cases, sizeof(cases) / sizeof((cases)[0])

static void takes_what_is_whole(void **state)
{
    static const struct framing cases[] = {
        {"a length", OK_ LEN(4) END "body", KEEP, OK, 200, "body"},
        {"none at all", OK_ LEN(0) END, KEEP, OK, 200, ""},
        {"until the end", OK_ END "body", CLOSE, OK, 200, "body"},
        {"until the end, nothing", OK_ END, CLOSE, OK, 200, ""},
        {"HTTP/1.0", "HTTP/1.0 200 OK\r\n" END "body", CLOSE, OK, 200, "body"},
        {"no reason", "HTTP/1.1 200\r\n" LEN(4) END "body", KEEP, OK, 200, "body"},
        {"bare line ends", "HTTP/1.1 200 OK\nContent-Length: 4\n\nbody", KEEP, OK, 200, "body"},
        {"the same length twice", OK_ LEN(4) LEN(4) END "body", CLOSE, OK, 200, "body"},
        {"chunks", OK_ CHUNKED END "2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n", KEEP, OK, 200, "body"},
        {"chunks with words", OK_ CHUNKED END "4;a=\"b\"\r\nbody\r\n0;x\r\n\r\n", KEEP, OK, 200,
            "body"},
        {"chunks with a trailer", OK_ CHUNKED END "4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n", KEEP, OK,
            200, "body"},
        {"large letters", OK_ CHUNKED END "A\r\n0123456789\r\n00\r\n\r\n", KEEP, OK, 200,
            "0123456789"},
        {"chunks of nothing", OK_ CHUNKED END "0\r\n\r\n", KEEP, OK, 200, ""},
        {"words before it", "HTTP/1.1 100 Continue\r\n\r\n" OK_ LEN(4) END "body", KEEP, OK, 200,
            "body"},
        {"hints before it", "HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n" OK_ LEN(4) END "body", KEEP,
            OK, 200, "body"},
        {"no content", "HTTP/1.1 204 No\r\n" END, KEEP, OK, 204, ""},
        {"as it was", "HTTP/1.1 304 Not\r\n" LEN(4) END, KEEP, OK, 304, ""},
        {"trouble with a body", "HTTP/1.1 500 Oh\r\n" LEN(4) END "oops", KEEP, OK, 500, "oops"},
        {"a number nobody knows", "HTTP/1.1 299 Hm\r\n" LEN(4) END "body", KEEP, OK, 299, "body"},
        {"a line that is folded", OK_ "X-A: one\r\n two\r\n" LEN(4) END "body", KEEP, OK, 200,
            "body"},
    };

    (void)state;
    assert_framing(ALL(cases));
}

static void takes_nothing_that_was_cut(void **state)
{
    static const struct framing cases[] = {
        {"less than its length", OK_ LEN(10) END "body", CLOSE, E_NETWORK, 0, NULL},
        {"nothing of it", OK_ LEN(10) END, CLOSE, E_NETWORK, 0, NULL},
        {"no last chunk", OK_ CHUNKED END "4\r\nbody\r\n", CLOSE, E_NETWORK, 0, NULL},
        {"half a chunk", OK_ CHUNKED END "a\r\nbody", CLOSE, E_NETWORK, 0, NULL},
        {"no chunk", OK_ CHUNKED END, CLOSE, E_NETWORK, 0, NULL},
        {"half of a chunk's head", OK_ CHUNKED END "4\r\nbody\r\n1", CLOSE, E_NETWORK, 0, NULL},
        {"its connection breaks", OK_ LEN(10) END "body", RESET, E_NETWORK, 0, NULL},
        {"no answer", "", CLOSE, E_NETWORK, 0, NULL},
        {"hints alone", "HTTP/1.1 103 Early\r\n\r\n", CLOSE, E_NETWORK, 0, NULL},
    };

    (void)state;
    assert_framing(ALL(cases));
}

/* Which of two readings is right nobody knows, and another hop may have read it in another way. */
static void takes_nothing_that_can_be_read_in_two_ways(void **state)
{
    static const struct framing cases[] = {
        {"two lengths", OK_ LEN(4) LEN(10) END "body", CLOSE, FAILS, 0, NULL},
        {"a length below nothing", OK_ LEN(-4) END "body", CLOSE, FAILS, 0, NULL},
        {"a length in words", OK_ "Content-Length: four\r\n" END "body", CLOSE, FAILS, 0, NULL},
        {"a chunk of no size", OK_ CHUNKED END "\r\nbody\r\n0\r\n\r\n", CLOSE, FAILS, 0, NULL},
        {"a chunk of another size", OK_ CHUNKED END "2\r\nbody\r\n0\r\n\r\n", CLOSE, FAILS, 0,
            NULL},
        {"a chunk in words", OK_ CHUNKED END "four\r\nbody\r\n0\r\n\r\n", CLOSE, FAILS, 0, NULL},
    };

    (void)state;
    assert_framing(ALL(cases));
}

static void takes_nothing_that_is_no_HTTP(void **state)
{
    static const struct framing cases[] = {
        {"another protocol", "220 mail.example ESMTP\r\n", CLOSE, E_FORMAT, 0, NULL},
        {"a page alone", "<html>Hello</html>", CLOSE, E_FORMAT, 0, NULL},
        {"a number of two digits", "HTTP/1.1 20 OK\r\n\r\n", CLOSE, E_FORMAT, 0, NULL},
        {"no number", "HTTP/1.1 OK\r\n\r\n", CLOSE, E_FORMAT, 0, NULL},
        {"another version", "HTTP/9.1 200 OK\r\n\r\n", CLOSE, E_FORMAT, 0, NULL},
    };

    (void)state;
    assert_framing(ALL(cases));
}

static void takes_nothing_that_is_too_much(void **state)
{
    static const struct framing cases[] = {
        {"a length over the limit", OK_ LEN(100001) END "body", CLOSE, E_LIMIT, 0, NULL},
        {"a length over everything", OK_ LEN(99999999999999) END "body", CLOSE, E_LIMIT, 0, NULL},
        {"a chunk over everything", OK_ CHUNKED END "fffffff\r\nbody", CLOSE, E_NETWORK, 0, NULL},
        {"trouble over the limit", "HTTP/1.1 500 Oh\r\n" LEN(100001) END "x", CLOSE, E_LIMIT, 0,
            NULL},
        {"unchanged, whatever its length", "HTTP/1.1 304 Not\r\n" LEN(100001) END, KEEP, OK, 304,
            ""},
    };

    (void)state;
    assert_framing(ALL(cases));
}

/* A stream of chunks that never ends, of one byte each or of many. */
static bool endless(struct server *server, int fd, const char *head, void *ctx)
{
    char block[4096];
    bool small = strncmp(head, "GET /small", 10) == 0;

    (void)ctx;
    memset(block, 'x', sizeof(block));
    server_print(fd, OK_ CHUNKED END);
    for (int i = 0; i < 1 << 20; i++) {
        int len = snprintf(block, sizeof(block), "%x\r\n", small ? 1 : 2000);

        memcpy(block + len + (small ? 1 : 2000), "\r\n", 2);
        if (send(fd, block, (size_t)len + (small ? 1 : 2000) + 2, MSG_NOSIGNAL) <= 0)
            break;
    }
    (void)server;
    return false;
}

static void ends_what_never_ends(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, NULL);
    f.server->respond = endless;
    assert_int_equal(get(&f, "/large")->code, E_LIMIT);
    assert_int_equal(get(&f, "/small")->code, E_LIMIT);
    finish(&f);
}

/* Whatever an answer was, the next one over the host's connections is its own. */
static void no_answer_leaks_into_the_next(void **state)
{
    static const char *const odd[] = {
        OK_ LEN(4) END "bodyHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
        "HTTP/1.1 304 Not\r\n" LEN(4) END "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
        "HTTP/1.1 204 No\r\n" END "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
        OK_ CHUNKED END "0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
        OK_ LEN(0) END "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
        OK_ LEN(4) CHUNKED END "0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        const struct answer answers[] = {
            {"/odd", odd[i], KEEP}, {"/next", OK_ LEN(4) END "next", KEEP}, {NULL, NULL, KEEP}};
        struct fixture f;

        begin(&f, answers);
        f.conf.http.per_host = 1;
        get(&f, "/odd");
        assert_null(f.got.code == OK ? strstr(f.got.body, "forged") : NULL);
        for (int n = 0; n < 3; n++) {
            get(&f, "/next");
            if (f.got.code != OK || strcmp(f.got.body, "next") != 0)
                fail_msg("after answer %zu: %d \"%s\"", i, f.got.code, f.got.body);
        }
        finish(&f);
    }
}

/* Byte by byte or at once: the same answer. */
static bool dribble(struct server *server, int fd, const char *head, void *ctx)
{
    (void)server;
    (void)head;
    for (const char *at = ctx; *at != '\0'; at++)
        server_send(fd, at, 1);
    return true;
}

static void an_answer_in_single_bytes_is_the_same(void **state)
{
    static char text[] = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\n" CHUNKED "\r\n"
                         "2\r\nbo\r\n2\r\ndy\r\n0\r\nX-T: 1\r\n\r\n";
    struct fixture f;
    int on = 1;

    (void)state;
    begin(&f, NULL);
    f.server->respond = dribble;
    f.server->ctx = text;
    setsockopt(f.server->fd, IPPROTO_TCP, 1 /* TCP_NODELAY */, &on, sizeof(on));
    for (int i = 0; i < 3; i++) {
        struct got *got = get(&f, "/a");

        assert_int_equal(got->code, OK);
        assert_string_equal(got->body, "body");
        assert_string_equal(got->etag, "\"a\"");
    }
    finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_is_whole),
        cmocka_unit_test(takes_nothing_that_was_cut),
        cmocka_unit_test(takes_nothing_that_can_be_read_in_two_ways),
        cmocka_unit_test(takes_nothing_that_is_no_HTTP),
        cmocka_unit_test(takes_nothing_that_is_too_much),
        cmocka_unit_test(ends_what_never_ends),
        cmocka_unit_test(no_answer_leaks_into_the_next),
        cmocka_unit_test(an_answer_in_single_bytes_is_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
