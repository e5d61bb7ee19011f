/* host.h - what wr_slot(), wr_emit(), wr_fetch(), wr_note() and wr_log() know: between chain.c and
 * host.c only. */
#ifndef WIREROOM_WORKER_HOST_H
#define WIREROOM_WORKER_HOST_H

#include "worker/chain.h"

/* A record among the stages: behind its `host`, on its arena. */
struct passage {
    struct wr_record *rec;
    struct chain_run *run; /* NULL for a record that no chain has taken up */
    const char *stage;     /* name of the stage at work */
    size_t at;             /* its place in the chain */
    void *slots[CHAIN_STAGES];
    bool emitted;        /* by the stage at `at`: it starts behind it */
    bool waiting;        /* it said WR_WAIT */
    struct bytes wanted; /* by wr_fetch() */
    int64_t spent;       /* microseconds in it so far */
    size_t notes, log_lines;
};

/* The passage of rec, made at first sight. */
struct passage *passage_of(struct wr_record *rec);

/* Add REC_NOTE "stage<TAB>text" as wr_note() does. */
void passage_note(struct passage *passage, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A record that follows parent, or NULL when there are too many. */
struct passage *passage_emit(struct passage *parent);

/* Whose wr_log() lines come next; passage may be NULL (open, close, save, load). */
void host_enter(const char *stage, struct passage *passage);

/* The same of open(), whose last line of trouble, by wr_log(WR_ERROR), is held back: the error of a
 * stage that does not open tells it. */
void host_enter_open(const char *stage);

/* That line; "" for none. */
const char *host_trouble(void);

/* It goes to the log after all: no error told it. */
void host_tell_trouble(void);

#endif
