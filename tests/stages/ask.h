/* ask.h - one job after the other for a pool of real workers, and what came of the last one. */
#ifndef WIREROOM_TEST_ASK_H
#define WIREROOM_TEST_ASK_H

#include "stages/pool.h"

#include <stdio.h>

static bool done;
static int code;
static size_t headline, keywords;
static char said[500], trace[200], note[300];
static void (*look)(int kind, const struct wr_record *answer); /* at each answer, or NULL */

static int setup(void **state)
{
    (void)state;
    pool_setup();
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

static void on_answer(void *ctx, int kind, struct wr_record *answer)
{
    (void)ctx;
    if (look != NULL)
        look(kind, answer);
    headline = record_get(answer, WR_TITLE).len;
    keywords = wr_count(answer, WR_KEYWORD);
    copy_field(trace, sizeof(trace), record_get(answer, REC_TRACE));
    copy_field(note, sizeof(note), record_get(answer, REC_NOTE));
}

static void on_done(void *ctx, const struct error *problem)
{
    (void)ctx;
    assert_false(done);
    done = true;
    code = problem == NULL ? OK : problem->code;
    copy_field(said, sizeof(said), bytes_of(problem == NULL ? "" : problem->text));
}

static bool is_done(void)
{
    return done;
}

static void ask(int kind, const struct wr_record *request)
{
    const struct pool_job job = {
        .kind = kind, .request = request, .on_answer = on_answer, .on_done = on_done};

    done = false;
    trace[0] = note[0] = '\0';
    pool_submit(pool, &job);
    wait_until(is_done);
}

#endif
