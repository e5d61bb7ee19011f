/* full.c - a disk that is full from some write on (LD_PRELOAD): WIREROOM_ROOM names a file with how
 * many writes there is room for, less than 0 for all, and how many were refused. Only SQLite writes
 * at offsets, so only its files are full. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    _Atomic int64_t left, refused;
} * room;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("WIREROOM_ROOM");
    int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return;
    room = mmap(NULL, sizeof(*room), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (room == MAP_FAILED)
        room = NULL;
}

static int is_full(void)
{
    if (room == NULL || room->left < 0)
        return 0;
    if (room->left > 0) {
        room->left--;
        return 0;
    }
    room->refused++;
    errno = ENOSPC;
    return 1;
}

#pragma GCC visibility push(default)

ssize_t pwrite64(int fd, const void *from, size_t len, off64_t at)
{
    static ssize_t (*next)(int, const void *, size_t, off64_t);

    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "pwrite64");
    return is_full() ? -1 : next(fd, from, len, at);
}

int ftruncate64(int fd, off64_t len)
{
    static int (*next)(int, off64_t);
    struct stat st;

    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "ftruncate64");
    return fstat(fd, &st) == 0 && st.st_size < len && is_full() ? -1 : next(fd, len);
}

#pragma GCC visibility pop
