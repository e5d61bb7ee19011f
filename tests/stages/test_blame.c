/* test_blame.c - whose fault it is when a worker dies, and who rests because of it. */
#include "unit/own_clock.h"

#include "stages/ask.h"

#include "enrich/aside.h"

static const char *const chain[] = {"crash", NULL};
static struct enrich_stage stages[2];

static void send_from(const char *host, const char *title)
{
    struct wr_record *rec = record_new(arena);

    record_set(rec, WR_TITLE, bytes_of(title));
    record_set(rec, REC_FEED_URL, bytes_format(arena, "http://%s/feed", host));
    record_set(rec, WR_PAGE_URL, bytes_format(arena, "http://%s/1", host));
    ask(JOB_RECORD, rec);
    assert_int_equal(code, OK);
    enrich_stages(enrich, stages, 2);
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
    assert_int_equal(enrich_reload(enrich, &conf, &err), OK);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            sets_a_site_aside_that_kills_and_not_the_stage, setup, teardown),
        cmocka_unit_test_setup_teardown(
            sets_a_stage_aside_that_many_sites_kill_until_reload, setup, teardown),
        cmocka_unit_test_setup_teardown(tries_a_stage_again_after_a_rest, setup, teardown),
    };

    return cmocka_run_group_tests(tests, own_the_clock, NULL);
}
