/* Parts of a line: what of it readers see, and that text and HTML agree. */
#include "stage_test.h"
#include "text/text.h"

#define PAGE(body) extracted("", "<article>" HEADLINE body SECOND THIRD "</article>")

/* The words of text and of html are the same. */
static void assert_same_words(const struct wr_record *rec)
{
    struct bytes text = record_get(rec, WR_TEXT);
    struct bytes html = text_from_html(arena, record_get(rec, WR_HTML), false);

    while (text.len > 0 && html.len > 0) {
        while (text.len > 0 && (unsigned char)text.ptr[0] <= ' ')
            text = bytes_from(text, 1);
        while (html.len > 0 && (unsigned char)html.ptr[0] <= ' ')
            html = bytes_from(html, 1);
        if (text.len == 0 || html.len == 0)
            break;
        assert_int_equal(text.ptr[0], html.ptr[0]);
        text = bytes_from(text, 1);
        html = bytes_from(html, 1);
    }
    assert_int_equal(bytes_trim(text).len, 0);
    assert_int_equal(bytes_trim(html).len, 0);
}

static void assert_kept(const char *paragraph, const char *text)
{
    struct wr_record *rec = extracted(
        "", bytes_cstr(
                arena, bytes_format(arena,
                           "<article>" HEADLINE "%s" SECOND THIRD FIRST "</article>", paragraph)));

    assert_true(text_has(rec, text));
    assert_same_words(rec);
}

static void keeps_a_paragraph_that_begins_with_a_named_part(void **state)
{
    (void)state;
    assert_kept("<p><span class=\"dateline\">MOLE, May 3</span> - The ice went out of the bay on "
                "Monday, a week later than last year.</p>",
        "The ice went out of the bay on Monday");
    assert_kept("<p><a class=\"related\" href=\"/hay\">The hay union</a> asked for a meeting with "
                "the keeper before the book is opened.</p>",
        "The hay union asked for a meeting with the keeper");
    assert_kept("<p><strong class=\"author\">Anna Berg</strong> was the first who saw the third "
                "ship, from the window of the bakery.</p>",
        "Anna Berg was the first who saw the third ship");
    assert_kept(
        "<p><time>09:40</time> The pilot boat turns back.</p>", "The pilot boat turns back.");
    assert_kept("<p><em class=\"share\">Sharing</em> a berth is not forbidden, the harbour master "
                "said on the mole.</p>",
        "Sharing a berth is not forbidden");
    assert_kept("<p>The pilots told <a class=\"tag\" href=\"/t\">Bo Lind</a> that the hearing "
                "begins at <time>10 a.m.</time> on Thursday.</p>",
        "told Bo Lind that the hearing begins at 10 a.m. on Thursday");
}

static void cuts_a_line_that_is_nothing_but_named_parts(void **state)
{
    struct wr_record *rec =
        PAGE("<p><span class=\"author\">Anna Berg</span> <span class=\"date\">3 "
             "May 2021</span></p>" FIRST);

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "3 May 2021"));
}

static void leaves_out_what_is_hidden_within_a_line(void **state)
{
    (void)state;
    assert_kept("<p>The vote was valid because a quorum<span style=\"display: none\"> (the members "
                "that must be there)</span> was on the mole.</p>",
        "because a quorum was on the mole");
    assert_kept(
        "<p>The keeper wrote <a href=\"https://book.example/\">a book<span class=\"sr-only\">"
        " (leads away)</span></a> about the ice.</p>",
        "wrote a book about the ice");
    assert_kept(
        "<p><span class=\"initial\" aria-hidden=\"true\">T</span><span class="
        "\"visually-hidden\">T</span>he ice went out of the bay on Monday, a week late.</p>",
        "The ice went out of the bay");
    assert_kept(
        "<p>The ice went out<span hidden> of the bay</span> on Monday.<a aria-hidden=\"true\""
        " href=\"#p1\"> &para;</a></p>",
        "The ice went out on Monday.");
}

static void leaves_out_a_card_that_opens_above_a_name(void **state)
{
    (void)state;
    assert_kept("<p>Harbour master <span class=\"who\"><a href=\"/p/v\">Clea Venn</a><span><a "
                "href=\"/p/v\">Clea Adelheid Venn</a><a href=\"/1\">Venn counts the ships</a> <a "
                "href=\"/2\">A calm sea in May</a> <a href=\"/p\">ALL</a></span></span> did not "
                "count the ships.</p>",
        "Harbour master Clea Venn did not count the ships.");
    assert_kept("<p>The ships are called <b><a href=\"/1\">Anna</a>, <a href=\"/2\">Berta</a> and "
                "<a href=\"/3\">Clea</a></b>, as the ones before.</p>",
        "are called Anna, Berta and Clea, as the ones before");
}

static void keeps_rows_of_a_table_whatever_they_are_called(void **state)
{
    struct wr_record *rec =
        PAGE(FIRST "<table><tr class=\"player-1\"><td>Anna</td><td>210</td></tr><tr class=\"rating "
                   "odd\"><td><a href=\"/b\">Berta</a></td><td><a href=\"/q\">186</a></td></tr><tr "
                   "class=\"video\"><td>Clea</td><td class=\"share\">92</td></tr></table>");

    struct wr_record *table = PAGE(FIRST "<table class=\"player-stats\"><tr><th>Player</th><th>"
                                         "Goals</th></tr><tr class=\"player\"><td>Dora</td><td>4"
                                         "</td></tr></table>");

    (void)state;
    assert_true(text_has(table, "Dora"));
    assert_true(text_has(rec, "210"));
    assert_true(text_has(rec, "186"));
    assert_true(text_has(rec, "92"));
    assert_same_words(rec);
}

static void keeps_sections_whose_heading_leads_to_itself(void **state)
{
    struct wr_record *rec =
        PAGE("<section><h2><a href=\"#pay\">Who pays</a></h2>" FIRST "</section><section><h2><a "
             "href=\"https://www.news.example/harbour/three-ships/#next\">What comes next</a></h2>"
             "<p>The ferry sails from the coal pier until the book is found, and the fare stays as "
             "it is.</p></section>");

    (void)state;
    assert_article(rec);
    assert_true(text_has(rec, "Who pays"));
    assert_true(text_has(rec, "The ferry sails from the coal pier"));
}

static void leaves_out_characters_without_a_width(void **state)
{
    (void)state;
    assert_kept("<p>The light&shy;house\xE2\x80\x8B keeper\xEF\xBB\xBF counts un&shy;seen ships, "
                "and &#8288;books.</p>",
        "The lighthouse keeper counts unseen ships, and books.");
}

static void reads_a_button_within_a_sentence(void **state)
{
    struct wr_record *rec =
        PAGE(FIRST "<p>The count was valid because a <button>quorum</button> of "
                   "eight was on the mole. <button>Copy link</button></p>");

    (void)state;
    assert_true(text_has(rec, "because a quorum of eight was on the mole."));
    assert_false(text_has(rec, "Copy link"));
}

static void knows_paragraphs_in_elements_of_the_sites_own(void **state)
{
    struct wr_record *rec =
        extracted("", "<article>" HEADLINE "<x-body><x-par>The lighthouse keeper counted the ships "
                      "again that morning, and again there were three of them, as the book did not "
                      "say.</x-par><x-par>By noon the third ship had gone, and nobody on the mole "
                      "could agree whether it had sailed to the <x-term>north</x-term> or "
                      "south.</x-par></x-body></article>");

    (void)state;
    assert_true(text_has(rec, "did not say.\nBy noon the third"));
    assert_true(text_has(rec, "to the north or south."));
}

static void reads_the_copy_of_an_empty_page_by_paragraphs(void **state)
{
    struct wr_record *rec = extracted(
        "<script type=\"application/ld+json\">{\"@type\": \"NewsArticle\", \"articleBody\": "
        "\"&lt;p&gt;The lighthouse keeper counted the ships again that morning, and again there "
        "were "
        "three of them, though the book said two.&lt;/p&gt;&lt;p&gt;By noon the third ship had "
        "gone, "
        "and nobody on the mole could agree whether it had sailed to the north or "
        "south.&lt;/p&gt;\"}</script>",
        "<div id=\"app\"></div>");

    (void)state;
    assert_true(text_has(rec, "said two.\nBy noon"));
    assert_false(text_has(rec, "<p>"));
    assert_string_equal(value(rec, WR_STATUS), "full");
}

RUN_WITH_EACH_PARSER(TEST(leaves_out_characters_without_a_width),
    TEST(reads_a_button_within_a_sentence), TEST(knows_paragraphs_in_elements_of_the_sites_own),
    TEST(reads_the_copy_of_an_empty_page_by_paragraphs),
    TEST(keeps_a_paragraph_that_begins_with_a_named_part),
    TEST(cuts_a_line_that_is_nothing_but_named_parts),
    TEST(leaves_out_what_is_hidden_within_a_line), TEST(leaves_out_a_card_that_opens_above_a_name),
    TEST(keeps_rows_of_a_table_whatever_they_are_called),
    TEST(keeps_sections_whose_heading_leads_to_itself))
