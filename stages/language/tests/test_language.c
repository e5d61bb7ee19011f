/* test_language.c - languages told from texts, and declarations that are right, wrong or absent. */
#include "unit/test.h"

#include <stdlib.h>

#include "tag.h"
#include "worker/chain.h"

static struct arena *arena;
static struct chain *chain;
static struct error err;
static double confidence;

static const char english[] = "The harbour bridge was closed on Saturday after a ferry struck one "
                              "of its piers, the port authority said. Nobody was hurt. "
                              "Engineers will look at the pier on Sunday morning, and traffic is "
                              "sent through the tunnel until then.";
static const char german[] = "Die Hafenbr\xc3\xbc"
                             "cke ist am Samstag gesperrt worden, nachdem eine F\xc3\xa4hre einen "
                             "Pfeiler gerammt hatte, teilte die "
                             "Hafenbeh\xc3\xb6rde mit. Verletzt wurde niemand. Fachleute "
                             "untersuchen den Pfeiler am Sonntagmorgen, bis dahin wird der "
                             "Verkehr durch den Tunnel geleitet.";
static const char croatian[] =
    "Lu\xc4\x8dki most zatvoren je u subotu nakon \xc5\xa1to je trajekt udario u jedan od njegovih "
    "stupova, priop\xc4\x87ila je lu\xc4\x8dka "
    "uprava. Nitko nije ozlije\xc4\x91"
    "en. Stru\xc4\x8dnjaci \xc4\x87"
    "e pregledati stup u nedjelju ujutro, a promet se do tada "
    "odvija kroz tunel.";
static const char chinese[] = "\xe6\xb8\xaf\xe5\x8f\xa3\xe5\xa4\xa7\xe6\xa9\x8b\xe5\x91\xa8\xe5\x85"
                              "\xad\xe5\x9b\xa0\xe6\xb8\xa1\xe8\xbd\xae\xe6\x92\x9e\xe4\xb8\x8a\xe6"
                              "\xa1\xa5\xe5\xa2\xa9\xe8\x80\x8c\xe5\x85\xb3\xe9\x97\xad\xef\xbc\x8c"
                              "\xe6\xb8\xaf\xe5\x8a\xa1\xe5\xb1\x80\xe8\xaf\xb4\xe3\x80\x82\xe6\xb2"
                              "\xa1\xe6\x9c\x89\xe4\xba\xba\xe5\x8f\x97\xe4\xbc\xa4\xe3\x80\x82\xe5"
                              "\xb7\xa5\xe7\xa8\x8b\xe5\xb8\x88\xe5\xb0\x86\xe5\x9c\xa8\xe5\x91\xa8"
                              "\xe6\x97\xa5\xe6\x97\xa9\xe4\xb8\x8a\xe6\xa3\x80\xe6\x9f\xa5\xe6\xa1"
                              "\xa5\xe5\xa2\xa9\xef\xbc\x8c\xe4\xba\xa4\xe9\x80\x9a\xe6\x94\xb9\xe8"
                              "\xb5\xb0\xe9\x9a\xa7\xe9\x81\x93\xe3\x80\x82";

static int setup(void **state)
{
    (void)state;
    arena = arena_new(16 << 20);
    chain = chain_new(NULL);
    assert_int_equal(chain_add(chain, &wireroom_stage, NULL, 0, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    chain_free(chain);
    arena_free(arena);
    return 0;
}

static struct bytes language_of(const char *text, const char *page, const char *feed)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_TEXT, bytes_of(text));
    record_set(rec, WR_LANGUAGE, bytes_of(page));
    record_set(rec, WR_FEED_LANGUAGE, bytes_of(feed));
    chain_go(chain_start(chain, rec), NULL);
    confidence = atof(record_get_cstr(rec, WR_LANGUAGE_CONFIDENCE));
    return record_get(rec, WR_LANGUAGE);
}

static void tells_languages_from_texts(void **state)
{
    (void)state;
    assert_bytes(language_of(english, "", ""), "en");
    assert_true(confidence > 0.9);
    assert_bytes(language_of(german, "", ""), "de");
    assert_bytes(language_of(croatian, "", ""), "hr");
    assert_bytes(language_of(chinese, "", ""), "zh");
}

static void keeps_the_region_that_is_declared(void **state)
{
    (void)state;
    assert_bytes(language_of(english, "en_gb", ""), "en-GB");
    assert_true(confidence > 0.95);
    assert_bytes(language_of(german, "", "DE-at"), "de-AT");
    assert_bytes(language_of(chinese, "zh-hans-cn", ""), "zh-Hans-CN");
}

static void believes_a_long_text_against_its_page(void **state)
{
    (void)state;
    assert_bytes(language_of(german, "en-US", "en-US"), "de");
    assert_true(confidence < 0.95);
}

static void believes_the_page_about_a_short_text(void **state)
{
    (void)state;
    assert_bytes(language_of("Info: Chat-Marathon", "fi", ""), "fi");
    assert_true(confidence < 0.7);
}

static void takes_the_feeds_word_when_the_page_says_nothing(void **state)
{
    (void)state;
    assert_bytes(language_of("Info", "und", "sv-SE"), "sv-SE");
    assert_bytes(language_of("Info", "x-default", "sv-SE"), "sv-SE");
}

static void leaves_near_languages_to_the_declaration(void **state)
{
    (void)state;
    assert_bytes(language_of(croatian, "bs", ""), "bs");
    assert_bytes(language_of(croatian, "sr-Latn-RS", ""), "sr-Latn-RS");
}

static void says_nothing_without_text_and_declaration(void **state)
{
    (void)state;
    assert_bytes(language_of("", "", ""), "");
    assert_bytes(language_of("12 34 56", "", ""), "");
}

static void looks_at_the_valid_part_of_broken_text(void **state)
{
    struct buf text = {0};

    (void)state;
    buf_add_cstr(&text, english);
    buf_add_cstr(&text, " \xff\xfe\xc3(");
    assert_bytes(language_of(buf_cstr(&text), "", ""), "en");
    assert_bytes(language_of("\xff\xff\xff\xff", "de", ""), "de");
    buf_done(&text);
}

static void looks_at_a_bounded_part_of_a_large_text(void **state)
{
    struct buf text = {0};

    (void)state;
    while (text.len < 300000)
        buf_add_cstr(&text, chinese);
    assert_bytes(language_of(buf_cstr(&text), "", ""), "zh");
    buf_done(&text);
}

static void assert_tag(const char *declared, const char *tag)
{
    char out[TAG] = "";

    if (!tag_read((wr_str){declared, strlen(declared)}, out))
        out[0] = '\0';
    assert_string_equal(out, tag);
}

static void spells_tags_as_the_registry_does(void **state)
{
    (void)state;
    assert_tag("EN-us", "en-US");
    assert_tag(" pt_BR.UTF-8", "pt-BR");
    assert_tag("iw", "he");
    assert_tag("in-ID", "id-ID");
    assert_tag("no-NO", "nb-NO");
    assert_tag("sr-LATN", "sr-Latn");
    assert_tag("es-419", "es-419");
    assert_tag("english", "");
    assert_tag("e", "");
    assert_tag("", "");
    assert_tag("und", "");
    assert_tag("x-klingon", "");
    assert_tag("de-", "de");
    assert_tag(
        "aaa-bbbbbbbb-cccccccc-dddddddd-eeeeeeee-ffffffff", "aaa-bbbbbbbb-cccccccc-dddddddd");
}

#define LANGUAGE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANGUAGE_TEST(tells_languages_from_texts),
        LANGUAGE_TEST(keeps_the_region_that_is_declared),
        LANGUAGE_TEST(believes_a_long_text_against_its_page),
        LANGUAGE_TEST(believes_the_page_about_a_short_text),
        LANGUAGE_TEST(takes_the_feeds_word_when_the_page_says_nothing),
        LANGUAGE_TEST(leaves_near_languages_to_the_declaration),
        LANGUAGE_TEST(says_nothing_without_text_and_declaration),
        LANGUAGE_TEST(looks_at_the_valid_part_of_broken_text),
        LANGUAGE_TEST(looks_at_a_bounded_part_of_a_large_text),
        LANGUAGE_TEST(spells_tags_as_the_registry_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
