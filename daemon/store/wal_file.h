/* wal_file.h - the write-ahead log as a file whose neighbouring writes go to the kernel together.
 */
#ifndef WIREROOM_STORE_WAL_FILE_H
#define WIREROOM_STORE_WAL_FILE_H

#include <sqlite3.h>

/* From now on, for the one connection that writes; its log is open. synchronous has to be FULL: a
 * sync stands between what a commit writes and the index that tells other connections of it. */
void wal_file_gather(sqlite3 *db);

#endif
