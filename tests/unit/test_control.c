/* test_control.c - commands on the socket, with the daemon's real parts behind it and no network.
 */
#include "unit/control_fixture.h"

static void wrong_commands_are_told_what_was_meant(void **state)
{
    struct fixture *f = *state;

    is_refused(ask(f, "{\"cmd\":\"statsu\"}"), "usage", "did you mean status?");
    is_refused(ask(f, "{\"cmd\":"), "format", "1:");
    is_refused(ask(f, "[1]"), "usage", "no command");
    is_refused(
        ask(f, "{\"cmd\":\"feeds.list\",\"state\":\"faling\"}"), "usage", "there are new ok slow");
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
