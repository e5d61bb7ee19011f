/* reader.c - the protocol (wireroom/pull.h): what is said, and what becomes of what is heard. */
#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum {
    WINDOW_BYTES = 64 << 20, /* as much as the daemon grants */
    DIGITS = 20
};

static const char *text_of(uint64_t number, char text[DIGITS + 1])
{
    snprintf(text, DIGITS + 1, "%llu", (unsigned long long)number);
    return text;
}

static void say(
    struct wireroom_consumer *c, const char *command, const char *a, const char *b, const char *d)
{
    const char *texts[] = {command, a, b, d};
    size_t count = 1;

    while (count < 4 && texts[count] != NULL)
        count++;
    connection_send(&c->connection, texts, count);
}

static void say_credit(struct wireroom_consumer *c, uint64_t records, uint64_t bytes)
{
    char texts[2][DIGITS + 1];

    say(c, "CREDIT", text_of(records, texts[0]), text_of(bytes, texts[1]), NULL);
}

void reader_hello(struct wireroom_consumer *c)
{
    char from[sizeof(c->epoch) + DIGITS + 2];

    c->is_answered = 0;
    if (c->name != NULL) {
        c->last = 0; /* it goes on behind what was acknowledged */
        snprintf(from, sizeof(from), "again %s", c->epoch);
        say(c, "HELLO", c->name, c->filter, c->epoch[0] == '\0' ? c->start : from);
    } else {
        snprintf(from, sizeof(from), "%s-%020llu", c->epoch, (unsigned long long)c->last + 1);
        say(c, "RANGE", c->last == 0 ? c->from : from, c->to, c->filter);
    }
}

/* -1: there is no such frame, or it is none. */
static int read_number(const struct wireroom_consumer *c, size_t at, uint64_t *ret_number)
{
    const struct frame *frame = &c->connection.frames[at];

    if (at >= c->connection.count || frame->len == 0 || frame->len > DIGITS ||
        strspn(frame->text, "0123456789") != frame->len)
        return -1;
    *ret_number = strtoull(frame->text, NULL, 10);
    return 0;
}

static int is_frame(const struct wireroom_consumer *c, size_t at, const char *text)
{
    return at < c->connection.count && strcmp(c->connection.frames[at].text, text) == 0;
}

void reader_fail(struct wireroom_consumer *c, int code, const char *text)
{
    c->failed = code;
    snprintf(c->error, sizeof(c->error), "%s", text);
}

/* What is done with, as far as it came by this connection: the daemon takes no more from it. */
void reader_tell(struct wireroom_consumer *c)
{
    uint64_t sequence = c->done < c->last ? c->done : c->last;
    char text[DIGITS + 1];

    if (sequence > c->acked)
        say(c, "ACK", text_of(sequence, text), NULL, NULL);
}

static int welcome(struct wireroom_consumer *c)
{
    const char *epoch = c->connection.count < 5 ? "" : c->connection.frames[1].text;
    uint64_t acked = 0;

    if (epoch[0] == '\0' || read_number(c, 4, &acked) != 0)
        return -1;
    c->is_answered = 1;
    if (strcmp(epoch, c->epoch) != 0 || acked < c->acked) /* another log, or it was set back */
        c->done = c->handed = 0;
    snprintf(c->epoch, sizeof(c->epoch), "%s", epoch);
    c->acked = c->last = acked;
    c->done = c->done < acked ? acked : c->done;
    c->handed = c->handed < acked ? acked : c->handed;
    say_credit(c, c->window, WINDOW_BYTES);
    return 0;
}

static int take_log(struct wireroom_consumer *c)
{
    if (c->connection.count < 4 || (c->last == 0 && read_number(c, 3, &c->end) != 0))
        return -1;
    c->is_answered = 1;
    snprintf(c->epoch, sizeof(c->epoch), "%s", c->connection.frames[1].text);
    say_credit(c, c->window, WINDOW_BYTES);
    return 0;
}

/* What comes next of the log; -1: it does not come next. */
static int hand_out(struct wireroom_consumer *c, struct wireroom_event *event)
{
    uint64_t before = c->name != NULL ? c->done : c->last;

    if (event->sequence <= c->last || event->last < event->sequence)
        return -1;
    if (c->name == NULL && event->sequence > c->end) {
        event->kind = WIREROOM_END; /* it was asked again after an outage */
        c->has_ended = 1;
        return 0;
    }
    if (c->name == NULL && event->last > c->end)
        event->last = c->end;
    c->last = event->last;
    if (event->last <= before) {
        event->kind = WIREROOM_NOTHING; /* it was acknowledged when the connection broke */
        reader_tell(c);
        return 0;
    }
    if (event->sequence <= before)
        event->sequence = before + 1;
    c->handed = event->last > c->handed ? event->last : c->handed;
    return 0;
}

static int take_error(struct wireroom_consumer *c, struct wireroom_event *event)
{
    if (is_frame(c, 1, "trimmed")) {
        event->kind = WIREROOM_TRIMMED;
        if (read_number(c, 3, &event->sequence) != 0 || read_number(c, 4, &event->last) != 0)
            return -1;
        return hand_out(c, event);
    }
    if (c->connection.count < 2 || is_frame(c, 1, "unknown"))
        return -1;
    reader_fail(c,
        is_frame(c, 1, "fenced")  ? WIREROOM_FENCED
        : is_frame(c, 1, "lost")  ? WIREROOM_LOST
        : is_frame(c, 1, "epoch") ? WIREROOM_RENEWED
                                  : WIREROOM_REFUSED,
        c->connection.count > 2 ? c->connection.frames[2].text : "refused");
    return 0;
}

/* -1: the connection is of no use. Commands that are not known are those of a later daemon. */
static int take(struct wireroom_consumer *c, struct wireroom_event *event)
{
    const struct frame *frames = c->connection.frames;

    if (!c->is_answered && (is_frame(c, 0, "REC") || is_frame(c, 0, "END") ||
                               (is_frame(c, 0, "ERR") && is_frame(c, 1, "trimmed"))))
        return 0;
    if (is_frame(c, 0, "REC")) {
        if (c->connection.count < 4 || read_number(c, 1, &event->sequence) != 0)
            return -1;
        event->kind = WIREROOM_EVENT;
        event->last = event->sequence;
        event->topic = frames[2].text;
        event->body = frames[3].text;
        event->length = frames[3].len;
        say_credit(c, 1, event->length);
        return hand_out(c, event);
    }
    if (is_frame(c, 0, "WELCOME") && c->name != NULL)
        return welcome(c);
    if (is_frame(c, 0, "LOG") && c->name == NULL)
        return take_log(c);
    if (is_frame(c, 0, "ACKED"))
        return read_number(c, 1, &c->acked);
    if (is_frame(c, 0, "ERR"))
        return take_error(c, event);
    if (is_frame(c, 0, "END") && c->name == NULL) {
        event->kind = WIREROOM_END;
        c->has_ended = 1;
    }
    return 0;
}

enum connection_state reader_step(
    struct wireroom_consumer *c, int64_t milliseconds, struct wireroom_event *ret_event)
{
    enum connection_state state = connection_receive(&c->connection, milliseconds);

    *ret_event = (struct wireroom_event){.kind = WIREROOM_NOTHING};
    if (state == CONNECTION_NEW)
        reader_hello(c);
    else if (state == CONNECTION_FAILED)
        reader_fail(c, WIREROOM_SYSTEM, zmq_strerror(zmq_errno()));
    else if (state == CONNECTION_MESSAGE && take(c, ret_event) != 0) {
        *ret_event = (struct wireroom_event){.kind = WIREROOM_NOTHING};
        connection_drop(&c->connection);
    }
    return state;
}
