/* test_language_weigh.c - a text, its page and its feed: whose word counts, and how much; tags near
 * each other, and options that cannot be. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "tag.h"
#include "worker/chain.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(16 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const char english[] =
    "The harbour bridge was closed on Saturday after a ferry struck one of its piers, the port "
    "authority said. Nobody was hurt. Engineers will look at the pier on Sunday morning, and "
    "traffic is sent through the tunnel until then.";
static const char german[] =
    "Die Hafenbrücke ist am Samstag gesperrt worden, nachdem eine Fähre einen Pfeiler gerammt "
    "hatte, teilte die Hafenbehörde mit. Verletzt wurde niemand. Fachleute untersuchen den "
    "Pfeiler am Sonntagmorgen, bis dahin wird der Verkehr durch den Tunnel geleitet.";
static const char french[] =
    "Le pont du port a été fermé samedi après qu'un ferry a heurté l'un de ses piliers, a annoncé "
    "l'autorité portuaire. Personne n'a été blessé. Des ingénieurs examineront le pilier dimanche "
    "matin et la circulation passe par le tunnel jusque-là.";
static const char russian[] =
    "Мост через гавань закрыт в субботу после того, как паром задел одну из опор, сообщили власти "
    "порта. Никто не пострадал. Инженеры осмотрят опору в воскресенье утром, до тех пор движение "
    "идёт через тоннель.";
static const char japanese[] =
    "フェリーが橋脚に衝突したため、港の橋は土曜日に通行止めとなったと港湾局が発表した。けが人は"
    "いなかった。技術者が日曜の朝に橋脚を調べ、それまで車はトンネルに迂回する。";

struct weighed {
    const char *text, *page, *feed, *want;
    double least, most; /* confidence */
};

static void the_word_that_counts(void **state)
{
    static const struct weighed cases[] = {
        {english, "", "", "en", 0.9, 1},
        {german, "", "", "de", 0.9, 1},
        {french, "", "", "fr", 0.9, 1},
        {russian, "", "", "ru", 0.9, 1},
        {japanese, "", "", "ja", 0.9, 1},
        {english, "en", "de", "en", 0.99, 0.99},     /* both say the same */
        {english, "en-GB", "", "en-GB", 0.99, 0.99}, /* and one of them says more */
        {english, "", "en-AU", "en-AU", 0.99, 0.99},
        {german, "de-CH", "en", "de-CH", 0.99, 0.99}, /* the page before the feed */
        {french, "en-US", "en-US", "fr", 0.8, 0.9},   /* templates are copied */
        {russian, "en", "", "ru", 0.8, 0.9},
        {"Liveblog", "de-AT", "fr", "de-AT", 0.4, 0.6},
        {"", "sv", "", "sv", 0.6, 0.6}, /* nothing to be seen */
        {"", "", "nl-BE", "nl-BE", 0.6, 0.6},
        {"42", "", "", "", 0, 0},
        {"", "und", "", "", 0, 0},
        {"", "mul", "da", "da", 0.6, 0.6},
        {"", "english", "de", "de", 0.6, 0.6},
        {"", "iw", "", "he", 0.6, 0.6},
        {"", "sh-HR", "", "sr-Latn-HR", 0.6, 0.6},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct chain *chain = chain_new(NULL);
        struct wr_record *rec = record_new(arena);
        struct error err = {0};
        double confidence;

        assert_int_equal(chain_add(chain, &wireroom_stage, NULL, 0, &err), OK);
        assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
        record_set(rec, WR_TEXT, bytes_of(cases[i].text));
        record_set(rec, WR_LANGUAGE, bytes_of(cases[i].page));
        record_set(rec, WR_FEED_LANGUAGE, bytes_of(cases[i].feed));
        chain_go(chain_start(chain, rec), NULL);
        chain_free(chain);
        confidence = atof(record_get_cstr(rec, WR_LANGUAGE_CONFIDENCE));
        if (!bytes_is(record_get(rec, WR_LANGUAGE), cases[i].want) || confidence < cases[i].least ||
            confidence > cases[i].most)
            fail_msg("%zu: \"%s\" \"%s\": %.*s %.2f", i, cases[i].page, cases[i].feed,
                FMT(record_get(rec, WR_LANGUAGE)), confidence);
    }
}

/* For want of a text the summary is looked at, and the headline in any case. */
static void all_words_of_a_record_are_looked_at(void **state)
{
    static const struct {
        const char *title, *text, *summary, *want;
    } cases[] = {
        {english, "", "", "en"},
        {"", "", german, "de"},
        {"", german, english, "de"},
        {"42", "", russian, "ru"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct chain *chain = chain_new(NULL);
        struct wr_record *rec = record_new(arena);
        struct error err = {0};

        assert_int_equal(chain_add(chain, &wireroom_stage, NULL, 0, &err), OK);
        assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
        record_set(rec, WR_TITLE, bytes_of(cases[i].title));
        record_set(rec, WR_TEXT, bytes_of(cases[i].text));
        record_set(rec, WR_SUMMARY, bytes_of(cases[i].summary));
        chain_go(chain_start(chain, rec), NULL);
        chain_free(chain);
        assert_bytes(record_get(rec, WR_LANGUAGE), cases[i].want);
    }
}

static void options_that_cannot_be_are_refused(void **state)
{
    static const struct {
        const char *name, *value;
        bool good;
    } cases[] = {{"min-bytes", "0", true}, {"min-bytes", "-1", false}, {"max-bytes", "64", true},
        {"max-bytes", "63", false}, {"max-bytes", "1048576", true},
        {"max-bytes", "1048577", false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct given_option option = {"language", cases[i].name, cases[i].value, NULL};
        struct chain *chain = chain_new(NULL);
        struct error err = {0};

        assert_int_equal(chain_add(chain, &wireroom_stage, &option, 1, &err), OK);
        assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err) == OK, cases[i].good);
        chain_free(chain);
    }
}

/* A text that is cut for being long is cut between letters, wherever that is. */
static void a_text_is_cut_between_letters(void **state)
{
    (void)state;
    for (int most = 160; most < 176; most++) {
        char value[8];
        const struct given_option option = {"language", "max-bytes", value, NULL};
        struct chain *chain = chain_new(NULL);
        struct wr_record *rec = record_new(arena);
        struct error err = {0};

        snprintf(value, sizeof(value), "%d", most);
        assert_int_equal(chain_add(chain, &wireroom_stage, &option, 1, &err), OK);
        assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
        record_set(rec, WR_TITLE, LIT("Мост"));
        record_set(rec, WR_TEXT, bytes_of(russian));
        chain_go(chain_start(chain, rec), NULL);
        assert_bytes(record_get(rec, WR_LANGUAGE), "ru");
        chain_free(chain);
    }
}

static void tags_of_one_language_and_of_near_ones(void **state)
{
    static const struct {
        const char *a, *b;
        bool same, near;
    } cases[] = {
        {"en", "en", true, true},
        {"en-GB", "en-US", true, true},
        {"en", "eng", false, false},
        {"en", "de", false, false},
        {"bs", "hr", false, true},
        {"sr-Latn", "cnr", false, true},
        {"nb", "nn", false, true},
        {"nb-NO", "da", false, true},
        {"id", "ms", false, true},
        {"pt-BR", "gl", false, true},
        {"hr", "nb", false, false},
        {"pt", "es", false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(tag_is_same(cases[i].a, cases[i].b), cases[i].same);
        assert_int_equal(tag_is_same(cases[i].b, cases[i].a), cases[i].same);
        assert_int_equal(tag_is_near(cases[i].a, cases[i].b), cases[i].near);
        assert_int_equal(tag_is_near(cases[i].b, cases[i].a), cases[i].near);
    }
    assert_int_equal(tag_primary("zh-Hant-TW"), 2);
    assert_int_equal(tag_primary("fil"), 3);
}

/* Read again, a tag that was read is the same one. */
static void a_tag_that_was_read_is_read_as_itself(void **state)
{
    static const char *const tags[] = {"en", "EN-us", "zh_hant_tw", "sh", "no", "sr-LATN-rs",
        "es-419", "de-CH-1996", "tl-PH", "ji", "x", "a-b", "en-x-private", "aaaa", "de--at",
        "\xc3\xa9", "pt_BR.UTF-8", "  fr", "en-abcdefghi"};

    (void)state;
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        char once[TAG] = "";
        char twice[TAG] = "";

        if (!tag_read((wr_str){tags[i], strlen(tags[i])}, once))
            continue;
        assert_true(tag_read((wr_str){once, strlen(once)}, twice));
        assert_string_equal(once, twice);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_word_that_counts),
        cmocka_unit_test(all_words_of_a_record_are_looked_at),
        cmocka_unit_test(options_that_cannot_be_are_refused),
        cmocka_unit_test(a_text_is_cut_between_letters),
        cmocka_unit_test(tags_of_one_language_and_of_near_ones),
        cmocka_unit_test(a_tag_that_was_read_is_read_as_itself),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
