/* opml.h - subscription lists (opml.org/spec2.opml). */
#ifndef WIREROOM_FEED_OPML_H
#define WIREROOM_FEED_OPML_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* Between the names of folders in folders, outermost first. */
#define OPML_INNER " / "

/* One subscription; category names the outlines around it, "News / UK", empty without one. */
struct opml_feed {
    struct bytes feed_url, title, link, category, tags; /* tags: the outline's category attribute */
};

/* Called for each feed in document order; strings are lent. A value other than OK ends the reading
 * with it. */
struct opml_sink {
    int (*on_feed)(void *ctx, const struct opml_feed *feed);
    void *ctx;
    int (*on_skipped)(
        void *ctx, const struct opml_feed *feed); /* the same of others; may be NULL */
};

struct opml_summary {
    size_t skipped; /* addresses that are not http(s) */
    bool complete;  /* the root element was closed; false when the document was cut */
};

/* E_FORMAT when document is no OPML. Addresses that are not http(s) are passed over. */
int opml_read(struct arena *arena, struct bytes document, const struct opml_sink *sink,
    struct opml_summary *ret_summary, struct error *err);

/* Writing: begin, any number of feeds (those of one category in a row share its outlines), end. */
enum { OPML_CATEGORY = 2048 };
struct opml_writer {
    struct buf *out;
    char category[OPML_CATEGORY]; /* open outlines, "" when none */
};

void opml_begin(struct opml_writer *w, struct buf *out, struct bytes title);
void opml_add(struct opml_writer *w, const struct opml_feed *feed);
void opml_end(struct opml_writer *w);

/* {"feeds": [{"feed_url", "title", "link", "category"}, ...], "complete": true} or {"error":
 * "..."}; "skipped" has those that are passed over, if any. */
int opml_json(struct arena *arena, struct bytes document, struct buf *out, struct error *err);

#endif
