/* test_fetch_room.c - large bodies wait, unread, for room in the budget; small ones do not. */
#include "unit/own_clock.h"

#include "base/budget.h"
#include "fetch_fixture.h"

enum {
    LARGE = 3 << 20,
    MIDDLE = 300000,
    SMALL = 20000,
    BUDGET = 8 << 20,
    FETCHES = 20,
    TICKS = 400
};

/* /large, /middle or /small; /chunked/... of the same sizes, whose length nobody says, and /liar,
 * with a Content-Length that is not its own. */
static bool answer(struct server *server, int fd, const char *head, void *ctx)
{
    static const char head_text[] = "HTTP/1.1 200 OK\r\n";
    static char bytes[1 << 16];
    bool lies = strstr(head, "/liar") != NULL;
    bool chunked = lies || strstr(head, "/chunked") != NULL;
    size_t len = strstr(head, "small") != NULL    ? SMALL
                 : strstr(head, "middle") != NULL ? MIDDLE
                                                  : LARGE;

    (void)server, (void)ctx;
    server_print(fd, head_text);
    if (lies)
        server_print(fd, "Content-Length: 300\r\n");
    if (chunked)
        server_print(fd, "Transfer-Encoding: chunked\r\n\r\n");
    else
        dprintf(fd, "Content-Length: %zu\r\n\r\n", len);
    for (size_t sent = 0; sent < len; sent += sizeof(bytes)) {
        size_t part = len - sent < sizeof(bytes) ? len - sent : sizeof(bytes);

        if (chunked)
            dprintf(fd, "%zx\r\n", part);
        server_send(fd, bytes, part);
        if (chunked)
            server_print(fd, "\r\n");
    }
    if (chunked)
        server_print(fd, "0\r\n\r\n");
    return true;
}

struct room {
    struct fixture f;
    struct budget budget;
    int done, failed;
    size_t bytes, most;
};

static void on_body(void *ctx, const struct fetch_result *result)
{
    struct room *room = ctx;

    if (result->code != E_STOPPED)
        uv_stop(&room->f.loop);
    room->done++;
    room->failed += result->code != OK;
    room->bytes += result->body.len;
    if (room->budget.used > room->most)
        room->most = room->budget.used;
}

static void open_room(struct room *room, size_t limit)
{
    *room = (struct room){.budget.limit = limit};
    begin(&room->f, NULL);
    room->f.server->respond = answer;
    room->f.conf.http.max_body = 4 << 20;
    room->f.conf.http.per_host = 2 * FETCHES;
    assert_int_equal(fetcher_reload(room->f.fetcher, &room->f.conf, NULL), OK);
    fetcher_share(room->f.fetcher, &room->budget);
}

static void ask(struct room *room, const char *path)
{
    char url[100];
    struct fetch_request request = {.url = url};

    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", room->f.server->port, path);
    assert_true(fetch_start(room->f.fetcher, &request, on_body, room) != 0);
}

static void wait_until(struct room *room, int done)
{
    while (room->done < done)
        uv_run(&room->f.loop, UV_RUN_ONCE);
}

/* Let the loop look around until nothing more can come. */
static void look_around(struct room *room, int ticks)
{
    while (ticks-- > 0) {
        uv_run(&room->f.loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
}

static size_t most_held(size_t limit, const char *path, const char *other)
{
    struct room room;

    open_room(&room, limit);
    for (int i = 0; i < FETCHES; i++)
        ask(&room, i % 2 == 0 ? path : other);
    wait_until(&room, FETCHES);
    assert_int_equal(room.failed, 0);
    assert_int_equal(room.bytes, (size_t)FETCHES * LARGE);
    assert_true(room.most > 0 && room.most <= limit);
    assert_int_equal(room.budget.used, 0);
    finish(&room.f);
    return room.most;
}

static void bodies_hold_no_more_than_the_budget(void **state)
{
    (void)state;
    /* something is left for others */
    assert_true(most_held(BUDGET, "/large", "/large") + LARGE <= BUDGET);
}

static void bodies_of_unknown_length_do_not_either(void **state)
{
    (void)state;
    assert_true(most_held(BUDGET, "/chunked", "/chunked") + LARGE <= BUDGET);
    for (size_t limit = BUDGET; limit <= 6 * (size_t)BUDGET; limit += BUDGET) {
        most_held(limit, "/chunked", "/chunked");
        most_held(limit, "/chunked", "/large");
    }
}

static void those_that_say_a_wrong_length_do_not_either(void **state)
{
    (void)state;
    assert_true(most_held(BUDGET, "/liar", "/liar") + LARGE <= BUDGET);
}

/* It may be as large as any; it waits as long as it is. */
static void one_of_unknown_length_needs_room_for_what_has_come(void **state)
{
    struct room room;
    size_t held = 0;

    (void)state;
    open_room(&room, 8 * (size_t)BUDGET);
    budget_hold(&room.budget, &held, room.budget.limit);
    for (int i = 0; i < FETCHES; i++)
        ask(&room, "/large");
    look_around(&room, TICKS);
    ask(&room, "/chunked/middle");
    look_around(&room, TICKS);
    assert_int_equal(room.done, 0);
    budget_hold(&room.budget, &held, room.budget.limit - 4 * MIDDLE);
    wait_until(&room, 1);
    assert_int_equal(room.bytes, MIDDLE);
    budget_hold(&room.budget, &held, 0);
    wait_until(&room, 1 + FETCHES);
    assert_int_equal(room.failed, 0);
    assert_int_equal(room.budget.used, 0);
    finish(&room.f);
}

static void small_bodies_come_while_large_ones_wait(void **state)
{
    struct room room;
    size_t held = 0;

    (void)state;
    open_room(&room, BUDGET);
    budget_hold(&room.budget, &held, BUDGET);
    for (int i = 0; i < FETCHES; i++) /* as many as there are places */
        ask(&room, "/large");
    for (int i = 0; i < 5; i++)
        ask(&room, "/small");
    wait_until(&room, 5);
    assert_int_equal(room.bytes, 5 * (size_t)SMALL);
    budget_hold(&room.budget, &held, 0);
    wait_until(&room, 5 + FETCHES);
    assert_int_equal(room.failed, 0);
    finish(&room.f);
}

static void those_of_middle_size_do_not_wait_for_all_that_are_large(void **state)
{
    struct room room;
    size_t held = 0;

    (void)state;
    open_room(&room, BUDGET);
    budget_hold(&room.budget, &held, BUDGET);
    for (int i = 0; i < FETCHES; i++)
        ask(&room, "/large");
    look_around(&room, TICKS);
    ask(&room, "/middle");
    look_around(&room, TICKS);
    assert_int_equal(room.done, 0);
    budget_hold(&room.budget, &held, BUDGET - 2 * MIDDLE);
    wait_until(&room, 1);
    assert_int_equal(room.bytes, MIDDLE);
    budget_hold(&room.budget, &held, 0);
    wait_until(&room, 1 + FETCHES);
    assert_int_equal(room.failed, 0);
    finish(&room.f);
}

static void the_time_spent_waiting_is_not_the_server_s(void **state)
{
    struct room room;
    size_t held = 0;

    (void)state;
    open_room(&room, BUDGET);
    budget_hold(&room.budget, &held, BUDGET);
    ask(&room, "/large");
    look_around(&room, TICKS);
    for (int i = 0; i < 10; i++) {
        pass_time(20 * (int64_t)SECOND); /* four times what a request has */
        look_around(&room, TICKS / 20);
    }
    assert_int_equal(room.done, 0);
    budget_hold(&room.budget, &held, 0);
    wait_until(&room, 1);
    assert_int_equal(room.failed, 0);
    assert_int_equal(room.bytes, LARGE);
    finish(&room.f);
}

static void what_is_cancelled_or_stopped_holds_nothing(void **state)
{
    struct room room;

    (void)state;
    open_room(&room, BUDGET);
    for (int i = 0; i < FETCHES; i++)
        ask(&room, "/large");
    wait_until(&room, 1);
    finish(&room.f);
    assert_int_equal(room.done, FETCHES);
    assert_int_equal(room.budget.used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_hold_no_more_than_the_budget),
        cmocka_unit_test(bodies_of_unknown_length_do_not_either),
        cmocka_unit_test(those_that_say_a_wrong_length_do_not_either),
        cmocka_unit_test(one_of_unknown_length_needs_room_for_what_has_come),
        cmocka_unit_test(small_bodies_come_while_large_ones_wait),
        cmocka_unit_test(those_of_middle_size_do_not_wait_for_all_that_are_large),
        cmocka_unit_test(the_time_spent_waiting_is_not_the_server_s),
        cmocka_unit_test(what_is_cancelled_or_stopped_holds_nothing),
    };

    return cmocka_run_group_tests(tests, own_the_clock, NULL);
}
