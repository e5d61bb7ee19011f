/* test_extract_fields.c - headline, authors, dates and the other fields. */
#include "stage_test.h"

#define LD(json) "<script type=\"application/ld+json\">" json "</script>"

static void prefers_the_headline_that_others_agree_with(void **state)
{
    struct wr_record *rec =
        extracted("<title>Three ships where the book says two | The Mole</title>",
            "<div class=\"logo\"><h1>The Mole</h1></div><h2>Three ships where the book says "
            "two</h2>" ARTICLE);

    (void)state;
    assert_string_equal(value(rec, WR_TITLE), "Three ships where the book says two");
}

static void takes_the_kicker_off_the_headline(void **state)
{
    struct wr_record *rec =
        extracted("<meta property=\"og:title\" content=\"Three ships where the book says two\">",
            "<h1><span>Harbour</span> Three ships where the book says two</h1>" ARTICLE);

    (void)state;
    assert_string_equal(value(rec, WR_TITLE), "Three ships where the book says two");
}

static void takes_the_site_off_the_documents_title(void **state)
{
    struct wr_record *rec =
        extracted("<title>Three ships where the book says two – The Mole</title>"
                  "<meta property=\"og:site_name\" content=\"The Mole\">",
            "<div>" ARTICLE "</div>");

    (void)state;
    assert_string_equal(value(rec, WR_TITLE), "Three ships where the book says two");
}

static void reads_authors_through_a_graph_of_references(void **state)
{
    struct wr_record *rec =
        extracted(LD("{\"@graph\": [{\"@type\": \"NewsArticle\", \"headline\": \"Three ships\", "
                     "\"author\": [{\"@id\": \"#a\"}, "
                     "{\"@type\": \"Person\", \"name\": \"Tom Lind\"}]},\n // written by hand\n"
                     "{\"@type\": \"Person\", \"@id\": \"#a\", \"name\": \"Anna\nBerg\",},]}"),
            HEADLINE "<p>Anna Berg and Tom Lind</p>" ARTICLE);

    (void)state;
    assert_int_equal(wr_count(rec, WR_AUTHOR), 2);
    assert_string_equal(bytes_cstr(arena, record_get_at(rec, WR_AUTHOR, 0)), "Anna Berg");
    assert_string_equal(bytes_cstr(arena, record_get_at(rec, WR_AUTHOR, 1)), "Tom Lind");
}

static void reads_a_byline_with_a_date_behind_it(void **state)
{
    struct wr_record *rec = extracted("",
        "<article>" HEADLINE "<div>By Anna Berg and Tom Lind <time>May 2, 2024</time></div>" ARTICLE
        "</article>");

    (void)state;
    assert_int_equal(wr_count(rec, WR_AUTHOR), 2);
    assert_string_equal(bytes_cstr(arena, record_get_at(rec, WR_AUTHOR, 0)), "Anna Berg");
    assert_string_equal(bytes_cstr(arena, record_get_at(rec, WR_AUTHOR, 1)), "Tom Lind");
    assert_false(text_has(rec, "Anna Berg"));
    assert_string_equal(value(rec, WR_PUBLISHED), "2024-05-02");
}

static void reads_bylines_in_other_languages(void **state)
{
    static const struct {
        const char *line, *name;
    } cases[] = {{"Von Jörg Öttinger, Kiel", "Jörg Öttinger"}, {"Par Émilie Roux", "Émilie Roux"},
        {"Por Íñigo Sáez", "Íñigo Sáez"}, {"Автор: Анна Петрова", "Анна Петрова"},
        {"Door Saskia de Wit", "Saskia de Wit"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes body = bytes_format(
            arena, "<article>%s<p>%s</p>%s</article>", HEADLINE, cases[i].line, ARTICLE);
        struct wr_record *rec = extracted("", bytes_cstr(arena, body));

        assert_string_equal(value(rec, WR_AUTHOR), cases[i].name);
    }
}

static void invents_no_author(void **state)
{
    static const char *const heads[] = {"<meta name=\"author\" content=\"admin\">",
        "<meta name=\"author\" content=\"https://social.example/the-mole\">",
        "<meta name=\"author\" content=\"The Mole\"><meta property=\"og:site_name\" content=\"The "
        "Mole\">",
        "<meta name=\"author\" content=\"Mole Publishing GmbH\">",
        LD("{\"@type\": \"Recipe\", \"author\": {\"@type\": \"Person\", \"name\": \"The "
           "Mole\"}, \"publisher\": "
           "{\"@type\": \"Organization\", \"name\": \"The Mole\"}}")};

    (void)state;
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        assert_int_equal(
            wr_count(extracted(heads[i],
                         "<article>" HEADLINE "<p>by admin, 77 views</p>" ARTICLE "</article>"),
                WR_AUTHOR),
            0);
}

static void names_the_newsroom_when_it_signs_itself(void **state)
{
    struct wr_record *rec = extracted(LD("{\"@type\": \"NewsArticle\", \"author\": {\"@type\": "
                                         "\"Organization\", \"name\": \"The Mole\"}}"),
        HEADLINE ARTICLE);

    (void)state;
    assert_string_equal(value(rec, WR_AUTHOR), "The Mole");
}

static void keeps_the_clock_and_the_offset_of_a_date(void **state)
{
    struct wr_record *rec =
        extracted("<meta property=\"article:published_time\" content=\"2024-05-02T08:30:00+02:00\">"
                  "<meta property=\"article:modified_time\" content=\"2024-05-03T10:00:00+02:00\">",
            HEADLINE ARTICLE);

    (void)state;
    assert_string_equal(value(rec, WR_PUBLISHED), "2024-05-02T08:30:00+02:00");
    assert_string_equal(value(rec, WR_PUBLISHED_SOURCE), "meta");
    assert_string_equal(value(rec, WR_PUBLISHED_PRECISION), "second");
    assert_string_equal(value(rec, WR_PUBLISHED_RAW), "2024-05-02T08:30:00+02:00");
    assert_string_equal(value(rec, WR_MODIFIED), "2024-05-03T10:00:00+02:00");
}

static void finds_a_date_that_only_readers_see(void **state)
{
    struct wr_record *rec = extracted("", HEADLINE "<p>Veröffentlicht am 3. März 2023</p>" ARTICLE);

    (void)state;
    assert_string_equal(value(rec, WR_PUBLISHED), "2023-03-03");
    assert_string_equal(value(rec, WR_PUBLISHED_PRECISION), "day");
}

static void finds_a_date_in_the_address(void **state)
{
    struct wr_record *rec =
        extracted("<link rel=\"canonical\" href=\"/2022/11/30/three-ships\">", HEADLINE ARTICLE);

    (void)state;
    assert_string_equal(value(rec, WR_PUBLISHED), "2022-11-30");
    assert_string_equal(value(rec, WR_PUBLISHED_SOURCE), "url");
    assert_string_equal(value(rec, WR_CANONICAL), "https://news.example/2022/11/30/three-ships");
}

static void does_not_take_a_comments_date_for_the_articles(void **state)
{
    struct wr_record *rec = extracted("",
        "<article>" HEADLINE
        "<div class=\"meta\"><time datetime=\"2021-06-01\">1 June</time></div>" ARTICLE
        "</article><div class=\"comments\"><time "
        "datetime=\"2020-01-01T10:00\">x</time>Fine.</div>");

    (void)state;
    assert_string_equal(value(rec, WR_PUBLISHED), "2021-06-01");
}

static void keeps_the_kicker_that_only_the_headline_goes_without(void **state)
{
    static const char said[] =
        LD("{\"@type\": \"NewsArticle\", \"headline\": \"Harbour: Three ships where the book "
           "says two\"}") "<title>Harbour: Three ships where the book says two - The Mole</title>";
    static const char offered[] =
        "<meta property=\"og:title\" content=\"Three ships where the book says two\">";

    (void)state;
    assert_string_equal(value(extracted(said, HEADLINE ARTICLE), WR_TITLE),
        "Harbour: Three ships where the book says two");
    assert_string_equal(
        value(extracted(
                  bytes_cstr(arena, bytes_format(arena, "%s%s", said, offered)), HEADLINE ARTICLE),
            WR_TITLE),
        "Three ships where the book says two");
}

static void tells_the_date_of_the_article_from_those_beside_it(void **state)
{
    static const struct {
        const char *body, *date;
    } cases[] = {{"<p>Home | By Anna Berg | 30 September 2018</p>" HEADLINE
                  "<p>This article was updated on 7 January 2020.</p>" ARTICLE,
                     "2018-09-30"},
        {HEADLINE "<p>Last edited by the harbour office on 7 January 2020</p>" ARTICLE,
            "2020-01-07"},
        {"<div class=\"post-meta\"><a>08/08/2017von Stephan Markus</a>No commentsFashion, Ships, "
         "Picked by hand</div>" HEADLINE ARTICLE,
            "2017-08-08"},
        {HEADLINE "<p>Ukrainian machines and guns on their way to the city of Bachmut in the east "
                  "of the country, 24 April 2023</p>" ARTICLE "<p>Datum 28.04.2023</p>",
            "2023-04-28"},
        {"<div class=\"ArticleHeaderComment\">" HEADLINE
         "<span class=\"ArticleHeaderComment_date\">29 January 2019</span></div>" ARTICLE
         "<div class=\"comments\"><time datetime=\"2018-03-12T19:30:12+00:00\">x</time></div>",
            "2019-01-29"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(value(extracted("", cases[i].body), WR_PUBLISHED), cases[i].date);
}

static void tells_the_offset_of_utc_from_what_readers_see(void **state)
{
    static const struct {
        const char *said, *shown, *date;
    } cases[] = {{"2022-05-04T00:44:52Z", "03.05.2022 21:44", "2022-05-03T21:44:52-03:00"},
        {"2022-05-04T00:25:56Z", "3 de mayo de 202221:25", "2022-05-03T21:25:56-03:00"},
        {"2020-02-25T02:25:54Z", "February 24, 2020 | 9:25pm", "2020-02-24T21:25:54-05:00"},
        {"2018-12-31T23:11:59Z", "Filed under harbour — anna @ 00:11", "2019-01-01T00:11:59+01:00"},
        {"2021-11-04T23:00:00Z", "5. November 2021", "2021-11-05T00:00:00+01:00"},
        {"2020-03-25T03:00:00Z", "25 March 2020, 08:30", "2020-03-25T08:30:00+05:30"},
        {"2020-02-25T02:25:54Z", "February 26, 2020 | 9:31pm", "2020-02-25T02:25:54Z"},
        {"2026-03-14T07:50:00Z", "4 July 1950, 10:40", "2026-03-14T07:50:00Z"},
        {"2020-02-25T02:25:54+01:00", "February 25, 2020 | 9:25", "2020-02-25T02:25:54+01:00"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes head = bytes_format(
            arena, "<meta property=\"article:published_time\" content=\"%s\">", cases[i].said);
        struct bytes body = bytes_format(arena, "%s<p>%s</p>%s", HEADLINE, cases[i].shown, ARTICLE);

        assert_string_equal(
            value(extracted(bytes_cstr(arena, head), bytes_cstr(arena, body)), WR_PUBLISHED),
            cases[i].date);
    }
}

static void reads_the_order_of_a_date_from_the_language_of_xhtml(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(rec, WR_PAGE,
        bytes_of("<html xml:lang=\"en-GB\"><body>" HEADLINE "<p>02/10/2020</p>" ARTICLE
                 "</body></html>"));
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/harbour/three-ships"));
    assert_int_equal(extract_article(&extract, rec), WR_NEXT);
    assert_string_equal(value(rec, WR_PUBLISHED), "2020-10-02");
}

static void does_not_take_another_hosts_address_for_its_own(void **state)
{
    struct wr_record *rec =
        extracted("<link rel=\"canonical\" href=\"https://agency.example/wire/1\">"
                  "<meta property=\"og:url\" content=\"https://news.example/harbour/three-ships\">",
            HEADLINE ARTICLE);

    (void)state;
    assert_string_equal(value(rec, WR_CANONICAL), "https://news.example/harbour/three-ships");
}

static void guesses_a_language_nobody_states(void **state)
{
    (void)state;
    assert_string_equal(value(extracted("", HEADLINE ARTICLE), WR_LANGUAGE), "en");
    assert_string_equal(
        value(extracted("<meta property=\"og:locale\" content=\"de_AT\">", HEADLINE ARTICLE),
            WR_LANGUAGE),
        "de-AT");
}

static void finds_the_picture_of_the_article(void **state)
{
    (void)state;
    assert_string_equal(
        value(extracted(
                  "<meta property=\"og:image\" content=\"//img.example/a.jpg\">", HEADLINE ARTICLE),
            WR_IMAGE),
        "https://img.example/a.jpg");
    assert_string_equal(
        value(extracted("", "<article>" HEADLINE
                            "<img src=\"/i/logo.png\"><figure><img data-src=\"/i/mole.jpg\" "
                            "src=\"data:,\"></figure>" ARTICLE "</article>"),
            WR_IMAGE),
        "https://news.example/i/mole.jpg");
}

static void reads_section_keywords_and_access(void **state)
{
    struct wr_record *rec = extracted(LD("{\"@type\": \"NewsArticle\", \"articleSection\": "
                                         "\"Harbour\", \"keywords\": [\"ships\", \"pilots\"], "
                                         "\"isAccessibleForFree\": \"False\"}"),
        HEADLINE ARTICLE);

    (void)state;
    assert_string_equal(value(rec, WR_SECTION), "Harbour");
    assert_int_equal(wr_count(rec, WR_KEYWORD), 2);
    assert_string_equal(value(rec, WR_FREE), "false");
    assert_string_equal(value(rec, WR_STATUS), "paywalled");
}

/* Many systems write the day of the last change into a meta that is only called "date". */
static void believes_a_date_at_the_headline_before_a_meta_called_date(void **state)
{
    const char *meta = "<meta name=\"date\" content=\"2022-01-26T14:32:06+01:00\">";
    struct wr_record *rec =
        extracted(meta, "<article>" HEADLINE
                        "<time datetime=\"2022-01-21\">21.01.2022</time>" ARTICLE "</article>");

    (void)state;
    assert_string_equal(value(rec, WR_PUBLISHED), "2022-01-21");
    rec = extracted(meta, "<article>" HEADLINE
                          "<time datetime=\"2022-01-26\">26.01.2022</time>" ARTICLE "</article>");
    assert_string_equal(value(rec, WR_PUBLISHED), "2022-01-26T14:32:06+01:00");
    rec = extracted(meta, "<article>" HEADLINE ARTICLE "</article>");
    assert_string_equal(value(rec, WR_PUBLISHED), "2022-01-26T14:32:06+01:00");
    rec = extracted(
        "<meta property=\"article:published_time\" content=\"2022-01-26T14:32:06+01:00\">",
        "<article>" HEADLINE "<time datetime=\"2022-01-21\">21.01.2022</time>" ARTICLE
        "</article>");
    assert_string_equal(value(rec, WR_PUBLISHED), "2022-01-26T14:32:06+01:00");
}

RUN_WITH_EACH_PARSER(TEST(believes_a_date_at_the_headline_before_a_meta_called_date),
    TEST(prefers_the_headline_that_others_agree_with), TEST(takes_the_kicker_off_the_headline),
    TEST(takes_the_site_off_the_documents_title), TEST(reads_authors_through_a_graph_of_references),
    TEST(reads_a_byline_with_a_date_behind_it), TEST(reads_bylines_in_other_languages),
    TEST(invents_no_author), TEST(names_the_newsroom_when_it_signs_itself),
    TEST(keeps_the_clock_and_the_offset_of_a_date),
    TEST(keeps_the_kicker_that_only_the_headline_goes_without),
    TEST(tells_the_date_of_the_article_from_those_beside_it),
    TEST(tells_the_offset_of_utc_from_what_readers_see),
    TEST(reads_the_order_of_a_date_from_the_language_of_xhtml),
    TEST(finds_a_date_that_only_readers_see), TEST(finds_a_date_in_the_address),
    TEST(does_not_take_a_comments_date_for_the_articles),
    TEST(does_not_take_another_hosts_address_for_its_own), TEST(guesses_a_language_nobody_states),
    TEST(finds_the_picture_of_the_article), TEST(reads_section_keywords_and_access))
