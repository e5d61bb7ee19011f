/* sandbox.c - the system calls a worker keeps. */
#include "worker/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "worker/worker.h"

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

/* What the C library, the stages' libraries and threads that a stage started in open() ask of the
 * kernel; tests/stages/modules/heavy.c asks for them under this filter. */
static const int kept[] = {
    SCMP_SYS(pread64),
    SCMP_SYS(lseek), /* fclose() and fflush() of what was opened before */
    SCMP_SYS(close),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(brk),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(sysinfo), /* qsort() of 1 KiB and more, up to glibc 2.36 */
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime), /* where the vDSO cannot answer */
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrusage),
    SCMP_SYS(clock_nanosleep), /* the deadline ends who sleeps too long */
    SCMP_SYS(nanosleep),
    SCMP_SYS(restart_syscall), /* after SIGSTOP */
    SCMP_SYS(set_robust_list), /* a thread that has just begun */
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(getpid), /* these four are abort(), so that it still says SIGABRT */
    SCMP_SYS(gettid),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

static int allow(scmp_filter_ctx filter, int call, struct scmp_arg_cmp when)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, when);
}

/* The worker's pipe is asked by recvfrom() and sendto() alone, so that a stage which writes to a
 * descriptor it does not own, or reads from it, is told apart from the worker. writev() is what
 * assert() and the C library's own checks print with. */
static int add_pipe_rules(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp other = SCMP_A0(SCMP_CMP_NE, WORKER_PIPE);
    const struct scmp_arg_cmp pipe = SCMP_A0(SCMP_CMP_EQ, WORKER_PIPE);
    int code = allow(filter, SCMP_SYS(read), other);

    code = code != 0 ? code : allow(filter, SCMP_SYS(write), other);
    code = code != 0 ? code : allow(filter, SCMP_SYS(writev), other);
    code = code != 0 ? code : allow(filter, SCMP_SYS(recvfrom), pipe);
    return code != 0 ? code : allow(filter, SCMP_SYS(sendto), pipe);
}

/* Memory for data only, and of the kind that RLIMIT_DATA counts: what is shared or grows downwards
 * is not. */
static int add_memory_rules(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp counted =
        SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_SHARED | MAP_PRIVATE | MAP_GROWSDOWN, MAP_PRIVATE);
    int code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, no_code, counted);

    return code != 0 ? code : allow(filter, SCMP_SYS(mprotect), no_code);
}

static int add_rules(scmp_filter_ctx filter)
{
    int code = 0;

    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]) && code == 0; i++)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, kept[i], 0);
    code = code != 0 ? code : add_pipe_rules(filter);
    code = code != 0 ? code : add_memory_rules(filter);
    if (code == 0) /* its limits, to be read */
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
            SCMP_A0(SCMP_CMP_EQ, 0), SCMP_A2(SCMP_CMP_EQ, 0));
    /* Signals for itself only, and SIGSYS stays the sandbox's. */
    if (code == 0)
        code = allow(filter, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    return code != 0 ? code : allow(filter, SCMP_SYS(rt_sigaction), SCMP_A0(SCMP_CMP_NE, SIGSYS));
}

/* Where to say which call was the forbidden one. */
static struct chain_place *told;

static void on_forbidden(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (told != NULL) {
        told->call = (uint32_t)info->si_syscall + 1;
        if (gettid() != getpid())
            told->step = told->threads;
    }
    raise(number); /* which ends the process now: SA_RESETHAND */
}

/* malloc() leaves ENOMEM behind where it is refused, and chain.c takes away what a stage before
 * left. */
static void on_crash(int number)
{
    if (told != NULL && errno == ENOMEM)
        told->refused = 1;
    raise(number);
}

static int catch_forbidden(void)
{
    struct sigaction action = {
        .sa_sigaction = on_forbidden, .sa_flags = SA_SIGINFO | (int)SA_RESETHAND | SA_NODEFER};

    return sigaction(SIGSYS, &action, NULL);
}

/* A sanitizer tells of crashes itself, and has no limit of memory. */
static int catch_crashes(void)
{
#ifndef WIREROOM_SANITIZED
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};

    if (sigaction(SIGSEGV, &action, NULL) != 0)
        return -1;
    return sigaction(SIGABRT, &action, NULL); /* what a C++ stage ends by */
#else
    (void)on_crash;
    return 0;
#endif
}

/* What the C library would ask for at its first use, asked for now: the time zone's file, which
 * localtime() and mktime() look for again unless TZ names it, and the size of standard output. */
static void warm_up(void)
{
    static char out[BUFSIZ];

    setenv("TZ", ":/etc/localtime", 0);
    tzset();
    setvbuf(stdout, out, _IOLBF, sizeof(out));
}

int sandbox_close(struct chain_place *place, struct error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
    int code;

    if (filter == NULL)
        return fail(err, E_SYSTEM, "seccomp does not start");
    warm_up();
    told = place;
    code = catch_forbidden() != 0 || catch_crashes() != 0 ? -errno : add_rules(filter);
    if (code == 0)
        code = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (code == 0) /* threads of open() as well */
        code = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (code == 0)
        code = seccomp_load(filter);
    seccomp_release(filter);
    if (code != 0)
        return fail(err, E_SYSTEM, "seccomp: %s", strerror(-code));
    return OK;
}

char *sandbox_call_name(uint32_t call)
{
    return seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)call);
}
