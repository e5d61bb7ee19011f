/* private.h - what the jobs share: between work.c and work_feed.c only. */
#ifndef WIREROOM_WORKER_PRIVATE_H
#define WIREROOM_WORKER_PRIVATE_H

#include "worker/work.h"

struct work {
    struct chain *chain;
    size_t memory, max_decoded;
    int64_t max_entries;
    int64_t sitemap_age;
    int64_t next_ticket;
    struct task *parked[WORKER_PARKED];
};

/* Where the answers to a job go. */
struct answers {
    work_on_answer *on_answer;
    void *ctx;
};

void answer(const struct answers *to, int kind, const struct wr_record *rec);
void answer_error(const struct answers *to, struct arena *arena, const struct error *err);

/* The value of a header in a list field of "Name: value" lines, or empty. */
struct bytes work_header(const struct wr_record *rec, int field, const char *name);

/* JOB_FEED, and those that are answered with JSON text. */
bool work_is_document(int kind);
void work_document(struct work *work, int kind, struct arena *arena, struct wr_record *request,
    const struct answers *to);

/* JOB_ROBOTS. */
void work_robots(
    struct work *work, struct arena *arena, struct wr_record *request, const struct answers *to);

/* Read one small document of each kind, so that what libraries load on first use is loaded before
 * the sandbox closes. */
void work_warm_up(void);

#endif
