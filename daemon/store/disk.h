/* disk.h - what an operator has to know of the store's files while the daemon runs: a program that
 * keeps the write-ahead log from being emptied, or a disk that does. */
#ifndef WIREROOM_STORE_DISK_H
#define WIREROOM_STORE_DISK_H

#include "base/json.h"
#include "store/store.h"

/* What was logged already. */
struct disk_told {
    bool held;
    bool failed;
};

/* Log what began or ended since the last call. */
void disk_watch(struct store *store, const char *path, struct disk_told *told);

/* The object `store`: its path, whether it can be written ("full", "locked", "since", "error"),
 * bytes
 * ("file" of "max", "wal", "free" on the disk), and what keeps its log ("heldSince", "walError").
 */
void disk_write(struct store *store, const struct conf *conf, struct json_writer *w);

#endif
