/* test_text_language.c - languages that exist, and those that feeds invent. */
#include "unit/test.h"

#include "text/language.h"

static void assert_language(const char *tag, const char *language)
{
    char primary[LANGUAGE_TEXT];

    language_primary(bytes_of(tag), primary);
    assert_string_equal(primary, language);
}

static void names_a_language_as_iso_639_does(void **state)
{
    (void)state;
    assert_language("en", "en");
    assert_language("DE-at", "de");
    assert_language("deu", "de");
    assert_language("zh-Hant-TW", "zh");
    assert_language("haw", "haw");
    assert_language("gsw", "gsw");
}

static void invented_languages_are_none(void **state)
{
    (void)state;
    assert_language("", "und");
    assert_language("xx", "und");
    assert_language("qzj", "und");
    assert_language("aab-x", "und");
    assert_language("english", "und");
    assert_language("e1", "und");
    assert_language("../x", "und");
    assert_language("und", "und");
}

static void all_that_can_be_declared_fit_a_heartbeat(void **state)
{
    char tag[LANGUAGE_TEXT] = "aaa";
    char primary[LANGUAGE_TEXT];
    int languages = 0;

    (void)state;
    for (tag[0] = 'a'; tag[0] <= 'z'; tag[0]++)
        for (tag[1] = 'a'; tag[1] <= 'z'; tag[1]++)
            for (tag[2] = 'a'; tag[2] <= 'z'; tag[2]++) {
                language_primary(bytes_of(tag), primary);
                languages += strcmp(tag, primary) == 0;
            }
    assert_in_range(languages, 100, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_a_language_as_iso_639_does),
        cmocka_unit_test(invented_languages_are_none),
        cmocka_unit_test(all_that_can_be_declared_fit_a_heartbeat),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
