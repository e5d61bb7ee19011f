/* push.c - push: two frames an event on an XPUB socket, and a heartbeat that tells what there is
 * to miss. */
#include "deliver/push.h"

#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "deliver/accept.h"
#include "deliver/endpoint.h"
#include "deliver/shorten.h"
#include "deliver/subscribers.h"

enum {
    BEAT_MS = 1000,
    HIGH_WATER = 1000, /* events queued for one slow subscriber before libzmq drops for it alone */
    TOPIC_LIMIT = 256, /* bytes of a subscription */
    BACKLOG = 128,     /* connections that wait to be accepted */
    LISTENERS = 16,    /* whose path was taken away; each is a descriptor */
    BEAT_TOPICS = 2048 /* listed by a heartbeat: languages of ISO 639 times our types are fewer */
};

static const int64_t TOLD_AGAIN = 60 * SECOND; /* a client may go over its bounds for ever */

struct topic {
    char *name;
    uint64_t sequence;
};

struct publish {
    uv_loop_t *loop;
    struct store *store;
    const char *address;
    struct endpoint endpoint; /* without a path where libzmq binds by itself (tcp) */
    void *context;
    void *socket;
    uv_poll_t *readable; /* on the socket's descriptor; as long as the socket */
    uv_timer_t beat;
    struct buf text;      /* of the newest heartbeat */
    struct buf shortened; /* the newest event that was */
    struct subscribers subscribers;
    uint64_t told_refused; /* of counters.refused */
    int64_t told_at;       /* mono */
    int rebound;           /* listeners that are kept for those who came by them */
    struct publish_counters counters;
};

struct topics {
    struct topic *list;
    size_t count, cap;
};

static int on_topic(void *ctx, const char *name, uint64_t sequence)
{
    struct topics *topics = ctx;

    if (topics->count == topics->cap) {
        topics->cap = topics->cap == 0 ? 64 : 2 * topics->cap;
        topics->list = realloc(topics->list, topics->cap * sizeof(*topics->list));
        if (topics->list == NULL)
            arena_out_of_memory(topics->cap * sizeof(*topics->list));
    }
    topics->list[topics->count++] = (struct topic){strdup(name), sequence};
    return 0;
}

static int newest_first(const void *a, const void *b)
{
    uint64_t x = ((const struct topic *)a)->sequence;
    uint64_t y = ((const struct topic *)b)->sequence;

    return x > y ? -1 : x < y;
}

/* All topics, or the newest of too many and how many are left out: a heartbeat has a bound, and
 * there is always one. */
static void format_topics(struct publish *p, struct json_writer *w)
{
    struct topics topics = {0};

    store_topics(p->store, on_topic, &topics, NULL);
    if (topics.count > BEAT_TOPICS)
        qsort(topics.list, topics.count, sizeof(*topics.list), newest_first);
    json_begin_object(w, "topics");
    for (size_t i = 0; i < topics.count && i < BEAT_TOPICS; i++)
        json_int(w, topics.list[i].name, (int64_t)topics.list[i].sequence);
    json_end_object(w);
    if (topics.count > BEAT_TOPICS)
        json_int(w, "topicsLeftOut", (int64_t)(topics.count - BEAT_TOPICS));
    for (size_t i = 0; i < topics.count; i++)
        free(topics.list[i].name);
    free(topics.list);
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
    format_topics(p, &w);
    json_end_object(&w);
}

static void send_two(struct publish *p, struct bytes topic, struct bytes body)
{
    if (zmq_send(p->socket, topic.ptr, topic.len, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return;
    zmq_send(p->socket, body.ptr, body.len, ZMQ_DONTWAIT);
}

static int bind_address(struct publish *p, struct error *err);

/* Cleaners of temporary directories and other daemons take paths away: new subscribers would find
 * nobody. Those who are connected stay so, because libzmq would end their connections together with
 * the listener that they came by. */
static void mend_endpoint(struct publish *p)
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

static void tell_refused(struct publish *p)
{
    p->counters.refused = p->subscribers.cut + accept_refused();
    if (p->counters.refused == p->told_refused ||
        (p->told_at != 0 && clock_mono() - p->told_at < TOLD_AGAIN))
        return;
    log_warning("subscribers were sent away: over their bound=%llu descriptors short=%llu",
        (unsigned long long)p->subscribers.cut, (unsigned long long)accept_refused());
    p->told_refused = p->counters.refused;
    p->told_at = clock_mono();
}

static void on_beat(uv_timer_t *timer)
{
    struct publish *p = timer->data;
    size_t topic = sizeof("heartbeat/") - 1;

    mend_endpoint(p);
    subscribers_prune(&p->subscribers);
    tell_refused(p);
    format_beat(p);
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

static void read_subscriptions(struct publish *p)
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
static int bind_address(struct publish *p, struct error *err)
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

static int bind_socket(struct publish *p, struct error *err)
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
    format_beat(p);
    zmq_setsockopt(p->socket, ZMQ_XPUB_WELCOME_MSG, p->text.ptr, p->text.len);
    code = bind_address(p, err);
    if (code != OK)
        return code;
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
        .address = strdup(conf->listen.pub),
        .context = zmq_ctx_new(),
        .shortened = {.limit = PUSH_MOST}};
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
    struct bytes body = event->body;

    if (body.len > PUSH_MOST) {
        buf_clear(&p->shortened);
        if (!shorten(body, &p->shortened))
            return; /* subscribers see the gap */
        body = buf_bytes(&p->shortened);
    }
    send_two(p, bytes_of(event->topic), body);
    p->counters.sent++;
    p->counters.bytes += body.len;
    /* ZMQ_FD is edge-triggered: what came while we sent would otherwise not wake the loop. */
    read_subscriptions(p);
}

void publish_counters(const struct publish *p, struct publish_counters *ret_counters)
{
    *ret_counters = p->counters;
    ret_counters->subscriptions = p->subscribers.topics;
}

static void on_beat_closed(uv_handle_t *handle)
{
    struct publish *p = handle->data;

    zmq_ctx_term(p->context);
    buf_done(&p->text);
    buf_done(&p->shortened);
    subscribers_done(&p->subscribers);
    free((char *)p->address);
    free(p);
}

void publish_close(struct publish *p)
{
    if (p == NULL)
        return;
    close_socket(p);
    endpoint_close(&p->endpoint);
    uv_close((uv_handle_t *)&p->beat, on_beat_closed);
}
