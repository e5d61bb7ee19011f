/* demo_process.c - starts and ends the programs of a demo. */
#include "cli/demo_process.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { END_STEPS = 500, END_STEP = 10 }; /* milliseconds */

static void run_child(const char *const argv[], const char *output, bool own_group)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (own_group)
        setpgid(0, 0);
    if (output != NULL) {
        int fd = open(output, O_WRONLY | O_CREAT | O_APPEND, 0600);

        if (fd >= 0)
            dup2(fd, STDERR_FILENO);
    }
    execv(argv[0], (char *const *)argv);
    _exit(127);
}

int demo_spawn(
    const char *const argv[], const char *output, bool own_group, pid_t *ret_pid, struct error *err)
{
    pid_t pid = fork();

    if (pid < 0)
        return fail(err, E_SYSTEM, "fork: %s", strerror(errno));
    if (pid == 0)
        run_child(argv, output, own_group);
    *ret_pid = pid;
    return OK;
}

void demo_end(pid_t pid)
{
    const struct timespec step = {.tv_nsec = END_STEP * 1000000L};

    if (pid <= 0 || kill(pid, SIGTERM) != 0)
        return;
    for (int i = 0; i < END_STEPS; i++) {
        if (waitpid(pid, NULL, WNOHANG) != 0)
            return;
        nanosleep(&step, NULL);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

int demo_make_dir(char path[256], struct error *err)
{
    enum { SOCKET_ROOM = 80 }; /* sun_path holds 108 bytes, and file names follow */
    const char *base = getenv("TMPDIR");

    if (base == NULL || strlen(base) > SOCKET_ROOM - strlen("/wireroom-demo-XXXXXX"))
        base = "/tmp";
    snprintf(path, 256, "%s/wireroom-demo-XXXXXX", base);
    if (mkdtemp(path) == NULL)
        return fail(err, E_SYSTEM, "make %s: %s", path, strerror(errno));
    return OK;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    remove(path);
    return 0;
}

void demo_remove_dir(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
