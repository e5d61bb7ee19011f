/* test_intake.c - what connections send to libzmq's sockets neither fills the memory nor ends the
 * process. */
#include "unit/test.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "deliver/accept.h"
#include "deliver/intake.h"

enum { BEAT_MS = 50, PATIENCE = 20, POURED = 8 << 20, BLOCK = 60 << 10 };

static const unsigned char greeting[64] = {
    0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0, 'N', 'U', 'L', 'L'};
static const char ready_sub[] = "\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB";
static const char ping[] = "\x04\x07\x04PING\0\0";

struct rig {
    void *context, *socket;
    struct sockaddr_in at;
};

static int setup(void **state)
{
    struct rig *r = calloc(1, sizeof(*r));
    const int options[][2] = {{ZMQ_RCVHWM, 1}, {ZMQ_LINGER, 0}, {ZMQ_HEARTBEAT_IVL, BEAT_MS},
        {ZMQ_HEARTBEAT_TIMEOUT, 30000}, {ZMQ_XPUB_VERBOSER, 1}};
    char endpoint[64];
    size_t size = sizeof(endpoint);

    accept_guard();
    r->context = zmq_ctx_new();
    r->socket = zmq_socket(r->context, ZMQ_XPUB);
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        zmq_setsockopt(r->socket, options[i][0], &options[i][1], sizeof(int));
    assert_int_equal(zmq_bind(r->socket, "tcp://127.0.0.1:*"), 0);
    zmq_getsockopt(r->socket, ZMQ_LAST_ENDPOINT, endpoint, &size);
    r->at = (struct sockaddr_in){.sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        .sin_port = htons((uint16_t)atoi(strrchr(endpoint, ':') + 1))};
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    struct rig *r = *state;

    zmq_close(r->socket);
    zmq_ctx_term(r->context);
    free(r);
    return 0;
}

static void say(int fd, const void *bytes, size_t len)
{
    assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

static int dial(const struct rig *r)
{
    const struct timeval patience = {.tv_sec = PATIENCE};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char answer[64];

    assert_int_equal(connect(fd, (const struct sockaddr *)&r->at, sizeof(r->at)), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    say(fd, greeting, sizeof(greeting));
    say(fd, ready_sub, sizeof(ready_sub) - 1);
    assert_int_equal(recv(fd, answer, sizeof(answer), MSG_WAITALL), sizeof(answer));
    return fd;
}

/* Send block again and again; the bytes that went before the other side ended it. */
static size_t pour(int fd, const char *block, size_t len)
{
    size_t sent = 0;
    ssize_t part;

    while (sent < POURED && (part = send(fd, block, len, MSG_NOSIGNAL)) > 0)
        sent += (size_t)part;
    return sent;
}

/* Frames of len bytes each, with more to follow. */
static size_t fill(char *block, size_t len)
{
    size_t at = 0;

    memset(block, 0, BLOCK);
    for (; at + 2 + len <= BLOCK; at += 2 + len) {
        block[at] = 1;
        block[at + 1] = (char)len;
    }
    return at;
}

static void a_message_without_an_end_ends_its_connection(void **state)
{
    static char block[BLOCK];
    const size_t lengths[] = {0, 1, 33, 250};

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        int fd = dial(*state);

        assert_true(pour(fd, block, fill(block, lengths[i])) < POURED);
        close(fd);
    }
}

/* Also one frame, whose length alone is too much, and what libzmq 2 spoke. */
static void what_is_no_message_to_us_ends_its_connection(void **state)
{
    static const char endless[] = "\x03\0\0\0\x01\0\0\0\0\0";
    static const char old[] = "\x01\0hello";
    const struct rig *r = *state;
    char byte;
    int fd = dial(r);

    say(fd, endless, sizeof(endless) - 1);
    while (recv(fd, &byte, 1, 0) > 0)
        continue;
    assert_true(errno != EAGAIN);
    close(fd);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&r->at, sizeof(r->at)), 0);
    say(fd, old, sizeof(old) - 1);
    while (recv(fd, &byte, 1, 0) > 0)
        continue;
    close(fd);
}

static size_t heard(struct rig *r, size_t wanted)
{
    int64_t end = clock_mono() + PATIENCE * (int64_t)SECOND;
    size_t count = 0;
    char message[300];

    while (count < wanted && clock_mono() < end)
        count += zmq_recv(r->socket, message, sizeof(message), ZMQ_DONTWAIT) >= 0;
    return count;
}

/* In pieces of one byte, and of messages of several frames below the bound: they are whole. */
static void messages_that_have_an_end_all_arrive(void **state)
{
    enum { COUNT = 300 };
    struct rig *r = *state;
    int fd = dial(r);

    for (int i = 0; i < COUNT; i++) {
        char frame[16];
        int len = snprintf(frame, sizeof(frame), "%c%c%ctopic%03d", 0, 9, 1, i);

        if (i % 2 == 0)
            say(fd, ping, sizeof(ping) - 1);
        for (int at = 0; i < 10 && at < len; at++)
            say(fd, frame + at, 1);
        if (i >= 10)
            say(fd, frame, (size_t)len);
    }
    assert_int_equal(heard(r, COUNT), COUNT);
    close(fd);
}

/* It is not read, because what it said before waits; it breaks; a heartbeat is due, or one of its
 * own waits. In a process of its own, which libzmq would end. */
static int break_unread(struct rig *r)
{
    enum { COUNT = 100 };
    const struct linger at_once = {.l_onoff = 1};
    int fd = dial(r);
    char block[4000];
    size_t len = 0;

    for (int i = 0; i < COUNT; i++) {
        len += (size_t)snprintf(block + len, sizeof(block) - len, "%c%c%ctopic%03d", 0, 9, 1, i);
        memcpy(block + len, ping, sizeof(ping) - 1);
        len += sizeof(ping) - 1;
    }
    say(fd, block, len);
    zmq_poll(NULL, 0, 2 * BEAT_MS); /* it is read now, as far as it is */
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(fd);
    zmq_poll(NULL, 0, 4 * BEAT_MS); /* beats */
    return heard(r, COUNT) < COUNT;
}

static void a_connection_that_breaks_unread_does_not_end_the_process(void **state)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        struct rig *own = NULL;

        setup((void **)&own);
        status = break_unread(own);
        teardown((void **)&own);
        _exit(status);
    }
    (void)state;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_that_breaks_unread_does_not_end_the_process), /* forks */
        cmocka_unit_test_setup_teardown(
            a_message_without_an_end_ends_its_connection, setup, teardown),
        cmocka_unit_test_setup_teardown(
            what_is_no_message_to_us_ends_its_connection, setup, teardown),
        cmocka_unit_test_setup_teardown(messages_that_have_an_end_all_arrive, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
