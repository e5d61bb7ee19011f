/* json_feed.h - JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), and its looser relatives. */
#ifndef WIREROOM_FEED_JSON_FEED_H
#define WIREROOM_FEED_JSON_FEED_H

#include "feed/reader.h"

/* text is UTF-8 and begins with "{". Items are read one by one, so that memory is bounded by the
 * largest. */
int json_feed_read(struct reader *r, struct bytes text, struct error *err);

/* json_mend.c: text as JSON has it: line breaks and tabs in strings escaped, commas before an end
 * and escapes that JSON does not know left out. What is wrong otherwise stays so. */
struct bytes json_mend(struct arena *arena, struct bytes text);

#endif
