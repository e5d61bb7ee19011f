/* test_abi.c - modules built against every header that was released still run, and numbers that
 * they know still mean what they meant. */
#include "unit/test.h"

#include "worker/chain.h"

static struct arena *arena;
static struct chain *chain;
static struct error err;
static const char *const abi_stages[] = {TEST_ABI_STAGES, NULL};

static int setup(void **state)
{
    (void)state;
    arena = arena_new(16 << 20);
    chain = chain_new(NULL);
    if (chain_load(chain, abi_stages, "abi1", NULL, 0, &err) != OK ||
        chain_open(chain, CHAIN_PLAIN, &err) != OK)
        fail_msg("%s", err.text);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    chain_free(chain);
    arena_free(arena);
    return 0;
}

static struct wr_record *titled(const char *title)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_TITLE, bytes_of(title));
    return rec;
}

static struct bytes extra(const struct wr_record *rec, const char *name)
{
    wr_str value = wr_get_extra(rec, name);

    return (struct bytes){value.ptr, value.len};
}

static void runs_a_module_of_abi_1(void **state)
{
    const wr_event reply = {
        .size = sizeof(reply), .cause = WR_FETCHED, .status = 200, .body = {"page two", 8}};
    struct wr_record *rec = titled("Bridge closed");
    struct chain_run *run = chain_start(chain, rec);

    (void)state;
    assert_int_equal(chain_go(run, NULL), CHAIN_WAITS);
    assert_bytes(chain_url(run), "http://news.example/2");
    assert_int_equal(chain_go(run, &reply), CHAIN_DONE);
    assert_bytes(record_get(rec, WR_SUMMARY), "Bridge closed");
    assert_bytes(record_get(rec, WR_BYLINE), "Bo Ek");
    assert_bytes(record_get(rec, WR_PAGE_TYPE), "text/html");
    assert_bytes(record_get(rec, REC_NOTE), "abi1\tnoted of 1");
    assert_bytes(extra(rec, "abi1.body"), "page two");
    assert_bytes(extra(rec, "abi1.again"), "kept");
    assert_true(bytes_ends(record_get(rec, REC_TRACE), LIT("\tok")));
}

static void drops_cancels_saves_for_a_module_of_abi_1(void **state)
{
    struct wr_record *nameless = record_new(arena);
    struct chain_run *run = chain_start(chain, titled("Bridge closed"));

    (void)state;
    chain_go(chain_start(chain, nameless), NULL);
    assert_bytes(record_get(nameless, REC_DROPPED), "true");
    assert_int_equal(chain_go(run, NULL), CHAIN_WAITS);
    chain_cancel(run);
    assert_int_equal(chain_stage(chain, 0)->flags, WR_NEEDS_PAGE);
}

/* Old modules hold these numbers; they may be added to, never changed. */
static void keeps_the_numbers_of_abi_1(void **state)
{
    static const struct {
        int number, was;
    } numbers[] = {{WR_ID, 1}, {WR_URL, 2}, {WR_TITLE, 3}, {WR_SUMMARY, 4}, {WR_TEXT, 5},
        {WR_LANGUAGE, 6}, {WR_PAGE, 7}, {WR_AUTHOR, 8}, {WR_STORY, 9}, {WR_SAME_AS, 10},
        {WR_HTML, 11}, {WR_PUBLISHED, 12}, {WR_PUBLISHED_SOURCE, 13}, {WR_PUBLISHED_RAW, 14},
        {WR_PUBLISHED_PRECISION, 15}, {WR_MODIFIED, 16}, {WR_IMAGE, 17}, {WR_CANONICAL, 18},
        {WR_BYLINE, 19}, {WR_SECTION, 20}, {WR_STANDFIRST, 21}, {WR_CAPTION, 22}, {WR_KEYWORD, 23},
        {WR_NOTICE, 24}, {WR_FREE, 25}, {WR_STATUS, 26}, {WR_METHOD, 27}, {WR_CONFIDENCE, 28},
        {WR_LANGUAGE_CONFIDENCE, 29}, {WR_RELATION, 30}, {WR_SIMILARITY, 31}, {WR_FEED_TITLE, 32},
        {WR_FEED_CONTENT, 33}, {WR_FEED_AUTHOR, 34}, {WR_FEED_DATE, 35}, {WR_FEED_LANGUAGE, 36},
        {WR_GUID, 37}, {WR_SITE, 38}, {WR_ENCLOSURE, 39}, {WR_PAGE_URL, 40}, {WR_PAGE_TYPE, 41},
        {WR_PAGE_TITLE, 42}, {WR_FIRST_SEEN, 43}, {WR_PAGE_SHARED, 44}, {WR_RIGHTS, 45},
        {WR_FEED_SOURCE, 46}, {WR_ORIGIN, 47}, {WR_ORIGIN_BASIS, 48}, {WR_ORIGIN_CONFIDENCE, 49},
        {WR_DATELINE, 50}, {WR_LEAD, 51}, {WR_NAME, 52}, {WR_QUOTE, 53}, {WR_TERM, 54},
        {WR_DATE, 55}, {WR_STORY_HEADLINE, 56}, {WR_STORY_STATE, 57}, {WR_STORY_ROLE, 58},
        {WR_STORY_FIRST, 59}, {WR_STORY_SINCE, 60}, {WR_STORY_ARTICLES, 61},
        {WR_STORY_PUBLISHERS, 62}, {WR_STORY_INDEPENDENT, 63}, {WR_TOPIC, 64}, {WR_NEWS, 65},
        {WR_EVENT, 66}, {WR_STORY_LAST, 67}, {WR_STORY_RATE, 68}, {WR_STORY_REASON, 69},
        {WR_STORY_MEMBER, 70}, {WR_STORY_INTO, 71}, {WR_SITE_LINES, 72}, {WR_PAGE_LINES, 73},
        {WR_REASON, 74}, {WR_LISTED, 75}, {WR_FAILED, -1}, {WR_NEXT, 0}, {WR_DROP, 1}, {WR_WAIT, 2},
        {WR_ARRIVED, 0}, {WR_FETCHED, 1}, {WR_UNFETCHED, 2}, {WR_DUE, 3}, {WR_BOOL, 1}, {WR_INT, 2},
        {WR_REAL, 3}, {WR_TEXT_OPTION, 4}, {WR_FILE, 5}, {WR_NEEDS_PAGE, 1}, {WR_ORDERED, 2}};

    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        assert_int_equal(numbers[i].number, numbers[i].was);
    assert_int_equal(offsetof(wr_stage, process), 64);
    assert_int_equal(offsetof(wr_stage, load), 88);
    assert_int_equal(sizeof(wr_option), 40);
    assert_int_equal(offsetof(wr_event, body), 16);
}

#define ABI_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ABI_TEST(runs_a_module_of_abi_1),
        ABI_TEST(drops_cancels_saves_for_a_module_of_abi_1),
        ABI_TEST(keeps_the_numbers_of_abi_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
