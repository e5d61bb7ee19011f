/* disk.c - the store's files are looked at now and then; what is the matter is told once when it
 * begins and once when it ends. */
#include "store/disk.h"

#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/log.h"

/* A backup or a question takes seconds: who reads for longer is told of. */
enum { HELD_SECONDS = 60, WAL_LARGE = 64 << 20 };

static bool is_held(const struct store_disk *disk)
{
    return disk->held > HELD_SECONDS * (int64_t)SECOND || (disk->held > 0 && disk->wal > WAL_LARGE);
}

void disk_watch(struct store *store, const char *path, struct disk_told *told)
{
    struct store_disk disk = store_disk(store);
    bool failed = disk.wal_error.code != OK;
    char since[CLOCK_TEXT];

    if (is_held(&disk) && !told->held) {
        told->held = true;
        log_warning("a program that reads the store keeps its log from being emptied, which grows "
                    "until it ends: since=%s bytes=%lld file=%s-wal",
            clock_format(clock_wall() - disk.held, since), (long long)disk.wal, path);
    } else if (disk.held == 0 && told->held) {
        told->held = false;
        log_info("nobody keeps the store's log from being emptied any more: bytes=%lld",
            (long long)disk.wal);
    }
    if (failed && !told->failed)
        log_error("the store's log cannot be emptied: %s: bytes=%lld file=%s-wal",
            disk.wal_error.text, (long long)disk.wal, path);
    else if (!failed && told->failed)
        log_info("the store's log can be emptied again");
    told->failed = failed;
}

/* Bytes left for the store on its disk, -1 unknown. */
static int64_t free_bytes(const char *path)
{
    struct statvfs fs;

    return statvfs(path, &fs) == 0 ? (int64_t)fs.f_bavail * (int64_t)fs.f_frsize : -1;
}

void disk_write(struct store *store, const struct conf *conf, struct json_writer *w)
{
    struct store_trouble trouble = store_trouble(store);
    struct store_disk disk = store_disk(store);
    int64_t left = free_bytes(conf->store.path);
    char since[CLOCK_TEXT];

    json_begin_object(w, "store");
    json_cstr(w, "path", conf->store.path);
    json_bool(w, "full", trouble.err.code == E_LIMIT);
    json_bool(w, "locked", trouble.err.code == E_TIMEOUT);
    json_bool(w, "lost", trouble.err.code == E_REFUSED);
    if (trouble.err.code != OK) {
        json_cstr(w, "since", clock_format(trouble.since, since));
        json_cstr(w, "error", trouble.err.text);
    }
    json_int(w, "file", disk.file);
    json_int(w, "max", conf->store.max_size);
    json_int(w, "wal", disk.wal);
    if (left >= 0)
        json_int(w, "free", left);
    if (disk.held > 0)
        json_cstr(w, "heldSince", clock_format(clock_wall() - disk.held, since));
    if (disk.wal_error.code != OK)
        json_cstr(w, "walError", disk.wal_error.text);
    json_end_object(w);
}
