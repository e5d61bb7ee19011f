/* test_feed_unclosed.c - elements that were left open, in the wrong namespace, around entries, or
 * behind the end: what they cost is no entry. */
#include "unit/feed_fixture.h"
#include "unit/test.h"

#define RSS(inside)                                                                                \
    "<rss version='2.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "                \
    "xmlns:atom='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss/'>"        \
    "<channel><title>F</title>" inside "</channel></rss>"
#define ATOM(inside) "<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title>" inside "</feed>"
#define TWO                                                                                        \
    "<item><title>One</title><guid>a</guid></item><item><title>Two</title><guid>b</guid></item>"

struct document {
    const char *text;
    const char *titles; /* of its entries */
    const char *has;    /* in the answer, or NULL */
};

static void check(const struct document *cases, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        const char *json;

        if (parse(bytes_of(cases[i].text)) != OK || strcmp(seen, cases[i].titles) != 0) {
            print_error("%s\n  has %s not %s\n", cases[i].text, seen, cases[i].titles);
            wrong++;
        }
        json = json_of(bytes_of(cases[i].text));
        if (cases[i].has != NULL && strstr(json, cases[i].has) == NULL) {
            print_error("%s\n  lacks %s\n", json, cases[i].has);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof((cases)[0]))

static void an_element_that_holds_nothing_ends_at_once(void **state)
{
    static const struct document cases[] = {
        {RSS("<atom:link rel='self' href='/f'>" TWO), "One|Two|", "\"feed_url\""},
        {RSS("<itunes:category text='A'>" TWO), "One|Two|", "\"categories\":[\"A\"]"},
        {RSS("<itunes:category text='A'><itunes:category text='B'></itunes:category>"
             "</itunes:category>" TWO),
            "One|Two|", "\"categories\":[\"A\",\"B\"]"},
        {RSS("<itunes:category text='A'><itunes:category text='B'><ttl>9</ttl>" TWO), "One|Two|",
            "\"ttl\":\"9\""},
        {RSS("<itunes:image href='/i.png'><ttl>9</ttl>" TWO), "One|Two|", "\"ttl\":\"9\""},
        {RSS("<meta name='a' content='b'><br>" TWO), "One|Two|", NULL},
        {RSS("<cloud domain='a' port='80'>" TWO), "One|Two|", NULL},
        {RSS("<item><enclosure url='/1.mp3' length='1' type='audio/mpeg'><title>One</title>"
             "<guid>a</guid></item>"),
            "One|", "\"id\":\"a\""},
        {RSS("<item><source url='/f'>Other<title>One</title><guid>a</guid></item>"), "One|",
            "\"id\":\"a\""},
        {"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
         "xmlns:x='http://www.w3.org/1999/xhtml'><url><x:link rel='alternate' href='/de'>"
         "<loc>http://example.org/a</loc></url></urlset>",
            "|", "\"link\":\"http://example.org/a\""},
        {RSS("<item><media:thumbnail url='/1.jpg'><title>One</title></item>"), "One|",
            "\"image\":\"http://example.org/1.jpg\""},
        {RSS("<item><media:content url='/1.jpg' medium='image'><media:title>Pic</media:title>"
             "<title>One</title><guid>a</guid></item>"),
            "One|", "\"id\":\"a\""},
        {ATOM("<link href='/'><entry><title>One</title><link href='/1'><id>urn:1</id>"
              "<category term='A'><updated>2026-01-02T03:04:05Z</updated></entry>"),
            "One|", "\"updated\":\"2026-01-02T03:04:05Z\""},
        {RSS("<image><url>/i.png</url><title>I</title><link>/</link></image><br>" TWO), "One|Two|",
            "\"image\":\"http://example.org/i.png\""},
    };

    (void)state;
    CHECK(cases);
}

static void an_entry_ends_the_one_before(void **state)
{
    static const struct document cases[] = {
        {RSS("<item><title>One</title><item><title>Two</title><item><title>Three</title>"),
            "One|Two|Three|", NULL},
        {RSS("<item><title>One</title><description><b>x<item><title>Two</title></item>"),
            "One|Two|", NULL},
        {ATOM("<entry><title>One</title><entry><title>Two</title></entry>"), "One|Two|", NULL},
        {"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://a.example/1"
         "</loc><url><loc>http://a.example/2</loc></urlset>",
            "||", "a.example/2"},
        {"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://a.example/1"
         "</loc><lastmod>2026-01-02</lastmod><loc>http://a.example/2</loc></url></urlset>",
            "||", "\"link\":\"http://a.example/1\",\"updated\":\"2026-01-02\""},
        {"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap>"
         "<loc>http://a.example/1</loc><loc>http://a.example/2</loc><loc>http://a.example/3</loc>"
         "</sitemap></sitemapindex>",
            "|||", "a.example/3"},
        {"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
         "xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'><url><loc>http://a.example/"
         "1"
         "</loc><image:image><image:loc>http://a.example/1.jpg</image:loc></image:image></url>"
         "</urlset>",
            "|", "\"image\":\"http://a.example/1.jpg\""},
    };

    (void)state;
    CHECK(cases);
}

static void a_line_ends_where_the_next_field_begins(void **state)
{
    static const struct document cases[] = {
        {RSS("<item><description>&lt;b&gt;x&lt;/b&gt;<link>http://example.org/1</link><title>One"
             "</title></item>"),
            "One|", "\"link\":\"http://example.org/1\""},
        {RSS("<item><d:creator xmlns:d='http://purl.org/dc/elements/1.1/'>Ann Lee<title>One</title>"
             "<guid>a</guid></item>"),
            "One|", "\"name\":\"Ann Lee\""},
        {RSS("<item><title>One</title><description><p>x <link href='/c'/> y</p></description>"
             "<guid>a</guid></item>"),
            "One|", "\"id\":\"a\""},
        {RSS("<language>en" TWO), "One|Two|", "\"language\":\"en\""},
        {RSS("<copyright>C<ttl>9</ttl>" TWO), "One|Two|", "\"ttl\":\"9\""},
        {RSS("<item><title>One<link>/1<guid>a<pubDate>2 Jan 2026</pubDate></item>"), "One|",
            "\"published\":\"2026-01-02\""},
        {RSS("<item><title>One<title><guid>a</guid></item>"), "One|", "\"id\":\"a\""},
        {RSS("<item><title>One <b>and</b> more<guid>a</guid></item>"), "One and more|",
            "\"id\":\"a\""},
        {RSS("<item><description><p>text<guid>a</guid><title>One</title></item>"), "One|",
            "\"id\":\"a\""},
        {RSS("<item><author>Ann<guid>a</guid><title>One</title></item>"), "One|", "\"id\":\"a\""},
        {ATOM("<entry><title>One<id>urn:1</id><updated>2026-01-02T03:04:05Z<summary>S</summary>"
              "</entry>"),
            "One|", "\"summary\":\"S\""},
        {ATOM("<entry><author><name>Ann<email>a@b.example</email></author><title>One</title>"
              "</entry>"),
            "One|", "\"name\":\"Ann\",\"email\":\"a@b.example\""},
        /* what is markup stays it, in a document that is broken elsewhere */
        {RSS("<item><title>One</title><description>a &broken <b>c</b> <details><summary>s"
             "</summary>d</details></description><guid>a</guid></item>"),
            "One|", "<summary>s</summary>d"},
        {ATOM("<entry><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>One</div>"
              "</title><id>urn:&x</id></entry>"),
            "One|", NULL},
        {ATOM("<entry><title>One</title><source><title>S</title><id>urn:&s</id></source></entry>"),
            "One|", "\"source\":{\"title\":\"S\""},
    };

    (void)state;
    CHECK(cases);
}

#define DEFAULT(uri)                                                                               \
    "<rss version='2.0' xmlns='" uri "'><channel><title>F</title><item><title>One</title>"         \
    "<guid>a</guid><description>&lt;p&gt;x&lt;/p&gt;</description></item></channel></rss>"

static void rss_is_in_no_namespace(void **state)
{
    static const struct document cases[] = {
        {"<feed xmlns='http://purl.org/dc/elements/1.1/'><title>F</title><entry><title>One</title>"
         "<id>a</id></entry></feed>",
            "One|", "\"id\":\"a\""},
        {"<feed xmlns='http://search.yahoo.com/mrss/'><entry><title>One</title><b></entry>", "One|",
            NULL},
        {"<urlset xmlns='http://www.google.com/schemas/sitemap-news/0.9'><url>"
         "<loc>http://example.org/a</loc></url></urlset>",
            "|", "\"link\":\"http://example.org/a\""},
        {DEFAULT("http://www.w3.org/2005/Atom"), "One|", "\"summary\":\"<p>x</p>\""},
        {DEFAULT("http://search.yahoo.com/mrss/"), "One|", "\"summary\":\"<p>x</p>\""},
        {DEFAULT("http://www.itunes.com/dtds/podcast-1.0.dtd"), "One|", "<p>x</p>"},
        {DEFAULT("http://purl.org/dc/elements/1.1/"), "One|", "<p>x</p>"},
        {DEFAULT("http://purl.org/rss/1.0/modules/content/"), "One|", "<p>x</p>"},
        {DEFAULT("http://www.w3.org/1999/xhtml"), "One|", "<p>x</p>"},
        {DEFAULT("http://www.w3.org/2005/Atom") "<!-- & --><b", "One|", "<p>x</p>"},
        {"<rss version='2.0'><channel xmlns='http://search.yahoo.com/mrss/'><title>F</title><item>"
         "<title>One</title></item></channel></rss>",
            "One|", "\"title\":\"F\""},
        {"<rss version='2.0'><channel><item xmlns='http://www.w3.org/2005/Atom'><title>One</title>"
         "<description>&lt;p&gt;x&lt;/p&gt;</description></item></channel></rss>",
            "One|", "\"summary\":\"<p>x</p>\""},
        {"<rss version='2.0' xmlns='http://search.yahoo.com/mrss/' "
         "xmlns:m='http://search.yahoo.com/mrss/'><channel><item><title>One</title>"
         "<m:thumbnail url='/i.png'/></item></channel></rss>",
            "One|", "\"image\":\"http://example.org/i.png\""},
        {"<rss version='2.0'><channel><link xmlns='http://www.w3.org/2005/Atom' rel='self' "
         "href='/f'/><item><title>One</title></item></channel></rss>",
            "One|", "\"feed_url\":\"http://example.org/f\""},
    };

    (void)state;
    CHECK(cases);
}

static void entries_are_found_where_they_are(void **state)
{
    static const struct document cases[] = {
        {RSS("<articles>" TWO "</articles>"), "One|Two|", "\"title\":\"F\""},
        {RSS("<news><today>" TWO "</today></news>"), "One|Two|", NULL},
        {RSS("<articles><title>not the feed's</title>" TWO "</articles>"), "One|Two|",
            "\"title\":\"F\""},
        {RSS("<articles>" TWO "</articles><item><title>Three</title></item>"), "One|Two|Three|",
            NULL},
        {RSS("<textInput><title>x</title><item><title>no</title></item></textInput>"), "", NULL},
        {RSS(TWO) RSS("<item><title>Three</title></item>"), "One|Two|Three|",
            "a second document begins"},
        {RSS(TWO) "<?xml version='1.0'?>" ATOM("<entry><title>Three</title></entry>"),
            "One|Two|Three|", NULL},
        {RSS(TWO) "<html><body><item><title>no</title></item></body></html>", "One|Two|", NULL},
    };

    (void)state;
    CHECK(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_element_that_holds_nothing_ends_at_once),
        cmocka_unit_test(an_entry_ends_the_one_before),
        cmocka_unit_test(a_line_ends_where_the_next_field_begins),
        cmocka_unit_test(rss_is_in_no_namespace),
        cmocka_unit_test(entries_are_found_where_they_are),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
