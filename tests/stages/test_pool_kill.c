/* test_pool_kill.c - real workers under real stages that misbehave: what it costs, and that the
 * next record comes out. */
#include "stages/pool_jobs.h"

#include <poll.h>
#include <sys/syscall.h>

/* A record dies in stage once; it and the next one come out. */
static void assert_costs_one_record_its_fields(
    const char *stage, const char *title, const char *cause, const char *trace)
{
    const char *const names[] = {"good", stage, NULL};
    struct outcome *bad;
    struct outcome *next;
    struct pool_stage_view stages[2];
    char note[200];

    open_pool(names, false);
    bad = send_record(title);
    next = send_record("calm");
    wait_until(all_done);
    assert_int_equal(bad->code, OK);
    assert_string_equal(bad->mark, "seen 24 0.50");
    snprintf(note, sizeof(note), "%s\tleft out: it %s", stage, cause);
    if (strncmp(bad->note, note, strlen(note)) != 0)
        fail_msg("note is \"%s\", not \"%s\"", bad->note, note);
    assert_non_null(strstr(bad->trace, trace));
    assert_int_equal(next->code, OK);
    assert_string_equal(next->mark, "seen 24 0.50");
    assert_int_equal(pool_stages(pool, stages, 2), 2);
    assert_int_equal(stages[1].killed, 1);
    assert_int_equal(stages[0].killed, 0);
}

static void survives_a_stage_that_crashes(void **state)
{
    (void)state;
    assert_costs_one_record_its_fields("crash", "crash", "crashed (SIGSEGV)", "\terror\n");
}

static void survives_a_stage_that_aborts(void **state)
{
    (void)state;
    assert_costs_one_record_its_fields("crash", "abort", "crashed (SIG", "\terror\n");
}

static void survives_a_stage_that_hangs(void **state)
{
    (void)state;
    conf.workers.deadline = 300000;
    assert_costs_one_record_its_fields("hang", "hang", "took longer than 0.3 s", "\ttimeout\n");
}

/* As when the daemon is stopped for a while: the answer and the deadline are met at once. */
static void spares_a_worker_that_answered_while_the_loop_was_held(void **state)
{
    struct pollfd readable = {.events = POLLIN};
    struct outcome *after;
    int64_t sent;

    (void)state;
    conf.workers.deadline = 300000;
    open_pool((const char *const[]){"counter", NULL}, true);
    submit(JOB_ORDERED, titled("one"), false);
    wait_until(all_done);
    submit(JOB_ORDERED, titled("two"), false);
    sent = clock_mono();
    readable.fd = uv_backend_fd(&loop);
    assert_int_equal(poll(&readable, 1, PATIENCE), 1);
    while (clock_mono() - sent <= 2 * conf.workers.deadline)
        poll(NULL, 0, LOOK_EVERY);
    wait_until(all_done);
    after = submit(JOB_ORDERED, titled("three"), false);
    wait_until(all_done);
    assert_string_equal(after->error, "");
    assert_string_equal(after->number, "3");
}

static void survives_a_stage_that_eats_memory(void **state)
{
    (void)state;
    assert_costs_one_record_its_fields(
        "hungry", "hungry", "wanted more memory than workers.memory (256 MiB)", "\terror\n");
}

static void tells_a_crash_for_want_of_memory_from_others(void **state)
{
#ifndef WIREROOM_SANITIZED /* there is no limit, and no crash of this kind */
    static const struct {
        const char *title, *error;
    } cases[] = {
        {"take much",
            "greedy\tleft out: it wanted more memory than workers.memory (64 MiB) and crashed "
            "(SIGSEGV)"},
        {"give up",
            "greedy\tleft out: it wanted more memory than workers.memory (64 MiB) and crashed "
            "(SIGABRT)"},
        {"ask for much and stumble",
            "greedy\tleft out: it wanted more memory than workers.memory (64 MiB) and crashed "
            "(SIGSEGV)"},
        {"stumble", "greedy\tleft out: it crashed (SIGSEGV)"},
    };

    conf.workers.memory = 64 << 20;
    open_pool((const char *const[]){"greedy", NULL}, false);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct outcome *o;

        send_record("ask for much"); /* and do without it: the next record is not told of that */
        o = send_record(cases[i].title);
        wait_until(all_done);
        assert_int_equal(o->code, OK);
        assert_string_equal(o->note, cases[i].error);
        assert_int_equal(pool_reload(pool, &conf, &err), OK); /* or the stage is set aside */
    }
#endif
    (void)state;
}

static void gives_a_record_up_that_kills_two_workers(void **state)
{
    struct outcome *bad;
    struct outcome *next;
    char wanted[100];

    (void)state;
    open_pool((const char *const[]){"crash", "opener", NULL}, false);
    bad = send_record("crash over a file");
    next = send_record("calm");
    wait_until(all_done);
    assert_int_equal(bad->code, E_CRASH);
    snprintf(
        wanted, sizeof(wanted), "opener: made the forbidden system call openat (%d)", SYS_openat);
    assert_string_equal(bad->error, wanted);
    assert_int_equal(bad->answers, 0);
    assert_int_equal(next->code, OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        POOL_FIXTURE(survives_a_stage_that_crashes),
        POOL_FIXTURE(survives_a_stage_that_aborts),
        POOL_FIXTURE(survives_a_stage_that_hangs),
        POOL_FIXTURE(spares_a_worker_that_answered_while_the_loop_was_held),
        POOL_FIXTURE(survives_a_stage_that_eats_memory),
        POOL_FIXTURE(tells_a_crash_for_want_of_memory_from_others),
        POOL_FIXTURE(gives_a_record_up_that_kills_two_workers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
