/* http_server.h - a small server on loopback that answers from a script, byte for byte; for tests
 * only. */
#ifndef WIREROOM_TESTS_HTTP_SERVER_H
#define WIREROOM_TESTS_HTTP_SERVER_H

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SERVER_REQUESTS = 4096, SERVER_HEAD = 16384 };

enum after { KEEP, CLOSE, HOLD, RESET };

/* What is sent for a path; %PORT% stands for the server's port. Once all answers of a path are
 * used, the last one stays. */
struct answer {
    const char *path;
    const char *text;
    enum after after;
};

struct server {
    int fd;
    int port;
    const struct answer *answers;
    /* or a function that sends what it wants; false: close */
    bool (*respond)(struct server *server, int fd, const char *head, void *ctx);
    void *ctx;
    pthread_t thread;
    pthread_mutex_t lock;
    int connections;
    int requests;
    int open, most_open;
    char *heads[SERVER_REQUESTS]; /* as they came */
    int wake[2];
    int live; /* threads */
    pthread_cond_t ended;
};

struct server_conn {
    struct server *server;
    int fd;
};

static inline void server_send(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, text, len, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        text += sent;
        len -= (size_t)sent;
    }
}

static inline void server_print(int fd, const char *text)
{
    server_send(fd, text, strlen(text));
}

/* Until there is something at fd; false: the server ends. A signal, such as of a child that ended,
 * is nothing at all. */
static inline bool server_wait(struct server *server, int fd)
{
    struct pollfd fds[2] = {
        {.fd = fd, .events = POLLIN}, {.fd = server->wake[0], .events = POLLIN}};

    while (poll(fds, 2, -1) < 0)
        continue;
    return fds[1].revents == 0;
}

static inline void server_hold(struct server *server, int fd)
{
    server_wait(server, fd);
}

/* The answer for path; of several with one path the n-th time brings the n-th one. */
static inline const struct answer *server_find(struct server *server, const char *path)
{
    const struct answer *found = NULL;
    int before = -1; /* this one is already noted */

    pthread_mutex_lock(&server->lock);
    for (int i = 0; i < server->requests; i++)
        if (strncmp(server->heads[i] + 4, path, strlen(path)) == 0 &&
            server->heads[i][4 + strlen(path)] == ' ')
            before++;
    pthread_mutex_unlock(&server->lock);
    for (const struct answer *a = server->answers; a != NULL && a->path != NULL; a++)
        if (strcmp(a->path, path) == 0 && before-- >= 0)
            found = a;
    return found;
}

static inline bool server_script(struct server *server, int fd, const char *head)
{
    char path[1024] = "";
    const struct answer *answer;
    const char *port;

    sscanf(head, "%*s %1023s", path);
    answer = server_find(server, path);
    if (answer == NULL) {
        server_print(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        return true;
    }
    port = strstr(answer->text, "%PORT%");
    if (port != NULL) {
        server_send(fd, answer->text, (size_t)(port - answer->text));
        dprintf(fd, "%d%s", server->port, port + 6);
    } else {
        server_print(fd, answer->text);
    }
    if (answer->after == HOLD)
        server_hold(server, fd);
    if (answer->after == RESET) {
        struct linger linger = {1, 0};

        setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    }
    return answer->after == KEEP;
}

static inline bool server_read(struct server *server, int fd, char head[SERVER_HEAD])
{
    size_t len = 0;

    while (len < SERVER_HEAD - 1) {
        ssize_t got;

        if (!server_wait(server, fd))
            return false;
        got = recv(fd, head + len, SERVER_HEAD - 1 - len, 0);
        if (got <= 0)
            return false;
        len += (size_t)got;
        head[len] = '\0';
        if (strstr(head, "\r\n\r\n") != NULL)
            return true;
    }
    return false;
}

static inline void *server_conn_run(void *arg)
{
    struct server_conn *conn = arg;
    struct server *server = conn->server;
    char head[SERVER_HEAD];
    bool more = true;

    while (more && server_read(server, conn->fd, head)) {
        pthread_mutex_lock(&server->lock);
        assert(server->requests < SERVER_REQUESTS);
        server->heads[server->requests++] = strdup(head);
        pthread_mutex_unlock(&server->lock);
        more = server->respond != NULL ? server->respond(server, conn->fd, head, server->ctx)
                                       : server_script(server, conn->fd, head);
    }
    close(conn->fd);
    pthread_mutex_lock(&server->lock);
    server->open--;
    server->live--;
    pthread_cond_signal(&server->ended);
    pthread_mutex_unlock(&server->lock);
    free(conn);
    return NULL;
}

static inline void *server_run(void *arg)
{
    struct server *server = arg;

    while (server_wait(server, server->fd)) {
        struct server_conn *conn;
        pthread_t thread;

        conn = malloc(sizeof(*conn));
        conn->server = server;
        conn->fd = accept(server->fd, NULL, NULL);
        pthread_mutex_lock(&server->lock);
        server->connections++;
        server->live++;
        server->open++;
        if (server->open > server->most_open)
            server->most_open = server->open;
        pthread_mutex_unlock(&server->lock);
        pthread_create(&thread, NULL, server_conn_run, conn);
        pthread_detach(thread);
    }
    return NULL;
}

static inline struct server *server_start_at(
    const char *address, int port, const struct answer *answers)
{
    struct server *server = calloc(1, sizeof(*server));
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t len = sizeof(in);
    int on = 1;

    inet_pton(AF_INET, address, &in.sin_addr);
    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(server->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(server->fd, (struct sockaddr *)&in, sizeof(in)) != 0 || listen(server->fd, 512) != 0 ||
        pipe(server->wake) != 0)
        abort();
    getsockname(server->fd, (struct sockaddr *)&in, &len);
    server->port = ntohs(in.sin_port);
    server->answers = answers;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->ended, NULL);
    pthread_create(&server->thread, NULL, server_run, server);
    return server;
}

static inline struct server *server_start(const struct answer *answers)
{
    return server_start_at("127.0.0.1", 0, answers);
}

static inline void server_stop(struct server *server)
{
    if (write(server->wake[1], "x", 1) != 1)
        abort();
    pthread_join(server->thread, NULL);
    pthread_mutex_lock(&server->lock);
    while (server->live > 0)
        pthread_cond_wait(&server->ended, &server->lock);
    pthread_mutex_unlock(&server->lock);
    for (int i = 0; i < server->requests; i++)
        free(server->heads[i]);
    close(server->fd);
    close(server->wake[0]);
    close(server->wake[1]);
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->ended);
    free(server);
}

/* Copy of the value of a header of the n-th request (-1: the last one), "" when absent; static
 * storage. */
static inline const char *server_header(struct server *server, int n, const char *name)
{
    static char value[SERVER_HEAD];
    char wanted[100];
    const char *found;

    snprintf(wanted, sizeof(wanted), "\r\n%s: ", name);
    pthread_mutex_lock(&server->lock);
    found = strcasestr(server->heads[n < 0 ? server->requests - 1 : n], wanted);
    if (found == NULL)
        value[0] = '\0';
    else
        snprintf(value, sizeof(value), "%.*s", (int)strcspn(found + strlen(wanted), "\r"),
            found + strlen(wanted));
    pthread_mutex_unlock(&server->lock);
    return value;
}

static inline int server_count(struct server *server)
{
    int count;

    pthread_mutex_lock(&server->lock);
    count = server->requests;
    pthread_mutex_unlock(&server->lock);
    return count;
}

#endif
