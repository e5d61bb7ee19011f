/* listener.c - libmicrohttpd's epoll descriptor and timeout on the loop, and what it tells made
 * into hooks. */
#include "loop/listener.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/option.h"

enum { IDLE_SECONDS = 15, BACKLOG = 128, LOOK_MS = 1000 };

/* Bytes that may come one at a time keep no connection: it has its seconds for each request. */
struct conn {
    LIST_ENTRY(conn) entry;
    int fd;
    int64_t since; /* mono */
};

struct exchange {
    void *request; /* the owner's */
    bool begun;
    char uri[];
};

struct listener {
    struct MHD_Daemon *http;
    struct listener_hooks hooks;
    uv_poll_t poll;
    uv_timer_t timer;
    LIST_HEAD(, conn) conns;
    int open_handles;
};

/* ---- requests */

struct bytes listener_header(const struct listener_head *head, const char *name)
{
    return bytes_of(MHD_lookup_connection_value(head->connection, MHD_HEADER_KIND, name));
}

static void *on_uri(void *ctx, const char *uri, struct MHD_Connection *connection)
{
    size_t len = strlen(uri);
    struct exchange *exchange = calloc(1, sizeof(*exchange) + len + 1);

    (void)ctx;
    (void)connection;
    if (exchange == NULL)
        arena_out_of_memory(sizeof(*exchange) + len + 1);
    memcpy(exchange->uri, uri, len + 1);
    return exchange;
}

static void begin(struct listener *listener, struct MHD_Connection *connection, const char *method,
    struct exchange *exchange)
{
    struct listener_head head = {
        .method = method, .query = bytes_of(exchange->uri), .length = -1, .connection = connection};

    head.path = bytes_cut(&head.query, '?');
    bytes_to_int(listener_header(&head, MHD_HTTP_HEADER_CONTENT_LENGTH), &head.length);
    exchange->begun = true;
    exchange->request = listener->hooks.on_head(listener->hooks.ctx, &head);
}

static enum MHD_Result send_answer(
    struct MHD_Connection *connection, const struct listener_answer *answer)
{
    struct MHD_Response *response;
    enum MHD_Result result;
    char seconds[32];
    char *body;

    if (answer->status == 0)
        return MHD_NO;
    body = malloc(answer->body.len + 1);
    if (body == NULL)
        arena_out_of_memory(answer->body.len);
    if (answer->body.len > 0)
        memcpy(body, answer->body.ptr, answer->body.len);
    response = MHD_create_response_from_buffer(answer->body.len, body, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(body);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (answer->retry_after > 0) {
        snprintf(seconds, sizeof(seconds), "%lld", (long long)answer->retry_after);
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
    }
    result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

/* NOLINTNEXTLINE(readability-function-size): the signature is the library's */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *upload, size_t *upload_size, void **state)
{
    struct listener *listener = ctx;
    struct exchange *exchange = *state;
    struct listener_answer answer = {0};

    (void)path;
    (void)version;
    if (!exchange->begun) {
        begin(listener, connection, method, exchange);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        listener->hooks.on_data(
            listener->hooks.ctx, exchange->request, (struct bytes){upload, *upload_size});
        *upload_size = 0;
        return MHD_YES;
    }
    listener->hooks.on_whole(listener->hooks.ctx, exchange->request, &answer);
    return send_answer(connection, &answer);
}

static void on_completed(
    void *ctx, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode how)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct listener *listener = ctx;
    struct exchange *exchange = *state;

    (void)how;
    if (info != NULL && info->socket_context != NULL)
        ((struct conn *)info->socket_context)->since = clock_mono();
    if (exchange != NULL && exchange->begun)
        listener->hooks.on_end(listener->hooks.ctx, exchange->request);
    free(exchange);
    *state = NULL;
}

/* ---- connections */

static void on_connection(void *ctx, struct MHD_Connection *connection, void **state,
    enum MHD_ConnectionNotificationCode what)
{
    struct listener *listener = ctx;
    struct conn *conn = *state;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        conn = calloc(1, sizeof(*conn));
        if (conn == NULL)
            arena_out_of_memory(sizeof(*conn));
        conn->fd =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        conn->since = clock_mono();
        LIST_INSERT_HEAD(&listener->conns, conn, entry);
        *state = conn;
    } else if (conn != NULL) {
        LIST_REMOVE(conn, entry);
        free(conn);
        *state = NULL;
    }
}

/* The library closes what is shut down. */
static void cut_late(struct listener *listener)
{
    int64_t late = clock_mono() - LISTENER_SECONDS * (int64_t)SECOND;
    struct conn *conn;

    LIST_FOREACH(conn, &listener->conns, entry)
    if (conn->since < late)
        shutdown(conn->fd, SHUT_RDWR);
}

static void run(struct listener *listener);

static void on_timer(uv_timer_t *timer)
{
    struct listener *listener = timer->data;

    cut_late(listener);
    run(listener);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    run(poll->data);
}

static void run(struct listener *listener)
{
    MHD_UNSIGNED_LONG_LONG wait = LOOK_MS;
    bool busy = !LIST_EMPTY(&listener->conns);

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
    if (clock_is_test() && wait > CLOCK_TEST_TICK)
        wait = CLOCK_TEST_TICK;
    uv_timer_start(&listener->timer, on_timer, wait, 0);
}

/* ---- open and close */

static int listen_at(const char *address, int *ret_fd, struct error *err)
{
    struct sockaddr_storage at;
    socklen_t len;
    int on = 1;
    int fd;
    int code = option_parse_address(address, &at, &len, err);

    if (code != OK)
        return code;
    fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail(err, E_SYSTEM, "socket: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, BACKLOG) != 0) {
        fail(err, E_SYSTEM, "listen on %s: %s", address, strerror(errno));
        close(fd);
        return E_SYSTEM;
    }
    *ret_fd = fd;
    return OK;
}

static int start(struct listener *listener, int fd, struct error *err)
{
    listener->http = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, listener,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, on_uri, listener,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, listener, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, listener, MHD_OPTION_CONNECTION_LIMIT, (unsigned)LISTENER_CONNECTIONS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LISTENER_HEAD, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP,
        1, MHD_OPTION_END);
    if (listener->http != NULL)
        return OK;
    close(fd);
    return fail(err, E_SYSTEM, "the HTTP listener does not start");
}

int listener_open(uv_loop_t *loop, const char *address, const struct listener_hooks *hooks,
    struct listener **ret_listener, struct error *err)
{
    struct listener *listener;
    int fd = -1;
    int code = listen_at(address, &fd, err);

    if (code != OK)
        return code;
    listener = calloc(1, sizeof(*listener));
    if (listener == NULL)
        arena_out_of_memory(sizeof(*listener));
    listener->hooks = *hooks;
    code = start(listener, fd, err);
    if (code != OK) {
        free(listener);
        return code;
    }
    uv_poll_init(loop, &listener->poll,
        MHD_get_daemon_info(listener->http, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd);
    uv_timer_init(loop, &listener->timer);
    listener->poll.data = listener;
    listener->timer.data = listener;
    listener->open_handles = 2;
    uv_poll_start(&listener->poll, UV_READABLE, on_ready);
    *ret_listener = listener;
    return OK;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct listener *listener = handle->data;

    if (--listener->open_handles == 0)
        free(listener);
}

void listener_close(struct listener *listener)
{
    if (listener == NULL)
        return;
    uv_poll_stop(&listener->poll);
    MHD_stop_daemon(listener->http);
    uv_close((uv_handle_t *)&listener->poll, on_handle_closed);
    uv_close((uv_handle_t *)&listener->timer, on_handle_closed);
}
