/* listener.c - libmicrohttpd's epoll descriptor and timeout on the loop, and what it tells made
 * into hooks. */
#include "http/listener.h"

#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/closing.h"
#include "http/tcp.h"

/* Microseconds of a turn of the loop in which answers are made, which may be megabytes of the log:
 * those of 64 clients took a second of it. Whoever waits is taken up in turn, so many at a time. */
enum { TURN = 5000, TAKEN_UP = 8 };

enum { IDLE_SECONDS = 15, LOOK_MS = 1000, STREAM_BLOCK = 16 << 10 };

/* Bytes that may come one at a time keep no connection: it has its seconds for each request. */
struct conn {
    LIST_ENTRY(conn) entry;
    int fd;
    int64_t since;           /* mono */
    struct exchange *stream; /* which it is sent, NULL for none */
};

struct exchange {
    LIST_ENTRY(exchange) entry; /* while it waits for its answer */
    TAILQ_ENTRY(exchange) turn; /* while it waits for a turn of the loop to be answered in */
    struct listener *listener;
    struct MHD_Connection *connection;
    void *request; /* the owner's */
    bool begun, whole;
    bool waits;   /* its connection is suspended */
    bool settled; /* the answer is known, and not only what is sent for want of one */
    struct listener_stream stream;
    bool sleeps, has_left; /* of a stream: it has nothing to send; nobody reads it, or is to */
    unsigned status;
    struct MHD_Response *response; /* NULL: the connection is cut */
    int64_t late;                  /* mono; until when it waits */
    char uri[];
};

struct listener {
    struct MHD_Daemon *http;
    struct listener_hooks hooks;
    uv_poll_t poll;
    uv_timer_t timer;
    int64_t looked; /* mono: for connections that ended or are late */
    LIST_HEAD(, conn) conns;
    LIST_HEAD(, exchange) waiting, sleeping;
    TAILQ_HEAD(, exchange) postponed;
    int64_t until; /* mono; of this turn, for answers */
    struct closing closing;
};

/* ---- requests */

struct bytes listener_header(const struct listener_head *head, const char *name)
{
    const char *value = MHD_lookup_connection_value(head->connection, MHD_HEADER_KIND, name);

    return bytes_trim(bytes_of(value)); /* the library leaves white space at its end */
}

static void *on_uri(void *ctx, const char *uri, struct MHD_Connection *connection)
{
    size_t len = strlen(uri);
    struct exchange *exchange = new_zeroed(sizeof(*exchange) + len + 1);

    exchange->listener = ctx;
    exchange->connection = connection;
    memcpy(exchange->uri, uri, len + 1);
    return exchange;
}

/* As to a proxy, it may name the host with its path (RFC 9112 section 3.2.2). */
static void split(struct listener_head *head, struct bytes uri)
{
    struct bytes http = LIT("http://");

    head->query = uri;
    head->path = bytes_cut(&head->query, '?');
    if (!bytes_starts_nocase(head->path, http)) {
        head->host = listener_header(head, MHD_HTTP_HEADER_HOST);
        return;
    }
    head->path = bytes_from(head->path, http.len);
    uri = head->path;
    head->host = bytes_cut(&head->path, '/');
    head->path = head->host.len == uri.len ? LIT("/") : bytes_from(uri, head->host.len);
}

static void begin(struct exchange *exchange, const char *method)
{
    const struct listener_hooks *hooks = &exchange->listener->hooks;
    struct listener_head head = {
        .method = method, .length = -1, .exchange = exchange, .connection = exchange->connection};

    split(&head, bytes_of(exchange->uri));
    bytes_to_int(listener_header(&head, MHD_HTTP_HEADER_CONTENT_LENGTH), &head.length);
    exchange->begun = true;
    exchange->request = hooks->on_head(hooks->ctx, &head);
}

static void sleep_stream(struct exchange *exchange)
{
    exchange->sleeps = true;
    LIST_INSERT_HEAD(&exchange->listener->sleeping, exchange, entry);
    MHD_suspend_connection(exchange->connection);
}

static void wake_stream(struct exchange *exchange)
{
    LIST_REMOVE(exchange, entry);
    exchange->sleeps = false;
    MHD_resume_connection(exchange->connection);
}

static ssize_t read_stream(void *ctx, uint64_t at, char *out, size_t most)
{
    struct exchange *exchange = ctx;
    int64_t count =
        exchange->has_left ? -1 : exchange->stream.read(exchange->stream.ctx, out, most);

    (void)at;
    if (count < 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (count == 0)
        sleep_stream(exchange);
    return count;
}

static struct MHD_Response *make_body(const struct listener_answer *answer)
{
    struct MHD_Response *response;
    char *body = malloc(answer->body.len + 1);

    if (body == NULL)
        arena_out_of_memory(answer->body.len);
    if (answer->body.len > 0)
        memcpy(body, answer->body.ptr, answer->body.len);
    response = MHD_create_response_from_buffer(answer->body.len, body, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        free(body);
    return response;
}

/* NULL when there is no memory for one. */
static struct MHD_Response *make_response(
    struct exchange *exchange, const struct listener_answer *answer)
{
    bool is_stream = answer->stream.read != NULL;
    struct MHD_Response *response = is_stream ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN,
                                                    STREAM_BLOCK, read_stream, exchange, NULL)
                                              : make_body(answer);
    char seconds[32];

    exchange->stream = answer->stream;
    if (response == NULL)
        return NULL;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
        answer->type == NULL ? "text/plain; charset=utf-8" : answer->type);
    if (answer->header != NULL)
        MHD_add_response_header(response, answer->header, answer->value);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (answer->retry_after > 0) {
        snprintf(seconds, sizeof(seconds), "%lld", (long long)answer->retry_after);
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
    }
    return response;
}

static void keep_answer(struct exchange *exchange, const struct listener_answer *answer)
{
    if (exchange->response != NULL)
        MHD_destroy_response(exchange->response);
    exchange->status = answer->status;
    exchange->response = answer->status == 0 ? NULL : make_response(exchange, answer);
    exchange->settled = !answer->later;
}

static void on_timer(uv_timer_t *timer);

/* The library calls on_request() for it once more. */
static void stop_waiting(struct exchange *exchange)
{
    LIST_REMOVE(exchange, entry);
    exchange->waits = false;
    exchange->settled = true;
    MHD_resume_connection(exchange->connection);
}

void listener_answer(struct exchange *exchange, const struct listener_answer *answer)
{
    if (exchange->settled)
        return;
    keep_answer(exchange, answer);
    if (!exchange->waits)
        return; /* on_whole has not returned yet */
    stop_waiting(exchange);
    uv_timer_start(&exchange->listener->timer, on_timer, 0, 0);
}

void listener_more(struct exchange *exchange)
{
    if (!exchange->sleeps)
        return;
    wake_stream(exchange);
    uv_timer_start(&exchange->listener->timer, on_timer, 0, 0);
}

void listener_end(struct exchange *exchange)
{
    exchange->has_left = true;
    listener_more(exchange);
}

static void answer_late(struct listener *listener)
{
    int64_t now = clock_mono();
    struct exchange *exchange;
    struct exchange *next;

    for (exchange = LIST_FIRST(&listener->waiting); exchange != NULL; exchange = next) {
        next = LIST_NEXT(exchange, entry);
        if (exchange->late <= now)
            stop_waiting(exchange);
    }
}

/* NULL when it is being closed. */
static struct conn *conn_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info == NULL ? NULL : info->socket_context;
}

/* The seconds of its connection begin anew. */
static void touch(struct MHD_Connection *connection)
{
    struct conn *conn = conn_of(connection);

    if (conn != NULL)
        conn->since = clock_mono();
}

static void wait_for_answer(struct exchange *exchange)
{
    exchange->waits = true;
    exchange->late = clock_mono() + LISTENER_PATIENCE * (int64_t)SECOND;
    LIST_INSERT_HEAD(&exchange->listener->waiting, exchange, entry);
    touch(exchange->connection);
    MHD_suspend_connection(exchange->connection);
}

/* It is begun in a later turn, where on_request() is called for it once more. */
static void postpone(struct exchange *exchange)
{
    TAILQ_INSERT_TAIL(&exchange->listener->postponed, exchange, turn);
    touch(exchange->connection);
    MHD_suspend_connection(exchange->connection);
}

static void take_up(struct listener *listener, int most)
{
    struct exchange *exchange;

    while (most-- > 0 && (exchange = TAILQ_FIRST(&listener->postponed)) != NULL) {
        TAILQ_REMOVE(&listener->postponed, exchange, turn);
        MHD_resume_connection(exchange->connection);
    }
}

static enum MHD_Result end(struct exchange *exchange)
{
    const struct listener_hooks *hooks = &exchange->listener->hooks;
    struct listener_answer answer = {0};

    if (!exchange->whole && clock_mono() > exchange->listener->until) {
        postpone(exchange);
        return MHD_YES;
    }
    if (!exchange->whole) {
        exchange->whole = true;
        hooks->on_whole(hooks->ctx, exchange->request, &answer);
        if (!exchange->settled)
            keep_answer(exchange, &answer);
    }
    if (!exchange->settled) {
        wait_for_answer(exchange);
        return MHD_YES;
    }
    if (exchange->response == NULL)
        return MHD_NO;
    if (exchange->stream.read != NULL)
        conn_of(exchange->connection)->stream = exchange;
    return MHD_queue_response(exchange->connection, exchange->status, exchange->response);
}

static enum MHD_Result count_length(
    void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    (void)value;
    *(int *)ctx += bytes_equal_nocase(bytes_of(name), LIT(MHD_HTTP_HEADER_CONTENT_LENGTH));
    return MHD_YES;
}

/* Two lengths, or a length and chunks: a proxy before us may take the other one, and what it takes
 * for a body we would take for a request (RFC 9112 section 6.3). */
static bool has_two_lengths(struct MHD_Connection *connection)
{
    int lengths = MHD_lookup_connection_value(
                      connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL;

    MHD_get_connection_values(connection, MHD_HEADER_KIND, count_length, &lengths);
    return lengths > 1;
}

/* NOLINTNEXTLINE(readability-function-size): the signature is the library's */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *upload, size_t *upload_size, void **state)
{
    struct listener *listener = ctx;
    struct exchange *exchange = *state;

    (void)path;
    (void)version;
    if (!exchange->begun && has_two_lengths(connection))
        return MHD_NO;
    if (!exchange->begun) {
        begin(exchange, method);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        listener->hooks.on_data(
            listener->hooks.ctx, exchange->request, (struct bytes){upload, *upload_size});
        *upload_size = 0;
        return MHD_YES;
    }
    return end(exchange);
}

static void on_completed(
    void *ctx, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode how)
{
    struct listener *listener = ctx;
    struct exchange *exchange = *state;

    (void)how;
    touch(connection);
    *state = NULL;
    if (exchange == NULL)
        return;
    if (conn_of(connection) != NULL)
        conn_of(connection)->stream = NULL;
    if (exchange->begun)
        listener->hooks.on_end(listener->hooks.ctx, exchange->request);
    if (exchange->response != NULL)
        MHD_destroy_response(exchange->response);
    free(exchange);
}

/* ---- connections */

static void on_connection(void *ctx, struct MHD_Connection *connection, void **state,
    enum MHD_ConnectionNotificationCode what)
{
    struct listener *listener = ctx;
    struct conn *conn = *state;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        conn = new_zeroed(sizeof(*conn));
        conn->fd =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        conn->since = clock_mono();
        tcp_ask_now_and_then(conn->fd);
        LIST_INSERT_HEAD(&listener->conns, conn, entry);
        *state = conn;
    } else if (conn != NULL) {
        LIST_REMOVE(conn, entry);
        free(conn);
        *state = NULL;
    }
}

/* A stream that has nothing to send sees no end of its connection. */
static void look_for_end(struct conn *conn)
{
    char byte;
    ssize_t got = recv(conn->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

    if (tcp_is_gone(conn->fd))
        shutdown(conn->fd, SHUT_RDWR);
    else if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
        return;
    if (!conn->stream->sleeps)
        return;
    conn->stream->has_left = true;
    wake_stream(conn->stream);
}

/* Once in a while, however often the timer comes. The library closes what is shut down. */
static void cut_late(struct listener *listener)
{
    int64_t now = clock_mono(), late = now - LISTENER_SECONDS * (int64_t)SECOND;
    struct conn *conn;

    if (now - listener->looked < LOOK_MS * (int64_t)SECOND / 1000)
        return;
    listener->looked = now;
    LIST_FOREACH(conn, &listener->conns, entry)
    {
        if (conn->stream != NULL)
            look_for_end(conn);
        else if (conn->since < late)
            shutdown(conn->fd, SHUT_RDWR);
    }
}

static void look(struct listener *listener)
{
    cut_late(listener);
    answer_late(listener);
}

static void run(struct listener *listener);

static void on_timer(uv_timer_t *timer)
{
    struct listener *listener = timer->data;

    look(listener);
    run(listener);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct listener *listener = poll->data;

    (void)status;
    (void)events;
    look(listener); /* the timer begins anew with whatever comes */
    run(listener);
}

static void run(struct listener *listener)
{
    MHD_UNSIGNED_LONG_LONG wait = LOOK_MS;
    bool busy = !LIST_EMPTY(&listener->conns);

    take_up(listener, TAKEN_UP);
    listener->until = clock_mono() + TURN;
    MHD_run(listener->http);
    if (MHD_get_timeout(listener->http, &wait) != MHD_YES && LIST_EMPTY(&listener->conns)) {
        if (!busy) {
            uv_timer_stop(&listener->timer);
            return;
        }
        wait = 0; /* at its limit the library listens again with the next run only */
    }
    if (wait > LOOK_MS)
        wait = LOOK_MS;
    /* A timer of no time that starts itself again is all that libuv would see to. */
    if (!TAILQ_EMPTY(&listener->postponed) || wait == 0)
        wait = 1;
    uv_timer_start(&listener->timer, on_timer, clock_sleep(wait), 0);
}

/* ---- open and close */

static int start(struct listener *listener, int fd, struct error *err)
{
    unsigned wanted = listener->hooks.connections;
    unsigned connections = tcp_most(wanted == 0 ? LISTENER_CONNECTIONS : wanted);

    listener->http = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        on_request, listener, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, on_uri,
        listener, MHD_OPTION_NOTIFY_COMPLETED, on_completed, listener, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, listener, MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LISTENER_HEAD, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP,
        1, MHD_OPTION_END);
    if (listener->http != NULL)
        return OK;
    close(fd);
    return fail(err, E_SYSTEM, "the HTTP listener does not start");
}

int listener_adopt(uv_loop_t *loop, int fd, const struct listener_hooks *hooks,
    struct listener **ret_listener, struct error *err)
{
    struct listener *listener = new_zeroed(sizeof(*listener));
    int code;

    listener->hooks = *hooks;
    TAILQ_INIT(&listener->postponed);
    code = start(listener, fd, err);
    if (code == OK) {
        int epoll = MHD_get_daemon_info(listener->http, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;

        code = uv_poll_init(loop, &listener->poll, epoll);
        if (code != 0) {
            MHD_stop_daemon(listener->http);
            code = fail(err, E_SYSTEM, "the HTTP listener: %s", uv_strerror(code));
        }
    }
    if (code != OK) {
        free(listener);
        return code;
    }
    uv_timer_init(loop, &listener->timer);
    listener->poll.data = listener;
    listener->timer.data = listener;
    listener->closing = (struct closing){.on_last = free, .owner = listener};
    uv_poll_start(&listener->poll, UV_READABLE, on_ready);
    *ret_listener = listener;
    return OK;
}

int listener_open(uv_loop_t *loop, const char *address, const struct listener_hooks *hooks,
    struct listener **ret_listener, struct error *err)
{
    int fd = -1;
    int code = tcp_listen(address, &fd, err);

    return code == OK ? listener_adopt(loop, fd, hooks, ret_listener, err) : code;
}

void listener_close(struct listener *listener)
{
    if (listener == NULL)
        return;
    uv_poll_stop(&listener->poll);
    while (!LIST_EMPTY(&listener->waiting)) /* the library must not stop with any suspended */
        stop_waiting(LIST_FIRST(&listener->waiting));
    while (!LIST_EMPTY(&listener->sleeping))
        wake_stream(LIST_FIRST(&listener->sleeping));
    take_up(listener, INT_MAX);
    MHD_stop_daemon(listener->http);
    closing_handle(&listener->closing, (uv_handle_t *)&listener->poll);
    closing_handle(&listener->closing, (uv_handle_t *)&listener->timer);
}
