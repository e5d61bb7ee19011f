/* shard.c - multi handles on the loop: many, each with its timer. */
#include <stdlib.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "fetch/private.h"

enum { PARTING = 100 }; /* connections of a shard beyond those it keeps */

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

void shard_drain(struct shard *shard)
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

static void make_due(struct shard *shard)
{
    struct fetcher *fetcher = shard->fetcher;

    if (!shard->due) {
        shard->due = true;
        shard->next_due = fetcher->due;
        fetcher->due = shard;
    }
}

static void on_shard_timer(uv_timer_t *timer)
{
    struct shard *shard = (struct shard *)(void *)((char *)timer - offsetof(struct shard, timer));

    make_due(shard);
    fetcher_pump(shard->fetcher);
}

static int on_timeout(CURLM *multi, long timeout, void *ctx)
{
    struct shard *shard = ctx;

    (void)multi;
    if (timeout == 0) {
        make_due(shard); /* whoever called libcurl runs the due ones next */
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
    struct shard *shard = fetcher->due;
    int running;

    fetcher->due = NULL;
    while (shard != NULL) {
        struct shard *next = shard->next_due;

        shard->due = false;
        curl_multi_socket_action(shard->multi, CURL_SOCKET_TIMEOUT, 0, &running);
        shard_drain(shard);
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
    curl_multi_setopt(shard->multi, CURLMOPT_SOCKETFUNCTION, sock_watch);
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
