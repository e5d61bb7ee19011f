/* HTML made safe, feeds found in pages, and lists of feeds. */
#include "feed/discover.h"
#include "feed/html.h"
#include "feed/opml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

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

static void nothing_active_is_left_in_html(void **state)
{
    static const struct {
        const char *html, *want;
    } cases[] = {
        {"<p onclick='x()'>a</p>", "<p>a</p>"},
        {"a<script>alert('<p>')</script>b", "ab"},
        {"a<script>never closed", "a"},
        {"<scr<script>ipt>x</script>", "&lt;scr"},
        {"<a href='java\tscript:x'>a</a>", "<a>a</a>"},
        {"<a href='&#106;avascript:x'>a</a>", "<a>a</a>"},
        {"<img src=x onerror=alert(1)>", "<img src=\"http://b.example/x\">"},
        {"<a href=\"/y?a=1&b='2'\">a</a>",
            "<a href=\"http://b.example/y?a=1&amp;b=%272%27\">a</a>"},
        {"<p style='x:expression(1)'>a", "<p>a</p>"},
        {"<b><i>a</b>c</i>", "<b><i>a</i></b>c"},
        {"<object data='x'><embed src='y'>text</object>", "text"},
        {"<!-- <b> --><![CDATA[x]]>y<?php echo 1 ?>z", "xyz"},
        {"<svg onload='x'><circle r='1'/></svg>", "<svg><circle r=\"1\"></circle></svg>"},
        {"5 < 6 & 7 > 2 &copy; &amp;", "5 &lt; 6 &amp; 7 &gt; 2 &copy; &amp;"},
        {"<gorilla>", "&lt;gorilla&gt;"},
        {"<iframe src=x>inside</iframe>after", "after"},
        {"<base href='http://evil/'><link rel=stylesheet href=x><meta http-equiv=refresh>a", "a"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(bytes_cstr(arena, html_sanitize(arena, bytes_of(cases[i].html),
                                                  LIT("http://b.example/"))),
            cases[i].want);
}

static void sanitizing_twice_changes_nothing(void **state)
{
    struct bytes once = html_sanitize(
        arena, LIT("<b><p>a<img src=/x alt='\"<'>&nbsp;&amp;lt; <i>b"), LIT("http://b.example/"));

    (void)state;
    assert_true(bytes_equal(once, html_sanitize(arena, once, LIT("http://b.example/"))));
}

static const char *found_in(const char *page)
{
    struct feed_source source = {.url = LIT("http://example.org/dir/page.html")};
    static struct buf out;

    buf_clear(&out);
    discover_json(arena, bytes_of(page), &source, &out);
    return buf_cstr(&out);
}

static void finds_the_feeds_that_a_page_links_to(void **state)
{
    (void)state;
    assert_string_equal(found_in("<html><head><base href='/base/'><link rel='alternate' "
                                 "type='application/rss+xml' title='News' href='rss.xml'>"
                                 "<LINK HREF=//other.example/atom REL=\"feed alternate\" "
                                 "TYPE=application/atom+xml></head></html>"),
        "{\"feeds\":[{\"url\":\"http://example.org/base/"
        "rss.xml\",\"title\":\"News\",\"type\":\"rss\"},"
        "{\"url\":\"http://other.example/atom\",\"type\":\"atom\"}]}");
    assert_string_equal(found_in("<p><!-- <link rel=alternate type=application/rss+xml href=no> "
                                 "--><script>'<link rel=alternate "
                                 "type=application/rss+xml href=no>'</script><a "
                                 "href='feed:http://example.org/feed.xml'>RSS</a>"),
        "{\"feeds\":[{\"url\":\"http://example.org/feed.xml\",\"type\":\"rss\"}]}");
    assert_string_equal(found_in("<link rel=alternate type='application/json' "
                                 "href='/wp-json/x'><link rel=stylesheet type='text/css' href=x>"),
        "{\"feeds\":[]}");
    assert_string_equal(found_in("<rss version='2.0'><channel><title>T</title></channel></rss>"),
        "{\"feeds\":[{\"url\":\"http://example.org/dir/"
        "page.html\",\"title\":\"T\",\"type\":\"rss20\"}]}");
}

static void finds_the_sitemaps_that_robots_txt_names(void **state)
{
    struct bytes list[DISCOVER_LIMIT];
    struct feed_source robots = {0};
    struct buf out = {0};

    (void)state;
    assert_int_equal(discover_sitemaps(arena,
                         LIT("User-agent: *\r\nSITEMAP : https://example.org/news.xml # "
                             "news\r\nSitemap: /b.xml\nSitemap: /b.xml\n"
                             "Sitemap: file:///etc/passwd\nDisallow: /x"),
                         LIT("https://example.org/robots.txt"), list),
        2);
    assert_string_equal(bytes_cstr(arena, list[0]), "https://example.org/news.xml");
    assert_string_equal(bytes_cstr(arena, list[1]), "https://example.org/b.xml");
    robots.url = LIT("https://example.org/robots.txt");
    discover_json(arena, LIT("Sitemap: /b.xml\n<link rel=alternate>"), &robots, &out);
    assert_string_equal(buf_cstr(&out),
        "{\"feeds\":[{\"url\":\"https://example.org/b.xml\",\"type\":\"sitemap\"}]}");
    buf_done(&out);
}

static void reads_lists_of_feeds_as_they_are(void **state)
{
    struct buf out = {0};
    struct error err = {0};

    (void)state;
    assert_int_equal(opml_json(arena,
                         LIT("<opml version='1.1'><body><outline text='My feeds'><outline "
                             "title='Europe' text='Europe'>"
                             "<outline text='A & B' xmlUrl='http://a.example/feed' "
                             "htmlUrl='http://a.example/' category='x,y'/></outline>"
                             "<outline type='rss' xmlURL='http://c.example/'/></outline><outline "
                             "xmlUrl='file:///etc/passwd'/></body></opml>"),
                         &out, &err),
        OK);
    assert_string_equal(buf_cstr(&out),
        "{\"feeds\":[{\"feed_url\":\"http://a.example/feed\",\"title\":\"A & "
        "B\",\"link\":\"http://a.example/\","
        "\"category\":\"My feeds / Europe\",\"tags\":\"x,y\"},{\"feed_url\":\"http://c.example/"
        "\",\"category\":\"My feeds\"}],\"skipped\":[{\"feed_url\":\"file:///etc/passwd\"}],"
        "\"complete\":true}");
    buf_clear(&out);
    assert_int_equal(opml_json(arena, LIT("<rss/>"), &out, &err), E_FORMAT);
    buf_done(&out);
}

static void what_is_written_is_read_again(void **state)
{
    struct opml_writer w;
    struct buf opml = {0}, json = {0};
    struct opml_feed one = {.feed_url = LIT("http://a.example/?x=1&y=2"),
        .title = LIT("A \"quoted\" <title>"),
        .category = LIT("News")};
    struct opml_feed two = {.feed_url = LIT("http://b.example/"), .title = LIT("B")};
    struct error err = {0};

    (void)state;
    opml_begin(&w, &opml, LIT("My feeds"));
    opml_add(&w, &one);
    opml_add(&w, &two);
    opml_end(&w);
    assert_int_equal(opml_json(arena, buf_bytes(&opml), &json, &err), OK);
    assert_string_equal(buf_cstr(&json),
        "{\"feeds\":[{\"feed_url\":\"http://a.example/?x=1&y=2\",\"title\":\"A \\\"quoted\\\" "
        "<title>\",\"category\":\"News\"},"
        "{\"feed_url\":\"http://b.example/\",\"title\":\"B\"}],\"complete\":true}");
    buf_done(&opml);
    buf_done(&json);
}

static void what_a_terminal_obeys_is_written_as_a_number(void **state)
{
    struct opml_writer w;
    struct buf opml = {0}, json = {0};
    struct opml_feed one = {.feed_url = LIT("http://a.example/"),
        .title = LIT("a\302\233b\177c\342\200\256d\342\201\251e\303\251\342\200\224\302"),
        .tags = LIT("\302\205")};
    struct error err = {0};

    (void)state;
    opml_begin(&w, &opml, LIT("My feeds"));
    opml_add(&w, &one);
    opml_end(&w);
    assert_non_null(strstr(
        buf_cstr(&opml), "title=\"a&#x9b;b&#x7f;c&#x202e;d&#x2069;e\303\251\342\200\224\302\" "));
    assert_non_null(strstr(buf_cstr(&opml), "category=\"&#x85;\""));
    assert_int_equal(opml_json(arena, buf_bytes(&opml), &json, &err), OK);
    buf_done(&opml);
    buf_done(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_active_is_left_in_html),
        cmocka_unit_test(sanitizing_twice_changes_nothing),
        cmocka_unit_test(finds_the_feeds_that_a_page_links_to),
        cmocka_unit_test(finds_the_sitemaps_that_robots_txt_names),
        cmocka_unit_test(reads_lists_of_feeds_as_they_are),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(what_a_terminal_obeys_is_written_as_a_number),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
