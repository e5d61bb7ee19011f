/* test_publish.c - a subscriber on a real socket gets events, heartbeats and a welcome. */
#include "unit/test.h"

#include "unit/store_fixture.h"

#include <zmq.h>

#include "base/json.h"
#include "loop/publish.h"

struct rig {
    struct fixture *store;
    struct publish *publish;
    void *context;
    void *subscriber;
    char endpoint[100];
    struct arena *arena;
};

static int setup(void **state)
{
    struct rig *r = calloc(1, sizeof(*r));
    struct error err = {0};

    fixture_setup((void **)&r->store);
    snprintf(r->endpoint, sizeof(r->endpoint), "ipc://%s/pub", r->store->dir);
    r->store->conf.listen.pub = r->endpoint;
    r->arena = arena_new(1 << 20);
    if (publish_open(&r->store->loop, &r->store->conf, r->store->store, &r->publish, &err) != OK)
        fail_msg("%s", err.text);
    r->context = zmq_ctx_new();
    r->subscriber = zmq_socket(r->context, ZMQ_SUB);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    struct rig *r = *state;

    zmq_close(r->subscriber);
    zmq_ctx_term(r->context);
    publish_close(r->publish);
    fixture_teardown((void **)&r->store);
    arena_free(r->arena);
    free(r);
    return 0;
}

/* One frame, while the loop turns; "" when none comes within five seconds. */
static struct bytes receive(struct rig *r)
{
    char frame[4096];
    int64_t end = clock_mono() + 5 * (int64_t)SECOND;

    while (clock_mono() < end) {
        int len = zmq_recv(r->subscriber, frame, sizeof(frame), ZMQ_DONTWAIT);

        if (len >= 0)
            return bytes_copy(r->arena, (struct bytes){frame, (size_t)len});
        uv_run(&r->store->loop, UV_RUN_NOWAIT);
    }
    return LIT("");
}

static void subscribe(struct rig *r, const char *topic)
{
    zmq_setsockopt(r->subscriber, ZMQ_SUBSCRIBE, topic, strlen(topic));
    assert_int_equal(zmq_connect(r->subscriber, r->endpoint), 0);
}

static void greets_a_subscriber_with_a_heartbeat_in_one_frame(void **state)
{
    struct rig *r = *state;
    struct bytes welcome;
    struct json *json;

    subscribe(r, "heartbeat/");
    welcome = receive(r);
    assert_true(bytes_starts(welcome, LIT("heartbeat/{")));
    assert_int_equal(json_parse(r->arena, bytes_from(welcome, 10), &json, NULL), OK);
    assert_bytes(json_get_text(json, "epoch"), store_epoch(r->store->store));
    assert_int_equal(json_get_int(json, "head", -1), 0);
}

static void sends_topic_and_event_as_two_frames(void **state)
{
    struct rig *r = *state;
    struct publish_counters counters = {0};
    const struct committed event = {7, "all/article.new/en/", LIT("{\"sequence\":7}")};

    subscribe(r, "all/article.new/");
    while (counters.subscriptions == 0) {
        uv_run(&r->store->loop, UV_RUN_ONCE);
        publish_counters(r->publish, &counters);
    }
    publish_event(r->publish, &event);
    assert_bytes(receive(r), "all/article.new/en/");
    assert_bytes(receive(r), "{\"sequence\":7}");
    publish_counters(r->publish, &counters);
    assert_int_equal(counters.sent, 1);
}

static void beats_with_two_frames_while_nothing_happens(void **state)
{
    struct rig *r = *state;
    struct json *json;

    subscribe(r, "heartbeat/");
    assert_true(bytes_starts(receive(r), LIT("heartbeat/{")));
    assert_bytes(receive(r), "heartbeat/");
    assert_int_equal(json_parse(r->arena, receive(r), &json, NULL), OK);
    assert_non_null(json_get(json, "topics"));
}

static void an_endpoint_that_cannot_be_bound_is_named(void **state)
{
    struct rig *r = *state;
    struct conf conf = r->store->conf;
    struct publish *second = NULL;
    struct error err = {0};

    conf.listen.pub = "ipc:///nowhere/at/all";
    assert_int_equal(
        publish_open(&r->store->loop, &conf, r->store->store, &second, &err), E_SYSTEM);
    assert_non_null(strstr(err.text, "ipc:///nowhere/at/all"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            greets_a_subscriber_with_a_heartbeat_in_one_frame, setup, teardown),
        cmocka_unit_test_setup_teardown(sends_topic_and_event_as_two_frames, setup, teardown),
        cmocka_unit_test_setup_teardown(
            beats_with_two_frames_while_nothing_happens, setup, teardown),
        cmocka_unit_test_setup_teardown(an_endpoint_that_cannot_be_bound_is_named, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
