/* stream.c - /v1/stream: events as they are committed, as server-sent events (WHATWG HTML section
 * 9.2) or a line of JSON each; one that reads nothing costs a buffer and a cursor. */
#include <microhttpd.h>
#include <stdlib.h>

#include "api/private.h"
#include "deliver/filter.h"

enum { BUFFER_MOST = 256 << 10 /* what one client has not read yet; an event may be larger */ };

struct stream {
    LIST_ENTRY(stream) entry;
    struct reader reader;
    struct exchange *exchange;
    const char *epoch;
    struct bytes authorization; /* it came with */
    bool is_sse;
    struct buf out;
    size_t sent; /* of out */
};

static void add_line(struct stream *s, uint64_t sequence, struct bytes line)
{
    if (s->is_sse && sequence != 0)
        buf_printf(&s->out, "id: %s-%020llu\n", s->epoch, (unsigned long long)sequence);
    if (s->is_sse)
        buf_add_cstr(&s->out, "data: ");
    buf_add(&s->out, line);
    buf_add_cstr(&s->out, s->is_sse ? "\n\n" : "\n");
    listener_more(s->exchange);
}

static bool has_room(const struct stream *s)
{
    return s->out.len - s->sent < BUFFER_MOST;
}

static bool take(void *ctx, const struct committed *event)
{
    struct stream *s = ctx;

    if (!has_room(s))
        return false;
    add_line(s, event->sequence, event->body);
    return true;
}

static bool trimmed(void *ctx, uint64_t from, uint64_t to)
{
    struct stream *s = ctx;
    char text[120];

    if (!has_room(s))
        return false;
    snprintf(text, sizeof(text), "{\"trimmed\":{\"from\":%llu,\"to\":%llu}}",
        (unsigned long long)from, (unsigned long long)to);
    if (s->is_sse)
        buf_add_cstr(&s->out, "event: trimmed\n");
    add_line(s, 0, bytes_of(text));
    return true;
}

static bool ended(void *ctx)
{
    (void)ctx;
    return true;
}

static const struct reader_hooks hooks = {take, trimmed, ended};

static int64_t read_out(void *ctx, char *out, size_t most)
{
    struct stream *s = ctx;
    size_t count = s->out.len - s->sent;

    count = count < most ? count : most;
    if (count > 0)
        memcpy(out, s->out.ptr + s->sent, count);
    s->sent += count;
    if (s->sent == s->out.len) {
        buf_clear(&s->out);
        s->sent = 0;
    }
    if (s->reader.full && s->out.len - s->sent < BUFFER_MOST / 2)
        reader_resume(&s->reader);
    return (int64_t)count;
}

/* Where to begin: behind Last-Event-ID or since; with neither behind the newest event. Numbers of
 * another epoch mean nothing: all that there is, is sent. */
static int read_start(
    struct api_request *r, uint64_t *ret_cursor, bool *ret_other, struct error *err)
{
    struct store *store = r->api->view->store;
    struct bytes since = r->last_id.len > 0 ? r->last_id : api_parameter(r, "since");
    uint64_t sequence = 0;

    *ret_cursor = store_log_state(store).head;
    if (since.len == 0)
        return OK;
    if (api_read_sequence(r, "since", since, &sequence, ret_other, err) != OK)
        return err->code;
    if (!*ret_other && sequence > *ret_cursor)
        return fail(err, E_NOT_FOUND, "the log ends at %llu (epoch %s)",
            (unsigned long long)*ret_cursor, store_epoch(store));
    *ret_cursor = *ret_other ? 0 : sequence;
    return OK;
}

static void greet(struct stream *s, bool is_other)
{
    if (s->is_sse)
        buf_printf(&s->out, "retry: 2000\n: wireroom %s\n\n", s->epoch);
    if (is_other && s->is_sse)
        buf_add_cstr(&s->out, "event: epoch\n");
    if (is_other) {
        char text[100];

        snprintf(text, sizeof(text), "{\"epoch\":\"%s\"}", s->epoch);
        add_line(s, 0, bytes_of(text));
    }
}

/* Server-sent events are one of the types that it takes, whatever its weight (RFC 9110 section
 * 12.5.1): who does not want them does not name them. */
static bool accepts_events(struct bytes accept)
{
    return bytes_find_nocase(accept, LIT("text/event-stream")) < accept.len;
}

void api_stream(struct api_request *r, struct bytes rest, struct listener_answer *answer)
{
    struct bytes filter = api_parameter(r, "filter");
    struct error err = {0};
    bool is_other = false;
    bool is_sse;
    uint64_t cursor = 0;
    struct stream *s;

    (void)rest;
    if (filter_check(filter, &err) != OK || read_start(r, &cursor, &is_other, &err) != OK) {
        api_fail(r, &err, answer);
        return;
    }
    is_sse = accepts_events(r->accept);
    answer->status = MHD_HTTP_OK;
    answer->type = is_sse ? "text/event-stream" : "application/x-ndjson";
    answer->header = MHD_HTTP_HEADER_CACHE_CONTROL;
    answer->value = "no-store";
    if (r->is_head)
        return;
    s = new_zeroed(sizeof(*s));
    *s = (struct stream){.exchange = r->exchange,
        .epoch = store_epoch(r->api->view->store),
        .authorization = r->authorization,
        .is_sse = is_sse,
        .reader = {.hooks = &hooks,
            .ctx = s,
            .filter = bytes_cstr(r->arena, filter),
            .cursor = cursor,
            .end = READER_ENDLESS,
            .records = INT64_MAX,
            .bytes = INT64_MAX}};
    r->stream = s;
    LIST_INSERT_HEAD(&r->api->streams, s, entry);
    greet(s, is_other);
    reader_add(deliver_readers(r->api->view->deliver), &s->reader);
    answer->stream = (struct listener_stream){read_out, s};
}

void streams_beat(struct api *api)
{
    struct stream *s;

    LIST_FOREACH(s, &api->streams, entry)
    {
        if (s->out.len != s->sent)
            continue;
        buf_add_cstr(&s->out, s->is_sse ? ":\n\n" : "\n");
        listener_more(s->exchange);
    }
}

void streams_look(struct api *api)
{
    struct stream *s;

    LIST_FOREACH(s, &api->streams, entry)
    if (!tokens_allow(&api->tokens, s->authorization))
        listener_end(s->exchange);
}

void stream_end(struct stream *stream)
{
    if (stream == NULL)
        return;
    reader_remove(&stream->reader);
    LIST_REMOVE(stream, entry);
    buf_done(&stream->out);
    free(stream);
}
