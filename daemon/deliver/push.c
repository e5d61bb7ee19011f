/* push.c - push: two frames an event on an XPUB socket. */
#include "deliver/push.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "deliver/accept.h"
#include "deliver/intake.h"
#include "deliver/shorten.h"
#include "deliver/subscribers.h"
#include "deliver/zsocket.h"
#include "store/envelope.h"

enum {
    HIGH_WATER = 1000, /* events queued for one slow subscriber before libzmq drops for it alone */
    TOPIC_LIMIT = 256, /* bytes of a subscription */
    HANDSHAKE =
        1024,        /* and of a message where keys are asked for: INITIATE of CURVE has some 300 */
    TOLD_AGAIN = 60, /* seconds; a client may go over its bounds for ever */
};

struct push {
    struct zsocket socket;
    uv_async_t wake;      /* something may be to be read */
    struct buf shortened; /* the newest event that was */
    struct buf of_topic;  /* the newest under a further topic */
    struct subscribers subscribers;
    uint64_t told_refused; /* of counters.refused */
    int64_t told_at;       /* mono */
    struct push_counters counters;
    bool is_closing;
};

static bool send_frames(struct push *p, struct bytes topic, struct bytes body)
{
    return zmq_send(p->socket.socket, topic.ptr, topic.len, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0 &&
           zmq_send(p->socket.socket, body.ptr, body.len, ZMQ_DONTWAIT) >= 0;
}

static int set_nodrop(void *socket, int on)
{
    return zmq_setsockopt(socket, ZMQ_XPUB_NODROP, &on, sizeof(on));
}

/* libzmq drops without a word; asked not to drop it says once that a subscriber has become full.
 * Then it is told to drop all the same, and thinks no more of that one until it has room. */
bool push_send(struct push *p, struct bytes topic, struct bytes body)
{
    bool had_room = send_frames(p, topic, body);

    /* ZMQ_FD is edge-triggered: what came while we sent would otherwise not wake the loop. Once a
     * turn, however much it sends. */
    uv_async_send(&p->wake);
    if (!had_room) {
        set_nodrop(p->socket.socket, 0);
        send_frames(p, topic, body);
        set_nodrop(p->socket.socket, 1);
    }
    return had_room;
}

static void tell_refused(struct push *p)
{
    p->counters.refused = p->subscribers.cut + accept_refused();
    if (p->counters.refused == p->told_refused ||
        (p->told_at != 0 && clock_mono() - p->told_at < TOLD_AGAIN * (int64_t)SECOND))
        return;
    log_warning("subscribers were sent away: over their bound=%llu descriptors short=%llu",
        (unsigned long long)p->subscribers.cut, (unsigned long long)accept_refused());
    p->told_refused = p->counters.refused;
    p->told_at = clock_mono();
}

void push_tend(struct push *p)
{
    zsocket_mend(&p->socket);
    subscribers_prune(&p->subscribers);
    tell_refused(p);
}

void push_keys_changed(struct push *p)
{
    zsocket_keys_changed(&p->socket);
}

void push_welcome(struct push *p, struct bytes message)
{
    zmq_setsockopt(p->socket.socket, ZMQ_XPUB_WELCOME_MSG, message.ptr, message.len);
}

static void read_subscriptions(void *ctx)
{
    struct push *p = ctx;
    zmq_msg_t message;
    size_t count = 0;

    zmq_msg_init(&message);
    while (
        count < ZSOCKET_READ_MOST && zmq_msg_recv(&message, p->socket.socket, ZMQ_DONTWAIT) >= 0) {
        int fd = zmq_msg_get(&message, ZMQ_SRCFD);

        intake_heard(fd);
        zsocket_heard(&p->socket, &message);
        subscribers_note(
            &p->subscribers, fd, (struct bytes){zmq_msg_data(&message), zmq_msg_size(&message)});
        count++;
    }
    zmq_msg_close(&message);
    if (count == ZSOCKET_READ_MOST)
        uv_async_send(&p->wake);
}

static void on_wake(uv_async_t *async)
{
    struct push *p = async->data;

    if (!p->is_closing)
        read_subscriptions(p);
}

/* One message at a time is taken from a subscriber: libzmq files all that wait before it hands out
 * the first, and a flood would be in its memory before it was counted (340 MB against 32). Where a
 * key lets in, libzmq puts whose it is before the first message, in the same line. */
static int set_options(void *socket, bool has_keys)
{
    const int options[][2] = {{ZMQ_SNDHWM, HIGH_WATER}, {ZMQ_RCVHWM, has_keys ? 2 : 1},
        {ZMQ_LINGER, 0}, {ZMQ_HANDSHAKE_IVL, 5000}, {ZMQ_HEARTBEAT_IVL, 10000},
        {ZMQ_HEARTBEAT_TIMEOUT, 30000}, {ZMQ_XPUB_VERBOSER, 1}, {ZMQ_BACKLOG, ZSOCKET_BACKLOG}};
    int64_t largest = has_keys ? HANDSHAKE : TOPIC_LIMIT;
    int failed =
        zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof(largest)) | set_nodrop(socket, 1);

    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        failed |= zmq_setsockopt(socket, options[i][0], &options[i][1], sizeof(int));
    return failed;
}

int push_open(uv_loop_t *loop, const char *address, const struct keys *keys, struct bytes welcome,
    struct push **ret_push, struct error *err)
{
    struct push *p = new_zeroed(sizeof(*p));
    int code;

    *p = (struct push){.socket = {.option = "listen.pub", .what = "publishing"},
        .shortened = {.limit = PUSH_MOST},
        .of_topic = {.limit = PUSH_MOST}};
    uv_async_init(loop, &p->wake, on_wake);
    p->wake.data = p;
    code = zsocket_make(&p->socket, loop, address, ZMQ_XPUB, keys, err);
    if (code == OK && set_options(p->socket.socket, keys != NULL) != 0)
        code = fail(err, E_SYSTEM, "publishing socket: %s", zmq_strerror(zmq_errno()));
    if (code == OK) {
        push_welcome(p, welcome);
        code = zsocket_listen(&p->socket, loop, read_subscriptions, p, err);
    }
    if (code != OK) {
        push_close(p);
        return code;
    }
    *ret_push = p;
    return OK;
}

static void send_event(struct push *p, const char *topic, struct bytes body)
{
    p->counters.dropped += !push_send(p, bytes_of(topic), body);
    p->counters.sent++;
    p->counters.bytes += body.len;
}

void push_event(struct push *p, const struct committed *event)
{
    struct bytes body = event->body;

    if (body.len > PUSH_MOST) {
        buf_clear(&p->shortened);
        if (!shorten(body, &p->shortened))
            return; /* subscribers see the gap */
        body = buf_bytes(&p->shortened);
    }
    send_event(p, event->topic, body);
    for (size_t i = 0; i < event->further_count; i++) {
        buf_clear(&p->of_topic);
        if (envelope_of_topic(body, event->further[i].previous, &p->of_topic))
            send_event(p, event->further[i].name, buf_bytes(&p->of_topic));
    }
}

void push_counters(const struct push *p, struct push_counters *ret_counters)
{
    *ret_counters = p->counters;
    ret_counters->subscriptions = p->subscribers.topics;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void push_close(struct push *p)
{
    if (p == NULL)
        return;
    p->is_closing = true;
    zsocket_close(&p->socket);
    buf_done(&p->shortened);
    buf_done(&p->of_topic);
    subscribers_done(&p->subscribers);
    uv_close((uv_handle_t *)&p->wake, on_closed);
}
