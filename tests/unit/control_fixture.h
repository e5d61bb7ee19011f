/* control_fixture.h - the control socket with the daemon's real parts behind it, in this thread.
 * Feeds are known, but never polled; what a test wants asked, `server` answers. */
#ifndef WIREROOM_TESTS_CONTROL_FIXTURE_H
#define WIREROOM_TESTS_CONTROL_FIXTURE_H

#include "control/control.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit/http_server.h"
#include "unit/test.h"

#include "base/clock.h"
#include "base/json.h"
#include "deliver/deliver.h"
#include "fetch/fetch.h"
#include "flow/flow.h"
#include "flow/look.h"
#include "poll/poll.h"
#include "pool/pool.h"
#include "store/store.h"
#include "websub/websub.h"

enum { PATIENCE = 20 };

struct fixture {
    char dir[64];
    uv_loop_t loop;
    struct conf *conf;
    struct view view;
    struct feeds feeds;
    struct control *control;
    struct arena *arena;
    struct budget budget;
    struct buf list_warnings;
    struct server *server;
    int fd;
    struct buf answer; /* of fd: what was read of it, and not looked at yet */
};

/* What belongs to the daemon as a whole: told, not done. */
static int reloads;
static int stops;

static inline int on_reload(
    void *ctx, struct lists_sync *sync, struct buf *ret_summary, struct error *err)
{
    (void)ctx;
    if (reloads++ > 0)
        return fail(err, E_USAGE, "w.yaml:1:1: no");
    buf_add_cstr(ret_summary, "+1 -0 feeds");
    buf_add_cstr(&sync->warnings, "a.list:3: x: not an http or https address\n");
    return OK;
}

static inline void on_stop(void *ctx)
{
    (void)ctx;
    stops++;
}

static inline void on_removed(void *ctx, int64_t feed)
{
    (void)ctx;
    (void)feed;
}

static inline void on_body(void *ctx, const struct poll_answer *answer)
{
    const struct poll_outcome outcome = {.code = E_FORMAT, .error = "nothing is parsed here"};
    struct fixture *f = ctx;

    poll_parsed(f->view.poll, answer->feed->id, &outcome);
}

static inline void on_state(void *ctx, const struct store_feed *feed, int previous)
{
    (void)ctx;
    (void)feed;
    (void)previous;
}

/* Feeds are known, but never asked. */
static inline bool may_poll(void *ctx)
{
    (void)ctx;
    return false;
}

static inline int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static inline int open_control(struct fixture *f, struct control **ret_control, struct error *err)
{
    const struct control_hooks hooks = {.reload = on_reload, .stop = on_stop};

    return control_open(&f->loop, &f->view, &f->feeds, &hooks, ret_control, err);
}

static inline int open_parts(struct fixture *f, struct error *err)
{
    const struct poll_hooks hooks = {
        .on_body = on_body, .on_state = on_state, .may_poll = may_poll, .ctx = f};
    static const char *const none[] = {NULL};
    static const char *const loopback[] = {"127.0.0.0/8", NULL};
    struct view *v = &f->view;
    struct pool_options options;
    struct recheck_hooks looks;

    if (conf_load(NULL, f->dir, &f->conf, err) != OK)
        return -1;
    f->conf->stages.names = none;
    f->conf->http.allow = loopback;
    f->conf->http.spacing = 0;
    f->conf->http.timeout = PATIENCE * (int64_t)SECOND;
    v->conf = f->conf;
    v->started = clock_wall();
    v->list_warnings = &f->list_warnings;
    options = (struct pool_options){.conf = f->conf, .run_inline = true};
    if (store_open(&f->loop, f->conf, &v->store, err) ||
        fetcher_open(&f->loop, f->conf, &v->fetcher, err) ||
        pool_open(&f->loop, &options, &v->pool, err) ||
        deliver_open(&f->loop, f->conf, v->store, &v->deliver, err))
        return -1;
    v->flow = flow_new(&(struct flow_parts){.loop = &f->loop,
        .conf = f->conf,
        .store = v->store,
        .fetcher = v->fetcher,
        .pool = v->pool,
        .budget = &f->budget});
    looks = look_hooks(v->flow);
    if (recheck_open(&f->loop, v->store, &looks, &v->recheck, err) ||
        poll_open(&f->loop, f->conf, v->fetcher, v->store, &hooks, &v->poll, err) ||
        websub_open(&(struct websub_parts){&f->loop, v->fetcher, v->store, v->poll, v->flow},
            f->conf, &v->websub, err))
        return -1;
    flow_connect(v->flow, v->poll, v->recheck);
    flow_start(v->flow);
    f->feeds = (struct feeds){.conf = f->conf,
        .store = v->store,
        .poll = v->poll,
        .flow = v->flow,
        .on_removed = on_removed};
    return open_control(f, &f->control, err);
}

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct error err = {0};

    if (f == NULL)
        return -1;
    strcpy(f->dir, "/tmp/wr-control-XXXXXX");
    if (mkdtemp(f->dir) == NULL || uv_loop_init(&f->loop) != 0)
        return -1;
    if (open_parts(f, &err) != OK) {
        fprintf(stderr, "%s\n", err.text);
        return -1;
    }
    f->arena = arena_new(64 << 20);
    f->server = server_start(NULL);
    f->fd = connect_to(f->conf->listen.control);
    reloads = stops = 0;
    *state = f;
    return 0;
}

static inline void on_closed(void *ctx)
{
    (void)ctx;
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    struct view *v = &f->view;

    close(f->fd);
    flow_stop(v->flow);
    control_close(f->control);
    websub_close(v->websub);
    poll_close(v->poll);
    fetcher_close(v->fetcher, on_closed, NULL);
    pool_close(v->pool, on_closed, NULL);
    store_close(v->store, NULL);
    recheck_free(v->recheck);
    deliver_close(v->deliver);
    flow_free(v->flow);
    uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    server_stop(f->server);
    conf_free(f->conf);
    arena_free(f->arena);
    buf_done(&f->answer);
    assert_int_equal(nftw(f->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    free(f);
    return 0;
}

static inline void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* The next line that comes at fd, behind what was read of it before, without its end; NULL when the
 * daemon has hung up. */
static inline const char *hear_at(struct fixture *f, int fd, struct buf *heard)
{
    int64_t end = clock_mono() + PATIENCE * (int64_t)SECOND;
    const char *line = NULL;

    while (line == NULL) {
        size_t at = bytes_find_byte(buf_bytes(heard), '\n');
        char block[4096];
        ssize_t got;

        if (at != SIZE_MAX) {
            line = bytes_cstr(f->arena, bytes_slice(buf_bytes(heard), 0, at));
            buf_drop(heard, at + 1);
            break;
        }
        assert_true(clock_mono() < end);
        uv_run(&f->loop, UV_RUN_NOWAIT);
        got = recv(fd, block, sizeof(block), 0);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            return NULL;
        if (got > 0)
            buf_add(heard, (struct bytes){block, (size_t)got});
    }
    return line;
}

static inline const char *hear(struct fixture *f, int fd)
{
    return hear_at(f, fd, &f->answer);
}

static inline const struct json *ask(struct fixture *f, const char *command)
{
    struct json *json = NULL;

    say(f->fd, command);
    say(f->fd, "\n");
    assert_int_equal(json_parse(f->arena, bytes_of(hear(f, f->fd)), &json, NULL), OK);
    return json;
}

static inline const struct json *next(struct fixture *f)
{
    struct json *json = NULL;

    assert_int_equal(json_parse(f->arena, bytes_of(hear(f, f->fd)), &json, NULL), OK);
    return json;
}

static inline void is_refused(const struct json *answer, const char *code, const char *part)
{
    struct bytes is = json_get_text(json_get(answer, "error"), "code");
    struct bytes text = json_get_text(json_get(answer, "error"), "text");

    if (!bytes_is(is, code) || bytes_find(text, bytes_of(part)) == SIZE_MAX)
        fail_msg("wanted %s: %s, got %.*s: %.*s", code, part, FMT(is), FMT(text));
}

/* Of a command that is about an address of the server: its first line. */
static inline const struct json *ask_about(struct fixture *f, const char *command, const char *path)
{
    char text[600];

    snprintf(text, sizeof(text), "{\"cmd\":\"%s\",\"url\":\"http://127.0.0.1:%d%s\"}", command,
        f->server->port, path);
    return ask(f, text);
}

/* Turn the loop until the server was asked so often. */
static inline void wait_for_requests(struct fixture *f, int count)
{
    int64_t end = clock_mono() + PATIENCE * (int64_t)SECOND;

    while (server_count(f->server) < count) {
        assert_true(clock_mono() < end);
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
}

static inline void add_three(struct fixture *f)
{
    const struct json *line =
        ask(f, "{\"cmd\":\"feeds.add\",\"feeds\":[{\"url\":\"http://a.example/f\",\"title\":\"A\"},"
               "{\"url\":\"http://b.example/f\"},{\"url\":\"http://c.example/f\"}]}");

    assert_true(json_get_bool(line, "added", false));
    assert_true(bytes_is(json_get_text(line, "id"), "f0000001"));
    assert_true(json_get_bool(next(f), "added", false));
    assert_true(json_get_bool(next(f), "added", false));
    assert_true(json_get_bool(next(f), "done", false));
}

#define WITH_DAEMON(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
