/* stage_test.h - what the tests of whole pages share: a stage for each parser, and pages made of
 * pieces. */
#ifndef WIREROOM_EXTRACT_STAGE_TEST_H
#define WIREROOM_EXTRACT_STAGE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "extract.h"
#include "record/record.h"

#include <cmocka.h>

static struct extract extract;
static struct arena *arena;

/* Three paragraphs that nobody would take for anything but an article's. */
#define FIRST                                                                                      \
    "<p>The lighthouse keeper counted the ships again that morning, and again there were three "   \
    "of "                                                                                          \
    "them, although the harbour book said that only two had asked for a pilot the night "          \
    "before.</p>"
#define SECOND                                                                                     \
    "<p>By noon the third ship had gone, and nobody on the mole could agree whether it had "       \
    "sailed "                                                                                      \
    "to the north, where the ice was, or south, where the customs men had been waiting.</p>"
#define THIRD                                                                                      \
    "<p>The council will hear the keeper on Thursday, and until then the book stays closed in "    \
    "the "                                                                                         \
    "drawer of the harbour office, next to the keys of a boat that was sold years ago.</p>"
#define ARTICLE FIRST SECOND THIRD
#define HEADLINE "<h1>Three ships where the book says two</h1>"

static inline struct wr_record *extracted(const char *head, const char *body)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_PAGE,
        bytes_format(
            arena, "<!DOCTYPE html><html><head>%s</head><body>%s</body></html>", head, body));
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/harbour/three-ships"));
    record_set(rec, WR_PAGE_TYPE, LIT("text/html; charset=utf-8"));
    assert_int_equal(extract_article(&extract, rec), WR_NEXT);
    return rec;
}

static inline const char *value(const struct wr_record *rec, int field)
{
    return bytes_cstr(arena, record_get(rec, field));
}

static inline bool text_has(const struct wr_record *rec, const char *what)
{
    return bytes_find(record_get(rec, WR_TEXT), bytes_of(what)) != SIZE_MAX;
}

static inline void assert_article(const struct wr_record *rec)
{
    assert_true(text_has(rec, "The lighthouse keeper counted"));
    assert_true(text_has(rec, "By noon the third ship had gone"));
    assert_true(text_has(rec, "The council will hear the keeper"));
}

static inline int set_up(void **state)
{
    int parser = *(int *)*state;

    extract = (struct extract){
        .least_text = 200, .with_standfirst = true, .filler = tree_fillers[parser]};
    arena = arena_new(64 << 20);
    return extract_open(&extract);
}

static inline int tear_down(void **state)
{
    (void)state;
    extract_close(&extract);
    arena_free(arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_prestate_setup_teardown(name, set_up, tear_down, &parser)

/* Runs the tests, an array made with TEST(), once for each parser that is built in. */
#define RUN_WITH_EACH_PARSER(...)                                                                  \
    int main(void)                                                                                 \
    {                                                                                              \
        int failed = 0;                                                                            \
                                                                                                   \
        for (int parser = 0; tree_fillers[parser] != NULL; parser++) {                             \
            const struct CMUnitTest tests[] = {__VA_ARGS__};                                       \
                                                                                                   \
            failed += cmocka_run_group_tests_name(tree_fillers[parser]->name, tests, NULL, NULL);  \
        }                                                                                          \
        return failed;                                                                             \
    }

#endif
