/* fetch_header.h - what the header lines of an answer say, whatever they look like. */
#ifndef WIREROOM_LOOP_FETCH_HEADER_H
#define WIREROOM_LOOP_FETCH_HEADER_H

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

/* Retry-After (RFC 9110 section 10.2.3) in microseconds from now: seconds, or a date that is read
 * against the answer's own Date, so that a wrong clock over there does no harm, else against wall.
 * A date gone by is 0; -1 when absent or neither. */
int64_t header_retry_after(struct bytes headers, int64_t wall);

/* For how long the answer is fresh, in microseconds: max-age less Age (RFC 9111 section 4.2), else
 * Expires less Date. Never below 0; -1 when nothing is said, or no-cache or no-store. */
int64_t header_max_age(struct bytes headers, int64_t wall);

/* Whether value may be kept as a validator and sent back. */
bool header_is_validator(struct bytes value);

#endif
