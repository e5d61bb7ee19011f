/* story_json.h - what a record says of its story, as the members `story` and `topic` of a published
 * article, and as the data of a story's own event. */
#ifndef WIREROOM_RECORD_STORY_JSON_H
#define WIREROOM_RECORD_STORY_JSON_H

#include "base/json.h"
#include "record/record.h"

void story_to_json(const struct wr_record *rec, struct json_writer *w);

/* Whether it names its story as an identity, and says since when there is one, in what state. */
bool story_is_told(const struct wr_record *rec);

/* Whether an event of this type says where its members are from now on: two kinds must. */
bool story_leads_on(const struct wr_record *rec, struct bytes type);

/* The members of a story event into the object that is open. What a stage set and does not make
 * sense is left out. */
void story_event_to_json(const struct wr_record *rec, struct json_writer *w);

/* What story_to_json() wrote. */
void story_from_json(const struct json *article, struct wr_record *rec);

#endif
