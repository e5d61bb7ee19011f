/* deliver_fixture.h - a store, what is behind its log, and a subscriber on a real socket. */
#ifndef WIREROOM_TESTS_DELIVER_FIXTURE_H
#define WIREROOM_TESTS_DELIVER_FIXTURE_H

#include "unit/test.h"

#include "unit/store_fixture.h"

#include <zmq.h>

#include "base/json.h"
#include "deliver/deliver.h"

struct rig {
    struct fixture *store;
    struct deliver *deliver;
    void *context;
    void *subscriber;
    void *others[16]; /* closed at the end, however a test ends */
    size_t other_count;
    char endpoint[100], pull[100];
    struct arena *arena;
};

static inline int setup(void **state)
{
    struct rig *r = calloc(1, sizeof(*r));
    struct error err = {0};

    fixture_setup((void **)&r->store);
    snprintf(r->endpoint, sizeof(r->endpoint), "ipc://%s/pub", r->store->dir);
    r->store->conf.listen.pub = r->endpoint;
    snprintf(r->pull, sizeof(r->pull), "ipc://%s/pull", r->store->dir);
    r->store->conf.listen.pull = r->pull;
    r->store->conf.listen.keys = "";
    r->store->conf.consumers.keep = 3600 * (int64_t)SECOND;
    r->arena = arena_new(16 << 20);
    if (deliver_open(&r->store->loop, &r->store->conf, r->store->store, &r->deliver, &err) != OK)
        fail_msg("%s", err.text);
    r->context = zmq_ctx_new();
    r->subscriber = zmq_socket(r->context, ZMQ_SUB);
    *state = r;
    return 0;
}

static inline int teardown(void **state)
{
    struct rig *r = *state;

    char lock[120];

    zmq_close(r->subscriber);
    for (size_t i = 0; i < r->other_count; i++)
        zmq_close(r->others[i]);
    zmq_ctx_term(r->context);
    store_sync(r->store->store, NULL);
    uv_run(&r->store->loop, UV_RUN_NOWAIT); /* callbacks of what was asked */
    store_set_committed(r->store->store, NULL, NULL);
    deliver_close(r->deliver);
    snprintf(lock, sizeof(lock), "%s.lock", r->endpoint + 6);
    unlink(lock);
    snprintf(lock, sizeof(lock), "%s.lock", r->pull + 6);
    unlink(lock);
    fixture_teardown((void **)&r->store);
    arena_free(r->arena);
    free(r);
    return 0;
}

/* One frame, while the loop turns; "" when none comes within five seconds. */
static inline struct bytes receive_at(struct rig *r, void *subscriber)
{
    static char frame[512 << 10];
    int64_t end = clock_mono() + 5 * (int64_t)SECOND;

    while (clock_mono() < end) {
        int len = zmq_recv(subscriber, frame, sizeof(frame), ZMQ_DONTWAIT);

        if (len >= 0)
            return bytes_copy(r->arena, (struct bytes){frame, (size_t)len});
        uv_run(&r->store->loop, UV_RUN_NOWAIT);
    }
    return LIT("");
}

static inline struct bytes receive(struct rig *r)
{
    return receive_at(r, r->subscriber);
}

static inline void subscribe(struct rig *r, const char *topic)
{
    zmq_setsockopt(r->subscriber, ZMQ_SUBSCRIBE, topic, strlen(topic));
    assert_int_equal(zmq_connect(r->subscriber, r->endpoint), 0);
}

static inline void wait_for_subscription(struct rig *r)
{
    struct push_counters counters = {0};

    while (counters.subscriptions == 0) {
        uv_run(&r->store->loop, UV_RUN_ONCE);
        deliver_counters(r->deliver, &counters);
    }
}

#endif
