/* test_extract_site.c - the operator's rules for single sites. */
#include "stage_test.h"

#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/wireroom-sites-XXXXXX";

/* Rules in a file; with a parser that has no selectors the test is over. */
static int load(const char *rules, struct error *err)
{
    int fd = mkstemp(strcpy(path, "/tmp/wireroom-sites-XXXXXX"));
    int code;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, rules, strlen(rules)), strlen(rules));
    close(fd);
    code = sites_load(path, extract.filler, extract.parser, &extract.sites, err);
    unlink(path);
    return code;
}

#define LOAD(rules)                                                                                \
    do {                                                                                           \
        struct error load_err = {0};                                                               \
                                                                                                   \
        (void)state;                                                                               \
        if (extract.filler->compile == NULL)                                                       \
            skip();                                                                                \
        if (load(rules, &load_err) != OK)                                                          \
            fail_msg("%s", load_err.text);                                                         \
    } while (0)

/* The long text is another one's; the story is in short lines of odd elements. */
#define ODD_PAGE                                                                                   \
    "<h1>The Mole</h1><div class=\"head\">Ships counted</div><i class=\"who\">Ana Lund</i>"        \
    "<b class=\"when\">14 March 2026</b><div class=\"story\"><p>Short but true.</p>"               \
    "<p class=\"promo\">Buy our boats, they are good.</p></div><div class=\"story\"><p>And "       \
    "more.</p></div><div class=\"notes\">" ARTICLE "</div>"

static void takes_the_body_that_the_operator_names(void **state)
{
    struct wr_record *rec;

    LOAD("news.example:\n  body: div.story\n  strip: [.promo, aside]\n");
    rec = extracted("", ODD_PAGE);
    assert_string_equal(value(rec, WR_TEXT), "Short but true.\nAnd more.");
}

static void takes_title_byline_and_date_that_the_operator_names(void **state)
{
    struct wr_record *rec;

    LOAD("news.example: { title: .head, byline: i.who, date: b.when }");
    rec = extracted("<meta name=\"author\" content=\"Per Sohn\">", ODD_PAGE);
    assert_string_equal(value(rec, WR_TITLE), "Ships counted");
    assert_string_equal(value(rec, WR_AUTHOR), "Ana Lund");
    assert_int_equal(wr_count(rec, WR_AUTHOR), 1);
    assert_string_equal(value(rec, WR_BYLINE), "Ana Lund");
    assert_string_equal(value(rec, WR_PUBLISHED), "2026-03-14");
    assert_string_equal(value(rec, WR_PUBLISHED_SOURCE), "site-rule");
    assert_true(text_has(rec, "The lighthouse keeper counted"));
}

static void goes_by_the_nearest_domain(void **state)
{
    LOAD("example: { body: a }\nnews.example: { body: b }\nwww.news.example: { body: i }");
    assert_true(bytes_is(sites_find(extract.sites, LIT("news.example"))->host, "news.example"));
    assert_true(bytes_is(sites_find(extract.sites, LIT("m.news.example"))->host, "news.example"));
    assert_true(
        bytes_is(sites_find(extract.sites, LIT("www.news.example"))->host, "www.news.example"));
    assert_true(bytes_is(sites_find(extract.sites, LIT("oldnews.example"))->host, "example"));
    assert_null(sites_find(extract.sites, LIT("news.example.org")));
    assert_null(sites_find(extract.sites, LIT("")));
}

static void ignores_rules_that_match_nothing_and_counts_them(void **state)
{
    struct site *site;

    LOAD("news.example: { body: .gone, title: .gone, byline: .gone, date: .gone, strip: .gone }");
    site = sites_find(extract.sites, LIT("news.example"));
    for (int i = 0; i < 2; i++) {
        struct wr_record *rec = extracted("", HEADLINE ARTICLE);

        assert_article(rec);
        assert_string_equal(value(rec, WR_TITLE), "Three ships where the book says two");
    }
    assert_int_equal(site->parts[SITE_BODY].misses, 2);
    assert_int_equal(site->parts[SITE_STRIP].misses, 0);
    extracted("", HEADLINE "<div class=\"gone\">" ARTICLE "</div>");
    assert_int_equal(site->parts[SITE_BODY].misses, 0);
}

static void takes_a_long_list_of_selectors(void **state)
{
    struct buf rules = {0};

    (void)state;
    if (extract.filler->compile == NULL)
        skip();
    buf_add_cstr(&rules, "news.example:\n  strip:\n");
    for (int i = 0; i < 20000; i++)
        buf_printf(&rules, "  - .promo%d\n", i);
    LOAD(buf_cstr(&rules));
    assert_false(
        text_has(extracted("", HEADLINE "<div>" ARTICLE "<p class=\"promo19999\">The harbour fair "
                                        "opens on Saturday at ten, and all the boats "
                                        "that can sail will be there.</p></div>"),
            "harbour fair"));
    buf_done(&rules);
}

static void says_where_a_rule_is_wrong(void **state)
{
    static const struct {
        const char *rules, *place;
    } wrong[] = {
        {"a.example:\n  body: \"div..x\"\n", ":2:9: this is no CSS selector"},
        {"a.example:\n  strip: [b, \"[[\"]\n", ":2:14: this is no CSS selector"},
        {"a.example:\n  boddy: b\n", ":2:3: no such part"},
        {"a.example: b\n", ":1:1: expected a host"},
        {"http://a.example/: { body: b }\n", ":1:1: expected a host"},
        {"[a, b]\n", ":1:1: "},
        {"a.example: {\n", ":2:1: "},
    };

    (void)state;
    if (extract.filler->compile == NULL)
        skip();
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct error err = {0};

        assert_int_equal(load(wrong[i].rules, &err), E_USAGE);
        if (strncmp(err.text, path, strlen(path)) != 0 ||
            strncmp(err.text + strlen(path), wrong[i].place, strlen(wrong[i].place)) != 0)
            fail_msg("%s: %s", wrong[i].rules, err.text);
    }
}

static void says_that_a_parser_without_selectors_has_no_rules(void **state)
{
    struct error err = {0};

    (void)state;
    if (extract.filler->compile != NULL)
        skip();
    assert_int_equal(load("a.example: { body: b }", &err), E_REFUSED);
    assert_non_null(strstr(err.text, "site rules need the parser lexbor"));
}

RUN_WITH_EACH_PARSER(TEST(takes_the_body_that_the_operator_names),
    TEST(takes_title_byline_and_date_that_the_operator_names), TEST(goes_by_the_nearest_domain),
    TEST(ignores_rules_that_match_nothing_and_counts_them), TEST(takes_a_long_list_of_selectors),
    TEST(says_where_a_rule_is_wrong), TEST(says_that_a_parser_without_selectors_has_no_rules))
