/* test_arena.c - memory given out piece by piece: apart, zeroed, aligned, bounded, and what happens
 * at the bound. */
#include "base/arena.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/test.h"

enum { PIECES = 3000, LIMIT = 8 << 20 };

static bool is_all(const char *memory, size_t size, char byte)
{
    for (size_t i = 0; i < size; i++)
        if (memory[i] != byte)
            return false;
    return true;
}

/* Sizes from nothing to some kilobytes, as records have them. */
static size_t size_of(int piece)
{
    return (size_t)(piece * 7919 % 61 == 0 ? 5000 + piece : piece * 31 % 97);
}

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    struct arena *arena = arena_new(LIMIT);
    static char *pieces[PIECES];

    (void)state;
    for (int round = 0; round < 2; round++) { /* memory that was used before is zeroed, too */
        for (int i = 0; i < PIECES; i++) {
            pieces[i] = arena_alloc(arena, size_of(i));
            assert_non_null(pieces[i]);
            assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
            assert_true(is_all(pieces[i], size_of(i), 0));
            memset(pieces[i], i % 251 + 1, size_of(i));
        }
        for (int i = 0; i < PIECES; i++)
            assert_true(is_all(pieces[i], size_of(i), (char)(i % 251 + 1)));
        arena_reset(arena);
    }
    arena_free(arena);
    arena_free(NULL);
}

static void an_array_that_grows_keeps_what_it_has(void **state)
{
    struct arena *arena = arena_new(LIMIT);
    int *items = NULL;
    size_t cap = 0;

    (void)state;
    for (size_t n = 0; n < 10000; n++) {
        if (n == cap)
            items = arena_grow(arena, items, &cap, sizeof(*items));
        assert_true(cap > n);
        items[n] = (int)n;
    }
    for (size_t n = 0; n < 10000; n++)
        assert_int_equal(items[n], n);
    assert_true(arena_used(arena) < 10 * 10000 * sizeof(*items)); /* doubling, not one by one */
    arena_free(arena);
}

/* What is said to fit does, and no more is taken than the limit. */
static void no_more_than_the_limit_is_taken(void **state)
{
    static const size_t limits[] = {5000, 64 << 10, (1 << 20) + 12345};

    (void)state;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        struct arena *arena = arena_new(limits[i]);
        size_t pieces = 0;

        for (; arena_has(arena, 100); pieces++) {
            size_t before = arena_left(arena);

            arena_alloc(arena, 100);
            assert_true(arena_left(arena) <= before);
        }
        assert_true(arena_used(arena) <= limits[i]);
        assert_true(pieces * 112 > limits[i] / 4); /* and it can be used */
        assert_false(arena_has(arena, limits[i]));
        assert_false(arena_has(arena, SIZE_MAX));
        arena_free(arena);
    }
}

static void who_asks_to_gives_the_work_up_instead(void **state)
{
    struct arena *arena = arena_new(64 << 10);
    jmp_buf give_up;
    volatile int gave_up = 0;

    (void)state;
    if (setjmp(give_up) == 0) {
        arena_on_over(arena, &give_up);
        for (;;)
            memset(arena_alloc(arena, 1000), 1, 1000);
    }
    gave_up++;
    assert_int_equal(gave_up, 1);
    assert_true(arena_used(arena) <= 64 << 10);
    arena_reset(arena);
    assert_true(arena_has(arena, 1000));
    assert_true(is_all(arena_alloc(arena, 1000), 1000, 0));
    arena_free(arena);
}

/* ---- the end of a process --------------------------------------------------------------- */

static void ask_for_too_much(void)
{
    arena_alloc(arena_new(4096), 5000);
}

static void ask_for_all(void)
{
    arena_alloc(arena_new(SIZE_MAX), SIZE_MAX - 100);
}

static void ask_for_an_array_that_overflows(void)
{
    arena_alloc_array(arena_new(SIZE_MAX), SIZE_MAX / 2, 4);
}

static void ask_a_second_time(void)
{
    struct arena *arena = arena_new(4096);
    jmp_buf give_up;

    if (setjmp(give_up) == 0)
        arena_on_over(arena, &give_up);
    arena_alloc(arena, 5000); /* jumps once, then ends the process */
}

static void a_process_over_its_limit_ends_and_says_so(void **state)
{
    static void (*const asks[])(void) = {
        ask_for_too_much, ask_for_all, ask_for_an_array_that_overflows, ask_a_second_time};

    (void)state;
    for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
        char said[200] = "";
        int pair[2];
        int status = 0;
        pid_t child;

        assert_int_equal(pipe2(pair, O_CLOEXEC), 0);
        child = fork();
        if (child == 0) {
            dup2(pair[1], STDERR_FILENO);
            asks[i]();
            _exit(0);
        }
        close(pair[1]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(read(pair[0], said, sizeof(said) - 1) > 0);
        close(pair[0]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), EXIT_MEMORY);
        assert_non_null(strstr(said, "out of memory"));
    }
}

static void texts_of_the_heap_are_copies(void **state)
{
    char text[] = "text";
    char *copy = new_text(text);

    (void)state;
    text[0] = 'n';
    assert_string_equal(copy, "text");
    free(copy);
    assert_null(new_text(NULL));
    copy = new_text("");
    assert_string_equal(copy, "");
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(an_array_that_grows_keeps_what_it_has),
        cmocka_unit_test(no_more_than_the_limit_is_taken),
        cmocka_unit_test(who_asks_to_gives_the_work_up_instead),
        cmocka_unit_test(a_process_over_its_limit_ends_and_says_so),
        cmocka_unit_test(texts_of_the_heap_are_copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
