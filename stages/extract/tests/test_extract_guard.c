/* test_extract_guard.c - what libxml2's parser is given of a page. */
#include "unit/test.h"

#include <stdlib.h>

#include "html/fill.h"
#include "html/guard_libxml2.h"

static struct guard guard;

static const char *lean(struct bytes html)
{
    return guard_page(&guard, html, true);
}

static void keeps_texts_of_scripts_for_itself(void **state)
{
    struct bytes text;

    (void)state;
    assert_string_equal(lean(LIT("<script src=a>if (a<b) c('</p>');</SCRIPT >d<Script>e</script>")),
        "<script data-wireroom-script=0  src=a></SCRIPT >d<Script data-wireroom-script=1 "
        "></script>");
    assert_true(guard_script(&guard, LIT("data-wireroom-script"), LIT("0"), &text));
    assert_bytes(text, "if (a<b) c('</p>');");
    assert_true(guard_script(&guard, LIT("data-wireroom-script"), LIT("1"), &text));
    assert_bytes(text, "e");
    assert_false(guard_script(&guard, LIT("data-wireroom-script"), LIT("2"), &text));
    assert_false(guard_script(&guard, LIT("data-wireroom-script"), LIT("-1"), &text));
    assert_false(guard_script(&guard, LIT("data-other"), LIT("0"), &text));
    assert_string_equal(lean(LIT("<scripts>a</scripts><script/>b")),
        "<scripts>a</scripts><script data-wireroom-script=0 />b");
}

static void leaves_styles_and_comments_out(void **state)
{
    (void)state;
    assert_string_equal(lean(LIT("<style media=a>b{}</style>c")), "<style media=a></style>c");
    assert_string_equal(lean(LIT("a<!-- <script>b</script> -->c<!-->d<!--->e<!---->f")), "acdef");
    assert_string_equal(lean(LIT("a<!-- b")), "a");
    assert_string_equal(lean(LIT("a<style>b")), "a<style>");
    assert_string_equal(lean(LIT("a<script>b")), "a<script data-wireroom-script=0 >");
    assert_string_equal(lean(LIT("a < b <1 <!DOCTYPE html></p>")), "a < b <1 <!DOCTYPE html></p>");
    assert_string_equal(
        guard_page(&guard, LIT("<style>a</style><!-- b -->"), false), "<style>a</style><!-- b -->");
}

static void knows_a_quoted_value_from_a_tag(void **state)
{
    (void)state;
    assert_string_equal(lean(LIT("<p title=\"a > <script>b</script>\" id='<!--'>c<!-- d -->")),
        "<p title=\"a > <script>b</script>\" id='<!--'>c");
    assert_string_equal(lean(LIT("a\0b<p\0 id=c\0>d")), "ab<p id=c>d");
    assert_string_equal(lean(LIT("<p title=\"a")), "<p title=\"a");
    assert_string_equal(lean(LIT("<p")), "<p");
    assert_string_equal(lean(LIT("")), "");
}

static void cuts_open_tags_that_are_too_long(void **state)
{
    struct buf html = {0};
    struct buf expected = {0};

    (void)state;
    buf_add_cstr(&html, "<p");
    for (int i = 0; i < 1000; i++) {
        buf_printf(&html, " a%d=b", i);
        if (i < FILL_ATTRS)
            buf_printf(&expected, "%s a%d=b", i == 0 ? "<p" : "", i);
    }
    buf_add_cstr(&html, ">c");
    buf_add_cstr(&expected, ">c");
    assert_string_equal(lean(buf_bytes(&html)), buf_cstr(&expected));
    buf_clear(&html);
    buf_add_cstr(&html, "<p title=\"");
    for (int i = 0; i < 40000; i++)
        buf_add_byte(&html, '<');
    buf_add_cstr(&html, "\" id=a>b");
    assert_string_equal(lean(buf_bytes(&html)), "<p title=\"\">b");
    buf_done(&html);
    buf_done(&expected);
}

static int tear_down(void **state)
{
    (void)state;
    guard_done(&guard);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_texts_of_scripts_for_itself),
        cmocka_unit_test(leaves_styles_and_comments_out),
        cmocka_unit_test(knows_a_quoted_value_from_a_tag),
        cmocka_unit_test(cuts_open_tags_that_are_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
