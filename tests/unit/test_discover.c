/* test_discover.c - where pages say that their feeds are, and where they only seem to. */
#include "unit/test.h"

#include "feed/discover.h"
#include "text/encoding.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
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

/* "url type title" of each, by bars. */
static const char *found(struct bytes page)
{
    const struct feed_source source = {.url = LIT("http://news.example/dir/page.html")};
    struct discovered list[DISCOVER_LIMIT];
    size_t count = discover_feeds(arena, page, &source, list);
    struct buf text = {0};
    const char *copy;

    for (size_t i = 0; i < count; i++)
        buf_printf(&text, "%s%.*s %.*s %.*s", i == 0 ? "" : "|", FMT(list[i].url),
            FMT(list[i].type), FMT(list[i].title));
    copy = bytes_cstr(arena, buf_bytes(&text));
    buf_done(&text);
    return copy;
}

#define LINK(attributes) "<html><head><link " attributes "></head><body></body></html>"

static void links_in_the_head(void **state)
{
    static const struct {
        const char *page, *want;
    } cases[] = {
        {LINK("rel=alternate type='application/rss+xml' href=/rss title='All news'"),
            "http://news.example/rss rss All news"},
        {LINK("rel='alternate' type='application/atom+xml' href='a.xml'"),
            "http://news.example/dir/a.xml atom "},
        {LINK("rel=ALTERNATE TYPE='Application/RSS+XML' HREF=/rss"),
            "http://news.example/rss rss "},
        {LINK("rel='alternate home' type='application/rss+xml; charset=utf-8' href=/rss"),
            "http://news.example/rss rss "},
        {LINK("rel='home\talternate' type='application/rss+xml' href=/rss"),
            "http://news.example/rss rss "},
        {LINK("rel=alternate type='application/feed+json' href=/f.json"),
            "http://news.example/f.json json "},
        {LINK("rel=alternate type='application/json' href=/feed.json"),
            "http://news.example/feed.json json "},
        {LINK("rel=alternate type='application/json' href=/wp-json/posts"), ""},
        {LINK("rel=alternate type='application/json' href='http://feeds.example/wp-json/p'"), ""},
        {LINK("rel=alternate type='application/json' href='http://feeds.example/posts'"), ""},
        {LINK("rel=alternate type='application/json' href=/wp-json/feed"), ""},
        {LINK("rel=alternate type='text/xml' href=/rss"), "http://news.example/rss rss "},
        {LINK("rel=feed href=/rss"), "http://news.example/rss rss "},
        {LINK("rel=alternate hreflang=de href=/de"), ""},
        {LINK("rel=alternate type='text/html' href=/m"), ""},
        {LINK("rel=stylesheet type='application/rss+xml' href=/rss"), ""},
        {LINK("rel=alternate type='application/rss+xml'"), ""},
        {LINK("rel=alternate type='application/rss+xml' href=''"), ""},
        {LINK("rel=alternate type='application/rss+xml' href='javascript:x()'"), ""},
        {LINK("rel=alternate type='application/rss+xml' href='feed://a.example/rss'"),
            "http://a.example/rss rss "},
        {LINK("rel=alternate type='application/rss+xml' href='feed:https://a.example/rss'"),
            "https://a.example/rss rss "},
        {LINK("rel=alternate type='application/rss+xml' href='?a=1&amp;b=2'"),
            "http://news.example/dir/page.html?a=1&b=2 rss "},
        {LINK("rel=alternate type='application/rss+xml' href=/rss title=' A\n &amp; B '"),
            "http://news.example/rss rss A & B"},
        {"<html><head><base href='http://b.example/x/'><link rel=feed href=f></head></html>",
            "http://b.example/x/f rss "},
        {"<html><base href='/y/'><base href='/z/'><link rel=feed href=f></html>",
            "http://news.example/y/f rss "},
        {"<html><link rel=feed href=/a><link rel=feed href=/b><link rel=feed href=/a></html>",
            "http://news.example/a rss |http://news.example/b rss "},
        {"<html><!-- <link rel=feed href=/a> --><link rel=feed href=/b></html>",
            "http://news.example/b rss "},
        {"<html><script>'<link rel=feed href=/a>'</script><link rel=feed href=/b></html>",
            "http://news.example/b rss "},
        {"<html><body><div><link rel=feed href=/late></div></body></html>",
            "http://news.example/late rss "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *got = found(bytes_of(cases[i].page));

        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%s: %s", cases[i].page, got);
    }
}

static void anchors_where_the_head_names_none(void **state)
{
    static const struct {
        const char *anchor, *want;
    } cases[] = {
        {"<a href='/rss'>RSS</a>", "http://news.example/rss rss "},
        {"<a href='/news/feed/'>x</a>", "http://news.example/news/feed/ rss "},
        {"<a href='/atom.xml'>x</a>", "http://news.example/atom.xml atom "},
        {"<a href='/feed.json'>x</a>", "http://news.example/feed.json json "},
        {"<a href='/index.rdf'>x</a>", "http://news.example/index.rdf rss "},
        {"<a href='/?feed=rss2'>x</a>", "http://news.example/?feed=rss2 rss "},
        {"<a href='/RSS.XML#top'>x</a>", "http://news.example/RSS.XML#top rss "},
        {"<a type='application/rss+xml' href='/n'>x</a>", "http://news.example/n rss "},
        {"<area href='/rss'>", "http://news.example/rss rss "},
        {"<a href='/about-rss'>x</a>", ""},
        {"<a href='/feedback'>x</a>", ""},
        {"<a href='/compress'>x</a>", ""},
        {"<a name='/rss'>x</a>", ""},
        {"<p href='/rss'>x</p>", ""},
        {"<a href='mailto:rss'>x</a>", ""},
        {"</a href='/rss'>", ""},
        {"<a href='/rss'>x</a><link rel=feed href='/head'>", "http://news.example/head rss "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *got =
            found(bytes_format(arena, "<html><body>%s</body></html>", cases[i].anchor));

        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%s: %s", cases[i].anchor, got);
    }
}

static void a_page_that_is_a_feed_is_its_own(void **state)
{
    static const struct {
        const char *page, *want;
    } cases[] = {
        {"<rss version='2.0'><channel><title>T</title></channel></rss>",
            "http://news.example/dir/page.html rss20 T"},
        {"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title></feed>",
            "http://news.example/dir/page.html atom10 T"},
        {"{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"T\",\"items\":[]}",
            "http://news.example/dir/page.html json T"},
        {"<urlset><url><loc>http://a/</loc></url></urlset>",
            "http://news.example/dir/page.html sitemap "},
        {"", ""},
        {"plain text", ""},
        {"<html><rss><channel/></rss></html>", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(found(bytes_of(cases[i].page)), cases[i].want);
}

static void no_more_are_found_than_there_is_room_for(void **state)
{
    struct discovered list[DISCOVER_LIMIT];
    const struct feed_source source = {.url = LIT("http://news.example/")};
    struct buf page = {0};

    (void)state;
    buf_add_cstr(&page, "<html>");
    for (int i = 0; i < DISCOVER_LIMIT * 3; i++)
        buf_printf(&page, "<link rel=feed href='/%d'>", i);
    assert_int_equal(discover_feeds(arena, buf_bytes(&page), &source, list), DISCOVER_LIMIT);
    assert_bytes(list[DISCOVER_LIMIT - 1].url, "http://news.example/199");
    buf_done(&page);
}

static void titles_are_read_in_the_encoding_of_the_page(void **state)
{
    (void)state;
    assert_string_equal(
        found(LIT("<html><meta charset=windows-1251><link rel=feed href=/r title='\xcf\xf0'>"
                  "</html>")),
        "http://news.example/r rss Пр");
    assert_string_equal(found(LIT("<html><link rel=feed href=/r title='\xc3\xa9'></html>")),
        "http://news.example/r rss é");
}

static void sitemaps_of_a_robots_txt(void **state)
{
    static const struct {
        const char *robots, *want;
    } cases[] = {
        {"Sitemap: http://news.example/s.xml\n", "http://news.example/s.xml"},
        {"sitemap:/s.xml", "http://news.example/s.xml"},
        {"  SITEMAP : s.xml # ours\r\n", "http://news.example/s.xml"},
        {"Sitemap: /a\nUser-agent: *\nSitemap: /b\nSitemap: /a\n",
            "http://news.example/a http://news.example/b"},
        {"# Sitemap: /a\n", ""},
        {"Sitemap:\nSitemap: ftp://a.example/\nSitemap\n", ""},
        {"Sitemaps: /a\n", ""},
        {"Sitemap: https://cdn.example:8443/s?x=1\n", "https://cdn.example:8443/s?x=1"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes list[DISCOVER_LIMIT];
        size_t count = discover_sitemaps(
            arena, bytes_of(cases[i].robots), LIT("http://news.example/robots.txt"), list);
        struct buf text = {0};

        for (size_t n = 0; n < count; n++)
            buf_printf(&text, "%s%.*s", n == 0 ? "" : " ", FMT(list[n]));
        assert_string_equal(buf_cstr(&text), cases[i].want);
        buf_done(&text);
    }
}

#define FEED(href, title)                                                                          \
    "<link rel=alternate type='application/rss+xml' href='" href "' title='" title "'>"

static void comments_come_last(void **state)
{
    static const struct {
        const char *page, *first;
    } cases[] = {
        {FEED("/comments/feed/", "") FEED("/feed/", ""), "http://news.example/feed/ "},
        {FEED("/a/feed/", "Ferry \302\273 Comments Feed") FEED("/feed/", "News"),
            "http://news.example/feed/ "},
        {FEED("/?feed=comments-rss2", "") FEED("/?feed=rss2", ""),
            "http://news.example/?feed=rss2 "},
        {FEED("/a/feed/", "F\303\244hre Kommentar-Feed") FEED("/feed/", ""),
            "http://news.example/feed/ "},
        {FEED("/a/feed/", "Flux des commentaires") FEED("/feed/", ""),
            "http://news.example/feed/ "},
        {FEED("/feeds/1/comments/default", "") FEED("/feeds/posts/default", ""),
            "http://news.example/feeds/posts/default "},
        {FEED("/comment/rss", "Comment and analysis") FEED("/feed/", ""),
            "http://news.example/comment/rss "},
        {FEED("/commentary.xml", "Commentary") FEED("/feed/", ""),
            "http://news.example/commentary.xml "},
        {FEED("http://comments.example/feed", "") FEED("/feed/", ""),
            "http://comments.example/feed "},
        {FEED("/a/feed/", "Bote \302\273 Reactiesfeed") FEED("/feed/", ""),
            "http://news.example/feed/ "},
        {FEED("/a/replies.rss", "") FEED("/feed/", ""), "http://news.example/feed/ "},
        {FEED("/comments/feed/", ""), "http://news.example/comments/feed/ "},
        {FEED("/b", "") FEED("/comments/feed/", "") FEED("/a", ""), "http://news.example/b rss |"
                                                                    "http://news.example/a rss |"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (strncmp(found(bytes_of(cases[i].page)), cases[i].first, strlen(cases[i].first)) != 0)
            fail_msg("%s: %s", cases[i].page, found(bytes_of(cases[i].page)));
}

static void a_base_counts_wherever_it_stands(void **state)
{
    (void)state;
    assert_string_equal(found(LIT("<link rel=feed href=f><base href='/x/'><base href='/y/'>")),
        "http://news.example/x/f rss ");
}

static void a_list_of_feeds_is_a_page_of_links(void **state)
{
    static const struct {
        const char *href, *want;
    } cases[] = {
        {"/rss/world.xml", "http://news.example/rss/world.xml rss "},
        {"/feeds/sport", "http://news.example/feeds/sport rss "},
        {"http://feeds.news.example/top", "http://feeds.news.example/top rss "},
        {"//rss.news.example/top.xml?x=1", "http://rss.news.example/top.xml?x=1 rss "},
        {"/atom/world.atom", "http://news.example/atom/world.atom atom "},
        {"/rss.php?id=3", "http://news.example/rss.php?id=3 rss "},
        {"/news-rss20.aspx", "http://news.example/news-rss20.aspx rss "},
        {"/?feed=rss2&cat=4", "http://news.example/?feed=rss2&cat=4 rss "},
        {"/?option=x&format=feed&type=rss",
            "http://news.example/?option=x&format=feed&type=rss rss "},
        {"http://feeds2.news.example/top", "http://feeds2.news.example/top rss "},
        {"/rss/sport/", "http://news.example/rss/sport/ rss "},
        {"/index.php?page=feedback", ""},
        {"/press.xml", ""},
        {"/newsfeed-about.html", ""},
        {"/help/what-is-rss", ""},
        {"/feeds/about.html", ""},
        {"/rss/icon.png", ""},
        {"/feeding/the-birds", ""},
        {"/world.xml", ""},
        {"http://feeds.example", ""},
        {"mailto:rss/feed@news.example", ""},
        {"/story/rss", "http://news.example/story/rss rss "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(
            found(bytes_format(arena, "<p><a href='%s'>x</a>", cases[i].href)), cases[i].want);
}

static const char *found_by_header(const char *header)
{
    const struct bytes headers[] = {LIT("Server: x"), bytes_of(header)};
    const struct feed_source source = {
        .url = LIT("http://news.example/dir/"), .headers = headers, .header_count = 2};
    struct discovered list[DISCOVER_LIMIT];
    struct buf text = {0};
    const char *copy;
    size_t count = discover_feeds(arena, LIT("<html><p>x"), &source, list);

    for (size_t i = 0; i < count; i++)
        buf_printf(&text, "%s%.*s %.*s", i == 0 ? "" : "|", FMT(list[i].url), FMT(list[i].title));
    copy = bytes_cstr(arena, buf_bytes(&text));
    buf_done(&text);
    return copy;
}

/* RFC 8288 section 3. */
static void a_header_links_as_a_page_does(void **state)
{
    static const struct {
        const char *header, *want;
    } cases[] = {
        {"Link: </f>; rel=\"alternate\"; type=\"application/rss+xml\"", "http://news.example/f "},
        {"link:<f>;rel=alternate;type=application/atom+xml;title=\"A; B, C\"",
            "http://news.example/dir/f A; B, C"},
        {"Link: </css>; rel=preload, </f>; type=\"application/rss+xml\"; rel=\"home alternate\"",
            "http://news.example/f "},
        {"Link: </a>; rel=alternate; type=application/rss+xml, </b>; rel=alternate; "
         "type=application/rss+xml",
            "http://news.example/a |http://news.example/b "},
        {"Link: </f>; rel=alternate; hreflang=de", ""},
        {"Link: </f>; rel=\"hub\"; type=\"application/rss+xml\"", ""},
        {"Link: </wp-json/>; rel=\"https://api.w.org/\"", ""},
        {"Link: </f", ""},
        {"Link: </f>; rel=\"alternate", ""},
        {"Link: ;;,=,<>;=;", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(found_by_header(cases[i].header), cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_in_the_head),
        cmocka_unit_test(anchors_where_the_head_names_none),
        cmocka_unit_test(a_page_that_is_a_feed_is_its_own),
        cmocka_unit_test(no_more_are_found_than_there_is_room_for),
        cmocka_unit_test(titles_are_read_in_the_encoding_of_the_page),
        cmocka_unit_test(comments_come_last),
        cmocka_unit_test(a_base_counts_wherever_it_stands),
        cmocka_unit_test(a_list_of_feeds_is_a_page_of_links),
        cmocka_unit_test(a_header_links_as_a_page_does),
        cmocka_unit_test(sitemaps_of_a_robots_txt),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
