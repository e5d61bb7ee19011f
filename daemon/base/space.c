/* space.c - one sparse mapping, and a list of its blocks that were given back. */
#include "base/space.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14; others say EINVAL */
#endif

enum { ALIGN = 64 /* of blocks of the heap: a line of the cache */ };

struct space {
    char *at;
    uint32_t blocks, used; /* of the mapping; used: the first so many were taken once */
    uint32_t *free;        /* of these, which were given back */
    uint32_t free_count;
};

static int open_file(const char *dir)
{
    int fd = dir == NULL ? -1 : open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    return fd >= 0 ? fd : memfd_create("wireroom", MFD_CLOEXEC);
}

struct space *space_open(const char *dir, size_t most)
{
    size_t blocks = most / SPACE_BLOCK + 1, size = blocks * SPACE_BLOCK;
    int fd = open_file(dir);
    void *at = MAP_FAILED;
    struct space *space;

    if (fd < 0)
        return NULL;
    if (ftruncate(fd, (off_t)size) == 0)
        at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
    close(fd);
    if (at == MAP_FAILED)
        return NULL;
    madvise(at, size, MADV_RANDOM); /* one article is asked for, not those around it */
    space = new_zeroed(sizeof(*space));
    space->at = at;
    space->blocks = (uint32_t)blocks;
    space->free = new_zeroed(blocks * sizeof(*space->free));
    return space;
}

void space_close(struct space *space)
{
    if (space == NULL)
        return;
    munmap(space->at, (size_t)space->blocks * SPACE_BLOCK);
    free(space->free);
    free(space);
}

static char *heap_block(void)
{
    char *block = aligned_alloc(ALIGN, SPACE_BLOCK);

    if (block == NULL)
        arena_out_of_memory(SPACE_BLOCK);
    return memset(block, 0, SPACE_BLOCK);
}

static bool is_mapped(const struct space *space, const char *block)
{
    return block >= space->at && block < space->at + (size_t)space->blocks * SPACE_BLOCK;
}

/* Writing where the disk has no room would end the process: room is asked for before. */
char *space_take(struct space *space)
{
    uint32_t number;
    char *block;

    if (space->free_count == 0 && space->used == space->blocks)
        return heap_block();
    number = space->free_count > 0 ? space->free[--space->free_count] : space->used++;
    block = space->at + (size_t)number * SPACE_BLOCK;
    if (madvise(block, SPACE_BLOCK, MADV_POPULATE_WRITE) == 0 || errno == EINVAL)
        return block;
    space->free[space->free_count++] = number;
    return heap_block();
}

void space_give(struct space *space, char *block)
{
    if (!is_mapped(space, block)) {
        free(block);
        return;
    }
    if (madvise(block, SPACE_BLOCK, MADV_REMOVE) != 0) /* a file system without holes */
        memset(block, 0, SPACE_BLOCK);
    space->free[space->free_count++] = (uint32_t)((size_t)(block - space->at) / SPACE_BLOCK);
}

void space_rest(struct space *space, char *block)
{
    if (is_mapped(space, block))
        madvise(block, SPACE_BLOCK, MADV_PAGEOUT);
}

size_t space_bytes(const struct space *space)
{
    return (size_t)(space->used - space->free_count) * SPACE_BLOCK;
}
