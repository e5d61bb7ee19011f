/* admit_fixture.h - a feed that is polled again and again, and its twin of which no entry is read
 * twice. */
#ifndef WIREROOM_TESTS_ADMIT_FIXTURE_H
#define WIREROOM_TESTS_ADMIT_FIXTURE_H

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include "admit/admit.h"
#include "base/clock.h"
#include "base/hash.h"

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

static inline int setup(void **state)
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

static inline int teardown(void **state)
{
    struct world *w = *state;

    arena_free(w->arena);
    free(w);
    return 0;
}

static inline uint64_t hash_of(const char *format, int64_t a, int64_t b)
{
    char text[200];

    snprintf(text, sizeof(text), format, (int)a, (int)b);
    return hash64(bytes_of(text));
}

static inline uint64_t key_of(const char *format, int64_t a)
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

static inline bool is_among(const struct world *w, uint64_t raw)
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

#define ADMIT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
