/* test_store_faults.c - every read, write and sync of the store fails once in turn: what was
 * refused is not there, what was confirmed is, what cannot be read is not made up, and after a
 * failed sync nothing is written any more. */
#include <stdatomic.h>

#include <sqlite3.h>

#include "store_fixture.h"

enum { FAULTS = 120, WRITES = 4 /* of two entries: one each commit */ };

/* The system's files, with calls that can be made to fail. Databases and logs have methods of their
 * own. */
enum { KINDS = 4 };
static sqlite3_vfs faulty;
static sqlite3_vfs *system_vfs;
static struct kind {
    const sqlite3_io_methods *system;
    sqlite3_io_methods faulty;
} kinds[KINDS];
static atomic_int writes_left; /* until one fails; 0: none does */
static atomic_int syncs_left;
static atomic_int reads_left;
static atomic_int writes_always; /* each fails */
static atomic_int failed;

static bool is_due(atomic_int *left)
{
    int before = atomic_load(left);

    while (before > 0 && !atomic_compare_exchange_weak(left, &before, before - 1))
        continue;
    if (before == 1)
        atomic_fetch_add(&failed, 1);
    return before == 1;
}

/* They lock differently, and read, write and sync alike: a log whose writes are gathered has
 * another table of methods in front of ours. */
static const sqlite3_io_methods *methods_of(const sqlite3_file *file)
{
    for (int i = 0; i < KINDS; i++)
        if (file->pMethods == &kinds[i].faulty)
            return kinds[i].system;
    return kinds[0].system;
}

static int faulty_write(sqlite3_file *file, const void *data, int len, sqlite3_int64 at)
{
    if (is_due(&writes_left) || atomic_load(&writes_always) != 0) {
        /* Half of it gets there, as on a disk that fills. */
        methods_of(file)->xWrite(file, data, len / 2, at);
        return SQLITE_FULL;
    }
    return methods_of(file)->xWrite(file, data, len, at);
}

static int faulty_read(sqlite3_file *file, void *data, int len, sqlite3_int64 at)
{
    return is_due(&reads_left) ? SQLITE_IOERR_READ : methods_of(file)->xRead(file, data, len, at);
}

static int faulty_sync(sqlite3_file *file, int flags)
{
    return is_due(&syncs_left) ? SQLITE_IOERR_FSYNC : methods_of(file)->xSync(file, flags);
}

static int faulty_open(
    sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *ret_flags)
{
    int code = system_vfs->xOpen(system_vfs, name, file, flags, ret_flags);
    struct kind *kind = kinds;

    (void)vfs;
    if (code != SQLITE_OK || file->pMethods == NULL)
        return code;
    while (kind->system != NULL && kind->system != file->pMethods)
        kind++;
    if (kind->system == NULL) {
        kind->system = file->pMethods;
        kind->faulty = *file->pMethods;
        kind->faulty.xRead = faulty_read;
        kind->faulty.xWrite = faulty_write;
        kind->faulty.xSync = faulty_sync;
    }
    file->pMethods = &kind->faulty;
    return code;
}

static void on_trouble(void *ctx, const struct error *err)
{
    ((struct fixture *)ctx)->trouble = err->code;
}

static int count_in_order(void *ctx, const struct committed *event)
{
    uint64_t *last = ctx;

    assert_int_equal(event->sequence, ++*last);
    return 0;
}

static void assert_log_whole(struct fixture *f)
{
    uint64_t last = 0;

    assert_int_equal(store_events(f->store, 0, 4096, count_in_order, &last, &f->err), OK);
    assert_int_equal(last, store_log_state(f->store).head);
}

/* Admit entry i and publish it, asking again whenever there was no room. */
static void publish_entry(struct fixture *f, int64_t feed, int i)
{
    struct item item = {.url = bytes_format(f->arena, "https://example.org/%d", i).ptr,
        .title = bytes_format(f->arena, "Entry %d", i).ptr};
    size_t due;

    do {
        fixture_admit(f, feed, &item, 1, false);
        assert_true(f->admit_err.code == OK || f->admit_err.code == E_LIMIT);
    } while (f->admit_err.code != OK);
    assert_int_equal(f->counts[ADMIT_NEW], 1);
    do {
        due = f->committed_count + 1;
        fixture_commit(f, f->pending[0], record_get_cstr(f->records[0], WR_ID));
        fixture_wait(f, due);
    } while (f->commit_codes[due - 1] == E_LIMIT);
    assert_int_equal(f->commit_codes[due - 1], OK);
}

static void takes_back_what_had_no_room(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    assert_int_equal(store_sync(f->store, &f->err), OK);
    atomic_store(&failed, 0);
    for (int n = 1; n <= FAULTS; n++) {
        atomic_store(&writes_left, 1 + n % WRITES);
        for (int i = 0; i < 2; i++)
            publish_entry(f, feed, 10 * n + i);
        assert_int_equal(store_log_state(f->store).head, 2 * n);
    }
    atomic_store(&writes_left, 0);
    assert_int_equal(atomic_load(&failed), FAULTS);
    assert_log_whole(f);
    fixture_reopen(f);
    assert_log_whole(f);
    assert_int_equal(store_log_state(f->store).head, 2 * FAULTS);
    assert_int_equal(fixture_counter(f, "entries.published"), 2 * FAULTS);
    assert_int_equal(fixture_counter(f, "entries.new"), 2 * FAULTS);
}

/* Of each read of a store that has just been opened: the log comes whole, or as far as it could be
 * read, with an error; the next time it is there. */
static void tells_what_cannot_be_read_and_makes_nothing_up(void **state)
{
    enum { READS = 8, ENTRIES = 12 };
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    int hit = 0;

    for (int i = 0; i < ENTRIES; i++)
        publish_entry(f, feed, i);
    for (int n = 1; n <= READS; n++) {
        uint64_t last = 0;
        int code;

        fixture_reopen(f);
        atomic_store(&failed, 0);
        atomic_store(&reads_left, n);
        code = store_events(f->store, 0, 4096, count_in_order, &last, &f->err);
        atomic_store(&reads_left, 0);
        if (atomic_load(&failed) > 0 && code != OK)
            hit++;
        assert_int_equal(code == OK, last == ENTRIES);
        assert_true(code == OK || f->err.text[0] != '\0');
        assert_log_whole(f);
    }
    assert_true(hit > 0);
}

static void never_writes_after_a_sync_that_failed(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    store_set_trouble(f->store, on_trouble, f);
    publish_entry(f, feed, 1);
    atomic_store(&syncs_left, 1);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 2);
    assert_int_equal(f->commit_codes[1], E_SYSTEM);
    assert_int_equal(f->trouble, E_SYSTEM);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 3);
    assert_int_equal(f->commit_codes[2], E_SYSTEM);
    assert_int_equal(store_log_state(f->store).head, 1);
    /* The unconfirmed event may be there or not; the log is whole in either case. */
    fixture_reopen(f);
    assert_in_range(store_log_state(f->store).head, 1, 2);
    assert_log_whole(f);
}

static void count_trouble(void *ctx, const struct error *err)
{
    assert_int_equal(err->code, E_LIMIT);
    ((struct fixture *)ctx)->trouble++;
}

static void probed(void *ctx, const struct error *err)
{
    ((struct fixture *)ctx)->called = err == NULL;
}

/* Whatever is asked, and however long after it has failed: it is not said to be kept. */
static void says_that_a_change_is_not_kept_until_it_is(void **state)
{
    static const char *const urls[] = {"https://example.org/1", "https://example.org/2"};
    struct store_hub push = {.token = "t", .hubs = "", .topic = "", .secret = "", .callback = ""};
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");
    struct store_feed old = {.id = feed, .url = "https://example.org/feed"};

    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(store_trouble(f->store).err.code, OK);
    store_set_trouble(f->store, count_trouble, f);
    atomic_store(&writes_always, 1);
    for (int i = 0; i < 2; i++) {
        fixture_feed(f, urls[i]);
        while (f->trouble <= i) /* it has failed long before anybody asks */
            uv_run(&f->loop, UV_RUN_ONCE);
        assert_int_equal(store_sync(f->store, &f->err), E_LIMIT);
    }
    store_feed_move(f->store, &old, "https://example.org/moved");
    assert_int_equal(store_sync(f->store, &f->err), E_LIMIT);
    store_hub_put(f->store, &push);
    assert_int_equal(store_sync(f->store, &f->err), E_LIMIT);
    assert_int_equal(store_feed_remove(f->store, feed, &f->err), E_LIMIT);
    assert_true(store_trouble(f->store).since > 0);
    atomic_store(&writes_always, 0);
    store_probe(f->store, probed, f);
    f->called = false;
    while (!f->called)
        uv_run(&f->loop, UV_RUN_ONCE);
    assert_int_equal(store_sync(f->store, &f->err), OK);
    assert_int_equal(store_trouble(f->store).err.code, OK);
}

static void note_kept(void *ctx, const struct error *err)
{
    ((struct fixture *)ctx)->called = true;
    ((struct fixture *)ctx)->trouble = err == NULL ? OK : err->code;
}

/* Or a consumer would never be welcomed whose name, or acknowledgement, came while the disk was
 * full. */
static void what_waited_for_room_is_told_to_be_kept_in_the_end(void **state)
{
    const struct store_consumer consumer = {.name = "desk", .filter = "", .acked = 7};
    struct fixture *f = *state;

    atomic_store(&writes_always, 1);
    store_consumer_put(f->store, &consumer, note_kept, f);
    assert_int_equal(store_sync(f->store, &f->err), E_LIMIT);
    uv_run(&f->loop, UV_RUN_NOWAIT);
    assert_false(f->called);
    atomic_store(&writes_always, 0);
    store_drop(f->store, 1, "nothing", LIT("")); /* the next group takes with it what waits */
    while (!f->called)
        uv_run(&f->loop, UV_RUN_ONCE);
    assert_int_equal(f->trouble, OK);
}

static int setup(void **state)
{
    atomic_store(&writes_left, 0);
    atomic_store(&syncs_left, 0);
    atomic_store(&reads_left, 0);
    atomic_store(&writes_always, 0);
    return fixture_setup(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(takes_back_what_had_no_room, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            tells_what_cannot_be_read_and_makes_nothing_up, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            never_writes_after_a_sync_that_failed, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            says_that_a_change_is_not_kept_until_it_is, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            what_waited_for_room_is_told_to_be_kept_in_the_end, setup, fixture_teardown),
    };

    system_vfs = sqlite3_vfs_find(NULL);
    faulty = *system_vfs;
    faulty.zName = "faulty";
    faulty.xOpen = faulty_open;
    if (sqlite3_vfs_register(&faulty, 1) != SQLITE_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
