/* test_feed_words.c - titles and texts as they were meant: markup that nobody knows, levels of
 * escaping, sections within sections, and whose language speaks. */
#include "unit/feed_cases.h"

#define DESCRIPTION(html) "<description><![CDATA[" html "]]></description>"

static void what_html_does_not_know_is_markup_or_words(void **state)
{
    static const struct gives cases[] = {
        {DESCRIPTION("<p>at <quay>the old</quay> quay</p>"), "<p>at the old quay</p>", NULL},
        {DESCRIPTION("<x-card><b>Tide</b> tables</x-card>"), "\"<b>Tide</b> tables\"", NULL},
        {DESCRIPTION("<p>a<chart data='1'>b</chart>c</p>"), "<p>abc</p>", NULL},
        {DESCRIPTION("<p>a<Chart>b</CHART>c</p>"), "<p>abc</p>", NULL},
        {DESCRIPTION("<quay><quay>two</quay></quay> ends"), "\"two ends\"", NULL},
        {DESCRIPTION("<p><svg width='9'><defs><stop offset='1'/></defs></svg>x</p>"),
            "<svg width=\\\"9\\\"></svg>x</p>", "stop"},
        {DESCRIPTION("<p>List<String> of words</p>"), "<p>List&lt;String&gt; of words</p>", NULL},
        {DESCRIPTION("<p>mail <insert name here> now</p>"), "&lt;insert name here&gt; now", NULL},
        {DESCRIPTION("<p>ask <jane@quay.example> first</p>"), "&lt;jane@quay.example&gt; first",
            NULL},
        {DESCRIPTION("<p>see <https://quay.example/a> first</p>"),
            "&lt;https://quay.example/a&gt; first", NULL},
        {DESCRIPTION("<p>ends with </feed> alone</p>"), "ends with &lt;/feed&gt; alone", NULL},
        {DESCRIPTION("<p></quay>before <quay> it opens</p>"),
            "&lt;/quay&gt;before &lt;quay&gt; it opens", NULL},
        {DESCRIPTION("<p>self<x/>closed</p>"), "self&lt;x/&gt;closed", NULL},
        {"<title>At &lt;quay&gt;the old&lt;/quay&gt; pier</title>", "At the old pier", NULL},
        {"<title>From &lt;quay&gt; to &lt;/quays&gt;</title>",
            "From &lt;quay&gt; to &lt;/quays&gt;", NULL},
        {"<title>Maps&lt;K,V&gt; and &lt;gorilla&gt;</title>",
            "Maps&lt;K,V&gt; and &lt;gorilla&gt;", NULL},
    };
    static const struct gives xhtml[] = {
        {"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a <port>new</port> "
         "one<mark-page/>.</p></div></content>",
            "<p>a new one.</p>", NULL},
        {"<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a <port>new</port> one"
         "</div></title>",
            "\"title\":\"a new one\"", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
    CHECK(atom_entry, xhtml);
}

static void finding_out_costs_no_more_than_the_text(void **state)
{
    struct buf text = {.limit = 8 << 20};
    const char *json;

    (void)state;
    buf_add_cstr(&text, "<rss version='2.0'><channel><item><description><![CDATA[");
    for (int i = 0; i < 100000; i++)
        buf_printf(&text, "<n%d>word</m%d>", i, i);
    buf_add_cstr(&text, "]]></description></item></channel></rss>");
    json = json_of(buf_bytes(&text));
    HAS(json, "&lt;n99999&gt;word&lt;/m99999&gt;");
    buf_done(&text);
}

static void a_formula_keeps_its_letters(void **state)
{
    static const struct gives cases[] = {
        {DESCRIPTION("<p>so <math><mi>E</mi><mo>=</mo><mi>m</mi></math> it is</p>"),
            "<p>so E=m it is</p>", NULL},
        {DESCRIPTION("<math display='block'><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"), "\"12\"",
            NULL},
        {DESCRIPTION("<p><math><semantics><mi>x</mi><annotation encoding='application/x-tex'>\\\\x"
                     "</annotation></semantics></math></p>"),
            "<p>x</p>", NULL},
        {DESCRIPTION("<p><math><semantics><mi>x</mi><annotation-xml encoding='c'><ci>y</ci>"
                     "</annotation-xml></semantics></math>!</p>"),
            "<p>x!</p>", NULL},
        {"<title><![CDATA[On <math><mi>x</mi></math> and <i>y</i>]]></title>", "On x and <i>y</i>",
            NULL},
        {DESCRIPTION("<p>a<script>mi()</script><style>b</style></p>"), "<p>a</p>", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
}

static void a_comment_ends_as_in_browsers(void **state)
{
    static const struct gives cases[] = {
        {DESCRIPTION("<p>a<!-->b</p>"), "<p>ab</p>", NULL},
        {DESCRIPTION("<p>a<!--->b</p>"), "<p>ab</p>", NULL},
        {DESCRIPTION("<p>a<!---->b</p>"), "<p>ab</p>", NULL},
        {DESCRIPTION("<p>a<!-- x --!>b</p>"), "<p>ab</p>", NULL},
        {DESCRIPTION("<p>a<!-- x --!> y -- >b--->c</p>"), "<p>a y -- &gt;b---&gt;c</p>", NULL},
        {DESCRIPTION("<p>a<!-- > -- > --->b</p>"), "<p>ab</p>", NULL},
        {DESCRIPTION("<p>a<!-- <b>hidden</b> -->b</p>"), "<p>ab</p>", NULL},
        {DESCRIPTION("<p>a<!-- never ends</p>"), "<p>a</p>", NULL},
        {"<title><![CDATA[a<!-- x --!>b<i>c</i>]]></title>", "ab<i>c</i>", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
}

static void a_section_that_was_escaped_is_no_text(void **state)
{
    static const struct gives cases[] = {
        {"<title>&lt;![CDATA[Ebb &amp; flow]]&gt;</title>", "\"title\":\"Ebb &amp; flow\"", NULL},
        {"<description>&lt;![CDATA[&lt;p&gt;low&lt;/p&gt;]]&gt;</description>",
            "\"summary\":\"<p>low</p>\"", NULL},
        {"<description>&lt;p&gt;a&lt;/p&gt;&lt;![CDATA[b]]&gt; c]]&gt;</description>",
            "<p>a</p>b c]]&gt;", NULL},
        {"<link>&lt;![CDATA[http://news.example/a]]&gt;</link>",
            "\"link\":\"http://news.example/a\"", NULL},
        {"<description>&lt;![CDATA[ebb ]]&gt;&lt;![CDATA[and flow]]&gt;</description>",
            "\"summary\":\"ebb and flow\"", NULL},
        {"<description>&lt;p&gt;low&lt;/p&gt;]]&gt;</description>", "\"summary\":\"<p>low</p>\"",
            NULL},
        {"<title>Tide]]&gt;</title>", "\"title\":\"Tide\"", NULL},
        {"<title>a[b[1]]&gt;</title>", "\"title\":\"a[b[1]]&gt;\"", NULL},
        {"<category>&lt;![CDATA[Sea]]&gt;</category>", "\"categories\":[\"Sea\"]", NULL},
        {"<guid isPermaLink='false'>&lt;![CDATA[g1]]&gt;</guid>", "\"id\":\"g1\"", NULL},
        {"<author>&lt;![CDATA[Ann Lee]]&gt;</author>", "\"name\":\"Ann Lee\"", NULL},
        {"<pubDate>&lt;![CDATA[14 Mar 2026]]&gt;</pubDate>", "\"published\":\"2026-03-14\"", NULL},
        {"<title>&lt;![CDATA[&lt;![CDATA[twice]]&gt;]]&gt;</title>", "\"title\":\"twice\"", NULL},
        {"<title><![CDATA[&lt;![CDATA[Ebb]]&gt;]]></title>", "\"title\":\"Ebb\"", NULL},
        {"<description><![CDATA[&lt;![CDATA[&lt;p&gt;low&lt;/p&gt;]]&gt;]]></description>",
            "\"summary\":\"<p>low</p>\"", NULL},
        {"<title>&lt;![CDATA[Ebb</title>", "\"title\":\"Ebb\"", NULL},
        {"<enclosure url='&lt;![CDATA[http://news.example/a.mp3]]&gt;'/>",
            "\"url\":\"http://news.example/a.mp3\"", NULL},
        {"<title>x[y[0]]&gt; 5</title>", "x[y[0]]&gt; 5", NULL},
        {"<title>Why &lt;![CDATA[ ends in ]]&gt; in XML</title>",
            "Why &lt;![CDATA[ ends in ]]&gt; in XML", NULL},
        {DESCRIPTION("<p><code>&lt;![CDATA[x]]&gt;</code></p>"), "<code>&lt;![CDATA[x]]&gt;</code>",
            NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
}

/* RSS does not tell of what level its titles are; what is printed reads as what is published. */
static void a_title_is_printed_at_one_level(void **state)
{
    static const struct gives cases[] = {
        {"<title>Salt &amp;amp; Tar</title>", "\"title\":\"Salt &amp; Tar\"", NULL},
        {"<title>Salt &amp; Tar</title>", "\"title\":\"Salt &amp; Tar\"", NULL},
        {"<title><![CDATA[Tide &#8211; &ldquo;low&rdquo;]]></title>", "\"title\":\"Tide – “low”\"",
            NULL},
        {"<title>3 &lt; 4 &amp;gt; 2</title>", "\"title\":\"3 &lt; 4 &gt; 2\"", NULL},
        {"<title>Plain</title>", "\"title\":\"Plain\"", NULL},
        {"<title>&lt;em&gt;Gull&lt;/em&gt; &amp;amp; crew</title>",
            "\"title\":\"<em>Gull</em> &amp; crew\"", NULL},
        {"<title>&amp;lt;em&amp;gt; explained</title>", "\"title\":\"&lt;em&gt; explained\"", NULL},
        {"<copyright>Salt &amp;amp; Tar</copyright>", "\"rights\":\"Salt &amp; Tar\"", NULL},
    };
    static const struct gives atom[] = {
        {"<title type='text'>a &amp;amp; b</title>", "\"title\":\"a &amp;amp; b\"", NULL},
        {"<title type='html'>a &amp;amp; b</title>", "\"title\":\"a &amp; b\"", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
    CHECK(atom_entry, atom);
}

static void text_that_was_decoded_wrongly_is_repaired(void **state)
{
    static const struct gives cases[] = {
        {"<title>CafÃ© am MÃ¼hlrad</title>", "\"title\":\"Café am Mühlrad\"", NULL},
        {"<title>Sp&#195;&#164;ter &#226;&#128;&#147; mehr</title>", "\"title\":\"Später – mehr\"",
            NULL},
        {"<category>PÃªche</category>", "\"categories\":[\"Pêche\"]", NULL},
        {"<author>RenÃ© Roy</author>", "\"name\":\"René Roy\"", NULL},
        {DESCRIPTION("<p>Itâ€™s <a href='/a?b=1&amp;c=2'>here</a></p>"), "<p>It’s <a href=", NULL},
        {DESCRIPTION("it&#226;&#128;&#153;s"), "\"summary\":\"it’s\"", NULL},
        {"<title>CAFÉ» – NÃO</title>", "\"title\":\"CAFÉ» – NÃO\"", NULL},
        {"<title>Señor Ã</title>", "\"title\":\"Señor Ã\"", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
}

#define IN(language, inside)                                                                       \
    LIT("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='" language "'><title>T</title>"       \
        "<entry>" inside "</entry></feed>")

/* XML 1.0 section 2.12: an element without xml:lang is in the language of its parent. */
static void the_text_speaks_for_the_entry(void **state)
{
    static const struct {
        struct bytes document;
        const char *has;
    } cases[] = {
        {IN("en", "<title xml:lang='fr'>Le bac</title><content>It sails.</content>"), "en"},
        {IN("en", "<title xml:lang='fr'>Le bac</title>"), "fr"},
        {IN("en", "<title xml:lang='fr'>Le bac</title><summary>It sails.</summary>"), "en"},
        {IN("en", "<content xml:lang='fr'>Le bac.</content><title>Ferry</title>"), "fr"},
        {IN("en", "<summary xml:lang='fr'>Le bac.</summary><content>It sails.</content>"), "en"},
        {IN("en", "<content>It sails.</content><summary xml:lang='fr'>Le bac.</summary>"), "en"},
        {IN("en", "<summary>It sails.</summary><content xml:lang='fr'>Le bac.</content>"), "fr"},
        {IN("en", "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml' xml:lang='fr'>"
                  "<p>Le bac</p></div></content>"),
            "fr"},
        {IN("en", "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml' lang='fr'>"
                  "<p>Le bac</p></div></content>"),
            "fr"},
        {IN("en", "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
                  "<p xml:lang='fr'>Le bac</p><p>It sails.</p></div></content>"),
            "en"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        HAS(json_of(cases[i].document),
            bytes_format(arena, "\"language\":\"%s\"", cases[i].has).ptr);
    HAS(json_of(ITEM("<title>a</title><dc:language xmlns:dc='http://purl.org/dc/elements/1.1/'>fr"
                     "</dc:language><description>b</description>")),
        "\"language\":\"fr\"");
}

static void a_picture_s_caption_is_no_summary(void **state)
{
    static const struct gives cases[] = {
        {"<content:encoded>It opened.</content:encoded><media:content url='/a.jpg'>"
         "<media:description>The quay</media:description></media:content>",
            "\"summary\":\"It opened.\"", NULL},
        {"<media:description>The quay</media:description><content:encoded>It opened."
         "</content:encoded>",
            "\"summary\":\"It opened.\"", "The quay"},
        {"<media:description>The quay</media:description><description>It opened.</description>",
            "\"summary\":\"It opened.\"", "The quay"},
        {"<media:group><media:description>A film of it</media:description></media:group>",
            "\"summary\":\"A film of it\"", NULL},
        {"<media:description>A film of it</media:description><content:encoded>"
         "&lt;img src='/a.jpg'&gt;</content:encoded>",
            "\"summary\":\"A film of it\"", NULL},
        {"<itunes:summary>Talk</itunes:summary><content:encoded>Long talk.</content:encoded>",
            "\"summary\":\"Talk\"", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
}

static void a_title_has_nothing_unseen(void **state)
{
    static const struct gives cases[] = {
        {"<title>&#xfeff;Ferry</title>", "\"title\":\"Ferry\"", NULL},
        {"<title>Fer&#xad;ry&#x200b; sails&#x2060;</title>", "\"title\":\"Ferry sails\"", NULL},
        {"<title>&amp;shy;Fer&amp;shy;ry</title>", "\"title\":\"Ferry\"", NULL},
        {"<category>&#xfeff;Sea</category>", "[\"Sea\"]", NULL},
        {"<author>Ann&#x200b; Lee</author>", "\"name\":\"Ann Lee\"", NULL},
        {"<title>\331\205\333\214&#x200c;\330\261\331\210\330\257</title>",
            "\"title\":\"\331\205\333\214\342\200\214\330\261\331\210\330\257\"", NULL},
        {"<title>&#x1f468;&#x200d;&#x1f467;</title>", "\342\200\215", NULL},
    };

    (void)state;
    CHECK(rss_item, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_html_does_not_know_is_markup_or_words),
        cmocka_unit_test(finding_out_costs_no_more_than_the_text),
        cmocka_unit_test(a_formula_keeps_its_letters),
        cmocka_unit_test(a_comment_ends_as_in_browsers),
        cmocka_unit_test(a_section_that_was_escaped_is_no_text),
        cmocka_unit_test(a_title_is_printed_at_one_level),
        cmocka_unit_test(text_that_was_decoded_wrongly_is_repaired),
        cmocka_unit_test(a_title_has_nothing_unseen),
        cmocka_unit_test(the_text_speaks_for_the_entry),
        cmocka_unit_test(a_picture_s_caption_is_no_summary),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
