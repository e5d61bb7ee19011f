/* test_extract_familiar.c - lines that other articles of the site have, and what is cut of them. */
#include "text/familiar.h"

#include "base/hash.h"
#include "stage_test.h"

/* Paragraphs of other articles. */
#define OTHER(n)                                                                                   \
    "<p>Article " n " tells of a mill at the river, of those who worked there, and of the year "   \
    "in which the wheel stood still because nobody had paid for the grease.</p>"                   \
    "<p>After " n " weeks the owner came back from the capital with a loan, a new wheel and a "    \
    "clerk who wrote down every sack that went in at the door and came out again.</p>"

#define PROMPT "<p>Ring the bell twice</p>"
#define IMPRINT                                                                                    \
    "<p>This paper is set by hand in the old customs house and read aloud in the square at noon "  \
    "by whoever has the loudest voice that day.</p>"

static struct buf model;

static struct wr_record *page_of(const char *head, const char *body)
{
    struct buf list = {0};
    struct wr_record *rec = record_new(arena);

    familiar_list(buf_bytes(&model), &list);
    record_set(rec, WR_SITE_LINES, buf_bytes(&list));
    buf_done(&list);
    record_set(rec, WR_PAGE,
        bytes_format(
            arena, "<!DOCTYPE html><html><head>%s</head><body>%s</body></html>", head, body));
    record_set(rec, WR_PAGE_URL, LIT("https://news.example/harbour/three-ships"));
    assert_int_equal(extract_article(&extract, rec), WR_NEXT);
    return rec;
}

static struct wr_record *read_page(const char *before, const char *text, const char *behind)
{
    return page_of("", bytes_format(arena,
                           "<div><h1>A headline of its own</h1><div>%s%s%s</div>"
                           "</div>",
                           before, text, behind)
                           .ptr);
}

static void learn(const char *before, const char *text, const char *behind)
{
    struct wr_record *rec = read_page(before, text, behind);

    familiar_learn(record_get(rec, WR_PAGE_LINES), &model);
}

/* Three articles that have these lines, and begin anew. */
static void learn_three(const char *before, const char *behind)
{
    buf_clear(&model);
    learn(before, OTHER("one"), behind);
    learn(before, OTHER("two"), behind);
    learn(before, OTHER("three"), behind);
    assert_int_equal(familiar_articles(buf_bytes(&model)), 3);
}

static void leaves_out_how_all_articles_end(void **state)
{
    struct wr_record *rec;

    (void)state;
    learn_three("", PROMPT IMPRINT);
    rec = read_page("", ARTICLE, PROMPT IMPRINT);
    assert_article(rec);
    assert_false(text_has(rec, "Ring the bell"));
    assert_false(text_has(rec, "set by hand"));
    assert_null(strstr(value(rec, WR_HTML), "set by hand"));
    assert_string_equal(
        value(rec, REC_NOTE), "stage\tleft out 2 lines that other articles of the site have, too");
    learn_three("", "");
    assert_true(text_has(read_page("", ARTICLE, PROMPT IMPRINT), "set by hand"));
}

static void leaves_out_how_all_articles_begin(void **state)
{
    struct wr_record *rec;

    (void)state;
    learn_three(IMPRINT PROMPT, "");
    rec = read_page(IMPRINT PROMPT, ARTICLE, "");
    assert_article(rec);
    assert_false(text_has(rec, "Ring the bell"));
    assert_false(text_has(rec, "set by hand"));
}

static void leaves_out_an_element_of_its_own_kind(void **state)
{
    struct wr_record *rec;

    (void)state;
    learn_three("", "<div class=q1><h4>From the loft</h4>" IMPRINT "</div>");
    rec = read_page(FIRST, "<div class=q1><h4>From the loft</h4>" IMPRINT "</div>", SECOND THIRD);
    assert_article(rec);
    assert_false(text_has(rec, "set by hand"));
    assert_false(text_has(rec, "From the loft"));
}

/* Background, a refrain: until so many have it that it is nobody's own. */
static void keeps_a_paragraph_among_paragraphs(void **state)
{
    (void)state;
    learn_three("", IMPRINT);
    assert_true(text_has(read_page(FIRST, IMPRINT, SECOND THIRD), "set by hand"));
    learn(OTHER("four"), IMPRINT, OTHER("a fourth"));
    learn(OTHER("five"), IMPRINT, OTHER("a fifth"));
    learn(OTHER("six"), IMPRINT, OTHER("a sixth"));
    assert_false(text_has(read_page(FIRST, IMPRINT, SECOND THIRD), "set by hand"));
}

static void keeps_a_heading_over_text_and_parts_of_a_list(void **state)
{
    static const char parts[] = "<h3>What is needed</h3><ul><li>A pound of flour</li>"
                                "<li>Salt from the sea</li><li>%s</li></ul><h3>How it is done</h3>";
    struct wr_record *rec;

    (void)state;
    buf_clear(&model);
    for (int i = 0; i < 12; i++) {
        const char *number = bytes_format(arena, "%d eggs", i).ptr;

        learn(bytes_format(arena,
                  "<p>Number %d is what the cook of the ferry made for the captain "
                  "on the day before the strike, and he wrote it on the wall.</p>",
                  i)
                  .ptr,
            bytes_format(arena, parts, number).ptr,
            bytes_format(arena,
                "<p>It takes %d hours, a wooden spoon and the patience of somebody "
                "who has crossed the strait in winter more than once.</p>",
                i)
                .ptr);
    }
    assert_int_equal(familiar_articles(buf_bytes(&model)), 12);
    rec = read_page(FIRST, bytes_format(arena, parts, "a pinch of rust").ptr, SECOND THIRD);
    assert_article(rec);
    assert_true(text_has(rec, "What is needed"));
    assert_true(text_has(rec, "A pound of flour"));
    assert_true(text_has(rec, "Salt from the sea"));
    assert_true(text_has(rec, "How it is done"));
}

static void keeps_a_text_that_is_nothing_else(void **state)
{
    struct wr_record *rec;

    (void)state;
    learn_three("", FIRST IMPRINT PROMPT);
    rec = read_page("", FIRST IMPRINT PROMPT, "");
    assert_true(text_has(rec, "The lighthouse keeper counted"));
    assert_true(text_has(rec, "set by hand"));
    assert_false(familiar_learn(record_get(rec, WR_PAGE_LINES), &model));
}

static void keeps_what_the_articles_own_copy_has(void **state)
{
    struct wr_record *rec;

    (void)state;
    learn_three("", IMPRINT);
    rec = page_of("<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":"
                  "\"A headline of its own\",\"articleBody\":\"" ARTICLE IMPRINT "\"}</script>",
        "<div><h1>A headline of its own</h1><div>" ARTICLE IMPRINT "</div></div>");
    assert_true(text_has(rec, "set by hand"));
}

/* A reporter's own ending, a series: three articles of many. */
static void keeps_what_some_articles_end_with(void **state)
{
    (void)state;
    buf_clear(&model);
    for (int i = 0; i < 9; i++)
        learn("",
            bytes_format(arena,
                "<p>Letter %d came from the far shore, was read by everybody on "
                "the mole, and went back into the bag it had come in.</p>"
                "<p>Whoever wants to answer letter %d has until the ship leaves, "
                "which is when the wind turns and not an hour before.</p>",
                i, i)
                .ptr,
            i % 3 == 0 ? IMPRINT : "");
    assert_int_equal(familiar_articles(buf_bytes(&model)), 9);
    assert_true(text_has(read_page("", ARTICLE, IMPRINT), "set by hand"));
}

static void tells_the_lines_of_a_long_text_at_both_ends(void **state)
{
    struct buf text = {0};
    struct wr_record *rec;
    struct bytes told;
    uint64_t last = 0;

    (void)state;
    buf_clear(&model);
    for (int i = 0; i < 200; i++)
        buf_printf(&text,
            "<p>Paragraph %d of the report tells what was seen from the window of "
            "the harbour office, hour by hour, ship by ship, gull by gull.</p>",
            i);
    rec = read_page("", buf_cstr(&text), "<p>The last line</p>");
    told = record_get(rec, WR_PAGE_LINES);
    assert_int_equal(told.len, FAMILIAR_TOLD * FAMILIAR_LINE);
    for (int i = 7; i >= 0; i--)
        last = last << 8 | (unsigned char)told.ptr[told.len - FAMILIAR_LINE + (size_t)i];
    assert_true(last == hash64(LIT("The last line")));
    buf_done(&text);
}

static void survives_any_list(void **state)
{
    char odd[FAMILIAR_KNOWN * FAMILIAR_GRADE + 5];

    (void)state;
    for (size_t i = 0; i < sizeof(odd); i++)
        odd[i] = (char)(i * 37);
    for (size_t len = 1; len < sizeof(odd); len += 17) {
        struct wr_record *rec = record_new(arena);

        record_set(rec, WR_SITE_LINES, (struct bytes){odd, len});
        record_set(rec, WR_PAGE, LIT("<html><body><h1>Ships</h1>" ARTICLE "</body></html>"));
        record_set(rec, WR_PAGE_URL, LIT("https://news.example/1"));
        extract_article(&extract, rec);
        assert_article(rec);
    }
}

RUN_WITH_EACH_PARSER(TEST(leaves_out_how_all_articles_end), TEST(leaves_out_how_all_articles_begin),
    TEST(leaves_out_an_element_of_its_own_kind), TEST(keeps_a_paragraph_among_paragraphs),
    TEST(keeps_a_heading_over_text_and_parts_of_a_list), TEST(keeps_a_text_that_is_nothing_else),
    TEST(keeps_what_the_articles_own_copy_has), TEST(keeps_what_some_articles_end_with),
    TEST(tells_the_lines_of_a_long_text_at_both_ends), TEST(survives_any_list))
