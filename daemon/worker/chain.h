/* chain.h - the stages in order, and one record's way through them. */
#ifndef WIREROOM_WORKER_CHAIN_H
#define WIREROOM_WORKER_CHAIN_H

#include "record/record.h"
#include "worker/module.h"

enum {
    CHAIN_STAGES = 64,  /* in one chain */
    CHAIN_EMITTED = 64, /* records made over one record */
    CHAIN_FETCHES = 16, /* documents asked for over one record */
    CHAIN_NOTES = 32,   /* remarks of stages on one record; a remark has at most CHAIN_NOTE bytes */
    CHAIN_NOTE = 500,
    CHAIN_LOG_LINES = 20, /* of stages over one record */
};

/* Where a worker is, for whoever must say what it died of: lies in memory that both processes
 * share. */
struct chain_place {
    _Atomic uint32_t
        step; /* enum chain_step, or CHAIN_STEP_STAGE + index of the stage in the chain */
    _Atomic uint32_t call;    /* number of a forbidden system call, plus 1; 0 for none */
    _Atomic uint32_t refused; /* 1: it died after the C library had been refused memory */
    _Atomic int64_t began;    /* clock_mono() */
    _Atomic uint32_t last;    /* step of the stage that ran last, or 0 */
    _Atomic uint32_t threads; /* step of the stage that started threads last, or 0 */
};

enum chain_step { CHAIN_IDLE, CHAIN_STARTING, CHAIN_DECODE, CHAIN_FEED, CHAIN_STEP_STAGE };

struct chain;

/* An empty chain; its stages' own memory lies on an arena of its own. place may be NULL. */
struct chain *chain_new(struct chain_place *place);

/* Add a module by name, or a stage that is linked in, filled with those of given that are for it.
 */
int chain_load(struct chain *chain, const char *const *dirs, const char *name,
    const struct given_option *given, size_t count, struct error *err);
int chain_add(struct chain *chain, const wr_stage *stage, const struct given_option *given,
    size_t count, struct error *err);

/* Files of the stages that are there already, and those that the stages have once they are open;
 * lent. At most FILES_MOST. */
void chain_take_files(struct chain *chain, const struct stage_file *files, size_t count);
const struct stage_files *chain_files(const struct chain *chain);

/* Which of them run here: those with WR_ORDERED, or those without. chain_open() opens them, in
 * order. */
enum chain_kind { CHAIN_PLAIN = 1, CHAIN_ORDERED = 2, CHAIN_ALL = 3 };
int chain_open(struct chain *chain, enum chain_kind kind, struct error *err);
void chain_free(struct chain *chain);

/* Leave a stage out until further notice (its place in the chain stays); false when there is none
 * of this name. */
bool chain_skip(struct chain *chain, const char *name);

/* The stages, for those who ask; NULL past the end. */
const wr_stage *chain_stage(const struct chain *chain, size_t i);

/* Tell the place and the time. */
void chain_at(struct chain *chain, uint32_t step);

/* One record's way. It starts with chain_start(), which makes rec and all that is emitted over it
 * part of the run, and goes on with chain_go(): that returns CHAIN_DONE when rec and its emitted
 * records are through, or CHAIN_WAITS when a stage asked for run->url; chain_go() is then called
 * with the reply (or NULL: no reply). chain_cancel() ends a run that waits. A stage that fails,
 * waits for nothing or returns nonsense costs the record nothing but a note; REC_SKIP names stages
 * that are left out; REC_TRACE tells each stage's time. The run lies on rec's arena. */
struct chain_run;
enum chain_state { CHAIN_DONE, CHAIN_WAITS };

struct chain_run *chain_start(struct chain *chain, struct wr_record *rec);
/* The same for a record that is no article: the stages with due() are called. */
struct chain_run *chain_start_due(struct chain *chain, struct wr_record *rec);
/* The first time that one of them said, wall; 0 for none. */
int64_t chain_due(struct chain *chain);
enum chain_state chain_go(struct chain_run *run, const wr_event *reply);
void chain_cancel(struct chain_run *run);
struct bytes chain_url(const struct chain_run *run); /* of CHAIN_WAITS */
size_t chain_emitted(const struct chain_run *run);   /* records made on the way */
struct wr_record *chain_get_emitted(const struct chain_run *run, size_t i);

/* What the ordered stages remember, added to saved as pairs of REC_STAGE and REC_BODY, lent until
 * they run again, and a REC_SAVES of each stage, also of one that learned nothing since its last
 * save. And given back: pairs again, of each stage its oldest save first. A stage that refuses one
 * gets a REC_NOTE on saved. */
void chain_save(struct chain *chain, struct wr_record *saved);
void chain_load_saved(struct chain *chain, struct wr_record *saved);

#endif
