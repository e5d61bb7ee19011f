/* test_story_parts.c - what the parts of the story stage promise each other. */
#include "unit/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "chains.h"
#include "threads.h"
#include "trained/model_text.h"

static void a_rare_word_weighs_more_than_a_common_one(void **state)
{
    struct frequency *f = frequency_new(0);

    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        frequency_article(f, frequency_language(LIT("en")));
        frequency_add(f, 1);
        if (i % 10 == 0)
            frequency_add(f, 2);
        if (i % 100 == 0)
            frequency_add(f, 3);
    }
    frequency_ask(f, frequency_language(LIT("en")));
    assert_int_equal(frequency_of(f, 1), 1000);
    assert_true(frequency_idf(f, 1) < 0.1F);
    assert_true(frequency_idf(f, 2) > 2 && frequency_idf(f, 2) < frequency_idf(f, 3));
    assert_true(frequency_idf(f, 3) < frequency_idf(f, 4));
    frequency_free(f);
}

/* Ten Swedish articles among a thousand English ones: what all ten say is common. */
static void what_is_common_in_a_rare_language_is_common(void **state)
{
    struct frequency *f = frequency_new(0);

    (void)state;
    for (uint32_t i = 0; i < 1000; i++)
        frequency_article(f, frequency_language(LIT("en-GB")));
    for (uint32_t i = 0; i < 60; i++) {
        frequency_article(f, frequency_language(LIT("sv")));
        frequency_add(f, 7);
    }
    frequency_ask(f, frequency_language(LIT("sv-FI")));
    assert_int_equal(frequency_articles(f), 60);
    assert_true(frequency_idf(f, 7) < 0.1F);
    frequency_ask(f, frequency_language(LIT("en")));
    assert_true(frequency_idf(f, 7) > 2);
    frequency_free(f);
}

static void what_was_counted_two_ages_ago_is_forgotten(void **state)
{
    struct frequency *f = frequency_new(0);
    uint8_t english = frequency_language(LIT("en"));

    (void)state;
    frequency_ask(f, english);
    for (uint32_t i = 0; i < FREQUENCY_ARTICLES; i++) {
        assert_false(frequency_is_full(f));
        frequency_article(f, english);
        frequency_add(f, 1);
    }
    assert_true(frequency_is_full(f));
    frequency_rotate(f);
    assert_false(frequency_is_full(f));
    assert_int_equal(frequency_of(f, 1), FREQUENCY_ARTICLES);
    assert_int_equal(frequency_articles(f), FREQUENCY_ARTICLES);
    frequency_rotate(f);
    assert_int_equal(frequency_of(f, 1), 0);
    assert_int_equal(frequency_articles(f), 0);
    frequency_free(f);
}

/* Whether or not something else was counted in an age that begins. */
static void an_age_is_as_it_was_whenever_it_is_looked_at(void **state)
{
    struct frequency *f = frequency_new(0);

    (void)state;
    for (uint32_t age = 0; age < 5; age++) {
        for (uint32_t term = 0; term < 5000; term++)
            for (uint32_t n = 0; n < age + term % 3 && term % 5 != age; n++)
                frequency_add(f, term * 7);
        for (uint32_t term = 0; term < 5000; term++) {
            uint32_t now = term % 5 == age ? 0 : age + term % 3;
            uint32_t before = age == 0 || term % 5 == age - 1 ? 0 : age - 1 + term % 3;

            assert_true(frequency_of(f, term * 7) >= now + before);
            assert_true(term > 100 || frequency_of(f, term * 7) == now + before);
        }
        frequency_rotate(f);
    }
    frequency_free(f);
}

static void begins_with_the_words_that_are_built_in(void **state)
{
    struct frequency *f = frequency_new(0);
    struct word at[2];
    struct words words = {.at = at};

    (void)state;
    assert_true(frequency_begin(f, common_text()));
    frequency_ask(f, frequency_language(LIT("de")));
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

struct numbered {
    uint32_t older;
    uint64_t hash;
};

static uint32_t *numbered_item(void *owner, uint32_t link, uint64_t *ret_hash)
{
    struct numbered *item = (struct numbered *)owner + (link - 1);

    if (link <= 100) /* forgotten */
        return NULL;
    *ret_hash = item->hash;
    return &item->older;
}

/* With each item there is one chain more, and all are where they belong, the newest first. */
static void chains_are_as_many_as_items(void **state)
{
    enum { ITEMS = 5000 };
    struct numbered *items = calloc(ITEMS, sizeof(*items));
    struct chains chains;
    size_t found = 0;

    (void)state;
    chains_init(&chains);
    for (uint32_t i = 0; i < ITEMS; i++) {
        uint64_t were = chains.heads.end;
        uint32_t *head;

        items[i].hash = i % 3 == 0 ? 7 : i * 0x9e3779b97f4a7c15ULL; /* many are the same */
        chains_reach(&chains, i + 1, numbered_item, items);
        assert_int_equal(chains.heads.end, were > i ? were : i + 1);
        head = chains_of(&chains, items[i].hash);
        items[i].older = *head;
        *head = i + 1;
    }
    for (uint32_t i = 100; i < ITEMS; i++) {
        uint32_t link = *chains_of(&chains, items[i].hash);

        for (uint32_t last = UINT32_MAX; link > i + 1; link = items[link - 1].older) {
            assert_true(link < last);
            last = link;
        }
        found += link == i + 1;
    }
    assert_int_equal(found, ITEMS - 100);
    chains_done(&chains);
    free(items);
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

/* The report most like the others gives it; a copy, whatever stands above it, does not. */
static void the_headline_is_that_of_the_most_central_report(void **state)
{
    static const char later[] =
        "The fire in the old grain mill of Tarrowby is out, Mayor Olive Pennant said. The 40 "
        "people who had left their homes may return. Firefighters from Dunmere stay for the night.";
    const struct thread_source copy = {.id = LIT("h3"),
        .same_as = LIT("h1"),
        .text = {LIT("Read this"), bytes_of(fire), LIT(""), LIT("en")},
        .time = MARCH + 2 * HOUR};
    struct placed placed = place("h1", "Mill fire in Tarrowby", fire, MARCH);

    (void)state;
    assert_string_equal(placed.is->title, "Mill fire in Tarrowby");
    placed = place("h2", "Tarrowby mill fire is out", later, MARCH + HOUR);
    assert_false(placed.is_new);
    assert_string_equal(placed.is->title, "Tarrowby mill fire is out");
    threads_place(threads, &copy, &placed);
    assert_int_equal(placed.is->articles, 3);
    assert_string_equal(placed.is->title, "Tarrowby mill fire is out");
}

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
    struct frequency *frequency = frequency_new(0);
    struct sketcher *sketcher = sketcher_new();

    (void)state;
    for (unsigned i = 0; i < 500; i++) {
        struct sketch sketch;
        char text[200];
        uint8_t uuid[UUID] = {(uint8_t)i, (uint8_t)(i >> 8)};

        snprintf(
            text, sizeof(text), "In Qua%uville the Zor%u spoke of Lin%u and of Bem%u.", i, i, i, i);
        sketch_draw(
            sketcher, frequency, &(struct sketch_source){.text = bytes_of(text)}, true, &sketch);
        assert_true(topics_place(topics, &sketch, uuid) < 50);
    }
    topics_free(topics);
    frequency_free(frequency);
    sketcher_free(sketcher);
}

/* Articles of made events: three reports of each, now and then a copy. */
enum { EVENTS = 97 };

static void place_made(struct threads *in, unsigned i, int64_t every, struct placed *ret)
{
    unsigned event = i / 3 + (i * 7 % 5 == 0 ? 1 : 0), about = event % EVENTS;
    char id[20], same_as[20], title[80], text[400];
    struct thread_source source;

    snprintf(id, sizeof(id), "made %u", i);
    snprintf(same_as, sizeof(same_as), "made %u", i - 1);
    snprintf(title, sizeof(title), "Bel%uk and Tor%un meet in Zar%u", about, about + 11, event);
    snprintf(text, sizeof(text),
        "The council of Zar%u met Bel%uk on day %u. It was said that Tor%un owes %u thousand to "
        "the harbour of Quan%u, and that Bel%uk will answer in the autumn of %u.",
        event, about, event % 9, about + 11, event * 13, about, about, i % 4);
    source = (struct thread_source){.id = bytes_of(id),
        .same_as = i % 11 == 10 ? bytes_of(same_as) : LIT(""),
        .text = {bytes_of(title), bytes_of(text), LIT(""), LIT("en")},
        .time = MARCH + (int64_t)i * every};
    threads_place(in, &source, ret);
}

enum { SAVES = 200 };

struct saves_kept {
    struct buf saves[SAVES];
    size_t count;
};

static void keep_save(struct threads *in, struct saves_kept *kept)
{
    size_t needed;

    assert_true(kept->count < SAVES);
    threads_save(in, &kept->saves[kept->count]);
    kept->count += kept->saves[kept->count].len > 0;
    needed = threads_saves(in);
    assert_true(needed <= kept->count);
    for (size_t i = 0; i + needed < kept->count; i++)
        buf_done(&kept->saves[i]);
    memmove(kept->saves, kept->saves + kept->count - needed, needed * sizeof(kept->saves[0]));
    memset(kept->saves + needed, 0, (SAVES - needed) * sizeof(kept->saves[0]));
    kept->count = needed;
}

static struct threads *reopen(struct threads *was, const struct saves_kept *kept, uint32_t age)
{
    struct threads *again;

    threads_free(was);
    again = threads_new(&(struct threads_options){.articles = 100000,
        .model = model,
        .age = age,
        .common = age == 0 ? common_text() : LIT("")});
    for (size_t i = 0; i < kept->count; i++)
        assert_true(threads_load(again, buf_bytes(&kept->saves[i])));
    return again;
}

/* Two runs, one of which is killed after each of its saves; how many of these are needed. */
static size_t compare_runs(unsigned articles, unsigned save_each, int64_t every, uint32_t age)
{
    struct saves_kept kept = {.count = 0};
    struct threads *whole = reopen(NULL, &kept, age), *killed = reopen(NULL, &kept, age);

    for (unsigned i = 0; i < articles; i++) {
        struct placed a, b;

        place_made(whole, i, every, &a);
        place_made(killed, i, every, &b);
        if (strcmp(a.urn, b.urn) != 0 || strcmp(a.topic, b.topic) != 0)
            fail_msg("article %u: %s, %s and not %s, %s", i, b.urn, b.topic, a.urn, a.topic);
        assert_int_equal(a.is->articles, b.is->articles);
        assert_bytes(bytes_of(a.is->title), b.is->title == NULL ? "" : b.is->title);
        assert_int_equal(a.news.count, b.news.count);
        if (i % save_each == save_each - 1) {
            keep_save(killed, &kept);
            killed = reopen(killed, &kept, age);
        }
    }
    for (size_t i = 0; i < kept.count; i++)
        buf_done(&kept.saves[i]);
    threads_free(whole);
    threads_free(killed);
    return kept.count;
}

static void a_run_that_is_killed_answers_as_one_that_is_not(void **state)
{
    (void)state;
    compare_runs(1500, 23, HOUR, 0);
}

/* Over two ages of counting, and many windows: most saves are no longer needed. */
static void saves_that_are_not_needed_are_not_missed(void **state)
{
    (void)state;
    assert_true(compare_runs(6000, 300, HOUR, 200) < 15);
}

/* ---- bad input ------------------------------------------------------------------ */

/* Words that nobody else has. */
static void add_own_words(struct buf *out, size_t bytes)
{
    static uint64_t dice = 88172645463325252ULL; /* xorshift64 (Marsaglia 2003) */

    for (size_t end = out->len + bytes; out->len < end;) {
        char word[8];

        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        for (int i = 0; i < 7; i++)
            word[i] = (char)('a' + (dice >> (5 * i) & 31) % 26);
        word[7] = ' ';
        buf_add(out, (struct bytes){word, sizeof(word)});
    }
}

static struct placed place_text(struct threads *t, uint32_t number, struct bytes text)
{
    struct placed placed;
    char id[20];

    snprintf(id, sizeof(id), "%u", number);
    threads_place(t,
        &(struct thread_source){.id = bytes_of(id),
            .text = {LIT("The newsroom reports"), text, LIT(""), LIT("en")},
            .time = 1773478800 + number},
        &placed);
    return placed;
}

/* What is read of a text is bounded, whatever it has. */
static void five_megabytes_of_words_are_kept_like_any_text(void **state)
{
    enum { ARTICLES = 3, BYTES_EACH = 5 << 20, MOST = 2000 };
    struct threads *t = threads_new(&(struct threads_options){.articles = 100});
    struct buf text = {0};
    size_t before = threads_bytes(t);

    (void)state;
    place_text(t, 0, LIT("A short text of the first article."));
    before = threads_bytes(t);
    for (uint32_t i = 1; i <= ARTICLES; i++) {
        buf_clear(&text);
        add_own_words(&text, BYTES_EACH);
        assert_true(place_text(t, i, buf_bytes(&text)).is_new);
    }
    assert_true(threads_bytes(t) - before <= (size_t)ARTICLES * MOST);
    buf_done(&text);
    threads_free(t);
}

static void one_sentence_in_common_makes_no_story(void **state)
{
    enum { ARTICLES = 3000 };
    struct error err = {0};
    struct model *trees = model_read(model_text(), feature_names, FEATURES, &err);
    struct threads *t = threads_new(&(struct threads_options){
        .articles = ARTICLES, .model = trees, .common = common_text(), .warm_up = 200});
    struct buf text = {0};
    uint32_t stories = 0;

    (void)state;
    for (uint32_t i = 0; i < ARTICLES; i++) {
        struct placed placed;

        buf_clear(&text);
        add_own_words(&text, 300);
        buf_add(&text, LIT(". All rights of the Quillon Harbour Gazette and of its readers in "
                           "Belmora are reserved since 1911."));
        placed = place_text(t, i, buf_bytes(&text));
        stories += placed.is_new;
        assert_true(placed.is->articles <= 5);
    }
    assert_true(stories >= ARTICLES * 99 / 100);
    buf_done(&text);
    threads_free(t);
    model_free(trees);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rare_word_weighs_more_than_a_common_one),
        cmocka_unit_test(what_is_common_in_a_rare_language_is_common),
        cmocka_unit_test(what_was_counted_two_ages_ago_is_forgotten),
        cmocka_unit_test(an_age_is_as_it_was_whenever_it_is_looked_at),
        cmocka_unit_test(begins_with_the_words_that_are_built_in),
        cmocka_unit_test(postings_are_found_newest_first_until_they_are_forgotten),
        cmocka_unit_test(chains_are_as_many_as_items),
        cmocka_unit_test(a_story_is_not_found_by_its_forerunner_s_postings),
        cmocka_unit_test(a_model_is_a_sum_of_trees),
        cmocka_unit_test(a_model_that_makes_no_sense_is_refused),
        cmocka_unit_test(the_model_that_is_built_in_can_be_read),
        cmocka_unit_test_setup_teardown(
            the_headline_is_that_of_the_most_central_report, open_threads, close_threads),
        cmocka_unit_test_setup_teardown(
            tells_what_a_report_says_first, open_threads, close_threads),
        cmocka_unit_test_setup_teardown(
            a_topic_ties_stories_that_lie_weeks_apart, open_threads, close_threads),
        cmocka_unit_test(forgets_topics_when_there_are_too_many),
        cmocka_unit_test_setup_teardown(
            a_run_that_is_killed_answers_as_one_that_is_not, open_threads, close_threads),
        cmocka_unit_test_setup_teardown(
            saves_that_are_not_needed_are_not_missed, open_threads, close_threads),
        cmocka_unit_test(five_megabytes_of_words_are_kept_like_any_text),
        cmocka_unit_test(one_sentence_in_common_makes_no_story),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
