/* Feeds of every format, and what is made of bad ones. */
#include "unit/feed_fixture.h"

#include <stdio.h>
#include <unistd.h>

static void reads_rss_2_0(void **state)
{
    const char *json = json_of(LIT(
        "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>News &amp; "
        "more</title>"
        "<link>http://example.org/</link><ttl>60</ttl><skipHours><hour>3</hour><hour>4</hour></"
        "skipHours>"
        "<item><title>One</title><link>/1</link><guid isPermaLink='false'>a1</guid>"
        "<pubDate>Mon, 02 Jan 2006 15:04:05 GMT</pubDate><dc:creator>Jane "
        "Doe</dc:creator><category>Sport</category>"
        "<enclosure url='/a.mp3' type='audio/mpeg' length='12'/><content:encoded><![CDATA[<p>Body "
        "<script>x()</script></p>]]></content:encoded><description>Short</description></item></"
        "channel></rss>"));

    (void)state;
    HAS(json, "\"title\":\"News &amp; more\"");
    HAS(json, "\"id\":\"a1\",\"title\":\"One\",\"link\":\"http://example.org/"
              "1\",\"published\":\"2006-01-02T15:04:05Z\"");
    HAS(json, "\"authors\":[{\"name\":\"Jane Doe\"}]");
    HAS(json, "\"summary\":\"Short\",\"content\":\"<p>Body </p>\",\"categories\":[\"Sport\"]");
    HAS(json, "\"enclosures\":[{\"url\":\"http://example.org/a.mp3\",\"type\":\"audio/"
              "mpeg\",\"length\":\"12\"}]");
    HAS(json, "\"format\":\"rss20\",\"complete\":true,\"recovered\":false");
    HAS(json, "\"ttl\":\"60\"");
    HAS(json, "\"skip_hours\":[\"3\",\"4\"]");
}

static void reads_atom_with_its_bases_and_inherited_authors(void **state)
{
    const char *json = json_of(LIT(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://base.example/x/' xml:lang='de'>"
        "<title type='html'>&lt;b&gt;Bold&lt;/b&gt;</title><author><name>Feed "
        "Author</name></author>"
        "<link rel='self' href='feed.atom'/><link rel='hub' href='https://hub.example/'/>"
        "<entry><title>One</title><id>tag:1</id><link "
        "href='one.html'/><updated>2006-01-02T15:04:05+02:00</updated>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <a href='../y'>link</a> "
        "&amp; text</div></content>"
        "</entry></feed>"));

    (void)state;
    HAS(json, "\"link\":\"http://base.example/x/one.html\"");
    HAS(json, "\"updated\":\"2006-01-02T15:04:05+02:00\"");
    HAS(json, "\"authors\":[{\"name\":\"Feed Author\"}]");
    HAS(json, "A <a href=\\\"http://base.example/y\\\">link</a> &amp; text");
    HAS(json, "\"language\":\"de\"");
    HAS(json, "\"feed_url\":\"http://base.example/x/feed.atom\",\"hub\":\"https://hub.example/\"");
}

static void takes_each_relation_of_a_link(void **state)
{
    (void)state;
    assert_int_equal(
        parse(LIT("<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>"
                  "<title>T</title><atom:link rel='hub\n self' "
                  "href='https://news.example/rss'/>"
                  "<atom:link rel='Hub' href='https://b.example/'/>"
                  "<item><title>One</title>"
                  "<atom:link rel='hub alternate' href='https://news.example/1'/>"
                  "</item></channel></rss>")),
        OK);
    assert_true(bytes_is(feed.self, "https://news.example/rss"));
    assert_int_equal(feed.hubs.count, 2); /* an entry has none */
    assert_true(bytes_is(feed.hubs.at[0], "https://news.example/rss"));
    assert_true(bytes_is(feed.hubs.at[1], "https://b.example/"));
}

static void reads_rdf_and_json_feed(void **state)
{
    (void)state;
    assert_int_equal(parse(LIT("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
                               "xmlns='http://purl.org/rss/1.0/'>"
                               "<channel rdf:about='u'><title>R</title></channel><item "
                               "rdf:about='http://a/1'><title>One</title></item>"
                               "<item rdf:about='http://a/2'><title>Two</title></item></rdf:RDF>")),
        OK);
    assert_string_equal(seen, "One|Two|");
    assert_int_equal(feed.format, FEED_RSS10);
    assert_int_equal(parse(LIT("{\"version\":\"https://jsonfeed.org/version/"
                               "1.1\",\"items\":[{\"id\":1,\"title\":\"A\"},"
                               "{\"id\":\"2\",\"title\":\"B\"}],\"title\":\"J\"}")),
        OK);
    assert_string_equal(seen, "A|B|");
    assert_true(bytes_is(feed.title, "J"));
    assert_true(feed.complete);
}

static void reads_news_sitemaps(void **state)
{
    const char *json =
        json_of(LIT("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
                    "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' "
                    "xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'><url><loc>http:/"
                    "/example.org/a</loc><news:news>"
                    "<news:publication><news:name>The "
                    "Example</news:name><news:language>en</news:language></news:publication>"
                    "<news:publication_date>2024-03-01T10:00:00Z</"
                    "news:publication_date><news:title>Storm hits coast</news:title>"
                    "<news:keywords>storm, "
                    "coast</news:keywords></news:news><image:image><image:loc>http://example.org/"
                    "a.jpg</image:loc></image:image>"
                    "<lastmod>2024-03-02</lastmod></url></urlset>"));

    (void)state;
    HAS(json, "\"title\":\"Storm hits "
              "coast\",\"link\":\"http://example.org/"
              "a\",\"published\":\"2024-03-01T10:00:00Z\",\"updated\":\"2024-03-02\"");
    HAS(json, "\"categories\":[\"storm\",\"coast\"]");
    HAS(json, "\"language\":\"en\"");
    HAS(json, "\"image\":\"http://example.org/a.jpg\"");
    HAS(json, "\"source\":{\"title\":\"The Example\"}");
    HAS(json, "\"format\":\"sitemap\"");
}

static void what_is_not_well_formed_is_read_and_diagnosed_with_its_place(void **state)
{
    (void)state;
    assert_int_equal(parse(LIT("<rss version='2.0'><channel><title>t</title>\n<item><title>Tom & "
                               "Jerry</title></item>\n"
                               "<item><title>Two</title><description><p>unclosed <br> "
                               "markup</description></item></channel></rss>")),
        OK);
    assert_string_equal(seen, "Tom & Jerry|Two|");
    assert_true(feed.recovered);
    assert_true(feed.complete);
    assert_int_equal(feed.diagnoses[0].line, 2);
    assert_int_equal(feed.diagnoses[0].column, 18);
    assert_string_equal(
        bytes_cstr(arena, feed.diagnoses[0].text), "a bare \"&\": write it as &amp;");
}

/* It looks like UCS-4 to libxml2, which would say so on standard error. */
static void what_is_wrong_is_told_nowhere_else(void **state)
{
    FILE *told = tmpfile();
    int before = dup(STDERR_FILENO);

    (void)state;
    fflush(stderr);
    assert_true(dup2(fileno(told), STDERR_FILENO) >= 0);
    parse(LIT("<\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
              "\x10\0\0\0\0\0\0\0CHANNEL HREF=\"http://a/\"EM H\x0c"
              "EF=\"b\"><TE><ABS></CHANNEL>"));
    fflush(stderr);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    assert_int_equal(lseek(fileno(told), 0, SEEK_END), 0);
    fclose(told);
}

static void what_entries_lack_is_told_once_for_the_feed(void **state)
{
    (void)state;
    assert_int_equal(parse(LIT("<rss version='2.0'><channel><item><title>1</title><pubDate>some\n"
                               " day</pubDate></item><item><title>2</title><pubDate>later</"
                               "pubDate></item></channel></rss>")),
        OK);
    assert_false(feed.recovered);
    assert_int_equal(feed.diagnosis_count, 2);
    assert_string_equal(bytes_cstr(arena, feed.diagnoses[0].text),
        "the date of 2 entries cannot be read (\"some day\"); write it as Sat, 14 Mar 2026 "
        "09:26:57 "
        "GMT");
    assert_string_equal(bytes_cstr(arena, feed.diagnoses[1].text),
        "2 entries without a guid and without a link cannot be told apart; give each one of its "
        "own");
    assert_int_equal(parse(LIT("<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id></entry>"
                               "<entry><id>b</id><title>B</title></entry></feed>")),
        OK);
    assert_int_equal(feed.diagnosis_count, 1);
    assert_string_equal(bytes_cstr(arena, feed.diagnoses[0].text),
        "1 entry without a title, which this format asks for");
}

static void places_are_those_of_the_whole_document_in_characters(void **state)
{
    (void)state;
    assert_int_equal(parse(LIT("\n Notice: undefined index\n<?xml version='1.0'?><rss "
                               "version='2.0'><channel>\n<title>\xc3\xa9\xc3\xa9 & co</title>"
                               "<item><title>1</title></item></channel></rss>")),
        OK);
    assert_int_equal(feed.diagnosis_count, 3);
    assert_int_equal(feed.diagnoses[0].line, 1);
    assert_int_equal(feed.diagnoses[1].line, 4);
    assert_int_equal(feed.diagnoses[1].column, 11);
}

/* Line and column of a diagnosis whose text begins so; 0 when there is none. */
static size_t place_of(const char *words)
{
    for (size_t i = 0; i < feed.diagnosis_count; i++)
        if (bytes_starts(feed.diagnoses[i].text, bytes_of(words)))
            return feed.diagnoses[i].line * 1000 + feed.diagnoses[i].column;
    return 0;
}

static void what_is_odd_is_told_with_the_place_of_the_first(void **state)
{
    static const char rss[] =
        "<?xml version='1.0'?>\n<rss version='0.91'><channel><title>t</title>\n"
        "<item><title>\xc3\xa9 1</title><guid>1</guid></item> <item a='>'><title>2</title></item>\n"
        "<item><guid>3</guid><title>3</title>\n  <pubDate>\nsoon</pubDate></item>\n"
        "<item><guid>4</guid><title>3</title><pubDate>later</pubDate></item>\n"
        "  <item><guid>5</guid></item><item/>";
    struct buf document = {0};

    (void)state;
    for (int recover = 0; recover < 2; recover++) {
        buf_clear(&document);
        buf_add_cstr(&document, rss);
        buf_add_cstr(&document, recover ? "&</channel></rss>" : "</channel></rss>");
        assert_int_equal(parse(buf_bytes(&document)), OK);
        assert_int_equal(feed.recovered, recover);
        assert_int_equal(place_of("the date of 2 entries"), 6001);
        assert_int_equal(place_of("2 entries without a guid"), 3047);
        assert_int_equal(place_of("2 entries without a title"), 8003);
    }
    buf_done(&document);
}

static void a_place_is_right_behind_items_that_were_passed_over(void **state)
{
    struct buf document = {0};

    (void)state;
    buf_add_cstr(&document, "<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>\n");
    for (int i = 0; i < 3000; i++) /* more than the parser is given at a time */
        buf_printf(&document, "<item><guid>%d</guid><title>%d</title>%100s</item>\n", i, i, "");
    buf_add_cstr(&document, "   <item><title>odd</title></item></channel></rss>");
    assert_int_equal(parse(buf_bytes(&document)), OK);
    assert_int_equal(place_of("1 entry without a guid"), 3002 * 1000 + 4);
    buf_done(&document);
}

static void the_first_bad_byte_and_the_first_bad_item_have_a_place(void **state)
{
    (void)state;
    assert_int_equal(parse(LIT("<rss version='2.0'><channel>\n<title>\xc3\xa9\xc3\xa9 b\xff"
                               "d</title><item><title>1</title><guid>1</guid></item></channel>"
                               "</rss>")),
        OK);
    assert_int_equal(place_of("some bytes are not utf-8"), 2012);
    assert_int_equal(
        parse(LIT("\n {\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[\n"
                  "{\"id\":\"1\"},{\"id\":\"2\",\"date_published\":\"soon\"}, {nonsense},\n"
                  "{\"title\":\"3\"}]}")),
        OK);
    assert_int_equal(place_of("1 items are not valid"), 3048);
    assert_int_equal(place_of("1 entry without an id"), 4001);
    assert_int_equal(place_of("the date of 1 entry"), 3040);
}

static void an_entry_read_before_the_error_is_handed_over_once(void **state)
{
    (void)state;
    assert_int_equal(
        parse(LIT(
            "<rss version='2.0'><channel><item><title>1</title></item><item><title>2</title></item>"
            "<item><title>3 & 4</title></item><item><title>5</title></item></channel></rss>")),
        OK);
    assert_string_equal(seen, "1|2|3 & 4|5|");
    assert_int_equal(feed.entries, 4);
}

static void a_document_that_was_cut_says_so_and_keeps_its_whole_entries(void **state)
{
    struct bytes whole = LIT("<rss "
                             "version='2.0'><channel><title>t</title><item><title>1</title></"
                             "item><item><title>2</title></item></channel></rss>");

    (void)state;
    for (size_t len = whole.len - 1; len > 60; len--) {
        assert_int_equal(parse(bytes_slice(whole, 0, len)), OK);
        assert_false(feed.complete);
        assert_true(entries <= 2);
    }
    assert_int_equal(parse(bytes_slice(whole, 0, 85)), OK);
    assert_string_equal(seen, "1|");
    assert_int_equal(parse(LIT("{\"version\":\"https://jsonfeed.org/version/"
                               "1\",\"items\":[{\"id\":\"1\",\"title\":\"A\"},{\"id\":\"2\"")),
        OK);
    assert_string_equal(seen, "A|");
    assert_false(feed.complete);
}

static void junk_around_a_feed_is_no_error(void **state)
{
    (void)state;
    assert_int_equal(
        parse(LIT(
            "\n\n <br/><b>Warning</b>: x\n<?xml "
            "version='1.0'?><rss><channel><item><title>1</title></item></channel></rss> junk <x>")),
        OK);
    assert_string_equal(seen, "1|");
    assert_true(feed.complete);
}

static void what_is_no_feed_is_refused_in_words(void **state)
{
    (void)state;
    assert_int_equal(parse(LIT("<!DOCTYPE html><html><body>Hello</body></html>")), E_FORMAT);
    assert_string_equal(err.text, "1:1: this is an HTML page, not a feed");
    assert_int_equal(parse(LIT("")), E_FORMAT);
    assert_int_equal(parse(LIT("   \n ")), E_FORMAT);
    assert_int_equal(parse(LIT("{\"a\": 1}")), E_FORMAT);
    assert_int_equal(parse(LIT("<opml><body/></opml>")), E_FORMAT);
    assert_true(err.text[0] != '\0');
}

static void entities_of_a_dtd_are_expanded_up_to_a_bound(void **state)
{
    struct buf bomb = {0};

    (void)state;
    assert_int_equal(
        parse(LIT("<!DOCTYPE rss [<!ENTITY co 'Example &amp; Sons'><!ENTITY x SYSTEM "
                  "'file:///etc/passwd'>]>"
                  "<rss><channel><item><title>&co; &eacute; &x;</title></item></channel></rss>")),
        OK);
    assert_string_equal(seen, "Example & Sons é &x;|");
    buf_add_cstr(&bomb, "<!DOCTYPE rss [<!ENTITY a0 'lollollollol'>");
    for (int i = 1; i < 30; i++)
        buf_printf(&bomb, "<!ENTITY a%d '&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;'>", i, i - 1,
            i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    buf_add_cstr(
        &bomb, "]><rss><channel><item><title>&a29;&a28;&a5;</title></item></channel></rss>");
    assert_int_equal(parse(buf_bytes(&bomb)), OK);
    assert_int_equal(entries, 1);
    buf_done(&bomb);
}

static void depth_and_attributes_without_end_cost_no_more_than_their_length(void **state)
{
    struct buf deep = {0};

    (void)state;
    buf_add_cstr(&deep, "<rss><channel><item><title>1</title><description>");
    for (int i = 0; i < 20000; i++)
        buf_add_cstr(&deep, "<b>");
    for (int i = 0; i < 20000; i++)
        buf_add_cstr(&deep, "</b>");
    buf_add_cstr(&deep, "</description></item><item><title>2</title></item><item");
    for (int i = 0; i < 50000; i++)
        buf_printf(&deep, " a%d='x'", i);
    buf_add_cstr(&deep, "><title>3</title></item></channel></rss>");
    assert_int_equal(parse(buf_bytes(&deep)), OK);
    assert_string_equal(seen, "1|2|3|");
    buf_done(&deep);
}

static void memory_is_bounded_by_the_entry(void **state)
{
    struct buf large = {0};
    struct arena *small = arena_new(2 << 20);
    struct feed_source source = {.url = LIT("http://example.org/")};
    struct feed_sink sink = {.on_entry = on_entry, .ctx = NULL};

    (void)state;
    buf_add_cstr(&large, "<rss><channel>");
    for (int i = 0; i < 20000; i++)
        buf_printf(&large,
            "<item><title>%d</title><category>c%d</category><description>%0300d</description></"
            "item>",
            i, i, i);
    buf_add_cstr(&large, "</channel></rss>");
    entries = seen_len = 0;
    assert_int_equal(feed_parse(small, buf_bytes(&large), &source, &sink, &feed, &err), OK);
    assert_int_equal(entries, 20000);
    assert_true(arena_used(small) < 1 << 20);
    arena_free(small);
    buf_done(&large);
}

static int stop_at_two(void *ctx, const struct entry *entry)
{
    (void)entry;
    return ++*(int *)ctx == 2 ? E_STOPPED : OK;
}

static void a_sink_may_stop_the_reading(void **state)
{
    struct feed_source source = {.url = LIT("http://example.org/")};
    int count = 0;
    struct feed_sink sink = {.on_entry = stop_at_two, .ctx = &count};

    (void)state;
    assert_int_equal(feed_parse(arena, LIT("<rss><channel><item/><item/><item/></channel></rss>"),
                         &source, &sink, &feed, &err),
        E_STOPPED);
    assert_int_equal(count, 2);
}

static void titles_are_plain_and_keep_what_only_looks_like_markup(void **state)
{
    (void)state;
    parse(ITEM("<title>The &amp;lt;i&amp;gt; tag</title>"));
    assert_string_equal(seen, "The <i> tag|");
    parse(ITEM("<title>Nice &lt;gorilla&gt; &lt;b&gt;bold&lt;/b&gt;</title>"));
    assert_string_equal(seen, "Nice bold|");
    parse(ITEM("<title>A &lt; B &amp;amp; C</title>"));
    assert_string_equal(seen, "A < B & C|");
    parse(ITEM("<title><![CDATA[ AT&T \n news ]]></title>"));
    assert_string_equal(seen, "AT&T news|");
}

struct trace {
    uint64_t hash;
    size_t events;
};

static int trace_start(void *ctx, const struct xml_element *element)
{
    struct trace *t = ctx;

    t->events += 1 + element->attribute_count;
    for (size_t i = 0; i < element->name.len; i++)
        t->hash = t->hash * 31 + (unsigned char)element->name.ptr[i];
    for (size_t i = 0; i < element->attribute_count; i++)
        for (size_t k = 0; k < element->attributes[i].value.len; k++)
            t->hash = t->hash * 31 + (unsigned char)element->attributes[i].value.ptr[k];
    return OK;
}

static int trace_end(void *ctx, bool cut)
{
    struct trace *t = ctx;

    t->hash = t->hash * 31 + 7 + cut;
    return OK;
}

static void trace_text(void *ctx, struct bytes text)
{
    struct trace *t = ctx;

    for (size_t i = 0; i < text.len; i++)
        t->hash = t->hash * 31 + (unsigned char)text.ptr[i];
}

static void both_readers_see_the_same_in_a_well_formed_document(void **state)
{
    static const char *const documents[] = {
        "<a><b c='1 &amp; 2' d=\"&lt;&quot;&#x41;&#38;&amp;#38;\"/>text &amp; &lt; &#8364; "
        "<![CDATA[<raw> & ]]><!-- no --></a>",
        "<?xml version='1.0'?><x:a xmlns:x='u' x:y='z'><x:b/>\n<c>é</c></x:a>",
        "<a>&#10;<b></b><c/><?pi x?></a>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
        struct trace strict = {0}, tolerant = {0};
        struct xml_handler handler = {trace_start, trace_end, trace_text, &strict, NULL, NULL};
        struct xml_report report;

        assert_int_equal(xml_read_strict(bytes_of(documents[i]), &handler, &report), OK);
        handler.ctx = &tolerant;
        assert_int_equal(xml_read_tolerant(bytes_of(documents[i]), &handler, &report), OK);
        assert_int_equal(report.problem_count, 0);
        assert_int_equal(strict.events, tolerant.events);
        assert_true(strict.hash == tolerant.hash);
    }
}

/* libxml2 leaves out an entity of a DTD that it does not load, and obeys defaults of one that
 * stands in the document. */
static void a_dtd_is_kept_from_libxml2_wherever_it_stands(void **state)
{
    static const char *const before[] = {"", "<!-- 1 < 2 -->", "<!-- <rss> -->\n<!-- <b -->",
        "<?xml version='1.0'?>\n<!-- a <- b -->", "<?php if (1 < 2) ?>",
        "<?a <b> ?><!-- <c> --><?d <e?>", "<!-- <!DOCTYPE rss> ?> <x -->", "<?a <!-- <b ?>",
        "<!-- <?a -- -->", "<!--<x--><?a<x?> \n"};
    static const char *const dtds[] = {
        "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' "
        "'http://my.netscape.com/publish/formats/rss-0.91.dtd'>",
        "<!DOCTYPE rss [<!ATTLIST rss xml:base CDATA 'http://elsewhere.example/'>"
        "<!ENTITY ccedil '&#231;'>]>",
        "<!doctype rss>"};
    const char *rest = "<rss version='0.91'><channel><item><title>Fran&ccedil;ois</title>"
                       "<link>/1</link></item></channel></rss>";

    (void)state;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        for (size_t k = 0; k < sizeof(dtds) / sizeof(dtds[0]); k++) {
            struct bytes document = bytes_format(arena, "%s%s%s", before[i], dtds[k], rest);

            assert_int_equal(parse(document), OK);
            assert_string_equal(seen, "François|");
            HAS(json_of(document), "\"link\":\"http://example.org/1\"");
        }
}

static int strict(struct bytes document)
{
    struct trace trace = {0};
    struct xml_handler handler = {trace_start, trace_end, trace_text, &trace, NULL, NULL};
    struct xml_report report;

    return xml_read_strict(document, &handler, &report);
}

static void what_only_looks_like_a_dtd_is_none(void **state)
{
    (void)state;
    assert_int_equal(strict(LIT("<!-- <!DOCTYPE a> --><a/>")), OK);
    assert_int_equal(strict(LIT("<?b <!DOCTYPE a> ?>\n<!-- < --><a/>")), OK);
    assert_int_equal(strict(LIT("<a><!-- <!DOCTYPE a> --><![CDATA[<!DOCTYPE a>]]></a>")), OK);
    assert_int_equal(strict(LIT("<!-- < --><!DOCTYPE a><a/>")), E_FORMAT);
    assert_int_equal(strict(LIT("<!-- < <!DOCTYPE a><a/>")), E_FORMAT); /* never closed */
    assert_int_equal(strict(LIT("<?b < <!DOCTYPE a><a/>")), E_FORMAT);
    assert_int_equal(strict(LIT("<!--> <!DOCTYPE a><a/>")), E_FORMAT);
}

struct tag {
    const char *before, *name, *value, *after; /* name, a number and value many times */
    int code;
};

static int strict_tag(const struct tag *tag, int times)
{
    struct buf document = {0};
    int code;

    buf_printf(&document, "<a>%s", tag->before);
    for (int i = 0; i < times; i++)
        buf_printf(&document, "%s%d%s", tag->name, i, tag->value);
    buf_printf(&document, "%s</a>", tag->after);
    code = strict(buf_bytes(&document));
    buf_done(&document);
    return code;
}

/* Whatever their values hold: a ">" in one ended the count. */
static void libxml2_gets_no_element_with_very_many_attributes(void **state)
{
    static const struct tag tags[] = {{"<b", " a", "=''", "/>", E_FORMAT},
        {"<b z='>'", " a", "=''", "/>", E_FORMAT}, {"<b z=\">\"", " a", "=\"\"", "/>", E_FORMAT},
        {"<b", " a", "='>'", "/>", E_FORMAT}, {"<b", " a", "=\"'>\"", "/>", E_FORMAT},
        {"<b", " a", "='\">'", "/>", E_FORMAT}, {"<b", "\na", " = '>'", "></b>", E_FORMAT},
        {"<b", " xmlns:a", "='>'", "/>", E_FORMAT},
        {"<!-- <i ' --><b z='>'", " a", "=''", "/>", E_FORMAT},
        {"<![CDATA[<i \"]]><b z='>'", " a", "=''", "/>", E_FORMAT},
        {"it's <b z='>'", " a", "=''", "/>", E_FORMAT}, /* those with few: */
        {"", "<b a", "='>'/>", "", OK}, {"<b c='", "=", "", "'/>", OK},
        {"<b c=\"'>", "=", "", "'\"/>", OK}, {"<!--", "=", "", "-->", OK},
        {"<![CDATA[", "=", "", "]]>", OK}, {"<?b ", "=", "", "?>", OK}, {"'", "=", "", "", OK}};

    (void)state;
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        assert_int_equal(strict_tag(&tags[i], 20), OK);
        if (strict_tag(&tags[i], 300) != tags[i].code)
            fail_msg("%s%s%s", tags[i].before, tags[i].name, tags[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rss_2_0),
        cmocka_unit_test(reads_atom_with_its_bases_and_inherited_authors),
        cmocka_unit_test(takes_each_relation_of_a_link),
        cmocka_unit_test(reads_rdf_and_json_feed),
        cmocka_unit_test(reads_news_sitemaps),
        cmocka_unit_test(what_is_not_well_formed_is_read_and_diagnosed_with_its_place),
        cmocka_unit_test(what_is_wrong_is_told_nowhere_else),
        cmocka_unit_test(places_are_those_of_the_whole_document_in_characters),
        cmocka_unit_test(what_entries_lack_is_told_once_for_the_feed),
        cmocka_unit_test(what_is_odd_is_told_with_the_place_of_the_first),
        cmocka_unit_test(a_place_is_right_behind_items_that_were_passed_over),
        cmocka_unit_test(the_first_bad_byte_and_the_first_bad_item_have_a_place),
        cmocka_unit_test(an_entry_read_before_the_error_is_handed_over_once),
        cmocka_unit_test(a_document_that_was_cut_says_so_and_keeps_its_whole_entries),
        cmocka_unit_test(junk_around_a_feed_is_no_error),
        cmocka_unit_test(what_is_no_feed_is_refused_in_words),
        cmocka_unit_test(entities_of_a_dtd_are_expanded_up_to_a_bound),
        cmocka_unit_test(depth_and_attributes_without_end_cost_no_more_than_their_length),
        cmocka_unit_test(memory_is_bounded_by_the_entry),
        cmocka_unit_test(a_sink_may_stop_the_reading),
        cmocka_unit_test(titles_are_plain_and_keep_what_only_looks_like_markup),
        cmocka_unit_test(both_readers_see_the_same_in_a_well_formed_document),
        cmocka_unit_test(a_dtd_is_kept_from_libxml2_wherever_it_stands),
        cmocka_unit_test(what_only_looks_like_a_dtd_is_none),
        cmocka_unit_test(libxml2_gets_no_element_with_very_many_attributes),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
