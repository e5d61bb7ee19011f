/* show.c - one feed looked at closely: all that is known of it, and how its last polls
 * went. */
#include "control/private.h"
#include "poll/poll.h"
#include "websub/websub.h"

static int show_feed(void *ctx, const struct store_feed *feed)
{
    struct control_client *client = ctx;
    struct json_writer w = control_line(client);

    json_begin_object(&w, "feed");
    view_feed_whole(client->view, feed, &w);
    json_end_object(&w);
    json_bool(&w, "done", true);
    control_line_end(client, &w);
    return 1;
}

void control_feeds_show(struct control_client *client, const struct json *request)
{
    struct error err = {0};
    int64_t id = 0;

    if (control_find_feed(client->view->poll, json_get_text(request, "feed"), &id, &err) == OK)
        poll_get(client->view->poll, id, show_feed, client);
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

    if (control_find_feed(client->view->poll, json_get_text(request, "feed"), &id, &err) != OK ||
        poll_history(client->view->poll, id, polls, &count, &err) != OK) {
        control_fail(client, &err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct json_writer w = control_line(client);

        json_begin_object(&w, "poll");
        view_polled(&polls[i], &w);
        json_end_object(&w);
        control_line_end(client, &w);
    }
    control_done(client);
}
