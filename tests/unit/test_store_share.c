/* test_store_share.c - store.max bounds the file and its write-ahead log together, and nobody's
 * events leave for the sake of a feed that has more than its share. */
#include <sys/stat.h>

#include "store/sql.h"
#include "store_fixture.h"
#include "unit/own_clock.h"

enum { BODY = 8000, MAX = 16 << 20, FEEDS_OF_SITE = 16, LARGE = 1 << 20, HUGE = 6 << 20 };

static void on_probed(void *ctx, const struct error *err)
{
    *(int *)ctx = err == NULL ? 1 : err->code;
}

static void trim(struct fixture *f)
{
    uint64_t before;

    store_trim(f->store);
    do {
        int result = 0;

        before = fixture_counter(f, "trimmed.events");
        assert_int_equal(store_sync(f->store, &f->err), OK);
        store_probe(f->store, on_probed, &result);
        while (result == 0)
            uv_run(&f->loop, UV_RUN_ONCE);
    } while (before != fixture_counter(f, "trimmed.events"));
}

static int64_t size_on_disk(const struct fixture *f)
{
    struct store_disk disk = store_disk(f->store);

    return disk.file + disk.wal;
}

/* A hundred entries of a feed, each another than all before, published with large bodies. */
static void publish_hundred(struct fixture *f, int64_t feed, int number)
{
    static char data[BODY];
    struct store_event event = {
        .type = "article.new", .topic = "all/article.new/en/", .data = {data, sizeof(data)}};
    struct item items[100];

    memset(data, ' ', sizeof(data));
    memcpy(data, "{}", 2);
    for (int i = 0; i < 100; i++)
        items[i] = (struct item){.title = "Title",
            .body = bytes_format(f->arena, "%d %d", number, i).ptr,
            .url = bytes_format(f->arena, "https://example.org/%d/%d", number, i).ptr};
    fixture_admit(f, feed, items, 100, false);
    assert_int_equal(f->admitted_count, 100);
    for (int i = 0; i < 100; i++) {
        event.subject = record_get_cstr(f->records[i], WR_ID);
        event.pending = f->pending[i];
        event.time = clock_wall();
        store_commit(f->store, &event, fixture_on_committed, f);
    }
    fixture_wait(f, f->committed_count + 100);
    trim(f);
}

/* Three of another feed, in front of all that follows. */
static void publish_three(struct fixture *f)
{
    fixture_admit(f, fixture_feed(f, "https://other.example/feed"), fixture_three, 3, false);
    assert_int_equal(f->admitted_count, 3);
    fixture_publish(f);
}

struct left {
    uint64_t count, first, second, last, holes;
};

static int note(void *ctx, const struct committed *event)
{
    struct left *left = ctx;

    if (left->count++ == 0)
        left->first = event->sequence;
    if (left->count == 4)
        left->second = event->sequence;
    left->holes += left->count > 1 && event->sequence != left->last + 1;
    left->last = event->sequence;
    return 0;
}

/* Whatever is missing was counted as trimmed: nothing else leaves the log. */
static struct left look(struct fixture *f)
{
    struct left left = {0};

    assert_int_equal(store_events(f->store, 0, 4096, note, &left, &f->err), OK);
    assert_int_equal(left.last, store_log_state(f->store).head);
    assert_int_equal(left.first, store_log_state(f->store).first);
    assert_int_equal(left.count + fixture_counter(f, "trimmed.events"), left.last);
    return left;
}

static void open_small(struct fixture *f)
{
    f->conf.store.max_size = MAX;
    fixture_reopen(f);
}

static void a_feed_over_its_share_gives_way_first(void **state)
{
    struct fixture *f = *state;
    int64_t large = fixture_feed(f, "https://example.org/large");
    struct left left;

    open_small(f);
    publish_three(f);
    for (int n = 0; n < 20; n++) {
        publish_hundred(f, large, n);
        assert_true(size_on_disk(f) < MAX);
    }
    left = look(f);
    assert_int_equal(left.first, 1);
    assert_in_range(left.count, 400, 1500);
    assert_in_range(left.second, 500, 1600);
    assert_int_equal(left.holes, 1);
    /* Also after a restart. */
    fixture_reopen(f);
    for (int n = 20; n < 30; n++)
        publish_hundred(f, large, n);
    left = look(f);
    assert_int_equal(left.first, 1);
    assert_int_equal(left.last, 3003);
}

static void feeds_of_one_site_have_a_share_together(void **state)
{
    struct fixture *f = *state;
    int64_t feeds[FEEDS_OF_SITE];
    struct left left;

    for (int i = 0; i < FEEDS_OF_SITE; i++)
        feeds[i] = fixture_feed(f, bytes_format(f->arena, "https://f%d.example.org/feed", i).ptr);
    open_small(f);
    publish_three(f);
    for (int n = 0; n < 24; n++)
        publish_hundred(f, feeds[n % FEEDS_OF_SITE], n);
    left = look(f);
    assert_int_equal(left.first, 1);
    assert_true(left.second > 4);
    assert_true(left.count > 400);
    assert_true(size_on_disk(f) < MAX);
}

/* Nobody has more than a share: the oldest of all go, and the log has no hole. */
static void else_the_oldest_of_all_go(void **state)
{
    struct fixture *f = *state;
    struct left left;

    open_small(f);
    publish_three(f);
    for (int n = 0; n < 24; n++)
        publish_hundred(
            f, fixture_feed(f, bytes_format(f->arena, "https://site%d.example/feed", n).ptr), n);
    left = look(f);
    assert_true(left.first > 3);
    assert_int_equal(left.holes, 0);
    assert_true(size_on_disk(f) < MAX);
}

static void set_weight(struct fixture *f, int64_t feed, const char *bytes)
{
    struct sql sql;
    char text[100];

    snprintf(text, sizeof(text), "REPLACE INTO event_weight VALUES (%d, %s)", (int)feed, bytes);
    assert_int_equal(sql_open(&sql, f->path, SQLITE_OPEN_READWRITE, &f->err), OK);
    assert_int_equal(sql_exec(&sql, text, &f->err), OK);
    sql_close(&sql);
}

/* After a kill the sums may be behind what is in the log. */
static void a_sum_that_is_wrong_does_no_harm(void **state)
{
    struct fixture *f = *state;
    int64_t large = fixture_feed(f, "https://example.org/large");
    int64_t quiet = fixture_feed(f, "https://quiet.example/feed");

    open_small(f);
    publish_three(f);
    for (int n = 0; n < 6; n++)
        publish_hundred(f, large, n);
    fixture_close(f);
    set_weight(f, quiet, "1000000000");
    set_weight(f, large, "1");
    fixture_open(f);
    for (int n = 6; n < 30; n++)
        publish_hundred(f, large, n);
    assert_int_equal(look(f).first > 0, 1);
    assert_true(size_on_disk(f) < MAX);
}

/* ---- large records ----------------------------------------------------------- */

struct burst {
    struct fixture *f;
    int64_t most; /* bytes on the disk, after any group */
    size_t done;
};

static void measure(struct burst *burst)
{
    int64_t size = size_on_disk(burst->f);

    burst->most = size > burst->most ? size : burst->most;
    burst->done++;
}

static void on_large(void *ctx, const struct error *err, const struct committed *committed)
{
    assert_null(err);
    assert_non_null(committed);
    measure(ctx);
}

static void commit_sized(struct burst *burst, size_t size)
{
    static char data[HUGE];
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = "f0000001",
        .time = clock_wall(),
        .data = {data, size}};

    memset(data, ' ', size);
    memcpy(data, "{}", 2);
    store_commit(burst->f->store, &event, on_large, burst);
}

static void wait_for(struct burst *burst, size_t count)
{
    while (burst->done < count)
        uv_run(&burst->f->loop, UV_RUN_ONCE);
}

/* Many at a time: what the write-ahead log takes of them is in the file before the next are
 * written, and as much has left the file. */
static void large_events_stay_within_the_bound(void **state)
{
    struct burst burst = {.f = *state};

    open_small(burst.f);
    for (int i = 0; i < 100; i++)
        commit_sized(&burst, LARGE);
    wait_for(&burst, 100);
    assert_true(burst.most <= MAX + LARGE);
    commit_sized(&burst, 2 * LARGE);
    wait_for(&burst, 101);
    assert_true(burst.most <= MAX + 2 * LARGE);
}

/* It is in both files for a moment. */
static void an_event_larger_than_its_room_goes_through(void **state)
{
    struct burst burst = {.f = *state};

    open_small(burst.f);
    for (int i = 0; i < 20; i++)
        commit_sized(&burst, LARGE);
    commit_sized(&burst, HUGE);
    wait_for(&burst, 21);
    assert_int_equal(store_log_state(burst.f->store).head, 21);
    for (int i = 0; i < 20; i++)
        commit_sized(&burst, LARGE);
    wait_for(&burst, 41);
    assert_true(burst.most <= MAX + 2 * HUGE);
    trim(burst.f);
    assert_true(size_on_disk(burst.f) < MAX);
}

static void on_put_aside(void *ctx, const struct error *err)
{
    assert_null(err);
    measure(ctx);
}

/* To put an entry aside writes it once more. */
static void large_entries_put_aside_at_once_stay_within_the_bound(void **state)
{
    struct burst burst = {.f = *state};
    struct item items[8];
    char *text = arena_alloc(burst.f->arena, LARGE);

    open_small(burst.f);
    memset(text, 'x', LARGE - 1);
    for (int i = 0; i < 8; i++)
        items[i] = (struct item){.title = "Title",
            .body = text,
            .url = bytes_format(burst.f->arena, "https://example.org/large/%d", i).ptr};
    fixture_admit(burst.f, fixture_feed(burst.f, "https://example.org/feed"), items, 8, false);
    assert_int_equal(burst.f->admitted_count, 8);
    assert_int_equal(store_sync(burst.f->store, &burst.f->err), OK);
    fixture_reopen(burst.f); /* and the log is empty */
    for (int i = 0; i < 8; i++)
        store_quarantine(burst.f->store, burst.f->pending[i], "stage died");
    store_probe(burst.f->store, on_put_aside, &burst);
    wait_for(&burst, 1);
    assert_true(store_disk(burst.f->store).wal < 3 * LARGE);
    assert_true(burst.most <= MAX + LARGE);
}

/* ---- a file that is larger than its bound ------------------------------------- */

static int64_t read_pages(struct fixture *f, int sql_id)
{
    struct sql_value pages = {0};
    struct sql sql;

    assert_int_equal(sql_open(&sql, f->path, SQLITE_OPEN_READWRITE, &f->err), OK);
    assert_int_equal(sql_one(&sql, sql_use(&sql, sql_id, &f->err), NULL, &pages, 1, &f->err), 1);
    sql_close(&sql);
    return pages.number;
}

/* Of 50 MB not quite a quarter is unused, and no event has to go: with the write-ahead log it would
 * be over the bound. It shrinks at once, not a MiB each time that something is trimmed. */
static void a_file_over_its_bound_shrinks_at_once(void **state)
{
    struct fixture *f = *state;
    struct burst burst = {.f = f};
    struct sql sql;
    int64_t max;

    for (int i = 0; i < 800; i++)
        commit_sized(&burst, LARGE / 16);
    wait_for(&burst, 800);
    fixture_close(f);
    assert_int_equal(sql_open(&sql, f->path, SQLITE_OPEN_READWRITE, &f->err), OK);
    assert_int_equal(sql_exec(&sql, "DELETE FROM event WHERE sequence <= 184", &f->err), OK);
    sql_close(&sql);
    max = (read_pages(f, SQL_PAGES) - read_pages(f, SQL_PAGES_FREE)) * 4096 / 79 * 100;
    assert_true(read_pages(f, SQL_PAGES) * 4096 > max);
    f->conf.store.max_size = max;
    fixture_open(f);
    store_trim(f->store);
    for (int i = 0; i < 20; i++) {
        int result = 0;

        store_probe(f->store, on_probed, &result);
        while (result == 0)
            uv_run(&f->loop, UV_RUN_ONCE);
    }
    fixture_close(f);
    assert_true(read_pages(f, SQL_PAGES) * 4096 <= max - max / 32 * 3 + 4096 * 3);
    fixture_open(f);
    assert_int_equal(store_log_state(f->store).first, 185);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_feed_over_its_share_gives_way_first),
        STORE_TEST(feeds_of_one_site_have_a_share_together),
        STORE_TEST(else_the_oldest_of_all_go),
        STORE_TEST(a_sum_that_is_wrong_does_no_harm),
        STORE_TEST(large_events_stay_within_the_bound),
        STORE_TEST(an_event_larger_than_its_room_goes_through),
        STORE_TEST(large_entries_put_aside_at_once_stay_within_the_bound),
        STORE_TEST(a_file_over_its_bound_shrinks_at_once),
    };

    own_the_clock(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
