/* test_keywords.c - what an article is about. */
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

static struct wr_record *read_both(const char *title, struct bytes text)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_TITLE, bytes_of(title));
    record_set(rec, WR_TEXT, text);
    record_add(rec, WR_TERM, LIT("1.00\tof a version before"));
    chain_go(chain_start(chain, rec), NULL);
    return rec;
}

/* Whether one of the first most terms is this one. */
static bool has_term(const struct wr_record *rec, const char *term, size_t most)
{
    struct bytes value;
    size_t at = 0;

    for (size_t i = 0; i < most && record_next(rec, WR_TERM, &at, &value); i++) {
        bytes_cut(&value, '\t');
        if (bytes_is(value, term))
            return true;
    }
    return false;
}

static void names_what_is_in_the_headline_and_often_in_the_text(void **state)
{
    struct wr_record *rec = read_both("Harbour bridge closed after storm",
        LIT("The harbour bridge was closed on Tuesday. A storm had torn cables from the harbour "
            "bridge,"
            " and engineers said the cables could not be mended before May.\nThe cables are old."));

    (void)state;
    assert_true(has_term(rec, "harbour bridge", 2));
    assert_true(has_term(rec, "cables", 5));
    assert_false(has_term(rec, "bridge", 10));
    assert_false(has_term(rec, "said", 10));
    assert_false(has_term(rec, "Tuesday", 10));
    assert_false(has_term(rec, "of a version before", 10));
    assert_bytes(bytes_slice(record_get(rec, WR_TERM), 0, 4), "1.00");
}

static void counts_inflected_words_as_one(void **state)
{
    (void)state;
    assert_true(
        has_term(read_both("Regen",
                     LIT("Die Regierungen streiten. Die Regierung schweigt. Eine Regierung.")),
            "Regierungen", 3));
}

/* Its verb, mostly; a text of a few words may leave anything to its headline. */
static void what_only_the_headline_has_is_no_term(void **state)
{
    struct wr_record *rec = read_both("Drought threatens olives of Halvik",
        LIT("The drought has lasted for two years, and growers in Halvik fear for their olives. "
            "A drought of ten years ended in 1902, when the growers left their olives."));

    (void)state;
    assert_true(has_term(rec, "drought", 4));
    assert_true(has_term(rec, "olives", 4));
    assert_true(has_term(rec, "Halvik", 4));
    assert_true(has_term(rec, "growers", 4));
    assert_false(has_term(rec, "threatens", 10));
    assert_false(has_term(rec, "ten years", 10));
    assert_true(has_term(read_both("Drought threatens olives", LIT("It is dry.")), "olives", 4));
}

static void a_surname_is_the_name_that_was_told(void **state)
{
    struct wr_record *rec = read_both("Champion banned",
        LIT("The federation accused Viktor Orel of cheating. A phone was found, and so Orel was "
            "banned from the game. Nobody believed Orel, and the game was lost."));

    (void)state;
    assert_true(has_term(rec, "Viktor Orel", 2));
    assert_false(has_term(rec, "Orel", 10));
}

static void a_name_that_stands_once_is_a_term(void **state)
{
    struct wr_record *rec =
        read_both("Storm", LIT("A storm hit on Monday. Later they met Ana Lund of the council."));

    (void)state;
    assert_true(has_term(rec, "Ana Lund", 10));
    assert_false(has_term(rec, "Lund", 10));
    assert_false(has_term(rec, "council", 10));
}

static void finds_terms_where_words_have_no_blanks(void **state)
{
    struct wr_record *rec =
        read_both("大桥开放", LIT("大桥今天开放。市长说大桥很安全。大桥长三公里。"));

    (void)state;
    assert_true(has_term(rec, "大桥", 3));
}

static void leaves_dateline_and_origin_out(void **state)
{
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(rec, WR_DATELINE, LIT("BERGEN (Reuters)"));
    record_set(rec, WR_ORIGIN, LIT("Reuters"));
    record_set(rec, WR_TEXT,
        LIT("BERGEN (Reuters) - Ferries stopped. Many ferries, Reuters saw, and Reuters wrote "
            "of."));
    chain_go(chain_start(chain, rec), NULL);
    assert_true(has_term(rec, "Ferries", 3));
    assert_false(has_term(rec, "BERGEN", 10));
    assert_false(has_term(rec, "Reuters", 10));
}

static void as_many_as_the_operator_wants(void **state)
{
    static const struct {
        const char *value;
        bool is_right;
    } cases[] = {{"1", true}, {"32", true}, {"0", false}, {"33", false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct given_option option = {"keywords", "most", cases[i].value, NULL};
        struct chain *own = chain_new(NULL);
        struct wr_record *rec = record_new(arena);
        struct error err = {0};

        assert_int_equal(chain_add(own, &wireroom_stage, &option, 1, &err), OK);
        assert_true((chain_open(own, CHAIN_PLAIN, &err) == OK) == cases[i].is_right);
        if (cases[i].is_right) {
            record_set(rec, WR_TITLE, LIT("Storm tears cables, ferries stop"));
            chain_go(chain_start(own, rec), NULL);
            assert_true(wr_count(rec, WR_TERM) >= 1);
            assert_true(i > 0 || wr_count(rec, WR_TERM) == 1);
        }
        chain_free(own);
    }
}

static void bad_text_is_bounded(void **state)
{
    static const char *const units[] = {
        "a", "aaaa ", "Abcd", "\xff", "\xe2\x80", "abcd efgh ijkl ", "\n", "大", "กข", "A\xcc\x81"};
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
        assert_true(wr_count(read_both("abcd", (struct bytes){text, size}), WR_TERM) <= 10);
        assert_true(processor_time() - began < 2 * SECOND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_is_in_the_headline_and_often_in_the_text),
        cmocka_unit_test(counts_inflected_words_as_one),
        cmocka_unit_test(what_only_the_headline_has_is_no_term),
        cmocka_unit_test(a_surname_is_the_name_that_was_told),
        cmocka_unit_test(a_name_that_stands_once_is_a_term),
        cmocka_unit_test(finds_terms_where_words_have_no_blanks),
        cmocka_unit_test(leaves_dateline_and_origin_out),
        cmocka_unit_test(as_many_as_the_operator_wants),
        cmocka_unit_test(bad_text_is_bounded),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
