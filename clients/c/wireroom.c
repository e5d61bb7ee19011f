/* wireroom.c - a consumer: frames of text on a DEALER socket. */
#include "wireroom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wireroom/pull.h>
#include <zmq.h>

#define PUBLIC __attribute__((visibility("default")))

enum {
    FRAMES = 8,
    PING_MS = 2000,
    SILENCE_MS = 6000, /* nothing heard: the connection is made anew */
    CREDIT_BYTES = 64 << 20
};

struct frame {
    char *text;
    size_t len;
};

struct wireroom_consumer {
    char *name, *endpoint, *filter, *start;
    char keys[3][41]; /* server, public, secret; "" for none */
    unsigned window;
    void *context, *socket;
    int64_t heard, pinged;        /* milliseconds */
    uint64_t wanted, acked, last; /* asked for; on its disk; handed out since the last HELLO */
    char epoch[64], error[512];
    int failed;
    struct frame frames[FRAMES]; /* of the newest message */
    size_t count;
};

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Nobody is there: silence will tell. */
static void send_texts(struct wireroom_consumer *c, const char *const *texts, size_t count)
{
    zmq_send(c->socket, PULL_VERSION, strlen(PULL_VERSION), ZMQ_DONTWAIT | ZMQ_SNDMORE);
    for (size_t i = 0; i < count; i++)
        zmq_send(c->socket, texts[i], strlen(texts[i]),
            ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0));
}

static void send_number(struct wireroom_consumer *c, const char *command, uint64_t number)
{
    char text[24];

    snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    send_texts(c, (const char *const[]){command, text}, 2);
}

static void send_credit(struct wireroom_consumer *c, uint64_t records, uint64_t bytes)
{
    char texts[2][24];

    snprintf(texts[0], sizeof(texts[0]), "%llu", (unsigned long long)records);
    snprintf(texts[1], sizeof(texts[1]), "%llu", (unsigned long long)bytes);
    send_texts(c, (const char *const[]){"CREDIT", texts[0], texts[1]}, 3);
}

static void hello(struct wireroom_consumer *c)
{
    /* A name that was known and is new again: the log was made anew, and all of it is news. */
    const char *start = c->epoch[0] == '\0' ? c->start : "first";

    c->last = 0;
    send_texts(c, (const char *const[]){"HELLO", c->name, c->filter, start}, 4);
}

static int connect_anew(struct wireroom_consumer *c)
{
    int linger = 0;

    if (c->socket != NULL)
        zmq_close(c->socket);
    c->socket = zmq_socket(c->context, ZMQ_DEALER);
    c->heard = c->pinged = now();
    if (c->socket == NULL)
        return -1;
    zmq_setsockopt(c->socket, ZMQ_LINGER, &linger, sizeof(linger));
    if (c->keys[0][0] != '\0' &&
        (zmq_setsockopt(c->socket, ZMQ_CURVE_SERVERKEY, c->keys[0], sizeof(c->keys[0])) != 0 ||
            zmq_setsockopt(c->socket, ZMQ_CURVE_PUBLICKEY, c->keys[1], sizeof(c->keys[1])) != 0 ||
            zmq_setsockopt(c->socket, ZMQ_CURVE_SECRETKEY, c->keys[2], sizeof(c->keys[2])) != 0))
        return -1;
    if (zmq_connect(c->socket, c->endpoint) != 0)
        return -1;
    hello(c);
    return 0;
}

static char *copy(const char *text, const char *otherwise)
{
    return strdup(text == NULL ? otherwise : text);
}

PUBLIC struct wireroom_consumer *wireroom_open(
    const char *name, const struct wireroom_options *options)
{
    static const struct wireroom_options usual;
    const struct wireroom_options *o = options == NULL ? &usual : options;
    struct wireroom_consumer *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return NULL;
    c->name = copy(name, "");
    c->endpoint = copy(o->endpoint, "ipc:///run/wireroom/pull.sock");
    c->filter = copy(o->filter, "");
    c->start = copy(o->start, "now");
    if (o->server_key != NULL && o->public_key != NULL && o->secret_key != NULL) {
        snprintf(c->keys[0], sizeof(c->keys[0]), "%s", o->server_key);
        snprintf(c->keys[1], sizeof(c->keys[1]), "%s", o->public_key);
        snprintf(c->keys[2], sizeof(c->keys[2]), "%s", o->secret_key);
    }
    c->window = o->window == 0 ? 256 : o->window;
    c->context = zmq_ctx_new();
    if (c->name == NULL || c->endpoint == NULL || c->filter == NULL || c->start == NULL ||
        c->context == NULL || connect_anew(c) != 0) {
        wireroom_close(c);
        return NULL;
    }
    return c;
}

static void drop_frames(struct wireroom_consumer *c)
{
    for (size_t i = 0; i < c->count; i++)
        free(c->frames[i].text);
    c->count = 0;
}

/* The frames of one message behind the version, each with a NUL; those beyond FRAMES are read and
 * dropped. 0: none is there. */
static int receive(struct wireroom_consumer *c)
{
    int more = 1;

    drop_frames(c);
    for (size_t number = 0; more; number++) {
        zmq_msg_t message;
        size_t len;

        zmq_msg_init(&message);
        if (zmq_msg_recv(&message, c->socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&message);
            return 0;
        }
        len = zmq_msg_size(&message);
        more = zmq_msg_more(&message);
        if (number > 0 && c->count < FRAMES) {
            struct frame *frame = &c->frames[c->count];

            *frame = (struct frame){malloc(len + 1), len};
            if (frame->text != NULL) {
                memcpy(frame->text, zmq_msg_data(&message), len);
                frame->text[len] = '\0';
                c->count++;
            }
        }
        zmq_msg_close(&message);
    }
    return 1;
}

static uint64_t number_of(const struct wireroom_consumer *c, size_t at)
{
    return at < c->count ? strtoull(c->frames[at].text, NULL, 10) : 0;
}

static int is_frame(const struct wireroom_consumer *c, size_t at, const char *text)
{
    return at < c->count && strcmp(c->frames[at].text, text) == 0;
}

static void take_error(struct wireroom_consumer *c, struct wireroom_event *event)
{
    if (is_frame(c, 1, "trimmed")) {
        event->kind = WIREROOM_TRIMMED;
        event->sequence = number_of(c, 3);
        event->last = number_of(c, 4);
    } else if (is_frame(c, 1, "unknown")) {
        hello(c);
    } else {
        c->failed = is_frame(c, 1, "fenced") ? WIREROOM_FENCED
                    : is_frame(c, 1, "lost") ? WIREROOM_LOST
                                             : WIREROOM_REFUSED;
        snprintf(c->error, sizeof(c->error), "%s", c->count > 2 ? c->frames[2].text : "refused");
    }
}

static void take(struct wireroom_consumer *c, struct wireroom_event *event)
{
    if (is_frame(c, 0, "REC") && c->count >= 4) {
        c->last = number_of(c, 1);
        send_credit(c, 1, c->frames[3].len);
        *event = (struct wireroom_event){.kind = WIREROOM_EVENT,
            .sequence = c->last,
            .last = c->last,
            .topic = c->frames[2].text,
            .body = c->frames[3].text,
            .length = c->frames[3].len};
    } else if (is_frame(c, 0, "WELCOME") && c->count >= 5) {
        snprintf(c->epoch, sizeof(c->epoch), "%s", c->frames[1].text);
        c->acked = c->wanted = number_of(c, 4);
        send_credit(c, c->window, CREDIT_BYTES);
    } else if (is_frame(c, 0, "ACKED")) {
        c->acked = number_of(c, 1);
    } else if (is_frame(c, 0, "ERR")) {
        take_error(c, event);
    }
}

/* What has to be done now and then; how long until the next time. */
static int tend(struct wireroom_consumer *c)
{
    if (now() - c->heard > SILENCE_MS && connect_anew(c) != 0) {
        c->failed = WIREROOM_SYSTEM;
        snprintf(c->error, sizeof(c->error), "%s: %s", c->endpoint, zmq_strerror(zmq_errno()));
    } else if (now() - c->pinged > PING_MS) {
        c->pinged = now();
        send_texts(c, (const char *const[]){"PING"}, 1);
    }
    return PING_MS / 2;
}

PUBLIC int wireroom_next(
    struct wireroom_consumer *consumer, int milliseconds, struct wireroom_event *event)
{
    int64_t end = now() + milliseconds;

    *event = (struct wireroom_event){.kind = WIREROOM_NOTHING};
    while (consumer->failed == 0 && event->kind == WIREROOM_NOTHING) {
        zmq_pollitem_t item = {consumer->socket, 0, ZMQ_POLLIN, 0};
        int64_t left = milliseconds < 0 ? PING_MS : end - now();
        int most = tend(consumer);

        if (left < 0)
            break;
        item.socket = consumer->socket;
        if (consumer->failed == 0 && zmq_poll(&item, 1, left < most ? (long)left : most) > 0 &&
            receive(consumer)) {
            consumer->heard = now();
            take(consumer, event);
        }
    }
    return consumer->failed != 0 ? consumer->failed : (int)event->kind;
}

PUBLIC void wireroom_ack(struct wireroom_consumer *consumer, uint64_t sequence)
{
    if (sequence <= consumer->wanted || sequence > consumer->last)
        return;
    consumer->wanted = sequence;
    send_number(consumer, "ACK", sequence);
}

PUBLIC uint64_t wireroom_acked(const struct wireroom_consumer *consumer)
{
    return consumer->acked;
}

PUBLIC const char *wireroom_epoch(const struct wireroom_consumer *consumer)
{
    return consumer->epoch;
}

PUBLIC const char *wireroom_error(const struct wireroom_consumer *consumer)
{
    return consumer->error;
}

PUBLIC void wireroom_close(struct wireroom_consumer *consumer)
{
    if (consumer == NULL)
        return;
    drop_frames(consumer);
    if (consumer->socket != NULL) {
        send_texts(consumer, (const char *const[]){"BYE"}, 1);
        zmq_close(consumer->socket);
    }
    if (consumer->context != NULL)
        zmq_ctx_term(consumer->context);
    free(consumer->name);
    free(consumer->endpoint);
    free(consumer->filter);
    free(consumer->start);
    free(consumer);
}
