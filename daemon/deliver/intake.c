/* intake.c - libzmq (4.3.4) bounds a frame and not a message, whose frames it keeps until the last
 * one; and it ends the process (assertions on _io_error) when a connection breaks while it does not
 * read it, and a heartbeat is due or in what it has read. Its recv(), epoll_ctl() and epoll_wait()
 * are these; those of other threads do what they always do. */
#include "deliver/intake.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/clock.h"

/* https://rfc.zeromq.org/spec/23/ */
enum { SIGNATURE = 11, GREETING_2 = 12, GREETING_3 = 64, MECHANISM = 12, FRAME_HEAD = 9 };
enum { FLAG_MORE = 1, FLAG_LONG = 2, FLAG_COMMAND = 4 };

struct connection {
    uint64_t body;        /* bytes of its frame that are still to come */
    _Atomic int64_t open; /* bytes of what was begun and is not handed over */
    int64_t since;        /* mono; of the last frame with keys */
    unsigned char head[GREETING_3];
    unsigned char have; /* bytes of head */
    bool has_greeted, has_keys;
    uint32_t events;       /* as epoll_ctl() was told */
    _Atomic uint64_t data; /* 0: it is in no epoll */
};

static struct connection *connections;
static int most;
static _Atomic int count;        /* above the highest number */
static _Thread_local bool reads; /* this thread is one that accepts */

void intake_guard(int wanted)
{
    if (connections != NULL)
        return;
    connections = new_zeroed((size_t)wanted * sizeof(*connections));
    most = wanted;
}

void intake_begin(int fd)
{
    if (fd >= most)
        return;
    memset(&connections[fd], 0, sizeof(connections[fd]));
    reads = true;
    if (fd >= count)
        count = fd + 1;
}

void intake_heard(int fd)
{
    if (fd >= 0 && fd < most && connections[fd].has_keys)
        connections[fd].open = 0;
}

/* ---- frames */

static bool take_head(struct connection *c, size_t size, const unsigned char **in, size_t *len)
{
    while (c->have<size && * len> 0) {
        c->head[c->have++] = *(*in)++;
        --*len;
    }
    return c->have == size;
}

/* False: it speaks as libzmq 2 did, which has other frames. */
static bool greet(struct connection *c, const unsigned char **in, size_t *len)
{
    if (!take_head(c, SIGNATURE, in, len) && c->have < SIGNATURE)
        return c->have == 0 || c->head[0] == 0xff;
    if (c->head[0] != 0xff || (c->head[SIGNATURE - 2] & 1) == 0 || c->head[SIGNATURE - 1] == 0)
        return false;
    if (!take_head(c, c->head[SIGNATURE - 1] < 3 ? GREETING_2 : GREETING_3, in, len))
        return true;
    c->has_keys = c->have == GREETING_3 && memcmp(c->head + MECHANISM, "CURVE", 6) == 0;
    c->has_greeted = true;
    c->have = 0;
    return true;
}

static bool has_bounds(struct connection *c, unsigned flags)
{
    int64_t now;

    if (!c->has_keys) {
        if ((flags & FLAG_COMMAND) != 0)
            return true;
        c->open = (flags & FLAG_MORE) == 0 ? 0 : c->open + INTAKE_KEPT + (int64_t)c->body;
        return c->open <= INTAKE_OPEN;
    }
    now = clock_mono();
    if (now - c->since > SECOND) {
        int64_t beats = (now - c->since) / SECOND * INTAKE_BEATS;

        c->open = c->open > beats ? c->open - beats : 0;
        c->since = now;
    }
    c->open += INTAKE_KEPT + (int64_t)c->body;
    return c->open <= INTAKE_UNSEEN;
}

/* False: the connection is over a bound. */
static bool take_frame(struct connection *c, const unsigned char **in, size_t *len)
{
    size_t size = 1;

    if (!take_head(c, size, in, len) && c->have == 0)
        return true;
    size = (c->head[0] & FLAG_LONG) != 0 ? FRAME_HEAD : 2;
    if (!take_head(c, size, in, len))
        return true;
    c->have = 0;
    c->body = 0;
    for (size_t i = 1; i < size; i++)
        c->body = c->body << 8 | c->head[i];
    return c->body < INT32_MAX && has_bounds(c, c->head[0]);
}

static bool take(struct connection *c, const unsigned char *in, size_t len)
{
    bool is_good = true;

    while (is_good && len > 0) {
        size_t part = c->body < len ? (size_t)c->body : len;

        if (part > 0) {
            c->body -= part;
            in += part;
            len -= part;
        } else {
            is_good = c->has_greeted ? take_frame(c, &in, &len) : greet(c, &in, &len);
        }
    }
    return is_good;
}

/* ---- in place of the C library's, which may be another's before it (LD_PRELOAD) */

static ssize_t (*next_recv)(int, void *, size_t, int);
static int (*next_ctl)(int, int, int, struct epoll_event *);
static int (*next_wait)(int, struct epoll_event *, int, int);

static void find_next(void)
{
    *(void **)&next_recv = dlsym(RTLD_NEXT, "recv");
    *(void **)&next_ctl = dlsym(RTLD_NEXT, "epoll_ctl");
    *(void **)&next_wait = dlsym(RTLD_NEXT, "epoll_wait");
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the C library's are reserved */

__attribute__((visibility("default"))) ssize_t recv(int fd, void *out, size_t size, int flags)
{
    ssize_t got;

    if (next_recv == NULL)
        find_next();
    got = next_recv(fd, out, size, flags);
    if (!reads || got <= 0 || fd >= most || take(&connections[fd], out, (size_t)got))
        return got;
    errno = ECONNRESET;
    return -1;
}

/* ---- connections that break while they are not read: epoll hears of them when they are */

/* One that was taken out of epoll comes back as soon as anything is wanted of it. */
__attribute__((visibility("default"))) int epoll_ctl(
    int epoll, int what, int fd, struct epoll_event *event)
{
    int code;

    if (next_ctl == NULL)
        find_next();
    code = next_ctl(epoll, what, fd, event);
    if (!reads || fd >= most)
        return code;
    if (code != 0 && errno == ENOENT && what != EPOLL_CTL_ADD)
        code = what == EPOLL_CTL_DEL ? 0 : next_ctl(epoll, EPOLL_CTL_ADD, fd, event);
    if (code == 0) {
        connections[fd].events = what == EPOLL_CTL_DEL ? 0 : event->events;
        connections[fd].data = what == EPOLL_CTL_DEL ? 0 : event->data.u64;
    }
    return code;
}

/* The one that broke and is not read, or -1. */
static int find_unread(const struct epoll_event *event)
{
    int fd = 0;
    int end = count;

    if ((event->events & (EPOLLERR | EPOLLHUP)) == 0)
        return -1;
    while (fd < end && connections[fd].data != event->data.u64)
        fd++;
    return fd < end && (connections[fd].events & EPOLLIN) == 0 ? fd : -1;
}

__attribute__((visibility("default"))) int epoll_wait(
    int epoll, struct epoll_event *events, int size, int timeout)
{
    int kept = 0;
    int got;

    if (next_wait == NULL)
        find_next();
    got = next_wait(epoll, events, size, timeout);
    if (!reads)
        return got;
    for (int i = 0; i < got; i++) {
        int fd = find_unread(&events[i]);

        if (fd >= 0)
            next_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
        else
            events[kept++] = events[i];
    }
    return got < 0 ? got : kept;
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
