/* test_deliver.c - what the store commits reaches a subscriber on a real socket, beside heartbeats
 * and a welcome. */
#include "unit/deliver_fixture.h"

#include <sys/stat.h>

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
    struct push_counters counters = {0};
    struct json *json;

    subscribe(r, "all/article.new/");
    wait_for_subscription(r);
    fixture_commit_topic(r->store, 0, "urn:x", "all/article.new/en/");
    fixture_wait(r->store, 1);
    assert_bytes(receive(r), "all/article.new/en/");
    assert_int_equal(json_parse(r->arena, receive(r), &json, NULL), OK);
    assert_bytes(json_get_text(json, "sequence"), "00000000000000000001");
    deliver_counters(r->deliver, &counters);
    assert_int_equal(counters.sent, 1);
}

static void sends_an_event_under_each_of_its_topics(void **state)
{
    static const char *const further[] = {"sport/article.new/en/", "oslo/article.new/en/", NULL};
    struct rig *r = *state;
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = "urn:x",
        .time = clock_wall(),
        .data = LIT("{}")};
    static const char *const topics[] = {"all/", "all/", "sport/", "oslo/"};
    static const char *const previous[] = {"0", "1", "0", "0"};
    struct push_counters counters = {0};

    zmq_setsockopt(r->subscriber, ZMQ_SUBSCRIBE, "sport/", 6);
    zmq_setsockopt(r->subscriber, ZMQ_SUBSCRIBE, "oslo/", 5);
    subscribe(r, "all/");
    while (counters.subscriptions < 3) {
        uv_run(&r->store->loop, UV_RUN_ONCE);
        deliver_counters(r->deliver, &counters);
    }
    store_commit(r->store->store, &event, NULL, NULL);
    event.further = further;
    store_commit(r->store->store, &event, NULL, NULL);
    for (int i = 0; i < 4; i++) {
        struct bytes topic = receive(r);
        struct json *json;

        assert_true(bytes_starts(topic, bytes_of(topics[i])));
        assert_int_equal(json_parse(r->arena, receive(r), &json, NULL), OK);
        assert_true(bytes_ends(json_get_text(json, "prevsequence"), bytes_of(previous[i])));
        assert_true(bytes_ends(json_get_text(json, "sequence"), i == 0 ? LIT("1") : LIT("2")));
    }
    deliver_counters(r->deliver, &counters);
    assert_int_equal(counters.sent, 4);
}

/* Whoever asked for it, and whether they wait for the answer: the log is the only door. */
static void all_that_is_committed_comes_in_order(void **state)
{
    enum { EVENTS = 50 };
    struct rig *r = *state;

    subscribe(r, "all/");
    wait_for_subscription(r);
    for (int i = 0; i < EVENTS; i++) {
        const struct store_event event = {.type = "feed.state",
            .topic = "all/feed.state/und/",
            .subject = "f1",
            .time = clock_wall(),
            .data = LIT("{}")};

        if (i % 2 == 0)
            store_commit(r->store->store, &event, NULL, NULL);
        else
            fixture_commit_topic(r->store, 0, "urn:x", "all/article.new/en/");
    }
    for (int i = 1; i <= EVENTS; i++) {
        struct json *json;

        receive(r);
        assert_int_equal(json_parse(r->arena, receive(r), &json, NULL), OK);
        assert_int_equal(
            strtol(bytes_cstr(r->arena, json_get_text(json, "sequence")), NULL, 10), i);
    }
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
    struct deliver *second = NULL;
    struct error err = {0};

    conf.listen.pub = "ipc:///nowhere/at/all";
    assert_int_equal(
        deliver_open(&r->store->loop, &conf, r->store->store, &second, &err), E_SYSTEM);
    assert_non_null(strstr(err.text, "ipc:///nowhere/at/all"));
}

static void other_things_at_the_path_are_left_as_they_are(void **state)
{
    struct rig *r = *state;
    struct conf conf = r->store->conf;
    struct deliver *second = NULL;
    struct error err = {0};
    char path[100];
    struct stat st;

    assert_int_equal(
        deliver_open(&r->store->loop, &conf, r->store->store, &second, &err), E_REFUSED);
    assert_non_null(strstr(err.text, "another daemon listens there"));
    snprintf(path, sizeof(path), "%s/file", r->store->dir);
    conf.listen.pub = bytes_format(r->arena, "ipc://%s", path).ptr;
    fclose(fopen(path, "w"));
    assert_int_equal(
        deliver_open(&r->store->loop, &conf, r->store->store, &second, &err), E_REFUSED);
    assert_non_null(strstr(err.text, "is no socket"));
    assert_int_equal(stat(path, &st), 0);
    unlink(path);
    snprintf(path, sizeof(path), "%s/file.lock", r->store->dir);
    unlink(path);
}

/* The loop turns until the path exists. */
static void wait_for(struct rig *r, const char *path)
{
    int64_t end = clock_mono() + 5 * (int64_t)SECOND;
    struct stat st;

    while (lstat(path, &st) != 0 && clock_mono() < end)
        uv_run(&r->store->loop, UV_RUN_ONCE);
    assert_int_equal(lstat(path, &st), 0);
}

static void a_path_that_was_taken_away_is_bound_again(void **state)
{
    struct rig *r = *state;
    const char *path = r->endpoint + 6;

    assert_int_equal(unlink(path), 0);
    wait_for(r, path);
    subscribe(r, "heartbeat/");
    assert_true(bytes_starts(receive(r), LIT("heartbeat/{")));
}

static void who_is_connected_stays_so_when_the_path_goes(void **state)
{
    struct rig *r = *state;
    const char *path = r->endpoint + 6;

    subscribe(r, "heartbeat/");
    assert_true(bytes_starts(receive(r), LIT("heartbeat/{")));
    unlink(path);
    wait_for(r, path);
    assert_bytes(receive(r), "heartbeat/");
    assert_true(bytes_starts(receive(r), LIT("{")));
}

static void at_the_end_only_its_own_socket_is_removed(void **state)
{
    struct rig *r = *state;
    const char *path = r->endpoint + 6;
    struct stat st;

    unlink(path);
    fclose(fopen(path, "w"));
    deliver_close(r->deliver);
    assert_int_equal(stat(path, &st), 0);
    unlink(path);
    if (deliver_open(&r->store->loop, &r->store->conf, r->store->store, &r->deliver, NULL) != OK)
        fail_msg("the lock was kept");
}

static void an_event_that_is_too_large_is_pushed_without_its_text(void **state)
{
    struct rig *r = *state;
    struct store_event event = {.type = "article.updated",
        .topic = "all/article.updated/en/",
        .subject = "urn:x",
        .time = clock_wall()};
    struct buf body = {0};
    struct json *json;

    buf_add_cstr(&body, "{\"uri\":\"urn:x\",\"text\":\"");
    for (int i = 0; i < 40000; i++)
        buf_add_cstr(&body, "a \\\"}]x");
    buf_add_cstr(&body, "\",\"version\":2}");
    subscribe(r, "all/");
    wait_for_subscription(r);
    event.data = buf_bytes(&body);
    store_commit(r->store->store, &event, NULL, NULL);
    assert_bytes(receive(r), "all/article.updated/en/");
    assert_int_equal(json_parse(r->arena, receive(r), &json, NULL), OK);
    json = (struct json *)json_get(json, "data");
    assert_int_equal(json_get_int(json, "version", 0), 2);
    assert_null(json_get(json, "text"));
    assert_int_equal(
        json_get_int(json_get(json, "shortened"), "bytes", 0) > (int64_t)body.len, true);
    assert_bytes(json_text(json_get(json_get(json, "shortened"), "members")->first), "text");
    buf_done(&body);
}

static void a_heartbeat_has_a_bound_and_is_whole(void **state)
{
    enum { TOPICS = 2100 };
    struct rig *r = *state;
    struct json *json;
    int count = 0;

    for (int i = 0; i < TOPICS; i++)
        fixture_commit_topic(
            r->store, 0, "urn:x", bytes_format(r->arena, "all/article.new/%04d/", i).ptr);
    fixture_wait(r->store, TOPICS);
    /* the first beat after them makes the welcome */
    for (int64_t end = clock_mono() + 6 * (int64_t)SECOND / 5; clock_mono() < end;)
        uv_run(&r->store->loop, UV_RUN_ONCE);
    subscribe(r, "heartbeat/");
    assert_int_equal(
        json_parse(r->arena, bytes_from(receive(r), sizeof("heartbeat/") - 1), &json, NULL), OK);
    for (const struct json *t = json_get(json, "topics")->first; t != NULL; t = t->next)
        count++;
    assert_int_equal(count + json_get_int(json, "topicsLeftOut", 0), TOPICS);
    assert_true(count < TOPICS);
    assert_non_null(json_get(json_get(json, "topics"), "all/article.new/2099/"));
    assert_null(json_get(json_get(json, "topics"), "all/article.new/0000/"));
}

static void who_subscribes_to_too_much_is_sent_away_alone(void **state)
{
    struct rig *r = *state;
    struct push_counters counters = {0};
    void *greedy = zmq_socket(r->context, ZMQ_SUB);
    void *events = zmq_socket(r->context, ZMQ_PAIR);
    int linger = 0;
    int unlimited = 0;
    char topic[32];

    zmq_setsockopt(greedy, ZMQ_LINGER, &linger, sizeof(linger));
    zmq_setsockopt(greedy, ZMQ_SNDHWM, &unlimited, sizeof(unlimited));
    zmq_setsockopt(r->subscriber, ZMQ_SUBSCRIBE, "", 0);
    zmq_socket_monitor(r->subscriber, "inproc://events", ZMQ_EVENT_DISCONNECTED);
    zmq_connect(events, "inproc://events");
    subscribe(r, "heartbeat/");
    assert_true(bytes_starts(receive(r), LIT("heartbeat/{")));
    zmq_connect(greedy, r->endpoint);
    for (int i = 0; i < 3000; i++) {
        snprintf(topic, sizeof(topic), "topic %d", i);
        zmq_setsockopt(greedy, ZMQ_SUBSCRIBE, topic, strlen(topic));
    }
    for (int64_t end = clock_mono() + 10 * (int64_t)SECOND;
         counters.refused == 0 && clock_mono() < end;) {
        uv_run(&r->store->loop, UV_RUN_ONCE);
        deliver_counters(r->deliver, &counters);
    }
    assert_true(counters.refused > 0);
    assert_int_equal(zmq_recv(events, topic, sizeof(topic), ZMQ_DONTWAIT), -1);
    zmq_close(greedy);
    zmq_close(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            greets_a_subscriber_with_a_heartbeat_in_one_frame, setup, teardown),
        cmocka_unit_test_setup_teardown(sends_topic_and_event_as_two_frames, setup, teardown),
        cmocka_unit_test_setup_teardown(sends_an_event_under_each_of_its_topics, setup, teardown),
        cmocka_unit_test_setup_teardown(all_that_is_committed_comes_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(
            beats_with_two_frames_while_nothing_happens, setup, teardown),
        cmocka_unit_test_setup_teardown(an_endpoint_that_cannot_be_bound_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(
            other_things_at_the_path_are_left_as_they_are, setup, teardown),
        cmocka_unit_test_setup_teardown(a_path_that_was_taken_away_is_bound_again, setup, teardown),
        cmocka_unit_test_setup_teardown(
            who_is_connected_stays_so_when_the_path_goes, setup, teardown),
        cmocka_unit_test_setup_teardown(at_the_end_only_its_own_socket_is_removed, setup, teardown),
        cmocka_unit_test_setup_teardown(
            an_event_that_is_too_large_is_pushed_without_its_text, setup, teardown),
        cmocka_unit_test_setup_teardown(a_heartbeat_has_a_bound_and_is_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(
            who_subscribes_to_too_much_is_sent_away_alone, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
