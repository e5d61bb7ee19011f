/* test_store_crash.c - a store that is killed at any moment, again and again: what was confirmed is
 * there, sequences have no gap, and every entry of every document that was stored comes out once.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store_fixture.h"

enum {
    KILLS = 60,
    LONGEST = 90,     /* milliseconds until a kill */
    PATIENCE = 60000, /* milliseconds */
    FEEDS = 3,
    STEP = 3,    /* new entries of each document */
    WINDOW = 10, /* entries of each document */
};

/* The process that will be killed. */
struct victim {
    struct fixture *f;
    int log_fd;
    bool drain; /* end when nothing is pending, instead of going on */
    size_t busy;
    struct victim_feed {
        struct victim *victim;
        struct store_feed feed;
        char url[64];
        char etag[32];
        int64_t document; /* newest that is stored; its number is the validator */
    } feeds[FEEDS];
};

static void entry_url(int64_t feed, int64_t i, char url[80])
{
    snprintf(url, 80, "https://example.org/%d/%d", (int)feed, (int)i);
}

static bool is_dropped(int64_t i)
{
    return i % 7 == 0;
}

static bool is_quarantined(int64_t i)
{
    return !is_dropped(i) && i % 11 == 0;
}

static void on_victim_committed(
    void *ctx, const struct error *err, const struct committed *committed)
{
    struct victim *v = ctx;
    char line[40];
    int len;

    if (err != NULL)
        _exit(3);
    len = snprintf(line, sizeof(line), "%llu\n", (unsigned long long)committed->sequence);
    if (write(v->log_fd, line, (size_t)len) != len)
        _exit(4);
    v->busy--;
}

/* Number of the entry, from the end of its address. */
static int64_t entry_number(struct wr_record *rec)
{
    const char *slash = strrchr(record_get_cstr(rec, WR_URL), '/');

    return slash == NULL ? -1 : strtoll(slash + 1, NULL, 10);
}

static void finish_entry(struct victim *v, const struct admitted *admitted)
{
    struct arena *arena = arena_new(1 << 20);
    struct wr_record *rec = NULL;
    struct error err = {0};
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .pending = admitted->pending,
        .time = clock_wall(),
        .data = LIT("{}")};
    int64_t number;

    if (record_decode(arena, admitted->record, &rec, &err) != OK)
        _exit(5);
    number = entry_number(rec);
    event.subject = record_get_cstr(rec, WR_ID);
    if (is_dropped(number)) {
        store_drop(v->f->store, admitted->pending, "filter", LIT(""));
    } else if (is_quarantined(number)) {
        store_quarantine(v->f->store, admitted->pending, "crash");
    } else {
        v->busy++;
        store_commit(v->f->store, &event, on_victim_committed, v);
    }
    arena_free(arena);
}

static void ask_document(struct victim_feed *vf);

static void on_victim_admitted(void *ctx, const struct admit_result *result)
{
    struct victim_feed *vf = ctx;

    if (result->err != NULL)
        _exit(6);
    for (size_t i = 0; i < result->admitted_count; i++)
        finish_entry(vf->victim, &result->admitted[i]);
    vf->document++;
    arena_reset(vf->victim->f->arena);
    ask_document(vf);
}

/* Admit the document after the last that was stored, as a server would answer to its validator. */
static void ask_document(struct victim_feed *vf)
{
    struct fixture *f = vf->victim->f;
    struct bytes entries[WINDOW];
    int64_t first = (vf->document + 1) * STEP;

    for (int64_t i = 0; i < WINDOW; i++) {
        char url[80];
        char title[40];
        struct item item = {.url = url, .title = title, .body = "Body"};

        entry_url(vf->feed.id, first + WINDOW - 1 - i, url);
        snprintf(title, sizeof(title), "Entry %d", (int)(first + WINDOW - 1 - i));
        entries[i] = fixture_entry(f, &item, (size_t)i);
    }
    snprintf(vf->etag, sizeof(vf->etag), "%d", (int)(vf->document + 1));
    store_admit(f->store, &vf->feed, entries, WINDOW, vf->document < 0, on_victim_admitted, vf);
}

static int on_victim_feed(void *ctx, const struct store_feed *feed)
{
    struct victim *v = ctx;
    struct victim_feed *vf = &v->feeds[feed->id - 1];

    vf->document = feed->etag == NULL || feed->etag[0] == 0 ? -1 : strtoll(feed->etag, NULL, 10);
    return 0;
}

static void on_victim_pending(void *ctx, const struct admitted *pending)
{
    finish_entry(ctx, pending);
}

static _Noreturn void victim_run(struct fixture *f, const char *log_path, bool drain)
{
    struct victim v = {.f = f, .drain = drain};
    struct error err = {0};

    v.log_fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (v.log_fd < 0 || uv_loop_init(&f->loop) != 0 ||
        store_open(&f->loop, &f->conf, &f->store, &err) != OK)
        _exit(2);
    for (int i = 0; i < FEEDS; i++) {
        struct victim_feed *vf = &v.feeds[i];
        bool added;

        snprintf(vf->url, sizeof(vf->url), "https://example.org/feed/%d", i);
        vf->victim = &v;
        vf->feed = (struct store_feed){.url = vf->url, .etag = vf->etag};
        if (store_feed_put(f->store, &vf->feed, &vf->feed.id, &added, &err) != OK)
            _exit(2);
    }
    if (store_feeds(f->store, on_victim_feed, &v, &err) != OK)
        _exit(2);
    fixture_each_pending(f, on_victim_pending, &v);
    for (int i = 0; i < FEEDS && !drain; i++)
        ask_document(&v.feeds[i]);
    while (!drain || v.busy > 0)
        uv_run(&f->loop, UV_RUN_ONCE);
    store_close(f->store, NULL);
    uv_run(&f->loop, UV_RUN_DEFAULT);
    _exit(0);
}

static off_t size_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? st.st_size : 0;
}

/* Until something more is confirmed, however busy the machine is. */
static void await_confirmed(const char *log_path, off_t before)
{
    for (int waited = 0; size_of(log_path) == before; waited++) {
        assert_true(waited < PATIENCE);
        usleep(1000);
    }
}

/* milliseconds: from its begin, or from what it confirms first, until it is killed; 0: it ends by
 * itself. */
static int run_victim(struct fixture *f, const char *log_path, int64_t milliseconds, bool confirms)
{
    off_t before = size_of(log_path);
    pid_t pid = fork();
    int status = 0;

    assert_true(pid >= 0);
    if (pid == 0)
        victim_run(f, log_path, milliseconds == 0);
    if (confirms)
        await_confirmed(log_path, before);
    if (milliseconds > 0) {
        usleep((useconds_t)milliseconds * 1000);
        kill(pid, SIGKILL);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

struct audit {
    struct arena *arena;
    uint64_t last;
    char (*subjects)[46];
    size_t count, cap;
};

static int on_audited(void *ctx, const struct committed *event)
{
    struct audit *a = ctx;
    size_t at = bytes_find(event->body, LIT("\"subject\":\""));

    assert_int_equal(event->sequence, a->last + 1);
    a->last = event->sequence;
    assert_true(at != SIZE_MAX);
    if (a->count == a->cap)
        a->subjects = arena_grow(a->arena, a->subjects, &a->cap, sizeof(*a->subjects));
    memcpy(a->subjects[a->count], event->body.ptr + at + 11, 45);
    a->count++;
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The highest sequence a callback confirmed; they must come in order in each life. */
static uint64_t read_confirmed(const char *log_path)
{
    FILE *file = fopen(log_path, "r");
    unsigned long long sequence;
    uint64_t highest = 0;

    if (file == NULL)
        return 0;
    while (fscanf(file, "%llu", &sequence) == 1) {
        assert_true(sequence > highest);
        highest = sequence;
    }
    fclose(file);
    return highest;
}

static int on_audited_feed(void *ctx, const struct store_feed *feed)
{
    int64_t *documents = ctx;

    documents[feed->id - 1] =
        feed->etag == NULL || feed->etag[0] == 0 ? -1 : strtoll(feed->etag, NULL, 10);
    return 0;
}

/* Every entry of every stored document ended once, as its number says. */
static size_t audit_entries(const struct audit *a, const int64_t *documents)
{
    size_t expected = 0;

    for (int64_t feed = 0; feed < FEEDS; feed++) {
        int64_t end = (documents[feed]) * STEP + WINDOW;

        for (int64_t i = 0; documents[feed] >= 0 && i < end; i++) {
            bool published = !is_dropped(i) && !is_quarantined(i);
            char uri[46];
            char url[80];

            entry_url(feed + 1, i, url);
            hash_uuid_url(bytes_of(url), uri);
            assert_true(
                published == (bsearch(uri, a->subjects, a->count, sizeof(uri), by_text) != NULL));
            expected += published;
        }
    }
    return expected;
}

static void audit(struct fixture *f, const char *log_path)
{
    struct audit a = {.arena = arena_new(64 << 20)};
    int64_t documents[FEEDS] = {-1, -1, -1};
    uint64_t head;

    fixture_open(f);
    head = store_log_state(f->store).head;
    while (a.last < head)
        assert_int_equal(store_events(f->store, a.last, 1000, on_audited, &a, &f->err), OK);
    assert_int_equal(a.count, head);
    assert_true(read_confirmed(log_path) <= head);
    if (a.count > 0)
        qsort(a.subjects, a.count, sizeof(*a.subjects), by_text);
    for (size_t i = 1; i < a.count; i++)
        assert_true(strcmp(a.subjects[i - 1], a.subjects[i]) != 0);
    assert_int_equal(store_feeds(f->store, on_audited_feed, documents, &f->err), OK);
    assert_int_equal(audit_entries(&a, documents), a.count);
    assert_int_equal(fixture_counter(f, "entries.seen"),
        fixture_counter(f, "entries.new") + fixture_counter(f, "entries.known"));
    assert_int_equal(fixture_counter(f, "entries.new"),
        fixture_counter(f, "entries.published") + fixture_counter(f, "entries.dropped") +
            fixture_counter(f, "entries.quarantined"));
    assert_int_equal(fixture_counter(f, "entries.published"), head);
    fixture_close(f);
    arena_free(a.arena);
}

static void survives_kills_at_any_moment(void **state)
{
    struct fixture *f = *state;
    char log_path[100];

    fixture_close(f);
    f->store = NULL;
    snprintf(log_path, sizeof(log_path), "%s/confirmed", f->dir);
    srand(20260314);
    for (int n = 0; n < KILLS; n++) {
        int status = run_victim(f, log_path, 1 + rand() % LONGEST, n % 2 == 1);

        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        if (n % 10 == 9) {
            assert_int_equal(run_victim(f, log_path, 0, false), 0);
            audit(f, log_path);
        }
    }
    print_message("%d kills, %d events confirmed\n", KILLS, (int)read_confirmed(log_path));
    assert_true(read_confirmed(log_path) >= KILLS / 2);
    unlink(log_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            survives_kills_at_any_moment, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
