/* learned_json.h - what stages read out of a text, as members of a published article: origin,
 * entities, quotes, dates, and keywords with those that a publisher gave. */
#ifndef WIREROOM_RECORD_LEARNED_JSON_H
#define WIREROOM_RECORD_LEARNED_JSON_H

#include "base/json.h"
#include "record/record.h"

void learned_to_json(const struct wr_record *rec, struct json_writer *w);
void learned_from_json(const struct json *article, struct wr_record *rec);

/* A number from 0 to 1, with two digits; nothing when value is none. */
void json_share(struct json_writer *w, const char *member, struct bytes value);

#endif
