/* test_extract_tree.c - text is counted and folded the same wherever in it a character stands. */
#include "unit/test.h"

#include "base/arena.h"
#include "cue/cue.h"
#include "html/tree.h"

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

static void fill(const struct filler *filler, void *parser, struct tree *tree, const char *html)
{
    struct error err = {0};

    tree_clear(tree);
    assert_int_equal(filler->fill(parser, tree, bytes_of(html), &err), OK);
}

static void assert_same(const struct tree *a, const struct tree *b, const char *html)
{
    bool same = a->count == b->count;

    for (uint32_t i = 0; i < a->count && same; i++) {
        const struct node *n = &a->nodes[i];

        same = n->tag == b->nodes[i].tag && n->end == b->nodes[i].end &&
               n->attrs == b->nodes[i].attrs && n->in_link == b->nodes[i].in_link &&
               bytes_equal(n->text, b->nodes[i].text);
        for (uint16_t k = 0; k < n->attrs && same; k++)
            same = a->attrs[n->attr + k].name == b->attrs[b->nodes[i].attr + k].name &&
                   bytes_equal(a->attrs[n->attr + k].value, b->attrs[b->nodes[i].attr + k].value);
    }
    if (!same)
        fail_msg("not the same: %s", html);
}

/* With site rules all attributes are in lexbor's tree, and are copied from there; without, those of
 * most elements never get there. */
static void reads_the_same_attributes_with_site_rules_and_without(void **state)
{
    static const char *const pages[] = {
        "<p class=a id=b>x<p class='c &amp; d' data-x=1 title>y",
        "<div class=a class=b onclick=c CLASS=d>x</div>",
        "<table class=t><tr id=r><img src=a.png class=i>x<td class=c><img src=b.png><br class=n>y",
        "<table><form class=f><input type=hidden class=h><tr><td>x</table><input class=i>",
        "<form class=f><div><form class=g><p class=h>x</form></form>",
        "<head><meta name=a content=b></head><meta name=c content=d><link rel=next href=e><p>x",
        "<html lang=en class=a><body class=b><html lang=de id=c><body class=d id=e><p>x",
        "<a href=a class=b>x<div class=c>y</a>z<a href=d rel=author target=e>w</a></div>",
        "<b class=a><p class=c>x</b>y<p class=d>z<i class=e><table class=f>u</i>v",
        "<svg class=a><path class=b d=c /><title class=d>x</title></svg><p class=e>y",
        "<svg><foreignObject class=a><div class=b>x</div></foreignObject></svg><img alt=c src=d>",
        "<math><annotation-xml encoding='text/html'><p class=a>x</annotation-xml></math>",
        "<select class=a><option class=b>x<select class=c></select><p class=d>y",
        "<template class=a><p class=b>x</template><p class=c>y",
        "<p class=a><image src=b class=c><hr class=d /><embed src=e><wbr class=f>x",
        "<h1 class=a>x<h2 class=b>y<button class=c><button class=d>z",
        "<ul class=a><li class=b><li class=c><ul class=d><li>x</ul><dd class=e><dt class=f>y",
        "<frameset class=a><frame src=b class=c></frameset>",
        "<!-- a --><p class=a>x<!-- b -->y<nobr class=b>z<nobr class=c>w",
        "<script type='application/ld+json' id=a>{}</script><noscript class=b><img "
        "src=c></noscript>"
        "<iframe src=d title=e></iframe><textarea name=f>x</textarea><p>y",
    };

    (void)state;
    for (int i = 0; tree_fillers[i] != NULL; i++) {
        const struct filler *filler = tree_fillers[i];
        void *plain = filler->open();
        void *ruled = filler->open();
        struct tree a, b;

        if (filler->compile != NULL)
            assert_non_null(filler->compile(ruled, LIT("p")));
        tree_init(&a);
        tree_init(&b);
        for (size_t k = 0; k < sizeof(pages) / sizeof(pages[0]); k++) {
            fill(filler, plain, &a, pages[k]);
            fill(filler, ruled, &b, pages[k]);
            assert_same(&a, &b, pages[k]);
        }
        tree_done(&a);
        tree_done(&b);
        filler->close(plain);
        filler->close(ruled);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_words_and_characters_wherever_they_stand),
        cmocka_unit_test(folds_white_space_wherever_it_stands),
        cmocka_unit_test(folds_case_wherever_a_capital_stands),
        cmocka_unit_test(finds_a_prompt_wherever_its_word_begins),
        cmocka_unit_test(reads_the_same_attributes_with_site_rules_and_without),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
