/* tell.h - a record gets what is known of its story, and records of their own tell what changed. */
#ifndef STORY_TELL_H
#define STORY_TELL_H

#include "report.h"
#include "threads.h"
#include "wireroom/stage.h"

/* What the record is to the members that are there; to be asked before it is placed. */
/* Whose report the record is, as a number of text/agency.h: the agency it carries, or at home on
 * whose site it is. A copy that names nobody is told to carry whom the article it repeats is of;
 * what was told so in an earlier run does not count. */
uint16_t tell_house(wr_record *rec, struct threads *threads);

struct arrival tell_arrival(const wr_record *rec, struct threads *threads, int64_t time);

/* It was placed: it is counted, gets its fields, and whatever is to be told now is emitted. */
void tell_record(
    struct reports *reports, wr_record *rec, struct arrival *arrival, const struct placed *placed);

/* No article came: whatever is to be told at that time is emitted; when that is nothing it leaves
 * no trace. */
void tell_due(struct reports *reports, wr_record *rec, int64_t time);

#endif
