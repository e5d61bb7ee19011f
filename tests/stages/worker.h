/* worker.h - one worker process at the end of a pipe, spoken to in frames. */
#ifndef WIREROOM_TEST_WORKER_H
#define WIREROOM_TEST_WORKER_H

#include "unit/test.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/frame.h"
#include "record/record.h"
#include "worker/job.h"
#include "worker/work.h"
#include "worker/worker.h"

static struct arena *arena;
static pid_t pid;
static int fd;
static struct buf in;
static struct conf conf;
static const char *const chain[] = {"good", "counter", NULL};
static const char *const bad_stages[] = {TEST_BAD_STAGES, NULL};

static inline void start(void)
{
    int pair[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(pair[1], WORKER_PIPE);
        execl(TEST_BIN "/wireroomd", "wireroomd", "--worker", "worker", NULL);
        _exit(99);
    }
    close(pair[1]);
    fd = pair[0];
}

static inline int setup(void **state)
{
    (void)state;
    arena = arena_new(16 << 20);
    conf = (struct conf){0};
    conf.workers.memory = 256 << 20;
    conf.workers.max_decoded = 16 << 20;
    conf.workers.sandbox = true;
    conf.stages.dirs = bad_stages;
    conf.stages.names = chain;
    start();
    return 0;
}

/* Close the pipe and return how the worker ended. */
static inline int end(void)
{
    int status = -1;

    if (fd >= 0)
        close(fd);
    fd = -1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        continue;
    pid = 0;
    return status;
}

static inline int teardown(void **state)
{
    (void)state;
    end();
    buf_done(&in);
    arena_free(arena);
    return 0;
}

static inline void send_frame(int kind, struct bytes body)
{
    struct buf out = {0};

    frame_add(&out, kind, body);
    assert_int_equal(send(fd, out.ptr, out.len, MSG_NOSIGNAL), (ssize_t)out.len);
    buf_done(&out);
}

static inline void send_record(int kind, const struct wr_record *rec)
{
    struct buf body = {0};

    record_encode(rec, &body);
    send_frame(kind, buf_bytes(&body));
    buf_done(&body);
}

/* Kind of the next answer, or -1 when the worker ended. */
static inline int receive(struct wr_record **ret_rec)
{
    struct frame frame;
    struct error err = {0};
    size_t used;

    while (frame_next(buf_bytes(&in), &frame, &used, &err) == 0) {
        ssize_t got = read(fd, buf_reserve(&in, 4096), 4096);

        if (got <= 0)
            return -1;
        in.len += (size_t)got;
    }
    assert_int_equal(record_decode(arena, bytes_copy(arena, frame.body), ret_rec, &err), OK);
    buf_drop(&in, used);
    return frame.kind;
}

static inline void open_worker(void)
{
    struct wr_record *request = record_new(arena);
    struct wr_record *ready;

    work_request(request, &conf, CHAIN_PLAIN, NULL);
    send_record(JOB_OPEN, request);
    assert_int_equal(receive(&ready), ANSWER_READY);
    assert_bytes(record_get_at(ready, REC_STAGE, 0), "good\t1.2\t1");
    assert_bytes(record_get_at(ready, REC_STAGE, 1), "counter\t1.0\t2");
}

#define WORKER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
