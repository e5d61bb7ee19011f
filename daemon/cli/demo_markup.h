/* demo_markup.h - the documents of the demo world: feeds, pages, and the list of what is true in
 * it. */
#ifndef WIREROOM_CLI_DEMO_MARKUP_H
#define WIREROOM_CLI_DEMO_MARKUP_H

#include "cli/demo_world.h"

/* Text with & < > " as entities. */
void demo_escape(struct buf *out, struct bytes text);

/* "http://chronicle.localhost:8080" */
void demo_origin(struct buf *out, const struct demo_world *world, const char *host);

/* RFC 822 as feeds write it. */
void demo_date(struct buf *out, int64_t wall);

/* A feed document, and when it last changed. */
void demo_write_feed(struct buf *out, const struct demo_world *world, const struct demo_feed *feed,
    int64_t now, int64_t *ret_changed);

/* The page of an article with all that stands around it on such pages; views is shown as the number
 * of its readers. */
void demo_write_page(struct buf *out, const struct demo_world *world,
    const struct demo_article *article, int64_t now, unsigned views);

/* The front page of an outlet, which names its feeds. */
void demo_write_front(
    struct buf *out, const struct demo_world *world, const struct outlet *outlet, int64_t now);

/* All feeds as OPML. */
void demo_write_opml(struct buf *out, const struct demo_world *world);

/* Every article as it should be read, as JSON: for tests. */
void demo_write_truth(struct buf *out, const struct demo_world *world, int64_t now);

#endif
