/* write.h - feeds and entries as JSON, in the field names of the manual's section on `wireroom
 * parse`. */
#ifndef WIREROOM_FEED_WRITE_H
#define WIREROOM_FEED_WRITE_H

#include "base/json.h"
#include "feed/feed.h"

/* arena holds what is made on the way; the caller resets it when it likes. */
void entry_write_json(struct json_writer *w, struct arena *arena, const struct entry *entry);
void feed_write_json(
    struct json_writer *w, struct arena *arena, const char *key, const struct feed *feed);

/* A body as HTML without active content, addresses absolute; text is escaped. */
struct bytes feed_body_html(struct arena *arena, const struct feed_body *body);

#endif
