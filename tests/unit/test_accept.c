/* test_accept.c - subscribers do not use up the descriptors, and libzmq does not end the process.
 */
#include "unit/test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "deliver/accept.h"

enum { LIMIT = 64 };

/* Begins when the other end of go is closed: those that libzmq accepted before the guard stay. */
static void connect_for_ever(const char *path, int go)
{
    char byte;
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
    if (read(go, &byte, 1) != 0)
        _exit(1);
    for (int i = 0;; i++) {
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);

        if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
            _exit(1);
        if (i > LIMIT)
            close(fd);
    }
}

static bool refuses_more(uint64_t connections)
{
    uint64_t before = accept_refused();
    int64_t end = clock_mono() + 20 * (int64_t)SECOND;

    while (accept_refused() < before + connections && clock_mono() < end)
        usleep(1000);
    return accept_refused() >= before + connections;
}

/* In a process of its own: the limit is its, and so is the end that libzmq would bring. Returns
 * what is wrong. */
static const char *use_up(const char *path)
{
    struct rlimit limit = {LIMIT, LIMIT};
    void *context = zmq_ctx_new();
    void *socket_ = zmq_socket(context, ZMQ_XPUB);
    char endpoint[120];
    int go[2];

    snprintf(endpoint, sizeof(endpoint), "ipc://%s", path);
    if (zmq_bind(socket_, endpoint) != 0)
        return "bind";
    if (pipe(go) != 0)
        return "pipe";
    if (fork() == 0) {
        close(go[1]);
        connect_for_ever(path, go[0]);
    }
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        return "setrlimit";
    accept_guard();
    close(go[0]);
    close(go[1]);
    if (!refuses_more(100))
        return "nobody was refused";
    for (int i = 0; i < LIMIT / 4 - 2; i++)
        if (dup(0) < 0)
            return "no descriptor is left for the work";
    while (dup(0) >= 0)
        continue;
    return refuses_more(100) ? NULL : "nobody was refused when no descriptor was left";
}

static void leaves_a_quarter_of_the_descriptors_for_the_work(void **state)
{
    char dir[] = "/tmp/wireroom-accept-XXXXXX";
    char path[64];
    int status = 0;
    pid_t child;

    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/s", dir);
    child = fork();
    if (child == 0) {
        const char *wrong;

        setpgid(0, 0);
        wrong = use_up(path);
        if (wrong != NULL)
            fprintf(stderr, "%s\n", wrong);
        _exit(wrong != NULL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    kill(-child, SIGKILL);
    unlink(path);
    rmdir(dir);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_a_quarter_of_the_descriptors_for_the_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
