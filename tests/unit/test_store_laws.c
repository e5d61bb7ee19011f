/* test_store_laws.c - what holds of a store whatever is done with it, in whatever order: sums that
 * add up, a log without gaps, versions in order, and a file that is whole and the same after a
 * start. */
#include "unit/own_clock.h"

#include "store_fixture.h"

#include <inttypes.h>

#include "base/json.h"
#include "store/salvage.h"

enum { FEEDS = 3, STORIES = 12, STEPS = 220, EVENTS = 2000, ALIVE = 400, TOPICS = 3 };

static const char *const topics[TOPICS] = {
    "all/article.new/en/", "all/article.updated/en/", "all/article.new/de/"};

/* A pending entry, as its admission told of it. */
struct waiting {
    int64_t row, article, version;
    char subject[80];
    bool aside; /* put there */
};

/* What is known of the store beside it. */
struct model {
    struct fixture *f;
    uint64_t random;
    int64_t feeds[FEEDS];
    int texts[STORIES]; /* which text each story has at present */
    struct waiting alive[ALIVE];
    size_t count;
    uint64_t log[EVENTS]; /* hash of subject and topic of each event, by sequence */
    uint64_t head, last_of[TOPICS];
    uint64_t published, dropped, admitted;
    struct waiting out[STORIES]; /* the newest version of each article that went out */
    size_t out_count;
};

/* xorshift64: the same steps on every machine. */
static uint64_t chance(struct model *m, uint64_t below)
{
    m->random ^= m->random << 13;
    m->random ^= m->random >> 7;
    m->random ^= m->random << 17;
    return m->random % below;
}

static void note(struct model *m, const char *subject, int topic)
{
    struct bytes text =
        bytes_format(m->f->arena, "%s %s %" PRIu64, subject, topics[topic], m->last_of[topic]);

    assert_true(++m->head < EVENTS);
    m->log[m->head] = hash64(text);
    m->last_of[topic] = m->head;
}

static void leave(struct model *m, size_t at)
{
    memmove(&m->alive[at], &m->alive[at + 1], (--m->count - at) * sizeof(m->alive[0]));
}

static void wait_for_kept(struct model *m)
{
    assert_int_equal(store_sync(m->f->store, &m->f->err), OK);
    uv_run(&m->f->loop, UV_RUN_NOWAIT);
}

/* ---- steps ------------------------------------------------------------------------ */

/* A document of one feed: some stories, the newest first, each as it is now. */
static void admit(struct model *m)
{
    size_t feed = (size_t)chance(m, FEEDS);
    struct item items[STORIES];
    size_t count = 0;

    for (int story = STORIES - 1; story >= 0; story--) {
        struct arena *arena = m->f->arena;

        if (chance(m, 3) != 0)
            continue;
        items[count++] = (struct item){.guid = bytes_format(arena, "%d of %zu", story, feed).ptr,
            .url = bytes_format(arena, "https://example.org/%d", story).ptr,
            .title = bytes_format(arena, "Story %d", story).ptr,
            .body = bytes_format(arena, "Text %d of story %d", m->texts[story], story).ptr};
    }
    fixture_admit_of(m->f, m->feeds[feed],
        bytes_format(m->f->arena, "https://example.org/feed%zu", feed).ptr, items, count, false);
    assert_int_equal(m->f->admit_err.code, OK);
    for (size_t i = 0; i < m->f->admitted_count; i++) {
        struct wr_record *rec = m->f->records[i];
        struct waiting *w = &m->alive[m->count++];

        assert_true(m->count < ALIVE);
        *w = (struct waiting){
            .row = m->f->pending[i], .version = record_get_int(rec, REC_VERSION, 0)};
        snprintf(w->subject, sizeof(w->subject), "%s", record_get_cstr(rec, WR_ID));
        m->admitted++;
    }
}

static void rewrite(struct model *m)
{
    for (int i = 0; i < 4; i++)
        m->texts[chance(m, STORIES)]++;
}

/* Versions of an article come farther and farther apart (admit.c). */
static void let_time_pass(struct model *m)
{
    pass_time((int64_t)chance(m, 6 * 3600) * SECOND);
}

/* Of one article only the oldest version that waits may go out: a later one would wait for it. */
static bool is_next(const struct model *m, size_t at)
{
    for (size_t i = 0; i < m->count; i++)
        if (i != at && !m->alive[i].aside && m->alive[i].version < m->alive[at].version &&
            strcmp(m->alive[i].subject, m->alive[at].subject) == 0)
            return false;
    return !m->alive[at].aside;
}

static struct waiting *out_of(struct model *m, const char *subject)
{
    size_t i = 0;

    while (i < m->out_count && strcmp(m->out[i].subject, subject) != 0)
        i++;
    assert_true(i < STORIES);
    if (i == m->out_count)
        snprintf(m->out[m->out_count++].subject, sizeof(m->out[0].subject), "%s", subject);
    return &m->out[i];
}

static void publish(struct model *m)
{
    size_t at = m->count == 0 ? 0 : (size_t)chance(m, m->count);
    int topic = (int)chance(m, TOPICS);
    size_t due = m->f->committed_count + 1;

    if (m->count == 0 || !is_next(m, at))
        return;
    fixture_commit_topic(m->f, m->alive[at].row, m->alive[at].subject, topics[topic]);
    fixture_wait(m->f, due);
    assert_int_equal(m->f->commit_codes[due - 1], OK);
    note(m, m->alive[at].subject, topic);
    assert_int_equal(m->f->sequences[due - 1], m->head);
    m->published++;
    out_of(m, m->alive[at].subject)->version = m->alive[at].version;
    leave(m, at);
}

static void publish_state(struct model *m)
{
    size_t due = m->f->committed_count + 1;

    fixture_commit_topic(m->f, 0, "f0000001", topics[0]);
    fixture_wait(m->f, due);
    note(m, "f0000001", 0);
    assert_int_equal(m->f->sequences[due - 1], m->head);
}

static void drop(struct model *m)
{
    size_t at = m->count == 0 ? 0 : (size_t)chance(m, m->count);

    if (m->count == 0 || !is_next(m, at))
        return;
    store_drop(m->f->store, m->alive[at].row, "stage", LIT(""));
    wait_for_kept(m);
    m->dropped++;
    leave(m, at);
}

static void put_aside(struct model *m)
{
    size_t at = m->count == 0 ? 0 : (size_t)chance(m, m->count);

    if (m->count == 0 || m->alive[at].aside)
        return;
    store_quarantine(m->f->store, m->alive[at].row, "it killed two workers");
    wait_for_kept(m);
    m->alive[at].aside = true;
}

static void take_out(struct model *m)
{
    size_t at = m->count == 0 ? 0 : (size_t)chance(m, m->count);

    if (m->count == 0 || !m->alive[at].aside)
        return;
    store_quarantine_remove(m->f->store, m->alive[at].row);
    wait_for_kept(m);
    m->dropped++;
    leave(m, at);
}

/* It waits again, unless a newer version of its article is out. */
static void take_again(struct model *m)
{
    size_t at = m->count == 0 ? 0 : (size_t)chance(m, m->count);
    struct waiting *w = &m->alive[at];

    if (m->count == 0 || !w->aside)
        return;
    store_quarantine_end(m->f->store, w->row);
    wait_for_kept(m);
    w->aside = out_of(m, w->subject)->version > w->version;
}

/* What nobody knows is asked for: it changes nothing. */
static void ask_in_vain(struct model *m)
{
    size_t due = m->f->committed_count + 1;

    store_quarantine_end(m->f->store, 1 << 30);
    store_quarantine_remove(m->f->store, 1 << 30);
    store_drop(m->f->store, 1 << 30, "stage", LIT(""));
    fixture_commit(m->f, 1 << 30, "urn:nobody");
    fixture_wait(m->f, due);
    assert_int_equal(m->f->commit_codes[due - 1], E_NOT_FOUND);
    assert_int_equal(m->f->sequences[due - 1], 0);
}

static void start_again(struct model *m)
{
    fixture_reopen(m->f);
}

/* ---- laws ------------------------------------------------------------------------- */

static int check_event(void *ctx, const struct committed *event)
{
    struct model *m = ctx;
    struct arena *arena = arena_new(1 << 20);
    struct json *json = NULL;
    int64_t before = 0;
    struct bytes text;

    assert_int_equal(json_parse(arena, event->body, &json, NULL), OK);
    assert_true(bytes_to_int(json_get_text(json, "prevsequence"), &before));
    text = bytes_format(arena, "%.*s %s %" PRIu64, FMT(json_get_text(json, "subject")),
        event->topic, (uint64_t)before);
    assert_true(m->log[event->sequence] == hash64(text));
    arena_free(arena);
    return 0;
}

/* All events are there, once, in order, each with its topic's last one before it. */
static void the_log_is_as_it_was_told(struct model *m)
{
    assert_int_equal(store_log_state(m->f->store).head, m->head);
    assert_int_equal(store_events(m->f->store, 0, EVENTS, check_event, m, &m->f->err), OK);
}

/* Each entry that was seen ends in exactly one counted way (store.h). */
static void the_sums_add_up(struct model *m)
{
    struct fixture *f = m->f;
    uint64_t aside = 0;
    uint64_t fresh = fixture_counter(f, "entries.new") + fixture_counter(f, "entries.changed");

    for (size_t i = 0; i < m->count; i++)
        aside += m->alive[i].aside;
    assert_int_equal(fresh, m->admitted);
    assert_int_equal(fixture_counter(f, "entries.published"), m->published);
    assert_int_equal(fixture_counter(f, "entries.dropped"), m->dropped);
    assert_int_equal(fixture_counter(f, "entries.quarantined"), aside);
    assert_int_equal(fixture_pending_count(f), m->count - aside);
    assert_int_equal(fixture_counter(f, "entries.seen"),
        fresh + fixture_counter(f, "entries.known") + fixture_counter(f, "entries.duplicate") +
            fixture_counter(f, "entries.marked") + fixture_counter(f, "entries.old"));
}

static void on_trouble(void *ctx, const char *text)
{
    (void)ctx;
    fail_msg("the file is not whole: %s", text);
}

static void the_file_is_whole(struct model *m)
{
    struct store_checked checked;

    assert_int_equal(store_check(m->f->path, on_trouble, NULL, &checked, &m->f->err), OK);
    assert_int_equal(checked.events, m->head);
    assert_int_equal(checked.waiting + checked.quarantined, m->count);
    assert_int_equal(checked.feeds, FEEDS);
}

static void live_through(struct fixture *f, uint64_t seed)
{
    static void (*const steps[])(struct model *) = {let_time_pass, let_time_pass, admit, admit,
        admit, rewrite, rewrite, rewrite, publish, publish, publish, publish, publish,
        publish_state, drop, put_aside, take_out, take_again, take_again, ask_in_vain, start_again};
    struct model *m = calloc(1, sizeof(*m));

    *m = (struct model){.f = f, .random = seed};
    for (size_t i = 0; i < FEEDS; i++)
        m->feeds[i] = fixture_feed(f, bytes_format(f->arena, "https://example.org/feed%zu", i).ptr);
    for (int i = 0; i < STEPS; i++) {
        steps[chance(m, sizeof(steps) / sizeof(steps[0]))](m);
        if (i % 25 == 0)
            the_sums_add_up(m);
    }
    wait_for_kept(m);
    the_sums_add_up(m);
    the_log_is_as_it_was_told(m);
    fixture_reopen(f);
    the_sums_add_up(m);
    the_log_is_as_it_was_told(m);
    the_file_is_whole(m);
    assert_true(m->published > 20 && m->dropped > 2); /* it was a life */
    free(m);
}

static void a_life_of_one_kind(void **state)
{
    live_through(*state, UINT64_C(0x9e3779b97f4a7c15));
}

static void a_life_of_another_kind(void **state)
{
    live_through(*state, UINT64_C(0xd1b54a32d192ed03));
}

/* A document that is admitted twice brings nothing the second time, whatever came between. */
static void admission_is_once(void **state)
{
    struct fixture *f = *state;
    int64_t feed = fixture_feed(f, "https://example.org/feed");

    for (int round = 0; round < 4; round++) {
        fixture_admit(f, feed, fixture_three, 3, false);
        assert_int_equal(f->admitted_count, round == 0 ? 3 : 0);
        assert_int_equal(f->counts[ADMIT_KNOWN], round == 0 ? 0 : 3);
        if (round == 0)
            fixture_publish(f);
        if (round == 1)
            fixture_reopen(f);
        if (round == 2)
            store_trim(f->store);
    }
}

/* Whichever of several feeds comes first: an article is admitted once, and all say where it was. */
static void whoever_comes_first_an_article_is_one(void **state)
{
    static const int orders[][3] = {
        {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    struct fixture *f = *state;
    int64_t feeds[3];

    for (int i = 0; i < 3; i++)
        feeds[i] = fixture_feed(f, bytes_format(f->arena, "https://example.org/feed%d", i).ptr);
    for (size_t o = 0; o < sizeof(orders) / sizeof(orders[0]); o++) {
        struct item item = {.url = bytes_format(f->arena, "https://example.org/of%zu", o).ptr,
            .title = "One story",
            .body = bytes_format(f->arena, "As %zu feeds tell it", o).ptr};
        size_t admitted = 0;

        for (int i = 0; i < 3; i++) {
            fixture_admit_of(f, feeds[orders[o][i]],
                bytes_format(f->arena, "https://example.org/feed%d", orders[o][i]).ptr, &item, 1,
                false);
            admitted += f->admitted_count;
        }
        assert_int_equal(admitted, 1);
    }
    assert_int_equal(fixture_counter(f, "entries.duplicate"), 2 * 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_life_of_one_kind),
        STORE_TEST(a_life_of_another_kind),
        STORE_TEST(admission_is_once),
        STORE_TEST(whoever_comes_first_an_article_is_one),
    };

    return cmocka_run_group_tests(tests, own_the_clock, NULL);
}
