/* test_extract_text.c - what belongs to the text, and what does not. */
#include "stage_test.h"

#define PAGE(body) extracted("<title>Three ships where the book says two - The Mole</title>", body)

static void leaves_out_a_box_of_other_articles(void **state)
{
    struct wr_record *rec = PAGE(
        "<article>" HEADLINE FIRST
        "<div class=\"related-stories\"><h3>Read more</h3><p>A pilot remembers "
        "the winter in which every single boat was lost at the same rock.</p></div>" SECOND THIRD
        "</article>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "A pilot remembers"));
    assert_false(text_has(rec, "Read more"));
}

static void leaves_out_teasers_without_a_telling_name(void **state)
{
    struct wr_record *rec = PAGE(HEADLINE
        "<div>" ARTICLE "</div><div><div><h3><a href=\"/a\">Herring prices at "
        "their lowest for years</a></h3><p>Fishermen blame the new quota.</p></div><div><h3>"
        "<a href=\"/b\">The ferry is late again</a></h3><p>Nobody is surprised.</p></div></div>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "Fishermen blame"));
    assert_false(text_has(rec, "Nobody is surprised"));
}

/* Tables for a layout, line breaks for paragraphs, and no heading. */
#define TABLE_PAGE(before, after)                                                                  \
    extracted("<title>The Mole: Three ships where the book says two</title>",                      \
        "<table><tr><td colspan=2><font size=5>The Mole</font></td></tr><tr><td><ul><li>"          \
        "<a href=/>Home</a><li><a href=/w>World</a></ul></td><td><font size=4><b>Three ships "     \
        "where the book says two</b></font><br>" before "<br><br>" ARTICLE "<hr>" after            \
        "</td></tr></table>")

static void takes_the_headline_for_one_though_it_is_no_heading(void **state)
{
    struct wr_record *rec = TABLE_PAGE("<font size=1>By Anna Pym | 2026-03-14</font>", "");

    (void)state;
    assert_article(rec);
    assert_string_equal(value(rec, WR_TITLE), "Three ships where the book says two");
    assert_false(text_has(rec, "Three ships where"));
}

static void leaves_out_what_counts_readers_and_minutes(void **state)
{
    struct wr_record *rec = TABLE_PAGE("<font size=1>4 min read</font>",
        "<font size=1>105 readers of this page today</font><br>1.204 Leser heute");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "4 min"));
    assert_false(text_has(rec, "105 readers"));
    assert_false(text_has(rec, "Leser heute"));
}

static void keeps_what_is_counted_within_the_text(void **state)
{
    struct wr_record *rec =
        PAGE("<article>" HEADLINE FIRST "<ul><li>3 comments of the keeper</li></ul>" SECOND THIRD
             "</article>");

    (void)state;
    assert_true(text_has(rec, "3 comments of the keeper"));
}

static void keeps_a_caption_in_its_own_field(void **state)
{
    struct wr_record *rec = PAGE(
        "<article>" HEADLINE FIRST
        "<figure><img src=\"/mole.jpg\"><figcaption>The mole at dawn.</figcaption></figure>" SECOND
            THIRD "</article>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "The mole at dawn"));
    assert_string_equal(value(rec, WR_CAPTION), "The mole at dawn.");
}

static void keeps_a_correction_in_its_own_field(void **state)
{
    struct wr_record *rec =
        PAGE("<article>" HEADLINE ARTICLE
             "<p>Correction: An earlier version named the wrong ship.</p></article>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "An earlier version"));
    assert_string_equal(
        value(rec, WR_NOTICE), "Correction: An earlier version named the wrong ship.");
}

#define LEAD                                                                                       \
    "A keeper, a book and a boat: what happened on the mole last week, told by those who were "    \
    "there."

static void knows_a_standfirst_that_stands_apart(void **state)
{
    struct wr_record *rec = PAGE("<header>" HEADLINE "<p class=\"article-intro\">" LEAD
                                 "</p></header><div class=\"body\">" ARTICLE "</div>");

    (void)state;
    assert_string_equal(value(rec, WR_STANDFIRST), LEAD);
    assert_true(bytes_starts(record_get(rec, WR_TEXT), LIT(LEAD "\nThe lighthouse")));
}

static void leaves_the_standfirst_out_of_the_text_when_told_so(void **state)
{
    struct wr_record *rec;

    (void)state;
    extract.with_standfirst = false;
    rec = PAGE("<header>" HEADLINE "<p class=\"article-intro\">" LEAD
               "</p></header><div class=\"body\">" ARTICLE "</div>");
    assert_string_equal(value(rec, WR_STANDFIRST), LEAD);
    assert_true(bytes_starts(record_get(rec, WR_TEXT), LIT("The lighthouse")));
}

static void joins_a_body_that_is_split_into_pieces(void **state)
{
    struct wr_record *rec = PAGE(
        "<article>" HEADLINE "<div class=\"story-body chunk\">" FIRST FIRST SECOND SECOND
        "</div><aside>Join us</aside><div class=\"story-body chunk\">" THIRD "</div></article>");

    (void)state;
    assert_article(rec);
}

static void cuts_a_second_article_that_was_appended(void **state)
{
    struct wr_record *rec = PAGE(
        "<main><article>" HEADLINE ARTICLE
        "</article><article><h1>Another story altogether begins</h1>"
        "<p>Far from any harbour, in a town that has never seen a ship, a clock was found in a "
        "wall on Monday, and it was still ticking when the builders stopped for lunch.</p><p>The "
        "owner of the house says that he has not heard it in forty years, and that he would like "
        "to have it back in the wall, where it belongs, as soon as the plaster is "
        "dry.</p></article></main>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "Far from any harbour"));
    assert_false(text_has(rec, "Another story"));
}

static void cuts_prompts_in_other_languages(void **state)
{
    struct wr_record *rec =
        PAGE("<article>" HEADLINE FIRST "<p>Lesen Sie auch: Der Lotse und das Meer</p>" SECOND
             "<p>Читайте также: Лоцман и море</p>" THIRD
             "<p>Suscríbete a nuestro boletín</p></article>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "Lotse"));
    assert_false(text_has(rec, "Лоцман"));
    assert_false(text_has(rec, "Suscr"));
}

static void keeps_paragraphs_that_are_named_after_the_wall_before_them(void **state)
{
    struct wr_record *rec = PAGE("<article>" HEADLINE ARTICLE ARTICLE "<p>One more line.</p>"
                                 "<p class=\"dropcap paywall\">Nobody had asked the pilots, who "
                                 "sat in the inn by the quay and could have told the whole story "
                                 "from its beginning, with the names of all three ships, their "
                                 "masters and what each of them had in its hold.</p>"
                                 "<div class=\"paywall-box\"><p>Subscribe now to read on.</p></div>"
                                 "</article>");

    (void)state;
    assert_true(text_has(rec, "Nobody had asked the pilots"));
    assert_false(text_has(rec, "Subscribe now"));
}

static void keeps_lists_tables_and_quotes(void **state)
{
    struct wr_record *rec = PAGE(
        "<article>" HEADLINE FIRST
        "<ol><li>One ship from the north.</li><li>Two ships from the south.</li></ol>"
        "<blockquote><p>I can count, the keeper said, and I have had practice.</p></blockquote>"
        "<table><tr><th>Ship</th><th>Crew</th></tr><tr><td>Aurora</td><td>12</td></tr></"
        "table>" SECOND THIRD "</article>");
    const char *html = value(rec, WR_HTML);

    (void)state;
    assert_true(text_has(rec, "\nTwo ships from the south.\n"));
    assert_true(text_has(rec, "I can count"));
    assert_true(text_has(rec, "Aurora"));
    assert_non_null(strstr(html, "<ol>\n<li>One ship from the north.</li>\n<li>Two ships"));
    assert_non_null(strstr(html, "<blockquote>\n<p>I can count"));
    assert_non_null(strstr(html, "<td>Aurora</td><td>12</td></tr></table>"));
}

static void lets_no_active_content_into_the_html(void **state)
{
    struct wr_record *rec =
        PAGE("<article>" HEADLINE "<p onclick=\"x()\">He <b onmouseover=\"y()\">counted</b> <a "
             "href=\"javascript:z()\">them</a> "
             "<a href=\"/log?a=1&amp;b=2\">in the log</a> &lt;script&gt;alert(1)&lt;/script&gt; "
             "and went to bed at last, as "
             "every evening.<script>alert(2)</script></p>" ARTICLE "</article>");
    const char *html = value(rec, WR_HTML);

    (void)state;
    assert_non_null(strstr(html,
        "<p>He <b>counted</b> them <a href=\"https://news.example/log?a=1&amp;b=2\">in the log</a> "
        "&lt;script&gt;alert(1)&lt;/script&gt; and went"));
    assert_null(strstr(html, "javascript"));
    assert_null(strstr(html, "onclick"));
    assert_null(strstr(html, "<script"));
}

static void keeps_what_is_repeated_once(void **state)
{
    struct wr_record *rec =
        PAGE("<article>" HEADLINE FIRST SECOND
             "<p>The full tide table is printed on page nine of this paper.</p>" THIRD
             "<p>The full tide table is printed on page nine of this paper.</p></article>");
    struct bytes text = record_get(rec, WR_TEXT);
    size_t at = bytes_find(text, LIT("The full tide"));

    (void)state;
    assert_int_not_equal(at, SIZE_MAX);
    assert_int_equal(bytes_find(bytes_from(text, at + 1), LIT("The full tide")), SIZE_MAX);
}

static void reads_a_page_in_windows_1252(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(rec, WR_PAGE,
        LIT("<html><body><h1>Caf\xE9 am Hafen</h1>" ARTICLE "<p>Das Caf\xE9 bleibt ge\xF6"
            "ffnet, sagt der W\xE4rter, bis "
            "das letzte Schiff gez\xE4hlt und das Buch geschlossen ist, und keine Stunde "
            "l\xE4nger.</p></body></html>"));
    record_set(rec, WR_PAGE_TYPE, LIT("text/html; charset=ISO-8859-1"));
    extract_article(&extract, rec);
    assert_true(text_has(rec, "Das Café bleibt geöffnet"));
    assert_string_equal(value(rec, WR_TITLE), "Café am Hafen");
}

static void cuts_a_teaser_whose_title_is_a_link(void **state)
{
    struct wr_record *rec = extracted("",
        "<article>" HEADLINE FIRST
        "<div><a href=\"/other\" class=\"contentLink title\">Ice comes early "
        "to the northern harbours</a><div><p>Captains were told to be home by Friday, and few of "
        "them were when the first floes came.</p></div></div>" SECOND THIRD "</article>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "Captains were told"));
}

static void keeps_headings_that_stood_under_pictures(void **state)
{
    struct wr_record *rec = extracted("",
        "<article>" HEADLINE ARTICLE
        "<h3>1. The first ship had three masts.</h3><img src=\"/1.jpg\">"
        "<h3>2. The second had two.</h3><img src=\"/2.jpg\"><h3>3. The third had none at all.</h3>"
        "<img src=\"/3.jpg\"><h3>4. Nobody knows the fourth.</h3></article>");
    struct wr_record *few =
        extracted("", "<article>" HEADLINE ARTICLE "<h3>Where to go now</h3></article>");

    (void)state;
    assert_true(text_has(rec, "The second had two."));
    assert_true(text_has(rec, "Nobody knows the fourth."));
    assert_false(text_has(few, "Where to go now"));
}

static void cuts_what_stands_under_a_last_heading_that_sells(void **state)
{
    struct wr_record *rec = extracted("",
        "<article>" HEADLINE ARTICLE "<h3>Subscribe for two weeks</h3><p>Our paper has told of the "
        "harbour since the mole was built, and it will go on telling.</p></article>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "since the mole was built"));
}

static void keeps_what_is_said_of_a_translation_apart(void **state)
{
    struct wr_record *rec = extracted("",
        "<article>" HEADLINE "<p>Dies ist eine maschinelle Übersetzung eines Artikels unserer "
        "Kollegen, die von einem Redakteur gelesen wurde.</p>" ARTICLE "</article>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "maschinelle"));
    assert_int_equal(wr_count(rec, WR_NOTICE), 1);
}

static void leaves_out_a_box_that_its_first_line_gives_away(void **state)
{
    struct wr_record *rec = PAGE(
        "<article>" HEADLINE "<div class=\"x1\"><h2>Kort fortalt</h2><ul><li>A keeper counted "
        "one ship more than there should be.</li><li>The book says two.</li></ul></div>" ARTICLE
        "<div><p>By the numbers:</p><p>Ships: 3</p><p>Pilots: 2</p></div>" SECOND "</article>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "Kort fortalt"));
    assert_false(text_has(rec, "one ship more than"));
    assert_false(text_has(rec, "Pilots: 2"));
}

static void keeps_a_section_that_is_called_like_a_box(void **state)
{
    (void)state;
    assert_true(
        text_has(PAGE("<article>" HEADLINE FIRST "<h2>Key facts</h2>" SECOND THIRD "</article>"),
            "Key facts"));
    assert_true(text_has(
        PAGE("<article>" HEADLINE FIRST "<div><h2>Key facts</h2>" SECOND THIRD "</div></article>"),
        "Key facts"));
}

/* Of an article whose body is this, in the place of its paragraphs. */
static const char *text_of_body(const char *body)
{
    char page[4000];

    snprintf(page, sizeof(page),
        "<article><h1>Three ships where the book says two</h1><div>%s</div></article>", body);
    return bytes_cstr(arena,
        record_get(extracted("<title>Three ships where the book says two</title>", page), WR_TEXT));
}

#define ONE                                                                                        \
    "The third ship turned in front of the lighthouse at noon, when the ice had left the bay."
#define TWO                                                                                        \
    "Nobody on the mole had seen a ship of that length turn in so little water before that day."
#define SIX                                                                                        \
    "The book of ice has counted two ships each spring since the mole was built a century ago."

static void line_ends_that_the_page_keeps_are_line_ends(void **state)
{
    static const char *const kept[] = {"<pre>" ONE "\n\n" TWO "\n\n" SIX "</pre>",
        "<pre>" ONE "\n" TWO "\n" SIX "</pre>",
        "<pre>The third ship turned in front of the lighthouse at noon,\nwhen the ice had left the "
        "bay.\n\nNobody on the mole had seen a ship of that length turn\nin so little water before "
        "that day.\n\nThe book of ice has counted two ships each spring since\nthe mole was built "
        "a "
        "century ago.\n</pre>",
        "<div style=\"color: red; white-space: pre-line\">" ONE "\n" TWO "\n" SIX "</div>",
        "<div class=\"text whitespace-pre-wrap\"><span>" ONE "\n\n" TWO "\n" SIX "</span></div>",
        "<p style='WHITE-SPACE:break-spaces'>" ONE "\r\n" TWO "\r\n\r\n" SIX "</p>"};

    (void)state;
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (strcmp(text_of_body(kept[i]), ONE "\n" TWO "\n" SIX) != 0)
            fail_msg("%zu: %s", i, text_of_body(kept[i]));
}

static void line_ends_of_the_source_are_none(void **state)
{
    static const char *const folded[] = {
        "<p>The third ship turned in front of the\n  lighthouse at "
        "noon, when the ice\n\n had left the bay.</p><p>" TWO "</p><p>" SIX "</p>",
        "<div style=\"white-space: nowrap\"><p>The third ship turned in front of the lighthouse at "
        "noon,\nwhen the ice had left the bay.</p><p>" TWO "</p><p>" SIX "</p></div>",
        "<div style=\"white-space: normal; font: pre\"><p>The third ship turned in front of the "
        "lighthouse at noon, when\nthe ice had left the bay.</p><p>" TWO "</p><p>" SIX
        "</p></div>"};

    (void)state;
    for (size_t i = 0; i < sizeof(folded) / sizeof(folded[0]); i++)
        if (strcmp(text_of_body(folded[i]), ONE "\n" TWO "\n" SIX) != 0)
            fail_msg("%zu: %s", i, text_of_body(folded[i]));
}

RUN_WITH_EACH_PARSER(TEST(line_ends_that_the_page_keeps_are_line_ends),
    TEST(line_ends_of_the_source_are_none), TEST(leaves_out_a_box_that_its_first_line_gives_away),
    TEST(keeps_a_section_that_is_called_like_a_box), TEST(leaves_out_a_box_of_other_articles),
    TEST(leaves_out_teasers_without_a_telling_name),
    TEST(takes_the_headline_for_one_though_it_is_no_heading),
    TEST(leaves_out_what_counts_readers_and_minutes), TEST(keeps_what_is_counted_within_the_text),
    TEST(keeps_a_caption_in_its_own_field), TEST(keeps_a_correction_in_its_own_field),
    TEST(knows_a_standfirst_that_stands_apart),
    TEST(leaves_the_standfirst_out_of_the_text_when_told_so),
    TEST(joins_a_body_that_is_split_into_pieces), TEST(cuts_a_second_article_that_was_appended),
    TEST(cuts_prompts_in_other_languages),
    TEST(keeps_paragraphs_that_are_named_after_the_wall_before_them),
    TEST(keeps_lists_tables_and_quotes), TEST(lets_no_active_content_into_the_html),
    TEST(keeps_what_is_repeated_once), TEST(reads_a_page_in_windows_1252),
    TEST(cuts_a_teaser_whose_title_is_a_link), TEST(keeps_headings_that_stood_under_pictures),
    TEST(cuts_what_stands_under_a_last_heading_that_sells),
    TEST(keeps_what_is_said_of_a_translation_apart))
