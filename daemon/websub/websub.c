/* websub.c - the subscriptions: which feed has one, and what is due for each. */
#include "websub/websub.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "fetch/header.h"
#include "websub/private.h"

/* Of the addresses in one answer's Link headers. */
enum { LINKS_MEMORY = 1 << 20 };

/* ---- found again */

static uint64_t hash_of_feed(int64_t feed)
{
    return hash64((struct bytes){(const char *)&feed, sizeof(feed)});
}

static bool is_of_feed(const void *item, const void *key)
{
    return ((const struct subscription *)item)->feed == *(const int64_t *)key;
}

static bool is_token(const void *item, const void *key)
{
    return bytes_equal(
        bytes_of(((const struct subscription *)item)->token), *(const struct bytes *)key);
}

struct subscription *websub_find(const struct websub *websub, int64_t feed)
{
    return table_find(&websub->by_feed, hash_of_feed(feed), is_of_feed, &feed);
}

struct subscription *websub_find_token(const struct websub *websub, struct bytes token)
{
    return table_find(&websub->by_token, hash64(token), is_token, &token);
}

uint64_t websub_chance(uint64_t below)
{
    uint64_t chance = 0;

    if (getrandom(&chance, sizeof(chance), 0) != (ssize_t)sizeof(chance))
        chance = (uint64_t)clock_mono(); /* spread, not secrecy */
    return below == 0 ? 0 : chance % below;
}

void websub_random_hex(char *out, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        unsigned char random;

        if (getrandom(&random, 1, 0) != 1) {
            log_error("no random bytes, ending: %s", strerror(errno));
            abort();
        }
        snprintf(out + 2 * i, 3, "%02x", random);
    }
}

void websub_add(struct websub *websub, struct subscription *s)
{
    s->websub = websub;
    STAILQ_INIT(&s->bodies);
    LIST_INSERT_HEAD(&websub->all, s, entry);
    table_add(&websub->by_token, hash64(bytes_of(s->token)), s);
    if (s->feed != 0)
        table_add(&websub->by_feed, hash_of_feed(s->feed), s);
}

static void stop_asking(struct subscription *s)
{
    if (s->ticket == 0)
        return;
    fetch_cancel(s->websub->parts.fetcher, s->ticket);
    s->ticket = 0;
    s->websub->asking--;
}

static void subscription_free(struct subscription *s)
{
    struct websub *websub = s->websub;

    stop_asking(s);
    heap_remove(&websub->due.heap, &s->due);
    LIST_REMOVE(s, entry);
    table_remove(&websub->by_token, hash64(bytes_of(s->token)), s);
    if (s->feed != 0)
        table_remove(&websub->by_feed, hash_of_feed(s->feed), s);
    websub_bodies_free(s);
    free(s->hubs);
    free(s->topic);
    free(s->error);
    free(s);
}

void websub_drop(struct subscription *s)
{
    store_hub_remove(s->websub->parts.store, s->token);
    subscription_free(s);
}

/* ---- what is due */

bool websub_is_live(const struct subscription *s)
{
    return s->feed != 0 && s->lease_end > clock_mono();
}

void websub_plan(struct subscription *s)
{
    struct websub *websub = s->websub;
    int64_t at = s->pending ? s->answer_by : s->try_at;

    if (s->lease_end != 0 && s->lease_end < at)
        at = s->lease_end;
    if (websub->listener == NULL || at == INT64_MAX)
        heap_remove(&websub->due.heap, &s->due);
    else
        heap_put(&websub->due.heap, &s->due, at);
    due_arm(&websub->due);
}

void websub_rely(struct subscription *s, bool on_hub)
{
    if (s->relied == on_hub || s->feed == 0)
        return;
    s->relied = on_hub;
    poll_rely(s->websub->parts.poll, s->feed, on_hub);
}

static void on_due(struct subscription *s)
{
    int64_t now = clock_mono();

    if (s->lease_end != 0 && s->lease_end <= now) {
        s->lease_end = 0;
        websub_rely(s, false);
        if (s->feed == 0) { /* the hub has forgotten by itself */
            websub_drop(s);
            return;
        }
    }
    if (s->pending && s->answer_by <= now)
        websub_unanswered(s);
    else if (!s->pending && s->try_at <= now)
        websub_ask(s);
    else
        websub_plan(s);
}

static void on_time(void *ctx)
{
    struct websub *websub = ctx;
    struct heap_node *node;

    while ((node = due_first(&websub->due, clock_mono())) != NULL)
        on_due(HEAP_ITEM(node, struct subscription, due));
    due_arm(&websub->due);
}

/* ---- what feeds say */

void websub_give_up(struct subscription *s)
{
    struct websub *websub = s->websub;

    websub_rely(s, false);
    stop_asking(s);
    websub_bodies_free(s);
    table_remove(&websub->by_feed, hash_of_feed(s->feed), s);
    s->feed = 0;
    if (!s->told) {
        websub_drop(s);
        return;
    }
    s->pending = false;
    s->failures = 0;
    s->try_at = clock_mono();
    websub_keep(s);
    websub_plan(s);
}

static char *join_hubs(const struct hub_links *links, struct bytes first)
{
    struct buf out = {0};
    char *text;

    if (first.len > 0)
        buf_add(&out, first);
    for (size_t i = 0; i < links->count; i++) {
        if (bytes_equal(links->hubs[i], first))
            continue;
        if (out.len > 0)
            buf_add_byte(&out, '\n');
        buf_add(&out, links->hubs[i]);
    }
    text = new_text(buf_cstr(&out));
    buf_done(&out);
    return text;
}

static void subscribe(struct websub *websub, int64_t feed, const struct hub_links *links)
{
    struct subscription *s = new_zeroed(sizeof(*s));

    s->feed = feed;
    s->hubs = join_hubs(links, (struct bytes){NULL, 0});
    s->topic = new_zeroed(links->topic.len + 1);
    memcpy(s->topic, links->topic.ptr, links->topic.len);
    websub_random_hex(s->token, TOKEN_BYTES);
    websub_random_hex(s->secret, SECRET_BYTES);
    s->made_at = s->try_at = clock_mono();
    s->answer_by = INT64_MAX;
    s->allowance = PUSH_BURST;
    s->allowed_at = s->made_at;
    websub_add(websub, s);
    websub_keep(s);
    websub_plan(s);
}

static bool has_hub(const struct hub_links *links, struct bytes hub)
{
    for (size_t i = 0; i < links->count; i++)
        if (bytes_equal(links->hubs[i], hub))
            return true;
    return false;
}

static void take_links(struct subscription *s, const struct hub_links *links)
{
    struct websub *websub = s->websub;
    int64_t feed = s->feed;
    char *hubs;

    s->absent = links->count == 0 ? s->absent + 1 : 0;
    if (links->count == 0) {
        if (s->absent >= ABSENT_DOCUMENTS)
            websub_give_up(s);
        return;
    }
    if (bytes_is(links->topic, s->topic) && has_hub(links, websub_hub(s))) {
        hubs = join_hubs(links, websub_hub(s));
        free(s->hubs);
        s->hubs = hubs;
        return;
    }
    if (clock_mono() - s->made_at < CHANGE_SECONDS * (int64_t)SECOND)
        return;
    websub_give_up(s);
    subscribe(websub, feed, links);
}

void websub_polled(struct websub *websub, int64_t feed, const struct hub_links *links, bool news)
{
    struct subscription *s = websub_find(websub, feed);

    if (!websub_is_on(websub) || websub->closing)
        return;
    if (s == NULL) {
        if (links->count > 0)
            subscribe(websub, feed, links);
        return;
    }
    if (news) /* the hub should have sent it */
        websub_rely(s, false);
    take_links(s, links);
}

/* Most answers have no Link header, or one for other things. */
static bool may_name_hub(struct bytes headers)
{
    struct bytes value;

    while ((value = header_next(&headers, "link")).ptr != NULL)
        if (bytes_find_nocase(value, LIT("hub")) != SIZE_MAX)
            return true;
    return false;
}

void websub_unchanged(struct websub *websub, int64_t feed, struct bytes url, struct bytes headers)
{
    struct hub_links links = {0};
    struct subscription *s;
    struct arena *arena;

    if (!websub_is_on(websub) || websub->closing || !may_name_hub(headers))
        return;
    arena = arena_new(LINKS_MEMORY);
    hub_links_read(arena, headers, url, &links);
    s = websub_find(websub, feed);
    if (links.topic.len == 0 && s != NULL)
        links.topic = bytes_of(s->topic);
    /* Without a topic the document is to tell it, when it is read the next time. */
    if (links.count > 0 && links.topic.len > 0)
        websub_polled(websub, feed, &links, false);
    arena_free(arena);
}

void websub_forget(struct websub *websub, int64_t feed)
{
    struct subscription *s = websub_find(websub, feed);

    if (s != NULL)
        websub_give_up(s);
}

/* ---- looking */

bool websub_is_on(const struct websub *websub)
{
    return websub->listener != NULL;
}

/* A point of the monotonic clock in wall time. */
static int64_t wall_of(int64_t mono)
{
    return mono == 0 || mono == INT64_MAX ? 0 : clock_wall() + mono - clock_mono();
}

bool websub_get(const struct websub *websub, int64_t feed, struct websub_view *ret_view)
{
    static char hub[HUB_URL + 1];
    const struct subscription *s = websub_find(websub, feed);

    if (s == NULL)
        return false;
    snprintf(hub, sizeof(hub), "%.*s", FMT(websub_hub(s)));
    *ret_view = (struct websub_view){.hub = hub,
        .topic = s->topic,
        .state = websub_is_live(s) ? "live"
                 : s->ticket != 0  ? "asking"
                 : s->pending      ? "pending"
                                   : "waiting",
        .error = s->error,
        .relied = s->relied,
        .lease_until = wall_of(s->lease_end),
        .next_try = s->pending ? 0 : wall_of(s->try_at),
        .last_push = s->last_push,
        .failures = s->failures,
        .pushes = s->pushes,
        .ignored = s->ignored};
    return true;
}

void websub_counters(const struct websub *websub, struct websub_counters *ret_counters)
{
    const struct subscription *s;

    *ret_counters = websub->counters;
    LIST_FOREACH(s, &websub->all, entry)
    {
        ret_counters->subscriptions += s->feed != 0;
        ret_counters->leaving += s->feed == 0;
        ret_counters->live += websub_is_live(s);
        ret_counters->relied += s->relied;
    }
}

/* ---- open and close */

/* Listen where conf says; the old listener goes once the new one stands. */
static int listen_as(struct websub *websub, const struct conf *conf, struct error *err)
{
    struct listener_hooks hooks = websub_hooks;
    struct listener *listener = NULL;
    int code = OK;

    if (websub->listens_at != NULL && strcmp(websub->listens_at, conf->websub.listen) == 0)
        return OK;
    hooks.ctx = websub;
    if (conf->websub.listen[0] != '\0')
        code = listener_open(websub->parts.loop, conf->websub.listen, &hooks, &listener, err);
    if (code != OK)
        return fail_in(err, "websub.listen");
    listener_close(websub->listener);
    websub->listener = listener;
    free(websub->listens_at);
    websub->listens_at = new_text(conf->websub.listen);
    if (listener != NULL)
        log_info("hubs are listened to: address=%s public=%s", conf->websub.listen,
            conf->websub.public_url);
    return OK;
}

int websub_open(const struct websub_parts *parts, const struct conf *conf,
    struct websub **ret_websub, struct error *err)
{
    struct websub *websub = new_zeroed(sizeof(*websub));
    int code;

    websub->parts = *parts;
    websub->conf = conf;
    LIST_INIT(&websub->all);
    due_open(&websub->due, parts->loop, 1, on_time, websub);
    code = listen_as(websub, conf, err);
    if (code == OK)
        code = websub_load(websub, err);
    if (code != OK) {
        websub_close(websub);
        return code;
    }
    *ret_websub = websub;
    return OK;
}

/* Hubs know another callback: what they hold is worth nothing, and all are asked again. */
static void start_over(struct subscription *s)
{
    websub_rely(s, false);
    s->told = false;
    s->lease_end = 0;
    if (!s->pending)
        s->try_at = clock_mono() + (int64_t)websub_chance(60 * (uint64_t)SECOND);
}

int websub_reload(struct websub *websub, const struct conf *conf, struct error *err)
{
    bool moved = strcmp(websub->conf->websub.public_url, conf->websub.public_url) != 0;
    struct subscription *s;
    struct subscription *next;
    int code = listen_as(websub, conf, err);

    if (code != OK)
        return code;
    websub->conf = conf;
    for (s = LIST_FIRST(&websub->all); s != NULL; s = next) {
        next = LIST_NEXT(s, entry);
        if (moved && s->feed == 0) {
            websub_drop(s);
            continue;
        }
        if (moved)
            start_over(s);
        if (websub->listener == NULL)
            websub_rely(s, false);
        websub_plan(s);
    }
    return OK;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void websub_close(struct websub *websub)
{
    websub->closing = true;
    due_stop(&websub->due);
    listener_close(websub->listener);
    websub->listener = NULL;
    while (!LIST_EMPTY(&websub->all)) {
        struct subscription *s = LIST_FIRST(&websub->all);

        /* The analyzer does not see through LIST_REMOVE: s is not the one just freed. */
        if (s->unkept) /* NOLINT(clang-analyzer-unix.Malloc) */
            websub_keep(s);
        subscription_free(s);
    }
    table_done(&websub->by_feed);
    table_done(&websub->by_token);
    due_done(&websub->due);
    free(websub->listens_at);
    websub->due.timer.data = websub;
    uv_close((uv_handle_t *)&websub->due.timer, on_closed);
}
