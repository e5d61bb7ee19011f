/* demo_server.c - answers requests for the documents of the demo world. */
#include "cli/demo_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "cli/demo_markup.h"

struct demo_server {
    struct MHD_Daemon *http;
    struct demo_world world; /* touched by the HTTP thread only, once that runs */
    unsigned requests;
};

/* An answer being put together. */
struct answer {
    unsigned status;
    const char *type;
    const char *retry_after;
    struct buf body;
    int64_t changed; /* wall, 0: no validators */
};

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct answer *answer)
{
    struct MHD_Response *response;
    enum MHD_Result result;
    struct buf date = {0};
    char tag[32];

    response =
        MHD_create_response_from_buffer(answer->body.len, answer->body.ptr, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        buf_done(&answer->body);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", answer->type);
    if (answer->retry_after != NULL)
        MHD_add_response_header(response, "Retry-After", answer->retry_after);
    if (answer->changed != 0) {
        snprintf(
            tag, sizeof(tag), "\"%016llx\"", (unsigned long long)hash64(buf_bytes(&answer->body)));
        demo_date(&date, answer->changed);
        MHD_add_response_header(response, "ETag", tag);
        MHD_add_response_header(response, "Last-Modified", buf_cstr(&date));
    }
    result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    buf_done(&date);
    return result;
}

static void set_text(struct answer *answer, unsigned status, const char *text)
{
    answer->status = status;
    answer->type = "text/plain; charset=utf-8";
    buf_add_cstr(&answer->body, text);
}

/* RFC 9110, section 13.2.2: If-Modified-Since counts only where there is no If-None-Match. */
static bool is_unchanged(struct MHD_Connection *connection, const struct answer *answer)
{
    const char *match = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
    const char *since =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-Modified-Since");
    struct buf date = {0};
    bool same;
    char tag[32];

    if (match != NULL) {
        snprintf(
            tag, sizeof(tag), "\"%016llx\"", (unsigned long long)hash64(buf_bytes(&answer->body)));
        return strcmp(match, tag) == 0;
    }
    if (since == NULL)
        return false;
    demo_date(&date, answer->changed);
    same = strcmp(since, buf_cstr(&date)) == 0;
    buf_done(&date);
    return same;
}

static void answer_feed(
    struct demo_server *server, const struct demo_feed *feed, int64_t now, struct answer *answer)
{
    static const char *const types[] = {[DEMO_RSS20] = "application/rss+xml; charset=utf-8",
        [DEMO_RSS092] = "text/xml",
        [DEMO_RDF] = "application/rdf+xml",
        [DEMO_ATOM] = "application/atom+xml",
        [DEMO_JSON] = "application/feed+json"};
    int64_t age = (now - server->world.start) / SECOND;

    if (feed->fate == FATE_DIES && age >= DEMO_DEATH) {
        set_text(answer, MHD_HTTP_GONE, "This newspaper has closed. Thank you for reading.\n");
        return;
    }
    if (feed->fate == FATE_FALTERS && age / DEMO_FALTER % 2 == 1) {
        set_text(answer, MHD_HTTP_SERVICE_UNAVAILABLE, "Hochwasser im Serverraum.\n");
        answer->retry_after = "3";
        return;
    }
    demo_write_feed(&answer->body, &server->world, feed, now, &answer->changed);
    answer->type = types[feed->format];
}

/* The number at the end of "/2026/03/14/some-words-17.html". */
static uint32_t id_of_path(const char *path)
{
    const char *end = strstr(path, ".html");
    const char *start = end;

    while (start != NULL && start > path && is_digit(start[-1]))
        start--;
    return start == NULL ? 0 : (uint32_t)strtoul(start, NULL, 10);
}

static void answer_outlet(struct demo_server *server, struct MHD_Connection *connection,
    const struct outlet *outlet, const char *path, struct answer *answer)
{
    const char *number = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "id");
    const struct demo_article *article;
    int64_t now = clock_wall();

    answer->type = "text/html; charset=utf-8";
    if (strcmp(path, "/") == 0) {
        demo_write_front(&answer->body, &server->world, outlet, now);
        return;
    }
    for (const struct demo_feed *feed = demo_feeds; feed->host != NULL; feed++) {
        if (strcmp(feed->host, outlet->host) == 0 && strcmp(feed->path, path) == 0) {
            answer_feed(server, feed, now, answer);
            return;
        }
    }
    article = demo_world_find(
        &server->world, number != NULL ? (uint32_t)strtoul(number, NULL, 10) : id_of_path(path));
    if (article == NULL || article->outlet != outlet)
        set_text(answer, MHD_HTTP_NOT_FOUND, "There is no such page here.\n");
    else
        demo_write_page(&answer->body, &server->world, article, now, 100 + server->requests % 9000);
}

static void answer_directory(struct demo_server *server, const char *path, struct answer *answer)
{
    if (strcmp(path, "/feeds.opml") == 0) {
        answer->type = "text/x-opml";
        demo_write_opml(&answer->body, &server->world);
    } else if (strcmp(path, "/truth.json") == 0) {
        answer->type = "application/json";
        demo_write_truth(&answer->body, &server->world, clock_wall());
    } else {
        set_text(answer, MHD_HTTP_NOT_FOUND, "Here are /feeds.opml and /truth.json.\n");
    }
}

/* The outlet a Host header names, "chronicle.localhost:8080"; NULL for any other host. */
static const struct outlet *outlet_of_host(const char *host)
{
    char name[32];
    size_t len = host == NULL ? 0 : strcspn(host, ".:");

    if (len == 0 || len >= sizeof(name))
        return NULL;
    memcpy(name, host, len);
    name[len] = '\0';
    return demo_outlet_find(name);
}

/* NOLINTNEXTLINE(readability-function-size): the signature is the library's */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *upload, size_t *upload_size, void **state)
{
    struct demo_server *server = ctx;
    struct answer answer = {.status = MHD_HTTP_OK};
    const struct outlet *outlet =
        outlet_of_host(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host"));

    (void)version;
    (void)upload;
    /* The first call comes before the request is read: an answer now would cost the connection. */
    if (*state == NULL || *upload_size > 0) {
        *state = server;
        *upload_size = 0;
        return MHD_YES;
    }
    demo_world_advance(&server->world, clock_wall());
    server->requests++;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        set_text(&answer, MHD_HTTP_METHOD_NOT_ALLOWED, "Only GET and HEAD.\n");
    else if (outlet != NULL)
        answer_outlet(server, connection, outlet, path, &answer);
    else
        answer_directory(server, path, &answer);
    if (answer.changed != 0 && is_unchanged(connection, &answer)) {
        answer.status = MHD_HTTP_NOT_MODIFIED;
        buf_clear(&answer.body);
    }
    return send_answer(connection, &answer);
}

/* A listening socket on 127.0.0.1; *port is set to the one it got. */
static int listen_on(int *port, int *ret_fd, struct error *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
    socklen_t size = sizeof(address);
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0)
        return fail(err, E_SYSTEM, "socket: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 128) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        fail(err, E_SYSTEM, "listen on 127.0.0.1:%d: %s", *port, strerror(errno));
        close(fd);
        return E_SYSTEM;
    }
    *port = ntohs(address.sin_port);
    *ret_fd = fd;
    return OK;
}

int demo_server_start(
    int port, uint64_t seed, int64_t interval, struct demo_server **ret_server, struct error *err)
{
    struct demo_server *server;
    int fd = -1;
    int code = listen_on(&port, &fd, err);

    if (code != OK)
        return code;
    server = calloc(1, sizeof(*server));
    if (server == NULL)
        abort();
    demo_world_init(&server->world, seed, clock_wall(), interval, port);
    server->http = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request,
        server, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, 256U,
        MHD_OPTION_CONNECTION_TIMEOUT, 60U, MHD_OPTION_END);
    if (server->http == NULL) {
        close(fd);
        demo_world_done(&server->world);
        free(server);
        return fail(err, E_SYSTEM, "the demo's HTTP server does not start");
    }
    *ret_server = server;
    return OK;
}

int demo_server_port(const struct demo_server *server)
{
    return server->world.port;
}

void demo_server_write_opml(const struct demo_server *server, struct buf *out)
{
    demo_write_opml(out, &server->world);
}

void demo_server_stop(struct demo_server *server)
{
    MHD_stop_daemon(server->http);
    demo_world_done(&server->world);
    free(server);
}
