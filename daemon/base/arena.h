/* arena.h - memory that is given out piece by piece and freed as a whole. */
#ifndef WIREROOM_BASE_ARENA_H
#define WIREROOM_BASE_ARENA_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A new arena that gives out at most limit bytes, bookkeeping included. */
struct arena *arena_new(size_t limit);
void arena_free(struct arena *arena); /* NULL is allowed */

/* size zeroed bytes aligned for any object; never NULL. Over the limit the process ends through
 * arena_out_of_memory(), so sizes that come from outside are checked before they get here. */
void *arena_alloc(struct arena *arena, size_t size);

/* count zeroed objects of size bytes; count * size may not overflow (the process ends). */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* A larger copy of an array on the same arena (the old one stays until the end). For arrays that
 * grow: `if (n == cap) items = arena_grow(arena, items, &cap, sizeof(*items));` doubles cap. */
void *arena_grow(struct arena *arena, const void *items, size_t *cap, size_t size);

/* Who would rather give the work up than the process: over the limit, or when there is no more
 * memory, arena_alloc() jumps there instead, once; what was given out stays until arena_reset().
 * NULL: the process ends again. */
void arena_on_over(struct arena *arena, jmp_buf *give_up);

/* Forget all that was given out and keep the first block for what comes next. */
void arena_reset(struct arena *arena);

/* Bytes taken from the heap so far; those that pieces may still have; whether one of so many may.
 */
size_t arena_used(const struct arena *arena);
size_t arena_left(const struct arena *arena);
bool arena_has(const struct arena *arena, size_t size);

/* size zeroed bytes of the heap, for free(); never NULL: without memory the process ends. A copy of
 * text likewise, NULL of NULL. */
void *new_zeroed(size_t size);
char *new_text(const char *text);

/* What ends the process when memory is over its limit: a line on standard error and
 * _exit(EXIT_MEMORY). */
enum { EXIT_MEMORY = 71 };
_Noreturn void arena_out_of_memory(size_t wanted);

#endif
