/* enrich.h - jobs to workers and back: deadlines, blame, burying the dead. Runs on any uv loop, so that the
 * offline verbs of `wireroom` use the same sandboxed workers as the daemon. */
#ifndef WIREROOM_LOOP_ENRICH_H
#define WIREROOM_LOOP_ENRICH_H

#include <uv.h>

#include "base/conf.h"
#include "base/record.h"
#include "worker/job.h"

struct enrich;

struct enrich_options {
    const char *program;   /* path of wireroomd, started as `wireroomd --worker` */
    const struct conf *conf; /* workers.*, stages.*; outlives the pool */
    bool run_inline;       /* the same chain in this process: debuggers, fuzzers, tests */
    bool ordered;          /* also start the one ordered worker */
};

/* One answer, lent until the call returns. kind: enum answer_kind except ANSWER_ERROR. */
typedef void enrich_on_answer(void *ctx, int kind, struct wr_record *answer);

/* The job is over. err is NULL when it succeeded. E_CRASH, E_TIMEOUT, E_LIMIT: a worker died over it (twice for a
 * JOB_RECORD or JOB_ORDERED: after the first death it runs again without the stage to blame, and the answer carries a REC_NOTE
 * that names it). Not called again, and nothing else is, after this. */
typedef void enrich_on_done(void *ctx, const struct error *err);

/* A stage asks for url: fetch it and call enrich_fetched() with the ticket, whatever came of it. NULL: refused. */
typedef void enrich_on_fetch(void *ctx, struct bytes url, uint64_t ticket);

struct enrich_job {
    int kind;
    const struct wr_record *request; /* encoded before enrich_submit() returns */
    enrich_on_answer *on_answer;
    enrich_on_done *on_done;
    enrich_on_fetch *on_fetch;
    void *ctx;
};

/* Start the workers and return without waiting for them; modules that cannot be loaded are an error here only
 * when the files or options are plainly wrong (conf), else reported by the worker and logged. */
int enrich_open(uv_loop_t *loop, const struct enrich_options *options, struct enrich **ret_enrich,
    struct error *err);

/* Queue a job. JOB_ORDERED, JOB_SAVE and JOB_LOAD go to the ordered worker, strictly in order, all others to the first
 * worker that is free. Callbacks come from the loop, never from within this call. */
void enrich_submit(struct enrich *enrich, const struct enrich_job *job);
void enrich_fetched(struct enrich *enrich, uint64_t ticket, int status, struct bytes body);

/* Called when the ordered worker died and a new one is up, before any further JOB_ORDERED runs: the owner submits
 * JOB_LOAD and the JOB_ORDERED of all events since that save, then calls enrich_ordered_resume(). */
typedef void enrich_on_ordered_restart(void *ctx);
void enrich_set_restart(struct enrich *enrich, enrich_on_ordered_restart *on_restart, void *ctx);
void enrich_ordered_resume(struct enrich *enrich);

/* New workers with a new configuration (modules, options); jobs under way end with the old ones. */
int enrich_reload(struct enrich *enrich, const struct conf *conf, struct error *err);

/* Whether any stage of the chain needs the page. Known after enrich_open(). */
bool enrich_needs_page(const struct enrich *enrich);
size_t enrich_waiting(const struct enrich *enrich); /* jobs queued or under way */

/* Per stage counters for status and metrics. */
struct enrich_stage {
    const char *name;
    const char *version;
    uint64_t records, failed, killed; /* killed: workers that died in it */
    int64_t time;                     /* microseconds spent */
    bool set_aside;
};
size_t enrich_stages(const struct enrich *enrich, struct enrich_stage *ret_stages, size_t room);

/* End the workers; jobs under way end with E_STOPPED. on_closed comes when all handles are closed. */
void enrich_close(struct enrich *enrich, void (*on_closed)(void *ctx), void *ctx);

#endif
