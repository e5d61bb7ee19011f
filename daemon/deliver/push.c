/* push.c - push: two frames an event on an XPUB socket. */
#include "deliver/push.h"

#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "base/log.h"
#include "deliver/accept.h"
#include "deliver/endpoint.h"
#include "deliver/shorten.h"
#include "deliver/subscribers.h"
#include "store/envelope.h"

enum {
    HIGH_WATER = 1000, /* events queued for one slow subscriber before libzmq drops for it alone */
    TOPIC_LIMIT = 256, /* bytes of a subscription */
    BACKLOG = 128,     /* connections that wait to be accepted */
    LISTENERS = 16,    /* whose path was taken away; each is a descriptor */
    TOLD_AGAIN = 60,   /* seconds; a client may go over its bounds for ever */
};

struct push {
    uv_loop_t *loop;
    const char *address;
    struct endpoint endpoint; /* without a path where libzmq binds by itself (tcp) */
    void *context;
    void *socket;
    uv_poll_t *readable;  /* on the socket's descriptor; as long as the socket */
    struct buf shortened; /* the newest event that was */
    struct buf of_topic;  /* the newest under a further topic */
    struct subscribers subscribers;
    uint64_t told_refused; /* of counters.refused */
    int64_t told_at;       /* mono */
    int rebound;           /* listeners that are kept for those who came by them */
    struct push_counters counters;
};

void push_send(struct push *p, struct bytes topic, struct bytes body)
{
    if (zmq_send(p->socket, topic.ptr, topic.len, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return;
    zmq_send(p->socket, body.ptr, body.len, ZMQ_DONTWAIT);
}

static int bind_address(struct push *p, struct error *err);

/* Cleaners of temporary directories and other daemons take paths away: new subscribers would find
 * nobody. Those who are connected stay so, because libzmq would end their connections together with
 * the listener that they came by. */
static void mend_endpoint(struct push *p)
{
    struct endpoint *endpoint = &p->endpoint;
    struct error err = {0};

    if (endpoint->path == NULL || endpoint_is_there(endpoint)) {
        endpoint->lost = false;
        return;
    }
    if (p->rebound++ == LISTENERS) {
        zmq_unbind(p->socket, p->address);
        p->rebound = 0;
    }
    if (bind_address(p, &err) == OK)
        log_warning("the publishing socket was gone and is bound again: path=%s", endpoint->path);
    else if (!endpoint->lost)
        log_error("the publishing socket is gone, new subscribers find nobody: %s", err.text);
    endpoint->lost = !endpoint_is_there(endpoint);
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
    mend_endpoint(p);
    subscribers_prune(&p->subscribers);
    tell_refused(p);
}

void push_welcome(struct push *p, struct bytes message)
{
    zmq_setsockopt(p->socket, ZMQ_XPUB_WELCOME_MSG, message.ptr, message.len);
}

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle);
}

static void close_socket(struct push *p)
{
    if (p->readable != NULL)
        uv_close((uv_handle_t *)p->readable, on_poll_closed);
    if (p->socket != NULL)
        zmq_close(p->socket);
    p->readable = NULL;
    p->socket = NULL;
}

static void read_subscriptions(struct push *p)
{
    zmq_msg_t message;

    zmq_msg_init(&message);
    while (zmq_msg_recv(&message, p->socket, ZMQ_DONTWAIT) >= 0)
        subscribers_note(&p->subscribers, zmq_msg_get(&message, ZMQ_SRCFD),
            (struct bytes){zmq_msg_data(&message), zmq_msg_size(&message)});
    zmq_msg_close(&message);
}

static void on_readable(uv_poll_t *handle, int status, int events)
{
    (void)status;
    (void)events;
    read_subscriptions(handle->data);
}

/* One message at a time is taken from a subscriber: libzmq files all that wait before it hands out
 * the first, and a flood would be in its memory before it was counted (340 MB against 32). */
static int set_options(void *socket)
{
    const int options[][2] = {{ZMQ_SNDHWM, HIGH_WATER}, {ZMQ_RCVHWM, 1}, {ZMQ_LINGER, 0},
        {ZMQ_HANDSHAKE_IVL, 5000}, {ZMQ_HEARTBEAT_IVL, 10000}, {ZMQ_HEARTBEAT_TIMEOUT, 30000},
        {ZMQ_XPUB_VERBOSER, 1}, {ZMQ_BACKLOG, BACKLOG}};
    int64_t largest = TOPIC_LIMIT;
    int failed = zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof(largest));

    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        failed |= zmq_setsockopt(socket, options[i][0], &options[i][1], sizeof(int));
    return failed;
}

/* A path is bound by ourselves: libzmq would unlink whatever lies there. */
static int bind_address(struct push *p, struct error *err)
{
    int fd = -1;

    if (p->endpoint.path != NULL && endpoint_listen(&p->endpoint, BACKLOG, &fd, err) != OK)
        return fail_in(err, "listen.pub: %s", p->address);
    zmq_setsockopt(p->socket, ZMQ_USE_FD, &fd, sizeof(fd));
    if (zmq_bind(p->socket, p->address) == 0)
        return OK;
    fail(err, E_SYSTEM, "listen.pub: bind %s: %s", p->address, zmq_strerror(zmq_errno()));
    if (fd >= 0)
        close(fd);
    return E_SYSTEM;
}

/* The path of an address that has one: not "@name" (abstract) and not "*" (libzmq's choice). */
static const char *path_of(const char *address)
{
    bool has_path = strncmp(address, "ipc://", 6) == 0 && strchr("@*", address[6]) == NULL;

    return has_path ? address + 6 : NULL;
}

static int bind_socket(struct push *p, struct bytes welcome, struct error *err)
{
    const char *path = path_of(p->address);
    size_t size = sizeof(int);
    int code = OK;
    int fd = -1;

    if (path != NULL && endpoint_open(&p->endpoint, path, err) != OK)
        return fail_in(err, "listen.pub: %s", p->address);
    p->socket = zmq_socket(p->context, ZMQ_XPUB);
    if (p->socket == NULL || set_options(p->socket) != 0)
        return fail(err, E_SYSTEM, "publishing socket: %s", zmq_strerror(zmq_errno()));
    push_welcome(p, welcome);
    code = bind_address(p, err);
    if (code != OK)
        return code;
    zmq_getsockopt(p->socket, ZMQ_FD, &fd, &size);
    p->readable = new_zeroed(sizeof(*p->readable));
    uv_poll_init(p->loop, p->readable, fd);
    p->readable->data = p;
    uv_poll_start(p->readable, UV_READABLE, on_readable);
    return OK;
}

int push_open(uv_loop_t *loop, const char *address, struct bytes welcome, struct push **ret_push,
    struct error *err)
{
    struct push *p = new_zeroed(sizeof(*p));
    int code;

    *p = (struct push){.loop = loop,
        .address = new_text(address),
        .context = zmq_ctx_new(),
        .shortened = {.limit = PUSH_MOST},
        .of_topic = {.limit = PUSH_MOST}};
    code = bind_socket(p, welcome, err);
    if (code != OK) {
        push_close(p);
        return code;
    }
    *ret_push = p;
    return OK;
}

static void send_event(struct push *p, const char *topic, struct bytes body)
{
    push_send(p, bytes_of(topic), body);
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
    /* ZMQ_FD is edge-triggered: what came while we sent would otherwise not wake the loop. */
    read_subscriptions(p);
}

void push_counters(const struct push *p, struct push_counters *ret_counters)
{
    *ret_counters = p->counters;
    ret_counters->subscriptions = p->subscribers.topics;
}

void push_close(struct push *p)
{
    if (p == NULL)
        return;
    close_socket(p);
    endpoint_close(&p->endpoint);
    zmq_ctx_term(p->context);
    buf_done(&p->shortened);
    buf_done(&p->of_topic);
    subscribers_done(&p->subscribers);
    free((char *)p->address);
    free(p);
}
