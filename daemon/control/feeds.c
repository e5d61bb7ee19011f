/* feeds.c - the feeds: listed, added, changed, removed. */
#include <stdio.h>

#include "conf/option.h"
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
    int state; /* -1: any */
    size_t limit, count;
    bool more;
};

static int list_feed(void *ctx, const struct store_feed *feed)
{
    struct listing *l = ctx;
    struct json_writer w;

    if (feed->id <= l->after || (l->state >= 0 && feed->state != l->state))
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

static int read_state(const struct json *request, int *ret_state, struct error *err)
{
    struct bytes name = json_get_text(request, "state");
    const char *names[FEED_STATES + 1] = {NULL};
    const char *meant;
    char text[64];

    *ret_state = -1;
    if (name.len == 0)
        return OK;
    for (int i = 0; i < FEED_STATES; i++) {
        names[i] = feed_state_name(i);
        if (bytes_is(name, names[i])) {
            *ret_state = i;
            return OK;
        }
    }
    snprintf(text, sizeof(text), "%.*s", FMT(name));
    meant = option_suggest(text, names);
    return fail(err, E_USAGE, "no state '%s'%s%s%s", text, meant == NULL ? "" : "; did you mean ",
        meant == NULL ? "" : meant, meant == NULL ? "" : "?");
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

void control_poll_now(struct control_client *client, const struct json *request)
{
    struct error err = {0};
    int64_t id = 0;

    if (control_find_feed(client->view->poll, json_get_text(request, "feed"), &id, &err) != OK) {
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

void control_feeds_remove(struct control_client *client, const struct json *request)
{
    struct error err = {0};
    int64_t id = 0;

    if (control_in_trouble(client))
        return;
    if (control_find_feed(client->view->poll, json_get_text(request, "feed"), &id, &err) != OK) {
        control_fail(client, &err);
        return;
    }
    feeds_remove(client->feeds, id);
    control_done_when_kept(client);
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
    code = feeds_add(feeds, &feed, &added, err);
    if (code != OK)
        return code;
    write_id(w, feed.id, added);
    return OK;
}

/* {"feeds": [{"url", "title", "tags", "set_title", "set_tags"}, ...]}: one line each, in order. */
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
