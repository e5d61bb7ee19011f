/* test_extract_live.c - live blogs become posts, and nothing else does. */
#include "base/json.h"
#include "stage_test.h"

#define POST(id, time, text)                                                                       \
    "<div class=\"entry\" id=\"" id "\"><time datetime=\"2026-03-14T" time ":00+01:00\">" time     \
    "</time><p>" text "</p></div>"
#define POSTS                                                                                      \
    POST("p5", "10:40", "The pilot is ashore and will speak to the council before noon today.")    \
    "<div class=\"entry\" id=\"p4\"><time datetime=\"2026-03-14T10:05:00+01:00\">10:05</time>"     \
    "<h3>A third ship</h3><p>The keeper has counted again, and there are three ships where the "   \
    "book has two.</p><p>Nobody knows the third one by her name.</p></div>" POST("p3", "09:30",    \
        "Customs men are on their way to the mole with two boats and a lantern.") POST("p2",       \
        "08:15", "The harbour book is closed until the council has met, says its clerk.")          \
        POST("p1", "07:50", "Good morning from the mole, where the fog is lifting at long last.")

static const struct json *posts_of(const struct wr_record *rec)
{
    struct json *posts = NULL;
    wr_str text = wr_get_extra(rec, "live.posts");

    if (text.len > 0)
        assert_int_equal(json_parse(arena, (struct bytes){text.ptr, text.len}, &posts, NULL), OK);
    return posts;
}

static size_t count_of(const struct json *posts)
{
    size_t count = 0;

    for (const struct json *post = posts == NULL ? NULL : posts->first; post != NULL;
         post = post->next)
        count++;
    return count;
}

static void assert_member(const struct json *post, const char *member, const char *expected)
{
    assert_string_equal(bytes_cstr(arena, json_get_text(post, member)), expected);
}

static void makes_posts_of_blocks_with_times(void **state)
{
    struct wr_record *rec = extracted("", HEADLINE "<main>" POSTS "</main>");
    const struct json *posts = posts_of(rec);

    (void)state;
    assert_int_equal(count_of(posts), 5);
    assert_member(posts->first, "published", "2026-03-14T10:40:00+01:00");
    assert_member(posts->first, "url", "https://news.example/harbour/three-ships#p5");
    assert_null(json_get(posts->first, "headline"));
    assert_member(posts->first->next, "headline", "A third ship");
    assert_member(posts->first->next, "text",
        "The keeper has counted again, and there are three ships where the book has two.\n"
        "Nobody knows the third one by her name.");
    assert_true(text_has(rec, "The pilot is ashore"));
    assert_true(text_has(rec, "Good morning from the mole"));
}

static void makes_no_posts_of_a_list_of_articles(void **state)
{
#define TEASER(time)                                                                               \
    "<div class=\"entry\"><time datetime=\"2026-03-14T" time ":00Z\">" time                        \
    "</time><h2><a href=\"/a" time "\">Herring prices at their lowest</a></h2><p>Fishermen blame " \
    "the quota, and the quota is what the council says it is, they say.</p></div>"
    struct wr_record *rec = extracted("",
        HEADLINE TEASER("11:00") TEASER("10:00") TEASER("09:00") TEASER("08:00") TEASER("07:00"));

    (void)state;
    assert_null(posts_of(rec));
}

static void makes_no_posts_of_comments_below_an_article(void **state)
{
    struct wr_record *rec = extracted(
        "", "<article>" HEADLINE ARTICLE ARTICLE ARTICLE "</article><div>" POSTS "</div>");

    (void)state;
    assert_null(posts_of(rec));
}

#define UPDATE(time, text)                                                                         \
    "{\"@type\":\"BlogPosting\",\"headline\":\"At " time "\",\"datePublished\":\"2026-03-14T" time \
    ":00Z\",\"articleBody\":\"" text "\",\"url\":\"/live#" time                                    \
    "\",\"author\":[{\"@type\":\"Person\",\"name\":\"Ana Lund\"}]}"
#define LIVE                                                                                       \
    "<script type=\"application/ld+json\">{\"@type\":\"LiveBlogPosting\",\"headline\":\"Three "    \
    "ships where the book says two\",\"author\":{\"@type\":\"Person\",\"name\":\"Ola Holm\"},"     \
    "\"datePublished\":\"2026-03-14T06:00:00Z\",\"liveBlogUpdate\":[" UPDATE("09:25",              \
        "<p>The bridge &amp; the mole are open.</p><p>Trams follow.</p>") "," UPDATE("08:10",      \
        "Engineers are still below the deck.") ",{\"headline\":\"No time, no text\"}]}</script>"

static void takes_the_posts_the_page_lists_for_machines(void **state)
{
    struct wr_record *rec = extracted(LIVE, HEADLINE ARTICLE);
    const struct json *posts = posts_of(rec);

    (void)state;
    assert_int_equal(count_of(posts), 2);
    assert_member(posts->first, "headline", "At 09:25");
    assert_member(posts->first, "text", "The bridge & the mole are open.\nTrams follow.");
    assert_member(posts->first, "published", "2026-03-14T09:25:00Z");
    assert_member(posts->first, "url", "https://news.example/live#09:25");
    assert_member(json_get(posts->first, "authors")->first, "name", "Ana Lund");
    assert_article(rec);
}

static void takes_no_authors_and_dates_of_posts_for_the_articles(void **state)
{
    struct wr_record *rec = extracted(LIVE, HEADLINE "<p class=\"byline\">By Ola Holm</p>" ARTICLE);

    (void)state;
    assert_int_equal(wr_count(rec, WR_AUTHOR), 1);
    assert_string_equal(value(rec, WR_AUTHOR), "Ola Holm");
    assert_string_equal(value(rec, WR_PUBLISHED), "2026-03-14T06:00:00Z");
}

static void reads_the_posts_where_the_page_shows_nothing(void **state)
{
    struct wr_record *rec = extracted(LIVE, HEADLINE "<div id=\"app\"></div>");

    (void)state;
    assert_true(
        text_has(rec, "At 09:25\nThe bridge & the mole are open.\nTrams follow.\nAt 08:10"));
}

static void bounds_the_number_of_posts(void **state)
{
    struct buf body = {0};
    struct wr_record *rec;

    (void)state;
    buf_add(&body, LIT(HEADLINE));
    for (int i = 0; i < 500; i++)
        buf_printf(&body,
            "<div class=\"entry\"><time datetime=\"2026-03-14T%02d:%02d:00Z\"></time><p>Ship "
            "number "
            "%d has left the harbour by the northern mouth, as the keeper wrote down.</p></div>",
            i / 60, i % 60, i);
    rec = extracted("", buf_cstr(&body));
    assert_int_equal(count_of(posts_of(rec)), 200);
    buf_done(&body);
}

RUN_WITH_EACH_PARSER(TEST(makes_posts_of_blocks_with_times),
    TEST(makes_no_posts_of_a_list_of_articles), TEST(makes_no_posts_of_comments_below_an_article),
    TEST(takes_the_posts_the_page_lists_for_machines),
    TEST(takes_no_authors_and_dates_of_posts_for_the_articles),
    TEST(reads_the_posts_where_the_page_shows_nothing), TEST(bounds_the_number_of_posts))
