/* test_worker_odd.c - documents that make libraries look for more than they have: none of them, in
 * any encoding, with any date, host or language, ends a worker of the real stages in its sandbox.
 */
#include "stages/worker.h"

#include <dirent.h>
#include <stdio.h>

static const char *const real_chain[] = {"extract", "headline", "language", NULL};
static const char *const real_stages[] = {TEST_STAGES, NULL};

static void open_real_worker(void)
{
    struct wr_record *request = record_new(arena);
    struct wr_record *ready;

    conf.stages.dirs = real_stages;
    conf.stages.names = real_chain;
    work_request(request, &conf, CHAIN_PLAIN, NULL);
    send_record(JOB_OPEN, request);
    if (receive(&ready) != ANSWER_READY)
        fail_msg("it does not open: %s", record_get_cstr(ready, REC_TEXT));
}

/* The last answer to a job; -1 never comes: the worker would have ended over `what`. */
static struct wr_record *answer_to(int job, const struct wr_record *request, const char *what)
{
    struct wr_record *answer = NULL;
    int kind;

    send_record(job, request);
    do
        kind = receive(&answer);
    while (kind == ANSWER_ENTRY);
    if (kind == -1)
        fail_msg("%s: the worker ended with status %x", what, end());
    return answer;
}

static void read_feed(struct bytes body, const char *type, const char *what)
{
    static const int jobs[] = {
        JOB_FEED, JOB_FEED_JSON, JOB_FEED_REPORT, JOB_DISCOVER_JSON, JOB_OPML_JSON, JOB_ROBOTS};

    for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
        struct wr_record *request = record_new(arena);

        record_set(request, REC_BODY, body);
        record_set(request, REC_URL, LIT("http://news.example/feed"));
        record_add(request, REC_HEADER, bytes_format(arena, "content-type: %s", type));
        answer_to(jobs[i], request, what);
    }
}

static struct wr_record *read_page(
    struct bytes body, const char *type, const char *url, const char *what)
{
    struct wr_record *request = record_new(arena);

    record_set(request, WR_TITLE, LIT("Three ships"));
    record_set(request, WR_URL, bytes_of(url));
    record_set(request, WR_PAGE_URL, bytes_of(url));
    record_set(request, REC_BODY, body);
    record_add(request, REC_PAGE_HEADER, bytes_format(arena, "content-type: %s", type));
    return answer_to(JOB_RECORD, request, what);
}

static const char *page_of(const char *head, const char *more)
{
    return bytes_format(arena,
        "<html><head><title>Three ships</title>%s</head><body><article><h1>Three ships</h1>"
        "<p>The lighthouse keeper counted the ships again that morning, and again there were three "
        "of "
        "them, although the harbour book said that only two had asked for a pilot. "
        "\xe4\xf6\x83\x41</p>"
        "<p>By noon the third ship had gone, and nobody on the mole could agree whether it had "
        "sailed "
        "to the north, where the ice was, or south, where the customs men had been waiting.</p>%s"
        "</article></body></html>",
        head, more)
        .ptr;
}

static const char *feed_of(const char *declaration, const char *more)
{
    return bytes_format(arena,
        "%s<rss version=\"2.0\"><channel><title>A \xe4\xf6\x83\x41 feed</title><item>"
        "<title>Three \x83\x41 "
        "ships</title><link>http://news.example/1</link>%s</item></channel></rss>",
        declaration, more)
        .ptr;
}

/* Of the WHATWG Encoding Standard, of ICU, of iconv, and of nobody. */
static const char *const encodings[] = {"utf-8", "utf-16", "utf-16le", "utf-16be", "utf-32",
    "utf-32le", "UCS-2", "UCS-4", "ISO-10646-UCS-4", "utf-7", "unicode-1-1-utf-7", "us-ascii",
    "iso-8859-1", "iso-8859-3", "iso-8859-8-i", "iso-8859-16", "windows-1252", "cp437", "ibm866",
    "koi8-u", "macintosh", "x-mac-cyrillic", "gb2312", "gbk", "gb18030", "hz-gb-2312", "big5",
    "big5-hkscs", "euc-jp", "shift_jis", "iso-2022-jp", "iso-2022-kr", "iso-2022-cn", "euc-kr",
    "ks_c_5601-1987", "johab", "tis-620", "viscii", "x-user-defined", "replacement", "EBCDIC-CP-BE",
    "IBM037", "IBM1047", "SCSU", "BOCU-1", "CESU-8", "IMAP-mailbox-name", "LMBCS-1",
    "x-nobody-knows", "../../etc/passwd", "%s%n", "", "utf-8,version=1", "ibm-943_P15A-2003"};

enum { ENCODINGS = sizeof(encodings) / sizeof(encodings[0]) };

static void reads_feeds_in_any_encoding(void **state)
{
    (void)state;
    open_real_worker();
    for (size_t i = 0; i < ENCODINGS; i++) {
        const char *e = encodings[i];
        const char *closed = bytes_format(arena, "<?xml version=\"1.0\" encoding=\"%s\"?>", e).ptr;
        const char *open = bytes_format(arena, "<?xml version=\"1.0\" encoding=\"%s\">", e).ptr;

        read_feed(bytes_of(feed_of(closed, "")), "application/xml", e);
        read_feed(bytes_of(feed_of(open, "")), "application/xml", e);
        read_feed(
            bytes_of(feed_of("", "")), bytes_format(arena, "text/xml; charset=\"%s\"", e).ptr, e);
        read_feed(bytes_of(closed), "application/xml", e);
    }
}

static void reads_pages_in_any_encoding(void **state)
{
    struct wr_record *answer;

    (void)state;
    open_real_worker();
    answer = read_page(bytes_of(page_of("<meta charset=\"windows-1252\">", "")), "text/html",
        "http://news.example/1", "windows-1252");
    assert_true(
        bytes_find(record_get(answer, WR_TEXT), LIT("asked for a pilot. \xC3\xA4")) != SIZE_MAX);
    for (size_t i = 0; i < ENCODINGS; i++) {
        const char *e = encodings[i];
        const char *head = bytes_format(arena, "<meta charset=\"%s\">", e).ptr;
        const char *old = bytes_format(
            arena, "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=%s\">", e)
                              .ptr;

        read_page(bytes_of(page_of(head, "")), "text/html", "http://news.example/1", e);
        read_page(bytes_of(page_of(old, "")), "text/html", "http://news.example/1", e);
        read_page(bytes_of(page_of("", "")), bytes_format(arena, "text/html; charset=%s", e).ptr,
            "http://news.example/1", e);
    }
}

/* Zones of the system's database, of nobody, and what is no date. */
static void reads_any_date(void **state)
{
    static const char *const dates[] = {"Wed, 04 Mar 2026 10:00:00 GMT",
        "Wed, 04 Mar 2026 10:00:00 America/New_York", "2026-03-04T10:00:00[Europe/Berlin]",
        "2026-03-04 10:00 Asia/Kathmandu", "4 Mar 2026 10:00 PST8PDT", "2026-03-04T10:00:00 CEST",
        "2026-03-04 10:00:00 ../../etc/localtime", "2026-03-04 10:00:00 :Europe/Paris",
        "1772618400", "2026-W10-3", "Mi., 4. M\xc3\xa4rz 2026",
        "\xe4\xbb\xa4\xe5\x92\x8c"
        "8\xe5\xb9\xb4",
        "99999-99-99T99:99:99Z", "Thu, 01 Jan 1970 00:00:00 +9999", "yesterday", ""};

    (void)state;
    open_real_worker();
    for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
        const char *item = bytes_format(arena, "<pubDate>%s</pubDate>", dates[i]).ptr;
        const char *head = bytes_format(
            arena, "<meta property=\"article:published_time\" content=\"%s\">", dates[i])
                               .ptr;
        const char *seen = bytes_format(arena, "<p class=\"date\">%s</p>", dates[i]).ptr;

        read_feed(bytes_of(feed_of("", item)), "application/xml", dates[i]);
        read_page(bytes_of(page_of(head, seen)), "text/html; charset=utf-8",
            "http://news.example/1", dates[i]);
    }
}

/* Hosts that are names of another alphabet, too long, numbers, or none. */
static void reads_pages_of_any_host(void **state)
{
    static const char *const urls[] = {"http://b\xc3\xbc"
                                       "cher.example/1",
        "http://xn--bcher-kva.example/1", "http://xn--\xff/",
        "http://\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88/1", "http://[::1]/1",
        "http://127.1/1", "http://0x7f000001/1", "http://a.co.uk/1", "http://co.uk/1",
        "http://.../1", "http:///1", "https://user:pw@a.example:99999/1", "gopher://a.example/1",
        "http://a.example/%00%ff%zz", "//a.example", ""};

    (void)state;
    open_real_worker();
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        const char *links = bytes_format(arena,
            "<link rel=\"canonical\" href=\"%s\"><base href=\"%s\"><link rel=\"next\" href=\"%s\">"
            "<meta property=\"og:image\" content=\"%s\">",
            urls[i], urls[i], urls[i], urls[i])
                                .ptr;
        const char *item =
            bytes_format(arena, "<link>%s</link><guid>%s</guid>", urls[i], urls[i]).ptr;

        read_page(bytes_of(page_of(links, "")), "text/html", urls[i], urls[i]);
        read_feed(bytes_of(feed_of("", item)), "application/xml", urls[i]);
    }
}

static void hears_any_language(void **state)
{
    static const char *const languages[] = {"de", "de-AT-1996", "zh-Hant-TW", "x-klingon",
        "i-default", "en_US.UTF-8", "C", "POSIX", "../../share/locale/de", "qaa-Qaaa-QM-x-southern",
        "\xff", ""};

    (void)state;
    open_real_worker();
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
        const char *head = bytes_format(arena,
            "<meta property=\"og:locale\" content=\"%s\"><meta http-equiv=\"content-language\" "
            "content=\"%s\">",
            languages[i], languages[i])
                               .ptr;
        const char *item = bytes_format(arena, "<language>%s</language>", languages[i]).ptr;

        read_page(bytes_of(page_of(head, "")), "text/html", "http://news.example/1", languages[i]);
        read_feed(bytes_of(feed_of("", item)), "application/xml", languages[i]);
    }
}

/* What parsers may be asked to fetch, load or call is not: the text of it comes to nobody. */
static void fetches_nothing_for_a_document(void **state)
{
    static const char *const documents[] = {
        "<!DOCTYPE rss SYSTEM "
        "\"file:///etc/passwd\"><rss><channel><title>A</title></channel></rss>",
        "<!DOCTYPE rss [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><rss><channel><title>&e;</title>"
        "<item><title>&e;</title></item></channel></rss>",
        "<!DOCTYPE rss [<!ENTITY % p SYSTEM \"http://127.0.0.1/p\">%p;]><rss><channel/></rss>",
        "<!DOCTYPE rss PUBLIC \"-//Netscape//DTD RSS 0.91//EN\" "
        "\"http://my.netscape.com/publish/formats/rss-0.91.dtd\"><rss><channel><title>A&eacute;</"
        "title>"
        "</channel></rss>",
        "<?xml-stylesheet "
        "href=\"file:///etc/passwd\"?><rss><channel><title>A</title></channel></rss>",
        "<rss xmlns:xi=\"http://www.w3.org/2001/XInclude\"><channel><title><xi:include "
        "href=\"file:///etc/passwd\" parse=\"text\"/></title></channel></rss>",
        "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
        "\"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
        "\"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d "
        "\"&c;&c;&c;&c;&c;&c;&c;&c;\">]><rss><channel>"
        "<title>&d;&d;&d;</title></channel></rss>"};

    (void)state;
    open_real_worker();
    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
        struct wr_record *request = record_new(arena);
        struct wr_record *answer;
        struct buf whole = {0};

        record_set(request, REC_BODY, bytes_of(documents[i]));
        record_set(request, REC_URL, LIT("http://news.example/feed"));
        answer = answer_to(JOB_FEED_REPORT, request, documents[i]);
        record_encode(answer, &whole);
        assert_true(bytes_find(buf_bytes(&whole), LIT("root:")) == SIZE_MAX);
        buf_done(&whole);
        read_feed(bytes_of(documents[i]), "application/xml", documents[i]);
        read_page(
            bytes_of(documents[i]), "application/xhtml+xml", "http://news.example/1", documents[i]);
    }
}

/* One file through each job: as a feed, and as a page of two kinds. */
static void read_file(const char *path)
{
    enum { MOST = 1 << 20 };
    struct arena *kept = arena;
    FILE *file = fopen(path, "rbe");
    char *text;
    struct bytes body;

    assert_non_null(file);
    arena = arena_new(64 << 20);
    text = arena_alloc(arena, MOST);
    body = (struct bytes){text, fread(text, 1, MOST, file)};
    fclose(file);
    read_feed(body, "application/xml", path);
    read_feed(body, "application/octet-stream", path);
    read_page(body, "text/html", "http://news.example/1", path);
    read_page(body, "application/xhtml+xml; charset=utf-16", "http://news.example/1", path);
    arena_free(arena);
    arena = kept;
}

/* What once was odd enough for a fuzzer's corpus is read in the sandbox, too. */
static void reads_all_that_fuzzers_begin_with(void **state)
{
    static const char *const corpora[] = {"feed", "json_feed", "opml", "sitemap", "robots",
        "discover", "encoding", "decode", "extract", "extract_pages"};
    int count = 0;

    (void)state;
    open_real_worker();
    for (size_t i = 0; i < sizeof(corpora) / sizeof(corpora[0]); i++) {
        const char *dir = bytes_format(arena, TEST_DATA "/fuzz/%s", corpora[i]).ptr;
        DIR *files = opendir(dir);

        assert_non_null(files);
        for (struct dirent *entry; (entry = readdir(files)) != NULL;) {
            if (entry->d_name[0] == '.')
                continue;
            read_file(bytes_format(arena, "%s/%s", dir, entry->d_name).ptr);
            count++;
        }
        closedir(files);
    }
    assert_true(count > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORKER_TEST(reads_feeds_in_any_encoding),
        WORKER_TEST(reads_pages_in_any_encoding),
        WORKER_TEST(reads_any_date),
        WORKER_TEST(reads_pages_of_any_host),
        WORKER_TEST(hears_any_language),
        WORKER_TEST(fetches_nothing_for_a_document),
        WORKER_TEST(reads_all_that_fuzzers_begin_with),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
