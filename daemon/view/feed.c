/* feed.c - a feed as it is told of: its members, what is wrong in it, how its last polls went. */
#include "base/clock.h"
#include "poll/poll.h"
#include "poll/state.h"
#include "text/tags.h"
#include "view/view.h"
#include "websub/websub.h"

void view_time(struct json_writer *w, const char *name, int64_t wall)
{
    char text[CLOCK_TEXT];

    if (wall == 0)
        json_null(w, name);
    else
        json_cstr(w, name, clock_format(wall, text));
}

/* The same as a list. */
static void write_tags(struct json_writer *w, const char *tags)
{
    struct buf tag = {0};

    json_begin_array(w, "tagList");
    for (struct bytes rest = bytes_of(tags); rest.len > 0;) {
        buf_clear(&tag);
        tags_read(tags_cut(&rest), &tag);
        if (tag.len > 0)
            json_string(w, NULL, buf_bytes(&tag));
    }
    json_end_array(w);
    buf_done(&tag);
}

void view_feed(const struct store_feed *feed, struct json_writer *w)
{
    char id[32];

    snprintf(id, sizeof(id), "f%07lld", (long long)feed->id);
    json_cstr(w, "id", id);
    json_cstr(w, "url", feed->url);
    json_cstr(w, "title", feed->title);
    json_cstr(w, "tags", feed->tags);
    write_tags(w, feed->tags);
    json_cstr(w, "origin", feed->origin);
    json_string_if(w, "link", bytes_of(feed->link));
    json_cstr(w, "state", feed_state_told(feed));
    view_time(w, "stateSince", feed->state_since);
    json_real(w, "interval", (double)feed->interval / SECOND, 3);
    view_time(w, "nextPoll", feed->next_poll);
    view_time(w, "lastSuccess", feed->last_success);
    view_time(w, "lastNew", feed->last_new);
    json_int(w, "failures", feed->failures);
    json_int(w, "httpStatus", feed->http_status);
    json_cstr(w, "error", feed->error);
    json_bool(w, "diagnosed", feed->diagnosed);
}

void view_diagnosis(struct bytes line, struct json_writer *w)
{
    struct bytes row = bytes_cut(&line, '\t');
    struct bytes column = bytes_cut(&line, '\t');
    int64_t number = 0;

    json_begin_object(w, NULL);
    if (bytes_to_int(row, &number) && number > 0) {
        json_int(w, "line", number);
        if (bytes_to_int(column, &number))
            json_int(w, "column", number);
    }
    json_string(w, "text", line);
    json_end_object(w);
}

/* What is wrong in its document, each with its place where it has one, and since when it is so. */
static void write_diagnosis(struct json_writer *w, struct store *store, int64_t feed)
{
    struct arena *arena = arena_new(1 << 20);
    struct store_diagnosis found = {0};
    struct error err = {0};

    if (store_diagnosis(store, arena, feed, &found, &err) == OK)
        view_time(w, "diagnosedSince", found.since);
    json_begin_array(w, "diagnosis");
    while (found.text.len > 0)
        view_diagnosis(bytes_cut(&found.text, '\n'), w);
    json_end_array(w);
    arena_free(arena);
}

static void write_push(struct json_writer *w, const struct websub *websub, int64_t feed)
{
    struct websub_view push;

    if (!websub_get(websub, feed, &push))
        return;
    json_begin_object(w, "push");
    json_cstr(w, "hub", push.hub);
    json_cstr(w, "topic", push.topic);
    json_cstr(w, "state", push.state);
    json_bool(w, "reliedOn", push.relied);
    view_time(w, "leaseUntil", push.lease_until);
    view_time(w, "nextRequest", push.next_try);
    view_time(w, "lastPush", push.last_push);
    json_int(w, "pushes", (int64_t)push.pushes);
    json_int(w, "ignored", (int64_t)push.ignored);
    json_int(w, "failures", push.failures);
    json_cstr(w, "error", push.error);
    json_end_object(w);
}

void view_feed_whole(const struct view *view, const struct store_feed *feed, struct json_writer *w)
{
    view_feed(feed, w);
    json_cstr(w, "etag", feed->etag);
    json_cstr(w, "lastModified", feed->last_modified);
    if (feed->usual_gap > 0) {
        json_int(w, "meanGap", feed->mean_gap / SECOND);
        json_int(w, "usualGap", feed->usual_gap / SECOND);
    }
    write_diagnosis(w, view->store, feed->id);
    write_push(w, view->websub, feed->id);
}

void view_polled(const struct store_polled *polled, struct json_writer *w)
{
    view_time(w, "at", (int64_t)polled->at * SECOND);
    if (polled->status > 0)
        json_int(w, "status", polled->status);
    else
        json_cstr(w, "trouble", code_name(polled->status));
    json_int(w, "bytes", polled->bytes);
    json_real(w, "seconds", (double)polled->millis / 1000, 3);
    json_int(w, "entries", polled->entries);
    json_int(w, "new", polled->fresh);
}
