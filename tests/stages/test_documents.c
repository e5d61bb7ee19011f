/* test_documents.c - feeds, pages and lists read by sandboxed workers: whole, or not at all. */
#include "stages/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { ENTRIES = 2000 };

static char feed_name[200], format[20], text[4000], first_title[200], diagnosis[300];
static int entries, announced;

static void look_at_document(int kind, const struct wr_record *answer)
{
    if (kind == ANSWER_ENTRY && entries++ == 0)
        copy_field(first_title, sizeof(first_title), record_get(answer, WR_FEED_TITLE));
    if (kind == ANSWER_FEED) {
        announced = (int)record_get_int(answer, REC_ENTRIES, -1);
        copy_field(feed_name, sizeof(feed_name), record_get(answer, REC_FEED_NAME));
        copy_field(format, sizeof(format), record_get(answer, REC_FORMAT));
        copy_field(diagnosis, sizeof(diagnosis), record_get(answer, REC_DIAGNOSIS));
    }
    copy_field(text, sizeof(text), record_get(answer, REC_TEXT));
}

static void ask_of(int kind, struct bytes body, const char *header)
{
    struct wr_record *request = record_new(arena);

    if (pool == NULL)
        open_pool((const char *const[]){NULL}, false);
    look = look_at_document;
    entries = announced = 0;
    feed_name[0] = first_title[0] = diagnosis[0] = format[0] = text[0] = '\0';
    record_set(request, REC_BODY, body);
    record_set(request, REC_URL, LIT("http://news.example/feed"));
    record_add(request, REC_HEADER, bytes_of(header));
    ask(kind, request);
}

static const char *rss(int items, const char *end)
{
    struct buf out = {0};
    const char *copy;

    buf_add_cstr(
        &out, "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Harbour</title>");
    for (int i = 0; i < items; i++)
        buf_printf(&out, "<item><title>Ferry %d</title><guid>f%d</guid></item>", i, i);
    buf_add_cstr(&out, end);
    copy = bytes_cstr(arena, buf_bytes(&out));
    buf_done(&out);
    return copy;
}

static const char whole[] = "</channel></rss>";

static void reads_a_feed_entry_by_entry(void **state)
{
    (void)state;
    ask_of(JOB_FEED, bytes_of(rss(10, whole)), "Content-Type: application/rss+xml");
    assert_int_equal(code, OK);
    assert_int_equal(entries, 10);
    assert_int_equal(announced, 10);
    assert_string_equal(feed_name, "Harbour");
    assert_string_equal(format, "rss20");
    assert_string_equal(first_title, "Ferry 0");
}

static void says_that_a_feed_was_cut(void **state)
{
    (void)state;
    ask_of(
        JOB_FEED, bytes_of(rss(10, "<item><title>Half a ti")), "Content-Type: application/rss+xml");
    assert_int_equal(code, E_FORMAT);
    assert_non_null(strstr(said, "ends before its root element does"));
    assert_string_equal(feed_name, "");
}

static void says_that_a_document_is_no_feed(void **state)
{
    (void)state;
    ask_of(JOB_FEED, LIT("<!doctype html><title>Sign in</title><p>Please sign in."),
        "Content-Type: text/html");
    assert_int_equal(code, E_FORMAT);
    assert_true(strlen(said) > 0);
}

static struct bytes gzip(struct bytes plain)
{
    uLong room = compressBound(plain.len) + 64;
    char *out = arena_alloc(arena, room);
    z_stream z = {.next_in = (z_const Bytef *)plain.ptr, .avail_in = (uInt)plain.len};

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return (struct bytes){out, z.total_out};
}

static void decodes_before_it_reads(void **state)
{
    struct bytes body = gzip(bytes_of(rss(10, whole)));

    (void)state;
    ask_of(JOB_FEED, body, "content-encoding: gzip");
    assert_int_equal(code, OK);
    assert_int_equal(entries, 10);
    ask_of(JOB_FEED, bytes_slice(body, 0, body.len / 2), "Content-Encoding: gzip");
    assert_int_equal(code, E_FORMAT);
    assert_non_null(strstr(said, "gzip body ends early at byte"));
    assert_int_equal(entries, 0);
    ask_of(JOB_FEED, body, "Content-Encoding: exotic"); /* shows by itself what it is */
    assert_int_equal(code, OK);
    ask_of(JOB_FEED, bytes_from(body, 10), "Content-Encoding: exotic");
    assert_int_equal(code, E_FORMAT);
    ask_of(JOB_FEED, bytes_of(rss(3, whole)), "Content-Encoding: gzip");
    assert_int_equal(code, OK);
    assert_int_equal(entries, 3);
    assert_string_equal(diagnosis, "0\t0\tbody said to be gzip, but is plain text");
}

static void stops_at_the_most_entries_of_a_document(void **state)
{
    (void)state;
    ask_of(JOB_FEED, bytes_of(rss(ENTRIES, whole)), "Content-Type: application/rss+xml");
    assert_int_equal(code, E_LIMIT);
    assert_string_equal(said, "the document has over 1000 entries");
}

static void refuses_a_body_that_decodes_to_too_much(void **state)
{
    struct bytes body;

    (void)state;
    conf.workers.max_decoded = 1 << 20;
    body = gzip((struct bytes){arena_alloc(arena, 2 << 20), 2 << 20});
    ask_of(JOB_FEED, body, "Content-Encoding: gzip");
    assert_int_equal(code, E_LIMIT);
    assert_string_equal(said, "gzip body decodes to over 1048576 bytes");
}

/* Converters must not be loaded from files once the sandbox is closed: any that is would kill the
 * worker. */
static void reads_every_common_encoding_inside_the_sandbox(void **state)
{
    static const char *const encodings[] = {"utf-8", "iso-8859-1", "iso-8859-2", "iso-8859-7",
        "iso-8859-15", "windows-1250", "windows-1251", "windows-1252", "windows-1253",
        "windows-1256", "windows-1257", "koi8-r", "koi8-u", "macintosh", "ibm866", "windows-874",
        "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr", "gbk", "gb18030", "big5", "hz-gb-2312",
        "big5-hkscs", "x-no-such-charset", "utf-7", "ibm037", "us-ascii"};

    (void)state;
    for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
        struct bytes body = bytes_format(arena,
            "<?xml version=\"1.0\" encoding=\"%s\"?><rss "
            "version=\"2.0\"><channel><title>Harbour</title>"
            "<item><title>\xa4\xe9 \xb1\xd0</title><guid>1</guid></item></channel></rss>",
            encodings[i]);

        ask_of(JOB_FEED, body, "Content-Type: text/xml");
        if (code != OK && code != E_FORMAT)
            fail_msg("%s: %s", encodings[i], said);
        ask_of(JOB_FEED_JSON, body,
            bytes_format(arena, "Content-Type: text/xml; charset=%s", encodings[i]).ptr);
        if (code != OK)
            fail_msg("%s: %s", encodings[i], said);
    }
}

static void answers_in_json(void **state)
{
    static const char opml[] = "<opml version=\"2.0\"><body><outline text=\"H\" "
                               "xmlUrl=\"http://news.example/rss\"/></body></opml>";
    static const char page[] = "<html><head><link rel=\"alternate\" type=\"application/rss+xml\" "
                               "href=\"/rss\"></head></html>";

    (void)state;
    ask_of(JOB_FEED_JSON, bytes_of(rss(1, whole)), "Content-Type: application/rss+xml");
    assert_non_null(strstr(text, "\"entries\":[{"));
    ask_of(JOB_OPML_JSON, bytes_of(opml), "Content-Type: text/xml");
    assert_non_null(strstr(text, "http://news.example/rss"));
    ask_of(JOB_DISCOVER_JSON, bytes_of(page), "Content-Type: text/html");
    assert_non_null(strstr(text, "http://news.example/rss"));
}

#define DOCUMENT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DOCUMENT_TEST(reads_a_feed_entry_by_entry),
        DOCUMENT_TEST(says_that_a_feed_was_cut),
        DOCUMENT_TEST(says_that_a_document_is_no_feed),
        DOCUMENT_TEST(decodes_before_it_reads),
        DOCUMENT_TEST(stops_at_the_most_entries_of_a_document),
        DOCUMENT_TEST(refuses_a_body_that_decodes_to_too_much),
        DOCUMENT_TEST(reads_every_common_encoding_inside_the_sandbox),
        DOCUMENT_TEST(answers_in_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
