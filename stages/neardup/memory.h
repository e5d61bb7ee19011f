/* memory.h - the texts of the last days, by the hash of what they say, and whose they were. */
#ifndef NEARDUP_MEMORY_H
#define NEARDUP_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct memory;

enum { MEMORY_TEXTS = 4000000 }; /* most texts it may be asked to keep */

/* Keeps at most texts texts, each at most window microseconds: the oldest go first. About 40 bytes
 * a text. */
struct memory *memory_new(size_t texts, int64_t window);
void memory_free(struct memory *memory);

/* Forget what came more than the window before now, which only moves forward. */
void memory_forget(struct memory *memory, int64_t now);

/* Write whose text with this hash was first into id; false when it is not known. */
enum { MEMORY_ID = 200 };
bool memory_find(const struct memory *memory, uint64_t hash, char ret_id[MEMORY_ID]);

/* Remember a text that is not known yet; an id that is no URN of a UUID takes more room, one of
 * MEMORY_ID or more bytes is not kept. */
void memory_add(struct memory *memory, uint64_t hash, struct bytes id);

size_t memory_count(const struct memory *memory);

/* Everything, to be given back after a restart. memory_load() forgets what it knew; -1 when saved
 * makes no sense. */
void memory_save(const struct memory *memory, struct buf *out);
int memory_load(struct memory *memory, struct bytes saved);

#endif
