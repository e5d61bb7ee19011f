/* tags.h - the tags of a feed in one text, as the store and OPML have them: between commas. */
#ifndef WIREROOM_TEXT_TAGS_H
#define WIREROOM_TEXT_TAGS_H

#include "base/str.h"

/* The next tag off the front of tags, without spaces around it, as it stands there. */
struct bytes tags_cut(struct bytes *tags);

/* A tag that stands there, as people read it. */
void tags_read(struct bytes tag, struct buf *out);

/* A name that people gave, as a tag: what would end it, or divide it into folders, has a backslash
 * before it. */
void tags_write(struct bytes name, struct buf *out);

/* Whether a tag that stands there is this name. */
bool tags_is(struct bytes tag, struct bytes name);

#endif
