/* test_feed_odd.c - feeds as they should not be: markup out of place, elements in the wrong
 * dialect, JSON with holes, people on one line. What is whole in them is read, and what is wrong is
 * told. */
#include "unit/feed_fixture.h"

#include "unit/test.h"

#include "feed/html.h"

struct document {
    const char *text, *titles;
    bool recovered, complete;
};

static void check(const struct document *cases, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        int code = parse(bytes_of(cases[i].text));

        if (code == OK && strcmp(seen, cases[i].titles) == 0 &&
            feed.recovered == cases[i].recovered && feed.complete == cases[i].complete)
            continue;
        print_error("%s\n  %s: \"%s\" recovered %d complete %d\n", cases[i].text,
            code == OK ? "read" : err.text, seen, feed.recovered, feed.complete);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

#define RSS(inside) "<rss version='2.0'><channel><title>t</title>" inside "</channel></rss>"

static void markup_that_is_wrong_costs_no_entry(void **state)
{
    static const struct document cases[] = {
        {RSS("<item><title>A & B</title></item>"), "A & B|", true, true},
        {RSS("<item><title>A &nbsp; B</title></item>"), "A B|", true, true},
        {RSS("<item><title>A &amp B</title></item>"), "A & B|", true, true},
        {RSS("<item><title>1 < 2</title></item>"), "1 < 2|", true, true},
        {RSS("<item><title>A<br>B</title></item><item><title>C</title></item>"), "A B|C|", true,
            true},
        {RSS("<item><title>A</titel></item><item><title>B</title></item>"), "A|B|", true, true},
        {RSS("<item><title>A</title><item><title>B</title></item>"), "A|B|", true, true},
        {RSS("<item><title>A</title><item><title>B</title><item><title>C</title>"), "A|B|C|", true,
            true},
        {RSS("<item><title>A</title><item><title>B</title></item><item><title>C</title></item>"),
            "A|B|C|", true, true},
        {RSS("<item><title>A</title></item></item><item><title>B</title></item>"), "A|B|", true,
            true},
        {RSS("<item a=1><title>A</title></item>"), "A|", true, true},
        {RSS("<item a='1' a='2'><title>A</title></item>"), "A|", true, true},
        {RSS("<x:item><title>A</title></x:item><item><title>B</title></item>"), "B|", false, true},
        {RSS("<item><title><![CDATA[A]]></title></item>"), "A|", false, true},
        {RSS("<item><title><![CDATA[A</title></item>"), "", true, false},
        {RSS("<item><title>A]]>B</title></item>"), "A]]>B|", true, true},
        {RSS("<item><title>A<!-- c -->B</title></item>"), "AB|", false, true},
        {RSS("<item><title>A<!-- - -- -->B</title></item>"), "AB|", true, true},
        {RSS("<item><title>A\x01"
             "B\x08</title></item>"),
            "AB|", true, true},
        {RSS("<item><title>A&#1;B&#x1f;</title></item>"), "AB|", true, true},
        {RSS("<ITEM><TITLE>A</TITLE></ITEM>"), "A|", false, true},
        {RSS("<item/><item></item><item><title>A</title></item>"), "||A|", false, true},
        {"<?xml version='1.1'?>" RSS("<item><title>A</title></item>"), "A|", false, true},
        {"<?xml version='1.0'?><?xml version='1.0'?>" RSS("<item><title>A</title></item>"), "A|",
            false, true},
        {"\n\n<?xml version='1.0'?>" RSS("<item><title>A</title></item>"), "A|", false, true},
        {RSS("<item><title>A</title></item>") "<!-- 0.2 s -->", "A|", false, true},
        {RSS("<item><title>A</title></item>") RSS("<item><title>B</title></item>"), "A|B|", true,
            true},
        {"<rss><channel><title>t</title></channel><item><title>A</title></item></rss>", "A|", false,
            true},
        {"<rss><channel><items><item><title>A</title></item></items></channel></rss>", "A|", false,
            true},
        {"<rss><channel><item><title>A</title></item></channel>", "A|", true, false},
        {"<rss><channel><item><title>A</title></item><item><title>B", "A|", true, false},
        {"<feed xmlns='http://www.w3.org/2005/Atom'><item><title>A</title></item></feed>", "A|",
            false, true},
        {"<rss><channel><entry><title>A</title></entry></channel></rss>", "A|", false, true},
        {"<!DOCTYPE rss PUBLIC 'x' 'http://my.netscape.com/rss.dtd'>" RSS(
             "<item><title>A</title></item>"),
            "A|", false, true},
    };

    (void)state;
    check(cases, sizeof(cases) / sizeof(cases[0]));
}

#define JSON(inside) "{\"version\":\"https://jsonfeed.org/version/1.1\"," inside "}"

static void json_with_holes_is_read_round_them(void **state)
{
    static const struct document cases[] = {
        {JSON("\"items\":[]"), "", false, true},
        {JSON("\"items\":[{\"title\":\"A\"},{\"title\":\"B\"}]"), "A|B|", false, true},
        {JSON("\"items\":[{\"title\":\"A\"},17,null,\"x\",[],{\"title\":\"B\"}]"), "A|B|", false,
            true},
        {JSON("\"items\":[{\"title\":\"A\"},{\"title\":},{\"title\":\"B\"}]"), "A|B|", false, true},
        {JSON("\"items\":[{\"title\":\"A\nb\"},{\"title\":\"B\"}]"), "A b|B|", true, true},
        {JSON("\"items\":[{\"title\":\"A\tb\\tc\\\\\"}]"), "A b c\\|", true, true},
        {JSON("\"items\":[{\"title\":\"A\",\"tags\":[\"x\",],},{\"title\":\"B\"},]"), "A|B|", true,
            true},
        {JSON("\"items\":[{\"title\":\"It\\'s \\$5 \\u12x \\x41\"}]"), "It's $5 \\u12x \\x41|",
            true, true},
        {JSON("\"description\":\"a\nb\",\"items\":[{\"title\":\"A, }\"}]"), "A, }|", true, true},
        {JSON("\"items\":[{\"title\":\"A\x01\"}]"), "A|", true, true},
        {JSON("\"items\":[{\"title\":\"A\"},{title:\"no\"}]"), "A|", false, true},
        {JSON("\"items\":{\"title\":\"A\"}"), "", false, true},
        {JSON("\"items\":null"), "", false, true},
        {JSON("\"items\":[{\"title\":\"}]{[\\\"\"}]"), "}]{[\"|", false, true},
        {JSON("\"items\":[{\"title\":\"\\u00e9\\n\\ud83d\\ude00\"}]"), "é 😀|", false, true},
        {JSON("\"a\":{\"items\":[{\"title\":\"no\"}]},\"items\":[{\"title\":\"A\"}]"), "A|", false,
            true},
        {" \n\t" JSON("\"items\":[{\"title\":\"A\"}]") "\n", "A|", false, true},
        {"\xef\xbb\xbf" JSON("\"items\":[{\"title\":\"A\"}]"), "A|", false, true},
        {"{\"items\":[{\"title\":\"A\"}]}", "A|", false, true},
        {"{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"title\":\"A\"},{\"ti", "A|",
            false, false},
        {"{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"title\":\"A\"}]", "A|",
            false, false},
    };

    (void)state;
    check(cases, sizeof(cases) / sizeof(cases[0]));
}

static void what_is_no_feed_is_told_in_words(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "1:1: "},
        {"   \n", "1:1: "},
        {"plain text", "1:1: there is no markup in it"},
        {"<html></html>", "1:1: this is an HTML page, not a feed"},
        {"<!DOCTYPE html>\n<p>x", "1:1: this is no feed"},
        {"{\"a\":1}", "1:1: this is JSON, but no JSON Feed"},
        {"[1,2]", "1:1: "},
        {"<opml><body/></opml>", "1:1: "},
        {"<a><b/></a>", "1:1: "},
        {"<?xml version='1.0'?>", "1:1: "},
        {"%PDF-1.4", "1:1: "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(parse(bytes_of(cases[i].text)), E_FORMAT);
        if (strncmp(err.text, cases[i].said, strlen(cases[i].said)) != 0)
            fail_msg("%s: %s", cases[i].text, err.text);
        assert_true(strlen(err.text) > 5);
    }
}

static void a_line_names_a_person_in_many_ways(void **state)
{
    static const struct {
        const char *line, *want;
    } cases[] = {
        {"Jane Doe", "{\"name\":\"Jane Doe\"}"},
        {"jane@a.example", "{\"email\":\"jane@a.example\"}"},
        {"jane@a.example (Jane Doe)", "{\"name\":\"Jane Doe\",\"email\":\"jane@a.example\"}"},
        {"Jane Doe (jane@a.example)", "{\"name\":\"Jane Doe\",\"email\":\"jane@a.example\"}"},
        {"Jane Doe <jane@a.example>", "{\"name\":\"Jane Doe\",\"email\":\"jane@a.example\"}"},
        {"\"Doe, Jane\" <jane@a.example>", "{\"name\":\"Doe, Jane\",\"email\":\"jane@a.example\"}"},
        {"Jane Doe, jane@a.example", "{\"name\":\"Jane Doe\",\"email\":\"jane@a.example\"}"},
        {"Jane Doe: jane@a.example", "{\"name\":\"Jane Doe\",\"email\":\"jane@a.example\"}"},
        {"Jane [jane@a.example]", "{\"name\":\"Jane\",\"email\":\"jane@a.example\"}"},
        {"  Jane\n Doe ", "{\"name\":\"Jane Doe\"}"},
        {"@janedoe", "{\"name\":\"@janedoe\"}"},
        {"jane@", "{\"name\":\"jane@\"}"},
        {"Zo\xc3\xab", "{\"name\":\"Zo\xc3\xab\"}"},
        {"Jane &amp; John", "{\"name\":\"Jane & John\"}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *json = json_of(bytes_format(
            arena, RSS("<item><author><![CDATA[%s]]></author></item>"), cases[i].line));
        struct bytes want = bytes_format(arena, "\"authors\":[%s]", cases[i].want);

        if (strstr(json, want.ptr) == NULL)
            fail_msg("%s: %s", cases[i].line, json);
    }
}

static void html_that_is_shown_is_closed_and_safe(void **state)
{
    static const struct {
        const char *html, *want;
    } cases[] = {
        {"", ""},
        {"a", "a"},
        {"<p>a", "<p>a</p>"},
        {"</p>a</b>", "a"},
        {"<P CLASS=x ID=y>a</P>", "<p>a</p>"},
        {"<br/><hr><img alt=x>", "<br><hr><img alt=\"x\">"},
        {"<a href=' /x '>a</a>", "<a href=\"http://b.example/x\">a</a>"},
        {"<a href=//c.example/>a</a>", "<a href=\"http://c.example/\">a</a>"},
        {"<a href='mailto:a@b.example'>a</a>", "<a href=\"mailto:a@b.example\">a</a>"},
        {"<a href='vbscript:x'>a</a>", "<a>a</a>"},
        {"<a href='data:text/html,x'>a</a>", "<a>a</a>"},
        {"<img src='data:image/png;base64,AA'>", "<img src=\"data:image/png;base64,AA\">"},
        {"<img src=\"x\" title='\"&lt;'>", "<img src=\"http://b.example/x\" title=\"&quot;&lt;\">"},
        {"<form action=/x><input name=a>b</form>", "b"},
        {"<video src=v controls onplay=x()></video>",
            "<video src=\"http://b.example/v\" controls=\"\"></video>"},
        {"<table><tr><td colspan=2>a</table>", "<table><tr><td colspan=\"2\">a</td></tr></table>"},
        {"<title>t</title>a", "a"},
        {"<textarea>a</textarea>b", "b"},
        {"<noscript>a</noscript>", "a"},
        {"a <!-- b --> c", "a  c"},
        {"&lt;script&gt;", "&lt;script&gt;"},
        {"<<b>a</b>", "&lt;<b>a</b>"},
        {"<b", "<b></b>"},
        {"<a href=\"x", "<a href=\"http://b.example/x\"></a>"},
        {"<svg><script>x</script></svg>", "<svg></svg>"},
        {"<style><p></style>a", "a"},
        {"<img src=x onerror='a>b'>", "<img src=\"http://b.example/x\">"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes base = LIT("http://b.example/");
        struct bytes safe = html_sanitize(arena, bytes_of(cases[i].html), base);

        if (!bytes_is(safe, cases[i].want))
            fail_msg("%s: %.*s", cases[i].html, FMT(safe));
        assert_true(bytes_equal(html_sanitize(arena, safe, base), safe));
    }
}

/* Each cut of each dialect: read without an entry that is not whole, and told to be cut. */
static void every_cut_is_seen_as_one(void **state)
{
    static const char *const documents[] = {
        "<rss version='2.0'><channel><title>t</title><item><title>A</title></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title></entry></feed>",
        "<rdf><channel/><item><title>A</title></item></rdf>",
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"title\":\"A\"}]}",
        "<urlset><url><loc>http://a.example/</loc></url></urlset>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
        struct bytes whole = bytes_of(documents[i]);

        assert_int_equal(parse(whole), OK);
        assert_true(feed.complete);
        assert_int_equal(entries, 1);
        for (size_t len = 1; len < whole.len; len++) {
            arena_reset(arena);
            if (parse(bytes_slice(whole, 0, len)) != OK)
                continue;
            if (feed.complete)
                fail_msg("%.*s is whole", (int)len, whole.ptr);
            assert_true(entries <= 1);
            assert_true(seen[0] == '\0' || strcmp(seen, "A|") == 0 || strcmp(seen, "|") == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_that_is_wrong_costs_no_entry),
        cmocka_unit_test(json_with_holes_is_read_round_them),
        cmocka_unit_test(what_is_no_feed_is_told_in_words),
        cmocka_unit_test(a_line_names_a_person_in_many_ways),
        cmocka_unit_test(html_that_is_shown_is_closed_and_safe),
        cmocka_unit_test(every_cut_is_seen_as_one),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
