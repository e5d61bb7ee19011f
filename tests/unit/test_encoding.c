/* test_encoding.c - what documents say of their encoding, what they are in, and who is believed. */
#include "unit/test.h"

#include <stdio.h>

#include "text/encoding.h"
#include "text/text.h"

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

static void equals(struct bytes got, const char *want)
{
    assert_bytes(got, want);
}

static struct encoding_result read_as(
    struct bytes document, const char *content_type, enum encoding_kind kind)
{
    struct encoding_result result;
    struct error err = {0};

    if (encoding_to_utf8(arena, document, bytes_of(content_type), kind, &result, &err) != OK)
        fail_msg("%.*s: %s", FMT(document), err.text);
    assert_true(text_is_utf8(result.text));
    return result;
}

static void finds_the_charset_of_a_content_type(void **state)
{
    static const struct {
        const char *value, *charset;
    } cases[] = {
        {"text/html; charset=utf-8", "utf-8"},
        {"text/html;charset=UTF-8", "UTF-8"},
        {"text/html; CHARSET = utf-8 ", "utf-8"},
        {"text/html; charset=\"utf-8\"", "utf-8"},
        {"text/html; charset='utf-8'", "utf-8"},
        {"text/html; charset=utf-8; charset=koi8-r", "utf-8"},
        {"text/xml; version=1.0; charset=koi8-r", "koi8-r"},
        {"text/html; charset=utf-8, text/html", "utf-8"},
        {"text/html; charset=utf-8 foo", "utf-8"},
        {"text/html; charset=", ""},
        {"text/html; charset", ""},
        {"text/html; xcharset=utf-8", ""},
        {"text/html", ""},
        {"charset=utf-8", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        equals(encoding_charset_of(bytes_of(cases[i].value)), cases[i].charset);
}

/* A label as servers write it, a text in that encoding, and what it means. */
static void knows_encodings_by_the_names_that_servers_give_them(void **state)
{
    static const struct {
        const char *label, *bytes, *text, *name;
    } cases[] = {
        {"iso-8859-1", "\x80 \xe9", "€ é", "windows-1252"},
        {"latin1", "\xe9t\xe9", "été", "windows-1252"},
        {"us-ascii", "\xe9t\xe9", "été", "windows-1252"},
        {"ANSI", "\x93q\x94", "“q”", "windows-1252"},
        {"x-cp1252", "\xe9", "é", "windows-1252"},
        {"1252", "\xe9", "é", "windows-1252"},
        {"windows-1251", "\xcf\xf0\xe8", "При", "windows-1251"},
        {"cp1251", "\xcf\xf0\xe8", "При", "windows-1251"},
        {"win-1251", "\xcf\xf0\xe8", "При", "windows-1251"},
        {"1251", "\xcf\xf0\xe8", "При", "windows-1251"},
        {"WINDOWS_1251", "\xcf\xf0\xe8", "При", "windows-1251"},
        {"koi8-ru", "\xbd\xa6\xd2", "Ґір", "koi8-u"},
        {"x-mac-ukrainian", "\x8a\xe8\xbb\xe2", "Київ", "x-mac-cyrillic"},
        {"ANSI_X3.4-1968", "\xe9\x92", "é’", "windows-1252"},
        {"iso-ir-6", "\xe9", "é", "windows-1252"},
        {"dos-874", "\xa1\x93", "ก“", "windows-874"},
        {"cp874", "\xa1\x85", "ก…", "windows-874"},
        {"logical", "\xf9\xec\xe5\xed", "שלום", "iso-8859-8"},
        {"visual", "\xf9\xec\xe5\xed", "שלום", "iso-8859-8"},
        {"csISO88598I", "\xf9\xec\xe5\xed", "שלום", "iso-8859-8"},
        {"csiso88598e", "\xf9\xec\xe5\xed", "שלום", "iso-8859-8"},
        {"csiso88596i", "\xd3\xe4\xc7\xe5", "سلام", "iso-8859-6"},
        {"csiso88596e", "\xd3\xe4\xc7\xe5", "سلام", "iso-8859-6"},
        {"ISO-8859-16", "\xaatefan \xa5\xfe\xb5 \xa4", "Ștefan „ț” €", "iso-8859-16"},
        {"latin10", "\xba\xfe", "șț", "iso-8859-16"},
        {"koi8-t", "\xf4\xcf\x8d\xc9\xcb", "Тоҷик", "koi8-t"},
        {"KZ-1048", "\x8d\xe0\xe7\xe0\x9d", "Қазақ", "kz-1048"},
        {"strk1048-2002", "\xa1\xeb\xfb", "Ұлы", "kz-1048"},
        {"ptcp154", "\x8d\xe0\xe7\xe0\x9d", "Қазақ", "ptcp154"},
        {"cyrillic-asian", "\xa4\xb4", "Өҙ", "ptcp154"},
        {"koi8-r", "\xf0\xd2\xc9", "При", "koi8-r"},
        {"iso-8859-2", "\xb1\xb6", "ąś", "iso-8859-2"},
        {"windows-1250", "\xb9\x9c", "ąś", "windows-1250"},
        {"iso-8859-15", "\xa4", "€", "iso-8859-15"},
        {"iso-8859-7", "\xc1\xe2", "Αβ", "iso-8859-7"},
        {"shift_jis", "\x93\xfa\x96\x7b", "日本", "windows-31j"},
        {"x-sjis", "\x93\xfa\x96\x7b", "日本", "windows-31j"},
        {"euc-jp", "\xc6\xfc\xcb\xdc", "日本", "euc-jp"},
        {"gb2312", "\xd6\xd0\xb9\xfa", "中国", "gb18030"},
        {"gbk", "\xd6\xd0\xb9\xfa", "中国", "gb18030"},
        {"big5", "\xa4\xa4\xa4\xe5", "中文", "Big5-HKSCS"},
        {"euc-kr", "\xc7\xd1\xb1\xdb", "한글", "windows-949"},
        {"ks_c_5601-1987", "\xc7\xd1\xb1\xdb", "한글", "windows-949"},
        {"tis-620", "\xe4\xb7\xc2", "ไทย", "windows-874"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes type = bytes_format(arena, "text/html; charset=%s", cases[i].label);
        struct encoding_result r =
            read_as(bytes_of(cases[i].bytes), bytes_cstr(arena, type), ENCODING_NONE);

        equals(r.text, cases[i].text);
        equals(r.name, cases[i].name);
        assert_int_equal(r.source, ENCODING_FROM_HTTP);
        equals(r.declared, cases[i].label);
        assert_false(r.repaired);
    }
}

static void a_document_declares_its_own(void **state)
{
    static const struct {
        enum encoding_kind kind;
        const char *before, *name;
    } cases[] = {
        {ENCODING_XML, "<?xml version='1.0' encoding='windows-1251'?>", "windows-1251"},
        {ENCODING_XML, "<?xml version=\"1.0\" encoding = \"windows-1251\" ?>", "windows-1251"},
        {ENCODING_XML, "\n<?xml encoding=windows-1251?>", "windows-1251"},
        {ENCODING_XML, "<?xml version='1.0'?><a encoding='windows-1251'/>", NULL},
        {ENCODING_XML, "<meta charset=windows-1251>", NULL},
        {ENCODING_HTML, "<meta charset=windows-1251>", "windows-1251"},
        {ENCODING_HTML, "<META CHARSET='windows-1251'/>", "windows-1251"},
        {ENCODING_HTML, "<meta http-equiv=content-type content='text/html; charset=windows-1251'>",
            "windows-1251"},
        {ENCODING_HTML, "<meta name=a content=b><meta charset=windows-1251>", "windows-1251"},
        {ENCODING_HTML, "<?xml version='1.0' encoding='windows-1251'?>", "windows-1251"},
        {ENCODING_HTML, "<link charset=windows-1251>", NULL},
        {ENCODING_NONE, "<meta charset=windows-1251>", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct encoding_result r = read_as(
            bytes_format(arena, "%s\xcf\xf0\xe8\xe2\xe5\xf2", cases[i].before), "", cases[i].kind);

        if ((cases[i].name != NULL) != (r.source == ENCODING_FROM_DOCUMENT))
            fail_msg("%s: from %d as %.*s", cases[i].before, (int)r.source, FMT(r.name));
        if (cases[i].name != NULL)
            equals(r.name, cases[i].name);
    }
}

static const struct {
    const char *type, *bytes, *text, *name;
    enum encoding_source source;
} witnesses[] = {
    /* valid UTF-8 is UTF-8, whatever is said */
    {"x; charset=iso-8859-1", "\xc3\xa9t\xc3\xa9", "été", "utf-8", ENCODING_FROM_BYTES},
    {"x; charset=koi8-r", "\xd0\x9f\xd1\x80", "Пр", "utf-8", ENCODING_FROM_BYTES},
    {"x; charset=koi8-r", "plain", "plain", "utf-8", ENCODING_FROM_BYTES},
    {"x; charset=utf-16", "plain", "plain", "utf-8", ENCODING_FROM_BYTES},
    {"x; charset=utf-7", "+ADw-b", "+ADw-b", "utf-8", ENCODING_FROM_BYTES},
    /* a mark is stronger than a header, and is no text */
    {"x; charset=koi8-r", "\xef\xbb\xbf\xc3\xa9", "é", "utf-8", ENCODING_FROM_BOM},
    {"", "\xef\xbb\xbf\xef\xbb\xbf!", "!", "utf-8", ENCODING_FROM_BOM},
    /* what does not fit the bytes gives way */
    {"x; charset=utf-8", "caf\xe9 d\xe9j\xe0 vu", "café déjà vu", "windows-1252", ENCODING_GUESSED},
    {"x; charset=nonsense", "caf\xe9", "café", "windows-1252", ENCODING_GUESSED},
    {"x; charset=a-label-that-is-longer-than-any-label-can-be", "caf\xe9", "café", "windows-1252",
        ENCODING_GUESSED},
};

static void what_the_bytes_show_is_believed_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(witnesses) / sizeof(witnesses[0]); i++) {
        struct encoding_result r =
            read_as(bytes_of(witnesses[i].bytes), witnesses[i].type, ENCODING_HTML);

        equals(r.text, witnesses[i].text);
        if (witnesses[i].source != ENCODING_GUESSED) {
            equals(r.name, witnesses[i].name);
            assert_int_equal(r.source, witnesses[i].source);
        }
    }
}

/* c in so many bytes, the first of them the high or the low one. */
static void add_wide(struct buf *out, unsigned c, int width, bool big)
{
    for (int byte = 0; byte < width; byte++) {
        int shift = 8 * (big ? width - 1 - byte : byte);

        buf_add_byte(out, (char)(shift > 8 ? 0 : c >> shift & 0xff));
    }
}

/* "<a>é</a>" in all widths and orders, with a mark and without. */
static void wide_characters_are_seen_with_and_without_a_mark(void **state)
{
    static const char letters[] = "<a>\xe9</a>";
    static const struct {
        int width;
        bool big, marked;
        const char *name;
    } cases[] = {{2, false, true, "utf-16le"}, {2, true, true, "utf-16be"},
        {4, false, true, "utf-32le"}, {4, true, true, "utf-32be"}, {2, false, false, "utf-16le"},
        {2, true, false, "utf-16be"}, {4, false, false, "utf-32le"}, {4, true, false, "utf-32be"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf document = {0};
        struct encoding_result r;

        if (cases[i].marked)
            add_wide(&document, 0xfeff, cases[i].width, cases[i].big);
        for (const char *letter = letters; *letter != '\0'; letter++)
            add_wide(&document, (unsigned char)*letter, cases[i].width, cases[i].big);
        r = read_as(buf_bytes(&document), "text/xml; charset=iso-8859-1", ENCODING_XML);
        equals(r.text, "<a>é</a>");
        equals(r.name, cases[i].name);
        assert_int_equal(r.source, cases[i].marked ? ENCODING_FROM_BOM : ENCODING_FROM_BYTES);
        buf_done(&document);
    }
}

static void damage_is_repaired_and_told(void **state)
{
    static const struct {
        const char *type, *bytes, *text;
    } cases[] = {
        {"x; charset=utf-8", "na\xc3\xafve \xe2\x82", "naïve \xef\xbf\xbd"},
        {"x; charset=utf-8", "\xc3\xa9 \xc3\xa9 \xff \xc3\xa9", "é é \xef\xbf\xbd é"},
        {"",
            "\xef\xbb\xbf"
            "caf\xe9",
            "caf\xef\xbf\xbd"},
        {"", "one \xc3\xa9 two \xc3\xa8 cut \xc3", "one é two è cut \xef\xbf\xbd"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct encoding_result r = read_as(bytes_of(cases[i].bytes), cases[i].type, ENCODING_HTML);

        equals(r.text, cases[i].text);
        equals(r.name, "utf-8");
        assert_true(r.repaired);
    }
}

/* Seven bits, and yet not ASCII: only who says so is believed. */
static void encodings_of_seven_bits_are_read_when_declared(void **state)
{
    struct encoding_result r =
        read_as(LIT("\x1b$BF|K\\\x1b(B"), "text/html; charset=iso-2022-jp", ENCODING_HTML);

    (void)state;
    equals(r.text, "日本");
    r = read_as(LIT("<meta charset=iso-2022-jp>\x1b$BF|K\\\x1b(B"), "", ENCODING_HTML);
    equals(r.text, "<meta charset=iso-2022-jp>日本");
    r = read_as(LIT("\x1b$BF|K\\\x1b(B"), "text/html; charset=utf-8", ENCODING_HTML);
    equals(r.name, "utf-8");
}

/* "<?xml version='1.0' encoding='ibm-1047'?><a/>" as a mainframe sends it. */
static void ebcdic_is_known_by_its_first_letters(void **state)
{
    static const char document[] = "\x4c\x6f\xa7\x94\x93\x40\xa5\x85\x99\xa2\x89\x96\x95\x7e\x7d"
                                   "\xf1\x4b\xf0\x7d\x6f\x6e\x4c\x81\x61\x6e";
    struct encoding_result r =
        read_as((struct bytes){document, sizeof(document) - 1}, "", ENCODING_XML);

    (void)state;
    equals(r.text, "<?xml version='1.0'?><a/>");
    equals(r.name, "ibm-37");
}

/* The byte that means letter in an encoding of one byte; 0 for none. */
static char byte_of(const char *type, struct bytes letter)
{
    if (letter.len == 1)
        return letter.ptr[0];
    for (int byte = 0x80; byte < 256; byte++) {
        const char one[] = {(char)byte};

        if (bytes_equal(read_as((struct bytes){one, 1}, type, ENCODING_NONE).text, letter))
            return (char)byte;
    }
    return '\0';
}

static void encode(const char *text, const char *type, struct buf *out)
{
    struct bytes rest = bytes_of(text);

    while (rest.len > 0) {
        size_t len = 0;

        text_next(rest, &len);
        buf_add_byte(out, byte_of(type, bytes_slice(rest, 0, len)));
        rest = bytes_from(rest, len);
    }
}

/* Nobody says anything: a text of some length is told by its letters. */
static void a_long_text_without_a_word_of_its_encoding_is_guessed(void **state)
{
    static const char russian[] = "Мост через гавань закрыт после того, как паром задел опору. "
                                  "Никто не пострадал, сообщили власти порта в субботу.";
    static const char french[] =
        "Le pont du port a été fermé après qu'un ferry a heurté un pilier, "
        "a déclaré l'autorité. Personne n'a été blessé.";
    static const struct {
        const char *type, *text;
    } cases[] = {{"x; charset=windows-1251", russian}, {"x; charset=koi8-r", russian},
        {"x; charset=windows-1252", french}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct encoding_result r;
        struct buf encoded = {0};

        encode(cases[i].text, cases[i].type, &encoded);
        r = read_as(buf_bytes(&encoded), "", ENCODING_NONE);
        equals(r.text, cases[i].text);
        assert_int_equal(r.source, ENCODING_GUESSED);
        buf_done(&encoded);
    }
}

/* Too little for statistics, but it says in which language it is. A template that says so of all
 * feeds is not believed against the bytes. */
static void a_short_text_is_read_as_its_language_was_written(void **state)
{
    static const struct {
        const char *told, *type, *text;
    } cases[] = {{"<language>uk</language>", "windows-1251", "Рада схвалила бюджет порту"},
        {"<dc:language>bg-BG</dc:language>", "windows-1251", "Новият мост ще бъде готов"},
        {"<language>ru-RU</language>", "koi8-r", "Паром снова ходит"},
        {"<language>ru</language>", "windows-1251", "Паром снова ходит"},
        {"<rss xml:lang='cs'>", "windows-1250", "Přístav „žádá“ větší šířku"},
        {"<language> hu </language>", "iso-8859-2", "Őszi zárlat a kikötőben, új híd épül"},
        {"<language>pl</language>", "iso-8859-2", "Żegluga wznowiona, łodzie płyną"},
        {"<language>tr</language>", "windows-1254", "Şişli iskelesi açıldı, ığdır"},
        {"<language>lt</language>", "windows-1257", "Šįmet uostas „pažadėjo“ ąžuolų"},
        {"<feed xml:lang=\"el\">", "iso-8859-7", "Το λιμάνι άνοιξε ξανά"},
        {"<language>he-IL</language>", "windows-1255", "הנמל נפתח שוב"},
        {"<language>th</language>", "windows-874", "ท่าเรือเปิดอีกครั้ง"},
        {"<language>ru</language>", "windows-1252", "Café fermé, l’été déjà passé à Orléans"},
        {"<language>cs</language>", "windows-1251",
            "Паром снова ходит, сообщили власти порта в субботу"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct encoding_result r;
        struct buf encoded = {0}, want = {0};
        char type[40];

        snprintf(type, sizeof(type), "x; charset=%s", cases[i].type);
        buf_printf(&want, "<?xml version='1.0'?>%s<title>%s</title>", cases[i].told, cases[i].text);
        encode(buf_cstr(&want), type, &encoded);
        r = read_as(buf_bytes(&encoded), "", ENCODING_XML);
        equals(r.text, buf_cstr(&want));
        assert_int_equal(r.source, ENCODING_GUESSED);
        buf_done(&encoded);
        buf_done(&want);
    }
}

/* Pairs of bytes: Japanese, Korean and Chinese of both kinds. */
static void a_short_text_of_pairs_is_read_as_its_language_was_written(void **state)
{
    static const struct {
        const char *told, *bytes, *text;
    } cases[] = {{"ja", "\x8d\x60\x82\xcc\x8b\xb4", "港の橋"},
        {"ja", "\xb9\xc1\xa4\xce\xb6\xb6", "港の橋"},
        {"ko", "\xc7\xd7\xb1\xb8\xc0\xc7 \xb4\xd9\xb8\xae", "항구의 다리"},
        {"zh-TW", "\xb4\xe4\xa4\x66\xb7\x73\xbe\xf4", "港口新橋"},
        {"zh-CN", "\xb8\xdb\xbf\xda\xd0\xc2\xc7\xc5", "港口新桥"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf bytes = {0}, want = {0};

        buf_printf(&bytes, "<language>%s</language>%s", cases[i].told, cases[i].bytes);
        buf_printf(&want, "<language>%s</language>%s", cases[i].told, cases[i].text);
        equals(read_as(buf_bytes(&bytes), "", ENCODING_XML).text, buf_cstr(&want));
        buf_done(&bytes);
        buf_done(&want);
    }
}

/* Whatever comes, what is handed on is UTF-8. */
static void all_pairs_of_bytes_become_utf_8(void **state)
{
    static const char *const types[] = {
        "", "x; charset=utf-8", "x; charset=gbk", "x; charset=shift_jis", "x; charset=iso-2022-jp"};

    (void)state;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        for (int a = 0; a < 256; a += 3)
            for (int b = 0x20; b < 256; b += 5) {
                const char pair[] = {'<', (char)a, (char)b, '>', (char)b};

                arena_reset(arena);
                read_as((struct bytes){pair, sizeof(pair)}, types[i],
                    (a + b) % 2 == 0 ? ENCODING_HTML : ENCODING_XML);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_charset_of_a_content_type),
        cmocka_unit_test(knows_encodings_by_the_names_that_servers_give_them),
        cmocka_unit_test(a_document_declares_its_own),
        cmocka_unit_test(what_the_bytes_show_is_believed_first),
        cmocka_unit_test(wide_characters_are_seen_with_and_without_a_mark),
        cmocka_unit_test(damage_is_repaired_and_told),
        cmocka_unit_test(encodings_of_seven_bits_are_read_when_declared),
        cmocka_unit_test(ebcdic_is_known_by_its_first_letters),
        cmocka_unit_test(a_long_text_without_a_word_of_its_encoding_is_guessed),
        cmocka_unit_test(a_short_text_is_read_as_its_language_was_written),
        cmocka_unit_test(a_short_text_of_pairs_is_read_as_its_language_was_written),
        cmocka_unit_test(all_pairs_of_bytes_become_utf_8),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
