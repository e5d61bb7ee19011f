/* arena.c - blocks that double in size, zeroed when given out. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20, ALIGN = 16 };

struct block {
    struct block *next; /* older */
    size_t size;        /* bytes of data */
    size_t used;
    _Alignas(16) char data[];
};

struct arena {
    struct block *block; /* newest */
    size_t limit;
    size_t used;
    jmp_buf *give_up; /* NULL: the process ends */
};

_Noreturn void arena_out_of_memory(size_t wanted)
{
    char line[80];
    int len = snprintf(line, sizeof(line), "out of memory: %zu bytes wanted\n", wanted);

    if (write(STDERR_FILENO, line, (size_t)len) < 0)
        _exit(EXIT_MEMORY);
    _exit(EXIT_MEMORY);
}

void *new_zeroed(size_t size)
{
    void *memory = calloc(1, size);

    if (memory == NULL)
        arena_out_of_memory(size);
    return memory;
}

char *new_text(const char *text)
{
    size_t size = text == NULL ? 0 : strlen(text) + 1;

    return text == NULL ? NULL : memcpy(new_zeroed(size), text, size);
}

_Noreturn static void over(struct arena *arena, size_t wanted)
{
    jmp_buf *give_up = arena->give_up;

    if (give_up == NULL)
        arena_out_of_memory(wanted);
    arena->give_up = NULL;
    longjmp(*give_up, 1);
}

void arena_on_over(struct arena *arena, jmp_buf *give_up)
{
    arena->give_up = give_up;
}

static void block_add(struct arena *arena, size_t size)
{
    size_t total = sizeof(struct block) + size;
    struct block *block;

    if (size > arena->limit || total > arena->limit - arena->used)
        over(arena, size);
    block = malloc(total);
    if (block == NULL)
        over(arena, total);
    *block = (struct block){.next = arena->block, .size = size};
    arena->block = block;
    arena->used += total;
}

struct arena *arena_new(size_t limit)
{
    struct arena *arena = malloc(sizeof(*arena));

    if (arena == NULL)
        arena_out_of_memory(sizeof(*arena));
    *arena = (struct arena){.limit = limit};
    return arena;
}

static void blocks_free(struct block *block)
{
    while (block != NULL) {
        struct block *next = block->next;

        free(block);
        block = next;
    }
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    blocks_free(arena->block);
    free(arena);
}

static size_t next_size(const struct arena *arena, size_t wanted)
{
    size_t size = arena->block == NULL ? FIRST_BLOCK : arena->block->size * 2;
    size_t left = arena->limit - arena->used;

    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (left > sizeof(struct block) && size > left - sizeof(struct block))
        size = left - sizeof(struct block);
    return size < wanted ? wanted : size;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    struct block *block = arena->block;
    void *piece;

    if (size > SIZE_MAX / 2)
        over(arena, size);
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (block == NULL || size > block->size - block->used) {
        block_add(arena, next_size(arena, size));
        block = arena->block;
    }
    piece = block->data + block->used;
    block->used += size;
    return memset(piece, 0, size);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(count, size, &total))
        over(arena, SIZE_MAX);
    return arena_alloc(arena, total);
}

void *arena_grow(struct arena *arena, const void *items, size_t *cap, size_t size)
{
    size_t grown = *cap == 0 ? 8 : *cap * 2;
    void *copy = arena_alloc_array(arena, grown, size);

    if (*cap > 0)
        memcpy(copy, items, *cap * size);
    *cap = grown;
    return copy;
}

void arena_reset(struct arena *arena)
{
    struct block *first = arena->block;

    if (first == NULL)
        return;
    while (first->next != NULL) {
        struct block *next = first->next;

        free(first);
        first = next;
    }
    first->used = 0;
    arena->block = first;
    arena->used = sizeof(struct block) + first->size;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

static size_t block_left(const struct arena *arena)
{
    return arena->block == NULL ? 0 : arena->block->size - arena->block->used;
}

size_t arena_left(const struct arena *arena)
{
    return arena->limit - arena->used + block_left(arena);
}

bool arena_has(const struct arena *arena, size_t size)
{
    size_t left = arena->limit - arena->used;
    size_t most = left > sizeof(struct block) ? left - sizeof(struct block) : 0;

    if (block_left(arena) > most)
        most = block_left(arena);
    return most >= ALIGN && size <= most - ALIGN;
}
