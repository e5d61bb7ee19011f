/* fail.c - one call of the daemon to the system fails, once.
 *
 * WIREROOM_FAIL_FILE=FILE gets how often each function was called, a struct count each, and
 * WIREROOM_FAIL="FUNCTION N ERRNO" has the n-th call of one fail. Where that error cannot happen on
 * the descriptor at hand a neighbour takes its place: sockets have no EIO, nothing but a socket
 * that does not block has EAGAIN. What is read from and written to an eventfd that does not block
 * never fails and is left alone. */
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "preload.h"

#define CALLS(X)                                                                                   \
    X(open)                                                                                        \
    X(open64)                                                                                      \
    X(fopen)                                                                                       \
    X(read)                                                                                        \
    X(pread64)                                                                                     \
    X(readv)                                                                                       \
    X(recv)                                                                                        \
    X(recvmsg)                                                                                     \
    X(write)                                                                                       \
    X(pwrite64)                                                                                    \
    X(writev)                                                                                      \
    X(send)                                                                                        \
    X(sendmsg)                                                                                     \
    X(fsync)                                                                                       \
    X(fdatasync)                                                                                   \
    X(ftruncate64)                                                                                 \
    X(unlink)                                                                                      \
    X(mmap64)                                                                                      \
    X(socket)                                                                                      \
    X(socketpair)                                                                                  \
    X(bind)                                                                                        \
    X(listen)                                                                                      \
    X(connect)                                                                                     \
    X(accept)                                                                                      \
    X(accept4)                                                                                     \
    X(eventfd)                                                                                     \
    X(pipe2)                                                                                       \
    X(epoll_create1)                                                                               \
    X(epoll_ctl)                                                                                   \
    X(epoll_wait)                                                                                  \
    X(epoll_pwait)

#define NUMBER(name) CALL_##name,
#define NAME(name) #name,
enum call { CALLS(NUMBER) CALL_COUNT };
static const char *const names[] = {CALLS(NAME)};

struct count {
    char name[24];
    _Atomic uint64_t calls;
};

enum { DESCRIPTORS = 4096 };

static struct count *counts; /* NULL: not in the daemon */
static enum call wanted = CALL_COUNT;
static uint64_t number;
static int error;
static bool is_event[DESCRIPTORS];

static void read_wish(const char *wish)
{
    char name[24];
    unsigned long at;

    if (wish == NULL || sscanf(wish, "%23s %lu %d", name, &at, &error) != 3)
        return;
    number = at;
    for (int i = 0; i < CALL_COUNT; i++)
        if (strcmp(name, names[i]) == 0)
            wanted = (enum call)i;
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("WIREROOM_FAIL_FILE");
    size_t size = CALL_COUNT * sizeof(*counts);
    struct count *map;
    int fd;

    if (path == NULL || !preload_in_daemon())
        return;
    read_wish(getenv("WIREROOM_FAIL"));
    fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || REAL(ftruncate64)(fd, (off_t)size) != 0)
        abort();
    map = REAL(mmap64)(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    if (map == MAP_FAILED)
        abort();
    for (int i = 0; i < CALL_COUNT; i++)
        strcpy(map[i].name, names[i]);
    counts = map;
}

static int fitting(int fd)
{
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0)
        return error;
    if (S_ISSOCK(st.st_mode) && error == EAGAIN)
        return (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0 ? error : EINTR;
    if (S_ISSOCK(st.st_mode))
        return error == EIO || error == ENOSPC ? ECONNRESET : error;
    if (error == EAGAIN || error == ECONNRESET)
        return EINTR;
    return !S_ISREG(st.st_mode) && (error == EIO || error == ENOSPC) ? EINTR : error;
}

static bool fails(enum call call, int fd)
{
    if (counts == NULL || (fd >= 0 && fd < DESCRIPTORS && is_event[fd]) ||
        atomic_fetch_add(&counts[call].calls, 1) + 1 != number || call != wanted)
        return false;
    errno = fitting(fd);
    return true;
}

static bool begins_event(int fd, bool is)
{
    if (fd >= 0 && fd < DESCRIPTORS)
        is_event[fd] = is;
    return is;
}

/* A function whose first argument is a descriptor, and that fails with -1. */
#define ON_FD(type, name, parameters, arguments)                                                   \
    type name parameters                                                                           \
    {                                                                                              \
        return fails(CALL_##name, fd) ? -1 : REAL(name) arguments;                                 \
    }

/* One that makes descriptors. */
#define MAKES(name, parameters, arguments)                                                         \
    int name parameters                                                                            \
    {                                                                                              \
        return fails(CALL_##name, -1) ? -1 : REAL(name) arguments;                                 \
    }

ON_FD(ssize_t, read, (int fd, void *to, size_t len), (fd, to, len))
ON_FD(ssize_t, pread64, (int fd, void *to, size_t len, off_t at), (fd, to, len, at))
ON_FD(ssize_t, readv, (int fd, const struct iovec *parts, int count), (fd, parts, count))
ON_FD(ssize_t, recv, (int fd, void *to, size_t len, int flags), (fd, to, len, flags))
ON_FD(ssize_t, recvmsg, (int fd, struct msghdr *to, int flags), (fd, to, flags))
ON_FD(ssize_t, write, (int fd, const void *from, size_t len), (fd, from, len))
ON_FD(ssize_t, pwrite64, (int fd, const void *from, size_t len, off_t at), (fd, from, len, at))
ON_FD(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))
ON_FD(ssize_t, send, (int fd, const void *from, size_t len, int flags), (fd, from, len, flags))
ON_FD(ssize_t, sendmsg, (int fd, const struct msghdr *from, int flags), (fd, from, flags))
ON_FD(int, fsync, (int fd), (fd))
ON_FD(int, fdatasync, (int fd), (fd))
ON_FD(int, ftruncate64, (int fd, off_t len), (fd, len))
ON_FD(int, bind, (int fd, const struct sockaddr *at, socklen_t len), (fd, at, len))
ON_FD(int, listen, (int fd, int backlog), (fd, backlog))
ON_FD(int, connect, (int fd, const struct sockaddr *to, socklen_t len), (fd, to, len))
ON_FD(int, accept, (int fd, struct sockaddr *from, socklen_t *len), (fd, from, len))
ON_FD(int, accept4, (int fd, struct sockaddr *from, socklen_t *len, int flags),
    (fd, from, len, flags))
ON_FD(int, epoll_ctl, (int fd, int what, int of, struct epoll_event *event), (fd, what, of, event))
ON_FD(int, epoll_wait, (int fd, struct epoll_event *events, int most, int wait),
    (fd, events, most, wait))
ON_FD(int, epoll_pwait,
    (int fd, struct epoll_event *events, int most, int wait, const sigset_t *mask),
    (fd, events, most, wait, mask))
MAKES(socket, (int domain, int type, int protocol), (domain, type, protocol))
MAKES(socketpair, (int domain, int type, int protocol, int pair[2]), (domain, type, protocol, pair))
MAKES(pipe2, (int ends[2], int flags), (ends, flags))
MAKES(epoll_create1, (int flags), (flags))
MAKES(unlink, (const char *path), (path))

int eventfd(unsigned int value, int flags)
{
    int fd = fails(CALL_eventfd, -1) ? -1 : REAL(eventfd)(value, flags);

    begins_event(fd, true);
    return fd;
}

int close(int fd)
{
    begins_event(fd, false);
    return REAL(close)(fd);
}

void *mmap64(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
    return fd >= 0 && fails(CALL_mmap64, fd) ? MAP_FAILED
                                             : REAL(mmap64)(at, len, protection, flags, fd, offset);
}

FILE *fopen(const char *path, const char *mode)
{
    return fails(CALL_fopen, -1) ? NULL : REAL(fopen)(path, mode);
}

#define OPENS(name)                                                                                \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        __builtin_va_list rest;                                                                    \
        int mode;                                                                                  \
                                                                                                   \
        __builtin_va_start(rest, flags);                                                           \
        mode = (flags & O_CREAT) != 0 ? __builtin_va_arg(rest, int) : 0;                           \
        __builtin_va_end(rest);                                                                    \
        return fails(CALL_##name, -1) ? -1 : REAL(name)(path, flags, mode);                        \
    }

OPENS(open)
OPENS(open64)
