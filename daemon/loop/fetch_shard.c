/* fetch_shard.c - multi handles on the loop: their timers, their sockets, and the guard at each
 * socket's birth. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "loop/fetch_parts.h"

enum { PARTING = 100 }; /* connections of a shard beyond those it keeps */

/* A socket libcurl waits for. Between two requests over one connection libcurl says "remove" and
 * then "in" again: those we opened stay armed for reading meanwhile, which saves three system calls
 * a request. We learn of their end in sock_close(). Others (the resolver's) libcurl closes itself,
 * right after "remove". */
struct sock {
    uv_poll_t poll;
    struct fetcher *fetcher;
    struct shard *shard;
    curl_socket_t fd;
    int wanted; /* CURL_POLL_... */
    int armed;  /* events of libuv */
    bool ours;
    uint64_t host; /* hash of its key */
    bool live;     /* in shard->live: libcurl may use it for another request */
    bool polled;   /* poll is a handle of the loop */
};

void fetcher_handle_closed(uv_handle_t *handle)
{
    struct fetcher *fetcher = handle->data;
    void (*on_closed)(void *ctx) = fetcher->on_closed;
    void *ctx = fetcher->closed_ctx;

    if (--fetcher->handles > 0 || !fetcher->closing)
        return;
    free(fetcher);
    if (on_closed != NULL)
        on_closed(ctx);
}

static void on_sock_closed(uv_handle_t *handle)
{
    struct sock *sock = (struct sock *)(void *)handle;

    handle->data = sock->fetcher;
    fetcher_handle_closed(handle);
    free(sock);
}

static void sock_dead(struct sock *sock)
{
    if (sock->live)
        table_remove(&sock->shard->live, sock->host, sock);
    sock->live = false;
}

static void sock_free(struct fetcher *fetcher, struct sock *sock, curl_socket_t fd)
{
    fetcher->socks[fd] = NULL;
    sock_dead(sock);
    if (sock->polled)
        uv_close((uv_handle_t *)&sock->poll, on_sock_closed);
    else
        free(sock);
}

static struct sock *sock_new(struct shard *shard, curl_socket_t fd, bool ours)
{
    struct fetcher *fetcher = shard->fetcher;
    struct sock *sock = calloc(1, sizeof(*sock));
    size_t cap = fetcher->socks_cap == 0 ? 256 : fetcher->socks_cap;

    while (cap <= (size_t)fd)
        cap *= 2;
    if (cap > fetcher->socks_cap) {
        fetcher->socks = realloc(fetcher->socks, cap * sizeof(struct sock *));
        if (fetcher->socks == NULL)
            arena_out_of_memory(cap * sizeof(struct sock *));
        memset(fetcher->socks + fetcher->socks_cap, 0,
            (cap - fetcher->socks_cap) * sizeof(struct sock *));
        fetcher->socks_cap = cap;
    }
    if (sock == NULL)
        arena_out_of_memory(sizeof(*sock));
    /* A resolver that was given up closes its descriptor without a word; here it comes back. */
    if (fetcher->socks[fd] != NULL)
        sock_free(fetcher, fetcher->socks[fd], fd);
    sock->fetcher = fetcher;
    sock->shard = shard;
    sock->ours = ours;
    sock->fd = fd;
    fetcher->socks[fd] = sock;
    return sock;
}

static struct sock *sock_find(const struct fetcher *fetcher, curl_socket_t fd)
{
    return fd >= 0 && (size_t)fd < fetcher->socks_cap ? fetcher->socks[fd] : NULL;
}

static bool is_any(const void *item, const void *key)
{
    (void)item;
    (void)key;
    return true;
}

/* libcurl makes room for a new connection by closing the one idle for longest. With more hosts in
 * turn than connections each would be closed just before its turn comes: so a full shard keeps
 * those it has, and a host without one gets none that lasts. */
bool shard_has_room(const struct shard *shard, const struct host *host)
{
    return (long)shard->live.count < shard->fetcher->keep[host->tls] ||
           table_find(&shard->live, host->hash, is_any, NULL) != NULL;
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
    if (transfer->parting == 0)
        sock_live(sock, transfer->fetch->host->hash);
    return fd;
}

int sock_close(void *ctx, curl_socket_t fd)
{
    struct fetcher *fetcher = ctx;
    struct sock *sock = sock_find(fetcher, fd);

    if (sock != NULL)
        sock_free(fetcher, sock, fd);
    return close(fd);
}

static void drain(struct shard *shard)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(shard->multi, &left)) != NULL) {
        struct transfer *transfer = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        transfer_done(transfer, message->data.result);
    }
}

static void on_sock(uv_poll_t *poll, int status, int events)
{
    struct sock *sock = (struct sock *)(void *)poll;
    struct shard *shard = sock->shard;
    int action = 0;
    int running;

    if (status < 0) { /* libuv has stopped waiting; what is wrong libcurl learns by reading */
        sock->armed = 0;
        action = CURL_CSELECT_IN | CURL_CSELECT_OUT;
    }

    if (sock->wanted == 0) { /* an idle connection: closed over there, or out of turn */
        uv_poll_stop(poll);
        sock->armed = 0;
        sock_dead(sock);
        return;
    }
    action |= (events & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0;
    action |= (events & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0;
    shard->fetcher->busy = true;
    curl_multi_socket_action(shard->multi, sock->fd, action, &running);
    drain(shard);
    fetcher_pump(shard->fetcher);
}

static void sock_arm(struct shard *shard, struct sock *sock, curl_socket_t fd)
{
    int events = ((sock->wanted & CURL_POLL_IN) != 0 ? UV_READABLE : 0) |
                 ((sock->wanted & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0);

    if (!sock->polled) {
        if (uv_poll_init_socket(shard->fetcher->loop, &sock->poll, fd) != 0)
            return; /* no descriptor epoll knows; the deadline ends the request */
        sock->polled = true;
        shard->fetcher->handles++;
    }
    if (sock->armed != events)
        uv_poll_start(&sock->poll, events, on_sock);
    sock->armed = events;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *data)
{
    struct shard *shard = ctx;
    struct sock *sock = sock_find(shard->fetcher, fd);

    (void)easy;
    (void)data;
    if (what != CURL_POLL_REMOVE) {
        if (sock == NULL)
            sock = sock_new(shard, fd, false);
        sock->wanted = what;
        sock_arm(shard, sock, fd);
        return 0;
    }
    if (sock == NULL)
        return 0;
    sock->wanted = 0;
    if (!sock->ours) {
        sock_free(shard->fetcher, sock, fd);
    } else if ((sock->armed & UV_WRITABLE) != 0) {
        uv_poll_stop(&sock->poll);
        sock->armed = 0;
    }
    return 0;
}

static void stir(struct shard *shard)
{
    struct fetcher *fetcher = shard->fetcher;

    if (!shard->stirred) {
        shard->stirred = true;
        shard->next_stirred = fetcher->stirred;
        fetcher->stirred = shard;
    }
}

static void on_shard_timer(uv_timer_t *timer)
{
    struct shard *shard = (struct shard *)(void *)((char *)timer - offsetof(struct shard, timer));

    stir(shard);
    fetcher_pump(shard->fetcher);
}

static int on_timeout(CURLM *multi, long timeout, void *ctx)
{
    struct shard *shard = ctx;

    (void)multi;
    if (timeout == 0) {
        stir(shard); /* whoever called libcurl runs the stirred ones next */
    } else if (timeout < 0) {
        uv_timer_stop(&shard->timer);
    } else {
        /* Never early: libcurl does not ask again for a time it has asked for. */
        uv_update_time(shard->fetcher->loop);
        uv_timer_start(&shard->timer, on_shard_timer, (uint64_t)timeout + 1, 0);
    }
    return 0;
}

void shards_run(struct fetcher *fetcher)
{
    struct shard *shard = fetcher->stirred;
    int running;

    fetcher->stirred = NULL;
    while (shard != NULL) {
        struct shard *next = shard->next_stirred;

        shard->stirred = false;
        curl_multi_socket_action(shard->multi, CURL_SOCKET_TIMEOUT, 0, &running);
        drain(shard);
        shard = next;
    }
}

struct shard *shard_get(struct fetcher *fetcher, uint64_t hash, bool tls)
{
    struct shard **place = &fetcher->shards[hash % SHARDS + (tls ? SHARDS : 0)];
    struct shard *shard = *place;

    if (shard != NULL)
        return shard;
    shard = calloc(1, sizeof(*shard));
    if (shard == NULL || (shard->multi = curl_multi_init()) == NULL)
        arena_out_of_memory(sizeof(*shard));
    shard->fetcher = fetcher;
    fetcher_timer(fetcher, &shard->timer, fetcher);
    curl_multi_setopt(shard->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(shard->multi, CURLMOPT_SOCKETDATA, shard);
    curl_multi_setopt(shard->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
    curl_multi_setopt(shard->multi, CURLMOPT_TIMERDATA, shard);
    /* those that are to end count as well, as long as they last */
    curl_multi_setopt(shard->multi, CURLMOPT_MAXCONNECTS, fetcher->keep[tls] + PARTING);
    if (tls && (shard->share = curl_share_init()) != NULL)
        curl_share_setopt(shard->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    *place = shard;
    return shard;
}

void socks_free(struct fetcher *fetcher)
{
    for (size_t fd = 0; fd < fetcher->socks_cap; fd++)
        if (fetcher->socks[fd] != NULL)
            sock_free(fetcher, fetcher->socks[fd], (curl_socket_t)fd);
    free(fetcher->socks);
}

static void on_shard_closed(uv_handle_t *handle)
{
    struct shard *shard = (struct shard *)(void *)((char *)handle - offsetof(struct shard, timer));

    fetcher_handle_closed(handle);
    free(shard);
}

void shard_free(struct shard *shard)
{
    if (shard == NULL)
        return;
    curl_multi_cleanup(shard->multi);
    table_done(&shard->live);
    if (shard->share != NULL)
        curl_share_cleanup(shard->share);
    uv_close((uv_handle_t *)&shard->timer, on_shard_closed);
}

/* Idle connections may take half of the descriptors, three of four of them plain ones. */
void shards_limit(struct fetcher *fetcher)
{
    struct rlimit limit = {.rlim_cur = 1024};
    long each;

    getrlimit(RLIMIT_NOFILE, &limit);
    each = limit.rlim_cur > 1 << 20 ? KEEP_PLAIN : (long)limit.rlim_cur / 8 / SHARDS;
    fetcher->keep[0] = each * 3 > KEEP_PLAIN ? KEEP_PLAIN : each * 3 + 1;
    fetcher->keep[1] = each > KEEP_TLS ? KEEP_TLS : each + 1;
}
