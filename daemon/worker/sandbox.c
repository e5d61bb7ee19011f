/* sandbox.c - the system calls a worker keeps. */
#include "worker/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { OPENING_FILES = 64, FIRST_FREE = 5 };

static int limit(int what, size_t most)
{
    struct rlimit value = {most, most};

    return setrlimit((__rlimit_resource_t)what, &value);
}

int sandbox_limit(size_t memory, struct error *err)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return fail(err, E_SYSTEM, "prctl: %s", strerror(errno));
    if (close_range(FIRST_FREE, ~0U, 0) != 0)
        return fail(err, E_SYSTEM, "close_range: %s", strerror(errno));
    if (limit(RLIMIT_CORE, 0) != 0 || limit(RLIMIT_NOFILE, OPENING_FILES) != 0)
        return fail(err, E_SYSTEM, "setrlimit: %s", strerror(errno));
#ifndef WIREROOM_SANITIZED
    if (memory > 0 && limit(RLIMIT_DATA, memory) != 0)
        return fail(err, E_SYSTEM, "setrlimit: %s", strerror(errno));
#else
    (void)memory;
#endif
    return OK;
}

static const int kept[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(writev), /* what assert() and the C library's own checks print with */
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(brk),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime), /* where the vDSO cannot answer */
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getpid), /* these five are abort(), so that it still says SIGABRT */
    SCMP_SYS(gettid),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
#ifdef WIREROOM_SANITIZED
    SCMP_SYS(sigaltstack),
    SCMP_SYS(sched_yield),
    SCMP_SYS(mprotect),
    SCMP_SYS(getrusage),
#endif
};

static int add_rules(scmp_filter_ctx filter)
{
    int code = 0;

    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]) && code == 0; i++)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, kept[i], 0);
    /* Memory for data only, and signals for itself only. */
    if (code == 0)
        code = seccomp_rule_add(
            filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    return code;
}

int sandbox_close(struct error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int code;

    tzset(); /* or the C library opens /etc/localtime at the first gmtime_r() */
    if (filter == NULL)
        return fail(err, E_SYSTEM, "seccomp does not start");
    code = add_rules(filter);
    if (code == 0)
        code = seccomp_load(filter);
    seccomp_release(filter);
    if (code != 0)
        return fail(err, E_SYSTEM, "seccomp: %s", strerror(-code));
    return OK;
}
