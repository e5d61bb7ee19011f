/* test_store_owner.c - a feed speaks for its own site: what it may say of others' articles. */
#include "store_fixture.h"

#define HONEST "https://honest.example/feed"
#define EVIL "https://evil.example/feed"

static const struct item story = {
    "h1", "https://honest.example/story-1", "Honest headline", "Honest text", NULL};
static const struct item fake = {
    "e1", "https://www.honest.example/story-1", "FAKE", "Fake text", NULL};

static int64_t feed_of(struct fixture *f, const char *url)
{
    int64_t id = fixture_feed(f, url);

    fixture_admit_of(f, id, url, NULL, 0, true);
    return id;
}

static void admit(struct fixture *f, int64_t feed, const char *url, struct item item)
{
    fixture_admit_of(f, feed, url, &item, 1, false);
}

static void assert_told(struct fixture *f, const char *title, int64_t version, size_t feeds)
{
    assert_int_equal(f->admitted_count, 1);
    assert_true(bytes_is(record_get(f->records[0], WR_TITLE), title));
    assert_int_equal(record_get_int(f->records[0], REC_VERSION, 0), version);
    assert_int_equal(wr_count(f->records[0], REC_SEEN_IN), feeds);
}

static void the_site_s_own_words_replace_those_of_others(void **state)
{
    struct fixture *f = *state;
    int64_t honest = feed_of(f, HONEST);
    int64_t evil = feed_of(f, EVIL);
    struct item again = fake;
    struct item more = story;

    admit(f, evil, EVIL, fake);
    assert_told(f, "FAKE", 1, 1);
    admit(f, honest, HONEST, story);
    assert_told(f, "Honest headline", 2, 2);
    again.title = "FAKE again";
    admit(f, evil, EVIL, again);
    assert_int_equal(f->counts[ADMIT_KNOWN], 1);
    assert_int_equal(f->admitted_count, 0);
    more.body = "Honest text, corrected";
    admit(f, honest, HONEST, more);
    assert_told(f, "Honest headline", 3, 2);
}

static void the_same_headline_over_other_words_is_replaced_too(void **state)
{
    struct fixture *f = *state;
    int64_t honest = feed_of(f, HONEST);
    int64_t evil = feed_of(f, EVIL);
    struct item second = fake;

    second.title = story.title;
    admit(f, evil, EVIL, fake);
    admit(f, evil, EVIL, second);
    assert_told(f, story.title, 2, 1);
    admit(f, honest, HONEST, story);
    assert_told(f, story.title, 3, 2);
}

static void others_do_not_revise_what_a_site_has_told(void **state)
{
    struct fixture *f = *state;
    int64_t honest = feed_of(f, HONEST);
    int64_t evil = feed_of(f, EVIL);
    struct item again = fake;

    admit(f, honest, HONEST, story);
    admit(f, evil, EVIL, fake);
    assert_int_equal(f->counts[ADMIT_DUPLICATE], 1);
    again.title = "FAKE again";
    admit(f, evil, EVIL, again);
    assert_int_equal(f->counts[ADMIT_KNOWN], 1);
}

static void the_same_words_of_a_planet_are_one_article_and_the_site_s(void **state)
{
    struct fixture *f = *state;
    int64_t planet = feed_of(f, "https://planet.example/feed");
    int64_t honest = feed_of(f, HONEST);
    struct item edited = story;

    admit(f, planet, "https://planet.example/feed", story);
    assert_told(f, story.title, 1, 1);
    admit(f, honest, HONEST, story);
    assert_int_equal(f->counts[ADMIT_DUPLICATE], 1);
    assert_int_equal(f->also_count, 1);
    edited.body = "The planet's own words";
    admit(f, planet, "https://planet.example/feed", edited);
    assert_int_equal(f->admitted_count, 0);
}

static void an_entry_that_moves_to_another_site_does_not_take_its_article(void **state)
{
    struct fixture *f = *state;
    int64_t honest = feed_of(f, HONEST);
    int64_t evil = feed_of(f, EVIL);
    struct item mine = {"e0", "https://evil.example/mine", "Mine", "Mine", "2026-03-14T09:30:00Z"};
    char id[64];

    admit(f, evil, EVIL, mine);
    snprintf(id, sizeof(id), "%.*s", FMT(record_get(f->records[0], WR_ID)));
    mine.url = story.url;
    mine.body = "Mine, changed";
    admit(f, evil, EVIL, mine);
    assert_told(f, "Mine", 1, 1);
    assert_false(bytes_is(record_get(f->records[0], WR_ID), id));
    admit(f, honest, HONEST, story);
    assert_told(f, story.title, 2, 2);
    mine.url = "https://evil.example/mine-2";
    mine.body = "Mine, and changed again";
    admit(f, evil, EVIL, mine);
    assert_told(f, "Mine", 1, 1);
}

static void an_entry_without_an_address_does_not_get_another_site_s(void **state)
{
    struct fixture *f = *state;
    int64_t honest = feed_of(f, HONEST);
    int64_t evil = feed_of(f, EVIL);
    struct item mine = {"e0", NULL, "Mine", "Mine", NULL};

    admit(f, evil, EVIL, mine);
    mine.url = story.url;
    mine.body = "Mine, changed";
    admit(f, evil, EVIL, mine);
    admit(f, honest, HONEST, story);
    assert_told(f, story.title, 2, 2);
}

static void an_address_is_no_way_to_a_second_one_of_the_site(void **state)
{
    struct fixture *f = *state;
    int64_t honest = feed_of(f, HONEST);
    int64_t evil = feed_of(f, EVIL);
    struct item claim = {"e0", "https://honest.example/claim", "Claim", "Claim", NULL};
    struct item two[] = {story, story};

    admit(f, evil, EVIL, claim);
    claim.url = story.url;
    claim.title = "Claim of story 1";
    admit(f, evil, EVIL, claim);
    claim.url = "https://honest.example/story-2";
    claim.title = "Claim of story 2";
    admit(f, evil, EVIL, claim);
    two[1].guid = "h2";
    two[1].url = claim.url;
    fixture_admit_of(f, honest, HONEST, two, 2, false);
    assert_int_equal(f->counts[ADMIT_NEW], 2);
}

static void a_site_s_own_entries_may_move(void **state)
{
    struct fixture *f = *state;
    int64_t honest = feed_of(f, HONEST);
    int64_t other = feed_of(f, "https://rss.honest.example/sport");
    struct item moved = story;

    admit(f, honest, HONEST, story);
    moved.url = "https://www.honest.example/story-1-corrected";
    moved.title = "Corrected headline";
    admit(f, honest, HONEST, moved);
    assert_told(f, "Corrected headline", 2, 1);
    moved.guid = "of the other feed";
    admit(f, other, "https://rss.honest.example/sport", moved);
    assert_int_equal(f->counts[ADMIT_DUPLICATE], 1);
}

static void a_publisher_takes_its_articles_to_another_domain(void **state)
{
    struct fixture *f = *state;
    int64_t honest = feed_of(f, HONEST);
    struct item moved = story;

    admit(f, honest, HONEST, story);
    moved.url = "https://honest.test/story-1";
    moved.body = "Honest text, on our new domain";
    admit(f, honest, "https://honest.test/feed", moved);
    assert_told(f, story.title, 2, 1);
    moved.body = "Honest text, corrected there";
    admit(f, honest, "https://honest.test/feed", moved);
    assert_told(f, story.title, 3, 1);
}

/* feeds.feedproxy.example/honest stands for it; nobody else does. */
static void a_feed_elsewhere_revises_what_it_told_itself(void **state)
{
    struct fixture *f = *state;
    int64_t proxy = feed_of(f, "https://feeds.proxy.example/honest");
    int64_t tenant = feed_of(f, "https://feeds.proxy.example/evil");
    struct item item = story;

    admit(f, proxy, "https://feeds.proxy.example/honest", story);
    assert_told(f, story.title, 1, 1);
    admit(f, tenant, "https://feeds.proxy.example/evil", fake);
    assert_int_equal(f->counts[ADMIT_DUPLICATE], 1);
    item = fake;
    item.title = "FAKE again";
    admit(f, tenant, "https://feeds.proxy.example/evil", item);
    assert_int_equal(f->admitted_count, 0);
    item = story;
    item.url = "https://honest.example/story-1-corrected";
    item.body = "Honest text, corrected";
    admit(f, proxy, "https://feeds.proxy.example/honest", item);
    assert_told(f, story.title, 2, 2);
}

static void two_feeds_of_one_site_tell_one_article(void **state)
{
    struct fixture *f = *state;
    int64_t all = feed_of(f, "https://rss.honest.example/all");
    int64_t sport = feed_of(f, "https://honest.example/sport/feed");
    struct item brief = story;

    brief.guid = "of sport";
    brief.body = "In short";
    admit(f, all, "https://rss.honest.example/all", story);
    admit(f, sport, "https://honest.example/sport/feed", brief);
    assert_int_equal(f->counts[ADMIT_DUPLICATE], 1);
    assert_int_equal(f->also_count, 1);
    brief.title = "Corrected";
    admit(f, sport, "https://honest.example/sport/feed", brief);
    assert_told(f, "Corrected", 2, 2);
}

#define OWNER_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OWNER_TEST(the_site_s_own_words_replace_those_of_others),
        OWNER_TEST(the_same_headline_over_other_words_is_replaced_too),
        OWNER_TEST(others_do_not_revise_what_a_site_has_told),
        OWNER_TEST(the_same_words_of_a_planet_are_one_article_and_the_site_s),
        OWNER_TEST(an_entry_that_moves_to_another_site_does_not_take_its_article),
        OWNER_TEST(an_entry_without_an_address_does_not_get_another_site_s),
        OWNER_TEST(an_address_is_no_way_to_a_second_one_of_the_site),
        OWNER_TEST(a_site_s_own_entries_may_move),
        OWNER_TEST(a_publisher_takes_its_articles_to_another_domain),
        OWNER_TEST(a_feed_elsewhere_revises_what_it_told_itself),
        OWNER_TEST(two_feeds_of_one_site_tell_one_article),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
