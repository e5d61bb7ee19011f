/* test_admit.c - feeds that lie in all the ways feeds do, polled again and again: every entry is
 * new once. */
#include "unit/admit_fixture.h"

static void what_was_read_before_need_not_be_read_again(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = n; i < n + 10; i++)
            add(w, i);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 29);
    assert_int_equal(w->unread, 19 * 9);
}

static void new_guids_at_each_poll(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10; i++)
            add(w, i)->guid = hash_of("urn:x:%d:%d", i, n);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 10);
    assert_int_equal(w->changed, 0);
}

static void links_that_flap(void **state)
{
    static const char *const forms[] = {"http://ex.test/a/%d", "https://ex.test/a/%d",
        "https://www.ex.test/a/%d/", "https://ex.test/a/%d"};
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10; i++) {
            struct admit_entry *e = add(w, i);

            e->guid = 0;
            e->url = key_of(forms[n % 4], i);
        }
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 10);
}

static void links_that_change_beyond_recognition(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10; i++) {
            struct admit_entry *e = add(w, i);

            e->guid = 0;
            e->url = hash_of("https://r%d.example.org/?to=%d", n, i);
        }
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 10);
}

static void entries_in_any_order(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 20; i++)
            add(w, (i * 7 + n * 3) % 20);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 20);
    assert_int_equal(w->changed, 0);
}

static void documents_that_shrink_and_grow_back(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 60; n++) {
        for (int i = 0; i < 20 - n % 20; i++)
            add(w, i);
        poll_once(w, 60);
    }
    assert_int_equal(w->fresh, 20);
}

static void one_guid_for_different_entries(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10 + n; i++)
            add(w, i)->guid = hash64(LIT("same"));
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 29);
    assert_int_equal(w->changed, 0);
}

/* An entry without a date, with words that are written again and again. */
static struct admit_entry *add_report(struct world *w, int i, const char *words)
{
    struct admit_entry *e = add(w, i);

    e->content = hash64(bytes_of(words));
    e->date = 0;
    e->brief = true;
    return e;
}

static void the_same_few_words_of_another_day_are_new(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 6; n++) {
        add_report(w, n, "Police report");
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 6);
    for (int n = 0; n < 6; n++) {
        for (int i = 0; i < 8; i++)
            add(w, 100 + i);
        add_report(w, 10 + n, "Police report");
        add_report(w, 20 + n, "Traffic report");
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 6 + 8 + 12);
}

static void guids_and_links_that_change_at_each_poll_without_dates(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 5; i++) {
            struct admit_entry *e = add_report(w, i, "");

            e->content = hash_of("Report %d", i, 0);
            e->guid = hash_of("%d of poll %d", i, n);
            e->url = hash_of("page %d of poll %d", i, n);
        }
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 5);
}

static void long_text_without_a_date_is_known_again(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 6; n++) {
        add_report(w, n, "As long as an article")->brief = false;
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 1);
}

static void one_shared_guid_and_a_new_entry_alone(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 10; i++)
        add(w, i)->guid = hash64(LIT("same"));
    poll_once(w, 5);
    add(w, 11)->guid = hash64(LIT("same"));
    poll_once(w, 5);
    assert_int_equal(w->fresh, 11);
}

static void one_link_for_different_entries(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10; i++)
            add(w, i + n)->url = key_of("https://example.org/live/%d", 1);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 29);
    assert_int_equal(w->changed, 0);
}

static void no_guids(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10; i++)
            add(w, i)->guid = 0;
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 10);
}

static void neither_guids_nor_links(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10; i++) {
            struct admit_entry *e = add(w, i);

            e->guid = e->url = 0;
            e->date = n % 2 == 0 ? 0 : (uint32_t)(w->now / SECOND);
        }
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 10);
}

static void guids_that_change_their_case(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10; i++)
            add(w, i)->guid = hash_of(n % 2 == 0 ? "urn:x:%d" : "URN:X:%d", i, 0);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 10);
}

static void a_document_that_grows(void **state)
{
    struct world *w = *state;

    for (int n = 1; n <= 20; n++) {
        for (int i = n; i-- > 0;)
            add(w, i);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 20);
}

static void a_window_that_slides(void **state)
{
    struct world *w = *state;

    for (int n = 1; n <= 10; n++) {
        for (int i = n * 3 + 10; i-- > n * 3;)
            add(w, i);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 37);
}

static void two_formats_in_turn(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 5; i++) {
            struct admit_entry *e = add(w, i);

            e->content = hash_of(n % 2 == 0 ? "Item %d\nBody" : "Item %d\n", i, 0);
            e->date = n % 2 == 0 ? e->date : 1700000000;
        }
        poll_once(w, 1);
    }
    assert_int_equal(w->fresh, 5);
}

static void an_entry_listed_twice_in_one_document(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 5; n++) {
        for (int i = 0; i < 10; i++) {
            add(w, i);
            add(w, i);
        }
        add(w, 3)->content = hash_of("another text of %d", 3, 0);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 10);
    assert_int_equal(w->changed, 0);
    assert_int_equal(w->known, 5 * 21 - 10);
}

static void one_guid_for_one_entry_after_the_other(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        add(w, n)->guid = hash64(LIT("same"));
        poll_once(w, 1);
    }
    assert_int_equal(w->fresh + w->changed, 20);
}

static void addresses_that_are_the_same_article(void **state)
{
    uint64_t key = admit_url_key(LIT("https://example.org/a/1"));

    (void)state;
    assert_true(key != 0);
    assert_true(key == admit_url_key(LIT("http://example.org/a/1")));
    assert_true(key == admit_url_key(LIT("https://www.example.org/a/1/")));
    assert_true(key != admit_url_key(LIT("https://example.org/a/2")));
    assert_true(key != admit_url_key(LIT("https://example.org/a/1?page=2")));
    assert_int_equal(admit_url_key(LIT("https://www.example.org/")), 0);
    assert_int_equal(admit_url_key(LIT("https://example.org")), 0);
    assert_true(admit_url_key(LIT("https://example.org/?p=1")) != 0);
    assert_int_equal(admit_url_key(LIT("")), 0);
    assert_int_equal(admit_url_key(LIT("urn:uuid:1")), 0);
}

static void dates_of_rfc_3339(void **state)
{
    (void)state;
    assert_int_equal(admit_date(LIT("1970-01-02")), 86400);
    assert_int_equal(admit_date(LIT("2023-11-14T22:13:20Z")), 1700000000);
    assert_int_equal(admit_date(LIT("2023-11-14T23:13:20.911+01:00")), 1700000000);
    assert_int_equal(admit_date(LIT("2023-11-14T17:13:20-05:00")), 1700000000);
    assert_int_equal(admit_date(LIT("2024-02-29T00:00Z")), 1709164800);
    assert_int_equal(admit_date(LIT("yesterday")), 0);
    assert_int_equal(admit_date(LIT("")), 0);
    assert_int_equal(admit_date(LIT("2024-13-01")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ADMIT_TEST(new_guids_at_each_poll),
        ADMIT_TEST(links_that_flap),
        ADMIT_TEST(links_that_change_beyond_recognition),
        ADMIT_TEST(entries_in_any_order),
        ADMIT_TEST(documents_that_shrink_and_grow_back),
        ADMIT_TEST(what_was_read_before_need_not_be_read_again),
        ADMIT_TEST(one_guid_for_different_entries),
        ADMIT_TEST(the_same_few_words_of_another_day_are_new),
        ADMIT_TEST(guids_and_links_that_change_at_each_poll_without_dates),
        ADMIT_TEST(long_text_without_a_date_is_known_again),
        ADMIT_TEST(one_shared_guid_and_a_new_entry_alone),
        ADMIT_TEST(one_link_for_different_entries),
        ADMIT_TEST(no_guids),
        ADMIT_TEST(neither_guids_nor_links),
        ADMIT_TEST(guids_that_change_their_case),
        ADMIT_TEST(a_document_that_grows),
        ADMIT_TEST(a_window_that_slides),
        ADMIT_TEST(two_formats_in_turn),
        ADMIT_TEST(an_entry_listed_twice_in_one_document),
        ADMIT_TEST(one_guid_for_one_entry_after_the_other),
        ADMIT_TEST(addresses_that_are_the_same_article),
        ADMIT_TEST(dates_of_rfc_3339),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
