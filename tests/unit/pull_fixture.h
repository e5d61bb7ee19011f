/* pull_fixture.h - a client of the pull socket, and what it is told. */
#ifndef WIREROOM_TESTS_PULL_FIXTURE_H
#define WIREROOM_TESTS_PULL_FIXTURE_H

#include "unit/deliver_fixture.h"

#include "unit/own_clock.h"

#include "deliver/private.h"
#include "wireroom/pull.h"

enum { FRAMES = 8 };

/* What a client was sent, frame by frame. */
struct got {
    struct bytes frames[FRAMES];
    size_t count;
};

static inline void *connect_client(struct rig *r)
{
    void *client = zmq_socket(r->context, ZMQ_DEALER);
    int linger = 0;

    zmq_setsockopt(client, ZMQ_LINGER, &linger, sizeof(linger));
    assert_int_equal(zmq_connect(client, r->pull), 0);
    r->others[r->other_count++] = client;
    return client;
}

/* Command and arguments with '|' between them. */
static inline void ask(void *client, const char *text)
{
    struct bytes rest = bytes_of(text);

    zmq_send(client, PULL_VERSION, strlen(PULL_VERSION), ZMQ_SNDMORE);
    for (;;) {
        bool more = rest.len > 0 && memchr(rest.ptr, '|', rest.len) != NULL;
        struct bytes frame = bytes_cut(&rest, '|');

        assert_true(zmq_send(client, frame.len == 0 ? "" : frame.ptr, frame.len,
                        more ? ZMQ_SNDMORE : 0) >= 0);
        if (!more)
            return;
    }
}

static inline bool has_more(void *client)
{
    int more = 0;
    size_t size = sizeof(more);

    zmq_getsockopt(client, ZMQ_RCVMORE, &more, &size);
    return more != 0;
}

static inline struct got hear(struct rig *r, void *client)
{
    struct got got = {.count = 0};

    assert_bytes(receive_at(r, client), PULL_VERSION);
    while (has_more(client) && got.count < FRAMES)
        got.frames[got.count++] = receive_at(r, client);
    return got;
}

#define expect(rig, client, text) expect_at(rig, client, text, __LINE__)

/* The frames of one message with '|' between them; those of text count. */
static inline void expect_at(struct rig *r, void *client, const char *text, int line)
{
    struct got got = hear(r, client);
    struct bytes rest = bytes_of(text);

    for (size_t i = 0; rest.len > 0; i++) {
        struct bytes wanted = bytes_cut(&rest, '|');

        if (i >= got.count || !bytes_equal(got.frames[i], wanted))
            fail_msg("line %d: frame %zu of %s is '%.*s'", line, i, text,
                FMT(i < got.count ? got.frames[i] : LIT("(none)")));
    }
}

/* No message is there after the loop has had its turn. */
static inline void expect_nothing(struct rig *r, void *client)
{
    ask(client, "STAT");
    expect(r, client, "STATE");
}

static inline void commit(struct rig *r, int count, const char *topic)
{
    size_t before = r->store->committed_count;

    for (int i = 0; i < count; i++)
        fixture_commit_topic(r->store, 0, "urn:x", topic);
    fixture_wait(r->store, before + (size_t)count);
}

/* What was asked of the store is done, and its callbacks were run. */
static inline void settle(struct rig *r)
{
    store_sync(r->store->store, NULL);
    uv_run(&r->store->loop, UV_RUN_NOWAIT);
}

static inline void *begin(struct rig *r, const char *hello)
{
    void *client = connect_client(r);

    ask(client, hello);
    expect(r, client, "WELCOME");
    return client;
}

static inline void ask_for_a_trim(struct rig *r, int64_t keep)
{
    r->store->conf.store.keep = keep;
    store_reload(r->store->store, &r->store->conf);
    pass_time(2000);
    store_trim(r->store->store);
    store_sync(r->store->store, NULL);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
