/* reader.h - readers of the log: each is a cursor that goes on as far as there is credit and
 * whoever takes has room. What was just committed is handed over as it comes; what is behind is
 * read back a page at a time, in turn, so that no reader keeps the loop or another waiting. One
 * that stands still costs its cursor. */
#ifndef WIREROOM_DELIVER_READER_H
#define WIREROOM_DELIVER_READER_H

#include <sys/queue.h>
#include <uv.h>

#include "store/store.h"

struct readers;

enum { READER_TURN = 5000 }; /* microseconds of reading before the loop has its turn */

#define READER_ENDLESS UINT64_MAX /* an end: those to come, too */

struct reader_hooks {
    /* All return false when there is no room now, and are called again after reader_resume(); none
     * may remove a reader. An event under a topic that the filter wants: */
    bool (*take)(void *ctx, const struct committed *event);
    /* These sequences are not in the log any more. */
    bool (*trimmed)(void *ctx, uint64_t from, uint64_t to);
    /* The cursor has reached the end. */
    bool (*ended)(void *ctx);
};

/* Owned by whoever reads; all but what is said to be is theirs to set before reader_add(). */
struct reader {
    const struct reader_hooks *hooks;
    void *ctx;
    const char *filter;
    uint64_t cursor;        /* the last sequence that is done with */
    uint64_t end;           /* the last that is wanted, or READER_ENDLESS */
    int64_t records, bytes; /* credit, while both are above 0; the last event may be larger */
    /* Of readers.c: */
    LIST_ENTRY(reader) entry;
    struct readers *readers;
    bool full, has_ended;
};

int readers_open(uv_loop_t *loop, struct store *store, struct readers **ret_readers);
void readers_close(struct readers *readers); /* none is left; NULL is allowed */

void reader_add(struct readers *readers, struct reader *reader);
void reader_remove(struct reader *reader); /* one that was not added is left as it is */

/* Credit was given, there is room again, or the cursor was set. */
void reader_resume(struct reader *reader);

/* An event that was just committed. */
void readers_event(struct readers *readers, const struct committed *event);

#endif
