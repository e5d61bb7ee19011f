/* listener_fixture.h - the HTTP server on the loop, an owner that notes what it is given, and
 * strangers. */
#ifndef WIREROOM_TESTS_LISTENER_FIXTURE_H
#define WIREROOM_TESTS_LISTENER_FIXTURE_H

#include "http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "unit/own_clock.h"
#include "unit/test.h"

enum { ANSWER_MOST = 4096, PATIENCE = 20 };

struct fixture {
    uv_loop_t loop;
    struct listener *listener;
    char address[64];
    struct sockaddr_in at;
    int heads, wholes, ends;
    char method[16], path[64], query[64], header[64];
    int64_t length;
    struct buf body;
    struct exchange *exchange; /* of the last head */
    bool later;                /* on_whole does not know yet */
    bool at_once;              /* it comes to know before it returns */
    bool streams;              /* the answer is a stream */
    const char *more;          /* what it has to send, NULL for nothing now */
    bool over;
    int64_t takes; /* microseconds, to know */
};

static const struct listener_answer taken = {.status = 200, .body = {"taken", 5}};

/* ---- the owner */

static inline void *on_head(void *ctx, const struct listener_head *head)
{
    struct fixture *f = ctx;

    f->heads++;
    f->length = head->length;
    f->exchange = head->exchange;
    snprintf(f->method, sizeof(f->method), "%s", head->method);
    snprintf(f->path, sizeof(f->path), "%.*s", FMT(head->path));
    snprintf(f->query, sizeof(f->query), "%.*s", FMT(head->query));
    snprintf(f->header, sizeof(f->header), "%.*s", FMT(listener_header(head, "x-one")));
    return f;
}

static void on_data(void *ctx, void *request, struct bytes data)
{
    assert_ptr_equal(ctx, request);
    buf_add(&((struct fixture *)ctx)->body, data);
}

static inline int64_t read_more(void *ctx, char *out, size_t most)
{
    struct fixture *f = ctx;
    size_t len = f->more == NULL ? 0 : strlen(f->more);

    if (len == 0)
        return f->over ? -1 : 0;
    assert_true(len <= most);
    memcpy(out, f->more, len);
    f->more = NULL;
    return (int64_t)len;
}

static void on_whole(void *ctx, void *request, struct listener_answer *answer)
{
    struct fixture *f = ctx;

    assert_ptr_equal(ctx, request);
    f->wholes++;
    pass_time(f->takes);
    answer->status = 503;
    answer->body = LIT("later");
    answer->retry_after = 7;
    answer->later = f->later;
    if (f->streams)
        answer->stream = (struct listener_stream){read_more, f};
    if (f->at_once)
        listener_answer(f->exchange, &taken);
}

static void on_end(void *ctx, void *request)
{
    assert_ptr_equal(ctx, request);
    ((struct fixture *)ctx)->ends++;
}

static int begin(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    const struct listener_hooks hooks = {on_head, on_data, on_whole, on_end, f, 0};
    struct error err = {0};
    socklen_t len = sizeof(f->at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    uv_loop_init(&f->loop);
    /* A port that is free: only this program has this address. */
    f->at = (struct sockaddr_in){.sin_family = AF_INET};
    f->at.sin_addr.s_addr = htonl(0x7f000000U | ((unsigned)getpid() & 0xffffU) << 8 | 77);
    assert_int_equal(bind(fd, (struct sockaddr *)&f->at, sizeof(f->at)), 0);
    getsockname(fd, (struct sockaddr *)&f->at, &len);
    close(fd);
    snprintf(
        f->address, sizeof(f->address), "%s:%d", inet_ntoa(f->at.sin_addr), ntohs(f->at.sin_port));
    assert_int_equal(listener_open(&f->loop, f->address, &hooks, &f->listener, &err), OK);
    *state = f;
    return 0;
}

static int finish(void **state)
{
    struct fixture *f = *state;

    listener_close(f->listener);
    uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    assert_int_equal(f->heads, f->ends);
    buf_done(&f->body);
    free(f);
    return 0;
}

/* ---- the stranger */

static int dial(struct fixture *f)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&f->at, sizeof(f->at)), 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* Run the loop until the answer holds what is wanted, or with NULL until the connection is closed;
 * returns what came. */
static inline const char *hear(struct fixture *f, int fd, const char *wanted)
{
    static char answer[ANSWER_MOST];
    size_t len = 0;
    int64_t end = uv_hrtime() / 1000 + PATIENCE * (int64_t)SECOND;

    answer[0] = '\0';
    while ((int64_t)(uv_hrtime() / 1000) < end && len < sizeof(answer) - 1) {
        ssize_t got = recv(fd, answer + len, sizeof(answer) - 1 - len, 0);

        if (got == 0 || (got < 0 && errno == ECONNRESET))
            return wanted == NULL ? answer : "closed";
        len += got > 0 ? (size_t)got : 0;
        answer[len] = '\0';
        if (wanted != NULL && strstr(answer, wanted) != NULL)
            return answer;
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    return "nothing came";
}

#endif
