/* pull.c - pull: the ROUTER socket and its clients. What is sent waits in libzmq up to a window a
 * client; all else that a client has not read is a cursor. */
#include "deliver/pull.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "deliver/accept.h"
#include "deliver/intake.h"
#include "deliver/private.h"
#include "wireroom/pull.h"

enum {
    HIGH_WATER = 4096,    /* messages libzmq takes for one client: above what a window holds */
    FRAME_MOST = 4 << 10, /* what is asked takes less: a filter has 1 KiB */
    FRAMES = 2 + PULL_ARGUMENTS,
};

static bool send_frame(struct client *c, struct bytes bytes, bool more)
{
    zmq_msg_t message;

    window_message(c->window, bytes, &message);
    if (zmq_msg_send(&message, c->pull->socket.socket, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) >=
        0)
        return true;
    zmq_msg_close(&message);
    return false;
}

bool client_send(struct client *client, const struct bytes *frames, size_t count)
{
    if (!window_has_room(client->window) || !send_frame(client, client->id, true) ||
        !send_frame(client, LIT(PULL_VERSION), true))
        return false;
    for (size_t i = 0; i < count; i++)
        send_frame(client, frames[i], i + 1 < count);
    uv_async_send(&client->pull->wake); /* sending may hide what came: ZMQ_FD tells it once */
    return true;
}

bool client_error(
    struct client *client, const char *code, const char *text, uint64_t from, uint64_t to)
{
    char from_text[INT_TEXT], to_text[INT_TEXT];
    const struct bytes frames[] = {LIT("ERR"), bytes_of(code), bytes_of(text),
        bytes_of_int((int64_t)from, from_text), bytes_of_int((int64_t)to, to_text)};

    return client_send(client, frames, from == 0 ? 3 : 5);
}

static bool take(void *ctx, const struct committed *event)
{
    struct client *client = ctx;
    char text[INT_TEXT];
    const struct bytes frames[] = {LIT("REC"), bytes_of_int((int64_t)event->sequence, text),
        bytes_of(event->topic), event->body};

    if (!client_send(client, frames, 4))
        return false;
    if (client->consumer != NULL)
        client->consumer->sent = event->sequence;
    client->pull->counters.sent++;
    client->pull->counters.bytes += event->body.len;
    return true;
}

static bool trimmed(void *ctx, uint64_t from, uint64_t to)
{
    struct client *client = ctx;

    if (!client_error(client, "trimmed", "these are not in the log any more", from, to))
        return false;
    client->pull->counters.trimmed += to - from + 1;
    return true;
}

static bool ended(void *ctx)
{
    struct client *client = ctx;
    char text[INT_TEXT];
    const struct bytes frames[] = {LIT("END"), bytes_of_int((int64_t)client->reader.cursor, text)};

    return client_send(client, frames, 2);
}

static const struct reader_hooks hooks = {take, trimmed, ended};

void client_read(struct client *client, const char *filter, uint64_t cursor, uint64_t end)
{
    reader_remove(&client->reader);
    client->reader = (struct reader){.hooks = &hooks,
        .ctx = client,
        .filter = filter,
        .cursor = cursor,
        .end = end,
        .records = client->reader.records,
        .bytes = client->reader.bytes};
    reader_add(client->pull->readers, &client->reader);
}

static struct client *find(struct pull *pull, struct bytes id)
{
    struct client *client;

    LIST_FOREACH(client, &pull->clients, entry)
    if (bytes_equal(client->id, id))
        return client;
    return NULL;
}

static struct client *make(struct pull *pull, struct bytes id, uint64_t connection)
{
    struct client *client = new_zeroed(sizeof(*client));
    char *copy = new_zeroed(id.len + 1);

    memcpy(copy, id.ptr, id.len);
    *client = (struct client){.pull = pull,
        .id = {copy, id.len},
        .connection = connection,
        .window = window_new(&pull->wake)};
    LIST_INSERT_HEAD(&pull->clients, client, entry);
    pull->counters.clients++;
    return client;
}

bool client_reads(const struct client *client)
{
    return client->consumer != NULL ||
           (client->reader.readers != NULL && !client->reader.has_ended);
}

void client_forget(struct client *client)
{
    reader_remove(&client->reader);
    if (client->consumer != NULL && client->consumer->holder == client)
        client->consumer->holder = NULL;
    LIST_REMOVE(client, entry);
    client->pull->counters.clients--;
    window_free(client->window);
    free((char *)client->id.ptr);
    free(client->filter);
    free(client);
}

static void on_kept(void *ctx, struct consumer *consumer)
{
    struct client *client = consumer->holder;
    char text[INT_TEXT];
    const struct bytes frames[] = {LIT("ACKED"), bytes_of_int((int64_t)consumer->acked, text)};

    (void)ctx;
    if (client == NULL)
        return;
    if (client->is_welcome)
        client_send(client, frames, 2);
    else
        command_welcome(client);
}

static void on_lost(void *ctx, struct consumer *consumer, const char *why)
{
    struct client *client = consumer->holder;

    (void)ctx;
    client_error(client, consumer->is_removed ? "lost" : "fenced", why, 0, 0);
    client_forget(client);
}

/* The frames of one message, into memory of their own; false: there is none. */
struct request {
    zmq_msg_t frames[FRAMES + 1]; /* its connection's before them */
    size_t count;                 /* all that came, of which the first are kept */
    bool is_allowed;              /* its key is still one of ours */
};

static bool receive(struct pull *pull, struct request *request)
{
    bool more = true;

    request->count = 0;
    request->is_allowed = true;
    while (more) {
        zmq_msg_t extra;
        zmq_msg_t *frame = request->count < FRAMES + 1 ? &request->frames[request->count] : &extra;

        zmq_msg_init(frame);
        if (zmq_msg_recv(frame, pull->socket.socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(frame);
            return false;
        }
        more = zmq_msg_more(frame);
        if (request->count > 0)
            intake_heard(zmq_msg_get(frame, ZMQ_SRCFD));
        if (request->count == 1)
            request->is_allowed = zsocket_heard(&pull->socket, frame);
        if (frame == &extra)
            zmq_msg_close(frame);
        request->count++;
    }
    return true;
}

static struct bytes frame_bytes(struct request *request, size_t at)
{
    return (struct bytes){zmq_msg_data(&request->frames[at]), zmq_msg_size(&request->frames[at])};
}

/* Whoever reads nothing gives its place to one that may. False: all of them read. */
static bool make_room(struct pull *pull)
{
    struct client *client;

    LIST_FOREACH(client, &pull->clients, entry)
    if (!client_reads(client)) {
        client_forget(client);
        return true;
    }
    return false;
}

static void serve(struct pull *pull, struct request *request)
{
    struct client *client = find(pull, frame_bytes(request, 0));
    size_t count = request->count - 1;
    uint64_t connection =
        accept_connection(count == 0 ? -1 : zmq_msg_get(&request->frames[1], ZMQ_SRCFD));
    struct bytes frames[FRAMES];
    bool is_full = false;

    /* Who has chosen its routing id itself keeps it when its connection breaks; what was on the way
     * is lost, and neither side is told. So it is somebody new, who has to say HELLO again. */
    if (client != NULL && client->connection != connection) {
        client_forget(client);
        client = NULL;
    }
    for (size_t i = 0; i < count && i < FRAMES; i++)
        frames[i] = frame_bytes(request, i + 1);
    if (client == NULL) {
        is_full = pull->counters.clients >= PULL_CLIENTS && !make_room(pull);
        client = make(pull, frame_bytes(request, 0), connection);
    }
    client->heard = clock_mono();
    if (is_full) {
        client_error(client, "busy", "there are too many clients", 0, 0);
        client_forget(client);
    } else if (count < 2 || count > FRAMES || !bytes_is(frames[0], PULL_VERSION)) {
        client_error(
            client, "bad", "a message is " PULL_VERSION ", a command, its arguments", 0, 0);
    } else {
        command_run(client, frames[1], frames + 2, count - 2);
    }
}

static void read_requests(void *ctx)
{
    struct pull *pull = ctx;
    int64_t until = clock_mono() + READER_TURN;
    struct request request;

    for (size_t i = 0; i < ZSOCKET_READ_MOST && clock_mono() < until; i++) {
        bool is_there = receive(pull, &request);

        if (is_there && request.is_allowed)
            serve(pull, &request);
        for (size_t at = 0; at < request.count && at < FRAMES + 1; at++)
            zmq_msg_close(&request.frames[at]);
        if (!is_there)
            return;
    }
    uv_async_send(&pull->wake);
}

static void on_wake(uv_async_t *async)
{
    struct pull *pull = async->data;
    struct client *client;

    if (pull->is_closing)
        return;
    read_requests(pull);
    LIST_FOREACH(client, &pull->clients, entry)
    if (client->reader.full)
        reader_resume(&client->reader);
}

static int set_options(struct pull *pull, struct error *err)
{
    void *socket = pull->socket.socket;
    const int options[][2] = {{ZMQ_SNDHWM, HIGH_WATER}, {ZMQ_RCVHWM, 100}, {ZMQ_LINGER, 0},
        {ZMQ_HANDSHAKE_IVL, 5000}, {ZMQ_HEARTBEAT_IVL, 10000}, {ZMQ_HEARTBEAT_TIMEOUT, 30000},
        {ZMQ_ROUTER_MANDATORY, 1}, {ZMQ_ROUTER_HANDOVER, 1}, {ZMQ_BACKLOG, ZSOCKET_BACKLOG}};
    int64_t largest = FRAME_MOST;
    int failed = zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof(largest));

    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        failed |= zmq_setsockopt(socket, options[i][0], &options[i][1], sizeof(int));
    return failed == 0 ? OK : fail(err, E_SYSTEM, "pull socket: %s", zmq_strerror(zmq_errno()));
}

int pull_open(uv_loop_t *loop, const char *address, const struct keys *keys, struct store *store,
    struct readers *readers, struct pull **ret_pull, struct error *err)
{
    struct pull *pull = new_zeroed(sizeof(*pull));
    const struct consumer_hooks consumer_hooks = {on_kept, on_lost, pull};
    int code;

    *pull = (struct pull){
        .socket = {.option = "listen.pull", .what = "pull"}, .store = store, .readers = readers};
    uv_async_init(loop, &pull->wake, on_wake);
    pull->wake.data = pull;
    code = consumers_open(store, &consumer_hooks, &pull->consumers, err);
    if (code == OK)
        code = zsocket_make(&pull->socket, loop, address, ZMQ_ROUTER, keys, err);
    if (code == OK)
        code = set_options(pull, err);
    if (code == OK)
        code = zsocket_listen(&pull->socket, loop, read_requests, pull, err);
    if (code != OK) {
        pull_close(pull);
        return code;
    }
    *ret_pull = pull;
    return OK;
}

struct consumers *pull_consumers(struct pull *pull)
{
    return pull->consumers;
}

void pull_keys_changed(struct pull *pull)
{
    zsocket_keys_changed(&pull->socket);
}

void pull_tend(struct pull *pull, int64_t keep)
{
    int64_t limit = clock_mono() - PULL_SILENCE * (int64_t)SECOND;
    struct client *next;

    zsocket_mend(&pull->socket);
    for (struct client *client = LIST_FIRST(&pull->clients); client != NULL; client = next) {
        next = LIST_NEXT(client, entry);
        if (client->heard < limit)
            client_forget(client);
        else if (client->consumer != NULL)
            consumer_hear(client->consumer);
    }
    consumers_tend(pull->consumers, keep);
}

void pull_counters(const struct pull *pull, struct pull_counters *ret_counters)
{
    *ret_counters = pull->counters;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void pull_close(struct pull *pull)
{
    if (pull == NULL)
        return;
    pull->is_closing = true;
    while (!LIST_EMPTY(&pull->clients))
        client_forget(LIST_FIRST(&pull->clients));
    zsocket_close(&pull->socket); /* gives all messages back */
    consumers_close(pull->consumers);
    uv_close((uv_handle_t *)&pull->wake, on_closed);
}
