/* test_extract_status.c - what the stage says of pages that are no article, and what it does
 * without a page. */
#include "base/json.h"
#include <stdlib.h>

#include "stage_test.h"

#define ARTICLE_WORDS                                                                              \
    "The keeper counted the ships once more that evening, and again there were three, though the " \
    "book had only two. By noon the third had gone, and nobody on the mole could say where it "    \
    "went. The council will hear him on Thursday, and until then the book stays closed."

#define FEED                                                                                       \
    "<p>The feed has the whole text of it: the keeper, the book, the three ships and the council " \
    "that wants to know on Thursday where the third of them went, and why <b>nobody</b> saw it "   \
    "go. "                                                                                         \
    "It goes on for a while, as feeds do when their publishers are generous with what they "       \
    "have.</p>"

static struct wr_record *with_feed(const char *page)
{
    struct wr_record *rec = record_new(arena);

    if (page != NULL)
        record_set(rec, WR_PAGE, bytes_of(page));
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/harbour/three-ships"));
    record_set(rec, WR_FEED_TITLE, LIT("Three ships where the book says two"));
    record_set(rec, WR_FEED_CONTENT, LIT(FEED));
    record_add(rec, WR_FEED_AUTHOR, LIT("Anna Berg"));
    record_set(rec, WR_FEED_DATE, LIT("2024-05-02T08:30:00Z"));
    extract_article(&extract, rec);
    return rec;
}

static void uses_the_feed_without_a_page(void **state)
{
    struct wr_record *rec = with_feed(NULL);

    (void)state;
    assert_true(text_has(rec, "The feed has the whole text"));
    assert_non_null(strstr(value(rec, WR_HTML), "why <b>nobody</b> saw"));
    assert_string_equal(value(rec, WR_STATUS), "feed-only");
    assert_string_equal(value(rec, WR_TITLE), "Three ships where the book says two");
    assert_string_equal(value(rec, WR_AUTHOR), "Anna Berg");
    assert_string_equal(value(rec, WR_PUBLISHED), "2024-05-02T08:30:00Z");
    assert_string_equal(value(rec, WR_PUBLISHED_SOURCE), "feed");
}

static void uses_the_feed_when_the_page_asks_for_consent(void **state)
{
    struct wr_record *rec = with_feed(
        "<html><body><h1>Before you continue</h1><p>We use cookies to make this site work.</p>"
        "<p>Some cookies are needed, others are not.</p><p>Accept all cookies to go "
        "on.</p></body></html>");

    (void)state;
    assert_string_equal(value(rec, WR_STATUS), "blocked");
    assert_true(text_has(rec, "The feed has the whole text"));
    assert_false(text_has(rec, "cookies"));
}

static void uses_the_feed_when_the_page_asks_to_log_in(void **state)
{
    struct wr_record *rec =
        with_feed("<html><body><h1>Welcome back</h1><form><p>Your name and password, please.</p>"
                  "<input name=\"user\"><input type=\"password\"></form></body></html>");

    (void)state;
    assert_string_equal(value(rec, WR_STATUS), "blocked");
    assert_true(text_has(rec, "The feed has the whole text"));
}

static void uses_the_feed_when_the_page_is_a_list_of_articles(void **state)
{
    struct buf html = {0};
    struct wr_record *rec;

    (void)state;
    buf_add_cstr(&html, "<html><body><h1>Latest</h1>");
    for (int i = 0; i < 20; i++)
        buf_printf(&html,
            "<div><h2><a href=\"/%d\">Story number %d has a headline</a></h2><p>And a "
            "teaser.</p></div>",
            i, i);
    rec = with_feed(buf_cstr(&html));
    buf_done(&html);
    assert_string_equal(value(rec, WR_STATUS), "blocked");
    assert_string_equal(value(rec, WR_TITLE), "Three ships where the book says two");
    assert_string_equal(value(rec, WR_METHOD), "feed (index page)");
    assert_true(text_has(rec, "The feed has the whole text"));
}

/* Nothing of a page that stands in the way is the article's. */
static void assert_blocked(const char *page, const char *why)
{
    struct wr_record *rec = with_feed(page);

    assert_string_equal(value(rec, WR_STATUS), "blocked");
    assert_string_equal(value(rec, WR_TITLE), "Three ships where the book says two");
    assert_string_equal(value(rec, WR_PUBLISHED), "2024-05-02T08:30:00Z");
    assert_string_equal(value(rec, WR_PUBLISHED_SOURCE), "feed");
    assert_string_equal(value(rec, WR_AUTHOR), "Anna Berg");
    assert_true(text_has(rec, "The feed has the whole text"));
    assert_string_equal(value(rec, WR_METHOD), why);
}

static void knows_checks_for_people(void **state)
{
    (void)state;
    assert_blocked("<html><head><title>Just a moment...</title></head><body><h1>news.example</h1>"
                   "<p>Verifying you are human. This may take a few seconds.</p></body></html>",
        "feed (bot check)");
    assert_blocked("<html><head><title>Nur einen Moment\xE2\x80\xA6</title></head><body>"
                   "<h1>news.example</h1><p>Wird gepr\xC3\xBC"
                   "ft.</p></body></html>",
        "feed (bot check)");
    assert_blocked("<html><head><title>news.example</title></head><body><p>Press the button to "
                   "confirm you are human (and not a bot).</p></body></html>",
        "feed (bot check)");
}

static void knows_notices_of_consent(void **state)
{
    (void)state;
    assert_blocked(
        "<html><head><title>Your privacy choices</title></head><body><main><h1>Welcome</h1>"
        "<p>We and our 842 partners store information on your device, such as cookies, and "
        "process personal data for ads that are chosen for you and for research into readers.</p>"
        "<p>You may give or refuse your consent, and change your preferences at any time by the "
        "link to our privacy notice, at the foot of each page of this site.</p></main></body>",
        "feed (consent wall)");
}

static void knows_the_home_page(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(rec, WR_PAGE, LIT("<html><head><title>The Paper</title></head><body>" ARTICLE));
    record_set(rec, WR_URL, LIT("https://news.example/harbour/three-ships"));
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/en/?from=harbour"));
    record_set(rec, WR_FEED_TITLE, LIT("Four boats where the log says three"));
    extract_article(&extract, rec);
    assert_string_equal(value(rec, WR_STATUS), "blocked");
    assert_string_equal(value(rec, WR_TITLE), "Four boats where the log says three");
}

/* Whatever it is: other entries of the feed led to the same page, and it has another headline. */
static void knows_a_page_that_several_entries_lead_to(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(
        rec, WR_PAGE, LIT("<html><head><title>The Paper</title></head><body>" HEADLINE ARTICLE));
    record_set(rec, WR_URL, LIT("https://news.example/harbour/four-boats"));
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/welcome"));
    record_set(rec, WR_FEED_TITLE, LIT("Council hears the keeper"));
    record_set_int(rec, WR_PAGE_SHARED, 1);
    extract_article(&extract, rec);
    assert_string_equal(value(rec, WR_STATUS), "blocked");
    assert_string_equal(value(rec, WR_TITLE), "Council hears the keeper");
}

/* An article may be about what walls are made of. */
static void takes_no_article_for_a_wall(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(rec, WR_PAGE,
        LIT("<html><head><title>Just a moment: why sites ask for consent - The Paper</title></head>"
            "<body><article><h1>Just a moment: why sites ask for consent</h1><p>Partners and "
            "vendors "
            "want personal data, and a cookie is how they get it, said the council for privacy "
            "when "
            "it asked readers to verify you are human boxes, one after the other, on Thursday."
            "</p></article></body></html>"));
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/web/consent"));
    record_set(rec, WR_FEED_TITLE, LIT("Just a moment: why sites ask for consent"));
    extract_article(&extract, rec);
    assert_true(strcmp(value(rec, WR_STATUS), "blocked") != 0);
    assert_true(text_has(rec, "Partners and vendors"));
}

static void prefers_the_page_to_a_shorter_feed(void **state)
{
    struct wr_record *rec =
        with_feed("<html><body><article>" HEADLINE ARTICLE "</article></body></html>");

    (void)state;
    assert_article(rec);
    assert_string_equal(value(rec, WR_STATUS), "full");
    assert_false(text_has(rec, "The feed has"));
}

static void takes_the_pages_own_copy_when_nothing_else_can_be_read(void **state)
{
    struct wr_record *rec =
        extracted("<script type=\"application/ld+json\">{\"@type\": \"NewsArticle\", "
                  "\"articleBody\": \"The page is drawn by a script, and "
                  "all that it says to those who cannot run one is what stands here, in the data "
                  "for machines: that three ships lay in "
                  "the harbour, that the book said two, and that the keeper was right about it in "
                  "the end, as he always had been.\"}</script>",
            "<div id=\"root\"></div><p>Please wait.</p>");

    (void)state;
    assert_true(text_has(rec, "that the keeper was right"));
    assert_string_equal(value(rec, WR_METHOD), "json-ld");
}

/* An article that stands in the data alone cannot show its author. */
static void believes_the_author_of_an_article_that_only_its_copy_has(void **state)
{
    static const char *const shells[] = {"<div id=\"root\"></div><p>Please wait.</p>",
        "<header><a href=\"/\">The Courier</a></header><div></div><footer><p>The Courier, 3 Rope "
        "Street. All rights reserved.</p></footer>",
        "<main><article>" HEADLINE "</article></main><noscript>Scripts are off.</noscript>"};
    static const char head[] =
        "<script type=\"application/ld+json\">{\"@type\": \"NewsArticle\", \"author\": {\"@type\": "
        "\"Person\", \"name\": \"Nora Felding\"}, \"articleBody\": \"" ARTICLE_WORDS "\"}</script>";

    (void)state;
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
        assert_string_equal(value(extracted(head, shells[i]), WR_AUTHOR), "Nora Felding");
    assert_string_equal(
        value(extracted(head, "<article>" HEADLINE ARTICLE "</article>"), WR_AUTHOR), "");
}

static void is_surer_of_an_article_than_of_a_scrap(void **state)
{
    struct wr_record *article =
        extracted("<meta property=\"og:title\" content=\"Three ships where the book says two\">",
            "<article>" HEADLINE ARTICLE ARTICLE ARTICLE "</article>");
    const char *sure = value(article, WR_CONFIDENCE);
    const char *unsure =
        value(extracted("", "<p>Come in, we are open, and so is the bar.</p>"), WR_CONFIDENCE);

    (void)state;
    assert_true(strcmp(sure, "0.60") > 0);
    assert_true(strcmp(unsure, "0.50") < 0);
}

static double confidence(const char *head, const char *body)
{
    return strtod(value(extracted(head, body), WR_CONFIDENCE), NULL);
}

static void is_less_sure_where_the_signs_are_bad(void **state)
{
    static const char article[] = "<meta property=\"og:type\" content=\"article\">";
    static const char copy[] =
        "<script type=\"application/ld+json\">{\"@type\": \"NewsArticle\", \"articleBody\": \"By "
        "noon "
        "the third ship had gone, and nobody on the mole could agree whether it had sailed to the "
        "north, where the ice was, or south, where the customs men had been waiting. The council "
        "will hear the keeper on Thursday, and until then the book stays closed in the drawer of "
        "the harbour office, next to the keys of a boat that was sold years ago.\"}</script>";
    double sure = confidence(article, "<article>" HEADLINE ARTICLE "</article>");

    (void)state;
    assert_true(sure > confidence("", "<article>" HEADLINE ARTICLE "</article>"));
    assert_true(
        sure > confidence(article, "<article>" HEADLINE FIRST "<p>One.</p><p>Two.</p><p>Three "
                                   "and four.</p><p>Five.</p>" SECOND "</article>"));
    assert_true(
        sure > confidence(article,
                   "<article>" HEADLINE FIRST "<div class=\"related\"><p>Ice comes early to the "
                   "northern harbours, and captains were told to be home "
                   "by Friday, but few of them were.</p></div>" SECOND "</article>"));
    assert_true(
        sure > confidence(article, "<article>" HEADLINE ARTICLE
                                   "<ul><li>A pilot for the ships that come by night, who has "
                                   "to be asked for on the day before.</li><li>A book for the "
                                   "names of the ships, and a drawer for the book, with a "
                                   "key.</li></ul></article>"));
    assert_true(sure > confidence(article,
                           "<article>" HEADLINE ARTICLE "</article><div>" ARTICLE "</div>"));
    assert_true(
        confidence(copy, "<article>" HEADLINE SECOND THIRD "</article>") >
        confidence(copy, "<article>" HEADLINE SECOND THIRD "<p>Something else was told of the "
                         "harbour that nobody wrote into the copy of the article, and it "
                         "went on for quite some time before it ended.</p></article>"));
}

static void says_that_nothing_was_found(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    extract_article(&extract, rec);
    assert_string_equal(value(rec, WR_STATUS), "failed");
    assert_string_equal(value(extracted("", ""), WR_STATUS), "failed");
}

static void reads_nothing_from_a_page_without_a_body(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(rec, WR_PAGE,
        LIT("<html><head><link rel=author itemprop=author href=/anna></head><frameset><frame "
            "src=/story name=author></frameset></html>"));
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/harbour/three-ships"));
    extract_article(&extract, rec);
    assert_string_equal(value(rec, WR_STATUS), "failed");
}

RUN_WITH_EACH_PARSER(TEST(uses_the_feed_without_a_page),
    TEST(uses_the_feed_when_the_page_asks_for_consent),
    TEST(uses_the_feed_when_the_page_asks_to_log_in),
    TEST(uses_the_feed_when_the_page_is_a_list_of_articles), TEST(knows_checks_for_people),
    TEST(knows_notices_of_consent), TEST(knows_the_home_page),
    TEST(knows_a_page_that_several_entries_lead_to), TEST(takes_no_article_for_a_wall),
    TEST(prefers_the_page_to_a_shorter_feed),
    TEST(believes_the_author_of_an_article_that_only_its_copy_has),
    TEST(takes_the_pages_own_copy_when_nothing_else_can_be_read),
    TEST(is_surer_of_an_article_than_of_a_scrap), TEST(is_less_sure_where_the_signs_are_bad),
    TEST(says_that_nothing_was_found), TEST(reads_nothing_from_a_page_without_a_body))
