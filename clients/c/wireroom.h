/* wireroom.h - a consumer of wireroom's event log: every event that it wants, in order, at its own
 * pace, across restarts of both sides. Link with -lwireroom -lzmq (pkg-config libwireroom).
 *
 *     struct wireroom_consumer *c = wireroom_open("newsdesk", NULL);
 *     struct wireroom_event event;
 *
 *     while (wireroom_next(c, -1, &event) >= 0)
 *         if (event.kind == WIREROOM_EVENT) {
 *             handle(event.body, event.length);
 *             wireroom_ack(c, event.sequence);
 *         }
 *     wireroom_close(c);
 *
 * The daemon keeps how far a name is (wireroom/pull.h), so a program that ends, however it ends,
 * goes on behind what it acknowledged: an event may come again, none is left out. One consumer is
 * used by one thread at a time, of the process that opened it: after a fork() the child opens its
 * own, and can only close that of its parent, to which nothing happens then. */
#ifndef WIREROOM_CLIENT_H
#define WIREROOM_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wireroom_consumer;

/* NULL members are as said. */
struct wireroom_options {
    const char *endpoint; /* ipc:///run/wireroom/pull.sock */
    const char *filter;   /* beginnings of topics with spaces between them; what the name has */
    const char *start;    /* where a new name begins: "now", "first", "last", "seq N", "time T" */
    unsigned window;      /* events on their way at most; 0: 256 */
    /* On another machine (wireroom keys new), 40 characters each: the daemon's server.public, and
     * the client's own pair; NULL for none. */
    const char *server_key, *public_key, *secret_key;
};

enum wireroom_kind {
    WIREROOM_NOTHING, /* the time is over, or a signal came */
    WIREROOM_EVENT,
    WIREROOM_TRIMMED, /* sequence to last left the log before they were read */
    WIREROOM_END      /* of a replay */
};

struct wireroom_event {
    enum wireroom_kind kind;
    uint64_t sequence, last; /* of an event both are the same */
    const char *topic;       /* of an event, as is body; both until the next call */
    const char *body;        /* JSON, length bytes and a NUL */
    size_t length;
};

/* What wireroom_next() may fail with; wireroom_error() says it in words. */
enum {
    WIREROOM_FENCED = -1,  /* another client has the name, or an operator moved it */
    WIREROOM_LOST = -2,    /* an operator removed the consumer */
    WIREROOM_REFUSED = -3, /* a name, filter or start that is none */
    WIREROOM_SYSTEM = -4,  /* no socket, no memory, another process's */
    WIREROOM_RENEWED = -5  /* of a replay: the log was made anew, and is not the one asked for */
};

/* options may be NULL. NULL, and errno, when there is no memory or no socket, or keys that are
 * none. A daemon that does not run is no error: it is waited for. */
struct wireroom_consumer *wireroom_open(const char *name, const struct wireroom_options *options);

/* The events from one to the other, both included, without a name: wireroom_next() tells them, then
 * WIREROOM_END. Each is a sequence ("4711"); an event's id; or a time ("2026-11-29T06:00:00Z"): the
 * events since from, those before to. NULL: 1, the newest of now. Of options start means nothing.
 * After an outage it goes on where it was; WIREROOM_RENEWED tells that the log is not the one any
 * more that an id, or what came before the outage, was of. */
struct wireroom_consumer *wireroom_replay(
    const char *from, const char *to, const struct wireroom_options *options);

/* The next event, waiting for it up to milliseconds (-1: for ever). Returns event->kind, or what
 * failed; after a failure the consumer can only be closed. */
int wireroom_next(
    struct wireroom_consumer *consumer, int milliseconds, struct wireroom_event *event);

/* Done with this event (its last) and all before it. wireroom_acked(): what of it is on the
 * daemon's disk. */
void wireroom_ack(struct wireroom_consumer *consumer, uint64_t sequence);
uint64_t wireroom_acked(const struct wireroom_consumer *consumer);

/* The epoch of the log, "" before the daemon was heard; when it is another one, the log was made
 * anew. */
const char *wireroom_epoch(const struct wireroom_consumer *consumer);
const char *wireroom_error(const struct wireroom_consumer *consumer);

/* Waits a second at most for what was acknowledged to be on the daemon's disk. NULL is allowed. */
void wireroom_close(struct wireroom_consumer *consumer);

#ifdef __cplusplus
}
#endif

#endif
