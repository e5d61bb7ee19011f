/* header.h - what the header lines of an answer say, whatever they look like. */
#ifndef WIREROOM_FETCH_HEADER_H
#define WIREROOM_FETCH_HEADER_H

#include "base/str.h"

/* More than this is no honest answer: 1,024 lines of all answers on the way (1xx included), 128
 * KiB. */
enum { HEADER_LINES = 1024, HEADER_BYTES = 128 << 10 };

/* A validator longer than this, or with control characters in it, is taken for absent: it is kept
 * for each feed. */
enum { VALIDATOR_LIMIT = 1024 };

/* Longest time that is believed of a header: ten years, in seconds. */
enum { HEADER_SECONDS = 315360000 };

/* Add one line as it came ("Name: value\r\n") to out as "name: value\n". A line that starts with
 * white space continues the one before (RFC 9112 section 5.2); a line without a name is dropped. */
void header_add(struct buf *out, struct bytes line);

/* Value of the first line of this name (lower case), without white space at its ends; ptr is NULL
 * when there is none. */
struct bytes header_find(struct bytes headers, const char *name);

/* The same for each such line in turn: rest is what is still to be searched. */
struct bytes header_next(struct bytes *rest, const char *name);

/* What is read of every answer; the first line of each name counts, ptr is NULL for those that are
 * absent. */
struct head {
    struct bytes etag, last_modified, retry_after, date, age, expires;
    int64_t max_age; /* seconds, of all Cache-Control lines; -1 for nothing, -2 for no-cache and
                        no-store */
};
void head_read(struct bytes headers, struct head *ret_head);

/* Retry-After (RFC 9110 section 10.2.3) in microseconds from now: seconds, or a date that is read
 * against the answer's own Date, so that a wrong clock over there does no harm, else against wall.
 * A date gone by is 0; -1 when absent or neither. */
int64_t head_retry_after(const struct head *head, int64_t wall);

/* The same of x-ratelimit-reset and its kin, which no standard defines: seconds from now, or the
 * seconds or milliseconds of a time; a day at most, -1 for what is none of it. */
int64_t head_reset(struct bytes headers, int64_t wall);

/* For how long the answer is fresh, in microseconds: max-age less Age (RFC 9111 section 4.2), else
 * Expires less Date. Never below 0; -1 when nothing is said, or no-cache or no-store. */
int64_t head_max_age(const struct head *head, int64_t wall);

/* Whether value may be kept as a validator and sent back. */
bool header_is_validator(struct bytes value);

/* Put into text what of a validator can be kept; NULL when nothing. */
const char *header_validator(struct bytes value, char text[VALIDATOR_LIMIT + 1]);

#endif
