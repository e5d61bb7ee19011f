/* bench_store.c - CPU of the two transactions (T2: a changed feed of 30 entries with one new; T4:
 * an event of 4 KB), of loading many feeds, and the wait for one commit alone.
 *
 * usage: bench_store [DIRECTORY [FEEDS]]    the store is made in DIRECTORY (default: the current
 * one) and removed */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/store.h"

enum { ENTRIES = 30, IN_FLIGHT = 64, POLLS = 6000, LONE = 100, DATA = 4096 };

struct bench {
    uv_loop_t loop;
    struct conf conf;
    struct store *store;
    struct arena *arena;
    char path[512];
    struct bench_feed {
        struct bench *bench;
        struct store_feed feed;
        struct bytes entries[ENTRIES];
        int next;
    } feeds[IN_FLIGHT];
    size_t polls, fresh, committed, asked;
    char data[DATA];
};

static int64_t cpu(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * (int64_t)SECOND +
           usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void check(int code, const struct error *err)
{
    if (code == OK)
        return;
    fprintf(stderr, "bench_store: %s\n", err->text);
    exit(1);
}

static void set_hash(struct wr_record *rec, int field, struct bytes text)
{
    uint64_t hash = hash64(text);

    record_set(rec, field, (struct bytes){(const char *)&hash, sizeof(hash)});
}

/* Some 1.5 KB, as a feed with summaries and half its text has. */
static struct bytes make_entry(struct bench *b, int64_t feed, int number)
{
    struct arena *arena = arena_new(1 << 20);
    struct wr_record *rec = record_new(arena);
    struct bytes url = bytes_format(arena, "https://example.org/%d/articles/%d", (int)feed, number);
    struct bytes title = bytes_format(arena, "Harbour bridge closed for the %dth time", number);
    struct buf buf = {0};
    struct bytes encoded;
    char at[CLOCK_TEXT];

    record_set(rec, WR_URL, url);
    record_set(rec, REC_LINK, url);
    record_set(rec, WR_GUID, url);
    record_set(rec, WR_TITLE, title);
    record_set(rec, WR_FEED_TITLE, title);
    record_set(rec, WR_SUMMARY, (struct bytes){b->data, 300});
    record_set(rec, WR_FEED_CONTENT, (struct bytes){b->data, 800});
    record_add(rec, WR_FEED_AUTHOR, LIT("Ana Lund"));
    record_add(rec, WR_KEYWORD, LIT("bridge"));
    record_add(rec, WR_KEYWORD, LIT("harbour"));
    record_set(rec, WR_FEED_DATE, bytes_of(clock_format((1700000000LL + number) * SECOND, at)));
    record_set(rec, WR_SITE, LIT("Example Times"));
    set_hash(rec, REC_HASH_GUID, url);
    set_hash(rec, REC_HASH_URL, url);
    set_hash(rec, REC_HASH_CONTENT, title);
    record_encode(rec, &buf);
    encoded = bytes_copy(b->arena, buf_bytes(&buf));
    buf_done(&buf);
    arena_free(arena);
    return encoded;
}

static void on_admitted(void *ctx, const struct admit_result *result);

static void ask_admit(struct bench_feed *bf)
{
    struct bench *b = bf->bench;

    memmove(bf->entries + 1, bf->entries, (ENTRIES - 1) * sizeof(bf->entries[0]));
    bf->entries[0] = make_entry(b, bf->feed.id, bf->next++);
    store_admit(b->store, &bf->feed, bf->entries, ENTRIES, false, on_admitted, bf);
    b->asked++;
}

static void on_admitted(void *ctx, const struct admit_result *result)
{
    struct bench_feed *bf = ctx;
    struct bench *b = bf->bench;

    if (result->err != NULL)
        check(result->err->code, result->err);
    b->polls++;
    b->fresh += result->admitted_count;
    if (b->asked < POLLS)
        ask_admit(bf);
}

static void bench_admit(struct bench *b)
{
    int64_t making;
    int64_t wall;
    int64_t used;

    for (int i = 0; i < IN_FLIGHT; i++) {
        struct bench_feed *bf = &b->feeds[i];

        for (int n = ENTRIES; n-- > 0;)
            bf->entries[n] = make_entry(b, bf->feed.id, bf->next++);
    }
    /* What making the entries costs is not the store's. */
    making = cpu();
    for (int n = 0; n < POLLS; n++)
        make_entry(b, 0, n);
    making = cpu() - making;
    wall = clock_mono();
    used = cpu();
    for (int i = 0; i < IN_FLIGHT; i++)
        ask_admit(&b->feeds[i]);
    while (b->polls < POLLS)
        uv_run(&b->loop, UV_RUN_ONCE);
    used = cpu() - used - making;
    printf("T2  %d documents, %zu new: %.1f us CPU a document, %.0f a second\n", POLLS, b->fresh,
        (double)used / POLLS, POLLS * 1e6 / (double)(clock_mono() - wall));
}

static void on_committed(void *ctx, const struct error *err, const struct committed *committed)
{
    struct bench *b = ctx;

    (void)committed;
    if (err != NULL)
        check(err->code, err);
    b->committed++;
}

static void ask_commit(struct bench *b, int64_t pending)
{
    char subject[64];
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = subject,
        .pending = pending,
        .time = clock_wall(),
        .data = {b->data, DATA}};

    snprintf(
        subject, sizeof(subject), "urn:uuid:0d6f2b52-33aa-5c0f-8a57-%012lld", (long long)b->asked);
    store_commit(b->store, &event, on_committed, b);
    b->asked++;
}

static void bench_commit(struct bench *b)
{
    size_t events = b->fresh;
    int64_t wall = clock_mono();
    int64_t used = cpu();

    b->asked = 0;
    while (b->committed < events) {
        while (b->asked < events && b->asked - b->committed < 2 * IN_FLIGHT)
            ask_commit(b, (int64_t)b->asked + 1);
        uv_run(&b->loop, UV_RUN_ONCE);
    }
    used = cpu() - used;
    printf("T4  %zu events of %d bytes: %.1f us CPU an event, %.0f a second\n", events, DATA,
        (double)used / (double)events, (double)events * 1e6 / (double)(clock_mono() - wall));
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static void bench_lone(struct bench *b)
{
    int64_t waits[LONE];

    for (int i = 0; i < LONE; i++) {
        size_t due = b->committed + 1;

        waits[i] = clock_mono();
        ask_commit(b, 0);
        while (b->committed < due)
            uv_run(&b->loop, UV_RUN_ONCE);
        waits[i] = clock_mono() - waits[i];
    }
    qsort(waits, LONE, sizeof(waits[0]), by_value);
    printf("one commit alone: p50 %.2f ms, p90 %.2f ms\n", (double)waits[LONE / 2] / 1000,
        (double)waits[LONE * 9 / 10] / 1000);
}

static int on_feed(void *ctx, const struct store_feed *feed)
{
    *(size_t *)ctx += feed->url != NULL;
    return 0;
}

static void bench_feeds(struct bench *b, int count)
{
    struct error err = {0};
    int64_t begun = clock_mono();
    int64_t used = cpu();
    size_t listed = 0;
    char url[80];

    for (int i = 0; i < count; i++) {
        struct store_feed feed = {
            .url = url, .title = "A feed", .tags = "world,en", .origin = "cli"};
        bool added;

        snprintf(url, sizeof(url), "https://feeds%d.example.org/rss/%d.xml", i % 977, i);
        check(store_feed_put(b->store, &feed, &feed.id, &added, &err), &err);
    }
    check(store_sync(b->store, &err), &err);
    printf("put %d feeds: %.2f s, %.1f us CPU each\n", count,
        (double)(clock_mono() - begun) / SECOND, (double)(cpu() - used) / count);
    begun = clock_mono();
    check(store_feeds(b->store, on_feed, &listed, &err), &err);
    printf("load %zu feeds: %.3f s\n", listed, (double)(clock_mono() - begun) / SECOND);
    begun = clock_mono();
    used = cpu();
    for (int i = 0; i < 10 * count; i++) {
        struct store_feed feed = {.id = i % count + 1,
            .url = url,
            .etag = "\"abc\"",
            .interval = 300LL * SECOND,
            .next_poll = begun,
            .http_status = 304};

        store_feed_poll(b->store, &feed);
    }
    check(store_sync(b->store, &err), &err);
    printf("remember %d polls, 9 of 10 without a change: %.2f us CPU each\n", 10 * count,
        (double)(cpu() - used) / (10.0 * count));
}

static void open_store(struct bench *b)
{
    struct error err = {0};

    uv_loop_init(&b->loop);
    check(store_open(&b->loop, &b->conf, &b->store, &err), &err);
}

static void close_store(struct bench *b)
{
    store_close(b->store, NULL);
    uv_run(&b->loop, UV_RUN_DEFAULT);
    uv_loop_close(&b->loop);
}

static void remove_files(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char name[600];

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        snprintf(name, sizeof(name), "%s%s", path, ends[i]);
        unlink(name);
    }
}

int main(int argc, char **argv)
{
    static struct bench b;
    struct error err = {0};
    int feeds = argc > 2 ? atoi(argv[2]) : 100000;

    snprintf(
        b.path, sizeof(b.path), "%s/bench_store.%d.db", argc > 1 ? argv[1] : ".", (int)getpid());
    b.arena = arena_new((size_t)1 << 30);
    b.conf.instance = "bench";
    b.conf.store.path = b.path;
    b.conf.store.keep = 14LL * 86400 * SECOND;
    b.conf.store.max_size = 10LL << 30;
    memset(b.data, 'x', sizeof(b.data));
    b.data[0] = '"';
    b.data[DATA - 1] = '"';
    open_store(&b);
    for (int i = 0; i < IN_FLIGHT; i++) {
        static char urls[IN_FLIGHT][64];
        bool added;

        snprintf(urls[i], sizeof(urls[i]), "https://example.org/feed/%d", i);
        b.feeds[i].bench = &b;
        b.feeds[i].feed = (struct store_feed){.url = urls[i], .etag = "\"abc\""};
        check(store_feed_put(b.store, &b.feeds[i].feed, &b.feeds[i].feed.id, &added, &err), &err);
    }
    bench_admit(&b);
    bench_commit(&b);
    bench_lone(&b);
    bench_feeds(&b, feeds);
    close_store(&b);
    remove_files(b.path);
    arena_free(b.arena);
    return 0;
}
