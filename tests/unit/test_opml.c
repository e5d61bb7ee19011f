/* test_opml.c - lists of feeds as programs of twenty years wrote them, and ours as others read it.
 */
#include "unit/test.h"

#include "feed/opml.h"

static struct arena *arena;

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

struct seen {
    struct buf text; /* "url title link category tags" of each, by bars */
    int stop_at, count;
};

static int on_feed(void *ctx, const struct opml_feed *feed)
{
    struct seen *seen = ctx;

    buf_printf(&seen->text, "%.*s|%.*s|%.*s|%.*s|%.*s\n", FMT(feed->feed_url), FMT(feed->title),
        FMT(feed->link), FMT(feed->category), FMT(feed->tags));
    return ++seen->count == seen->stop_at ? E_STOPPED : OK;
}

static const char *read_list(struct bytes document, struct opml_summary *ret_summary)
{
    struct seen seen = {0};
    const struct opml_sink sink = {.on_feed = on_feed, .ctx = &seen};
    struct error err = {0};
    const char *text;

    if (opml_read(arena, document, &sink, ret_summary, &err) != OK)
        fail_msg("%.*s: %s", FMT(document), err.text);
    text = bytes_cstr(arena, buf_bytes(&seen.text));
    buf_done(&seen.text);
    return text;
}

static void an_outline_gives_what_it_says(void **state)
{
    static const struct {
        const char *body, *want;
    } cases[] = {
        {"<outline xmlUrl='http://a.example/'/>", "http://a.example/||||\n"},
        {"<outline text='T' xmlUrl='http://a.example/'/>", "http://a.example/|T|||\n"},
        {"<outline text='http://a.example/' xmlUrl='http://a.example/'/>",
            "http://a.example/||||\n"},
        {"<outline title='HTTP://A.example:80' text='T' xmlUrl='http://a.example/'/>",
            "http://a.example/||||\n"},
        {"<outline text='http://b.example/' xmlUrl='http://a.example/'/>",
            "http://a.example/|http://b.example/|||\n"},
        {"<outline text='T' xmlUrl='http://a.example/?x=1&amp;amp;y=2'/>",
            "http://a.example/?x=1&y=2|T|||\n"},
        {"<outline title='T' text='other' xmlUrl='http://a.example/'/>",
            "http://a.example/|T|||\n"},
        {"<outline TEXT='T' XMLURL='http://a.example/'/>", "http://a.example/|T|||\n"},
        {"<outline xmlurl='http://a.example/'/>", "http://a.example/||||\n"},
        {"<outline type='rss' url='http://a.example/' text='T'/>", "http://a.example/|T|||\n"},
        {"<outline type='link' url='http://a.example/' text='T'/>", ""},
        {"<outline text='T' xmlUrl=' http://a.example/ '/>", "http://a.example/|T|||\n"},
        {"<outline text='a &amp;amp; b' xmlUrl='http://a.example/?x=1&amp;y=2'/>",
            "http://a.example/?x=1&y=2|a &amp; b|||\n"},
        {"<outline text='a & b' xmlUrl='http://a.example/?x=1&y=2'/>",
            "http://a.example/?x=1&y=2|a & b|||\n"},
        {"<outline text='T' htmlUrl='http://w.example/' xmlUrl='http://a.example/'/>",
            "http://a.example/|T|http://w.example/||\n"},
        {"<outline text='T' category='/News,/Sport' xmlUrl='http://a.example/'/>",
            "http://a.example/|T|||/News,/Sport\n"},
        {"<outline text='two\n lines' xmlUrl='http://a.example/'/>",
            "http://a.example/|two lines|||\n"},
        {"<outline text='feed:' xmlUrl='feed://a.example/'/>", "feed://a.example/|feed:|||\n"},
        {"<outline text='ftp' xmlUrl='ftp://a.example/'/>", ""},
        {"<outline text='none' xmlUrl=''/>", ""},
        {"<outline/>", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct opml_summary summary = {0};
        struct bytes document =
            bytes_format(arena, "<opml version='2.0'><body>%s</body></opml>", cases[i].body);

        assert_string_equal(read_list(document, &summary), cases[i].want);
        assert_true(summary.complete);
    }
}

static void the_outlines_around_a_feed_are_its_category(void **state)
{
    static const struct {
        const char *body, *want;
    } cases[] = {
        {"<outline text='N'><outline text='a' xmlUrl='http://a.example/'/></outline>"
         "<outline text='b' xmlUrl='http://b.example/'/>",
            "http://a.example/|a||N|\nhttp://b.example/|b|||\n"},
        {"<outline text='N'><outline text='M'><outline text='a' xmlUrl='http://a.example/'/>"
         "</outline><outline text='b' xmlUrl='http://b.example/'/></outline>",
            "http://a.example/|a||N / M|\nhttp://b.example/|b||N|\n"},
        {"<outline title='N'><outline text='a' xmlUrl='http://a.example/'/></outline>",
            "http://a.example/|a||N|\n"},
        {"<outline text='N'><outline><outline text='a' xmlUrl='http://a.example/'/></outline>"
         "</outline>",
            "http://a.example/|a||N|\n"},
        {"<outline text='N' xmlUrl='http://n.example/'><outline text='a' "
         "xmlUrl='http://a.example/'/></outline>",
            "http://n.example/|N|||\nhttp://a.example/|a|||\n"},
        {"<outline text='N'/><outline text='a' xmlUrl='http://a.example/'/>",
            "http://a.example/|a|||\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct opml_summary summary = {0};

        assert_string_equal(read_list(bytes_format(arena,
                                          "<opml><head><title>My own</title>"
                                          "</head><body>%s</body></opml>",
                                          cases[i].body),
                                &summary),
            cases[i].want);
    }
}

static void what_is_passed_over_is_counted_and_what_is_cut_is_told(void **state)
{
    struct opml_summary summary = {0};
    struct bytes whole = LIT("<opml><body><outline xmlUrl='http://a.example/'/>"
                             "<outline xmlUrl='file:///etc/passwd'/><outline xmlUrl='x'/>"
                             "</body></opml>");

    (void)state;
    read_list(whole, &summary);
    assert_int_equal(summary.skipped, 2);
    assert_true(summary.complete);
    for (size_t len = 50; len < whole.len; len++) {
        read_list(bytes_slice(whole, 0, len), &summary);
        assert_false(summary.complete);
    }
}

static void a_sink_that_stops_is_asked_no_more(void **state)
{
    struct seen seen = {.stop_at = 2};
    const struct opml_sink sink = {.on_feed = on_feed, .ctx = &seen};
    struct opml_summary summary = {0};
    struct error err = {0};

    (void)state;
    assert_int_equal(
        opml_read(arena,
            LIT("<opml><body><outline xmlUrl='http://a/'/><outline xmlUrl='http://b/'/>"
                "<outline xmlUrl='http://c/'/></body></opml>"),
            &sink, &summary, &err),
        E_STOPPED);
    assert_int_equal(seen.count, 2);
    buf_done(&seen.text);
}

static void other_documents_are_no_lists(void **state)
{
    static const char *const others[] = {"", "   ", "no list", "{\"feeds\":[]}",
        "<html><body><p>404</p></body></html>", "<rss version='2.0'><channel/></rss>"};
    struct seen seen = {0};
    const struct opml_sink sink = {.on_feed = on_feed, .ctx = &seen};

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct opml_summary summary = {0};
        struct error err = {0};

        assert_int_equal(opml_read(arena, bytes_of(others[i]), &sink, &summary, &err), E_FORMAT);
        assert_string_equal(err.text, "1:1: this is no OPML: no outline in it");
    }
    assert_int_equal(seen.count, 0);
}

static void encodings_are_read_as_in_feeds(void **state)
{
    static const struct {
        const char *before, *name, *want;
    } cases[] = {
        {"\xef\xbb\xbf", "\xc3\xa9", "é"},
        {"<?xml version='1.0' encoding='iso-8859-1'?>", "\xe9", "é"},
        {"<?xml version='1.0' encoding='windows-1251'?>", "\xcf\xf0", "Пр"},
        {"<?xml version='1.0' encoding='utf-8'?>", "\xe9t\xe9", "été"}, /* it says so, and is not */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct opml_summary summary = {0};
        struct bytes document =
            bytes_format(arena, "%s<opml><outline text='%s' xmlUrl='http://a/'/></opml>",
                cases[i].before, cases[i].name);

        assert_string_equal(read_list(document, &summary),
            bytes_format(arena, "http://a/|%s|||\n", cases[i].want).ptr);
    }
}

/* All that was written comes back, whatever is in it; and feeds of one category in a row stand
 * together. */
static void what_is_written_comes_back(void **state)
{
    static const struct opml_feed feeds[] = {
        {.feed_url = {"http://a.example/?a=1&b=2", 25}, .title = {"<A> & \"B\"", 9}},
        {.feed_url = {"http://b.example/", 17}, .category = {"News & \"more\"", 13}},
        {.feed_url = {"http://c.example/", 17},
            .category = {"News & \"more\"", 13},
            .tags = {"x,y", 3}},
        {.feed_url = {"http://d.example/", 17},
            .title = {"\xd0\x9f", 2},
            .category = {"M", 1},
            .link = {"http://w.example/", 17}},
        {.feed_url = {"http://f.example/", 17}, .category = {"M / N", 5}},
        {.feed_url = {"http://g.example/", 17}, .category = {"M / N / O", 9}},
        {.feed_url = {"http://h.example/", 17}, .category = {"M / N / P/Q", 11}},
        {.feed_url = {"http://i.example/", 17}, .category = {"M", 1}},
        {.feed_url = {"http://j.example/", 17}, .category = {"Mine / N", 8}},
        {.feed_url = {"http://e.example/", 17}, .title = {"E", 1}},
    };
    struct opml_summary summary = {0};
    struct opml_writer writer;
    struct buf out = {0};
    const char *text;

    (void)state;
    opml_begin(&writer, &out, LIT("Mine & <yours>"));
    for (size_t i = 0; i < sizeof(feeds) / sizeof(feeds[0]); i++)
        opml_add(&writer, &feeds[i]);
    opml_end(&writer);
    assert_string_equal(read_list(buf_bytes(&out), &summary),
        "http://a.example/?a=1&b=2|<A> & \"B\"|||\n"
        "http://b.example/|||News & \"more\"|\n"
        "http://c.example/|||News & \"more\"|x,y\n"
        "http://d.example/|\xd0\x9f|http://w.example/|M|\n"
        "http://f.example/|||M / N|\n"
        "http://g.example/|||M / N / O|\n"
        "http://h.example/|||M / N / P/Q|\n"
        "http://i.example/|||M|\n"
        "http://j.example/|||Mine / N|\n"
        "http://e.example/|E|||\n");
    assert_true(summary.complete);
    text = buf_cstr(&out);
    assert_non_null(strstr(text, "<title>Mine &amp; &lt;yours></title>"));
    text = strstr(text, "<outline text=\"News &amp; &quot;more&quot;\">");
    assert_non_null(text);
    assert_null(strstr(text + 1, "<outline text=\"News"));
    text = strstr(text, "<outline text=\"M\">"); /* feeds and folders stand in one */
    assert_non_null(text);
    assert_null(strstr(text + 1, "<outline text=\"M\">"));
    buf_done(&out);
}

static void an_empty_list_is_a_list(void **state)
{
    struct opml_summary summary = {0};
    struct opml_writer writer;
    struct buf out = {0};
    struct buf json = {0};

    (void)state;
    opml_begin(&writer, &out, LIT(""));
    opml_end(&writer);
    assert_string_equal(read_list(buf_bytes(&out), &summary), "");
    assert_int_equal(opml_json(arena, buf_bytes(&out), &json, NULL), OK);
    assert_string_equal(buf_cstr(&json), "{\"feeds\":[],\"complete\":true}");
    buf_clear(&json);
    buf_clear(&json);
    assert_int_equal(
        opml_json(arena,
            LIT("<opml><body><outline text='A' xmlUrl='ftp://a.example/'/><outline text='B, c'>"
                "<outline text='D' xmlUrl='http://d.example/'/></outline></body></opml>"),
            &json, NULL),
        OK);
    assert_string_equal(buf_cstr(&json),
        "{\"feeds\":[{\"feed_url\":\"http://d.example/\",\"title\":\"D\","
        "\"category\":\"B\\\\, c\"}],\"skipped\":[{\"feed_url\":\"ftp://a.example/\","
        "\"title\":\"A\"}],\"complete\":true}");
    buf_clear(&json);
    assert_int_equal(opml_json(arena, LIT("none"), &json, NULL), E_FORMAT);
    assert_string_equal(buf_cstr(&json), "{\"error\":\"1:1: this is no OPML: no outline in it\"}");
    buf_done(&json);
    buf_done(&out);
}

static void a_name_too_long_for_an_outline_names_no_category(void **state)
{
    struct buf document = {0};
    struct opml_summary summary = {0};

    (void)state;
    buf_add_cstr(&document, "<opml><body><outline text='");
    for (int i = 0; i < 500; i++)
        buf_add_byte(&document, 'n');
    buf_add_cstr(
        &document, "'><outline text='a' xmlUrl='http://a.example/'/></outline></body></opml>");
    assert_string_equal(read_list(buf_bytes(&document), &summary), "http://a.example/|a|||\n");
    buf_done(&document);
}

static void outlines_without_end_are_read_as_far_as_they_are_deep(void **state)
{
    struct buf document = {0};
    struct opml_summary summary = {0};
    const char *text;

    (void)state;
    buf_add_cstr(&document, "<opml><body>");
    for (int i = 0; i < 5000; i++)
        buf_printf(&document, "<outline text='%d'>", i);
    buf_add_cstr(&document, "<outline text='deep' xmlUrl='http://deep.example/'/>");
    for (int i = 0; i < 5000; i++)
        buf_add_cstr(&document, "</outline>");
    buf_add_cstr(&document, "<outline text='flat' xmlUrl='http://flat.example/'/></body></opml>");
    text = read_list(buf_bytes(&document), &summary);
    assert_non_null(strstr(text, "http://flat.example/|flat|||\n"));
    assert_true(summary.complete);
    buf_done(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outline_gives_what_it_says),
        cmocka_unit_test(the_outlines_around_a_feed_are_its_category),
        cmocka_unit_test(what_is_passed_over_is_counted_and_what_is_cut_is_told),
        cmocka_unit_test(a_sink_that_stops_is_asked_no_more),
        cmocka_unit_test(other_documents_are_no_lists),
        cmocka_unit_test(encodings_are_read_as_in_feeds),
        cmocka_unit_test(what_is_written_comes_back),
        cmocka_unit_test(an_empty_list_is_a_list),
        cmocka_unit_test(a_name_too_long_for_an_outline_names_no_category),
        cmocka_unit_test(outlines_without_end_are_read_as_far_as_they_are_deep),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
