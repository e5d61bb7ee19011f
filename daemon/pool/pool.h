/* pool.h - jobs to workers and back: deadlines, blame, burying the dead. Runs on any uv loop, so
 * that the offline verbs of `wireroom` use the same sandboxed workers as the daemon. */
#ifndef WIREROOM_POOL_POOL_H
#define WIREROOM_POOL_POOL_H

#include <uv.h>

#include "conf/conf.h"
#include "record/record.h"
#include "worker/job.h"

struct budget;
struct pool;

enum { POOL_PROBE = 10 }; /* seconds a worker may take to load and open its stages */

struct pool_options {
    const char *program;     /* path of wireroomd, started as `wireroomd --worker` */
    const struct conf *conf; /* workers.*, stages.*; outlives the pool */
    bool run_inline;         /* the same chain in this process: debuggers, fuzzers, tests */
    bool ordered;            /* also start the one ordered worker */
    struct budget *budget;   /* jobs are charged to it, NULL for none; outlives the pool */
};

/* One answer, lent until the call returns. kind: enum answer_kind except ANSWER_ERROR. */
typedef void pool_on_answer(void *ctx, int kind, struct wr_record *answer);

/* The job is over. err is NULL when it succeeded. E_CRASH, E_TIMEOUT, E_LIMIT: a worker died over
 * it (twice for a JOB_RECORD or JOB_ORDERED: after the first death it runs again without the stage
 * to blame, and the answer carries a REC_NOTE that names it). Not called again, and nothing else
 * is, after this. */
typedef void pool_on_done(void *ctx, const struct error *err);

/* A stage asks for url: fetch it and call pool_fetched() with the ticket, whatever came of it.
 * The job may end before that (its worker died): the ticket is then no longer known and
 * pool_fetched() does nothing. NULL: refused. */
typedef void pool_on_fetch(void *ctx, struct bytes url, uint64_t ticket);

struct pool_job {
    int kind;
    int64_t feed;                    /* whose it is: feeds share the workers' time; 0: nobody's */
    const struct wr_record *request; /* encoded before pool_submit() returns */
    pool_on_answer *on_answer;
    pool_on_done *on_done;
    pool_on_fetch *on_fetch;
    void *ctx;
    bool restore; /* part of a restore, between the restart hook and pool_ordered_resume() */
};

/* Try the chain in one worker that is started, asked and ended before this returns (some 10 ms;
 * POOL_PROBE at most): a module that cannot be loaded or an option that is wrong is an error
 * here, with its place. Then start the workers and return without waiting for them. */
int pool_open(
    uv_loop_t *loop, const struct pool_options *options, struct pool **ret_pool, struct error *err);

/* Queue a job. JOB_ORDERED, JOB_SAVE and JOB_LOAD go to the ordered worker, strictly in order, all
 * others to the first worker that is free: feed by feed, those that take long after those that do
 * not. Callbacks come from the loop, never from within this
 * call. */
void pool_submit(struct pool *pool, const struct pool_job *ask);

/* The reply: status 0 when there is none. body is as on the wire, encoding its Content-Encoding (""
 * for none). */
void pool_fetched(
    struct pool *pool, uint64_t ticket, int status, struct bytes encoding, struct bytes body);

/* Called when the ordered worker died or was replaced by pool_reload() and a new one is up,
 * before any further JOB_ORDERED runs: the owner submits, with `restore` set, JOB_LOAD and the
 * JOB_ORDERED of all events since that save, then calls pool_ordered_resume(); jobs without
 * `restore` wait until then, in order. When the new worker dies too, what is left of the restore
 * ends with E_STOPPED and this is called again. Without this hook nothing is restored. It is not
 * called for the first start: the owner then submits the same jobs before all others. */
typedef void pool_on_ordered_restart(void *ctx);
void pool_set_restart(struct pool *pool, pool_on_ordered_restart *on_restart, void *ctx);
void pool_ordered_resume(struct pool *pool);

/* New workers with a new configuration (modules, options), tried as in pool_open(): an error
 * changes nothing. Jobs under way end with the old ones. Stages set aside come back. */
int pool_reload(struct pool *pool, const struct conf *conf, struct error *err);

/* A stage whose module is no longer the file that was opened, or holds something else; NULL when
 * there is none. Workers that have the old one may crash; pool_reload() starts them anew. */
const char *pool_changed(const struct pool *pool);

/* Whether any stage of the chain needs the page. Known after pool_open(). */
bool pool_needs_page(const struct pool *pool);

/* Whether any stage of the chain is ordered: without one nothing has to be given back to it. */
bool pool_has_ordered(const struct pool *pool);
size_t pool_waiting(const struct pool *pool); /* jobs queued or under way */
size_t pool_workers(const struct pool *pool, size_t *ret_busy);

/* The most memory that one of the workers which live has held, in bytes; 0 where that is not told.
 */
int64_t pool_memory(const struct pool *pool);

/* Per stage counters for status and metrics. */
struct pool_stage_view {
    const char *name;
    const char *version;
    uint64_t records, failed, killed; /* killed: workers that died in it */
    int64_t time;                     /* microseconds spent */
    bool set_aside;
};
size_t pool_stages(const struct pool *pool, struct pool_stage_view *ret_stages, size_t room);

/* What rests now, for each stage and site. */
struct pool_rest {
    const char *stage;
    const char *site; /* whose records go on without it; NULL: all do */
    int64_t until;    /* monotonic */
};
void pool_rests(
    const struct pool *pool, void (*each)(void *ctx, const struct pool_rest *rest), void *ctx);

/* What modules there are in dirs (NULL-terminated): a JSON array, one object a module, as
 * JOB_DESCRIBE answers it. Each is looked at in a process of its own, without a loop. */
int pool_describe(struct arena *arena, const char *program, const char *const *dirs,
    struct bytes *ret_json, struct error *err);

/* Load and open the chain of conf in a worker of its own and end it: what --check-config asks. */
int pool_check(const char *program, const struct conf *conf, struct error *err);

/* End the workers; jobs under way end with E_STOPPED. on_closed comes when all handles are closed.
 */
void pool_close(struct pool *pool, void (*on_closed)(void *ctx), void *ctx);

#endif
