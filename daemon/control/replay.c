/* replay.c - the log from a sequence or a time on, as far as a filter wants it. */
#include "control/private.h"

#include <inttypes.h>

#include "deliver/consumer.h"
#include "deliver/filter.h"
#include "store/envelope.h"

struct replay {
    struct control_client *client;
    const char *filter;
    uint64_t last, end; /* looked at so far; wanted */
    size_t bytes;
    struct buf of_topic;
};

static void write_trimmed(struct replay *r, uint64_t from, uint64_t to)
{
    struct json_writer w = control_line(r->client);

    json_begin_object(&w, "trimmed");
    json_int(&w, "from", (int64_t)from);
    json_int(&w, "to", (int64_t)to);
    json_end_object(&w);
    control_line_end(r->client, &w);
}

static void write_event(struct replay *r, const struct committed *event)
{
    const uint64_t *previous;
    const char *topic = filter_match(r->filter, event, &previous);
    struct bytes body = event->body;
    struct json_writer w;

    if (topic == NULL)
        return;
    buf_clear(&r->of_topic);
    if (previous != NULL && envelope_of_topic(body, *previous, &r->of_topic))
        body = buf_bytes(&r->of_topic);
    w = control_line(r->client);
    json_int(&w, "sequence", (int64_t)event->sequence);
    json_cstr(&w, "topic", topic);
    json_raw(&w, "event", body);
    control_line_end(r->client, &w);
}

static int on_event(void *ctx, const struct committed *event)
{
    struct replay *r = ctx;
    uint64_t before = event->sequence > r->end ? r->end : event->sequence - 1;

    if (before > r->last)
        write_trimmed(r, r->last + 1, before);
    if (event->sequence > r->end) {
        r->last = r->end;
        return 1;
    }
    write_event(r, event);
    r->last = event->sequence;
    r->bytes += event->body.len;
    return r->bytes > CONTROL_PAGE_BYTES;
}

/* Where to begin and to end: "from" and "to" as consumer_start(), "since" for a further page. */
static int read_bounds(struct replay *r, const struct json *request, struct error *err)
{
    struct store *store = r->client->view->store;
    struct store_log log = store_log_state(store);
    struct bytes to = json_get_text(request, "to");
    int64_t since = json_get_int(request, "since", -1);
    uint64_t before = 0;
    int code = OK;

    r->end = log.head;
    if (since >= 0)
        r->last = (uint64_t)since;
    else
        code = consumer_start(store, json_get_text(request, "from"), &r->last, err);
    if (code != OK || to.len == 0)
        return code;
    /* A sequence is the last one, of a time all before it, whatever of them left the log. */
    code = consumer_start(store, to, &before, err);
    r->end = bytes_to_int(to, &since) ? before + 1 : before;
    r->end = r->end + 1 < log.first ? log.first - 1 : r->end;
    r->end = r->end < log.head ? r->end : log.head;
    return code;
}

void control_replay(struct control_client *client, const struct json *request)
{
    struct arena *arena = arena_new(64 << 10);
    struct replay r = {.client = client};
    struct error err = {0};
    struct json_writer w;
    int code = filter_check(json_get_text(request, "filter"), &err);

    if (code == OK)
        code = read_bounds(&r, request, &err);
    if (code == OK) {
        r.filter = bytes_cstr(arena, json_get_text(request, "filter"));
        code = store_events(client->view->store, r.last, CONTROL_PAGE, on_event, &r, &err);
    }
    if (code == OK) {
        w = control_line(client);
        json_bool(&w, "done", true);
        json_int(&w, "next", (int64_t)r.last);
        json_bool(&w, "more", r.last < r.end);
        control_line_end(client, &w);
    } else {
        control_fail(client, &err);
    }
    buf_done(&r.of_topic);
    arena_free(arena);
}
