/* test_neardup.c - which records count as copies, of which, and for how long. */
#include "unit/test.h"

#include <stdio.h>

#include "memory.h"
#include "normal.h"
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

static void tells_texts_apart_by_one_letter(void **state)
{
    struct buf other = {0};

    (void)state;
    buf_add_cstr(&other, bridge);
    buf_add_cstr(&other, "s");
    same_as(first, bridge);
    assert_bytes(same_as(second, buf_cstr(&other)), "");
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
    assert_bytes(record_get(seen("third", bridge, "2026-03-16T09:00:01Z"), WR_SAME_AS), "");
    assert_bytes(record_get(seen("fourth", bridge, "2026-03-16T09:00:02Z"), WR_SAME_AS), "third");
}

static void forgets_the_oldest_when_it_is_full(void **state)
{
    char text[400];
    char id[20];

    (void)state;
    open_stage("texts", "3000");
    for (int i = 0; i < 10000; i++) {
        snprintf(text, sizeof(text), "%d %s", i, bridge);
        snprintf(id, sizeof(id), "id %d", i);
        assert_bytes(same_as(id, text), "");
    }
    snprintf(text, sizeof(text), "%d %s", 7000, bridge);
    assert_bytes(same_as("late", text), "id 7000");
    snprintf(text, sizeof(text), "%d %s", 6999, bridge);
    assert_bytes(same_as("later", text), "");
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

static void starts_afresh_from_a_save_that_makes_no_sense(void **state)
{
    struct memory *memory = memory_new(100, 1000000);
    struct buf saved = {0};

    (void)state;
    memory_add(memory, 1, bytes_of(first));
    memory_add(memory, 2, LIT("x"));
    memory_save(memory, &saved);
    for (size_t i = 9; i < saved.len; i++) {
        int code = memory_load(memory, bytes_slice(buf_bytes(&saved), 0, i));

        assert_true(code == -1 || memory_count(memory) == 1);
    }
    assert_int_equal(memory_load(memory, LIT("garbage that is no save")), -1);
    assert_int_equal(memory_count(memory), 0);
    assert_int_equal(memory_load(memory, buf_bytes(&saved)), 0);
    assert_int_equal(memory_count(memory), 2);
    buf_done(&saved);
    memory_free(memory);
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

static void folds_letters_of_other_scripts(void **state)
{
    static const char loud[] = "\xce\x91\xce\xa3 \xd0\x96 \xe0\xa4\x95\xe0\xa4\xbf\xff"
                               "1";
    static const char quiet[] = "\xce\xb1\xcf\x83\xd0\xb6.\xe0\xa4\x95\xe0\xa4\xbf-1";
    struct buf a = {0};
    struct buf b = {0};

    (void)state;
    normal_add(&a, (wr_str){loud, strlen(loud)});
    normal_add(&b, (wr_str){quiet, strlen(quiet)});
    assert_bytes(buf_bytes(&a), buf_cstr(&b));
    buf_done(&a);
    buf_done(&b);
}

#define NEARDUP_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NEARDUP_TEST(marks_a_copy_with_the_first_record),
        NEARDUP_TEST(does_not_see_typography_and_case),
        NEARDUP_TEST(tells_texts_apart_by_one_letter),
        NEARDUP_TEST(never_takes_an_update_for_a_copy_of_itself),
        NEARDUP_TEST(takes_back_a_mark_that_an_update_has_outlived),
        NEARDUP_TEST(leaves_short_texts_alone),
        NEARDUP_TEST(compares_headline_and_summary_without_a_body),
        NEARDUP_TEST(forgets_after_its_window),
        NEARDUP_TEST(forgets_the_oldest_when_it_is_full),
        NEARDUP_TEST(knows_after_a_restart_what_it_knew),
        NEARDUP_TEST(starts_afresh_from_a_save_that_makes_no_sense),
        NEARDUP_TEST(refuses_options_out_of_range),
        NEARDUP_TEST(folds_letters_of_other_scripts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
