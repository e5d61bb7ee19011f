/* test_extract_shadow.c - what a page shows through declarative shadow trees. */
#include "stage_test.h"

#define OPEN "<template shadowrootmode=\"open\">"
#define CLOSED "<template shadowrootmode=\"closed\">"

/* What is said for each of it is in the text, in this order. */
static void assert_order(const struct wr_record *rec, const char *const *texts)
{
    struct bytes text = record_get(rec, WR_TEXT);

    for (; *texts != NULL; texts++) {
        size_t at = bytes_find(text, bytes_of(*texts));

        if (at == SIZE_MAX)
            fail_msg("not there, or too early: %s", *texts);
        text = bytes_from(text, at + strlen(*texts));
    }
}

static void reads_what_a_host_shows_whether_open_or_closed(void **state)
{
    static const char *const hosts[] = {"<news-story>" OPEN "<article>" HEADLINE ARTICLE
                                        "</article></template></news-story>",
        "<div><template shadowrootmode=\"CLOSED\">" HEADLINE ARTICLE "</template></div>",
        "<main>" CLOSED "<div><story-body>" OPEN HEADLINE ARTICLE
        "</template></story-body></div></template></main>"};

    (void)state;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        struct wr_record *rec = extracted("", hosts[i]);

        assert_article(rec);
        assert_string_equal(value(rec, WR_TITLE), "Three ships where the book says two");
    }
}

static void puts_children_into_slots(void **state)
{
    static const char *const order[] = {"The lighthouse keeper counted",
        "By noon the third ship had gone", "The council will hear the keeper", NULL};

    (void)state;
    assert_order(
        extracted("", "<news-story>" OPEN HEADLINE
                      "<slot></slot><slot name=\"end\"></slot></template><div slot=\"end\">" THIRD
                      "</div>" FIRST SECOND "</news-story>"),
        order);
    assert_order(extracted("", "<div>" THIRD OPEN HEADLINE FIRST
                               "<section><slot name=\"\"></slot></section></template></div>"),
        (const char *const[]){order[0], order[2], NULL});
    assert_order(
        extracted("", "<x-page>" OPEN "<x-frame>" OPEN "<article><slot name=\"top\"></slot>" SECOND
                      "<slot></slot></article></template>"
                      "<slot></slot><slot name=\"body\" slot=\"top\"></slot></x-frame></template>"
                      "<div>" THIRD "</div><div slot=\"body\">" HEADLINE FIRST "</div></x-page>"),
        order);
}

static void shows_what_a_slot_holds_where_nothing_comes(void **state)
{
    struct wr_record *rec = extracted("",
        "<x-a>" OPEN HEADLINE ARTICLE "<p><slot name=\"note\">The ferry sails from the coal "
        "pier until the mole is mended.</slot></p>"
        "<slot name=\"more\">Nothing more is known about "
        "it as yet.</slot></template>"
        "<p slot=\"more\">More was said on Friday by the keeper of "
        "the harbour book.</p></x-a>");

    (void)state;
    assert_article(rec);
    assert_true(text_has(rec, "The ferry sails from the coal pier"));
    assert_true(text_has(rec, "More was said on Friday"));
    assert_false(text_has(rec, "Nothing more is known"));
}

static void what_is_not_shown_is_no_text(void **state)
{
    static const char *const hidden[] = {
        /* a child that no slot takes, once and with the slot's name misspelt */
        "<x-a>" OPEN
        "<p>Weather</p></template><p>A paragraph that nobody sees, since no slot takes "
        "it, however long it is.</p></x-a>",
        "<x-a>" OPEN
        "<slot name=\"a\"></slot></template><p slot=\"b\">A paragraph that nobody sees, "
        "since no slot takes it.</p></x-a>",
        /* the second tree of a host, and what is no shadow tree */
        "<x-a>" OPEN "<p>Weather</p></template>" OPEN
        "<p>A paragraph that nobody sees, as it stands in a second tree.</p></template></x-a>",
        "<div><template><p>A paragraph that nobody sees before a script puts it "
        "somewhere.</p></template></div>",
        "<div><template shadowrootmode=\"half\"><p>A paragraph that nobody sees, for there is no "
        "such mode.</p></template></div>",
        "<ul>" OPEN "<li>A paragraph that nobody sees, for a list has no tree of its "
        "own.</li></template></ul>"};

    (void)state;
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        struct bytes body =
            bytes_format(arena, "<article>%s%s%s</article>", HEADLINE, ARTICLE, hidden[i]);
        struct wr_record *rec = extracted("", bytes_cstr(arena, body));

        assert_article(rec);
        assert_false(text_has(rec, "nobody sees"));
    }
}

static void keeps_what_a_host_says_to_machines_and_its_pictures(void **state)
{
    struct wr_record *rec = extracted("",
        "<x-a><script type=\"application/ld+json\">{\"@type\": "
        "\"NewsArticle\", \"datePublished\": "
        "\"2026-05-04T10:00:00Z\"}</script>" OPEN "<h1>Three ships where the book says two</h1>"
        "<img src=\"/i/mole.jpg\">" ARTICLE "</template></x-a>");

    (void)state;
    assert_article(rec);
    assert_string_equal(value(rec, WR_PUBLISHED), "2026-05-04T10:00:00Z");
    assert_string_equal(value(rec, WR_IMAGE), "https://news.example/i/mole.jpg");
}

static void a_slot_elsewhere_is_any_element(void **state)
{
    (void)state;
    assert_article(extracted("", "<article><slot name=\"a\">" HEADLINE "</slot>" FIRST
                                 "<slot>" SECOND "</slot>" THIRD "</article>"));
}

/* As many slots as children, each with another name: the looks are bounded. */
static void many_slots_and_children_end(void **state)
{
    struct buf body = {0};

    (void)state;
    buf_add(&body, LIT("<x-a>" OPEN));
    for (int i = 0; i < 20000; i++)
        buf_add(&body, LIT("<slot name=a></slot>"));
    buf_add(&body, LIT("</template>"));
    for (int i = 0; i < 20000; i++)
        buf_add(&body, LIT("<b slot=c>x</b>"));
    buf_add(&body, LIT("</x-a>" HEADLINE ARTICLE));
    buf_add_byte(&body, '\0');
    extracted("", body.ptr);
    buf_done(&body);
}

RUN_WITH_EACH_PARSER(TEST(reads_what_a_host_shows_whether_open_or_closed),
    TEST(puts_children_into_slots), TEST(shows_what_a_slot_holds_where_nothing_comes),
    TEST(what_is_not_shown_is_no_text), TEST(keeps_what_a_host_says_to_machines_and_its_pictures),
    TEST(a_slot_elsewhere_is_any_element), TEST(many_slots_and_children_end))
