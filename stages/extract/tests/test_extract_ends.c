/* test_extract_ends.c - what stands at the ends of a text and is no part of it. */
#include "stage_test.h"

#define AUTHOR "<meta name=\"author\" content=\"Anna Berg\">"
#define PAGE(body) extracted(AUTHOR, "<article>" HEADLINE body "</article>")

/* line behind the text is left out. */
static void assert_left_out(const char *line)
{
    struct wr_record *rec = extracted(AUTHOR,
        bytes_cstr(arena,
            bytes_format(arena, "<article>%s%s<p>%s</p></article>", HEADLINE, ARTICLE, line)));

    assert_article(rec);
    if (text_has(rec, line))
        fail_msg("kept: %s", line);
}

static void assert_kept(const char *line)
{
    struct wr_record *rec = extracted(AUTHOR,
        bytes_cstr(arena,
            bytes_format(arena, "<article>%s%s<p>%s</p></article>", HEADLINE, ARTICLE, line)));

    if (!text_has(rec, line))
        fail_msg("left out: %s", line);
}

static void leaves_out_who_wrote_it(void **state)
{
    (void)state;
    assert_left_out(
        "Anna Berg writes about ships and harbours and lives at the coast with two cats.");
    assert_left_out("Anna Berg (born in 1970) has counted ships for thirty years.");
    assert_left_out("Tom Lind is the paper’s senior reporter at the harbour.");
    assert_left_out("Peter Grimm ist Journalist und Autor von Büchern über Häfen.");
    assert_left_out("Anna Berg");
    assert_left_out("(jg)");
    assert_left_out("dpa/kb");
    assert_left_out("The author is a pilot and has written three books about the coast.");
}

static void leaves_out_where_it_comes_from_and_who_helped(void **state)
{
    (void)state;
    assert_left_out("Source: Harbour office");
    assert_left_out("Quelle: Hafenamt, Lotsenbuch");
    assert_left_out("Fuente: Actualidad");
    assert_left_out("(Con información de AFP, EFE y Reuters)");
    assert_left_out("(Reporting by Olga Oran in Los Angeles; Additional reporting by Lars Dell and "
                    "Mia Fahr in New York; Editing by Kay Orr)");
    assert_left_out("AP writer Krysta Faur in Bergen contributed to this report.");
    assert_left_out("Beitragsbild: Stefan Mang");
}

static void leaves_out_what_the_reader_shall_do_now(void **state)
{
    (void)state;
    assert_left_out("Contact the harbour desk at desk@news.example or call 555 0199.");
    assert_left_out("Get the good news of the coast delivered to you every Saturday, by way of the "
                    "Mole newsletter.");
    assert_left_out("Hat dir dieser Artikel gefallen? Dann erzähl es weiter.");
    assert_left_out(
        "© The Mole Daily | Mole Street 1 | 5003 Harbour | Phone 555 0199 | Office hours "
        "8 to 12 and 13 to 17 on all days but Sundays, and by appointment");
}

static void keeps_how_a_story_ends(void **state)
{
    (void)state;
    assert_kept("The keeper said that nobody had asked him.");
    assert_kept("\"Anna Berg knew it all the time,\" said the keeper.");
    assert_kept("Nobody is a better judge of ships than he is.");
    assert_kept("So it goes.");
    assert_kept("Three!");
}

static void keeps_addresses_and_sources_within_the_text(void **state)
{
    struct wr_record *rec =
        PAGE(FIRST "<p>Source: the harbour book, page three, where it is written "
                   "in the pilot's own hand.</p><p>Reports go to "
                   "pilot@harbour.example now.</p>" SECOND SECOND
                   "<p>He shook his head.</p><p>It rained.</p>" THIRD THIRD);

    (void)state;
    assert_true(text_has(rec, "Source: the harbour book"));
    assert_true(text_has(rec, "pilot@harbour.example"));
}

static void keeps_the_last_words_of_an_interview(void **state)
{
    (void)state;
    assert_kept("Anna Berg: Thank you for the conversation.");
}

RUN_WITH_EACH_PARSER(TEST(leaves_out_who_wrote_it),
    TEST(leaves_out_where_it_comes_from_and_who_helped),
    TEST(leaves_out_what_the_reader_shall_do_now), TEST(keeps_how_a_story_ends),
    TEST(keeps_addresses_and_sources_within_the_text), TEST(keeps_the_last_words_of_an_interview))
