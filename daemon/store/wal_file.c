/* wal_file.c - what one transaction adds to the write-ahead log goes to the kernel in a few writes.
 * SQLite writes each page of it and each page's head by itself, and most of what a write costs is
 * the call. The open file stays SQLite's own and gets a table of methods of its own; what is
 * gathered is written before anything else is asked of it, and so before the sync that a commit
 * waits for. */
#include "store/wal_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/schema.h"

enum {
    FRAME = SCHEMA_PAGE + 24, /* a page and its head */
    GATHER_MOST = 31 * FRAME, /* SQLite's write takes less than 128 KiB */
};

struct wal_file {
    sqlite3_io_methods methods; /* first: the file's pointer to them leads here */
    const sqlite3_io_methods *own;
    sqlite3_int64 at; /* of the first byte that is gathered */
    int len;
    char bytes[GATHER_MOST];
};

static struct wal_file *wal_of(sqlite3_file *file)
{
    return (struct wal_file *)(void *)file->pMethods;
}

static int write_gathered(sqlite3_file *file)
{
    struct wal_file *wal = wal_of(file);
    int len = wal->len;

    wal->len = 0; /* whoever is told that it failed rolls back */
    return len == 0 ? SQLITE_OK : wal->own->xWrite(file, wal->bytes, len, wal->at);
}

static int on_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    struct wal_file *wal = wal_of(file);
    int code = SQLITE_OK;

    if (at != wal->at + wal->len || len > GATHER_MOST - wal->len)
        code = write_gathered(file);
    if (code != SQLITE_OK || len > GATHER_MOST)
        return code != SQLITE_OK ? code : wal->own->xWrite(file, bytes, len, at);
    if (wal->len == 0)
        wal->at = at;
    memcpy(wal->bytes + wal->len, bytes, (size_t)len);
    wal->len += len;
    return SQLITE_OK;
}

static int on_read(sqlite3_file *file, void *buf, int len, sqlite3_int64 at)
{
    int code = write_gathered(file);

    return code == SQLITE_OK ? wal_of(file)->own->xRead(file, buf, len, at) : code;
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = write_gathered(file);

    return code == SQLITE_OK ? wal_of(file)->own->xTruncate(file, size) : code;
}

static int on_sync(sqlite3_file *file, int flags)
{
    int code = write_gathered(file);

    return code == SQLITE_OK ? wal_of(file)->own->xSync(file, flags) : code;
}

static int on_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    int code = write_gathered(file);

    return code == SQLITE_OK ? wal_of(file)->own->xFileSize(file, ret_size) : code;
}

/* What a commit counts on was synced; the rest is nobody's. */
static int on_close(sqlite3_file *file)
{
    struct wal_file *wal = wal_of(file);

    file->pMethods = wal->own;
    free(wal);
    return file->pMethods->xClose(file);
}

static sqlite3_file *log_of(sqlite3 *db)
{
    sqlite3_file *file = NULL;

    sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    return file;
}

/* Where it would stand another program may write as soon as the lock is given back. */
static void on_rollback(void *db)
{
    sqlite3_file *file = log_of(db);

    if (file != NULL && file->pMethods != NULL && file->pMethods->xClose == on_close)
        wal_of(file)->len = 0;
}

void wal_file_gather(sqlite3 *db)
{
    sqlite3_file *file = log_of(db);
    struct wal_file *wal;

    if (file == NULL || file->pMethods == NULL || file->pMethods->xClose == on_close)
        return;
    wal = new_zeroed(sizeof(*wal));
    wal->own = file->pMethods;
    wal->methods = *wal->own;
    wal->methods.xClose = on_close;
    wal->methods.xRead = on_read;
    wal->methods.xWrite = on_write;
    wal->methods.xTruncate = on_truncate;
    wal->methods.xSync = on_sync;
    wal->methods.xFileSize = on_size;
    file->pMethods = &wal->methods;
    sqlite3_rollback_hook(db, on_rollback, db);
}
