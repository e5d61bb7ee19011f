/* again.h - files of lists that gave nothing when they were read, and whether it is worth another
 * look: a disk that is mounted late, rights that are given, a file that is written to its end. */
#ifndef WIREROOM_LISTS_AGAIN_H
#define WIREROOM_LISTS_AGAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory has none. */
struct again {
    struct again_file *files;
    size_t count, cap;
};

/* How a file, or a folder, is now: another number when it is another one or was changed, 0 when it
 * cannot be opened. AGAIN_ALWAYS is no file's. */
#define AGAIN_ALWAYS UINT64_MAX
uint64_t again_look(const char *path);

/* path, which is copied, gave nothing, being as it was said; once each. */
void again_note(struct again *again, const char *path, uint64_t look);

/* Whether any of them is not as it was. */
bool again_is_due(const struct again *again);

/* Whether path is one of them, or below one. */
bool again_has(const struct again *again, const char *path);
void again_clear(struct again *again); /* all memory is given back */

#endif
