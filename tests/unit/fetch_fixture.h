/* fetch_fixture.h - a fetcher, a real server for it to ask, and a copy of what came back. */
#ifndef WIREROOM_TESTS_FETCH_FIXTURE_H
#define WIREROOM_TESTS_FETCH_FIXTURE_H

#include "fetch/fetch.h"

#include "base/clock.h"
#include "unit/http_server.h"

#include <setjmp.h>

#include <cmocka.h>

enum { MAX_BODY = 100000 };

/* What came back, copied, since a result is only lent. */
struct got {
    uv_loop_t *loop; /* stopped at each result */
    int calls;
    int code, status, redirects;
    char error[500], url[500], moved_to[500], etag[300], last_modified[100], address[64];
    bool held, conditional, has_moved_to, has_etag, has_last_modified;
    char *body, *headers;
    size_t body_len;
    int64_t retry_after, max_age, wire_bytes, elapsed;
};

struct fixture {
    uv_loop_t loop;
    struct conf conf;
    struct fetcher *fetcher;
    struct server *server;
    struct got got;
    bool closed;
};

static const char *const loopback[] = {"127.0.0.0/8", "::1", NULL};

static inline void keep_text(char *to, size_t size, bool *has, const char *text)
{
    snprintf(to, size, "%s", text == NULL ? "" : text);
    if (has != NULL)
        *has = text != NULL;
}

static inline char *copy_of(struct bytes text)
{
    char *copy = calloc(1, text.len + 1);

    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    return copy;
}

static inline void on_result(void *ctx, const struct fetch_result *result)
{
    struct got *got = ctx;

    free(got->body);
    free(got->headers);
    *got = (struct got){.loop = got->loop,
        .calls = got->calls + 1,
        .code = result->code,
        .status = result->status,
        .redirects = result->redirects,
        .body = copy_of(result->body),
        .headers = copy_of(result->headers),
        .body_len = result->body.len,
        .held = result->held,
        .conditional = result->conditional,
        .retry_after = result->retry_after,
        .max_age = result->max_age,
        .wire_bytes = result->wire_bytes,
        .elapsed = result->elapsed};
    keep_text(got->error, sizeof(got->error), NULL, result->error);
    keep_text(got->url, sizeof(got->url), NULL, result->url);
    keep_text(got->address, sizeof(got->address), NULL, result->address);
    keep_text(got->moved_to, sizeof(got->moved_to), &got->has_moved_to, result->moved_to);
    keep_text(got->etag, sizeof(got->etag), &got->has_etag, result->etag);
    keep_text(got->last_modified, sizeof(got->last_modified), &got->has_last_modified,
        result->last_modified);
    if (got->loop != NULL)
        uv_stop(got->loop);
}

static inline void open_with(
    struct fixture *fixture, const struct answer *answers, const char *const *allow)
{
    struct error err = {0};

    *fixture = (struct fixture){.conf.http = {.contact = "news@example.org",
                                    .user_agent = "",
                                    .per_host = 2,
                                    .timeout = 5 * SECOND,
                                    .max_body = MAX_BODY,
                                    .max_in_flight = 20,
                                    .ca_path = "/etc/ssl/certs",
                                    .allow = allow}};
    uv_loop_init(&fixture->loop);
    fixture->got.loop = &fixture->loop;
    assert_int_equal(fetcher_open(&fixture->loop, &fixture->conf, &fixture->fetcher, &err), OK);
    fixture->server = server_start(answers);
}

static inline void begin(struct fixture *fixture, const struct answer *answers)
{
    open_with(fixture, answers, loopback);
}

static inline void on_closed(void *ctx)
{
    *(bool *)ctx = true;
}

static inline void finish(struct fixture *fixture)
{
    fetcher_close(fixture->fetcher, on_closed, &fixture->closed);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_true(fixture->closed);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
    server_stop(fixture->server);
    free(fixture->got.body);
    free(fixture->got.headers);
}

static inline void wait_for(struct fixture *fixture, int calls)
{
    while (fixture->got.calls < calls)
        uv_run(&fixture->loop, UV_RUN_DEFAULT);
}

static inline struct got *get_request(struct fixture *fixture, struct fetch_request request)
{
    int calls = fixture->got.calls;
    uint64_t ticket = fetch_start(fixture->fetcher, &request, on_result, &fixture->got);

    assert_true(ticket != 0);
    assert_int_equal(fixture->got.calls, calls); /* never from within the call */
    wait_for(fixture, calls + 1);
    return &fixture->got;
}

static const char *url_of(const struct fixture *fixture, const char *path)
{
    static char url[600];

    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", fixture->server->port, path);
    return url;
}

static inline struct got *get(struct fixture *fixture, const char *path)
{
    return get_request(fixture, (struct fetch_request){.url = url_of(fixture, path)});
}

#endif
