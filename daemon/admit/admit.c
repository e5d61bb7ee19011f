/* admit.c - how the entries of a document are told apart, and matched with what its feed held
 * before. */
#include "admit/admit.h"

#include "base/clock.h"
#include "base/hash.h"

/* Chosen by hand, between newsrooms that correct a story some times and systems that write a
 * counter into every answer. Of test_admit_edits, bodies_with_a_counter_in_them wants that these
 * come to rest, edits_hours_apart_all_come_out that those are not held back; with half or twice of
 * BUDGET, half of WAIT_MOST or twice of WAIT_FIRST or QUIET_LEAST one of its tests fails. */
enum {
    BUDGET = 3,           /* revisions that go out at once */
    WAIT_FIRST = 10,      /* minutes before the next one; doubles with each */
    WAIT_MOST = 6 * 60,   /* minutes */
    DOUBLINGS_MOST = 6,   /* 10 minutes doubled so often are over WAIT_MOST */
    QUIET_LEAST = 2 * 60, /* minutes without a revision after which the budget is whole again, */
    QUIET_WAITS = 4,      /* and so many of the last wait; no test tells it from 2 or 8 */
};

/* Entries that repeat the words of the last document under new guids and addresses: one or two are
 * daily news, not a habit of guids, and then it is more than half of the document. Chosen by hand;
 * test_admit holds the number (1 and 6 fail), and nothing the half. */
enum { CHURN_LEAST = 3, CHURN_PART = 2 };

/* Mixes of 64-bit words by the golden ratio and by a multiplier of an avalanche mix; both are odd.
 * Any would do that spreads keys over slots. */
static const uint64_t golden = 0x9e3779b97f4a7c15U;
static const uint64_t spread = 0xd6e8feb86659fd93U;

enum { SLOTS_LEAST = 16 }; /* of an index; it has more of them than nodes */

/* Nodes by key, chained; each key's nodes come out in order of their number. */
struct index {
    uint64_t seed, mask;
    uint64_t *keys;
    uint32_t *heads, *next; /* number + 1; 0 ends */
};

static uint64_t mix(uint64_t a, uint64_t b)
{
    a = (a ^ (b * golden)) * spread;
    return a ^ a >> 32;
}

static struct index index_new(struct arena *arena, size_t nodes, uint64_t seed)
{
    struct index index = {.seed = seed, .mask = SLOTS_LEAST - 1};

    while (index.mask < nodes)
        index.mask = index.mask * 2 + 1;
    index.keys = arena_alloc_array(arena, nodes + 1, sizeof(*index.keys));
    index.next = arena_alloc_array(arena, nodes + 1, sizeof(*index.next));
    index.heads = arena_alloc_array(arena, index.mask + 1, sizeof(*index.heads));
    return index;
}

static uint32_t *index_slot(const struct index *index, uint64_t key)
{
    return &index->heads[mix(key, index->seed) & index->mask];
}

static void index_add(struct index *index, uint64_t key, size_t node)
{
    uint32_t *slot = index_slot(index, key);

    index->keys[node] = key;
    index->next[node] = *slot;
    *slot = (uint32_t)node + 1;
}

/* The newest node of key, or SIZE_MAX. */
static size_t index_find(const struct index *index, uint64_t key)
{
    uint32_t at = *index_slot(index, key);

    while (at != 0 && index->keys[at - 1] != key)
        at = index->next[at - 1];
    return (size_t)at - 1;
}

/* The first node of key that is not taken, or SIZE_MAX. Taken nodes leave the chain, so that many
 * entries of one key cost no more than many of different keys. */
static size_t index_take(struct index *index, uint64_t key, const bool *taken)
{
    uint32_t *link = index_slot(index, key);

    while (*link != 0) {
        size_t node = *link - 1;

        if (taken[node])
            *link = index->next[node];
        else if (index->keys[node] == key)
            return node;
        else
            link = &index->next[node];
    }
    return SIZE_MAX;
}

struct matching {
    const struct admit *admit;
    struct seen *seen;
    size_t held; /* items before this document */
    struct admit_decision *decisions;
    bool *taken;                          /* items */
    struct index guids, urls;             /* of the document: the first entry of each */
    uint32_t *guid_entries, *url_entries; /* how many different entries it stands for */
    uint32_t minute;
};

/* Whether the entry repeats an earlier one of the document. */
static bool is_repeat(struct index *pairs, const struct admit_entry *e, size_t i)
{
    uint64_t keys[3] = {0, 0, 0};
    bool found = false;

    if (e->guid != 0 && e->url != 0)
        keys[0] = mix(mix(e->guid, e->url), 1 ^ pairs->seed);
    if (e->guid != 0 && e->content != 0)
        keys[1] = mix(mix(e->guid, e->content), 2 ^ pairs->seed);
    if (e->content != 0 && (e->url != 0 || e->guid == 0))
        keys[2] = mix(mix(mix(e->url, e->content), e->date), 3 ^ pairs->seed);
    for (size_t k = 0; k < 3; k++)
        found = found || (keys[k] != 0 && index_find(pairs, keys[k]) != SIZE_MAX);
    for (size_t k = 0; k < 3 && !found; k++)
        if (keys[k] != 0)
            index_add(pairs, keys[k], 3 * i + k);
    return found;
}

static void count_entry(struct index *leaders, uint32_t *entries, uint64_t key, size_t i)
{
    size_t leader = key == 0 ? SIZE_MAX : index_find(leaders, key);

    if (key == 0)
        return;
    if (leader == SIZE_MAX) {
        index_add(leaders, key, i);
        leader = i;
    }
    entries[leader]++;
}

/* Whether key stands for different entries of the document. */
static bool is_shared(const struct index *leaders, const uint32_t *entries, uint64_t key)
{
    size_t leader = key == 0 ? SIZE_MAX : index_find(leaders, key);

    return leader != SIZE_MAX && entries[leader] > 1;
}

/* Find repeats, and which guids and addresses identify an entry. */
static void read_document(struct matching *m)
{
    const struct admit *admit = m->admit;
    struct arena *arena = m->seen->arena;
    struct index pairs = index_new(arena, 3 * admit->count, admit->seed);

    m->guids = index_new(arena, admit->count, admit->seed);
    m->urls = index_new(arena, admit->count, admit->seed);
    m->guid_entries = arena_alloc_array(arena, admit->count + 1, sizeof(uint32_t));
    m->url_entries = arena_alloc_array(arena, admit->count + 1, sizeof(uint32_t));
    for (size_t i = 0; i < admit->count; i++) {
        bool repeat = admit->entries[i].unread || is_repeat(&pairs, &admit->entries[i], i);

        m->decisions[i] =
            (struct admit_decision){.verdict = repeat ? ADMIT_KNOWN : ADMIT_NEW, .item = SIZE_MAX};
        if (repeat)
            continue;
        count_entry(&m->guids, m->guid_entries, admit->entries[i].guid, i);
        count_entry(&m->urls, m->url_entries, admit->entries[i].url, i);
    }
    for (size_t i = 0; i < admit->count; i++) {
        const struct admit_entry *e = &admit->entries[i];

        m->decisions[i].guid_fit = e->guid != 0 && !is_shared(&m->guids, m->guid_entries, e->guid);
        m->decisions[i].url_fit = e->url != 0 && !is_shared(&m->urls, m->url_entries, e->url);
    }
}

static void mark_shared(struct matching *m)
{
    for (size_t i = 0; i < m->held; i++) {
        struct seen_item *item = &m->seen->items[i];

        if (is_shared(&m->guids, m->guid_entries, item->guid))
            item->flags |= SEEN_GUID_SHARED;
        if (is_shared(&m->urls, m->url_entries, item->url))
            item->flags |= SEEN_URL_SHARED;
    }
}

/* Whether a revision may go out now; counts it when it may. */
static bool may_revise(struct seen_item *item, uint32_t minute)
{
    uint32_t since = minute > item->revised ? minute - item->revised : 0;
    uint32_t wait = 0;

    if (item->revisions >= BUDGET) {
        uint32_t doublings = item->revisions - BUDGET;

        wait = doublings > DOUBLINGS_MOST ? WAIT_MOST : (uint32_t)WAIT_FIRST << doublings;
        wait = wait > WAIT_MOST ? WAIT_MOST : wait;
    }
    if (since < wait)
        return false;
    if (since >= QUIET_LEAST && since >= QUIET_WAITS * wait)
        item->revisions = 0;
    item->revisions += item->revisions < UINT8_MAX;
    item->revised = minute;
    return true;
}

static uint8_t entry_flags(const struct admit_entry *e, const struct admit_decision *d)
{
    unsigned flags = e->brief ? SEEN_BRIEF : 0;

    if (e->guid != 0 && !d->guid_fit)
        flags |= SEEN_GUID_SHARED;
    if (e->url != 0 && !d->url_fit)
        flags |= SEEN_URL_SHARED;
    return (uint8_t)flags;
}

/* The item is this entry: bring it up to date and see whether it says something new. */
static void match(struct matching *m, size_t i, size_t n)
{
    const struct admit_entry *e = &m->admit->entries[i];
    struct admit_decision *d = &m->decisions[i];
    struct seen_item *item = &m->seen->items[n];
    bool other_guid = e->guid != 0 && item->guid != 0 && e->guid != item->guid;
    bool other_url = e->url != 0 && e->url != item->url;
    bool other_date = e->date != 0 && item->date != 0 && e->date != item->date;
    bool changed = e->content != 0 && e->content != item->content;

    m->taken[n] = true;
    d->item = n;
    d->moved = d->url_fit && other_url;
    d->verdict = ADMIT_KNOWN;
    /* With another date and another guid or address it may well be another entry: never held back.
     */
    if (changed && item->article != 0 &&
        (may_revise(item, m->minute) || (other_date && (other_guid || other_url))))
        d->verdict = ADMIT_CHANGED;
    d->put_off = changed && item->article != 0 && d->verdict != ADMIT_CHANGED;
    if (d->verdict == ADMIT_CHANGED || (changed && item->article == 0))
        item->content = e->content;
    if (other_guid)
        item->flags &= (uint8_t)~SEEN_GUID_SHARED;
    if (other_url)
        item->flags &= (uint8_t)~SEEN_URL_SHARED;
    item->flags &= (uint8_t)~SEEN_BRIEF;
    item->flags |= entry_flags(e, d);
    item->guid = e->guid != 0 ? e->guid : item->guid;
    item->url = e->url != 0 ? e->url : item->url;
    item->date = e->date;
    item->raw =
        item->guid == e->guid && item->url == e->url && item->content == e->content ? e->raw : 0;
}

/* Pass over the entries that are still unmatched: by guid, address, or content and date; items
 * without an identity of their own by content alone. */
enum pass { BY_GUID, BY_URL, BY_CONTENT, BY_CONTENT_ALONE, PASSES };

static uint64_t item_key(enum pass pass, const struct seen_item *item)
{
    bool guid_fit = item->guid != 0 && (item->flags & SEEN_GUID_SHARED) == 0;
    bool url_fit = item->url != 0 && (item->flags & SEEN_URL_SHARED) == 0;

    switch (pass) {
    case BY_GUID:
        return guid_fit ? item->guid : 0;
    case BY_URL:
        return url_fit ? item->url : 0;
    case BY_CONTENT:
        return item->content != 0 && (item->date != 0 || item->absent == 0)
                   ? mix(item->content, item->date)
                   : 0;
    default:
        return guid_fit || url_fit ? 0 : item->content;
    }
}

static uint64_t entry_key(
    enum pass pass, const struct admit_entry *e, const struct admit_decision *d)
{
    switch (pass) {
    case BY_GUID:
        return d->guid_fit ? e->guid : 0;
    case BY_URL:
        return d->url_fit ? e->url : 0;
    case BY_CONTENT:
        return e->content == 0 ? 0 : mix(e->content, e->date);
    default:
        return d->guid_fit || d->url_fit ? 0 : e->content;
    }
}

static bool is_unmatched(const struct matching *m, size_t i)
{
    return m->decisions[i].verdict == ADMIT_NEW && m->decisions[i].item == SIZE_MAX;
}

/* Whether most of the document says what the last one said, under guids and addresses that were
 * never seen. */
static bool is_churning(const struct matching *m, const struct index *items)
{
    size_t repeated = 0;

    for (size_t i = 0; i < m->admit->count; i++) {
        uint64_t key = entry_key(BY_CONTENT, &m->admit->entries[i], &m->decisions[i]);

        repeated += is_unmatched(m, i) && key != 0 && index_find(items, key) != SIZE_MAX;
    }
    return repeated >= CHURN_LEAST && CHURN_PART * repeated > m->admit->count;
}

/* Returns how many entries are left unmatched. */
static size_t match_pass(struct matching *m, enum pass pass)
{
    struct index items = index_new(m->seen->arena, m->held, m->admit->seed);
    size_t left = 0;
    bool churning;

    for (size_t n = m->held; n-- > 0;) {
        uint64_t key = m->taken[n] ? 0 : item_key(pass, &m->seen->items[n]);

        if (key != 0)
            index_add(&items, key, n);
    }
    churning = pass == BY_CONTENT && is_churning(m, &items);
    for (size_t i = 0; i < m->admit->count; i++) {
        const struct admit_entry *e = &m->admit->entries[i];
        uint64_t key = entry_key(pass, e, &m->decisions[i]);
        size_t n;

        if (!is_unmatched(m, i))
            continue;
        if (pass == BY_CONTENT && e->brief && e->date == 0 && !churning)
            key = 0;
        n = key == 0 ? SIZE_MAX : index_take(&items, key, m->taken);
        if (n != SIZE_MAX)
            match(m, i, n);
        else
            left++;
    }
    return left;
}

static void add_new(struct matching *m, size_t i)
{
    const struct admit_entry *e = &m->admit->entries[i];
    struct admit_decision *d = &m->decisions[i];
    struct seen *seen = m->seen;

    if (seen->count == seen->cap)
        seen->items = arena_grow(seen->arena, seen->items, &seen->cap, sizeof(*seen->items));
    d->item = seen->count;
    seen->items[seen->count++] = (struct seen_item){.guid = e->guid,
        .url = e->url,
        .content = e->content,
        .raw = e->raw,
        .date = e->date,
        .seen = m->minute,
        .flags = entry_flags(e, d)};
}

void admit_recall(struct seen *seen, uint64_t seed, struct admit_entry *entries, size_t count)
{
    struct index raws = index_new(seen->arena, seen->count, seed);

    for (size_t n = 0; n < seen->count; n++)
        if (seen->items[n].raw != 0)
            index_add(&raws, seen->items[n].raw, n);
    for (size_t i = 0; i < count; i++) {
        size_t n = entries[i].unread ? index_find(&raws, entries[i].raw) : SIZE_MAX;
        const struct seen_item *item = n == SIZE_MAX ? NULL : &seen->items[n];

        if (item != NULL)
            entries[i] = (struct admit_entry){.guid = item->guid,
                .url = item->url,
                .content = item->content,
                .date = item->date,
                .brief = (item->flags & SEEN_BRIEF) != 0,
                .raw = item->raw};
    }
}

void admit_decide(
    const struct admit *admit, struct seen *seen, struct admit_decision *ret_decisions)
{
    struct matching m = {.admit = admit,
        .seen = seen,
        .held = seen->count,
        .decisions = ret_decisions,
        .minute = (uint32_t)(admit->now / SECOND / 60)};
    size_t left = admit->count;

    m.taken = arena_alloc_array(seen->arena, seen->count + 1, sizeof(bool));
    read_document(&m);
    mark_shared(&m);
    for (int pass = BY_GUID; pass < PASSES && left > 0 && m.held > 0; pass++)
        left = match_pass(&m, (enum pass)pass);
    for (size_t n = 0; n < m.held; n++) {
        struct seen_item *item = &seen->items[n];

        if (m.taken[n]) {
            item->absent = 0;
            item->seen = m.minute;
        } else if (!admit->partial) {
            item->absent += item->absent < UINT16_MAX;
        }
    }
    for (size_t i = 0; i < admit->count; i++)
        if (ret_decisions[i].verdict == ADMIT_NEW)
            add_new(&m, i);
}
