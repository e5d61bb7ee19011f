/* reader.h - what a reader of the log and the daemon say to one another. Of the library alone. */
#ifndef WIREROOM_READER_H
#define WIREROOM_READER_H

#include "connection.h"
#include "wireroom.h"

struct wireroom_consumer {
    struct connection connection;
    char *name, *filter, *start;
    char *from, *to; /* of a replay, which has no name */
    unsigned window;
    uint64_t acked;  /* on the daemon's disk */
    uint64_t done;   /* acknowledged, and perhaps not yet told */
    uint64_t handed; /* given to the program */
    uint64_t last;   /* that came by this connection; of a replay, by any */
    uint64_t end;    /* of a replay: the newest event of its begin */
    int is_answered; /* by this connection: what comes before is of one before it */
    int has_ended;
    char epoch[64], error[512];
    int failed;
};

/* The first words on a connection. */
void reader_hello(struct wireroom_consumer *c);

/* Waits so long at most for a message, and takes it. */
enum connection_state reader_step(
    struct wireroom_consumer *c, int64_t milliseconds, struct wireroom_event *ret_event);

/* Tell what is done with. */
void reader_tell(struct wireroom_consumer *c);
void reader_fail(struct wireroom_consumer *c, int code, const char *text);

#endif
