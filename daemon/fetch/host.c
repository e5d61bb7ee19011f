/* host.c - hosts with requests waiting: so many connections at a time, so far apart, in turn.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "fetch/parts.h"

/* An answer that says "later" is the feed's own or the whole host's. When HOST_THROTTLED different
 * addresses in a row get one, asked one at a time, it is the host's: for the shortest time that was
 * said, and at most HOLD_MOST seconds, whoever would ask it is told so instead. A single address of
 * a shared host can so not silence its neighbours. */
enum { HOLD_MOST = 3600 };

int fetch_origin(const char *url, char key[FETCH_ORIGIN], struct error *err)
{
    struct bytes rest = bytes_of(url);
    bool tls = bytes_starts_nocase(rest, LIT("https://"));
    const char *port;
    size_t at = 0;

    if (!tls && !bytes_starts_nocase(rest, LIT("http://")))
        return fail(err, E_USAGE, "neither http nor https");
    rest = bytes_from(rest, tls ? 8 : 7);
    rest.len = rest.len == 0 ? 0 : strcspn(rest.ptr, "/?#");
    while ((at = bytes_find_byte(rest, '@')) != SIZE_MAX)
        rest = bytes_from(rest, at + 1);
    if (rest.len == 0)
        return fail(err, E_USAGE, "no host in this URL");
    if (rest.len > FETCH_ORIGIN - 20)
        return fail(err, E_LIMIT, "a host name of over %d bytes", FETCH_ORIGIN - 20);
    for (at = rest.len; at > 0 && is_digit(rest.ptr[at - 1]); at--)
        continue;
    port = at > 0 && rest.ptr[at - 1] == ':' ? "" : tls ? ":443" : ":80";
    snprintf(key, FETCH_ORIGIN, "%s://%.*s%s", tls ? "https" : "http", FMT(rest), port);
    for (char *c = key; *c != '\0'; c++)
        *c = to_lower(*c);
    return OK;
}

static bool host_is(const void *item, const void *key)
{
    const struct host *host = item;

    return strcmp(host->key, key) == 0;
}

static struct host *host_find(const struct fetcher *fetcher, const char *key)
{
    return table_find(&fetcher->hosts, hash64(bytes_of(key)), host_is, key);
}

static struct host *host_get(struct fetcher *fetcher, const char *key)
{
    struct host *host = host_find(fetcher, key);
    size_t len = strlen(key) + 1;

    if (host != NULL)
        return host;
    host = calloc(1, sizeof(*host) + len);
    if (host == NULL)
        arena_out_of_memory(sizeof(*host) + len);
    memcpy(host->key, key, len);
    host->hash = hash64(bytes_of(key));
    STAILQ_INIT(&host->prompt);
    STAILQ_INIT(&host->patient);
    host->tls = bytes_starts(bytes_of(key), LIT("https:"));
    table_add(&fetcher->hosts, host->hash, host);
    return host;
}

static struct fetch_queue *queue_of(struct host *host, const struct fetch *fetch)
{
    return fetch->patient ? &host->patient : &host->prompt;
}

static struct fetch *host_first(const struct host *host)
{
    return STAILQ_FIRST(STAILQ_EMPTY(&host->prompt) ? &host->patient : &host->prompt);
}

static void ready_add(struct fetcher *fetcher, struct host *host)
{
    host->ready = true;
    host->next = NULL;
    host->previous = fetcher->last_ready;
    if (fetcher->last_ready == NULL)
        fetcher->first_ready = host;
    else
        fetcher->last_ready->next = host;
    fetcher->last_ready = host;
}

static void ready_remove(struct fetcher *fetcher, struct host *host)
{
    host->ready = false;
    if (host->previous == NULL)
        fetcher->first_ready = host->next;
    else
        host->previous->next = host->next;
    if (host->next == NULL)
        fetcher->last_ready = host->previous;
    else
        host->next->previous = host->previous;
}

/* A few requests go one after the other over one connection; a second one is made when many wait,
 * or when the answer is slow (microseconds). */
enum { CROWD = 4, IN_TURN = 500000 };

static int64_t ready_at(const struct host *host)
{
    int64_t in_turn = host->begun_at + IN_TURN;

    if (host->active > 0 && host->waiting < CROWD && in_turn > host->ready_at)
        return in_turn;
    return host->ready_at;
}

/* Where the host belongs now: ready, cooling, in neither, or away when nothing is left to remember.
 */
static void host_settle(struct fetcher *fetcher, struct host *host, int64_t now)
{
    bool idle = host->waiting == 0 && host->active == 0;
    int64_t limit = host->throttled_count > 0 ? 1 : fetcher->per_host;
    int64_t until = idle && host->throttled_count > 0 && host->throttled_until > host->ready_at
                        ? host->throttled_until
                        : ready_at(host);
    bool cool = until <= now;
    bool ready = cool && host->waiting > 0 && host->active < limit;
    bool cooling = !cool && (idle || host->waiting > 0);

    if (host->ready && !ready)
        ready_remove(fetcher, host);
    if (cooling)
        heap_put(&fetcher->cooling, &host->cooling, until);
    else
        heap_remove(&fetcher->cooling, &host->cooling);
    if (ready && !host->ready)
        ready_add(fetcher, host);
    if (idle && cool) {
        table_remove(&fetcher->hosts, host->hash, host);
        free(host);
    }
}

void hosts_cool(struct fetcher *fetcher, int64_t now)
{
    while (heap_first_key(&fetcher->cooling) <= now) {
        struct heap_node *node = heap_first(&fetcher->cooling);

        heap_remove(&fetcher->cooling, node);
        host_settle(
            fetcher, (struct host *)(void *)((char *)node - offsetof(struct host, cooling)), now);
    }
}

/* One request of each host that is ready, in turn, until all places are taken. */
void hosts_begin(struct fetcher *fetcher)
{
    while (fetcher_may_begin(fetcher)) {
        struct host *host = fetcher->first_ready;
        struct fetch *fetch = host_first(host);
        int64_t now = clock_mono();

        ready_remove(fetcher, host);
        STAILQ_REMOVE_HEAD(queue_of(host, fetch), entry);
        fetch->patient = false; /* its next hop goes before those that wait */
        host->waiting--;
        fetcher->waiting--;
        host->active++;
        host->begun_at = now;
        host->ready_at = now + fetcher->spacing;
        host_settle(fetcher, host, now);
        transfer_begin(fetcher, fetch);
    }
}

static int refuse_held(const struct host *host, struct fetch *fetch, int64_t now, struct error *err)
{
    fetch->held_for = host->held_until - now;
    return fail(err, E_REFUSED, "not asked: the host wants to be left alone for %lld s",
        (long long)fetch->held_for / SECOND + 1);
}

static void hold(struct fetcher *fetcher, struct host *host, int64_t now)
{
    host->held_until = host->ready_at = now + host->throttled_for;
    host->throttled_count = 0;
    while (host->waiting > 0) {
        struct fetch *fetch = host_first(host);

        host_dequeue(fetcher, fetch);
        fetch->host = NULL;
        refuse_held(host, fetch, now, &fetch->failed);
        fail_in(&fetch->failed, "%.200s", fetch_url(fetch));
        fetch_refuse(fetcher, fetch);
    }
}

void host_throttled(
    struct fetcher *fetcher, struct host *host, const char *url, int64_t retry_after)
{
    int64_t now = clock_mono();
    int64_t most = HOLD_MOST * (int64_t)SECOND;
    uint64_t hash = hash64(bytes_of(url));

    retry_after = retry_after > most ? most : retry_after;
    if (host->throttled_count == 0 || retry_after < host->throttled_for)
        host->throttled_for = retry_after;
    if (now + retry_after > host->throttled_until)
        host->throttled_until = now + retry_after;
    for (int i = 0; i < host->throttled_count; i++)
        if (host->throttled[i] == hash)
            return;
    host->throttled[host->throttled_count++] = hash;
    if (host->throttled_count == HOST_THROTTLED)
        hold(fetcher, host, now);
}

int host_enqueue(struct fetcher *fetcher, struct fetch *fetch, bool at_head, struct error *err)
{
    char key[FETCH_ORIGIN];
    struct host *host;
    int code = fetch_origin(fetch_url(fetch), key, err);

    if (code == OK)
        code = fetch_access_check(fetcher, fetch, err);
    if (code != OK)
        return code;
    host = host_get(fetcher, key);
    if (host->held_until > clock_mono())
        return refuse_held(host, fetch, clock_mono(), err);
    fetch->host = host;
    if (at_head)
        STAILQ_INSERT_HEAD(queue_of(host, fetch), fetch, entry);
    else
        STAILQ_INSERT_TAIL(queue_of(host, fetch), fetch, entry);
    host->waiting++;
    fetcher->waiting++;
    host_settle(fetcher, host, clock_mono());
    return OK;
}

void host_release(struct fetcher *fetcher, struct fetch *fetch)
{
    struct host *host = fetch->host;

    fetch->host = NULL;
    host->active--;
    host_settle(fetcher, host, clock_mono());
}

void host_dequeue(struct fetcher *fetcher, struct fetch *fetch)
{
    struct host *host = fetch->host;

    STAILQ_REMOVE(queue_of(host, fetch), fetch, fetch, entry);
    host->waiting--;
    fetcher->waiting--;
    host_settle(fetcher, host, clock_mono());
}

size_t fetch_host_waiting(const struct fetcher *fetcher, const char *url)
{
    char key[FETCH_ORIGIN];
    struct host *host;

    if (fetch_origin(url, key, NULL) != OK)
        return 0;
    host = host_find(fetcher, key);
    return host == NULL ? 0 : host->waiting;
}
