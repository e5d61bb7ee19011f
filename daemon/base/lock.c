/* lock.c - a lock, with some patience. */
#include "base/lock.h"

#include <errno.h>
#include <sys/file.h>
#include <time.h>

int lock_take(int fd)
{
    enum { TRIES = 100 };
    static const struct timespec pause = {.tv_nsec = 10000000}; /* a hundred in a second */

    for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
        if (errno != EWOULDBLOCK || i == TRIES)
            return errno;
        nanosleep(&pause, NULL);
    }
    return 0;
}
