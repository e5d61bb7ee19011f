/* test_headline.c - site names that are cut, and dashes that stay. */
#include "unit/test.h"

#include "worker/chain.h"

static struct arena *arena;
static struct chain *chain;
static struct error err;
static const char *site, *url;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    chain = chain_new(NULL);
    assert_int_equal(chain_add(chain, &wireroom_stage, NULL, 0, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
    site = "The Example Times";
    url = "https://www.harbour-news.co.uk/world/1";
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    chain_free(chain);
    arena_free(arena);
    return 0;
}

static struct bytes after_stage(const char *title)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_TITLE, bytes_of(title));
    record_set(rec, WR_SITE, bytes_of(site));
    record_set(rec, WR_URL, bytes_of(url));
    chain_go(chain_start(chain, rec), NULL);
    return record_get(rec, WR_TITLE);
}

static void cuts_the_feeds_title_off(void **state)
{
    (void)state;
    assert_bytes(after_stage("Storm hits coast - The Example Times"), "Storm hits coast");
    assert_bytes(after_stage("Storm hits coast | Example Times"), "Storm hits coast");
    assert_bytes(after_stage("Storm hits coast \xe2\x80\x93 EXAMPLE TIMES"), "Storm hits coast");
    assert_bytes(after_stage("Storm hits coast \xc2\xbb example-times"), "Storm hits coast");
}

static void cuts_the_hosts_name_off(void **state)
{
    (void)state;
    assert_bytes(after_stage("Storm hits coast - Harbour News"), "Storm hits coast");
    assert_bytes(after_stage("Storm hits coast | harbour-news.co.uk"), "Storm hits coast");
    assert_bytes(after_stage("Storm hits coast | www.harbour-news.co.uk"), "Storm hits coast");
    url = "https://www.bbc.co.uk/news/1";
    assert_bytes(after_stage("Storm hits coast - BBC News"), "Storm hits coast");
    assert_bytes(after_stage("Storm hits coast - UK"), "Storm hits coast - UK");
}

static void cuts_sections_that_the_feed_names(void **state)
{
    (void)state;
    site = "World | The Example Times";
    assert_bytes(after_stage("Storm hits coast | World | The Example Times"), "Storm hits coast");
    assert_bytes(
        after_stage("Storm hits coast | Sport | The Example Times"), "Storm hits coast | Sport");
}

static void keeps_a_dash_inside_the_headline(void **state)
{
    const char *title = "Storm hits coast - thousands leave their homes before dawn";

    (void)state;
    assert_bytes(after_stage(title), title);
    assert_bytes(after_stage("Storm hits coast - live"), "Storm hits coast - live");
    assert_bytes(after_stage("Storm-hit coast"), "Storm-hit coast");
}

static void keeps_a_name_that_is_the_news(void **state)
{
    (void)state;
    assert_bytes(after_stage("Why I left the Example Times"), "Why I left the Example Times");
    assert_bytes(after_stage("Obituary - The Example Times"), "Obituary - The Example Times");
    assert_bytes(after_stage("The Example Times"), "The Example Times");
    assert_bytes(after_stage(""), "");
}

static void cuts_nothing_without_evidence(void **state)
{
    (void)state;
    site = "";
    url = "";
    assert_bytes(after_stage("Storm hits coast - The Example Times"),
        "Storm hits coast - The Example Times");
}

static void cuts_no_name_over_its_limit(void **state)
{
    const struct given_option option = {"headline", "max-suffix", "10", NULL};

    (void)state;
    chain_free(chain);
    chain = chain_new(NULL);
    assert_int_equal(chain_add(chain, &wireroom_stage, &option, 1, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_PLAIN, &err), OK);
    assert_bytes(
        after_stage("Storm hits coast | Example Times"), "Storm hits coast | Example Times");
}

#define HEADLINE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HEADLINE_TEST(cuts_the_feeds_title_off),
        HEADLINE_TEST(cuts_the_hosts_name_off),
        HEADLINE_TEST(cuts_sections_that_the_feed_names),
        HEADLINE_TEST(keeps_a_dash_inside_the_headline),
        HEADLINE_TEST(keeps_a_name_that_is_the_news),
        HEADLINE_TEST(cuts_nothing_without_evidence),
        HEADLINE_TEST(cuts_no_name_over_its_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
