/* sync.c - the feeds of the store brought in line with the operator's lists. */
#include <fnmatch.h>
#include <stdlib.h>

#include "lists/lists.h"
#include "lists/subscriptions.h"
#include "lists/sync.h"
#include "poll/poll.h"
#include "store/store.h"
#include "text/url.h"

enum { LISTS_LIMIT = 1 << 30 };

struct moving {
    struct arena *arena;
    struct feed_list *list;
    bool any;
};

/* A list may go on to name an address that its feed has left for good. */
static void on_moved(void *ctx, const char *from, const char *to)
{
    struct moving *m = ctx;
    const struct listed_feed key = {.url = from};
    struct listed_feed *listed = m->list->count == 0 ? NULL
                                                     : bsearch(&key, m->list->feeds, m->list->count,
                                                           sizeof(key), lists_compare);

    if (listed == NULL)
        return;
    /* The name in front keeps its place among the sorted until all are found. */
    listed->moved_to = bytes_cstr(m->arena, bytes_of(to));
    m->any = true;
}

static int follow_moves(
    const struct feeds *feeds, struct arena *arena, struct feed_list *list, struct error *err)
{
    struct moving m = {.arena = arena, .list = list};
    int code = store_moved(feeds->store, on_moved, &m, err);

    for (size_t i = 0; m.any && i < list->count; i++)
        if (list->feeds[i].moved_to != NULL)
            list->feeds[i].url = list->feeds[i].moved_to;
    if (m.any)
        lists_sort(arena, list);
    return code;
}

/* Feeds that came from a list and are in none any more. */
struct unlisted {
    struct arena *arena;
    const struct feed_list *list;
    const char *const *patterns;
    struct lists_sync *sync;
    size_t listed;    /* feeds of lists, gone or not */
    size_t kept;      /* held back, since their lists are absent, empty or broken */
    const char *lost; /* one of those lists */
    int64_t *ids;
    size_t count, cap;
};

static bool names_any(const struct feed_list *list, const char *origin)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->feeds[i].origin, origin) == 0)
            return true;
    return false;
}

/* The configuration names this list, but nothing can be read from it: unlike one that was edited it
 * says nothing of what its operator wants. */
static bool is_lost(struct unlisted *u, const char *origin)
{
    if (u->lost != NULL && strcmp(u->lost, origin) == 0)
        return true;
    for (size_t i = 0; u->patterns[i] != NULL; i++)
        if (fnmatch(u->patterns[i], origin, FNM_PATHNAME) == 0)
            return !names_any(u->list, origin);
    return false;
}

static bool is_meant(const struct lists_sync *sync, const char *origin)
{
    return sync->only == NULL || again_has(sync->only, origin);
}

static int find_unlisted(void *ctx, const struct store_feed *feed)
{
    struct unlisted *u = ctx;
    const struct listed_feed key = {.url = feed->url};

    if (feed->origin == NULL || strcmp(feed->origin, "cli") == 0 ||
        url_is_http(bytes_of(feed->origin)) || !is_meant(u->sync, feed->origin))
        return 0;
    u->listed++;
    if (u->list->count > 0 &&
        bsearch(&key, u->list->feeds, u->list->count, sizeof(key), lists_compare) != NULL)
        return 0;
    if (!u->sync->force && is_lost(u, feed->origin)) {
        again_note(&u->sync->unread, feed->origin, again_look(feed->origin));
        if (u->kept++ == 0)
            u->lost = bytes_cstr(u->arena, bytes_of(feed->origin));
        return 0;
    }
    if (u->count == u->cap)
        u->ids = arena_grow(u->arena, u->ids, &u->cap, sizeof(*u->ids));
    u->ids[u->count++] = feed->id;
    return 0;
}

static int remove_unlisted(const struct feeds *feeds, struct unlisted *u, struct error *err)
{
    if (u->kept > 0)
        lists_warn(&u->sync->warnings,
            "%s: nothing can be read from it: its feeds stay (%zu in all), `wireroom reload "
            "--force` removes them",
            u->lost, u->kept);
    if (!u->sync->force && lists_is_large(u->count, u->listed)) {
        lists_warn(&u->sync->warnings,
            "%zu of %zu feeds are in no list any more: they stay, `wireroom reload --force` "
            "removes "
            "them",
            u->count, u->listed);
        return OK;
    }
    for (size_t i = 0; i < u->count; i++) {
        feeds_remove(feeds, u->ids[i]);
    }
    u->sync->removed = u->count;
    return store_sync(feeds->store, err);
}

static int add_listed(const struct feeds *feeds, const struct listed_feed *listed,
    size_t *ret_added, struct error *err)
{
    struct store_feed feed = {.url = listed->url,
        .title = listed->title,
        .tags = listed->tags,
        .link = listed->link,
        .origin = listed->origin};
    bool added = false;
    int code;

    if (poll_find(feeds->poll, listed->url) != 0)
        return subscriptions_yield(feeds, listed->url, listed->origin, err);
    code = feeds_add(feeds, &feed, &added, err);
    *ret_added += code == OK && added;
    return code;
}

int lists_take_over(const struct feeds *feeds, struct lists_sync *sync, struct error *err)
{
    struct arena *arena = arena_new(LISTS_LIMIT);
    struct feed_list list = {.warnings = sync->warnings};
    struct unlisted gone = {
        .arena = arena, .list = &list, .patterns = feeds->conf->feeds, .sync = sync};
    int code;

    lists_read(arena, feeds->conf->feeds, &list);
    sync->warnings = list.warnings;
    sync->unread = list.unread;
    code = follow_moves(feeds, arena, &list, err);
    for (size_t i = 0; code == OK && i < list.count; i++)
        if (is_meant(sync, list.feeds[i].origin))
            code = add_listed(feeds, &list.feeds[i], &sync->added, err);
    if (code == OK) {
        poll_each(feeds->poll, find_unlisted, &gone);
        code = remove_unlisted(feeds, &gone, err);
    }
    arena_free(arena);
    return code;
}
