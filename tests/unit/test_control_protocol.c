/* test_control_protocol.c - lines on the control socket: in pieces, in heaps, half sent, too deep,
 * of clients that leave, that do not read, and of several at once. */
#include "unit/control_fixture.h"

static const char rss[] =
    "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n"
    "<rss version=\"2.0\"><channel><title>World</title><item><title>One</title>"
    "<link>http://a.example/1</link></item></channel></rss>";

static const struct answer held[] = {{"/held", "HTTP/1.1 200 OK\r\n", HOLD}, {NULL, NULL, CLOSE}};
static const struct answer feed[] = {{"/feed", rss, CLOSE}, {NULL, NULL, CLOSE}};

/* A few turns of the loop: whatever is there to be read has been. */
static void turn(struct fixture *f)
{
    for (int i = 0; i < 50; i++)
        uv_run(&f->loop, UV_RUN_NOWAIT);
}

static bool is_silent(int fd)
{
    char byte;

    return recv(fd, &byte, 1, MSG_PEEK) < 0 && errno == EAGAIN;
}

static bool has_hung_up(struct fixture *f, int fd)
{
    int64_t end = clock_mono() + PATIENCE * (int64_t)SECOND;
    char byte;
    ssize_t got;

    while ((got = recv(fd, &byte, 1, MSG_PEEK)) < 0 && errno == EAGAIN && clock_mono() < end)
        uv_run(&f->loop, UV_RUN_NOWAIT);
    return got == 0 || (got < 0 && errno == ECONNRESET);
}

static const struct json *hear_json(struct fixture *f, int fd, struct buf *heard)
{
    struct json *json = NULL;

    assert_int_equal(json_parse(f->arena, bytes_of(hear_at(f, fd, heard)), &json, NULL), OK);
    return json;
}

static void begin(struct fixture *f, int fd, const char *command, const char *path)
{
    char text[300];

    snprintf(text, sizeof(text), "{\"cmd\":\"%s\",\"url\":\"http://127.0.0.1:%d%s\"}\n", command,
        f->server->port, path);
    say(fd, text);
}

static void a_command_in_pieces_is_one_command(void **state)
{
    struct fixture *f = *state;

    for (const char *at = "{\"cmd\":\"feeds.list\"}"; *at != '\0'; at++) {
        assert_int_equal(send(f->fd, at, 1, MSG_NOSIGNAL), 1);
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    turn(f);
    assert_true(is_silent(f->fd));
    say(f->fd, "\n");
    assert_true(json_get_bool(next(f), "done", false));
    turn(f);
    assert_true(is_silent(f->fd));
}

static void commands_in_one_heap_are_answered_in_order(void **state)
{
    struct fixture *f = *state;

    say(f->fd, "{\"cmd\":\"feeds.list\"}\n{\"cmd\":\"nonsense\"}\n\n  \r\n{\"cmd\":\"events\"}\r\n"
               "{\"cmd\":\"status\"}\n");
    assert_non_null(json_get(next(f), "more"));
    is_refused(next(f), "usage", "no command 'nonsense'");
    assert_non_null(json_get(next(f), "epoch"));
    assert_non_null(json_get(next(f), "status"));
    turn(f);
    assert_true(is_silent(f->fd));
}

static void a_command_without_its_end_is_not_run(void **state)
{
    struct fixture *f = *state;

    say(f->fd, "{\"cmd\":\"reload\"}\n{\"cmd\":\"stop\"}");
    assert_int_equal(shutdown(f->fd, SHUT_WR), 0);
    assert_true(bytes_is(json_get_text(next(f), "reloaded"), "+1 -0 feeds"));
    assert_true(has_hung_up(f, f->fd));
    assert_int_equal(reloads, 1);
    assert_int_equal(stops, 0);
}

static void what_was_asked_before_the_end_is_answered(void **state)
{
    struct fixture *f = *state;

    add_three(f);
    say(f->fd, "{\"cmd\":\"feeds.list\",\"limit\":1}\n{\"cmd\":\"status\"}\n");
    assert_int_equal(shutdown(f->fd, SHUT_WR), 0);
    assert_non_null(json_get(next(f), "feed"));
    assert_true(json_get_bool(next(f), "more", false));
    assert_non_null(json_get(next(f), "status"));
    assert_null(hear(f, f->fd));
}

static void lines_that_are_no_command_leave_the_connection_as_it_is(void **state)
{
    static const struct {
        const char *line, *code, *part;
    } lines[] = {
        {"status", "format", "1:"},
        {"{\"cmd\":\"status\"", "format", "1:"},
        {"{\"cmd\":\"status\"} {\"cmd\":\"stop\"}", "format", "1:"},
        {"{\"cmd\":\"st\xff\"}", "format", "1:"},
        {"{}", "usage", "no command ''"},
        {"null", "usage", "no command ''"},
        {"\"stop\"", "usage", "no command ''"},
        {"{\"cmd\":null}", "usage", "no command"},
        {"{\"cmd\":[\"stop\"]}", "usage", "no command"},
        {"{\"cmd\":{\"cmd\":\"stop\"}}", "usage", "no command"},
        {"{\"Cmd\":\"stop\"}", "usage", "no command"},
        {"{\"cmd\":\"STOP\"}", "usage", "no command 'STOP'"},
        {"{\"cmd\":\"stop\\u0000\"}", "usage", "no command"},
        {"{\"cmd\":\"stop \"}", "usage", "did you mean stop?"},
        {"{\"cmd\":\"feeds.lst\"}", "usage", "did you mean feeds.list?"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        is_refused(ask(f, lines[i].line), lines[i].code, lines[i].part);
    assert_int_equal(stops, 0);
    assert_non_null(json_get(ask(f, "{\"cmd\":\"status\"}"), "status"));
}

static void a_line_of_brackets_is_refused_by_its_depth(void **state)
{
    enum { DEEP = 100000 };
    struct fixture *f = *state;
    char *line = malloc(DEEP + 2);

    memset(line, '[', DEEP);
    line[DEEP] = '\n';
    line[DEEP + 1] = '\0';
    say(f->fd, line);
    is_refused(next(f), "limit", "");
    assert_non_null(json_get(ask(f, "{\"cmd\":\"status\"}"), "status"));
    free(line);
}

/* As long as a list of 500 feeds may be. */
static void a_long_command_is_a_command(void **state)
{
    enum { LONG = 250 << 10 };
    struct fixture *f = *state;
    char *line = malloc(LONG + 40);
    size_t sent = 0;
    size_t len = (size_t)sprintf(line, "{\"cmd\":\"status\",\"remark\":\"%*s\"}\n", LONG, "x");

    while (sent < len) {
        ssize_t part = send(f->fd, line + sent, len - sent, MSG_NOSIGNAL);

        assert_true(part > 0 || errno == EAGAIN);
        sent += part > 0 ? (size_t)part : 0;
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    assert_non_null(json_get(next(f), "status"));
    free(line);
}

static void clients_that_leave_disturb_nobody(void **state)
{
    static const char *const said[] = {"", "{\"cmd\":", "{\"cmd\":\"status\"}\n",
        "{\"cmd\":\"feeds.list\"}\n{\"cmd\":\"feeds.list\"}\n{\"cmd\":"};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        for (int turns = 0; turns < 3; turns++) {
            int fd = connect_to(f->conf->listen.control);

            say(fd, said[i]);
            for (int t = 0; t < turns; t++)
                uv_run(&f->loop, UV_RUN_NOWAIT);
            close(fd);
            assert_non_null(json_get(ask(f, "{\"cmd\":\"status\"}"), "status"));
        }
}

/* It reads nothing: its next commands wait for it, and nobody else does. */
static void who_does_not_read_waits_alone(void **state)
{
    enum { ASKED = 500 };
    struct fixture *f = *state;
    int slow = connect_to(f->conf->listen.control);
    struct buf heard = {0};
    int answered = 0;

    for (int i = 0; i < ASKED; i++) {
        static const char command[] = "{\"cmd\":\"status\"}\n";

        while (send(slow, command, strlen(command), MSG_NOSIGNAL) < 0)
            uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    for (int i = 0; i < 20; i++)
        assert_non_null(json_get(ask(f, "{\"cmd\":\"status\"}"), "status"));
    for (; answered < ASKED; answered++)
        if (strncmp(hear_at(f, slow, &heard), "{\"status\":{", 11) != 0)
            break;
    assert_int_equal(answered, ASKED);
    buf_done(&heard);
    close(slow);
}

static void each_of_two_clients_gets_its_own_answers(void **state)
{
    struct fixture *f = *state;
    int other = connect_to(f->conf->listen.control);
    struct buf heard = {0};

    f->server->answers = feed;
    add_three(f);
    for (int i = 1; i <= 3; i++) {
        char text[80];

        begin(f, f->fd, "feeds.test", "/feed"); /* takes its time */
        snprintf(text, sizeof(text), "{\"cmd\":\"feeds.show\",\"feed\":\"%d\"}\n", i);
        say(other, text);
        snprintf(text, sizeof(text), "f000000%d", i);
        assert_true(
            bytes_is(json_get_text(json_get(hear_json(f, other, &heard), "feed"), "id"), text));
        assert_non_null(json_get(next(f), "test"));
    }
    assert_int_equal(heard.len, 0);
    assert_int_equal(f->answer.len, 0);
    buf_done(&heard);
    close(other);
}

static void the_next_command_waits_for_one_that_takes_its_time(void **state)
{
    struct fixture *f = *state;

    f->server->answers = feed;
    begin(f, f->fd, "feeds.test", "/feed");
    say(f->fd, "{\"cmd\":\"status\"}\n");
    assert_non_null(json_get(next(f), "test"));
    assert_non_null(json_get(next(f), "status"));
}

static void a_client_may_leave_a_command_that_takes_its_time(void **state)
{
    static const char *const commands[] = {"feeds.test", "feeds.discover"};
    struct fixture *f = *state;

    f->server->answers = feed;
    for (int i = 0; i < 2; i++) {
        int fd = connect_to(f->conf->listen.control);

        begin(f, fd, commands[i], "/feed");
        wait_for_requests(f, i + 1);
        close(fd);
        for (int t = 0; t < 5; t++)
            assert_non_null(json_get(ask(f, "{\"cmd\":\"status\"}"), "status"));
    }
}

/* The daemon stops while both are asked for: torn down by the fixture. */
static void commands_under_way_do_not_hold_up_the_end(void **state)
{
    struct fixture *f = *state;
    int other = connect_to(f->conf->listen.control);

    f->server->answers = held;
    begin(f, f->fd, "feeds.test", "/held");
    begin(f, other, "feeds.discover", "/held");
    wait_for_requests(f, 2);
    close(other);
}

static void who_waits_for_an_answer_makes_no_room(void **state)
{
    enum { MANY = 70 };
    struct fixture *f = *state;
    int fds[MANY];
    int closed = 0;

    f->server->answers = held;
    begin(f, f->fd, "feeds.test", "/held");
    wait_for_requests(f, 1);
    for (int i = 0; i < MANY; i++) {
        fds[i] = connect_to(f->conf->listen.control);
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    turn(f);
    for (int i = 0; i < MANY; i++) {
        char byte;

        closed += recv(fds[i], &byte, 1, 0) == 0;
        close(fds[i]);
    }
    assert_int_equal(closed, MANY - 63);
    assert_true(is_silent(f->fd));
}

/* A client that has asked lately stays, one that has not has to connect again. */
static void who_asked_lately_stays(void **state)
{
    enum { MANY = 63 };
    struct fixture *f = *state;
    int fds[MANY];
    int last;

    for (int i = 0; i < MANY; i++) {
        fds[i] = connect_to(f->conf->listen.control);
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    assert_non_null(json_get(ask(f, "{\"cmd\":\"status\"}"), "status"));
    last = connect_to(f->conf->listen.control);
    assert_true(has_hung_up(f, fds[0]));
    assert_true(is_silent(f->fd));
    assert_non_null(json_get(ask(f, "{\"cmd\":\"status\"}"), "status"));
    for (int i = 0; i < MANY; i++)
        close(fds[i]);
    close(last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DAEMON(a_command_in_pieces_is_one_command),
        WITH_DAEMON(commands_in_one_heap_are_answered_in_order),
        WITH_DAEMON(a_command_without_its_end_is_not_run),
        WITH_DAEMON(what_was_asked_before_the_end_is_answered),
        WITH_DAEMON(lines_that_are_no_command_leave_the_connection_as_it_is),
        WITH_DAEMON(a_line_of_brackets_is_refused_by_its_depth),
        WITH_DAEMON(a_long_command_is_a_command),
        WITH_DAEMON(clients_that_leave_disturb_nobody),
        WITH_DAEMON(who_does_not_read_waits_alone),
        WITH_DAEMON(each_of_two_clients_gets_its_own_answers),
        WITH_DAEMON(the_next_command_waits_for_one_that_takes_its_time),
        WITH_DAEMON(a_client_may_leave_a_command_that_takes_its_time),
        WITH_DAEMON(commands_under_way_do_not_hold_up_the_end),
        WITH_DAEMON(who_waits_for_an_answer_makes_no_room),
        WITH_DAEMON(who_asked_lately_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
