/* test_pull.c - consumers with a name, on a real socket behind a real store. */
#include "unit/pull_fixture.h"

#include <seccomp.h>
#include <sys/wait.h>

static void a_consumer_gets_what_it_has_credit_for(void **state)
{
    struct rig *r = *state;
    void *client;

    commit(r, 3, "all/article.new/en/");
    client = connect_client(r);
    ask(client, "HELLO|desk||first");
    expect(r, client, bytes_format(r->arena, "WELCOME|%s|1|3|0", store_epoch(r->store->store)).ptr);
    expect_nothing(r, client);
    ask(client, "CREDIT|2|1000000");
    expect(r, client, "REC|1|all/article.new/en/");
    expect(r, client, "REC|2");
    expect_nothing(r, client);
    ask(client, "CREDIT|5|0");
    expect(r, client, "REC|3");
    commit(r, 1, "all/article.new/en/");
    expect(r, client, "REC|4");
}

static void what_is_acknowledged_is_on_the_disk_and_not_sent_again(void **state)
{
    struct rig *r = *state;
    void *client;

    commit(r, 5, "all/article.new/en/");
    client = begin(r, "HELLO|desk||first");
    ask(client, "CREDIT|3|1000000");
    for (int i = 0; i < 3; i++)
        hear(r, client);
    ask(client, "ACK|2");
    expect(r, client, "ACKED|2");
    ask(client, "BYE");
    client = connect_client(r);
    ask(client, "HELLO|desk||first");
    expect(r, client, bytes_format(r->arena, "WELCOME|%s|1|5|2", store_epoch(r->store->store)).ptr);
    ask(client, "CREDIT|9|1000000");
    expect(r, client, "REC|3");
}

static void consumers_live_on_with_the_store(void **state)
{
    struct rig *r = *state;
    struct error err = {0};
    void *client;

    commit(r, 4, "all/article.new/en/");
    client = begin(r, "HELLO|desk|all/article.new/|first");
    ask(client, "CREDIT|4|1000000");
    for (int i = 0; i < 4; i++)
        hear(r, client);
    ask(client, "ACK|3");
    expect(r, client, "ACKED|3");
    store_close(r->store->store, NULL);
    deliver_close(r->deliver);
    uv_run(&r->store->loop, UV_RUN_DEFAULT);
    assert_int_equal(store_open(&r->store->loop, &r->store->conf, &r->store->store, &err), OK);
    assert_int_equal(
        deliver_open(&r->store->loop, &r->store->conf, r->store->store, &r->deliver, &err), OK);
    /* A client that is still there learns that it has to begin anew. */
    ask(client, "PING");
    expect(r, client, "ERR|unknown");
    ask(client, "HELLO|desk||");
    expect(r, client, bytes_format(r->arena, "WELCOME|%s|1|4|3", store_epoch(r->store->store)).ptr);
    ask(client, "CREDIT|4|1000000");
    expect(r, client, "REC|4");
}

/* What was on its way when the connection broke would be missed, and acknowledged with what comes
 * behind it. */
static void one_whose_connection_broke_has_to_say_hello_again(void **state)
{
    struct rig *r = *state;
    void *client = zmq_socket(r->context, ZMQ_DEALER);
    int linger = 0;

    zmq_setsockopt(client, ZMQ_LINGER, &linger, sizeof(linger));
    zmq_setsockopt(client, ZMQ_ROUTING_ID, "desk", 4); /* that outlives connections */
    r->others[r->other_count++] = client;
    assert_int_equal(zmq_connect(client, r->pull), 0);
    ask(client, "HELLO|desk||first");
    expect(r, client, "WELCOME");
    ask(client, "CREDIT|9|1000000");
    expect_nothing(r, client);
    assert_int_equal(zmq_disconnect(client, r->pull), 0);
    commit(r, 2, "all/article.new/en/");
    assert_int_equal(zmq_connect(client, r->pull), 0);
    ask(client, "ACK|2");
    expect(r, client, "ERR|unknown");
    ask(client, "HELLO|desk||");
    expect(r, client, bytes_format(r->arena, "WELCOME|%s|1|2|0", store_epoch(r->store->store)).ptr);
    ask(client, "CREDIT|9|1000000");
    expect(r, client, "REC|1");
    expect(r, client, "REC|2");
}

static void a_filter_wants_prefixes_of_any_of_an_events_topics(void **state)
{
    static const char *const further[] = {"sport/article.new/en/", NULL};
    struct rig *r = *state;
    const struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = "urn:y",
        .time = clock_wall(),
        .data = LIT("{}"),
        .further = further};
    void *client;

    commit(r, 1, "all/article.new/en/");
    commit(r, 1, "all/article.new/de/");
    commit(r, 1, "all/feed.state/und/");
    store_commit(r->store->store, &event, NULL, NULL);
    store_sync(r->store->store, NULL);
    client = begin(r, "HELLO|desk|sport/ all/article.new/de/ all/feed|first");
    ask(client, "CREDIT|9|1000000");
    expect(r, client, "REC|2|all/article.new/de/");
    expect(r, client, "REC|3|all/feed.state/und/");
    expect(r, client, "REC|4|sport/article.new/en/");
    expect_nothing(r, client);
}

static void a_second_client_of_a_name_fences_the_first(void **state)
{
    struct rig *r = *state;
    void *first = begin(r, "HELLO|desk||first");
    void *second;

    ask(first, "CREDIT|9|1000000");
    second = begin(r, "HELLO|desk||");
    expect(r, first, "ERR|fenced");
    ask(second, "CREDIT|9|1000000");
    commit(r, 1, "all/article.new/en/");
    expect(r, second, "REC|1");
    ask(first, "ACK|1");
    expect(r, first, "ERR|unknown");
}

/* It is told what happened meanwhile and undoes nothing; of its own connection that broke nothing
 * is left in its way. */
static void one_that_goes_on_takes_the_name_from_nobody(void **state)
{
    struct rig *r = *state;
    const char *again =
        bytes_format(r->arena, "HELLO|desk||again %s", store_epoch(r->store->store)).ptr;
    struct consumers *consumers = pull_consumers(deliver_pull(r->deliver));
    void *first = begin(r, "HELLO|desk||first");
    void *second = begin(r, "HELLO|desk||");

    expect(r, first, "ERR|fenced");
    ask(first, again);
    expect(r, first, "ERR|fenced|another client has the name");
    ask(second, "BYE");
    expect_nothing(r, second);
    ask(first, again);
    expect(r, first, "WELCOME");
    consumer_remove(consumers_find(consumers, LIT("desk")));
    expect(r, first, "ERR|lost");
    ask(first, again);
    expect(r, first, "ERR|lost|the consumer was removed");
    settle(r);
    commit(r, 2, "all/article.new/en/");
    ask(first, "HELLO|desk||again of-another-log");
    expect(r, first, bytes_format(r->arena, "WELCOME|%s|1|2|0", store_epoch(r->store->store)).ptr);
}

static void a_consumer_that_holds_the_log_keeps_what_it_has_not_read(void **state)
{
    struct rig *r = *state;
    struct consumers *consumers = pull_consumers(deliver_pull(r->deliver));
    struct consumer *consumer = NULL;
    struct error err = {0};

    commit(r, 5, "all/article.new/en/");
    assert_int_equal(
        consumer_add(consumers, LIT("archive"), LIT(""), 2, true, &consumer, &err), OK);
    settle(r);
    ask_for_a_trim(r, 1);
    assert_int_equal(store_log_state(r->store->store).first, 3);
    consumer_ack(consumer, 4);
    settle(r);
    ask_for_a_trim(r, 1);
    assert_int_equal(store_log_state(r->store->store).first, 5);
}

static void one_that_reads_nothing_costs_a_window(void **state)
{
    enum { EVENTS = 3000 };
    struct rig *r = *state;
    void *stalled = begin(r, "HELLO|stalled||first");
    void *client = begin(r, "HELLO|desk||first");
    struct pull_counters counters;

    ask(stalled, "CREDIT|100000|60000000");
    ask(client, "CREDIT|100000|60000000");
    commit(r, EVENTS, "all/article.new/en/");
    for (int i = 1; i <= EVENTS; i++) {
        struct got got = hear(r, client);

        assert_bytes(got.frames[1], bytes_format(r->arena, "%d", i).ptr);
    }
    pull_counters(deliver_pull(r->deliver), &counters);
    assert_true(counters.sent < 2 * EVENTS);
    for (int i = 1; i <= EVENTS; i++) {
        struct got got = hear(r, stalled);

        assert_bytes(got.frames[1], bytes_format(r->arena, "%d", i).ptr);
    }
}

static void nonsense_is_answered_and_changes_nothing(void **state)
{
    static const char *const asked[] = {"HELLO|no name||", "HELLO|a|\x01|", "HELLO|a||yesterday",
        "HELLO|a", "WHAT", "RANGE|x||", "CHECK||-1", "HELLO|a||seq 99999"};
    struct rig *r = *state;
    void *client = connect_client(r);

    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        ask(client, asked[i]);
        expect(r, client, "ERR|bad");
    }
    zmq_send(client, "WR9", 3, 0);
    expect(r, client, "ERR|bad");
    for (int i = 0; i < 40; i++)
        zmq_send(client, "x", 1, i < 39 ? ZMQ_SNDMORE : 0);
    expect(r, client, "ERR|bad");
    ask(client, "HELLO|desk||");
    expect(r, client, "WELCOME");
    ask(client, "ACK|1");
    expect(r, client, "ERR|bad|ACK of what was not sent");
    ask(client, "HELLO|other||");
    expect(r, client, "ERR|busy");
    ask(client, "RANGE|1||");
    expect(r, client, "ERR|busy");
}

/* And who reads nothing gives its place to who does. */
static void where_there_is_no_room_for_a_client_it_is_told(void **state)
{
    struct rig *r = *state;
    struct pull_counters *counters = &deliver_pull(r->deliver)->counters;
    void *idle = connect_client(r);
    void *range = connect_client(r);
    void *client;

    ask(idle, "STAT");
    expect(r, idle, "STATE");
    client = begin(r, "HELLO|desk||first");
    counters->clients += PULL_CLIENTS - 2;
    ask(range, "RANGE|1||");
    expect(r, range, "LOG");
    expect(r, range, "END");
    ask(idle, "RANGE|1||");
    expect(r, idle, "LOG");
    expect(r, idle, "END");
    ask(idle, "HELLO|idle||");
    expect(r, idle, "WELCOME");
    ask(range, "HELLO|other||");
    expect(r, range, "ERR|busy");
    ask(client, "PING");
    expect(r, client, "PONG");
    counters->clients -= PULL_CLIENTS - 2;
    assert_int_equal(counters->clients, 2);
}

static void counts_what_is_wanted_behind_a_sequence(void **state)
{
    struct rig *r = *state;
    void *client = connect_client(r);

    commit(r, 3, "all/article.new/en/");
    commit(r, 2, "all/article.new/de/");
    ask(client, "CHECK|all/article.new/en/|1");
    expect(r, client, "COUNT|2|0");
}

/* Nobody's questions keep the loop: what comes behind them has its turn. */
static void so_many_questions_are_answered_in_a_turn(void **state)
{
    enum { ASKED = 200, EVENTS = 1000, MOST = 60 };
    struct rig *r = *state;
    void *client = connect_client(r);
    zmq_pollitem_t item = {client, 0, ZMQ_POLLIN, 0};
    int answered = 0;

    commit(r, EVENTS, "all/article.new/en/");
    ask(client, "CHECK||0");
    expect(r, client, "COUNT|1000|0");
    for (int i = 0; i < ASKED; i++)
        ask(client, "CHECK||0");
    usleep(100000); /* they are there, or some of them: fewer are answered then */
    uv_run(&r->store->loop, UV_RUN_NOWAIT);
    while (zmq_poll(&item, 1, 100) > 0) {
        hear(r, client);
        answered++;
    }
    assert_in_range(answered, 0, MOST);
}

static void removed_and_reset_consumers_are_told(void **state)
{
    struct rig *r = *state;
    struct consumers *consumers = pull_consumers(deliver_pull(r->deliver));
    void *client;

    commit(r, 3, "all/article.new/en/");
    client = begin(r, "HELLO|desk||");
    consumer_reset(consumers_find(consumers, LIT("desk")), 1);
    expect(r, client, "ERR|fenced");
    settle(r);
    ask(client, "HELLO|desk||");
    expect(r, client, bytes_format(r->arena, "WELCOME|%s|1|3|1", store_epoch(r->store->store)).ptr);
    consumer_remove(consumers_find(consumers, LIT("desk")));
    expect(r, client, "ERR|lost");
    assert_null(consumers_find(consumers, LIT("desk")));
}

/* Before the new place is on the disk: what lies between would be missed, or come for nothing. */
static void one_that_was_set_back_goes_on_from_there_alone(void **state)
{
    struct rig *r = *state;
    struct consumers *consumers = pull_consumers(deliver_pull(r->deliver));
    struct consumer *consumer;
    void *first, *client;

    commit(r, 3, "all/article.new/en/");
    first = begin(r, "HELLO|desk||first");
    ask(first, "CREDIT|9|1000000");
    for (int i = 0; i < 3; i++)
        hear(r, first);
    consumer = consumers_find(consumers, LIT("desk"));
    consumer_ack(consumer, 3); /* on its way */
    consumer_reset(consumer, 1);
    assert_false(consumer->is_kept);
    settle(r);
    assert_false(consumer->is_kept); /* at 3 that is on the disk, it is not yet back */
    client = connect_client(r);
    ask(client, "HELLO|desk||");
    expect(r, client, bytes_format(r->arena, "WELCOME|%s|1|3|1", store_epoch(r->store->store)).ptr);
    ask(client, "CREDIT|1|1000000");
    expect(r, client, "REC|2");
    consumer_reset(consumer, 1); /* where it is already */
    expect(r, client, "ERR|fenced");
    ask(client, "HELLO|desk||");
    expect(r, client, bytes_format(r->arena, "WELCOME|%s|1|3|1", store_epoch(r->store->store)).ptr);
}

static void one_that_nobody_uses_is_forgotten_in_the_end(void **state)
{
    struct rig *r = *state;
    struct consumers *consumers = pull_consumers(deliver_pull(r->deliver));
    struct consumer *consumer = NULL;

    assert_int_equal(
        consumer_add(consumers, LIT("archive"), LIT(""), 0, false, &consumer, NULL), OK);
    consumers_tend(consumers, 60 * (int64_t)SECOND);
    assert_non_null(consumers_find(consumers, LIT("archive")));
    consumer->heard = 0; /* a clock that was wrong */
    consumers_tend(consumers, 60 * (int64_t)SECOND);
    assert_non_null(consumers_find(consumers, LIT("archive")));
    consumer->unused += 61 * (int64_t)SECOND;
    consumers_tend(consumers, 60 * (int64_t)SECOND);
    assert_null(consumers_find(consumers, LIT("archive")));
    settle(r); /* its row, and then that it goes */
}

static void a_time_is_where_a_consumer_may_begin(void **state)
{
    struct rig *r = *state;
    char text[CLOCK_TEXT];
    uint64_t before = 9;
    int64_t between;

    commit(r, 3, "all/article.new/en/");
    pass_time(20000);
    between = clock_wall() - 5000;
    commit(r, 2, "all/article.new/en/");
    assert_int_equal(store_sequence_at(r->store->store, between, &before, NULL), OK);
    assert_int_equal(before, 3);
    assert_int_equal(
        consumer_start(r->store->store,
            bytes_of(clock_format(between - 3600 * (int64_t)SECOND, text)), &before, NULL),
        OK);
    assert_int_equal(before, 0);
    assert_int_equal(
        consumer_start(r->store->store,
            bytes_of(clock_format(between + 3600 * (int64_t)SECOND, text)), &before, NULL),
        OK);
    assert_int_equal(before, 5);
}

/* As the unit forbids it: a process that sets the scheduling of a thread is killed. */
static void no_thread_asks_for_another_scheduling(void **state)
{
    pid_t child = fork(); /* of a process that has no other thread */
    int status = 0;

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
        void *context;

        seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(sched_setscheduler), 0);
        if (seccomp_load(filter) != 0)
            _exit(2);
        context = zmq_ctx_new();
        zmq_close(zmq_socket(context, ZMQ_ROUTER)); /* starts its threads */
        zmq_ctx_term(context);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_thread_asks_for_another_scheduling),
        TEST(a_consumer_gets_what_it_has_credit_for),
        TEST(what_is_acknowledged_is_on_the_disk_and_not_sent_again),
        TEST(consumers_live_on_with_the_store),
        TEST(one_whose_connection_broke_has_to_say_hello_again),
        TEST(a_filter_wants_prefixes_of_any_of_an_events_topics),
        TEST(a_second_client_of_a_name_fences_the_first),
        TEST(one_that_goes_on_takes_the_name_from_nobody),
        TEST(a_consumer_that_holds_the_log_keeps_what_it_has_not_read),
        TEST(one_that_reads_nothing_costs_a_window),
        TEST(nonsense_is_answered_and_changes_nothing),
        TEST(where_there_is_no_room_for_a_client_it_is_told),
        TEST(counts_what_is_wanted_behind_a_sequence),
        TEST(so_many_questions_are_answered_in_a_turn),
        TEST(removed_and_reset_consumers_are_told),
        TEST(one_that_was_set_back_goes_on_from_there_alone),
        TEST(one_that_nobody_uses_is_forgotten_in_the_end),
        TEST(a_time_is_where_a_consumer_may_begin),
    };

    return cmocka_run_group_tests(tests, own_the_clock, NULL);
}
