/* space.h - blocks of memory that lie in a file without a name: what is not asked for the kernel
 * writes out and drops, and what is given back leaves a hole. Nothing in it outlives the process:
 * the file is where memory rests, not where anything is kept. */
#ifndef WIREROOM_BASE_SPACE_H
#define WIREROOM_BASE_SPACE_H

#include <stddef.h>

enum {
    SPACE_BLOCK = 64 << 10 /* bytes: what the kernel does with them at once takes no millisecond */
};

struct space;

/* Of at most `most` bytes, which are not taken before they are used, in a file of dir; where that
 * takes none (dir may be NULL), in memory that is none of the heap's. NULL: there is neither. The
 * file is opened and mapped here, and no system call but madvise() follows. */
struct space *space_open(const char *dir, size_t most);
void space_close(struct space *space);

/* SPACE_BLOCK zeroed bytes; of the heap when the file has no more room, or its disk. */
char *space_take(struct space *space);
void space_give(struct space *space, char *block);

/* Nobody will ask for it soon. */
void space_rest(struct space *space, char *block);

/* Bytes of the file that are in use. */
size_t space_bytes(const struct space *space);

#endif
