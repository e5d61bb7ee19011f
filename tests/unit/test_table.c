/* test_table.c - items are found by hash and name, also among neighbours that were removed. */
#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { COUNT = 700 };

static bool is_number(const void *item, const void *key)
{
    return *(const int *)item == *(const int *)key;
}

static uint64_t crowded_hash(int number)
{
    return (uint64_t)(number % 37); /* long runs of neighbours, many with one hash */
}

static void finds_what_was_added_and_not_what_was_removed(void **state)
{
    struct table table = {0};
    int numbers[COUNT];
    bool in[COUNT] = {false};
    uint32_t seed = 3;

    (void)state;
    for (int i = 0; i < COUNT; i++)
        numbers[i] = i;
    assert_null(table_find(&table, 1, is_number, &numbers[1]));
    for (int round = 0; round < 20000; round++) {
        int i = (int)((seed = seed * 1664525 + 1013904223) >> 8) % COUNT;

        if (in[i])
            table_remove(&table, crowded_hash(i), &numbers[i]);
        else
            table_add(&table, crowded_hash(i), &numbers[i]);
        in[i] = !in[i];
        i = (i * 31) % COUNT;
        assert_ptr_equal(table_find(&table, crowded_hash(i), is_number, &numbers[i]),
            in[i] ? &numbers[i] : NULL);
    }
    table_done(&table);
    assert_int_equal(table.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_added_and_not_what_was_removed)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
