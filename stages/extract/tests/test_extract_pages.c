/* test_extract_pages.c - which links lead on in an article, and how its pages are joined. */
#include "follow.h"
#include "page/pages.h"
#include "stage_test.h"

static void assert_next(const char *first, const char *next, int number, bool expected)
{
    if (pages_is_next(bytes_of(first), bytes_of(next), number) != expected)
        fail_msg("%s -> %s", first, next);
}

static void knows_the_next_page_by_its_number(void **state)
{
    (void)state;
    assert_next("https://a.example/news/ships", "https://a.example/news/ships/2", 2, true);
    assert_next("https://a.example/news/ships/", "https://a.example/news/ships/2/", 2, true);
    assert_next("https://a.example/news/ships/", "https://a.example/news/ships/page/3/", 3, true);
    assert_next("https://a.example/ships.html", "https://a.example/ships_2.html", 2, true);
    assert_next("https://a.example/news089.html", "https://a.example/news089_2.html", 2, true);
    assert_next("https://a.example/ships-p1.html", "https://a.example/ships-p2.html", 2, true);
    assert_next("https://a.example/ships", "https://a.example/ships?page=2", 2, true);
    assert_next("https://a.example/ships/", "https://a.example/ships?page=2", 2, true);
    assert_next("https://a.example/ships?id=7", "https://a.example/ships?id=7&seite=2", 2, true);
    assert_next("https://a.example/ships?id=7", "https://a.example/ships?page=2&id=7", 2, true);
    assert_next("https://a.example/ships#top", "https://a.example/ships?p=10#top", 10, true);
    assert_next("https://a.example/view/367061", "https://a.example/view/367061/2", 2, true);
}

static void takes_no_other_article_for_the_next_page(void **state)
{
    (void)state;
    assert_next("https://a.example/news/ships", "https://a.example/news/herrings", 2, false);
    assert_next("https://a.example/news/ships", "https://a.example/news/ships-2", 2, false);
    assert_next("https://a.example/news/12345", "https://a.example/news/12346", 2, false);
    assert_next("https://a.example/news/1", "https://a.example/news/2", 2, false);
    assert_next("https://a.example/?p=811", "https://a.example/?p=968", 2, false);
    assert_next("https://a.example/ships", "https://a.example/ships/comment-page-2", 2, false);
    assert_next("https://a.example/ships", "https://a.example/ships/3", 2, false);
    assert_next("https://a.example/ships", "https://b.example/ships/2", 2, false);
    assert_next("https://a.example/ships", "http://a.example/ships/2", 2, false);
    assert_next("https://a.example", "https://a.example2/2", 2, false);
    assert_next("https://a.example/ships", "https://a.example/ships", 2, false);
    assert_next("https://a.example/ships", "", 2, false);
    assert_next("", "https://a.example/ships/2", 2, false);
}

#define NEXT "<a rel=\"prev nofollow next\" href=\"/harbour/three-ships/2#text\">2</a>"
#define FOURTH                                                                                     \
    "<p>On Thursday the keeper came in his best coat, laid the book on the table of the council "  \
    "and read the names aloud, one after the other, until nobody asked any more.</p>"
#define FIFTH                                                                                      \
    "<p>It was the clerk who found the leaf that somebody had cut out with a sharp knife, and "    \
    "the council rose without a word and went down to the mole to look for itself.</p>"

static const struct bytes second_url = {"https://news.example/harbour/three-ships/2", 42};

static void finds_the_link_to_the_next_page(void **state)
{
    struct bytes first = LIT("https://news.example/harbour/three-ships");

    (void)state;
    extracted("", HEADLINE ARTICLE NEXT);
    assert_true(bytes_equal(pages_next(&extract.page, first, 2), second_url));
    assert_int_equal(pages_next(&extract.page, first, 3).len, 0);
    extracted("<link rel=\"next\" href=\"/harbour/other\">", HEADLINE ARTICLE);
    assert_int_equal(pages_next(&extract.page, first, 2).len, 0);
}

static bool join(struct wr_record *rec, const char *body)
{
    return follow_join(&extract, rec,
        bytes_format(arena, "<html><head></head><body>%s</body></html>", body), second_url);
}

static void joins_the_text_without_what_stands_there_already(void **state)
{
    struct wr_record *rec = extracted("", "<article>" HEADLINE ARTICLE "</article>");

    (void)state;
    assert_true(
        join(rec, "<article>" HEADLINE FIRST FOURTH
                  "<figure><img src=a><figcaption>The council at work.</figcaption></figure>" FIFTH
                  "</article>"));
    assert_article(rec);
    assert_true(
        bytes_find(record_get(rec, WR_TEXT), LIT("sold years ago.\nOn Thursday")) != SIZE_MAX);
    assert_true(bytes_ends(record_get(rec, WR_TEXT), LIT("look for itself.")));
    assert_true(bytes_find(record_get(rec, WR_HTML), LIT("look for itself.</p>")) != SIZE_MAX);
    assert_int_equal(
        bytes_find(bytes_from(record_get(rec, WR_TEXT), 10), LIT("The lighthouse")), SIZE_MAX);
    assert_string_equal(value(rec, WR_CAPTION), "The council at work.");
    assert_string_equal(value(rec, WR_TITLE), "Three ships where the book says two");
}

static void joins_no_page_of_another_article(void **state)
{
    struct wr_record *rec = extracted("", "<article>" HEADLINE ARTICLE "</article>");

    (void)state;
    assert_false(
        join(rec, "<article><h1>Herring prices at their lowest</h1>" FOURTH FIFTH "</article>"));
    assert_false(join(rec, ""));
    assert_false(text_has(rec, "On Thursday the keeper"));
}

RUN_WITH_EACH_PARSER(TEST(knows_the_next_page_by_its_number),
    TEST(takes_no_other_article_for_the_next_page), TEST(finds_the_link_to_the_next_page),
    TEST(joins_the_text_without_what_stands_there_already), TEST(joins_no_page_of_another_article))
