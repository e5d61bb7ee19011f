/* test_feed_people.c - who is named in a feed, and which addresses and files it gives. */
#include "unit/feed_cases.h"

static void a_name_may_hold_markup(void **state)
{
    static const struct gives cases[] = {
        {"<author>Ann <b>Lee</b></author>", "\"authors\":[{\"name\":\"Ann Lee\"}]", NULL},
        {"<author><em>Ann</em> <em>Lee</em></author>", "\"authors\":[{\"name\":\"Ann Lee\"}]",
            NULL},
        {"<dc:creator>ann@quay.example (Ann <i>Lee</i>)</dc:creator>",
            "[{\"name\":\"Ann Lee\",\"email\":\"ann@quay.example\"}]", NULL},
        {"<dc:creator><a href='/ann'>Ann Lee</a></dc:creator>", "[{\"name\":\"Ann Lee\"}]", NULL},
        {"<author>Ann &lt;b&gt;Lee&lt;/b&gt;</author>", "[{\"name\":\"Ann Lee\"}]", NULL},
        {"<author>Ann Lee &lt;ann@quay.example&gt;</author>",
            "[{\"name\":\"Ann Lee\",\"email\":\"ann@quay.example\"}]", NULL},
        {"<author><name>Ann Lee</name><title>Editor</title><company>Quay</company></author>",
            "[{\"name\":\"Ann Lee\"}]", NULL},
        {"<author><fullname>Ann Lee</fullname><role>Editor</role></author>",
            "[{\"name\":\"Ann Lee\"}]", NULL},
        {"<author><title>Editor</title><name>Ann Lee</name></author>", "[{\"name\":\"Ann Lee\"}]",
            NULL},
        {"<title>t</title><author><title>Editor</title><company>Quay</company></author>",
            "\"title\":\"t\"", "authors"},
        {"<author><name>Ann Lee</name><email>ann@quay.example</email></author>",
            "[{\"name\":\"Ann Lee\",\"email\":\"ann@quay.example\"}]", NULL},
    };
    static const struct gives atom[] = {
        {"<author><name>Ann <i>Lee</i></name></author>", "[{\"name\":\"Ann Lee\"}]", NULL},
        {"<author><name>Lee &amp;amp; Roy</name></author>", "[{\"name\":\"Lee & Roy\"}]", NULL},
        {"<contributor><name><b>Ann</b> Lee</name></contributor>", "[{\"name\":\"Ann Lee\"}]",
            NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
    CHECK(atom_entry, atom);
}

static void a_mailto_address_is_an_email(void **state)
{
    static const struct gives atom[] = {
        {"<author><name>Ann</name><uri>mailto:ann@quay.example</uri></author>",
            "[{\"name\":\"Ann\",\"email\":\"ann@quay.example\"}]", NULL},
        {"<author><name>Ann</name><uri>mailto:ann%40quay.example?subject=a%20b</uri></author>",
            "[{\"name\":\"Ann\",\"email\":\"ann@quay.example\"}]", NULL},
        {"<author><name>Ann</name><email>MailTo:ann@quay.example</email></author>",
            "[{\"name\":\"Ann\",\"email\":\"ann@quay.example\"}]", NULL},
        {"<author><name>Ann</name><email>a@quay.example</email><uri>mailto:b@quay.example</uri>"
         "</author>",
            "[{\"name\":\"Ann\",\"email\":\"a@quay.example\"}]", NULL},
        {"<author><name>Ann</name><uri>https://quay.example/mailto:ann</uri></author>",
            "\"url\":\"https://quay.example/mailto:ann\"", NULL},
        {"<author><name>Ann</name><uri>mailto:</uri></author>", "[{\"name\":\"Ann\"}]", NULL},
    };
    static const struct gives json[] = {
        {"\"id\":\"1\",\"authors\":[{\"name\":\"Ann\",\"url\":\"MAILTO:ann@quay.example\"}]",
            "[{\"name\":\"Ann\",\"email\":\"ann@quay.example\"}]", NULL},
        {"\"id\":\"1\",\"author\":{\"url\":\"mailto:ann@quay.example?cc=b@quay.example\"}",
            "[{\"email\":\"ann@quay.example\"}]", NULL},
        {"\"id\":\"1\",\"author\":{\"name\":\"mailto:ann@quay.example\"}",
            "[{\"email\":\"ann@quay.example\"}]", NULL},
        {"\"id\":\"1\",\"author\":{\"url\":\"https://quay.example/ann\"}",
            "[{\"url\":\"https://quay.example/ann\"}]", NULL},
    };

    (void)state;
    CHECK(atom_entry, atom);
    CHECK(json_item, json);
}

static void an_identity_may_be_the_address(void **state)
{
    static const struct gives atom[] = {
        {"<id>https://quay.example/1</id>", "\"link\":\"https://quay.example/1\"", NULL},
        {"<id>https://quay.example/1</id><link rel='edit' href='/edit'/>",
            "\"link\":\"https://quay.example/1\"", NULL},
        {"<id>https://quay.example/1</id><link href='https://quay.example/a'/>",
            "\"link\":\"https://quay.example/a\"", NULL},
        {"<link href='https://quay.example/a'/><id>https://quay.example/1</id>",
            "\"link\":\"https://quay.example/a\"", NULL},
        {"<id>urn:1</id><content src='https://quay.example/c' type='text/html'/>",
            "\"link\":\"https://quay.example/c\"", NULL},
        {"<id>urn:1</id><content src='https://quay.example/c' type='application/xhtml+xml'/>"
         "<link href='https://quay.example/a'/>",
            "\"link\":\"https://quay.example/a\"", NULL},
        {"<id>urn:1</id><content src='https://quay.example/c.mp3' type='audio/mpeg'/>",
            "\"id\":\"urn:1\"", "\"link\":"},
        {"<id>https://quay.example/?a=1&amp;amp;b=2</id>",
            "{\"id\":\"https://quay.example/?a=1&amp;b=2\",\"link\":\"https://quay.example/"
            "?a=1&b=2\"",
            NULL},
        {"<id>urn:quay:1</id>", "\"id\":\"urn:quay:1\"", "\"link\":"},
        {"<id>tag:quay.example,2026:1</id>", "\"id\":", "\"link\":"},
        {"<id>mailto:ann@quay.example</id>", "\"id\":", "\"link\":"},
    };
    static const struct gives json[] = {
        {"\"id\":\"https://quay.example/1\"", "\"link\":\"https://quay.example/1\"", NULL},
        {"\"id\":\"https://quay.example/1\",\"external_url\":\"https://quay.example/x\"",
            "\"link\":\"https://quay.example/x\"", NULL},
        {"\"id\":\"quay-1\"", "[{\"id\":\"quay-1\"}]", NULL},
    };
    static const struct gives rss[] = {
        {"<guid isPermaLink='false'>https://quay.example/1</guid>",
            "\"id\":", "\"link\":\"https://quay.example/1\""},
    };

    (void)state;
    CHECK(atom_entry, atom);
    CHECK(json_item, json);
    CHECK(rss_item, rss);
}

#define REPLIES(type) "<link rel='replies' type='" type "' href='http://quay.example/r'/>"
#define REPLIES_PAGE "\"comments\":\"http://quay.example/r\""
#define REPLIES_FEED "\"comments_feed\":\"http://quay.example/r\""

static void replies_are_a_page_or_a_feed(void **state)
{
    static const struct gives atom[] = {
        {REPLIES("application/xhtml+xml"), REPLIES_PAGE, "comments_feed"},
        {REPLIES("text/html"), REPLIES_PAGE, "comments_feed"},
        {REPLIES(""), REPLIES_PAGE, "comments_feed"},
        {REPLIES("application/atom+xml"), REPLIES_FEED, "\"comments\""},
        {REPLIES("application/atom+xml;type=feed"), REPLIES_FEED, "\"comments\""},
        {REPLIES("text/xml"), REPLIES_FEED, "\"comments\""},
        {REPLIES("application/feed+json"), REPLIES_FEED, "\"comments\""},
    };

    (void)state;
    CHECK(atom_entry, atom);
}

static void one_address_is_one_file(void **state)
{
    static const struct gives cases[] = {
        {"<enclosure url='http://quay.example/1.mp3' length='47'/>"
         "<media:content url='http://quay.example/1.mp3' type='audio/mpeg'/>",
            "\"enclosures\":[{\"url\":\"http://quay.example/1.mp3\",\"type\":\"audio/mpeg\","
            "\"length\":\"47\"}]",
            NULL},
        {"<media:content url='http://quay.example/1.mp3' type='audio/mpeg'/>"
         "<enclosure url='http://quay.example/1.mp3' length='47' type='audio/mpeg'/>",
            "\"type\":\"audio/mpeg\",\"length\":\"47\"}]", NULL},
        {"<enclosure url='http://quay.example/1.mp3' length='0' type='audio/mpeg'/>"
         "<media:content url='http://quay.example/1.mp3' fileSize='47'/>",
            "\"type\":\"audio/mpeg\",\"length\":\"47\"}]", NULL},
        {"<enclosure url='http://quay.example/1.mp3' length='12' type='audio/mpeg'/>"
         "<media:content url='http://quay.example/1.mp3' fileSize='47' type='audio/mp3'/>",
            "\"type\":\"audio/mpeg\",\"length\":\"12\"}]", "audio/mp3"},
        {"<media:content url='http://quay.example/1.mp3' type='audio/mpeg'/>"
         "<media:content url='http://quay.example/1.ogg' type='audio/ogg'/>",
            "1.ogg\",\"type\":\"audio/ogg\"}]", NULL},
    };
    static const struct gives atom[] = {
        {"<link href='http://quay.example/a' type='text/html'/>"
         "<link href='http://quay.example/a' type='application/json'/>",
            "application/json", NULL},
        {"<link href='http://quay.example/a'/><link rel='enclosure' href='http://quay.example/a'/>",
            "\"rel\":\"enclosure\"", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
    CHECK(atom_entry, atom);
}

/* CDF, W3C Note of 1997. */
static void an_address_of_cdf_is_a_link(void **state)
{
    const char *json = json_of(LIT("<CHANNEL HREF='http://quay.example/c' BASE='http://b.example/'>"
                                   "<TITLE>C</TITLE><ITEM HREF='one.html'><TITLE>I</TITLE></ITEM>"
                                   "<ITEM><A HREF='http://quay.example/2'>two</A></ITEM>"
                                   "</CHANNEL>"));

    (void)state;
    HAS(json, "\"link\":\"http://b.example/one.html\"");
    HAS(json, "{\"rel\":\"alternate\",\"href\":\"http://b.example/one.html\"}");
    HAS(json, "\"link\":\"http://quay.example/c\"");
    HAS(json, "\"links\":[{\"rel\":\"alternate\",\"href\":\"http://quay.example/c\"}]");
    HAS(json, "\"format\":\"cdf\"");
}

#define PIXEL "&lt;img src='http://c.example/p.gif' width='1' height='1'&gt;"
#define REAL "&lt;img src='http://i.example/r.jpg'&gt;"
#define IS_REAL "\"image\":\"http://i.example/r.jpg\""

static void the_picture_is_one_to_look_at(void **state)
{
    static const struct gives cases[] = {
        {"<description>" PIXEL "x" REAL "</description>", IS_REAL, NULL},
        {"<description>x" PIXEL "</description>", "\"summary\"", "\"image\""},
        {"<description>&lt;img src='http://c.example/p.gif' style='width:1px; height: 1px'&gt;" REAL
         "</description>",
            IS_REAL, NULL},
        {"<description>&lt;img src='http://c.example/p.gif' style='DISPLAY : none'&gt;" REAL
         "</description>",
            IS_REAL, NULL},
        {"<description>&lt;img src='http://c.example/p.gif' hidden&gt;" REAL "</description>",
            IS_REAL, NULL},
        {"<description>&lt;div style='display:none'&gt;&lt;div&gt;a&lt;/div&gt;"
         "&lt;img src='http://c.example/p.gif'&gt;&lt;/div&gt;" REAL "</description>",
            IS_REAL, NULL},
        {"<description>&lt;!-- &lt;img src='http://c.example/p.gif'&gt; --&gt;" REAL
         "</description>",
            IS_REAL, NULL},
        {"<description>&lt;img src='http://c.example/p.gif' style='opacity:0'&gt;" REAL
         "</description>",
            IS_REAL, NULL},
        {"<description>&lt;img src='http://c.example/b.gif' width='16' height='16'&gt;" REAL
         "</description>",
            IS_REAL, NULL},
        {"<description>&lt;img src='http://pixel.c.example/b?i=1'&gt;" REAL "</description>",
            IS_REAL, NULL},
        {"<description>&lt;img src='/img/spacer.gif'&gt;" REAL "</description>", IS_REAL, NULL},
        {"<description>&lt;picture&gt;&lt;source srcset='http://i.example/r.jpg 2x'&gt;"
         "&lt;img src='data:,'&gt;&lt;/picture&gt;</description>",
            IS_REAL, NULL},
        {"<description>&lt;p style='display:none'&gt;a&lt;/p&gt;" REAL "</description>", IS_REAL,
            NULL},
        {"<description>&lt;br hidden&gt;" REAL "</description>", IS_REAL, NULL},
        {"<description>&lt;img src='http://statement.example/r.jpg'&gt;</description>",
            "\"image\":\"http://statement.example/r.jpg\"", NULL},
        {"<enclosure url='http://i.example/r.jpg?w=1' type='jpg'/>",
            "\"image\":\"http://i.example/r.jpg?w=1\"", NULL},
        {"<enclosure url='http://i.example/r' type='image' length='1'/>",
            "\"image\":\"http://i.example/r\"", NULL},
        {"<description>&lt;img alt='none'&gt;" REAL "</description>", IS_REAL, NULL},
        {"<description>&lt;img src='data:image/gif;base64,R0' "
         "data-src='http://i.example/r.jpg'&gt;</description>",
            IS_REAL, NULL},
        {"<description>&lt;img src='about:blank'&gt;" REAL "</description>", IS_REAL, NULL},
        {"<description>&lt;img srcset='http://i.example/r.jpg 2x, http://i.example/s.jpg'&gt;"
         "</description>",
            IS_REAL, NULL},
        {"<description>&lt;img src='http://i.example/r.jpg' width='100%' height='16'&gt;"
         "</description>",
            IS_REAL, NULL},
        {"<description>&lt;imgx src='http://c.example/p.gif'&gt;" REAL "</description>", IS_REAL,
            NULL},
        {"<media:content url='http://i.example/r.jpg' width='800'/>", IS_REAL, NULL},
        {"<media:content url='http://i.example/r.jpg' type='application/octet-stream'/>", IS_REAL,
            NULL},
        {"<media:content url='http://i.example/r.mp4' medium='video'/>", "i.example/r.mp4",
            "\"image\""},
        {"<media:content url='http://i.example/r.mp4'/>", "i.example/r.mp4", "\"image\""},
        {"<enclosure url='http://i.example/r.JPG?w=2#x' length='0'/>",
            "\"image\":\"http://i.example/r.JPG?w=2#x\"", NULL},
        {"<enclosure url='http://i.example/r.jpg' type='audio/mpeg'/>", "r.jpg", "\"image\""},
        {"<enclosure url='http://i.example/page?x=r.jpg'/>", "page", "\"image\""},
    };

    (void)state;
    CHECK(rss_item, cases);
}

static void an_address_escaped_twice_is_one(void **state)
{
    static const struct gives cases[] = {
        {"<link>http://quay.example/?a=1&amp;amp;b=2</link>",
            "\"link\":\"http://quay.example/?a=1&b=2\"", NULL},
        {"<link><![CDATA[http://quay.example/?a=1&#038;b=2]]></link>",
            "\"link\":\"http://quay.example/?a=1&b=2\"", NULL},
        {"<media:thumbnail url='http://quay.example/i.jpg?w=1&amp;amp;h=2'/>",
            "\"image\":\"http://quay.example/i.jpg?w=1&h=2\"", NULL},
        {"<enclosure url='http://quay.example/a?x=1&amp;amp;y[]=2' type='audio/mpeg'/>",
            "\"url\":\"http://quay.example/a?x=1&y[]=2\"", NULL},
        {"<link>http://quay.example/?a=1&amp;amp;amp;b=2</link>",
            "\"link\":\"http://quay.example/?a=1&b=2\"", NULL},
        {"<link>http://quay.example/?q=Salt&amp;amp;Tar</link>",
            "\"link\":\"http://quay.example/?q=Salt&amp;Tar\"", NULL},
        {"<link>http://quay.example/?a=1&amp;b=2</link>",
            "\"link\":\"http://quay.example/?a=1&b=2\"", NULL},
    };
    static const struct gives json[] = {
        {"\"id\":\"1\",\"url\":\"http://quay.example/?a=1&amp;b=2\"",
            "\"link\":\"http://quay.example/?a=1&b=2\"", NULL},
    };
    static const struct gives sitemap[] = {
        {"<loc>http://quay.example/?a=1&amp;amp;b=2</loc>",
            "\"link\":\"http://quay.example/?a=1&b=2\"", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
    CHECK(json_item, json);
    CHECK(sitemap_url, sitemap);
}

static void a_url_is_the_link_where_there_is_none(void **state)
{
    static const struct gives cases[] = {
        {"<title>A</title><url>/a/9</url>", "\"link\":\"http://news.example/a/9\"", NULL},
        {"<url>/a/9</url><link>/a/8</link>", "\"link\":\"http://news.example/a/8\"", NULL},
        {"<link>/a/8</link><url>/a/9</url>", "\"link\":\"http://news.example/a/8\"", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
}

/* Bytes of any kind are no kind. */
static void a_type_that_tells_nothing_is_learned(void **state)
{
    static const struct gives cases[] = {
        {"<enclosure url='/h' type='application/octet-stream' length='9'/>"
         "<media:content url='/h' type='audio/mpeg'/>",
            "\"type\":\"audio/mpeg\",\"length\":\"9\"", "octet"},
        {"<enclosure url='/h' type='audio/mpeg' length='9'/>"
         "<media:content url='/h' type='application/octet-stream'/>",
            "\"type\":\"audio/mpeg\",\"length\":\"9\"", "octet"},
        {"<enclosure url='/h' type='application/octet-stream'/>", "octet-stream", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
}

/* Whatever the order of an item's elements. */
static void relative_addresses_have_one_base(void **state)
{
    static const struct gives cases[] = {
        {"<link>http://news.example/a/1</link><description>&lt;a href='x'&gt;y&lt;/a&gt;"
         "</description><comments>c</comments>",
            "http://news.example/a/x", NULL},
        {"<description>&lt;a href='x'&gt;y&lt;/a&gt;</description><link>http://news.example/a/1"
         "</link>",
            "http://news.example/a/x", NULL},
        {"<comments>c</comments><link>http://news.example/a/1</link>",
            "\"comments\":\"http://news.example/c\"", NULL},
        {"<link>http://news.example/a/1</link><comments>c</comments>",
            "\"comments\":\"http://news.example/c\"", NULL},
        {"<link>http://news.example/a/1</link><description xml:base='http://b.example/'>"
         "&lt;a href='x'&gt;y&lt;/a&gt;</description>",
            "http://b.example/x", NULL},
        {"<description>&lt;img src='i.png'&gt;</description><link>http://news.example/a/1</link>",
            "\"image\":\"http://news.example/a/i.png\"", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_is_the_link_where_there_is_none),
        cmocka_unit_test(a_type_that_tells_nothing_is_learned),
        cmocka_unit_test(a_name_may_hold_markup),
        cmocka_unit_test(a_mailto_address_is_an_email),
        cmocka_unit_test(an_identity_may_be_the_address),
        cmocka_unit_test(replies_are_a_page_or_a_feed),
        cmocka_unit_test(one_address_is_one_file),
        cmocka_unit_test(relative_addresses_have_one_base),
        cmocka_unit_test(the_picture_is_one_to_look_at),
        cmocka_unit_test(an_address_escaped_twice_is_one),
        cmocka_unit_test(an_address_of_cdf_is_a_link),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
