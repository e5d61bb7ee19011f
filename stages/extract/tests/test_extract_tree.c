/* test_extract_tree.c - text is counted and folded the same wherever in it a character stands. */
#include "unit/test.h"

#include "base/arena.h"
#include "cue.h"
#include "tree.h"

enum { PLACES = 20, BYTES = 120 };

/* What is put at every place of a plain text. */
static const char *const pieces[] = {" ", "  ", "\n", "\t \n", ",", ", ", "\xC2\xA0", " \xC2\xA0 ",
    "é", "\xE3\x80\x81", "日本", "\xD8\x8C", "“", "A", "Ж", NULL};

static struct bytes text_with(char out[BYTES], const char *piece, size_t at)
{
    static const char plain[] = "the keeper counted ships";
    size_t len = strlen(piece);

    memcpy(out, plain, at);
    memcpy(out + at, piece, len);
    memcpy(out + at + len, plain + at, sizeof(plain) - 1 - at);
    return (struct bytes){out, sizeof(plain) - 1 + len};
}

static void counts_words_and_characters_wherever_they_stand(void **state)
{
    char out[BYTES];

    (void)state;
    for (int i = 0; pieces[i] != NULL; i++)
        for (size_t at = 0; at < PLACES; at++) {
            struct bytes text = text_with(out, pieces[i], at);
            struct counts whole = {0};
            struct counts parts = {0};
            uint32_t words = 0;

            counts_add_text(&whole, text);
            for (struct bytes rest = text; rest.len > 0;) /* too short for eight at a time */
                counts_add_text(&parts, bytes_cut(&rest, ' '));
            for (size_t k = 0; k < text.len; k++)
                words += (unsigned char)text.ptr[k] > ' ' &&
                         (k == 0 || (unsigned char)text.ptr[k - 1] <= ' ');
            assert_int_equal(whole.chars, parts.chars);
            assert_int_equal(whole.commas, parts.commas);
            if (strcmp(pieces[i], "日本") != 0) /* that is a word more */
                assert_int_equal(whole.words, words);
        }
}

static struct bytes folded_by_bytes(char out[BYTES], struct bytes text)
{
    size_t len = 0;
    bool space = false;

    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] <= ' ' ||
            bytes_starts(bytes_from(text, i), LIT("\xC2\xA0"))) {
            i += text.ptr[i] == (char)0xC2;
            space = true;
            continue;
        }
        if (space && len > 0)
            out[len++] = ' ';
        space = false;
        out[len++] = text.ptr[i];
    }
    return (struct bytes){out, len};
}

static void folds_white_space_wherever_it_stands(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct tree tree;
    char raw[BYTES];
    char expected[BYTES];

    (void)state;
    tree_init(&tree);
    for (int i = 0; pieces[i] != NULL; i++)
        for (size_t at = 0; at < PLACES; at++) {
            tree_clear(&tree);
            tree_add(&tree, 0, TAG_DIV);
            tree.nodes[tree_add(&tree, 0, TAG_TEXT)].text = text_with(raw, pieces[i], at);
            tree.nodes[0].end = 2;
            assert_true(bytes_equal(tree_text(&tree, arena, 0, BYTES),
                folded_by_bytes(expected, text_with(raw, pieces[i], at))));
        }
    tree_done(&tree);
    arena_free(arena);
}

static void folds_case_wherever_a_capital_stands(void **state)
{
    char raw[BYTES];
    char lower[BYTES];

    (void)state;
    for (size_t at = 0; at < PLACES; at++) {
        struct bytes text = text_with(raw, "ÀZ[@", at);
        struct bytes folded = {lower, fold_case(text, lower, sizeof(lower))};

        assert_int_equal(folded.len, text.len);
        assert_int_equal(bytes_find(folded, LIT("àz[@")), at);
    }
}

static void finds_a_prompt_wherever_its_word_begins(void **state)
{
    char raw[BYTES];

    (void)state;
    cues_init();
    for (size_t at = 0; at < PLACES; at++) {
        assert_true(cue_is_prompt(text_with(raw, " SUBSCRIBE ", at)));
        assert_true(cue_is_prompt(text_with(raw, " Подписка ", at)));
        assert_true(cue_is_prompt(text_with(raw, "登録", at)));
        assert_false(cue_is_prompt(text_with(raw, "xsubscribe", at)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_words_and_characters_wherever_they_stand),
        cmocka_unit_test(folds_white_space_wherever_it_stands),
        cmocka_unit_test(folds_case_wherever_a_capital_stands),
        cmocka_unit_test(finds_a_prompt_wherever_its_word_begins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
