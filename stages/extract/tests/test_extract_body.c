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

RUN_WITH_EACH_PARSER(TEST(takes_in_the_first_paragraphs_of_an_element_of_their_own),
    TEST(takes_in_the_last_paragraphs_of_an_element_of_their_own), TEST(takes_in_cousins),
    TEST(leaves_out_what_stands_beside_the_parts), TEST(stops_at_another_storys_headline),
    TEST(stops_at_a_label_of_something_else))
