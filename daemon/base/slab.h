/* slab.h - small things that live long, side by side. malloc() would put each between the large and
 * short-lived ones of a burst, and keep the burst's pages for their sake: 5,000 strings of 200
 * bytes held 20 MiB. */
#ifndef WIREROOM_BASE_SLAB_H
#define WIREROOM_BASE_SLAB_H

#include <stddef.h>

enum { SLAB_LARGEST = 1024, SLAB_CLASSES = SLAB_LARGEST / 64 };

/* Zeroed memory is empty. Not for threads. */
struct slab {
    void *free[SLAB_CLASSES]; /* pieces of 64, 128, 192... bytes, each pointing to the next */
    struct slab_chunk *chunks;
    char *room; /* of the newest chunk */
    size_t left;
};

/* size bytes, aligned to 16, not cleared; over SLAB_LARGEST they come from malloc(). Ends the
 * process when there is no memory. */
void *slab_alloc(struct slab *slab, size_t size);

/* size as it was asked for. piece may be NULL. The memory stays with the slab. */
void slab_free(struct slab *slab, void *piece, size_t size);

/* Free all pieces but those over SLAB_LARGEST. */
void slab_done(struct slab *slab);

#endif
