/* test_lead.c - which sentence is the first that tells something. */
#include "unit/test.h"

#include "base/clock.h"
#include "worker/chain.h"

static struct arena *arena;
static struct chain *chain;

static int setup(void **state)
{
    struct error err = {0};

    (void)state;
    arena = arena_new(64 << 20);
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

static struct bytes lead_in(const char *language, const char *dateline, struct bytes text)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_LANGUAGE, bytes_of(language));
    record_set(rec, WR_DATELINE, bytes_of(dateline));
    record_set(rec, WR_TEXT, text);
    record_set(rec, WR_LEAD, LIT("Of a version before."));
    chain_go(chain_start(chain, rec), NULL);
    return record_get(rec, WR_LEAD);
}

static struct bytes lead_of(const char *dateline, struct bytes text)
{
    return lead_in("en", dateline, text);
}

static void a_dot_within_a_sentence_ends_none(void **state)
{
    static const struct {
        const char *language, *text, *lead;
    } cases[] = {
        {"de", "Die Brücke wird am 14. Mai wieder geöffnet. Es regnet.",
            "Die Brücke wird am 14. Mai wieder geöffnet."},
        {"de", "Sie kostet den Hafen etwa z. B. ca. 12 Millionen. Es regnet.",
            "Sie kostet den Hafen etwa z. B. ca. 12 Millionen."},
        {"it", "Il sig. Holm e la dott.ssa Lund sono a Bari. Pioveva.",
            "Il sig. Holm e la dott.ssa Lund sono a Bari."},
        {"en", "The harbour bridge opened on May 14. It rained.",
            "The harbour bridge opened on May 14."},
        {"zh", "“没有人告诉我们要离开！”市长周日说。她请求援助。",
            "“没有人告诉我们要离开！”市长周日说。"},
        {"hi", "पुल के नीचे आज ग्यारह टूटे तार मिले। पुल बंद है।", "पुल के नीचे आज ग्यारह टूटे तार मिले।"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_bytes(lead_in(cases[i].language, "", bytes_of(cases[i].text)), cases[i].lead);
}

static void lines_for_the_reader_and_below_pictures_are_no_lead(void **state)
{
    static const char *const lines[] = {"Sign up for our newsletter to get the news each morning.",
        "Melden Sie sich für unseren Newsletter an und verpassen Sie nichts.",
        "Inscrivez-vous à notre lettre pour tout savoir chaque matin.",
        "Editor's note: This story has been updated with a quote.",
        "The harbour at dawn on a cold Tuesday. Photo: Per Holm",
        "Der Hafen am Dienstag im ersten Licht. (Foto: dpa)",
        "Subscribe to our channel for more of this each day."};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_bytes(
            lead_of("", bytes_format(arena, "%s\nThe harbour bridge closed on Tuesday.", lines[i])),
            "The harbour bridge closed on Tuesday.");
    assert_bytes(lead_of("", LIT("Subscribers of the opera joined a march on Tuesday. It rained.")),
        "Subscribers of the opera joined a march on Tuesday.");
}

static void the_lead_is_the_first_whole_sentence(void **state)
{
    static const struct {
        const char *dateline, *text, *lead;
    } cases[] = {
        {"", "The harbour bridge closed on Tuesday. Nobody was hurt.",
            "The harbour bridge closed on Tuesday."},
        {"", "The harbour bridge closed on Tuesday, Dr. A. Lund of the U.S. said. Nobody was hurt.",
            "The harbour bridge closed on Tuesday, Dr. A. Lund of the U.S. said."},
        {"", "\"We had to close the bridge today.\" That is what they said.",
            "\"We had to close the bridge today.\""},
        {"BERGEN (Reuters)", "BERGEN (Reuters) - The harbour bridge closed on Tuesday. It rained.",
            "The harbour bridge closed on Tuesday."},
        {"МОСКВА, 14 марта. /ТАСС/",
            "МОСКВА, 14 марта. /ТАСС/. Мост закрыли во вторник из-за сильной бури. Шёл дождь.",
            "Мост закрыли во вторник из-за сильной бури."},
        {"", "By Ana Lund\nPhoto: Per Holm\nThe harbour bridge closed on Tuesday.",
            "The harbour bridge closed on Tuesday."},
        {"", "It rained. The harbour bridge closed on Tuesday.",
            "It rained. The harbour bridge closed on Tuesday."},
        {"", "Prices rose by 3.5 percent: more than in June. Wages did not.",
            "Prices rose by 3.5 percent: more than in June."},
        {"", "大桥周二因为暴风雨关闭了。没有人受伤。", "大桥周二因为暴风雨关闭了。"},
        {"", "大桥周二因为暴风雨关闭了。“没有人受伤。”", "大桥周二因为暴风雨关闭了。"},
        {"", "Six words that do not end", ""},
        {"", "Too short.", ""},
        {"", "", ""},
    };
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes got = lead_of(cases[i].dateline, bytes_of(cases[i].text));

        if (bytes_is(got, cases[i].lead))
            continue;
        print_error("%s\n  is     %.*s\n  wanted %s\n", cases[i].text, FMT(got), cases[i].lead);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void the_summary_has_it_for_want_of_a_text(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(rec, WR_SUMMARY, LIT("The harbour bridge closed on Tuesday. It rained."));
    chain_go(chain_start(chain, rec), NULL);
    assert_bytes(record_get(rec, WR_LEAD), "The harbour bridge closed on Tuesday.");
}

static void bad_text_is_bounded(void **state)
{
    static const char *const units[] = {
        "a", "aa ", ".", "a. ", "\xff", "\n", "大", "\" ", "a b c d e f g"};
    size_t size = 5 << 20;

    (void)state;
    for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
        size_t len = strlen(units[u]);
        char *text;
        int64_t began;

        arena_reset(arena);
        text = arena_alloc(arena, size);
        for (size_t i = 0; i < size; i++)
            text[i] = units[u][i % len];
        began = processor_time();
        assert_true(lead_of("", (struct bytes){text, size}).len <= 600);
        assert_true(processor_time() - began < SECOND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lead_is_the_first_whole_sentence),
        cmocka_unit_test(a_dot_within_a_sentence_ends_none),
        cmocka_unit_test(lines_for_the_reader_and_below_pictures_are_no_lead),
        cmocka_unit_test(the_summary_has_it_for_want_of_a_text),
        cmocka_unit_test(bad_text_is_bounded),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
