/* test_extract_microdata.c - what a page's own elements say of its article. */
#include "stage_test.h"

#define ARTICLE_ITEM(type) "<div itemscope itemtype=\"https://schema.org/" type "\">"

static void reads_microdata_with_items_in_items(void **state)
{
    struct wr_record *rec = extracted("",
        ARTICLE_ITEM(
            "NewsArticle") "<h1 itemprop=\"headline\">Three ships where the book says two</h1>"
                           "<div itemprop=\"author\" itemscope "
                           "itemtype=\"https://schema.org/Person\"><a href=\"/m\"><span "
                           "itemprop=\"name\">Mona Petersen</span></a></div>"
                           "<div itemprop=\"author\" itemscope "
                           "itemtype=\"https://schema.org/Person\"><span "
                           "itemprop=\"name\">Tom Lind</span></div>"
                           "<meta itemprop=\"datePublished\" content=\"2024-05-02T08:30:00+02:00\">"
                           "<meta itemprop=\"dateModified\" content=\"2024-05-03T08:30:00+02:00\">"
                           "<div itemprop=\"publisher\" itemscope "
                           "itemtype=\"https://schema.org/Organization\"><meta "
                           "itemprop=\"name\" content=\"Mole Daily\"></div>"
                           "<meta itemprop=\"articleSection\" content=\"Harbour\">"
                           "<div itemprop=\"image\" itemscope "
                           "itemtype=\"https://schema.org/ImageObject\"><meta "
                           "itemprop=\"url\" "
                           "content=\"https://img.example/mole.jpg\"></div>" ARTICLE "</div>");

    (void)state;
    assert_int_equal(wr_count(rec, WR_AUTHOR), 2);
    assert_string_equal(value(rec, WR_AUTHOR), "Mona Petersen");
    assert_string_equal(bytes_cstr(arena, record_get_at(rec, WR_AUTHOR, 1)), "Tom Lind");
    assert_string_equal(value(rec, WR_PUBLISHED), "2024-05-02T08:30:00+02:00");
    assert_string_equal(value(rec, WR_MODIFIED), "2024-05-03T08:30:00+02:00");
    assert_string_equal(value(rec, WR_SECTION), "Harbour");
    assert_string_equal(value(rec, WR_IMAGE), "https://img.example/mole.jpg");
}

static void reads_rdfa_lite(void **state)
{
    struct wr_record *rec = extracted("",
        "<article vocab=\"https://schema.org/\" typeof=\"schema:NewsArticle\">" HEADLINE
        "<p property=\"schema:author\" typeof=\"schema:Person\"><span "
        "property=\"schema:name\">Mona "
        "Petersen</span></p><span property=\"schema:datePublished\" "
        "content=\"2024-05-02T06:30:00Z\">today</span><meta "
        "property=\"schema:isAccessibleForFree\" "
        "content=\"false\">" ARTICLE ARTICLE ARTICLE ARTICLE "</article>");

    (void)state;
    assert_string_equal(value(rec, WR_AUTHOR), "Mona Petersen");
    assert_string_equal(value(rec, WR_PUBLISHED), "2024-05-02T06:30:00Z");
    assert_string_equal(value(rec, WR_FREE), "false");
}

static void weighs_it_below_what_metas_say(void **state)
{
    struct wr_record *rec =
        extracted("<meta property=\"article:published_time\" content=\"2024-05-02T08:30:00Z\">",
            ARTICLE_ITEM("BlogPosting") HEADLINE
            "<meta itemprop=\"datePublished\" content=\"2020-01-01\">" ARTICLE "</div>");

    (void)state;
    assert_string_equal(value(rec, WR_PUBLISHED), "2024-05-02T08:30:00Z");
}

static void reads_nothing_of_the_articles_beside_it(void **state)
{
    struct wr_record *rec = extracted("",
        ARTICLE_ITEM(
            "Article") "<h2 itemprop=\"headline\">Ice comes early</h2><meta "
                       "itemprop=\"datePublished\" content=\"2019-01-01\"></div>" ARTICLE_ITEM(
                           "Article") HEADLINE
        "<meta itemprop=\"datePublished\" content=\"2024-05-02\">" ARTICLE
        "<div itemprop=\"comment\" itemscope><p itemprop=\"author\">A Reader</p><meta "
        "itemprop=\"datePublished\" content=\"2024-06-01\"></div></div>");

    (void)state;
    assert_string_equal(value(rec, WR_PUBLISHED), "2024-05-02");
    assert_int_equal(wr_count(rec, WR_AUTHOR), 0);
}

RUN_WITH_EACH_PARSER(TEST(reads_microdata_with_items_in_items), TEST(reads_rdfa_lite),
    TEST(weighs_it_below_what_metas_say), TEST(reads_nothing_of_the_articles_beside_it))
