/* test_words.c - where words begin and end, in scripts with blanks and without. */
#include "text/words.h"

#include "unit/test.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct words read(const char *text)
{
    struct words words;

    words_read(arena, bytes_of(text), SIZE_MAX, &words);
    return words;
}

/* The words as they are written, with a bar between them. */
static struct bytes written(const char *text)
{
    struct words words = read(text);
    struct bytes all = {NULL, 0};

    for (size_t i = 0; i < words.count; i++)
        all = bytes_format(arena, "%.*s%s%.*s", FMT(all), i > 0 ? "|" : "", (int)words.at[i].len,
            text + words.at[i].at);
    return all;
}

static void parts_words_at_all_that_is_no_letter(void **state)
{
    (void)state;
    assert_bytes(
        written("The harbour-bridge, \"closed\" (today)."), "The|harbour|bridge|closed|today");
    assert_bytes(written("L\u2019Europe d'abord"), "L|Europe|d|abord");
    assert_bytes(
        written("\u041c\u043e\u0441\u0442 "
                "\u0437\u0430\u043a\u0440\u044b\u0442\u2014\u0441\u0443\u0434\u043d\u043e"),
        "\u041c\u043e\u0441\u0442|\u0437\u0430\u043a\u0440\u044b\u0442|"
        "\u0441\u0443\u0434\u043d\u043e");
    assert_bytes(written(""), "");
    assert_bytes(written(" .,;- "), "");
}

static void reads_each_sign_of_a_script_without_blanks(void **state)
{
    struct words words;

    (void)state;
    assert_bytes(written("\u6e2f\u6865\u5173\u95ed ferry"), "\u6e2f|\u6865|\u5173|\u95ed|ferry");
    words = read("\u6e2f\u6865\u5173 \u6e2f\u6865\u95ed");
    assert_int_equal(words.count, 6);
    assert_int_equal(words.at[0].kind, WORD_SIGN);
    assert_true(words.at[0].stem == words.at[3].stem); /* two signs, the same two */
    assert_true(words.at[1].stem != words.at[4].stem); /* the next sign is another */
}

static void compares_without_case(void **state)
{
    struct words a = read("Stra\u00dfe \u00c9LODIE \u0130zmir");
    struct words b = read("stra\u00dfe \u00e9lodie \u0130zmir");

    (void)state;
    assert_int_equal(a.count, b.count);
    for (size_t i = 0; i < a.count; i++)
        assert_true(a.at[i].hash == b.at[i].hash);
}

static void reads_one_number_in_its_spellings(void **state)
{
    uint64_t thousand = read("1000").at[0].hash;

    (void)state;
    assert_bytes(written("1,000 boats, 5.1 per cent, 3."), "1,000|boats|5.1|per|cent|3");
    assert_true(read("1,000").at[0].hash == thousand);
    assert_true(read("1.000").at[0].hash == thousand);
    assert_true(read("\u0661\u0660\u0660\u0660").at[0].hash == thousand); /* Arabic digits */
    assert_true(read("1.5").at[0].hash != read("15").at[0].hash);
    assert_int_equal(read("1.5").at[0].kind, WORD_NUMBER);
    assert_int_equal(read("G20").at[0].kind, WORD_LETTERS);
}

static void has_one_stem_for_the_forms_of_a_word(void **state)
{
    (void)state;
    assert_true(read("negotiations").at[0].stem == read("Negotiators").at[0].stem);
    assert_true(read("bridge").at[0].stem != read("bridges").at[0].stem); /* as long as the stem */
    assert_true(read("ferry").at[0].stem == read("ferry").at[0].hash);
}

static void tells_which_capitals_say_nothing(void **state)
{
    struct words words = read("The ferry left. Dr. Smith saw it\nNobody else: Mary. J. Brown");
    static const struct {
        bool capital, opens;
    } want[] = {{true, true}, {false, false}, {false, false}, {true, true}, {true, false},
        {false, false}, {false, false}, {true, true}, {false, false}, {true, true}, {true, true},
        {true, false}};

    (void)state;
    assert_int_equal(words.count, sizeof(want) / sizeof(want[0]));
    for (size_t i = 0; i < words.count; i++) {
        assert_int_equal(words.at[i].capital, want[i].capital);
        assert_int_equal(words.at[i].opens, want[i].opens);
    }
}

static void bounds_what_is_read(void **state)
{
    enum { LONG = 1 << 20 };
    char *text = arena_alloc(arena, LONG + 1);
    struct words words;

    (void)state;
    memset(text, 'x', LONG);
    words_read(arena, (struct bytes){text, LONG}, 100, &words);
    assert_int_equal(words.count, 100);
    assert_true(words.at[0].len <= WORD_LONGEST);
    words_read(arena, LIT("one two three"), 2, &words);
    assert_int_equal(words.count, 2);
}

static void reads_broken_text_to_its_end(void **state)
{
    (void)state;
    assert_bytes(written("ab\xff\xfe"
                         "cd \xe2\x82"),
        "ab|cd");
    assert_bytes(written("\xc3"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_words_at_all_that_is_no_letter),
        cmocka_unit_test(reads_each_sign_of_a_script_without_blanks),
        cmocka_unit_test(compares_without_case),
        cmocka_unit_test(reads_one_number_in_its_spellings),
        cmocka_unit_test(has_one_stem_for_the_forms_of_a_word),
        cmocka_unit_test(tells_which_capitals_say_nothing),
        cmocka_unit_test(bounds_what_is_read),
        cmocka_unit_test(reads_broken_text_to_its_end),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
