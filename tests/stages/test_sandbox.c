/* test_sandbox.c - what a stage may not do, and that nothing of it is what stages and parsers ask
 * of their libraries at large sizes. */
#include "stages/ask.h"

#include "stages/modules/heavy.h"

static const char *const cases[] = {
#define CASE(name) #name,
    HEAVY_CASES(CASE)
#undef CASE
};

/* What each title makes a stage do, and the call that is refused. */
static const struct {
    const char *stage, *title, *call;
} refused[] = {
    {"opener", "file", "openat"},
    {"opener", "fork", "clone"},
    {"opener", "socket", "socket"},
    {"opener", "shared memory", "mmap"},       /* RLIMIT_DATA counts neither this */
    {"opener", "memory downwards", "mmap"},    /* nor this */
    {"opener", "pipe of the worker", "write"}, /* so that it is not blamed on nobody */
    {"opener", "handler of SIGSYS", "rt_sigaction"},
    {"threaded", "thread of open()", "openat"},
};

static void names_the_system_call_that_a_stage_died_of(void **state)
{
    char wanted[200];

    (void)state;
    open_pool((const char *const[]){"opener", "threaded", NULL}, false);
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct wr_record *rec = record_new(arena);

        record_set(rec, WR_TITLE, bytes_of(refused[i].title));
        assert_int_equal(pool_reload(pool, &conf, &err), OK); /* or the stage is set aside */
        ask(JOB_RECORD, rec);
        snprintf(wanted, sizeof(wanted), "%s\tleft out: it made the forbidden system call %s (",
            refused[i].stage, refused[i].call);
        if (code != OK || !bytes_starts(bytes_of(note), bytes_of(wanted)))
            fail_msg("%s: %s %s", refused[i].title, said, note);
    }
}

static void lets_a_stage_use_the_c_library_at_any_size(void **state)
{
    struct pool_stage_view stage;

    (void)state;
    conf.workers.memory = 62 << 20;               /* threads have 24 of it */
    conf.workers.deadline = 50 * (int64_t)SECOND; /* below the patience of pool.h: a busy machine */
    open_pool((const char *const[]){"heavy", NULL}, false);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wr_record *rec = record_new(arena);

        record_set(rec, WR_TITLE, bytes_of(cases[i]));
        ask(JOB_RECORD, rec);
        if (code != OK || !bytes_ends(bytes_of(trace), LIT("\tok")))
            fail_msg("%s: %s %s %s", cases[i], said, trace, note);
    }
    assert_int_equal(pool_stages(pool, &stage, 1), 1);
    assert_int_equal(stage.records, sizeof(cases) / sizeof(cases[0]));
    assert_int_equal(stage.killed, 0);
}

static void ask_document(int kind, struct bytes body, const char *header)
{
    struct wr_record *request = record_new(arena);

    record_lend(request, REC_BODY, body);
    record_set(request, REC_URL, LIT("http://news.example/feed"));
    record_set(request, REC_AGENT, LIT("wireroom"));
    record_add(request, REC_HEADER, bytes_of(header));
    ask(kind, request);
    if (code != OK && code != E_FORMAT) /* that it is no document of this kind */
        fail_msg("job %d: %s", kind, said);
}

static void reads_a_robots_txt_of_many_rules(void **state)
{
    struct buf body = {0};

    (void)state;
    open_pool((const char *const[]){NULL}, false);
    for (int rules = 30; rules <= 6000; rules *= 3) {
        buf_clear(&body);
        buf_add_cstr(&body, "User-agent: *\n");
        for (int i = 0; i < rules; i++)
            buf_printf(&body, "Disallow: /section-%d/private/\n", i);
        ask_document(JOB_ROBOTS, buf_bytes(&body), "Content-Type: text/plain");
    }
    buf_done(&body);
}

/* As feeds, as lists of feeds and as what people look at. */
static void reads_documents_of_many_entries(void **state)
{
    static const int kinds[] = {
        JOB_FEED, JOB_FEED_REPORT, JOB_FEED_JSON, JOB_DISCOVER_JSON, JOB_OPML_JSON};
    struct buf feed = {0};
    struct buf json = {0};
    struct buf list = {0};

    (void)state;
    conf.poll.max_entries = 10000;
    open_pool((const char *const[]){NULL}, false);
    buf_add_cstr(&feed, "<rss version='2.0'><channel><title>Harbour</title>");
    buf_add_cstr(
        &json, "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"a\"}");
    buf_add_cstr(&list, "<opml version='2.0'><body>");
    for (int i = 0; i < 3000; i++) {
        buf_printf(&feed, "<item><title>Ferry %d</title><guid>f%d</guid></item>", i % 1000, i);
        buf_printf(&json, ",{\"id\":\"%d\",\"title\":\"Ferry\",\"tags\":[\"a\",\"b\"]}", i);
        buf_printf(&list, "<outline text='%d' xmlUrl='http://news.example/%d'/>", i, i);
    }
    buf_add_cstr(&feed, "</channel></rss>");
    buf_add_cstr(&json, "]}");
    buf_add_cstr(&list, "</body></opml>");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        ask_document(kinds[i], kinds[i] == JOB_OPML_JSON ? buf_bytes(&list) : buf_bytes(&feed),
            "Content-Type: text/xml");
    ask_document(JOB_FEED_REPORT, buf_bytes(&json), "Content-Type: application/feed+json");
    buf_done(&feed);
    buf_done(&json);
    buf_done(&list);
}

/* Converters are looked for by name, also those that are none. */
static void reads_documents_in_any_encoding(void **state)
{
    static const char *const names[] = {"utf-8", "utf-16le", "utf-7", "utf-32be", "gb18030", "big5",
        "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr", "koi8-u", "macintosh", "ibm866",
        "hz-gb-2312", "x-user-defined", "iso-8859-16", "cp037", "no-such-encoding",
        "../../etc/passwd"};

    (void)state;
    open_pool((const char *const[]){NULL}, false);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct bytes body = bytes_format(arena,
            "<?xml version='1.0' encoding='%s'?><rss version='2.0'><channel><title>caf\xe9</title>"
            "<item><title>a</title><guid>1</guid></item></channel></rss>",
            names[i]);

        ask_document(JOB_FEED_REPORT, body,
            bytes_cstr(arena, bytes_format(arena, "Content-Type: text/xml; charset=%s", names[i])));
    }
}

/* A page that is large in each way there is: paragraphs, links, cells, metadata, letters. */
static void reads_large_pages_with_its_own_stages(void **state)
{
    static const char *const charsets[] = {"utf-8", "windows-1251", "gb18030", "no-such-encoding"};
    struct buf page = {0};

    (void)state;
    conf.stages.dirs = (const char *const[]){TEST_STAGES, NULL};
    open_pool((const char *const[]){"extract", "language", "headline", NULL}, false);
    buf_add_cstr(&page, "<html><head><title>Ferry returns to the harbour</title>");
    for (int i = 0; i < 2000; i++)
        buf_printf(&page, "<meta property='article:tag' content='word %d'>", i);
    buf_add_cstr(&page, "</head><body><article><h1>Ferry returns to the harbour</h1>");
    for (int i = 0; i < 4000; i++)
        buf_printf(&page,
            "<p>The ferry came back on day %d, caf\xe9 and <a href='/p/%d'>harbour</a>, said the "
            "master.</p>",
            i, i);
    for (int i = 0; i < 4000; i++)
        buf_printf(&page, "<tr><td>%d</td></tr>", i);
    for (size_t i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++) {
        struct wr_record *rec = record_new(arena);

        record_set(rec, WR_TITLE, LIT("Ferry returns"));
        record_set(rec, WR_PAGE_URL, LIT("http://news.example/1"));
        record_lend(rec, REC_BODY, buf_bytes(&page));
        record_add(rec, REC_PAGE_HEADER,
            bytes_format(arena, "Content-Type: text/html; charset=%s", charsets[i]));
        ask(JOB_RECORD, rec);
        if (code != OK || strstr(note, "left out") != NULL)
            fail_msg("%s: %s %s", charsets[i], said, note);
    }
    buf_done(&page);
}

/* One piece, again and again, in front of an article. */
static struct wr_record *bomb(struct buf *page, const char *begin, const char *piece, size_t size)
{
    struct wr_record *rec = record_new(arena);

    buf_clear(page);
    buf_add_cstr(page, begin);
    while (page->len < size)
        buf_add_cstr(page, piece);
    record_set(rec, WR_FEED_TITLE, LIT("Ferry returns to the harbour"));
    record_set(rec, WR_FEED_CONTENT, LIT("<p>The ferry came back after a week."));
    record_set(rec, WR_PAGE_URL, LIT("http://news.example/1"));
    record_lend(rec, REC_BODY, buf_bytes(page));
    return rec;
}

/* What a page takes is the stage's to bound: below what ends the worker. */
static void gives_a_page_up_before_the_worker_dies_of_it(void **state)
{
    static const struct {
        const char *begin, *piece;
        size_t size;
    } pages[] = {
        {"<title>", "Title - Site | ", 2 << 20},
        {"<title>Ferry</title><h1>Ferry", " - Site", 2 << 20},
        {"<meta property='og:title' content='", "Title - Site | ", 2 << 20},
        {"<table>", "<table><tr>x", 1 << 20},
        {"<table><tr>", "<td>x", 1 << 20},
        {"<body>", "<p>word", 1 << 20},
        {"<script type='application/ld+json'>", "[{\"headline\":", 1 << 20},
    };
    struct pool_stage_view stage;
    struct buf page = {0};

    (void)state;
    conf.stages.dirs = (const char *const[]){TEST_STAGES, NULL};
    conf.workers.deadline = 100 * (int64_t)SECOND; /* under a sanitizer it takes its time */
    conf.workers.memory = 64 << 20;
    open_pool((const char *const[]){"extract", NULL}, false);
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        ask(JOB_RECORD, bomb(&page, pages[i].begin, pages[i].piece, pages[i].size));
        if (code != OK || strstr(note, "left out") != NULL || headline > 1000)
            fail_msg("%s: %s %s %zu", pages[i].piece, said, note, headline);
    }
    assert_int_equal(pool_stages(pool, &stage, 1), 1);
    assert_int_equal(stage.killed, 0);
    buf_done(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            names_the_system_call_that_a_stage_died_of, setup, teardown),
        cmocka_unit_test_setup_teardown(
            lets_a_stage_use_the_c_library_at_any_size, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_a_robots_txt_of_many_rules, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_documents_of_many_entries, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_documents_in_any_encoding, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_large_pages_with_its_own_stages, setup, teardown),
        cmocka_unit_test_setup_teardown(
            gives_a_page_up_before_the_worker_dies_of_it, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
