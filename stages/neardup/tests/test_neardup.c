/* test_neardup.c - which records count as copies, of which, and for how long. */
#include "unit/test.h"

#include <stdio.h>

#include "worker/chain.h"

static struct arena *arena;
static struct chain *chain;
static struct error err;

static const char bridge[] = "The harbour bridge was closed on Saturday after a ferry struck one "
                             "of its piers, the port authority "
                             "said.\nNobody was hurt. Engineers will look at the pier on Sunday "
                             "morning, and traffic is sent "
                             "through the tunnel until then.";

static void open_stage(const char *name, const char *value)
{
    const struct given_option option = {"neardup", name, value, NULL};

    chain_free(chain);
    chain = chain_new(NULL);
    assert_int_equal(chain_add(chain, &wireroom_stage, &option, name == NULL ? 0 : 1, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_ORDERED, &err), OK);
}

static int setup(void **state)
{
    (void)state;
    arena = arena_new(256 << 20);
    open_stage(NULL, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    chain_free(chain);
    chain = NULL;
    arena_free(arena);
    return 0;
}

static struct wr_record *seen(const char *id, const char *text, const char *when)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_ID, bytes_of(id));
    record_set(rec, WR_TEXT, bytes_of(text));
    record_set(rec, WR_FIRST_SEEN, bytes_of(when));
    chain_go(chain_start(chain, rec), NULL);
    return rec;
}

static struct bytes same_as(const char *id, const char *text)
{
    return record_get(seen(id, text, "2026-03-14T09:00:00Z"), WR_SAME_AS);
}

static const char first[] = "urn:uuid:5f0c1c1e-6a63-5b0e-9d3e-0a9e2b7d4c11";
static const char second[] = "urn:uuid:77d1a5c0-1111-5222-8333-944455566677";

static void marks_a_copy_with_the_first_record(void **state)
{
    struct wr_record *copy;

    (void)state;
    assert_bytes(same_as(first, bridge), "");
    copy = seen(second, bridge, "2026-03-14T09:05:00Z");
    assert_bytes(record_get(copy, WR_SAME_AS), first);
    assert_bytes(record_get(copy, WR_RELATION), "exact");
    assert_bytes(record_get(copy, WR_SIMILARITY), "1.00");
    assert_bytes(same_as("third", bridge), first);
}

static void does_not_see_typography_and_case(void **state)
{
    (void)state;
    same_as(first, "\xe2\x80\x9cNobody was hurt,\xe2\x80\x9d said the harbour master \xe2\x80\x94 "
                   "\xc3\x89LODIE Br\xc3\xbcn \xe2\x80\x94 on "
                   "Saturday. The bridge stays closed until its piers have been looked at by "
                   "engineers of the port.");
    assert_bytes(same_as(second,
                     "\"NOBODY was hurt\", said the harbour master - \xc3\xa9lodie BR\xc3\x9cN - "
                     "on Saturday.\n\nThe bridge "
                     "stays closed until its piers have been looked at by engineers of the port"),
        first);
}

/* One letter more is no longer the same word for word, and still the same report. */
static void tells_a_copy_from_one_that_was_touched(void **state)
{
    struct buf other = {0};
    struct wr_record *copy;

    (void)state;
    buf_add_cstr(&other, bridge);
    buf_add_cstr(&other, "s");
    seen(first, bridge, "2026-03-14T09:00:00Z");
    copy = seen(second, buf_cstr(&other), "2026-03-14T09:05:00Z");
    assert_bytes(record_get(copy, WR_SAME_AS), first);
    assert_bytes(record_get(copy, WR_RELATION), "reprint");
    buf_done(&other);
}

static void never_takes_an_update_for_a_copy_of_itself(void **state)
{
    (void)state;
    same_as(first, bridge);
    assert_bytes(same_as(first, bridge), "");
    assert_bytes(same_as(second, bridge), first);
    assert_bytes(same_as(first, bridge), "");
}

static void takes_back_a_mark_that_an_update_has_outlived(void **state)
{
    struct wr_record *rec;

    (void)state;
    same_as(first, bridge);
    rec = seen(second, bridge, "2026-03-14T09:05:00Z");
    record_set(rec, WR_TEXT,
        LIT("Since then this article has become quite another one, which tells at length of the "
            "tunnel, of its "
            "builders, of its cost, and of the queues in front of it on that Saturday."));
    chain_go(chain_start(chain, rec), NULL);
    assert_bytes(record_get(rec, WR_SAME_AS), "");
    assert_bytes(record_get(rec, WR_RELATION), "");
}

static void leaves_short_texts_alone(void **state)
{
    (void)state;
    same_as(first, "The page could not be found.");
    assert_bytes(same_as(second, "The page could not be found."), "");
}

static void compares_headline_and_summary_without_a_body(void **state)
{
    struct wr_record *a = record_new(arena);
    struct wr_record *b = record_new(arena);

    (void)state;
    record_set(a, WR_ID, bytes_of(first));
    record_set(b, WR_ID, bytes_of(second));
    record_set(a, WR_TITLE, LIT("Harbour bridge closed"));
    record_set(b, WR_TITLE, LIT("Harbour bridge closed"));
    record_set(a, WR_SUMMARY, bytes_of(bridge));
    record_set(b, WR_SUMMARY, bytes_of(bridge));
    chain_go(chain_start(chain, a), NULL);
    chain_go(chain_start(chain, b), NULL);
    assert_bytes(record_get(b, WR_SAME_AS), first);
}

static void forgets_after_its_window(void **state)
{
    (void)state;
    open_stage("days", "2");
    seen(first, bridge, "2026-03-14T09:00:00Z");
    assert_bytes(record_get(seen(second, bridge, "2026-03-16T08:59:00Z"), WR_SAME_AS), first);
    /* The first is forgotten, its copy is not. */
    assert_bytes(record_get(seen("third", bridge, "2026-03-16T09:00:01Z"), WR_SAME_AS), second);
    assert_bytes(record_get(seen("fourth", bridge, "2026-03-18T09:00:02Z"), WR_SAME_AS), "");
}

/* A text of its own for each i: what a number chooses of words that mean nothing together. */
static const char *made_text(int i)
{
    static const char *const words[] = {"harbour", "ferry", "pier", "tunnel", "council", "storm",
        "budget", "school", "river", "market", "train", "court", "police", "garden", "museum",
        "winter"};
    static char text[1000];
    uint32_t dice = (uint32_t)i * 2654435761U + 1;
    size_t len = 0;

    for (int n = 0; n < 60; n++) {
        dice = dice * 1664525U + 1013904223U;
        len += (size_t)snprintf(
            text + len, sizeof(text) - len, "%s%u ", words[dice >> 28], (dice >> 8) % 1000);
    }
    return text;
}

static void forgets_the_oldest_when_it_is_full(void **state)
{
    char id[20];

    (void)state;
    open_stage("texts", "300");
    for (int i = 0; i < 1000; i++) {
        snprintf(id, sizeof(id), "id %d", i);
        assert_bytes(same_as(id, made_text(i)), "");
    }
    assert_bytes(same_as("late", made_text(701)), "id 701");
    assert_bytes(same_as("later", made_text(600)), "");
}

static void knows_after_a_restart_what_it_knew(void **state)
{
    struct wr_record *saved = record_new(arena);
    struct wr_record *kept = record_new(arena);

    (void)state;
    same_as(first, bridge);
    same_as("plain id", "Another text that is long enough to be compared, about the tunnel under "
                        "the harbour, which carries all "
                        "the traffic of the bridge since Saturday morning.");
    chain_save(chain, saved);
    record_add(kept, REC_STAGE, record_get(saved, REC_STAGE));
    record_add(kept, REC_BODY, record_get(saved, REC_BODY));
    open_stage(NULL, NULL);
    chain_load_saved(chain, kept);
    assert_int_equal(wr_count(kept, REC_NOTE), 0);
    assert_bytes(same_as(second, bridge), first);
    assert_bytes(same_as("third", "Another text that is long enough to be compared, about the "
                                  "tunnel under the harbour, which carries "
                                  "all the traffic of the bridge since Saturday morning."),
        "plain id");
}

static void refuses_options_out_of_range(void **state)
{
    const struct given_option option = {"neardup", "days", "0", NULL};

    (void)state;
    chain_free(chain);
    chain = chain_new(NULL);
    assert_int_equal(chain_add(chain, &wireroom_stage, &option, 1, &err), OK);
    assert_int_equal(chain_open(chain, CHAIN_ORDERED, &err), E_REFUSED);
}

#define NEARDUP_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NEARDUP_TEST(marks_a_copy_with_the_first_record),
        NEARDUP_TEST(does_not_see_typography_and_case),
        NEARDUP_TEST(tells_a_copy_from_one_that_was_touched),
        NEARDUP_TEST(never_takes_an_update_for_a_copy_of_itself),
        NEARDUP_TEST(takes_back_a_mark_that_an_update_has_outlived),
        NEARDUP_TEST(leaves_short_texts_alone),
        NEARDUP_TEST(compares_headline_and_summary_without_a_body),
        NEARDUP_TEST(forgets_after_its_window),
        NEARDUP_TEST(forgets_the_oldest_when_it_is_full),
        NEARDUP_TEST(knows_after_a_restart_what_it_knew),
        NEARDUP_TEST(refuses_options_out_of_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
