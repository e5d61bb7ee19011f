/* broken.c - a disk that refuses (LD_PRELOAD): WIREROOM_BROKEN="CALL ERRNO ENDING [FROM]" has each
 * open, read, write or sync of the files whose names end so fail in that way, as SQLite calls them;
 * reads and writes only where they begin behind that byte. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char wanted[16], ending[256];
static int number;
static long behind;

__attribute__((constructor)) static void begin(void)
{
    const char *wish = getenv("WIREROOM_BROKEN");

    if (wish == NULL || sscanf(wish, "%15s %d %255s %ld", wanted, &number, ending, &behind) < 3)
        wanted[0] = '\0';
}

static bool is_meant(const char *call, const char *path)
{
    size_t len = strlen(path), end = strlen(ending);

    if (strcmp(call, wanted) != 0 || len < end || strcmp(path + len - end, ending) != 0)
        return false;
    errno = number;
    return true;
}

static bool fails(const char *call, int fd)
{
    char link[64], path[4096];
    ssize_t len;

    if (strcmp(call, wanted) != 0)
        return false;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    len = readlink(link, path, sizeof(path) - 1);
    path[len < 0 ? 0 : len] = '\0';
    return is_meant(call, path);
}

#define NEXT(name)                                                                                 \
    static __typeof__(&(name)) next;                                                               \
    if (next == NULL)                                                                              \
    *(void **)&next = dlsym(RTLD_NEXT, #name)

#pragma GCC visibility push(default)

#define OPENS(name)                                                                                \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        NEXT(name);                                                                                \
        va_list rest;                                                                              \
        int mode;                                                                                  \
                                                                                                   \
        va_start(rest, flags);                                                                     \
        mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;                                     \
        va_end(rest);                                                                              \
        return is_meant("open", path) ? -1 : next(path, flags, mode);                              \
    }

OPENS(open)
OPENS(open64)

ssize_t pread64(int fd, void *to, size_t len, off64_t at)
{
    NEXT(pread64);
    return at >= behind && fails("read", fd) ? -1 : next(fd, to, len, at);
}

ssize_t pwrite64(int fd, const void *from, size_t len, off64_t at)
{
    NEXT(pwrite64);
    return at >= behind && fails("write", fd) ? -1 : next(fd, from, len, at);
}

int fsync(int fd)
{
    NEXT(fsync);
    return fails("sync", fd) ? -1 : next(fd);
}

int fdatasync(int fd)
{
    NEXT(fdatasync);
    return fails("sync", fd) ? -1 : next(fd);
}

#pragma GCC visibility pop
