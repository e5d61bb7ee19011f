/* test_twice.c - UTF-8 that was decoded as something else, and what only resembles it. */
#include "unit/test.h"

#include "text/text.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void what_was_decoded_wrongly_is_read_again(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"CafÃ© crÃ¨me", "Café crème"},
        {"MÃ¼nchen â€“ ZÃ¼rich", "München – Zürich"},
        {"PÃªche au thon", "Pêche au thon"},
        {"Itâ€™s late", "It’s late"},
        {"Ã© o fim", "é o fim"},
        {"VoilÃ\xc2\xa0 tout", "Voilà tout"},
        {"Â© 2026", "© 2026"},
        {"25Â°C, Â£5", "25°C, £5"},
        {"ESPAÃ‘A", "ESPAÑA"},
        {"MÃœNCHEN", "MÜNCHEN"},
        {"Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет"},
        {"ã‚µãƒ¼ãƒ“ã‚¹", "サービス"},
        {"ðŸ˜€", "😀"},
        {"×©×œ×•×\xc2\x9d", "שלום"},
        {"\xc3\xa2\xc2\x80\xc2\x9c"
         "Ahoy\xc3\xa2\xc2\x80\xc2\x9d",
            "“Ahoy”"},
        {"ÃƒÂ©tÃƒÂ©", "été"}, /* twice */
        {"It&#226;&#128;&#153;s &amp; so", "It’s &amp; so"},
        {"caf&Atilde;&copy;&nbsp;!", "café&nbsp;!"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_bytes(text_reread(arena, bytes_of(cases[i].text)), cases[i].want);
}

static void what_could_be_meant_stays(void **state)
{
    static const char *const texts[] = {
        "plain",
        "",
        "Café crème – naïve",
        "À bientôt, Â",
        "NÃO É O FIM DA LIGAÇÃO",
        "A MANHÃ… e a tarde",
        "O IRMÃ” disse",
        "AU CAFÉ» dit-il",
        "BEYONCÉ’S TOUR",
        "BEYONCÉ’s tour",
        "CAFÉ–bar",
        "CAFÉ\xc2\xa0: ouvert",
        "NESTLÉ® und ALLÉ™",
        "Spaß… und mehr",
        "3×½ Liter, 2×³",
        "il est arrivé\xc2\xa0» selon eux",
        "CafÃ© – le menu", /* a dash that is right: half of it was */
        "CafÃ© привет",    /* characters that windows-1252 has not */
        "voilÃ tout",      /* a byte was lost on the way */
        "a Ã",
        "&nbsp;&eacute;t&eacute; &raquo;",
        "&Atilde;",
        "Ã&amp;",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_bytes(text_reread(arena, bytes_of(texts[i])), texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_decoded_wrongly_is_read_again),
        cmocka_unit_test(what_could_be_meant_stays),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
