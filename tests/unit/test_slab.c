/* test_slab.c - pieces of all sizes: apart from each other, aligned, used again. */
#include "base/slab.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "unit/test.h"

enum { PIECES = 2000 };

static size_t size_of(size_t i)
{
    return i * 7 % (SLAB_LARGEST + 300);
}

static void gives_each_piece_room_of_its_own(void **state)
{
    struct slab slab = {0};
    char *pieces[PIECES];

    (void)state;
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = slab_alloc(&slab, size_of(i));
        assert_int_equal((uintptr_t)pieces[i] % 16, 0);
        memset(pieces[i], (int)(i % 251), size_of(i));
    }
    for (size_t i = 0; i < PIECES; i += 2)
        slab_free(&slab, pieces[i], size_of(i));
    for (size_t i = 0; i < PIECES; i += 2) {
        pieces[i] = slab_alloc(&slab, size_of(i));
        memset(pieces[i], (int)(i % 251), size_of(i));
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t at = 0; at < size_of(i); at++)
            assert_int_equal((unsigned char)pieces[i][at], i % 251);
    for (size_t i = 0; i < PIECES; i++)
        slab_free(&slab, pieces[i], size_of(i));
    slab_done(&slab);
}

static void uses_a_freed_piece_for_the_next_of_its_size(void **state)
{
    struct slab slab = {0};
    char *piece = slab_alloc(&slab, 100);
    char *other = slab_alloc(&slab, 300);

    (void)state;
    slab_free(&slab, piece, 100);
    slab_free(&slab, NULL, 100);
    assert_ptr_not_equal(slab_alloc(&slab, 300), other);
    assert_ptr_equal(slab_alloc(&slab, 128), piece);
    slab_done(&slab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_each_piece_room_of_its_own),
        cmocka_unit_test(uses_a_freed_piece_for_the_next_of_its_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
