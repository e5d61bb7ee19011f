/* test_store_reader.c - the events of a store's file, read beside the daemon that writes them. */
#include "store/reader.h"

#include <sqlite3.h>

#include "store_fixture.h"

static void publish(struct fixture *f, const char *topic, const char *data)
{
    const struct store_event event = {
        .type = "article.new", .topic = topic, .subject = "urn:uuid:x", .data = bytes_of(data)};
    size_t before = f->committed_count;

    store_commit(f->store, &event, fixture_on_committed, f);
    fixture_wait(f, before + 1);
}

static void fill(struct fixture *f)
{
    publish(f, "all/article.new/en/", "{\"headline\":\"One\"}");
    publish(f, "all/story.new/en/", "{\"headline\":\"A story\"}");
    publish(f, "all/article.updated/de/", "{\"headline\":\"Two\"}");
}

static struct store_reader *open_reader(struct fixture *f, struct store_log *log)
{
    struct store_reader *reader = NULL;

    if (store_reader_open(f->path, &reader, log, &f->err) != OK)
        fail_msg("%s", f->err.text);
    return reader;
}

static bool reads(
    struct fixture *f, struct store_reader *reader, uint64_t sequence, const char *part)
{
    struct committed event;

    return store_reader_next(reader, LIT("all/article."), &event, &f->err) == 1 &&
           event.sequence == sequence && bytes_find(event.body, bytes_of(part)) != SIZE_MAX;
}

static void reads_the_events_of_a_kind_up_to_the_head_it_found(void **state)
{
    struct fixture *f = *state;
    struct store_reader *reader;
    struct committed event;
    struct store_log log;

    fill(f);
    reader = open_reader(f, &log);
    assert_int_equal(log.first, 1);
    assert_int_equal(log.head, 3);
    assert_true(reads(f, reader, 1, "One"));
    publish(f, "all/article.new/en/", "{\"headline\":\"Later\"}");
    assert_true(reads(f, reader, 3, "Two"));
    assert_int_equal(store_reader_next(reader, LIT("all/article."), &event, &f->err), 0);
    assert_int_equal(store_reader_next(reader, LIT("all/article."), &event, &f->err), 0);
    store_reader_close(reader);
}

/* A read transaction that stays open would keep the daemon's log growing. */
static void holds_nothing_of_the_file_between_two_events(void **state)
{
    struct fixture *f = *state;
    struct store_reader *reader;
    struct store_log log;
    sqlite3 *db = NULL;
    int frames = -1, done = -1;

    fill(f);
    reader = open_reader(f, &log);
    assert_true(reads(f, reader, 1, "One"));
    publish(f, "all/article.new/en/", "{\"headline\":\"Later\"}");
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "SELECT count(*) FROM event", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &frames, &done), SQLITE_OK);
    assert_int_equal(frames, 0);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_true(reads(f, reader, 3, "Two"));
    store_reader_close(reader);
}

static void an_empty_log_has_no_events(void **state)
{
    struct fixture *f = *state;
    struct store_log log;
    struct committed event;
    struct store_reader *reader = open_reader(f, &log);

    assert_int_equal(log.head, 0);
    assert_int_equal(store_reader_next(reader, LIT("all/"), &event, &f->err), 0);
    store_reader_close(reader);
}

static void a_file_that_is_no_store_is_refused(void **state)
{
    struct fixture *f = *state;
    struct store_reader *reader = NULL;
    struct store_log log;
    char path[100];
    FILE *file;

    snprintf(path, sizeof(path), "%s/other.db", f->dir);
    assert_int_equal(store_reader_open(path, &reader, &log, &f->err), E_SYSTEM);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs("This file is a letter to the editor, and no database.\n", file) >= 0);
    fclose(file);
    assert_int_equal(store_reader_open(path, &reader, &log, &f->err), E_FORMAT);
    assert_null(reader);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(reads_the_events_of_a_kind_up_to_the_head_it_found),
        STORE_TEST(holds_nothing_of_the_file_between_two_events),
        STORE_TEST(an_empty_log_has_no_events),
        STORE_TEST(a_file_that_is_no_store_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
