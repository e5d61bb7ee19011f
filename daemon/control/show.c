/* show.c - one feed looked at closely: all that is known of it, and how its last polls
 * went. */
#include "control/private.h"
#include "websub/websub.h"
#include "poll/poll.h"

void control_write_diagnosis(struct json_writer *w, struct bytes line)
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
        control_time(w, "diagnosed_since", found.since);
    json_begin_array(w, "diagnosis");
    while (found.text.len > 0)
        control_write_diagnosis(w, bytes_cut(&found.text, '\n'));
    json_end_array(w);
    arena_free(arena);
}

static void write_push(struct json_writer *w, const struct websub *websub, int64_t feed)
{
    struct websub_view view;

    if (!websub_get(websub, feed, &view))
        return;
    json_begin_object(w, "push");
    json_cstr(w, "hub", view.hub);
    json_cstr(w, "topic", view.topic);
    json_cstr(w, "state", view.state);
    json_bool(w, "relied_on", view.relied);
    control_time(w, "lease_until", view.lease_until);
    control_time(w, "next_request", view.next_try);
    control_time(w, "last_push", view.last_push);
    json_int(w, "pushes", (int64_t)view.pushes);
    json_int(w, "ignored", (int64_t)view.ignored);
    json_int(w, "failures", view.failures);
    json_cstr(w, "error", view.error);
    json_end_object(w);
}

static int show_feed(void *ctx, const struct store_feed *feed)
{
    struct control_client *client = ctx;
    struct json_writer w = control_line(client);

    json_begin_object(&w, "feed");
    control_write_feed(&w, feed);
    json_cstr(&w, "etag", feed->etag);
    json_cstr(&w, "last_modified", feed->last_modified);
    if (feed->usual_gap > 0) {
        json_int(&w, "mean_gap", feed->mean_gap / SECOND);
        json_int(&w, "usual_gap", feed->usual_gap / SECOND);
    }
    write_diagnosis(&w, client->daemon->store, feed->id);
    write_push(&w, client->daemon->websub, feed->id);
    json_end_object(&w);
    json_bool(&w, "done", true);
    control_line_end(client, &w);
    return 1;
}

void control_feeds_show(struct control_client *client, const struct json *request)
{
    struct error err = {0};
    int64_t id = 0;

    if (control_find_feed(client->daemon->poll, json_get_text(request, "feed"), &id, &err) == OK)
        poll_get(client->daemon->poll, id, show_feed, client);
    else
        control_fail(client, &err);
}

/* {"feed": ID or address}: {"poll": {...}} lines, the oldest first. */
void control_feeds_history(struct control_client *client, const struct json *request)
{
    struct store_polled polls[STORE_HISTORY];
    struct error err = {0};
    size_t count = 0;
    int64_t id = 0;

    if (control_find_feed(client->daemon->poll, json_get_text(request, "feed"), &id, &err) != OK ||
        poll_history(client->daemon->poll, id, polls, &count, &err) != OK) {
        control_fail(client, &err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct json_writer w = control_line(client);

        json_begin_object(&w, "poll");
        control_time(&w, "at", (int64_t)polls[i].at * SECOND);
        if (polls[i].status > 0)
            json_int(&w, "status", polls[i].status);
        else
            json_cstr(&w, "trouble", code_name(polls[i].status));
        json_int(&w, "bytes", polls[i].bytes);
        json_int(&w, "milliseconds", polls[i].millis);
        json_int(&w, "entries", polls[i].entries);
        json_int(&w, "new", polls[i].fresh);
        json_end_object(&w);
        control_line_end(client, &w);
    }
    control_done(client);
}
