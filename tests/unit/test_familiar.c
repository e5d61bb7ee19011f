/* test_familiar.c - which lines the articles of a host have in common. */
#include "text/familiar.h"

#include "base/hash.h"
#include "test.h"

enum { FURNITURE = 1000000 };

struct site {
    struct buf model, list;
};

static uint64_t hash_of(uint64_t line)
{
    return hash64((struct bytes){(const char *)&line, sizeof(line)});
}

static void tell(struct buf *told, uint64_t line, uint16_t chars, bool edge)
{
    const struct familiar_line one = {hash_of(line), chars, edge};

    familiar_tell(told, &one);
}

/* Article `number` with so many paragraphs of its own, and at its end lines of the site. */
static bool learn(struct site *site, uint64_t number, unsigned own, unsigned furniture)
{
    struct buf told = {0};
    bool learned;

    for (unsigned i = 0; i < own; i++)
        tell(&told, number * 100 + i, 200, i < 2);
    for (unsigned i = 0; i < furniture; i++)
        tell(&told, FURNITURE + i, 120, true);
    learned = familiar_learn(buf_bytes(&told), &site->model);
    buf_clear(&site->list);
    familiar_list(buf_bytes(&site->model), &site->list);
    buf_done(&told);
    return learned;
}

static unsigned grade(const struct site *site, uint64_t line)
{
    return familiar_grade(buf_bytes(&site->list), hash_of(line));
}

static void forget(struct site *site)
{
    buf_done(&site->model);
    buf_done(&site->list);
}

static void a_line_is_familiar_after_three_articles(void **state)
{
    struct site site = {0};

    (void)state;
    for (uint64_t n = 1; n <= 3; n++) {
        assert_int_equal(grade(&site, FURNITURE), 0);
        assert_true(learn(&site, n, 5, 2));
    }
    assert_int_equal(
        grade(&site, FURNITURE), FAMILIAR_OFTEN | FAMILIAR_EDGE | FAMILIAR_HALF | FAMILIAR_MOSTLY);
    assert_int_equal(grade(&site, FURNITURE + 1), grade(&site, FURNITURE));
    assert_int_equal(grade(&site, 300), 0);
    assert_int_equal(site.list.len, 2 * FAMILIAR_GRADE);
    assert_int_equal(familiar_articles(buf_bytes(&site.model)), 3);
    for (uint64_t n = 4; n <= 6; n++)
        learn(&site, n, 5, 2);
    assert_true(grade(&site, FURNITURE) & FAMILIAR_ANYWHERE);
    forget(&site);
}

static void copies_and_versions_of_an_article_teach_nothing(void **state)
{
    struct site site = {0};

    (void)state;
    assert_true(learn(&site, 1, 9, 1));
    for (int i = 0; i < 9; i++)
        assert_false(learn(&site, 1, 9, 1));
    assert_false(learn(&site, 1, 10, 1)); /* with a paragraph more */
    assert_int_equal(site.list.len, 0);
    assert_int_equal(familiar_articles(buf_bytes(&site.model)), 1);
    forget(&site);
}

static void more_furniture_than_text_is_learned_too(void **state)
{
    struct site site = {0};

    (void)state;
    for (uint64_t n = 1; n <= 8; n++)
        assert_true(learn(&site, n, 1, 3));
    assert_true(grade(&site, FURNITURE) & FAMILIAR_EDGE);
    forget(&site);
}

static void what_few_articles_have_is_theirs(void **state)
{
    struct site site = {0};

    (void)state;
    for (uint64_t n = 0; n < 40; n++) {
        learn(&site, n, 5, n % 6 == 0);
        assert_int_equal(grade(&site, FURNITURE), 0);
    }
    forget(&site);
}

static void three_in_a_row_on_an_old_host_are_seldom_most(void **state)
{
    struct site site = {0};

    (void)state;
    for (uint64_t n = 0; n < 20; n++)
        learn(&site, n, 5, n >= 17);
    assert_int_equal(grade(&site, FURNITURE), FAMILIAR_OFTEN | FAMILIAR_EDGE);
    forget(&site);
}

static void furniture_that_is_gone_is_forgotten(void **state)
{
    struct site site = {0};
    uint64_t n = 0;

    (void)state;
    for (; n < 500; n++)
        learn(&site, n, 5, 1);
    assert_true(grade(&site, FURNITURE) & FAMILIAR_ANYWHERE);
    for (; n < 600; n++)
        learn(&site, n, 5, 0);
    assert_true(grade(&site, FURNITURE) == 0 || !(grade(&site, FURNITURE) & FAMILIAR_MOSTLY));
    for (; n < 1100; n++)
        learn(&site, n, 5, 0);
    assert_int_equal(grade(&site, FURNITURE), 0);
    forget(&site);
}

static void a_line_that_came_back_counts_from_lately(void **state)
{
    struct site site = {0};

    (void)state;
    for (uint64_t n = 0; n < 70000; n++) /* further than 16 bits count */
        learn(&site, n, 5, n % 2 == 0);
    assert_int_equal(
        grade(&site, FURNITURE) & ~(unsigned)FAMILIAR_HALF, FAMILIAR_OFTEN | FAMILIAR_EDGE);
    forget(&site);
}

static void a_host_takes_so_much_and_no_more(void **state)
{
    struct site site = {0};

    (void)state;
    for (uint64_t n = 0; n < 300; n++) {
        assert_true(learn(&site, n, FAMILIAR_TOLD - 2, 2));
        assert_true(site.model.len <= FAMILIAR_MODEL);
        assert_true(site.list.len <= FAMILIAR_KNOWN * FAMILIAR_GRADE);
    }
    assert_true(grade(&site, FURNITURE + 1) & FAMILIAR_ANYWHERE);
    assert_false(learn(&site, 300, FAMILIAR_TOLD + 1, 0));
    for (uint64_t n = 400; n < 420; n++) /* all of it furniture, but for a line */
        learn(&site, n, 1, FAMILIAR_TOLD - 1);
    assert_true(site.list.len <= FAMILIAR_KNOWN * FAMILIAR_GRADE);
    forget(&site);
}

static void what_is_no_model_and_no_line_is_none(void **state)
{
    struct site site = {0};
    struct buf told = {0};
    char odd[FAMILIAR_MODEL + 20];

    (void)state;
    memset(odd, 0xff, sizeof(odd));
    tell(&told, 1, 300, true);
    assert_false(familiar_learn((struct bytes){odd, 13}, &site.model));
    assert_false(familiar_learn((struct bytes){NULL, 0}, &site.model));
    for (size_t len = 0; len <= sizeof(odd); len++) {
        buf_clear(&site.model);
        buf_clear(&site.list);
        buf_add(&site.model, (struct bytes){odd, len});
        familiar_list(buf_bytes(&site.model), &site.list);
        assert_true(site.list.len <= FAMILIAR_KNOWN * FAMILIAR_GRADE);
        familiar_grade((struct bytes){odd, len}, hash_of(7));
        assert_true(familiar_learn(buf_bytes(&told), &site.model));
        assert_true(site.model.len <= FAMILIAR_MODEL);
    }
    buf_done(&told);
    forget(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_familiar_after_three_articles),
        cmocka_unit_test(copies_and_versions_of_an_article_teach_nothing),
        cmocka_unit_test(more_furniture_than_text_is_learned_too),
        cmocka_unit_test(what_few_articles_have_is_theirs),
        cmocka_unit_test(three_in_a_row_on_an_old_host_are_seldom_most),
        cmocka_unit_test(furniture_that_is_gone_is_forgotten),
        cmocka_unit_test(a_line_that_came_back_counts_from_lately),
        cmocka_unit_test(a_host_takes_so_much_and_no_more),
        cmocka_unit_test(what_is_no_model_and_no_line_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
