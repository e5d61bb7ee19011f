/* record_json.h - a record in the words of include/wireroom/event.schema.json. */
#ifndef WIREROOM_RECORD_RECORD_JSON_H
#define WIREROOM_RECORD_RECORD_JSON_H

#include "base/json.h"
#include "record/record.h"

/* The extra that becomes the member `posts` (and `kind` "liveblog"): a JSON array of a live blog's
 * posts. */
#define RECORD_POSTS "live.posts"

/* Write the members of an article ($defs/article of the schema) that the record itself knows into
 * the object that is open in w: uri version kind pubStatus url headline summary authors language
 * published text keywords duplicateOf ext ... What is absent is left out, but for the members the
 * schema requires. */
void record_to_json(const struct wr_record *rec, struct json_writer *w);

/* Set the fields of rec that article, a published event's data, has a member for. Unknown members
 * are passed over; members of a wrong type too. */
void record_from_json(const struct json *article, struct wr_record *rec);

#endif
