/* test_html_text.c - what a reader sees of markup, references and white space: one line a case. */
#include "unit/test.h"

#include "text/text.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(16 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void what_is_seen_of_markup(void **state)
{
    static const struct {
        const char *html, *line, *lines;
    } cases[] = {
        {"", "", ""},
        {"plain", "plain", "plain"},
        {"  a \n b  ", "a b", "a b"},
        {"<p>a</p><p>b</p>", "a b", "a\nb"},
        {"a<br>b<br/>c<BR>d", "a b c d", "a\nb\nc\nd"},
        {"a<b>b</b>c", "abc", "abc"},
        {"a <b>b</b> c", "a b c", "a b c"},
        {"a<span> </span>b", "a b", "a b"},
        {"<ul><li>a</li><li>b</li></ul>c", "a b c", "a\nb\nc"},
        {"<table><tr><td>a</td><td>b</td></tr></table>", "a b", "a\nb"},
        {"<div><div><div>a</div></div></div><p></p><p>b</p>", "a b", "a\nb"},
        {"<p title='x>y'>a</p>", "a", "a"},
        {"<p title=\"it's > that\">a</p>", "a", "a"},
        {"<a href=x>a</a>", "a", "a"},
        {"a<!-- b > c -->d", "ad", "ad"},
        {"a<!-- never closed", "a", "a"},
        {"a<![CDATA[b]]>", "ab", "ab"},
        {"a]]>b <![CDATA[c]]>", "a]]>b c", "a]]>b c"},
        {"a<!-->b<!--->c<!-- --!>d<!-- -->e", "abcde", "abcde"},
        {"a <math><mi>x</mi><annotation>y</annotation></math>", "a x", "a x"},
        {"<?xml version='1.0'?>a", "a", "a"},
        {"<!DOCTYPE html>a", "a", "a"},
        {"a<script>b</script>c", "ac", "ac"},
        {"a<SCRIPT type=x>b<p>c</SCRIPT>d", "ad", "ad"},
        {"a<script>b", "a", "a"},
        {"a<style>p { color: red }</style>b", "ab", "ab"},
        {"<title>t</title><p>a", "a", "a"},
        {"a<svg><text>b</text></svg>c", "ac", "ac"},
        {"a<iframe src=x></iframe>b", "ab", "ab"},
        {"a<textarea>b", "ab", "ab"},
        {"a < b", "a < b", "a < b"},
        {"1<2", "1<2", "1<2"},
        {"a <3 b", "a <3 b", "a <3 b"},
        {"a<", "a<", "a<"},
        {"a<b", "a", "a"},
        {"a&amp;b &lt;c&gt; &quot;d&quot;", "a&b <c> \"d\"", "a&b <c> \"d\""},
        {"a&nbsp;&nbsp;b", "a b", "a b"},
        {"a\xc2\xa0\xc2\xa0"
         "b",
            "a b", "a b"},
        {"<p>a\xc2\xa0\xc2\xa0"
         "b</p>",
            "a b", "a b"},
        {"<p>a\xe3\x80\x80\xe2\x80\x83"
         "b</p>",
            "a b", "a b"},
        {"<p>\xc2\xa0</p><p>a</p>", "a", "a"},
        {"&lt;p&gt;a", "<p>a", "<p>a"},
        {"caf\xc3\xa9 &eacute;", "café é", "café é"},
        {"a\r\nb", "a b", "a b"},
        {"<h1>a</h1>b<hr>c", "a b c", "a\nb\nc"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes html = bytes_of(cases[i].html);
        struct bytes line = text_from_html(arena, html, false);
        struct bytes lines = text_from_html(arena, html, true);

        if (!bytes_is(line, cases[i].line) || !bytes_is(lines, cases[i].lines))
            fail_msg("%s: \"%.*s\" and \"%.*s\"", cases[i].html, FMT(line), FMT(lines));
    }
}

static void references_are_those_of_browsers(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"&amp;", "&"},
        {"&AMP;", "&"},
        {"&amp", "&"},
        {"&ampersand;", "&ampersand;"},
        {"&lt;&gt;&quot;&apos;", "<>\"'"},
        {"&copy;2026 &copy2026", "©2026 ©2026"},
        {"&copyx", "&copyx"},
        {"?a=1&copy=2", "?a=1&copy=2"},
        {"?a=1&lt=2", "?a=1&lt=2"},
        {"&nbsp;", "\xc2\xa0"},
        {"&hellip;&mdash;&ndash;&rsquo;", "…—–’"},
        {"&hellip", "&hellip"},
        {"&#65;&#x41;&#X41;", "AAA"},
        {"&#65 &#x41 ", "A A "},
        {"&#8364;&#x20ac;&#128;", "€€€"},
        {"&#146;&#147;", "’“"},
        {"&#0;", "\xef\xbf\xbd"},
        {"&#xd800;", "\xef\xbf\xbd"},
        {"&#x110000;", "\xef\xbf\xbd"},
        {"&#99999999999999999999;", "\xef\xbf\xbd"},
        {"&#27;&#7;", ""},
        {"&#9;&#10;", "\t\n"},
        {"&#;&#x;&#xg;&;& &", "&#;&#x;&#xg;&;& &"},
        {"&#x1F600;", "😀"},
        {"&amp;amp;", "&amp;"},
        {"&amp;lt;b&amp;gt;", "&lt;b&gt;"},
        {"&eacute;&Eacute;&eacute", "éÉé"},
        {"&NotEqualTilde;", "≂̸"},
        {"no reference", "no reference"},
        {"&", "&"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes got = text_decode(arena, bytes_of(cases[i].text));

        if (!bytes_is(got, cases[i].want))
            fail_msg("%s: \"%.*s\"", cases[i].text, FMT(got));
    }
}

static void what_looks_like_markup(void **state)
{
    static const char *const markup[] = {"<p>", "a <b>b</b>", "</p>", "<!-- -->", "a &amp; b",
        "&#8217;", "&eacute;", "a<br>", "<x>"};
    static const char *const plain[] = {
        "", "a", "a < b > c", "1<2", "a & b", "AT&T", "a <3", "<", "<b", "&unknown;", "& amp;"};

    (void)state;
    for (size_t i = 0; i < sizeof(markup) / sizeof(markup[0]); i++)
        if (!text_looks_like_html(bytes_of(markup[i])))
            fail_msg("%s is markup", markup[i]);
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        if (text_looks_like_html(bytes_of(plain[i])))
            fail_msg("%s is none", plain[i]);
}

static void language_tags_have_one_form(void **state)
{
    static const struct {
        const char *tag, *want;
    } cases[] = {
        {"en", "en"},
        {"EN", "en"},
        {"en-us", "en-US"},
        {"en_US", "en-US"},
        {"ZH-hant-tw", "zh-Hant-TW"},
        {"sr-latn", "sr-Latn"},
        {"es-419", "es-419"},
        {"de-1996", "de-1996"},
        {"de-CH-1996", "de-CH-1996"},
        {" en-GB ", "en-GB"},
        {"en-", "en"},
        {"en--us", "en"},
        {"en-us.utf8", "en-US"},
        {"en us", "en"},
        {"en,de", "en"},
        {"fil", "fil"},
        {"x", ""},
        {"", ""},
        {"-en", ""},
        {"1a", ""},
        {"\xc3\xa9n", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes got = text_language(arena, bytes_of(cases[i].tag));

        if (!bytes_is(got, cases[i].want))
            fail_msg("%s: \"%.*s\"", cases[i].tag, FMT(got));
    }
}

/* Each code point is written as RFC 3629 says, and read as what it is. */
static void every_character_is_written_and_read(void **state)
{
    static const struct {
        uint32_t c;
        const char *utf8;
    } cases[] = {{'A', "A"}, {0x7f, "\x7f"}, {0x80, "\xc2\x80"}, {0x7ff, "\xdf\xbf"},
        {0x800, "\xe0\xa0\x80"}, {0xd7ff, "\xed\x9f\xbf"}, {0xe000, "\xee\x80\x80"},
        {0xffff, "\xef\xbf\xbf"}, {0x10000, "\xf0\x90\x80\x80"}, {0x10ffff, "\xf4\x8f\xbf\xbf"},
        {0xd800, "\xef\xbf\xbd"}, {0xdfff, "\xef\xbf\xbd"}, {0x110000, "\xef\xbf\xbd"}};
    static const char *const bad[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80",
        "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "a\xc3", "\xc3(",
        "\xe2(\xa1"};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char out[4];
        size_t len = text_put_char(out, cases[i].c);

        assert_bytes(((struct bytes){out, len}), cases[i].utf8);
        assert_true(text_is_utf8((struct bytes){out, len}));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct bytes repaired = text_repair(arena, bytes_of(bad[i]));

        assert_false(text_is_utf8(bytes_of(bad[i])));
        assert_true(text_is_utf8(repaired));
        assert_true(bytes_find(repaired, LIT("\xef\xbf\xbd")) != SIZE_MAX);
    }
}

/* Repaired once, a text stays as it is. */
static void repairing_twice_changes_nothing(void **state)
{
    (void)state;
    for (int a = 0; a < 256; a++)
        for (int b = 0; b < 256; b += 7) {
            const char text[] = {'x', (char)a, (char)b, 'y', (char)b, (char)a};
            struct bytes once, twice;

            arena_reset(arena);
            once = text_repair(arena, (struct bytes){text, sizeof(text)});
            twice = text_repair(arena, once);
            assert_true(bytes_equal(once, twice));
            assert_true(text_is_utf8(once));
        }
}

static void folding_leaves_one_blank_between_words(void **state)
{
    static const char *const blanks[] = {" ", "\t", "\n", "\r", "\f", "\v", "\xc2\xa0", "\xc2\x85",
        "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9",
        "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};
    static const char *const letters[] = {
        "\xe2\x80\x8b", "\xc2\xad", "\xe2\x80\x8d", "\xef\xbb\xbf"};

    (void)state;
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        const char *b = blanks[i];

        assert_bytes(text_fold(arena, bytes_format(arena, "%sa%s%sb%s", b, b, b, b)), "a b");
        assert_bytes(text_fold(arena, bytes_format(arena, "%s%s", b, b)), "");
    }
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        struct bytes text = bytes_format(arena, "a%sb", letters[i]);

        assert_true(bytes_equal(text_fold(arena, text), text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_seen_of_markup),
        cmocka_unit_test(references_are_those_of_browsers),
        cmocka_unit_test(what_looks_like_markup),
        cmocka_unit_test(language_tags_have_one_form),
        cmocka_unit_test(every_character_is_written_and_read),
        cmocka_unit_test(repairing_twice_changes_nothing),
        cmocka_unit_test(folding_leaves_one_blank_between_words),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
