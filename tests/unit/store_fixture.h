/* store_fixture.h - a store in a directory of its own, and documents to admit to it. */
#ifndef WIREROOM_TESTS_STORE_FIXTURE_H
#define WIREROOM_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/store.h"

/* Its fail() is a macro: after everything that declares ours. */
#include <cmocka.h>

enum { FIXTURE_EVENTS = 4096 };

struct fixture {
    const char *updated; /* of the entries that are admitted next */
    char dir[64];
    char path[80];
    uv_loop_t loop;
    struct conf conf;
    struct store *store;
    struct arena *arena;
    struct error err;

    /* of the last admission */
    bool called;
    struct error admit_err;
    uint64_t counts[8];
    size_t admitted_count;
    int64_t pending[FIXTURE_EVENTS];
    struct wr_record *records[FIXTURE_EVENTS];
    size_t also_count;
    char also[100];

    /* of all commits */
    size_t committed_count;
    int commit_codes[FIXTURE_EVENTS];
    uint64_t sequences[FIXTURE_EVENTS];
    char last_body[4096];

    int trouble;
};

/* One entry of a document. NULL or 0: absent. */
struct item {
    const char *guid, *url, *title, *body, *date;
};

static inline void fixture_open(struct fixture *f)
{
    assert_int_equal(uv_loop_init(&f->loop), 0);
    if (store_open(&f->loop, &f->conf, &f->store, &f->err) != OK)
        fail_msg("store_open: %s", f->err.text);
}

static inline void fixture_close(struct fixture *f)
{
    store_close(f->store, NULL);
    f->store = NULL;
    uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&f->loop), 0);
}

static inline void fixture_reopen(struct fixture *f)
{
    fixture_close(f);
    fixture_open(f);
}

static inline int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    snprintf(f->dir, sizeof(f->dir), "%s/wireroom-store-XXXXXX", "/tmp");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->path, sizeof(f->path), "%s/wireroom.db", f->dir);
    f->arena = arena_new(256 << 20);
    f->conf.instance = "test";
    f->conf.store.path = f->path;
    f->conf.store.keep = 14LL * 86400 * SECOND;
    f->conf.store.max_size = 1LL << 30;
    f->conf.poll.first_fetch = FIRST_PUBLISH_ALL;
    f->conf.poll.first_count = 10;
    fixture_open(f);
    *state = f;
    return 0;
}

static inline void fixture_unlink(const struct fixture *f)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", "-journal"};
    char name[120];

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        snprintf(name, sizeof(name), "%s%s", f->path, ends[i]);
        unlink(name);
    }
}

static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;

    if (f->store != NULL)
        fixture_close(f);
    fixture_unlink(f);
    rmdir(f->dir);
    arena_free(f->arena);
    free(f);
    return 0;
}

static inline int64_t fixture_feed(struct fixture *f, const char *url)
{
    struct store_feed feed = {.url = url, .title = "Feed", .tags = "world, en", .origin = "cli"};
    int64_t id = 0;
    bool added;

    assert_int_equal(store_feed_put(f->store, &feed, &id, &added, &f->err), OK);
    return id;
}

static inline void record_set_hash(struct wr_record *rec, int field, struct bytes text)
{
    uint64_t hash = hash64(text);

    if (text.len > 0)
        record_set(rec, field, (struct bytes){(const char *)&hash, sizeof(hash)});
}

/* As feed/entry.c makes them. */
static inline struct bytes fixture_entry(
    struct fixture *f, const struct item *item, size_t position)
{
    struct wr_record *rec = record_new(f->arena);
    struct bytes content = bytes_format(f->arena, "%s\n%s", item->title == NULL ? "" : item->title,
        item->body == NULL ? "" : item->body);
    struct buf buf = {0};
    struct bytes encoded;

    record_set(rec, WR_GUID, bytes_of(item->guid));
    record_set_hash(rec, REC_HASH_GUID, bytes_of(item->guid));
    record_set(rec, WR_URL, bytes_of(item->url));
    record_set_hash(rec, REC_HASH_URL, bytes_of(item->url));
    record_set(rec, WR_TITLE, bytes_of(item->title));
    record_set(rec, WR_SUMMARY, bytes_of(item->body));
    record_set_hash(rec, REC_HASH_CONTENT, content);
    record_set(rec, WR_FEED_DATE, bytes_of(item->date));
    record_set(rec, REC_UPDATED, bytes_of(f->updated));
    record_set_int(rec, REC_POSITION, (int64_t)position);
    record_encode(rec, &buf);
    encoded = bytes_copy(f->arena, buf_bytes(&buf));
    buf_done(&buf);
    return encoded;
}

static inline void fixture_on_admitted(void *ctx, const struct admit_result *result)
{
    struct fixture *f = ctx;

    f->called = true;
    f->admit_err = result->err == NULL ? (struct error){0} : *result->err;
    memcpy(f->counts, result->counts, sizeof(f->counts));
    f->admitted_count = result->admitted_count;
    f->also_count = result->also_count;
    if (result->also_count > 0)
        snprintf(f->also, sizeof(f->also), "%.*s", FMT(result->also[0].value));
    for (size_t i = 0; i < result->admitted_count; i++) {
        f->pending[i] = result->admitted[i].pending;
        assert_int_equal(record_decode(f->arena, bytes_copy(f->arena, result->admitted[i].record),
                             &f->records[i], &f->err),
            OK);
    }
}

static inline void fixture_admit_of(struct fixture *f, int64_t feed_id, const char *url,
    const struct item *items, size_t count, bool first)
{
    struct store_feed feed = {.id = feed_id,
        .url = url,
        .tags = "world, en",
        .etag = "\"v1\"",
        .last_success = clock_wall()};
    struct bytes *entries = arena_alloc_array(f->arena, count + 1, sizeof(*entries));

    for (size_t i = 0; i < count; i++)
        entries[i] = fixture_entry(f, &items[i], i);
    f->called = false;
    store_admit(f->store, &feed, entries, count, first, fixture_on_admitted, f);
    while (!f->called)
        uv_run(&f->loop, UV_RUN_ONCE);
}

static inline void fixture_admit(
    struct fixture *f, int64_t feed_id, const struct item *items, size_t count, bool first)
{
    fixture_admit_of(f, feed_id, "https://example.org/feed", items, count, first);
}

static inline void fixture_on_committed(
    void *ctx, const struct error *err, const struct committed *committed)
{
    struct fixture *f = ctx;

    assert_true(f->committed_count < FIXTURE_EVENTS);
    f->commit_codes[f->committed_count] = err == NULL ? OK : err->code;
    f->sequences[f->committed_count] = committed == NULL ? 0 : committed->sequence;
    if (committed != NULL)
        snprintf(f->last_body, sizeof(f->last_body), "%.*s", FMT(committed->body));
    f->committed_count++;
}

static inline void fixture_commit_topic(
    struct fixture *f, int64_t pending, const char *subject, const char *topic)
{
    struct store_event event = {.type = "article.new",
        .topic = topic,
        .subject = subject,
        .pending = pending,
        .time = clock_wall(),
        .data = LIT("{\"headline\":\"Harbour closed\"}")};

    store_commit(f->store, &event, fixture_on_committed, f);
}

static inline void fixture_commit(struct fixture *f, int64_t pending, const char *subject)
{
    fixture_commit_topic(f, pending, subject, "all/article.new/en/");
}

static inline void fixture_wait(struct fixture *f, size_t committed)
{
    while (f->committed_count < committed)
        uv_run(&f->loop, UV_RUN_ONCE);
}

/* Commit all that the last admission brought. */
static inline void fixture_publish(struct fixture *f)
{
    size_t due = f->committed_count + f->admitted_count;

    for (size_t i = 0; i < f->admitted_count; i++)
        fixture_commit(f, f->pending[i], record_get_cstr(f->records[i], WR_ID));
    fixture_wait(f, due);
}

struct named_value {
    const char *name;
    uint64_t value;
};

static inline int fixture_on_counter(void *ctx, const char *name, uint64_t value)
{
    struct named_value *wanted = ctx;

    if (strcmp(name, wanted->name) == 0)
        wanted->value = value;
    return 0;
}

static inline uint64_t fixture_counter(struct fixture *f, const char *name)
{
    struct named_value wanted = {name, 0};

    assert_int_equal(store_counters(f->store, fixture_on_counter, &wanted, &f->err), OK);
    return wanted.value;
}

/* A document, its newest entry first. */
static const struct item fixture_three[] = {
    {"g3", "https://example.org/3", "Three", "Body 3", "2026-03-14T09:30:00Z"},
    {"g2", "https://example.org/2", "Two", "Body 2", "2026-03-14T09:20:00Z"},
    {"g1", "https://example.org/1", "One", "Body 1", "2026-03-14T09:10:00Z"},
};

enum { FIXTURE_WAITING = 1024 };

struct fixture_waiting {
    struct store_waiting rows[FIXTURE_WAITING];
    size_t count;
};

static inline void fixture_on_waiting(void *ctx, const struct store_waiting *row)
{
    struct fixture_waiting *waiting = ctx;

    assert_true(waiting->count < FIXTURE_WAITING);
    waiting->rows[waiting->count++] = *row;
}

static inline struct fixture_waiting fixture_waiting(struct fixture *f)
{
    struct fixture_waiting waiting = {0};

    assert_int_equal(store_waiting(f->store, fixture_on_waiting, &waiting, &f->err), OK);
    return waiting;
}

static inline size_t fixture_pending_count(struct fixture *f)
{
    return fixture_waiting(f).count;
}

/* All pending entries, the oldest first. */
static inline void fixture_each_pending(
    struct fixture *f, void (*on_pending)(void *ctx, const struct admitted *pending), void *ctx)
{
    struct fixture_waiting waiting = fixture_waiting(f);
    struct admitted row;
    struct buf buf = {0};

    for (size_t i = 0; i < waiting.count; i++) {
        assert_int_equal(
            store_pending_get(f->store, waiting.rows[i].pending, &buf, &row, &f->err), OK);
        on_pending(ctx, &row);
    }
    buf_done(&buf);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

#endif
