/* test_worker.c - one worker process at the end of a pipe: what it answers, and when it ends. */
#include "stages/worker.h"

static void ends_when_the_pipe_does(void **state)
{
    (void)state;
    assert_int_equal(end(), EXIT_WORKER << 8);
    start();
    open_worker();
    assert_int_equal(end(), 0);
}

static void says_why_it_does_not_open(void **state)
{
    struct wr_record *request = record_new(arena);
    struct wr_record *answer;

    (void)state;
    conf.stages.names = (const char *const[]){"abi2", NULL};
    work_request(request, &conf, CHAIN_PLAIN, NULL);
    send_record(JOB_OPEN, request);
    assert_int_equal(receive(&answer), ANSWER_ERROR);
    assert_int_equal(record_get_int(answer, REC_CODE, 0), E_REFUSED);
    assert_int_equal(receive(&answer), -1);
    assert_int_equal(end(), 0);
}

static void goes_on_when_signals_reach_it_too(void **state)
{
    struct wr_record *answer;

    (void)state;
    open_worker();
    kill(pid, SIGINT);
    kill(pid, SIGTERM);
    kill(pid, SIGHUP);
    send_record(JOB_RECORD, record_new(arena));
    assert_int_equal(receive(&answer), ANSWER_RECORD);
    assert_int_equal(end(), 0);
}

static void answers_jobs_that_make_no_sense(void **state)
{
    struct wr_record *answer;

    (void)state;
    open_worker();
    send_record(200, record_new(arena));
    assert_int_equal(receive(&answer), ANSWER_ERROR);
    assert_int_equal(record_get_int(answer, REC_CODE, 0), E_USAGE);
    send_frame(JOB_RECORD, LIT("this is no record"));
    assert_int_equal(receive(&answer), ANSWER_ERROR);
    assert_int_equal(record_get_int(answer, REC_CODE, 0), E_FORMAT);
    send_record(JOB_FETCHED, record_new(arena));
    assert_int_equal(receive(&answer), ANSWER_ERROR);
    assert_int_equal(record_get_int(answer, REC_CODE, 0), E_NOT_FOUND);
    assert_int_equal(end(), 0);
}

static void ends_over_a_frame_that_is_too_large(void **state)
{
    struct wr_record *answer;

    (void)state;
    open_worker();
    assert_int_equal(send(fd, "\xff\xff\xff\xff\x05", 5, MSG_NOSIGNAL), 5);
    assert_int_equal(receive(&answer), -1);
    assert_int_equal(end(), EXIT_WORKER << 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORKER_TEST(ends_when_the_pipe_does),
        WORKER_TEST(says_why_it_does_not_open),
        WORKER_TEST(goes_on_when_signals_reach_it_too),
        WORKER_TEST(answers_jobs_that_make_no_sense),
        WORKER_TEST(ends_over_a_frame_that_is_too_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
