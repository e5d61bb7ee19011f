/* test_health.c - when a site counts as degraded, and when as well again. */
#include "flow/health.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static struct health *health;
static char letters[20000];

struct article {
    size_t text;
    bool date, byline;
};

/* What the alarm says after one more article of domain; NULL when nothing changed. */
static const struct health_site *note(const char *domain, struct article article)
{
    struct arena *arena = arena_new(1 << 20);
    struct wr_record *rec = record_new(arena);
    const struct health_site *site;

    record_set_int(rec, REC_PAGE_STATUS, 200);
    record_set(rec, WR_STATUS, LIT("full"));
    record_set(rec, WR_TEXT, (struct bytes){letters, article.text});
    record_set(rec, WR_PUBLISHED_SOURCE, article.date ? LIT("json-ld") : LIT("feed"));
    if (article.byline)
        record_add(rec, WR_AUTHOR, LIT("Ana Lund"));
    site = health_note(health, bytes_of(domain), rec);
    arena_free(arena);
    return site;
}

/* The first change within count articles of the same kind. */
static const struct health_site *note_many(const char *domain, int count, struct article article)
{
    const struct health_site *site = NULL;

    for (int i = 0; i < count && site == NULL; i++)
        site = note(domain, article);
    return site;
}

static int setup(void **state)
{
    (void)state;
    memset(letters, 'a', sizeof(letters));
    health = health_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    health_free(health);
    return 0;
}

static const struct article good = {2400, true, true};

static void texts_that_become_short_degrade_a_site(void **state)
{
    const struct health_site *site;

    (void)state;
    assert_null(note_many("a.example", 60, good));
    site = note_many("a.example", 12, (struct article){200, true, true});
    assert_non_null(site);
    assert_string_equal(site->name, "a.example");
    assert_int_equal(site->degraded, 1U << HEALTH_TEXT);
    site = note_many("a.example", 20, good);
    assert_non_null(site);
    assert_int_equal(site->degraded, 0);
}

static void dates_and_bylines_that_are_no_longer_found_do_too(void **state)
{
    (void)state;
    assert_null(note_many("a.example", 60, good));
    assert_int_equal(note_many("a.example", 12, (struct article){2400, false, true})->degraded,
        1U << HEALTH_DATE);
    assert_null(note_many("b.example", 60, good));
    assert_int_equal(note_many("b.example", 12, (struct article){2400, true, false})->degraded,
        1U << HEALTH_BYLINE);
}

static void a_single_bad_article_does_not(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++)
        assert_null(note("a.example", i % 10 == 9 ? (struct article){150, false, false} : good));
}

static void a_site_of_short_and_long_texts_is_as_it_is(void **state)
{
    (void)state;
    for (int i = 0; i < 400; i++)
        assert_null(note("a.example", (struct article){i * 37 % 5 == 0 ? 600 : 5000, true, i % 3}));
}

static void a_site_that_never_had_dates_lacks_none(void **state)
{
    (void)state;
    assert_null(note_many("a.example", 100, (struct article){3000, false, false}));
}

static void nothing_is_said_before_a_site_is_known(void **state)
{
    (void)state;
    assert_null(note_many("a.example", 10, good));
    assert_null(note_many("a.example", HEALTH_LEARN - 10, (struct article){10, false, false}));
}

static void a_page_that_was_not_fetched_says_nothing_of_its_site(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct wr_record *rec = record_new(arena);

    (void)state;
    assert_null(note_many("a.example", 60, good));
    record_set_int(rec, REC_PAGE_STATUS, 503);
    record_set(rec, WR_STATUS, LIT("feed-only"));
    for (int i = 0; i < 50; i++)
        assert_null(health_note(health, LIT("a.example"), rec));
    arena_free(arena);
}

static void sites_make_room_for_newer_ones(void **state)
{
    char name[40];
    struct buf out = {0};
    struct json_writer w = {.out = &out};
    struct json *json;
    struct arena *arena = arena_new(1 << 20);

    (void)state;
    for (int i = 0; i < 50000; i++) {
        snprintf(name, sizeof(name), "site%d.example", i);
        note(name, good);
    }
    assert_null(note_many("site49999.example", 60, good));
    assert_non_null(note_many("site49999.example", 12, (struct article){100, true, true}));
    json_begin_object(&w, NULL);
    health_write(health, &w);
    json_end_object(&w);
    assert_int_equal(json_parse(arena, buf_bytes(&out), &json, NULL), OK);
    json = (struct json *)json_get(json, "sites");
    assert_true(json_get_int(json, "watched", 0) > 8000);
    assert_true(json_get_int(json, "watched", 0) <= 8192);
    assert_string_equal(
        bytes_cstr(arena, json_get_text(json_get(json, "degraded")->first, "domain")),
        "site49999.example");
    buf_done(&out);
    arena_free(arena);
}

#define HEALTH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void tells_once_a_day_that_pages_are_no_articles(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct wr_record *rec = record_new(arena);

    (void)state;
    record_set(rec, WR_STATUS, LIT("blocked"));
    assert_true(health_is_news(health, LIT("a.example"), rec));
    assert_false(health_is_news(health, LIT("a.example"), rec));
    assert_true(health_is_news(health, LIT("b.example"), rec));
    record_set(rec, WR_STATUS, LIT("full"));
    assert_false(health_is_news(health, LIT("c.example"), rec));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HEALTH_TEST(texts_that_become_short_degrade_a_site),
        HEALTH_TEST(dates_and_bylines_that_are_no_longer_found_do_too),
        HEALTH_TEST(a_single_bad_article_does_not),
        HEALTH_TEST(a_site_of_short_and_long_texts_is_as_it_is),
        HEALTH_TEST(a_site_that_never_had_dates_lacks_none),
        HEALTH_TEST(nothing_is_said_before_a_site_is_known),
        HEALTH_TEST(a_page_that_was_not_fetched_says_nothing_of_its_site),
        HEALTH_TEST(sites_make_room_for_newer_ones),
        HEALTH_TEST(tells_once_a_day_that_pages_are_no_articles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
