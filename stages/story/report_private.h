/* report_private.h - what report.c and report_save.c share. */
#ifndef STORY_REPORT_PRIVATE_H
#define STORY_REPORT_PRIVATE_H

#include "report.h"

void numbers_add(struct numbers *numbers, uint64_t number);

struct report *report_find(const struct reports *reports, const uint8_t uuid[UUID]);
struct report *report_new(struct reports *reports, const uint8_t uuid[UUID]);
void report_forget(struct reports *reports, struct report *report);
void report_schedule(struct reports *reports, struct report *report, int64_t due);
void report_saved(struct reports *reports, struct report *report); /* nothing changed since */
void report_set_text(char **text, struct bytes value);             /* unless it is empty */

#endif
