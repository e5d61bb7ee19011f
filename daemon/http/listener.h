/* listener.h - the daemon's HTTP server: libmicrohttpd run by the loop, without a thread of its
 * own.
 *
 * Whoever connects is a stranger: so many connections, so many bytes of a head, so many seconds for
 * a request, and nothing of a body is kept here. */
#ifndef WIREROOM_HTTP_LISTENER_H
#define WIREROOM_HTTP_LISTENER_H

#include <uv.h>

#include "base/error.h"
#include "base/str.h"

struct listener;
struct exchange; /* one request and its answer */

/* Seconds from a request's first byte, or the end of the one before, to its last. */
enum { LISTENER_CONNECTIONS = 256, LISTENER_HEAD = 32 << 10, LISTENER_SECONDS = 30 };

/* Seconds that a request waits for an answer that comes later. */
enum { LISTENER_PATIENCE = 5 };

/* Lent within on_head. */
struct listener_head {
    const char *method;
    struct bytes host;         /* whom it asks, "" where it does not say */
    struct bytes path, query;  /* as sent: not decoded; query without its '?' */
    int64_t length;            /* of the body; -1 when it is not announced */
    struct exchange *exchange; /* good until on_end */
    void *connection;
};

/* Value of a header, "" when absent; lent within on_head. */
struct bytes listener_header(const struct listener_head *head, const char *name);

/* A body that comes by and by: what is there, up to most bytes, is put into out. 0: nothing now,
 * and listener_more() tells when there is; -1: it is at its end. */
struct listener_stream {
    int64_t (*read)(void *ctx, char *out, size_t most);
    void *ctx;
};

struct listener_answer {
    unsigned status;               /* 0: the connection is cut */
    struct bytes body;             /* copied */
    const char *type;              /* NULL: plain text */
    const char *header, *value;    /* one more, NULL for none */
    int64_t retry_after;           /* seconds, 0 for none */
    struct listener_stream stream; /* instead of body; read NULL: none */
    bool later; /* listener_answer() tells; this is sent when it has not after LISTENER_PATIENCE */
};

/* For each request: on_head, on_data for each piece of its body, on_whole once it is there, on_end
 * in any case. What on_head returns is the owner's and comes back in the others; on_end frees it.
 */
struct listener_hooks {
    void *(*on_head)(void *ctx, const struct listener_head *head);
    void (*on_data)(void *ctx, void *request, struct bytes data);
    void (*on_whole)(void *ctx, void *request, struct listener_answer *answer);
    void (*on_end)(void *ctx, void *request);
    void *ctx;
    unsigned connections; /* 0: LISTENER_CONNECTIONS */
};

/* A stream has more. One whose client has left within the last seconds ends (on_end). */
void listener_more(struct exchange *exchange);

/* A stream ends (on_end), by and by; what has not been read of it is not sent. */
void listener_end(struct exchange *exchange);

/* The answer to a request whose on_whole said later; of several the first counts. It goes out from
 * the loop. */
void listener_answer(struct exchange *exchange, const struct listener_answer *answer);

/* address: "127.0.0.1:8080", "[::1]:8080". E_USAGE when it is none, E_SYSTEM when it cannot be had.
 */
int listener_open(uv_loop_t *loop, const char *address, const struct listener_hooks *hooks,
    struct listener **ret_listener, struct error *err);

/* The same on a socket that listens already; it is theirs from now on. */
int listener_adopt(uv_loop_t *loop, int fd, const struct listener_hooks *hooks,
    struct listener **ret_listener, struct error *err);

/* Connections are cut (on_end comes for requests under way) and the port is free when this returns;
 * memory is freed from the loop. NULL is allowed. */
void listener_close(struct listener *listener);

#endif
