/* test_ring.c - items that come at one end and go at the other, on the heap and in a file. */
#include "unit/test.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/ring.h"
#include "base/space.h"

static void numbers_go_on_when_the_first_are_gone(void **state)
{
    enum { ITEMS = 5 * RING_BLOCK };
    struct ring ring;
    size_t most = 0;

    (void)state;
    ring_init(&ring, sizeof(uint64_t), 7);
    for (uint64_t i = 7; i < ITEMS; i++) {
        *(uint64_t *)ring_add(&ring) = i;
        if (i > 100)
            ring_forget(&ring, i - 90);
        most = ring_memory(&ring) > most ? ring_memory(&ring) : most;
    }
    assert_int_equal(ring.end, ITEMS);
    for (uint64_t i = ring.first; i < ring.end; i++)
        assert_int_equal(*(uint64_t *)ring_at(&ring, i), i);
    assert_true(most <= 3 * RING_BLOCK * sizeof(uint64_t));
    ring_forget(&ring, ITEMS + 5);
    assert_int_equal(ring.first, ITEMS);
    ring_done(&ring);
}

/* As a file of eight blocks has them, and one more on the heap. */
static void blocks_that_were_given_back_are_taken_again_empty(void **state)
{
    enum { BLOCKS = 9, FILE_BLOCKS = 8 };
    struct space *space = space_open("/tmp", (FILE_BLOCKS - 1) * (size_t)SPACE_BLOCK);
    char *blocks[BLOCKS];

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < BLOCKS; i++) {
            blocks[i] = space_take(space);
            for (size_t at = 0; at < SPACE_BLOCK; at += 1000)
                assert_int_equal(blocks[i][at], 0);
            memset(blocks[i], 1 + i, SPACE_BLOCK);
        }
        assert_int_equal(space_bytes(space), FILE_BLOCKS * (size_t)SPACE_BLOCK);
        for (int i = 0; i < BLOCKS; i++) {
            space_rest(space, blocks[i]);
            assert_int_equal(blocks[i][SPACE_BLOCK - 1], 1 + i);
            space_give(space, blocks[i]);
        }
        assert_int_equal(space_bytes(space), 0);
    }
    space_close(space);
}

/* A hole is a hole: nothing of what was given back stays in memory. */
static void what_is_given_back_leaves_a_hole(void **state)
{
    struct space *space = space_open(NULL, SPACE_BLOCK);
    char *block = space_take(space);
    unsigned char there[SPACE_BLOCK / 4096];

    (void)state;
    memset(block, 1, SPACE_BLOCK);
    space_give(space, block);
    assert_int_equal(mincore(block, SPACE_BLOCK, there), 0);
    for (size_t i = 0; i < sizeof(there); i++)
        assert_int_equal(there[i] & 1, 0);
    space_close(space);
}

static void a_folder_that_takes_no_file_is_none_needed(void **state)
{
    struct space *space = space_open("/nowhere", SPACE_BLOCK);
    char *block = space_take(space);

    (void)state;
    assert_int_equal(block[0], 0);
    assert_int_equal(space_bytes(space), SPACE_BLOCK);
    space_give(space, block);
    space_close(space);
}

/* Runs of many lengths beside a plain count of where they lie. */
static void runs_lie_in_one_block_and_go_as_they_came(void **state)
{
    enum { RUNS = 20000, KEPT = 300 };
    struct space *space = space_open(NULL, 4 << 20);
    struct ring rings[2];

    (void)state;
    ring_init(&rings[0], 16, 0);
    ring_init_in(&rings[1], 16, 0, space);
    for (size_t r = 0; r < 2; r++) {
        static uint32_t *at[RUNS];
        uint64_t after = 0;

        for (uint32_t i = 0; i < RUNS; i++) {
            size_t count = 1 + i % 61;

            at[i] = ring_add_run(&rings[r], count);
            for (size_t n = 0; n < count * 4; n++) {
                assert_int_equal(at[i][n], 0);
                at[i][n] = i;
            }
            after = ring_after_run(&rings[r], after, count);
            assert_int_equal(after, rings[r].end);
            if (i < KEPT)
                continue;
            assert_int_equal(at[i - KEPT][(1 + (i - KEPT) % 61) * 4 - 1], i - KEPT);
            ring_forget_run(&rings[r], 1 + (i - KEPT) % 61);
        }
        assert_true(ring_memory(&rings[r]) <= KEPT * 61 * 16 + 3 * SPACE_BLOCK);
        ring_done(&rings[r]);
    }
    assert_int_equal(space_bytes(space), 0);
    space_close(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_go_on_when_the_first_are_gone),
        cmocka_unit_test(blocks_that_were_given_back_are_taken_again_empty),
        cmocka_unit_test(what_is_given_back_leaves_a_hole),
        cmocka_unit_test(a_folder_that_takes_no_file_is_none_needed),
        cmocka_unit_test(runs_lie_in_one_block_and_go_as_they_came),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
