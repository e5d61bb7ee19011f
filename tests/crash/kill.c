/* kill.c - the process ends, as by kill -9, at the n-th moment of a step from poll to publication.
 *
 * WIREROOM_KILL="STEP N". The moments of a step:
 *   T1   bytes of an answer came
 *   T2   within the transaction that admits entries: each statement, write and sync; and around it
 *   T3   bytes to a worker, or from one, once entries were admitted
 *   T4   as T2, of the transaction that commits events
 *   T5   around each frame of an event on the publishing socket
 *   ACK  as T2, of the transaction that keeps how far a consumer is */
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/uio.h>
#include <zmq.h>

#include "preload.h"

enum { T1 = 1, T2 = 2, T3 = 4, T4 = 8, T5 = 16, ACK = 32 };

static const struct {
    const char *name;
    int step;
    const char *statement; /* that marks its transaction */
} steps[] = {
    {"T1", T1, NULL},
    {"T2", T2, "REPLACE INTO seen "},
    {"T3", T3, NULL},
    {"T4", T4, "INSERT INTO event "},
    {"T5", T5, NULL},
    {"ACK", ACK, "REPLACE INTO consumer "},
};

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static int wanted;
static atomic_long left;
static atomic_bool has_admitted;
static __thread int transaction; /* the steps that the open one belongs to */

__attribute__((constructor)) static void read_wish(void)
{
    const char *wish = getenv("WIREROOM_KILL");
    const char *number = wish == NULL ? NULL : strchr(wish, ' ');

    if (number == NULL || !preload_in_daemon())
        return;
    for (size_t i = 0; i < STEPS; i++)
        if (strncmp(wish, steps[i].name, (size_t)(number - wish)) == 0)
            wanted = steps[i].step;
    atomic_store(&left, strtol(number, NULL, 10));
}

static void pass(int step)
{
    if ((wanted & step) == 0 || atomic_fetch_sub(&left, 1) != 1)
        return;
    kill(getpid(), SIGKILL);
    pause();
}

ssize_t recv(int fd, void *to, size_t len, int flags)
{
    ssize_t got = REAL(recv)(fd, to, len, flags);

    if (wanted == T1 && got > 0 && preload_family(fd) == AF_INET)
        pass(T1);
    return got;
}

static void pass_frame(int fd)
{
    if (wanted == T3 && has_admitted && preload_family(fd) == AF_UNIX)
        pass(T3);
}

ssize_t read(int fd, void *to, size_t len)
{
    ssize_t got = REAL(read)(fd, to, len);

    if (got > 0)
        pass_frame(fd);
    return got;
}

ssize_t write(int fd, const void *from, size_t len)
{
    pass_frame(fd);
    return REAL(write)(fd, from, len);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    pass_frame(fd);
    return REAL(writev)(fd, parts, count);
}

ssize_t pwrite64(int fd, const void *from, size_t len, off64_t at)
{
    ssize_t put;

    pass(transaction);
    put = REAL(pwrite64)(fd, from, len, at);
    pass(transaction);
    return put;
}

int fdatasync(int fd)
{
    int code;

    pass(transaction);
    code = REAL(fdatasync)(fd);
    pass(transaction);
    return code;
}

int sqlite3_step(sqlite3_stmt *statement)
{
    const char *text = sqlite3_sql(statement);
    bool ends = text != NULL && strncmp(text, "COMMIT", 6) == 0;
    int code;

    for (size_t i = 0; i < STEPS && text != NULL; i++)
        if (steps[i].statement != NULL && strstr(text, steps[i].statement) == text)
            transaction |= steps[i].step;
    pass(transaction);
    code = REAL(sqlite3_step)(statement);
    pass(transaction);
    if (ends && (transaction & T2) != 0)
        has_admitted = true;
    if (ends || (text != NULL && strncmp(text, "ROLLBACK", 8) == 0))
        transaction = 0;
    return code;
}

int zmq_send(void *socket, const void *from, size_t len, int flags)
{
    static bool goes_on; /* the last frame was the topic of an event */
    bool begins = (flags & ZMQ_SNDMORE) != 0 && len > 4 && memcmp(from, "all/", 4) == 0;
    int code;

    if (begins || goes_on)
        pass(T5);
    code = REAL(zmq_send)(socket, from, len, flags);
    if (begins || goes_on)
        pass(T5);
    goes_on = begins;
    return code;
}
