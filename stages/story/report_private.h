/* report_private.h - what the files of reports share. */
#ifndef STORY_REPORT_PRIVATE_H
#define STORY_REPORT_PRIVATE_H

#include "report.h"

void numbers_add(struct numbers *numbers, uint64_t number);

struct report *report_find(const struct reports *reports, const uint8_t uuid[UUID]);
struct report *report_new(struct reports *reports, const uint8_t uuid[UUID]);
struct report *report_begin(
    struct reports *reports, const uint8_t uuid[UUID], struct bytes uri, int64_t time);
void report_forget(struct reports *reports, struct report *report);
void report_schedule(struct reports *reports, struct report *report, int64_t due);
void report_saved(struct reports *reports, struct report *report); /* nothing changed since */
void report_set_text(char **text, struct bytes value);             /* unless it is empty */

/* An article is counted, by how it came or by its line; its role. And counted no longer. */
const char *report_count(struct report *report, const struct arrival *arrival, int64_t time);
void report_count_again(struct report *report, struct bytes line, bool is_first);
void report_uncount(struct report *report, struct bytes line);

int64_t member_time(struct bytes line);
struct bytes member_uri(struct bytes line);

void report_has_news(struct reports *reports, struct report *report);
void report_remember(struct report *report, int64_t now); /* its members were told */

#endif
