/* report.h - a document looked at as a whole, for people: what would be read, and every oddity. */
#ifndef WIREROOM_FEED_REPORT_H
#define WIREROOM_FEED_REPORT_H

#include "feed/feed.h"

/* Entries told one by one, and most whose identities are compared. */
enum { REPORT_ENTRIES = 5, REPORT_IDENTITIES = 65536 };

/* {"feed": {...}, "encoding", "encodingFrom", "title", "entries", "newest", "oldest",
 *  "first": [{"title", "url", "id", "published"}, ...], "oddities": ["...", ...]}
 * The members of "feed" are those of feed_write_json(), "diagnoses" among them. ret_feed may be
 * NULL. Returns the code of feed_parse(); out is left alone when that is not OK. */
int feed_report(struct arena *arena, struct bytes document, const struct feed_source *source,
    struct buf *out, struct feed *ret_feed, struct error *err);

#endif
