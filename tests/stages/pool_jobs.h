/* pool_jobs.h - records sent through a pool of real workers, and what came of each. */
#ifndef WIREROOM_TEST_POOL_JOBS_H
#define WIREROOM_TEST_POOL_JOBS_H

#include "stages/pool.h"

#include <stdio.h>

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

#define POOL_FIXTURE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
