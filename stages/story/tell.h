/* tell.h - a record gets what is known of its story, and records of their own tell what changed. */
#ifndef STORY_TELL_H
#define STORY_TELL_H

#include "report.h"
#include "threads.h"
#include "wireroom/stage.h"

/* What the record is to the members that are there; to be asked before it is placed. */
struct arrival tell_arrival(const wr_record *rec, struct threads *threads, int64_t time);

/* It was placed: it is counted, gets its fields, and whatever is to be told now is emitted. */
void tell_record(
    struct reports *reports, wr_record *rec, struct arrival *arrival, const struct placed *placed);

#endif
