/* connection.c - frames of text on a DEALER socket. */
#include "connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include <wireroom/pull.h>
#include <zmq.h>

enum {
    PING_MS = 1000,
    FORGOTTEN_MS = 1000 * PULL_SILENCE,
    SILENCE_MS = 3000,       /* no answer: as after three beats that a subscriber missed */
    JOIN_MS = 6000,          /* a handshake with keys takes longer: the daemon gives it five */
    RETRY_MS = 200,          /* between connections that lead to nothing */
    LINGER_MS = 200,         /* for a goodbye */
    MESSAGE_MOST = 16 << 20, /* bytes: an event has 8 MiB, and what is around it */
    WAITING_MOST = 64        /* messages: who sends without credit has us hold no more */
};

int64_t connection_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int connection_is_ours(const struct connection *c)
{
    return c->process == getpid();
}

void connection_send(struct connection *c, const char *const *texts, size_t count)
{
    int is_sent = c->socket != NULL && zmq_send(c->socket, PULL_VERSION, strlen(PULL_VERSION),
                                           ZMQ_DONTWAIT | ZMQ_SNDMORE) >= 0;

    for (size_t i = 0; i < count && is_sent; i++)
        is_sent = zmq_send(c->socket, texts[i], strlen(texts[i]),
                      ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0)) >= 0;
}

static int set(void *socket, int option, const void *value, size_t size)
{
    return zmq_setsockopt(socket, option, value, size);
}

static void close_socket(struct connection *c)
{
    if (c->watch != NULL)
        zmq_close(c->watch);
    if (c->socket != NULL)
        zmq_close(c->socket);
    c->socket = c->watch = NULL;
}

/* A socket is one connection: made again by itself it would go on as if nothing was missed. */
static int watch(struct connection *c)
{
    const int none = 0, never = -1;
    char name[48];

    snprintf(name, sizeof(name), "inproc://connection-%u", ++c->opens);
    if (set(c->socket, ZMQ_RECONNECT_IVL, &never, sizeof(never)) != 0 ||
        zmq_socket_monitor(c->socket, name, ZMQ_EVENT_CLOSED | ZMQ_EVENT_DISCONNECTED) != 0)
        return -1;
    c->watch = zmq_socket(c->context, ZMQ_PAIR);
    if (c->watch == NULL)
        return -1;
    return set(c->watch, ZMQ_LINGER, &none, sizeof(none)) | zmq_connect(c->watch, name);
}

static int open_socket(struct connection *c)
{
    const int none = 0, waiting = WAITING_MOST;
    const int64_t most = MESSAGE_MOST;
    int failed;

    c->socket = zmq_socket(c->context, ZMQ_DEALER);
    c->opened = c->pinged = connection_now();
    c->due = c->opened + JOIN_MS;
    if (c->socket == NULL)
        return -1;
    failed = watch(c) | set(c->socket, ZMQ_LINGER, &none, sizeof(none)) |
             set(c->socket, ZMQ_RCVHWM, &waiting, sizeof(waiting)) |
             set(c->socket, ZMQ_MAXMSGSIZE, &most, sizeof(most)) |
             set(c->socket, ZMQ_ROUTING_ID, c->id, sizeof(c->id));
    if (c->keys[0][0] != '\0')
        failed |= set(c->socket, ZMQ_CURVE_SERVERKEY, c->keys[0], CONNECTION_KEY + 1) |
                  set(c->socket, ZMQ_CURVE_PUBLICKEY, c->keys[1], CONNECTION_KEY + 1) |
                  set(c->socket, ZMQ_CURVE_SECRETKEY, c->keys[2], CONNECTION_KEY + 1);
    return failed != 0 ? -1 : zmq_connect(c->socket, c->endpoint);
}

static int take_keys(struct connection *c, const char *const keys[])
{
    int given = 0;

    for (size_t i = 0; i < CONNECTION_KEYS; i++)
        if (keys[i] != NULL && strlen(keys[i]) == CONNECTION_KEY) {
            memcpy(c->keys[i], keys[i], CONNECTION_KEY + 1);
            given++;
        } else if (keys[i] != NULL) {
            return -1;
        }
    return given == 0 || given == CONNECTION_KEYS ? 0 : -1; /* never half: that would be without */
}

int connection_begin(struct connection *c, char *endpoint, const char *const keys[])
{
    c->endpoint = endpoint;
    c->process = getpid();
    if (endpoint == NULL || take_keys(c, keys) != 0) {
        errno = EINVAL;
        return -1;
    }
    c->id[0] = 'C'; /* those with a zero are the daemon's own */
    if (getrandom(c->id + 1, sizeof(c->id) - 1, 0) < 0)
        return -1;
    c->context = zmq_ctx_new();
    return c->context == NULL ? -1 : open_socket(c);
}

static void drop_frames(struct connection *c)
{
    for (size_t i = 0; i < c->count; i++)
        free(c->frames[i].text);
    c->count = 0;
}

void connection_drop(struct connection *c)
{
    close_socket(c);
}

/* Into a frame of its own; -1: no memory. */
static int keep(struct connection *c, zmq_msg_t *message)
{
    struct frame frame = {malloc(zmq_msg_size(message) + 1), zmq_msg_size(message)};

    if (frame.text == NULL)
        return -1;
    memcpy(frame.text, zmq_msg_data(message), frame.len);
    frame.text[frame.len] = '\0';
    c->frames[c->count++] = frame;
    return 0;
}

/* Those beyond CONNECTION_FRAMES are read and dropped. */
static enum connection_state read_message(struct connection *c)
{
    enum connection_state state = CONNECTION_MESSAGE;
    int more = 1;

    for (size_t number = 0; more; number++) {
        zmq_msg_t message;

        zmq_msg_init(&message);
        if (zmq_msg_recv(&message, c->socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&message);
            return CONNECTION_NOTHING;
        }
        more = zmq_msg_more(&message);
        if (number > 0 && c->count < CONNECTION_FRAMES && keep(c, &message) != 0)
            state = CONNECTION_FAILED;
        zmq_msg_close(&message);
    }
    if (state == CONNECTION_FAILED)
        errno = ENOMEM;
    return state;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static enum connection_state wait_and_open(struct connection *c, int64_t milliseconds)
{
    int64_t left = c->opened + RETRY_MS - connection_now();

    if (left > 0)
        return zmq_poll(NULL, 0, (long)least(left, milliseconds)) < 0 ? CONNECTION_SIGNAL
                                                                      : CONNECTION_NOTHING;
    return open_socket(c) == 0 ? CONNECTION_NEW : CONNECTION_FAILED;
}

enum connection_state connection_receive(struct connection *c, int64_t milliseconds)
{
    int64_t now = connection_now();
    zmq_pollitem_t items[] = {{NULL, 0, ZMQ_POLLIN, 0}, {NULL, 0, ZMQ_POLLIN, 0}};
    int ready;

    drop_frames(c);
    if (now - c->pinged > FORGOTTEN_MS)
        connection_drop(c); /* what the program took so long for can be told by another alone */
    if (c->socket == NULL)
        return wait_and_open(c, milliseconds);
    if (now - c->pinged > PING_MS) {
        c->pinged = now;
        connection_send(c, (const char *const[]){"PING"}, 1);
        c->due = c->due == INT64_MAX ? now + SILENCE_MS : c->due;
    }
    items[0].socket = c->socket;
    items[1].socket = c->watch;
    /* What came while nobody looked counts as heard. */
    ready = zmq_poll(items, 2, now > c->due ? 0 : (long)least(milliseconds, PING_MS / 2));
    if (ready < 0)
        return zmq_errno() == EINTR ? CONNECTION_SIGNAL : CONNECTION_FAILED;
    if (items[0].revents == 0) {
        if (items[1].revents != 0 || now > c->due)
            connection_drop(c);
        return CONNECTION_NOTHING;
    }
    c->due = INT64_MAX;
    return read_message(c);
}

void connection_end(struct connection *c)
{
    const int linger = LINGER_MS;

    drop_frames(c);
    /* In a forked child there are copies of both, and none of the threads that could end them. */
    if (c->socket != NULL && connection_is_ours(c)) {
        connection_send(c, (const char *const[]){"BYE"}, 1);
        zmq_setsockopt(c->socket, ZMQ_LINGER, &linger, sizeof(linger));
        close_socket(c);
    }
    if (c->context != NULL && connection_is_ours(c))
        zmq_ctx_term(c->context);
    free(c->endpoint);
}
