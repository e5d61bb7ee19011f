/* test_admit.c - feeds that lie in all the ways feeds do, polled again and again: every entry is
 * new once. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/admit.h"

#include <cmocka.h>

enum { ENTRIES = 200, MINUTE = 60 * SECOND };

/* What a feed serves, and what came of it. */
struct world {
    struct arena *arena;
    struct seen seen;
    int64_t now;
    size_t document;
    struct admit_entry entries[ENTRIES];
    struct admit_decision decisions[ENTRIES];
    size_t fresh, changed, known; /* over all polls */
    int64_t last_article;

    /* The same polls where entries that need not be read again are not. */
    struct seen twin;
    uint64_t raws[ENTRIES]; /* of the last document */
    size_t raws_count;
    size_t unread; /* over all polls */
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    w->arena = arena_new(512 << 20);
    w->now = 1773480300LL * SECOND;
    assert_int_equal(seen_decode(w->arena, 0, (struct bytes){NULL, 0}, &w->seen, NULL), OK);
    assert_int_equal(seen_decode(w->arena, 0, (struct bytes){NULL, 0}, &w->twin, NULL), OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    arena_free(w->arena);
    free(w);
    return 0;
}

static uint64_t hash_of(const char *format, int64_t a, int64_t b)
{
    char text[200];

    snprintf(text, sizeof(text), format, (int)a, (int)b);
    return hash64(bytes_of(text));
}

static uint64_t key_of(const char *format, int64_t a)
{
    char text[200];

    snprintf(text, sizeof(text), format, (int)a);
    return admit_url_key(bytes_of(text));
}

/* An honest entry. */
static struct admit_entry *add(struct world *w, int i)
{
    struct admit_entry *e = &w->entries[w->document++];

    *e = (struct admit_entry){.guid = hash_of("urn:x:%d", i, 0),
        .url = key_of("https://example.org/a/%d", i),
        .content = hash_of("Item %d\nBody of item", i, 0),
        .date = (uint32_t)(1700000000 + 600 * i)};
    return e;
}

static bool is_among(const struct world *w, uint64_t raw)
{
    for (size_t i = 0; i < w->raws_count; i++)
        if (w->raws[i] == raw)
            return true;
    return false;
}

/* Not reading what was read before makes no difference to any decision or item. */
static void poll_twin(struct world *w)
{
    struct admit_entry entries[ENTRIES];
    struct admit_decision decisions[ENTRIES];
    struct admit admit = {.seed = 42, .now = w->now, .entries = entries, .count = w->document};

    for (size_t i = 0; i < w->document; i++) {
        const struct admit_entry *e = &w->entries[i];
        const uint64_t parts[] = {e->guid, e->url, e->content, e->date};

        entries[i] = *e;
        entries[i].raw = hash64((struct bytes){(const char *)parts, sizeof(parts)});
        if (!is_among(w, entries[i].raw))
            continue;
        entries[i] = (struct admit_entry){.raw = entries[i].raw, .unread = true};
        w->unread++;
    }
    admit_recall(&w->twin, 42, entries, w->document);
    admit_decide(&admit, &w->twin, decisions);
    w->raws_count = 0;
    assert_int_equal(w->twin.count, w->seen.count);
    for (size_t i = 0; i < w->document; i++) {
        const struct admit_decision *d = &decisions[i];

        assert_int_equal(d->verdict, w->decisions[i].verdict);
        assert_int_equal(d->item, w->decisions[i].item);
        assert_int_equal(d->moved, w->decisions[i].moved);
        assert_false(entries[i].unread);
        if (d->item != SIZE_MAX && w->twin.items[d->item].raw == entries[i].raw)
            w->raws[w->raws_count++] = entries[i].raw;
    }
    for (size_t n = 0; n < w->seen.count; n++) {
        struct seen_item item = w->twin.items[n];

        item.article = w->seen.items[n].article;
        item.raw = 0;
        assert_memory_equal(&item, &w->seen.items[n], sizeof(item));
        w->twin.items[n].article = item.article;
    }
}

/* One poll of a document; minutes pass before it. */
static void poll_once(struct world *w, int64_t minutes)
{
    struct admit admit = {.seed = 42, .entries = w->entries, .count = w->document};

    w->now += minutes * MINUTE;
    admit.now = w->now;
    admit_decide(&admit, &w->seen, w->decisions);
    for (size_t i = 0; i < w->document; i++) {
        const struct admit_decision *d = &w->decisions[i];

        w->fresh += d->verdict == ADMIT_NEW;
        w->changed += d->verdict == ADMIT_CHANGED;
        w->known += d->verdict == ADMIT_KNOWN;
        if (d->verdict == ADMIT_NEW)
            w->seen.items[d->item].article = ++w->last_article;
    }
    poll_twin(w);
    seen_expire(&w->seen, w->document, w->now);
    seen_expire(&w->twin, w->document, w->now);
    w->document = 0;
}

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

static void bodies_with_a_counter_in_them(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 288; n++) {
        for (int i = 0; i < 10; i++)
            add(w, i)->content = hash_of("Views: %d %d", n, i);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 10);
    /* A day of it: three at once, then ever fewer. */
    assert_in_range(w->changed, 10 * 5, 10 * 12);
}

static void a_title_that_is_edited_at_each_poll(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10; i++)
            if (i == 3)
                add(w, i)->content = hash_of("Item %d (updated %d)", i, n);
            else
                add(w, i);
        poll_once(w, 0);
    }
    assert_int_equal(w->fresh, 10);
    assert_int_equal(w->changed, 3);
}

static void edits_hours_apart_all_come_out(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 12; n++) {
        add(w, 1)->content = hash_of("version %d", n, 0);
        poll_once(w, 125);
    }
    assert_int_equal(w->fresh, 1);
    assert_int_equal(w->changed, 11);
}

static void the_last_edit_of_many_comes_out_in_the_end(void **state)
{
    struct world *w = *state;
    uint64_t last = 0;

    for (int n = 0; n < 10; n++) {
        last = hash_of("version %d", n, 0);
        add(w, 1)->content = last;
        poll_once(w, 0);
    }
    assert_int_equal(w->changed, 3);
    add(w, 1)->content = last;
    poll_once(w, 12);
    assert_int_equal(w->changed, 4);
    add(w, 1)->content = last;
    poll_once(w, 60);
    assert_int_equal(w->changed, 4);
}

static void dates_that_are_always_now(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        for (int i = 0; i < 10; i++)
            add(w, i)->date = (uint32_t)(w->now / SECOND);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 10);
    assert_int_equal(w->changed, 0);
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

static void old_entries_that_come_back_at_times(void **state)
{
    struct world *w = *state;

    for (int n = 1; n <= 20; n++) {
        int low = n % 5 == 0 ? 0 : n * 10;

        for (int i = low; i < low + 10; i++)
            add(w, i);
        poll_once(w, 5);
    }
    assert_int_equal(w->fresh, 16 * 10 + 10);
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

static void an_old_date_does_not_make_an_entry_old(void **state)
{
    struct world *w = *state;

    for (int i = 100; i < 110; i++)
        add(w, i);
    poll_once(w, 5);
    for (int i = 99; i < 110; i++)
        add(w, i);
    poll_once(w, 5);
    assert_int_equal(w->fresh, 11);
}

static void daily_entries_of_the_same_words(void **state)
{
    struct world *w = *state;

    for (int n = 0; n < 20; n++) {
        add(w, n)->content = hash64(LIT("The news at nine"));
        poll_once(w, 24 * 60);
    }
    assert_int_equal(w->fresh, 20);
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

static void a_marked_entry_that_is_edited(void **state)
{
    struct world *w = *state;
    struct admit admit = {.entries = w->entries, .now = w->now};

    for (int i = 0; i < 3; i++)
        add(w, i);
    admit.count = w->document;
    admit_decide(&admit, &w->seen, w->decisions);
    admit_first(&admit, FIRST_MARK, 0, w->arena, w->decisions);
    for (int i = 0; i < 3; i++)
        assert_int_equal(w->decisions[i].verdict, ADMIT_MARKED);
    admit_decide(&admit, &w->twin, w->decisions);
    w->document = 0;
    for (int i = 0; i < 3; i++)
        add(w, i)->content = hash_of("edited %d", i, 0);
    poll_once(w, 5);
    assert_int_equal(w->known, 3);
}

static void a_first_document_without_dates_publishes_its_top(void **state)
{
    struct world *w = *state;
    struct admit admit = {.entries = w->entries, .now = w->now, .count = 5};
    size_t order[5];

    for (int i = 0; i < 5; i++)
        add(w, i)->date = i == 2 ? 1700000000 : 0;
    admit_decide(&admit, &w->seen, w->decisions);
    admit_first(&admit, FIRST_PUBLISH_LAST, 2, w->arena, w->decisions);
    assert_int_equal(w->decisions[0].verdict, ADMIT_NEW);
    assert_int_equal(w->decisions[1].verdict, ADMIT_NEW);
    assert_int_equal(w->decisions[2].verdict, ADMIT_MARKED);
    assert_int_equal(admit_order(&admit, w->decisions, w->arena, order), 2);
    assert_int_equal(order[0], 1);
    assert_int_equal(order[1], 0);
}

static void what_is_forgotten_and_what_is_not(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 150; i++)
        add(w, i);
    poll_once(w, 5);
    /* Long gone by the clock, but not by documents. */
    for (int n = 0; n < 50; n++) {
        add(w, 151);
        poll_once(w, 24 * 60);
    }
    assert_int_equal(w->seen.count, 151);
    for (int n = 0; n < 60; n++) {
        add(w, 151);
        poll_once(w, 0);
    }
    assert_int_equal(w->seen.count, 1);
}

static void the_memory_of_a_busy_feed_is_bounded(void **state)
{
    struct world *w = *state;
    size_t most = 0;

    for (int n = 0; n < 500; n++) {
        for (int i = 0; i < 20; i++)
            add(w, n * 10 + i);
        poll_once(w, 1);
        most = w->seen.count > most ? w->seen.count : most;
    }
    assert_int_equal(w->fresh, 10 + 500 * 10);
    assert_in_range(most, 100, 256 + 20);
}

static void many_entries_of_one_key_cost_no_more_than_others(void **state)
{
    struct world *w = *state;
    enum { MANY = 20000 };
    struct admit_entry *entries = arena_alloc_array(w->arena, MANY, sizeof(*entries));
    struct admit_decision *decisions = arena_alloc_array(w->arena, MANY, sizeof(*decisions));
    struct admit admit = {.seed = 7, .now = w->now, .entries = entries, .count = MANY};
    int64_t begun = clock_mono();

    for (size_t i = 0; i < MANY; i++) {
        entries[i].content = 77;
        entries[i].date = (uint32_t)i + 1;
    }
    for (int n = 0; n < 3; n++) {
        size_t fresh = 0;

        for (size_t i = 0; i < MANY; i++)
            entries[i].date += (uint32_t)n * MANY;
        admit_decide(&admit, &w->seen, decisions);
        for (size_t i = 0; i < MANY; i++)
            fresh += decisions[i].verdict == ADMIT_NEW;
        assert_int_equal(fresh, n == 0 ? MANY : 0);
    }
    assert_true(clock_mono() - begun < 2 * SECOND);
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

#define ADMIT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ADMIT_TEST(new_guids_at_each_poll),
        ADMIT_TEST(links_that_flap),
        ADMIT_TEST(links_that_change_beyond_recognition),
        ADMIT_TEST(entries_in_any_order),
        ADMIT_TEST(documents_that_shrink_and_grow_back),
        ADMIT_TEST(what_was_read_before_need_not_be_read_again),
        ADMIT_TEST(bodies_with_a_counter_in_them),
        ADMIT_TEST(a_title_that_is_edited_at_each_poll),
        ADMIT_TEST(edits_hours_apart_all_come_out),
        ADMIT_TEST(the_last_edit_of_many_comes_out_in_the_end),
        ADMIT_TEST(dates_that_are_always_now),
        ADMIT_TEST(one_guid_for_different_entries),
        ADMIT_TEST(one_shared_guid_and_a_new_entry_alone),
        ADMIT_TEST(one_link_for_different_entries),
        ADMIT_TEST(no_guids),
        ADMIT_TEST(neither_guids_nor_links),
        ADMIT_TEST(guids_that_change_their_case),
        ADMIT_TEST(a_document_that_grows),
        ADMIT_TEST(a_window_that_slides),
        ADMIT_TEST(old_entries_that_come_back_at_times),
        ADMIT_TEST(two_formats_in_turn),
        ADMIT_TEST(an_entry_listed_twice_in_one_document),
        ADMIT_TEST(an_old_date_does_not_make_an_entry_old),
        ADMIT_TEST(daily_entries_of_the_same_words),
        ADMIT_TEST(one_guid_for_one_entry_after_the_other),
        ADMIT_TEST(a_marked_entry_that_is_edited),
        ADMIT_TEST(a_first_document_without_dates_publishes_its_top),
        ADMIT_TEST(what_is_forgotten_and_what_is_not),
        ADMIT_TEST(the_memory_of_a_busy_feed_is_bounded),
        ADMIT_TEST(many_entries_of_one_key_cost_no_more_than_others),
        ADMIT_TEST(addresses_that_are_the_same_article),
        ADMIT_TEST(dates_of_rfc_3339),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
