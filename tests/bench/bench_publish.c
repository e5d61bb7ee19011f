/* bench_publish.c - what it costs to publish an event of 4 KB to some subscribers, over all threads
 * of the process, beside a bare libzmq publisher that sends the same bytes, in the same run.
 *
 * usage: bench_publish [SUBSCRIBERS [EVENTS]]    subscribers are processes of their own */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "deliver/push.h"
#include "target.h"

enum { BODY = 4096, BURST = 100, MOST = 64, ROUNDS = 3 };

static int subscribers = 8, events = 20000;
static const char topic[] = "all/article.new/en/";
static char body[BODY];

static int64_t cpu(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * (int64_t)SECOND +
           usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/* Reads for ever; says each BURST by a byte, so that nobody is sent more than a queue takes. */
static void subscribe(const char *endpoint, int tell)
{
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_SUB);
    char frame[BODY];
    int hwm = 0;

    zmq_setsockopt(socket, ZMQ_RCVHWM, &hwm, sizeof(hwm));
    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "all/", 4);
    zmq_connect(socket, endpoint);
    for (int got = 1;; got++) {
        zmq_recv(socket, frame, sizeof(frame), 0);
        zmq_recv(socket, frame, sizeof(frame), 0);
        if ((got == 1 || (got - 1) % BURST == 0) && write(tell, "x", 1) != 1)
            _exit(1);
    }
}

struct audience {
    pid_t pids[MOST];
    int heard;
};

static struct audience gather(const char *endpoint)
{
    struct audience audience;
    int ends[2];

    if (pipe(ends) != 0)
        exit(1);
    audience.heard = ends[0];
    for (int i = 0; i < subscribers; i++) {
        audience.pids[i] = fork();
        if (audience.pids[i] == 0)
            subscribe(endpoint, ends[1]);
    }
    return audience;
}

static void await(const struct audience *audience)
{
    char bytes[MOST];

    for (int got = 0; got < subscribers;) {
        ssize_t part = read(audience->heard, bytes, (size_t)(subscribers - got));

        if (part <= 0)
            exit(1);
        got += (int)part;
    }
}

static void dismiss(const struct audience *audience)
{
    for (int i = 0; i < subscribers; i++) {
        kill(audience->pids[i], SIGKILL);
        waitpid(audience->pids[i], NULL, 0);
    }
}

/* Send events in bursts, each of which is read before the next; microseconds of CPU for one. */
static double measure(const struct audience *audience, void (*send)(void *ctx), void *ctx)
{
    int64_t used;

    send(ctx); /* all have subscribed, and hear the first */
    await(audience);
    used = cpu();
    for (int i = 0; i < events / BURST; i++) {
        for (int n = 0; n < BURST; n++)
            send(ctx);
        await(audience);
    }
    return (double)(cpu() - used) / (events / BURST * BURST);
}

static void send_ours(void *ctx)
{
    const struct committed event = {.sequence = 1, .topic = topic, .body = {body, BODY}};

    push_event(ctx, &event);
}

static double ours(const char *endpoint)
{
    struct push_counters counters = {0};
    struct push *push = NULL;
    struct error err = {0};
    struct audience audience;
    uv_loop_t loop;
    double each;

    audience = gather(endpoint);
    uv_loop_init(&loop);
    if (push_open(&loop, endpoint, NULL, LIT("heartbeat/{}"), &push, &err) != OK) {
        fprintf(stderr, "bench_publish: %s\n", err.text);
        exit(1);
    }
    while (counters.subscriptions < (uint64_t)subscribers) {
        uv_run(&loop, UV_RUN_ONCE);
        push_counters(push, &counters);
    }
    each = measure(&audience, send_ours, push);
    dismiss(&audience);
    push_close(push);
    uv_run(&loop, UV_RUN_DEFAULT);
    return each;
}

static void send_bare(void *ctx)
{
    zmq_send(ctx, topic, sizeof(topic) - 1, ZMQ_SNDMORE);
    zmq_send(ctx, body, BODY, 0);
}

static double bare(const char *endpoint)
{
    struct audience audience = gather(endpoint);
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_XPUB);
    char frame[64];
    int verbose = 1;
    double each;

    zmq_setsockopt(socket, ZMQ_XPUB_VERBOSE, &verbose, sizeof(verbose));
    if (zmq_bind(socket, endpoint) != 0)
        exit(1);
    for (int i = 0; i < subscribers; i++)
        zmq_recv(socket, frame, sizeof(frame), 0);
    each = measure(&audience, send_bare, socket);
    dismiss(&audience);
    zmq_close(socket);
    zmq_ctx_term(context);
    return each;
}

int main(int argc, char **argv)
{
    double one = 1e9;
    double other = 1e9;

    if (argc > 1)
        subscribers = atoi(argv[1]);
    if (argc > 2)
        events = atoi(argv[2]);
    if (subscribers < 1 || subscribers > MOST || events < BURST) {
        fprintf(stderr, "bench_publish: 1 to %d subscribers, %d events or more\n", MOST, BURST);
        return 2;
    }
    memset(body, 'x', BODY);
    for (int i = 0; i < ROUNDS; i++) { /* the least of each: others' work is not theirs */
        double mine = ours("tcp://127.0.0.1:5597");
        double its = bare("tcp://127.0.0.1:5596");

        one = mine < one ? mine : one;
        other = its < other ? its : other;
    }
    printf("4 KB to %d subscribers: %.1f us of CPU, a bare publisher %.1f us\n", subscribers, one,
        other);
    target("against the bare publisher", one / other, true, 1.5);
    return targets_missed == 0 ? 0 : 1;
}
