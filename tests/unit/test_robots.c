/* test_robots.c - what robots.txt files say, by RFC 9309. */
#include "text/robots.h"

#include "unit/test.h"

static struct robots_rules rules_of(struct arena *arena, const char *text)
{
    struct robots_rules rules;

    robots_parse(arena, bytes_of(text), LIT("wireroom"), &rules);
    return rules;
}

static bool allows(const char *text, const char *path)
{
    struct arena *arena = arena_new(8 << 20);
    struct robots_rules rules = rules_of(arena, text);
    bool allowed = robots_allow(rules.lines, bytes_format(arena, "https://news.example%s", path));

    arena_free(arena);
    return allowed;
}

static double delay(const char *text)
{
    struct arena *arena = arena_new(8 << 20);
    double seconds = (double)rules_of(arena, text).crawl_delay / 1e6;

    arena_free(arena);
    return seconds;
}

#define ALL "User-agent: *\n"

static void lets_ask_for_what_no_rule_forbids(void **state)
{
    (void)state;
    assert_true(allows("", "/a"));
    assert_true(allows(ALL "Disallow:\n", "/a"));
    assert_false(allows(ALL "Disallow: /\n", "/a"));
    assert_true(allows(ALL "Disallow: /private\n", "/public"));
    assert_false(allows(ALL "Disallow: /private\n", "/private/x?y=1"));
    assert_false(allows(ALL "Disallow: /private\n", "/privately"));
    assert_true(allows(ALL "Disallow: /private/\n", "/private"));
    assert_true(allows(ALL "Disallow: /\n", "/robots.txt"));
    assert_false(allows(ALL "Disallow: /*?\n", "?q"));
}

static void goes_by_the_group_of_its_name_before_that_of_all(void **state)
{
    static const char text[] = "User-agent: *\nDisallow: /\n\n"
                               "User-agent: otherbot\nUser-Agent: WireRoom/2.0 (news)\n"
                               "Disallow: /no\n\n"
                               "User-agent: third\nDisallow: /yes\n\n"
                               "user-agent:wireroom\nDisallow: /never\n";

    (void)state;
    assert_true(allows(text, "/yes"));
    assert_false(allows(text, "/no"));
    assert_false(allows(text, "/never"));
    assert_true(allows("User-agent: wireroombot\nDisallow: /\n", "/a"));
    assert_true(allows("User-agent: wire\nDisallow: /\n", "/a"));
    assert_true(allows("Disallow: /\n", "/a")); /* for nobody */
    assert_true(allows("User-agent: wireroom\n\n" ALL "Disallow: /x\n", "/a"));
}

static void other_records_end_no_group(void **state)
{
    (void)state;
    assert_false(allows("User-agent: *\nSitemap: https://x/s.xml\nUser-agent: a\nNoindex: /\n"
                        "Disallow: /x\n",
        "/x"));
    assert_false(allows(ALL "\n\n# note\nDisallow: /x # y\n", "/x"));
}

static void the_longest_match_decides_and_a_tie_allows(void **state)
{
    (void)state;
    assert_true(allows(ALL "Disallow: /\nAllow: /news\n", "/news/1"));
    assert_false(allows(ALL "Allow: /news\nDisallow: /news/old\n", "/news/old/1"));
    assert_true(allows(ALL "Disallow: /page\nAllow: /page\n", "/page"));
    assert_true(allows(ALL "Allow: /\nDisallow: /x\n", "/y"));
    assert_false(allows(ALL "Allow: /a*b\nDisallow: /a*bc\n", "/a-bcd"));
}

static void stars_stand_for_anything_and_dollars_for_the_end(void **state)
{
    (void)state;
    assert_false(allows(ALL "Disallow: /*.pdf$\n", "/a/b.pdf"));
    assert_true(allows(ALL "Disallow: /*.pdf$\n", "/a/b.pdf?x"));
    assert_true(allows(ALL "Disallow: /*.pdf$\n", "/a/b.pdfx"));
    assert_false(allows(ALL "Disallow: /*/print/*/full\n", "/x/print/y/print/z/fuller"));
    assert_false(allows(ALL "Disallow: *print\n", "/a/print"));
    assert_false(allows(ALL "Disallow: /a*b$\n", "/abab"));
    assert_true(allows(ALL "Disallow: /a*b$\n", "/ababc"));
    assert_false(allows(ALL "Disallow: /$\n", "/"));
    assert_true(allows(ALL "Disallow: /$\n", "/a"));
    assert_false(allows(ALL "Disallow: /fish*\n", "/fish"));
}

static void compares_bytes_however_they_are_encoded(void **state)
{
    (void)state;
    assert_false(allows(ALL "Disallow: /caf\xc3\xa9\n", "/caf%c3%A9/x"));
    assert_false(allows(ALL "Disallow: /caf%C3%A9\n", "/caf\xc3\xa9"));
    assert_false(allows(ALL "Disallow: /%7euser\n", "/~user/x"));
    assert_true(allows(ALL "Disallow: /a%2fb\n", "/a/b"));
    assert_false(allows(ALL "Disallow: /a%2fb\n", "/a%2Fb"));
    assert_true(allows(ALL "Disallow: /A\n", "/a"));
}

static void reads_lines_however_they_end(void **state)
{
    (void)state;
    assert_false(allows("\xef\xbb\xbfUser-agent: *\r\nDisallow: /x\r\n", "/x"));
    assert_false(allows("User-agent: *\rDisallow: /x\r", "/x"));
    assert_false(allows("  user-AGENT  :\t*\n\tDISALLOW :/x", "/x"));
}

static void reads_a_delay_that_is_a_number(void **state)
{
    (void)state;
    assert_true(delay(ALL "Crawl-delay: 10\n") == 10);
    assert_true(delay(ALL "Crawl-delay: 0.5\nDisallow: /x\n") == 0.5);
    assert_true(delay(ALL "Crawl-delay: 10\nUser-agent: wireroom\nCrawl-delay: 2\n") == 2);
    assert_true(delay(ALL "Crawl-delay: -1\n") == 0);
    assert_true(delay(ALL "Crawl-delay: 1e9\n") == 0);
    assert_true(delay(ALL "Crawl-delay: soon\n") == 0);
    assert_true(delay(ALL "Crawl-delay: 99999999\n") == 0);
}

static void looks_at_500_kib_and_at_no_cut_line(void **state)
{
    struct buf text = {0};

    (void)state;
    buf_add_cstr(&text, ALL "Disallow: /first\n");
    while (text.len < ROBOTS_BODY - 12)
        buf_add_byte(&text, '#');
    buf_add_cstr(&text, "\nDisallow: /second\n");
    buf_add_byte(&text, '\0');
    assert_false(allows(text.ptr, "/first"));
    assert_true(allows(text.ptr, "/second"));
    assert_true(allows(text.ptr, "/other"));
    buf_done(&text);
}

static void keeps_no_more_rules_than_it_has_room_for(void **state)
{
    struct arena *arena = arena_new(64 << 20);
    struct buf text = {0};
    struct robots_rules rules;

    (void)state;
    buf_add_cstr(&text, ALL);
    for (int i = 0; i < 20000; i++)
        buf_printf(&text, "Disallow: /path/%06d\n", i);
    robots_parse(arena, buf_bytes(&text), LIT("wireroom"), &rules);
    assert_true(rules.lines.len <= ROBOTS_RULES && rules.lines.len > ROBOTS_RULES / 2);
    assert_false(robots_allow(rules.lines, LIT("http://x/path/000000")));
    buf_done(&text);
    arena_free(arena);
}

static void does_not_ask_where_the_answer_would_cost_too_much(void **state)
{
    struct arena *arena = arena_new(8 << 20);
    struct buf text = {0};
    struct buf url = {0};

    (void)state;
    buf_add_cstr(&text, "-/*");
    for (int n = 0; n < 2000; n++)
        buf_add_byte(&text, 'a');
    buf_add_cstr(&text, "b\n");
    buf_add_cstr(&url, "http://x/");
    for (int i = 0; i < 8000; i++)
        buf_add_byte(&url, 'a');
    assert_false(robots_allow(buf_bytes(&text), buf_bytes(&url)));
    buf_done(&text);
    buf_done(&url);
    arena_free(arena);
}

static void finds_its_name_in_the_user_agent(void **state)
{
    (void)state;
    assert_bytes(robots_token(LIT("wireroom/0.1 (+mail)")), "wireroom");
    assert_bytes(robots_token(LIT("My-News_Bot 2")), "My-News_Bot");
    assert_int_equal(robots_token(LIT("")).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_ask_for_what_no_rule_forbids),
        cmocka_unit_test(goes_by_the_group_of_its_name_before_that_of_all),
        cmocka_unit_test(other_records_end_no_group),
        cmocka_unit_test(the_longest_match_decides_and_a_tie_allows),
        cmocka_unit_test(stars_stand_for_anything_and_dollars_for_the_end),
        cmocka_unit_test(compares_bytes_however_they_are_encoded),
        cmocka_unit_test(reads_lines_however_they_end),
        cmocka_unit_test(reads_a_delay_that_is_a_number),
        cmocka_unit_test(looks_at_500_kib_and_at_no_cut_line),
        cmocka_unit_test(keeps_no_more_rules_than_it_has_room_for),
        cmocka_unit_test(does_not_ask_where_the_answer_would_cost_too_much),
        cmocka_unit_test(finds_its_name_in_the_user_agent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
