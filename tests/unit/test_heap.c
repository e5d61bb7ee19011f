/* test_heap.c - the least key first, whatever was put, moved and removed before. */
#include "base/heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { COUNT = 500 };

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void gives_the_least_key_first(void **state)
{
    struct heap heap = {0};
    struct heap_node nodes[COUNT] = {0};
    uint32_t seed = 7;
    int64_t last = INT64_MIN;

    (void)state;
    for (int i = 0; i < COUNT; i++)
        heap_put(&heap, &nodes[i], next_random(&seed) % 100);
    for (int i = 0; i < COUNT; i++) {
        int64_t key = heap_first_key(&heap);

        assert_true(key >= last);
        assert_int_equal(heap_key(&heap, heap_first(&heap)), key);
        last = key;
        heap_remove(&heap, heap_first(&heap));
    }
    assert_null(heap_first(&heap));
    assert_int_equal(heap_first_key(&heap), INT64_MAX);
    heap_done(&heap);
}

static void agrees_with_a_plain_list_after_moves_and_removals(void **state)
{
    struct heap heap = {0};
    struct heap_node nodes[COUNT] = {0};
    int64_t keys[COUNT];
    uint32_t seed = 11;

    (void)state;
    for (int round = 0; round < 5000; round++) {
        size_t i = next_random(&seed) % COUNT;
        int64_t least = INT64_MAX;
        size_t until = 0;

        if (nodes[i].place != 0 && next_random(&seed) % 3 == 0) {
            heap_remove(&heap, &nodes[i]);
            heap_remove(&heap, &nodes[i]);
        } else {
            keys[i] = next_random(&seed) % 1000;
            heap_put(&heap, &nodes[i], keys[i]);
        }
        for (size_t k = 0; k < COUNT; k++) {
            if (nodes[k].place == 0)
                continue;
            least = keys[k] < least ? keys[k] : least;
            until += keys[k] <= 300;
        }
        assert_int_equal(heap_first_key(&heap), least);
        assert_int_equal(heap_count_until(&heap, 300), until);
    }
    heap_done(&heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_least_key_first),
        cmocka_unit_test(agrees_with_a_plain_list_after_moves_and_removals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
