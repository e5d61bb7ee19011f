/* bench_sse.c - many clients of /v1/stream: CPU of the loop for each message to each client, beside
 * a bare libmicrohttpd server that sends the same bytes from memory, in the same run.
 *
 * usage: bench_sse [CLIENTS [MESSAGES]]    the store is made in $TMPDIR and removed */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/api.h"
#include "base/clock.h"
#include "deliver/deliver.h"

enum { DATA = 4000, MOST = 4000, PORT = 5599, BARE = 5598 };
static const double most_ratio = 1.3;

static int clients = 2000, messages = 200;
static _Atomic int64_t heard; /* bytes */
static _Atomic int connected; /* clients that got a head */

static int64_t thread_cpu(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * SECOND + t.tv_nsec / 1000;
}

static int dial(int port)
{
    static const char request[] =
        "GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
        write(fd, request, sizeof(request) - 1) < 0) {
        perror("bench_sse: connect");
        exit(1);
    }
    return fd;
}

/* All clients, in a thread of their own. */
static void *read_all(void *arg)
{
    static char block[256 << 10];
    static bool has_head[65536];
    int epoll = epoll_create1(0);
    struct epoll_event events[256];

    memset(has_head, 0, sizeof(has_head));
    for (int i = 0; i < clients; i++) {
        int fd = dial(*(int *)arg);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
    for (;;) {
        int count = epoll_wait(epoll, events, 256, -1);

        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            ssize_t len = read(fd, block, sizeof(block));

            if (len <= 0)
                return NULL;
            heard += len;
            if (!has_head[fd])
                connected++;
            has_head[fd] = true;
        }
    }
}

static pthread_t begin(int *port)
{
    pthread_t thread;

    heard = 0;
    connected = 0;
    pthread_create(&thread, NULL, read_all, port);
    return thread;
}

/* CPU microseconds for each message to each client. */
static double per_message(int64_t used)
{
    return (double)used / clients / messages;
}

/* ---- ours */

static double ours(void)
{
    static char dir[200], path[300], pub[300], pull[300], data[DATA], command[300];
    static int port = PORT;
    struct conf *conf = conf_defaults();
    struct view view = {.conf = conf};
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = "urn:x",
        .time = clock_wall(),
        .data = {data, DATA}};
    const char *tmp = getenv("TMPDIR");
    struct error err = {0};
    struct api *api;
    uv_loop_t loop;
    int64_t used, wanted;

    snprintf(dir, sizeof(dir), "%s/bench_sse-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    if (mkdtemp(dir) == NULL)
        exit(1);
    snprintf(path, sizeof(path), "%s/wireroom.db", dir);
    snprintf(pub, sizeof(pub), "ipc://%s/pub", dir);
    snprintf(pull, sizeof(pull), "ipc://%s/pull", dir);
    conf->store.path = path;
    conf->listen.pub = pub;
    conf->listen.pull = pull;
    conf->listen.http = "127.0.0.1:5599";
    memset(data, 'x', DATA);
    memcpy(data, "{\"text\":\"", 9);
    memcpy(data + DATA - 2, "\"}", 2);
    uv_loop_init(&loop);
    if (store_open(&loop, conf, &view.store, &err) != OK ||
        deliver_open(&loop, conf, view.store, &view.deliver, &err) != OK ||
        api_open(&loop, &view, &api, &err) != OK) {
        fprintf(stderr, "bench_sse: %s\n", err.text);
        exit(1);
    }
    begin(&port);
    while (connected < clients)
        uv_run(&loop, UV_RUN_ONCE);
    wanted = heard + (int64_t)clients * messages * DATA;
    used = thread_cpu();
    for (int i = 0; i < messages; i++) {
        int64_t next = heard + (int64_t)clients * DATA;

        store_commit(view.store, &event, NULL, NULL);
        while (heard < next && heard < wanted)
            uv_run(&loop, UV_RUN_ONCE);
    }
    used = thread_cpu() - used;
    api_close(api);
    store_close(view.store, NULL);
    deliver_close(view.deliver);
    uv_run(&loop, UV_RUN_DEFAULT);
    snprintf(command, sizeof(command), "rm -r '%s'", dir);
    if (system(command) != 0) /* NOLINT(cert-env33-c): our own folder */
        exit(1);
    conf_free(conf);
    return per_message(used);
}

/* ---- a bare server: the same body for all, sent from memory */

struct peer {
    struct MHD_Connection *connection;
    int64_t sent;
    bool sleeps;
};

static struct peer peers[MOST];
static int peer_count;
static int64_t there; /* bytes to be sent so far */
static char body[DATA + 400];

static ssize_t read_peer(void *ctx, uint64_t at, char *out, size_t most)
{
    struct peer *peer = ctx;
    int64_t left = there - peer->sent;
    size_t from = (size_t)(peer->sent % (int64_t)sizeof(body));
    size_t count = sizeof(body) - from;

    (void)at;
    if (left == 0) {
        peer->sleeps = true;
        MHD_suspend_connection(peer->connection);
        return 0;
    }
    count = count < most ? count : most;
    count = (int64_t)count < left ? count : (size_t)left;
    memcpy(out, body + from, count);
    peer->sent += (int64_t)count;
    return (ssize_t)count;
}

/* NOLINTNEXTLINE(readability-function-size): the signature is the library's */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *upload, size_t *upload_size, void **state)
{
    struct peer *peer = &peers[peer_count];
    struct MHD_Response *response;
    enum MHD_Result result;

    (void)ctx, (void)path, (void)method, (void)version, (void)upload, (void)upload_size;
    if (*state == NULL) {
        *state = peer;
        return MHD_YES;
    }
    peer_count++;
    peer->connection = connection;
    response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16 << 10, read_peer, peer, NULL);
    result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

static double bare(void)
{
    static int port = BARE;
    struct MHD_Daemon *http = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, BARE, NULL,
        NULL, on_request, NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)MOST, MHD_OPTION_END);
    int64_t used;

    if (http == NULL)
        exit(1);
    memset(body, 'x', sizeof(body));
    begin(&port);
    while (connected < clients)
        MHD_run_wait(http, 100);
    used = thread_cpu();
    for (int i = 0; i < messages; i++) {
        int64_t next = heard + (int64_t)clients * (int64_t)sizeof(body);

        there += (int64_t)sizeof(body);
        for (int p = 0; p < peer_count; p++)
            if (peers[p].sleeps) {
                peers[p].sleeps = false;
                MHD_resume_connection(peers[p].connection);
            }
        while (heard < next)
            MHD_run_wait(http, 10);
    }
    used = thread_cpu() - used;
    return per_message(used);
}

int main(int argc, char **argv)
{
    struct rlimit limit;
    double one, other;

    if (argc > 1)
        clients = atoi(argv[1]);
    if (argc > 2)
        messages = atoi(argv[2]);
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (clients > MOST || (rlim_t)clients * 4 + 100 > limit.rlim_cur) {
        fprintf(stderr, "bench_sse: at most %d clients, and four descriptors each\n", MOST);
        return 2;
    }
    one = ours();
    other = bare();
    printf("%d clients, %d messages of 4 KB: %.2f us of the loop's CPU each; a bare libmicrohttpd "
           "%.2f us: %.2f of it (at most %.1f)\n",
        clients, messages, one, other, one / other, most_ratio);
    fflush(stdout);
    _exit(one > most_ratio * other); /* clients of the bare server stand still in their thread */
}
