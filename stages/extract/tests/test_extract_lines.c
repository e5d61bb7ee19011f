/* Which lines are furniture: two signals each, and never the first words alone. */
#include "stage_test.h"

#include "text/text.h"

#define PAGE(line)                                                                                 \
    extracted("<title>Three ships where the book says two | The Ellery Book</title>",              \
        "<article>" HEADLINE "<div>" FIRST SECOND line THIRD "</div></article>")
#define AT_END(line)                                                                               \
    extracted("<title>Three ships where the book says two | The Ellery Book</title>",              \
        "<article>" HEADLINE "<div>" FIRST SECOND THIRD line "</div></article>")

static void keeps_a_sentence_whatever_its_first_words_are(void **state)
{
    struct wr_record *rec = PAGE(
        "<p>On 12 May the mole was closed.</p>"
        "<p>Published in 1951, the book of ice sold out.</p>"
        "<p>Twitter and TikTok showed the third ship before noon.</p>"
        "<p>\xE2\x80\x9CThank you,\xE2\x80\x9D the keeper said.</p>"
        "<p>Supported by two tugs, the ship left the bay.</p>"
        "<p class=\"text after-ad\">Nobody on the mole had seen a ship of "
        "that length turn in so little water, and in so much ice as there was that spring.</p>");

    (void)state;
    assert_true(text_has(rec, "On 12 May the mole was closed."));
    assert_true(text_has(rec, "Published in 1951"));
    assert_true(text_has(rec, "Twitter and TikTok showed"));
    assert_true(text_has(rec, "the keeper said"));
    assert_true(text_has(rec, "Supported by two tugs"));
    assert_true(text_has(rec, "Nobody on the mole had seen"));
}

static void cuts_what_has_the_shape_of_furniture_as_well(void **state)
{
    struct wr_record *rec = PAGE("<p>Published on 12 May 2021</p>"
                                 "<p>Follow us on <a href=\"https://x.example\">Twitter</a> and <a "
                                 "href=\"https://y.example\">Facebook</a></p>"
                                 "<p>Subscribe to our newsletter.</p>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "12 May 2021"));
    assert_false(text_has(rec, "Follow us"));
    assert_false(text_has(rec, "Subscribe to"));
}

static void keeps_last_sentences_that_tell(void **state)
{
    struct wr_record *rec = AT_END("<p>Anna Berg was editor of the book of ice until 1990.</p>"
                                   "<p>Copyright in the drawings has passed to the museum of the "
                                   "harbour, which will print them.</p>");

    (void)state;
    assert_true(text_has(rec, "Anna Berg was editor"));
    assert_true(text_has(rec, "Copyright in the drawings"));
}

static void cuts_standing_notes_at_the_end(void **state)
{
    struct wr_record *rec = AT_END(
        "<div class=\"k\">The Ellery Book is made in the old ice house and sails at "
        "four.</div><p>Translated by Bo Lind. Read by Clea Venn.</p><p>Heard in: The Morning "
        "on the Mole, 3 May 2021, 9.05</p><p>Here again: https://news.example/ships</p>"
        "<p>The Ellery Book (rk)</p>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "is made in the old ice house"));
    assert_false(text_has(rec, "Clea Venn"));
    assert_false(text_has(rec, "Heard in"));
    assert_false(text_has(rec, "Here again"));
    assert_false(text_has(rec, "(rk)"));
}

static void cuts_a_label_with_another_headline(void **state)
{
    struct wr_record *rec =
        PAGE("<p>FROM THE SAME MOLE | <a href=\"/1\">Pilots lend their boats to the "
             "bakery</a></p><p><b>To think of:</b> <a href=\"/2\">How a school slept in the ice "
             "house</a></p><p>Full ruling: <a href=\"https://court.example/ruling-12.pdf\">Harbour "
             "against the keeper of ships</a></p>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "Pilots lend their boats"));
    assert_false(text_has(rec, "How a school slept"));
    assert_true(text_has(rec, "Full ruling"));
}

static void cuts_a_list_of_others_at_the_end(void **state)
{
    struct wr_record *rec = AT_END(
        "<div>Other days on the mole</div><ul><li><a href=\"/1\">The plan to count</a> every "
        "ship</li><li>Ready for ice? <a href=\"/2\">Begin with our list</a></li><li>A baker <a "
        "href=\"/3\">explains her window</a></li></ul>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "Ready for ice"));
    assert_false(text_has(rec, "Other days"));
}

static void keeps_a_list_without_links_at_the_end(void **state)
{
    (void)state;
    assert_true(text_has(AT_END("<h2>What the keeper wants</h2><ul><li>A new lamp</li><li>A "
                                "boat</li><li>A longer book</li></ul>"),
        "A longer book"));
}

static void knows_a_caption_by_what_the_picture_is_said_to_show(void **state)
{
    struct wr_record *rec = PAGE(
        "<div><img src=\"/1.jpg\" alt=\"The third ship in front of the lighthouse, seen from the "
        "mo\"><div>The third ship in front of the lighthouse, seen from the mole at noon, when it "
        "turned.</div></div><div><img src=\"/2.jpg\" alt=\"\"><div>The third ship in front of the "
        "lighthouse, seen from the mole at noon, when it turned.</div></div>");

    (void)state;
    assert_article(rec);
    assert_false(text_has(rec, "The third ship in front"));
}

static void keeps_a_quotation_with_a_portrait(void **state)
{
    assert_true(text_has(
        PAGE("<figure><img src=\"/p.jpg\"><blockquote>We count what we see, and nobody has ever "
             "paid us to see less than there is on the water between here and the other "
             "side.</blockquote><figcaption>Anna "
             "Berg</figcaption></figure>" FIRST THIRD),
        "We count what we see"));
    (void)state;
}

static void a_fieldset_without_fields_is_a_box(void **state)
{
    static const char *const boxes[] = {"<fieldset><legend>Background</legend><p>The mole was "
                                        "built in three winters.</p></fieldset>",
        "<fieldset class=\"box\"><p>The mole was built in three winters.</p></fieldset>",
        "<fieldset><p>The mole was built in three winters.</p><ul><li>Oak</li></ul></fieldset>"};
    static const char *const forms[] = {
        "<fieldset><legend>Was it built too late?</legend><p>The mole was built in three "
        "winters.</p><input type=\"radio\"> Yes</fieldset>",
        "<fieldset><p>The mole was built in three winters.</p><button>Vote</button></fieldset>",
        "<fieldset><p>The mole was built in three winters.</p><select></select></fieldset>"};

    (void)state;
    for (size_t i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++) {
        struct bytes body = bytes_format(
            arena, "<article>%s%s%s%s%s</article>", HEADLINE, FIRST, boxes[i], SECOND, THIRD);

        assert_true(text_has(
            extracted("", bytes_cstr(arena, body)), "The mole was built in three winters"));
        body = bytes_format(
            arena, "<article>%s%s%s%s%s</article>", HEADLINE, FIRST, forms[i], SECOND, THIRD);
        assert_false(text_has(
            extracted("", bytes_cstr(arena, body)), "The mole was built in three winters"));
    }
}

/* text without white space of any kind, which has tags in its place in html. */
static const char *squeezed(struct bytes text)
{
    struct buf out = {0};
    struct bytes copy;

    for (size_t i = 0; i < text.len;) {
        size_t blank = text_blank(bytes_from(text, i));

        if (blank == 0 && (unsigned char)text.ptr[i] > ' ')
            buf_add_byte(&out, text.ptr[i]);
        i += blank == 0 ? 1 : blank;
    }
    copy = bytes_copy(arena, buf_bytes(&out));
    buf_done(&out);
    return bytes_cstr(arena, copy);
}

static void html_and_text_say_the_same(void **state)
{
    static const char *const bodies[] = {"<ul><li>Oats, two sacks<ul><li>for the grey "
                                         "mare</li></ul></li><li>Hay<br>and straw</li></ul>",
        "<ol><li><p>Count the ships.</p><p>Count them again.</p></li><li>Write it down.</li></ol>",
        "<table><tr><th>Ship</th><th>Tons</th></tr><tr><td>Anna<br>Maria</td><td>412</td></tr></"
        "table>",
        "<table><tr><td><ul><li>In a list</li></ul></td><td><p>One</p><p>Two</p></td></tr></table>",
        "<blockquote><p>There are three.</p><p>There were always three.</p></blockquote>",
        "<pre>if (ships &lt; 3 &amp;&amp; book &gt; 2)\n    count(&lt;again&gt;);\n</pre>",
        "<p>Type &lt;yourname&gt; and &amp;lt; where it says <yourname>so</yourname>, 3 &lt; "
        "4.</p>",
        "<dl><dt>Mole</dt><dd>A wall in the sea.</dd><dd>An animal.</dd></dl>",
        "<h2>What the book says</h2><h3>And <em>what</em> it does not</h3><p>Two<sup>2</sup>.</p>",
        "<p>\xE3\x80\x80"
        "Wide\xE3\x80\x80space, \xE2\x80\x9C\xE2\x80\x8A"
        "a hair\xC2\xA0space.</p>",
        "<div>One line<div>in another</div>and a third <span>with a</span> <b>bold</b>part</div>",
        "<p>By noon<br><br>the third ship<br>had gone.</p><my-note>A note of the keeper's "
        "own.</my-note>",
        "<figure><img src=\"/a.jpg\"><figcaption>The mole at noon.</figcaption></figure>",
        "<details><summary>More</summary><p>The keeper was born on the mole.</p></details>",
        "<p><a href=\"/a?b=1&amp;c=2\" title='\"'>A link with \"quotes\"</a> &copy; &#8211; "
        "&unknown; &#0;</p>"};

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct bytes body = bytes_format(
            arena, "<article>%s%s%s%s%s</article>", HEADLINE, FIRST, bodies[i], SECOND, THIRD);
        struct wr_record *rec = extracted("", bytes_cstr(arena, body));

        assert_article(rec);
        assert_string_equal(squeezed(text_from_html(arena, record_get(rec, WR_HTML), true)),
            squeezed(record_get(rec, WR_TEXT)));
    }
}

RUN_WITH_EACH_PARSER(TEST(keeps_a_sentence_whatever_its_first_words_are),
    TEST(cuts_what_has_the_shape_of_furniture_as_well), TEST(keeps_last_sentences_that_tell),
    TEST(cuts_standing_notes_at_the_end), TEST(cuts_a_label_with_another_headline),
    TEST(cuts_a_list_of_others_at_the_end), TEST(keeps_a_list_without_links_at_the_end),
    TEST(knows_a_caption_by_what_the_picture_is_said_to_show),
    TEST(keeps_a_quotation_with_a_portrait), TEST(html_and_text_say_the_same),
    TEST(a_fieldset_without_fields_is_a_box))
