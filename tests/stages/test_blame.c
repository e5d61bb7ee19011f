/* test_blame.c - whose fault it is when a worker dies, and who rests because of it. */
#include "unit/own_clock.h"

#include "stages/ask.h"

#include "pool/aside.h"

static const char *const chain[] = {"crash", NULL};
static struct pool_stage_view stages[2];

static void send_from(const char *host, const char *title)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_TITLE, bytes_of(title));
    record_set(rec, REC_FEED_URL, bytes_format(arena, "http://%s/feed", host));
    record_set(rec, WR_PAGE_URL, bytes_format(arena, "http://%s/1", host));
    ask(JOB_RECORD, rec);
    assert_int_equal(code, OK);
    pool_stages(pool, stages, 2);
}

static void sets_a_site_aside_that_kills_and_not_the_stage(void **state)
{
    (void)state;
    open_pool(chain, false);
    for (int i = 0; i < ASIDE_DEATHS; i++)
        send_from("evil.example", "crash");
    send_from("evil.example", "crash");
    assert_string_equal(trace, "crash\t0\tskipped");
    send_from("news.example", "calm");
    assert_true(bytes_ends(bytes_of(trace), LIT("\tok")));
    assert_false(stages[0].set_aside);
    assert_int_equal(stages[0].killed, ASIDE_DEATHS);
}

static void kill_from_three_sites(void)
{
    open_pool(chain, false);
    send_from("a.example", "crash");
    send_from("b.example", "crash");
    send_from("c.example", "crash");
    assert_true(stages[0].set_aside);
    send_from("news.example", "crash");
    assert_string_equal(trace, "crash\t0\tskipped");
    assert_int_equal(stages[0].killed, 3);
}

static void sets_a_stage_aside_that_many_sites_kill_until_reload(void **state)
{
    (void)state;
    kill_from_three_sites();
    assert_int_equal(pool_reload(pool, &conf, &err), OK);
    send_from("news.example", "calm");
    assert_true(bytes_ends(bytes_of(trace), LIT("\tok")));
    assert_false(stages[0].set_aside);
}

/* Also in the worker that was started without it. */
static void tries_a_stage_again_after_a_rest(void **state)
{
    (void)state;
    kill_from_three_sites();
    pass_time(ASIDE_FIRST);
    send_from("news.example", "calm");
    send_from("news.example", "calm");
    assert_true(bytes_ends(bytes_of(trace), LIT("\tok")));
    assert_false(stages[0].set_aside);
}

/* What a worker says is checked before memory is taken for it, and held against whoever ran last.
 */
static void believes_no_worker_that_a_stage_speaks_for(void **state)
{
    static const struct {
        const char *title, *said;
    } lies[] = {
        {"garbage", "a frame over the limit"},
        {"large", "a frame over the limit"},
        {"values", "more values than a field may have"},
    };
    static const char *const liars[] = {"good", "liar", NULL};
    char wanted[200];

    (void)state;
    open_pool(liars, false);
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        assert_int_equal(pool_reload(pool, &conf, &err), OK);
        send_from("news.example", lies[i].title);
        snprintf(wanted, sizeof(wanted), "liar\tleft out: it said %s", lies[i].said);
        assert_string_equal(note, wanted);
        assert_int_equal(stages[0].killed, 0);
    }
    send_from("news.example", "keywords");
    assert_null(strstr(note, "liar"));
    assert_int_equal(keywords, RECORD_LIST);
}

/* A copy of a module in a folder of its own, written over in place as cp does. */
static void copy_module(const char *from, const char *to)
{
    struct bytes command = bytes_format(arena, "cp %s/%s.so %s", TEST_BAD_STAGES, from, to);

    assert_int_equal(system(command.ptr), 0);
}

static void loses_no_record_to_a_module_that_is_written_over(void **state)
{
    char dir[] = "/tmp/test_blame_XXXXXX";
    const char *path;

    (void)state;
    assert_non_null(mkdtemp(dir));
    path = bytes_format(arena, "%s/crash.so", dir).ptr;
    copy_module("crash", path);
    conf.stages.dirs = (const char *const[]){dir, NULL};
    open_pool(chain, false);
    send_from("news.example", "calm");
    assert_null(pool_changed(pool));
    copy_module("crash", path);
    assert_string_equal(pool_changed(pool), "crash");
    send_from("news.example", "crash");
    assert_int_equal(
        stages[0].killed, 1); /* forgiven once, and not the stage's that is there now */
    assert_null(pool_changed(pool));
    assert_int_equal(remove(path), 0);
    assert_int_equal(remove(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            sets_a_site_aside_that_kills_and_not_the_stage, setup, teardown),
        cmocka_unit_test_setup_teardown(
            sets_a_stage_aside_that_many_sites_kill_until_reload, setup, teardown),
        cmocka_unit_test_setup_teardown(
            believes_no_worker_that_a_stage_speaks_for, setup, teardown),
        cmocka_unit_test_setup_teardown(
            loses_no_record_to_a_module_that_is_written_over, setup, teardown),
        cmocka_unit_test_setup_teardown(tries_a_stage_again_after_a_rest, setup, teardown),
    };

    return cmocka_run_group_tests(tests, own_the_clock, NULL);
}
