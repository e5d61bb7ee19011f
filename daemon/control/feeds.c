/* feeds.c - the feeds: listed, added, changed, removed. */
#include <stdio.h>

#include "control/private.h"
#include "flow/flow.h"
#include "lists/subscriptions.h"
#include "poll/poll.h"
#include "poll/state.h"
#include "text/url.h"

enum { ADD_MOST = 500 };

struct listing {
    struct control_client *client;
    int64_t after;
    const char *state; /* NULL: any */
    size_t limit, count;
    bool more;
};

static int list_feed(void *ctx, const struct store_feed *feed)
{
    struct listing *l = ctx;
    struct json_writer w;

    if (feed->id <= l->after || (l->state != NULL && strcmp(feed_state_told(feed), l->state) != 0))
        return 0;
    if (l->count == l->limit) {
        l->more = true;
        return 1;
    }
    l->count++;
    w = control_line(l->client);
    json_begin_object(&w, "feed");
    view_feed(feed, &w);
    json_end_object(&w);
    control_line_end(l->client, &w);
    return 0;
}

static int read_state(const struct json *request, const char **ret_state, struct error *err)
{
    struct bytes name = json_get_text(request, "state");
    struct buf all = {0};

    *ret_state = NULL;
    for (int i = -1; i < FEED_STATES && name.len > 0; i++) {
        const char *state = i < 0 ? feed_state_new : feed_state_name(i);

        if (bytes_is(name, state))
            *ret_state = state;
        buf_printf(&all, " %s", state);
    }
    if (name.len > 0 && *ret_state == NULL)
        fail(err, E_USAGE, "no state '%.*s'; there are%s", FMT(bytes_slice(name, 0, 60)),
            buf_cstr(&all));
    buf_done(&all);
    return name.len > 0 && *ret_state == NULL ? E_USAGE : OK;
}

void control_feeds_list(struct control_client *client, const struct json *request)
{
    struct listing l = {.client = client, .after = json_get_int(request, "after", 0)};
    int64_t limit = json_get_int(request, "limit", CONTROL_PAGE);
    struct error err = {0};
    struct json_writer w;

    if (read_state(request, &l.state, &err) != OK) {
        control_fail(client, &err);
        return;
    }
    l.limit = limit < 1 || limit > CONTROL_PAGE ? CONTROL_PAGE : (size_t)limit;
    poll_each(client->view->poll, list_feed, &l);
    w = control_line(client);
    json_bool(&w, "done", true);
    json_bool(&w, "more", l.more);
    control_line_end(client, &w);
}

static int nothing(void *ctx, const struct store_feed *feed)
{
    (void)ctx;
    (void)feed;
    return 0;
}

int control_find_feed(struct poll *poll, struct bytes name, int64_t *ret_id, struct error *err)
{
    struct bytes digits = bytes_starts(name, LIT("f")) ? bytes_from(name, 1) : name;
    struct arena *arena = arena_new(1 << 20);
    struct bytes url = bytes_trim(name);

    if (!bytes_to_int(digits, ret_id)) {
        url_feed(arena, name, &url, NULL);
        *ret_id = poll_find(poll, bytes_cstr(arena, bytes_slice(url, 0, URL_LIMIT)));
    }
    if (*ret_id == 0 || poll_get(poll, *ret_id, nothing, NULL) != OK)
        fail(err, E_NOT_FOUND, "no feed %.*s",
            FMT(bytes_slice(url_public(arena, bytes_trim(name)), 0, 200)));
    else
        err = NULL;
    arena_free(arena);
    return err == NULL ? OK : E_NOT_FOUND;
}

static int take_state(void *ctx, const struct store_feed *feed)
{
    *(int *)ctx = feed->state;
    return OK;
}

void control_poll_now(struct control_client *client, const struct json *request)
{
    struct error err = {0};
    int64_t id = 0;
    int state = FEED_OK;

    if (control_find_feed(client->view->poll, json_get_text(request, "feed"), &id, &err) != OK) {
        control_fail(client, &err);
        return;
    }
    poll_get(client->view->poll, id, take_state, &state);
    if (state == FEED_PARKED) {
        fail(&err, E_REFUSED, "f%07lld is paused: wireroom feeds resume f%07lld", (long long)id,
            (long long)id);
        control_fail(client, &err);
        return;
    }
    poll_now(client->view->poll, id);
    control_done(client);
}

bool control_in_trouble(struct control_client *client)
{
    struct store_trouble trouble = store_trouble(client->view->store);
    char since[CLOCK_TEXT];

    if (trouble.err.code == OK)
        return false;
    fail_in(&trouble.err, "nothing is changed, the store cannot be written since %s",
        clock_format(trouble.since, since));
    control_fail(client, &trouble.err);
    return true;
}

void control_done_when_kept(struct control_client *client)
{
    struct error err = {0};

    if (store_sync(client->view->store, &err) == OK) {
        control_done(client);
        return;
    }
    buf_clear(&client->out);
    fail_in(&err, "not on the disk yet, written when it can be");
    control_fail(client, &err);
}

/* {"feed": ID or address}: {"changed": false} when it is so already. */
static void set_paused(struct control_client *client, const struct json *request, bool paused)
{
    struct error err = {0};
    int64_t id = 0;

    if (control_in_trouble(client))
        return;
    if (control_find_feed(client->view->poll, json_get_text(request, "feed"), &id, &err) != OK) {
        control_fail(client, &err);
    } else {
        struct json_writer w = control_line(client);

        json_bool(&w, "done", true);
        json_bool(&w, "changed", poll_pause(client->view->poll, id, paused));
        control_line_end(client, &w);
    }
}

void control_feeds_pause(struct control_client *client, const struct json *request)
{
    set_paused(client, request, true);
}

void control_feeds_resume(struct control_client *client, const struct json *request)
{
    set_paused(client, request, false);
}

/* The list that will bring it back. */
struct bringer {
    struct arena *arena;
    const char *list;
};

static int take_origin(void *ctx, const struct store_feed *feed)
{
    struct bringer *bringer = ctx;

    if (feed->origin != NULL && feed->origin[0] != '\0' && strcmp(feed->origin, "cli") != 0)
        bringer->list = bytes_cstr(bringer->arena, bytes_of(feed->origin));
    return OK;
}

/* {"feed": ID or address}: "list" names the list, file or address, that brings it back. */
void control_feeds_remove(struct control_client *client, const struct json *request)
{
    struct bringer bringer = {.arena = arena_new(1 << 20)};
    struct error err = {0};
    struct json_writer w;
    int64_t id = 0;

    if (control_in_trouble(client))
        goto out;
    if (control_find_feed(client->view->poll, json_get_text(request, "feed"), &id, &err) != OK) {
        control_fail(client, &err);
        goto out;
    }
    poll_get(client->view->poll, id, take_origin, &bringer);
    feeds_remove(client->feeds, id);
    if (bringer.list == NULL || store_sync(client->view->store, &err) != OK) {
        control_done_when_kept(client);
        goto out;
    }
    w = control_line(client);
    json_bool(&w, "done", true);
    json_cstr(&w, "list", bringer.list);
    control_line_end(client, &w);
out:
    arena_free(bringer.arena);
}

static void write_id(struct json_writer *w, int64_t feed, bool added)
{
    char id[32];

    snprintf(id, sizeof(id), "f%07lld", (long long)feed);
    json_cstr(w, "id", id);
    json_bool(w, "added", added);
}

struct change {
    const struct feeds *feeds;
    const char *title, *tags; /* NULL for as it is */
    bool changed;
    struct error err;
};

static bool is_other(const char *wanted, const char *present)
{
    return wanted != NULL && !bytes_equal(bytes_of(wanted), bytes_of(present));
}

static int put_changed(void *ctx, const struct store_feed *present)
{
    struct change *change = ctx;
    struct store_feed feed = *present;

    change->changed =
        is_other(change->title, present->title) || is_other(change->tags, present->tags);
    if (!change->changed)
        return OK;
    feed.title = change->title == NULL ? present->title : change->title;
    feed.tags = change->tags == NULL ? present->tags : change->tags;
    feeds_change(change->feeds, &feed, &change->err);
    return OK;
}

/* A feed that is followed already: "set_title" and "set_tags" say what the operator asks for, and
 * not merely what a list calls it. */
static int change_feed(const struct feeds *feeds, struct arena *arena, const struct json *wanted,
    int64_t id, struct json_writer *w, struct error *err)
{
    struct change change = {.feeds = feeds};

    if (json_get_bool(wanted, "set_title", false))
        change.title = bytes_cstr(arena, bytes_clip(json_get_text(wanted, "title"), STORE_TITLE));
    if (json_get_bool(wanted, "set_tags", false))
        change.tags = bytes_cstr(arena, bytes_clip(json_get_text(wanted, "tags"), STORE_TAGS));
    poll_get(feeds->poll, id, put_changed, &change);
    if (change.err.code != OK) {
        *err = change.err;
        return err->code;
    }
    json_bool(w, "changed", change.changed);
    return OK;
}

static int add_feed(struct control_client *client, struct arena *arena, const struct json *wanted,
    struct json_writer *w, struct error *err)
{
    const struct feeds *feeds = client->feeds;
    struct bytes url;
    struct store_feed feed = {.origin = "cli"};
    bool added = false;
    int code;

    if (url_feed(arena, json_get_text(wanted, "url"), &url, err) != OK)
        return err->code;
    feed.url = bytes_cstr(arena, url);
    feed.id = poll_find(feeds->poll, feed.url);
    if (feed.id != 0) {
        write_id(w, feed.id, false);
        if (subscriptions_yield(feeds, feed.url, "cli", err) != OK)
            return err->code;
        return change_feed(feeds, arena, wanted, feed.id, w, err);
    }
    feed.title = bytes_cstr(arena, bytes_clip(json_get_text(wanted, "title"), STORE_TITLE));
    feed.tags = bytes_cstr(arena, bytes_clip(json_get_text(wanted, "tags"), STORE_TAGS));
    feed.link = bytes_cstr(arena, bytes_clip(json_get_text(wanted, "link"), STORE_URL));
    code = feeds_add(feeds, &feed, &added, err);
    if (code != OK)
        return code;
    write_id(w, feed.id, added);
    return OK;
}

/* {"feeds": [{"url", "title", "tags", "link", "set_title", "set_tags"}, ...]}: one line each, in
 * order. */
void control_feeds_add(struct control_client *client, const struct json *request)
{
    const struct json *feeds = json_get(request, "feeds");
    size_t count = 0;

    if (control_in_trouble(client))
        return;
    for (const struct json *f = feeds == NULL ? NULL : feeds->first; f != NULL && count < ADD_MOST;
         f = f->next, count++) {
        struct arena *arena = arena_new(1 << 20);
        struct json_writer w = control_line(client);
        struct error err = {0};

        json_string(&w, "url", bytes_slice(json_get_text(f, "url"), 0, URL_LIMIT));
        if (add_feed(client, arena, f, &w, &err) != OK) {
            json_begin_object(&w, "refused");
            json_cstr(&w, "code", code_name(err.code));
            json_cstr(&w, "text", err.text);
            json_end_object(&w);
        }
        control_line_end(client, &w);
        arena_free(arena);
    }
    control_done_when_kept(client);
}
