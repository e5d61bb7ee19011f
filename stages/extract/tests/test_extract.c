/* test_extract.c - whole pages through the stage, with every parser that is built in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "extract.h"
#include "record/record.h"

#include <cmocka.h>

static struct extract extract;
static struct arena *arena;

static struct bytes file_read(const char *name)
{
    static char data[1 << 18];
    char path[512];
    size_t len;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", STAGE_DATA, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    len = fread(data, 1, sizeof(data), file);
    fclose(file);
    return (struct bytes){data, len};
}

static struct wr_record *record_of(struct bytes html)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_PAGE, html);
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/2025/03/a-story"));
    return rec;
}

static void assert_field(const struct wr_record *rec, int field, const char *expected)
{
    struct bytes value = record_get(rec, field);

    assert_int_equal(value.len, strlen(expected));
    assert_memory_equal(value.ptr, expected, value.len);
}

static bool has(struct bytes text, const char *what)
{
    return bytes_find(text, bytes_of(what)) != SIZE_MAX;
}

static void finds_the_article_and_nothing_else(void **state)
{
    struct wr_record *rec = record_of(file_read("plain.html"));
    struct bytes text;

    (void)state;
    extract_article(&extract, rec);
    text = record_get(rec, WR_TEXT);
    assert_true(bytes_starts(text, LIT("The ferry left Stavnes")));
    assert_true(bytes_ends(text, LIT("before the autumn storms.")));
    assert_true(has(text, "\nA harbour without a crane\n"));
    assert_true(has(text, "\nTwo pilots stayed ashore.\n"));
    assert_false(has(text, "newsletter"));
    assert_false(has(text, "Photo"));
    assert_false(has(text, "Most read"));
    assert_false(has(text, "Mussel prices"));
    assert_field(rec, WR_TITLE, "Ferry returns to Stavnes after nine quiet years");
    assert_field(rec, WR_PUBLISHED, "2025-03-14T08:05:00+01:00");
    assert_field(rec, WR_CANONICAL, "https://news.example/2025/03/ferry-returns");
    assert_field(rec, WR_LANGUAGE, "en-GB");
    assert_int_equal(wr_count(rec, WR_AUTHOR), 1);
    assert_field(rec, WR_AUTHOR, "Ingrid Halvorsen");
}

static void survives_a_page_of_nothing_but_open_tags(void **state)
{
    struct buf html = {0};

    (void)state;
    for (int i = 0; i < 20000; i++)
        buf_add(&html, LIT("<div><b>"));
    extract_article(&extract, record_of(buf_bytes(&html)));
    buf_done(&html);
}

static int set_up(void **state)
{
    int parser = *(int *)*state;

    extract = (struct extract){
        .least_text = 200, .with_standfirst = true, .filler = tree_fillers[parser]};
    arena = arena_new(64 << 20);
    return extract_open(&extract);
}

static int tear_down(void **state)
{
    (void)state;
    extract_close(&extract);
    arena_free(arena);
    return 0;
}

int main(void)
{
    int failed = 0;

    for (int parser = 0; tree_fillers[parser] != NULL; parser++) {
        int *which = &parser;
        const struct CMUnitTest tests[] = {
            cmocka_unit_test_prestate_setup_teardown(
                finds_the_article_and_nothing_else, set_up, tear_down, which),
            cmocka_unit_test_prestate_setup_teardown(
                survives_a_page_of_nothing_but_open_tags, set_up, tear_down, which),
        };

        failed += cmocka_run_group_tests_name(tree_fillers[parser]->name, tests, NULL, NULL);
    }
    return failed;
}
