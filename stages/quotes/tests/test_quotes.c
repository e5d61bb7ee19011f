/* test_quotes.c - what is a quotation, and who says it; the labelled sentences of tests/data are
 * the bench's matter. */
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

/* The names stage has run: Ana Lund and Per Holm are people of the text, Crown Bank is none. */
static struct wr_record *read_text(struct bytes text)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_TEXT, text);
    record_add(rec, WR_NAME, LIT("person\t2\tAna Lund"));
    record_add(rec, WR_NAME, LIT("person\t1\tPer Holm"));
    record_add(rec, WR_NAME, LIT("organisation\t1\tCrown Bank"));
    record_add(rec, WR_QUOTE, LIT("0\t1\tNobody\tof a version before"));
    chain_go(chain_start(chain, rec), NULL);
    return rec;
}

/* "Ana Lund: We lost | ?: We won" */
static struct bytes told(const struct wr_record *rec)
{
    struct buf out = {0};
    struct bytes value;
    size_t at = 0;

    while (record_next(rec, WR_QUOTE, &at, &value)) {
        struct bytes speaker;

        bytes_cut(&value, '\t');
        bytes_cut(&value, '\t');
        speaker = bytes_cut(&value, '\t');
        buf_add_cstr(&out, out.len > 0 ? " | " : "");
        buf_add(&out, speaker.len > 0 ? speaker : LIT("?"));
        buf_add_cstr(&out, ": ");
        buf_add(&out, value);
    }
    value = bytes_copy(arena, buf_bytes(&out));
    buf_done(&out);
    return value;
}

struct expectation {
    const char *text, *quotes;
};

static void check_all(const struct expectation *cases, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        struct bytes got = told(read_text(bytes_of(cases[i].text)));

        if (bytes_is(got, cases[i].quotes))
            continue;
        print_error("%s\n  is     %.*s\n  wanted %s\n", cases[i].text, FMT(got), cases[i].quotes);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(cases) check_all(cases, sizeof(cases) / sizeof((cases)[0]))

static void every_language_has_its_marks(void **state)
{
    static const struct expectation cases[] = {
        {"\"We lost,\" said Ana Lund.", "Ana Lund: We lost"},
        {"“We lost,” said Ana Lund.", "Ana Lund: We lost"},
        {"‘We don’t lose,’ said Ana Lund.", "Ana Lund: We don’t lose"},
        {"„Wir verlieren“, sagte Ana Lund.", "Ana Lund: Wir verlieren"},
        {"»Wir verlieren«, sagte Ana Lund.", "Ana Lund: Wir verlieren"},
        {"« Nous perdons », a dit Ana Lund.", "Ana Lund: Nous perdons"},
        {"”Vi förlorar”, sade Ana Lund.", "Ana Lund: Vi förlorar"},
        {"– Vi förlorar, säger Ana Lund.", "Ana Lund: Vi förlorar"},
        {"—Perdimos —dijo Ana Lund.", "Ana Lund: Perdimos"},
        {"«Perdemos, ha detto Ana Lund, e basta»", "Ana Lund: Perdemos"},
        {"「橋は安全だ」と田中次郎は述べた。", "田中次郎: 橋は安全だ"},
        {"王伟表示：“我们不会让步。”", "王伟: 我们不会让步。"},
    };

    (void)state;
    CHECK(cases);
}

static void the_speaker_stands_before_or_behind(void **state)
{
    static const struct expectation cases[] = {
        {"\"We lost,\" Ana Lund said.", "Ana Lund: We lost"},
        {"\"We lost,\" Lund told Per Holm.", "Ana Lund: We lost"},
        {"\"We lost,\" said Crown Bank analyst Ana Lund.", "Ana Lund: We lost"},
        {"\"We lost,\" Ana Lund, who knows Per Holm, said.", "Ana Lund: We lost"},
        {"Ana Lund told Per Holm: \"We lost.\"", "Ana Lund: We lost."},
        {"According to Ana Lund, \"we lost it all\".", "Ana Lund: we lost it all"},
        {"Ana Lund thanked them: \"We won.\"", "Ana Lund: We won."},
        {"Ana Lund said that it was \"a day to forget\".", "Ana Lund: a day to forget"},
    };

    (void)state;
    CHECK(cases);
}

static void a_pronoun_is_who_was_named_last(void **state)
{
    static const struct expectation cases[] = {
        {"Per Holm met Ana Lund. \"We lost,\" she said.", "Ana Lund: We lost"},
        {"Ana Lund left.\n\"We lost,\" she said.", "Ana Lund: We lost"},
        {"\"We lost,\" he said.", "?: We lost"},
        {"Ana Lund kam. „Wir verlieren“, sagte sie.", "Ana Lund: Wir verlieren"},
        {"Ana Lund salió. «Perdimos», dijo.", "Ana Lund: Perdimos"},
    };

    (void)state;
    CHECK(cases);
}

static void a_quotation_goes_on_behind_its_verb(void **state)
{
    static const struct expectation cases[] = {
        {"\"We lost,\" Ana Lund said. \"Then we ran.\"",
            "Ana Lund: We lost | Ana Lund: Then we ran."},
        {"\"We lost,\" Ana Lund said, \"and we ran.\"",
            "Ana Lund: We lost | Ana Lund: and we ran."},
        {"\"We lost,\" Ana Lund said.\n\"We lost a game that nobody wanted to play.\"",
            "Ana Lund: We lost | ?: We lost a game that nobody wanted to play."},
    };

    (void)state;
    CHECK(cases);
}

static void titles_and_tongs_are_no_quotations(void **state)
{
    static const struct expectation cases[] = {
        {"The \"green corridor\" opened.", ""},
        {"Her novel “Salt and Smoke” won.", ""},
        {"\"We lost,\" said Ana Lund in \"Crown News\".", "Ana Lund: We lost"},
        {"It is 5'10\" tall and 6\" wide.", ""},
        {"Don't, can't, won't.", ""},
    };

    (void)state;
    CHECK(cases);
}

static void nobody_is_named_where_nobody_is(void **state)
{
    static const struct expectation cases[] = {
        {"\"We lost,\" said a woman.", "?: We lost"},
        {"\"We lost,\" the bank said.", "?: We lost"},
        {"Ana Lund left. \"We lost,\" police said.", "?: We lost"},
    };

    (void)state;
    CHECK(cases);
}

/* In characters, as subscribers count. */
static void start_and_end_count_characters(void **state)
{
    (void)state;
    assert_bytes(record_get(read_text(LIT("Über Öl: „Nö“, sagte Ana Lund. „Doch.“")), WR_QUOTE),
        "10\t12\tAna Lund\tNö");
    assert_bytes(
        record_get_at(read_text(LIT("Über Öl: „Nö“, sagte Ana Lund. „Doch.“")), WR_QUOTE, 1),
        "32\t37\tAna Lund\tDoch.");
}

static void bad_text_is_bounded(void **state)
{
    static const char *const units[] = {"\"", "“", "“a", "\"a\" ", "«", "»", "”", "— a ", "–",
        "\n—", "\"a,\" said Ana Lund. ", "a", "\xff", "\xe2\x80", "„a said ", "‘a’ ", "「", "said ",
        "\xc2\xa0", "\"a\"\xc2\xa0", "「a」と"};
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
        assert_true(wr_count(read_text((struct bytes){text, size}), WR_QUOTE) <= 100);
        assert_true(processor_time() - began < 2 * SECOND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_has_its_marks),
        cmocka_unit_test(the_speaker_stands_before_or_behind),
        cmocka_unit_test(a_pronoun_is_who_was_named_last),
        cmocka_unit_test(a_quotation_goes_on_behind_its_verb),
        cmocka_unit_test(titles_and_tongs_are_no_quotations),
        cmocka_unit_test(nobody_is_named_where_nobody_is),
        cmocka_unit_test(start_and_end_count_characters),
        cmocka_unit_test(bad_text_is_bounded),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
