/* files.h - files that the stages' options name: read once, and the same for all that open them. */
#ifndef WIREROOM_WORKER_FILES_H
#define WIREROOM_WORKER_FILES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* FILES_LIMIT: of all together; a gazetteer of the whole world has 3 MiB. FILES_MOST: of one chain.
 */
enum { FILES_MOST = 32, FILES_LIMIT = 64 << 20 };

struct stage_file {
    const char *path;
    struct bytes text;         /* ptr is NULL: there is no such file; else followed by a NUL */
    bool in_plain, in_ordered; /* stages of which kind have it */
};

struct stage_files {
    struct stage_file at[FILES_MOST];
    size_t count;
    size_t bytes;
};

/* What is at path, on the arena: a regular file of at most `most` bytes, or nothing. E_SYSTEM or
 * E_LIMIT with the path for all else. */
int file_read(
    struct arena *arena, const char *path, size_t most, struct bytes *ret_text, struct error *err);

/* The file among those of files, read and added when it is not there. */
int files_get(struct arena *arena, struct stage_files *files, const char *path, bool ordered,
    const struct stage_file **ret_file, struct error *err);

/* Which bytes they are; 0 for no file. */
uint64_t file_hash(struct bytes text);

#endif
