/* test_feed_dialects.c - what each element of each dialect gives an entry or a feed, and which of
 * several wins: one line a case. */
#include "unit/feed_cases.h"

static void an_item_of_rss_has_an_identity_and_an_address(void **state)
{
    static const struct gives cases[] = {
        {"<guid>http://news.example/1</guid>", "\"id\":\"http://news.example/1\"", NULL},
        {"<guid>http://news.example/1</guid>", "\"link\":\"http://news.example/1\"", NULL},
        {"<guid isPermaLink='false'>http://news.example/1</guid>", "\"id\"",
            "\"link\":\"http://news.example/1"},
        {"<guid>tag:1</guid>", "{\"id\":\"tag:1\"}", NULL},
        {"<guid>http://a.example/g</guid><link>http://a.example/l</link>",
            "\"link\":\"http://a.example/l\"", NULL},
        {"<guid>a</guid><guid>b</guid>", "\"id\":\"a\"", NULL},
        {"<guid/><guid>b</guid>", "\"id\":\"b\"", NULL},
        {"<guid>\n  a b \n</guid>", "\"id\":\"a b\"", NULL},
        {"<link>\n http://a.example/1 \n</link>", "\"link\":\"http://a.example/1\"", NULL},
        {"<link>/1</link>", "\"link\":\"http://news.example/1\"", NULL},
        {"<link>//cdn.example/1</link>", "\"link\":\"http://cdn.example/1\"", NULL},
        {"<link><![CDATA[http://a.example/?a=1&b=2]]></link>",
            "\"link\":\"http://a.example/?a=1&b=2\"", NULL},
        {"<link>javascript:alert(1)</link>", "\"entries\":[{}]", "javascript"},
        {"<link></link><atom:link rel='alternate' href='/2'/>",
            "\"link\":\"http://news.example/2\"", NULL},
        {"<atom:link href='/2'/><link>/1</link>", "\"link\":\"http://news.example/1\"", NULL},
        {"<link>/1</link><feedburner:origLink>http://o.example/1</feedburner:origLink>",
            "\"link\":\"http://o.example/1\"", NULL},
        {"<comments>/1#c</comments><wfw:commentRss>/1/rss</wfw:commentRss>",
            "\"comments\":\"http://news.example/1#c\",\"comments_feed\":\"http://news.example/1/"
            "rss\"",
            NULL},
        {"<dc:identifier>urn:1</dc:identifier>", "\"id\":\"urn:1\"", NULL},
        {"<link>/1</link><link>/2</link>", "\"link\":\"http://news.example/1\"", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
}

static void an_item_of_rss_has_words(void **state)
{
    static const struct gives cases[] = {
        {"<title>A</title><title>B</title>", "\"title\":\"A\"", NULL},
        {"<title/><media:title>M</media:title>", "\"title\":\"M\"", NULL},
        {"<media:title>M</media:title><title>A</title>", "\"title\":\"A\"", NULL},
        {"<dc:title>D</dc:title>", "\"title\":\"D\"", NULL},
        {"<itunes:title>I</itunes:title><title>A</title>", "\"title\":\"A\"", NULL},
        {"<description>S</description>", "\"summary\":\"S\"", "content"},
        {"<content:encoded>C</content:encoded>", "\"summary\":\"C\",\"content\":\"C\"", NULL},
        {"<content:encoded>C</content:encoded><description>S</description>",
            "\"summary\":\"S\",\"content\":\"C\"", NULL},
        {"<description>S</description><content:encoded/>", "\"summary\":\"S\"", "content"},
        {"<itunes:summary>I</itunes:summary><description>S</description>", "\"summary\":\"S\"",
            NULL},
        {"<itunes:summary>I</itunes:summary>", "\"summary\":\"I\"", NULL},
        {"<media:description>M</media:description>", "\"summary\":\"M\"", NULL},
        {"<description>&lt;p&gt;A&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</description>",
            "\"summary\":\"<p>A</p>\"", "script"},
        {"<description>&lt;p onclick=\"x()\"&gt;A&lt;/p&gt;</description>", "<p>A</p>", "onclick"},
        {"<description>&lt;a href=\"/1\"&gt;A&lt;/a&gt;</description>",
            "<a href=\\\"http://news.example/1\\\">A</a>", NULL},
        {"<description>&lt;a href=\"javascript:x()\"&gt;A&lt;/a&gt;</description>", "A",
            "javascript"},
        {"<description>&lt;iframe src=\"http://a.example/\"&gt;&lt;/iframe&gt;B</description>", "B",
            "iframe"},
        {"<description>3 &lt; 4 &amp;amp; 5</description>", "\"summary\":\"3 &lt; 4 &amp; 5\"",
            NULL},
        {"<category>A</category><category>A</category><category> B </category><category/>",
            "\"categories\":[\"A\",\"B\"]", NULL},
        {"<category>a, b</category>", "\"categories\":[\"a, b\"]", NULL},
        {"<itunes:keywords>a, b</itunes:keywords>", "\"categories\":[\"a\",\"b\"]", NULL},
        {"<media:keywords>a, b</media:keywords>", "\"categories\":[\"a\",\"b\"]", NULL},
        {"<dc:subject>D</dc:subject>", "\"categories\":[\"D\"]", NULL},
        {"<dc:language>de_AT</dc:language>", "\"language\":\"de-AT\"", NULL},
        {"<dc:rights>R</dc:rights>", "\"rights\":\"R\"", NULL},
        {"<source url='http://s.example/'>S</source>",
            "\"source\":{\"title\":\"S\",\"link\":\"http://s.example/\"}", NULL},
        {"<unknown>U</unknown><x:y xmlns:x='urn:x'>U</x:y>", "\"entries\":[{}]", "U"},
    };

    (void)state;
    CHECK(rss_item, cases);
}

static void an_item_of_rss_has_people(void **state)
{
    static const struct gives cases[] = {
        {"<author>jane@news.example (Jane Doe)</author>",
            "\"authors\":[{\"name\":\"Jane Doe\",\"email\":\"jane@news.example\"}]", NULL},
        {"<author>Jane Doe &lt;jane@news.example&gt;</author>",
            "{\"name\":\"Jane Doe\",\"email\":\"jane@news.example\"}", NULL},
        {"<author>\"Doe, Jane\" &lt;jane@news.example&gt;</author>", "\"name\":\"Doe, Jane\"",
            NULL},
        {"<author>jane@news.example</author>", "{\"email\":\"jane@news.example\"}", "name"},
        {"<author>mailto:jane@news.example</author>", "\"email\":\"jane@news.example\"", "mailto"},
        {"<author>Jane Doe</author>", "{\"name\":\"Jane Doe\"}", "email"},
        {"<author><name>Jane</name><uri>/jane</uri></author>",
            "{\"name\":\"Jane\",\"url\":\"http://news.example/jane\"}", NULL},
        {"<dc:creator>A</dc:creator><dc:creator>B</dc:creator>",
            "[{\"name\":\"A\"},{\"name\":\"B\"}]", NULL},
        {"<dc:creator>A</dc:creator><author>A</author>", "\"authors\":[{\"name\":\"A\"}]", NULL},
        {"<dc:contributor>C</dc:contributor>", "\"contributors\":[{\"name\":\"C\"}]", "authors"},
        {"<itunes:author>I</itunes:author>", "\"authors\":[{\"name\":\"I\"}]", NULL},
        {"<author/><dc:creator>  </dc:creator>", "\"entries\":[{}]", "authors"},
    };

    (void)state;
    CHECK(rss_item, cases);
}

static void an_item_of_rss_has_files_and_dates(void **state)
{
    static const struct gives cases[] = {
        {"<enclosure url='/a.mp3' type='audio/mpeg' length='12'/>",
            "\"enclosures\":[{\"url\":\"http://news.example/"
            "a.mp3\",\"type\":\"audio/mpeg\",\"length\":\"12\"}]",
            NULL},
        {"<enclosure url='/a.mp3' length='unknown'/>", "\"length\":\"0\"", "unknown"},
        {"<enclosure type='audio/mpeg'/>", "\"entries\":[{}]", "enclosures"},
        {"<enclosure url='/a'/><enclosure url='/b'/>", "\"url\":\"http://news.example/b\"", NULL},
        {"<media:content url='/a.jpg' medium='image' fileSize='7'/>",
            "\"image\":\"http://news.example/a.jpg\"", NULL},
        {"<media:group><media:content url='/a.mp4' type='video/mp4'/></media:group>",
            "\"url\":\"http://news.example/a.mp4\"", NULL},
        {"<media:thumbnail url='/t.jpg'/>", "\"image\":\"http://news.example/t.jpg\"", NULL},
        {"<itunes:image href='/i.jpg'/>", "\"image\":\"http://news.example/i.jpg\"", NULL},
        {"<description>&lt;img src='/d.jpg'&gt;</description>",
            "\"image\":\"http://news.example/d.jpg\"", NULL},
        {"<pubDate>Sat, 14 Mar 2026 09:26:57 GMT</pubDate>",
            "\"published\":\"2026-03-14T09:26:57Z\"", "updated"},
        {"<pubDate>soon</pubDate><dc:date>2026-03-14</dc:date>", "\"published\":\"2026-03-14\"",
            NULL},
        {"<dc:date>2026-03-13</dc:date><pubDate>Sat, 14 Mar 2026 09:26:57 GMT</pubDate>",
            "\"published\":\"2026-03-14T09:26:57Z\"", NULL},
        {"<dcterms:modified>2026-03-14T10:00:00Z</dcterms:modified>",
            "\"updated\":\"2026-03-14T10:00:00Z\"", "published"},
        {"<atom:updated>2026-03-14T10:00:00Z</atom:updated>",
            "\"updated\":\"2026-03-14T10:00:00Z\"", NULL},
        {"<prism:publicationDate>2026-03-14</prism:publicationDate>",
            "\"published\":\"2026-03-14\"", NULL},
        {"<pubDate/>", "\"entries\":[{}]", "published"},
    };

    (void)state;
    CHECK(rss_item, cases);
}

static void a_channel_tells_of_its_feed(void **state)
{
    static const struct gives cases[] = {
        {"<title>A</title><image><title>B</title><url>/i.png</url></image>", "\"title\":\"A\"",
            NULL},
        {"<image><title>B</title><url>http://a.example/i.png</url></image><title>A</title>",
            "\"title\":\"A\"", NULL},
        {"<image><url>http://a.example/i.png</url><width>32</width><height>32</height></image>",
            "\"icon\":\"http://a.example/i.png\"", NULL},
        {"<image><url>http://a.example/i.png</url></image>", "\"image\":\"http://a.example/i.png\"",
            "icon"},
        {"<link>http://a.example/</link><atom:link rel='self' href='/f'/>",
            "\"link\":\"http://a.example/\",\"feed_url\":\"http://example.org/f\"", NULL},
        {"<atom:link rel='hub' href='http://h.example/'/>"
         "<atom:link rel='hub' href='https://s.example/'/>",
            "\"hub\":\"https://s.example/\",\"hubs\":[\"http://h.example/\",\"https://s.example/"
            "\"]",
            NULL},
        {"<language>EN-us</language>", "\"language\":\"en-US\"", NULL},
        {"<language>english please</language>", "\"format\"", "please"},
        {"<copyright>&#169; Us</copyright>", "\"copyright\":\"\xc2\xa9 Us\"", NULL},
        {"<managingEditor>a@b.example (A)</managingEditor>",
            "\"authors\":[{\"name\":\"A\",\"email\":\"a@b.example\"}]", NULL},
        {"<generator>WordPress 6</generator>", "\"generator\":\"WordPress 6\"", NULL},
        {"<ttl> 30 </ttl><ttl>60</ttl>", "\"ttl\":\"30\"", NULL},
        {"<skipDays><day>Sunday</day></skipDays>", "\"skip_days\":[\"Sunday\"]", NULL},
        {"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
            "\"update_period\":\"hourly\",\"update_frequency\":\"2\"", NULL},
        {"<lastBuildDate>Sat, 14 Mar 2026 09:26:57 GMT</lastBuildDate>",
            "\"updated\":\"2026-03-14T09:26:57Z\"", NULL},
        {"<description>About &lt;b&gt;us&lt;/b&gt;</description>",
            "\"description\":\"About <b>us</b>\"", NULL},
        {"<category>News</category>", "\"categories\":[\"News\"]", NULL},
        {"<itunes:category text='News'><itunes:category text='Daily'/></itunes:category>",
            "\"categories\":[\"News\",\"Daily\"]", NULL},
        {"<itunes:owner><itunes:name>O</itunes:name></itunes:owner><itunes:author>A"
         "</itunes:author>",
            "{\"name\":\"A\"}", NULL},
    };

    (void)state;
    CHECK(rss_channel, cases);
}

static void an_entry_of_atom(void **state)
{
    static const struct gives cases[] = {
        {"<id>tag:1</id>", "\"id\":\"tag:1\"", NULL},
        {"<link href='/1'/>", "\"link\":\"http://example.org/1\"", NULL},
        {"<link rel='self' href='/s'/><link href='/1'/>", "\"link\":\"http://example.org/1\"",
            NULL},
        {"<link rel='self' href='/s'/>", "\"rel\":\"self\"", "\"link\":"},
        {"<link type='application/json' href='/j'/><link type='text/html' href='/h'/>",
            "\"link\":\"http://example.org/h\"", NULL},
        {"<link rel='http://www.iana.org/assignments/relation/alternate' href='/1'/>",
            "\"link\":\"http://example.org/1\"", NULL},
        {"<link rel='enclosure' href='/a.mp3' length='9'/>",
            "\"enclosures\":[{\"url\":\"http://example.org/a.mp3\",\"length\":\"9\"}]", NULL},
        {"<link rel='replies' type='text/html' href='/c'/>",
            "\"comments\":\"http://example.org/c\"", NULL},
        {"<link rel='replies' type='application/atom+xml' href='/c'/>",
            "\"comments_feed\":\"http://example.org/c\"", NULL},
        {"<title>1 &lt; 2</title>", "\"title\":\"1 &lt; 2\"", NULL},
        {"<title type='html'>1 &amp;lt; 2</title>", "\"title\":\"1 &lt; 2\"", NULL},
        {"<title type='html'>&lt;b&gt;B&lt;/b&gt;</title>", "<b>B</b>", NULL},
        {"<title type='text'>&lt;b&gt;B&lt;/b&gt;</title>", "&lt;b&gt;B&lt;/b&gt;", NULL},
        {"<content type='html'>&lt;p&gt;A&lt;/p&gt;</content>", "\"content\":\"<p>A</p>\"", NULL},
        {"<content>A &lt;b&gt;</content>", "\"content\":\"A &lt;b&gt;\"", NULL},
        {"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>A</p></div></content>",
            "\"content\":\"<p>A</p>\"", "div"},
        {"<content type='text/plain'>A</content>", "\"content\":\"A\"", NULL},
        {"<summary>S</summary><content>C</content>", "\"summary\":\"S\",\"content\":\"C\"", NULL},
        {"<published>2026-03-14T09:00:00Z</published><updated>2026-03-14T10:00:00Z</updated>",
            "\"published\":\"2026-03-14T09:00:00Z\",\"updated\":\"2026-03-14T10:00:00Z\"", NULL},
        {"<updated>2026-03-14T10:00:00Z</updated>", "\"updated\":\"2026-03-14T10:00:00Z\"",
            "published"},
        {"<author><name>A</name><email>a@b.example</email><uri>/a</uri></author>",
            "{\"name\":\"A\",\"email\":\"a@b.example\",\"url\":\"http://example.org/a\"}", NULL},
        {"<author><name>A</name></author><contributor><name>C</name></contributor>",
            "\"authors\":[{\"name\":\"A\"}],\"contributors\":[{\"name\":\"C\"}]", NULL},
        {"<category term='t' label='L'/>", "\"categories\":[\"t\"]", NULL},
        {"<category label='L'/>", "\"categories\":[\"L\"]", NULL},
        {"<rights type='html'>&amp;copy; Us</rights>", "\"rights\":\"&copy; Us\"", NULL},
        {"<source><id>s</id><title>S</title><link href='http://s.example/'/></source>",
            "\"source\":{\"title\":\"S\",\"link\":\"http://s.example/\",\"id\":\"s\"}", NULL},
        {"<content xml:lang='fr'>C</content>", "\"language\":\"fr\"", NULL},
    };

    (void)state;
    CHECK(atom_entry, cases);
}

static void the_older_atom_and_rdf(void **state)
{
    static const struct gives atom[] = {
        {"<issued>2004-03-14T09:00:00Z</issued><modified>2004-03-14T10:00:00Z</modified>",
            "\"published\":\"2004-03-14T09:00:00Z\",\"updated\":\"2004-03-14T10:00:00Z\"", NULL},
        {"<content mode='escaped' type='text/html'>&lt;p&gt;A&lt;/p&gt;</content>",
            "\"content\":\"<p>A</p>\"", NULL},
        {"<content mode='base64' type='text/html'>PHA+QTwvcD4=</content>",
            "\"content\":\"<p>A</p>\"", NULL},
        {"<link rel='alternate' type='text/html' href='/1'/>", "\"link\":\"http://example.org/1\"",
            NULL},
        {"<title>A</title>", "\"format\":\"atom03\"", NULL},
    };
    static const struct gives rdf[] = {
        {"<title>A</title>", "\"id\":\"http://news.example/about\"", NULL},
        {"<title>A</title>", "\"link\":\"http://news.example/about\"", NULL},
        {"<link>http://news.example/1</link>", "\"link\":\"http://news.example/1\"", NULL},
        {"<dc:date>2004-03-14T09:00:00+01:00</dc:date>",
            "\"published\":\"2004-03-14T09:00:00+01:00\"", NULL},
        {"<dc:creator>A</dc:creator>", "\"authors\":[{\"name\":\"A\"}]", NULL},
        {"<description>D</description>", "\"summary\":\"D\"", NULL},
        {"<title>A</title>", "\"format\":\"rss10\"", NULL},
    };

    (void)state;
    CHECK(atom_03, atom);
    CHECK(rdf_item, rdf);
}

static void a_feed_of_atom(void **state)
{
    static const struct gives cases[] = {
        {"<title>T</title><subtitle>S</subtitle><id>i</id>",
            "\"title\":\"T\",\"id\":\"i\",\"description\":\"S\"", NULL},
        {"<logo>/l.png</logo><icon>/i.png</icon>",
            "\"image\":\"http://example.org/l.png\",\"icon\":\"http://example.org/i.png\"", NULL},
        {"<generator uri='http://g.example/'>G</generator>", "\"generator\":\"G\"", NULL},
        {"<link rel='self' href='/f'/><link href='/'/>",
            "\"link\":\"http://example.org/\",\"feed_url\":\"http://example.org/f\"", NULL},
        {"<updated>2026-03-14T10:00:00Z</updated>", "\"updated\":\"2026-03-14T10:00:00Z\"", NULL},
        {"<entry><title>A</title></entry>", "\"entries\":[{\"title\":\"A\"}]", NULL},
        {"<author><name>F</name></author><entry><author><name>E</name></author></entry>",
            "\"entries\":[{\"authors\":[{\"name\":\"E\"}]}]", NULL},
        {"<author><name>F</name></author><entry/>",
            "\"entries\":[{\"authors\":[{\"name\":\"F\"}]}]", NULL},
        {"<entry/><entry/>", "\"complete\":true", NULL},
    };

    (void)state;
    CHECK(atom_feed, cases);
}

static void an_item_of_json(void **state)
{
    static const struct gives cases[] = {
        {"\"id\":\"1\",\"url\":\"http://a.example/1\"",
            "\"id\":\"1\",\"link\":\"http://a.example/1\"", NULL},
        {"\"id\":17", "\"id\":\"17\"", NULL},
        {"\"id\":\"1\",\"title\":\"A &amp; <b>\"", "\"title\"", NULL},
        {"\"id\":\"1\",\"content_html\":\"<p>A</p><script>x()</script>\"",
            "\"content\":\"<p>A</p>\"", "script"},
        {"\"id\":\"1\",\"content_text\":\"1 < 2\"", "\"content\":\"1 &lt; 2\"", NULL},
        {"\"id\":\"1\",\"content_text\":\"T\",\"content_html\":\"<p>H</p>\"",
            "\"content\":\"<p>H</p>\"", NULL},
        {"\"id\":\"1\",\"summary\":\"S\"", "\"summary\":\"S\"", NULL},
        {"\"id\":\"1\",\"date_published\":\"2026-03-14T09:00:00Z\"",
            "\"published\":\"2026-03-14T09:00:00Z\"", NULL},
        {"\"id\":\"1\",\"date_modified\":\"2026-03-14T09:00:00Z\"",
            "\"updated\":\"2026-03-14T09:00:00Z\"", NULL},
        {"\"id\":\"1\",\"author\":{\"name\":\"A\"}", "\"authors\":[{\"name\":\"A\"}]", NULL},
        {"\"id\":\"1\",\"authors\":[{\"name\":\"A\",\"url\":\"http://a.example/\"},{}]",
            "\"authors\":[{\"name\":\"A\",\"url\":\"http://a.example/\"}]", NULL},
        {"\"id\":\"1\",\"tags\":[\"a\",\"b\"]", "\"categories\":[\"a\",\"b\"]", NULL},
        {"\"id\":\"1\",\"tags\":\"a\"", "\"id\":\"1\"", NULL},
        {"\"id\":\"1\",\"image\":\"http://a.example/i.png\"",
            "\"image\":\"http://a.example/i.png\"", NULL},
        {"\"id\":\"1\",\"language\":\"de\"", "\"language\":\"de\"", NULL},
        {"\"id\":\"1\",\"attachments\":[{\"url\":\"http://a.example/a.mp3\",\"mime_type\":\"audio/"
         "mpeg\",\"size_in_bytes\":12}]",
            "\"enclosures\":[{\"url\":\"http://a.example/"
            "a.mp3\",\"type\":\"audio/mpeg\",\"length\":\"12\"}]",
            NULL},
        {"\"id\":\"1\",\"url\":\"javascript:x()\"", "\"id\":\"1\"", "javascript"},
        {"\"id\":\"1\",\"title\":null,\"tags\":null,\"authors\":null,\"url\":null",
            "\"entries\":[{\"id\":\"1\"}]", NULL},
        {"\"id\":\"1\",\"title\":\"\\u0041\\uD83D\\uDE00\"", "\"title\":\"A\xf0\x9f\x98\x80\"",
            NULL},
        {"\"id\":{\"a\":1},\"title\":[\"x\"]", "\"complete\":true", "\"x\""},
    };

    (void)state;
    CHECK(json_item, cases);
}

static void a_feed_of_json_and_a_sitemap(void **state)
{
    static const struct gives json[] = {
        {"\"title\":\"T\",\"home_page_url\":\"http://a.example/\"",
            "\"title\":\"T\",\"link\":\"http://a.example/\"", NULL},
        {"\"feed_url\":\"http://a.example/f\"", "\"feed_url\":\"http://a.example/f\"", NULL},
        {"\"description\":\"D\"", "\"description\":\"D\"", NULL},
        {"\"icon\":\"http://a.example/i\",\"favicon\":\"http://a.example/f\"",
            "\"image\":\"http://a.example/i\",\"icon\":\"http://a.example/f\"", NULL},
        {"\"hubs\":[{\"type\":\"rssCloud\",\"url\":\"http://c.example/\"},"
         "{\"type\":\"WebSub\",\"url\":\"http://h.example/\"}]",
            "\"hubs\":[\"http://h.example/\"]", "c.example"},
        {"\"hubs\":\"none\"", "\"complete\":true", "none"},
        {"\"language\":\"pt_br\"", "\"language\":\"pt-BR\"", NULL},
    };
    static const struct gives sitemap[] = {
        {"<loc>http://a.example/1</loc>",
            "\"id\":\"http://a.example/1\",\"link\":\"http://a.example/1\"", NULL},
        {"<loc>http://a.example/1</loc><lastmod>2026-03-14</lastmod>", "\"updated\":\"2026-03-14\"",
            "published"},
        {"<loc>http://a.example/1</loc><news:news><news:title>A</news:title></news:news>",
            "\"title\":\"A\"", NULL},
        {"<loc>http://a.example/1</loc><news:news><news:keywords>a, b,,</news:keywords>"
         "</news:news>",
            "\"categories\":[\"a\",\"b\"]", NULL},
        {"<lastmod>2026-03-14</lastmod>", "\"format\":\"sitemap\"", "\"link\":"},
    };

    (void)state;
    CHECK(json_top, json);
    CHECK(sitemap_url, sitemap);
}

static void the_format_is_told_by_the_root(void **state)
{
    static const struct {
        const char *document, *format;
    } cases[] = {
        {"<rss version='2.0'><channel/></rss>", "rss20"},
        {"<rss><channel/></rss>", "rss20"},
        {"<RSS VERSION='2.0'><CHANNEL/></RSS>", "rss20"},
        {"<rss version='0.91'><channel/></rss>", "rss091"},
        {"<rss version='0.92'><channel/></rss>", "rss092"},
        {"<channel><item/></channel>", "rss20"},
        {"<feed xmlns='http://www.w3.org/2005/Atom'/>", "atom10"},
        {"<feed/>", "atom10"},
        {"<feed version='0.3' xmlns='http://purl.org/atom/ns#'/>", "atom03"},
        {"<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>", "atom10"},
        {"<entry xmlns='http://www.w3.org/2005/Atom'/>", "atom10"},
        {"<channel href='http://a.example/'><item href='/1'/></channel>", "cdf"},
        {"<urlset><url/></urlset>", "sitemap"},
        {"{\"items\":[]}", "json"},
        {"{\"version\":\"https://jsonfeed.org/version/1\"}", "json"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (parse(bytes_of(cases[i].document)) != OK)
            fail_msg("%s: %s", cases[i].document, err.text);
        assert_string_equal(feed_format_name(feed.format), cases[i].format);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_of_rss_has_an_identity_and_an_address),
        cmocka_unit_test(an_item_of_rss_has_words),
        cmocka_unit_test(an_item_of_rss_has_people),
        cmocka_unit_test(an_item_of_rss_has_files_and_dates),
        cmocka_unit_test(a_channel_tells_of_its_feed),
        cmocka_unit_test(an_entry_of_atom),
        cmocka_unit_test(the_older_atom_and_rdf),
        cmocka_unit_test(a_feed_of_atom),
        cmocka_unit_test(an_item_of_json),
        cmocka_unit_test(a_feed_of_json_and_a_sitemap),
        cmocka_unit_test(the_format_is_told_by_the_root),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
