/* Where a body begins and ends that is written into several elements. */
#include "stage_test.h"

#define PAGE(body) extracted("", body)

#define FOURTH                                                                                     \
    "<p>Older people on the mole remember a winter in which nobody counted, because the harbour "  \
    "was frozen to the lighthouse and the only boat that moved was pulled by horses.</p>"
#define FIFTH                                                                                      \
    "<p>The book of that winter has two pages, both about the price of hay, and a drawing of a "   \
    "horse on skates which the keeper's grandfather is said to have made by candlelight.</p>"
#define LINKS                                                                                      \
    "<ul><li><a href=\"/a\">Boats</a></li><li><a href=\"/b\">Weather on the coast</a></li></ul>"

static void assert_all(const struct wr_record *rec)
{
    assert_article(rec);
    assert_true(text_has(rec, "Older people on the mole"));
    assert_true(text_has(rec, "The book of that winter"));
}

static void takes_in_the_first_paragraphs_of_an_element_of_their_own(void **state)
{
    (void)state;
    assert_all(PAGE("<main>" HEADLINE "<div class=\"opening\">" FIRST
                    "</div><div class=\"rest\">" SECOND THIRD FOURTH FIFTH "</div></main>"));
    assert_all(
        PAGE("<main>" HEADLINE "<section class=\"k4\"><div>" FIRST "</div></section>"
             "<div class=\"q9\"><div><div>" SECOND THIRD FOURTH FIFTH "</div></div></div></main>"));
    assert_all(PAGE(
        "<main>" HEADLINE "<div class=\"body\"><div class=\"head-part\">The lighthouse "
        "keeper counted the ships again that morning, and again there were three of "
        "them, although the book said two.</div><div class=\"tail-part\">" SECOND THIRD FOURTH FIFTH
        "</div></div></main>"));
}

static void takes_in_the_last_paragraphs_of_an_element_of_their_own(void **state)
{
    (void)state;
    assert_all(PAGE("<article>" HEADLINE "<div class=\"x1\">" FIRST SECOND THIRD
                    "</div><div class=\"y1\">" FOURTH FIFTH "</div></article>"));
    assert_all(PAGE("<article>" HEADLINE "<div class=\"copy copy-1\">" FIRST SECOND THIRD FOURTH
                    "</div><div class=\"newsletter\"><h3>Letters</h3><p>Get our letter every "
                    "morning.</p></div><div class=\"copy copy-2\">" FIFTH "</div></article>"));
}

static void takes_in_cousins(void **state)
{
    (void)state;
    assert_all(
        PAGE("<main>" HEADLINE "<div class=\"row\"><div class=\"cell\"><div>" FIRST
             "</div></div></div><div class=\"row\"><div class=\"cell\"><div>" SECOND THIRD FOURTH
             "</div></div></div><div class=\"row\"><div class=\"cell\"><div>" FIFTH
             "</div></div></div></main>"));
}

static void leaves_out_what_stands_beside_the_parts(void **state)
{
    struct wr_record *rec = PAGE("<main>" HEADLINE "<div class=\"a\">" FIRST "</div><div>" LINKS
                                 "</div><div class=\"b\">" SECOND THIRD FOURTH FIFTH
                                 "</div><div class=\"c\">" LINKS "</div></main>");

    (void)state;
    assert_all(rec);
    assert_false(text_has(rec, "Weather on the coast"));
}

static void stops_at_another_storys_headline(void **state)
{
    struct wr_record *rec =
        PAGE("<main>" HEADLINE "<div class=\"a\">" FIRST SECOND THIRD
             "</div><div class=\"b\"><h3><a href=\"/hay\">The price of hay</a></h3>" FOURTH
             "</div><div class=\"c\">" FIFTH "</div></main>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "Older people on the mole"));
    assert_false(text_has(rec, "The book of that winter"));
}

static void stops_at_a_label_of_something_else(void **state)
{
    struct wr_record *rec =
        PAGE("<main>" HEADLINE "<div class=\"a\">" FIRST SECOND THIRD
             "</div><div class=\"b\"><h4>From our archive</h4>" FOURTH "</div></main>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "Older people on the mole"));
}

static void keeps_chapters_with_headlines_of_their_own(void **state)
{
    (void)state;
    assert_all(PAGE(
        "<article>" HEADLINE FIRST SECOND "<section><h1>The winter of the hay</h1>" THIRD FOURTH
        "</section><section><h1>The horse on skates</h1>" FIFTH SECOND "</section></article>"));
}

static void leaves_out_longer_posts_behind_the_headlines_own(void **state)
{
    struct wr_record *rec = extracted("<title>Three ships where the book says two</title>",
        "<div><article class=\"post\">" HEADLINE FIRST SECOND THIRD "</article><article "
        "class=\"post\"><h3>More</h3><article><h3>On hay</h3>" FOURTH FOURTH
        "</article><article><h3>On skates</h3>" FIFTH FIFTH FIFTH "</article></article></div>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "Older people on the mole"));
    assert_false(text_has(rec, "The book of that winter"));
}

#define WORK(number)                                                                               \
    "<li>Berg A, Lind B 19" number ". Ice on the bay in the years of hay, with a note on cold "    \
    "moles. Annals of Harbours 19" number "; 10:100-118. <a href=\"/w\">Link</a></li>"

static void leaves_out_a_list_of_works_that_is_longer_than_the_text(void **state)
{
    struct wr_record *rec =
        PAGE("<main><div>" HEADLINE FIRST SECOND THIRD "</div><div><h2>Works</h2><ol>" WORK("61")
                WORK("62") WORK("63") WORK("64") WORK("65") WORK("66") WORK("67")
                    WORK("68") "</ol></div></main>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "Annals of Harbours"));
}

static void keeps_a_list_of_years(void **state)
{
    struct wr_record *rec = PAGE(
        "<main>" HEADLINE FIRST SECOND "<ul><li>In 1961 the ice came early</li><li>In 1962 it "
        "came late</li><li>In 1963 nobody counted</li><li>In 1964 the book was lost</li><li>In "
        "1965 it was found in a drawer</li></ul>" THIRD "</main>");

    (void)state;
    assert_true(text_has(rec, "In 1963 nobody counted"));
}

static void keeps_what_is_said_again_under_each_heading(void **state)
{
    static const char again[] =
        "<p>Row ten minutes at an easy pace and keep the arms straight.</p>";
    const char *page =
        bytes_cstr(arena, bytes_format(arena,
                              "<article>" HEADLINE "<h3>Monday</h3>%s" FIRST
                              "<h3>Tuesday</h3>%s" SECOND "<h3>Friday</h3>%s" THIRD "</article>",
                              again, again, again));
    struct bytes text = record_get(PAGE(page), WR_TEXT);
    int times = 0;

    (void)state;
    for (size_t at = bytes_find(text, LIT("Row ten")); at != SIZE_MAX;
         at = bytes_find(text, LIT("Row ten"))) {
        times++;
        text = bytes_from(text, at + 1);
    }
    assert_int_equal(times, 3);
}

static void keeps_one_of_two_copies_for_two_screens(void **state)
{
    struct wr_record *rec = PAGE("<article>" HEADLINE "<div class=\"wide\">" ARTICLE
                                 "</div><div class=\"narrow\">" ARTICLE "</div></article>");
    struct bytes text = record_get(rec, WR_TEXT);
    size_t first = bytes_find(text, LIT("By noon the third"));

    (void)state;
    assert_article(rec);
    assert_int_equal(bytes_find(bytes_from(text, first + 1), LIT("By noon the third")), SIZE_MAX);
}

static void knows_a_layout_that_is_named_after_its_side(void **state)
{
#define PART(text)                                                                                 \
    "<div class=\"sidebar-grid__part\"><div class=\"sidebar-grid__main\">" text                    \
    "</div><div class=\"sidebar-grid__side\"><span>Advertisement</span></div></div>"
    struct wr_record *rec = PAGE("<article class=\"sidebar-grid\">" HEADLINE PART(FIRST)
            PART(SECOND) PART(THIRD) PART(FOURTH) PART(FIFTH) "</article>");

    (void)state;
    assert_all(rec);
    assert_false(text_has(rec, "Advertisement"));
}

static void says_why_a_text_is_in_doubt(void **state)
{
    struct wr_record *rec = extracted("", "<div><ul><li>Three ships</li><li>Two pilots</li><li>One "
                                          "book</li></ul><p>The keeper counts them.</p></div>");

    (void)state;
    assert_string_equal(value(rec, WR_REASON), "little of it is prose");
    rec = extracted("<meta property=\"og:type\" content=\"article\">",
        "<article>" HEADLINE ARTICLE "</article>");
    assert_string_equal(value(rec, WR_REASON), "");
}

RUN_WITH_EACH_PARSER(TEST(keeps_chapters_with_headlines_of_their_own),
    TEST(leaves_out_longer_posts_behind_the_headlines_own),
    TEST(leaves_out_a_list_of_works_that_is_longer_than_the_text), TEST(keeps_a_list_of_years),
    TEST(keeps_what_is_said_again_under_each_heading),
    TEST(keeps_one_of_two_copies_for_two_screens),
    TEST(knows_a_layout_that_is_named_after_its_side), TEST(says_why_a_text_is_in_doubt),
    TEST(takes_in_the_first_paragraphs_of_an_element_of_their_own),
    TEST(takes_in_the_last_paragraphs_of_an_element_of_their_own), TEST(takes_in_cousins),
    TEST(leaves_out_what_stands_beside_the_parts), TEST(stops_at_another_storys_headline),
    TEST(stops_at_a_label_of_something_else))
