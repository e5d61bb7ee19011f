/* test_extract_dates.c - when it was published: which numbers are a date, whose date it is, and
 * what it is a date of. */
#include "stage_test.h"

static const char *published_in(const char *language, const char *between, const char *behind)
{
    struct bytes body = bytes_format(
        arena, "<article>%s%s<div>%s</div></article>%s", HEADLINE, between, ARTICLE, behind);
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_PAGE,
        bytes_format(arena, "<!DOCTYPE html><html lang=\"%s\"><body>%s</body></html>", language,
            bytes_cstr(arena, body)));
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/harbour/three-ships"));
    record_set(rec, WR_PAGE_TYPE, LIT("text/html; charset=utf-8"));
    assert_int_equal(extract_article(&extract, rec), WR_NEXT);
    return value(rec, WR_PUBLISHED);
}

static const char *published(const char *between, const char *behind)
{
    return published_in("en", between, behind);
}

static void takes_no_loose_numbers_for_a_date(void **state)
{
    static const char *const lines[] = {"<p>12 Tipps und 7 Rezepte für 2021</p>",
        "<p>Chapter 4 of season 2, episode 7</p>", "<p>3 of 12 rooms, 2019 prices</p>",
        "<p>Juli 2014 (1)</p>", "<p>7 ships, 5 masts, 2020 tons</p>",
        "<p><span class=\"id\">hk4tm3q9b1</span></p>", "<p>Nr. 4 / Jahrgang 12 / 2015</p>",
        "<p>March was cold in 2019, and 4 boats sank</p>"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_string_equal(published(lines[i], ""), "");
}

static void reads_a_date_among_other_things(void **state)
{
    static const struct {
        const char *line, *date;
    } cases[] = {{"<p>(1 / 3) 06.11.2020 13:30 by Olga</p>", "2020-11-06T13:30:00Z"},
        {"<p><a href=\"/2011/04/09/\">9 April, 2011</a> | <a href=\"/author/km\">seemaus</a> | <a "
         "href=\"#c\">Comments 12</a></p>",
            "2011-04-09"},
        {"<ul><li>Datum:26. Januar 2022</li></ul>", "2022-01-26"},
        {"<div><span>Tanja Berg</span><span>3.11.2020</span></div>", "2020-11-03"},
        {"<p>3 May 2020 | 5 comments</p>", "2020-05-03"},
        {"<p>HARBOUR TOPICS　2019年3月15日 09:43</p>", "2019-03-15T09:43:00Z"},
        {"<p>2019年02月22日 14時30分 公開</p>", "2019-02-22T14:30:00Z"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(published(cases[i].line, ""), cases[i].date);
}

static void takes_publication_before_change(void **state)
{
    static const char *const lines[] = {
        "<p class=\"date\">Updated: May 15, 2024 | Published: May 13, 2024</p>",
        "<p>Mis à jour le 15 mai 2024, publié le 13 mai 2024</p>",
        "<p>Aktualisiert am 15.05.2024 – Veröffentlicht am 13.05.2024</p>",
        "<p>Stand: 15. Mai 2024</p><p>Erstellt: 13. Mai 2024</p>",
        "<p>Actualizado a 15/05/2024 | 13/05/2024</p>",
        "<div><span class=\"updated\">Updated <time datetime=\"2024-05-15\">15 May</time></span> "
        "<span>Published <time datetime=\"2024-05-13\">13 May</time></span></div>",
        "<time datetime=\"2024-05-22T08:05:10Z\">Published 13 May 2024</time>"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_string_equal(published(lines[i], ""), "2024-05-13");
    assert_string_equal(published("<p>Last updated: May 15, 2024</p>", ""), "2024-05-15");
}

static void takes_no_date_of_something_else(void **state)
{
    static const char comment[] =
        "<div id=\"comments\"><div class=\"comment\"><b>reader1</b> <time "
        "datetime=\"2024-07-01T10:00\">1 July 2024</time><p>Good article, thank you for writing it "
        "down for all of us.</p></div></div>";
    static const char events[] =
        "<aside class=\"events\"><h3>What is on</h3><p><time datetime=\"2024-06-20T19:00\">20 "
        "June</time> Choir evening</p></aside>";
    static const char cards[] =
        "<div class=\"cards\"><a href=\"/n/1\"><p>Seals return to the western beach</p><time "
        "datetime=\"2024-03-05T00:00\">Mar 5, 2024</time></a></div>";

    static const char list[] =
        "<div><p><a href=\"/n/1\">Seals return</a> <time datetime=\"2024-03-05\">5 March "
        "2024</time></p><p><a href=\"/n/2\">The ice goes</a> <time datetime=\"2024-03-01\">1 "
        "March 2024</time></p></div><footer>The Mole</footer>";
    static const char signature[] =
        "<p><a href=\"/author/mona\">Mona Petersen</a> <time datetime=\"2024-05-13\">May 13, "
        "2024</time></p><footer>The Mole</footer>";

    (void)state;
    assert_string_equal(published("", list), "");
    assert_string_equal(published("<p>13 May 2024</p>", list), "2024-05-13");
    assert_string_equal(published("", signature), "2024-05-13");
    assert_string_equal(published("", comment), "");
    assert_string_equal(published("", events), "");
    assert_string_equal(published("", cards), "");
    assert_string_equal(published("<p class=\"date\">May 13, 2024</p>", cards), "2024-05-13");
    assert_string_equal(published("<p>13.05.2024 – The harbour was quiet that day, and nobody who "
                                  "was asked could say why the third ship had come at all, or "
                                  "whose it was, or where it went.</p>",
                            comment),
        "2024-05-13");
}

static void reads_zones_in_capitals_only(void **state)
{
    static const struct {
        const char *line, *date;
    } cases[] = {
        {"<p>Publié le 13 mai 2024 à 21:40 et mis à jour le 14 mai</p>", "2024-05-13T21:40:00Z"},
        {"<p>13 May 2024, 21:40 | Art and culture</p>", "2024-05-13T21:40:00Z"},
        {"<p>13 May 2024, 21:40 - get updates</p>", "2024-05-13T21:40:00Z"},
        {"<p>13 May 2024, 21:40 EDT</p>", "2024-05-13T21:40:00-04:00"},
        {"<p>13 May 2024, 21:40 (CEST) | Harbour</p>", "2024-05-13T21:40:00+02:00"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(published(cases[i].line, ""), cases[i].date);
}

static void reads_digits_and_eras_of_other_scripts(void **state)
{
    static const struct {
        const char *language, *line, *date;
    } cases[] = {{"bn", "<p>প্রকাশ: ১৩ মে ২০২৪, ২১:৪০</p>", "2024-05-13T21:40:00Z"},
        {"ar", "<p>١٣ مايو ٢٠٢٤</p>", "2024-05-13"}, {"hi", "<p>१३ मई २०२४</p>", "2024-05-13"},
        {"ja", "<p>令和6年5月13日</p>", "2024-05-13"},
        {"ja", "<p>平成30年5月13日</p>", "2018-05-13"},
        {"ja", "<p>２０２４年５月１３日</p>", "2024-05-13"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(published_in(cases[i].language, cases[i].line, ""), cases[i].date);
}

static void believes_what_is_labelled_before_a_vague_meta(void **state)
{
    static const char box[] =
        "<div class=\"x\"><span>Erschienen am:</span><h2>04.06.2019</h2></div>";

    (void)state;
    assert_string_equal(
        value(extracted("<meta name=\"date\" content=\"2019-06-06\">",
                  bytes_cstr(arena, bytes_format(arena, "%s%s%s", HEADLINE, ARTICLE, box))),
            WR_PUBLISHED),
        "2019-06-04");
    assert_string_equal(value(extracted("<meta name=\"date\" content=\"2019-06-06\">",
                                  HEADLINE ARTICLE "<p>04.06.2019</p>"),
                            WR_PUBLISHED),
        "2019-06-06");
}

static void reads_the_day_first_where_the_language_does(void **state)
{
    static const char data[] = "<script type=\"application/ld+json\">{\"@type\": \"NewsArticle\", "
                               "\"headline\": \"Three ships where the book says two\", "
                               "\"datePublished\": \"08/03/2021 06:10 pm\"}</script>";

    (void)state;
    assert_string_equal(published_in("es", data, ""), "2021-03-08T18:10:00Z");
    assert_string_equal(published_in("en", data, ""), "2021-08-03T18:10:00Z");
}

static void finds_a_date_in_an_address_and_a_script(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(
        rec, WR_PAGE, bytes_of("<html lang=\"de\"><body>" HEADLINE ARTICLE "</body></html>"));
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/harbour/14-09-2020"));
    record_set(rec, WR_PAGE_TYPE, LIT("text/html; charset=utf-8"));
    assert_int_equal(extract_article(&extract, rec), WR_NEXT);
    assert_string_equal(value(rec, WR_PUBLISHED), "2020-09-14");
    assert_string_equal(published("<script>showDate(\"2019/06/21 08:15:30\")</script>", ""),
        "2019-06-21T08:15:30Z");
}

RUN_WITH_EACH_PARSER(TEST(takes_no_loose_numbers_for_a_date), TEST(reads_a_date_among_other_things),
    TEST(takes_publication_before_change), TEST(takes_no_date_of_something_else),
    TEST(reads_zones_in_capitals_only), TEST(reads_digits_and_eras_of_other_scripts),
    TEST(believes_what_is_labelled_before_a_vague_meta),
    TEST(reads_the_day_first_where_the_language_does),
    TEST(finds_a_date_in_an_address_and_a_script))
