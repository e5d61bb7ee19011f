/* test_push.c - who subscribes without end does not keep the loop, on a real socket. */
#include "unit/test.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "deliver/push.h"
#include "deliver/zsocket.h"

enum {
    TICKS = 20,
    EVENTS = 50,
    ENDLESS = 100000, /* messages read without a turn of the loop */
};

static bool is_flooded;
static size_t read_in_turn, most_in_turn;

/* libzmq's, for a client that is never slower than we are: what it has sent has come. */
__attribute__((visibility("default"))) int zmq_msg_recv(zmq_msg_t *message, void *socket, int flags)
{
    static int (*next)(zmq_msg_t *, void *, int);
    int64_t end = clock_mono() + 5 * (int64_t)SECOND;
    int got;

    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "zmq_msg_recv");
    if (is_flooded && read_in_turn++ > ENDLESS)
        return -1;
    do
        got = next(message, socket, flags);
    while (is_flooded && got < 0 && clock_mono() < end);
    return got;
}

struct client {
    char endpoint[100];
    atomic_bool ends;
    pthread_t thread;
};

/* It subscribes to a topic and leaves it, again and again: within every bound. */
static void *flood(void *arg)
{
    struct client *client = arg;
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_XSUB);
    int linger = 0;

    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof(linger));
    zmq_connect(socket, client->endpoint);
    for (char say = 1; !client->ends; say = (char)!say) {
        char text[] = "?all/";

        text[0] = say;
        while (zmq_send(socket, text, sizeof(text) - 1, ZMQ_DONTWAIT) < 0 && !client->ends)
            usleep(100);
    }
    zmq_close(socket);
    zmq_ctx_term(context);
    return NULL;
}

static void on_tick(uv_timer_t *timer)
{
    ++*(int *)timer->data;
}

static void on_turn(uv_check_t *check)
{
    (void)check;
    if (read_in_turn > most_in_turn)
        most_in_turn = read_in_turn;
    read_in_turn = 0;
}

static void send_events(struct push *push)
{
    const struct committed event = {
        .sequence = 1, .topic = "all/article.new/en/", .body = LIT("{}")};

    for (int i = 0; i < EVENTS; i++)
        push_event(push, &event);
}

static void a_flood_of_subscriptions_does_not_keep_the_loop(void **state)
{
    struct client client = {.ends = false};
    char lock[120];
    struct push_counters counters = {0};
    struct error err = {0};
    struct push *push;
    uv_loop_t loop;
    uv_timer_t timer;
    uv_check_t check;
    int ticks = 0;

    (void)state;
    snprintf(
        client.endpoint, sizeof(client.endpoint), "ipc:///tmp/wireroom-push-%d", (int)getpid());
    uv_loop_init(&loop);
    assert_int_equal(push_open(&loop, client.endpoint, NULL, LIT("heartbeat/{}"), &push, &err), OK);
    uv_timer_init(&loop, &timer);
    timer.data = &ticks;
    uv_check_init(&loop, &check);
    uv_check_start(&check, on_turn);
    pthread_create(&client.thread, NULL, flood, &client);
    while (counters.subscriptions == 0) {
        uv_run(&loop, UV_RUN_NOWAIT);
        push_counters(push, &counters);
    }
    is_flooded = true;
    uv_timer_start(&timer, on_tick, 1, 1);
    while (ticks < TICKS && most_in_turn < ENDLESS) {
        send_events(push);
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    is_flooded = false;
    client.ends = true;
    pthread_join(client.thread, NULL);
    push_close(push);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_close((uv_handle_t *)&check, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    snprintf(lock, sizeof(lock), "%s.lock", client.endpoint + strlen("ipc://"));
    unlink(lock);
    assert_true(most_in_turn > 0);
    /* Once because they came, once because there was more, and once because events were sent. */
    assert_in_range(most_in_turn, 1, 3 * ZSOCKET_READ_MOST);
    assert_int_equal(ticks, TICKS);
}

static void *subscribe(void *context, const char *endpoint, int most)
{
    void *socket = zmq_socket(context, ZMQ_SUB);
    int linger = 0;

    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof(linger));
    zmq_setsockopt(socket, ZMQ_RCVHWM, &most, sizeof(most));
    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "all/", 4);
    assert_int_equal(zmq_connect(socket, endpoint), 0);
    return socket;
}

/* Both frames of one event. */
static void receive(void *socket)
{
    char frame[4096];
    int timeout = 10000;

    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout, sizeof(timeout));
    assert_true(zmq_recv(socket, frame, sizeof(frame), 0) > 0);
    assert_true(zmq_recv(socket, frame, sizeof(frame), 0) > 0);
}

/* libzmq drops for it alone. */
static void that_one_has_no_room_is_counted_and_the_others_have_all(void **state)
{
    static char text[4000];
    const struct committed event = {
        .sequence = 1, .topic = "all/article.new/en/", .body = {text, sizeof(text)}};
    char endpoint[100], lock[120];
    struct push_counters counters = {0};
    struct error err = {0};
    void *context = zmq_ctx_new(), *stalled, *other;
    struct push *push;
    uv_loop_t loop;

    (void)state;
    memset(text, 'x', sizeof(text));
    snprintf(endpoint, sizeof(endpoint), "ipc:///tmp/wireroom-push-%d", (int)getpid());
    uv_loop_init(&loop);
    assert_int_equal(push_open(&loop, endpoint, NULL, LIT("heartbeat/{}"), &push, &err), OK);
    stalled = subscribe(context, endpoint, 1);
    other = subscribe(context, endpoint, 0);
    while (counters.subscriptions < 2) {
        uv_run(&loop, UV_RUN_NOWAIT);
        push_counters(push, &counters);
    }
    for (int i = 0; i < 2000 || counters.dropped == 0; i++) {
        assert_true(i < 100000);
        push_event(push, &event);
        receive(other);
        push_counters(push, &counters);
    }
    assert_true(counters.dropped < counters.sent);
    zmq_close(stalled);
    zmq_close(other);
    zmq_ctx_term(context);
    push_close(push);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    snprintf(lock, sizeof(lock), "%s.lock", endpoint + strlen("ipc://"));
    unlink(lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood_of_subscriptions_does_not_keep_the_loop),
        cmocka_unit_test(that_one_has_no_room_is_counted_and_the_others_have_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
