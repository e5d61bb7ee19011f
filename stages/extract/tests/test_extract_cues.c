/* test_extract_cues.c - phrases that give lines away in one language and begin sentences in
 * another.
 */
#include "stage_test.h"

#define PAGE(language, body)                                                                       \
    extracted("<meta property=\"og:locale\" content=\"" language "\">",                            \
        "<article>" HEADLINE body "</article>")

/* Long enough to tell the language from. */
#define GERMAN                                                                                       \
    "<p>Der Wärter zählte die Schiffe auch an diesem Morgen, und es waren wieder drei, obwohl in " \
    "dem Buch des Hafens nur zwei standen, die nach einem Lotsen für die Nacht gefragt "            \
    "hatten.</p>"
#define FRENCH                                                                                     \
    "<p>Le gardien du phare a compté les navires ce matin, et il y en avait trois, alors que le " \
    "livre du port ne parle que de deux qui ont demandé un pilote pour la nuit.</p>"
#define SPANISH                                                                                      \
    "<p>El guardián del faro contó los barcos por la mañana y eran tres, aunque en el libro del " \
    "puerto se dice que sólo dos pidieron un práctico para la noche.</p>"
#define NORWEGIAN                                                                                  \
    "<p>Fyrvokteren talte skipene også den morgenen, og det var tre av dem, selv om det i boken " \
    "til havnen står at bare to har bedt om en los for natten, og ikke fra byen.</p>"
#define JAPANESE                                                                                                                                 \
    "<p>"                                                                                                                                        \
    "灯台守はその朝もまた船を数え、三隻あることを確かめたが、港の帳簿には前の晩に水先案内人を頼ん" \
    "だ船は"                                                                                                                                  \
    "二隻しかないと書かれていた。町の人々は誰もその理由を知らなかった。</p>"

/* Lines that only look like furniture, in pages of their language. */
static void keeps_sentences_that_begin_like_furniture(void **state)
{
    static const struct {
        const char *text, *line;
    } cases[] = {{GERMAN, "Haben Sie dafür eine Erklärung?"}, {GERMAN, "Sehen Sie das auch so?"},
        {GERMAN, "Anzeige gegen den Wärter erstattet"},
        {GERMAN, "An dieser Stelle stand früher ein Speicher."},
        {GERMAN, "Auf Twitter schrieb der Wärter: „Drei!“"}, {GERMAN, "Zurück zur alten Ordnung"},
        {FRENCH, "Publicité mensongère au port"}, {SPANISH, "El video se hizo viral en el puerto."},
        {SPANISH, "Del otro lado del muelle"}, {SPANISH, "Publicidad engañosa en el puerto"},
        {NORWEGIAN, "Del to av historien"},
        {ARTICLE, "In this article, I will explain how ships are counted at night."},
        {ARTICLE, "Twitter has seen this kind of ship before"},
        {ARTICLE, "What do you think of the third ship?"}, {JAPANESE, "広告大手の船も港に入った。"},
        {JAPANESE, "残り2隻の行方は分かっていない。"}, {JAPANESE, "シェアを伸ばす港の会社"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes body = bytes_format(arena, "<article>%s%s%s<p>%s</p>%s</article>", HEADLINE,
            cases[i].text, cases[i].text, cases[i].line, cases[i].text);

        assert_true(text_has(extracted("", bytes_cstr(arena, body)), cases[i].line));
    }
}

static void keeps_short_lines_that_begin_like_a_date(void **state)
{
    static const struct {
        const char *text, *line;
    } cases[] = {{FRENCH, "Le livre du port"}, {GERMAN, "Am alten Küchentisch"},
        {GERMAN, "Vom Leuchtturm bis zur Mole"}, {ARTICLE, "On the mole nobody spoke."},
        {SPANISH, "Creado por un guardián"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes body = bytes_format(arena, "<article>%s%s<h2>%s</h2>%s</article>", HEADLINE,
            cases[i].text, cases[i].line, cases[i].text);

        assert_true(text_has(extracted("", bytes_cstr(arena, body)), cases[i].line));
    }
}

static void leaves_out_dates_behind_their_cue(void **state)
{
    (void)state;
    assert_false(text_has(PAGE("fr", FRENCH "<p>Publié le 3 mai 2024</p>" FRENCH), "Publié"));
    assert_false(text_has(PAGE("en", FIRST "<p>Published on:</p>" SECOND THIRD), "Published"));
}

static void keeps_a_lead_that_begins_like_a_byline(void **state)
{
    (void)state;
    assert_true(text_has(PAGE("en", "<h2>From the harbour, three ships</h2>" ARTICLE), "From the"));
    assert_false(text_has(PAGE("en", "<p>By Anna Berg</p>" ARTICLE), "Anna Berg"));
    assert_false(text_has(PAGE("en", "<p>By admin</p>" ARTICLE), "admin"));
}

static void names_nobody_by_half_a_name(void **state)
{
    (void)state;
    assert_string_equal(
        value(PAGE("nb_NO", "<p class=\"byline\">Per Holm</p>" NORWEGIAN NORWEGIAN), WR_AUTHOR),
        "Per Holm");
    assert_string_equal(
        value(PAGE("en", "<p class=\"byline\">Theo Wall</p>" ARTICLE), WR_AUTHOR), "Theo Wall");
    assert_string_equal(
        value(PAGE("en", "<p class=\"byline\">Oleh Kovalenko</p>" ARTICLE), WR_AUTHOR),
        "Oleh Kovalenko");
    assert_string_equal(value(PAGE("ca", "<p class=\"byline\">Per Marta Puig</p>"
                                         "<p>El guardià va comptar els vaixells, i eren tres, "
                                         "encara que en el llibre del port només n'hi ha dos que "
                                         "van demanar un pràctic per a la nit.</p>"
                                         "<p>El consell escoltarà el guardià dijous, i fins "
                                         "llavors el llibre és al calaix de l'oficina del port, "
                                         "amb les claus d'una barca que es va vendre.</p>"),
                            WR_AUTHOR),
        "Marta Puig");
}

/* Both are agencies, too. */
static void keeps_first_names_that_are_agencies_elsewhere(void **state)
{
    struct wr_record *rec =
        PAGE("en", "<p class=\"byline\">By Anna Berg, Hina Khan, Sita Rao</p>" ARTICLE);

    (void)state;
    assert_int_equal(wr_count(rec, WR_AUTHOR), 3);
    rec = PAGE("hr", "<p class=\"byline\">Ana Babić, Hina</p>" ARTICLE);
    assert_int_equal(wr_count(rec, WR_AUTHOR), 1);
}

/* Nothing is said of the language, or the wrong one by who made the template. */
static void hears_the_language_of_the_text(void **state)
{
    (void)state;
    assert_string_equal(
        value(extracted("", "<article>" HEADLINE
                            "<p class=\"byline\">Di Wu</p>" GERMAN GERMAN GERMAN "</article>"),
            WR_AUTHOR),
        "Di Wu");
    assert_string_equal(
        value(PAGE("en_US", "<p class=\"byline\">Af Mette Holm</p>"
                            "<p>Fyrpasseren talte skibene også den morgen, og det var tre af dem, "
                            "selv om det i bogen er blevet sagt, at der var to fra byen.</p>"
                            "<p>Efter middag var det tredje skib væk, og ingen på molen kunne "
                            "blive enige om, hvorvidt det var sejlet mod nord eller mod syd.</p>"),
            WR_AUTHOR),
        "Mette Holm");
}

RUN_WITH_EACH_PARSER(TEST(keeps_sentences_that_begin_like_furniture),
    TEST(keeps_short_lines_that_begin_like_a_date), TEST(leaves_out_dates_behind_their_cue),
    TEST(keeps_a_lead_that_begins_like_a_byline), TEST(names_nobody_by_half_a_name),
    TEST(keeps_first_names_that_are_agencies_elsewhere), TEST(hears_the_language_of_the_text))
