/* host.c - hosts with requests waiting, in two lanes each: so many connections at a time, so far
 * apart. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "fetch/private.h"

static size_t put_lower(char *key, size_t len, struct bytes part)
{
    for (size_t i = 0; i < part.len; i++)
        key[len + i] = to_lower(part.ptr[i]);
    return len + part.len;
}

int fetch_origin(const char *url, char key[FETCH_ORIGIN], struct error *err)
{
    struct bytes rest = bytes_of(url);
    bool tls = bytes_starts_nocase(rest, LIT("https://"));
    struct bytes port;
    size_t at = 0;
    size_t len;

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
    port = at > 0 && rest.ptr[at - 1] == ':' ? LIT("") : tls ? LIT(":443") : LIT(":80");
    len = put_lower(key, 0, tls ? LIT("https://") : LIT("http://"));
    len = put_lower(key, len, rest);
    key[put_lower(key, len, port)] = '\0';
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

/* scheme://[::1]:port, or digits and dots alone */
static bool is_numeric(const char *key)
{
    const char *name = strstr(key, "//") + 2;

    return name[0] == '[' || name[strspn(name, "0123456789.")] == ':';
}

static uint64_t *known_place(struct fetcher *fetcher, const struct host *host)
{
    return &fetcher->known[host->hash % KNOWN_HOSTS];
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
    host->last = LANE_FEEDS; /* a page goes first */
    for (int i = 0; i < LANES; i++) {
        host->lanes[i].host = host;
        host->lanes[i].throttle.pages = i == LANE_PAGES;
        TAILQ_INIT(&host->lanes[i].lines);
    }
    turn_host(host);
    host->tls = bytes_starts(bytes_of(key), LIT("https:"));
    host->numeric = is_numeric(key);
    host->lanes[LANE_PAGES].known = *known_place(fetcher, host) == host->hash;
    table_add(&fetcher->hosts, host->hash, host);
    return host;
}

static struct lane *lane_of(const struct fetch *fetch)
{
    return &fetch->host->lanes[fetch->lane];
}

/* A few requests go one after the other over one connection; a second one is made when many wait,
 * or when the answer is slow (microseconds). */
enum { CROWD = 4, IN_TURN = 500000 };

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t lane_ready_at(const struct lane *lane)
{
    const struct host *host = lane->host;
    int64_t at = later(host->ready_at, lane->throttle.wait_until);

    if (host->active > 0 && host->waiting < CROWD)
        at = later(at, host->begun_at + IN_TURN);
    return later(at, lane->begun_at + lane->throttle.pace);
}

static void lane_settle(struct fetcher *fetcher, struct lane *lane, bool ready)
{
    if (lane->ready == ready)
        return;
    lane->ready = ready;
    turn_list(fetcher, lane);
}

static void lane_know(struct fetcher *fetcher, struct lane *lane, bool known)
{
    uint64_t *place = known_place(fetcher, lane->host);

    if (known)
        *place = lane->host->hash;
    else if (*place == lane->host->hash)
        *place = 0;
    if (lane->known == known)
        return;
    lane->known = known;
    turn_list(fetcher, lane);
}

static void tell_limit(struct fetcher *fetcher, struct host *host)
{
    const struct throttle *t = &host->lanes[LANE_FEEDS].throttle;
    int64_t grants = t->pace > 0 ? (60 * (int64_t)SECOND + t->pace / 2) / t->pace : 0;

    if (t->limited && !t->refusing && host->told == 0)
        host->told = grants > 0 ? (int)grants : 1;
    else if (!t->limited && host->told != 0)
        host->told = 0;
    else
        return;
    if (fetcher->on_limit != NULL && !fetcher->closing)
        fetcher->on_limit(fetcher->limit_ctx, host->key, host->told);
}

static void host_free(struct fetcher *fetcher, struct host *host)
{
    host->lanes[LANE_FEEDS].throttle.limited = false;
    tell_limit(fetcher, host);
    table_remove(&fetcher->hosts, host->hash, host);
    free(host);
}

/* Where the host belongs now: its lanes ready or not, itself cooling, or away when nothing is left
 * to remember. */
static void host_settle(struct fetcher *fetcher, struct host *host, int64_t now)
{
    bool idle = host->waiting == 0 && host->active == 0;
    bool full = host->active >= fetcher->per_host;
    int64_t until = idle ? host->ready_at : INT64_MAX;

    for (int i = 0; i < LANES; i++) {
        struct lane *lane = &host->lanes[i];
        bool able = lane->waiting > 0 && !full &&
                    (host->active == 0 || !throttle_is_doubtful(&lane->throttle));
        int64_t at = able ? lane_ready_at(lane) : INT64_MAX;

        lane_settle(fetcher, lane, at <= now);
        if (at > now && at < until)
            until = at;
        if (idle)
            until = later(until, lane->throttle.remembered_until);
    }
    if (until > now && until != INT64_MAX)
        heap_put(&fetcher->cooling.heap, &host->cooling, until);
    else
        heap_remove(&fetcher->cooling.heap, &host->cooling);
    if (idle && until <= now)
        host_free(fetcher, host);
}

void hosts_cool(struct fetcher *fetcher, int64_t now)
{
    struct heap_node *node;

    while ((node = due_first(&fetcher->cooling, now)) != NULL) {
        heap_remove(&fetcher->cooling.heap, node);
        host_settle(fetcher, HEAP_ITEM(node, struct host, cooling), now);
    }
}

void hosts_limit(struct fetcher *fetcher)
{
    int64_t all = fetcher->max_in_flight;

    fetcher->places[LANE_FEEDS].most = all - all / LEFT_BY_FEEDS;
    fetcher->places[LANE_PAGES].most = all - all / LEFT_BY_PAGES;
}

/* Whose turn it is, NULL for nobody's: kinds take turns, and on a host its lanes do. */
static struct fetch *next(const struct fetcher *fetcher)
{
    for (int i = 1; i <= LANES; i++) {
        enum lane_kind kind = (fetcher->last_lane + (unsigned)i) % LANES;
        struct fetch *fetch = turn_next(fetcher, kind);
        struct fetch *other;

        if (fetch == NULL)
            continue;
        if (fetch->host->last == kind &&
            (other = turn_of_lane(fetcher, &fetch->host->lanes[(kind + 1) % LANES])) != NULL)
            return other;
        return fetch;
    }
    return NULL;
}

bool fetcher_may_begin(const struct fetcher *fetcher)
{
    return !fetcher->held &&
           (int64_t)(fetcher->active_count - fetcher->aside_count) < fetcher->max_in_flight &&
           next(fetcher) != NULL;
}

static void begin(struct fetcher *fetcher, struct fetch *fetch, int64_t now)
{
    struct host *host = fetch->host;
    struct lane *lane = lane_of(fetch);

    turn_take(fetcher, fetch);
    lane_settle(fetcher, lane, false);
    lane->waiting--;
    host->waiting--;
    fetcher->waiting--;
    host->active++;
    host->last = fetcher->last_lane = fetch->lane;
    host->begun_at = lane->begun_at = now;
    host->ready_at = now + fetcher->spacing;
    host_settle(fetcher, host, now);
    transfer_begin(fetcher, fetch, now);
}

/* Those whose turn it is, until all places are taken. */
void hosts_begin(struct fetcher *fetcher)
{
    while (fetcher_may_begin(fetcher))
        begin(fetcher, next(fetcher), clock_mono());
}

/* The line is closed: whose is fetch is told for how long. */
static int refuse_held(const struct lane *lane, struct fetch *fetch, int64_t now, struct error *err)
{
    long long wait;

    fetch->held_for = lane->throttle.held_until - now;
    wait = (long long)fetch->held_for / SECOND + 1;
    if (lane->throttle.hangs >= HANG_ROW)
        return fail(err, E_TIMEOUT,
            "not asked: the last %d requests to this host were in vain; the next goes in %lld s",
            lane->throttle.hangs, wait);
    return fail(err, E_REFUSED, "not asked: the host wants to be left alone for %lld s", wait);
}

static void lane_close(struct fetcher *fetcher, struct lane *lane, int64_t now)
{
    while (lane->waiting > 0) {
        struct fetch *fetch = turn_first(lane);
        struct error err;

        error_clear(&err);
        host_dequeue(fetcher, fetch);
        fetch->host = NULL;
        refuse_held(lane, fetch, now, &err);
        fail_in(&err, "%.200s", fetch_url(fetch));
        fetch_refuse(fetcher, fetch, &err);
    }
}

void host_answered(struct fetcher *fetcher, struct fetch *fetch, int status, int64_t retry_after)
{
    struct lane *lane = lane_of(fetch);
    struct throttle *t = &lane->throttle;
    int64_t now = clock_mono();

    if (fetch->lane == LANE_PAGES)
        lane_know(fetcher, lane, true);
    fetch->share->hangs = 0;
    /* RFC 6585 section 4, RFC 9110 section 15.6.4: 503 without a time is some trouble over there */
    if (status != 429 && (status != 503 || retry_after < 0)) {
        throttle_answered(t, fetcher->spacing, now);
    } else {
        bool closed = throttle_refused(t, fetch->witness, fetch->was_well, retry_after, now);

        fetch->limited = t->limited;
        if (closed)
            lane_close(fetcher, lane, now);
    }
    tell_limit(fetcher, fetch->host);
}

void host_hung(struct fetcher *fetcher, struct fetch *fetch, int64_t begun)
{
    struct lane *lane = lane_of(fetch);
    int64_t now = clock_mono();

    if (fetch->lane != LANE_PAGES)
        return;
    lane_know(fetcher, lane, false);
    fetch->share->hangs++;
    if (throttle_hung(&lane->throttle, fetch->witness, begun, now))
        lane_close(fetcher, lane, now);
}

int host_enqueue(struct fetcher *fetcher, struct fetch *fetch, bool at_head, struct error *err)
{
    char key[FETCH_ORIGIN];
    struct host *host;
    struct lane *lane;
    int code = fetch_origin(fetch_url(fetch), key, err);

    if (code == OK)
        code = fetch_access_check(fetcher, fetch, err);
    if (code != OK)
        return code;
    host = host_get(fetcher, key);
    lane = &host->lanes[fetch->lane];
    if (lane->throttle.held_until > clock_mono())
        return refuse_held(lane, fetch, clock_mono(), err);
    fetch->host = host;
    turn_enter(fetcher, fetch, at_head);
    lane->waiting++;
    host->waiting++;
    fetcher->waiting++;
    host_settle(fetcher, host, clock_mono());
    return OK;
}

void host_release(struct fetcher *fetcher, struct fetch *fetch, int64_t now)
{
    struct host *host = fetch->host;

    turn_give(fetcher, fetch);
    fetch->host = NULL;
    host->active--;
    host_settle(fetcher, host, now);
}

void host_dequeue(struct fetcher *fetcher, struct fetch *fetch)
{
    struct host *host = fetch->host;

    turn_leave(fetcher, fetch);
    lane_of(fetch)->waiting--;
    host->waiting--;
    fetcher->waiting--;
    host_settle(fetcher, host, clock_mono());
}

size_t fetch_host_waiting(const struct fetcher *fetcher, const char *url, int64_t *ret_spacing)
{
    char key[FETCH_ORIGIN];
    struct host *host = fetch_origin(url, key, NULL) == OK ? host_find(fetcher, key) : NULL;

    if (ret_spacing != NULL)
        *ret_spacing =
            later(fetcher->spacing, host == NULL ? 0 : host->lanes[LANE_FEEDS].throttle.pace);
    return host == NULL ? 0 : host->waiting;
}
