/* test_deliver_topics.c - who subscribes to what: all of it, nothing else, in order, and whoever
 * misses something can tell what and find it in the log. */
#include "unit/deliver_fixture.h"

#include <inttypes.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { EVENTS = 60, TOPICS = 5 };

static const char *const topics[TOPICS] = {"all/article.new/en/", "all/article.new/eng/",
    "all/article.updated/en/", "all/article.new/und/", "all/feed.state/und/"};

static const char *topic_of(int event)
{
    return topics[(event * 7 + event / 3) % TOPICS];
}

static void commit(struct rig *r, int first, int count)
{
    size_t due = r->store->committed_count + (size_t)count;

    for (int i = first; i < first + count; i++)
        fixture_commit_topic(r->store, 0, "urn:x", topic_of(i));
    fixture_wait(r->store, due);
}

/* hwm: of what waits for it on its side. */
static void *join_with(struct rig *r, const char *prefix, int hwm)
{
    struct push_counters counters = {0};
    void *subscriber = zmq_socket(r->context, ZMQ_SUB);
    int64_t end = clock_mono() + 5 * (int64_t)SECOND;
    size_t before;

    assert_true(r->other_count < sizeof(r->others) / sizeof(r->others[0]));
    r->others[r->other_count++] = subscriber;
    zmq_setsockopt(subscriber, ZMQ_RCVHWM, &hwm, sizeof(hwm));
    deliver_counters(r->deliver, &counters);
    before = counters.subscriptions;
    zmq_setsockopt(subscriber, ZMQ_SUBSCRIBE, prefix, strlen(prefix));
    assert_int_equal(zmq_connect(subscriber, r->endpoint), 0);
    while (counters.subscriptions == before && clock_mono() < end) {
        uv_run(&r->store->loop, UV_RUN_ONCE);
        deliver_counters(r->deliver, &counters);
    }
    assert_true(counters.subscriptions > before);
    return subscriber;
}

static void *join(struct rig *r, const char *prefix)
{
    return join_with(r, prefix, 1000);
}

struct received {
    char topic[64]; /* "" when nothing came */
    int64_t sequence, before;
};

static struct received next_event(struct rig *r, void *subscriber)
{
    struct arena *kept = r->arena;
    struct received event = {.topic = ""};
    struct json *json = NULL;
    struct bytes topic;

    r->arena = arena_new(4 << 20); /* of this event: there are many */
    topic = receive_at(r, subscriber);
    snprintf(event.topic, sizeof(event.topic), "%.*s", FMT(topic));
    if (event.topic[0] != '\0') {
        assert_int_equal(json_parse(r->arena, receive_at(r, subscriber), &json, NULL), OK);
        assert_true(bytes_to_int(json_get_text(json, "sequence"), &event.sequence));
        assert_true(bytes_to_int(json_get_text(json, "prevsequence"), &event.before));
    }
    arena_free(r->arena);
    r->arena = kept;
    return event;
}

/* Of all events from `first` on exactly those under the prefix come, in order, and each names the
 * one before it of its topic. */
static void assert_gets(struct rig *r, void *subscriber, const char *prefix, int first, int events)
{
    for (int i = first; i < events; i++) {
        int64_t before = 0;
        struct received event;

        if (strncmp(topic_of(i), prefix, strlen(prefix)) != 0)
            continue;
        for (int k = 0; k < i; k++)
            if (strcmp(topic_of(k), topic_of(i)) == 0)
                before = k + 1;
        event = next_event(r, subscriber);
        assert_string_equal(event.topic, topic_of(i));
        assert_int_equal(event.sequence, i + 1);
        assert_int_equal(event.before, before);
    }
}

static void each_gets_all_that_it_asked_for_and_nothing_else(void **state)
{
    static const char *const prefixes[] = {"all/", "all/article.new/", "all/article.new/en/",
        "all/article.new/en", "all/article.updated/", "all/feed.state/und/", "a"};
    enum { SUBSCRIBERS = sizeof(prefixes) / sizeof(prefixes[0]) };
    struct rig *r = *state;
    void *subscribers[SUBSCRIBERS];

    for (size_t i = 0; i < SUBSCRIBERS; i++)
        subscribers[i] = join(r, prefixes[i]);
    commit(r, 0, EVENTS);
    for (size_t i = 0; i < SUBSCRIBERS; i++)
        assert_gets(r, subscribers[i], prefixes[i], 0, EVENTS);
    fixture_commit_topic(r->store, 0, "urn:x", "b/");
    for (size_t i = 0; i < SUBSCRIBERS; i++) {
        char frame[8];

        assert_int_equal(zmq_recv(subscribers[i], frame, sizeof(frame), ZMQ_DONTWAIT), -1);
    }
}

/* What is no prefix of any topic brings nothing, not even a heartbeat. */
static void who_asks_for_what_there_is_not_gets_nothing(void **state)
{
    static const char *const prefixes[] = {"all/article.new/EN/", "All/", "all/article.new/en/x",
        " all/", "/all", "heartbeats/", "all/article.old/"};
    enum { SUBSCRIBERS = sizeof(prefixes) / sizeof(prefixes[0]) };
    struct rig *r = *state;
    void *subscribers[SUBSCRIBERS];
    void *witness = join(r, "all/");
    char frame[8];

    for (size_t i = 0; i < SUBSCRIBERS; i++)
        subscribers[i] = join(r, prefixes[i]);
    commit(r, 0, TOPICS);
    for (int n = 0; n < TOPICS; n++)
        assert_true(next_event(r, witness).sequence > 0);
    for (size_t i = 0; i < SUBSCRIBERS; i++) {
        assert_int_equal(zmq_recv(subscribers[i], frame, sizeof(frame), ZMQ_DONTWAIT), -1);
    }
}

static void what_is_no_longer_asked_for_comes_no_more(void **state)
{
    struct rig *r = *state;
    struct push_counters counters = {0};
    void *subscriber = join(r, topics[0]);
    struct received event;

    zmq_setsockopt(subscriber, ZMQ_SUBSCRIBE, topics[2], strlen(topics[2]));
    do {
        uv_run(&r->store->loop, UV_RUN_ONCE);
        deliver_counters(r->deliver, &counters);
    } while (counters.subscriptions < 2);
    commit(r, 0, 20);
    while ((event = next_event(r, subscriber)).sequence < 15)
        continue;
    zmq_setsockopt(subscriber, ZMQ_UNSUBSCRIBE, topics[0], strlen(topics[0]));
    do {
        uv_run(&r->store->loop, UV_RUN_ONCE);
        deliver_counters(r->deliver, &counters);
    } while (counters.subscriptions > 1);
    commit(r, 20, 20);
    for (int64_t last = 0; last < 33;) {
        event = next_event(r, subscriber);
        assert_true(event.sequence > 0);
        if (event.sequence > 20)
            assert_string_equal(event.topic, topics[2]);
        last = event.sequence;
    }
}

/* ---- what was missed ----------------------------------------------------------------- */

struct gap {
    const char *topic;
    int64_t first, last, found;
};

static int fill(void *ctx, const struct committed *event)
{
    struct gap *gap = ctx;

    gap->found += strcmp(event->topic, gap->topic) == 0 && (int64_t)event->sequence <= gap->last;
    return (int64_t)event->sequence >= gap->last;
}

static void who_comes_late_sees_what_is_missing_and_finds_it(void **state)
{
    struct rig *r = *state;
    struct gap gap = {.topic = topics[0]};
    struct received event;
    void *subscriber;
    int expected = 0;

    commit(r, 0, EVENTS / 2);
    for (int i = 0; i < EVENTS / 2; i++)
        expected += strcmp(topic_of(i), topics[0]) == 0;
    subscriber = join(r, topics[0]);
    commit(r, EVENTS / 2, EVENTS / 2);
    event = next_event(r, subscriber);
    assert_true(event.before > 0); /* there was one that it did not see */
    gap.last = event.before;
    assert_int_equal(store_events(r->store->store, 0, EVENTS, fill, &gap, NULL), OK);
    assert_int_equal(gap.found, expected);
}

/* Who does not read misses events, but no order, and each gap shows; others miss nothing. */
static void who_does_not_read_misses_what_it_can_find(void **state)
{
    enum { MANY = 1360, LARGE = 16 << 10 };
    struct rig *r = *state;
    struct store_event event = {.type = "article.new", .topic = topics[0], .subject = "urn:x"};
    void *slow = join_with(r, "all/", 1);
    void *quick = join(r, "all/");
    char *data = malloc(LARGE + 32);
    struct received got;
    int64_t last = 0;

    event.data = (struct bytes){data, (size_t)sprintf(data, "{\"text\":\"%*s\"}", LARGE, "x")};
    event.time = clock_wall();
    for (int i = 1; i <= MANY; i++) {
        store_commit(r->store->store, &event, NULL, NULL);
        if (i % 80 == 0)
            for (int n = i - 79; n <= i; n++)
                assert_int_equal(next_event(r, quick).sequence, n);
    }
    do {
        got = next_event(r, slow);
        assert_true(got.sequence > last);
        assert_int_equal(got.before, got.sequence - 1);
        last = got.sequence;
    } while (zmq_poll(&(zmq_pollitem_t){slow, 0, ZMQ_POLLIN, 0}, 1, 300) > 0);
    assert_in_range(last, 1, MANY - 1); /* what came after it was dropped, and is in the log */
    assert_int_equal(store_log_state(r->store->store).head, MANY);
    commit(r, 0, 1);
    got = next_event(r, slow);
    assert_int_equal(got.sequence, MANY + 1);
    assert_true(got.before > last); /* it shows */
    free(data);
}

static void the_heartbeat_knows_the_last_of_each_topic(void **state)
{
    struct rig *r = *state;
    struct json *json = NULL;
    int64_t last[TOPICS] = {0};
    struct bytes frame;

    commit(r, 0, EVENTS);
    for (int i = 0; i < EVENTS; i++)
        for (int t = 0; t < TOPICS; t++)
            if (strcmp(topic_of(i), topics[t]) == 0)
                last[t] = i + 1;
    subscribe(r, "heartbeat/");
    receive(r); /* the welcome may be a second old */
    do
        frame = receive(r);
    while (bytes_is(frame, "heartbeat/"));
    assert_int_equal(json_parse(r->arena, frame, &json, NULL), OK);
    assert_int_equal(json_get_int(json, "head", 0), EVENTS);
    for (int t = 0; t < TOPICS; t++)
        assert_int_equal(json_get_int(json_get(json, "topics"), topics[t], 0), last[t]);
}

/* ---- strangers at the socket ----------------------------------------------------------- */

static int dial(const struct rig *r)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(at.sun_path, sizeof(at.sun_path), "%s", r->endpoint + 6);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    return fd;
}

static void who_speaks_something_else_disturbs_nobody(void **state)
{
    static const struct bytes said[] = {{"", 0}, {"GET / HTTP/1.1\r\n\r\n", 18},
        {"\xff\0\0\0\0\0\0\0\1\x7f", 10},
        {"\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 34},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16}};
    struct rig *r = *state;
    void *subscriber = join(r, "all/");
    int fds[sizeof(said) / sizeof(said[0])];

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        fds[i] = dial(r);
        if (said[i].len > 0)
            assert_true(send(fds[i], said[i].ptr, said[i].len, MSG_NOSIGNAL) > 0);
        commit(r, (int)i, 1);
        assert_int_equal(next_event(r, subscriber).sequence, i + 1);
    }
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        close(fds[i]);
    commit(r, 0, 1);
    assert_int_equal(next_event(r, subscriber).sequence, sizeof(said) / sizeof(said[0]) + 1);
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RIG(each_gets_all_that_it_asked_for_and_nothing_else),
        WITH_RIG(who_asks_for_what_there_is_not_gets_nothing),
        WITH_RIG(what_is_no_longer_asked_for_comes_no_more),
        WITH_RIG(who_comes_late_sees_what_is_missing_and_finds_it),
        WITH_RIG(who_does_not_read_misses_what_it_can_find),
        WITH_RIG(the_heartbeat_knows_the_last_of_each_topic),
        WITH_RIG(who_speaks_something_else_disturbs_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
