/* private.h - what the files of pool share: jobs, the processes that do them, and the stages
 * they die in. */
#ifndef WIREROOM_POOL_PRIVATE_H
#define WIREROOM_POOL_PRIVATE_H

#include <sys/queue.h>
#include <sys/stat.h>

#include "base/budget.h"
#include "base/clock.h"
#include "base/frame.h"
#include "pool/aside.h"
#include "pool/pool.h"
#include "pool/queue.h"
#include "worker/work.h"

enum {
    POOL_WORKERS = 64,
    POOL_ANSWERS = 512 << 20, /* bytes one job may answer with */
    POOL_BACKOFF =
        100, /* milliseconds before a worker that did not start is started again, doubled ... */
    POOL_BACKOFF_MOST = 30000, /* ... up to this */
};

struct job {
    TAILQ_ENTRY(job) link;
    struct pool_job ask; /* without its request, which is encoded in frame */
    uint64_t ticket;
    struct buf frame;      /* as sent to the worker */
    struct buf reply;      /* a JOB_FETCHED that waits for its worker */
    size_t held;           /* of the budget */
    struct child *child;   /* that does it, or where it is parked */
    int64_t worker_ticket; /* of a parked one */
    size_t answered;       /* bytes */
    int64_t came_at;       /* into the queue of plain ones */
    int64_t begun_at;      /* while a worker does it, else 0 */
    uint64_t left_out;     /* stages set aside that its request names already */
    int deaths;
    struct error err; /* of one that is over and whose owner must be told */
};

/* A place for a worker: when one dies the next one takes it. */
struct seat {
    struct pool *pool;
    struct child *child; /* NULL while the seat is empty */
    uv_timer_t again;    /* back-off */
    int failures;        /* starts that failed in a row */
    bool ordered;
    char name[24]; /* "worker 3" */
};

/* A worker process. It is freed when its last handle is closed. */
struct child {
    TAILQ_ENTRY(child) link;
    struct pool *pool;
    struct seat *seat; /* NULL once it is to end with what it has */
    uv_process_t process;
    uv_pipe_t pipe;
    uv_timer_t deadline;
    int handles; /* not yet closed */
    bool ordered, ready, overdue, exited, ended, dead;
    bool refused;         /* it said why it does not start */
    const char *distrust; /* why it was killed, or NULL */
    int64_t status;       /* of exit */
    int signal;
    struct chain_place *place; /* NULL when it could not be had */
    struct buf in;
    uv_write_t write;
    bool writing;
    struct buf opening; /* its JOB_OPEN */
    struct buf left;    /* what is being written to it for a job that is over */
    struct job *job;    /* under way, NULL when idle */
    size_t parked;
    char stages[CHAIN_STAGES][MODULE_NAME + 1]; /* names by their place in its chain */
    unsigned modules;                           /* pool's, when it started */
    bool is_short;                              /* a stage was set aside when it started */
};
TAILQ_HEAD(children, child);

/* Which file a module was, to tell when another one, or other bytes, stand in its place. */
struct module_file {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
};

/* A file that a stage's option names, as the workers have it. */
struct pool_file {
    char *path;
    struct module_file file; /* zero: there was none */
    struct module_file seen; /* at the last look */
    uint64_t hash;
    size_t place, len; /* in pool_files.fd */
    bool there, in_plain, in_ordered;
};

/* All of them; what a worker that is started later has, too, whatever became of them meanwhile. */
struct pool_files {
    struct pool_file at[FILES_MOST];
    size_t count;
    int fd; /* a file without a name, sealed; -1 while there is none */
};

struct pool_stage {
    uint64_t records, failed, killed;
    int64_t time;
    struct blame blame;
    struct module_file file;
    uint32_t flags;
    char name[MODULE_NAME + 1];
    char version[MODULE_NAME + 1];
};

struct pool {
    uv_loop_t *loop;
    char *program;
    const struct conf *conf;
    struct seat seats[POOL_WORKERS + 1]; /* the last one is the ordered worker's */
    size_t workers;                      /* plain seats in use */
    bool ordered;
    struct children children;
    struct pool_stage stages[CHAIN_STAGES];
    size_t stage_count;
    struct pool_files files;
    uv_timer_t look;  /* at them */
    unsigned modules; /* counts how often the modules were found changed */
    int64_t resting;  /* until then a site's records may have to go without a stage */

    struct queue plain;            /* for any worker */
    struct jobs in_order, restore; /* queued for the ordered one */
    struct budget *budget;
    struct jobs parked, over; /* waiting for a fetch; to be told that they are over */
    size_t jobs;
    uint64_t next_ticket;
    uv_idle_t wake; /* runs what must not happen within a call: over, inline jobs */

    pool_on_ordered_restart *on_restart;
    void *restart_ctx;
    bool restoring;    /* between on_restart and pool_ordered_resume() */
    bool must_restore; /* the next ordered worker is not the first */

    struct work *inline_plain, *inline_ordered; /* instead of workers */
    struct arena *scratch;                      /* of one answer */

    bool closing;
    int handles; /* timers and children not yet closed */
    void (*on_closed)(void *ctx);
    void *closed_ctx;
};

/* pool.c: hand queued jobs to whoever is idle; put one back before its feed's others; end one,
 * now or from the loop; one handle less. */
void pool_dispatch(struct pool *pool);
void pool_requeue(struct pool *pool, struct job *job);
void pool_done(struct pool *pool, struct job *job, const struct error *err);
void pool_over(struct pool *pool, struct job *job, const struct error *err);
void pool_closed_one(struct pool *pool);

/* Take an answer to job: the owner is told, and the job ended or parked. E_FORMAT: no answer to
 * such a job. */
enum pool_answer { POOL_MORE, POOL_DONE, POOL_PARKED };
int pool_answer(struct pool *pool, struct job *job, int kind, struct bytes body);

/* A new ordered worker is ready. */
void pool_ordered_ready(struct pool *pool);

/* child.c */
void seat_fill(struct seat *seat);
void child_send(struct child *child, struct job *job, struct buf *frame);
void child_retire(struct child *child);  /* it ends once its jobs are done */
void child_replace(struct child *child); /* as that, and another one in its seat */
void child_kill(struct child *child);
void child_leave(struct child *child); /* its job ends before it: NULL from now on */

/* Workers that do these end when their jobs are done, and others take their seats. */
void pool_renew(struct pool *pool, bool plain, bool ordered);

/* files.c: what the stages' files hold, for all workers: taken after a worker opened its stages and
 * told which they are (E_CHANGING: one is another by now), told to a worker, and looked after. */
enum { E_CHANGING = -100 };
int files_take(struct pool_files *files, const struct wr_record *ready, struct error *err);
void files_tell(const struct pool_files *files, struct wr_record *request);
void files_done(struct pool_files *files);
void files_watch(struct pool *pool);

/* modules.c: which file is there now; whether it is the same. */
struct module_file module_file_at(const char *path);
bool module_file_is_same(const struct module_file *a, const struct module_file *b);

/* modules.c: remember which files they are. */
void modules_note(struct pool *pool, const struct conf *conf);

/* Start all workers anew when a module has changed; false when none has. A copy that is not whole
 * yet is no module: the workers try again until it is. */
bool modules_reopen(struct pool *pool);

/* blame.c: what a dead worker died of and in, noted on its job and against the stage; name
 * and version of all stages; each stage's time. */
void blame_dead(struct child *child, struct job *job);
void stages_read(struct pool *pool, const struct wr_record *ready);
void stages_count(struct pool *pool, const struct job *job, const struct wr_record *answer);
void stages_leave_out(struct pool *pool, struct job *job);
void stages_come_back(struct pool *pool); /* those whose time is over are tried again */
size_t stages_set_aside(const struct pool *pool, const char **ret_names); /* NULL-terminated */

/* inline.c */
int inline_open(struct pool *pool, struct error *err);
int inline_reload(struct pool *pool, const struct conf *conf, struct error *err);
void inline_close(struct pool *pool);
void inline_run(struct pool *pool);

/* probe.c: ask a worker that is started for this and ended. The answer lies on arena. */
int probe_ask(struct arena *arena, const char *program, int kind, const struct wr_record *request,
    struct wr_record **ret_answer, struct error *err);
int probe_chain(struct arena *arena, const char *program, const struct conf *conf,
    struct wr_record **ret_ready, struct error *err);

/* Try the chain of conf, and learn its stages and what their files hold. */
int pool_try(struct pool *pool, const struct conf *conf, struct error *err);
char **probe_environment(struct arena *arena);

#endif
