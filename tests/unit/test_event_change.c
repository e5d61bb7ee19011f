/* test_event_change.c - what a new version says of the one before, whatever the log still holds. */
#include <string.h>

#include "flow/event.h"
#include "store/sql.h"
#include "store_fixture.h"
#include "unit/own_clock.h"

/* The only entry that was admitted, with a text of its page, as an event. */
static struct store_event make(struct fixture *f, const char *text, struct buf *data)
{
    struct store_event event = {.pending = f->pending[0], .time = clock_wall()};

    assert_int_equal(f->admitted_count, 1);
    record_set(f->records[0], WR_TEXT, bytes_of(text));
    buf_clear(data);
    assert_true(event_of_record(f->store, f->records[0], &event, data));
    return event;
}

static void publish(struct fixture *f, const struct item *item, const char *text, struct buf *data)
{
    struct store_event event;

    fixture_admit(f, 1, item, 1, false);
    event = make(f, text, data);
    store_commit(f->store, &event, fixture_on_committed, f);
    fixture_wait(f, f->committed_count + 1);
}

static void assert_has(const struct buf *data, const char *text)
{
    if (bytes_find(buf_bytes(data), bytes_of(text)) == SIZE_MAX)
        fail_msg("no %s in %.*s", text, FMT(buf_bytes(data)));
}

static void tells_what_changed_when_the_log_is_trimmed(void **state)
{
    struct fixture *f = *state;
    struct item item = {"1", "https://example.org/1", "Harbour closed", "Storm", NULL};
    struct buf data = {0};

    fixture_feed(f, "https://example.org/feed");
    publish(f, &item, "The harbour is closed.", &data);
    assert_has(&data, "\"version\":1");
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 2);
    pass_time(f->conf.store.keep + SECOND);
    while (store_log_state(f->store).first < 2) {
        store_trim(f->store);
        assert_int_equal(store_sync(f->store, &f->err), OK);
    }
    item.title = "Harbour open";
    publish(f, &item, "The harbour is open again now.", &data);
    assert_has(&data, "\"kinds\":[\"headline\",\"text\"]");
    assert_has(&data, "\"headlineBefore\":\"Harbour closed\"");
    assert_has(&data, "\"wordsAdded\":2,\"wordsRemoved\":0");
    item.body = "Storm over";
    publish(f, &item, "The harbour is open again now.", &data);
    assert_has(&data, "\"kinds\":[\"summary\"],\"cause\":\"feed\",\"severity\":\"trivial\","
                      "\"previousVersion\":2");
    buf_done(&data);
}

/* A store of an earlier schema has the versions in its log only. */
static void reads_the_log_where_nothing_is_remembered(void **state)
{
    struct fixture *f = *state;
    struct item item = {"1", "https://example.org/1", "Harbour closed", "Storm", NULL};
    struct buf data = {0};
    struct sql sql;

    fixture_feed(f, "https://example.org/feed");
    publish(f, &item, "The harbour is closed.", &data);
    assert_int_equal(sql_open(&sql, f->path, SQLITE_OPEN_READWRITE, &f->err), OK);
    assert_int_equal(sql_exec(&sql, "UPDATE article SET told = NULL", &f->err), OK);
    sql_close(&sql);
    item.title = "Harbour open";
    publish(f, &item, "The harbour is closed.", &data);
    assert_has(&data, "\"kinds\":[\"headline\"],\"cause\":\"feed\",\"severity\":\"major\"");
    assert_has(&data, "\"headlineBefore\":\"Harbour closed\"");
    buf_done(&data);
}

/* It may be read with little memory, however many values it has. */
static void reads_an_event_of_more_values_than_a_tree_may_have(void **state)
{
    struct fixture *f = *state;
    struct item item = {"1", "https://example.org/1", "Harbour closed", "Storm", NULL};
    struct buf data = {0};
    struct buf change = {.limit = 4 << 20};
    struct sql sql;

    fixture_feed(f, "https://example.org/feed");
    publish(f, &item, "The harbour is closed.", &data);
    buf_add_cstr(&change, "UPDATE article SET told = NULL; UPDATE event SET body ="
                          " '{\"data\":{\"many\":[");
    for (int i = 0; i < 1000000; i++)
        buf_add_cstr(&change, "[],");
    buf_add_cstr(&change, "[]],\"headline\":\"Harbour closed\",\"text\":\"One two three\"}}'");
    assert_int_equal(sql_open(&sql, f->path, SQLITE_OPEN_READWRITE, &f->err), OK);
    assert_int_equal(sql_exec(&sql, bytes_cstr(f->arena, buf_bytes(&change)), &f->err), OK);
    sql_close(&sql);
    buf_done(&change);
    item.title = "Harbour open";
    publish(f, &item, "One two three four", &data);
    assert_has(&data, "\"headlineBefore\":\"Harbour closed\",\"wordsAdded\":1,\"wordsRemoved\":0");
    buf_done(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(tells_what_changed_when_the_log_is_trimmed),
        STORE_TEST(reads_the_log_where_nothing_is_remembered),
        STORE_TEST(reads_an_event_of_more_values_than_a_tree_may_have),
    };

    own_the_clock(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
