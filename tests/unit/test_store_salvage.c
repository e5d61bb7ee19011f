/* test_store_salvage.c - a store's file without its daemon: what is whole is said to be, what is
 * not is named, and behind damage all is found that lies on other pages. */
#include "store/salvage.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "store_fixture.h"

enum { FEEDS = 2000, TEXTS = 40, TEXT = 240, FILE_MOST = 16 << 20 };

struct said {
    size_t count;
    char texts[TEXTS][TEXT];
};

static void on_trouble(void *ctx, const char *text)
{
    struct said *said = ctx;

    assert_true(said->count < TEXTS);
    snprintf(said->texts[said->count++], TEXT, "%s", text);
}

static bool is_said(const struct said *said, const char *part)
{
    for (size_t i = 0; i < said->count; i++)
        if (strstr(said->texts[i], part) != NULL)
            return true;
    return false;
}

static struct store_checked check(struct fixture *f, struct said *said)
{
    struct store_checked checked;

    said->count = 0;
    assert_int_equal(store_check(f->path, on_trouble, said, &checked, &f->err), OK);
    assert_int_equal(
        checked.troubles < SALVAGE_TROUBLES ? checked.troubles : SALVAGE_TROUBLES, said->count);
    return checked;
}

static void fill(struct fixture *f)
{
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    fixture_feed(f, "https://example.org/other");
    fixture_admit(f, feed, fixture_three, 3, true);
    fixture_commit(f, f->pending[0], record_get_cstr(f->records[0], WR_ID));
    fixture_wait(f, 1);
    store_quarantine(f->store, f->pending[1], "it killed two workers");
    for (int i = 0; i < 4; i++)
        fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 5);
    assert_int_equal(store_sync(f->store, NULL), OK);
}

static void run_sql(const struct fixture *f, const char *text)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", text, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static size_t read_file(const char *path, char *text)
{
    FILE *file = fopen(path, "rbe");
    size_t len;

    assert_non_null(file);
    len = fread(text, 1, FILE_MOST, file);
    fclose(file);
    return len;
}

static void write_file(const char *path, const char *text, size_t len)
{
    FILE *file = fopen(path, "wbe");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    fclose(file);
}

static void is_as_filled(const struct store_checked *checked)
{
    assert_int_equal(checked->schema, SCHEMA_VERSION);
    assert_int_equal(strlen(checked->epoch), 32);
    assert_int_equal(checked->feeds, 2);
    assert_int_equal(checked->articles, 3);
    assert_int_equal(checked->waiting, 1);
    assert_int_equal(checked->quarantined, 1);
    assert_int_equal(checked->events, 5);
    assert_int_equal(checked->first, 1);
    assert_int_equal(checked->head, 5);
    assert_int_equal(checked->troubles, 0);
}

static void a_whole_store_has_no_troubles_beside_its_daemon_or_without(void **state)
{
    struct fixture *f = *state;
    struct store_checked checked;
    struct said said;

    fill(f);
    checked = check(f, &said);
    is_as_filled(&checked);
    fixture_close(f);
    checked = check(f, &said);
    is_as_filled(&checked);
}

static void a_look_changes_nothing(void **state)
{
    char *before = malloc(FILE_MOST);
    char *after = malloc(FILE_MOST);
    struct fixture *f = *state;
    struct said said;
    size_t len;

    fill(f);
    fixture_close(f);
    len = read_file(f->path, before);
    check(f, &said);
    assert_int_equal(read_file(f->path, after), len);
    assert_memory_equal(before, after, len);
    free(before);
    free(after);
}

/* What may lie at the path instead; NULL: nothing does. */
static void what_is_no_store_is_an_error(void **state)
{
    static const char text[] = "This is a letter, and it is long enough to be taken for a header.";
    static const struct {
        const char *what;
        size_t len;
    } files[] = {{NULL, 0}, {"", 0}, {text, 5}, {text, sizeof(text) - 1}, {"SQLite format 3", 16},
        {"SQLite format 3\0\x10\0\1\1\0\x40\x20\x20", 24}};
    struct fixture *f = *state;
    struct said said = {0};
    struct store_checked checked;

    fixture_close(f);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        fixture_unlink(f);
        if (files[i].what != NULL)
            write_file(f->path, files[i].what, files[i].len);
        f->err = (struct error){0};
        assert_int_not_equal(store_check(f->path, on_trouble, &said, &checked, &f->err), OK);
        assert_non_null(strstr(f->err.text, "store"));
        assert_int_equal(said.count, 0);
    }
}

static void another_programs_database_is_no_store(void **state)
{
    struct fixture *f = *state;
    struct said said = {0};
    struct store_checked checked;

    fixture_close(f);
    fixture_unlink(f);
    run_sql(f, "CREATE TABLE feed (id INTEGER PRIMARY KEY, url TEXT, title TEXT, tags TEXT);"
               "INSERT INTO feed VALUES (1, 'http://a.example/', 'A', '')");
    assert_int_equal(store_check(f->path, on_trouble, &said, &checked, &f->err), E_FORMAT);
}

/* Of what only the rows tell: each is one trouble, named by what it is. */
static void what_is_missing_between_whole_pages_is_named(void **state)
{
    static const struct {
        const char *harm, *said;
    } cases[] = {
        {"DELETE FROM event WHERE sequence = 3", "1 events are missing between 1 and 5"},
        {"DELETE FROM event WHERE sequence IN (2, 3)", "2 events are missing between 1 and 5"},
        {"DELETE FROM event WHERE sequence IN (1, 3);"
         "REPLACE INTO counter (name, value) VALUES ('trimmed.events', 1)",
            "1 events are missing between 2 and 5"},
        {"UPDATE event SET body = '{\"id\":' WHERE sequence = 4", "1 events are no JSON any more"},
        {"UPDATE event SET body = zeroblob(50)", "5 events are no JSON any more"},
        {"DROP TABLE event", "the events cannot be read to the end"},
        {"DROP TABLE pending", "the entries that wait cannot be read to the end"},
        {"DROP TABLE article", "the articles cannot be read to the end"},
        {"DROP TABLE feed", "the feeds cannot be read to the end"},
        {"DELETE FROM meta", "epoch"},
    };
    char *whole = malloc(FILE_MOST);
    struct fixture *f = *state;
    struct said said;
    size_t len;

    fill(f);
    fixture_close(f);
    len = read_file(f->path, whole);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_file(f->path, whole, len);
        run_sql(f, cases[i].harm);
        check(f, &said);
        if (!is_said(&said, cases[i].said))
            fail_msg("%s: not said: %s (%s)", cases[i].harm, cases[i].said, said.texts[0]);
    }
    free(whole);
}

/* Events that were trimmed at the log's begin are not missing. */
static void a_log_that_was_trimmed_is_whole(void **state)
{
    struct fixture *f = *state;
    struct store_checked checked;
    struct said said;

    fill(f);
    fixture_close(f);
    run_sql(f, "DELETE FROM event WHERE sequence < 4");
    checked = check(f, &said);
    assert_int_equal(checked.troubles, 0);
    assert_int_equal(checked.first, 4);
    assert_int_equal(checked.events, 2);
}

/* Nor are those of a feed that took more than its share, which may lie anywhere. */
static void a_log_whose_heaviest_feed_gave_way_is_whole(void **state)
{
    struct fixture *f = *state;
    struct said said;

    fill(f);
    fixture_close(f);
    run_sql(f, "DELETE FROM event WHERE sequence IN (1, 3, 4);"
               "REPLACE INTO counter (name, value) VALUES ('trimmed.events', 3)");
    assert_int_equal(check(f, &said).troubles, 0);
}

/* ---- feeds behind damage ---------------------------------------------------------- */

struct found {
    size_t count;
    bool there[FEEDS + 2];
};

static void on_feed(void *ctx, const struct store_feed *feed)
{
    struct found *found = ctx;
    char url[80];

    snprintf(url, sizeof(url), "https://feed%lld.example/rss", (long long)feed->id);
    assert_string_equal(feed->url, url); /* none is read as another */
    assert_string_equal(feed->title, "Feed");
    assert_string_equal(feed->tags, "world, en");
    assert_false(found->there[feed->id]);
    found->there[feed->id] = true;
    found->count++;
}

static void follow_many(struct fixture *f)
{
    for (int i = 1; i <= FEEDS; i++)
        assert_int_equal(
            fixture_feed(f, bytes_format(f->arena, "https://feed%d.example/rss", i).ptr), i);
    assert_int_equal(store_sync(f->store, NULL), OK);
    fixture_close(f);
}

/* Overwrite each page of the feeds' table that holds one of these feeds; the number of pages. */
static int harm_pages(const struct fixture *f, int first, int step, int count)
{
    enum { TABLE_LEAF = 0x0d }; /* https://www.sqlite.org/fileformat2.html section 1.6 */
    char *text = malloc(FILE_MOST);
    size_t len = read_file(f->path, text);
    int harmed = 0;

    for (int i = 0; i < count; i++) {
        char url[80];
        size_t url_len =
            (size_t)snprintf(url, sizeof(url), "https://feed%d.example/", first + i * step);

        for (size_t at = SCHEMA_PAGE; at < len; at += SCHEMA_PAGE) {
            if (text[at] != TABLE_LEAF || memmem(text + at, SCHEMA_PAGE, url, url_len) == NULL)
                continue;
            memset(text + at, 0xa5, SCHEMA_PAGE);
            harmed++;
        }
    }
    write_file(f->path, text, len);
    free(text);
    return harmed;
}

static void all_feeds_of_a_whole_store_are_read(void **state)
{
    struct fixture *f = *state;
    static struct found found;
    bool whole = false;

    memset(&found, 0, sizeof(found));
    follow_many(f);
    assert_int_equal(store_salvage_feeds(f->path, on_feed, &found, &whole, &f->err), OK);
    assert_true(whole);
    assert_int_equal(found.count, FEEDS);
}

/* A page holds some fifty feeds: what lies before and behind a damaged one is read all the same. */
static void damaged_pages_hide_their_own_feeds_alone(void **state)
{
    enum { HARMED = 3, PER_PAGE = 80 };
    struct fixture *f = *state;
    static struct found found;
    struct said said;
    bool whole = true;

    memset(&found, 0, sizeof(found));
    follow_many(f);
    assert_int_equal(harm_pages(f, 300, 700, HARMED), HARMED);
    assert_int_equal(store_salvage_feeds(f->path, on_feed, &found, &whole, &f->err), OK);
    assert_false(whole);
    assert_in_range(found.count, FEEDS - HARMED * PER_PAGE, FEEDS - HARMED);
    assert_true(found.there[1] && found.there[FEEDS]);
    assert_false(found.there[300] || found.there[1000] || found.there[1700]);
    check(f, &said);
    assert_true(is_said(&said, "the feeds cannot be read to the end"));
}

/* However much is wrong, so many sentences are enough. */
static void a_file_full_of_damage_is_told_in_twenty_sentences(void **state)
{
    struct fixture *f = *state;
    struct store_checked checked;
    struct said said;

    follow_many(f);
    assert_true(harm_pages(f, 1, 1, FEEDS) > SALVAGE_TROUBLES);
    checked = check(f, &said);
    assert_true(checked.troubles > 0);
    assert_in_range(said.count, 1, SALVAGE_TROUBLES);
}

static void a_file_cut_short_gives_what_is_left(void **state)
{
    struct fixture *f = *state;
    static struct found found;
    struct stat st;
    bool whole = true;

    memset(&found, 0, sizeof(found));
    follow_many(f);
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(truncate(f->path, st.st_size / SCHEMA_PAGE / 2 * SCHEMA_PAGE), 0);
    assert_int_equal(store_salvage_feeds(f->path, on_feed, &found, &whole, &f->err), OK);
    assert_false(whole);
    assert_in_range(found.count, 100, FEEDS - 100);
}

static void feeds_are_read_from_no_file_of_another_kind(void **state)
{
    struct fixture *f = *state;
    struct found found = {0};
    bool whole = true;

    fixture_close(f);
    fixture_unlink(f);
    assert_int_not_equal(store_salvage_feeds(f->path, on_feed, &found, &whole, &f->err), OK);
    write_file(f->path, "a letter", 8);
    assert_int_not_equal(store_salvage_feeds(f->path, on_feed, &found, &whole, &f->err), OK);
    assert_int_equal(found.count, 0);
}

/* ---- a new epoch ------------------------------------------------------------------ */

static void a_new_epoch_changes_nothing_else(void **state)
{
    struct fixture *f = *state;
    char first[EPOCH_TEXT], old[EPOCH_TEXT], epoch[EPOCH_TEXT];
    struct store_checked checked;
    struct said said;

    fill(f);
    snprintf(first, sizeof(first), "%s", store_epoch(f->store));
    fixture_close(f);
    assert_int_equal(store_new_epoch(f->path, old, epoch, &f->err), OK);
    assert_string_equal(old, first);
    assert_string_not_equal(epoch, first);
    checked = check(f, &said);
    assert_string_equal(checked.epoch, epoch);
    is_as_filled(&checked);
    fixture_open(f);
    assert_string_equal(store_epoch(f->store), epoch);
    fixture_commit(f, 0, "f0000001");
    fixture_wait(f, 6);
    assert_int_equal(f->sequences[5], 6); /* sequences go on */
}

static void a_store_in_use_keeps_its_epoch(void **state)
{
    struct fixture *f = *state;
    char old[EPOCH_TEXT], epoch[EPOCH_TEXT], before[EPOCH_TEXT];
    struct store_checked checked;
    struct said said;

    snprintf(before, sizeof(before), "%s", store_epoch(f->store));
    assert_int_equal(store_new_epoch(f->path, old, epoch, &f->err), E_REFUSED);
    checked = check(f, &said);
    assert_string_equal(checked.epoch, before);
}

static void where_no_store_is_none_is_made(void **state)
{
    struct fixture *f = *state;
    char old[EPOCH_TEXT], epoch[EPOCH_TEXT];

    fixture_close(f);
    fixture_unlink(f);
    assert_int_equal(store_new_epoch(f->path, old, epoch, &f->err), E_SYSTEM);
    assert_int_not_equal(access(f->path, F_OK), 0);
    assert_int_not_equal(access(bytes_format(f->arena, "%s.lock", f->path).ptr, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_whole_store_has_no_troubles_beside_its_daemon_or_without),
        STORE_TEST(a_look_changes_nothing),
        STORE_TEST(what_is_no_store_is_an_error),
        STORE_TEST(another_programs_database_is_no_store),
        STORE_TEST(what_is_missing_between_whole_pages_is_named),
        STORE_TEST(a_log_that_was_trimmed_is_whole),
        STORE_TEST(a_log_whose_heaviest_feed_gave_way_is_whole),
        STORE_TEST(all_feeds_of_a_whole_store_are_read),
        STORE_TEST(damaged_pages_hide_their_own_feeds_alone),
        STORE_TEST(a_file_full_of_damage_is_told_in_twenty_sentences),
        STORE_TEST(a_file_cut_short_gives_what_is_left),
        STORE_TEST(feeds_are_read_from_no_file_of_another_kind),
        STORE_TEST(a_new_epoch_changes_nothing_else),
        STORE_TEST(a_store_in_use_keeps_its_epoch),
        STORE_TEST(where_no_store_is_none_is_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
