/* slab.c - chunks cut into pieces of sixteen sizes. */
#include "base/slab.h"

#include <stdlib.h>

#include "base/arena.h"

enum { STEP = SLAB_LARGEST / SLAB_CLASSES, CHUNK = 32 << 10 };

struct slab_chunk {
    struct slab_chunk *next;
    _Alignas(16) char data[];
};

static size_t class_of(size_t size)
{
    return size == 0 ? 0 : (size - 1) / STEP;
}

static void chunk_add(struct slab *slab)
{
    struct slab_chunk *chunk = malloc(CHUNK);

    if (chunk == NULL)
        arena_out_of_memory(CHUNK);
    chunk->next = slab->chunks;
    slab->chunks = chunk;
    slab->room = chunk->data;
    slab->left = CHUNK - sizeof(*chunk);
}

void *slab_alloc(struct slab *slab, size_t size)
{
    size_t whole = (class_of(size) + 1) * STEP;
    void **free_piece;
    void *piece;

    if (size > SLAB_LARGEST) {
        piece = malloc(size);
        if (piece == NULL)
            arena_out_of_memory(size);
        return piece;
    }
    free_piece = slab->free[class_of(size)];
    if (free_piece != NULL) {
        slab->free[class_of(size)] = *free_piece;
        return free_piece;
    }
    if (slab->left < whole)
        chunk_add(slab);
    piece = slab->room;
    slab->room += whole;
    slab->left -= whole;
    return piece;
}

void slab_free(struct slab *slab, void *piece, size_t size)
{
    if (piece == NULL)
        return;
    if (size > SLAB_LARGEST) {
        free(piece);
        return;
    }
    *(void **)piece = slab->free[class_of(size)];
    slab->free[class_of(size)] = piece;
}

void slab_done(struct slab *slab)
{
    while (slab->chunks != NULL) {
        struct slab_chunk *next = slab->chunks->next;

        free(slab->chunks);
        slab->chunks = next;
    }
    *slab = (struct slab){0};
}
