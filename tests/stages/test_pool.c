/* test_pool.c - real workers under real stages that misbehave: what it costs, and that the next
 * record comes out. */
#include "stages/pool.h"

#include <poll.h>
#include <stdio.h>
#include <sys/syscall.h>

enum { JOBS = 64 };

/* What came of one job. */
struct outcome {
    bool done;
    size_t place; /* how many were done before it */
    int code;
    char error[500];
    int answers, emitted;
    char note[300], trace[600], mark[80], number[16], text[200];
    size_t saved;
};

static struct outcome outcomes[JOBS];
static size_t submitted, finished;
static uint64_t asked;
static char asked_url[200];

static int setup(void **state)
{
    (void)state;
    pool_setup();
    memset(outcomes, 0, sizeof(outcomes));
    submitted = finished = 0;
    asked = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pool_teardown();
    return 0;
}

static void copy_field(char *to, size_t room, struct bytes value)
{
    snprintf(to, room, "%.*s", FMT(value));
}

static struct bytes extra(const struct wr_record *rec, const char *name)
{
    wr_str value = wr_get_extra(rec, name);

    return (struct bytes){value.ptr, value.len};
}

static void on_answer(void *ctx, int kind, struct wr_record *answer)
{
    struct outcome *o = ctx;

    o->answers++;
    o->emitted += kind == ANSWER_EMITTED ? 1 : 0;
    o->saved = record_get(answer, REC_BODY).len;
    copy_field(o->note, sizeof(o->note), record_get(answer, REC_NOTE));
    copy_field(o->text, sizeof(o->text), record_get(answer, WR_TEXT));
    copy_field(o->mark, sizeof(o->mark), extra(answer, "good"));
    copy_field(o->number, sizeof(o->number), extra(answer, "number"));
    for (size_t i = 0; i < wr_count(answer, REC_TRACE); i++) {
        size_t len = strlen(o->trace);

        snprintf(o->trace + len, sizeof(o->trace) - len, "%.*s\n",
            FMT(record_get_at(answer, REC_TRACE, i)));
    }
    assert_int_equal(record_get(answer, WR_PAGE).len, 0);
    assert_int_equal(wr_count(answer, REC_SKIP), 0);
}

static void on_done(void *ctx, const struct error *problem)
{
    struct outcome *o = ctx;

    assert_false(o->done);
    o->done = true;
    o->place = finished++;
    if (problem != NULL) {
        o->code = problem->code;
        snprintf(o->error, sizeof(o->error), "%s", problem->text);
    }
}

static bool answers_at_once; /* with the last character of the address */

static void on_fetch(void *ctx, struct bytes url, uint64_t ticket)
{
    (void)ctx;
    asked = ticket;
    copy_field(asked_url, sizeof(asked_url), url);
    if (answers_at_once)
        pool_fetched(pool, ticket, 200, LIT(""), bytes_from(url, url.len - 1));
}

static int64_t feed; /* whose job it is */

static struct outcome *submit(int kind, struct wr_record *request, bool restore)
{
    struct outcome *o = &outcomes[submitted++];
    const struct pool_job job = {.kind = kind,
        .feed = feed,
        .request = request,
        .on_answer = on_answer,
        .on_done = on_done,
        .on_fetch = on_fetch,
        .ctx = o,
        .restore = restore};

    pool_submit(pool, &job);
    assert_false(o->done);
    return o;
}

static struct wr_record *titled(const char *title)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_TITLE, bytes_of(title));
    record_set(rec, WR_URL, LIT("http://news.example/1"));
    return rec;
}

static struct outcome *send_record(const char *title)
{
    return submit(JOB_RECORD, titled(title), false);
}

static bool all_done(void)
{
    return finished == submitted;
}

static void brings_records_through_a_worker(void **state)
{
    struct outcome *o[20];

    (void)state;
    conf.workers.count = 2;
    open_pool((const char *const[]){"good", "failing", NULL}, false);
    assert_true(pool_needs_page(pool));
    assert_false(pool_has_ordered(pool));
    for (size_t i = 0; i < 20; i++)
        o[i] = send_record("calm");
    assert_int_equal(pool_waiting(pool), 20);
    wait_until(all_done);
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(o[i]->code, OK);
        assert_int_equal(o[i]->answers, 1);
        assert_string_equal(o[i]->mark, "seen 24 0.50");
    }
    assert_int_equal(pool_waiting(pool), 0);
}

/* All wait before the worker is there: many that are large, then one that is small. */
static void a_feed_does_not_wait_for_all_of_another(void **state)
{
    struct wr_record *large = titled("calm");
    struct outcome *other;

    (void)state;
    record_set(large, WR_TEXT, (struct bytes){arena_alloc(arena, 1 << 20), 1 << 20});
    open_pool((const char *const[]){"good", NULL}, false);
    for (feed = 1; submitted < 20;)
        submit(JOB_RECORD, large, false);
    feed = 2;
    other = send_record("calm");
    feed = 0;
    wait_until(all_done);
    assert_true(other->place < 2);
}

static void counts_what_stages_do(void **state)
{
    struct pool_stage_view stages[4];

    (void)state;
    open_pool((const char *const[]){"good", "failing", NULL}, false);
    send_record("calm");
    send_record("calm");
    wait_until(all_done);
    assert_int_equal(pool_stages(pool, stages, 4), 2);
    assert_string_equal(stages[0].name, "good");
    assert_string_equal(stages[0].version, "1.2");
    assert_int_equal(stages[0].records, 2);
    assert_int_equal(stages[0].failed, 0);
    assert_int_equal(stages[1].failed, 2);
    assert_true(stages[0].time >= 0);
}

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

static void refuses_to_start_with_a_module_of_another_abi(void **state)
{
    const struct pool_options options = {.program = TEST_BIN "/wireroomd", .conf = &conf};

    (void)state;
    conf.stages.names = (const char *const[]){"good", "abi2", NULL};
    assert_int_equal(pool_open(&loop, &options, &pool, &err), E_REFUSED);
    assert_string_equal(err.text,
        "stage abi2: " TEST_BAD_STAGES "/abi2.so: built for stage ABI 2, this daemon speaks 1");
    assert_null(pool);
}

static void names_the_option_or_stage_that_is_wrong_at_start(void **state)
{
    static const struct conf_option wrong = {"good", "colour", "red", "w.yaml:7:3", 0};
    static const struct conf_option crashing = {"unopened", "how", "crash", "w.yaml:7:3", 0};

    (void)state;
    conf.stages.names = (const char *const[]){"good", NULL};
    conf.stages.options = &wrong;
    conf.stages.options_count = 1;
    assert_int_equal(pool_check(TEST_BIN "/wireroomd", &conf, &err), E_USAGE);
    assert_string_equal(err.text, "w.yaml:7:3: stage good has no option \"colour\"");
    conf.stages.names = (const char *const[]){"unopened", NULL};
    conf.stages.options_count = 0;
    assert_int_equal(pool_check(TEST_BIN "/wireroomd", &conf, &err), E_REFUSED);
    conf.stages.options = &crashing;
    conf.stages.options_count = 1;
    assert_int_equal(pool_check(TEST_BIN "/wireroomd", &conf, &err), E_CRASH);
    assert_string_equal(err.text, "stage unopened: a worker died while it opened its stages");
    assert_int_equal(pool_check("/nonexistent/wireroomd", &conf, &err), E_SYSTEM);
}

static void keeps_the_old_chain_when_the_new_one_is_wrong(void **state)
{
    struct conf wrong = conf;
    struct outcome *o;

    (void)state;
    open_pool((const char *const[]){"good", NULL}, false);
    wrong = conf;
    wrong.stages.names = (const char *const[]){"godo", NULL};
    assert_int_equal(pool_reload(pool, &wrong, &err), E_NOT_FOUND);
    assert_non_null(strstr(err.text, "did you mean good?"));
    o = send_record("calm");
    wait_until(all_done);
    assert_string_equal(o->mark, "seen 24 0.50");
}

static void takes_new_options_at_reload_and_ends_old_jobs(void **state)
{
    static const struct conf_option mark = {"good", "mark", "anew", NULL, 0};
    struct conf changed;
    struct outcome *before;
    struct outcome *after;

    (void)state;
    open_pool((const char *const[]){"good", NULL}, false);
    before = send_record("calm");
    changed = conf;
    changed.stages.options = &mark;
    changed.stages.options_count = 1;
    wait_until(all_done);
    assert_int_equal(pool_reload(pool, &changed, &err), OK);
    after = send_record("calm");
    wait_until(all_done);
    assert_string_equal(before->mark, "seen 24 0.50");
    assert_string_equal(after->mark, "anew 24 0.50");
}

static bool was_asked(void)
{
    return asked != 0;
}

static void parks_a_record_that_waits_and_works_on(void **state)
{
    struct outcome *waiting;
    struct outcome *other;

    (void)state;
    open_pool((const char *const[]){"asker", "good", NULL}, false);
    waiting = send_record("two pages");
    wait_until(was_asked);
    assert_string_equal(asked_url, "http://news.example/page/2");
    other = submit(JOB_FEED_JSON, titled("no document"), false);
    while (!other->done)
        uv_run(&loop, UV_RUN_ONCE);
    assert_false(waiting->done);
    pool_fetched(pool, asked + 1000, 200, LIT(""), LIT("not asked for"));
    pool_fetched(pool, asked, 200, LIT(""), LIT("page two"));
    pool_fetched(pool, asked, 200, LIT(""), LIT("page two again"));
    wait_until(all_done);
    assert_int_equal(waiting->code, OK);
    assert_int_equal(waiting->answers, 1);
}

static void a_record_may_wait_again_and_again(void **state)
{
    enum { RECORDS = 12 };
    struct outcome *all[RECORDS];

    (void)state;
    conf.workers.count = 1;
    answers_at_once = true;
    open_pool((const char *const[]){"reader", NULL}, false);
    for (int i = 0; i < RECORDS; i++) {
        all[i] = send_record("three pages");
        wait_until(all_done);
    }
    answers_at_once = false;
    for (int i = 0; i < RECORDS; i++) {
        assert_int_equal(all[i]->code, OK);
        assert_string_equal(all[i]->text, "1 2 3 ");
    }
}

static void decodes_the_page_and_notes_one_that_is_cut(void **state)
{
    static const unsigned char gzip[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03,
        0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x86, 0xa6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00};
    struct wr_record *whole = titled("whole");
    struct wr_record *cut = titled("cut");
    struct outcome *o;
    struct outcome *c;

    (void)state;
    open_pool((const char *const[]){"good", NULL}, false);
    record_add(whole, REC_PAGE_HEADER, LIT("Content-Encoding: gzip"));
    record_set(whole, REC_BODY, (struct bytes){(const char *)gzip, sizeof(gzip)});
    o = submit(JOB_RECORD, whole, false);
    record_add(cut, REC_PAGE_HEADER, LIT("content-encoding: gzip"));
    record_set(cut, REC_BODY, (struct bytes){(const char *)gzip, sizeof(gzip) - 5});
    c = submit(JOB_RECORD, cut, false);
    wait_until(all_done);
    assert_string_equal(o->text, "hello");
    assert_int_equal(c->code, OK);
    assert_string_equal(c->text, "");
    assert_string_equal(c->mark, "seen 24 0.50");
}

static void passes_on_records_that_stages_make(void **state)
{
    struct outcome *o;

    (void)state;
    open_pool((const char *const[]){"emitter", NULL}, false);
    o = send_record("one");
    wait_until(all_done);
    assert_int_equal(o->emitted, 1);
    assert_int_equal(o->answers, 2);
}

static void keeps_order_in_the_ordered_worker(void **state)
{
    char want[16];

    (void)state;
    conf.workers.count = 2;
    open_pool((const char *const[]){"good", "counter", NULL}, true);
    assert_true(pool_has_ordered(pool));
    for (int i = 0; i < 20; i++)
        submit(JOB_ORDERED, titled("calm"), false);
    wait_until(all_done);
    for (int i = 0; i < 20; i++) {
        snprintf(want, sizeof(want), "%d", i + 1);
        assert_string_equal(outcomes[i].number, want);
    }
}

static int restarts;

static void on_restart(void *ctx)
{
    struct wr_record *load = record_new(arena);

    (void)ctx;
    restarts++;
    record_add(load, REC_STAGE, LIT("counter"));
    record_add(load, REC_BODY, LIT("100"));
    submit(JOB_LOAD, load, true);
    submit(JOB_ORDERED, titled("an event since"), true);
    pool_ordered_resume(pool);
}

static void restores_the_ordered_worker_before_it_goes_on(void **state)
{
    struct outcome *o[4];

    (void)state;
    restarts = 0;
    open_pool((const char *const[]){"counter", NULL}, true);
    pool_set_restart(pool, on_restart, NULL);
    o[0] = submit(JOB_ORDERED, titled("calm"), false);
    o[1] = submit(JOB_ORDERED, titled("crash"), false);
    o[2] = submit(JOB_ORDERED, titled("calm"), false);
    wait_until(all_done);
    o[3] = submit(JOB_SAVE, record_new(arena), false);
    wait_until(all_done);
    assert_int_equal(restarts, 1);
    assert_string_equal(o[0]->number, "1");
    assert_int_equal(o[1]->code, OK);
    assert_string_equal(o[1]->number, "");
    assert_string_equal(o[1]->note, "counter\tleft out: it crashed (SIGILL)");
    assert_string_equal(o[2]->number, "102");
    assert_int_equal(o[3]->saved, 3);
}

static void ends_all_jobs_when_it_is_closed(void **state)
{
    (void)state;
    open_pool((const char *const[]){"hang", NULL}, false);
    send_record("hang");
    send_record("calm");
    send_record("calm");
    uv_run(&loop, UV_RUN_NOWAIT);
    pool_close(pool, on_closed, NULL);
    assert_int_equal(finished, 0);
    while (!closed)
        uv_run(&loop, UV_RUN_ONCE);
    assert_int_equal(finished, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(outcomes[i].code, E_STOPPED);
    pool = NULL;
}

static void does_the_same_inline(void **state)
{
    const struct pool_options options = {
        .program = NULL, .conf = &conf, .ordered = true, .run_inline = true};
    struct outcome *plain;
    struct outcome *ordered;

    (void)state;
    conf.stages.names = (const char *const[]){"asker", "good", "counter", NULL};
    assert_int_equal(pool_open(&loop, &options, &pool, &err), OK);
    plain = send_record("calm");
    ordered = submit(JOB_ORDERED, titled("calm"), false);
    wait_until(was_asked);
    pool_fetched(pool, asked, 200, LIT(""), LIT("page two"));
    wait_until(all_done);
    assert_string_equal(plain->mark, "seen 24 0.50");
    assert_string_equal(ordered->number, "1");
}

#define POOL_FIXTURE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* Half of it is with the kernel, and the other half libuv is still to read. */
static void what_is_being_written_outlives_its_job(void **state)
{
    static const char *const names[] = {"good", NULL};
    struct wr_record *rec = titled("second");
    struct buf text = {0};
    struct outcome *o;

    (void)state;
    open_pool(names, false);
    send_record("first");
    wait_until(all_done);
    for (int i = 0; i < 4 << 20; i++)
        buf_add_byte(&text, 'x');
    record_set(rec, WR_TEXT, buf_bytes(&text));
    buf_done(&text);
    o = submit(JOB_RECORD, rec, false);
    poll(NULL, 0, 50); /* the worker takes the first half, so that there is room to write more */
    pool_close(pool, on_closed, NULL);
    pool = NULL;
    wait_until(all_done);
    assert_int_equal(o->code, E_STOPPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        POOL_FIXTURE(brings_records_through_a_worker),
        POOL_FIXTURE(a_feed_does_not_wait_for_all_of_another),
        POOL_FIXTURE(what_is_being_written_outlives_its_job),
        POOL_FIXTURE(counts_what_stages_do),
        POOL_FIXTURE(survives_a_stage_that_crashes),
        POOL_FIXTURE(survives_a_stage_that_aborts),
        POOL_FIXTURE(survives_a_stage_that_hangs),
        POOL_FIXTURE(spares_a_worker_that_answered_while_the_loop_was_held),
        POOL_FIXTURE(survives_a_stage_that_eats_memory),
        POOL_FIXTURE(tells_a_crash_for_want_of_memory_from_others),
        POOL_FIXTURE(gives_a_record_up_that_kills_two_workers),
        POOL_FIXTURE(refuses_to_start_with_a_module_of_another_abi),
        POOL_FIXTURE(names_the_option_or_stage_that_is_wrong_at_start),
        POOL_FIXTURE(keeps_the_old_chain_when_the_new_one_is_wrong),
        POOL_FIXTURE(takes_new_options_at_reload_and_ends_old_jobs),
        POOL_FIXTURE(parks_a_record_that_waits_and_works_on),
        POOL_FIXTURE(a_record_may_wait_again_and_again),
        POOL_FIXTURE(decodes_the_page_and_notes_one_that_is_cut),
        POOL_FIXTURE(passes_on_records_that_stages_make),
        POOL_FIXTURE(keeps_order_in_the_ordered_worker),
        POOL_FIXTURE(restores_the_ordered_worker_before_it_goes_on),
        POOL_FIXTURE(ends_all_jobs_when_it_is_closed),
        POOL_FIXTURE(does_the_same_inline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
