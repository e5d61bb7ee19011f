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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood_of_subscriptions_does_not_keep_the_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
