/* record.c - all that the daemon does to the files of one folder, and all that it tells, in order:
 * from this the states are made that a power cut may leave.
 *
 * WIREROOM_RECORD=FILE, WIREROOM_RECORD_DIR=FOLDER. FILE gets a struct entry for each call, and its
 * data behind it. What is told is written down before it is told, what is synced after it was. What
 * is written through a mapping is not: SQLite's -shm, which no recovery may rely on.
 *
 * WIREROOM_RECORD_SYNC=none: the daemon believes that it syncs, and nothing is. =late: each sync is
 * done at the next one. Both are for tests of the test. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/uio.h>
#include <zmq.h>

#include "preload.h"

enum kind {
    LIFE,     /* a process begins; all descriptors of the last are gone */
    OPEN,     /* fd; more: the file is new; data: its path */
    CLOSE,    /* fd */
    WRITE,    /* fd, at; data */
    TRUNCATE, /* fd, at */
    SYNC,     /* fd: begins */
    SYNCED,   /* fd: what was written before it began is on disk */
    UNLINK,   /* data: path */
    EVENT,    /* data: what the publishing socket sends */
    FRAME,    /* data: what the pull socket sends; more: the message goes on */
};

struct entry {
    uint32_t kind, len;
    int32_t fd, more;
    int64_t at;
};

enum { DESCRIPTORS = 4096 };

static const char *folder;
static int log_fd = -1;
static bool watched[DESCRIPTORS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static enum { SYNC_RIGHT, SYNC_NONE, SYNC_LATE } sync_mode;
static int late = -1; /* the descriptor whose sync is still to be done */

static void add(enum kind kind, int fd, int more, int64_t at, const void *data, size_t len)
{
    struct entry entry = {kind, (uint32_t)len, fd, more, at};
    struct iovec parts[] = {{&entry, sizeof(entry)}, {(void *)data, len}};

    if (log_fd < 0)
        return;
    if (REAL(writev)(log_fd, parts, 2) != (ssize_t)(sizeof(entry) + len))
        abort();
}

static void add_locked(enum kind kind, int fd, int more, int64_t at, const void *data, size_t len)
{
    pthread_mutex_lock(&lock);
    add(kind, fd, more, at, data, len);
    pthread_mutex_unlock(&lock);
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("WIREROOM_RECORD");
    const char *mode = getenv("WIREROOM_RECORD_SYNC");

    folder = getenv("WIREROOM_RECORD_DIR");
    if (path == NULL || folder == NULL || !preload_in_daemon())
        return;
    if (mode != NULL)
        sync_mode = strcmp(mode, "late") == 0 ? SYNC_LATE : SYNC_NONE;
    log_fd =
        (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    add_locked(LIFE, 0, 0, 0, NULL, 0);
}

static bool is_watched(int fd)
{
    return log_fd >= 0 && fd >= 0 && fd < DESCRIPTORS && watched[fd];
}

static int open_file(const char *path, int flags, int mode)
{
    bool is_ours = log_fd >= 0 && strncmp(path, folder, strlen(folder)) == 0;
    bool is_new = is_ours && (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
    int fd;

    pthread_mutex_lock(&lock);
    fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (is_ours && fd >= 0 && fd < DESCRIPTORS) {
        watched[fd] = true;
        add(OPEN, fd, is_new, 0, path, strlen(path));
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

int open64(const char *path, int flags, ...)
{
    __builtin_va_list rest;
    int mode;

    __builtin_va_start(rest, flags);
    mode = (flags & O_CREAT) != 0 ? __builtin_va_arg(rest, int) : 0;
    __builtin_va_end(rest);
    return open_file(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    __builtin_va_list rest;
    int mode;

    __builtin_va_start(rest, flags);
    mode = (flags & O_CREAT) != 0 ? __builtin_va_arg(rest, int) : 0;
    __builtin_va_end(rest);
    return open_file(path, flags, mode);
}

int close(int fd)
{
    if (is_watched(fd)) {
        add_locked(CLOSE, fd, 0, 0, NULL, 0);
        watched[fd] = false;
    }
    return REAL(close)(fd);
}

ssize_t pwrite64(int fd, const void *from, size_t len, off_t at)
{
    ssize_t put;

    if (!is_watched(fd))
        return REAL(pwrite64)(fd, from, len, at);
    pthread_mutex_lock(&lock);
    put = REAL(pwrite64)(fd, from, len, at);
    if (put > 0)
        add(WRITE, fd, 0, at, from, (size_t)put);
    pthread_mutex_unlock(&lock);
    return put;
}

ssize_t write(int fd, const void *from, size_t len)
{
    ssize_t put;

    if (!is_watched(fd))
        return REAL(write)(fd, from, len);
    pthread_mutex_lock(&lock);
    put = REAL(write)(fd, from, len);
    if (put > 0)
        add(WRITE, fd, 0, lseek(fd, 0, SEEK_CUR) - put, from, (size_t)put);
    pthread_mutex_unlock(&lock);
    return put;
}

int ftruncate64(int fd, off_t len)
{
    int code;

    if (!is_watched(fd))
        return REAL(ftruncate64)(fd, len);
    pthread_mutex_lock(&lock);
    code = REAL(ftruncate64)(fd, len);
    if (code == 0)
        add(TRUNCATE, fd, 0, len, NULL, 0);
    pthread_mutex_unlock(&lock);
    return code;
}

static int sync_now(int fd, int (*real)(int))
{
    int code;

    add_locked(SYNC, fd, 0, 0, NULL, 0);
    code = real(fd);
    if (code == 0)
        add_locked(SYNCED, fd, 0, 0, NULL, 0);
    return code;
}

static int sync_file(int fd, int (*real)(int))
{
    int before = late;

    if (!is_watched(fd))
        return real(fd);
    if (sync_mode == SYNC_RIGHT)
        return sync_now(fd, real);
    late = fd;
    if (sync_mode == SYNC_LATE && is_watched(before))
        sync_now(before, real);
    return 0;
}

int fdatasync(int fd)
{
    return sync_file(fd, REAL(fdatasync));
}

int fsync(int fd)
{
    return sync_file(fd, REAL(fsync));
}

int unlink(const char *path)
{
    int code;

    pthread_mutex_lock(&lock);
    code = REAL(unlink)(path);
    if (code == 0 && log_fd >= 0 && strncmp(path, folder, strlen(folder)) == 0)
        add(UNLINK, -1, 0, 0, path, strlen(path));
    pthread_mutex_unlock(&lock);
    return code;
}

int zmq_send(void *socket, const void *from, size_t len, int flags)
{
    static bool goes_on; /* the last frame was the topic of an event */

    if (goes_on)
        add_locked(EVENT, -1, 0, 0, from, len);
    goes_on = (flags & ZMQ_SNDMORE) != 0 && len > 4 && memcmp(from, "all/", 4) == 0;
    return REAL(zmq_send)(socket, from, len, flags);
}

int zmq_msg_send(zmq_msg_t *message, void *socket, int flags)
{
    add_locked(
        FRAME, -1, (flags & ZMQ_SNDMORE) != 0, 0, zmq_msg_data(message), zmq_msg_size(message));
    return REAL(zmq_msg_send)(message, socket, flags);
}
