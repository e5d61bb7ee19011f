/* fetch.c - requests waiting for their turn: a queue for each host, so many at a time, so far
 * apart.
 *
 * Who takes turns. A request is a struct fetch from fetch_start() to its one result, in one of
 * three places: in a line (host.c, turn.c), on its way (fetch->transfer), or among those that
 * failed before they began. Nothing is done for it within fetch_start() or fetch_cancel(): they
 * change the lists and leave a kick for the next turn of the loop.
 *
 * All work is done by fetcher_pump(), in this order: hosts whose hold is over may begin, those that
 * failed are told, requests begin, libcurl runs what is due. It is entered from the loop only: by
 * the kick, by the tick (deadlines, holds), by a shard's timer and by its sockets. While it runs,
 * `busy` is set and no kick is left, since it looks again itself at its end.
 *
 * Who may call whom back. libcurl's callbacks never call libcurl: its timer marks the shard as due,
 * its sockets are watched, its data is kept, and what it has finished is taken from its messages
 * after it has returned (shard_drain). transfer_done(), for a message or a deadline, completes:
 * the request goes back into a line (retry.c, redirect.c), or fetch_finish() gives its ticket back,
 * calls on_result and frees it, in this order.
 *
 * on_result may start and cancel any request, its own included (its ticket is worth nothing by
 * then), and may hold or close the fetcher. Whoever holds a ticket may cancel at any time; after
 * that nothing is called. So no list is walked while callbacks run: heads are taken off one by one,
 * up to those that were there when it began. Closing lets nothing new in, gives every request
 * E_STOPPED, and frees the fetcher when libuv has let go of its last handle. */
#include "fetch/fetch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/eight.h"
#include "base/hash.h"
#include "fetch/header.h"
#include "fetch/private.h"

enum { TICK = 100 }; /* milliseconds between two looks at the deadlines of those in flight */
enum { NO_SLOT = 0 };

/* A ticket is its slot's number and how often the slot was used before. */
struct slot {
    struct fetch *fetch;
    uint32_t uses;
    size_t next_free;
};

static uint64_t slot_take(struct fetcher *fetcher, struct fetch *fetch)
{
    size_t at = fetcher->free_slot;

    if (at == NO_SLOT) {
        size_t cap = fetcher->slots_cap == 0 ? 256 : fetcher->slots_cap * 2;

        fetcher->slots = realloc(fetcher->slots, cap * sizeof(struct slot));
        if (fetcher->slots == NULL)
            arena_out_of_memory(cap * sizeof(struct slot));
        at = fetcher->slots_cap == 0 ? 1 : fetcher->slots_cap;
        for (size_t i = at; i < cap; i++)
            fetcher->slots[i] = (struct slot){.next_free = i + 1 < cap ? i + 1 : NO_SLOT};
        fetcher->slots_cap = cap;
    }
    fetcher->free_slot = fetcher->slots[at].next_free;
    fetcher->slots[at].fetch = fetch;
    return (uint64_t)fetcher->slots[at].uses << 32 | at;
}

static struct fetch *slot_find(const struct fetcher *fetcher, uint64_t ticket)
{
    size_t at = (size_t)(ticket & UINT32_MAX);

    if (at == NO_SLOT || at >= fetcher->slots_cap || fetcher->slots[at].uses != ticket >> 32)
        return NULL;
    return fetcher->slots[at].fetch;
}

static void slot_give(struct fetcher *fetcher, uint64_t ticket)
{
    size_t at = (size_t)(ticket & UINT32_MAX);

    fetcher->slots[at].fetch = NULL;
    fetcher->slots[at].uses++;
    fetcher->slots[at].next_free = fetcher->free_slot;
    fetcher->free_slot = at;
}

static void on_kick(uv_timer_t *timer)
{
    fetcher_pump(timer->data);
}

static void kick(struct fetcher *fetcher)
{
    if (!fetcher->busy && !uv_is_active((uv_handle_t *)&fetcher->kick))
        uv_timer_start(&fetcher->kick, on_kick, 0, 0);
}

static void on_tick(void *ctx)
{
    struct fetcher *fetcher = ctx;

    fetcher->busy = true;
    transfers_check(fetcher, clock_mono());
    fetcher_pump(fetcher);
}

/* Look again when the first host has cooled, and now and then while anything is in flight. */
static void tick_arm(struct fetcher *fetcher)
{
    due_arm_by(&fetcher->cooling,
        fetcher->active_count > 0 ? clock_mono() + TICK * (int64_t)1000 : INT64_MAX);
}

/* Those of now: what is called back may start others that fail, and cancel any of these. */
static void report_failed(struct fetcher *fetcher)
{
    uint64_t last = fetcher->failed_count;
    struct fetch *fetch;

    while ((fetch = STAILQ_FIRST(&fetcher->failed)) != NULL && fetch->came <= last) {
        struct fetch_result result = {.code = fetch->failed->code,
            .error = fetch->failed->text,
            .url = fetch_url(fetch),
            .held = fetch->held_for > 0,
            .retry_after = fetch->held_for > 0 ? fetch->held_for : -1,
            .max_age = -1,
            .address = ""};

        STAILQ_REMOVE_HEAD(&fetcher->failed, entry);
        fetch_finish(fetch, fetcher, &result);
    }
}

static void fetcher_end(struct fetcher *fetcher);

void fetcher_pump(struct fetcher *fetcher)
{
    fetcher->busy = true;
    if (fetcher->cooling.heap.count > 0)
        hosts_cool(fetcher, clock_mono());
    report_failed(fetcher);
    hosts_begin(fetcher);
    shards_run(fetcher);
    fetcher->busy = false;
    if (fetcher->closing) {
        fetcher_end(fetcher);
        return;
    }
    if (fetcher->due != NULL || !STAILQ_EMPTY(&fetcher->failed) || fetcher_may_begin(fetcher))
        kick(fetcher);
    tick_arm(fetcher);
}

static const char *put(char **at, const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);
    char *copy = *at;

    memcpy(copy, text == NULL ? "" : text, len + 1);
    *at += len + 1;
    return copy;
}

static size_t lines_len(const char *const *lines)
{
    size_t len = 1;

    for (size_t i = 0; lines != NULL && lines[i] != NULL; i++)
        len += strlen(lines[i]) + 1;
    return len;
}

static struct fetch *fetch_new(const struct fetch_request *request, struct bytes url)
{
    size_t len = url.len + bytes_of(request->etag).len + bytes_of(request->last_modified).len +
                 bytes_of(request->validated).len + bytes_of(request->accept).len + 5 +
                 lines_len(request->headers) + bytes_of(request->form).len + 1;
    struct fetch *fetch = malloc(sizeof(*fetch) + len);
    char *at;

    if (fetch == NULL)
        arena_out_of_memory(sizeof(*fetch) + len);
    *fetch = (struct fetch){.same_origin = true};
    at = fetch->text;
    fetch->url = at;
    if (url.len > 0)
        memcpy(at, url.ptr, url.len);
    at += url.len;
    *at++ = '\0';
    fetch->etag = put(&at, request->etag);
    fetch->last_modified = put(&at, request->last_modified);
    fetch->validated = put(&at, request->validated);
    fetch->accept = put(&at, request->accept);
    fetch->lines = at;
    for (size_t i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
        put(&at, request->headers[i]);
    *at++ = '\0';
    if (request->form != NULL)
        fetch->form = put(&at, request->form);
    return fetch;
}

static void fetch_free(struct fetch *fetch)
{
    free(fetch->moved);
    free(fetch->failed);
    fetch_access_free(fetch->access);
    buf_done(&fetch->visited);
    buf_done(&fetch->jar);
    free(fetch);
}

/* Nothing that goes into a header line may end it. */
static bool is_line(const char *text)
{
    struct bytes rest = bytes_of(text);

    for (; rest.len >= sizeof(uint64_t); rest = bytes_from(rest, sizeof(uint64_t))) {
        uint64_t eight = eight_load(rest.ptr);

        if (eight_above(eight, ' ' - 1) != EIGHT_HIGH || eight_equal(eight, 0x7f) != 0)
            return false;
    }
    for (size_t i = 0; i < rest.len; i++)
        if ((unsigned char)rest.ptr[i] < ' ' || rest.ptr[i] == 0x7f)
            return false;
    return true;
}

static int check_request(
    const struct fetch_request *request, const struct fetch *fetch, struct error *err)
{
    size_t count = 0;

    if (strlen(fetch->url) >= URL_LIMIT)
        return fail(err, E_LIMIT, "a URL of over %d bytes", URL_LIMIT);
    if (!is_line(request->etag) || !is_line(request->last_modified) || !is_line(request->accept))
        return fail(err, E_USAGE, "%.200s: control characters in a header", request->url);
    for (; request->headers != NULL && request->headers[count] != NULL; count++) {
        const char *line = request->headers[count];

        if (!is_line(line) || strchr(line, ':') == NULL)
            return fail(err, E_USAGE, "%.200s: a header is no 'Name: value'", request->url);
    }
    if (count > REQUEST_LINES)
        return fail(err, E_LIMIT, "%.200s: over %d headers", request->url, REQUEST_LINES);
    return OK;
}

void fetch_refuse(struct fetcher *fetcher, struct fetch *fetch, const struct error *err)
{
    fetch->failed = new_zeroed(sizeof(*err));
    *fetch->failed = *err;
    fetch->came = ++fetcher->failed_count;
    STAILQ_INSERT_TAIL(&fetcher->failed, fetch, entry);
}

uint64_t fetch_start(struct fetcher *fetcher, const struct fetch_request *request,
    fetch_on_result *on_result, void *ctx)
{
    struct arena *scratch;
    struct fetch *fetch;
    uint64_t ticket;
    struct error err;
    int code;

    if (fetcher->closing)
        return 0;
    error_clear(&err);
    scratch = arena_new(1 << 20); /* takes memory when the address is not plain */
    fetch = fetch_new(request, url_request(scratch, bytes_of(request->url)));
    arena_free(scratch);
    fetch->access = fetch_access_new(fetcher->conf, request);
    fetch->on_result = on_result;
    fetch->ctx = ctx;
    fetch->max_body = request->max_body > 0 ? request->max_body : fetcher->max_body;
    fetch->time_left = fetcher->timeout;
    buf_add(&fetch->jar, bytes_of(request->cookies));
    fetch->cut = request->cut;
    fetch->one_hop = request->one_hop;
    fetch->rank = !request->patient ? RANK_PROMPT : request->was_well ? RANK_WELL : RANK_NEW;
    fetch->lane = request->page ? LANE_PAGES : LANE_FEEDS;
    fetch->feed = request->on_behalf;
    fetch->was_well = request->was_well;
    fetch->witness = hash64(bytes_of(request->url));
    ticket = slot_take(fetcher, fetch);
    fetch->ticket = ticket;
    code = check_request(request, fetch, &err);
    if (code == OK && (code = host_enqueue(fetcher, fetch, false, &err)) != OK)
        fail_in(&err, "%.200s", fetch->url);
    if (code != OK)
        fetch_refuse(fetcher, fetch, &err);
    kick(fetcher);
    return ticket;
}

void fetch_finish(struct fetch *fetch, struct fetcher *fetcher, const struct fetch_result *result)
{
    slot_give(fetcher, fetch->ticket);
    fetch->on_result(fetch->ctx, result);
    fetch_free(fetch);
}

/* Off its queue, or off those that failed. */
static void dequeue(struct fetcher *fetcher, struct fetch *fetch)
{
    if (fetch->host != NULL)
        host_dequeue(fetcher, fetch);
    else
        STAILQ_REMOVE(&fetcher->failed, fetch, fetch, entry);
}

void fetch_cancel(struct fetcher *fetcher, uint64_t ticket)
{
    struct fetch *fetch = slot_find(fetcher, ticket);

    if (fetch == NULL)
        return;
    if (fetch->transfer != NULL)
        transfer_abort(fetch->transfer);
    else
        dequeue(fetcher, fetch);
    slot_give(fetcher, ticket);
    fetch_free(fetch);
    kick(fetcher);
}

void fetch_wanted(struct fetcher *fetcher, uint64_t ticket, int64_t on_behalf)
{
    struct fetch *fetch = slot_find(fetcher, ticket);

    if (fetch == NULL || fetch->lane != LANE_PAGES || !fetch_waits(fetch))
        return;
    turn_move(fetcher, fetch, on_behalf);
    kick(fetcher);
}

void fetcher_on_limit(struct fetcher *fetcher,
    void (*on_limit)(void *ctx, const char *origin, int per_minute), void *ctx)
{
    fetcher->on_limit = on_limit;
    fetcher->limit_ctx = ctx;
}

void fetcher_hold(struct fetcher *fetcher, bool held)
{
    if (fetcher->held && !held)
        kick(fetcher);
    fetcher->held = held;
}

size_t fetch_in_flight(const struct fetcher *fetcher)
{
    return fetcher->active_count;
}

size_t fetch_waiting(const struct fetcher *fetcher)
{
    return fetcher->waiting;
}

struct bytes fetch_header(const struct fetch_result *result, const char *name)
{
    return header_find(result->headers, name);
}

static char *copy_of(const char *text)
{
    char *copy;

    if (text == NULL)
        text = "";
    copy = strdup(text);
    if (copy == NULL)
        arena_out_of_memory(strlen(text));
    return copy;
}

static char *agent_of(const struct conf *conf)
{
    char text[400];

    if (conf->http.user_agent != NULL && conf->http.user_agent[0] != '\0')
        return copy_of(conf->http.user_agent);
    if (conf->http.contact == NULL || conf->http.contact[0] == '\0')
        snprintf(text, sizeof(text), "wireroom/%s", WIREROOM_VERSION);
    else
        snprintf(text, sizeof(text), "wireroom/%s (+%s)", WIREROOM_VERSION, conf->http.contact);
    return copy_of(text);
}

static void settings_take(struct fetcher *fetcher, const struct conf *conf)
{
    free(fetcher->user_agent);
    free(fetcher->ca_path);
    fetcher->conf = conf;
    fetcher->user_agent = agent_of(conf);
    fetcher->ca_path = copy_of(conf->http.ca_path);
    fetcher->per_host = conf->http.per_host < 1 ? 1 : conf->http.per_host;
    fetcher->spacing = conf->http.spacing;
    fetcher->timeout = conf->http.timeout;
    fetcher->max_body = conf->http.max_body;
    fetcher->max_in_flight = conf->http.max_in_flight < 1 ? 1 : conf->http.max_in_flight;
    hosts_limit(fetcher);
    fetcher->generation++;
}

void fetcher_timer(struct fetcher *fetcher, uv_timer_t *timer, void *data)
{
    uv_timer_init(fetcher->loop, timer);
    timer->data = data;
    fetcher->handles++;
}

int fetcher_open(
    uv_loop_t *loop, const struct conf *conf, struct fetcher **ret_fetcher, struct error *err)
{
    struct guard *guard;
    struct fetcher *fetcher;
    int code = guard_new(conf, &guard, err);

    if (code != OK)
        return code;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        guard_free(guard);
        return fail(err, E_SYSTEM, "libcurl does not start");
    }
    fetcher = calloc(1, sizeof(*fetcher));
    if (fetcher == NULL)
        arena_out_of_memory(sizeof(*fetcher));
    fetcher->loop = loop;
    STAILQ_INIT(&fetcher->failed);
    if (socks_init(fetcher, err) != OK) {
        guard_free(guard);
        free(fetcher);
        return err->code;
    }
    fetcher->guard = guard;
    turn_open(fetcher);
    settings_take(fetcher, conf);
    shards_limit(fetcher);
    signal(SIGPIPE, SIG_IGN); /* TLS writes to what the server has closed */
    fetcher_timer(fetcher, &fetcher->kick, fetcher);
    due_open(&fetcher->cooling, loop, 1, on_tick, fetcher);
    fetcher->cooling.timer.data = fetcher;
    fetcher->handles++;
    *ret_fetcher = fetcher;
    return OK;
}

static void idle_free(struct fetcher *fetcher)
{
    for (size_t kind = 0; kind < SHARD_KINDS; kind++)
        while (fetcher->pools[kind] != NULL) {
            struct transfer *next = fetcher->pools[kind]->next;

            transfer_free(fetcher->pools[kind]);
            fetcher->pools[kind] = next;
        }
}

int fetcher_reload(struct fetcher *fetcher, const struct conf *conf, struct error *err)
{
    struct guard *guard;
    int code = guard_new(conf, &guard, err);

    if (code != OK)
        return code;
    guard_free(fetcher->guard);
    fetcher->guard = guard;
    settings_take(fetcher, conf);
    idle_free(fetcher);
    kick(fetcher);
    return OK;
}

static void end_all(struct fetcher *fetcher)
{
    static const struct fetch_result stopped = {.code = E_STOPPED,
        .error = "the daemon stops",
        .url = "",
        .retry_after = -1,
        .max_age = -1,
        .address = ""};

    for (size_t at = 1; at < fetcher->slots_cap; at++) {
        struct fetch *fetch = fetcher->slots[at].fetch;

        if (fetch == NULL)
            continue;
        if (fetch->transfer != NULL)
            transfer_abort(fetch->transfer);
        else
            dequeue(fetcher, fetch);
        fetch_finish(fetch, fetcher, &stopped);
    }
}

static void fetcher_end(struct fetcher *fetcher)
{
    end_all(fetcher);
    hosts_cool(fetcher, INT64_MAX - 1);
    idle_free(fetcher);
    for (size_t i = 0; i < (size_t)SHARDS * SHARD_KINDS; i++)
        shard_free(fetcher->shards[i]);
    guard_free(fetcher->guard);
    turn_close(fetcher);
    table_done(&fetcher->hosts);
    due_done(&fetcher->cooling);
    free(fetcher->active);
    free(fetcher->slots);
    socks_done(fetcher);
    free(fetcher->user_agent);
    free(fetcher->ca_path);
    curl_global_cleanup();
    uv_close((uv_handle_t *)&fetcher->kick, fetcher_handle_closed);
    uv_close((uv_handle_t *)&fetcher->cooling.timer, fetcher_handle_closed);
}

void fetcher_close(struct fetcher *fetcher, void (*on_closed)(void *ctx), void *ctx)
{
    fetcher->closing = true;
    fetcher->on_closed = on_closed;
    fetcher->closed_ctx = ctx;
    if (!fetcher->busy)
        fetcher_end(fetcher);
}
