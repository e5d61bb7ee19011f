/* test_extract_titles.c - which heading is the headline, what of it, and whose data speak for the
 * page. */
#include "stage_test.h"

#define LD(json) "<script type=\"application/ld+json\">" json "</script>"

static const char *title(const char *head, const char *heading)
{
    return value(extracted(head,
                     bytes_cstr(arena, bytes_format(arena, "%s<div>%s</div>", heading, ARTICLE))),
        WR_TITLE);
}

static void knows_a_headline_that_links_to_itself(void **state)
{
    static const struct {
        const char *head, *heading, *title;
    } cases[] = {
        {"<title>mole notes</title>",
            "<h1><a href=\"/\">mole notes</a></h1><h2><a href=\"/harbour/three-ships\">Three ships "
            "came</a></h2>",
            "Three ships came"},
        {"<title>Three ships came ‹ Mole Notes</title>",
            "<h2><a href=\"/\">Mole Notes</a></h2><h3><a "
            "href=\"https://news.example/harbour/three-ships/\">Three ships came</a></h3>",
            "Three ships came"},
        {"<title>Three ships came</title>",
            "<h1>Three ships came</h1><h2><a href=\"/harbour/other\">Another ship sank</a></h2>",
            "Three ships came"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(title(cases[i].head, cases[i].heading), cases[i].title);
}

static void takes_the_headline_out_of_its_heading(void **state)
{
    static const char head[] = "<title>Three ships where two were due | Mole Daily</title><meta "
                               "property=\"og:site_name\" content=\"Mole Daily\">";
    static const struct {
        const char *head, *heading;
    } cases[] = {
        {head, "<h1><span class=\"date\">7 August 2021</span> Three ships where two were due</h1>"},
        {"<meta property=\"og:title\" content=\"Three ships where two were due\">",
            "<h1>Three ships where two were due <span class=\"badge\">Subscribers only</span> <a "
            "href=\"#top\">¶</a></h1>"},
        {"<title>From the mole: Three ships where two were due | Mole Daily</title><meta "
         "property=\"og:site_name\" content=\"Mole Daily\">",
            "<h1><span>From the mole</span> <span>Three ships where two were due</span></h1>"},
        {"<title>x</title>", "<h2>Three ships where two were due</h2><div style=\"display:none\">"
                             "<h1>Source text</h1></div>"},
        {"<meta property=\"og:title\" content=\"Three ships where two were due - The Mole Daily\">",
            "<div class=\"headline\">Three ships where two were due</div>"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(
            title(cases[i].head, cases[i].heading), "Three ships where two were due");
    assert_string_equal(title(head, "<h1><b>Three ships</b> where two <i>were due</i></h1>"),
        "Three ships where two were due");
}

static void takes_no_summary_for_the_headline(void **state)
{
    (void)state;
    assert_string_equal(
        title("<title>Varne - Lexicon</title>" LD(
                  "{\"@type\": \"Article\", \"name\": \"Varne\", \"headline\": \"island and parish "
                  "in the northern bay\"}"),
            "<h1>Varne</h1>"),
        "Varne");
}

static void believes_the_data_of_this_article_only(void **state)
{
    static const char own[] =
        LD("{\"@type\": \"NewsArticle\", \"headline\": \"Three ships where the book says two\", "
           "\"datePublished\": \"2024-05-13\", \"author\": {\"@type\": \"Person\", \"name\": "
           "\"Mona Petersen\"}}");
    static const char *const others[] = {
        LD("{\"@type\": \"NewsArticle\", \"headline\": \"Seals return to the beach\", \"url\": "
           "\"https://news.example/seals\", \"datePublished\": \"2023-02-01\", \"author\": "
           "{\"@type\": \"Person\", \"name\": \"Lea Quist\"}}"),
        LD("{\"@type\": \"Product\", \"name\": \"Rope\", \"review\": [{\"@type\": \"Review\", "
           "\"datePublished\": \"2022-01-05\", \"author\": {\"@type\": \"Person\", \"name\": \"Lea "
           "Quist\"}}]}"),
        LD("{\"@type\": \"ItemList\", \"itemListElement\": [{\"@type\": \"NewsArticle\", "
           "\"headline\": \"Seals return to the beach\", \"datePublished\": \"2023-02-01\", "
           "\"author\": \"Lea Quist\"}]}")};

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct bytes head = bytes_format(
            arena, "<title>Three ships where the book says two | Mole</title>%s%s", others[i], own);
        struct wr_record *rec = extracted(bytes_cstr(arena, head),
            "<article>" HEADLINE "<p class=\"byline\">By Mona Petersen</p>" ARTICLE
            "<p>Lea Quist bought a rope.</p></article>");

        assert_string_equal(value(rec, WR_AUTHOR), "Mona Petersen");
        assert_int_equal(wr_count(rec, WR_AUTHOR), 1);
        assert_string_equal(value(rec, WR_PUBLISHED), "2024-05-13");
    }
}

static void takes_no_front_page_for_the_canonical_address(void **state)
{
    (void)state;
    assert_string_equal(value(extracted("<link rel=\"canonical\" href=\"https://news.example/\">",
                                  HEADLINE ARTICLE),
                            WR_CANONICAL),
        "https://news.example/harbour/three-ships");
}

static void takes_a_picture_of_the_pages_own_element(void **state)
{
    (void)state;
    assert_string_equal(
        value(extracted("", "<article>" HEADLINE
                            "<amp-img src=\"/media/quay.jpg\" width=\"1200\"></amp-img>" ARTICLE
                            "</article>"),
            WR_IMAGE),
        "https://news.example/media/quay.jpg");
}

static void takes_no_button_and_no_stand_in_for_the_picture(void **state)
{
    static const char *const shown[] = {
        "<a href=\"/gn\"><img src=\"/static/news-follow.png\" alt=\"Follow us\"></a>",
        "<figure><img src=\"/static/grey-16x9.gif\" alt=\"The quay\"></figure>"};

    (void)state;
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        assert_string_equal(
            value(extracted(
                      "<meta property=\"og:image\" content=\"https://news.example/quay.jpg\">" LD(
                          "{\"@type\": \"NewsArticle\", \"headline\": \"Three ships where the "
                          "book says two\"}"),
                      bytes_cstr(arena, bytes_format(arena, "<article>%s%s<div>%s</div></article>",
                                            HEADLINE, shown[i], ARTICLE))),
                WR_IMAGE),
            "https://news.example/quay.jpg");
}

RUN_WITH_EACH_PARSER(TEST(takes_no_button_and_no_stand_in_for_the_picture),
    TEST(knows_a_headline_that_links_to_itself), TEST(takes_the_headline_out_of_its_heading),
    TEST(takes_no_summary_for_the_headline), TEST(believes_the_data_of_this_article_only),
    TEST(takes_no_front_page_for_the_canonical_address),
    TEST(takes_a_picture_of_the_pages_own_element))
