/* test_worker_saved.c - the memory of ordered stages out of a worker and into the next one: whole
 * it holds, spoiled in any way it costs no worker, and what cannot be read is noted and learned
 * anew. */
#include "stages/worker.h"

enum { ARTICLES = 12 };

static const char *const real_stages[] = {TEST_STAGES, NULL};
static const char *const ordered_chain[] = {"neardup", NULL};

static void open_ordered(void)
{
    struct wr_record *request = record_new(arena);
    struct wr_record *ready;

    conf.stages.dirs = real_stages;
    conf.stages.names = ordered_chain;
    work_request(request, &conf, CHAIN_ORDERED, NULL);
    send_record(JOB_OPEN, request);
    assert_int_equal(receive(&ready), ANSWER_READY);
}

/* The worker goes, another one comes. */
static void start_anew(void)
{
    end();
    buf_clear(&in);
    start();
    open_ordered();
}

/* Whether an article of this number is told as a copy of one that was seen. */
static bool is_copy(int number, int telling)
{
    struct wr_record *rec = record_new(arena);
    struct wr_record *answer;
    struct buf text = {0};
    struct buf whole = {0};
    bool told;

    for (int i = 0; i < 40; i++)
        buf_printf(&text, "Sentence %d of article %d on the ferry that left quay %d at noon. ", i,
            number, (number * 31 + i * i) % 997);
    record_set(rec, WR_ID,
        bytes_format(arena, "urn:uuid:%08d-%04d-4000-8000-000000000000", number, telling));
    record_set(rec, WR_TITLE, bytes_format(arena, "Article %d", number));
    record_set(rec, WR_TEXT, buf_bytes(&text));
    record_set(rec, WR_LANGUAGE, LIT("en"));
    send_record(JOB_ORDERED, rec);
    assert_int_equal(receive(&answer), ANSWER_RECORD);
    record_encode(answer, &whole);
    told = bytes_find(buf_bytes(&whole), LIT("exact")) != SIZE_MAX;
    buf_done(&text);
    buf_done(&whole);
    return told;
}

static void learn(void)
{
    for (int number = 0; number < ARTICLES; number++)
        assert_false(is_copy(number, 1));
    assert_true(is_copy(0, 2));
}

static struct bytes save(void)
{
    struct wr_record *saved;

    send_record(JOB_SAVE, record_new(arena));
    assert_int_equal(receive(&saved), ANSWER_SAVED);
    assert_int_equal(wr_count(saved, REC_STAGE), 1);
    assert_bytes(record_get(saved, REC_STAGE), "neardup");
    return record_get(saved, REC_BODY);
}

/* Notes of stages that did not take it. */
static size_t load(const char *stage, struct bytes memory)
{
    struct arena *kept = arena;
    struct wr_record *request;
    struct wr_record *answer;
    size_t notes;

    arena = arena_new(16 << 20); /* a memory is half a megabyte */
    request = record_new(arena);

    record_add(request, REC_STAGE, bytes_of(stage));
    record_add(request, REC_BODY, memory);
    send_record(JOB_LOAD, request);
    assert_int_equal(receive(&answer), ANSWER_RECORD);
    notes = wr_count(answer, REC_NOTE);
    arena_free(arena);
    arena = kept;
    return notes;
}

static void what_was_learned_holds_in_the_next_worker(void **state)
{
    struct bytes saved;

    (void)state;
    open_ordered();
    learn();
    saved = save();
    start_anew();
    assert_int_equal(load("neardup", saved), 0);
    for (int number = 0; number < ARTICLES; number++)
        assert_true(is_copy(number, 3));
    assert_false(is_copy(ARTICLES, 1));
    start_anew(); /* and not without */
    assert_false(is_copy(0, 3));
}

/* A second save has what came since the first, and nothing when nothing did. */
static void a_memory_is_saved_in_parts(void **state)
{
    struct wr_record *nothing;
    struct bytes first;
    struct bytes second;

    (void)state;
    open_ordered();
    learn();
    first = save();
    send_record(JOB_SAVE, record_new(arena));
    assert_int_equal(receive(&nothing), ANSWER_SAVED);
    assert_int_equal(wr_count(nothing, REC_STAGE), 0);
    assert_false(is_copy(ARTICLES, 1));
    second = save();
    assert_true(second.len < first.len);
    start_anew();
    assert_int_equal(load("neardup", first), 0);
    assert_int_equal(load("neardup", second), 0);
    assert_true(is_copy(0, 3));
    assert_true(is_copy(ARTICLES, 3));
}

/* Cut anywhere: it is refused with a note, or nothing of it is believed that is not there. */
static void a_memory_that_is_cut_costs_no_worker(void **state)
{
    struct bytes saved;
    size_t noted = 0;
    size_t tries = 0;

    (void)state;
    open_ordered();
    learn();
    saved = save();
    for (size_t len = 0; len < saved.len; len += 1 + saved.len / 60, tries++)
        noted += load("neardup", bytes_slice(saved, 0, len)) > 0;
    assert_true(noted + 1 >= tries); /* nothing at all is a memory, too */
    assert_false(is_copy(500, 1));
    assert_int_equal(load("neardup", saved), 0);
    assert_true(is_copy(3, 4));
}

static void a_memory_with_bits_turned_costs_no_worker(void **state)
{
    struct bytes saved;

    (void)state;
    open_ordered();
    learn();
    saved = save();
    for (size_t i = 0; i < 200; i++) {
        size_t at = i < 64 ? i : (i * 2654435761U) % saved.len; /* the head closely */

        ((char *)saved.ptr)[at] ^= (char)(1 << i % 8);
        assert_true(load("neardup", saved) > 0);
        ((char *)saved.ptr)[at] ^= (char)(1 << i % 8);
        is_copy(600 + (int)i, 1);
    }
    start_anew();
    assert_int_equal(load("neardup", saved), 0);
    assert_true(is_copy(5, 4));
}

static void a_memory_of_nobody_is_of_no_matter(void **state)
{
    static const struct bytes odd[] = {
        {"", 0}, {"\0", 1}, {"\xff\xff\xff\xff\xff\xff\xff\xff", 8}, {"{\"version\":1}", 13}};

    (void)state;
    open_ordered();
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        load("neardup", odd[i]);
        load("nobody", odd[i]);
        load("", odd[i]);
    }
    learn();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORKER_TEST(what_was_learned_holds_in_the_next_worker),
        WORKER_TEST(a_memory_is_saved_in_parts),
        WORKER_TEST(a_memory_that_is_cut_costs_no_worker),
        WORKER_TEST(a_memory_with_bits_turned_costs_no_worker),
        WORKER_TEST(a_memory_of_nobody_is_of_no_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
