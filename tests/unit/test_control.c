/* test_control.c - commands on the socket, with the daemon's real parts behind it and no network.
 */
#include "control/control.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

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
    int fd;
    struct buf answer;
};

/* What belongs to the daemon as a whole: told, not done. */
static int reloads;
static int stops;

static int on_reload(void *ctx, struct lists_sync *sync, struct buf *ret_summary, struct error *err)
{
    (void)ctx;
    if (reloads++ > 0)
        return fail(err, E_USAGE, "w.yaml:1:1: no");
    buf_add_cstr(ret_summary, "+1 -0 feeds");
    buf_add_cstr(&sync->warnings, "a.list:3: x: not an http or https address\n");
    return OK;
}

static void on_stop(void *ctx)
{
    (void)ctx;
    stops++;
}

static void on_removed(void *ctx, int64_t feed)
{
    (void)ctx;
    (void)feed;
}

static void on_body(void *ctx, const struct poll_answer *answer)
{
    const struct poll_outcome outcome = {.code = E_FORMAT, .error = "nothing is parsed here"};
    struct fixture *f = ctx;

    poll_parsed(f->view.poll, answer->feed->id, &outcome);
}

static void on_state(void *ctx, const struct store_feed *feed, int previous)
{
    (void)ctx;
    (void)feed;
    (void)previous;
}

/* Feeds are known, but never asked. */
static bool may_poll(void *ctx)
{
    (void)ctx;
    return false;
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static int open_control(struct fixture *f, struct control **ret_control, struct error *err)
{
    const struct control_hooks hooks = {.reload = on_reload, .stop = on_stop};

    return control_open(&f->loop, &f->view, &f->feeds, &hooks, ret_control, err);
}

static int open_parts(struct fixture *f, struct error *err)
{
    const struct poll_hooks hooks = {
        .on_body = on_body, .on_state = on_state, .may_poll = may_poll, .ctx = f};
    static const char *const none[] = {NULL};
    struct view *v = &f->view;
    struct pool_options options;
    struct recheck_hooks looks;

    if (conf_load(NULL, f->dir, &f->conf, err) != OK)
        return -1;
    f->conf->stages.names = none;
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

static int set_up(void **state)
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
    f->fd = connect_to(f->conf->listen.control);
    reloads = stops = 0;
    *state = f;
    return 0;
}

static void on_closed(void *ctx)
{
    (void)ctx;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int tear_down(void **state)
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
    conf_free(f->conf);
    arena_free(f->arena);
    buf_done(&f->answer);
    assert_int_equal(nftw(f->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    free(f);
    return 0;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* The next line of the answer, without its end; NULL when the daemon has hung up. */
static const char *hear(struct fixture *f, int fd)
{
    int64_t end = clock_mono() + PATIENCE * (int64_t)SECOND;
    const char *line = NULL;

    while (line == NULL) {
        size_t at = bytes_find_byte(buf_bytes(&f->answer), '\n');
        char block[4096];
        ssize_t got;

        if (at != SIZE_MAX) {
            line = bytes_cstr(f->arena, bytes_slice(buf_bytes(&f->answer), 0, at));
            buf_drop(&f->answer, at + 1);
            break;
        }
        assert_true(clock_mono() < end);
        uv_run(&f->loop, UV_RUN_NOWAIT);
        got = recv(fd, block, sizeof(block), 0);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            return NULL;
        if (got > 0)
            buf_add(&f->answer, (struct bytes){block, (size_t)got});
    }
    return line;
}

static const struct json *ask(struct fixture *f, const char *command)
{
    struct json *json = NULL;

    say(f->fd, command);
    say(f->fd, "\n");
    assert_int_equal(json_parse(f->arena, bytes_of(hear(f, f->fd)), &json, NULL), OK);
    return json;
}

static const struct json *next(struct fixture *f)
{
    struct json *json = NULL;

    assert_int_equal(json_parse(f->arena, bytes_of(hear(f, f->fd)), &json, NULL), OK);
    return json;
}

static void is_refused(const struct json *answer, const char *code, const char *part)
{
    struct bytes text = json_get_text(json_get(answer, "error"), "text");

    assert_true(bytes_is(json_get_text(json_get(answer, "error"), "code"), code));
    assert_true(bytes_find(text, bytes_of(part)) != SIZE_MAX);
}

static void add_three(struct fixture *f)
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

static void wrong_commands_are_told_what_was_meant(void **state)
{
    struct fixture *f = *state;

    is_refused(ask(f, "{\"cmd\":\"statsu\"}"), "usage", "did you mean status?");
    is_refused(ask(f, "{\"cmd\":"), "format", "1:");
    is_refused(ask(f, "[1]"), "usage", "no command");
    is_refused(ask(f, "{\"cmd\":\"feeds.list\",\"state\":\"faling\"}"), "usage", "failing?");
}

static void feeds_are_listed_a_page_at_a_time(void **state)
{
    struct fixture *f = *state;
    const struct json *line;

    add_three(f);
    line = ask(f, "{\"cmd\":\"feeds.list\",\"limit\":2}");
    assert_true(bytes_is(json_get_text(json_get(line, "feed"), "title"), "A"));
    assert_true(bytes_is(json_get_text(json_get(next(f), "feed"), "id"), "f0000002"));
    assert_true(json_get_bool(next(f), "more", false));
    line = ask(f, "{\"cmd\":\"feeds.list\",\"after\":2}");
    assert_true(bytes_is(json_get_text(json_get(line, "feed"), "url"), "http://c.example/f"));
    assert_false(json_get_bool(next(f), "more", true));
}

static void a_feed_is_known_by_id_and_by_address(void **state)
{
    struct fixture *f = *state;
    const struct json *line;

    add_three(f);
    line = ask(f, "{\"cmd\":\"feeds.show\",\"feed\":\"http://b.example/f\"}");
    assert_true(bytes_is(json_get_text(json_get(line, "feed"), "id"), "f0000002"));
    line = ask(f, "{\"cmd\":\"feeds.show\",\"feed\":\"3\"}");
    assert_true(bytes_is(json_get_text(json_get(line, "feed"), "url"), "http://c.example/f"));
    is_refused(ask(f, "{\"cmd\":\"feeds.show\",\"feed\":\"f0000009\"}"), "not-found", "f0000009");
    is_refused(ask(f, "{\"cmd\":\"feeds.show\"}"), "not-found", "no feed");
}

static void a_feed_is_added_once_and_only_with_an_address(void **state)
{
    struct fixture *f = *state;
    const struct json *line;

    add_three(f);
    line = ask(f, "{\"cmd\":\"feeds.add\",\"feeds\":[{\"url\":\" http://b.example/f \"},{\"url\":"
                  "\"ftp://x.example/\"},{},7]}");
    assert_false(json_get_bool(line, "added", true));
    assert_true(bytes_is(json_get_text(line, "id"), "f0000002"));
    for (int i = 0; i < 3; i++)
        assert_true(bytes_is(json_get_text(json_get(next(f), "refused"), "code"), "usage"));
    assert_true(json_get_bool(next(f), "done", false));
}

static void a_removed_feed_is_gone_from_the_store(void **state)
{
    struct fixture *f = *state;
    struct poll_counters counters = {0};

    add_three(f);
    assert_true(
        json_get_bool(ask(f, "{\"cmd\":\"feeds.remove\",\"feed\":\"f0000002\"}"), "done", false));
    poll_counters(f->view.poll, &counters);
    assert_int_equal(counters.feeds, 2);
    is_refused(ask(f, "{\"cmd\":\"feeds.remove\",\"feed\":\"f0000002\"}"), "not-found", "");
}

static void on_committed(void *ctx, const struct error *err, const struct committed *committed)
{
    (void)committed;
    assert_null(err);
    ++*(int *)ctx;
}

static void events_are_read_a_page_at_a_time(void **state)
{
    struct fixture *f = *state;
    const struct store_event event = {.type = "feed.state",
        .topic = "all/feed.state/und/",
        .subject = "f0000001",
        .time = clock_wall(),
        .data = LIT("{\"id\":\"f0000001\",\"url\":\"http://a.example/f\",\"state\":\"ok\"}")};
    const struct json *line;
    int committed = 0;

    for (int i = 0; i < 5; i++)
        store_commit(f->view.store, &event, on_committed, &committed);
    while (committed < 5)
        uv_run(&f->loop, UV_RUN_ONCE);
    line = ask(f, "{\"cmd\":\"events\",\"since\":2,\"limit\":2}");
    assert_int_equal(json_get_int(line, "sequence", 0), 3);
    assert_true(bytes_is(
        json_get_text(json_get(json_get(line, "event"), "data"), "url"), "http://a.example/f"));
    assert_int_equal(json_get_int(next(f), "sequence", 0), 4);
    line = next(f);
    assert_int_equal(json_get_int(line, "next", 0), 4);
    assert_true(json_get_bool(line, "more", false));
    assert_int_equal(json_get_int(line, "head", 0), 5);
    line = ask(f, "{\"cmd\":\"events\",\"since\":5}");
    assert_true(json_get_bool(line, "done", false));
    assert_false(json_get_bool(line, "more", true));
}

static void status_has_the_numbers_of_all_parts(void **state)
{
    struct fixture *f = *state;
    const struct json *status;

    add_three(f);
    status = json_get(ask(f, "{\"cmd\":\"status\"}"), "status");
    assert_int_equal(json_get_int(status, "pid", 0), getpid());
    assert_int_equal(json_get_int(json_get(status, "feeds"), "total", 0), 3);
    assert_int_equal(json_get_int(json_get(status, "log"), "head", 1), 0);
    assert_true(json_get_int(status, "resident", 0) > 1 << 20);
    assert_true(bytes_starts(json_get_text(status, "endpoint"), LIT("ipc://")));
    assert_non_null(json_get(json_get(status, "records"), "published"));
}

static void reload_tells_what_changed_or_why_nothing_did(void **state)
{
    struct fixture *f = *state;

    assert_true(bytes_is(json_get_text(ask(f, "{\"cmd\":\"reload\"}"), "reloaded"), "+1 -0 feeds"));
    is_refused(ask(f, "{\"cmd\":\"reload\"}"), "usage", "w.yaml:1:1");
}

static void stop_answers_first(void **state)
{
    struct fixture *f = *state;

    assert_true(json_get_bool(ask(f, "{\"cmd\":\"stop\"}"), "done", false));
    assert_int_equal(stops, 1);
}

static void a_line_without_end_is_hung_up_on(void **state)
{
    struct fixture *f = *state;
    static char block[65536];
    ssize_t sent = 0;

    memset(block, 'x', sizeof(block));
    for (int i = 0; i < 10000 && (sent >= 0 || errno == EAGAIN); i++) {
        sent = send(f->fd, block, sizeof(block), MSG_NOSIGNAL);
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    assert_true(sent < 0 && errno != EAGAIN);
    close(f->fd);
    f->fd = connect_to(f->conf->listen.control);
    assert_non_null(ask(f, "{\"cmd\":\"status\"}"));
}

static void the_clients_quiet_for_longest_make_room(void **state)
{
    enum { MANY = 80 };
    struct fixture *f = *state;
    int fds[MANY];
    int refused = 0;

    for (int i = 0; i < MANY; i++) {
        fds[i] = connect_to(f->conf->listen.control);
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    for (int i = 0; i < MANY; i++) {
        char byte;

        uv_run(&f->loop, UV_RUN_NOWAIT);
        if (recv(fds[i], &byte, 1, 0) == 0)
            assert_int_equal(i, refused++); /* the oldest first */
    }
    assert_int_equal(refused, MANY - 64); /* and before them the fixture's own */
    for (int i = 0; i < MANY; i++)
        close(fds[i]);
    close(f->fd);
    f->fd = connect_to(f->conf->listen.control);
    assert_non_null(ask(f, "{\"cmd\":\"status\"}"));
}

static void the_socket_is_closed_to_others(void **state)
{
    struct fixture *f = *state;
    struct control *second = NULL;
    struct error err = {0};
    struct stat st;

    assert_int_equal(stat(f->conf->listen.control, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0660);
    assert_int_equal(open_control(f, &second, &err), E_REFUSED);
    assert_non_null(strstr(err.text, "another daemon"));
}

static void a_path_that_was_taken_away_is_bound_again(void **state)
{
    struct fixture *f = *state;
    const char *path = f->conf->listen.control;
    int64_t end = clock_mono() + 10 * (int64_t)SECOND;
    struct stat st;

    assert_int_equal(unlink(path), 0);
    while (stat(path, &st) != 0 && clock_mono() < end)
        uv_run(&f->loop, UV_RUN_ONCE);
    assert_non_null(ask(f, "{\"cmd\":\"status\"}"));
    close(f->fd);
    f->fd = connect_to(path);
    assert_non_null(ask(f, "{\"cmd\":\"status\"}"));
}

#define WITH_DAEMON(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DAEMON(wrong_commands_are_told_what_was_meant),
        WITH_DAEMON(feeds_are_listed_a_page_at_a_time),
        WITH_DAEMON(a_feed_is_known_by_id_and_by_address),
        WITH_DAEMON(a_feed_is_added_once_and_only_with_an_address),
        WITH_DAEMON(a_removed_feed_is_gone_from_the_store),
        WITH_DAEMON(events_are_read_a_page_at_a_time),
        WITH_DAEMON(status_has_the_numbers_of_all_parts),
        WITH_DAEMON(reload_tells_what_changed_or_why_nothing_did),
        WITH_DAEMON(stop_answers_first),
        WITH_DAEMON(a_line_without_end_is_hung_up_on),
        WITH_DAEMON(the_clients_quiet_for_longest_make_room),
        WITH_DAEMON(the_socket_is_closed_to_others),
        WITH_DAEMON(a_path_that_was_taken_away_is_bound_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
