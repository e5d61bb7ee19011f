/* test_extract_jsonld.c - JSON as pages have it: what is sound reads as strict readers have it,
 * what is not as far as it makes sense, and no more than the limits. */
#include "stage_test.h"

#include <stdlib.h>

#include "base/json.h"
#include "said/evidence.h"
#include "said/jsonld.h"

/* At most as deep as JSONLD_DEPTH. Keys point into the text, which json_value() does not take. */
static void write_value(struct json_writer *w, const struct json *value)
{
    const char *key = value->key.len == 0 ? NULL : bytes_cstr(arena, value->key);

    if (value->type == JSON_OBJECT)
        json_begin_object(w, key);
    else if (value->type == JSON_ARRAY)
        json_begin_array(w, key);
    else if (value->type == JSON_STRING)
        json_string(w, key, value->text);
    else
        json_raw(w, key, json_text(value).len > 0 ? json_text(value) : LIT("null"));
    for (const struct json *at = value->first; at != NULL; at = at->next)
        write_value(w, at);
    if (value->type == JSON_OBJECT)
        json_end_object(w);
    else if (value->type == JSON_ARRAY)
        json_end_array(w);
}

/* What was read, written again: an array of documents. */
static const char *read_again(struct bytes text)
{
    struct buf buf = {0};
    struct json_writer w = {.out = &buf};
    const char *written;

    write_value(&w, jsonld_parse(arena, text));
    written = bytes_cstr(arena, buf_bytes(&buf));
    buf_done(&buf);
    return written;
}

struct reading {
    const char *text, *read;
};

static void assert_read(const struct reading *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *read = read_again(bytes_of(cases[i].text));

        if (strcmp(read, cases[i].read) != 0)
            fail_msg("%s\n was read as %s\n and not as %s", cases[i].text, read, cases[i].read);
    }
}

#define ALL(cases) cases, sizeof(cases) / sizeof((cases)[0])

static void reads_what_is_sound_as_it_is(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "{\"a\":1,\"b\":-2.5e3,\"c\":true,\"d\":false,\"e\":null,\"f\":\"\"}",
        "{\"@graph\":[{\"@type\":\"Article\"},{\"@type\":[\"A\",\"B\"]}]}",
        "[[[[1],2],3],{\"x\":{\"y\":{\"z\":[]}}}]",
        "{\"a\":\"commas, colons: {braces} [brackets] // and /* marks */\"}",
        "{\"a b\":\"\xC3\xA4\xF0\x9F\x9A\xA2\"}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char *wanted = bytes_format(arena, "[%s]", texts[i]).ptr;

        assert_string_equal(read_again(bytes_of(texts[i])), wanted);
    }
}

static void reads_what_stands_around_and_between(void **state)
{
    static const struct reading cases[] = {
        {"  \n {\"a\":1} \t", "[{\"a\":1}]"},
        {"<!-- {\"a\":1} -->", "[{\"a\":1}]"},
        {"//<![CDATA[\n{\"a\":1}\n//]]>", "[{\"a\":1}]"},
        {"<![CDATA[{\"a\":1}]]>", "[{\"a\":1}]"},
        {"/* ours */ {\"a\" /* key */ : /* value */ 1}", "[{\"a\":1}]"},
        {"{\"a\":1 // the first\n,\"b\":2}", "[{\"a\":1,\"b\":2}]"},
        {"\xEF\xBB\xBF{\"a\":1}", "[{\"a\":1}]"},
        {"{\xC2\xA0\"a\":\xC2\xA0"
         "1}",
            "[{\"a\":1}]"},
        {"{\"a\":1}{\"b\":2}\n[3]", "[{\"a\":1},{\"b\":2},[3]]"},
        {"{\"a\":1};", "[{\"a\":1}]"},
        {"", "[]"},
        {" \n ", "[]"},
        {"/* never closed {\"a\":1}", "[]"},
    };

    (void)state;
    assert_read(ALL(cases));
}

static void goes_on_where_others_stop(void **state)
{
    static const struct reading cases[] = {
        {"{\"a\":1,\"b\":2,}", "[{\"a\":1,\"b\":2}]"},
        {"[1,,2,]", "[[1,2]]"},
        {"{\"a\":\"x\"\n\"b\":\"y\"}", "[{\"a\":\"x\",\"b\":\"y\"}]"},
        {"{\"a\":[1 2 3]}", "[{\"a\":[1,2,3]}]"},
        {"{\"a\":{\"b\":1}", "[{\"a\":{\"b\":1}}]"},
        {"{\"a\":1}}}]{\"b\":2}", "[{\"a\":1},{\"b\":2}]"},
        {"{\"a\":\"one \"quoted\" word\",\"b\":2}",
            "[{\"a\":\"one \\\"quoted\\\" word\",\"b\":2}]"},
        {"{\"a\":\"two\nlines\"}", "[{\"a\":\"two\\nlines\"}]"},
        {"{\"a\":,\"b\":2}", "[{\"b\":2}]"},
        {"{\"a\":}", "[{}]"},
        {"{\"a\":\"never closed", "[{\"a\":\"never closed\"}]"},
        {"{\"a\"", "[{}]"},
        {"{\"a\":", "[{}]"},
        {"]", "[]"},
        {":,;", "[]"},
    };

    (void)state;
    assert_read(ALL(cases));
}

static void reads_escapes(void **state)
{
    static const struct reading cases[] = {
        {"[\"\\u00e4\\u00C4\"]", "[[\"\xC3\xA4\xC3\x84\"]]"},
        {"[\"\\u20ac\"]", "[[\"\xE2\x82\xAC\"]]"},
        {"[\"\\ud83d\\udea2\"]", "[[\"\xF0\x9F\x9A\xA2\"]]"},
        {"[\"\\ud83d\"]", "[[\"\xEF\xBF\xBD\"]]"},
        {"[\"\\ud83dx\"]", "[[\"\xEF\xBF\xBDx\"]]"},
        {"[\"\\ud83d\\u0041\"]", "[[\"\xEF\xBF\xBD"
                                 "A\"]]"},
        {"[\"\\udea2\\ud83d\"]", "[[\"\xEF\xBF\xBD\xEF\xBF\xBD\"]]"},
        {"[\"\\u0000\"]", "[[\"\xEF\xBF\xBD\"]]"},
        {"[\"\\u12\"]", "[[\"12\"]]"},
        {"[\"\\uzzzz\"]", "[[\"zzzz\"]]"},
        {"[\"a\\nb\\rc\\td\"]", "[[\"a\\nb\\nc d\"]]"},
        {"[\"\\\"\\\\\\/\"]", "[[\"\\\"\\\\/\"]]"},
        {"[\"\\'it\\'s\"]", "[[\"'it's\"]]"},
        {"[\"ends in \\", "[[\"ends in \\\\\"]]"},
        {"[\"ends in \\\\\"]", "[[\"ends in \\\\\"]]"},
    };

    (void)state;
    assert_read(ALL(cases));
}

/* Cut anywhere, what stood before the cut is read, and nothing that was not there. */
static void a_document_that_is_cut_gives_what_came(void **state)
{
    static const char text[] =
        "{\"@type\":\"NewsArticle\",\"headline\":\"A \\u00e4 \\ud83d\\udea2\","
        "\"author\":[{\"name\":\"M\"},{\"name\":\"T\"}],\"free\":false}";
    const size_t type_ends = strlen("{\"@type\":\"NewsArticle\"");
    const size_t all = sizeof(text) - 1;

    (void)state;
    for (size_t len = 0; len <= all; len++) {
        char *copy = malloc(len + 1); /* of just this length: ASan sees who reads on */
        const struct json *root;
        struct bytes type;

        memcpy(copy, text, len);
        root = jsonld_parse(arena, (struct bytes){copy, len});
        assert_int_equal(root->type, JSON_ARRAY);
        type = json_get_text(root->first, "@type");
        if (len >= type_ends)
            assert_true(bytes_is(type, "NewsArticle"));
        else
            assert_true(bytes_starts(LIT("NewsArticle"), type));
        free(copy);
    }
}

/* What is deeper than the limit is left out, and what follows is read all the same. */
static void goes_on_behind_what_is_too_deep(void **state)
{
    struct buf text = {0};
    const struct json *root;

    (void)state;
    buf_add_cstr(&text, "{\"a\":");
    for (int i = 0; i < 2 * JSONLD_DEPTH; i++)
        buf_add_cstr(&text, "{\"x\":[1,");
    for (int i = 0; i < 2 * JSONLD_DEPTH; i++)
        buf_add_cstr(&text, "2]}");
    buf_add_cstr(&text, ",\"b\":\"behind\"}");
    root = jsonld_parse(arena, buf_bytes(&text));
    assert_true(bytes_is(json_get_text(root->first, "b"), "behind"));
    assert_null(root->first->next);
    buf_done(&text);
}

static void brackets_without_end_cost_no_more_than_their_length(void **state)
{
    enum { DEEP = 200000 };
    char *text = malloc(DEEP);
    const struct json *at;
    int depth = 0;

    (void)state;
    memset(text, '[', DEEP);
    for (at = jsonld_parse(arena, (struct bytes){text, DEEP}); at != NULL; at = at->first)
        depth++;
    assert_in_range(depth, 2, JSONLD_DEPTH);
    memset(text, '{', DEEP);
    assert_non_null(jsonld_parse(arena, (struct bytes){text, DEEP}));
    memset(text, '"', DEEP);
    assert_non_null(jsonld_parse(arena, (struct bytes){text, DEEP}));
    free(text);
}

static void values_are_bounded(void **state)
{
    struct buf text = {0};
    size_t count = 0;

    (void)state;
    for (int i = 0; i < 2 * JSONLD_VALUES; i++)
        buf_add_cstr(&text, "1,");
    for (const struct json *at = jsonld_parse(arena, buf_bytes(&text))->first; at != NULL;
         at = at->next)
        count++;
    assert_in_range(count, JSONLD_VALUES - 2, JSONLD_VALUES);
    buf_done(&text);
}

/* ---- texts that are said ------------------------------------------------------------ */

static void texts_are_cleaned_of_what_HTML_puts_in(void **state)
{
    static const struct reading cases[] = {
        {"Tom &amp; Mona", "Tom & Mona"},
        {"&quot;Ships&quot; &lt;three&gt;", "\"Ships\" <three>"},
        {"&#8220;Ships&#8221;", "\xE2\x80\x9CShips\xE2\x80\x9D"},
        {"&#x201C;Ships&#X201d;", "\xE2\x80\x9CShips\xE2\x80\x9D"},
        {"M&uuml;nchen&nbsp;&ndash; heute", "M\xC3\xBCnchen \xE2\x80\x93 heute"},
        {"Don&rsquo;t", "Don\xE2\x80\x99t"},
        {"Donau&shy;dampf", "Donaudampf"},
        {"AT&T; &unknown; & &#; &;", "AT&T; &unknown; & &#; &;"},
        {"&#0;&#xD800;&#1114112;&#99999999999;", "&#0;&#xD800;&#1114112;&#99999999999;"},
        {"<b>Three</b> ships<br/>two", "Three ships two"},
        {"<!-- ad -->Ships", "Ships"},
        {"1 < 2 and 3 > 2", "1 < 2 and 3 > 2"},
        {"a <b without end", "a <b without end"},
        {"  \t a \n\n b\xC2\xA0\xC2\xA0"
         "c  ",
            "a b c"},
        {"&amp;lt;", "&lt;"},
        {"", ""},
        {" &nbsp; ", ""},
        {"<p></p>", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *clean = bytes_cstr(arena, said_clean(arena, bytes_of(cases[i].text)));

        if (strcmp(clean, cases[i].read) != 0)
            fail_msg("%s\n was cleaned to %s", cases[i].text, clean);
    }
}

/* Where a text is cut, no letter is. */
static void a_text_is_cut_between_letters(void **state)
{
    static const char text[] = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x9A\xA2z";
    static const size_t cuts[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};

    (void)state;
    for (size_t limit = 0; limit < sizeof(cuts) / sizeof(cuts[0]); limit++)
        assert_int_equal(said_cut(bytes_of(text), limit).len, cuts[limit]);
}

/* ---- which object is the article ------------------------------------------------------ */

#define SCRIPT(json) "<script type=\"application/ld+json\">" json "</script>"
#define AUTHOR(name) "{\"@type\":\"Person\",\"name\":\"" name "\"}"

/* Alone on the page, with another address and no word of its title. */
static void believes_no_object_of_another_article(void **state)
{
    static const char other[] =
        "<title>Three ships where the book says two | The Mole</title><link rel=\"canonical\" "
        "href=\"https://news.example/harbour/three-ships\">" SCRIPT(
            "{\"@type\":\"NewsArticle\",\"headline\":\"Seals return to western "
            "beach\",\"url\":\"https://news.example/nature/seals\",\"datePublished\":"
            "\"2020-01-01\",\"author\":" AUTHOR("Eva Wrong") "}");
    static const char own[] =
        "<title>Three ships where the book says two | The Mole</title><link rel=\"canonical\" "
        "href=\"https://news.example/harbour/three-ships\">" SCRIPT(
            "{\"@type\":\"NewsArticle\",\"headline\":\"Harbour book misses a third of its "
            "ships\",\"url\":\"https://amp.news.example/a/17\",\"datePublished\":"
            "\"2024-05-13\"}");

    (void)state;
    assert_string_equal(value(extracted(other, HEADLINE ARTICLE), WR_PUBLISHED), "");
    assert_string_equal(value(extracted(own, HEADLINE ARTICLE), WR_PUBLISHED), "2024-05-13");
}

static void finds_the_article_among_other_objects(void **state)
{
    static const struct {
        const char *head, *author;
    } cases[] = {
        {SCRIPT("{\"@type\":\"NewsArticle\",\"author\":" AUTHOR("Mona Petersen") "}"),
            "Mona Petersen"},
        {SCRIPT("{\"@type\":\"https://schema.org/NewsArticle\",\"author\":" AUTHOR(
             "Mona Petersen") "}"),
            "Mona Petersen"},
        {SCRIPT("{\"@type\":[\"Thing\",\"BlogPosting\"],\"author\":" AUTHOR("Mona Petersen") "}"),
            "Mona Petersen"},
        {SCRIPT("{\"@graph\":[{\"@type\":\"WebSite\",\"author\":" AUTHOR(
             "Web Master") "},{\"@type\":\"Article\",\"author\":" AUTHOR("Mona Petersen") "}]}"),
            "Mona Petersen"},
        {SCRIPT("{\"@type\":\"BreadcrumbList\"}")
                SCRIPT("{\"@type\":\"NewsArticle\",\"author\":" AUTHOR("Mona Petersen") "}"),
            "Mona Petersen"},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"author\":{\"@list\":[" AUTHOR("Mona Petersen") "]}}"),
            "Mona Petersen"},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"creator\":" AUTHOR("Mona Petersen") "}"),
            "Mona Petersen"},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"author\":[" AUTHOR("Mona Petersen") "," AUTHOR(
             "Mona Petersen") "]}"),
            "Mona Petersen"},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"author\":{\"@id\":\"#m\"}}"
                "{\"@type\":\"Person\",\"@id\":\"#m\",\"name\":\"Mona Petersen\"}"),
            "Mona Petersen"},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"author\":{\"@type\":\"Person\",\"name\":[\"Mona "
                "Petersen\"]}}"),
            "Mona Petersen"},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"author\":{\"@id\":\"#nobody\"}}"), ""},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"author\":null}"), ""},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"author\":[]}"), ""},
        {"<script type=\"text/javascript\">{\"@type\":\"NewsArticle\",\"author\":\"Mona "
         "Petersen\"}</script>",
            ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wr_record *rec = extracted(
            cases[i].head, HEADLINE ARTICLE "<p>M. Petersen writes from the harbour.</p>");

        if (strcmp(value(rec, WR_AUTHOR), cases[i].author) != 0 ||
            wr_count(rec, WR_AUTHOR) != (cases[i].author[0] == '\0' ? 0 : 1))
            fail_msg("%s\n is said to be by \"%s\"", cases[i].head, value(rec, WR_AUTHOR));
    }
}

static void hears_whether_a_page_is_free(void **state)
{
    static const struct reading cases[] = {
        {SCRIPT("{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":false}"), "false"},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":\"False\"}"), "false"},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":\"True\"}"), "true"},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":true}"), "true"},
        {SCRIPT("{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":\"perhaps\"}"), ""},
        {SCRIPT("{\"@type\":\"NewsArticle\"}"), ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(
            value(extracted(cases[i].text, HEADLINE ARTICLE ARTICLE ARTICLE), WR_FREE),
            cases[i].read);
}

RUN_WITH_EACH_PARSER(TEST(reads_what_is_sound_as_it_is), TEST(reads_what_stands_around_and_between),
    TEST(goes_on_where_others_stop), TEST(reads_escapes),
    TEST(a_document_that_is_cut_gives_what_came), TEST(goes_on_behind_what_is_too_deep),
    TEST(brackets_without_end_cost_no_more_than_their_length), TEST(values_are_bounded),
    TEST(texts_are_cleaned_of_what_HTML_puts_in), TEST(a_text_is_cut_between_letters),
    TEST(believes_no_object_of_another_article), TEST(finds_the_article_among_other_objects),
    TEST(hears_whether_a_page_is_free))
