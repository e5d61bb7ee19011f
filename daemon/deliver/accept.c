/* accept.c - libzmq's listener ends the process when accept4() has no descriptor left (an assertion
 * on EMFILE, 4.3.4), in a thread of its own, where no count that we take can be in time. So its
 * accept4() is this one. */
#include "deliver/accept.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "deliver/intake.h"

enum { MOST = 1 << 20 /* what Linux gives a process unless it is told otherwise (fs.nr_open) */ };

static atomic_int most; /* descriptors from this number on are for the work; 0: no guard */
static atomic_int spare = -1;
static atomic_uint_fast64_t refused;

enum { COUNTED = 1 << 16 }; /* descriptors whose connections are told apart: more are seldom open */
static atomic_uint_fast32_t accepted[COUNTED];

void accept_guard(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    if (spare < 0)
        spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    most = limit.rlim_cur > MOST ? MOST : (int)(limit.rlim_cur - limit.rlim_cur / 4);
    intake_guard(most);
}

uint64_t accept_refused(void)
{
    return refused;
}

uint64_t accept_connection(int fd)
{
    return fd < 0 || fd >= COUNTED ? 0 : (uint64_t)fd << 32 | accepted[fd];
}

/* The C library's, which may be another's before it (LD_PRELOAD). */
static int accept_raw(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    static int (*next)(int, struct sockaddr *, socklen_t *, int);

    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "accept4");
    return next(fd, address, len, flags);
}

/* With no descriptor left one is freed, or the connection would wait, and its listener would be
 * woken for it, for ever. */
static int accept_with_spare(int fd)
{
    int held = atomic_exchange(&spare, -1);
    int got;

    if (held >= 0)
        close(held);
    got = accept_raw(fd, NULL, NULL, SOCK_CLOEXEC);
    return got;
}

/* The lowest free descriptor is given out, so its number tells how many are in use. The daemon's
 * own thread, which serves the control socket and hubs, may use them all. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the C library's are reserved
 */
__attribute__((visibility("default"))) int accept4(
    int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    int got = accept_raw(fd, address, len, flags);
    bool used_up = got < 0 && (errno == EMFILE || errno == ENFILE);

    if (got >= 0 && got < COUNTED)
        accepted[got]++;
    if (most == 0 || getpid() == gettid())
        return got;
    if (got < most && !used_up) {
        if (got >= 0)
            intake_begin(got);
        return got;
    }
    if (used_up)
        got = accept_with_spare(fd);
    if (got >= 0)
        close(got);
    if (used_up)
        spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    refused++;
    errno = ECONNABORTED; /* libzmq takes it for a client that has gone again */
    return -1;
}
