/* test_demo_world.c - the demo's news world is whole, and the same for the same seed. */
#include "base/clock.h"
#include "base/json.h"
#include "cli/demo_markup.h"
#include "unit/test.h"

enum { PORT = 8080 };

static const int64_t start = 1773480000LL * SECOND;

static struct demo_world world_at(int64_t seconds)
{
    struct demo_world world;

    demo_world_init(&world, 7, start, SECOND, PORT);
    demo_world_advance(&world, start + seconds * SECOND);
    return world;
}

static void the_same_seed_tells_the_same_stories(void **state)
{
    struct demo_world one = world_at(100);
    struct demo_world other = world_at(50);
    struct buf a = {0};
    struct buf b = {0};

    (void)state;
    demo_world_advance(&other, start + 100 * SECOND);
    demo_write_truth(&a, &one, start + 100 * SECOND);
    demo_write_truth(&b, &other, start + 100 * SECOND);
    assert_int_equal(one.count, DEMO_BACKLOG + 100);
    assert_true(bytes_equal(buf_bytes(&a), buf_bytes(&b)));
    buf_done(&a);
    buf_done(&b);
    demo_world_done(&one);
    demo_world_done(&other);
}

static void no_template_shows_through_in_any_article(void **state)
{
    struct demo_world world = world_at(600);

    (void)state;
    for (uint32_t id = 1; id <= world.count; id++) {
        const struct demo_article *article = demo_world_find(&world, id);
        struct demo_story story;

        demo_story_write(article, start + 700 * SECOND, &story);
        assert_null(strpbrk(buf_cstr(&story.headline), "{}|$\n"));
        assert_null(strpbrk(buf_cstr(&story.body), "{}|$"));
        assert_true(story.headline.len > 15);
        assert_true(story.body.len > 600);
        demo_story_done(&story);
    }
    demo_world_done(&world);
}

static void a_reprint_has_the_words_of_the_agency(void **state)
{
    struct demo_world world = world_at(200);
    int reprints = 0;

    (void)state;
    for (uint32_t id = 1; id <= world.count; id++) {
        const struct demo_article *article = demo_world_find(&world, id);
        struct demo_story copy, original;

        if (article->reprint_of == 0)
            continue;
        demo_story_write(article, start, &copy);
        demo_story_write(demo_world_find(&world, article->reprint_of), start, &original);
        assert_true(bytes_equal(buf_bytes(&copy.body), buf_bytes(&original.body)));
        assert_string_not_equal(buf_cstr(&copy.path), buf_cstr(&original.path));
        demo_story_done(&copy);
        demo_story_done(&original);
        reprints++;
    }
    assert_true(reprints >= 10);
    demo_world_done(&world);
}

static void an_edited_article_keeps_its_address_and_gains_a_paragraph(void **state)
{
    struct demo_world world = world_at(200);
    int edits = 0;

    (void)state;
    for (uint32_t id = 1; id <= world.count; id++) {
        const struct demo_article *article = demo_world_find(&world, id);
        struct demo_story before, after;

        if (article->edited == 0)
            continue;
        demo_story_write(article, article->edited - 1, &before);
        demo_story_write(article, article->edited, &after);
        assert_int_equal(before.version, 1);
        assert_int_equal(after.version, 2);
        assert_string_equal(buf_cstr(&before.path), buf_cstr(&after.path));
        assert_true(after.body.len > before.body.len);
        demo_story_done(&before);
        demo_story_done(&after);
        edits++;
    }
    assert_true(edits >= 10);
    demo_world_done(&world);
}

static void every_feed_has_entries_and_its_formats_marks(void **state)
{
    static const char *const marks[] = {[DEMO_RSS20] = "<rss version=\"2.0\"",
        [DEMO_RSS092] = "<rss version=\"0.92\"",
        [DEMO_RDF] = "<rdf:RDF",
        [DEMO_ATOM] = "<feed xmlns=",
        [DEMO_JSON] = "https://jsonfeed.org/version/1.1"};
    struct demo_world world = world_at(600);
    int formats = 0;
    int feeds = 0;

    (void)state;
    for (const struct demo_feed *feed = demo_feeds; feed->host != NULL; feed++) {
        struct buf text = {0};
        int64_t changed = 0;

        demo_write_feed(&text, &world, feed, start + 600 * SECOND, &changed);
        assert_non_null(strstr(buf_cstr(&text), marks[feed->format]));
        assert_true(text.len > 1000);
        assert_true(changed >= start && changed <= start + 600 * SECOND);
        assert_non_null(demo_outlet_find(feed->host));
        formats |= 1 << feed->format;
        feeds++;
        buf_done(&text);
    }
    assert_true(feeds >= 12);
    assert_int_equal(formats, 31);
    demo_world_done(&world);
}

static void a_json_feed_is_json_whatever_the_words_hold(void **state)
{
    struct demo_world world = world_at(100);
    struct arena *arena = arena_new(16 << 20);
    struct error err = {0};
    struct buf text = {0};
    struct json *doc;

    (void)state;
    demo_write_truth(&text, &world, start + 100 * SECOND);
    assert_int_equal(json_parse(arena, buf_bytes(&text), &doc, &err), OK);
    assert_true(json_get_text(doc->first, "headline").len > 0);
    buf_done(&text);
    arena_free(arena);
    demo_world_done(&world);
}

static void a_page_holds_every_paragraph_and_furniture_around_it(void **state)
{
    struct demo_world world = world_at(300);
    int layouts = 0;

    (void)state;
    for (uint32_t id = 1; id <= world.count; id++) {
        const struct demo_article *article = demo_world_find(&world, id);
        struct demo_story story;
        struct bytes body, paragraph;
        struct buf page = {0};
        struct buf escaped = {0};

        demo_story_write(article, start + 300 * SECOND, &story);
        demo_write_page(&page, &world, article, start + 300 * SECOND, 1234);
        body = buf_bytes(&story.body);
        paragraph = bytes_cut(&body, '\n');
        demo_escape(&escaped, paragraph);
        assert_true(bytes_find(buf_bytes(&page), buf_bytes(&escaped)) != SIZE_MAX);
        assert_true(bytes_find(buf_bytes(&page), LIT("1234 ")) != SIZE_MAX);
        layouts |= 1 << article->outlet->layout;
        demo_story_done(&story);
        buf_done(&page);
        buf_done(&escaped);
    }
    assert_int_equal(layouts, 15);
    demo_world_done(&world);
}

static void old_articles_are_forgotten_and_the_memory_stays(void **state)
{
    struct demo_world world = world_at(0);

    (void)state;
    for (int64_t second = 0; second <= DEMO_KEPT + 1000; second += 1000)
        demo_world_advance(&world, start + second * SECOND);
    assert_null(demo_world_find(&world, 1));
    assert_null(demo_world_find(&world, 0));
    assert_null(demo_world_find(&world, world.count + 1));
    assert_non_null(demo_world_find(&world, world.count));
    demo_world_done(&world);
}

static void a_machine_that_slept_does_not_make_up_for_lost_years(void **state)
{
    struct demo_world world = world_at(0);

    (void)state;
    demo_world_advance(&world, start + 1000000000LL * SECOND);
    assert_int_equal(world.count, DEMO_BACKLOG + DEMO_KEPT / 2 + 1);
    demo_world_done(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_tells_the_same_stories),
        cmocka_unit_test(no_template_shows_through_in_any_article),
        cmocka_unit_test(a_reprint_has_the_words_of_the_agency),
        cmocka_unit_test(an_edited_article_keeps_its_address_and_gains_a_paragraph),
        cmocka_unit_test(every_feed_has_entries_and_its_formats_marks),
        cmocka_unit_test(a_json_feed_is_json_whatever_the_words_hold),
        cmocka_unit_test(a_page_holds_every_paragraph_and_furniture_around_it),
        cmocka_unit_test(a_machine_that_slept_does_not_make_up_for_lost_years),
        cmocka_unit_test(old_articles_are_forgotten_and_the_memory_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
