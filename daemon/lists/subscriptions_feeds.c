/* subscriptions_feeds.c - knows what a list elsewhere may change here: what it brought itself. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "flow/flow.h"
#include "lists/lists.h"
#include "lists/private.h"
#include "poll/poll.h"
#include "store/store.h"
#include "text/url.h"

enum { LOT = 500, SCRATCH = 256 << 20 };

/* A feed that has left an address for good; lists go on to name the old one. */
struct list_move {
    uint64_t from; /* hash */
    const char *to;
};

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static bool list_has(const struct list *list, const char *url)
{
    uint64_t hash = hash64(bytes_of(url));

    return list->known_count > 0 &&
           bsearch(&hash, list->known, list->known_count, sizeof(hash), compare) != NULL;
}

struct list *list_find(const struct subscriptions *s, const char *url)
{
    for (struct list *list = s->lists; list != NULL; list = list->next)
        if (!list->gone && strcmp(list->url, url) == 0)
            return list;
    return NULL;
}

static const struct list *find_bringer(const struct subscriptions *s, const char *url)
{
    for (const struct list *list = s->lists; list != NULL; list = list->next)
        if (!list->gone && list_has(list, url))
            return list;
    return NULL;
}

/* ---- taking over */

static void on_moved(void *ctx, const char *from, const char *to)
{
    struct list *list = ctx;

    if (list->move_count == list->move_cap)
        list->moves = arena_grow(list->arena, list->moves, &list->move_cap, sizeof(*list->moves));
    list->moves[list->move_count++] =
        (struct list_move){hash64(bytes_of(from)), bytes_cstr(list->arena, bytes_of(to))};
}

/* Where the feed is now. */
static const char *follow_move(const struct list *list, const char *url)
{
    uint64_t hash = hash64(bytes_of(url));
    const struct list_move *move =
        list->move_count == 0
            ? NULL
            : bsearch(&hash, list->moves, list->move_count, sizeof(*list->moves), compare);

    return move == NULL ? url : move->to;
}

int list_begin(struct list *list, const struct json *feeds, struct error *err)
{
    size_t count = 0;
    int code;

    list->moves = NULL;
    list->move_count = list->move_cap = 0;
    code = store_moved(list->all->parts.feeds->store, on_moved, list, err);
    if (code != OK)
        return code;
    if (list->move_count > 0)
        qsort(list->moves, list->move_count, sizeof(*list->moves), compare);
    for (const struct json *f = feeds->first; f != NULL; f = f->next)
        count++;
    free(list->known);
    list->known = calloc(count + 1, sizeof(*list->known));
    if (list->known == NULL)
        arena_out_of_memory(count * sizeof(*list->known));
    list->known_count = 0;
    for (const struct json *f = feeds->first; f != NULL; f = f->next) {
        struct bytes url;

        if (url_feed(list->arena, json_get_text(f, "feed_url"), &url, NULL) == OK)
            list->known[list->known_count++] =
                hash64(bytes_of(follow_move(list, bytes_cstr(list->arena, url))));
    }
    qsort(list->known, list->known_count, sizeof(*list->known), compare);
    list->at = feeds->first;
    list->added = 0;
    list->open = true;
    return OK;
}

bool list_is_open(const struct list *list)
{
    return list->open;
}

static int add_feed(struct list *list, const struct json *wanted, struct error *err)
{
    const struct feeds *feeds = list->all->parts.feeds;
    struct error wrong = {0};
    struct bytes url;
    struct store_feed feed = {.origin = list->url};
    bool added = false;
    int code;

    if (url_feed(list->arena, json_get_text(wanted, "feed_url"), &url, &wrong) != OK) {
        log_warning("address passed over: list=%s error=\"%s\"", list->url, wrong.text);
        return OK;
    }
    feed.url = follow_move(list, bytes_cstr(list->arena, url));
    if (poll_find(feeds->poll, feed.url) != 0)
        return OK;
    feed.title = bytes_cstr(list->arena, bytes_clip(json_get_text(wanted, "title"), STORE_TITLE));
    feed.tags = lists_tags(list->arena, bytes_cstr(list->arena, json_get_text(wanted, "category")),
        bytes_cstr(list->arena, json_get_text(wanted, "tags")));
    feed.link = bytes_cstr(list->arena, bytes_clip(json_get_text(wanted, "link"), STORE_URL));
    code = feeds_add(feeds, &feed, &added, err);
    list->added += code == OK && added;
    return code;
}

int list_step(struct list *list, struct error *err)
{
    size_t removed;
    int code = OK;

    for (size_t i = 0; i < LOT && list->at != NULL && code == OK; i++, list->at = list->at->next)
        code = add_feed(list, list->at, err);
    if (code == OK && list->at != NULL)
        return LIST_MORE;
    list->open = false;
    if (code == OK)
        code = store_sync(list->all->parts.feeds->store, err);
    if (code != OK)
        return code;
    code = lists_leave(list->all, list, &removed, err);
    list->forced = false;
    if (code != OK)
        return code;
    log_about(LOG_LEVEL_INFO,
        &(struct log_about){.message = MESSAGE_LIST, .url = bytes_of(list->url)},
        "list taken over: list=%s feeds=%zu added=%zu removed=%zu", list->url, list->known_count,
        list->added, removed);
    return LIST_DONE;
}

/* ---- what lists have no more */

struct leaving {
    const struct subscriptions *all;
    const struct list *list;
    struct arena *arena;
    int64_t *ids;
    size_t count, cap;
    size_t brought; /* by the list, gone or not */
};

static int find_leaving(void *ctx, const struct store_feed *feed)
{
    struct leaving *l = ctx;
    bool stays;

    if (feed->origin == NULL || !url_is_http(bytes_of(feed->origin)))
        return 0;
    l->brought += l->list != NULL && strcmp(feed->origin, l->list->url) == 0;
    stays = l->list == NULL
                ? list_find(l->all, feed->origin) != NULL
                : strcmp(feed->origin, l->list->url) != 0 || list_has(l->list, feed->url);
    if (stays)
        return 0;
    if (l->count == l->cap)
        l->ids = arena_grow(l->arena, l->ids, &l->cap, sizeof(*l->ids));
    l->ids[l->count++] = feed->id;
    return 0;
}

struct handing {
    const struct feeds *feeds;
    const struct subscriptions *all;
    const char *origin; /* NULL: that of a list that has it */
    int code;
    struct error *err;
};

/* Give the feed another origin; E_NOT_FOUND when no list has it. */
static int hand_over(void *ctx, const struct store_feed *present)
{
    struct handing *h = ctx;
    const struct list *list = h->origin == NULL ? find_bringer(h->all, present->url) : NULL;
    struct store_feed feed = *present;

    h->code = E_NOT_FOUND;
    if (h->origin == NULL && list == NULL)
        return 0;
    feed.origin = h->origin != NULL ? h->origin : list->url;
    h->code = feeds_change(h->feeds, &feed, h->err);
    return 0;
}

int lists_leave(
    struct subscriptions *s, const struct list *list, size_t *ret_removed, struct error *err)
{
    struct leaving leaving = {.all = s, .list = list, .arena = arena_new(SCRATCH)};
    const struct feeds *feeds = s->parts.feeds;
    size_t removed = 0;
    int code = OK;

    poll_each(feeds->poll, find_leaving, &leaving);
    if (list != NULL && !list->forced && lists_is_large(leaving.count, leaving.brought)) {
        log_about(LOG_LEVEL_WARNING,
            &(struct log_about){.message = MESSAGE_LIST, .url = bytes_of(list->url)},
            "list lost most of its feeds, they stay until `wireroom reload --force`: "
            "list=%s lost=%zu of=%zu",
            list->url, leaving.count, leaving.brought);
        leaving.count = 0;
    }
    for (size_t i = 0; i < leaving.count; i++) {
        struct handing handing = {.feeds = feeds, .all = s, .err = err};

        poll_get(feeds->poll, leaving.ids[i], hand_over, &handing);
        if (handing.code == OK)
            continue;
        feeds_remove(feeds, leaving.ids[i]);
        removed++;
    }
    if (removed > 0)
        code = store_sync(feeds->store, err);
    arena_free(leaving.arena);
    *ret_removed = removed;
    return code;
}

static int yield(void *ctx, const struct store_feed *feed)
{
    struct handing *h = ctx;

    return feed->origin != NULL && url_is_http(bytes_of(feed->origin)) ? hand_over(h, feed) : 0;
}

int subscriptions_yield(
    const struct feeds *feeds, const char *url, const char *origin, struct error *err)
{
    struct handing handing = {.feeds = feeds, .origin = origin, .err = err};

    poll_get(feeds->poll, poll_find(feeds->poll, url), yield, &handing);
    return handing.code;
}
