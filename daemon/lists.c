/* lists.c - list files read, and the feeds of the store brought in line with them. */
#include "lists.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "control/subscriptions.h"
#include "feed/opml.h"
#include "loop/daemon.h"
#include "loop/flow.h"
#include "poll/poll.h"
#include "store/store.h"
#include "text/url.h"

enum { FILE_LIMIT = 256 << 20 };

struct reading {
    struct arena *arena;
    struct feed_list *list;
    const char *path;
};

static void add(struct reading *r, struct bytes url, struct bytes title, struct bytes tags)
{
    struct feed_list *list = r->list;

    if (list->count == list->cap)
        list->feeds = arena_grow(r->arena, list->feeds, &list->cap, sizeof(*list->feeds));
    list->feeds[list->count++] = (struct listed_feed){bytes_cstr(r->arena, url),
        bytes_cstr(r->arena, title), bytes_cstr(r->arena, tags), r->path, NULL};
}

static int on_outline(void *ctx, const struct opml_feed *feed)
{
    struct reading *r = ctx;
    struct error err = {0};
    struct bytes url;

    if (url_feed(r->arena, feed->feed_url, &url, &err) == OK)
        add(r, url, feed->title, feed->category);
    else
        log_warning("address passed over: list=%s error=%s", r->path, err.text);
    return OK;
}

static int read_lines(struct reading *r, struct bytes text, struct error *err)
{
    for (size_t number = 1; text.len > 0; number++) {
        struct bytes line = bytes_trim(bytes_cut(&text, '\n'));
        struct bytes url;

        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        if (url_feed(r->arena, line, &url, err) != OK)
            return fail_in(err, "%s:%zu", r->path, number);
        add(r, url, (struct bytes){NULL, 0}, (struct bytes){NULL, 0});
    }
    return OK;
}

static int read_whole(
    struct arena *arena, const char *path, struct bytes *ret_text, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    size_t len = 0;
    char *text;
    int code = OK;

    if (fd < 0)
        return fail(err, E_SYSTEM, "open %s: %s", path, strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_LIMIT / 2) {
        code = fail(err, E_LIMIT, "%s is no file, or over %d bytes", path, FILE_LIMIT / 2);
        goto out;
    }
    text = arena_alloc(arena, (size_t)st.st_size + 1);
    while (len < (size_t)st.st_size) {
        ssize_t got = read(fd, text + len, (size_t)st.st_size - len);

        if (got <= 0)
            break;
        len += (size_t)got;
    }
    *ret_text = (struct bytes){text, len};
out:
    close(fd);
    return code;
}

static int read_list(struct reading *r, struct error *err)
{
    struct bytes path = bytes_of(r->path);
    struct arena *scratch = arena_new(FILE_LIMIT);
    struct bytes text = {NULL, 0};
    struct opml_summary summary = {0};
    int code = read_whole(scratch, r->path, &text, err);

    if (code == OK && (bytes_ends(path, LIT(".opml")) || bytes_ends(path, LIT(".xml")))) {
        const struct opml_sink sink = {on_outline, r};

        code = opml_read(scratch, text, &sink, &summary, err);
        if (code != OK)
            fail_in(err, "%s", r->path);
        else if (summary.skipped > 0)
            log_warning("outlines without an http address passed over: list=%s count=%zu", r->path,
                summary.skipped);
    } else if (code == OK) {
        code = read_lines(r, text, err);
    }
    arena_free(scratch);
    return code;
}

static int compare_urls(const void *a, const void *b)
{
    return strcmp(((const struct listed_feed *)a)->url, ((const struct listed_feed *)b)->url);
}

/* qsort() is not stable: of the same address in two lists, which title wins is not promised, that
 * one does is. */
static void sort_once(struct feed_list *list)
{
    size_t kept = 0;

    if (list->count == 0)
        return;
    qsort(list->feeds, list->count, sizeof(*list->feeds), compare_urls);
    for (size_t i = 1; i < list->count; i++)
        if (compare_urls(&list->feeds[kept], &list->feeds[i]) != 0)
            list->feeds[++kept] = list->feeds[i];
    list->count = kept + 1;
}

int lists_read(
    struct arena *arena, const char *const *patterns, struct feed_list *ret_list, struct error *err)
{
    struct feed_list list = {0};
    int code = OK;

    for (size_t i = 0; patterns[i] != NULL && code == OK; i++) {
        glob_t found = {0};

        if (glob(patterns[i], 0, NULL, &found) != 0 && strpbrk(patterns[i], "*?[") == NULL)
            code = fail(err, E_NOT_FOUND, "feeds: no list %s", patterns[i]);
        for (size_t n = 0; n < found.gl_pathc && code == OK; n++) {
            struct reading r = {arena, &list, bytes_cstr(arena, bytes_of(found.gl_pathv[n]))};

            code = read_list(&r, err);
        }
        globfree(&found);
    }
    if (code != OK)
        return code;
    sort_once(&list);
    *ret_list = list;
    return OK;
}

/* ---- the store in line with the lists --------------------------------------- */

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
                                                           sizeof(key), compare_urls);

    if (listed == NULL)
        return;
    /* The name in front keeps its place among the sorted until all are found. */
    listed->moved_to = bytes_cstr(m->arena, bytes_of(to));
    m->any = true;
}

static int follow_moves(
    struct daemon *daemon, struct arena *arena, struct feed_list *list, struct error *err)
{
    struct moving m = {.arena = arena, .list = list};
    int code = store_moved(daemon->store, on_moved, &m, err);

    for (size_t i = 0; m.any && i < list->count; i++)
        if (list->feeds[i].moved_to != NULL)
            list->feeds[i].url = list->feeds[i].moved_to;
    if (m.any)
        sort_once(list);
    return code;
}

struct unlisted {
    struct arena *arena;
    const struct feed_list *list;
    int64_t *ids;
    size_t count, cap;
};

/* Feeds that came from a list and are in none any more. */
static int find_unlisted(void *ctx, const struct store_feed *feed)
{
    struct unlisted *u = ctx;
    const struct listed_feed key = {.url = feed->url};

    if (feed->origin == NULL || strcmp(feed->origin, "cli") == 0 ||
        url_is_http(bytes_of(feed->origin)) ||
        (u->list->count > 0 &&
            bsearch(&key, u->list->feeds, u->list->count, sizeof(key), compare_urls) != NULL))
        return 0;
    if (u->count == u->cap)
        u->ids = arena_grow(u->arena, u->ids, &u->cap, sizeof(*u->ids));
    u->ids[u->count++] = feed->id;
    return 0;
}

static int add_listed(
    struct daemon *daemon, const struct listed_feed *listed, size_t *ret_added, struct error *err)
{
    struct store_feed feed = {.url = listed->url,
        .title = listed->title,
        .tags = listed->tags,
        .origin = listed->origin,
        .interval = daemon->conf->poll.default_interval};
    bool added = false;
    int code;

    if (poll_find(daemon->poll, listed->url) != 0)
        return subscriptions_yield(daemon, listed->url, listed->origin, err);
    feed.next_poll = feed.state_since = clock_wall();
    code = store_feed_put(daemon->store, &feed, &feed.id, &added, err);
    if (code == OK && added) {
        poll_add(daemon->poll, &feed);
        ++*ret_added;
    }
    return code;
}

int daemon_sync_feeds(
    struct daemon *daemon, size_t *ret_added, size_t *ret_removed, struct error *err)
{
    struct arena *arena = arena_new((size_t)FILE_LIMIT * 4);
    struct unlisted gone = {.arena = arena};
    struct feed_list list;
    int code = lists_read(arena, daemon->conf->feeds, &list, err);

    if (code == OK)
        code = follow_moves(daemon, arena, &list, err);
    for (size_t i = 0; code == OK && i < list.count; i++)
        code = add_listed(daemon, &list.feeds[i], ret_added, err);
    if (code == OK) {
        gone.list = &list;
        poll_each(daemon->poll, find_unlisted, &gone);
    }
    for (size_t i = 0; i < gone.count && code == OK; i++) {
        code = store_feed_remove(daemon->store, gone.ids[i], err);
        poll_remove(daemon->poll, gone.ids[i]);
        flow_forget(daemon->flow, gone.ids[i]);
        ++*ret_removed;
    }
    arena_free(arena);
    return code;
}
