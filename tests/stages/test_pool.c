/* test_pool.c - records through real workers: in turn, in order, asked for pages, over reloads and
 * restarts. */
#include "stages/pool_jobs.h"

#include <poll.h>

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
    static const char *const good[] = {"good", NULL}, *const unopened[] = {"unopened", NULL};
    static const struct conf_option wrong = {"good", "colour", "red", "w.yaml:7:3", 0};
    static const struct conf_option crashing = {"unopened", "how", "crash", "w.yaml:7:3", 0};

    (void)state;
    conf.stages.names = good;
    conf.stages.options = &wrong;
    conf.stages.options_count = 1;
    assert_int_equal(pool_check(TEST_BIN "/wireroomd", &conf, &err), E_USAGE);
    assert_string_equal(err.text, "w.yaml:7:3: stage good has no option \"colour\"");
    conf.stages.names = unopened;
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
