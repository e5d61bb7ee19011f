/* What an entry and a feed put into records. */
#include "base/clock.h"
#include "feed/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct arena *arena;
static struct wr_record *record;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct feed_source source = {.url = {"http://example.org/feed", 23}};

static int on_entry(void *ctx, const struct entry *entry)
{
    (void)ctx;
    record = record_new(arena);
    entry_to_record(entry, &source, record);
    return OK;
}

static struct feed read_item(const char *inside)
{
    struct feed_sink sink = {.on_entry = on_entry, .ctx = NULL};
    struct bytes document = bytes_format(arena,
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>"
        "<title>T</title><link>http://example.org/</link><atom:link rel='hub' "
        "href='http://hub.example/'/><ttl>15</ttl>"
        "<skipDays><day>Sunday</day><day>Monday</day></skipDays><item>%s</item></channel></rss>",
        inside);
    struct feed feed;
    struct error err = {0};

    assert_int_equal(feed_parse(arena, document, &source, &sink, &feed, &err), OK);
    return feed;
}

#define IS(field, want) assert_string_equal(record_get_cstr(record, field), want)

static void fills_the_fields_of_a_record(void **state)
{
    (void)state;
    read_item(
        "<title>A &lt;b&gt;bold&lt;/b&gt; "
        "step</title><link>HTTP://Example.org/a?utm_source=rss&amp;id=1#x</link><guid> g 1 </guid>"
        "<description>&lt;p&gt;One "
        "&lt;i&gt;two&lt;/i&gt;&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</description>"
        "<author>jane@example.org (Jane Doe)</author><category>News</category><pubDate>2 Jan 2006 "
        "15:04 +0100</pubDate>"
        "<enclosure url='http://example.org/a.mp3' type='audio/mpeg' length='9'/><enclosure "
        "url='file:///etc/passwd'/>");
    IS(WR_TITLE, "A bold step");
    IS(WR_FEED_TITLE, "A bold step");
    IS(WR_URL, "http://example.org/a?id=1");
    IS(REC_LINK, "HTTP://Example.org/a?utm_source=rss&id=1#x");
    IS(WR_GUID, "g 1");
    IS(WR_SUMMARY, "One two");
    IS(WR_FEED_CONTENT, "<p>One <i>two</i></p>");
    IS(WR_FEED_AUTHOR, "Jane Doe");
    IS(WR_KEYWORD, "News");
    IS(WR_PUBLISHED, "2006-01-02T15:04:00+01:00");
    IS(WR_PUBLISHED_PRECISION, "minute");
    IS(WR_PUBLISHED_RAW, "2 Jan 2006 15:04 +0100");
    IS(WR_PUBLISHED_SOURCE, "feed");
    IS(WR_ENCLOSURE, "http://example.org/a.mp3\taudio/mpeg\t9");
    assert_int_equal(record_get_int(record, REC_POSITION, -1), 0);
    assert_int_equal(wr_count(record, WR_ENCLOSURE), 1);
    assert_int_equal(record_get(record, REC_HASH_GUID).len, 8);
    assert_int_equal(record_get(record, REC_HASH_URL).len, 8);
}

static void an_entry_tells_whose_it_is(void **state)
{
    (void)state;
    read_item("<title>Storm</title><source url='http://wire.example/feed'>Wire &amp; Co</source>"
              "<dc:rights xmlns:dc='http://purl.org/dc/elements/1.1/'>(c) Wire</dc:rights>");
    IS(WR_FEED_SOURCE, "http://wire.example/feed\tWire & Co");
    IS(WR_RIGHTS, "(c) Wire");
    read_item("<title>Storm</title>");
    IS(WR_FEED_SOURCE, "");
    IS(WR_RIGHTS, "");
}

static void the_content_hash_changes_with_the_words_only(void **state)
{
    struct bytes first, other;

    (void)state;
    read_item("<title>A</title><description>one  two</description><pubDate>2 Jan 2006 15:04 "
              "+0100</pubDate>");
    first = bytes_copy(arena, record_get(record, REC_HASH_CONTENT));
    read_item("<title> A\n</title><description>one\ntwo</description><pubDate>3 Jan 2006 15:04 "
              "+0100</pubDate>");
    assert_true(bytes_equal(first, record_get(record, REC_HASH_CONTENT)));
    read_item("<title>A</title><description>one three</description>");
    other = record_get(record, REC_HASH_CONTENT);
    assert_false(bytes_equal(first, other));
}

static void an_entry_without_a_title_has_its_first_words(void **state)
{
    (void)state;
    read_item("<description>&lt;p&gt;The ferry &amp;amp; the pier&lt;/p&gt;&lt;p&gt;are "
              "open&lt;/p&gt;</description>");
    IS(WR_TITLE, "The ferry & the pier");
    IS(WR_FEED_TITLE, "");
    read_item("<description>Low tide at nine\nand at ten</description>");
    IS(WR_TITLE, "Low tide at nine");
    read_item("<description>The ferry to the island leaves at nine and comes back at noon, unless "
              "the wind is stronger than a gull can fly</description>");
    IS(WR_TITLE,
        "The ferry to the island leaves at nine and comes back at noon, unless the wind is "
        "stronger than a…");
    read_item("<description>東京の港は今日から再び開きました。</description>");
    IS(WR_TITLE, "東京の港は今日から再び開きました。");
    read_item("<title>Ferry</title><description>Words</description>");
    IS(WR_TITLE, "Ferry");
    read_item("<link>http://example.org/1</link>");
    IS(WR_TITLE, "");
}

#define POST "&lt;a href='http://example.org/1'&gt;Ferry&lt;/a&gt;"
#define HOME "&lt;a href='http://example.org'&gt;Port&lt;/a&gt;"
#define ENTRY(text)                                                                                \
    "<title>Ferry</title><link>http://example.org/1</link><description>" text "</description>"

static void a_blog_s_trailer_is_no_part_of_the_entry(void **state)
{
    static const struct {
        const char *item, *summary;
    } cases[] = {
        {ENTRY("&lt;p&gt;It sails.&lt;/p&gt;\n&lt;p&gt;The post " POST " appeared first on " HOME
               ".&lt;/p&gt;\n"),
            "It sails."},
        {ENTRY("&lt;p&gt;Es f\303\244hrt.&lt;/p&gt;&lt;p class='x'&gt;Der Beitrag " POST
               " erschien zuerst auf " HOME ".&lt;/p&gt;"),
            "Es f\303\244hrt."},
        {ENTRY("&lt;p&gt;" POST " \343\201\257 " HOME "&lt;/p&gt;"), ""},
        /* a link to another post, to another site, a third link, a title of its own, text behind */
        {ENTRY("&lt;p&gt;See &lt;a href='http://example.org/2'&gt;Ferry&lt;/a&gt; on " HOME
               "&lt;/p&gt;"),
            "See Ferry on Port"},
        {ENTRY("&lt;p&gt;See " POST " on &lt;a href='http://b.example/'&gt;B&lt;/a&gt;&lt;/p&gt;"),
            "See Ferry on B"},
        {ENTRY("&lt;p&gt;" POST " " HOME " " HOME "&lt;/p&gt;"), "Ferry Port Port"},
        {ENTRY(
             "&lt;p&gt;&lt;a href='http://example.org/1'&gt;here&lt;/a&gt; on " HOME "&lt;/p&gt;"),
            "here on Port"},
        {ENTRY("&lt;p&gt;The post " POST " on " HOME "&lt;/p&gt;&lt;p&gt;It sails.&lt;/p&gt;"),
            "The post Ferry on Port It sails."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        read_item(cases[i].item);
        IS(WR_SUMMARY, cases[i].summary);
    }
}

static void plain_text_keeps_its_paragraphs(void **state)
{
    (void)state;
    read_item("<description>It sails.\n\nAt nine &lt; ten,\nor later.\r\n \r\nEnd</description>");
    IS(WR_FEED_CONTENT, "<p>It sails.</p>\n<p>At nine &lt; ten,\nor later.</p>\n<p>End</p>");
    read_item("<description>Salt &amp;amp; tar.\n\nAnd rope</description>");
    IS(WR_FEED_CONTENT, "<p>Salt &amp; tar.</p>\n<p>And rope</p>");
    read_item("<description>It sails.\nAt nine</description>");
    IS(WR_FEED_CONTENT, "It sails.\nAt nine");
    read_item("<description>&lt;b&gt;It sails.&lt;/b&gt;\n\nAt nine</description>");
    IS(WR_FEED_CONTENT, "<b>It sails.</b>\n\nAt nine");
    read_item("<description>\n\nIt sails.\n\n</description>");
    IS(WR_FEED_CONTENT, "It sails.");
}

static void a_date_outside_reason_is_kept_but_not_believed(void **state)
{
    (void)state;
    read_item("<title>A</title><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>");
    IS(WR_PUBLISHED, "");
    IS(WR_FEED_DATE, "1970-01-01T00:00:00Z");
    read_item("<title>A</title><pubDate>Thu, 01 Jan 2150 00:00:00 GMT</pubDate>");
    IS(WR_PUBLISHED, "");
    read_item("<title>A</title><pubDate>soon</pubDate>");
    IS(WR_PUBLISHED, "");
    IS(WR_FEED_DATE, "");
    IS(WR_PUBLISHED_RAW, "soon");
}

static void only_http_addresses_reach_a_record(void **state)
{
    static const char *const links[] = {
        "javascript:alert(1)", "file:///etc/passwd", "ftp://example.org/", "tel:1"};

    (void)state;
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        read_item(
            bytes_cstr(arena, bytes_format(arena, "<title>A</title><link>%s</link>", links[i])));
        IS(WR_URL, "");
        IS(REC_LINK, "");
    }
}

static void a_feed_tells_its_hints_and_hubs(void **state)
{
    struct feed feed = read_item("<title>A</title>");
    struct wr_record *rec = record_new(arena);

    (void)state;
    feed_to_record(&feed, rec);
    assert_string_equal(record_get_cstr(rec, REC_FEED_NAME), "T");
    assert_string_equal(record_get_cstr(rec, REC_FEED_HUB), "http://hub.example/");
    assert_true(bytes_is(record_get_at(rec, REC_FEED_HINT, 0), "ttl=15"));
    assert_true(bytes_is(record_get_at(rec, REC_FEED_HINT, 1), "skip_days=Sunday,Monday"));
    assert_int_equal(record_get_int(rec, REC_ENTRIES, 0), 1);
    assert_string_equal(record_get_cstr(rec, REC_FORMAT), "rss20");
}

static void an_entry_s_text_is_cut_at_a_letter_after_a_mebibyte(void **state)
{
    enum { LETTERS = 700000 };
    struct buf item = {0};
    struct bytes text;

    (void)state;
    buf_add_cstr(&item, "<title>A</title><description>");
    for (int i = 0; i < LETTERS; i++)
        buf_add_cstr(&item, "\xc3\xa5"); /* a letter of two bytes */
    buf_add_cstr(&item, "</description>");
    buf_add_byte(&item, '\0');
    read_item(item.ptr);
    text = record_get(record, WR_SUMMARY);
    assert_true(text.len <= 1 << 20 && text.len > (1 << 20) - 4);
    assert_int_equal((unsigned char)text.ptr[text.len - 1], 0xa5);
    assert_true(record_get(record, WR_FEED_CONTENT).len < (1 << 20) + 100);
    buf_done(&item);
}

/* Each is copied into the store, the log and every later version. */
static void a_title_is_cut_at_a_letter_and_known_by_all_of_it(void **state)
{
    enum { LETTERS = 40000 };
    struct buf item = {0};
    struct bytes first = {NULL, 0};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct bytes title;

        buf_clear(&item);
        buf_add_cstr(&item, "<guid>1</guid><title>x");
        for (int n = 0; n < LETTERS + i; n++)
            buf_add_cstr(&item, "\xc3\xa5"); /* a letter of two bytes */
        buf_add_cstr(&item, "</title>");
        buf_add_byte(&item, '\0');
        read_item(item.ptr);
        title = record_get(record, WR_TITLE);
        assert_int_equal(title.len, 2047);
        assert_int_equal((unsigned char)title.ptr[title.len - 1], 0xa5);
        assert_int_equal(record_get(record, WR_FEED_TITLE).len, 2047);
        assert_false(bytes_equal(record_get(record, REC_HASH_CONTENT), first));
        first = bytes_copy(arena, record_get(record, REC_HASH_CONTENT));
    }
    buf_done(&item);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_the_fields_of_a_record),
        cmocka_unit_test(an_entry_tells_whose_it_is),
        cmocka_unit_test(the_content_hash_changes_with_the_words_only),
        cmocka_unit_test(an_entry_without_a_title_has_its_first_words),
        cmocka_unit_test(a_blog_s_trailer_is_no_part_of_the_entry),
        cmocka_unit_test(plain_text_keeps_its_paragraphs),
        cmocka_unit_test(a_date_outside_reason_is_kept_but_not_believed),
        cmocka_unit_test(only_http_addresses_reach_a_record),
        cmocka_unit_test(a_feed_tells_its_hints_and_hubs),
        cmocka_unit_test(an_entry_s_text_is_cut_at_a_letter_after_a_mebibyte),
        cmocka_unit_test(a_title_is_cut_at_a_letter_and_known_by_all_of_it),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
