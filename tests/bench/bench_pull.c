/* bench_pull.c - a consumer reads the log: events of 4 KB a CPU-second of the daemon's thread,
 * beside a bare ROUTER that sends the same bytes from memory, in the same run.
 *
 * usage: bench_pull [EVENTS [CONSUMERS]]    the store is made in $TMPDIR and removed */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "deliver/deliver.h"
#include "wireroom/pull.h"

enum { DATA = 4000, WINDOW = 2000, MOST = 16, TARGET = 50000 };

struct reading {
    const char *endpoint;
    int number, events;
};

static int64_t thread_cpu(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * SECOND + t.tv_nsec / 1000;
}

static void ask(void *socket, const char *const *frames, size_t count)
{
    zmq_send(socket, PULL_VERSION, 3, ZMQ_SNDMORE);
    for (size_t i = 0; i < count; i++)
        zmq_send(socket, frames[i], strlen(frames[i]), i + 1 < count ? ZMQ_SNDMORE : 0);
}

/* One message; true for an event. */
static bool take(void *socket, zmq_msg_t *frame)
{
    bool is_event = false;
    int more = 1;

    for (int i = 0; more; i++) {
        zmq_msg_recv(frame, socket, 0);
        is_event = is_event || (i == 1 && zmq_msg_size(frame) == 3 &&
                                   memcmp(zmq_msg_data(frame), "REC", 3) == 0);
        more = zmq_msg_more(frame);
    }
    return is_event;
}

static void *read_all(void *arg)
{
    const struct reading *reading = arg;
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_DEALER);
    char name[32];
    zmq_msg_t frame;
    int left = WINDOW / 2;

    snprintf(name, sizeof(name), "bench%d", reading->number);
    zmq_connect(socket, reading->endpoint);
    ask(socket, (const char *const[]){"HELLO", name, "", "first"}, 4);
    zmq_msg_init(&frame);
    take(socket, &frame);
    ask(socket, (const char *const[]){"CREDIT", "2000", "60000000"}, 3);
    for (int got = 0; got < reading->events;) {
        got += take(socket, &frame);
        if (--left == 0) {
            left = WINDOW / 2;
            ask(socket, (const char *const[]){"CREDIT", "1000", "60000000"}, 3);
        }
    }
    ask(socket, (const char *const[]){"BYE"}, 1);
    zmq_msg_close(&frame);
    zmq_close(socket);
    zmq_ctx_term(context);
    return NULL;
}

static void fill(uv_loop_t *loop, struct store *store, int events)
{
    char data[DATA];
    struct store_event event = {.type = "article.new",
        .topic = "all/article.new/en/",
        .subject = "urn:x",
        .time = clock_wall(),
        .data = {data, DATA}};

    memset(data, 'x', DATA);
    memcpy(data, "{\"text\":\"", 9);
    memcpy(data + DATA - 2, "\"}", 2);
    for (int i = 0; i < events; i++) {
        store_commit(store, &event, NULL, NULL);
        if (i % 256 == 0)
            uv_run(loop, UV_RUN_NOWAIT);
    }
    store_sync(store, NULL);
    uv_run(loop, UV_RUN_NOWAIT);
}

/* The same bytes by ROUTER, from memory. */
static double bare(const char *dir, int events)
{
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_ROUTER);
    struct reading reading = {.number = 0, .events = events};
    char endpoint[200], id[64], data[DATA + 300];
    pthread_t thread;
    int64_t used;
    int len;
    int one = 1;

    snprintf(endpoint, sizeof(endpoint), "ipc://%s/bare", dir);
    reading.endpoint = endpoint;
    zmq_setsockopt(socket, ZMQ_ROUTER_MANDATORY, &one, sizeof(one));
    zmq_bind(socket, endpoint);
    pthread_create(&thread, NULL, read_all, &reading);
    len = zmq_recv(socket, id, sizeof(id), 0);
    memset(data, 'x', sizeof(data));
    used = thread_cpu();
    for (int i = -1; i < events; i++) {
        const char *command = i < 0 ? "WELCOME" : "REC";

        zmq_send(socket, id, (size_t)len, ZMQ_SNDMORE);
        zmq_send(socket, PULL_VERSION, 3, ZMQ_SNDMORE);
        zmq_send(socket, command, strlen(command), ZMQ_SNDMORE);
        zmq_send(socket, "123456", 6, ZMQ_SNDMORE);
        zmq_send(socket, "all/article.new/en/", 19, ZMQ_SNDMORE);
        zmq_send(socket, data, sizeof(data), 0);
    }
    used = thread_cpu() - used;
    pthread_join(thread, NULL);
    zmq_close(socket);
    zmq_ctx_term(context);
    return events * 1e6 / (double)used;
}

static void open_all(uv_loop_t *loop, struct conf *conf, const char *dir, struct store **ret_store,
    struct deliver **ret_deliver)
{
    struct error err = {0};
    static char path[300], pub[300], pull[300];

    snprintf(path, sizeof(path), "%s/wireroom.db", dir);
    snprintf(pub, sizeof(pub), "ipc://%s/pub", dir);
    snprintf(pull, sizeof(pull), "ipc://%s/pull", dir);
    conf->store.path = path;
    conf->listen.pub = pub;
    conf->listen.pull = pull;
    uv_loop_init(loop);
    if (store_open(loop, conf, ret_store, &err) != OK ||
        deliver_open(loop, conf, *ret_store, ret_deliver, &err) != OK) {
        fprintf(stderr, "bench_pull: %s\n", err.text);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    int events = argc > 1 ? atoi(argv[1]) : 50000;
    int consumers = argc > 2 ? atoi(argv[2]) : 1;
    const char *tmp = getenv("TMPDIR");
    char dir[200], command[300];
    struct conf *conf = conf_defaults();
    struct reading readings[MOST];
    pthread_t threads[MOST];
    struct store *store;
    struct deliver *deliver;
    struct pull_counters counters = {0};
    uv_loop_t loop;
    int64_t used, wall;
    double rate, peer;

    snprintf(dir, sizeof(dir), "%s/bench_pull-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    if (consumers < 1 || consumers > MOST || mkdtemp(dir) == NULL)
        return 2;
    open_all(&loop, conf, dir, &store, &deliver);
    fill(&loop, store, events);
    used = thread_cpu();
    wall = clock_mono();
    for (int i = 0; i < consumers; i++) {
        readings[i] = (struct reading){conf->listen.pull, i, events};
        pthread_create(&threads[i], NULL, read_all, &readings[i]);
    }
    while (counters.sent < (uint64_t)events * (uint64_t)consumers) {
        uv_run(&loop, UV_RUN_ONCE);
        pull_counters(deliver_pull(deliver), &counters);
    }
    used = thread_cpu() - used;
    wall = clock_mono() - wall;
    for (int i = 0; i < consumers; i++)
        pthread_join(threads[i], NULL);
    rate = (double)counters.sent * 1e6 / (double)used;
    peer = bare(dir, events);
    printf(
        "%d consumers, %d events of 4 KB each: %.0f a CPU-second of the loop, %.0f a second by the "
        "clock; a bare ROUTER from memory %.0f: %.2f of it\n",
        consumers, events, rate, (double)counters.sent * 1e6 / (double)wall, peer, rate / peer);
    store_close(store, NULL);
    deliver_close(deliver);
    uv_run(&loop, UV_RUN_DEFAULT);
    conf_free(conf);
    snprintf(command, sizeof(command), "rm -r '%s'", dir);
    return system(command) != 0 || rate < TARGET; /* NOLINT(cert-env33-c): our own folder */
}
