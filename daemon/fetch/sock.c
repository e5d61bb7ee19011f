/* sock.c - libcurl's sockets: the guard at each one's birth, and answers taken in together.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "fetch/private.h"

/* Milliseconds in which answers are gathered once they come thick and fast. To be woken for each
 * costs more than to read it; as network drivers do, the second wake-up within this time is the
 * last one until nothing has come for as long. */
enum { GATHER = 4 };

enum { BATCH = 256 }; /* sockets looked at in one call */

/* A socket libcurl waits for. Between two requests over one connection libcurl says "remove" and
 * then "in" again: those we opened stay armed for reading meanwhile, which saves three system calls
 * a request. We learn of their end in sock_close(). Others (the resolver's) libcurl closes itself,
 * right after "remove". */
struct sock {
    struct shard *shard;
    curl_socket_t fd;
    uint32_t serial; /* tells it from an earlier socket of the same number */
    int wanted;      /* CURL_POLL_... */
    uint32_t armed;  /* EPOLL... */
    bool ours;
    bool live;     /* in shard->live: libcurl may use it for another request */
    uint64_t host; /* hash of its key */
};

static void sock_dead(struct sock *sock)
{
    if (sock->live)
        table_remove(&sock->shard->live, sock->host, sock);
    sock->live = false;
}

static void sock_arm(struct sock *sock, uint32_t events)
{
    struct epoll_event event = {
        .events = events, .data.u64 = (uint64_t)sock->serial << 32 | (uint32_t)sock->fd};
    int how = events == 0 ? EPOLL_CTL_DEL : sock->armed == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;

    if (sock->armed == events)
        return;
    /* What cannot be watched ends by its request's deadline. */
    sock->armed = epoll_ctl(sock->shard->fetcher->epoll, how, sock->fd, &event) == 0 ? events : 0;
}

static void sock_free(struct sock *sock)
{
    sock->shard->fetcher->socks[sock->fd] = NULL;
    sock_dead(sock);
    free(sock);
}

static void make_room(struct fetcher *fetcher, curl_socket_t fd)
{
    size_t cap = fetcher->socks_cap == 0 ? 256 : fetcher->socks_cap;

    while (cap <= (size_t)fd)
        cap *= 2;
    if (cap == fetcher->socks_cap)
        return;
    fetcher->socks = realloc(fetcher->socks, cap * sizeof(struct sock *));
    if (fetcher->socks == NULL)
        arena_out_of_memory(cap * sizeof(struct sock *));
    memset(
        fetcher->socks + fetcher->socks_cap, 0, (cap - fetcher->socks_cap) * sizeof(struct sock *));
    fetcher->socks_cap = cap;
}

static struct sock *sock_new(struct shard *shard, curl_socket_t fd, bool ours)
{
    struct fetcher *fetcher = shard->fetcher;
    struct sock *sock = calloc(1, sizeof(*sock));

    if (sock == NULL)
        arena_out_of_memory(sizeof(*sock));
    make_room(fetcher, fd);
    /* A resolver that was given up closes its descriptor without a word; here it comes back. */
    if (fetcher->socks[fd] != NULL)
        sock_free(fetcher->socks[fd]);
    *sock = (struct sock){.shard = shard, .fd = fd, .serial = ++fetcher->sock_serial, .ours = ours};
    fetcher->socks[fd] = sock;
    return sock;
}

static struct sock *sock_find(const struct fetcher *fetcher, curl_socket_t fd)
{
    return fd >= 0 && (size_t)fd < fetcher->socks_cap ? fetcher->socks[fd] : NULL;
}

static void sock_live(struct sock *sock, uint64_t host)
{
    sock->host = host;
    sock->live = true;
    table_add(&sock->shard->live, host, sock);
}

curl_socket_t sock_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = ctx;
    const char *why = NULL;
    struct sock *sock;
    curl_socket_t fd;

    (void)purpose;
    if (!fetch_is_proxied(transfer->fetch) &&
        !guard_allows(transfer->fetcher->guard, &address->addr, &why)) {
        const struct sockaddr *addr = &address->addr;

        transfer->refused = why;
        uv_ip_name(addr, transfer->address, sizeof(transfer->address));
        return CURL_SOCKET_BAD;
    }
    fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd < 0) {
        fail(&transfer->err, E_SYSTEM, "socket: %s", strerror(errno));
        return CURL_SOCKET_BAD;
    }
    sock = sock_new(transfer->shard, fd, true);
    transfer->fd = fd;
    transfer->sock = sock->serial;
    if (transfer->closes == 0)
        sock_live(sock, transfer->fetch->host->hash);
    return fd;
}

bool sock_is_connected(const struct transfer *transfer)
{
    const struct sock *sock =
        transfer->sock == 0 ? NULL : sock_find(transfer->fetcher, transfer->fd);
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);

    return sock != NULL && sock->serial == transfer->sock &&
           getpeername(transfer->fd, (struct sockaddr *)&peer, &len) == 0;
}

int sock_close(void *ctx, curl_socket_t fd)
{
    struct fetcher *fetcher = ctx;
    struct sock *sock = sock_find(fetcher, fd);

    if (sock != NULL)
        sock_free(sock);
    return close(fd);
}

int sock_watch(CURL *easy, curl_socket_t fd, int what, void *ctx, void *data)
{
    struct shard *shard = ctx;
    struct sock *sock = sock_find(shard->fetcher, fd);

    (void)easy;
    (void)data;
    if (what != CURL_POLL_REMOVE) {
        if (sock == NULL)
            sock = sock_new(shard, fd, false);
        sock->wanted = what;
        sock_arm(sock, ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0) |
                           ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0));
        return 0;
    }
    if (sock == NULL)
        return 0;
    if (!sock->ours || (sock->armed & EPOLLOUT) != 0)
        sock_arm(sock, 0);
    /* One that was never connected libcurl closes without a word. */
    if (!sock->ours || sock->wanted == CURL_POLL_OUT)
        sock_free(sock);
    else
        sock->wanted = 0;
    return 0;
}

static void on_event(struct sock *sock, uint32_t events)
{
    struct shard *shard = sock->shard;
    int action = 0;
    int running;

    if (sock->wanted == 0) { /* an idle connection: closed over there, or out of turn */
        sock_arm(sock, 0);
        sock_dead(sock);
        return;
    }
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) /* what is wrong libcurl learns by reading */
        action = CURL_CSELECT_IN | CURL_CSELECT_OUT;
    action |= (events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0;
    action |= (events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0;
    curl_multi_socket_action(shard->multi, sock->fd, action, &running);
    shard_drain(shard);
}

/* Serve every socket on which something came; returns how many. */
static int gather(struct fetcher *fetcher)
{
    struct epoll_event events[BATCH];
    int count = epoll_wait(fetcher->epoll, events, BATCH, 0);

    fetcher->busy = true;
    for (int i = 0; i < count; i++) {
        struct sock *sock = sock_find(fetcher, (curl_socket_t)(uint32_t)events[i].data.u64);

        if (sock != NULL && sock->serial == events[i].data.u64 >> 32)
            on_event(sock, events[i].events);
    }
    return count;
}

static void on_ready(uv_poll_t *poll, int status, int events);

static void on_gather(uv_timer_t *timer)
{
    struct fetcher *fetcher = timer->data;

    if (gather(fetcher) == 0) {
        uv_timer_stop(timer);
        uv_poll_start(&fetcher->ready, UV_READABLE, on_ready);
    }
    fetcher_pump(fetcher);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct fetcher *fetcher = poll->data;
    uint64_t now = uv_now(fetcher->loop);

    (void)status;
    (void)events;
    if (now - fetcher->ready_at < GATHER) {
        uv_poll_stop(poll);
        uv_timer_start(&fetcher->gather, on_gather, GATHER, GATHER);
        return;
    }
    fetcher->ready_at = now;
    gather(fetcher);
    fetcher_pump(fetcher);
}

int socks_init(struct fetcher *fetcher, struct error *err)
{
    fetcher->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (fetcher->epoll < 0 || uv_poll_init(fetcher->loop, &fetcher->ready, fetcher->epoll) != 0)
        return fail(err, E_SYSTEM, "epoll: %s", strerror(errno));
    fetcher->ready.data = fetcher;
    fetcher->handles++;
    fetcher_timer(fetcher, &fetcher->gather, fetcher);
    uv_poll_start(&fetcher->ready, UV_READABLE, on_ready);
    return OK;
}

static void on_ready_closed(uv_handle_t *handle)
{
    struct fetcher *fetcher = handle->data;

    close(fetcher->epoll);
    fetcher_handle_closed(handle);
}

void socks_done(struct fetcher *fetcher)
{
    for (size_t fd = 0; fd < fetcher->socks_cap; fd++)
        free(fetcher->socks[fd]); /* the shards and what was live there are gone */
    free(fetcher->socks);
    uv_close((uv_handle_t *)&fetcher->gather, fetcher_handle_closed);
    uv_close((uv_handle_t *)&fetcher->ready, on_ready_closed);
}
