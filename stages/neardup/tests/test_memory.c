/* test_memory.c - the chains of runs, what a save gives back, and what is known of weeks before. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/space.h"
#include "index.h"
#include "memory.h"

static uint64_t hash_of(uint64_t n)
{
    return hash64((struct bytes){(const char *)&n, sizeof(n)});
}

/* Beside a plain list of who had which run; runs repeat now and then. Numbers begin before the one
 * from which on their last 24 bits begin at 0 again. */
static void finds_each_run_again_newest_first(void **state)
{
    enum { RUNS = 450000, DIFFERENT = 150000, KEPT = 410000, FIRST = (1 << 24) - RUNS / 20 };
    static uint16_t seen[DIFFERENT];
    struct index index;
    size_t most = 0;

    (void)state;
    index_init(&index, FIRST);
    for (uint32_t i = 0; i < RUNS; i++) {
        index_add(
            &index, hash_of(hash_of(i) % DIFFERENT), FIRST + i / 10, 1 + i % (INDEX_COMMON - 1));
        if (i >= KEPT && i % 10 == 9)
            index_forget(&index, 10);
        if (i == KEPT)
            most = index_memory(&index);
    }
    assert_true(index_memory(&index) < most + most / 4);
    for (uint32_t i = (index.first - FIRST) * 10; i < RUNS; i++)
        seen[hash_of(i) % DIFFERENT]++;
    for (uint64_t run = 0; run < DIFFERENT; run++) {
        struct index_hit found[INDEX_WALK];
        size_t count = index_find(&index, hash_of(run), found);

        assert_true(count >= seen[run]); /* another may have the same 32 bits */
        assert_true(count <= seen[run] + 30U);
        for (size_t i = 0; i < count; i++) {
            assert_true(found[i].article >= index.first);
            assert_true(i == 0 || found[i].article <= found[i - 1].article);
        }
    }
    index_done(&index);
}

/* A million articles with one run in common cost the newest a walk of INDEX_WALK, and the others
 * take no memory but for their share of the lines. */
static void looks_at_few_postings_of_a_common_run(void **state)
{
    struct index_hit found[INDEX_WALK];
    struct index index;

    (void)state;
    index_init(&index, 1);
    for (uint32_t i = 1; i < 200000; i++)
        index_add(&index, 42, i, (uint8_t)(1 + i % 3));
    assert_int_equal(index_find(&index, 42, found), INDEX_WALK);
    for (uint32_t i = 0; i < INDEX_WALK; i++) {
        assert_int_equal(found[i].article, 199999 - i);
        assert_int_equal(found[i].groups, 1 + (199999 - i) % 3);
    }
    assert_true(index_memory(&index) < (size_t)(64 + 4) << 16);
    for (uint32_t i = 1; i < 200000; i++)
        index_forget(&index, 1);
    assert_int_equal(index_find(&index, 42, found), 0);
    index_done(&index);
}

/* Phrases among runs that few have: what is asked of one is its newest article, and all that it
 * takes is the place of that. */
static void knows_the_newest_article_of_a_phrase(void **state)
{
    enum { ARTICLES = 60000, PHRASES = 50, OTHERS = 8, KEPT = 20000 };
    static uint32_t newest[PHRASES];
    struct index_hit found[INDEX_WALK];
    struct index index;

    (void)state;
    index_init(&index, 1);
    for (uint32_t i = 1; i <= ARTICLES; i++) {
        uint64_t phrase = hash_of(i) % PHRASES;
        uint8_t groups = i < 20 * PHRASES ? (uint8_t)(i / PHRASES) : UINT8_MAX;

        for (uint32_t other = 0; other < OTHERS; other++)
            index_add(&index, hash_of(1000 + i * OTHERS + other), i, 1);
        index_add(&index, hash_of(phrase), i, groups > 0 ? groups : 1);
        newest[phrase] = i;
        if (i > KEPT)
            index_forget(&index, OTHERS + 1);
    }
    for (uint64_t phrase = 0; phrase < PHRASES; phrase++) {
        assert_true(index_find(&index, hash_of(phrase), found) >= 1);
        assert_int_equal(found[0].article, newest[phrase]);
        assert_int_equal(found[0].groups, UINT8_MAX);
    }
    assert_true(index.full.end < 200); /* lines put aside; were each posting kept, 689 */
    index_done(&index);
}

/* Of texts of any length, of few words again and again, and of more runs than are sorted by their
 * places: ascending, each once. */
static void samples_the_runs_of_any_text_in_their_order(void **state)
{
    static const size_t lengths[] = {3, 4, 5, 40, 99, 100, 287, 288, 289, 600, 2500, 19000};
    struct sketcher *sketcher = sketcher_new();
    struct buf text = {0};

    (void)state;
    for (size_t n = 0; n < sizeof(lengths) / sizeof(lengths[0]); n++)
        for (uint64_t vocabulary = 7; vocabulary < 100000; vocabulary *= 12) {
            const struct sketch *sketch;

            buf_clear(&text);
            for (uint64_t i = 0; i < lengths[n]; i++)
                buf_printf(&text, "word%u ", (unsigned)(hash_of(i) % vocabulary));
            sketch = sketch_read(sketcher, LIT("A headline"), buf_bytes(&text));
            assert_true(sketch->shingle_count <= SKETCH_SHINGLES);
            assert_true((sketch->shingle_count > 0) == (lengths[n] >= SKETCH_SHINGLE));
            for (size_t i = 1; i < sketch->shingle_count; i++)
                assert_true(sketch->shingles[i] > sketch->shingles[i - 1]);
        }
    buf_done(&text);
    sketcher_free(sketcher);
}

static struct memory *new_memory(size_t articles)
{
    return memory_new(
        &(struct memory_options){.articles = articles, .window = 1 << 20, .whole = 1 << 20});
}

/* ---- saves -------------------------------------------------------------------- */

/* Articles of a small world: every third repeats an earlier one with a tail of its own. */
static struct bytes text_of(struct arena *arena, int i)
{
    struct buf text = {0};
    struct bytes copy;
    uint64_t source = (uint64_t)(i % 3 == 2 ? i / 2 : i);

    for (int n = 0; n < 80; n++)
        buf_printf(
            &text, "w%llx ", (unsigned long long)(hash_of(source * 100 + (uint64_t)n) % 5000));
    buf_printf(&text, "tail %d of it", i);
    copy = bytes_copy(arena, buf_bytes(&text));
    buf_done(&text);
    return copy;
}

/* Article serial has text i; the number of the one it repeats, or 0. */
static uint32_t next(struct memory *memory, struct sketcher *sketcher, int serial, int i)
{
    struct candidate candidates[MEMORY_CANDIDATES];
    struct arena *arena = arena_new(1 << 20);
    char id[60];
    struct arrival arrival = {.seen = 1000 + (uint32_t)serial};
    const struct candidate *best;
    double p = 0;

    snprintf(id, sizeof(id), serial % 2 == 0 ? "urn:uuid:5f0c1c1e-6a63-5b0e-9d3e-%012d" : "id %d",
        serial);
    arrival.id = bytes_of(id);
    arrival.sketch = sketch_read(sketcher, LIT("A headline"), text_of(arena, i));
    best = candidate_best(candidates, memory_compare(memory, &arrival, candidates), &p);
    memory_add(memory, &arrival, p >= .5 ? best->article : 0);
    arena_free(arena);
    return p >= .5 ? best->article : 0;
}

/* Saved in parts and given back now and then, the answers are those of a memory that never was, of
 * the parts that it asks for and no others. */
static void answers_alike_with_and_without_a_restart(void **state)
{
    enum { ARTICLES = 4200, PARTS = ARTICLES / 7 + 1, ROOM = 250 };
    struct sketcher *sketcher = sketcher_new();
    struct memory *whole = new_memory(ROOM);
    struct memory *parts = new_memory(ROOM);
    struct buf saved[PARTS] = {{0}};
    size_t count = 0;
    int copies = 0;

    (void)state;
    for (int i = 0; i < ARTICLES; i++) {
        uint32_t of = next(whole, sketcher, i, i);
        size_t needed;

        assert_int_equal(next(parts, sketcher, i, i), of);
        copies += of != 0;
        if (i % 7 != 0)
            continue;
        memory_save(parts, &saved[count++]);
        needed = memory_parts(parts);
        assert_true(needed <= count);
        if (i % 63 != 0)
            continue;
        memory_free(parts);
        parts = new_memory(ROOM);
        for (size_t n = count - needed; n < count; n++)
            assert_int_equal(memory_load(parts, buf_bytes(&saved[n])), 0);
    }
    assert_true(copies > 50);
    assert_true(memory_parts(parts) < count); /* the tables of words came whole once */
    for (size_t i = 0; i < count; i++)
        buf_done(&saved[i]);
    memory_free(whole);
    memory_free(parts);
    sketcher_free(sketcher);
}

/* More came since the last part than are kept: the next one is all there is to know. */
static void begins_anew_where_articles_went_without_a_save(void **state)
{
    enum { ROOM = 100, LATE = 400, ARTICLES = 900 };
    struct sketcher *sketcher = sketcher_new();
    struct memory *whole = new_memory(ROOM);
    struct memory *other = new_memory(ROOM);
    struct buf saved = {0};

    (void)state;
    for (int i = 0; i < LATE; i++) {
        next(whole, sketcher, i, i);
        if (i == 10)
            memory_save(whole, &saved);
    }
    buf_clear(&saved);
    memory_save(whole, &saved);
    assert_int_equal(memory_parts(whole), 1);
    assert_int_equal(memory_load(other, buf_bytes(&saved)), 0);
    for (int i = LATE; i < ARTICLES; i++)
        assert_int_equal(next(other, sketcher, i, i), next(whole, sketcher, i, i));
    buf_done(&saved);
    memory_free(whole);
    memory_free(other);
    sketcher_free(sketcher);
}

static void refuses_a_part_that_does_not_follow(void **state)
{
    struct sketcher *sketcher = sketcher_new();
    struct memory *memory = new_memory(100);
    struct memory *other = new_memory(100);
    struct buf saved[3] = {{0}};

    (void)state;
    for (int i = 0; i < 3; i++) {
        next(memory, sketcher, i, i);
        memory_save(memory, &saved[i]);
    }
    assert_int_equal(memory_parts(memory), 3);
    assert_int_equal(memory_load(other, buf_bytes(&saved[0])), 0);
    assert_int_equal(memory_load(other, buf_bytes(&saved[2])), -1);
    assert_int_equal(memory_count(other), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(memory_load(other, buf_bytes(&saved[i])), 0);
        buf_done(&saved[i]);
    }
    assert_int_equal(memory_count(other), 3);
    memory_free(memory);
    memory_free(other);
    sketcher_free(sketcher);
}

static void begin_afresh(struct memory **memory)
{
    memory_free(*memory);
    *memory = new_memory(100);
}

static void starts_afresh_from_a_save_that_makes_no_sense(void **state)
{
    struct sketcher *sketcher = sketcher_new();
    struct memory *memory = new_memory(100);
    struct buf saved = {0};

    (void)state;
    for (int i = 0; i < 5; i++)
        next(memory, sketcher, i, i);
    memory_save(memory, &saved);
    for (size_t i = 0; i < saved.len; i += i < 100 ? 1 : 101) {
        int code;

        begin_afresh(&memory);
        code = memory_load(memory, bytes_slice(buf_bytes(&saved), 0, i));
        assert_true(code == -1 ? memory_count(memory) == 0 : code == 0);
    }
    for (size_t i = 0; i < saved.len; i += 37) {
        saved.ptr[i] = (char)~saved.ptr[i];
        begin_afresh(&memory);
        memory_load(memory, buf_bytes(&saved)); /* whatever it says: no address outside of it */
        next(memory, sketcher, 6, 6);
        saved.ptr[i] = (char)~saved.ptr[i];
    }
    begin_afresh(&memory);
    assert_int_equal(memory_load(memory, LIT("garbage that is no save")), -1);
    assert_int_equal(memory_count(memory), 0);
    assert_int_equal(memory_load(memory, buf_bytes(&saved)), 0);
    assert_int_equal(memory_count(memory), 5);
    buf_done(&saved);
    memory_free(memory);
    sketcher_free(sketcher);
}

/* ---- weeks before --------------------------------------------------------------- */

enum { WINDOW = 3000, WHOLE = 500 };

static struct memory *new_mapped(struct space *space)
{
    return memory_new(&(struct memory_options){
        .articles = 100000, .window = WINDOW, .whole = WHOLE, .space = space});
}

/* The same text comes after a long while (half a window), and when the first is forgotten. */
static void knows_a_copy_by_a_sample_of_its_runs(void **state)
{
    enum { ARTICLES = 8500, TEXTS = WINDOW / 2 };
    struct sketcher *sketcher = sketcher_new();
    struct space *space = space_open(NULL, 64 << 20);
    struct memory *memory = new_mapped(space);
    size_t found = 0, asked = 0, most = 0;

    (void)state;
    for (int i = 0; i < ARTICLES; i++) {
        uint32_t of = next(memory, sketcher, i, 3 * (i % TEXTS)); /* no copies but of that time */

        assert_true(of == 0 || ((uint32_t)i + 1 - of) % TEXTS == 0);
        asked += i >= TEXTS;
        found += of != 0;
        most = space_bytes(space) > most ? space_bytes(space) : most;
    }
    assert_true(found > asked * 97 / 100);
    assert_int_equal(memory_count(memory), WINDOW + 1);
    assert_true(memory_mapped(memory) > (size_t)WINDOW * 300);
    assert_true(most <= memory_mapped(memory) + (2 << 20)); /* what went left no trace */
    memory_free(memory);
    assert_int_equal(space_bytes(space), 0);
    space_close(space);
    sketcher_free(sketcher);
}

/* With all ages of articles in it, and killed often. */
static void answers_alike_of_weeks_before_and_after_a_restart(void **state)
{
    enum { ARTICLES = 8100, EACH = 450, PARTS = ARTICLES / EACH };
    struct sketcher *sketcher = sketcher_new();
    struct memory *whole = new_mapped(NULL);
    struct space *space = space_open(NULL, 64 << 20);
    struct memory *parts = new_mapped(space);
    struct buf saved[PARTS] = {{0}};
    size_t count = 0;

    (void)state;
    for (int i = 0; i < ARTICLES; i++) {
        uint32_t of = next(whole, sketcher, i, i % 2 == 0 ? i : i / 3);

        assert_int_equal(next(parts, sketcher, i, i % 2 == 0 ? i : i / 3), of);
        if (i % EACH != EACH - 1)
            continue;
        memory_save(parts, &saved[count++]);
        if (count % 4 != 0)
            continue;
        memory_free(parts);
        parts = new_mapped(space);
        for (size_t n = 0; n < count; n++)
            assert_int_equal(memory_load(parts, buf_bytes(&saved[n])), 0);
    }
    for (size_t i = 0; i < count; i++)
        buf_done(&saved[i]);
    memory_free(whole);
    memory_free(parts);
    space_close(space);
    sketcher_free(sketcher);
}

/* A stream that goes on after months forgets as it goes, and nothing is compared with what is
 * older than the window. */
static void forgets_a_little_for_each_article_after_a_gap(void **state)
{
    struct sketcher *sketcher = sketcher_new();
    struct memory *memory = new_mapped(NULL);
    size_t before;

    (void)state;
    for (int i = 0; i < 900; i++)
        next(memory, sketcher, i, 3 * i);
    before = memory_count(memory);
    assert_int_equal(next(memory, sketcher, 1000000, 3 * 850), 0);
    assert_true(memory_count(memory) + 100 > before);
    for (int i = 1; i < 20; i++)
        next(memory, sketcher, 1000000 + i, 3 * i);
    assert_int_equal(memory_count(memory), 20);
    memory_free(memory);
    sketcher_free(sketcher);
}

/* A bot that posts near-equal articles by the thousand: each is compared with a few only. */
static void bounds_the_work_of_a_bot(void **state)
{
    struct sketcher *sketcher = sketcher_new();
    struct memory *memory = new_memory(5000);
    size_t apart = 0, empty = memory_bytes(memory);

    (void)state;
    for (int i = 0; i < 3000; i++)
        apart += next(memory, sketcher, i, 3 * (i % 2) + 300) == 0;
    assert_true(apart <= 2);
    assert_true((memory_bytes(memory) - empty) / 3000 < 1200);
    memory_free(memory);
    sketcher_free(sketcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_each_run_again_newest_first),
        cmocka_unit_test(looks_at_few_postings_of_a_common_run),
        cmocka_unit_test(knows_the_newest_article_of_a_phrase),
        cmocka_unit_test(samples_the_runs_of_any_text_in_their_order),
        cmocka_unit_test(answers_alike_with_and_without_a_restart),
        cmocka_unit_test(begins_anew_where_articles_went_without_a_save),
        cmocka_unit_test(refuses_a_part_that_does_not_follow),
        cmocka_unit_test(starts_afresh_from_a_save_that_makes_no_sense),
        cmocka_unit_test(knows_a_copy_by_a_sample_of_its_runs),
        cmocka_unit_test(answers_alike_of_weeks_before_and_after_a_restart),
        cmocka_unit_test(forgets_a_little_for_each_article_after_a_gap),
        cmocka_unit_test(bounds_the_work_of_a_bot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
