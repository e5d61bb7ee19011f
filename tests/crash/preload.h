/* preload.h - what the libraries of this room share: they stand between the daemon and libc, and
 * do nothing in its workers, which inherit them. */
#ifndef TESTS_CRASH_PRELOAD_H
#define TESTS_CRASH_PRELOAD_H

#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The function of that name which would have been called. */
#define REAL(name)                                                                                 \
    ({                                                                                             \
        static __typeof__(&(name)) real_;                                                          \
        if (real_ == NULL)                                                                         \
            real_ = (__typeof__(&(name)))dlsym(RTLD_NEXT, #name);                                  \
        real_;                                                                                     \
    })

/* Whether this process is the daemon itself. */
static inline bool preload_in_daemon(void)
{
    char words[4096];
    int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY);
    long len = fd < 0 ? 0 : syscall(SYS_read, fd, words, sizeof(words));

    if (fd >= 0)
        syscall(SYS_close, fd);
    return len > 0 && memmem(words, (size_t)len, "wireroomd", 10) != NULL &&
           memmem(words, (size_t)len, "--worker", 9) == NULL;
}

/* AF_INET, AF_UNIX ... of a socket, 0 of what is none. */
static inline int preload_family(int fd)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);

    return getsockname(fd, (struct sockaddr *)&address, &len) == 0 ? address.ss_family : 0;
}

#endif
