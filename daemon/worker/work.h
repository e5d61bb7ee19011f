/* work.h - jobs done: what becomes of a frame, in a worker or inline. */
#ifndef WIREROOM_WORKER_WORK_H
#define WIREROOM_WORKER_WORK_H

#include "conf/conf.h"
#include "worker/chain.h"
#include "worker/job.h"

/* What a worker must know before its first job; strings are lent from the request. */
struct work_settings {
    const char *const *dirs;   /* of the modules; NULL-terminated */
    const char *const *stages; /* NULL-terminated */
    const char *const
        *set_aside; /* of those: loaded, but not opened and not run; NULL-terminated */
    const struct given_option *options;
    size_t options_count;
    const struct stage_file *files; /* that the daemon has read */
    size_t files_count;
    int kind;            /* enum chain_kind */
    size_t memory;       /* bytes of private memory */
    size_t max_decoded;  /* bytes of a decoded body */
    int64_t max_entries; /* of one document */
    int64_t sitemap_age; /* microseconds: what a sitemap lists as older is not read; 0 for all */
    bool sandbox;
};

/* The settings as the record of a JOB_OPEN, from the configuration; and read from it. set_aside may
 * be NULL. */
void work_request(struct wr_record *request, const struct conf *conf, enum chain_kind kind,
    const char *const *set_aside);
void work_read_request(struct wr_record *request, struct work_settings *ret_settings);

/* The files of a request, in all that was given of them. */
void work_read_files(struct wr_record *request, struct bytes all, struct work_settings *settings);

/* A list in a request, NULL-terminated, on its arena; and put there (values may be NULL). */
const char *const *work_get_list(struct wr_record *request, int field);
void work_add_list(struct wr_record *request, int field, const char *const *values);

struct work;

/* Load and open the chain. E_* names the stage or option at fault; ret_ready is then untouched.
 * place may be NULL and outlives the work. */
int work_open(const struct work_settings *settings, struct chain_place *place,
    struct work **ret_work, struct error *err);
void work_close(struct work *work);

/* The answer to JOB_OPEN once all is well. */
void work_ready(const struct work *work, struct wr_record *ready);

/* Do one job. The body is lent, but taken (and *body emptied) when a record stays behind to wait
 * for a fetch. on_answer is called one or more times before this returns; the last answer of a job
 * is neither ANSWER_ENTRY nor ANSWER_EMITTED. */
typedef void work_on_answer(void *ctx, int kind, const struct wr_record *answer);
void work_do(struct work *work, int kind, struct buf *body, work_on_answer *on_answer, void *ctx);

/* JOB_DESCRIBE, which needs no chain. */
void work_describe(struct wr_record *request, work_on_answer *on_answer, void *ctx);

#endif
