/* test_extract_authors.c - who wrote it: what is believed, what is found, and what is no name. */
#include "stage_test.h"

#define LD(json) "<script type=\"application/ld+json\">" json "</script>"
#define LD_PERSON(name)                                                                            \
    LD("{\"@type\": \"NewsArticle\", \"headline\": \"Three ships where the book says two\", "      \
       "\"author\": {\"@type\": \"Person\", \"name\": \"" name "\"}, "                             \
       "\"publisher\": {\"@type\": \"Organization\", \"name\": \"Mole Daily\"}}")

/* The authors of a page, joined by "; ". */
static const char *authors(const char *head, const char *body)
{
    struct wr_record *rec = extracted(head, body);
    const char *all = "";

    for (size_t i = 0; i < wr_count(rec, WR_AUTHOR); i++)
        all = bytes_cstr(arena, bytes_format(arena, "%s%s%s", all, i > 0 ? "; " : "",
                                    bytes_cstr(arena, record_get_at(rec, WR_AUTHOR, i))));
    return all;
}

static void believes_no_name_that_no_reader_sees(void **state)
{
    (void)state;
    assert_string_equal(authors(LD_PERSON("Wilma Tastenfeld"), HEADLINE ARTICLE), "");
    assert_string_equal(
        authors("<meta name=\"author\" content=\"Wilma Tastenfeld\">", HEADLINE ARTICLE), "");
    assert_string_equal(authors(LD_PERSON("Wilma Tastenfeld"),
                            HEADLINE ARTICLE "<p>W. Tastenfeld writes from the harbour.</p>"),
        "Wilma Tastenfeld");
}

static void believes_the_feed_where_the_page_is_silent(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(rec, WR_PAGE, bytes_of("<html><body>" HEADLINE ARTICLE "</body></html>"));
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/harbour/three-ships"));
    record_set(rec, WR_PAGE_TYPE, LIT("text/html; charset=utf-8"));
    record_set(rec, WR_FEED_AUTHOR, LIT("Wilma Tastenfeld"));
    assert_int_equal(extract_article(&extract, rec), WR_NEXT);
    assert_string_equal(value(rec, WR_AUTHOR), "Wilma Tastenfeld");
}

static void finds_who_signs_whatever_the_name_is(void **state)
{
    static const struct {
        const char *line, *name;
    } cases[] = {{"<p class=\"meta\">October 19, 2019 by seemaus</p>", "seemaus"},
        {"<p>Veröffentlicht am Juli 9, 2016 von Hafenfräulein</p>", "Hafenfräulein"},
        {"<p>Posted in Harbour by seemaus on August 3, 2019</p>", "seemaus"},
        {"<span class=\"byline author\">von Redaktion, 24. Januar 2022</span>", "Redaktion"},
        {"<p>By Mole Daily, in News, Harbour - 31 Jan 2025, 20:02</p>", "Mole Daily"},
        {"<p class=\"author\">det/dpa</p>", "det/dpa"},
        {"<p>05.02.2020 - Redaktion: Eberhard Fuhrmann (Sprecher)</p>", "Eberhard Fuhrmann"},
        {"<p>Published on 3 May 2019</p><p>Author:</p><p>seemaus</p>", "seemaus"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes body =
            bytes_format(arena, "<article>%s%s%s</article>", HEADLINE, cases[i].line, ARTICLE);

        assert_string_equal(authors("", bytes_cstr(arena, body)), cases[i].name);
    }
}

static void finds_who_signs_behind_the_text(void **state)
{
    (void)state;
    assert_string_equal(authors("", "<article>" HEADLINE ARTICLE "<div class=\"post-footer\"><span "
                                    "class=\"post-author vcard\">Eingestellt von der Hannes um "
                                    "21:11</span></div></article>"),
        "der Hannes");
    assert_string_equal(
        authors("", "<article>" HEADLINE ARTICLE "<p>Autoren Anna Berg und Tom Lind</p></article>"),
        "Anna Berg; Tom Lind");
}

static void takes_no_sentence_for_a_byline(void **state)
{
    static const char *const lines[] = {
        "<p>Von den umliegenden Höfen kaufte der Wirt noch Speck, Brot und Kartoffeln.</p>",
        "<h2>Über Kohleausstieg, Kernkraftwerke und Erneuerbare Energien</h2>",
        "<ul><li>About Nordic Omniverse for all scientific pictures</li></ul>",
        "<p>Information provided by (Responsible Party):</p>",
        "<p>© 19.12.2019 by Seemann GmbH. All rights reserved.</p>",
        "<p class=\"byline\">Updated</p>"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct bytes body =
            bytes_format(arena, "<article>%s%s%s</article>", HEADLINE, lines[i], ARTICLE);

        assert_string_equal(authors("", bytes_cstr(arena, body)), "");
    }
}

static void takes_a_bare_name_at_an_end_of_the_text(void **state)
{
    (void)state;
    assert_string_equal(
        authors("", "<article>" HEADLINE "<p><strong>Mona Petersen/Lea Quist</strong></p>" ARTICLE
                    "</article>"),
        "Mona Petersen; Lea Quist");
    assert_string_equal(authors("", "<article>" HEADLINE ARTICLE
                                    "<p style=\"text-align:right;\">Mona Petersen</p></article>"),
        "Mona Petersen");
    assert_string_equal(
        authors("", "<article>" HEADLINE "<p>Mona Petersen</p>" ARTICLE "</article>"), "");
}

static void follows_the_address_of_an_author_to_the_name(void **state)
{
    (void)state;
    assert_string_equal(
        authors("<meta property=\"article:author\" "
                "content=\"https://news.example/editors/mona-petersen\">",
            "<article>" HEADLINE "<div><a href=\"/about/editors/mona-petersen/\">Mona "
            "Petersen</a>, @monap</div>" ARTICLE "</article>"),
        "Mona Petersen");
    assert_string_equal(authors("<meta property=\"article:author\" "
                                "content=\"https://social.example/mona-petersen\">",
                            HEADLINE "<a href=\"/x/mona-petersen\">Our Best Ships</a>" ARTICLE),
        "");
}

static void takes_an_owners_name_for_a_name(void **state)
{
    (void)state;
    assert_string_equal(
        authors("<meta property=\"og:site_name\" content=\"Anna Berg's blog\">",
            "<article>" HEADLINE "<p class=\"byline\">Anna Berg</p>" ARTICLE "</article>"),
        "Anna Berg");
}

static void ends_a_name_where_something_else_begins(void **state)
{
    static const struct {
        const char *line, *name;
    } cases[] = {{"By Anna Berg Anna Berg", "Anna Berg"},
        {"By Anna BergNovember 21, 2025", "Anna Berg"},
        {"von Anna Berg, Online-Redaktion Veröffentlicht: 26.12.2022", "Anna Berg"},
        {"By Anna Berg →", "Anna Berg"},
        {"<span class=\"author\">Anna Berg im Gespräch mit Tom Lind</span>",
            "Anna Berg; Tom Lind"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes body = bytes_format(
            arena, "<article>%s<p>%s</p>%s</article>", HEADLINE, cases[i].line, ARTICLE);

        assert_string_equal(authors("", bytes_cstr(arena, body)), cases[i].name);
    }
}

static void prefers_the_byline_to_a_list_of_helpers(void **state)
{
    (void)state;
    assert_string_equal(
        authors("<meta name=\"author\" content=\"Anna Berg,Sharon Lind at Nord Models,Bertha "
                "Quist,Paul Petersen\">",
            "<article>" HEADLINE "<div class=\"byline\">Anna Berg</div>" ARTICLE
            "<p>Thanks to Bertha Quist and Sharon Lind.</p></article>"),
        "Anna Berg");
}

static void takes_the_link_to_an_authors_page_beside_the_headline(void **state)
{
    (void)state;
    assert_string_equal(
        authors("", "<article>" HEADLINE
                    "<div class=\"x1\"><a href=\"/autor/anna-berg/\">Anna Berg</a></div>" ARTICLE
                    "</article>"),
        "Anna Berg");
    assert_string_equal(
        authors("", "<article>" HEADLINE ARTICLE ARTICLE ARTICLE ARTICLE ARTICLE
                    "<div><a href=\"/autor/anna-berg/\">Anna Berg</a></div></article>"),
        "");
}

static void takes_a_name_in_brackets_at_the_end_of_the_text(void **state)
{
    (void)state;
    assert_string_equal(
        authors("", "<article>" HEADLINE FIRST SECOND
                    "<p>The council will hear the keeper on Thursday, and until then "
                    "the book stays closed. (Anna Berg) +++</p></article>"),
        "Anna Berg");
    assert_string_equal(
        authors("", "<article>" HEADLINE FIRST SECOND
                    "<p>The council will hear the keeper on Thursday, said the head "
                    "of the office (Anna Berg).</p></article>"),
        "");
}

static void takes_no_place_and_no_word_of_a_date_for_a_name(void **state)
{
    (void)state;
    assert_string_equal(
        authors("", "<article>" HEADLINE "<p class=\"byline\">Anna Berg, Los Angeles</p>" ARTICLE
                    "</article>"),
        "Anna Berg");
    assert_string_equal(
        authors("",
            "<article>" HEADLINE
            "<p class=\"byline\"><time>Veröffentlicht am 19.10.19</time></p>" ARTICLE "</article>"),
        "");
}

RUN_WITH_EACH_PARSER(TEST(takes_the_link_to_an_authors_page_beside_the_headline),
    TEST(takes_a_name_in_brackets_at_the_end_of_the_text),
    TEST(takes_no_place_and_no_word_of_a_date_for_a_name),
    TEST(believes_no_name_that_no_reader_sees), TEST(believes_the_feed_where_the_page_is_silent),
    TEST(finds_who_signs_whatever_the_name_is), TEST(finds_who_signs_behind_the_text),
    TEST(takes_no_sentence_for_a_byline), TEST(takes_a_bare_name_at_an_end_of_the_text),
    TEST(follows_the_address_of_an_author_to_the_name), TEST(takes_an_owners_name_for_a_name),
    TEST(ends_a_name_where_something_else_begins), TEST(prefers_the_byline_to_a_list_of_helpers))
