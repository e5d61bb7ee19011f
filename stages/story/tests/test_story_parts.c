/* test_story_parts.c - what the parts of the story stage promise each other. */
#include "unit/test.h"

#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "threads.h"
#include "trained/model_text.h"

static void a_rare_word_weighs_more_than_a_common_one(void **state)
{
    struct frequency *f = frequency_new();

    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        frequency_article(f, LIT("en"));
        frequency_add(f, 1);
        if (i % 10 == 0)
            frequency_add(f, 2);
        if (i % 100 == 0)
            frequency_add(f, 3);
    }
    assert_int_equal(frequency_of(f, 1), 1000);
    assert_true(frequency_idf(f, 1) < 0.1F);
    assert_true(frequency_idf(f, 2) > 2 && frequency_idf(f, 2) < frequency_idf(f, 3));
    assert_true(frequency_idf(f, 3) < frequency_idf(f, 4));
    frequency_free(f);
}

/* Ten Swedish articles among a thousand English ones: what all ten say is common. */
static void what_is_common_in_a_rare_language_is_common(void **state)
{
    struct frequency *f = frequency_new();

    (void)state;
    for (uint32_t i = 0; i < 1000; i++)
        frequency_article(f, LIT("en-GB"));
    for (uint32_t i = 0; i < 60; i++) {
        frequency_article(f, LIT("sv"));
        frequency_add(f, 7);
    }
    assert_int_equal(frequency_articles(f), 60);
    assert_true(frequency_idf(f, 7) < 0.1F);
    frequency_article(f, LIT("en"));
    assert_true(frequency_idf(f, 7) > 2);
    frequency_free(f);
}

static void counts_are_halved_before_they_run_over(void **state)
{
    struct frequency *f = frequency_new();

    (void)state;
    for (uint32_t i = 0; i < 3 * FREQUENCY_ARTICLES; i++) {
        frequency_article(f, LIT("en"));
        frequency_add(f, 1);
        assert_true(frequency_of(f, 1) <= FREQUENCY_ARTICLES + 1);
    }
    assert_true(frequency_idf(f, 1) < 0.1F);
    frequency_free(f);
}

static void begins_with_the_words_that_are_built_in(void **state)
{
    struct frequency *f = frequency_new();
    struct word at[2];
    struct words words = {.at = at};

    (void)state;
    assert_true(frequency_begin(f, common_text()));
    frequency_article(f, LIT("de"));
    words_read_into(LIT("und Zugspitze"), 2, &words);
    assert_true(frequency_idf(f, term_key(&at[0])) < 0.5F * frequency_idf(f, term_key(&at[1])));
    assert_false(frequency_begin(f, LIT("language en many\n")));
    assert_false(frequency_begin(f, LIT("often the\n")));
    frequency_free(f);
}

static void postings_are_found_newest_first_until_they_are_forgotten(void **state)
{
    struct postings *p = postings_new();
    struct posting_hit hits[POSTINGS_READ];

    (void)state;
    for (uint32_t i = 0; i < 20000; i++)
        assert_true(postings_add(p, i % 1000, i, 0));
    assert_int_equal(postings_find(p, 7, hits), POSTINGS_READ);
    assert_int_equal(hits[0].story, 19007);
    assert_int_equal(hits[1].story, 18007);
    assert_false(postings_add(p, 7, 19007, 0));
    postings_forget(p, 19000);
    assert_int_equal(postings_find(p, 7, hits), 1);
    postings_forget(p, 19000);
    assert_int_equal(postings_find(p, 7, hits), 0);
    postings_free(p);
}

/* A place of a story that is used again is not found by the postings of who had it before. */
static void a_story_is_not_found_by_its_forerunner_s_postings(void **state)
{
    struct postings *p = postings_new();

    (void)state;
    assert_true(postings_add(p, 5, 3, 0));
    assert_true(postings_add(p, 5, 3, postings_next(p)));
    postings_free(p);
}

static const char *const two_names[] = {"near", "alike"};

static struct model *read(const char *text)
{
    struct error err = {0};
    struct model *model = model_read(bytes_of(text), two_names, 2, &err);

    assert_true((model == NULL) == (err.text[0] != '\0'));
    return model;
}

static void a_model_is_a_sum_of_trees(void **state)
{
    struct model *model = read("# comment\nbias -1\nthreshold 0.5\n"
                               "tree near:2:1:2 :0.25 alike:0.5:3:4 :1 :2\ntree :10\n");
    float low[] = {2, 9}, middle[] = {3, 0.5F}, high[] = {3, 0.6F};

    (void)state;
    assert_non_null(model);
    assert_true(fabsf(model_score(model, low) - 9.25F) < 1e-5F);
    assert_true(fabsf(model_score(model, middle) - 10) < 1e-5F);
    assert_true(fabsf(model_score(model, high) - 11) < 1e-5F);
    assert_true(fabsf(model_threshold(model) - 0.5F) < 1e-6F);
    model_free(model);
}

static void a_model_that_makes_no_sense_is_refused(void **state)
{
    static const char *const texts[] = {"", "bias 1\n", "tree\n", "tree near:1:1:2 :1\n",
        "tree near:1:0:0\n", "tree far:1:1:2 :1 :2\n", "tree near:x:1:2 :1 :2\n", "leaf 3\n",
        "tree :1:2\n", "tree :1 near:1:0:1\n", "tree near:1:1:99999999999 :1 :2\n"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_null(read(texts[i]));
}

static void the_model_that_is_built_in_can_be_read(void **state)
{
    struct error err = {0};
    struct model *model = model_read(model_text(), feature_names, FEATURES, &err);

    (void)state;
    assert_string_equal(err.text, "");
    assert_non_null(model);
    model_free(model);
}

static struct threads *threads;
static struct model *model;

static int open_threads(void **state)
{
    struct error err = {0};

    (void)state;
    model = model_read(model_text(), feature_names, FEATURES, &err);
    threads = threads_new(
        &(struct threads_options){.articles = 1000, .model = model, .common = common_text()});
    return 0;
}

static int close_threads(void **state)
{
    (void)state;
    threads_free(threads);
    model_free(model);
    return 0;
}

static struct placed place(const char *id, const char *title, const char *text, int64_t time)
{
    const struct thread_source source = {.id = bytes_of(id),
        .text = {bytes_of(title), bytes_of(text), LIT(""), LIT("en")},
        .time = time};
    struct placed placed;

    threads_place(threads, &source, &placed);
    return placed;
}

enum { MARCH = 1773478800, HOUR = 3600, DAY = 86400 };

static const char fire[] =
    "A fire broke out in the old grain mill of Tarrowby on Monday night. Mayor Olive Pennant said "
    "that 40 people had left their homes. Firefighters from Dunmere brought the flames under "
    "control by dawn.";

static void tells_what_a_report_says_first(void **state)
{
    static const char later[] =
        "The fire in the old grain mill of Tarrowby is out, Mayor Olive Pennant said. The 40 "
        "people who had left their homes may return. The mill's owner, Rupert Saltash, put the "
        "damage at 3.5 million. Firefighters from Dunmere stay for the night.";
    struct placed first = place("n1", "Mill fire in Tarrowby", fire, MARCH);
    struct placed second = place("n2", "Tarrowby mill fire is out", later, MARCH + HOUR);

    (void)state;
    assert_true(first.is_new);
    assert_int_equal(first.news.count, 0);
    assert_false(second.is_new);
    assert_true(second.story == first.story);
    assert_int_equal(second.news.count, 1);
    assert_bytes(second.news.sentences[0],
        "The mill's owner, Rupert Saltash, put the damage at 3.5 million.");
    assert_string_equal(second.is->first_id, "n1");
    assert_int_equal(second.is->articles, 2);
}

static void a_topic_ties_stories_that_lie_weeks_apart(void **state)
{
    static const char inquiry[] =
        "An inquiry into the fire in the grain mill of Tarrowby has begun. Mayor Olive Pennant "
        "told it that firefighters from Dunmere had warned of the mill's wiring.";
    static const char match[] =
        "Ellerton United beat Cawdon Rovers with three goals to one. Striker Femi Adeyemi scored "
        "twice before the break, and the visitors lost their keeper to an injury.";
    struct placed first = place("t1", "Mill fire in Tarrowby", fire, MARCH);
    struct placed other = place("t2", "United win at home", match, MARCH + 40 * DAY);
    struct placed later = place("t3", "Inquiry into Tarrowby mill fire", inquiry, MARCH + 60 * DAY);

    (void)state;
    assert_true(later.is_new);
    assert_string_not_equal(later.urn, first.urn);
    assert_string_equal(later.topic, first.topic);
    assert_string_not_equal(other.topic, first.topic);
}

static void forgets_topics_when_there_are_too_many(void **state)
{
    struct topics *topics = topics_new(50, NULL);
    struct frequency *frequency = frequency_new();
    struct sketcher *sketcher = sketcher_new();

    (void)state;
    for (unsigned i = 0; i < 500; i++) {
        struct sketch sketch;
        char text[200];
        uint8_t uuid[UUID] = {(uint8_t)i, (uint8_t)(i >> 8)};

        snprintf(
            text, sizeof(text), "In Qua%uville the Zor%u spoke of Lin%u and of Bem%u.", i, i, i, i);
        sketch_draw(sketcher, frequency, &(struct sketch_source){.text = bytes_of(text)}, &sketch);
        assert_true(topics_place(topics, &sketch, uuid) < 50);
    }
    topics_free(topics);
    frequency_free(frequency);
    sketcher_free(sketcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rare_word_weighs_more_than_a_common_one),
        cmocka_unit_test(what_is_common_in_a_rare_language_is_common),
        cmocka_unit_test(counts_are_halved_before_they_run_over),
        cmocka_unit_test(begins_with_the_words_that_are_built_in),
        cmocka_unit_test(postings_are_found_newest_first_until_they_are_forgotten),
        cmocka_unit_test(a_story_is_not_found_by_its_forerunner_s_postings),
        cmocka_unit_test(a_model_is_a_sum_of_trees),
        cmocka_unit_test(a_model_that_makes_no_sense_is_refused),
        cmocka_unit_test(the_model_that_is_built_in_can_be_read),
        cmocka_unit_test_setup_teardown(
            tells_what_a_report_says_first, open_threads, close_threads),
        cmocka_unit_test_setup_teardown(
            a_topic_ties_stories_that_lie_weeks_apart, open_threads, close_threads),
        cmocka_unit_test(forgets_topics_when_there_are_too_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
