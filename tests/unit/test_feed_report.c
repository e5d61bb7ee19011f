/* test_feed_report.c - what a person is told of a feed before following it: what is odd, and where.
 */
#include "unit/test.h"

#include "unit/own_clock.h"

#include "base/json.h"
#include "feed/report.h"
#include "text/encoding.h"

static struct arena *arena;

static int setup(void **state)
{
    own_the_clock(state);
    arena = arena_new(64 << 20);
    encoding_warm_up();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct json *report_of(struct bytes document, const char *content_type)
{
    const struct feed_source source = {
        .url = LIT("http://news.example/feed"), .content_type = bytes_of(content_type)};
    struct buf out = {0};
    struct json *json = NULL;
    struct error err = {0};

    if (feed_report(arena, document, &source, &out, NULL, &err) != OK)
        fail_msg("%s", err.text);
    assert_int_equal(json_parse(arena, buf_bytes(&out), &json, NULL), OK);
    buf_done(&out);
    return json;
}

static const struct json *items(const char *inside)
{
    return report_of(bytes_format(arena,
                         "<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel>"
                         "<title>T &amp; U</title>\n%s</channel></rss>",
                         inside),
        "");
}

/* All oddities, by bars. */
static const char *oddities(const struct json *report)
{
    struct buf text = {0};
    const char *copy;

    for (const struct json *o = json_get(report, "oddities")->first; o != NULL; o = o->next)
        buf_printf(&text, "%s%.*s", text.len > 0 ? "|" : "", FMT(json_text(o)));
    copy = bytes_cstr(arena, buf_bytes(&text));
    buf_done(&text);
    return copy;
}

static void each_oddity_is_told_with_the_place_of_the_first(void **state)
{
    static const struct {
        const char *inside, *said;
    } cases[] = {
        {"", "there is no entry in it"},
        {"<item><guid>1</guid></item>", "1 entry has no date: at line 2, column 1"},
        {"<item><guid>1</guid></item>\n <item><guid>2</guid></item>",
            "2 entries have no date, the first at line 2, column 1"},
        {"<item><guid>1</guid><pubDate>2026-03-01</pubDate></item>", ""},
        {"<item><guid>1</guid><pubDate>2026-03-05T09:59:00Z</pubDate></item>", ""},
        {"<item><guid>1</guid><pubDate>2026-03-05T10:01:00Z</pubDate></item>",
            "1 entry has a date in the future: at line 2, column 1"},
        {"<item><guid>1</guid><pubDate>soon</pubDate></item>", ""}, /* a diagnosis tells it */
        {"<item><guid>1</guid><pubDate>2026-03-01</pubDate></item>\n"
         "<item><guid>1</guid><pubDate>2026-03-01</pubDate></item>\n"
         "<item><guid>1</guid><pubDate>2026-03-01</pubDate></item>",
            "2 entries have the identity of another one in it, the first at line 3, column 1"},
        {"<item><link>/1</link><pubDate>2026-03-01</pubDate></item>"
         "<item><link>/1</link><guid>2</guid><pubDate>2026-03-01</pubDate></item>",
            ""},
        {"<a:link rel='self' href='http://other.example/'/>"
         "<item><guid>1</guid><pubDate>2026-03-01</pubDate></item>",
            "it gives http://other.example/ as its own address"},
        {"<a:link rel='self' href='http://news.example/feed'/>"
         "<item><guid>1</guid><pubDate>2026-03-01</pubDate></item>",
            ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(oddities(items(cases[i].inside)), cases[i].said);
}

static void tells_how_many_entries_and_shows_the_first(void **state)
{
    struct buf inside = {0};
    const struct json *report;
    const struct json *first;
    size_t shown = 0;

    (void)state;
    for (int i = 1; i <= 12; i++)
        buf_printf(&inside,
            "<item><title>Story %d</title><link>http://news.example/%d</link><guid>g%d</guid>"
            "<pubDate>2026-02-%02dT08:00:00+01:00</pubDate></item>",
            i, i, i, i);
    report = items(buf_cstr(&inside));
    buf_done(&inside);
    first = json_get(report, "first")->first;
    assert_bytes(json_get_text(report, "entries"), "12");
    assert_bytes(json_get_text(report, "title"), "T & U");
    assert_bytes(json_get_text(report, "newest"), "2026-02-12T07:00:00.000Z");
    assert_bytes(json_get_text(report, "oldest"), "2026-02-01T07:00:00.000Z");
    assert_bytes(json_get_text(first, "title"), "Story 1");
    assert_bytes(json_get_text(first, "url"), "http://news.example/1");
    assert_bytes(json_get_text(first, "id"), "g1");
    assert_bytes(json_get_text(first, "published"), "2026-02-01T08:00:00+01:00");
    for (const struct json *f = first; f != NULL; f = f->next)
        shown++;
    assert_int_equal(shown, REPORT_ENTRIES);
    assert_bytes(json_get_text(json_get(report, "feed"), "format"), "rss20");
}

static void a_date_that_cannot_be_read_is_shown_as_it_is(void **state)
{
    const struct json *report = items("<item><guid>1</guid><pubDate>yesterday</pubDate></item>"
                                      "<item><guid>2</guid><pubDate>2027-01-01</pubDate></item>");

    (void)state;
    assert_bytes(json_get_text(json_get(report, "first")->first, "unreadDate"), "yesterday");
    assert_null(json_get(report, "newest")); /* one in the future is not when it was last changed */
    assert_null(json_get(report, "oldest"));
}

static void names_the_encoding_and_its_witness(void **state)
{
    static const struct {
        const char *document, *type, *encoding, *from;
    } cases[] = {
        {"<rss><channel><title>a</title></channel></rss>", "", "utf-8", "its bytes"},
        {"\xef\xbb\xbf<rss><channel/></rss>", "", "utf-8", "its byte order mark"},
        {"<rss><channel><title>\xe9</title></channel></rss>", "x; charset=latin1", "windows-1252",
            "Content-Type"},
        {"<?xml version='1.0' encoding='koi8-r'?><rss><channel><title>\xf0</title></channel></rss>",
            "", "koi8-r", "its declaration"},
        {"<rss><channel><title>\xe9</title></channel></rss>", "", "windows-1252", "a guess"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct json *report = report_of(bytes_of(cases[i].document), cases[i].type);

        assert_bytes(json_get_text(report, "encodingFrom"), cases[i].from);
        if (strcmp(cases[i].from, "a guess") != 0)
            assert_bytes(json_get_text(report, "encoding"), cases[i].encoding);
    }
}

static void a_document_that_is_cut_says_that_nothing_of_it_is_taken(void **state)
{
    const struct json *report = report_of(
        LIT("<rss><channel><item><guid>1</guid><pubDate>2026-03-01</pubDate></item>"), "");

    (void)state;
    assert_non_null(strstr(
        oddities(report), "it ends before its last element is closed: nothing of it is taken"));
}

static void what_is_no_feed_leaves_the_answer_alone(void **state)
{
    const struct feed_source source = {.url = LIT("http://news.example/")};
    struct buf out = {0};
    struct error err = {0};

    (void)state;
    buf_add_cstr(&out, "before");
    assert_int_equal(feed_report(arena, LIT("<html></html>"), &source, &out, NULL, &err), E_FORMAT);
    assert_string_equal(buf_cstr(&out), "before");
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_oddity_is_told_with_the_place_of_the_first),
        cmocka_unit_test(tells_how_many_entries_and_shows_the_first),
        cmocka_unit_test(a_date_that_cannot_be_read_is_shown_as_it_is),
        cmocka_unit_test(names_the_encoding_and_its_witness),
        cmocka_unit_test(a_document_that_is_cut_says_that_nothing_of_it_is_taken),
        cmocka_unit_test(what_is_no_feed_leaves_the_answer_alone),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
