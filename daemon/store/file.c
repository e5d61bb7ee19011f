/* file.c - whether what is written still goes to the store's path. A file that was deleted, moved
 * or replaced stays open and takes everything without a word; what it took is gone when it is
 * closed. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "store/private.h"

/* An error that says nothing of the file, of a network or of rights, is none. */
static int check(const char *path, const char *end, struct file_id *opened, struct error *err)
{
    char name[4096];
    struct stat st;

    snprintf(name, sizeof(name), "%s%s", path, end);
    if (stat(name, &st) != 0) {
        if (errno != ENOENT || opened->number == 0)
            return OK;
        return fail(err, E_REFUSED,
            "store: %s was deleted or moved while it is in use: put it back, or restart", name);
    }
    if (opened->number == 0)
        *opened = (struct file_id){(uint64_t)st.st_dev, (uint64_t)st.st_ino};
    if (opened->device != (uint64_t)st.st_dev || opened->number != (uint64_t)st.st_ino)
        return fail(err, E_REFUSED,
            "store: %s was replaced while it is in use: put the old one back, or restart", name);
    return OK;
}

int file_check(struct writer *writer, struct error *err)
{
    struct store *store = writer->store;
    int code = check(store->path, "", &store->file, err);
    int persist = 1;

    if (code == OK)
        code = check(store->path, "-wal", &store->wal, err);
    /* SQLite removes the log by its name when it closes; by now that may be another's. */
    if (code != OK)
        sqlite3_file_control(writer->sql.db, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
    return code;
}
