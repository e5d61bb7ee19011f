/* publish.c - push: two frames an event on an XPUB socket, and a heartbeat that tells what there is
 * to miss. */
#include "loop/publish.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

enum {
    BEAT_MS = 1000,
    HIGH_WATER = 1000, /* events queued for one slow subscriber before libzmq drops for it alone */
    TOPIC_LIMIT = 256, /* bytes of a subscription */
    SUBSCRIPTION_LIMIT = 20000, /* over all subscribers; each costs libzmq 6 kB that it keeps */
    BEAT_LIMIT = 256 << 10,
};

struct publish {
    uv_loop_t *loop;
    struct store *store;
    const char *endpoint;
    void *context;
    void *socket;
    uv_poll_t *readable; /* on the socket's descriptor; as long as the socket */
    uv_timer_t beat;
    struct buf text; /* of the newest heartbeat */
    struct publish_counters counters;
};

static int on_topic(void *ctx, const char *topic, uint64_t sequence)
{
    json_int(ctx, topic, (int64_t)sequence);
    return 0;
}

static void format_beat(struct publish *p)
{
    struct store_log log = store_log_state(p->store);
    struct json_writer w = {.out = &p->text};
    char now[CLOCK_TEXT];
    char due[CLOCK_TEXT];

    buf_clear(&p->text);
    buf_add_cstr(&p->text, "heartbeat/");
    json_begin_object(&w, NULL);
    json_cstr(&w, "epoch", store_epoch(p->store));
    json_int(&w, "head", (int64_t)log.head);
    json_int(&w, "first", (int64_t)log.first);
    json_cstr(&w, "time", clock_format(clock_wall(), now));
    json_cstr(&w, "due", clock_format(clock_wall() + BEAT_MS * INT64_C(1000), due));
    json_begin_object(&w, "topics");
    store_topics(p->store, on_topic, &w, NULL);
    json_end_object(&w);
    json_end_object(&w);
}

static void send_two(struct publish *p, struct bytes topic, struct bytes body)
{
    if (zmq_send(p->socket, topic.ptr, topic.len, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return;
    zmq_send(p->socket, body.ptr, body.len, ZMQ_DONTWAIT);
}

static int bind_socket(struct publish *p, struct error *err);

static void on_beat(uv_timer_t *timer)
{
    struct publish *p = timer->data;
    size_t topic = sizeof("heartbeat/") - 1;

    if (p->socket == NULL && bind_socket(p, NULL) != OK)
        return;
    format_beat(p);
    if (p->text.over)
        return;
    zmq_setsockopt(p->socket, ZMQ_XPUB_WELCOME_MSG, p->text.ptr, p->text.len);
    send_two(p, bytes_slice(buf_bytes(&p->text), 0, topic), bytes_from(buf_bytes(&p->text), topic));
}

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle);
}

static void close_socket(struct publish *p)
{
    if (p->readable != NULL)
        uv_close((uv_handle_t *)p->readable, on_poll_closed);
    if (p->socket != NULL)
        zmq_close(p->socket);
    p->readable = NULL;
    p->socket = NULL;
}

/* Subscriptions held by libzmq are never given back to the system: over the limit all subscribers
 * are sent away, and those that mean well come back at once. */
static void shed(struct publish *p)
{
    log_warning("too many subscriptions, socket bound again: limit=%d", SUBSCRIPTION_LIMIT);
    close_socket(p);
    p->counters.refused += p->counters.subscriptions;
    p->counters.subscriptions = 0;
}

static void read_subscriptions(struct publish *p)
{
    char frame[TOPIC_LIMIT];
    int len;

    while (
        p->socket != NULL && (len = zmq_recv(p->socket, frame, sizeof(frame), ZMQ_DONTWAIT)) >= 0) {
        if (len > 0 && frame[0] == 1)
            p->counters.subscriptions++;
        else if (len > 0 && p->counters.subscriptions > 0)
            p->counters.subscriptions--;
        if (p->counters.subscriptions > SUBSCRIPTION_LIMIT)
            shed(p);
    }
}

static void on_readable(uv_poll_t *handle, int status, int events)
{
    (void)status;
    (void)events;
    read_subscriptions(handle->data);
}

static int set_options(void *socket)
{
    const int options[][2] = {{ZMQ_SNDHWM, HIGH_WATER}, {ZMQ_LINGER, 0}, {ZMQ_HANDSHAKE_IVL, 5000},
        {ZMQ_HEARTBEAT_IVL, 10000}, {ZMQ_HEARTBEAT_TIMEOUT, 30000}, {ZMQ_XPUB_VERBOSER, 1},
        {ZMQ_BACKLOG, 128}};
    int64_t largest = TOPIC_LIMIT;
    int failed = zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof(largest));

    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        failed |= zmq_setsockopt(socket, options[i][0], &options[i][1], sizeof(int));
    return failed;
}

static int bind_socket(struct publish *p, struct error *err)
{
    const char *path = strncmp(p->endpoint, "ipc://", 6) == 0 ? p->endpoint + 6 : NULL;
    size_t size = sizeof(int);
    int fd = -1;

    p->socket = zmq_socket(p->context, ZMQ_XPUB);
    if (p->socket == NULL || set_options(p->socket) != 0)
        return fail(err, E_SYSTEM, "publishing socket: %s", zmq_strerror(zmq_errno()));
    format_beat(p);
    zmq_setsockopt(p->socket, ZMQ_XPUB_WELCOME_MSG, p->text.ptr, p->text.len);
    if (zmq_bind(p->socket, p->endpoint) != 0) {
        fail(err, E_SYSTEM, "listen.pub: bind %s: %s", p->endpoint, zmq_strerror(zmq_errno()));
        close_socket(p);
        return E_SYSTEM;
    }
    if (path != NULL && path[0] != '@' && chmod(path, 0660) != 0)
        log_warning("cannot set the mode of the publishing socket: path=%s", path);
    zmq_getsockopt(p->socket, ZMQ_FD, &fd, &size);
    p->readable = calloc(1, sizeof(*p->readable));
    if (p->readable == NULL)
        arena_out_of_memory(sizeof(*p->readable));
    uv_poll_init(p->loop, p->readable, fd);
    p->readable->data = p;
    uv_poll_start(p->readable, UV_READABLE, on_readable);
    return OK;
}

int publish_open(uv_loop_t *loop, const struct conf *conf, struct store *store,
    struct publish **ret_publish, struct error *err)
{
    struct publish *p = calloc(1, sizeof(*p));
    int code;

    if (p == NULL)
        arena_out_of_memory(sizeof(*p));
    *p = (struct publish){.loop = loop,
        .store = store,
        .endpoint = strdup(conf->listen.pub),
        .context = zmq_ctx_new(),
        .text = {.limit = BEAT_LIMIT}};
    uv_timer_init(loop, &p->beat);
    p->beat.data = p;
    code = bind_socket(p, err);
    if (code != OK) {
        publish_close(p);
        return code;
    }
    uv_timer_start(&p->beat, on_beat, BEAT_MS, BEAT_MS);
    *ret_publish = p;
    return OK;
}

void publish_event(struct publish *p, const struct committed *event)
{
    if (p->socket == NULL)
        return;
    send_two(p, bytes_of(event->topic), event->body);
    p->counters.sent++;
    p->counters.bytes += event->body.len;
    /* ZMQ_FD is edge-triggered: what came while we sent would otherwise not wake the loop. */
    read_subscriptions(p);
}

void publish_counters(const struct publish *p, struct publish_counters *ret_counters)
{
    *ret_counters = p->counters;
}

static void on_beat_closed(uv_handle_t *handle)
{
    struct publish *p = handle->data;

    zmq_ctx_term(p->context);
    buf_done(&p->text);
    free((char *)p->endpoint);
    free(p);
}

void publish_close(struct publish *p)
{
    if (p == NULL)
        return;
    close_socket(p);
    if (strncmp(p->endpoint, "ipc:///", 7) == 0)
        unlink(p->endpoint + 6);
    uv_close((uv_handle_t *)&p->beat, on_beat_closed);
}
