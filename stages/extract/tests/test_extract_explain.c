/* test_extract_explain.c - the trace says why. */
#include "base/json.h"
#include "stage_test.h"

static const struct json *explained(const char *head, const char *body)
{
    struct json *trace = NULL;
    struct error err = {0};
    wr_str text;

    extract.explain = true;
    text = wr_get_extra(extracted(head, body), "extract.trace");
    assert_int_equal(json_parse(arena, (struct bytes){text.ptr, text.len}, &trace, &err), OK);
    return trace;
}

/* The item of the list under key whose member is what; NULL. */
static const struct json *item(
    const struct json *trace, const char *key, const char *member, const char *what)
{
    for (const struct json *i = json_get(trace, key)->first; i != NULL; i = i->next)
        if (bytes_is(json_get_text(i, member), what))
            return i;
    return NULL;
}

static bool is_found(const struct json *field, const char *place)
{
    for (const struct json *p = json_get(field, "found")->first; p != NULL; p = p->next)
        if (bytes_is(json_text(p), place))
            return true;
    return false;
}

static void names_the_rule_that_cut_a_line_and_its_element(void **state)
{
    const struct json *trace = explained("",
        "<article>" HEADLINE ARTICLE
        "<p>Subscribe to our newsletter</p><div class=\"share-bar\"><p>Tell a friend about it"
        "</p></div></article>");
    const struct json *prompt = item(trace, "lines", "text", "Subscribe to our newsletter");
    const struct json *shared = item(trace, "lines", "text", "Tell a friend about it");

    (void)state;
    assert_true(bytes_is(json_get_text(trace, "page"), "article"));
    assert_true(bytes_is(json_get_text(prompt, "rule"), "furniture phrase"));
    assert_null(json_get(prompt, "cut"));
    assert_true(bytes_is(json_get_text(shared, "rule"), "share"));
    assert_true(bytes_is(json_get_text(shared, "cut"), "div.share-bar"));
}

static void tells_the_way_to_the_body_with_scores(void **state)
{
    const struct json *trace =
        explained("", "<div class=\"wrap\">" HEADLINE "<div class=\"story\">" ARTICLE
                      "</div><div class=\"other\">" FIRST "</div></div>");
    const struct json *taken = item(trace, "candidates", "element", "div.story");
    const struct json *left = item(trace, "candidates", "element", "div.other");

    (void)state;
    assert_true(bytes_is(json_get_text(trace, "body"), "div.story"));
    assert_true(json_get_bool(taken, "taken", false));
    assert_true(bytes_is(json_get_text(taken, "in"), "div.wrap"));
    assert_true(json_get_int(taken, "score", 0) > json_get_int(left, "score", 0));
    assert_false(json_get_bool(left, "taken", true));
    assert_true(bytes_is(json_get_text(left, "why"), "too little of the text"));
}

static void says_in_which_places_a_field_stands(void **state)
{
    const struct json *trace = explained(
        "<meta property=\"og:title\" content=\"Three ships where the book says two\">"
        "<meta name=\"author\" content=\"Anna Pym\"><meta property=\"article:published_time\" "
        "content=\"2026-03-14T08:00:00Z\">",
        HEADLINE "<p class=\"byline\">By Anna Pym</p>" ARTICLE);
    const struct json *title = item(trace, "fields", "name", "title");

    (void)state;
    assert_true(is_found(title, "meta og:title"));
    assert_true(is_found(title, "the page, in <h1>"));
    assert_true(is_found(item(trace, "fields", "name", "author"), "meta author"));
    assert_true(is_found(item(trace, "fields", "name", "author"), "the byline"));
    assert_true(
        is_found(item(trace, "fields", "name", "published"), "meta, as \"2026-03-14T08:00:00Z\""));
}

static void is_in_doubt_about_long_text_that_was_cut_by_a_name(void **state)
{
    const struct json *trace = explained("",
        "<article>" HEADLINE ARTICLE ARTICLE ARTICLE
        "<div class=\"factbox\"><p>A mole is a wall of stone in the sea behind which ships lie "
        "safely, and its light tells them where it ends.</p></div></article>");
    const struct json *cut = item(trace, "lines", "rule", "fact box");

    (void)state;
    assert_true(json_get_bool(cut, "doubt", false));
    assert_false(json_get_bool(item(trace, "lines", "rule", "kept"), "doubt", true));
    assert_false(json_get_bool(item(trace, "lines", "rule", "headline"), "doubt", true));
}

RUN_WITH_EACH_PARSER(TEST(names_the_rule_that_cut_a_line_and_its_element),
    TEST(tells_the_way_to_the_body_with_scores), TEST(says_in_which_places_a_field_stands),
    TEST(is_in_doubt_about_long_text_that_was_cut_by_a_name))
