/* Characters, references and white space. */
#include "text/converter.h"
#include "text/encoding.h"
#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    encoding_warm_up();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

#define IS(got, want) assert_string_equal(bytes_cstr(arena, got), want)

static void reads_character_by_character(void **state)
{
    static const uint32_t wanted[] = {'a', 0xE4, 0x5927, 0x1F600, 0xFFFD, 'b', 0xFFFD};
    struct bytes text = LIT("aä大😀\xff"
                            "b\xe2\x82");
    size_t at = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        assert_int_equal(text_next(text, &at), wanted[i]);
    assert_int_equal(at, text.len);
}

static void decodes_references_once(void **state)
{
    (void)state;
    IS(text_decode(arena, LIT("a &amp; b &lt;c&gt; &#8217; &#x2019; &hellip; &nbsp")),
        "a & b <c> ’ ’ … \xc2\xa0");
    IS(text_decode(arena, LIT("&amp;amp; &#146; &#0; &unknown; AT&T ?a=1&copy=2 &nGt;")),
        "&amp; ’ \xef\xbf\xbd &unknown; AT&T ?a=1&copy=2 ≫⃒");
    IS(text_decode(arena, LIT("&")), "&");
}

static void shows_what_a_reader_of_html_sees(void **state)
{
    (void)state;
    IS(text_from_html(
           arena, LIT("<p>One <b>two</b></p><p>three<br>four</p><script>x('<p>')</script>"), true),
        "One two\nthree\nfour");
    IS(text_from_html(
           arena, LIT("<p>One</p><!-- no --><p title=\"a>b\">two &amp; three</p>"), false),
        "One two & three");
    IS(text_from_html(arena, LIT("5 < 6 and <b"), false), "5 < 6 and");
    IS(text_from_html(arena, LIT("<script>never closed"), false), "");
}

static void folds_white_space_of_all_kinds(void **state)
{
    (void)state;
    IS(text_fold(arena, LIT("  a\n\tb\xc2\xa0\xe3\x80\x80 c ")), "a b c");
    IS(text_fold(arena, LIT("a b")), "a b");
    IS(text_fold(arena, LIT(" ")), "");
}

static void repairs_utf_8_and_drops_controls(void **state)
{
    (void)state;
    assert_true(text_is_utf8(LIT("aé€😀")));
    assert_false(text_is_utf8(LIT("\xc3")));
    assert_false(text_is_utf8(LIT("\xed\xa0\x80")));
    IS(text_repair(arena, LIT("a\x80"
                              "b\x01"
                              "c\x1b[31m")),
        "a\xef\xbf\xbd"
        "bc[31m");
}

static void repairs_what_stands_at_any_place_of_a_line(void **state)
{
    static const struct {
        const char *is, *becomes;
    } cases[] = {{"\x01", ""}, {"\f", ""}, {"\x7f", ""}, {"\xff", "\xef\xbf\xbd"},
        {"\xc2\x85", "…"}, {"\xef\xbf\xbe", ""}, {"\xef\xb7\x90", ""}, {"\n", "\n"}, {"\t", "\t"},
        {"~", "~"}, {" ", " "}, {"é", "é"}, {"，", "，"}, {"😀", "😀"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        for (int before = 0; before < 18; before++)
            for (int behind = 0; behind < 18; behind += 17) {
                struct bytes text = bytes_format(arena, "%.*s%s%.*s", before, "three ships sailed",
                    cases[i].is, behind, "three ships sailed");
                struct bytes want = bytes_format(arena, "%.*s%s%.*s", before, "three ships sailed",
                    cases[i].becomes, behind, "three ships sailed");

                assert_true(bytes_equal(text_repair(arena, text), want));
            }
}

static struct bytes decoded(struct bytes document, const char *content_type, const char *want_name)
{
    struct encoding_result r;
    struct error err = {0};

    assert_int_equal(
        encoding_to_utf8(arena, document, bytes_of(content_type), ENCODING_XML, &r, &err), OK);
    assert_string_equal(bytes_cstr(arena, r.name), want_name);
    assert_true(text_is_utf8(r.text));
    return r.text;
}

/* Theirs are read from a table. */
static void decodes_encodings_of_one_byte_as_icu_does(void **state)
{
    static const char *const names[] = {"windows-1250", "windows-1251", "windows-1252",
        "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257",
        "windows-1258", "windows-874", "iso-8859-2", "iso-8859-5", "iso-8859-7", "iso-8859-15",
        "koi8-r"};
    char all[256];

    (void)state;
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        UErrorCode status = U_ZERO_ERROR;
        UConverter *icu = ucnv_open(names[i], &status);
        struct converted converted;
        char utf8[1024];
        UChar units[512];
        int32_t len = ucnv_toUChars(icu, units, 512, all, sizeof(all), &status);
        int32_t bytes = 0;
        size_t bad = 0;

        u_strToUTF8(utf8, sizeof(utf8), &bytes, units, len, &status);
        assert_true(U_SUCCESS(status));
        for (int32_t k = 0; k < len; k++) {
            const char bytes_of_it[] = {(char)k, (char)k, (char)k};

            bad += units[k] == 0xfffd;
            assert_int_equal(converter_to_utf8(
                                 arena, (struct bytes){bytes_of_it, 3}, names[i], true, &converted),
                units[k] != 0xfffd);
        }
        assert_true(converter_to_utf8(
            arena, (struct bytes){all, sizeof(all)}, names[i], false, &converted));
        assert_int_equal(converted.characters, len);
        assert_int_equal(converted.bad, bad);
        assert_int_equal(converted.text.len, bytes);
        assert_memory_equal(converted.text.ptr, utf8, converted.text.len);
        ucnv_close(icu);
    }
    assert_true(converter_to_utf8(arena, LIT(""), "koi8-r", true, &(struct converted){0}));
}

static void finds_the_encoding_of_a_document(void **state)
{
    (void)state;
    IS(decoded(LIT("\xef\xbb\xbf<a/>"), "text/xml; charset=iso-8859-1", "utf-8"), "<a/>");
    IS(decoded(LIT("<a>\xc3\xa9</a>"), "text/xml; charset=iso-8859-1", "utf-8"), "<a>é</a>");
    IS(decoded(LIT("<a>\xe9</a>"), "text/xml; charset=\"iso-8859-1\"", "windows-1252"), "<a>é</a>");
    IS(decoded(
           LIT("<?xml version='1.0' encoding='windows-1251'?><a>\xcf\xf0</a>"), "", "windows-1251"),
        "<?xml version='1.0' encoding='windows-1251'?><a>Пр</a>");
    IS(decoded(LIT("<?xml version='1.0' encoding='koi8-r'?><a>\xf0\xd2</a>"),
           "text/xml; charset=utf-8", "koi8-r"),
        "<?xml version='1.0' encoding='koi8-r'?><a>Пр</a>");
    IS(decoded(LIT("<a>\x93quoted\x94</a>"), "", "windows-1252"), "<a>“quoted”</a>");
    IS(decoded(LIT("\xff\xfe<\0a\0/\0>\0"), "", "utf-16le"), "<a/>");
    IS(decoded(LIT("\0<\0a\0/\0>"), "", "utf-16be"), "<a/>");
    IS(decoded(LIT("<?xml version='1.0' encoding='shift_jis'?><a>\x95\x5c</a>"), "", "windows-31j"),
        "<?xml version='1.0' encoding='shift_jis'?><a>表</a>");
    IS(decoded(LIT("<a>good \xe2\x82\xac, bad \xe2\x82</a>"), "", "utf-8"),
        "<a>good €, bad \xef\xbf\xbd</a>");
    IS(decoded(LIT("<?xml encoding='utf-7'?><a>+ADw-b</a>"), "", "utf-8"),
        "<?xml encoding='utf-7'?><a>+ADw-b</a>");
}

static void writes_language_tags_in_their_usual_case(void **state)
{
    (void)state;
    IS(text_language(arena, LIT("EN_gb")), "en-GB");
    IS(text_language(arena, LIT("zh-hant-tw")), "zh-Hant-TW");
    IS(text_language(arena, LIT(" de ")), "de");
    IS(text_language(arena, LIT("1")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_encodings_of_one_byte_as_icu_does),
        cmocka_unit_test(reads_character_by_character),
        cmocka_unit_test(decodes_references_once),
        cmocka_unit_test(shows_what_a_reader_of_html_sees),
        cmocka_unit_test(folds_white_space_of_all_kinds),
        cmocka_unit_test(repairs_utf_8_and_drops_controls),
        cmocka_unit_test(repairs_what_stands_at_any_place_of_a_line),
        cmocka_unit_test(finds_the_encoding_of_a_document),
        cmocka_unit_test(writes_language_tags_in_their_usual_case),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
