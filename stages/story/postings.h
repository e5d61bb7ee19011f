/* postings.h - which stories spoke of a term lately. */
#ifndef STORY_POSTINGS_H
#define STORY_POSTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct postings;

struct postings *postings_new(void);
void postings_free(struct postings *postings);

/* False when the newest posting of the term is this story's already: a story of many members has
 * few postings. */
bool postings_add(struct postings *postings, uint32_t term, uint32_t story, uint32_t born);
void postings_start(struct postings *postings, uint32_t number); /* of the first, while empty */
void postings_put(struct postings *postings, uint32_t term, uint32_t story); /* as it was added */
void postings_forget(struct postings *postings, size_t count);               /* the oldest */
uint32_t postings_next(const struct postings *postings); /* the number of the one to be added */

/* At most POSTINGS_READ stories of the term, newest first, with the numbers of the postings; at
 * most as many of other terms are passed by. */
enum { POSTINGS_READ = 20 };
struct posting_hit {
    uint32_t story, number;
};
/* They will be asked for: the memory of all is fetched together. */
void postings_expect(const struct postings *postings, const uint32_t *terms, size_t count);
size_t postings_find(
    const struct postings *postings, uint32_t term, struct posting_hit ret_hits[POSTINGS_READ]);

/* Numbers go round. */
static inline bool posting_is_before(uint32_t number, uint32_t other)
{
    return (int32_t)(number - other) < 0;
}

size_t postings_bytes(const struct postings *postings);

#endif
